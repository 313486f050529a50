"""Spans of days as people write them: 11/2026, quý 3, 01/11–15/11/2026, tháng trước, or the machine's own form."""

import re
from calendar import monthrange
from datetime import date, timedelta

from baoton.kit.text import fold

Span = tuple[date | None, date | None]
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
DASH = re.compile(r"\s*(?:\.\.|–|—|\bden\b|\bto\b|(?<=\d)\s*-\s*(?=\d{1,2}\s*/)|\s-\s)\s*")


def read(text: str, today: date) -> Span:
    """The first and last day a text means, either open; raises `ValueError` where it means none."""
    said = " ".join(fold(text).split())
    if not said:
        raise ValueError(text)
    if (found := _named(said, today)) is not None:
        return found
    if ".." in said:
        first, _dots, last = said.partition("..")
        return _ordered(
            _whole(first.strip(), today)[0] if first.strip() else None,
            _whole(last.strip(), today)[1] if last.strip() else None,
        )
    for word, ends in (("tu ", 0), ("sau ", 0), ("from ", 0), ("truoc ", 1), ("den ", 1), ("until ", 1)):
        if said.startswith(word) and len(DASH.split(said.removeprefix(word))) == 1:
            span = _whole(said.removeprefix(word), today)
            return (span[0], None) if not ends else (None, span[1])
    parts = DASH.split(said.removeprefix("tu ").removeprefix("from "))
    if len(parts) == 2:
        until = _whole(parts[1], today)[1]
        return _ordered(_whole(parts[0], today, until.year)[0], until)
    return _whole(said, today)


def _ordered(first: date | None, last: date | None) -> Span:
    if first and last and first > last:
        raise ValueError("the last day is before the first")
    return first, last


def _named(said: str, today: date) -> Span | None:
    """Spans told from today, and parts of a year that offices report by."""
    month, quarter = today.replace(day=1), (today.month - 1) // 3 + 1
    monday = today - timedelta(days=today.weekday())
    before = month - timedelta(days=1)
    spans: dict[str, Span] = {
        "hom nay": (today, today), "today": (today, today),
        "hom qua": (today - timedelta(1), today - timedelta(1)), "yesterday": (today - timedelta(1),) * 2,
        "tuan nay": (monday, monday + timedelta(6)), "this week": (monday, monday + timedelta(6)),
        "tuan truoc": (monday - timedelta(7), monday - timedelta(1)),
        "last week": (monday - timedelta(7), monday - timedelta(1)),
        "thang nay": _month(today.year, today.month), "this month": _month(today.year, today.month),
        "thang truoc": _month(before.year, before.month), "last month": _month(before.year, before.month),
        "quy nay": _quarter(today.year, quarter), "this quarter": _quarter(today.year, quarter),
        "quy truoc": _quarter(today.year - (quarter == 1), (quarter - 2) % 4 + 1),
        "last quarter": _quarter(today.year - (quarter == 1), (quarter - 2) % 4 + 1),
        "nam nay": _year(today.year), "this year": _year(today.year),
        "nam ngoai": _year(today.year - 1), "nam truoc": _year(today.year - 1), "last year": _year(today.year - 1),
    }  # fmt: skip
    if said in spans:
        return spans[said]
    if found := re.fullmatch(r"(\d{1,3}) (?:ngay qua|ngay gan day|days)", said):
        return today - timedelta(int(found[1])), today
    if found := re.fullmatch(r"(\d{1,2}) thang(?: dau(?: nam)?)?(?: (?:nam )?(\d{4}))?", said):
        year, n = int(found[2] or today.year), int(found[1])
        return (date(year, 1, 1), _month(year, n)[1]) if 1 <= n <= 12 else None
    if found := re.fullmatch(r"6 thang cuoi(?: nam)?(?: (?:nam )?(\d{4}))?", said):
        year = int(found[1] or today.year)
        return date(year, 7, 1), date(year, 12, 31)
    return None


def _whole(said: str, today: date, year: int | None = None) -> tuple[date, date]:
    """A day, month, quarter or year; what names no year is of the given one, else of this."""
    of = year or today.year
    if found := re.fullmatch(r"(?:nam )?(\d{4})", said):
        return _year(int(found[1]))
    if found := re.fullmatch(r"(?:quy|q|quarter) ?(\d|iv|i{1,3})(?:[ /.-](?:nam )?(\d{4}))?", said):
        return _quarter(int(found[2] or of), ROMAN.get(found[1]) or int(found[1]))
    if found := re.fullmatch(r"(?:thang |t)(\d{1,2})(?:[ /.-](?:nam )?(\d{4}))?", said):
        return _month(int(found[2] or of), int(found[1]))
    if found := re.fullmatch(r"(\d{1,2})[/.-](\d{4})", said):
        return _month(int(found[2]), int(found[1]))
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})", said):
        return _month(int(found[1]), int(found[2]))
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", said):
        day = date(int(found[1]), int(found[2]), int(found[3]))
        return day, day
    if found := re.fullmatch(r"(?:ngay )?(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?", said):
        day = date(int(found[3] or of), int(found[2]), int(found[1]))
        return day, day
    raise ValueError(said)


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _quarter(year: int, number: int) -> tuple[date, date]:
    if not 1 <= number <= 4:
        raise ValueError(str(number))
    return date(year, 3 * number - 2, 1), _month(year, 3 * number)[1]


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)
