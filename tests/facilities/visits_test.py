"""An inspection counts beside the book; what differs is a finding until it is mended."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from tests.facilities.cases import SYSTEM, act, book, facility, stock

from baoton.facilities import checks
from baoton.facilities.actions import visits
from baoton.facilities.models import Entry, Facility, Finding, Inspection, Signal, Stock
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


@pytest.fixture
def civets(province: None) -> Stock:
    held = stock(facility(), since=date(2024, 1, 5))
    held = act("stock", held, "opening", kind="sire", amount=2, note="kiểm đếm")
    return act("stock", held, "opening", kind="dam", amount=4, note="kiểm đếm")


def visit(at: Facility, day: date = date(2026, 5, 5)) -> Inspection:
    return write.create(
        book("inspection"), SYSTEM, Inspection(facility=at, kind="planned", day=day, organisation="kiem_lam")
    )


def test_the_difference_between_count_and_book_is_a_finding_followed_until_mended(civets: Stock) -> None:
    one = act("inspection", visit(civets.facility), "start")
    with pytest.raises(NotNow, match="Còn 2 lớp"):
        act("inspection", one, "finish", checklist="chuồng, sổ", summary="x")
    for c in one.counts.all():
        write.edit(book("counted"), SYSTEM, c, {"counted": {"sire": 2, "dam": 3}.get(c.kind, 0)})
    one = act("inspection", one, "finish", checklist="chuồng, sổ", summary="thiếu một con cái")
    with pytest.raises(ValidationError, match="đang diễn ra"):
        write.edit(book("counted"), SYSTEM, one.counts.get(kind="dam"), {"counted": 4})
    found = Finding.objects.get(inspection=one)
    assert "Đếm được 3, sổ ghi 4" in found.what and one.number.startswith("01/BB")
    checks.recheck(Stock.objects.get(pk=civets.pk))
    assert Signal.objects.filter(rule="count_differs", status="open").count() == 1
    act(
        "inspection",
        one,
        "close_finding",
        finding=found.pk,
        how="đã ghi chết 1 con",
        closed_on=date(2026, 6, 1),
    )
    found.refresh_from_db()
    assert (found.status, found.closed_on) == ("closed", date(2026, 6, 1))
    with pytest.raises(NotNow, match="đã khắc phục"):
        act("inspection", one, "close_finding", finding=found.pk, how="x")


def test_births_no_female_can_have_borne_are_told_with_their_line(civets: Stock) -> None:
    act("stock", civets, "born", day=date(2026, 3, 2), kind="unsexed", amount=60)
    checks.recheck(Stock.objects.get(pk=civets.pk))
    told = Signal.objects.get(rule="births")
    line = Entry.objects.get(movement="born")
    assert told.entries == [str(line.pk)] and "36" in told.words, told.words
    act("signal", told, "answer", answer="ghi nhầm số 6 thành 60")
    act("entry", line, "reverse", reason="ghi nhầm")
    checks.recheck(Stock.objects.get(pk=civets.pk))
    told.refresh_from_db()
    assert (told.status, told.answer) == ("gone", "ghi nhầm số 6 thành 60")


def test_an_honest_book_has_no_signal(civets: Stock) -> None:
    for year in (2024, 2025):
        act("stock", civets, "born", day=date(year, 6, 2), kind="unsexed", amount=9)
        act("stock", civets, "died", day=date(year, 7, 2), kind="unsexed", amount=2, paper="BB")
    act("stock", civets, "grew", day=date(2025, 9, 2), kind="unsexed", amount=3, into="dam")
    assert checks.look(Stock.objects.get(pk=civets.pk), date(2025, 12, 1)) == []


def test_breeders_too_young_and_one_sided_deliveries_are_told(civets: Stock) -> None:
    act("stock", civets, "born", day=date(2026, 3, 2), kind="unsexed", amount=6)
    act("stock", civets, "grew", day=date(2026, 5, 2), kind="unsexed", amount=2, into="dam")
    assert [f.rule for f in checks.look(Stock.objects.get(pk=civets.pk), date(2026, 6, 1))] == ["too_young"]


def test_a_signal_opens_a_visit_and_stays_looked_at(civets: Stock) -> None:
    act("stock", civets, "born", day=date(2026, 3, 2), kind="unsexed", amount=60)
    checks.recheck(Stock.objects.get(pk=civets.pk))
    act("signal", Signal.objects.get(), "look", day=date(2026, 12, 1), team="đội 1")
    made = Inspection.objects.get()
    assert made.kind == "unannounced" and "60" in made.why


def test_the_plan_of_the_year_begins_with_the_weightiest_and_gives_reasons(civets: Stock) -> None:
    quiet = facility("Trại yên")
    act("stock", civets, "born", day=date(2026, 3, 2), kind="unsexed", amount=60)
    checks.recheck(Stock.objects.get(pk=civets.pk))
    told = visits.propose(Facility.objects.all(), date(2026, 6, 1))
    assert [f.pk for f, _w, _t in told] == [civets.facility_id, quiet.pk]
    assert "1 dấu hiệu trong sổ" in told[0][2] and "chưa kiểm tra lần nào" in told[1][2]
    visit(civets.facility)
    assert [f.pk for f, _w, _t in visits.propose(Facility.objects.all(), date(2026, 6, 1))] == [quiet.pk]


def test_a_finding_is_not_due_before_its_visit(civets: Stock) -> None:
    one = visit(civets.facility)
    with pytest.raises(ValidationError, match="trước ngày kiểm tra"):
        write.create(
            book("finding"), SYSTEM, Finding(inspection=one, what="thiếu biển", due=one.day - timedelta(1))
        )


def test_a_line_written_by_a_button_asks_for_another_look_though_the_book_was_looked_at(
    civets: Stock,
) -> None:
    assert checks.recheck_changed() == 1 and checks.recheck_changed() == 0
    act("stock", civets, "born", day=date(2026, 3, 2), kind="unsexed", amount=60)
    assert checks.recheck_changed() == 1
    assert Signal.objects.get(rule="births").status == "open"
