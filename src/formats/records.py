"""The careful reader of odd text tables: every record once, with its row number."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from formats.source import Findings

csv.field_size_limit(1 << 30)
LINES_IN_A_RECORD = 2_000
_RETURN = "\ue00d"  # stands for a carriage return inside a line while the csv module looks at it


class _OpenQuote(Exception):
    """A quote that was opened and not closed within any sensible distance."""


def records(
    path: Path,
    start: int,
    delimiter: str,
    quote: str | None,
    findings: Findings,
    where: str,
    row: int = 0,
    *,
    nuls: bool = True,
) -> Iterator[tuple[int, list[str]]]:
    """Each record from byte `start` with its row number; blank lines are counted, not given."""
    with path.open("rb") as binary:
        binary.seek(start)
        text: Iterator[str] = io.TextIOWrapper(binary, encoding="utf-8", errors="replace", newline="\n")
        lines = _without_nuls(text, findings, where) if nuls else text
        if quote is None:
            for number, line in enumerate(lines, row + 1):
                line = line.removesuffix("\n").removesuffix("\r")
                if line:
                    yield number, line.split(delimiter)
            return
        yield from _quoted(lines, delimiter, quote, findings, where, row)


def _without_nuls(lines: Iterator[str], findings: Findings, where: str) -> Iterator[str]:
    """The lines without NUL characters, which are counted."""
    for line in lines:
        if "\0" in line:
            findings.add(
                "nul_bytes",
                "Tệp có ký tự NUL (thường do chép hỏng); các ký tự này đã được bỏ.",
                "The file holds NUL bytes, usually from a broken copy; they were left out.",
                "Mở và lưu lại tệp gốc nếu dữ liệu quanh đó có vẻ thiếu.",
                where=where,
                count=line.count("\0"),
            )
            line = line.replace("\0", "")
        yield line


def _quoted(
    lines: Iterator[str], delimiter: str, quote: str, findings: Findings, where: str, row: int
) -> Iterator[tuple[int, list[str]]]:
    """Records of quoted text; a quote left open is taken as a plain character of its line."""
    held: list[str] = []  # lines given back after an open quote
    taken: list[str] = []  # lines of the record under way
    ended = False

    def feed() -> Iterator[str]:
        nonlocal ended
        while True:
            if len(taken) >= LINES_IN_A_RECORD:
                raise _OpenQuote
            line = held.pop() if held else next(lines, None)
            if line is None:
                ended = True
                return
            taken.append(line)
            yield line.replace("\r", _RETURN) if "\r" in line else line

    reader = csv.reader(feed(), delimiter=delimiter, quotechar=quote)
    while True:
        taken.clear()
        try:
            cells = next(reader, None)
        except (_OpenQuote, csv.Error):
            cells, ended = [], True
        if not taken:
            return
        row += 1
        if ended:  # the file or the patience ended inside a quote
            findings.add(
                "open_quote",
                "Dấu ngoặc kép mở mà không đóng; được coi là ký tự thường của dòng.",
                "A quote is opened and never closed; it is taken as a plain character of its line.",
                "Sửa dấu ngoặc kép ở dòng này trong tệp gốc.",
                where=where,
                row=row,
            )
            cells = taken[0].removesuffix("\n").removesuffix("\r").split(delimiter)
            held.extend(reversed(taken[1:]))
            ended = False
            reader = csv.reader(feed(), delimiter=delimiter, quotechar=quote)
        elif len(taken) > 1:
            findings.add(
                "line_breaks_in_cells",
                "Có ô chứa dấu xuống dòng; số dòng được tính như trong Excel.",
                "Some cells hold line breaks; row numbers are counted as Excel does.",
                where=where,
                row=row,
            )
        if cells and any("\r" in line for line in taken):
            cells = [c.replace(_RETURN, "\r") for c in cells]
            if taken[-1].endswith(("\r", "\r\n")):  # the end of the line, not of the cell
                cells[-1] = cells[-1].removesuffix("\r")
            cells = [] if cells == [""] else cells
        if cells:
            yield row, cells
