"""The stretches of time an office reports on: a year, its first half, its first nine months, a quarter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PARTS = {
    "": (1, 12, gettext_lazy("cả năm")),
    "6t": (1, 6, gettext_lazy("6 tháng đầu năm")),
    "9t": (1, 9, gettext_lazy("9 tháng đầu năm")),
    "q1": (1, 3, gettext_lazy("quý I")),
    "q2": (4, 6, gettext_lazy("quý II")),
    "q3": (7, 9, gettext_lazy("quý III")),
    "q4": (10, 12, gettext_lazy("quý IV")),
}


@dataclass(frozen=True)
class Period:
    """A year or a part of it, as `2026` or `2026-6t` in addresses and file names."""

    year: int
    part: str = ""

    @property
    def key(self) -> str:
        return f"{self.year}-{self.part}" if self.part else str(self.year)

    @property
    def first(self) -> date:
        return date(self.year, PARTS[self.part][0], 1)

    @property
    def last(self) -> date:
        month = PARTS[self.part][1]
        return date(self.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)

    @property
    def when(self) -> str:
        """The period as the filters of a list take it."""
        return f"{self.first.isoformat()}..{self.last.isoformat()}" if self.part else str(self.year)

    @property
    def name(self) -> str:
        """As a title says it."""
        if not self.part:
            return _("năm %(year)s") % {"year": self.year}
        form = _("%(part)s %(year)s") if self.part in {"6t", "9t"} else _("%(part)s năm %(year)s")
        return form % {"part": PARTS[self.part][2], "year": self.year}

    @property
    def before(self) -> "Period":
        """The same part of the year before."""
        return Period(self.year - 1, self.part)


def read(text: str) -> Period:
    """The period of an address; `ValueError` where there is none such."""
    year, dash, part = text.partition("-")
    if (
        bool(dash) != bool(part)
        or len(year) != 4
        or not year.isascii()
        or not year.isdigit()
        or part not in PARTS
    ):
        raise ValueError(text)
    return Period(int(year), part)


def choices(year: int) -> Iterable[Period]:
    """Every period of a year, the whole of it first."""
    return [Period(year, part) for part in PARTS]
