"""One text read as a date: a first and a last day, how precise, what is doubtful, and the same in ISO 8601."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass, replace

from formats import clock_text
from formats.date_forms import named_apart, plainly
from formats.month_names import MONTH, marked

_EPOCHS = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}
_SERIALS = range(10_000, 80_000)  # 1927 to 2119: smaller numbers are years or counts
BUDDHIST = range(2400, 2700)  # years of the Buddhist era, 543 ahead; no such year is meant otherwise
OLDEST = 1500
_CLOCK = r"\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:\d{2})?)?"
_INSTANT = rf"\d{{4}}(-\d{{2}}(-\d{{2}}(T{_CLOCK})?)?)?"
ISO = re.compile(rf"{_INSTANT}(/({_INSTANT}|\d{{2}}|\d{{2}}-\d{{2}}(T{_CLOCK})?|\d{{2}}T{_CLOCK}|{_CLOCK}))?")
_DASHED = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})(?:[/.](\d{1,2}))?")
_SLASHED = re.compile(r"(\d{1,2})\s*([/.-])\s*(\d{1,2})\s*([/.-])\s*(\d{4}|\d{2})")
_MONTH_YEAR = re.compile(r"(\d{1,2})\s*(?:[/.-]|năm|\s)\s*(\d{4})", re.I)
_NTH = r"(?:st|nd|rd|th|er|º)?"
_GAP = r"(?:[\s./,-]|\bnăm\b|\bde\b|\bof\b)*"
_DAY_NAMED = re.compile(rf"(\d{{1,2}}){_NTH}{_GAP}{MONTH}{_GAP}(\d{{4}}|\d{{2}})", re.I)
_NAMED_DAY = re.compile(rf"{MONTH}[\s./-]*(\d{{1,2}}){_NTH}[\s,./-]+(\d{{4}}|\d{{2}})", re.I)
_NAMED_YEAR = re.compile(rf"{MONTH}{_GAP}(\d{{4}})", re.I)
_YEAR_NAMED = re.compile(rf"(\d{{4}}){_GAP}{MONTH}(?:{_GAP}(\d{{1,2}}))?", re.I)
_PROGRAM = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d\d:\d\d:\d\d) [A-Z]{3,4} (\d{4})")
_WEEKDAY = re.compile(
    r"(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|cn|t[2-7]|"
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)[\s,.]+(?=\S)",
    re.I,
)
_FROM = re.compile(r"(?:từ|from)\s+(?:ngày\s+)?", re.I)
_BETWEEN = re.compile(
    r"\s+(?:-|–|—|đến hết|đến|to|tới|until|→|~)\s+(?:ngày\s+)?|\s*[–—→]\s*|"
    r"(?<=\d{4})\s*-\s*(?=(?:t\.?)?\d{1,2}[/.])|(?<=\d{4})\s*[/-]\s*(?=\d{4}$)|(?<=\d{2}:\d{2})\s*-\s*(?=\d{1,2}:\d{2}(?!\d))",
    re.I,
)
_FEW_DAYS = re.compile(
    r"(\d{1,2}(?:[/.]\d{1,2})?)\s*-\s*(\d{1,2}(?:[/.]\d{1,2}[/.](?:\d{4}|\d{2})|[\s.-]*@.*))"
)
_MONTHS = re.compile(
    r"(?:từ\s+)?(?:tháng|thg|t\.?)\s*(\d{1,2})\s*(?:-|–|—|đến|tới|to)\s*(?:hết\s+)?(?:tháng|thg|t\.?)?\s*(\d{1,2})"
    r"\s*(?:[/.-]|năm|\s)\s*(?:năm\s*)?(\d{4})",
    re.I,
)
_SHORT_MONTH = re.compile(r"t\.?\s*(\d{1,2})\s*[/.-]\s*(\d{4})", re.I)
_HOUR = r"\d{1,2}(?::\d{2}|\s*(?:h|g|giờ)(?:\s*\d{1,2}\s*(?:phút|ph|p|'|’)?)?)"
_PART = r"(?:rạng\s+)?(?:buổi\s+)?(?:sáng|trưa|chiều|tối|đêm|khuya)(?:\s+sớm)?"
_PART_BEFORE = re.compile(rf"{_PART}\s*,?\s+(?=(?:ngày\s+)?\d)", re.I)
_PART_AFTER = re.compile(rf"(?<=\d)\s*[,;]?\s*\(?\s*{_PART}\s*\)?$", re.I)
_QUARTER = re.compile(
    r"(?:quý|quy|q\.?)\s*(?P<a>[1-4]|i{1,3}|iv)\s*(?:[/.,-]|năm|\s)\s*(?:năm\s*)?(?P<y>\d{4})|"
    r"(?P<y2>\d{4})\s*[-/]?\s*q(?P<b>[1-4])",
    re.I,
)
_ROMAN_QUARTER = {"I": 1, "II": 2, "III": 3, "IV": 4}
_CLOCKS = rf"({_HOUR})\s*(?:-|–|—|đến|to|tới)\s*({_HOUR})"
_CLOCKS_LAST = re.compile(rf"(?P<day>.*\d)[\s,]+(?:\(\s*)?(?:từ\s+)?{_CLOCKS}(?:\s*\))?", re.I)
_CLOCKS_FIRST = re.compile(rf"(?:từ\s+)?{_CLOCKS}[\s,]+(?P<day>(?:ngày\s+)?\d.*)", re.I)
_PLAIN_ISO = re.compile(rf"(\d{{4}})-(\d\d)-(\d\d)(?:[T ]({_CLOCK}))?", re.A)


@dataclass(frozen=True)
class Said:
    """What one text says. `order` is "dmy" or "mdy" where only that order makes a date of it, `ambiguous` both."""

    start: dt.date
    end: dt.date
    precision: str
    iso: str
    time: str | None = None
    code: str | None = None
    ambiguous: bool = False
    order: str = ""


@dataclass(frozen=True)
class Habits:
    """How the column writes its dates: the order of day and month, the workbook's epoch, the day it is."""

    order: str = "dmy"
    since_1904: bool = False
    today: dt.date | None = None


def read(text: str, habits: Habits) -> Said | None:
    """The date a text tells, or None; `code` says why it should be doubted."""
    try:
        found = _plain_iso(text) or _any_form(text, habits)
    except (ValueError, OverflowError):
        return None
    if found is None:
        return None
    if (
        found.precision == "range"
        and (days := named_apart(text))
        and (found.end - found.start).days + 1 != days
    ):
        return None  # "15 và 20/3" are two days and no span
    today = habits.today or dt.date.today()
    if found.code in ("two_digit_year", "short_year") and found.start > today:
        return _century_back(found)
    ahead = found.start > today or (found.precision == "range" and found.end > today)
    if found.code != "reversed" and ahead:
        return replace(found, code="future")
    if found.start.year < OLDEST:
        return replace(found, code="too_old")
    return found


def _century_back(found: Said) -> Said | None:
    """Two figures of a year that lies ahead are of the century before."""
    try:
        start, end = (d.replace(year=d.year - 100) for d in (found.start, found.end))
    except ValueError:
        return None
    return replace(found, start=start, end=end, iso=f"{start.year:04d}{found.iso[4:]}")


def _plain_iso(text: str) -> Said | None:
    """The commonest form, read quickly."""
    m = _PLAIN_ISO.fullmatch(text)
    if m is None or int(m[1]) in BUDDHIST:
        return None
    date = dt.date(int(m[1]), int(m[2]), int(m[3]))
    if m[4] is None:
        return Said(date, date, "day", text)
    time = clock_text.alone(m[4])
    return Said(date, date, "instant", text.replace(" ", "T", 1), time) if time else None


def _any_form(text: str, habits: Habits) -> Said | None:
    plain = plainly(unicodedata.normalize("NFKC", text))
    if m := _PROGRAM.fullmatch(plain):  # "Tue Apr 01 00:00:00 CET 1930", as Java writes a day
        plain = f"{m[2]} {m[1]} {m[4]}" + ("" if m[3] == "00:00:00" else f" {m[3]}")
    found = _months(plain) or _whole_form(plain, habits)
    if found is None or found.code == "buddhist_era":
        return found
    joined = plain.replace(" ", "T", 1) if re.match(r"\d{4}-\d{2}-\d{2} \d", plain) else plain
    return replace(found, iso=joined) if ISO.fullmatch(joined) else found


def _whole_form(plain: str, habits: Habits) -> Said | None:
    """A span or one date, also where a word of the time of day stands beside it."""
    try:
        found = _hours(plain, habits) or _interval(plain, habits) or _single(plain, habits)
    except (ValueError, OverflowError):
        found = None
    bare = _PART_AFTER.sub("", _PART_BEFORE.sub("", plain, count=1), count=1)
    return found or (_interval(bare, habits) or _single(bare, habits) if bare != plain else None)


def _hours(text: str, habits: Habits) -> Said | None:
    """ "22/3/2025 8h00-10h00": from one time of a day to another."""
    found = _CLOCKS_LAST.fullmatch(text) or _CLOCKS_FIRST.fullmatch(text)
    if found is None:
        return None
    times = [clock_text.alone(t) for t in found.groups() if t != found["day"]]
    day = _single(found["day"], habits)
    if day is None or day.precision != "day" or None in times:
        return None
    first, last = (replace(day, precision="instant", time=t, iso=f"{day.iso}T{t}") for t in times)
    return _joined(first, last)


def _months(text: str) -> Said | None:
    """ "tháng 3-5/2025" and "từ tháng 3 đến tháng 5 năm 2025" are months, never a day in March; "T3/2025" is one."""
    if m := _SHORT_MONTH.fullmatch(text):
        return _month(int(m[2]), int(m[1]))
    if m := _QUARTER.fullmatch(text):
        said, year = (m["a"] or m["b"]).upper(), int(m["y"] or m["y2"])
        last = 3 * (int(said) if said.isdigit() else _ROMAN_QUARTER[said])
        return _joined(_month(year, last - 2), _month(year, last))
    if m := _MONTHS.fullmatch(text):
        return _joined(_month(int(m[3]), int(m[1])), _month(int(m[3]), int(m[2])))
    return None


def _interval(text: str, habits: Habits) -> Said | None:
    """Two dates with "/", "–", "đến" or "to" between them; either may leave out what it shares with the other."""
    whole = re.sub(r"^ngày\s+", "", _FROM.sub("", marked(text), count=1), flags=re.I)
    if (few := _FEW_DAYS.fullmatch(whole)) is not None:
        halves = [few[1], few[2]]
    elif re.match(r"\d{4}(-\d\d|/\d{4}\b)", text) and text.count("/") == 1:
        halves = text.split("/")
        return _joined(_single(halves[0], habits), _shared(halves[0], halves[1], habits))
    else:
        halves = [h.strip() for h in _BETWEEN.split(whole)]
    if len(halves) != 2 or not all(halves):
        return None
    if time := clock_text.alone(halves[1]):
        first = _single(halves[0], habits)
        if first is None or first.time is None:
            return None
        until = replace(first, iso=f"{first.iso.split('T')[0]}T{time}", time=time)
        return _joined(first, until)
    last = _single(halves[1], habits)
    return _joined(_single(_lacking(halves[0], last), habits), last)


def _lacking(first: str, last: Said | None) -> str:
    """The first day of "15-17/6/2008" or "28/6-2/7/2008" with the month and year of the second."""
    if last is not None and re.fullmatch(r"\d{1,2}", first):
        return f"{last.start.year}-{last.start.month}-{first}"
    if last is not None and re.fullmatch(rf"\d{{1,2}}[/.]\d{{1,2}}|(\d{{1,2}}\s*)?{MONTH}", first):
        return f"{first}/{last.start.year}"
    return first


def _shared(first: str, second: str, habits: Habits) -> Said | None:
    """ "2020-01-05/07" means until 2020-01-07, "2018-05-19T06:00/18:00" until six in the evening of that day."""
    day, second = first.strip().split("T")[0], second.strip()
    if (time := clock_text.alone(second)) and ":" in second:
        return _single(f"{day}T{time}", habits)
    date = second.split("T")[0]
    if re.fullmatch(r"\d{1,2}(-\d{1,2})?", date) and day.count("-") >= date.count("-") + 1:
        second = "-".join(day.split("-")[: day.count("-") - date.count("-")]) + "-" + second
    return _single(second, habits)


def _joined(first: Said | None, last: Said | None) -> Said:
    if first is None or last is None:
        raise ValueError("half an interval")
    order = first.order or last.order
    if last.end < first.start or (last.end == first.start and _before(last, first)):
        return Said(min(first.start, last.start), max(first.end, last.end), "range",
                    f"{first.iso}/{last.iso}", None, "reversed")  # fmt: skip
    return Said(first.start, last.end, "range", f"{first.iso}/{last.iso}", first.time, first.code or last.code,
                (first.ambiguous or last.ambiguous) and not order, order)  # fmt: skip


def _before(last: Said, first: Said) -> bool:
    """Whether on one day the second time is earlier; times of different zones are not compared."""
    if last.time is None or first.time is None:
        return False
    zones = [re.sub(r"^[\d:.]+", "", t) for t in (first.time, last.time)]
    return zones[0] == zones[1] and last.time < first.time


def _single(text: str, habits: Habits) -> Said | None:
    """One date with or without a time of day."""
    text = _WEEKDAY.sub("", text.strip(), count=1) if _WEEKDAY.match(text.strip()) else text.strip()
    clocked = clock_text.apart(text)
    words = re.sub(r"^ngày\s+", "", clocked.rest.strip(" ,"), flags=re.I)
    found = _date(_WEEKDAY.sub("", words, count=1) if _WEEKDAY.match(words) else words, habits)
    if found is None or clocked.time is None:
        return found
    if found.precision != "day":
        raise ValueError(text)
    return replace(found, precision="instant", time=clocked.time, iso=f"{found.iso}T{clocked.time}")


def _date(text: str, habits: Habits) -> Said | None:
    if m := _DASHED.fullmatch(text) or _YEAR_FIRST.fullmatch(text):
        return _day(int(m[1]), int(m[2]), int(m[3])) if m[3] else _month(int(m[1]), int(m[2]))
    if re.fullmatch(r"(?:năm\s*)?\d{4}", text, re.I):
        return _year(int(text[-4:]))
    if re.fullmatch(r"\d{8}", text):
        return _eight_digits(text, habits)
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and int(float(text)) in _SERIALS:
        return _serial(float(text), habits.since_1904)
    if m := _SLASHED.fullmatch(text):
        if (m[2], m[4]) == ("-", "/"):
            return None  # "3-4/2008" may be two months or one day
        return _slashed(int(m[1]), int(m[3]), m[5], habits.order)
    if m := _MONTH_YEAR.fullmatch(text) or _SHORT_MONTH.fullmatch(text):
        return _month(int(m[2]), int(m[1]))
    return _named(marked(text))


def _named(text: str) -> Said | None:
    if m := _DAY_NAMED.fullmatch(text):
        return _short_day(m[3], int(m[2]), int(m[1]))
    if m := _NAMED_DAY.fullmatch(text):
        return _short_day(m[3], int(m[1]), int(m[2]))
    if m := _NAMED_YEAR.fullmatch(text):
        return _month(int(m[2]), int(m[1]))
    if m := _YEAR_NAMED.fullmatch(text):
        return _day(int(m[1]), int(m[2]), int(m[3])) if m[3] else _month(int(m[1]), int(m[2]))
    return None


def _short_day(year: str, month: int, day: int) -> Said:
    """A day with a named month; two figures of a year are this century unless that lies ahead, and are told."""
    full, short = _full_year(year)
    return _day(full, month, day, "short_year" if short else None)


def _eight_digits(text: str, habits: Habits) -> Said:
    """20250315, else 15032025 in the column's order."""
    if OLDEST <= int(text[:4]) < 2200:
        try:
            return _day(int(text[:4]), int(text[4:6]), int(text[6:]))
        except ValueError:
            pass
    return _slashed(int(text[:2]), int(text[2:4]), text[4:], habits.order)


def _slashed(a: int, b: int, written: str, order: str) -> Said:
    """Day and month in the given order, in the other where only that makes a date; both possible is told."""
    year, short = _full_year(written)
    only = "dmy" if a > 12 >= b else "mdy" if b > 12 >= a else ""
    day, month = (a, b) if (only or order) == "dmy" else (b, a)
    code = "two_digit_year" if short else "other_order" if only and only != order else None
    said = _day(year, month, day, code)
    return replace(said, order=only, ambiguous=not only and a != b)


def _full_year(text: str) -> tuple[int, bool]:
    """Four digits as they are; two are this century unless that lies ahead, and are told."""
    if len(text) == 4:
        return int(text), False
    year = 2000 + int(text)
    return (year if year <= dt.date.today().year else year - 100), True


def _day(year: int, month: int, day: int, code: str | None = None) -> Said:
    if year in BUDDHIST:
        year, code = year - 543, "buddhist_era"
    date = dt.date(year, month, day)
    return Said(date, date, "day", date.isoformat(), None, code)


def _month(year: int, month: int) -> Said:
    code = "buddhist_era" if year in BUDDHIST else None
    year -= 543 if code else 0
    start = dt.date(year, month, 1)
    return Said(
        start, dt.date(year, month, monthrange(year, month)[1]), "month", f"{start:%Y-%m}", None, code
    )


def _year(year: int) -> Said | None:
    if year in BUDDHIST:
        return replace(_whole(year - 543), code="buddhist_era")
    return _whole(year) if OLDEST <= year <= 2200 else None


def _whole(year: int) -> Said:
    return Said(dt.date(year, 1, 1), dt.date(year, 12, 31), "year", f"{year:04d}")


def _serial(value: float, since_1904: bool) -> Said:
    date = _EPOCHS[since_1904] + dt.timedelta(days=int(value))
    seconds = round((value % 1) * 86_400)
    if not seconds or seconds == 86_400:
        return Said(date, date, "day", date.isoformat(), None, "excel_serial")
    time = f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
    return Said(date, date, "instant", f"{date.isoformat()}T{time}", time, "excel_serial")
