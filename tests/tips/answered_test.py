"""A tip from its first word to its answer: who it goes to, what comes of it, and what its sender may read."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from baoton.kit.access import Public, System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import clock, write
from baoton.kit.writing.refusal import NotNow
from baoton.patrols.models import Patrol
from baoton.people.models import Duty, Person
from baoton.tips import actions
from baoton.tips.models import Sender, Tip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
MU_CA, TA_TONG = "12/03451", "12/03466"
BOOK = REGISTERS["tips.tip"]


@pytest.fixture
def dung(person: Callable[[str], Any]) -> Any:
    return person("dung")


def duty(who: str, area: str = MU_CA, days: int = 7) -> Duty:
    today = timezone.localdate()
    row = Duty(
        person=Person.objects.get(username=who),
        area_path=area,
        since=today,
        until=today + timedelta(days=days),
    )
    made: Duty = write.create(REGISTERS["people.duty"], System(), row)
    return made


def told(
    key: str = "k1", contact: str = "", at: tuple[float, float] | None = None, **more: Any
) -> tuple[Tip, str]:
    values = {"kind": "snare", "what": "Dây phanh trên đường lên rẫy", "area_path": MU_CA} | more
    tip = Tip(**values)
    if at:
        tip.put_point(*at)
    return actions.receive(tip, key, contact=contact)


def test_it_goes_to_who_is_on_duty_in_its_commune(dung: Any) -> None:
    duty("dung")
    tip, code = told()
    assert tip.officer == dung and tip.routed == Tip.Routed.DUTY
    assert tip.organisation == dung.organisation_id
    assert len(code.replace("-", "")) == 12 and not set(code) & set("OI01L")


def test_the_narrowest_roster_comes_first_and_a_past_one_is_nobody(dung: Any) -> None:
    duty("lan", "12")
    mine = duty("dung")
    assert told("a")[0].officer == dung
    write.withdraw(REGISTERS["people.duty"], System(), mine, "đổi trực")
    tip = told("b")[0]
    assert tip.officer.username == "lan" and tip.routed == Tip.Routed.PROVINCE_DUTY


def test_where_nobody_is_on_duty_the_provinces_officer_has_it_and_the_page_says_why() -> None:
    tip = told()[0]
    assert tip.routed == Tip.Routed.OFFICER and tip.officer is not None
    from baoton.tips.queries import beside

    assert "vì không ai trực" in beside(System(), tip)["why"]


def test_a_tip_from_outside_the_province_is_taken_and_says_so() -> None:
    tip = told(area_path="", at=(105.85, 21.03))[0]
    assert tip.outside and tip.area_path == "12"
    assert told("elsewhere", area_path="")[0].found == Tip.Found.NONE


def test_the_same_form_twice_is_one_tip_with_one_code() -> None:
    first, second = told(), told()
    assert first == second and Tip.objects.count() == 1
    assert told("k2")[1] != first[1]


def test_the_code_opens_the_tip_however_it_is_typed_and_no_other_does() -> None:
    tip, code = told()
    assert actions.find(code) == actions.find(code.lower().replace("-", " ")) == tip
    for wrong in ("", "x", code[:-1], code[:-1] + ("2" if code[-1] != "2" else "3"), "é" * 9000, "\0"):
        assert actions.find(wrong) is None
    assert code.replace("-", "") not in str(list(tip.receipt.__class__.objects.values_list()))


def test_one_click_plans_a_patrol_where_the_tip_is(dung: Any) -> None:
    tip = told(at=(102.41, 22.405))[0]
    done = write.act(BOOK, dung, tip, "patrol")
    plan = Patrol.objects.get(pk=done.patrol_id)
    assert (plan.lon, plan.status) == (tip.lon, "planned") and plan.area_path == tip.area_path
    assert done.answer and done.answered == timezone.localdate() and done.hours is not None
    with pytest.raises(NotNow):
        write.act(BOOK, dung, done, "nothing", {"answer": "x"})


def test_an_outcome_without_a_word_for_the_sender_is_refused(dung: Any) -> None:
    tip = told()[0]
    with pytest.raises(ValidationError):
        write.act(BOOK, dung, tip, "nothing")
    with pytest.raises(ValidationError):
        actions.made_case(dung, tip, "VV-01", "")
    assert actions.made_case(dung, tip, "VV-01", "Đã lập vụ việc").status == "case"


def test_a_body_it_is_handed_to_reads_it_and_its_place(person: Callable[[str], Any], dung: Any) -> None:
    tip = told(at=(102.41, 22.405))[0]
    minh = person("minh")
    before = BOOK.door(minh).open(BOOK.door(minh).rows().filter(pk=tip.pk)).first()
    assert before is None or not before.door_precise
    write.act(BOOK, dung, tip, "hand", {"handed_to": minh.organisation_id, "answer": "Đã chuyển công an"})
    assert BOOK.get(person("minh"), tip.pk).door_precise


def test_no_term_is_invented_and_an_animal_has_the_communes_clocks(dung: Any) -> None:
    assert told()[0].due is None
    tip = told("animal", kind="animal", what="Khỉ gãy chân ở đầu bản")[0]
    assert tip.rescue and tip.due is not None
    assert clock.opened(tip.pk, actions.outcomes.RECEIVE).days == 1  # type: ignore[union-attr]
    write.act(BOOK, dung, tip, "receive")
    assert clock.opened(tip.pk, actions.outcomes.RECEIVE) is None
    assert clock.opened(tip.pk, actions.outcomes.NOTICE).days == 5  # type: ignore[union-attr]


def test_the_place_is_told_to_its_body_and_duty_alone(person: Callable[[str], Any]) -> None:
    duty("dung")
    tip = told(at=(102.41, 22.405))[0]
    assert BOOK.get(person("dung"), tip.pk).door_precise
    assert not BOOK.door(Public()).rows().exists()
    for name in ("minh", "thu", "hoa"):
        row = BOOK.door(person(name)).open(BOOK.door(person(name)).rows()).first()
        assert row is None or (not row.door_precise and row.what == "" and row.geom is None)


def test_who_sent_it_is_known_to_its_officer_and_to_whoever_has_the_right(
    person: Callable[[str], Any],
) -> None:
    duty("pao", TA_TONG)
    tip = told(area_path=TA_TONG, contact="0912345678")[0]
    book = REGISTERS["tips.sender"]
    assert book.get(person("pao"), tip.sender.pk).contact == "0912345678"
    for name in ("sung", "minh", "thu", "hoa"):
        with pytest.raises(Sender.DoesNotExist):
            book.get(person(name), tip.sender.pk)


def test_a_commune_types_what_it_heard_though_another_body_answers(person: Callable[[str], Any]) -> None:
    duty("dung")
    sung = person("sung")
    made = write.create(
        BOOK, sung, Tip(kind="sale", what="Có người bán nhím", channel="meeting", area_path=MU_CA)
    )
    assert made.officer.username == "dung" and BOOK.get(sung, made.pk).what
    with pytest.raises(PermissionDenied):
        write.create(BOOK, person("hoa"), Tip(kind="sale", what="x", area_path=MU_CA))


def test_a_duty_ends_after_it_began(dung: Any) -> None:
    row = Duty(person=dung, area_path=MU_CA, since=date(2026, 5, 2), until=date(2026, 5, 1))
    with pytest.raises(ValidationError):
        write.create(REGISTERS["people.duty"], System(), row)


def test_the_median_is_that_of_a_table_of_ranks() -> None:
    """Ranks of the 95 % interval of a median (Conover 1999, table A3): 2 and 9 of ten, 6 and 15 of twenty."""
    from baoton.tips.queries import typical

    assert [typical(range(1, n + 1)).low for n in (5, 6, 10, 20)] == [None, 1, 2, 6]
    assert (typical(range(1, 11)).median, typical(range(1, 21)).high) == (5.5, 15)
    assert typical([]).median is None


def test_the_simulated_year_tells_its_own_truth(person: Callable[[str], Any]) -> None:
    import numpy as np

    from baoton.tips.queries import figures
    from baoton.tips.simulate import simulate

    truth: dict[str, Any] = {}
    simulate(np.random.default_rng(9), 2026, date(2026, 11, 15), truth)
    told = figures(person("lan"), date(2026, 1, 1), date(2026, 12, 31))
    hours = sorted(x["hours"] for x in truth["tips"] if x["hours"] is not None)
    whole = told["all"][0]
    assert whole.tips == 25 == sum(x.tips for x in told["months"]) == sum(x.tips for x in told["areas"])
    assert whole.hours.n == len(hours) and whole.hours.median == pytest.approx(float(np.median(hours)))
    assert len(truth["books"]["tips.answered"]) == whole.answered > 10
    assert 0 < len(truth["books"]["tips.in_time"]) <= whole.answered


def test_the_roster_of_a_month_says_who_answers_today_and_where_nobody_does(
    person: Callable[[str], Any],
) -> None:
    from django.test import Client

    duty("dung", days=0)
    browser = Client()
    browser.force_login(person("dung"))
    page = browser.get("/truc/lich/").content.decode()
    assert "Hôm nay trực" in page and "Chưa ai trực" in page and str(person("dung")) in page
    assert browser.get("/truc/lich/?thang=xx").status_code == 404
    browser.force_login(person("hoa"))
    assert browser.get("/truc/lich/").status_code == 403


def test_a_tip_waits_on_the_first_page_of_its_officer_until_it_is_answered(
    person: Callable[[str], Any],
) -> None:
    from django.test import Client

    duty("dung")
    tip = told()[0]
    browser = Client()
    browser.force_login(person("dung"))
    assert "Tin báo chờ bạn trả lời" in browser.get("/").content.decode()
    assert browser.get("/tin-bao/so-lieu/").status_code == 200
    page = browser.get(BOOK.url(tip)).content.decode()
    assert "không tự đặt hạn" in page and f"Giao cho {person('dung')}: người trực của xã" in page
    write.act(BOOK, person("dung"), tip, "nothing", {"answer": "Đã đến xem"})
    assert "Tin báo chờ bạn trả lời" not in browser.get("/").content.decode()


def test_the_letter_to_the_officer_says_neither_place_nor_sender(
    dung: Any, django_capture_on_commit_callbacks: Any, mailoutbox: list[Any]
) -> None:
    duty("dung")
    Person.objects.filter(pk=dung.pk).update(email="dung@example.vn")
    with django_capture_on_commit_callbacks(execute=True):
        told(contact="0912345678", locality="suối Nậm Ma", at=(102.41, 22.405))
    letter = mailoutbox[0]
    assert letter.to == ["dung@example.vn"] and "/so/tips-tip/" in letter.body
    assert not any(word in letter.body for word in ("0912345678", "Nậm Ma", "102.4", "rẫy"))


def test_a_duty_entered_by_another_body_belongs_to_the_body_of_who_holds_it(
    dung: Any, person: Callable[[str], Any]
) -> None:
    today = timezone.localdate()
    row = Duty(person=dung, area_path=MU_CA, since=today, until=today)
    made = write.create(REGISTERS["people.duty"], person("lan"), row)
    assert made.organisation == "kiem_lam"
