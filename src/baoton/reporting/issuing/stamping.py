"""Number and day written into a report that was made, where its template left room; no other word changes."""

import re
from datetime import date
from io import BytesIO

from docx import Document
from docx.oxml.ns import qn

from rulebook.paper import paper

BLANK = r"[\s\u00a0….]*"
NUMBER = re.compile(rf"([Ss]ố:?){BLANK}/BC[^\s)]*")
DAY = re.compile(rf"ngày{BLANK}…{BLANK}tháng{BLANK}…{BLANK}năm{BLANK}\d{{4}}")


def stamped(word: bytes, number: str, on: date) -> bytes:
    """The same document under its number and day: on its head and on each annex."""
    document, day = Document(BytesIO(word)), paper().day(on)
    for text in document.element.body.iter(qn("w:t")):
        if text.text:
            text.text = DAY.sub(day, NUMBER.sub(rf"\g<1> {number}", text.text))
    out = BytesIO()
    document.save(out)
    return out.getvalue()
