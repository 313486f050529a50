"""Odd signs in a written date put into the common ones, without a change of what is said."""

from __future__ import annotations

import re

_EXIF = re.compile(r"(\d{4}):(\d{2}):(\d{2})(?=\s|$)")
_CHINESE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*[日号])?")
_SIGN = r"[\\\\_]"
_OTHER_SIGNS = re.compile(rf"(\d{{1,4}}){_SIGN}(\d{{1,2}}){_SIGN}(\d{{1,4}})(?!\d)")
_DAYS = re.compile(r"\s*(?:÷|&|;)\s*|\s+(?:và|and|et|y)\s+")
_LIST = re.compile(r"(?<=\d)\s*,\s*(?=\d{1,2}\s*[/.]\s*\d{1,2}\s*[/.]\s*\d{2,4}$)")
_MONTH_DAYS = re.compile(r"([^\W\d_]{3,}\.?)\s+(\d{1,2}\s*[-–]\s*\d{1,2})\s*,?\s+(\d{4})")
_NEARLY = re.compile(
    r"(?:đầu|giữa|cuối|early|mid|late|beginning of|end of)[\s-]+"
    r"(?=(?:tháng|thg|năm|t\.?\s*\d|[^\W\d_]{3,}\.?\s+\d{4}))",
    re.I,
)


def plainly(text: str) -> str:
    """The text with single spaces, "-" for "÷" and "&" between days, "2025-03-15" for a camera's "2025:03:15"."""
    text = " ".join(text.split()).strip(" .,;")
    if m := _EXIF.match(text):
        text = f"{m[1]}-{m[2]}-{m[3]}{text[m.end() :]}"
    if m := _CHINESE.match(text):
        text = "-".join(p for p in m.groups() if p) + " " + text[m.end() :]
    text = _OTHER_SIGNS.sub(lambda m: f"{m[1]}/{m[2]}/{m[3]}", text)
    text = _LIST.sub("-", _DAYS.sub(" - ", text))
    text = _MONTH_DAYS.sub(lambda m: f"{m[2]} {m[1]} {m[3]}", text)
    return _NEARLY.sub("", text, count=1).strip()
