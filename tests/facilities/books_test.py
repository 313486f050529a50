"""A book only grows, never falls below nothing on any day, and every animal in it is somewhere once."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from openpyxl import load_workbook
from tests.facilities.cases import SYSTEM, TA_TONG, act, book, facility, stock

from baoton.facilities.models import Entry, Individual, Mark, Stock, Transfer
from baoton.facilities.papers.book_sheet import workbook
from baoton.facilities.queries import balances_on
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.people.actions import give
from baoton.people.models import Person
from baoton.plan import figures
from baoton.plan.queries import values

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
DAY = date(2026, 3, 2)


def refused(part: str, *args: object, **said: object) -> None:
    with pytest.raises((NotNow, ValidationError)) as told:
        act(*args, **said)  # type: ignore[arg-type]
    words = " ".join(told.value.messages) if isinstance(told.value, ValidationError) else str(told.value)
    assert part in words, words


def test_a_balance_is_the_sum_of_its_lines_by_class_on_any_day(civets: Stock) -> None:
    act("stock", civets, "born", day=DAY, kind="unsexed", amount=6)
    act("stock", civets, "died", day=DAY + timedelta(10), kind="unsexed", amount=1, paper="BB 02")
    act("stock", civets, "grew", day=DAY + timedelta(90), kind="unsexed", amount=2, into="dam")
    assert balances_on(civets.pk, DAY) == {"sire": 2, "dam": 4, "unsexed": 6}
    assert balances_on(civets.pk) == {"sire": 2, "dam": 6, "unsexed": 3}
    assert Stock.objects.get(pk=civets.pk).balance == 11


def test_a_backdated_line_that_would_empty_a_later_day_is_refused_with_day_and_class(civets: Stock) -> None:
    act("stock", civets, "sold", day=date(2026, 5, 4), kind="dam", amount=3, partner="ông Lò Văn Páo")
    refused("02/03/2026", "stock", civets, "sold", day=DAY, kind="dam", amount=5, partner="x")
    refused(
        "04/05/2026 lớp “bố mẹ: cái” sẽ thiếu 1",
        "stock",
        civets,
        "sold",
        day=DAY,
        kind="dam",
        amount=2,
        partner="x",
    )
    assert Stock.objects.get(pk=civets.pk).balance == 3


def test_it_refuses_a_future_day_and_one_before_the_book_began(civets: Stock) -> None:
    refused(
        "chưa tới", "stock", civets, "born", day=timezone.localdate() + timedelta(1), kind="unsexed", amount=1
    )
    refused("Sổ mở ngày 05/01/2026", "stock", civets, "born", day=date(2026, 1, 4), kind="unsexed", amount=1)


def test_it_refuses_a_class_the_form_does_not_have(civets: Stock) -> None:
    refused("không có lớp “cây giống”", "stock", civets, "born", day=DAY, kind="seedling", amount=1)


def test_a_wrong_line_is_reversed_once_and_stays(civets: Stock) -> None:
    act("stock", civets, "born", day=DAY, kind="unsexed", amount=6)
    line = Entry.objects.get(book=civets, movement="born")
    act("entry", line, "reverse", reason="ghi nhầm con của ổ khác")
    assert balances_on(civets.pk) == {"sire": 2, "dam": 4}
    assert Entry.objects.filter(book=civets).count() == 4
    refused("đã được đảo", "entry", line, "reverse", reason="lần nữa")


def test_a_change_of_class_is_reversed_with_both_its_sides(civets: Stock) -> None:
    act("stock", civets, "born", day=DAY, kind="unsexed", amount=6)
    act("stock", civets, "grew", day=DAY, kind="unsexed", amount=2, into="dam")
    act("stock", civets, "grew", day=DAY, kind="unsexed", amount=2, into="male")
    for kind, left in (
        ("male", {"sire": 2, "dam": 6, "unsexed": 4}),
        ("dam", {"sire": 2, "dam": 4, "unsexed": 6}),
    ):
        line = Entry.objects.get(book=civets, movement="grew", kind=kind, amount__gt=0)
        act("entry", line, "reverse", reason="nhầm lớp")
        assert balances_on(civets.pk) == left


def test_a_reversed_line_counts_in_no_figure(civets: Stock, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        act("stock", civets, "born", day=DAY, kind="unsexed", amount=6)
    figures.compute([2026])
    assert values(2026)["facilities.born"].value == 6
    with django_capture_on_commit_callbacks(execute=True):
        act("entry", Entry.objects.get(book=civets, movement="born"), "reverse", reason="nhầm")
    assert values(2026)["facilities.born"].value in (None, 0)
    assert figures.differences() == []


def test_what_a_receiver_does_not_take_is_the_givers_again(civets: Stock) -> None:
    far = stock(coded(facility("Trại Tà Tổng", area=TA_TONG)))
    act("stock", civets, "give", day=DAY, code=far.facility.code, kind="dam", amount=2, paper="BK 5")
    waiting = act("transfer", Transfer.objects.get(), "dispute", answer="không nhận được con nào")
    act("transfer", waiting, "take_back", reason="chưa giao")
    assert (balances_on(civets.pk)["dam"], balances_on(far.pk)) == (4, {})
    refused("chỉ làm được từ", "transfer", waiting, "accept")


def test_a_book_with_lines_keeps_its_facility_species_and_form(civets: Stock) -> None:
    with pytest.raises(ValidationError, match="không đổi cơ sở, loài hay mẫu sổ"):
        write.edit(book("stock"), SYSTEM, civets, {"form": "planting"})
    with pytest.raises(ValidationError, match="có dòng trước ngày này"):
        write.edit(book("stock"), SYSTEM, civets, {"since": date(2026, 2, 1)})


def test_a_reversal_that_would_leave_less_than_nothing_is_refused(civets: Stock) -> None:
    act("stock", civets, "born", day=DAY, kind="unsexed", amount=6)
    act("stock", civets, "sold", day=DAY + timedelta(200), kind="unsexed", amount=5, partner="x")
    refused("sẽ thiếu 5", "entry", Entry.objects.get(book=civets, movement="born"), "reverse", reason="nhầm")


def test_a_transfer_has_two_sides_and_the_second_waits_for_the_receiver(civets: Stock) -> None:
    far = stock(coded(facility("Trại Tà Tổng", area=TA_TONG)))
    act("stock", civets, "give", day=DAY, code=far.facility.code, kind="dam", amount=2, paper="BK 5")
    waiting = Transfer.objects.get(giver=civets)
    assert (balances_on(civets.pk)["dam"], balances_on(far.pk)) == (2, {})
    act("transfer", waiting, "accept")
    assert balances_on(far.pk) == {"dam": 2}
    refused("chỉ làm được từ", "transfer", waiting, "accept")
    refused("không đảo một phía", "entry", Entry.objects.get(book=far), "reverse", reason="x")


def coded(at: object) -> object:
    from baoton.facilities.models import Code, Facility

    Code.objects.create(facility=at, text="IIB-LCH-0007", group="IIB", since=date(2026, 1, 5))
    Facility.objects.filter(pk=at.pk).update(code="IIB-LCH-0007")  # type: ignore[attr-defined]
    return Facility.objects.get(pk=at.pk)  # type: ignore[attr-defined]


@pytest.mark.parametrize("written", ["IIB-LCH-0007", "iib lch 0007", "IIB.LCH.OOO7", "IIBLCH0007"])
def test_a_code_is_found_as_people_type_it(civets: Stock, written: str) -> None:
    far = stock(coded(facility("Trại Tà Tổng", area=TA_TONG)))
    act("stock", civets, "give", day=DAY, code=written, kind="dam", amount=1, paper="BK 5")
    assert Transfer.objects.get().receiver_id == far.pk


def test_a_mark_is_given_once_in_the_province_even_after_its_animal_died(civets: Stock) -> None:
    act("stock", civets, "mark", day=DAY, kind="dam", mark_kind="chip", mark="900 164-001")
    one = Individual.objects.get()
    act("individual", one, "end", ended_on=DAY + timedelta(30), ended_how="died", paper="BB 3")
    assert balances_on(civets.pk)["dam"] == 3
    refused(
        "đã dùng cho cá thể", "stock", civets, "mark", day=DAY, kind="dam", mark_kind="ring", mark="900164001"
    )


def test_of_a_mark_borne_elsewhere_nobody_is_told_where_and_no_parent_is_found_unseen(civets: Stock) -> None:
    act("stock", civets, "mark", day=DAY, kind="dam", mark_kind="chip", mark="900164001")
    ranger = Person.objects.create(username="kiem_lam_ta_tong", organisation_id="kiem_lam")
    give(SYSTEM, ranger, "ranger", area_path=TA_TONG)
    ranger = Person.objects.get(pk=ranger.pk)
    own = stock(facility("Trại Tà Tổng", area=TA_TONG), area_path=TA_TONG)
    act("stock", own, "opening", kind="dam", amount=4, note="kiểm đếm")
    said = {"day": DAY, "kind": "dam", "mark_kind": "chip"}
    with pytest.raises(NotNow) as taken:
        act("stock", own, "mark", ranger, **said, mark="900164001")
    assert "không dùng được" in str(taken.value) and "Trại" not in str(taken.value)
    told = []
    for parent in ("900164001", "900164002"):
        with pytest.raises(ValidationError) as unknown:
            act("stock", own, "mark", ranger, **said, mark="T1", mother=parent)
        told.append(str(unknown.value).replace(parent, ""))
    assert told[0] == told[1]


def test_no_more_are_marked_than_stand_in_the_class_and_none_that_is_marked_is_lost(civets: Stock) -> None:
    for n in (1, 2):
        act("stock", civets, "mark", day=DAY, kind="sire", mark_kind="chip", mark=f"A{n}")
    refused("2 đã có dấu", "stock", civets, "mark", day=DAY, kind="sire", mark_kind="chip", mark="A3")
    refused("còn 2 cá thể có dấu", "stock", civets, "died", day=DAY, kind="sire", amount=1, paper="BB")


def test_a_marked_animal_moves_in_one_step_and_is_never_in_two_places(civets: Stock) -> None:
    far = stock(coded(facility("Trại Tà Tổng", area=TA_TONG)))
    act("stock", civets, "mark", day=DAY, kind="dam", mark_kind="chip", mark="B1")
    one = act("individual", Individual.objects.get(), "move", day=DAY, code="IIB-LCH-0007", paper="BK 1")
    assert (one.stock_id, balances_on(civets.pk)["dam"], balances_on(far.pk)["dam"]) == (far.pk, 3, 1)


def test_a_new_mark_keeps_the_old_one_known(civets: Stock) -> None:
    act("stock", civets, "mark", day=DAY, kind="dam", mark_kind="chip", mark="C1")
    act(
        "individual",
        Individual.objects.get(),
        "remark",
        day=DAY,
        mark_kind="ring",
        mark="C2",
        reason="chip hỏng",
    )
    assert sorted(Mark.objects.values_list("mark", "until")) == [("C1", DAY), ("C2", None)]
    refused("đã dùng", "stock", civets, "mark", day=DAY, kind="dam", mark_kind="chip", mark="C1")


def test_the_book_prints_in_the_official_form_each_movement_on_its_row(civets: Stock) -> None:
    act("stock", civets, "born", day=DAY, kind="unsexed", amount=6)
    act("stock", civets, "born", day=DAY, kind="unsexed", amount=1)
    act("stock", civets, "grew", day=DAY + timedelta(200), kind="unsexed", amount=2, into="dam", note="=1+1")
    sheet = load_workbook(BytesIO(workbook(Stock.objects.get(pk=civets.pk)))).active
    assert sheet.max_column == 19
    rows = list(sheet.iter_rows(min_row=8, values_only=True))
    assert [r[1] for r in rows] == [2, 6, 12, 13, 13]
    grown = rows[-1]
    assert grown[2:7] == (2, 6, 0, 0, 5) and (grown[8], grown[16]) == (2, 2)
    assert sheet.cell(12, 18).data_type == "s" and grown[17].endswith("=1+1")
    assert "Trại Nậm Kè" in sheet["A2"].value and "Paradoxurus" in sheet["A3"].value


def test_a_closed_facility_takes_no_line_and_one_that_holds_something_cannot_close(civets: Stock) -> None:
    refused("còn số dư", "facility", civets.facility, "close", reason="nghỉ nuôi")
    act("stock", civets, "sold", day=DAY, kind="dam", amount=4, partner="x")
    act("stock", civets, "sold", day=DAY, kind="sire", amount=2, partner="x")
    act("facility", civets.facility, "close", reason="nghỉ nuôi")
    refused("đã đóng", "stock", civets, "born", day=DAY, kind="unsexed", amount=1)
    assert book("stock") is not None
