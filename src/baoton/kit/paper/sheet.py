"""A document made of parts: grounds, articles, tables, a picture, and one signature or two beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT
from docx.shared import Cm, Mm, Pt

from baoton.kit.paper.layout import (
    CENTRE,
    JUSTIFY,
    LEFT,
    bare_table,
    body,
    centred,
    foot,
    grid,
    head,
    page,
    repeat,
    rule,
    whole,
    write,
)
from baoton.kit.paper.paper import Paper
from rulebook.paper import paper

SHORT = 40
"""A line of fewer characters is not stretched over the page."""


@dataclass(frozen=True)
class Ground:
    """A line of what the document rests on, in italics."""

    text: str


@dataclass(frozen=True)
class Centred:
    """A bold line in the middle, such as who decides."""

    text: str


@dataclass(frozen=True)
class Article:
    """A paragraph whose first words are bold: `Điều 1.` of a decision, a heading of a minute."""

    name: str
    text: str


@dataclass(frozen=True)
class Table:
    """The rows of the field `rows` under heads (head, field of a row, width in cm); `none` where there are none."""

    rows: str
    heads: tuple[tuple[str, str, float], ...]
    none: str = ""


@dataclass(frozen=True)
class Shown:
    """The picture of a field, in the middle, with words under it."""

    field: str
    under: str = ""


@dataclass(frozen=True)
class When:
    """Parts that are printed only where the field is known (`not_` turns it round)."""

    field: str
    parts: "Sequence[Part]"


Part = str | Ground | Centred | Article | Table | Shown | When


@dataclass(frozen=True)
class Sheet(Paper):
    """A document whose body is `parts`; with `sides` both sign it and nobody else receives it; `wide` lies across."""

    parts: Sequence[Part] = ()
    sides: tuple[str, str] | None = None
    wide: bool = False

    def made(self) -> bytes:
        """The template in the rulebook's layout, as the bytes of a Word file."""
        document = page()
        if self.wide:
            _across(document)
        head(document)
        centred(document, self.title.upper(), 14, bold=True).paragraph_format.space_before = Pt(14)
        if self.about:
            centred(document, self.about, 14, bold=True)
        rule(document, 3.2, 25.2 if self.wide else 16.0)
        body(document).paragraph_format.space_after = Pt(0)
        for part in self.parts:
            lay(document, part)
        for line in document.paragraphs[-3:]:  # a signature never stands alone on its page
            line.paragraph_format.keep_with_next = True
        if self.sides is None:
            foot(document, self.signer)
        else:
            _signed_by_both(document, self.sides)
        out = BytesIO()
        document.save(out)
        return out.getvalue()


def lay(document: DocumentType, part: Part) -> None:
    """One part stands at the end of the template."""
    if isinstance(part, str):
        body(document, part)
    elif isinstance(part, Ground):
        body(document, part.text, italic=True)
    elif isinstance(part, Centred):
        line = centred(document, part.text, 14, bold=True).paragraph_format
        line.space_before = line.space_after = Pt(8)
    elif isinstance(part, Article):
        line = body(document, f"{part.name} ", bold=True)
        line.alignment = LEFT if len(part.text) < SHORT else JUSTIFY
        line.paragraph_format.keep_with_next = not part.text  # a heading never stands at the foot of a page
        write(line, part.text)
    elif isinstance(part, Shown):
        centred(document, f"{{{{ {part.field} }}}}").paragraph_format.keep_with_next = bool(part.under)
        if part.under:
            centred(document, part.under, 11, italic=True)
    elif isinstance(part, When):
        document.add_paragraph(f"{{%p if {part.field} %}}")
        for one in part.parts:
            lay(document, one)
        document.add_paragraph("{%p endif %}")
    else:
        _table(document, part)


def _table(document: DocumentType, part: Table) -> None:
    """Heads on every page, a row for each of the field's rows, and words instead where it has none."""
    document.add_paragraph(f"{{%p if {part.rows} %}}")
    table = grid(document, [width for _head, _name, width in part.heads])
    for cell, (title, _name, width) in zip(table.rows[0].cells, part.heads, strict=True):
        cell.width = Cm(width)
        cell.paragraphs[0].alignment = CENTRE
        write(cell.paragraphs[0], title, 12, bold=True)
    repeat(table.rows[0])
    table.add_row().cells[0].paragraphs[0].add_run(f"{{%tr for row in {part.rows} %}}")
    row = table.add_row()
    whole(row)
    for cell, (_head, name, width) in zip(row.cells, part.heads, strict=True):
        cell.width = Cm(width)
        cell.paragraphs[0].alignment = CENTRE if width < 2.4 else LEFT
        write(cell.paragraphs[0], f"{{{{ row.{name} }}}}", 12)
    table.add_row().cells[0].paragraphs[0].add_run("{%tr endfor %}")
    document.add_paragraph().paragraph_format.space_after = Pt(2)
    document.add_paragraph("{%p else %}")
    body(document, part.none or "……")
    document.add_paragraph("{%p endif %}")


def _signed_by_both(document: DocumentType, sides: tuple[str, str]) -> None:
    """Room for two signatures beside each other, kept on one page; fields: `left_name`, `right_name`."""
    below = bare_table(document, [8.2, 8.4])
    for cell, side, name in zip(below.rows[0].cells, sides, ("left_name", "right_name"), strict=True):
        centred(cell, side.upper(), 13, bold=True).paragraph_format.space_before = Pt(10)
        centred(cell, paper().words["sign"], 12, italic=True)
        centred(cell, f"{{{{ {name} }}}}", 14, bold=True).paragraph_format.space_before = Pt(54)
    whole(below.rows[0])


def _across(document: DocumentType) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(paper().page.paper_mm[1]), Mm(paper().page.paper_mm[0])
    section.left_margin, section.right_margin = Mm(25), Mm(20)


__all__ = ["Article", "Centred", "Ground", "Part", "Sheet", "Shown", "Table", "When"]
