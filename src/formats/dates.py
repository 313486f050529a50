"""Dates as people write them: a first and a last day, how precise they are and what is doubtful."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_EXCEL_ZERO = dt.date(1899, 12, 30)
_SERIALS = range(10_000, 80_000)  # 1927 to 2119: smaller numbers are years or counts
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T ](\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?"
)
_SLASHED = re.compile(
    r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})(?:[ T]+(\d{1,2}[:h]\d{2}(?::\d{2})?))?"
)
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?))?")
_MONTH_YEAR = re.compile(r"(?:tháng\s*)?(\d{1,2})\s*(?:[/.-]|năm|\s)\s*(\d{4})", re.I)
_SPOKEN = re.compile(r"(?:ngày\s*)?(\d{1,2})\s*tháng\s*(\d{1,2})\s*(?:năm\s*|,\s*)?(\d{4})", re.I)
_NAMED = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})[ ,-]*(\d{4}|\d{2})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class Dates:
    """First and last day (NaT where not read), time of day as written, precision and doubt of each."""

    start: np.ndarray
    end: np.ndarray
    start_time: list[str | None]
    precision: list[str]
    codes: list[str | None]


@dataclass(frozen=True)
class _Read:
    start: dt.date
    end: dt.date
    precision: str
    time: str | None = None
    code: str | None = None


def parse(texts: Iterable[str | None] | pa.Array, order: str = "dmy", today: dt.date | None = None) -> Dates:
    """Each text read; `order` ("dmy" or "mdy") decides 03/04/2020, and the code still says "ambiguous"."""
    if order not in ("dmy", "mdy"):
        raise ValueError('the order of day and month is "dmy" or "mdy"')
    column = pa.array(texts, pa.string()) if not isinstance(texts, pa.Array) else texts
    encoded = column.dictionary_encode()
    now = today or dt.date.today()
    reads = [_one(t.strip(), order, now) if t and t.strip() else None for t in encoded.dictionary.to_pylist()]
    reads.append(None)  # what a null points at
    at = pc.fill_null(encoded.indices, len(reads) - 1).to_numpy(zero_copy_only=False)

    def spread(values: list[Any], dtype: Any) -> np.ndarray:
        return np.asarray(np.array(values, dtype=dtype)[at])

    good = [r if isinstance(r, _Read) else None for r in reads]
    return Dates(
        spread([r.start if r else None for r in good], "datetime64[D]"),
        spread([r.end if r else None for r in good], "datetime64[D]"),
        spread([r.time if r else None for r in good], object).tolist(),
        spread([r.precision if r else "" for r in good], object).tolist(),
        spread([r.code if isinstance(r, _Read) else r for r in reads], object).tolist(),
    )


def _one(text: str, order: str, today: dt.date) -> _Read | str:
    """What one text says, or why it cannot be read."""
    try:
        read = _interval(text, order) or _single(text, order)
    except ValueError:
        return "unreadable"
    if read is None:
        return "unreadable"
    if read.code is None and read.start > today:
        return _Read(read.start, read.end, read.precision, read.time, "future")
    return read


def _interval(text: str, order: str) -> _Read | None:
    """Two dates with "/", "–", "đến" or "to" between them; the second may leave out what it shares."""
    halves = re.split(r"\s+(?:-|–|đến|to|tới)\s+|\s*–\s*|(?<=\d{4})/(?=\d{4})", text)
    if len(halves) == 1 and text.count("/") == 1:
        halves = text.split("/")
        if not re.match(r"\d{4}-\d", halves[0]):
            return None
    if len(halves) != 2:
        return None
    first = _single(halves[0], order)
    second = _single(_completed(halves[0], halves[1]), order)
    if first is None or second is None:
        raise ValueError(text)
    if second.end < first.start:
        return _Read(second.start, first.end, "range", None, "reversed")
    return _Read(first.start, second.end, "range", first.time, first.code or second.code)


def _completed(first: str, second: str) -> str:
    """ "2020-01-05/07" means until 2020-01-07."""
    first, second = first.strip().split("T")[0], second.strip()
    if re.fullmatch(r"\d{1,2}(-\d{1,2})?", second) and first.count("-") >= second.count("-") + 1:
        return "-".join(first.split("-")[: first.count("-") - second.count("-")]) + "-" + second
    return second


def _single(text: str, order: str) -> _Read | None:
    text = text.strip()
    if m := _ISO.fullmatch(text):
        if m[3] is None:
            return _month(int(m[1]), int(m[2]))
        time = m[4] + (m[5] or "") if m[4] else None
        return _day(int(m[1]), int(m[2]), int(m[3]), time)
    if re.fullmatch(r"\d{4}", text) and 1500 <= int(text) <= 2200:
        return _Read(dt.date(int(text), 1, 1), dt.date(int(text), 12, 31), "year")
    if re.fullmatch(r"\d{8}", text):
        return _day(int(text[:4]), int(text[4:6]), int(text[6:]))
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and int(float(text)) in _SERIALS:
        return _serial(float(text))
    if m := _SLASHED.fullmatch(text):
        return _slashed(m, order)
    if m := _YEAR_FIRST.fullmatch(text):
        return _day(int(m[1]), int(m[2]), int(m[3]), m[4])
    if m := _SPOKEN.fullmatch(text):
        return _day(int(m[3]), int(m[2]), int(m[1]))
    if m := _MONTH_YEAR.fullmatch(text):
        return _month(int(m[2]), int(m[1]))
    if (m := _NAMED.fullmatch(text)) and m[2][:3].lower() in _MONTHS:
        year, code = _full_year(m[3])
        return _day(year, _MONTHS.index(m[2][:3].lower()) + 1, int(m[1]), None, code)
    if m := re.fullmatch(r"năm\s*(\d{4})", text, re.I):
        return _single(m[1], order)
    return None


def _slashed(m: re.Match[str], order: str) -> _Read:
    """Day and month in the given order, in the other where only that makes a date; both possible is told."""
    a, b = int(m[1]), int(m[2])
    year, code = _full_year(m[3])
    day, month = (a, b) if order == "dmy" else (b, a)
    if month > 12 and day <= 12:
        day, month, code = month, day, "other_order"
    elif day <= 12 and month <= 12 and day != month:
        code = "ambiguous"
    time = m[4].replace("h", ":") if m[4] else None
    return _day(year, month, day, time, code)


def _full_year(text: str) -> tuple[int, str | None]:
    """Four digits as they are; two are this century unless that lies ahead, and are told."""
    if len(text) == 4:
        return int(text), None
    year = 2000 + int(text)
    return (year if year <= dt.date.today().year else year - 100), "two_digit_year"


def _day(year: int, month: int, day: int, time: str | None = None, code: str | None = None) -> _Read:
    date = dt.date(year, month, day)
    if time and not _is_time(time):
        raise ValueError(time)
    return _Read(date, date, "instant" if time else "day", time, code)


def _is_time(text: str) -> bool:
    hours, minutes, *seconds = re.split(r"[:Z+]|(?<=\d)-", text)[:3]
    return (
        int(hours) <= 24 and int(minutes) < 60 and (not seconds or not seconds[0] or float(seconds[0]) < 61)
    )


def _month(year: int, month: int) -> _Read:
    return _Read(dt.date(year, month, 1), dt.date(year, month, monthrange(year, month)[1]), "month")


def _serial(value: float) -> _Read:
    date = _EXCEL_ZERO + dt.timedelta(days=int(value))
    seconds = round((value % 1) * 86_400)
    time = f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}" if seconds else None
    return _Read(date, date, "instant" if time else "day", time, "excel_serial")
