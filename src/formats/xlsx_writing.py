"""Tables written as a workbook, a row at a time: nothing is cut, text stays text, dates stay dates."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import xlsxwriter

from formats.csv_writing import READERS_OWN
from formats.rendering import render

ROWS = 1_048_575  # of data, under the header
CELL = 32_767
NOTES = "Ghi chú"
NOTED = ("Trang tính", "Ô hoặc dòng", "Phần", "Nội dung")
CUT = f"… (đủ ở trang “{NOTES}”)"
_EXCEL_BEGINS = dt.date(1900, 3, 1)  # earlier days are counted differently by different programs
_EXACT = 2**53


def write_xlsx(
    path: Path | str | IO[bytes], sheets: Mapping[str, Iterable[pa.RecordBatch]], *, rows_a_sheet: int = ROWS
) -> list[tuple[str, int]]:
    """Each sheet's name as written and its rows; a stream too long for one sheet goes on in the next.

    Numbers are written with all their figures (Excel shows fifteen). What went on in another sheet, and texts too
    long for a cell, in full, are listed on a last sheet "Ghi chú".
    """
    target = str(path) if isinstance(path, Path) else path
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        return _Writer(book, min(rows_a_sheet, ROWS)).write(sheets)


class _Exact(float):
    """A number that goes into the file with every figure it has, so that it reads back as itself."""

    def __format__(self, _spec: str) -> str:
        return repr(float(self))


class _Writer:
    """A workbook under way: its formats, the names taken and the notes for its last sheet."""

    def __init__(self, book: xlsxwriter.Workbook, rows_a_sheet: int) -> None:
        self.book, self.rows_a_sheet = book, rows_a_sheet
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.date = book.add_format({"num_format": "dd/mm/yyyy"})
        self.moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        self.taken = {NOTES.lower()}
        self.notes: list[tuple[str, ...]] = []

    def write(self, sheets: Mapping[str, Iterable[pa.RecordBatch]]) -> list[tuple[str, int]]:
        """Every stream to its end, then the notes."""
        written = [part for name, batches in sheets.items() for part in self._stream(name, batches)]
        if self.notes:
            sheet = self.book.add_worksheet(NOTES)
            for row, note in enumerate([NOTED, *self.notes]):
                for column, cell in enumerate(note):
                    sheet.write_string(row, column, cell)
        elif not written:
            self.book.add_worksheet("Trống")
        return written

    def _stream(self, name: str, batches: Iterable[pa.RecordBatch]) -> list[tuple[str, int]]:
        parts: list[tuple[str, int]] = []
        sheet, row = None, 0
        for batch in batches:
            kept = [n for n in batch.schema.names if n not in READERS_OWN]
            columns = [batch.column(n).to_pylist() for n in kept]
            for cells in zip(*columns, strict=True):
                if sheet is None or row == self.rows_a_sheet:
                    if sheet is not None:
                        parts.append((sheet.name, row))
                    sheet, row = self._sheet(name, kept, columns), 0
                row += 1
                self._row(sheet, row, cells)
            if sheet is None and kept:
                sheet = self._sheet(name, kept, columns)
        if sheet is None:
            sheet = self._sheet(name, [], [])
        parts.append((sheet.name, row))
        for (before, _), (after, _) in pairwise(parts):
            self.notes.append((before, f"dòng {self.rows_a_sheet + 1}", "", f"Còn tiếp ở trang “{after}”."))
        return parts

    def _sheet(self, name: str, header: list[str], columns: list[list[Any]]) -> Any:
        sheet = self.book.add_worksheet(self._free(name))
        for index, (title, cells) in enumerate(zip(header, columns, strict=True)):
            sheet.write_string(0, index, title[:CELL], self.head)
            widest = max((len(str(c)) for c in cells[:100] if c is not None), default=0)
            sheet.set_column(index, index, min(max(len(title), widest, 8) + 2, 50))
        sheet.freeze_panes(1, 0)
        return sheet

    def _free(self, name: str) -> str:
        """A name Excel allows that no sheet has yet: "Bản ghi", then "Bản ghi (2)"."""
        base = re.sub(r"[\[\]:*?/\\]", " ", name).strip().strip("'")[:31] or "Bảng"
        free, number = base, 2
        while free.lower() in self.taken:
            tail = f" ({number})"
            free, number = base[: 31 - len(tail)] + tail, number + 1
        self.taken.add(free.lower())
        return free

    def _row(self, sheet: Any, row: int, cells: tuple[Any, ...]) -> None:
        for column, cell in enumerate(cells):
            if cell is None:
                continue
            if type(cell) is str:
                if len(cell) > CELL:
                    cell = self._long(sheet.name, row, column, cell)
                sheet.write_string(row, column, cell)
            elif type(cell) is bool:
                sheet.write_boolean(row, column, cell)
            elif type(cell) in (int, float) and math.isfinite(cell) and abs(cell) < _EXACT:
                sheet.write_number(row, column, _Exact(cell) if type(cell) is float else cell)
            elif isinstance(cell, dt.datetime) and cell.tzinfo is None and cell.date() >= _EXCEL_BEGINS:
                sheet.write_datetime(row, column, cell, self.moment)
            elif isinstance(cell, dt.date) and not isinstance(cell, dt.datetime) and cell >= _EXCEL_BEGINS:
                sheet.write_datetime(row, column, cell, self.date)
            else:
                sheet.write_string(row, column, render(cell) or "")

    def _long(self, sheet: str, row: int, column: int, text: str) -> str:
        """The beginning that fits; the whole text goes to the notes."""
        cell = xlsxwriter.utility.xl_rowcol_to_cell(row, column)
        step = CELL - 100
        for part, at in enumerate(range(0, len(text), step), 1):
            self.notes.append((sheet, cell, str(part), text[at : at + step]))
        return text[:step] + CUT
