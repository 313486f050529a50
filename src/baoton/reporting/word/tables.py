"""The appendix table a commune a row: its columns are the figures told by commune, numbered as forms do."""

import copy
import io
from typing import Any

import segno
from docx.document import Document as DocumentType
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.table import _Cell, _Row

from baoton.kit.paper.layout import CENTRE, LEFT, grid, repeat, whole, write
from baoton.reporting.communes import NOWHERE, Communes
from baoton.reporting.queries import Told, number

WIDTH = 25.7
FIRST = (1.0, 4.4)
UNKNOWN = "–"
ELSEWHERE = "Không nêu xã, phường"


def put_communes(document: DocumentType, mark: str, told: Communes) -> None:
    """The table stands where the mark was; a template without the mark fails, the appendix is never lost."""
    place = next((p for p in document.paragraphs if p.text.strip() == mark), None)
    if place is None:
        raise ValueError("mẫu báo cáo thiếu trường communes_table")
    at, count = place._p, 2
    for columns in told.tables or [[]]:
        table = _table(document, told, columns, count)
        between = document.add_paragraph()._p  # without it two tables become one
        at.addnext(table._tbl)
        table._tbl.addnext(between)
        at, count = between, count + len(columns)
    at.getparent().remove(at)
    place._p.getparent().remove(place._p)


def _table(document: DocumentType, told: Communes, columns: list[Told], before: int) -> Any:
    """Every commune with some of the columns, numbered on from those before."""
    rest = (WIDTH - sum(FIRST)) / max(1, len(columns))
    table = grid(document, [*FIRST, *[rest] * len(columns)])
    heads = ["TT", "Xã, phường", *[f"{c.label} ({c.unit})" for c in columns]]
    blank = copy.deepcopy(table._tbl.tr_lst[0])
    for cell, column in zip(blank.tc_lst, table._tbl.tblGrid.gridCol_lst, strict=True):
        cell.width = column.w
    cells = Cells(table)
    cells.row(table._tbl.tr_lst[0], heads, bold=True)
    numbers = [1, 2, *range(before + 1, before + 1 + len(columns))]
    cells.row(added(table, blank), [f"({i})" for i in numbers], italic=True)
    for row in table.rows:
        repeat(row)
    rows = [*told.rows, *([(NOWHERE, ELSEWHERE)] if told.nowhere else [])]
    for i, (path, name) in enumerate(rows, 1):
        known = [told.cell(path, c.name) for c in columns]
        words = [UNKNOWN if v is None else number(v) for v in known]
        cells.row(added(table, blank), [str(i) if path else "", name, *words])
    for row in table.rows[:5]:  # heads never stand alone at the foot of a page
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    total = [c.text if c.value is not None else UNKNOWN for c in columns]
    cells.row(added(table, blank), ["", "Toàn tỉnh", *total], bold=True)
    return table


def added(table: Any, blank: Any) -> Any:
    """Another empty row at the end of the table."""
    fresh = copy.deepcopy(blank)
    table._tbl.append(fresh)
    return fresh


class Cells:
    """The cells of one table: the first of each look is made in full, those alike are its copies with other words."""

    def __init__(self, table: Any) -> None:
        self.table = table
        self.made: dict[tuple[bool, bool, bool, bool], Any] = {}

    def row(self, row: Any, words: list[str], bold: bool = False, italic: bool = False) -> None:
        """The row has these words and is never broken over two pages."""
        whole(_Row(row, self.table))
        for i, (cell, text) in enumerate(zip(row.tc_lst, words, strict=True)):
            look = (bold, italic, i == 1 and not italic and not bold, bool(text))
            if look not in self.made:
                self._make(_Cell(cell, self.table), text, look)
                self.made[look] = copy.deepcopy(cell)
                continue
            alike = copy.deepcopy(self.made[look])
            alike.tcPr.replace(alike.tcPr.tcW, cell.tcPr.tcW)
            if text:
                next(alike.iter(qn("w:t"))).text = text
            row.replace(cell, alike)

    def _make(self, cell: _Cell, text: str, look: tuple[bool, bool, bool, bool]) -> None:
        bold, italic, left, _some = look
        paragraph = cell.paragraphs[0]
        paragraph.alignment = LEFT if left else CENTRE
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        write(paragraph, text, 10, bold, italic)
        _tight(cell)


def _tight(cell: object) -> None:
    """Little room left and right, so that ten columns fit."""
    properties = cell._tc.get_or_add_tcPr()  # type: ignore[attr-defined]
    margins = OxmlElement("w:tcMar")
    for side in ("left", "right"):
        one = OxmlElement(f"w:{side}")
        one.set(qn("w:w"), "40")
        one.set(qn("w:type"), "dxa")
        margins.append(one)
    before = properties.find(qn("w:vAlign"))
    properties.append(margins) if before is None else before.addprevious(margins)


def put_picture(document: DocumentType, mark: str, address: str) -> None:
    """What a telephone reads stands where the mark was; a template without the mark has no picture."""
    for table in document.tables:
        for cell in table._cells:
            for paragraph in cell.paragraphs:
                if paragraph.text.strip() == mark:
                    held = io.BytesIO()
                    segno.make(address, error="m").save(held, kind="png", scale=8, border=2)
                    paragraph.clear()
                    paragraph.add_run().add_picture(io.BytesIO(held.getvalue()), width=Cm(3.2))
