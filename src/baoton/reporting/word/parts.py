"""Tables and pictures of the report's body: each stands, with its caption, where the template left its mark."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.document import Document as DocumentType
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.shared import Cm, Pt

from baoton.kit.paper.layout import CENTRE, LEFT, centred, grid, repeat, whole, write

RIGHT_OF = 1
"""The column that holds words; every other is centred."""


@dataclass(frozen=True)
class Grid:
    """A table: its caption above it, heads with their widths in cm, rows of words, and whether the last is a sum."""

    caption: str
    heads: Sequence[tuple[str, float]]
    rows: Sequence[Sequence[str]]
    summed: bool = False


@dataclass(frozen=True)
class Drawn:
    """A picture with its caption below it."""

    caption: str
    png: bytes
    cm: float = 15.5


Part = Grid | Drawn


def mark(n: int) -> str:
    """What the template carries where a part belongs."""
    return f"⟦phần {n}⟧"


def put_parts(document: DocumentType, parts: Sequence[Part]) -> None:
    """Every part stands where its mark was; a template that left one out fails, nothing is lost."""
    places = {p.text.strip(): p for p in document.paragraphs if p.text.strip().startswith("⟦phần ")}
    for n, part in enumerate(parts):
        place = places.get(mark(n))
        if place is None:
            raise ValueError("mẫu báo cáo thiếu trường s.parts: bảng và hình của các mục sẽ mất")
        made = _grid(document, part) if isinstance(part, Grid) else _drawn(document, part)
        for one in made:
            place._p.addprevious(one)
        place._p.getparent().remove(place._p)


def put_details(document: DocumentType, name: str, parts: Sequence[Grid]) -> None:
    """The tables of details stand one after the other where the mark was, or a word that there is none."""
    place = next((p for p in document.paragraphs if p.text.strip() == name), None)
    if place is None:
        raise ValueError("mẫu báo cáo thiếu trường details_table")
    for part in parts:
        for one in _grid(document, part):
            place._p.addprevious(one)
    if parts:
        place._p.getparent().remove(place._p)
    else:
        place.runs[0].text = ""
        write(place, "Kỳ này không có số liệu chia nhỏ.", 13)


def _grid(document: DocumentType, part: Grid) -> list[Any]:
    caption = centred(document, part.caption, 13, bold=True)
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(6), Pt(4)
    caption.paragraph_format.keep_with_next = True
    table = grid(document, [width for _head, width in part.heads])
    _row(table.rows[0], part, [head for head, _width in part.heads], bold=True, head=True)
    repeat(table.rows[0])
    for n, words in enumerate(part.rows, 1):
        row = table.add_row()
        whole(row)
        _row(row, part, words, bold=part.summed and n == len(part.rows))
        if n < min(len(part.rows), 3):  # a head never stands alone at the foot of a page
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
    after = document.add_paragraph()
    after.paragraph_format.space_after = Pt(2)
    return [caption._p, table._tbl, after._p]


def _row(row: Any, part: Grid, words: Sequence[str], bold: bool = False, head: bool = False) -> None:
    for i, (cell, text, (_head, width)) in enumerate(zip(row.cells, words, part.heads, strict=True)):
        cell.width = Cm(width)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.alignment = LEFT if i == RIGHT_OF and not head else CENTRE
        paragraph.paragraph_format.keep_with_next = head
        write(paragraph, text, 12 if len(part.heads) < 8 else 11, bold=bold)


def _drawn(document: DocumentType, part: Drawn) -> list[Any]:
    picture = document.add_paragraph()
    picture.alignment = CENTRE
    picture.paragraph_format.keep_with_next = True
    picture.paragraph_format.space_before = Pt(6)
    picture.add_run().add_picture(io.BytesIO(part.png), width=Cm(part.cm))
    _told(picture, part.caption)
    caption = centred(document, part.caption, 13, italic=True)
    caption.paragraph_format.space_after = Pt(8)
    return [picture._p, caption._p]


def _told(picture: Any, words: str) -> None:
    """What whoever cannot see the picture is told."""
    for one in picture._p.iter(
        "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
    ):
        one.set("descr", words)
