"""The month of acting together: joint operations, checks, trainings and regulations that end, day by day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baoton.kit.access import Actor, require
from baoton.kit.reading.asking import actor_of, readable
from baoton.kit.reading.month import Month
from baoton.kit.reading.register import REGISTERS
from baoton.outreach.models import Session
from baoton.together.models import Check

A_DAY = 8


@dataclass(frozen=True)
class Event:
    """What stands on the days of a month: its kind (the colour), its words and its page."""

    kind: str
    words: str
    address: str
    first: date
    last: date


@login_required
@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """A month as its reader may see it; to print. A month that is none is not found."""
    actor = actor_of(request)
    require(actor, "together.operation.see")
    asked, today = Month.asked(request), timezone.localdate()
    found = sorted(events(actor, asked.first, asked.last), key=lambda e: (e.first, e.kind, e.words))
    weeks = [[_day(day, asked.first, today, found) for day in week] for week in asked.weeks]
    book = REGISTERS["together.operation"]
    context = {
        "weeks": weeks, "month": asked, "book": book,
        "counts": [(n, sum(e.kind == k for e in found), k) for k, n in names().items()],
        "may_plan": bool(actor.scopes("together.operation.create")),
    }  # fmt: skip
    return render(request, "together/month.html", context)


def names() -> dict[str, str]:
    """The kinds of events in words, each with the colour of a tag."""
    return {
        "planned": _("đợt phối hợp sắp làm"), "done": _("đợt phối hợp đã làm"),
        "cancelled": _("đợt phối hợp không làm nữa"), "check": _("lượt kiểm tra"),
        "late": _("lượt kiểm tra có dấu hiệu vi phạm"), "training": _("buổi tập huấn"),
        "draft": _("quy chế phối hợp hết hiệu lực"),
    }  # fmt: skip


def _day(day: date, first: date, today: date, found: list[Event]) -> dict[str, Any]:
    here = day.month == first.month and day.year == first.year
    some = [e for e in found if e.first <= day <= e.last] if here else []
    return {
        "day": day,
        "here": here,
        "today": day == today,
        "events": some[:A_DAY],
        "more": len(some[A_DAY:]),
    }


def events(actor: Actor, first: date, last: date) -> Iterator[Event]:
    """What happens between two days in the books that the actor may read."""
    spans = Q(day__lte=last) & (Q(until__gte=first) | Q(until__isnull=True, day__gte=first))
    for one, address in _rows(actor, "together.operation", spans):
        yield Event(one.status, one.title, address, one.day, one.until or one.day)
    within = Q(day__range=(first, last))
    for one, address in _rows(actor, "together.check", within):
        kind = "late" if one.found == Check.Found.DOUBT else "check"
        yield Event(kind, f"{one.get_kind_display()}: {one.place}", address, one.day, one.day)
    for one, address in _rows(actor, "outreach.session", within & Q(kind=Session.Kind.TRAINING)):
        yield Event("training", one.title, address, one.day, one.day)
    for one, address in _rows(actor, "together.agreement", Q(until__range=(first, last))):
        yield Event("draft", str(one), address, one.until, one.until)


def _rows(actor: Actor, name: str, which: Q) -> Iterator[tuple[Any, str]]:
    """The rows of a book through the reader's own door, each with its page; none of a book he may not read."""
    book = REGISTERS[name]
    if not readable(book, actor):
        return
    door = book.door(actor)
    for one in door.open(door.rows().filter(which)):
        yield one, book.url(one)
