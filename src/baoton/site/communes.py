"""The sheet of a commune: its work, sessions and species, for its own people, for print and for everybody."""

import json
from typing import Any

import shapely
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baoton.kit.access import Actor, Public
from baoton.kit.reading.asking import actor_of, readable
from baoton.observations.registers import occurrence
from baoton.outreach.registers import session
from baoton.places.models import Merge, Unit
from baoton.places.queries import home
from baoton.plan.queries import of_year, with_names
from baoton.plan.registers import work as work_book
from baoton.taxa.models import Taxon
from baoton.taxa.queries import legal_statuses
from rulebook.lists import groups

MOST, SIMPLE_DEG = 20, 0.0005


def unit_or_404(code: str) -> Unit:
    """The commune or ward of today with this code."""
    found = Unit.objects.filter(path=f"{home().code}/{code}", valid_to=None).first()
    if found is None:
        raise Http404(code)
    return found


def species_of(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The species of verified records in the commune as this reader may know them, the most guarded first."""
    door = occurrence.door(actor)
    rows = occurrence.filtered(door, {"area": path, "status": "verified", "presence": "present"})
    counts = dict(rows.filter(taxon__isnull=False).order_by().values_list("taxon_id").annotate(n=Count("pk")))
    taxa = Taxon.objects.in_bulk(list(counts))
    status, english = legal_statuses(taxa.values()), get_language() == "en"
    told = []
    for key, taxon in taxa.items():
        law = status[key]
        group = groups()[law.group] if law is not None and law.group is not None else None
        badge = "" if group is None else (group.en if english else group.short)
        guarded = group is not None and group.system != "invasive"
        level = group.level if group else 99
        told.append({"taxon": taxon, "n": counts[key], "badge": badge, "level": level, "guarded": guarded})
    return sorted(told, key=lambda one: (one["level"], str(one["taxon"])))


def outline(unit: Unit) -> list[dict[str, Any]]:
    """The commune's own shape, on which its map opens; none where no shape is known."""
    if unit.geom is None:
        return []
    shape = shapely.simplify(shapely.from_wkb(bytes(unit.geom)), SIMPLE_DEG)
    return [{"name": str(unit), "kind": "shape", "geometry": json.loads(shapely.to_geojson(shape))}]


@require_GET
def commune(request: HttpRequest, code: str) -> HttpResponse:
    """Everything of one commune through the reader's own doors; `ban=cong-khai` shows what everybody gets."""
    unit = unit_or_404(code)
    public = request.GET.get("ban") == "cong-khai"
    actor: Actor = Public() if public else actor_of(request)
    year, today = timezone.localdate().year, timezone.localdate()
    works: list[Any] = []
    more_works = 0
    if readable(work_book, actor) and not isinstance(actor, Public):
        rows = work_book.door(actor).rows()
        mine = rows.filter(area_path=unit.path) | rows.filter(responsible=f"ubnd_{code}")
        due = of_year(mine, year).order_by("due")
        works, more_works = with_names(due[:MOST]), max(due.count() - MOST, 0)
    sessions: Any = []
    more_sessions = 0
    if readable(session, actor):
        held = session.opened(session.door(actor), {"area": unit.path}).order_by("-day", "-id")
        sessions, more_sessions = held[:MOST], max(held.count() - MOST, 0)
    species = species_of(actor, unit.path)
    context = {
        "unit": unit, "public": public, "works": works, "more_works": more_works,
        "more_sessions": more_sessions, "sessions": sessions, "species": species,
        "guarded": [s for s in species if s["guarded"]], "today": today, "year": year, "work": work_book,
        "outline": outline(unit), "session": session, "evidence": occurrence,
        "mapped": readable(occurrence, actor) and not public,
        "made_of": [str(m.old) for m in Merge.objects.filter(new=unit).select_related("old").order_by("old__name")],
    }  # fmt: skip
    return render(request, "site/commune.html", context)


@require_GET
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """One sheet to hang up in the commune: which guarded species are known here, and what to do; public facts alone."""
    unit = unit_or_404(code)
    species = [s for s in species_of(Public(), unit.path) if s["guarded"]]
    rules = (
        _("Không săn, bắt, bẫy, mua, bán, nuôi nhốt động vật hoang dã; không đào, chặt cây rừng quý hiếm."),
        _("Thấy dây phanh, bẫy thì báo; không tự đi tháo một mình."),
        _("Gặp con vật bị thương, đi lạc: đứng xa, báo xã hoặc kiểm lâm ngay trong ngày."),
    )
    return render(request, "site/poster.html", {"unit": unit, "species": species, "rules": rules})
