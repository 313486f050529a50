"""A document that a verb prints: a Word template with named fields, filled from the record.

The template is made here in the layout of the rulebook; an office that wants other words saves it in its folder of
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
from docx.shared import Mm, Pt
from docxtpl import DocxTemplate, InlineImage

from baoton.kit import blobs
from baoton.kit.paper.layout import body, centred, foot, head, page, rule
from baoton.kit.paper.sandbox import Sandbox
from baoton.kit.writing.refusal import NotNow
from rulebook.paper import paper

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


MADE: dict[int, tuple["Paper", bytes]] = {}
"""The templates made here, each once for a process: making one takes as long as filling it."""


@dataclass(frozen=True)
class Picture:
    """A picture among the fields of a document: its bytes, and how wide it is printed."""

    png: bytes
    mm: float


@dataclass(frozen=True)
class Paper:
    """One kind of document: its file name, its title, its paragraphs with `{{ fields }}`, and who signs.

    `fields` gives the values of a record; `number`, `issued_on`, `issuer` and `draft` are always there; `place`,
    `receivers`, `signer` and `signed_name` may be given.
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
        own = self.own()
        if own.is_file():
            return own.read_bytes()
        if id(self) not in MADE:
            MADE[id(self)] = (self, self.made())  # itself too, so that no other document ever has its number
        return MADE[id(self)][1]

    def own(self) -> Path:
        """Where an office lays its own template of this document."""
        return Path(settings.VAR) / "templates" / f"{self.name}.docx"

    def made(self) -> bytes:
        """The template in the rulebook's layout, as the bytes of a Word file."""
        document = page()
        head(document)
        centred(document, self.title.upper(), 14, bold=True).paragraph_format.space_before = Pt(14)
        centred(document, self.about, 14, bold=True)
        rule(document, 3.2, 16.0)
        for n, text in enumerate(self.paragraphs):
            body(document, text).paragraph_format.space_before = Pt(0 if n else 8)
        foot(document, self.signer)
        out = BytesIO()
        document.save(out)
        return out.getvalue()

    def filled(self, record: Any, number: str = "", on: Any = None) -> bytes:
        """The document of a record as Word; `NotNow` names a field the template asks for and nobody knows."""
        with override("vi"):
            layout = paper()
            blank = layout.words["blank"]
            above, own = (*self.issuer(record), "", "")[:2]
            given: dict[str, Any] = {
                "number": number or blank,
                "issued_on": layout.day(on),
                "issuer_above": above if own else "",
                "issuer": own or above,
                "place": blank,
                "signed_name": "",
                "signer": "",
                "receivers": [],
                "left_name": "",
                "right_name": "",
                "draft": "" if number else layout.words["draft"],
                **self.fields(record),
            }
            filled = DocxTemplate(BytesIO(self.template()))
            strange = sorted(filled.get_undeclared_template_variables(jinja_env=Sandbox()) - set(given))
            if strange:
                told = _("Mẫu “%(name)s” có trường không biết: %(fields)s.")
                raise NotNow(told % {"name": self.name, "fields": ", ".join(strange)})
            drawn = {k: _inline(filled, v) if isinstance(v, Picture) else v for k, v in given.items()}
            filled.render(drawn, jinja_env=Sandbox(), autoescape=True)
            held = BytesIO()
            filled.save(held)
        return held.getvalue()

    def issue(self, record: Any, number: str, on: Any) -> str:
        """The issued document is kept for good; the hash under which it lies."""
        return blobs.store([self.filled(record, number, on)], WORD).sha256


def _inline(template: DocxTemplate, picture: Picture) -> InlineImage:
    return InlineImage(template, BytesIO(picture.png), width=Mm(picture.mm))


__all__ = ["WORD", "Paper", "Picture"]
