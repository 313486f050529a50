"""What a workbook's own XML says that its reader does not: errors, the epoch, codes with zeros, how far cells reach."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from formats import old_books, workbook_styles
from formats.source import FormatError

CELLS = 20_000_000  # of the box around a sheet's cells, which the reader holds in memory as a whole
BLOCK = 4 << 20
_NO_VALUE = (b"</f></c>", b"</f><v/></c>", b"</f><v></v></c>", b"</f><v /></c>")
_ERROR = re.compile(rb'<c\b(?=[^>]*\br="([A-Z]+)(\d+)")(?=[^>]*\bt="e")[^>]*>.*?<v>([^<]*)</v>', re.S)
_FAR = re.compile(rb'\br="([A-Z]{2,3})\d+"')
_ROW = re.compile(rb'<row\b[^>]*?\br="(\d+)"')
_HIDDEN = rb'(?=[^>]*\bhidden="(?:1|true)")'
_HIDDEN_ROW = re.compile(rb"<row\b" + _HIDDEN + rb'[^>]*?\br="(\d+)"')
_HIDDEN_COLUMN = re.compile(rb"<col\b" + _HIDDEN + rb'(?=[^>]*\bmin="(\d+)")(?=[^>]*\bmax="(\d+)")')
_CELL_ROW = re.compile(rb'<c\b[^>]*?\br="[A-Z]+(\d+)"')


@dataclass
class SheetParts:
    """One sheet: by (row, column) error cells, cells that show leading zeros, and dates of which a part is shown.

    Formulas without a result are counted; `hidden` are rows, `hidden_columns` columns that nobody sees, both from 0.
    """

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    zeros: dict[tuple[int, int], int] = field(default_factory=dict)
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    filtered: bool = False
    without_value: int = 0
    rows: int = 0
    columns: int = 1


@dataclass
class Parts:
    """The whole workbook."""

    since_1904: bool = False
    sheets: dict[str, SheetParts] = field(default_factory=dict)


def read(path: Path, names: list[str]) -> Parts:
    """The parts of an .xlsx workbook, and what an .xls or .ods hides. Sheets too wide to hold are refused."""
    parts = Parts()
    if not zipfile.is_zipfile(path):
        if old_books.is_xls(path):
            unseen, parts.since_1904 = old_books.of_xls(path)
            parts.sheets = _unseen(unseen, names)
        return parts
    with zipfile.ZipFile(path) as book:
        inside = set(book.namelist())
        if "xl/workbook.xml" not in inside:
            if "content.xml" in inside:
                parts.sheets = _unseen(old_books.of_ods(path), names)
            return parts
        head = book.read("xl/workbook.xml")
        parts.since_1904 = re.search(rb'\bdate1904\s*=\s*"(?:1|true)"', head) is not None
        widths = workbook_styles.forms(book.read("xl/styles.xml")) if "xl/styles.xml" in inside else {}
        for name, part in _sheets(book, head, inside):
            if name in names:
                parts.sheets[name] = _sheet(book, part, name, widths)
    return parts


def _unseen(found: Mapping[str, old_books.Unseen], names: list[str]) -> dict[str, SheetParts]:
    return {
        name: SheetParts(hidden=rows, hidden_columns=columns, filtered=filtered)
        for name, (rows, columns, filtered) in found.items()
        if name in names
    }


def cells(path: Path) -> int:
    """How many cells the boxes around the workbook's sheets hold together."""
    with zipfile.ZipFile(path) as book:
        inside = set(book.namelist())
        if "xl/workbook.xml" not in inside:
            raise ValueError("not an .xlsx workbook")
        parts = list(_sheets(book, book.read("xl/workbook.xml"), inside))
        found = [_sheet(book, part, name, {}) for name, part in parts]
    return sum(s.rows * max(s.columns, 26) for s in found)


def _sheet(book: zipfile.ZipFile, part: str, name: str, widths: dict[int, int | str]) -> SheetParts:
    found = SheetParts()
    styled = _styled(widths)
    for block in _blocks(book, part):
        found.without_value += sum(block.count(end) for end in _NO_VALUE)
        rows = _ROW.findall(block) or _CELL_ROW.findall(block)
        found.rows = max([found.rows, *map(int, rows)]) if rows else found.rows
        far = set(_FAR.findall(block))
        found.columns = max([found.columns, *(column_number(f.decode()) + 1 for f in far)])
        if b't="e"' in block:
            found.errors |= {
                (int(m[2]) - 1, column_number(m[1].decode())): m[3].decode() for m in _ERROR.finditer(block)
            }
        for m in styled.finditer(block) if styled is not None else ():
            at, form = (int(m[2]) - 1, column_number(m[1].decode())), widths[int(m[3])]
            if isinstance(form, int):
                found.zeros[at] = form
            else:
                found.shown[at] = form
        if b"hidden=" in block:
            found.hidden |= {int(n) - 1 for n in _HIDDEN_ROW.findall(block)}
            for first, last in _HIDDEN_COLUMN.findall(block):
                found.hidden_columns |= set(range(int(first) - 1, min(int(last), 16_384)))
        found.filtered |= b"<autoFilter" in block
        if found.rows * max(found.columns, 1) > CELLS and found.columns > 26:
            raise too_far(name, found.rows, found.columns)
    return found


def too_far(name: str, rows: int, columns: int) -> FormatError:
    """The refusal of a sheet whose cells reach too far to be held."""
    return FormatError(
        "sheet_too_large",
        f"Trang tính “{name}” có ô ở tận dòng {rows}, cột thứ {columns}: quá lớn để đọc an toàn.",
        f"The sheet {name!r} reaches row {rows} and column {columns}, too large to be read safely.",
        "Xoá các ô thừa ở xa, hoặc chép phần có dữ liệu sang một tệp mới rồi tải lên.",
        name,
    )


def _blocks(book: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The sheet's XML in pieces that end with a whole cell or row."""
    rest = b""
    with book.open(part) as stream:
        while block := stream.read(BLOCK):
            block = rest + block
            cut = max(block.rfind(b"<c "), block.rfind(b"<row"))
            if cut <= 0:
                cut = len(block)
            yield block[:cut]
            rest = block[cut:]
    if rest:
        yield rest


def _styled(widths: dict[int, int | str]) -> re.Pattern[bytes] | None:
    """Cells without a type (numbers) in one of these styles."""
    if not widths:
        return None
    one = "|".join(map(str, widths)).encode()
    return re.compile(
        rb'<c\b(?![^>]*\bt="(?!n"))(?=[^>]*\br="([A-Z]+)(\d+)")(?=[^>]*\bs="(' + one + rb')")[^>]*>\s*<v>'
    )


def _sheets(book: zipfile.ZipFile, head: bytes, inside: set[str]) -> Iterator[tuple[str, str]]:
    """Each sheet's name and the path of its XML inside the workbook."""
    from lxml import etree

    relations = book.read("xl/_rels/workbook.xml.rels") if "xl/_rels/workbook.xml.rels" in inside else b""
    targets = {}
    for relation in re.findall(rb"<Relationship\b[^>]*>", relations):
        ident, target = re.search(rb'\bId="([^"]+)"', relation), re.search(rb'\bTarget="([^"]+)"', relation)
        if ident and target:
            path = target[1].decode("utf-8", "replace")
            targets[ident[1].decode()] = path.lstrip("/") if path.startswith("/") else "xl/" + path
    root = etree.fromstring(head, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
    for sheet in root.iter("{*}sheet") if root is not None else ():
        key = next((str(v) for k, v in sheet.attrib.items() if str(k).endswith("}id")), "")
        part = targets.get(key, "")
        if part in inside:
            yield str(sheet.get("name") or ""), part


def column_number(letters: str) -> int:
    """0 for "A", 27 for "AB"."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
