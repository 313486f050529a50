"""First records of listed species by commune, how each spreads, and the lists with what is not known of them."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baoton.invasive import queries
from baoton.kit.access import require
from baoton.kit.kinds.geometry import as_json
from baoton.kit.pages.charts import Row, lines
from baoton.kit.reading.asking import actor_of
from baoton.kit.reading.register import REGISTERS
from baoton.places.queries import unit_name

SHOWN = 60


@login_required
@require_GET
def now(request: HttpRequest) -> HttpResponse:
    """What a reader may know of invasive species here: what is new, how fast it spreads, by which lists."""
    actor = actor_of(request)
    require(actor, "invasive.site.see")
    today = timezone.localdate()
    firsts = queries.firsts(actor)
    new = [f for f in firsts if f.day > today - timedelta(days=queries.NEW_DAYS)]
    spreads = queries.spreads(actor)
    charts = [
        lines(
            _("%(name)s: ha vào cuối năm") % {"name": s.taxon.vernacular_vi.split(";")[0] or s.taxon.scientific_name},
            [Row(str(year), None if ha is None else round(ha, 2)) for year, ha, _km in s.rows[-12:]], "ha",
        )
        for s in spreads
        if s.now_ha is not None and len(s.rows) > 1
    ]  # fmt: skip
    shown = [s for s in spreads if len(s.places) > 1]
    chosen = next(
        (s for s in shown if str(s.taxon.pk) == request.GET.get("loai", "")), next(iter(shown), None)
    )
    if request.GET.get("loai") and (chosen is None or str(chosen.taxon.pk) != request.GET["loai"]):
        messages.error(request, _("Loài được hỏi chưa có biên theo năm."))
    overlay = [
        {
            "name": _("đến hết năm %(year)d") % {"year": year},
            "kind": "shape",
            "deep": n,
            "geometry": as_json(shape),
        }
        for n, (year, shape) in enumerate(queries.fronts(chosen) if chosen else [])
    ]
    context = {
        "shown": shown, "chosen": chosen, "overlay": overlay,
        "new": [(f, unit_name(f.area_path), _address(f)) for f in new[:SHOWN]],
        "many": len(new), "old": len(firsts) - len(new), "spreads": spreads, "charts": charts,
        "lists": queries.lists(), "newest": queries.newest(today), "sites": REGISTERS["invasive.site"],
        "may_write": bool(actor.scopes("invasive.site.create")), "surveys": REGISTERS["invasive.survey"],
    }  # fmt: skip
    return render(request, "invasive/now.html", context)


def _address(first: queries.First) -> str:
    """The records of that species in that commune."""
    return f"{REGISTERS[first.book].url()}?taxon={first.taxon.pk}&area={first.area_path}"
