"""A marked animal follows the lines of its book: through classes, out of it, and back when a line is taken back."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests.facilities.books_test import DAY, coded, refused
from tests.facilities.cases import TA_TONG, act, book, facility, stock
from tests.facilities.pages_test import signed_in

from baoton.facilities.models import Entry, Individual, Mark, Stock
from baoton.facilities.queries import balances_on
from baoton.kit.models import AuditEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
LATER = DAY + timedelta(30)


def marked(at: Stock, number: str = "900 164-001", kind: str = "dam", mark_kind: str = "chip") -> Individual:
    act("stock", at, "mark", day=DAY, kind=kind, mark_kind=mark_kind, mark=number)
    return Individual.objects.get(mark=number)


def last(at: Stock, **more: object) -> Entry:
    return Entry.objects.filter(book=at, reverses__isnull=True, **more).latest("position")


@pytest.mark.parametrize(("how", "paper"), [("died", "BB 3"), ("sold", "HĐ 4"), ("lost", "")])
def test_reversing_the_line_that_ended_an_animal_brings_it_and_its_mark_back(
    civets: Stock,
    how: str,
    paper: str,
) -> None:
    one = act("individual", marked(civets), "end", ended_on=LATER, ended_how=how, paper=paper)
    assert (one.status, Mark.objects.get().until) == ("ended", LATER)
    act("entry", last(civets), "reverse", reason="ghi nhầm con khác")
    one = Individual.objects.get()
    assert (one.status, one.ended_on, one.ended_how, Mark.objects.get().until) == ("here", None, "", None)
    assert balances_on(civets.pk)["dam"] == 4
    told = AuditEvent.objects.filter(object_id=one.pk).latest("pk")
    assert told.new["status"] == "here" and told.note == "ghi nhầm con khác"
    again = act("individual", one, "end", ended_on=LATER, ended_how=how, paper=paper)
    assert again.status == "ended" and Mark.objects.get().until == LATER


def test_a_mark_that_was_changed_comes_back_as_the_one_last_borne(civets: Stock) -> None:
    one = act(
        "individual", marked(civets), "remark", day=DAY, mark_kind="ring", mark="V 7", reason="chip hỏng"
    )
    act("individual", one, "end", ended_on=LATER, ended_how="lost")
    act("entry", last(civets), "reverse", reason="đã tìm thấy")
    assert sorted(Mark.objects.values_list("mark", "until")) == [("900 164-001", DAY), ("V 7", None)]


def test_a_marked_animal_is_taken_for_breeding_and_back(civets: Stock) -> None:
    act("stock", civets, "born", day=DAY, kind="unsexed", amount=1)
    one = act("individual", marked(civets, "T1", "unsexed"), "grew", day=LATER, into="sire")
    assert (one.kind, balances_on(civets.pk)) == ("sire", {"sire": 3, "dam": 4})
    line = last(civets)
    assert (line.movement, line.note) == ("grew", "dấu: chip điện tử T1")
    act("entry", line, "reverse", reason="nhầm lớp")
    assert (Individual.objects.get().kind, balances_on(civets.pk)) == (
        "unsexed",
        {"sire": 2, "dam": 4, "unsexed": 1},
    )


def test_lines_about_one_animal_are_taken_back_from_the_last(civets: Stock) -> None:
    one = act("individual", marked(civets), "grew", day=DAY, into="female")
    act("individual", one, "end", ended_on=LATER, ended_how="sold", partner="ông Tủa")
    grew = Entry.objects.filter(book=civets, movement="grew").first()
    refused("còn dòng ngày 01/04/2026; đảo dòng đó trước", "entry", grew, "reverse", reason="nhầm")
    act("entry", last(civets), "reverse", reason="nhầm")
    act("entry", grew, "reverse", reason="nhầm")
    one = Individual.objects.get()
    assert (one.status, one.kind) == ("here", "dam")


def test_a_sale_before_the_animal_moved_on_is_not_taken_back_from_under_it(civets: Stock) -> None:
    far = stock(coded(facility("Trại Tà Tổng", area=TA_TONG)))
    one = act("individual", marked(civets), "grew", day=DAY, into="female")
    act("individual", one, "move", day=LATER, code="IIB-LCH-0007", paper="BK 1")
    for line in Entry.objects.filter(book=civets, movement="grew"):
        refused("đảo dòng đó trước", "entry", line, "reverse", reason="nhầm")
    assert Individual.objects.get().stock_id == far.pk and balances_on(far.pk) == {"female": 1}


@pytest.mark.parametrize("verb", ["move", "grew", "end", "remark"])
@pytest.mark.parametrize(("day", "why"), [
    (timezone.localdate() + timedelta(2), "chưa tới"),
    (DAY - timedelta(1), "mang dấu từ 02/03/2026"),
    (DAY + timedelta(1), "Dòng sổ cuối"),
])  # fmt: skip
def test_nothing_befalls_an_animal_in_the_future_or_before_what_is_known_of_it(
    civets: Stock,
    verb: str,
    day: date,
    why: str,
) -> None:
    stock(coded(facility("Trại Tà Tổng", area=TA_TONG)))
    one = act("individual", marked(civets), "grew", day=DAY + timedelta(2), into="female")
    said = {"move": {"day": day, "code": "IIB-LCH-0007", "paper": "x"}, "grew": {"day": day, "into": "dam"},
            "end": {"ended_on": day, "ended_how": "lost"},
            "remark": {"day": day, "mark_kind": "ring", "mark": "N1", "reason": "hỏng"}}[verb]  # fmt: skip
    refused(why, "individual", one, verb, **said)
    assert Individual.objects.get().revision == one.revision


def test_a_listed_animal_that_died_wants_its_minute_with_or_without_a_mark(civets: Stock) -> None:
    refused("phải có biên bản", "individual", marked(civets), "end", ended_on=LATER, ended_how="died")


@pytest.mark.parametrize(("written", "why"), [
    ("", "số dấu"), ("---", "Ghi số dấu"), ("9.00164E+14", "Excel làm tròn"), ("A;B", "ký tự “;”"),
    ("A·B", "ký tự “·”"), ("<b>", "ký tự “<”"), ("x" * 61, "nhiều nhất 60"),
])  # fmt: skip
def test_what_cannot_be_a_mark_is_said_in_one_sentence(civets: Stock, written: str, why: str) -> None:
    refused(why, "stock", civets, "mark", day=DAY, kind="dam", mark_kind="chip", mark=written)
    assert not Individual.objects.exists()


@pytest.mark.parametrize("again", [
    "900164001", "900 164 001", "900-164.001", "９００１６４００１", " 900\u00a0164-001 ", "900/164/001",
])  # fmt: skip
def test_one_mark_however_it_is_typed_is_one_mark(civets: Stock, again: str) -> None:
    marked(civets)
    refused("đã dùng cho cá thể", "stock", civets, "mark", day=DAY, kind="dam", mark_kind="ring", mark=again)


@pytest.mark.parametrize(("typed", "found"), [
    ("900164001", 1), ("900 164", 2), ("９００１６４００２", 1), ("v7", 1), ("V-7", 1), ("164001", 0), ("---", 0),
    ("%", 0), ("900164001Z", 0),
])  # fmt: skip
def test_a_mark_is_found_by_how_it_begins(civets: Stock, typed: str, found: int) -> None:
    marked(civets)
    marked(civets, "900164002", "sire")
    marked(civets, "V.7", "dam", "ring")
    answer = signed_in("dung").get(book("individual").url(), {"q": typed}).content.decode()
    assert answer.count("chip điện tử") + answer.count("vòng chân") == found, answer
    assert "số dấu, từ chữ đầu" in answer
