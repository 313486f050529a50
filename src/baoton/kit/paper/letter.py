"""An official letter (công văn): number and subject, who it goes to, words, a table, who receives copies."""

from dataclasses import dataclass
from io import BytesIO

from docx.shared import Cm, Pt

from baoton.kit.paper.layout import (
    CENTRE,
    LEFT,
    body,
    centred,
    foot,
    grid,
    head,
    page,
    repeat,
    whole,
    write,
)
from baoton.kit.paper.paper import Paper
from rulebook.paper import paper


@dataclass(frozen=True)
class Letter(Paper):
    """A letter to one body; `about` is its subject, `heads` the columns of its table (head, field, width in cm).

    The rows of the table are the field `rows`; `to` is who it goes to, `receivers` who gets a copy. `closing` stands
    below the table.
    """

    heads: tuple[tuple[str, str, float], ...] = ()
    closing: tuple[str, ...] = ()

    def made(self) -> bytes:
        """The template in the rulebook's layout, as the bytes of a Word file."""
        document = page()
        head(document, self.about)
        to = centred(document, paper().words["to"].format(to="{{ to }}"), 14)
        to.paragraph_format.space_before, to.paragraph_format.space_after = Pt(18), Pt(12)
        for text in self.paragraphs:
            body(document, text)
        if self.heads:
            self._table(document)
        for n, text in enumerate(self.closing):
            form = body(document, text).paragraph_format
            form.space_before, form.keep_with_next = (
                Pt(6 if n else 10),
                True,
            )  # a signature never stands alone
        foot(document, self.signer)
        out = BytesIO()
        document.save(out)
        return out.getvalue()

    def _table(self, document: object) -> None:
        """A row of heads, repeated on each page, and a row for each of `rows`."""
        table = grid(document, [width for _head, _name, width in self.heads])  # type: ignore[arg-type]
        for cell, (title, _name, width) in zip(table.rows[0].cells, self.heads, strict=True):
            cell.width = Cm(width)
            cell.paragraphs[0].alignment = CENTRE
            write(cell.paragraphs[0], title, 12, bold=True)
        repeat(table.rows[0])
        table.add_row().cells[0].paragraphs[0].add_run("{%tr for row in rows %}")
        row = table.add_row()
        whole(row)
        for cell, (_head, name, width) in zip(row.cells, self.heads, strict=True):
            cell.width = Cm(width)
            cell.paragraphs[0].alignment = CENTRE if width < 3 else LEFT
            write(cell.paragraphs[0], f"{{{{ row.{name} }}}}", 12)
        table.add_row().cells[0].paragraphs[0].add_run("{%tr endfor %}")
