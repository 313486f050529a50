"""The duty roster of a month: who answers on which day, area by area, and where nobody does."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from baoton.kit.access import require
from baoton.kit.kinds.area import units
from baoton.kit.reading.asking import actor_of
from baoton.kit.reading.month import Month
from baoton.kit.reading.register import REGISTERS


@login_required
@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """The duties of a month, day by day, as this reader may see them; to print and hang on a door."""
    actor = actor_of(request)
    require(actor, "people.duty.see")
    asked, today = Month.asked(request), timezone.localdate()
    book = REGISTERS["people.duty"]
    door = book.door(actor)
    rows = door.open(door.rows().filter(Q(since__lte=asked.last) & Q(until__gte=asked.first))).select_related(
        "person"
    )
    held = list(rows.order_by("area_path", "since", "id"))
    areas: dict[str, list[Any]] = {}
    for one in held:
        areas.setdefault(one.area_path, []).append(one)
    lines = [
        {"name": units().name(path) if path else "", "duties": some, "free": _free(some, asked.days)}
        for path, some in areas.items()
    ]
    context = {
        "month": asked, "lines": lines, "book": book, "today": today,
        "now": [one for one in held if one.since <= today <= one.until],
        "may_add": bool(actor.scopes("people.duty.create")),
    }  # fmt: skip
    return render(request, "people/duties.html", context)


def _free(some: list[Any], days: list[date]) -> list[tuple[date, date]]:
    """The runs of days on which nobody of these is on duty."""
    runs: list[tuple[date, date]] = []
    for day in days:
        if any(one.since <= day <= one.until for one in some):
            continue
        if runs and runs[-1][1] == day - timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs
