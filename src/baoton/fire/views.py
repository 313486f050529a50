"""Pages of fire that are no book: today's danger, and how alerts were answered."""

from collections import defaultdict
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baoton.fire import actions, queries
from baoton.fire.models import Alert, Permit
from baoton.kit.access import Actor, require
from baoton.kit.pages.areas import areas
from baoton.kit.pages.charts import Row
from baoton.kit.reading.asking import actor_of, readable
from baoton.kit.reading.register import REGISTERS
from baoton.places.queries import commune_choices, outlines, unit_name

S = Alert.Status


@login_required
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Levels by commune on a day, each station with its P, FWI and gaps, what waits and what was muted."""
    actor = actor_of(request)
    require(actor, "fire.weather.see")
    here = timezone.localdate()
    try:
        day = min(date.fromisoformat(request.GET.get("ngay", "")), here)
    except ValueError:
        day = here
    found, book = queries.now(day), REGISTERS["fire.alert"]
    newest = max((one.day for one in found if one.weather is not None), default=None)
    by_station = {one.station.pk: one for one in found}
    zones, stations = queries.communes(), REGISTERS["fire.station"]
    seen = set(stations.door(actor).open(stations.door(actor).rows()).values_list("pk", flat=True))
    pages = {pk: stations.url(one.station) for pk, one in by_station.items() if pk in seen}
    rows = {
        path: Row(f"{unit_name(path)}, {one.roman}", one.level, pages.get(pk, ""))
        for path, pk in zones.items()
        if (one := by_station.get(pk)) is not None
    }
    known = any(row.value is not None for row in rows.values())
    context = {
        "found": [(one, pages.get(one.station.pk, "")) for one in found],
        "basis": queries.basis(day), "day": day, "today": day == here,
        "before": day - timedelta(days=1), "after": day + timedelta(days=1),
        "newest": newest if any(one.old for one in found) else None,
        "picture": areas(_("Cấp cháy rừng theo xã, phường"), rows, outlines()) if known else None,
        "without": sum(path not in zones for path, _name in commune_choices()),
        "alerts": book, "metres": round(actions.METRES), **_allowed(actor, day),
        "tables": REGISTERS["fire.table"], "bulletins": REGISTERS["fire.bulletin"],
        "weather": REGISTERS["fire.weather"], "stations": REGISTERS["fire.station"],
        "may_write": bool(actor.scopes("fire.weather.create")), "may_tell": bool(actor.scopes("fire.bulletin.create")),
        "may_duty": bool(actor.scopes("people.duty.see")),
    }  # fmt: skip
    if readable(book, actor):
        door = book.door(actor)
        waiting = door.rows().filter(status=S.WAITING)
        context["all_waiting"] = waiting.filter(muted="").count()
        context["waiting"] = [
            (a, book.url(a), unit_name(a.area_path) if a.area_path else "")
            for a in door.open(waiting.filter(muted="")).order_by("-last")[:30]
        ]
        context["muted"] = door.rows().exclude(muted="").count()
    return render(request, "fire/today.html", context)


def _allowed(actor: Actor, day: date) -> dict[str, Any]:
    """How many permits to burn hold on a day, of those the reader may see."""
    book = REGISTERS["fire.permit"]
    if not readable(book, actor):
        return {"permits": None}
    rows = book.door(actor).rows().filter(status=Permit.Status.ISSUED, since__lte=day, until__gte=day)
    return {"permits": book, "allowed": rows.count()}


@login_required
@require_GET
def answers(request: HttpRequest) -> HttpResponse:
    """Per commune and month of a year: alerts, what they were, how many were fires, minutes to answer."""
    actor = actor_of(request)
    require(actor, "fire.alert.see")
    asked = request.GET.get("nam", "")
    year = int(asked) if asked.isdecimal() and 2000 <= int(asked) <= 2100 else timezone.localdate().year
    book = REGISTERS["fire.alert"]
    door = book.door(actor)
    groups: dict[tuple[str, date], list[Any]] = defaultdict(list)
    for one in door.open(door.rows().filter(day__year=year)):
        groups[one.area_path, one.day.replace(day=1)].append(one)
    lines = [
        _line(unit_name(area) if area else _("ngoài các xã"), month, rows)
        for (area, month), rows in sorted(groups.items(), key=lambda g: (g[0][1], g[0][0]))
    ]
    every = _line(_("cả năm"), None, [r for rows in groups.values() for r in rows])
    return render(
        request, "fire/answers.html",
        {
            "lines": lines, "every": every, "book": book, "year": str(year), "before": str(year - 1),
            "after": str(year + 1),
        },
    )  # fmt: skip


def _line(name: str, month: date | None, rows: list[Any]) -> dict[str, Any]:
    n = {s: sum(r.status == s for r in rows) for s in S.values}
    judged = len(rows) - n[S.WAITING]
    guessed = [r for r in rows if r.permit_id and r.status != S.WAITING]
    minutes = [r.minutes for r in rows if r.minutes is not None]
    return {
        "name": name, "month": month, "all": len(rows), "muted": sum(bool(r.muted) for r in rows), **n,
        "judged": judged, "leave": sum(bool(r.permit_id) for r in rows), "guessed": len(guessed),
        "right": sum(r.status == S.PERMITTED for r in guessed),
        "precision": None if not judged else 100 * n[S.FIRE] / judged,
        "minutes": median(minutes) if minutes else None,
    }  # fmt: skip
