"""Workbooks: real types, titles, merged headers, several sheets; and what is written comes back whole."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

import formats
from formats.rendering import render


def book(tmp_path: Path, fill: Callable[[Any, Any], None]) -> formats.Source:
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        fill(workbook, workbook.add_worksheet("Điều tra"))
    return formats.open(path)


def rows_of(table: formats.Table) -> list[dict]:
    return [row for batch in table.batches() for row in batch.to_pylist()]


def test_real_types_lose_nothing(tmp_path: Path) -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        moment = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet.write_row(0, 0, ["n", "x", "ngày", "lúc", "có", "mã", "tính"])
        sheet.write_row(1, 0, [5, 22.3961])
        sheet.write_datetime(1, 2, dt.datetime(2020, 1, 31), day)
        sheet.write_datetime(1, 3, dt.datetime(2020, 1, 31, 8, 30), moment)
        sheet.write_boolean(1, 4, True)
        sheet.write_string(1, 5, "007")
        sheet.write_formula(1, 6, "=1+1", None, 2)

    table = book(tmp_path, fill).tables[0]
    assert list(rows_of(table)[0].values()) == [
        2,
        "5",
        "22.3961",
        "2020-01-31",
        "2020-01-31T08:30:00",
        "true",
        "007",
        "2",
    ]
    assert list(table.kinds.values()) == [
        "integer",
        "number",
        "date",
        "datetime",
        "boolean",
        "text",
        "integer",
    ]


def test_titles_and_merged_headers_are_found(tmp_path: Path) -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 0, 3, "DANH SÁCH LOÀI NĂM 2024")
        sheet.merge_range(2, 0, 3, 0, "STT")
        sheet.merge_range(2, 1, 3, 1, "Tên loài")
        sheet.merge_range(2, 2, 2, 3, "Toạ độ")
        sheet.write_row(3, 2, ["X", "Y"])
        sheet.write_row(4, 0, [1, "Vượn", 550000, 2450000])

    table = book(tmp_path, fill).tables[0]
    assert table.columns == ["STT", "Tên loài", "Toạ độ / X", "Toạ độ / Y"]
    assert rows_of(table)[0]["_row"] == 5 and rows_of(table)[0]["Toạ độ / Y"] == "2450000"
    assert table.metadata == {"header_row": 4, "titles": ["DANH SÁCH LOÀI NĂM 2024"]}


def test_a_header_merged_only_sideways_takes_the_row_below(tmp_path: Path) -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["STT", "Tên loài"])
        sheet.merge_range(0, 2, 0, 3, "Toạ độ")
        sheet.write_row(1, 2, ["X", "Y"])
        sheet.write_row(2, 0, [1, "Vượn", 550000, 2450000])

    table = book(tmp_path, fill).tables[0]
    assert table.columns == ["STT", "Tên loài", "Toạ độ / X", "Toạ độ / Y"] and table.count() == 1


def test_error_cells_and_doubtful_cells_are_told(tmp_path: Path) -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["số", "ngày", "lỗi"])
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_number(1, 0, 3)
        sheet.write_datetime(1, 1, dt.datetime(2020, 1, 31), day)
        sheet.write_formula(1, 2, "=NA()", None, "#N/A")
        sheet.write_string(2, 0, "22,3")
        sheet.write_string(2, 1, "03/04/2020")

    source = book(tmp_path, fill)
    found = {w.code: w for w in source.warnings}
    assert found["error_cell"].rows == (2,) and found["error_cell"].where == "Điều tra:lỗi"
    assert found["number_as_text"].rows == (3,) and found["ambiguous_date"].rows == (3,)
    assert rows_of(source.tables[0])[0]["lỗi"] is None


def test_a_formula_never_calculated_is_told(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    workbook = openpyxl.Workbook()
    workbook.active.append(["a", "b"])
    workbook.active.append([1, "=A2+1"])
    workbook.save(path)
    source = formats.open(path)
    assert [(w.code, w.count) for w in source.warnings] == [("formula_without_value", 1)]
    assert rows_of(source.tables[0])[0]["b"] is None


def test_each_sheet_is_a_table_and_empty_ones_are_named(tmp_path: Path) -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        sheet.write_column(0, 0, ["a", 1])
        workbook.add_worksheet("rỗng")
        hidden = workbook.add_worksheet("ẩn")
        hidden.write_column(0, 0, ["b", 2])
        hidden.hide()

    source = book(tmp_path, fill)
    assert [t.name for t in source.tables] == ["Điều tra", "ẩn"]
    assert {(w.code, w.where) for w in source.warnings} == {("empty_sheet", "rỗng"), ("hidden_sheet", "ẩn")}


def test_blank_rows_keep_the_numbers_of_the_rows_below(tmp_path: Path) -> None:
    table = book(tmp_path, lambda _, s: (s.write_row(0, 0, ["a", "b"]), s.write_row(5, 0, [1, 2]))).tables[0]
    assert [r["_row"] for r in rows_of(table)] == [6] and table.count() == 1


def test_a_broken_workbook_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600)
    with pytest.raises(formats.FormatError) as error:
        formats.open(path)
    assert error.value.code == "bad_workbook"


def test_a_long_stream_goes_on_in_the_next_sheet_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    batch = pa.record_batch({"n": list(range(10))})
    written = formats.write_xlsx(path, {"Bản/ghi": [batch] * 3}, rows_a_sheet=12)
    assert written == [("Bản ghi", 12), ("Bản ghi (2)", 12), ("Bản ghi (3)", 6)]
    source = formats.open(path)
    numbers = [r["n"] for t in source.tables[:3] for r in rows_of(t)]
    assert numbers == [str(i) for i in range(10)] * 3
    assert len(source.tables) == 3
    notes = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Ghi chú").to_python()
    assert "Còn tiếp ở trang “Bản ghi (2)”." in str(notes)


def test_a_text_too_long_for_a_cell_is_kept_whole(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    text = "".join(str(i) for i in range(20_000))
    formats.write_xlsx(path, {"a": [pa.record_batch({"t": [text]})]})
    notes = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Ghi chú").to_python()
    assert "".join(row[3] for row in notes[1:]) == text and notes[1][1] == "A2"
    (table,) = formats.open(path).tables
    assert rows_of(table)[0]["t"] == text


def test_a_sheet_called_notes_that_somebody_else_wrote_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    formats.write_xlsx(path, {"Ghi chú": [pa.record_batch({"Loài": ["Khỉ vàng"], "Ngày": ["15/3/2025"]})]})
    assert [t.columns for t in formats.open(path).tables] == [["Loài", "Ngày"]]


def test_a_number_keeps_all_its_figures(tmp_path: Path) -> None:
    path, number = tmp_path / "b.xlsx", 103.12345678901234
    formats.write_xlsx(path, {"a": [pa.record_batch({"x": [number]})]})
    assert float(rows_of(formats.open(path).tables[0])[0]["x"]) == number


def test_text_is_never_run_as_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    cells = ["=1+1", "+84", "-5", "@x", "http://example.org", "007", "1e5"]
    formats.write_xlsx(path, {"a": [pa.record_batch({"t": cells})]})
    assert [r["t"] for r in rows_of(formats.open(path).tables[0])] == cells


value = st.one_of(
    st.none(),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.floats(-1e9, 1e9).map(lambda v: float(f"{v:.14g}")),  # a workbook keeps fifteen figures
    st.booleans(),
    st.dates(dt.date(1900, 3, 1), dt.date(2100, 1, 1)),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=5).filter(
        lambda t: t == t.strip()
    ),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(value, min_size=1, max_size=8))
def test_every_value_comes_back(tmp_path: Path, values: list[Any]) -> None:
    path = tmp_path / "b.xlsx"
    columns: dict[str, Any] = {"key": ["row"]} | {f"c{i}": [v] for i, v in enumerate(values)}
    formats.write_xlsx(path, {"a": [pa.record_batch(columns)]})
    (row,) = rows_of(formats.open(path).tables[0])
    assert [row[f"c{i}"] for i in range(len(values))] == [render(v) for v in values]
