"""The page of reach: which villages nobody told anything in the last twelve months."""

import json
from datetime import timedelta
from typing import Any

import shapely
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baoton.kit.access import require
from baoton.kit.pages.areas import areas
from baoton.kit.pages.charts import Row
from baoton.kit.reading.asking import actor_of
from baoton.kit.reading.register import REGISTERS
from baoton.outreach.queries import Reached, reach
from baoton.places.queries import outlines

YEAR, SHOWN, SPOT = 365, 300, 0.004


@login_required
@require_GET
def reached(request: HttpRequest) -> HttpResponse:
    """Communes by the share of their villages reached; the villages that wait, in one commune or in all, on the map."""
    actor, today = actor_of(request), timezone.localdate()
    require(actor, "outreach.session.see")
    first = today - timedelta(days=YEAR)
    told, area = reach(actor, first, today), request.GET.get("area", "")
    if area and area not in {one.path for one in told}:
        raise Http404(area)
    chosen = [one for one in told if one.path == area or not area]
    waiting = [(one, village, last) for one in chosen for village, last in one.never]
    listed = sum(one.listed for one in chosen)
    context = {
        "told": told, "area": area, "name": chosen[0].name if area else "", "first": first, "today": today,
        "waiting": waiting[:SHOWN], "all": len(waiting), "listed": listed, "picture": _picture(told),
        "share": round(100 * (1 - len(waiting) / listed), 1) if listed else None,
        "strange": sum(one.strange for one in chosen), "overlay": _overlay(waiting),
        "sessions": REGISTERS["outreach.session"], "villages": REGISTERS["places.village"],
        "query": f"when={first:%Y-%m-%d}..{today:%Y-%m-%d}",
    }  # fmt: skip
    return render(request, "outreach/reached.html", context)


def _picture(told: list[Reached]) -> Any:
    """The share of villages reached by commune, where the reader knows of several."""
    if len(told) < 2:
        return None
    page, shapes = reverse("outreach-reach"), outlines()
    rows = {x.path: Row(x.name, x.share, f"{page}?area={x.path}") for x in told}
    points = [(v.lon, v.lat) for x in told for v, _last in x.never if v.lon is not None and v.lat is not None]
    return areas(_("Phần bản đã đến trong 12 tháng"), rows, {p: shapes[p] for p in rows}, "%", points)


def _overlay(waiting: list[tuple[Reached, Any, Any]]) -> list[dict[str, Any]]:
    """The villages that wait, where the list knows their place."""
    placed = [shapely.Point(v.lon, v.lat) for _one, v, _last in waiting if None not in (v.lon, v.lat)]
    if not placed:
        return []
    spots = shapely.union_all(placed).buffer(SPOT)
    return [{"name": _("bản chưa đến"), "kind": "shape", "geometry": json.loads(shapely.to_geojson(spots))}]
