"""An official letter (công văn): number and subject, who it goes to, words, a table, who receives copies."""

from dataclasses import dataclass
from io import BytesIO

from docx.shared import Cm, Pt

from baoton.kit.paper.layout import (
    CENTRE,
    LEFT,
    bare_table,
    body,
    centred,
    field,
    grid,
    page,
    repeat,
    rule,
    whole,
    write,
)
from baoton.kit.paper.paper import Paper
from rulebook.paper import nation_lines


@dataclass(frozen=True)
class Letter(Paper):
    """A letter to one body; `about` is its subject, `heads` the columns of its table (head, field, width in cm).

    The rows of the table are the field `rows`; `to` is who it goes to, `receivers` who gets a copy. `closing` stands
    below the table.
    """

    heads: tuple[tuple[str, str, float], ...] = ()
    closing: tuple[str, ...] = ()

    def made(self) -> bytes:
        """The template in the decree's layout, as the bytes of a Word file."""
        document = page()
        line = document.sections[0].header.paragraphs[0]
        line.alignment = CENTRE
        field(line, "PAGE", 13)
        centred(document.sections[0].first_page_header, "{{ draft }}", 12, bold=True)
        left, right = bare_table(document, [7.0, 9.6]).rows[0].cells
        centred(left, "{{ issuer_above }}", 12)
        centred(left, "{{ issuer }}", 12, bold=True)
        rule(left, 2.4, 6.6)
        centred(left, "Số: {{ number }}", 13).paragraph_format.space_before = Pt(4)
        centred(left, f"V/v {self.about}", 12)
        nation, motto = nation_lines()
        centred(right, nation, 12, bold=True)
        centred(right, motto, 13, bold=True)
        rule(right, 5.9, 9.2)
        centred(right, "{{ place }}, {{ issued_on }}", 13, italic=True).paragraph_format.space_before = Pt(10)
        to = centred(document, "Kính gửi: {{ to }}", 14)
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
        below = bare_table(document, [8.2, 8.4])
        receivers, signed = below.rows[0].cells
        write(receivers.add_paragraph(), "Nơi nhận:", 12, bold=True, italic=True)
        receivers.add_paragraph("{%p for r in receivers %}")
        write(receivers.add_paragraph(), "- {{ r }}", 11)
        receivers.add_paragraph("{%p endfor %}")
        centred(signed, self.signer.upper() or "{{ signer }}", 14, bold=True)
        centred(signed, "{{ signed_name }}", 14, bold=True).paragraph_format.space_before = Pt(60)
        whole(below.rows[0])
        out = BytesIO()
        document.save(out)
        return out.getvalue()

    def _table(self, document: object) -> None:
        """A row of heads, repeated on each page, and a row for each of `rows`."""
        table = grid(document, [width for _head, _name, width in self.heads])  # type: ignore[arg-type]
        for cell, (head, _name, width) in zip(table.rows[0].cells, self.heads, strict=True):
            cell.width = Cm(width)
            cell.paragraphs[0].alignment = CENTRE
            write(cell.paragraphs[0], head, 12, bold=True)
        repeat(table.rows[0])
        table.add_row().cells[0].paragraphs[0].add_run("{%tr for row in rows %}")
        row = table.add_row()
        whole(row)
        for cell, (_head, name, width) in zip(row.cells, self.heads, strict=True):
            cell.width = Cm(width)
            cell.paragraphs[0].alignment = CENTRE if width < 3 else LEFT
            write(cell.paragraphs[0], f"{{{{ row.{name} }}}}", 12)
        table.add_row().cells[0].paragraphs[0].add_run("{%tr endfor %}")
