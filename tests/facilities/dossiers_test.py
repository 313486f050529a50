"""A dossier from the day it is handed in to the decision, on the clock of its day."""

from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from docx import Document
from tests.facilities.cases import SYSTEM, act, book, facility, stock, taxon

from baoton.facilities.actions import dossiers
from baoton.facilities.models import Application, Code, Facility, Notice, Stock
from baoton.kit import blobs
from baoton.kit.writing import clock, write
from baoton.kit.writing.refusal import NotNow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
TERM = "giải quyết hồ sơ"


def dossier(at: Facility, kind: str = "grant", **more: object) -> Application:
    return write.create(
        book("application"), SYSTEM, Application(facility=at, kind=kind, organisation="kiem_lam", **more)
    )


def walked(at: Facility, on: date, **more: object) -> Application:
    """A dossier brought as far as the proposal, its field check made."""
    one = act("application", dossier(at, **more), "accept", on=on)
    one = act("application", one, "schedule_check", check_day=on)
    one = act("application", one, "record_check", check_day=on, check_result="fit", check_note="chuồng đạt")
    return act("application", one, "propose", proposal="đủ điều kiện")


def words_of(sha: str) -> str:
    document = Document(BytesIO(blobs.path_of(sha).read_bytes()))
    return "\n".join(p.text for p in document.paragraphs)


def test_the_clock_counts_from_the_day_received_and_stands_still_while_papers_are_missing() -> None:
    at = facility()
    stock(at)
    one = act("application", dossier(at), "accept", on=date(2026, 2, 10))
    due = clock.opened(one.pk, TERM).due  # type: ignore[union-attr]
    assert due is not None and due > date(2026, 3, 4)  # 15 working days with Tết between
    one = act("application", one, "ask_supplement", missing="bản vẽ chuồng", on=date(2026, 2, 12))
    assert clock.opened(one.pk, TERM).due is None  # type: ignore[union-attr]
    assert "bản vẽ chuồng" in words_of(one.paper)
    one = act("application", one, "supplement", papers="bản vẽ chuồng", on=date(2026, 3, 10))
    assert clock.opened(one.pk, TERM).due > due  # type: ignore[union-attr, operator]


@pytest.mark.parametrize(
    ("kind", "check", "days"),
    [
        ("grant", True, 15),
        ("grant", False, 3),
        ("certificate", True, 27),
        ("release", True, 16),
        ("gift", True, None),
    ],
)
def test_the_term_is_that_of_the_rulebook_and_none_where_it_holds_none(
    kind: str, check: bool, days: int | None
) -> None:
    one = act("application", dossier(facility(), kind, field_check=check), "accept", on=date(2026, 4, 1))
    running = clock.opened(one.pk, TERM)
    assert (running.days if running else None) == days


def test_a_dossier_under_the_old_rule_gets_no_invented_term() -> None:
    one = act("application", dossier(facility(), old_rule=True), "accept", on=date(2025, 12, 20))
    assert clock.opened(one.pk, TERM) is None
    one = act("application", one, "propose", proposal="x") if not one.field_check else one
    assert one.status == "checking"


def test_a_code_is_granted_in_the_form_of_the_day_and_never_twice() -> None:
    at = facility()
    stock(at)
    one = act("application", walked(at, date(2026, 4, 1)), "grant", on=date(2026, 4, 10))
    at.refresh_from_db()
    assert (one.status, at.code, at.code_from) == ("granted", "IIB-LCH-0001", date(2026, 4, 10))
    assert "IIB-LCH-0001" in words_of(one.paper) and one.number.startswith("01/QĐ")
    other = facility("Trại khác")
    stock(other)
    act("application", walked(other, date(2026, 4, 1)), "grant", on=date(2026, 4, 10))
    assert sorted(Code.objects.values_list("text", flat=True)) == ["IIB-LCH-0001", "IIB-LCH-0002"]
    act("application", walked(at, date(2026, 5, 4), kind="revoke"), "grant", on=date(2026, 5, 5))
    at.refresh_from_db()
    assert at.code == "" and Code.objects.get(text="IIB-LCH-0001").until == date(2026, 5, 5)


def test_it_is_not_granted_without_the_field_check_it_needs_nor_twice() -> None:
    at = facility()
    stock(at)
    one = act("application", dossier(at), "accept", on=date(2026, 4, 1))
    with pytest.raises(NotNow, match="phải kiểm tra thực tế"):
        act("application", one, "propose", proposal="x")
    one = act("application", walked(at, date(2026, 4, 1)), "grant")
    with pytest.raises(NotNow, match="chỉ làm được từ"):
        act("application", one, "grant")


def test_a_species_outside_every_list_needs_no_code_and_says_which_book_it_has() -> None:
    at = facility(kind="ordinary")
    stock(at, "Hystrix brachyura", form="ordinary")
    with pytest.raises(NotNow, match="không cần mã số; dùng sổ động vật rừng thông thường"):
        act("application", walked(at, date(2026, 4, 1)), "grant")


def test_a_listed_species_has_no_ordinary_book_and_a_priority_one_no_trade_before_its_generation() -> None:
    at = facility()
    with pytest.raises(ValidationError, match="Loài thuộc nhóm IIB"):
        stock(at, form="ordinary")
    with pytest.raises(ValidationError, match="từ thế hệ F2"):
        stock(at, "Ursus thibetanus", generation="F1")
    assert stock(at, "Ursus thibetanus", generation="F2").pk
    assert Stock.objects.filter(facility=at).count() == 1


def test_a_closed_facility_hands_nothing_in() -> None:
    at = facility()
    one = dossier(at)
    act("facility", at, "close", reason="nghỉ")
    with pytest.raises(NotNow, match="đã đóng"):
        act("application", one, "accept", on=date(2026, 4, 1))


@pytest.mark.parametrize(
    ("told", "days", "late"), [(date(2026, 4, 6), 3, False), (date(2026, 4, 7), 4, True)]
)
def test_a_notice_is_late_by_working_days(told: date, days: int, late: bool) -> None:
    at = facility(kind="ordinary")
    one = write.create(
        book("notice"),
        SYSTEM,
        Notice(facility=at, taxon=taxon("Hystrix brachyura"), amount=4, brought=date(2026, 4, 1), told=told),
    )
    assert (one.days_taken, one.late) == (days, late)
    assert act("notice", one, "receive", guidance="ghi sổ mẫu 10").status == "received"


def test_the_days_of_a_kind_without_a_source_are_none() -> None:
    assert dossiers.days_allowed(Application(kind="taking"), date(2026, 4, 1)) is None


def test_a_facility_without_a_drawn_place_stays_in_the_commune_that_was_written() -> None:
    at = facility()
    assert (at.area_path, at.shown_area_path) == ("12/03451", "12/03451")
    assert dossier(at).area_path == "12/03451"
