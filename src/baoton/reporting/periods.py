"""The stretches of time an office reports on: a year, its halves, its first nine months, a quarter, any days."""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PARTS = {
    "": (1, 12, gettext_lazy("cả năm")),
    "6t": (1, 6, gettext_lazy("6 tháng đầu năm")),
    "6c": (7, 12, gettext_lazy("6 tháng cuối năm")),
    "9t": (1, 9, gettext_lazy("9 tháng đầu năm")),
    "q1": (1, 3, gettext_lazy("quý I")),
    "q2": (4, 6, gettext_lazy("quý II")),
    "q3": (7, 9, gettext_lazy("quý III")),
    "q4": (10, 12, gettext_lazy("quý IV")),
}
FIRST = 1900
"""No report is of a year before."""
FREE = re.compile(r"([0-9]{8})-([0-9]{8})")


@dataclass(frozen=True)
class Period:
    """A year or a part of it, as `2026` or `2026-6t` in addresses and file names; any days as `20260305-20260820`.

    Days that are no part of a year are kept as their text in `part`; their year is the one they end in.
    """

    year: int
    part: str = ""

    @property
    def free(self) -> bool:
        return self.part not in PARTS

    @property
    def key(self) -> str:
        if self.free:
            return self.part
        return f"{self.year}-{self.part}" if self.part else str(self.year)

    @property
    def first(self) -> date:
        if self.free:
            return date.fromisoformat(self.part[:8])
        return date(self.year, PARTS[self.part][0], 1)

    @property
    def last(self) -> date:
        if self.free:
            return date.fromisoformat(self.part[9:])
        month = PARTS[self.part][1]
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def when(self) -> str:
        """The period as the filters of a list take it."""
        return f"{self.first.isoformat()}..{self.last.isoformat()}" if self.part else str(self.year)

    @property
    def name(self) -> str:
        """As a title says it."""
        if self.free:
            ends = {"first": f"{self.first:%d/%m/%Y}", "last": f"{self.last:%d/%m/%Y}"}
            return _("từ ngày %(first)s đến ngày %(last)s") % ends
        if not self.part:
            return _("năm %(year)s") % {"year": self.year}
        form = _("%(part)s %(year)s") if self.part in {"6t", "6c", "9t"} else _("%(part)s năm %(year)s")
        return form % {"part": PARTS[self.part][2], "year": self.year}

    @property
    def before(self) -> "Period":
        """The same part of the year before."""
        if self.free:
            return between(_year_before(self.first), _year_before(self.last))
        return Period(self.year - 1, self.part)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def between(first: date, last: date) -> Period:
    """The period of these days: a year or a part of one by its name; `ValueError` says why there is none such."""
    if last < first:
        told = _("Ngày kết thúc %(last)s trước ngày bắt đầu %(first)s: sửa lại một trong hai ngày.")
        raise ValueError(told % {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"})
    for part in PARTS:
        one = Period(last.year, part)
        if (one.first, one.last) == (first, last):
            return one
    return Period(last.year, f"{first:%Y%m%d}-{last:%Y%m%d}")


def read(text: str) -> Period:
    """The period of an address; `ValueError` where there is none such."""
    if found := FREE.fullmatch(text):
        return between(date.fromisoformat(found[1]), date.fromisoformat(found[2]))
    year, dash, part = text.partition("-")
    if (
        bool(dash) != bool(part)
        or len(year) != 4
        or not year.isascii()
        or not year.isdigit()
        or part not in PARTS
    ):
        raise ValueError(text)
    if int(year) < FIRST:
        raise ValueError(text)
    return Period(int(year), part)


def named(text: str) -> str:
    """The period as a title says it; what is no period stays as it was written."""
    try:
        return read(text).name
    except ValueError:
        return text


def choices(year: int) -> Iterable[Period]:
    """Every named period of a year, the whole of it first."""
    return [Period(year, part) for part in PARTS]
