"""A workbook written: every kind of cell comes back from other programs as it went in, and what goes on is told."""

import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

import formats
from formats import xlsx_writing
from formats.xlsx_cells import letters, rows_xml

TZ = dt.timezone(dt.timedelta(hours=7))
CELLS: dict[str, tuple[Any, Any]] = {  # what goes in, what another program reads
    "nothing": (None, None),
    "text": ("Vượn đen má trắng 🐒 <b>&amp;</b> \"'", "Vượn đen má trắng 🐒 <b>&amp;</b> \"'"),
    "formula": ("=1+1", "=1+1"),
    "plus": ("+84 912", "+84 912"),
    "minus": ("-5", "-5"),
    "at": ("@x", "@x"),
    "zeros": ("007", "007"),
    "address": ("https://example.org/?a=1&b=2", "https://example.org/?a=1&b=2"),
    "lines": ("một\r\nhai\rba\n\tbốn ", "một\r\nhai\rba\n\tbốn "),
    "control": ("a\x00b\x01\x1f\x0b", "a\x00b\x01\x1f\x0b"),
    "like an escape": ("_x0041_ _x005F_x00e9_ _x", "_x0041_ _x005F_x00e9_ _x"),
    "whole": (-12, -12),
    "too big": (2**53, str(2**53)),
    "smallest": (-(2**63), str(-(2**63))),
    "number": (103.12345678901234, 103.12345678901234),
    "tiny": (1e-300, 1e-300),
    "huge": (1e300, "1e+300"),
    "not a number": (float("nan"), "nan"),
    "infinite": (float("-inf"), "-inf"),
    "yes": (True, True),
    "no": (False, False),
    "day": (dt.date(2026, 2, 28), dt.datetime(2026, 2, 28)),
    "first day": (dt.date(1900, 3, 1), dt.datetime(1900, 3, 1)),
    "day before Excel": (dt.date(1900, 2, 28), "1900-02-28"),
    "day of Linnaeus": (dt.date(1758, 1, 1), "1758-01-01"),
    "moment": (dt.datetime(2026, 2, 28, 23, 59, 58), dt.datetime(2026, 2, 28, 23, 59, 58)),
    "moment before Excel": (dt.datetime(1899, 1, 2, 3, 4, 5), "1899-01-02T03:04:05"),
    "moment with zone": (dt.datetime(2026, 2, 28, 7, tzinfo=TZ), "2026-02-28T07:00:00+07:00"),
    "time": (dt.time(6, 30), "06:30:00"),
    "while": (dt.timedelta(minutes=90), "PT5400S"),
}


def written(path: Path, columns: dict[str, Any]) -> Any:
    formats.write_xlsx(path, {"a": [pa.record_batch(columns)]})
    return openpyxl.load_workbook(path)["a"]


@pytest.mark.parametrize("beside", [0, 1, 3], ids=["alone", "under nothing", "among others"])
def test_every_kind_of_cell_comes_back_from_another_program(tmp_path: Path, beside: int) -> None:
    columns = {n: pa.array([None] * beside + [v] + [None] * beside) for n, (v, _) in CELLS.items()}
    sheet = written(tmp_path / "a.xlsx", columns)
    assert [c.value for c in sheet[1]] == list(CELLS)
    cells = sheet[2 + beside]
    read = {
        n: unescape(c.value) if isinstance(c.value, str) else c.value
        for n, c in zip(CELLS, cells, strict=True)
    }
    assert read == {n: told for n, (_, told) in CELLS.items()}
    assert {n for n, c in zip(CELLS, cells, strict=True) if c.data_type == "f"} == set()


def test_days_show_as_days_and_headings_are_bold(tmp_path: Path) -> None:
    sheet = written(tmp_path / "a.xlsx", {"d": [dt.date(2026, 2, 28)], "m": [dt.datetime(2026, 2, 28, 1)]})
    assert [c.number_format for c in sheet[2]] == ["dd/mm/yyyy", "dd/mm/yyyy hh:mm:ss"]
    assert sheet["A1"].font.b and not sheet["A2"].font.b and sheet.freeze_panes == "A2"


@pytest.mark.parametrize(
    "kind",
    [pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())],
    ids=str,
)
def test_text_of_any_arrow_type_is_text(tmp_path: Path, kind: pa.DataType) -> None:
    sheet = written(tmp_path / "a.xlsx", {"t": pa.array(["=a", None, "b"]).cast(kind)})
    assert [c.value for c in sheet["A"]] == ["t", "=a", None, "b"]


@pytest.mark.parametrize("kind", [pa.uint64(), pa.int8(), pa.float32(), pa.decimal128(30, 2)], ids=str)
def test_numbers_of_any_arrow_type_keep_their_value(tmp_path: Path, kind: pa.DataType) -> None:
    sheet = written(tmp_path / "a.xlsx", {"n": pa.array([7, None]).cast(kind)})
    assert float(sheet["A2"].value) == 7 and sheet["A3"].value is None


def test_lists_and_bytes_are_told_in_text(tmp_path: Path) -> None:
    sheet = written(tmp_path / "a.xlsx", {"l": [["a", "b"]], "b": [b"\x01\xff"]})
    assert [c.value for c in sheet[2]] == ['["a", "b"]', "01ff"]


@settings(max_examples=200, deadline=None)
@given(st.floats(-1e15, 1e15))
def test_a_number_is_written_with_all_its_figures(number: float) -> None:
    xml = rows_xml([pa.array([number])], 2)
    assert xml is not None and float(str(xml.to_pybytes()).split("<v>")[1].split("</v>")[0]) == number


def test_rows_beyond_a_sheet_go_on_in_the_next_wherever_the_batches_end(tmp_path: Path) -> None:
    for sizes in ([30], [12, 12, 6], [5] * 6, [11, 13, 0, 6]):
        path, numbers = tmp_path / "a.xlsx", iter(range(30))
        parts = [
            pa.record_batch({"n": pa.array([next(numbers) for _ in range(s)], pa.int64())}) for s in sizes
        ]
        told = formats.write_xlsx(path, {"Bản": parts}, rows_a_sheet=12)
        assert told == [("Bản", 12), ("Bản (2)", 12), ("Bản (3)", 6)]
        book = openpyxl.load_workbook(path)
        read = [c.value for name, _ in told for c in book[name]["A"][1:]]
        assert read == list(range(30)) and [book[n]["A1"].value for n, _ in told] == ["n"] * 3
        assert [c.value for c in book["Ghi chú"][2]] == ["Bản", "dòng 13", "", "Còn tiếp ở trang “Bản (2)”."]


def test_a_sheet_too_big_for_a_plain_zip_goes_on_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_writing, "SHEET_BYTES", 2_000)
    path = tmp_path / "a.xlsx"
    told = formats.write_xlsx(path, {"a": [pa.record_batch({"n": list(range(25))})] * 4})
    assert sum(n for _, n in told) == 100 and len(told) > 1
    assert "Còn tiếp" in str([c.value for c in openpyxl.load_workbook(path)["Ghi chú"][2]])


@pytest.mark.parametrize("letter", ["a", "🐒", "<", "\x01"])
def test_a_text_too_long_for_a_cell_stands_whole_in_the_notes(tmp_path: Path, letter: str) -> None:
    path, text = tmp_path / "a.xlsx", letter * 40_000
    cut = unescape(written(path, {"k": ["x"], "t": [text]})["B2"].value)
    book = openpyxl.load_workbook(path)
    assert cut.endswith(xlsx_writing.CUT) and xlsx_writing._letters(cut) <= xlsx_writing.CELL
    assert "".join(unescape(r[3].value) for r in list(book["Ghi chú"].rows)[1:]) == text
    (table,) = formats.open(path).tables
    assert next(iter(table.batches())).to_pylist()[0]["t"] == text


def test_more_columns_than_a_sheet_holds_are_refused(tmp_path: Path) -> None:
    with pytest.raises(formats.FormatError, match="16385"):
        formats.write_xlsx(
            tmp_path / "a.xlsx", {"a": [pa.record_batch({f"c{i}": [1] for i in range(16_385)})]}
        )


def test_what_hinders_the_stream_is_told_as_it_is(tmp_path: Path) -> None:
    def rows() -> Iterator[pa.RecordBatch]:
        yield pa.record_batch({"n": [1]})
        raise OSError("đứt kết nối")

    with pytest.raises(OSError, match="đứt kết nối"):
        formats.write_xlsx(tmp_path / "a.xlsx", {"a": rows()})


def test_a_book_without_rows_has_its_headings_and_names_excel_allows(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    empty = pa.record_batch({"n": pa.array([], pa.int64()), "_row": pa.array([], pa.int64())})
    told = formats.write_xlsx(path, {"a/b": [empty], "A b": [], '<&\x01">': [empty]})
    book = openpyxl.load_workbook(path)
    assert [n for n, _ in told] == book.sheetnames == ["a b", "A b (2)", '<& ">']
    assert [c.value for c in book["a b"][1]] == ["n"] and book["A b (2)"].max_row == 1


def test_the_same_rows_are_the_same_file(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        written(tmp_path / name, {"n": [1, 2]})
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert zipfile.ZipFile(tmp_path / "a.xlsx").testzip() is None


def test_columns_are_lettered_as_excel_does() -> None:
    assert [letters(i) for i in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
