"""Number and day written into a report that was made, where its template left room; no other word changes."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.oxml.ns import qn

from baoton.kit.writing.refusal import NotNow
from rulebook.paper import paper

BLANK = r"[\s\u00a0….]*"
NUMBER = re.compile(rf"([Ss]ố:?){BLANK}/BC[^\s)]*")
DAY = re.compile(rf"ngày{BLANK}…{BLANK}tháng{BLANK}…{BLANK}năm{BLANK}\d{{4}}")
Words = Callable[[re.Match[str]], str]


def stamped(word: bytes, number: str, on: date) -> bytes:
    """The same document under its number and day: on its head and on each annex.

    Raises `NotNow` where the template left no room for one of them: a paper is not issued without.
    """
    document, day = Document(BytesIO(word)), paper().day(on)
    paragraphs = list(document.element.body.iter(qn("w:p")))
    for pattern, words, what in (
        (NUMBER, lambda found: f"{found[1]} {number}", _("số (“Số: …/BC-…”)")),
        (DAY, lambda _found: day, _("ngày (“ngày … tháng … năm …”)")),
    ):  # fmt: skip
        if not sum(_written(list(one.iter(qn("w:t"))), pattern, words) for one in paragraphs):
            told = _("Bản Word không còn chỗ để ghi %(what)s: sửa mẫu Word của báo cáo, lập lại rồi trình.")
            raise NotNow(told % {"what": what})
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _written(texts: list[Any], pattern: re.Pattern[str], words: Words) -> int:
    """What the pattern finds in a paragraph is replaced, over whichever pieces Word has cut it into; how often."""
    found = list(pattern.finditer("".join(t.text or "" for t in texts)))
    for one in reversed(found):
        at, first = 0, True
        for text in texts:
            held = text.text or ""
            start, end = max(one.start() - at, 0), min(one.end() - at, len(held))
            at += len(held)
            if start < end:
                text.text = held[:start] + (words(one) if first else "") + held[end:]
                first = False
    return len(found)
