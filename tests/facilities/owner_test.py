"""The owner's own page: what he sees first, what his buttons write, what he may take back."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.facilities.cases import MU_CA, SYSTEM, act, book, facility, stock
from tests.facilities.pages_test import signed_in

from baoton.facilities.actions import accounts
from baoton.facilities.models import Code, Entry, Facility, Finding, Inspection, Owner, Stock, Transfer
from baoton.facilities.queries import balances_on
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
TODAY = timezone.localdate()


def kept_by(
    name: str, who: str, form: str = "breeding", species: str = "Paradoxurus hermaphroditus"
) -> Stock:
    """A book of an owner with an account, opened with four."""
    kind = {"breeding": "breeding", "planting": "planting", "ordinary": "ordinary"}[form]
    mine = write.create(book("owner"), SYSTEM, Owner(name=f"Chủ {name}", kind="household", area_path=MU_CA))
    held = stock(facility(name, kind=kind, owner=mine), species, form)
    first = {"breeding": "dam", "planting": "seedling", "ordinary": "female"}[form]
    act("stock", held, "opening", kind=first, amount=4, note="kiểm đếm")
    accounts.open_account(SYSTEM, Facility.objects.get(pk=held.facility_id), who)
    return Stock.objects.select_related("facility").get(pk=held.pk)


def account_of(held: Stock) -> Any:
    return Person.objects.get(organisation=Facility.objects.get(pk=held.facility_id).organisation)


def at_home(held: Stock) -> Client:
    browser = Client()
    browser.force_login(account_of(held))
    return browser


def coded(held: Stock, text: str) -> None:
    Code.objects.create(facility=held.facility, text=text, group="IIB", since=date(2026, 1, 6))
    Facility.objects.filter(pk=held.facility_id).update(code=text)


def press(browser: Client, held: Stock, verb: str, **said: Any) -> Any:
    """A button pressed and its form sent as the page gave it."""
    address = f"/co-so-cua-toi/{held.pk}/{verb}/"
    shown = browser.get(address)
    assert shown.status_code == 200, shown.status_code
    return browser.post(
        address, {"revision": shown.context["revision"], "day": TODAY.isoformat(), **said}, follow=True
    )


def test_an_owner_comes_first_to_his_books_with_what_each_class_holds() -> None:
    mine, other = kept_by("Trại Nậm Kè", "Vàng A Pao"), kept_by("Trại khác", "Lò Thị Mai")
    page = at_home(mine).get("/", follow=True)
    text = page.content.decode()
    assert page.redirect_chain[-1][0] == "/co-so-cua-toi/"
    assert "Trại Nậm Kè" in text and "Trại khác" not in text and "<b>4</b>" in text
    for word in ("Sinh", "Chết", "Bán", "Mua", "Chuyển"):
        assert f">{word}</a>" in text
    assert at_home(mine).get(f"/co-so-cua-toi/{other.pk}/born/").status_code == 404
    assert signed_in("dung").get("/").status_code == 200, "a ranger's first page is his own"
    assert signed_in("sung").get("/co-so-cua-toi/").status_code == 403


def test_what_happened_is_a_line_and_the_page_says_what_is_left() -> None:
    mine = kept_by("Trại Nậm Kè", "Vàng A Pao")
    browser = at_home(mine)
    told = press(browser, mine, "born", kind="unsexed", amount="3").content.decode()
    assert "Đã ghi: sinh 3 chưa rõ giới tính. Sổ còn 7 con." in told
    told = press(browser, mine, "sold", kind="dam", amount="1", partner="ông Sùng A Tủa").content.decode()
    assert "Sổ còn 6 con" in told and balances_on(mine) == {"dam": 3, "unsexed": 3}


def test_nothing_is_born_as_a_breeder_but_breeders_can_be_bought() -> None:
    mine = kept_by("Trại Nậm Kè", "Vàng A Pao")
    browser = at_home(mine)
    asked = {v: browser.get(f"/co-so-cua-toi/{mine.pk}/{v}/").content.decode() for v in ("born", "bought")}
    assert 'value="dam"' not in asked["born"] and 'value="unsexed"' in asked["born"]
    assert 'value="dam"' in asked["bought"]


def test_what_cannot_be_is_said_beside_the_box_and_nothing_is_written() -> None:
    mine = kept_by("Trại Nậm Kè", "Vàng A Pao")
    browser = at_home(mine)
    for verb, said, why in (
        ("sold", {"kind": "dam", "amount": "9", "partner": "x"}, "sẽ thiếu 5"),
        ("died", {"kind": "dam", "amount": "1"}, "biên bản"),
        ("born", {"kind": "unsexed", "amount": "0"}, "nhỏ hơn 1"),
        ("born", {"kind": "mother", "amount": "1"}, "không có lớp"),
        ("born", {"amount": "1"}, "bắt buộc"),
        ("born", {"kind": "unsexed", "amount": "1", "day": (TODAY + timedelta(2)).isoformat()}, "chưa tới"),
        (
            "give",
            {"kind": "dam", "amount": "1", "code": "IIB-LCH-9999", "paper": "BB"},
            "Không có cơ sở mang mã số",
        ),
    ):
        told = press(browser, mine, verb, **said).content.decode()
        assert why in told, (verb, said, re.findall(r"(?:errorlist|message error).*?</[up]", told))
    assert Entry.objects.filter(book=mine).count() == 1


def test_a_double_tap_writes_one_line() -> None:
    mine = kept_by("Trại Nậm Kè", "Vàng A Pao")
    browser = at_home(mine)
    address = f"/co-so-cua-toi/{mine.pk}/born/"
    said = {
        "revision": browser.get(address).context["revision"],
        "day": TODAY.isoformat(), "kind": "unsexed", "amount": "2",
    }  # fmt: skip
    browser.post(address, said)
    told = browser.post(address, said).content.decode()
    assert "có thể là chính dòng này" in told and balances_on(mine)["unsexed"] == 2


def test_a_planting_book_has_its_own_words_and_planting_moves_seedlings_to_plants() -> None:
    mine = kept_by("Vườn Nậm Kè", "Vàng A Pao", "planting", "Panax vietnamensis")
    browser = at_home(mine)
    text = browser.get("/co-so-cua-toi/").content.decode()
    assert ">Gieo, nhân giống</a>" in text and ">Trồng</a>" in text and ">Sinh</a>" not in text
    shown = browser.get(f"/co-so-cua-toi/{mine.pk}/grew/").context["form"]
    assert (shown["kind"].value(), shown["into"].value()) == ("seedling", "plant")
    press(browser, mine, "grew", kind="seedling", into="plant", amount="3")
    assert balances_on(mine) == {"seedling": 1, "plant": 3}


def test_ordinary_animals_bear_no_code_and_are_given_to_nobody_by_code() -> None:
    mine = kept_by("Trại nhím", "Vàng A Pao", "ordinary", "Hystrix brachyura")
    text = at_home(mine).get("/co-so-cua-toi/").content.decode()
    assert ">Bán</a>" in text and ">Chuyển</a>" not in text
    assert at_home(mine).get(f"/co-so-cua-toi/{mine.pk}/give/").status_code == 404


def test_a_delivery_waits_on_top_until_he_answers_and_the_giver_hears_of_a_refusal() -> None:
    mine, theirs = kept_by("Trại Nậm Kè", "Vàng A Pao"), kept_by("Trại Tà Tổng", "Lò Thị Mai")
    coded(mine, "IIB-LCH-9001")
    coded(theirs, "IIB-LCH-9002")
    giver, receiver = at_home(mine), at_home(theirs)
    for n in (1, 2):
        press(giver, mine, "give", kind="dam", amount=str(n), code="IIB-LCH-9002", paper="BBBG 1")
    text = receiver.get("/co-so-cua-toi/").content.decode()
    assert text.index("chờ bạn trả lời") < text.index("Tổng số") and "IIB-LCH-9001" in text
    first, second = Transfer.objects.order_by("id")
    back = {"next": "/co-so-cua-toi/", "wrong": "/co-so-cua-toi/"}
    receiver.post(f"{book('transfer').url(first)}lam/accept/", back)
    receiver.post(
        f"{book('transfer').url(second)}lam/dispute/", back | {"dispute-answer": "chỉ nhận được một con"}
    )
    assert balances_on(theirs) == {"dam": 5}
    assert "chờ bạn trả lời" not in receiver.get("/co-so-cua-toi/").content.decode()
    assert "chỉ nhận được một con" in giver.get("/co-so-cua-toi/").content.decode()


def test_he_takes_a_wrong_line_back_with_a_reason_while_nobody_counts_on_it() -> None:
    mine = kept_by("Trại Nậm Kè", "Vàng A Pao")
    browser, actor = at_home(mine), account_of(mine)
    press(browser, mine, "born", kind="unsexed", amount="30")
    line = Entry.objects.get(movement="born")
    text = browser.get("/co-so-cua-toi/").content.decode()
    assert text.count("Ghi nhầm?") == 2, "the opening and the birth, both of today"
    said = {"reverse-reason": "thừa số 0", "next": "/co-so-cua-toi/", "wrong": "/co-so-cua-toi/"}
    browser.post(f"{book('entry').url(line)}lam/reverse/", said)
    assert balances_on(mine) == {"dam": 4}
    assert Entry.objects.get(movement="reversed").note == "thừa số 0"
    assert "không tính nữa" in browser.get("/co-so-cua-toi/").content.decode()
    press(browser, mine, "born", kind="unsexed", amount="3")
    line = Entry.objects.filter(movement="born").latest("position")
    Entry.objects.filter(pk=line.pk).update(entered=TODAY - timedelta(4))
    with pytest.raises(NotNow, match="quá 3 ngày"):
        act("entry", line, "reverse", actor, reason="nhầm")
    Entry.objects.filter(pk=line.pk).update(entered=TODAY, verified_on=TODAY)
    with pytest.raises(NotNow, match="đã xác nhận"):
        act("entry", line, "reverse", actor, reason="nhầm")
    Entry.objects.filter(pk=line.pk).update(verified_on=None)
    visit = Inspection.objects.create(facility=mine.facility, kind="planned", day=TODAY, status="started")
    with pytest.raises(NotNow, match="Đoàn đang kiểm tra"):
        act("entry", line, "reverse", actor, reason="nhầm")
    assert browser.get("/co-so-cua-toi/").content.decode().count("Ghi nhầm?") == 0
    Inspection.objects.filter(pk=visit.pk).update(status="finished")
    assert act("entry", line, "reverse", actor, reason="nhầm").pk == line.pk


def test_he_sees_what_a_finished_visit_found_at_his_place_and_no_visit_to_come() -> None:
    mine, other = kept_by("Trại Nậm Kè", "Vàng A Pao"), kept_by("Trại khác", "Lò Thị Mai")
    for held, status in ((mine, "finished"), (mine, "planned"), (other, "finished")):
        visit = write.create(
            book("inspection"),
            SYSTEM,
            Inspection(
                facility=held.facility, kind="unannounced", day=TODAY, why="nghi", organisation="kiem_lam"
            ),
        )
        Inspection.objects.filter(pk=visit.pk).update(status=status)
        visit.refresh_from_db()
        write.create(book("finding"), SYSTEM, Finding(inspection=visit, what=f"tồn tại {status}", due=TODAY))
    actor = account_of(mine)
    assert book("finding").door(actor).rows().count() == 1
    assert [v.status for v in book("inspection").door(actor).rows()] == ["finished"]
    page = at_home(mine).get("/co-so-cua-toi/").content.decode()
    assert "Tồn tại phải khắc phục</a> (1)" in page
    ranger = Person.objects.create(username="xa_khac", organisation_id="kiem_lam")
    assert book("finding").door(ranger).rows().count() == 0


def test_the_page_reads_in_english_too() -> None:
    mine = kept_by("Trại Nậm Kè", "Vàng A Pao")
    browser = at_home(mine)
    browser.cookies["django_language"] = "en"
    text = browser.get("/co-so-cua-toi/").content.decode()
    assert ">Born</a>" in text and ">Died</a>" in text and "Tổng số" not in text
