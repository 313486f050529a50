"""An office's own Excel sheet of sessions, filled in from the template."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from baoton.kit.access import System
from baoton.kit.importing import run_file, undo
from baoton.kit.importing.generic import template
from baoton.kit.importing.target import by_name
from baoton.outreach.models import Session
from baoton.places.actions import load as load_places
from baoton.places.queries import unit_name

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ground(settings: Any, tmp_path: Path) -> None:
    settings.BLOB_DIR = tmp_path / "blobs"
    load_places()


def filled(tmp_path: Path, *rows: list[Any]) -> Path:
    """The register's template with rows typed under its headers."""
    path = tmp_path / "buoi.xlsx"
    template(by_name("outreach.session"), path)
    book = openpyxl.load_workbook(path)
    for row in rows:
        book.worksheets[0].append(row)
    del book[book.sheetnames[1]]
    book.save(path)
    return path


def test_the_template_comes_back_as_sessions_and_again_as_no_change(tmp_path: Path) -> None:
    path = filled(
        tmp_path,
        ["Họp bản Nậm Kè", "họp bản", "15/03/2026", "Mù Cả", "Nậm Kè", "tiếng Hà Nhì", 40, 22, 18, "", 40],
        ["Sai số nữ", "meeting", "16/03/2026", "Mù Cả", "", "", 4, 22, "", "", 40],
        ["Xã lạ", "meeting", "16/03/2026", "Xã Không Có", "", "", 4, 2, "", "", 40],
        ["Kiểu lạ", "văn nghệ", "16/03/2026", "Mù Cả", "", "", 4, 2, "", "", 40],
        ["", "meeting", "16/03/2026", "Mù Cả", "", "", 4, 2, "", "", 40],
    )
    batch = run_file(System(), path, target="outreach.session")
    rules = {r["rule"] for r in batch.counts["rules"]}
    assert batch.counts["total"]["created"] == 1, (batch.counts["rules"], batch.plan)
    assert rules == {"constraint", "unknown_area", "unknown_value", "missing"}
    one = Session.objects.get()
    assert (one.kind, str(one.day), one.women) == ("meeting", "2026-03-15", 22)
    assert unit_name(one.area_path).endswith("Mù Cả")
    again = run_file(System(), path, target="outreach.session")
    assert (again.counts["total"]["unchanged"], again.counts["total"]["created"]) == (1, 0)
    undo(System(), batch)
    assert not Session.objects.filter(withdrawn__isnull=True).exists()


def test_a_sheet_a_commune_comes_in_whole_with_the_sheet_that_explains_beside(tmp_path: Path) -> None:
    """An office keeps one sheet for each commune, and leaves the explanation of the template where it lay."""
    path = tmp_path / "ca tinh.xlsx"
    template(by_name("outreach.session"), path)
    book = openpyxl.load_workbook(path)
    first = book.worksheets[0]
    second = book.copy_worksheet(first)
    first.title, second.title = "Mù Cả", "Tà Tổng"
    first.append(
        ["Họp bản Nậm Kè", "họp bản", "15/03/2026", "Mù Cả", "Nậm Kè", "tiếng Hà Nhì", 40, 22, 18, "", 40]
    )
    second.append(["Họp bản Cao Chải", "họp bản", "16/03/2026", "Tà Tổng", "", "", 30, 12, "", "", 40])
    second.append(["Sai ngày", "họp bản", "99/03/2026", "Tà Tổng", "", "", 30, 12, "", "", 40])
    book.save(path)
    batch = run_file(System(), path, target="outreach.session")
    assert (batch.counts["total"]["created"], batch.counts["total"]["refused"]) == (2, 1), batch.plan
    assert {unit_name(s.area_path).split()[-1] for s in Session.objects.all()} == {"Cả", "Tổng"}
