"""The duty roster of a month: who answers on which day, area by area, and where nobody does."""

import calendar
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from baoton.kit.access import require
from baoton.kit.kinds.area import units
from baoton.kit.reading.asking import actor_of
from baoton.kit.reading.register import REGISTERS


@login_required
@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """The duties of a month, day by day, as this reader may see them; to print and hang on a door."""
    actor = actor_of(request)
    require(actor, "people.duty.see")
    today, asked = timezone.localdate(), request.GET.get("thang", "")
    try:
        year, number = (int(part) for part in asked.split("-")) if asked else (today.year, today.month)
        first = date(year, number, 1)
        last = date(year, number, calendar.monthrange(year, number)[1])
        before, after = first - timedelta(days=1), last + timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise Http404(asked) from error
    book = REGISTERS["people.duty"]
    door = book.door(actor)
    rows = door.open(door.rows().filter(Q(since__lte=last) & Q(until__gte=first))).select_related("person")
    held = list(rows.order_by("area_path", "since", "id"))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    areas: dict[str, list[Any]] = {}
    for one in held:
        areas.setdefault(one.area_path, []).append(one)
    lines = [
        {"name": units().name(path) if path else "", "duties": some, "free": _free(some, days)}
        for path, some in areas.items()
    ]
    context = {
        "first": first, "before": before, "after": after, "lines": lines, "book": book, "today": today,
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
