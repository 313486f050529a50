"""Tables written as a workbook, a part of the rows at a time: nothing is cut, text stays text, dates stay dates."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from formats import xlsx_parts
from formats.csv_writing import READERS_OWN
from formats.source import FormatError
from formats.xlsx_cells import HEAD, letters, rows_xml

ROWS = 1_048_575  # of data, under the header
COLUMNS = 16_384
CELL = 32_767  # as Excel counts: letters beyond U+FFFF are two
NOTES = "Ghi chú"
NOTED = ("Trang tính", "Ô hoặc dòng", "Phần", "Nội dung")
CUT = f"… (đủ ở trang “{NOTES}”)"
PART_ROWS, PART_CELLS, PART_BYTES = 4_000, 400_000, 16 << 20  # of what is made into XML at a time
SHEET_BYTES = 1_900 << 20  # a longer part of a zip file would be one that Excel offers to repair


def write_xlsx(
    path: Path | str | IO[bytes], sheets: Mapping[str, Iterable[pa.RecordBatch]], *, rows_a_sheet: int = ROWS
) -> list[tuple[str, int]]:
    """Each sheet's name as written and its rows; a stream too long for one sheet goes on in the next.

    Numbers are written with all their figures (Excel shows fifteen). What went on in another sheet, and texts too
    long for a cell, in full, are listed on a last sheet "Ghi chú". More columns than Excel holds raise FormatError.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        return _Writer(archive, min(rows_a_sheet, ROWS)).write(sheets)


class _Writer:
    """A workbook under way: its sheets' names and the notes for its last sheet."""

    def __init__(self, archive: zipfile.ZipFile, rows_a_sheet: int) -> None:
        self.archive, self.rows_a_sheet = archive, rows_a_sheet
        self.names: list[str] = []
        self.notes: list[tuple[str, ...]] = []

    def write(self, sheets: Mapping[str, Iterable[pa.RecordBatch]]) -> list[tuple[str, int]]:
        """Every stream to its end, then the notes."""
        written = [part for name, batches in sheets.items() for part in self._stream(name, batches)]
        if self.notes:
            sheet = _Sheet(self, NOTES, [])
            sheet.write([pa.array(column) for column in zip(NOTED, *self.notes, strict=True)])
            sheet.close()
        elif not written:
            _Sheet(self, "Trống", []).close()
        for part, xml in xlsx_parts.others(self.names).items():
            with self.archive.open(part, "w") as out:
                out.write(xml.encode())
        return written

    def _stream(self, name: str, batches: Iterable[pa.RecordBatch]) -> list[tuple[str, int]]:
        parts: list[tuple[str, int]] = []
        sheet: _Sheet | None = None
        try:
            for columns, header in (piece for batch in batches for piece in _pieces(batch)):
                done = 0
                while sheet is None or done < len(columns[0]):
                    if sheet is not None and sheet.full(self.rows_a_sheet):
                        parts.append(sheet.close())
                        sheet = None
                    if sheet is None:
                        sheet = _Sheet(self, self._free(name), columns, header)
                    part = [c.slice(done, self.rows_a_sheet - sheet.rows) for c in columns]
                    sheet.write(part)
                    done += len(part[0])
        except BaseException:  # what hindered the stream is told, and not that a part of the file is open
            if sheet is not None:
                sheet.close()
            raise
        parts.append((sheet or _Sheet(self, self._free(name), [])).close())
        for (before, rows), (after, _) in pairwise(parts):
            self.notes.append((before, f"dòng {rows + 1}", "", f"Còn tiếp ở trang “{after}”."))
        return parts

    def _free(self, name: str) -> str:
        """A name Excel allows that no sheet has yet: "Bản ghi", then "Bản ghi (2)"."""
        base = re.sub(r"[\[\]:*?/\\\x00-\x1f\ufffe\uffff]", " ", name).strip().strip("'")[:31] or "Bảng"
        taken = {NOTES.lower(), *(n.lower() for n in self.names)}
        free, number = base, 2
        while free.lower() in taken:
            tail = f" ({number})"
            free, number = base[: 31 - len(tail)] + tail, number + 1
        return free


class _Sheet:
    """One sheet being written; `rows` of it stand under the heading, if it has one."""

    def __init__(
        self, book: _Writer, name: str, columns: list[pa.Array], header: Iterable[str] | None = None
    ) -> None:
        book.names.append(name)
        self.book, self.name, self.rows, self.size = book, name, 0, 0
        titles = list(header or ())
        self.out = book.archive.open(xlsx_parts.sheet_path(len(book.names)), "w")
        widths = [_width(t, c) for t, c in zip(titles, columns, strict=True)]
        self._put(xlsx_parts.sheet_begin(widths, len(book.names) == 1).encode())
        if titles:
            self._put(rows_xml([pa.array([t[:CELL]]) for t in titles], 1, HEAD))
        self.top = 2 if titles else 1

    def full(self, rows: int) -> bool:
        """Whether what follows belongs into another sheet."""
        return self.rows >= rows or self.size >= SHEET_BYTES

    def write(self, columns: list[pa.Array]) -> None:
        """These rows stand under the others."""
        first = self.top + self.rows
        fit = [self._fitting(c, i, first) for i, c in enumerate(columns)]
        self._put(rows_xml(fit, first))
        self.rows += len(columns[0])

    def close(self) -> tuple[str, int]:
        """The sheet stands; its name and how many rows."""
        self._put(xlsx_parts.SHEET_END.encode())
        self.out.close()
        return self.name, self.rows

    def _put(self, xml: bytes | pa.Buffer | None) -> None:
        if xml is not None:
            self.size += self.out.write(xml)

    def _fitting(self, column: pa.Array, index: int, first: int) -> pa.Array:
        """The column with the beginnings of texts too long for a cell; the whole texts go to the notes."""
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            return column
        if (pc.max(pc.binary_length(column)).as_py() or 0) <= CELL:
            return column
        cells = column.to_pylist()
        for row, cell in enumerate(cells):
            if cell is not None and _letters(cell) > CELL:
                cells[row] = self._long(f"{letters(index)}{first + row}", cell)
        return pa.array(cells, column.type)

    def _long(self, cell: str, text: str) -> str:
        """The beginning that fits; the whole text goes to the notes."""
        step = (CELL - 100) // (2 if _letters(text) > len(text) else 1)
        for part, at in enumerate(range(0, len(text), step), 1):
            self.book.notes.append((self.name, cell, str(part), text[at : at + step]))
        return text[:step] + CUT


def _pieces(batch: pa.RecordBatch) -> Iterator[tuple[list[pa.Array], list[str]]]:
    """The batch in parts small enough to be made into XML at once, without the reader's own columns."""
    header = [n for n in batch.schema.names if n not in READERS_OWN]
    if not header:
        return
    if len(header) > COLUMNS:
        raise FormatError(
            "too_many_columns",
            f"Bảng có {len(header)} cột; một trang tính Excel chỉ chứa được {COLUMNS} cột.",
            f"The table has {len(header)} columns; a sheet holds {COLUMNS}.",
            "Xuất ra tệp CSV, hoặc bỏ bớt cột.",
        )
    most = max(1, min(PART_ROWS, PART_CELLS // len(header)))
    at = 0
    while True:
        part = batch.slice(at, most)
        while part.num_rows > 1 and part.nbytes > PART_BYTES:
            part = part.slice(0, part.num_rows // 2)
        yield [part.column(n) for n in header], header
        at += part.num_rows
        if at >= batch.num_rows:
            return


def _letters(text: str) -> int:
    """How long Excel takes the text to be."""
    return len(text) + sum(c > "\uffff" for c in text)


def _width(title: str, column: pa.Array) -> int:
    widest = max((len(str(c)) for c in column.slice(0, 100).to_pylist() if c is not None), default=0)
    return min(max(len(title), widest, 8) + 2, 50)
