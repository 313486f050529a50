"""Working days of a Vietnamese office, in which deadlines run; a year without a calendar is refused."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from rulebook.certainty import Certainty, certainty
from rulebook.dated import Period
from rulebook.errors import NoCalendar
from rulebook.reading import a_date, folder, read_yaml, said

ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Open:
    """Days of which it is not known whether they are worked."""

    period: Period
    why: str
    counted: bool
    """True when the days are taken as worked meanwhile; False when counting through them is refused."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days off of a year besides weekends, and the Saturdays worked."""

    year: int
    holidays: dict[date, str]
    worked: frozenset[date]
    open: tuple[Open, ...]
    source: str
    certainty: Certainty


def _day(value: object) -> date:
    day = a_date(value)
    if day is None:
        raise ValueError("a holiday has no day")
    return day


def _calendar(law: dict[str, Any], item: dict[str, Any]) -> Calendar:
    year, weekend = item["year"], set(law["weekend"])
    named = {date(year, f["month"], f["day"]): str(f["name"]) for f in law["fixed"]}
    named |= {_day(o["day"]): str(o["name"]) for o in item["days_off"]}
    worked = frozenset(_day(s["work"]) for s in item["swapped"])
    off = {**named, **{_day(s["rest"]): "nghỉ hoán đổi" for s in item["swapped"]}}
    for day, name in sorted(named.items()):
        if day.weekday() in weekend:
            instead = day + ONE
            while instead in off or instead.weekday() in weekend:
                instead += ONE
            off[instead] = f"nghỉ bù {name}"
    return Calendar(
        year=year,
        holidays=dict(sorted(off.items())),
        worked=worked,
        open=tuple(
            Open(Period.of(o["from"], o["to"]), o["why"], bool(o.get("counted"))) for o in item["open"]
        ),
        source=item["source"],
        certainty=certainty(item["certainty"]),
    )


@lru_cache(maxsize=1)
def _calendars() -> tuple[frozenset[int], dict[int, Calendar]]:
    law = read_yaml(folder("vn", "holidays.yaml"))
    return frozenset(law["weekend"]), {item["year"]: _calendar(law, item) for item in law["years"]}


def calendar(year: int) -> Calendar:
    """The calendar of a year; NoCalendar when it is not known."""
    known = _calendars()[1]
    if year not in known:
        raise NoCalendar(f"Chưa có lịch nghỉ năm {year}.")
    return known[year]


def is_working_day(day: date) -> bool:
    """True when offices work that day; NoCalendar when that is not known."""
    of_year = calendar(day.year)
    if day in of_year.worked:
        return True
    if day in of_year.holidays or day.weekday() in _calendars()[0]:
        return False
    for unknown in of_year.open:
        if unknown.period.holds(day) and not unknown.counted:
            raise NoCalendar(f"Chưa có lịch nghỉ năm {day.year} cho ngày {said(day)}: {unknown.why}.")
    return True


def add_working_days(day: date, count: int) -> date:
    """The day on which the count of working days after `day` is full; the first counts from the next day."""
    if count < 0:
        raise ValueError("Số ngày làm việc không được âm.")
    last = day
    while count:
        last += ONE
        count -= is_working_day(last)
    return last


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after `first` up to and including `last`; negative when `last` is earlier."""
    if last < first:
        return -working_days_between(last, first)
    return sum(is_working_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def doubts(first: date, last: date) -> tuple[str, ...]:
    """What is not known of the days from `first` to `last`, a sentence each; empty when all is known."""
    years = range(first.year, last.year + 1)
    span = Period(first, last)
    return tuple(
        f"Năm {year}: {unknown.why}."
        for year in years
        for unknown in calendar(year).open
        if unknown.period.overlaps(span)
    )
