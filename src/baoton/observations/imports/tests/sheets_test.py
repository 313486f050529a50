"""What people write into sheets beside data: headings again, numbered blank lines, notes; and days in every habit."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.observations.imports.tests.conftest import outcomes
from baoton.observations.models import Occurrence
from baoton.taxa.actions import load

pytestmark = [pytest.mark.django_db, pytest.mark.once]
Text = Callable[[str], Path]
HEAD = ["STT", "Tên loài", "Ngày", "Kinh độ", "Vĩ độ", "Số lượng"]
FULL = [1, "Cầy hương", "15/03/2025", 103.1, 22.4, 3]


@pytest.fixture
def text(tmp_path: Path) -> Text:
    def write(words: str) -> Path:
        path = tmp_path / "tep.csv"
        path.write_text(words, encoding="utf-8")
        return path

    return write


def ends(path: Path, **mapping: Any) -> list[str]:
    """Of each row the day it holds, or the rule that kept it out."""
    batch = run_file(System(), path, mapping=mapping)
    made = {o.pk.hex: o.event_date for o in Occurrence.objects.all()}
    return [x["rule"] or made[x["id"]] for x in outcomes(batch)]


def book(tmp_path: Path, *rows: list[Any]) -> Path:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(tmp_path / "bang.xlsx")
    return tmp_path / "bang.xlsx"


@pytest.mark.parametrize(("row", "rule"), [
    ([None, "Bảng 2. Chim"], "section_row"), (["II", "Chim"], "section_row"), (["I", "Khu vực Mù Cả"], "section_row"),
    ([None, "Tuyến 1: Nậm Pục"], "section_row"), ([4, None], "empty_row"),
    (["Ghi chú: (*) loài trong Sách Đỏ"], "empty_row"), (["* Nguồn: điều tra năm 2025"], "empty_row"),
    (HEAD, "header_again"), ([None, "tên loài", "ngày", None, None, None], "header_again"),
    ([3, "Gà rừng"], ""), ([3, "Nomascus concolor"], ""), ([3, "Xyzus abcus"], ""),
])  # fmt: skip
def test_rows_that_are_no_data_are_left_out_with_the_reason(
    row: list[Any], rule: str, tmp_path: Path
) -> None:
    load()
    assert ends(book(tmp_path, HEAD, FULL, row, FULL))[1] == rule


def test_a_list_of_names_alone_loses_none(tmp_path: Path) -> None:
    path = book(tmp_path, ["Tên loài", "Ngày"], ["Chim lạ", None], ["Thú lạ", None])
    assert ends(path, target="observations.occurrence") == ["", ""]


def test_after_a_header_of_other_columns_nothing_is_believed(text: Text) -> None:
    path = text(
        "Tên loài;Ngày;X;Y\nGà rừng;15/3/2025;103.1;22.4\nTên loài;Ngày;Y;X\nGà rừng;16/3/2025;22.4;103.1\n"
    )
    assert ends(path) == ["2025-03-15", "header_again", "header_changed"]


def test_files_joined_one_after_the_other_are_read_whole(text: Text) -> None:
    path = text("Tên loài;Ngày;Xã\nGà rừng;15/3/2025;Mù Cả\nTên loài;Ngày;Xã\nGà rừng;16/3/2025;Mù Cả\n")
    assert ends(path) == ["2025-03-15", "header_again", "2025-03-16"]


@pytest.mark.parametrize(("header", "cells", "days"), [
    ("Ngày (mm/dd/yyyy)", ["03/04/2025"], ["2025-03-04"]),
    ("Date (M/D/Y)", ["03/04/2025"], ["2025-03-04"]),
    ("Tháng/Ngày/Năm", ["03/04/2025"], ["2025-03-04"]),
    ("Ngày (dd/mm/yyyy)", ["03/04/2025"], ["2025-04-03"]),
    ("Ngày (mm/dd/yyyy)", ["03/04/2025", "15/05/2025"], ["ambiguous_date", "2025-05-15"]),
    ("Ngày (mm/dd/yyyy)", ["03/04/2025", "05/15/2025"], ["2025-03-04", "2025-05-15"]),
    ("Ngày", ["'15/03/2025", "’ 16/03/2025"], ["2025-03-15", "2025-03-16"]),
    ("Ngày", ["Thứ bảy ngày 15 tháng 3 năm 2025"], ["2025-03-15"]),
    ("Ngày", ["tháng 3-5/2025", "T3/2025"], ["2025-03/2025-05", "2025-03"]),
    ("Ngày;Tháng;Năm", ["15;3;2025", "4;3;2025", ";3;2025", "31;2;2025"],
     ["2025-03-15", "2025-03-04", "2025-03", "unreadable_date"]),
    ("Năm;Ngày", ["2025;15/3", "2025;4/3", "2024;29/2", "2025;15/3/2024"],
     ["2025-03-15", "2025-03-04", "2024-02-29", "date_contradiction"]),
    ("Ngày;Tháng;Năm", ["15;3;", ";3;", "15;;2025"], ["date_parts", "date_parts", "date_parts"]),
])  # fmt: skip
def test_days_are_read_as_the_sheet_writes_them(
    header: str, cells: list[str], days: list[str], text: Text
) -> None:
    rows = "".join(f"Gà rừng;Mù Cả;{c}\n" for c in cells)
    assert ends(text(f"Loài;Xã;{header}\n{rows}")) == days
