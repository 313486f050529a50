"""The page of the trend: shares of squares with signs corrected for effort, rates of finds, and how both are told."""

import math
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baoton.kit.access import require
from baoton.kit.kinds.words import as_text
from baoton.kit.pages.charts import Row, lines
from baoton.kit.reading.asking import actor_of
from baoton.patrols.models import SignKind
from baoton.patrols.trend import Season
from baoton.patrols.trend import trend as trend_of
from baoton.patrols.views import span
from baoton.places.queries import commune_choices

WIDEST = 1_000.0
"""How many times the upper end of a yearly rate may be the lower one before the interval is called telling nothing."""


@login_required
@require_GET
def trend(request: HttpRequest) -> HttpResponse:
    """Whether signs of a kind grow or shrink, in one commune or everywhere, with the method and what it rests on."""
    actor = actor_of(request)
    require(actor, "patrols.leg.see")
    first, last, wrong = span(request)
    communes, area, kind = dict(commune_choices()), request.GET.get("area", ""), request.GET.get("kind", "")
    kinds = SignKind.objects.filter(withdrawn__isnull=True).exclude(group=SignKind.Group.CAMERA)
    if (area and area not in communes) or (kind and not kinds.filter(code=kind).exists()):
        raise Http404(area or kind)
    told = trend_of(actor, first, last, area, kind)
    shares = [
        Row(s.name, _percent(s.share), low=_percent(s.lower), high=_percent(s.upper)) for s in told.seasons
    ]
    odds = [as_text(round(math.exp(v), 2)) for v in (told.slope, told.lower, told.upper) if v is not None]
    context = {
        "wide": _wide(told.lower, told.upper),
        "told": told, "first": first, "last": last, "wrong": wrong, "area": area, "name": communes.get(area, ""),
        "when": request.GET.get("when", ""), "communes": commune_choices(), "kind": kind,
        "kinds": kinds.order_by("group", "label"), "odds": odds, "lines": [_line(s) for s in told.seasons],
        "chart": lines(_("Phần ô có dấu hiệu, đã sửa theo công sức"), shares, "%"),
        "detection": None if told.detection is None else as_text(round(100 * told.detection)),
    }  # fmt: skip
    return render(request, "patrols/trend.html", context)


def _wide(lower: float | None, upper: float | None) -> bool:
    """Whether an interval of yearly log odds tells nothing: its ends lie further apart than a thousandfold."""
    return lower is not None and upper is not None and upper - lower > math.log(WIDEST)


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)


def _line(one: Season) -> dict[str, Any]:
    return {
        "name": one.name, "km": as_text(round(one.km, 1)), "squares": one.squares, "patrols": one.patrols,
        "seen": "–" if one.seen is None else as_text(_percent(one.seen)),
        "share": _between(_percent(one.share), _percent(one.lower), _percent(one.upper), 1),
        "rate": _between(one.rate, one.rate_lower, one.rate_upper, 3),
    }  # fmt: skip


def _between(value: float | None, low: float | None, high: float | None, places: int) -> str:
    """A value with its interval; a dash where it is not known, a question mark for a limit that is not."""
    if value is None:
        return "–"
    ends = ["?" if end is None else as_text(round(end, places)) for end in (low, high)]
    return f"{as_text(round(value, places))} ({ends[0]}–{ends[1]})"
