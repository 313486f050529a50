"""A document that a verb prints: a Word template with named fields, filled from the record.

The template is made here in the layout of the decree; an office that wants other words saves it in its folder of
templates and edits it in Word. A field the template asks for and the record does not give is named. A draft says
so; an issued document is kept as bytes under its hash and never made again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from docx.shared import Pt
from docxtpl import DocxTemplate

from baoton.kit import blobs
from baoton.kit.paper.layout import CENTRE, bare_table, body, centred, field, page, rule
from baoton.kit.writing.refusal import NotNow
from rulebook.paper import nation_lines

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DRAFT = "DỰ THẢO"


@dataclass(frozen=True)
class Paper:
    """One kind of document: its file name, its title, its paragraphs with `{{ fields }}`, and who signs.

    `fields` gives the values of a record; `number`, `issued_on`, `issuer` and `draft` are always there.
    """

    name: str
    title: str
    about: str
    paragraphs: Sequence[str]
    fields: Callable[[Any], Mapping[str, Any]]
    issuer: Callable[[Any], Sequence[str]]
    signer: str = ""

    def template(self) -> bytes:
        """The office's own template where it saved one, else the one made here."""
        own = Path(settings.VAR) / "templates" / f"{self.name}.docx"
        return own.read_bytes() if own.is_file() else self.made()

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
        nation, motto = nation_lines()
        centred(right, nation, 12, bold=True)
        centred(right, motto, 13, bold=True)
        rule(right, 5.9, 9.2)
        centred(right, "{{ place }}, {{ issued_on }}", 13, italic=True).paragraph_format.space_before = Pt(16)
        centred(document, self.title.upper(), 14, bold=True).paragraph_format.space_before = Pt(14)
        centred(document, self.about, 14, bold=True)
        rule(document, 3.2, 16.0)
        for text in self.paragraphs:
            body(document, text)
        _left, signed = bare_table(document, [8.0, 8.6]).rows[0].cells
        centred(signed, self.signer.upper() or "{{ signer }}", 14, bold=True)
        centred(signed, "{{ signed_name }}", 14).paragraph_format.space_before = Pt(60)
        out = BytesIO()
        document.save(out)
        return out.getvalue()

    def filled(self, record: Any, number: str = "", on: Any = None) -> bytes:
        """The document of a record as Word; `NotNow` names a field the template asks for and nobody knows."""
        with override("vi"):
            above, own = (*self.issuer(record), "", "")[:2]
            given: dict[str, Any] = {
                "number": number or "……",
                "issued_on": as_day(on),
                "issuer_above": above if own else "",
                "issuer": own or above,
                "place": "……",
                "signed_name": "",
                "signer": "",
                "draft": "" if number else DRAFT,
                **self.fields(record),
            }
            filled = DocxTemplate(BytesIO(self.template()))
            strange = sorted(filled.get_undeclared_template_variables() - set(given))
            if strange:
                told = _("Mẫu “%(name)s” có trường không biết: %(fields)s.")
                raise NotNow(told % {"name": self.name, "fields": ", ".join(strange)})
            filled.render(given, autoescape=True)
            held = BytesIO()
            filled.save(held)
        return held.getvalue()

    def issue(self, record: Any, number: str, on: Any) -> str:
        """The issued document is kept for good; the hash under which it lies."""
        return blobs.store([self.filled(record, number, on)], WORD).sha256


def as_day(on: Any) -> str:
    """A day as a document writes it."""
    if on is None:
        return "ngày …… tháng …… năm ……"
    month = f"{on.month:02d}" if on.month < 3 else str(on.month)
    return f"ngày {on.day:02d} tháng {month} năm {on.year}"


__all__ = ["DRAFT", "WORD", "Paper", "as_day"]
