"""Sheets as offices send them: merged, hidden, in error, counted from 1904, read twice; each is mended or told."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

import formats
from formats import legacy, twice_read

Fill = Callable[[Any, Any], None]


def book(tmp_path: Path, fill: Fill, **options: Any) -> formats.Source:
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path, options) as workbook:
        fill(workbook, workbook.add_worksheet("Điều tra"))
    return formats.open(path)


def cells(source: formats.Source, table: int = 0) -> list[list[str | None]]:
    rows = [r for b in source.tables[table].batches() for r in b.to_pylist()]
    return [[v for k, v in r.items() if k != "_row"] for r in rows]


def codes(source: formats.Source) -> set[str]:
    return {w.code for w in source.warnings}


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        ([(1, 0, 3, 0)], [["T1", "a"], ["T1", "b"], ["T1", "c"], [None, "d"]]),
        ([(1, 0, 4, 0)], [["T1", "a"], ["T1", "b"], ["T1", "c"], ["T1", "d"]]),
        ([(2, 0, 3, 0)], [[None, "a"], ["T1", "b"], ["T1", "c"], [None, "d"]]),
        ([(1, 0, 2, 0), (3, 0, 4, 0)], [["T1", "a"], ["T1", "b"], ["T1", "c"], ["T1", "d"]]),
        ([], [[None, "a"], [None, "b"], [None, "c"], [None, "d"]]),
    ],
)
def test_a_cell_merged_downwards_stands_in_every_row(
    ranges: list[tuple[int, int, int, int]], expected: list[list[str | None]], tmp_path: Path
) -> None:
    def fill(_workbook: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["Tuyến", "Loài"])
        for row, name in enumerate("abcd", 1):
            sheet.write(row, 1, name)
        for one in ranges:
            sheet.merge_range(*one, "T1")

    source = book(tmp_path, fill)
    assert cells(source) == expected and ("merged_filled" in codes(source)) == bool(ranges)


def test_a_section_merged_across_is_not_spread(tmp_path: Path) -> None:
    def fill(_workbook: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["STT", "Loài", "Số"])
        sheet.merge_range(1, 0, 1, 2, "I. BỘ LINH TRƯỞNG")
        sheet.write_row(2, 0, [1, "Macaca mulatta", 3])

    assert cells(book(tmp_path, fill))[0] == ["I. BỘ LINH TRƯỞNG", None, None]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!"])
def test_a_cell_in_error_is_blank_and_told(error: str, tmp_path: Path) -> None:
    def fill(_workbook: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["Loài", "Số"])
        sheet.write_formula(1, 0, "=NA()", None, error)
        sheet.write(1, 1, 3)

    source = book(tmp_path, fill)
    assert cells(source) == [[None, "3"]] and "error_cell" in codes(source)
    assert source.tables[0].kinds["Số"] == "integer"


@pytest.mark.parametrize(
    ("form", "number", "shown"),
    [("00000", 3388, "03388"), ("000", 7, "007"), ("00", 12, "12"), ("0", 7, "7"), ("0.00", 7, "7"),
     ("0000000000", 912345678, "0912345678")],
)  # fmt: skip
def test_zeros_a_format_shows_are_kept(form: str, number: int, shown: str, tmp_path: Path) -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["Mã xã", "Loài"])
        sheet.write_number(1, 0, number, workbook.add_format({"num_format": form}))
        sheet.write(1, 1, "a")

    assert cells(book(tmp_path, fill))[0][0] == shown


@pytest.mark.parametrize("since_1904", [True, False])
def test_the_epoch_of_the_book_is_said(since_1904: bool, tmp_path: Path) -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["Loài", "Ngày"])
        sheet.write(1, 0, "a")
        sheet.write_datetime(1, 1, dt.datetime(2015, 9, 2), workbook.add_format({"num_format": "dd/mm/yyyy"}))

    source = book(tmp_path, fill, date_1904=since_1904)
    assert cells(source) == [["a", "2015-09-02"]]
    assert bool(source.tables[0].metadata.get("since_1904")) == since_1904 == ("since_1904" in codes(source))


def test_a_hidden_sheet_says_so(tmp_path: Path) -> None:
    def fill(workbook: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["Loài", "Số"])
        sheet.write_row(1, 0, ["a", 1])
        for name, hide in (("Nháp", "hide"), ("Ẩn kỹ", "very_hidden")):
            other = workbook.add_worksheet(name)
            other.write_row(0, 0, ["Loài", "Số"])
            other.write_row(1, 0, ["b", 2])
            getattr(other, hide)()

    source = book(tmp_path, fill)
    assert [bool(t.metadata.get("hidden")) for t in source.tables] == [False, True, True]


WORDS = ("Tên khoa học", "Vượn đen tuyền", "xã Mù Cả", "Nguyễn Văn Đức", "ăn quả vả, bỏ chạy khi thấy người",
         "Ưng Ấn Độ",
         "Khỉ vàng", "Đàn đông", "Ếch ương", "cầy vòi hương")  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_utf8_read_twice_is_put_right(word: str) -> None:
    wrong = word.encode().decode("latin-1")
    assert twice_read.looks(wrong) and twice_read.undone(wrong) == word == twice_read.mended(wrong)
    assert not twice_read.looks(word) and twice_read.mended(word) == word


def test_a_whole_file_read_twice_is_mended_and_told(tmp_path: Path) -> None:
    text = "Mã,Tên khoa học,Người ghi nhận\n1,Vượn đen tuyền,Nguyễn Văn Đức\n2,Khỉ vàng,Lò Thị Ương\n"
    (tmp_path / "a.csv").write_text(text.encode().decode("latin-1"), encoding="utf-8")
    source = formats.open(tmp_path / "a.csv")
    assert source.tables[0].columns[1] == "Tên khoa học"
    assert cells(source)[0][:3] == ["1", "Vượn đen tuyền", "Nguyễn Văn Đức"] and "utf8_twice_mended" in codes(
        source
    )


@pytest.mark.parametrize(
    "text",
    [
        "São Paulo",
        "Müller",
        "Ångström",
        "ÂM U",
        "MÃ SỐ",
        "XÃ “MÙ CẢ”",
        "TÊN XÃ – HUYỆN",
        "Crème brûlée",
        "TÃN",
        "naïve",
    ],
)
def test_other_languages_are_left_alone(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"a,b\n{text},1\n{text},2\n{text},3\n", encoding="utf-8")
    source = formats.open(tmp_path / "a.csv")
    assert cells(source)[0][0] == text and not codes(source) & {"utf8_twice_mended", "looks_utf8_twice"}


def test_lost_letters_refuse_the_file_and_a_choice_reads_the_rest(tmp_path: Path) -> None:
    wrong = "TÃªn khoa há»\ufffdc,NgÃ y\nVÆ°á»£n Ä\ufffden,2025\n"
    (tmp_path / "a.csv").write_text(wrong, encoding="utf-8")
    with pytest.raises(formats.FormatError) as error:
        formats.open(tmp_path / "a.csv")
    assert error.value.code == "utf8_twice"
    source = formats.open(tmp_path / "a.csv", hint={"text_encoding": "utf8-twice"})
    assert source.tables[0].columns[0].startswith("Tên khoa")


@pytest.mark.parametrize("word", WORDS)
def test_decomposed_unicode_is_no_older_font(word: str) -> None:
    import unicodedata

    assert legacy.suspect([unicodedata.normalize("NFD", word)] * 5) is None
