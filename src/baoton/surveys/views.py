"""Pages of campaigns and protocols: design and sample size, progress, files for the field, a trial."""

import json
import math
from collections.abc import Sequence
from typing import Any

import polars as pl
import shapely
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baoton.kit.access import Actor, may
from baoton.kit.reading.asking import actor_of, record_or_404, said
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.refusal import NotNow
from baoton.surveys import actions, queries
from baoton.surveys.design import numbers
from baoton.surveys.design.facts import in_words
from baoton.surveys.design.grounds import read_heights
from baoton.surveys.design.sample import Wanted
from baoton.surveys.models import Campaign, Site
from baoton.surveys.protocols.asked import Asked, check, form_of
from baoton.surveys.protocols.gpx import gpx
from baoton.surveys.protocols.sheets import sheets
from baoton.surveys.protocols.workbook import template
from baoton.surveys.protocols.xlsform import xlsform

SUCH_AS = {"day": "15/3/2027", "time": "05:30"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def campaign_of(actor: Actor, pk: Any) -> Campaign:
    """The campaign as the actor may know it, or as one whose results he may send; else it is not there."""
    named = Campaign.objects.filter(pk=pk).first()
    if named is not None and named.pk in set(actions.sent_by(actor)):
        return named
    found: Campaign = record_or_404(REGISTERS["surveys.campaign"], actor, pk)
    return found


def sites_on_map(sites: Sequence[Site]) -> list[dict[str, Any]]:
    """Sites as overlays of the map: to visit, done, reserve."""
    kinds: dict[str, list[Any]] = {}
    for one in sites:
        if one.geom is None:
            continue
        name = (
            _("dự phòng")
            if one.status == Site.Status.RESERVE
            else _("đã thay")
            if one.status == Site.Status.REPLACED
            else ""
        )
        name = name or (_("đã đi") if one.visited else _("phải đi"))
        shape = shapely.from_wkb(bytes(one.geom))
        kinds.setdefault(name, []).append(
            shape.buffer(0.003) if shape.geom_type == "Point" else shape.buffer(0.0003)
        )
    if not kinds:
        return []
    hull = shapely.convex_hull(shapely.union_all([s for some in kinds.values() for s in some])).buffer(0.005)
    deep = {_("phải đi"): 1, _("đã đi"): 4, _("dự phòng"): 0, _("đã thay"): 2}
    around = {"name": _("vùng các điểm"), "kind": "shape", "geometry": _geojson([hull])}
    return [around] + [
        {"name": name, "kind": "cells", "deep": deep[name], "geometry": _geojson(some)}
        for name, some in kinds.items()
    ]  # fmt: skip


def _geojson(shapes: Sequence[Any]) -> Any:
    return json.loads(shapely.to_geojson(shapely.union_all(shapes)))


@login_required
@require_GET
def design(request: HttpRequest, pk: Any) -> HttpResponse:
    """How many sites and visits, what they cost, where they lie; the files for the field."""
    actor = actor_of(request)
    campaign: Campaign = record_or_404(REGISTERS["surveys.campaign"], actor, pk)
    asked, wrong = _asked(request)
    plans, why = numbers.plans(campaign, asked)
    trend, why_trend = numbers.of_trend(asked)
    known = list(queries.known_sites(actor, campaign))
    seen = list(queries.seen_sites(actor, campaign))
    planned = sum(s.status == Site.Status.PLANNED for s in seen)
    context = {
        "campaign": campaign, "drawing": in_words(campaign.drawing),
        "asked": asked, "wrong": wrong, "plans": plans, "why": why, "trend": trend,
        "why_trend": why_trend, "overlay": sites_on_map(known), "known": len(known), "seen": len(seen),
        "book": REGISTERS["surveys.campaign"], "sites": REGISTERS["surveys.site"],
        "may_draw": may(actor, "surveys.campaign.edit", campaign) and campaign.status == Campaign.Status.DRAFT,
        "may_send": actions.may_send(actor, campaign),
        "planned": planned, "cost": numbers.cost_of(campaign, planned, planned * campaign.visits_each),
        "no_costs": campaign.cost_site is None or campaign.cost_visit is None, "strata": _by_stratum(seen),
    }  # fmt: skip
    return render(request, "surveys/design.html", context)


def _by_stratum(sites: Sequence[Site]) -> list[dict[str, Any]]:
    """How many sites and reserves each stratum has, and the chance of each."""
    found: dict[str, dict[str, Any]] = {}
    for one in sites:
        line = found.setdefault(
            one.stratum, {"name": one.stratum, "sites": 0, "reserve": 0, "inclusion": one.inclusion}
        )
        line["reserve" if one.status == Site.Status.RESERVE else "sites"] += (
            one.status != Site.Status.REPLACED
        )
    return list(found.values())


def _asked(request: HttpRequest) -> tuple[numbers.Question, str]:
    """The beliefs and aims in the address, with the defaults of the page for what is not said."""
    start = numbers.Question()
    values: dict[str, Any] = {}
    for name in ("psi", "p", "se", "after", "power", "mean", "rate", "years"):
        written = request.GET.get(name, "").strip().replace(",", ".")
        if not written:
            continue
        try:
            values[name] = int(written) if name == "years" else float(written)
        except ValueError:
            return start, _("“%(value)s” không phải số.") % {"value": written[:40]}
    if "rate" in values:
        values["rate"] = values["rate"] / 100
    return numbers.Question(**values), ""


@login_required
@require_POST
def drawing(request: HttpRequest, pk: Any) -> HttpResponse:
    """A new sample is drawn as the form asks."""
    actor = actor_of(request)
    campaign: Campaign = record_or_404(REGISTERS["surveys.campaign"], actor, pk)
    if not may(actor, "surveys.campaign.edit", campaign):
        raise PermissionDenied(str(campaign))
    campaign = Campaign.objects.get(pk=campaign.pk)
    given = request.POST
    try:
        wanted = Wanted(
            sites=int(given.get("sites") or 0), reserve=int(given.get("reserve") or 0),
            shape=given.get("shape") if given.get("shape") in {"point", "line", "cell"} else "point",  # type: ignore[arg-type]
            size=float(given.get("size") or 1000), by_commune=given.get("strata") == "commune",
            edge=float(given.get("edge") or 0), border=float(given.get("border") or 0),
            seed=int(given.get("seed") or 1), habitat=given.get("strata") == "habitat",
            heights=read_heights(given.get("heights", "")) if given.get("strata") == "height" else (),
            slope=float((given.get("slope") or "0").replace(",", ".")),
        )  # fmt: skip
        apart = wanted.edge >= 0 and wanted.border >= 0 and math.isfinite(wanted.edge + wanted.border)
        if not 10 <= wanted.size <= 50_000 or not apart or wanted.seed < 0 or not 0 <= wanted.slope <= 90:
            raise ValueError(given.get("size"))
        n = actions.draw_sample(actor, campaign, wanted)
        messages.success(request, _("Đã rút %(n)d điểm.") % {"n": n})
    except (NotNow, ValidationError) as error:
        messages.error(request, said(error))
    except ValueError:
        messages.error(
            request,
            _(
                "Số điểm, cạnh ô, khoảng cách phải là số dương; cạnh, chiều dài từ 10 m đến 50 km; "
                "độ dốc từ 0 đến 90; các mốc độ cao tăng dần, cách nhau bằng dấu chấm phẩy."
            ),
        )
    return redirect("survey-design", pk)


@login_required
@require_GET
def progress(request: HttpRequest, pk: Any) -> HttpResponse:
    """Planned against done by team and stratum, what is late, and the map."""
    actor = actor_of(request)
    campaign: Campaign = record_or_404(REGISTERS["surveys.campaign"], actor, pk)
    told = queries.progress(actor, campaign, timezone.localdate())
    known = list(queries.known_sites(actor, campaign))
    context = {
        "campaign": campaign, "told": told, "overlay": sites_on_map(known), "book": REGISTERS["surveys.campaign"],
        "sites": REGISTERS["surveys.site"], "visits": REGISTERS["surveys.visit"],
        "hidden": queries.seen_sites(actor, campaign).count() - len(known),
        "may_send": actions.may_send(actor, campaign),
        "groups": [(_("Theo tổ"), told.teams), (_("Theo tầng"), told.strata)],
    }  # fmt: skip
    return render(request, "surveys/progress.html", context)


@login_required
@require_GET
def file(request: HttpRequest, pk: Any, kind: str) -> HttpResponse:
    """A file for the field: the workbook, the form of the telephone, printed sheets, sites for a GPS.

    Sheets and GPS tell where sites are: they hold those whose true place the reader may know; the page of
    the design says how many lack.
    """
    actor = actor_of(request)
    campaign = campaign_of(actor, pk)
    if campaign.protocol is None:
        raise Http404(kind)
    form = form_of(campaign.protocol)
    sending = actions.may_send(actor, campaign)
    every = campaign.sites.filter(withdrawn__isnull=True).order_by("position", "id")
    seen = [
        s
        for s in (every if sending else queries.seen_sites(actor, campaign))
        if s.status != Site.Status.REPLACED
    ]
    due = [s for s in seen if s.status == Site.Status.PLANNED]
    known = (
        seen
        if sending
        else [s for s in queries.known_sites(actor, campaign) if s.status != Site.Status.REPLACED]
    )
    stem = campaign.code.lower()
    if kind == "excel":
        return _sent(template(campaign, form, due), XLSX, f"{stem}.xlsx")
    if kind == "odk":
        return _sent(xlsform(campaign, form, due), XLSX, f"{stem}-odk.xlsx")
    if not known:
        raise Http404(kind)
    if kind == "phieu":
        return _sent(sheets(campaign, form, known), "application/pdf", f"{stem}-phieu.pdf")
    if kind == "gpx":
        placed = [s for s in known if s.geom is not None]
        return _sent(gpx(placed).encode(), "application/gpx+xml", f"{stem}.gpx")
    raise Http404(kind)


def _sent(content: bytes, media: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@login_required
@require_http_methods(["GET", "POST"])
def trial(request: HttpRequest, pk: Any) -> HttpResponse:
    """One visit and one row are tried against the protocol; nothing is written."""
    actor = actor_of(request)
    protocol = record_or_404(REGISTERS["surveys.protocol"], actor, pk)
    form = form_of(protocol)
    parts = [(_("Một lần mỗi lượt"), form.visit), (form.row_label or _("Mỗi dòng"), form.rows)]
    wrong: list[str] = []
    if request.method == "POST":
        for _name, asked in parts:
            columns = {a.name: pl.Series([request.POST.get(a.name, "")], dtype=pl.String) for a in asked}
            wrong += [f"{column}: {why}" for _row, column, _cell, why in check(asked, columns, 1).wrong]
    given = request.POST if request.method == "POST" else {}
    context = {
        "protocol": protocol, "parts": [(name, boxes(asked, given)) for name, asked in parts], "wrong": wrong,
        "tried": request.method == "POST", "book": REGISTERS["surveys.protocol"],
    }  # fmt: skip
    return render(request, "surveys/trial.html", context)


def boxes(asked: Sequence[Asked], given: Any, ending: str = "") -> list[dict[str, Any]]:
    """What is asked as boxes of a page, each with what was typed."""
    yes = {"true": _("có"), "false": _("không")}
    return [
        {
            "name": f"{a.name}{ending}", "label": a.heading, "says": a.says, "hint": a.hint, "required": a.required,
            "options": list((a.among if a.kind == "choice" else yes if a.kind == "yesno" else {}).items()),
            "mode": "decimal" if a.kind == "number" else "numeric" if a.kind == "integer" else "text",
            "value": given.get(f"{a.name}{ending}", ""), "placeholder": SUCH_AS.get(a.kind, ""),
        }
        for a in asked
    ]  # fmt: skip
