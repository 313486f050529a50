"""Slides of one look: a heading, tables that go on on the next slide, native charts, pictures; nothing runs over."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Cm, Pt

WIDE, TALL, EDGE, TOP, FOOT = 33.867, 19.05, 1.5, 3.1, 17.2
FONT, INK, GREEN, RED, AMBER, SOFT, HEAD = "Arial", "1D2623", "2C8566", "A3271F", "8A5A00", "51635D", "E3EFE9"
COLOURS = {"met": GREEN, "not": RED, "unsure": AMBER, "late": RED}
LETTER, LINE, PAD = 0.0195, 0.044, 0.24
"""What a letter takes in width and a line in height, in cm a point of its size, and the room in a cell around them."""


Heads = Sequence[tuple[str, float]]


@dataclass(frozen=True)
class Rows:
    """A table: its heads with their share of the width, rows of words, a colour (a state) a row where there is one."""

    heads: Heads
    rows: Sequence[Sequence[str]]
    states: Mapping[int, str] = field(default_factory=dict)
    coloured: int = -1
    bold: frozenset[int] = frozenset()
    size: float = 14


class Deck:
    """The slides of one presentation; `mark` is said at the foot of each."""

    def __init__(self, mark: str, number: str) -> None:
        self.file: Any = Presentation()
        self.file.slide_width, self.file.slide_height = Cm(WIDE), Cm(TALL)
        self.mark, self.number = mark, number

    def slide(self, title: str, note: str = "") -> Any:
        """A slide with its heading, its foot, and what is said of it in the notes of whoever speaks."""
        made = self.file.slides.add_slide(self.file.slide_layouts[5])
        head = made.shapes.title
        head.left, head.top, head.width, head.height = Cm(EDGE), Cm(0.7), Cm(WIDE - 2 * EDGE), Cm(2.0)
        size = 28 if lines(title, WIDE - 2 * EDGE, 28) == 1 else 22
        put(head.text_frame, title, size, bold=True, colour=GREEN)
        head.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        self.words(made, self.mark, 11, FOOT + 0.8, colour=SOFT)
        self.words(made, self.number % len(self.file.slides), 11, FOOT + 0.8, colour=SOFT, right=True)
        if note:
            made.notes_slide.notes_text_frame.text = note
        return made

    def words(
        self,
        slide: Any,
        text: str,
        size: float,
        top: float,
        *,
        left: float = EDGE,
        width: float = 0.0,
        bold: bool = False,
        colour: str = INK,
        right: bool = False,
    ) -> float:
        """A paragraph at a height; answers where it ends."""
        width = width or WIDE - 2 * EDGE
        tall = lines(text, width, size) * LINE * size + PAD
        box = slide.shapes.add_textbox(Cm(left), Cm(top), Cm(width), Cm(tall))
        put(box.text_frame, text, size, bold=bold, colour=colour)
        if right:
            box.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
        return top + tall

    def tables(self, title: str, told: Rows, note: str = "", more: str = "%s (%d)") -> None:
        """The table on as many slides as it needs; those after the first say which they are."""
        for n, part in enumerate(self.parts(fitted(told), WIDE - 2 * EDGE, FOOT - TOP), 1):
            self.table(self.slide(title if n == 1 else more % (title, n), note), part)

    def parts(self, told: Rows, width: float, tall: float) -> Iterator[Rows]:
        """The table cut where a slide is full."""
        room = tall - _tall([h for h, _w in told.heads], told, width)
        held: list[int] = []
        left = room
        for i, row in enumerate(told.rows):
            needs = _tall(row, told, width)
            after = told.rows[i + 1 : i + 2] if i in told.bold else ()  # a heading goes on with what it heads
            if held and needs + sum(_tall(r, told, width) for r in after) > left:
                yield _some(told, held)
                held, left = [], room
            held.append(i)
            left -= needs
        if held or not told.rows:
            yield _some(told, held)

    def table(
        self, slide: Any, told: Rows, left: float = EDGE, top: float = TOP, width: float = WIDE - 2 * EDGE
    ) -> float:
        """The table on a slide; answers where it ends."""
        widths = widths_of(told, width)
        heads = [head for head, _w in told.heads]
        heights = [_tall(cells, told, width) for cells in (heads, *told.rows)]
        shape = slide.shapes.add_table(
            len(heights), len(heads), Cm(left), Cm(top), Cm(width), Cm(sum(heights))
        )
        table = shape.table
        table.first_row, table.horz_banding = True, False
        for column, wide in zip(table.columns, widths, strict=True):
            column.width = Cm(wide)
        for n, (row, cells) in enumerate(zip(table.rows, (heads, *told.rows), strict=True)):
            row.height = Cm(heights[n])
            for c, text in enumerate(cells):
                colour = INK
                if n and (told.coloured in (-1, c)) and n - 1 in told.states:
                    colour = COLOURS.get(told.states[n - 1], INK)
                bold = not n or n - 1 in told.bold or colour != INK
                _cell(row.cells[c], text, told, c, head=not n, bold=bold, colour=colour)
        return top + sum(heights)

    def bars(
        self, slide: Any, series: Mapping[str, Sequence[float | None]], names: Sequence[str], about: str,
        left: float, top: float, width: float, tall: float, digits: str = "#,##0",
    ) -> None:  # fmt: skip
        """A bar chart that PowerPoint edits, its numbers beside the bars."""
        data: Any = CategoryChartData(number_format=digits)  # type: ignore[no-untyped-call]
        data.categories = list(reversed(names))
        for name, values in series.items():
            data.add_series(name, list(reversed(list(values))))
        shape = slide.shapes.add_chart(
            XL_CHART_TYPE.BAR_CLUSTERED, Cm(left), Cm(top), Cm(width), Cm(tall), data
        )
        described(shape, about)
        chart = shape.chart
        chart.font.size, chart.font.name = Pt(14), FONT
        chart.has_title, chart.has_legend = False, len(series) > 1
        if chart.has_legend:
            chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
        chart.value_axis.minimum_scale = 0
        plot = chart.plots[0]
        plot.gap_width, plot.has_data_labels = 45, True
        plot.data_labels.number_format, plot.data_labels.number_format_is_linked = digits, False
        plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
        for one, colour in zip(plot.series, (GREEN, "C7A02B", "51635D"), strict=False):
            one.format.fill.solid()
            one.format.fill.fore_color.rgb = rgb(colour)

    def picture(
        self, slide: Any, png: bytes, about: str, left: float, top: float, width: float, tall: float
    ) -> None:
        """A picture within the room there is, its shape kept."""
        shape = slide.shapes.add_picture(io.BytesIO(png), Cm(left), Cm(top), width=Cm(width))
        if shape.height > Cm(tall):
            shape.width, shape.height = int(shape.width * Cm(tall) / shape.height), Cm(tall)
        described(shape, about)

    def bytes(self) -> bytes:
        held = io.BytesIO()
        self.file.save(held)
        return held.getvalue()


def fitted(told: Rows, width: float = WIDE - 2 * EDGE, tall: float = FOOT - TOP) -> Rows:
    """The table in the largest type in which one slide holds it; a long one stays as it is."""
    heads = [head for head, _w in told.heads]
    for size in (20.0, 18.0, 16.0):
        larger = replace(told, size=size)
        if size > told.size and sum(_tall(row, larger, width) for row in (heads, *told.rows)) <= tall:
            return larger
    return told


def lines(text: str, width: float, size: float) -> int:
    """How many lines words take at a width in cm, where a word is never cut."""
    most, told = max(1, int((width - PAD) / (LETTER * size))), 0
    for paragraph in text.split("\n") or [""]:
        told, used = told + 1, 0
        for word in paragraph.split():
            if used and used + 1 + len(word) > most:
                told, used = told + 1, 0
            used += len(word) + (1 if used else 0)
            told, used = told + (used - 1) // most, (used - 1) % most + 1
    return told


def widths_of(told: Rows, width: float) -> list[float]:
    """The widths of the columns in cm."""
    whole = sum(share for _head, share in told.heads)
    return [width * share / whole for _head, share in told.heads]


def _tall(cells: Sequence[str], told: Rows, width: float) -> float:
    """How tall a row is: its tallest cell."""
    most = max(lines(text, wide, told.size) for text, wide in zip(cells, widths_of(told, width), strict=True))
    return most * LINE * told.size + PAD


def _some(told: Rows, which: Sequence[int]) -> Rows:
    states = {n: told.states[i] for n, i in enumerate(which) if i in told.states}
    bold = frozenset(n for n, i in enumerate(which) if i in told.bold)
    return Rows(told.heads, [told.rows[i] for i in which], states, told.coloured, bold, told.size)


def put(frame: Any, text: str, size: float, bold: bool = False, colour: str = INK) -> None:
    """The words of a frame in one type."""
    frame.word_wrap = True
    for n, part in enumerate(text.split("\n")):
        paragraph = frame.paragraphs[0] if not n else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        run = paragraph.add_run()
        run.text, run.font.size, run.font.bold, run.font.name = part, Pt(size), bold, FONT
        run.font.color.rgb = rgb(colour)
        paragraph._p.get_or_add_endParaRPr().set("sz", str(int(size * 100)))  # an empty cell is no taller


def rgb(colour: str) -> Any:
    return RGBColor.from_string(colour)  # type: ignore[no-untyped-call]


def described(shape: Any, about: str) -> None:
    """What whoever cannot see it is told."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", about)


def _cell(cell: Any, text: str, told: Rows, column: int, *, head: bool, bold: bool, colour: str) -> None:
    put(cell.text_frame, text, told.size, bold=bold, colour=colour)
    if column and not head and _numeric(text):
        cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_left = cell.margin_right = Cm(0.12)
    cell.margin_top = cell.margin_bottom = Cm(0.06)
    cell.fill.solid()
    cell.fill.fore_color.rgb = rgb(HEAD if head else "FFFFFF")
    properties = cell._tc.get_or_add_tcPr()
    for n, side in enumerate(("a:lnL", "a:lnR", "a:lnT", "a:lnB")):
        line = OxmlElement(side)
        line.set("w", "6350")
        fill = OxmlElement("a:solidFill")
        shade = OxmlElement("a:srgbClr")
        shade.set("val", "B9C7C1")
        fill.append(shade)
        line.append(fill)
        properties.insert(n, line)


def _numeric(text: str) -> bool:
    return text[:1].isdigit() or text in ("–", "")
