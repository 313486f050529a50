"""Legal terms: working days that run, pause and run on, by the calendar of the day they start.

The first day counts from the day after. While a clock is paused nothing is used and nothing is due. Where the
calendar of a year is not known yet, the day it falls due is unknown (null), never guessed.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

import rulebook
from baoton.kit.models import Clock
from baoton.kit.writing.refusal import NotNow
from rulebook.errors import RulebookError
from rulebook.workdays import working_days_between


@dataclass(frozen=True)
class Left:
    """How a clock stands on a day: working days left (negative: late), or None where no calendar tells."""

    days: int | None
    paused: bool

    @property
    def late(self) -> bool:
        return self.days is not None and self.days < 0


def start(register: str, record: Any, name: str, days: int, on: date) -> Clock:
    """The clock runs from this day; `NotNow` where it already runs."""
    if opened(record.pk, name) is not None:
        raise NotNow(_("Thời hạn “%(name)s” đang chạy.") % {"name": name})
    return Clock.objects.create(
        register=register, record=record.pk, name=name, organisation=record.organisation,
        area_path=record.area_path, began=on, since=on, days=days, due=_due(on, days),
    )  # fmt: skip


def pause(record: Any, name: str, on: date, note: str = "") -> Clock:
    """Nothing is used from this day on; the day itself still counts."""
    clock = _running(record, name, on)
    if clock.paused is not None:
        raise NotNow(_("Thời hạn “%(name)s” đang tạm dừng.") % {"name": name})
    clock.used += working_days_between(clock.since, on)
    clock.paused, clock.due, clock.note = on, None, note or clock.note
    clock.save()
    return clock


def resume(record: Any, name: str, on: date) -> Clock:
    """The clock runs on with the days it has left."""
    clock = _running(record, name, on)
    if clock.paused is None:
        raise NotNow(_("Thời hạn “%(name)s” không tạm dừng.") % {"name": name})
    if on < clock.paused:
        raise NotNow(_("Ngày chạy tiếp trước ngày tạm dừng."))
    clock.since, clock.paused = on, None
    clock.due = _due(on, clock.days - clock.used)
    clock.save()
    return clock


def stop(record: Any, name: str, on: date) -> Clock:
    """The work the clock waited for is done; how many days it took stays with it."""
    clock = _running(record, name, on)
    if clock.paused is None:
        clock.used += working_days_between(clock.since, on)
    clock.stopped = on
    clock.save()
    return clock


def left(clock: Clock, on: date) -> Left:
    """Working days left on a day; a stopped clock tells what was left when it stopped."""
    if clock.paused is not None or clock.stopped is not None:
        return Left(clock.days - clock.used, clock.stopped is None)
    try:
        return Left(clock.days - clock.used - working_days_between(clock.since, on), False)
    except RulebookError:
        return Left(None, False)


def opened(record: Any, name: str) -> Clock | None:
    """The open clock of that name on a record."""
    return Clock.objects.filter(record=record, name=name, stopped__isnull=True).first()


def of_record(record: Any) -> "QuerySet[Clock]":
    """Every clock of a record, the newest first."""
    return Clock.objects.filter(record=record).order_by("-began", "-pk")


def due(until: date, register: str = "") -> "QuerySet[Clock]":
    """The running clocks that fall due by a day, the earliest first."""
    rows = Clock.objects.filter(stopped__isnull=True, due__lte=until).order_by("due", "pk")
    return rows.filter(register=register) if register else rows


def late_records(register: str, on: date) -> Q:
    """A test for rows of a book with a clock that is late on a day."""
    late = Clock.objects.filter(register=register, stopped__isnull=True, due__lt=on)
    return Q(pk__in=late.values("record"))


def _running(record: Any, name: str, on: date) -> Clock:
    clock = (
        Clock.objects.select_for_update().filter(record=record.pk, name=name, stopped__isnull=True).first()
    )
    if clock is None:
        raise NotNow(_("Thời hạn “%(name)s” chưa chạy.") % {"name": name})
    if on < clock.since:
        raise NotNow(_("Ngày này trước ngày thời hạn bắt đầu."))
    return clock


def _due(on: date, days: int) -> date | None:
    """The last working day; None where the calendar of that time is not known."""
    if days < 0:
        return on
    try:
        return rulebook.add_working_days(on, days)
    except RulebookError:
        return None
