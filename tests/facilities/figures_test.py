"""What facilities tell of a year: what stands on its last day, kept by increments, told apart, open to its lines."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from tests.facilities.cases import MU_CA, SYSTEM, TA_TONG, act, book, facility, owner, stock
from tests.facilities.dossiers_test import walked
from tests.facilities.pages_test import signed_in

from baoton.facilities.models import Entry, Finding, Inspection, Stock
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import outbox, write
from baoton.kit.writing.clock import Clock
from baoton.plan import figures
from baoton.plan.queries import PROVINCE, told_apart, values
from baoton.reporting.actions import make_yearly

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
YEARS = (2024, 2025, 2026)


@pytest.fixture
def civets(province: None) -> Stock:
    """A book begun two years ago; the figures of three years stand before anything more is written."""
    held = stock(facility(), since=date(2024, 1, 5))
    held = act("stock", held, "opening", kind="dam", amount=10, note="kiểm đếm")
    figures.compute(YEARS)
    return held


def told(name: str, area: str = PROVINCE) -> list[float | None]:
    """The figure in each of the three years, the increments taken; nothing differs from the rows."""
    outbox.drain()
    assert figures.differences() == []
    found = [values(year, area).get(f"facilities.{name}") for year in YEARS]
    return [None if v is None else v.value for v in found]


def test_what_is_kept_stands_in_every_year_from_the_day_it_came(civets: Stock) -> None:
    assert told("animals") == [10, 10, 10]
    act("stock", civets, "born", day=date(2025, 6, 1), kind="unsexed", amount=6)
    act("stock", civets, "sold", day=date(2026, 2, 1), kind="dam", amount=3, partner="x")
    assert told("animals") == [10, 16, 13] == told("animals", MU_CA)


def test_a_backdated_line_and_a_reversal_move_each_year_they_concern(civets: Stock) -> None:
    act("stock", civets, "born", day=date(2026, 6, 1), kind="unsexed", amount=6)
    act(
        "stock", civets, "born", day=date(2024, 6, 1), kind="unsexed", amount=4
    )  # of two years ago, written now
    assert told("animals") == [14, 14, 20]
    act("entry", Entry.objects.get(book=civets, amount=4), "reverse", reason="ghi nhầm")
    assert told("animals") == [10, 10, 16]
    act("stock", civets, "grew", day=date(2026, 7, 1), kind="unsexed", amount=2, into="dam")
    assert told("animals") == [10, 10, 16]
    assert set(told_apart("facilities.animals", 2026).values()) == {4, 12}


def test_animals_and_plants_are_no_one_sum_nor_plants_of_several_units(civets: Stock) -> None:
    for name, unit in (("Panax vietnamensis", "con"), ("Paris polyphylla", "kg")):
        at = facility(f"Vườn {name}", "planting", owner=owner(name))
        held = stock(at, name, "planting", unit=unit, since=date(2025, 1, 5))
        act("stock", held, "opening", kind="plant", amount=30, note="kiểm đếm")
        assert told("animals") == [10, 10, 10]
        assert told("plants") == ([None, 30, 30] if unit == "con" else [None, None, None])
    assert "đơn vị tính khác nhau" in values(2026)["facilities.plants"].why_unknown
    with pytest.raises(ValidationError, match="không đổi cơ sở, loài hay mẫu sổ, đơn vị tính"):
        write.edit(book("stock"), SYSTEM, held, {"unit": "cây"})


def test_a_code_is_counted_by_kind_and_group_until_it_ends(civets: Stock) -> None:
    act("application", walked(civets.facility, date(2026, 4, 1)), "grant", on=date(2026, 4, 20))
    assert told("coded") == [0, 0, 1] and told_apart("facilities.coded", 2026) == {"breeding|IIB": 1}
    at = type(civets.facility).objects.get(pk=civets.facility_id)
    write.edit(book("facility"), SYSTEM, at, {"kind": "rescue", "area_path": TA_TONG})
    assert told("coded", TA_TONG) == [None, None, 1] and told("coded", MU_CA) == [None] * 3
    assert told_apart("facilities.coded", 2026) == {"rescue|IIB": 1}
    assert told("animals", TA_TONG) == [10, 10, 10] and told("animals", MU_CA) == [None] * 3
    act("stock", civets, "sold", day=date(2026, 5, 1), kind="dam", amount=10, partner="x")
    at.refresh_from_db()
    act("facility", at, "close", reason="nghỉ nuôi")
    assert told("coded") == [0, 0, 0]


@pytest.mark.parametrize(("due", "pace"), [(1, "on_time"), (-1, "late"), (None, "")])
def test_a_decision_is_in_time_or_late_and_neither_where_no_term_is_known(
    civets: Stock, due: int | None, pace: str
) -> None:
    one = walked(civets.facility, date(2026, 4, 1))
    day = None if due is None else timezone.localdate() + timedelta(due)
    Clock.objects.filter(record=one.pk).update(due=day)
    one = act("application", one, "grant")
    assert (one.pace, one.decided) == (pace, timezone.localdate())
    assert told("on_time")[2] == (pace == "on_time") and told("late")[2] == (pace == "late")


def test_findings_are_open_until_the_day_they_are_mended_and_visits_planned_or_made(civets: Stock) -> None:
    visit = Inspection(
        facility=civets.facility, kind="planned", day=date(2025, 5, 4), organisation="kiem_lam"
    )
    visit = write.create(book("inspection"), SYSTEM, visit)
    found = Finding(inspection=visit, what="thiếu biển báo", due=date(2025, 6, 4), organisation="kiem_lam")
    found = write.create(book("finding"), SYSTEM, found)
    assert told("inspections_planned") == [0, 1, 0] and told("inspections") == [0, 0, 0]
    assert told("findings_open") == [0, 1, 1] and told("findings_closed") == [0, 0, 0]
    act("finding", found, "close", closed_on=date(2026, 2, 2), how="đã lắp")
    assert told("findings_open") == [0, 1, 0] and told("findings_closed") == [0, 0, 1]


@pytest.fixture
def filled(civets: Stock) -> Stock:
    act("stock", civets, "born", day=date(2025, 6, 1), kind="unsexed", amount=6)
    act("application", walked(civets.facility, date(2026, 4, 1)), "grant", on=date(2026, 4, 20))
    outbox.drain()
    return civets


def in_a_table(tables: list[list[list[str]]], part: dict[str, Any]) -> bool:
    """Whether a table of the paper has the part's value where its row and its column meet."""
    return any(
        line[head.index(part["column"])] == f"{part['value']:.0f}"
        for head, *lines in tables if part["column"] in head for line in lines if part["row"] in line
    )  # fmt: skip


def test_page_word_excel_and_api_tell_the_same_parts_and_each_opens_to_its_lines(
    filled: Stock, tmp_path: Path
) -> None:
    browser = signed_in("lan")
    told = json.loads(browser.get("/api/figures/2026").content)["figures"]
    parts = {f["indicator"]: f["parts"] for f in told if f["parts"]}
    assert set(parts) == {"facilities.animals", "facilities.coded"}
    paper, sheets = make_yearly(SYSTEM, 2026, tmp_path)
    words = "\n".join(p.text for p in Document(str(paper)).paragraphs)
    tables = [[[c.text for c in r.cells] for r in t.rows] for t in Document(str(paper)).tables]
    rows = list(load_workbook(sheets)["Chia nhỏ"].iter_rows(min_row=4, values_only=True))
    page = browser.get("/bao-cao/2026/so-lieu/").content.decode()
    assert len(rows) == sum(map(len, parts.values())) == 3
    for name, some in parts.items():
        for part in some:
            assert (name, part["row"], part["column"], part["value"]) in {
                (r[0], r[2], r[3], r[4]) for r in rows
            }
            said = f"{part['row']} ({part['column']}) {part['value']:.0f}" in words
            assert said or in_a_table(tables, part), part
            assert part["row"] in page
            book_ = REGISTERS["facilities.entry" if name.endswith("animals") else "facilities.code"]
            opened = book_.filtered(book_.door(SYSTEM), part["query"])
            assert part["value"] == (
                sum(opened.values_list("amount", flat=True))
                if book_.name.endswith("entry")
                else opened.count()
            )
            answer = browser.get(part["records"].replace("http://testserver", ""))
            assert answer.status_code == 200
    assert "16" in page


@pytest.mark.parametrize(("period", "kept"), [("2025-q1", 10), ("2025-6t", 16), ("2026-q1", 16)])
def test_a_part_of_a_year_tells_what_stood_on_its_last_day(filled: Stock, period: str, kept: int) -> None:
    told = json.loads(signed_in("lan").get(f"/api/figures/{period}").content)["figures"]
    one = next(f for f in told if f["indicator"] == "facilities.animals")
    assert (one["value"], sum(p["value"] for p in one["parts"])) == (kept, kept)
    coded = next(f for f in told if f["indicator"] == "facilities.coded")
    assert coded["value"] == 0
