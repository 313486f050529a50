"""The calendar of migratory species, a page a season."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from baoton.kit.access import may
from baoton.kit.reading.asking import actor_of
from baoton.kit.reading.register import REGISTERS
from baoton.observations.migrating import SEASONS, calendar, closed
from baoton.taxa.models import Taxon
from baoton.taxa.queries import species_panel


@require_GET
def seasons(request: HttpRequest, season: str = "") -> HttpResponse:
    """Species by months, of the whole year or of one season, with stop-over sites, sources and closed seasons."""
    if season and season not in SEASONS:
        raise Http404(season)
    actor, today = actor_of(request), timezone.localdate()
    rows = calendar(actor, season)
    context = {
        "rows": rows, "season": season, "label": SEASONS[season][0] if season else "",
        "pages": [(key, label) for key, (label, _months) in SEASONS.items()],
        "months": SEASONS[season][1] if season else range(1, 13), "closed": closed(today), "today": today,
        "book": REGISTERS["observations.season"], "may_add": may(actor, "observations.season.create"),
    }  # fmt: skip
    return render(request, "observations/seasons.html", context)


@species_panel("observations/season_of.html")
def on_species(actor: Any, taxon: Taxon) -> dict[str, Any]:
    """The year of a species of which a season is written."""
    return {"rows": calendar(actor, taxon=taxon), "months": range(1, 13)}
