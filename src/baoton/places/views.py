"""The map of a register, the base it is drawn on, and the pages of communes."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import quote_etag
from django.views.decorators.http import require_GET

from baoton.kit.access import Actor, may
from baoton.kit.pages.list import filters_of
from baoton.kit.reading.asking import actor_of, find, readable
from baoton.kit.reading.filters import Area, BadFilter
from baoton.kit.reading.register import Register, all_registers, by_slug
from baoton.kit.text import fold
from baoton.places import base, queries, terrain
from baoton.places.models import Merge, Unit, Village
from baoton.places.units import DISTRICTS, as_written, districts_until

ASIDE = ("register", "at")
MOST = 10_000


@require_GET
def map_page(request: HttpRequest) -> HttpResponse:
    """One register on the map, narrowed by its own filters; `at` names a place to begin at."""
    actor = actor_of(request)
    located = [r for r in all_registers() if on_map(r) and readable(r, actor)]
    chosen = request.GET.get("register", "")
    register = find(chosen, actor) if by_slug(chosen) else first_of(located, actor)
    query = request.GET.copy()
    for name in ASIDE:
        query.pop(name, None)
    context: dict[str, Any] = {"registers": located, "register": register, "at": request.GET.get("at", "")}
    if register is not None:
        door = register.door(actor)
        trouble = ""
        try:
            rows = register.filtered(door, request.GET)
            hidden = door.open(rows).filter(door_x=None)[: MOST + 1].count() if query.urlencode() else None
        except (BadFilter, ValueError) as error:
            trouble, hidden = str(error), None
        asked = filters_of(register, door, request.GET)
        context |= {
            "query": query.urlencode(),
            "filters": asked,
            "sentence": [] if trouble else [(a.filter, a.reads) for a in asked if a.value],
            "trouble": trouble,
            "unplaced": hidden,
        }
    return render(request, "places/map.html", context)


def first_of(books: Sequence[Register], actor: Actor) -> Register | None:
    """The first book that has something to show to the reader, else the first; None where there is none."""
    filled = (book for book in books if book.door(actor).rows().exists())
    return next(filled, next(iter(books), None))


def on_map(register: Register) -> bool:
    """Whether the map offers the register: its records have a place and are asked for by area.

    Villages are the ground of every map and no layer of their own.
    """
    return (
        register.located
        and register.model is not Village
        and any(isinstance(f, Area) for f in register.filters)
    )


@require_GET
def base_map(request: HttpRequest) -> HttpResponse:
    """What every map is drawn on: communes, rivers, seats, and whether these are schematic."""
    content = base.content()
    etag = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(content, content_type="application/geo+json", headers=headers)


@require_GET
def relief_picture(request: HttpRequest) -> HttpResponseBase:
    """The shaded relief that lies under the maps, where an administrator brought one."""
    path = terrain.folder() / "relief.png"
    if not path.exists():
        raise Http404
    return FileResponse(path.open("rb"), content_type="image/png")


@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """The communes of today, what they were made of, and how many records each holds."""
    actor = actor_of(request)
    counts = [(r, base.counts(r, actor)) for r in all_registers() if on_map(r) and readable(r, actor)]
    made: dict[str, list[str]] = {}
    for merge in Merge.objects.select_related("old").order_by("old__name"):
        made.setdefault(merge.new_id, []).append(str(merge.old))
    units = Unit.objects.filter(valid_to=None).exclude(kind__in=[Unit.Kind.PROVINCE, *DISTRICTS])
    lines = [
        {
            "unit": unit,
            "made_of": made.get(unit.path, []),
            "counts": [(register, found.get(unit.path, 0)) for register, found in counts],
        }
        for unit in sorted(units, key=lambda u: fold(u.name))
    ]
    return render(
        request,
        "places/places.html",
        {
            "lines": lines,
            "registers": [r for r, _found in counts],
            "schematic": queries.schematic(),
            "villages": queries.villages(),
            "may_load": may(actor, "places.boundary.import"),
            **turn(),
            "area": sum(unit.area_km2 or 0 for unit in units),
        },
    )


def turn() -> dict[str, str]:
    """The last day of the units of before and the first of today's, as pages write them."""
    last = districts_until()
    if last is None:
        return {"until": "", "since": ""}
    return {"until": as_written(last), "since": as_written(last + timedelta(days=1))}


@require_GET
def old_new(request: HttpRequest) -> HttpResponse:
    """Where a commune or district of before the mergers lies today."""
    asked = request.GET.get("q", "").strip()
    return render(request, "places/old.html", {"asked": asked, "lines": base.old_to_new(asked), **turn()})
