"""What cannot be is refused in one sentence that says what to do, and nothing is lost or half written."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.rescue.cases import ANIMAL, CARE, ago, do, let_go, planned, ready, received, seen, told

from baoton.kit.access import Denied
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.ledger import AppendOnly
from baoton.kit.writing.refusal import NotNow
from baoton.rescue.models import Animal, Care, Paper, Programme, Release

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
REFUSED = (NotNow, ValidationError)
TOMORROW = timezone.localdate() + timedelta(days=2)  # though midnight passes while the tests run


@pytest.fixture
def lan(person: Callable[[str], Any]) -> Any:
    return person("lan")


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"told_on": TOMORROW}, "chưa tới"),
        ({"found_on": ago(5), "told_on": ago(6)}, "không thể sau ngày được báo"),
        ({"written": " "}, "Ghi tên loài"),
        ({"area_path": ""}, "Cần ghi"),
    ],
)
def test_an_animal_that_cannot_be_told_of_is_refused(lan: Any, more: dict[str, Any], word: str) -> None:
    with pytest.raises(ValidationError, match=word):
        told(lan, **more)
    assert not Animal.objects.exists()


@pytest.mark.parametrize(
    ("verb", "said", "word"),
    [
        ("food", {"day": TOMORROW, "what": "x"}, "chưa tới"),
        ("food", {"day": ago(10), "what": "x"}, "trước ngày tiếp nhận"),
        ("food", {"day": ago(1)}, "Cần ghi"),
        ("die", {"died_on": TOMORROW, "cause": "x"}, "chưa tới"),
        ("die", {"died_on": ago(30), "cause": "x"}, "trước ngày tiếp nhận"),
        ("quarantine", {"quarantine_until": ago(30), "reason": "x"}, "trước ngày tiếp nhận"),
        ("transfer", {"on": ago(20), "ended_how": "x", "decided_by": "x"}, "trước ngày tiếp nhận"),
        ("dispose", {"way": "museum", "decided_by": "x", "ended_how": "x"}, "chỉ làm được từ"),
        ("part", {"reason": "x"}, "chỉ làm được từ"),
        ("release", {}, "chưa có quyết định thả"),
        ("clear", {"quarantine_ended": ago(1), "reason": "x"}, "không trong thời gian cách ly"),
        ("decide_release", {"decided_by": "Sở"}, "Cần ghi"),
        ("mistaken", {"reason": "x"}, "chỉ làm được từ"),
        ("receive", {"received_on": ago(1), "health": "healthy", "receiver": "x"}, "chỉ làm được từ"),
    ],
)
def test_what_cannot_be_done_to_an_animal_is_told_in_a_sentence(
    lan: Any, verb: str, said: dict[str, Any], word: str
) -> None:
    one = received(lan)
    with pytest.raises(REFUSED, match=word):
        do(lan, one, verb, **said)
    again = Animal.objects.get(pk=one.pk)
    assert again.revision == one.revision and not Care.objects.exists() and Paper.objects.count() == 1


def test_an_animal_is_not_taken_in_before_it_was_told_of_nor_tomorrow(lan: Any) -> None:
    one = told(lan)
    for day, word in ((ago(11), "trước ngày được báo"), (TOMORROW, "chưa tới")):
        with pytest.raises(ValidationError, match=word):
            do(lan, one, "receive", received_on=day, health="healthy", receiver="x")
    assert not Paper.objects.exists()


def test_an_animal_dead_on_arrival_is_remains_at_once_and_was_never_kept(lan: Any) -> None:
    one = received(lan, "dead")
    assert (one.status, one.died_on, one.ended) == ("dead", one.received_on, one.received_on)
    assert ANIMAL.filtered(ANIMAL.door(lan), {"kept": f"..{ago(0):%Y-%m-%d}"}).count() == 0
    with pytest.raises(NotNow, match="đã chết ngày"):
        do(lan, one, "food", day=ago(9), what="chuối")


def test_a_line_is_reversed_once_and_its_reversal_never(lan: Any) -> None:
    one = received(lan)
    do(lan, one, "food", day=ago(3), what="chuối", cost=30_000)
    line = Care.objects.get(book=one)
    with pytest.raises(ValidationError, match="Cần ghi"):
        do(lan, line, "reverse")
    do(lan, line, "reverse", reason="ghi nhầm con")
    back = Care.objects.get(reverses=line)
    assert back.cost == -30_000
    for again in (line, back):
        with pytest.raises(NotNow):
            do(lan, again, "reverse", reason="x")
    assert sum(c.cost or 0 for c in Care.objects.filter(book=one)) == 0
    with pytest.raises(Denied):
        write.edit(CARE, lan, line, {"cost": 1})
    line.refresh_from_db()
    line.cost = 1
    with pytest.raises(AppendOnly):
        line.save()


def test_an_animal_with_standing_lines_is_not_withdrawn_and_one_without_is(lan: Any) -> None:
    one = received(lan)
    do(lan, one, "food", day=ago(3), what="chuối", cost=30_000)
    with pytest.raises(NotNow, match="đảo các dòng"):
        write.withdraw(ANIMAL, lan, Animal.objects.get(pk=one.pk), "nhập hai lần")
    do(lan, Care.objects.get(book=one), "reverse", reason="nhập hai lần")
    assert write.withdraw(ANIMAL, lan, Animal.objects.get(pk=one.pk), "nhập hai lần").withdrawn is not None


def test_an_animal_lies_in_one_plan_and_quarantine_takes_it_out(lan: Any) -> None:
    one, other, plan = ready(lan), ready(lan), planned(lan)
    do(lan, one, "join", release=plan.pk)
    do(lan, other, "join", release=plan.pk)
    with pytest.raises(NotNow, match="rút khỏi đợt đó trước"):
        do(lan, one, "join", release=planned(lan).pk)
    do(lan, other, "quarantine", quarantine_until=TOMORROW, reason="tiêu chảy")
    with pytest.raises(NotNow, match="đang cách ly"):
        do(lan, other, "decide_release", decided_by="Sở", decision="2")
    for day, word in ((TOMORROW, "chưa tới"), (ago(20), "trước ngày tiếp nhận")):
        with pytest.raises(ValidationError, match=word):
            do(lan, plan, "carry_out", on=day, report="x")
    assert Release.objects.get(pk=plan.pk).status == "planned"
    do(lan, plan, "carry_out", on=ago(1), report="x")
    assert [Animal.objects.get(pk=a.pk).status for a in (one, other)] == ["released", "keeping"]
    empty = planned(lan)
    with pytest.raises(NotNow, match="chưa có con vật nào"):
        do(lan, empty, "carry_out", on=ago(1), report="x")


def test_a_plan_given_up_sets_its_animals_free_and_a_release_done_is_not_withdrawn(lan: Any) -> None:
    one, plan = ready(lan), planned(lan)
    do(lan, one, "join", release=plan.pk)
    do(lan, plan, "cancel", reason="mưa lũ")
    one.refresh_from_db()
    assert one.release_id is None and one.status == "ready"
    done = let_go(lan, one)
    with pytest.raises(NotNow, match="không rút được"):
        write.withdraw(REGISTERS["rescue.release"], lan, done, "nhầm")
    with pytest.raises(ValidationError, match="giữ nguyên"):
        write.edit(REGISTERS["rescue.point"], lan, done.points.first(), {"state": "met", "why": "x"})


def test_a_sighting_of_what_was_never_let_go_or_is_dead_is_refused(lan: Any) -> None:
    with pytest.raises(ValidationError, match="chưa được thả"):
        seen(lan, received(lan), "seen", 1)
    one = ready(lan)
    let_go(lan, one, days=5)
    with pytest.raises(ValidationError, match="trước ngày thả"):
        seen(lan, one, "seen", 6)
    seen(lan, one, "seen", 3)
    with pytest.raises(ValidationError, match="còn được thấy sống"):
        seen(lan, one, "dead", 4)
    found = seen(lan, one, "dead", 2)
    for kind, day in (("seen", 1), ("dead", 2)):
        with pytest.raises(ValidationError, match="tìm thấy chết"):
            seen(lan, one, kind, day)
    write.withdraw(REGISTERS["rescue.sighting"], lan, found, "con khác")
    one.refresh_from_db()
    assert (one.after, one.after_on) == ("alive", ago(3))


def test_a_caught_animal_gets_a_new_record_that_names_the_first(lan: Any) -> None:
    one = ready(lan)
    with pytest.raises(ValidationError, match="đã kết thúc"):
        told(lan, former=one)
    let_go(lan, one, days=5)
    seen(lan, one, "caught", 3)
    again = told(lan, former=Animal.objects.get(pk=one.pk), told_on=ago(3))
    one.refresh_from_db()
    assert again.former_id == one.pk and one.after == "caught"


def test_a_stopped_programme_and_a_touched_stop_rule_hold_the_next_release(lan: Any) -> None:
    programme = write.create(
        REGISTERS["rescue.programme"], lan,
        Programme(name="Thả khỉ vàng", taxon=told(lan).taxon, since=ago(30), area_path="12/03451"),
    )  # fmt: skip
    first, second = ready(lan), ready(lan)
    let_go(lan, first, days=8, programme=programme, stop_days=3, stop_share=90)
    seen(lan, first, "dead", 6)
    plan = planned(lan, programme=programme)
    do(lan, second, "join", release=plan.pk)
    with pytest.raises(ValidationError, match="chạm quy tắc dừng"):
        do(lan, plan, "carry_out", on=ago(1), report="x")
    do(lan, programme, "stop", reason="chết nhiều")
    with pytest.raises(NotNow, match="đã dừng"):
        do(lan, plan, "carry_out", on=ago(1), report="x", reason="x")
    do(lan, programme, "reopen", reason="đổi nơi thả")
    assert do(lan, plan, "carry_out", on=ago(1), report="x", reason="nơi thả khác").status == "done"


@pytest.mark.parametrize(("days", "share"), [(3, None), (None, 50), (0, 50), (10, 0), (10, 101)])
def test_half_a_stop_rule_is_no_rule(lan: Any, days: Any, share: Any) -> None:
    with pytest.raises(ValidationError, match="cả số ngày"):
        planned(lan, stop_days=days, stop_share=share)


@pytest.mark.parametrize(
    ("name", "verb", "said"),
    [
        ("sung", "decide_release", {"decided_by": "x", "decision": "1"}),
        ("dung", "decide_release", {"decided_by": "x", "decision": "1"}),
        ("sung", "dispose", {"way": "museum", "decided_by": "x", "ended_how": "x"}),
        ("minh", "receive", {"health": "healthy", "receiver": "x"}),
        ("thanh", "die", {"cause": "x"}),
        ("pao", "food", {"what": "x"}),
    ],
)
def test_nobody_decides_what_is_not_his(
    lan: Any, person: Callable[[str], Any], name: str, verb: str, said: Any
) -> None:
    one = received(lan)
    with pytest.raises(Denied):
        do(person(name), one, verb, **said)


def test_a_phone_says_what_is_wrong_and_a_line_sent_twice_stands_once(
    lan: Any, person: Callable[[str], Any]
) -> None:
    one, page = received(lan), Client()
    page.force_login(person("sung"))
    here = f"/cuu-ho/hom-nay/{one.pk}/food/"
    for given, word in (
        ({"what": "chuối", "cost": "-5"}, "0"), ({"what": "chuối", "cost": "ba chục"}, "số"),
        ({"what": "", "cost": ""}, "bắt buộc"), ({"what": "chuối", "day": str(TOMORROW)}, "chưa tới"),
    ):  # fmt: skip
        answer = page.post(here, {"day": str(ago(1)), **given})
        assert answer.status_code == 200 and word in answer.content.decode(), given
    assert not Care.objects.exists()
    revision = Animal.objects.get(pk=one.pk).revision
    good = {"what": "chuối", "cost": "30.000", "day": str(ago(1)), "revision": str(revision)}
    assert page.post(here, good).status_code == 302
    assert "vừa có dòng mới" in page.post(here, good).content.decode()
    assert Care.objects.get().cost == 30_000
    assert page.get(f"/cuu-ho/hom-nay/{one.pk}/withdraw/").status_code == 404
    for asked in ("1999", "9999", "x", "²"):
        assert page.get("/cuu-ho/nam/", {"nam": asked}).status_code == 404


def test_what_belongs_to_an_animal_goes_with_it_to_another_commune(
    lan: Any, person: Callable[[str], Any]
) -> None:
    one = received(lan)
    do(lan, one, "food", day=ago(1), what="chuối", cost=30_000)
    books = [REGISTERS[n] for n in ("rescue.animal", "rescue.care", "rescue.paper")]
    assert [b.door(person("pao")).rows().count() for b in books] == [0, 0, 0]
    write.edit(
        ANIMAL, lan, Animal.objects.get(pk=one.pk), {"area_path": person("pao").organisation.area_path}
    )
    assert [b.door(person("pao")).rows().count() for b in books] == [1, 1, 1]
    assert [b.door(person("sung")).rows().count() for b in books] == [0, 0, 0]


def test_the_page_of_today_costs_as_many_questions_for_many_animals_as_for_two(
    lan: Any, person: Callable[[str], Any]
) -> None:
    page, counts = Client(), []
    page.force_login(person("sung"))
    for many in (2, 20):
        for _n in range(many):
            received(lan)
        with CaptureQueriesContext(connection) as asked:
            assert page.get("/cuu-ho/hom-nay/").status_code == 200
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 2
