"""Tables in HTML or in the XML of Excel 2003, which programs save under the name .xls; every cell is text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from formats import encodings, spreadsheet
from formats.source import FormatError, Source

SHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
LARGEST = 64 << 20
WIDEST = 4_000


@dataclass(frozen=True)
class Cell:
    """A cell's words, how many columns and rows it takes, and the column it states (counted from 1; 0 for the next)."""

    words: str
    wide: int = 1
    deep: int = 1
    at: int = 0


def kind(start: bytes) -> str:
    """ "html", "xml" (Excel 2003) or "" by the first bytes of a file."""
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in text or b'progid="excel.sheet"' in text:
        return "xml"
    return "html" if re.match(rb"<(!doctype html|html|table|head|meta|body|style|div)\b", text) else ""


def open_markup(path: Path, hint: Mapping[str, Any], source: Source) -> None:
    """Fill the source with each table that has two columns or more."""
    data = path.read_bytes()
    if len(data) > LARGEST:
        raise FormatError(
            "too_big",
            f"“{path.name}” là tệp HTML lớn hơn {LARGEST >> 20} MB.",
            f"{path.name} is HTML larger than {LARGEST >> 20} MB.",
            "Mở bằng Excel và lưu lại dạng .xlsx hoặc CSV.",
        )
    source.kind = "xlsx"
    tables = _of_xml(data, path) if kind(data[:4096]) == "xml" else _of_html(data, path, hint)
    for name, rows, merged in tables:
        table = spreadsheet.table_of(name, rows, merged, hint)
        if table is not None and len(table.columns) > 1:
            source.tables.append(table)
    source.findings.add(
        "markup_table",
        "Tệp mang tên .xls nhưng bên trong là trang HTML hoặc XML; các bảng được đọc dạng chữ.",
        "The file is named .xls but holds HTML or XML; its tables are read as text.",
        "Xem lại ngày và số trước khi ghi.",
    )


Sheet = tuple[str, list[list[Any]], list[Any]]


def _of_html(data: bytes, path: Path, hint: Mapping[str, Any]) -> Iterator[Sheet]:
    found = hint.get("encoding") or _stated(data) or encodings.survey(path).encoding
    try:
        root = lxml_html.document_fromstring(
            data.decode(str(found), errors="replace"), parser=lxml_html.HTMLParser(no_network=True)
        )
    except (LookupError, etree.ParserError, ValueError) as error:
        raise _unreadable(path, error) from error
    tables = [t for t in root.iter("table") if not any(True for _ in t.iterdescendants("table"))]
    for number, table in enumerate(tables, 1):
        name = path.stem if len(tables) == 1 else f"{path.stem} {number}"
        cells = [
            [
                Cell(_text(c), _number(c.get("colspan")), _number(c.get("rowspan")))
                for c in row
                if c.tag in ("td", "th")
            ]
            for row in table.iter("tr")
        ]
        yield name, *_laid_out(cells)


def _stated(data: bytes) -> str | None:
    found = re.search(rb"charset\s*=\s*[\"']?([\w-]+)", data[:4096], re.I)
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    return found[1].decode() if found else None


def _of_xml(data: bytes, path: Path) -> Iterator[Sheet]:
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise _unreadable(path, error) from error
    for sheet in root.iter(f"{SHEET}Worksheet"):
        rows: list[list[Cell]] = []
        for row in sheet.iter(f"{SHEET}Row"):
            index = _number(row.get(f"{SHEET}Index") or str(len(rows) + 1))
            rows.extend([] for _ in range(min(index - 1 - len(rows), 10_000)))
            rows.append([_xml_cell(cell) for cell in row.iter(f"{SHEET}Cell")])
        yield str(sheet.get(f"{SHEET}Name") or path.stem), *_laid_out(rows)


def _xml_cell(cell: Any) -> Cell:
    data = cell.find(f"{SHEET}Data")
    words = "" if data is None else "".join(data.itertext()).removesuffix("T00:00:00.000")
    across, down = (_number(cell.get(f"{SHEET}{n}") or "0", 0) for n in ("MergeAcross", "MergeDown"))
    return Cell(words, across + 1, down + 1, _number(cell.get(f"{SHEET}Index") or "0", 0))


def _number(text: str | None, least: int = 1) -> int:
    """A whole number of the markup, at least `least`, and `least` where it is none."""
    return max(int(text), least) if text and text.strip().isdigit() else least


def _laid_out(cells: list[list[Cell]]) -> tuple[list[list[Any]], list[Any]]:
    """Cells with their spans laid out as a grid, and the ranges of merged ones."""
    grid: list[list[Any]] = [[] for _ in cells]
    merged: list[Any] = []
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(cells):
        c = 0
        for cell in row:
            c = cell.at - 1 if cell.at else c
            while (r, c) in taken:
                c += 1
            wide, deep = min(cell.wide, WIDEST), min(cell.deep, len(cells) - r)
            if c + wide > WIDEST:
                break
            grid[r].extend([None] * (c + wide - len(grid[r])))
            grid[r][c] = cell.words or None
            if wide > 1 or deep > 1:
                merged.append(((r, c), (r + deep - 1, c + wide - 1)))
                taken |= {(r + i, c + j) for i in range(1, deep) for j in range(wide)}
            c += wide
    width = max(map(len, grid), default=0)
    return [row + [None] * (width - len(row)) for row in grid], merged


def _text(cell: Any) -> str:
    return " ".join("".join(cell.itertext()).replace("\u00a0", " ").split())


def _unreadable(path: Path, error: Exception) -> FormatError:
    return FormatError(
        "bad_workbook",
        f"Không đọc được bảng trong “{path.name}”: tệp hỏng.",
        f"The tables of {path.name} cannot be read: {error}",
        "Mở bằng Excel và lưu lại dạng .xlsx hoặc CSV.",
    )
