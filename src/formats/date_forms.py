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
_FEW = re.compile(
    r"(\d{1,2})((?:\s*(?:,|&|;|\bvà\b|\band\b)\s*\d{1,2}){2,})(?=\s*[/.]\s*\d{1,2}\s*[/.]\s*\d{2,4}$)"
)
_DAY_BEHIND = re.compile(
    r"(?<=\d)\s*,?\s*\(?\s*(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|cn|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|"
    r"fri|sat(?:ur)?|sun)(?:day)?)\s*\)?$",
    re.I,
)
_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{2}:?\d{2})?")
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
    if m := _BASIC.fullmatch(text):
        text = f"{m[1]}-{m[2]}-{m[3]}T{m[4]}:{m[5]}" + (f":{m[6]}" if m[6] else "") + (m[7] or "")
    text = _FEW.sub(_in_a_row, _DAY_BEHIND.sub("", text))
    text = _OTHER_SIGNS.sub(lambda m: f"{m[1]}/{m[2]}/{m[3]}", text)
    text = _LIST.sub("-", _DAYS.sub(" - ", text))
    text = _MONTH_DAYS.sub(lambda m: f"{m[2]} {m[1]} {m[3]}", text)
    return _NEARLY.sub("", text, count=1).strip()


def named_apart(text: str) -> int:
    """How many days a list names one by one ("15, 16 và 17/3/2025": three); 0 where it is no list of days."""
    if re.search(r"\dh|:|giờ|tháng\s*\d+\s*(?:,|&|và)", text, re.I):
        return 0
    found = re.findall(
        r"(?<=\d)\s*(?:[,;&]|\b(?:và|and|et|y)\b)\s*(?=\d{1,2}(?:\s*(?:[/.,;&]|và|and)|\s+[^\W\d_]))", text
    )
    return len(found) + 1 if found else 0


def _in_a_row(found: re.Match[str]) -> str:
    """Days that follow one another ("15,16,17") as a span; others stay as they are."""
    days = [int(d) for d in re.findall(r"\d+", found[0])]
    return f"{days[0]}-{days[-1]}" if days == list(range(days[0], days[-1] + 1)) else found[0]
