"""Sheets as people lay them out: headings on two rows, rows of numbers and units, tables side by side, hidden rows."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import formats
from formats import layout

Sheet = Callable[..., formats.Source]
HEAD = ["STT", "Tên loài", "Ngày", "Kinh độ", "Vĩ độ", "Số lượng"]
ROW = [1, "Voọc xám", "15/03/2025", 103.1, 22.4, 3]


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    """Writes rows as the sheet of a workbook, lets it be dressed, and opens it."""

    def write(*rows: list[Any], dress: Callable[[Any], None] | None = None, **hint: Any) -> formats.Source:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        if dress is not None:
            dress(book.active)
        path = tmp_path / "bang.xlsx"
        book.save(path)
        return formats.open(path, hint=hint)

    return write


def cells(table: formats.Table) -> list[list[str | None]]:
    return [list(r.values())[1:] for b in table.batches() for r in b.to_pylist()]


def codes(source: formats.Source) -> set[str]:
    return {w.code for w in source.warnings}


@pytest.mark.parametrize("under", [
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
    [1, 2, 3, 4, 5, 6],
    ["A", "B", "C", "D", "E", "F"],
    ["A", "B", 1, 2, 3, 4],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6) = (4)+(5)"],
    [None, None, "(dd/mm/yyyy)", "(độ)", "(độ)", "(con)"],
    [None, None, "dd/mm/yyyy", "độ", "độ", "con"],
    [None, "(tên Việt Nam)", None, "[°]", "[°]", None],
    [None, None, None, "m", "m", "cá thể"],
    [None, None, "yyyy-mm-dd", "°", "°", None],
])  # fmt: skip
def test_rows_of_column_numbers_and_units_are_no_data(under: list[Any], sheet: Sheet) -> None:
    source = sheet(HEAD, under, ROW)
    assert source.tables[0].columns == HEAD and len(cells(source.tables[0])) == 1
    assert "header_numbers" in codes(source)


@pytest.mark.parametrize("row", [
    [1, "Voọc xám", "15/03/2025", 103.1, 22.4, 3], [1, "2", 3, 103.1, 22.4, 6], ["A", "Gà", None, None, None, None],
    [None, "(?)", "15/03/2025", None, None, 1], [None, "m", None, 103.1, 22.4, None],
])  # fmt: skip
def test_a_row_of_data_is_never_taken_for_numbers_or_units(row: list[Any], sheet: Sheet) -> None:
    assert len(cells(sheet(HEAD, row, ROW).tables[0])) == 2


@pytest.mark.parametrize(("above", "below", "columns"), [
    (["STT", "Tên loài", "Ngày", "Tọa độ", None, "Số lượng"], [None, None, None, "X", "Y", None],
     ["STT", "Tên loài", "Ngày", "Tọa độ / X", "Tọa độ / Y", "Số lượng"]),
    (["STT", "Tên loài", "Ngày", "Tọa độ", None, "Số lượng"], [None, None, None, "Kinh độ", "Vĩ độ", "(con)"],
     ["STT", "Tên loài", "Ngày", "Tọa độ / Kinh độ", "Tọa độ / Vĩ độ", "Số lượng / (con)"]),
    (["STT", "Tên loài", None, "Ngày", "Ghi chú", "Xã"], [None, "Tên Việt Nam", "Tên khoa học", None, None, None],
     ["STT", "Tên loài / Tên Việt Nam", "Tên loài / Tên khoa học", "Ngày", "Ghi chú", "Xã"]),
])  # fmt: skip
def test_a_heading_over_several_columns_is_found_without_merging(
    above: list[Any], below: list[Any], columns: list[str], sheet: Sheet
) -> None:
    table = sheet(["BẢNG 1. KẾT QUẢ"], above, below, [1, "a", "b", "c", "d", "e"]).tables[0]
    assert table.columns == columns and len(cells(table)) == 1


def test_an_unnamed_column_beside_words_is_no_second_heading(sheet: Sheet) -> None:
    table = sheet(
        ["Tên loài", "Ngày", None], ["Gà rừng", None, "đã chết"], ["Gà rừng", "15/3/2025", "sống"]
    ).tables[0]
    assert len(cells(table)) == 2


def test_tables_side_by_side_are_tables_of_their_own(sheet: Sheet) -> None:
    four = ["Tên loài", "Ngày", "Kinh độ", "Vĩ độ"]
    source = sheet(
        [*four, None, *four],
        ["Voọc xám", "15/03/2025", 103.1, 22.4, None, "Cầy hương", "16/3/2025", 103.2, 22.5],
    )
    assert [t.name for t in source.tables] == ["Sheet", "Sheet (2)"]
    assert [t.columns for t in source.tables] == [four, four]
    assert [cells(t)[0][0] for t in source.tables] == ["Voọc xám", "Cầy hương"]


@pytest.mark.parametrize(("header", "filled", "ranges"), [
    (["Tên loài", "Ngày", "Tên loài", "Ngày"], [True] * 4, [(0, 2), (2, 4)]),
    (["Tên loài", "Ngày", "", "Tên loài", "Ngày", "Người"], [True, True, False, True, True, True], [(0, 3), (3, 6)]),
    (["Loài", "SL", "", "Loài", "SL", "", "Loài", "SL"], [True, True, False] * 2 + [True] * 2,
     [(0, 3), (3, 6), (6, 8)]),
    (["Tên loài", "Ngày", "", "Ghi chú"], [True, True, False, True], [(0, 4)]),
    (["X", "Y", "Ghi chú", "X"], [True] * 4, [(0, 4)]),
    (["Tên loài", "Ngày", "Ngày", "Tên"], [True] * 4, [(0, 4)]),
])  # fmt: skip
def test_headings_that_come_again_begin_another_table(
    header: list[str], filled: list[bool], ranges: list[tuple[int, int]]
) -> None:
    assert layout.side_by_side(header, filled) == ranges


def test_hidden_rows_and_columns_are_told_and_left_out_unless_they_are_chosen(sheet: Sheet) -> None:
    def hide(page: Any) -> None:
        page.row_dimensions[3].hidden = True
        page.column_dimensions["C"].hidden = True
        page.auto_filter.ref = "A1:F3"

    source = sheet(HEAD, ROW, [2, *ROW[1:]], dress=hide)
    found = {w.code: w for w in source.warnings}
    assert found["hidden_rows"].rows == (3,) and "bộ lọc" in found["hidden_rows"].vi
    assert "Ngày" in found["hidden_columns"].vi and len(cells(source.tables[0])) == 1
    assert "Ngày" not in source.tables[0].columns
    chosen = sheet(HEAD, ROW, [2, *ROW[1:]], dress=hide, hidden="read").tables[0]
    assert len(cells(chosen)) == 2 and "Ngày" in chosen.columns


@pytest.mark.parametrize(("day", "form", "read", "code"), [
    (dt.datetime(2025, 3, 1), "mmm-yy", "2025-03", "part_of_date"),
    (dt.datetime(2025, 3, 1), "mm/yyyy", "2025-03", "part_of_date"),
    (dt.datetime(2025, 3, 1), '"Tháng" m/yyyy', "2025-03", "part_of_date"),
    (dt.datetime(2025, 3, 4), "mm/yyyy", "2025-03-04", ""),
    (dt.datetime(2025, 1, 1), "yyyy", "2025", "part_of_date"),
    (dt.datetime(2025, 3, 15), "d-mmm", "2025-03-15", "year_not_shown"),
    (dt.datetime(2025, 3, 15), '[$-42A]dd "tháng" mm "năm" yyyy', "2025-03-15", ""),
    (dt.datetime(2025, 3, 1), "dd/mm/yyyy", "2025-03-01", ""),
    (dt.datetime(1905, 7, 17), "dd/mm/yyyy", "1905-07-17 (= 2025)", "small_serial"),
    (dt.datetime(1900, 1, 15), "dd/mm/yyyy", "1900-01-15 (= 15)", "small_serial"),
    (dt.datetime(1925, 7, 17), "dd/mm/yyyy", "1925-07-17", ""),
])  # fmt: skip
def test_a_date_says_no_more_than_its_cell_shows(
    day: dt.datetime, form: str, read: str, code: str, sheet: Sheet
) -> None:
    def dress(page: Any) -> None:
        page["B2"].number_format = form

    source = sheet(["Tên loài", "Ngày"], ["Gà rừng", day], dress=dress)
    assert cells(source.tables[0]) == [["Gà rừng", read]]
    assert codes(source) == ({code} if code else set())
