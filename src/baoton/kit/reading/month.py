"""A month as a page shows it: its days and weeks, the month before and the one after, read from an address."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404, HttpRequest
from django.utils import timezone


@dataclass(frozen=True)
class Month:
    """From the first to the last day of a month."""

    first: date
    last: date

    @classmethod
    def asked(cls, request: HttpRequest) -> "Month":
        """The month that `?thang=2026-11` names, this month without it; Http404 for what is no month."""
        today, said = timezone.localdate(), request.GET.get("thang", "")
        try:
            year, number = (int(part) for part in said.split("-")) if said else (today.year, today.month)
            month = cls(date(year, number, 1), date(year, number, calendar.monthrange(year, number)[1]))
            _beside = (
                month.before,
                month.after,
                month.weeks,
            )  # the first and the last month there is have none
        except (ValueError, OverflowError) as error:
            raise Http404(said) from error
        return month

    @property
    def before(self) -> date:
        """The last day of the month before."""
        return self.first - timedelta(days=1)

    @property
    def after(self) -> date:
        """The first day of the month after."""
        return self.last + timedelta(days=1)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range(self.last.day)]

    @property
    def weeks(self) -> list[list[date]]:
        """Whole weeks from Monday on that hold the month; some of their days lie beside it."""
        return calendar.Calendar().monthdatescalendar(self.first.year, self.first.month)
