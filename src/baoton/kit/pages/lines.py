"""The rows of a list and the choices of a filter as HTML, written out once instead of node by node of a template."""

import html
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from baoton.kit.kinds.base import Kind
from baoton.kit.kinds.words import Text
from baoton.kit.reading.register import HOMES, Register

NOBODY = UUID(int=0)


def rows(
    book: Register, records: Iterable[Any], pick: bool = False, columns: Sequence[Kind] = ()
) -> SafeString:
    """A table row a record: the columns, else its shown fields, the first as the link to its page.

    `pick` puts a box before them.
    """
    records = list(records)
    before, after = (escape(part) for part in reverse("record", args=[book.slug, NOBODY]).split(str(NOBODY)))
    columns, own = columns or book.shown, book.name in HOMES
    link = '">{}</a>' if not columns[0].italic else '" class="latin">{}</a>'
    box = f'<td><input type="checkbox" name="pick" value="{{}}" aria-label="{escape(_("Chọn"))}"></td>'
    addresses = [html.escape(book.url(r)) if own else f"{before}{r.pk}{after}" for r in records]
    told = [[f'<tr data-href="{address}">'] for address in addresses]
    if pick:
        for line, record in zip(told, records, strict=True):
            line.append(box.format(record.pk))
    for i, kind in enumerate(columns):
        start, end = _cell(kind)
        day, styled = kind.word == "day", type(kind).style is not Kind.style
        texts = [html.escape(text) for text in kind.texts(records)]
        for line, record, address, text in zip(told, records, addresses, texts, strict=True):
            style = kind.style(record) if styled else ""
            if i == 0:
                text = f'<a href="{address}{link.format(text or escape(record))}'
            elif style and text:
                text = f'<span class="{escape(style)}">{text}</span>'
            keep = " keep" if style or day else ""  # stands on a narrow screen too
            line.append(f"{start}{keep}{end}{text}</td>")
    return mark_safe("".join("".join((*line, "</tr>\n")) for line in told))


def _cell(kind: Kind) -> tuple[str, str]:
    """The beginning of a column's cells before and after their own classes."""
    return (
        f'<td class="data{" num" if kind.numeric else ""}',
        f'" data-head="{escape(capfirst(str(kind.heading)))}">',
    )


def options(groups: Iterable[tuple[Text, Iterable[tuple[str, Text]]]], chosen: str) -> SafeString:
    """The choices of a select in their groups; one group without a heading stands by itself."""
    told: list[str] = []
    for i, (heading, choices) in enumerate(groups):
        lines = "".join(
            f'<option value="{escape(key)}"{" selected" if key == chosen else ""}>{escape(text)}</option>'
            for key, text in choices
        )
        behind = f' data-behind="{escape(_("cả đơn vị cũ"))}"' if i else ""  # waits behind a switch
        told.append(f'<optgroup label="{escape(heading)}"{behind}>{lines}</optgroup>' if heading else lines)
    return mark_safe("".join(told))
