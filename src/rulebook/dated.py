"""A period of time, both ends included, either end open."""

from dataclasses import dataclass
from datetime import date, timedelta

from rulebook.reading import a_date

BEGINNING = date(1900, 1, 1)
"""Stands for “since before anything the rulebook knows”."""


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last day, both included; None leaves an end open."""

    start: date | None
    end: date | None

    @classmethod
    def of(cls, start: object, end: object) -> "Period":
        """A period from two cells of a file; empty cells leave an end open."""
        period = cls(a_date(start), a_date(end))
        if period.start and period.end and period.end < period.start:
            raise ValueError(f"a period ends {period.end} before it begins {period.start}")
        return period

    def holds(self, day: date) -> bool:
        """True when the day lies in the period."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def overlaps(self, other: "Period") -> bool:
        """True when some day lies in both."""
        starts_before_other_ends = other.end is None or self.start is None or self.start <= other.end
        other_starts_before_end = self.end is None or other.start is None or other.start <= self.end
        return starts_before_other_ends and other_starts_before_end

    @property
    def edges(self) -> list[date]:
        """The days on which something changes: the first day in, the first day out."""
        out = [self.start] if self.start else []
        return [*out, self.end + timedelta(days=1)] if self.end else out
