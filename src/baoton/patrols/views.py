"""Pages of patrols that are no book: the month, what was covered, where next; files for a GPS and for SMART."""

import io
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa
import shapely
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST
from numpy.typing import NDArray

import formats
from baoton.kit.access import require
from baoton.kit.kinds.words import as_text
from baoton.kit.pages.areas import areas, breaks
from baoton.kit.pages.charts import Row
from baoton.kit.reading import periods
from baoton.kit.reading.asking import actor_of, record_or_404
from baoton.kit.reading.month import Month
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.patrols import actions
from baoton.patrols.models import Patrol
from baoton.patrols.queries import Covered, Grid, grid, known, where_next
from baoton.patrols.queries import covered as covered_by
from baoton.places.queries import commune_choices, outlines, unit_name

YEAR, SHOWN = 365, 20


def span(request: HttpRequest) -> tuple[date, date, str]:
    """The days asked for, the last twelve months without; and what is wrong with the words, or an empty text."""
    today, asked = timezone.localdate(), request.GET.get("when", "").strip()
    last_year = (today - timedelta(days=YEAR), today)
    if not asked:
        return *last_year, ""
    try:
        first, last = periods.read(asked, today)
    except (ValueError, OverflowError):
        told = _(
            "Không hiểu “%(value)s”. Viết như 2026, 11/2026, quý 3/2026, 01/11–15/11/2026 hoặc tháng trước."
        )
        return *last_year, told % {"value": asked[:60]}
    return first or date(2000, 1, 1), last or today, ""


@login_required
@require_GET
def covered(request: HttpRequest) -> HttpResponse:
    """Kilometres, hours, squares never visited, finds with their effort, where they crowd and where to go next."""
    actor = actor_of(request)
    require(actor, "patrols.leg.see")
    first, last, wrong = span(request)
    communes = dict(commune_choices())
    area = request.GET.get("area", "")
    if area and area not in communes:
        raise Http404(area)
    told = covered_by(actor, first, last, area)
    lines = _by_commune(told)
    context = {
        "told": told, "first": first, "last": last, "wrong": wrong, "area": area, "name": communes.get(area, ""),
        "when": request.GET.get("when", ""), "communes": commune_choices(), "lines": lines,
        "total": _total(told), "picture": _picture(lines, request), "overlay": _overlay(told),
        "hot": _hot(told), "next": _next(told, area) if area else [],
        "may_plan": bool(actor.scopes("patrols.patrol.create")), "legs": REGISTERS["patrols.leg"],
        "signs": REGISTERS["patrols.sign"], "query": f"when={first:%Y-%m-%d}..{last:%Y-%m-%d}",
    }  # fmt: skip
    context["crowded"] = 0 if told.hot is None else int((told.hot.kind == "hot").sum())
    return render(request, "patrols/covered.html", context)


def _total(told: Covered) -> dict[str, Any]:
    squares = sum(len(v) for v in told.area.values())
    return {
        "km": round(float(told.km.sum()), 1), "hours": _hours(told.hours), "visited": len(told.square),
        "squares": squares, "signs": int(told.signs.sum()) + told.stray, "stray": told.stray,
        "never": squares - sum(int(np.isin(v, told.square).sum()) for v in told.area.values()),
    }  # fmt: skip


def _hours(known: Any) -> str:
    """The hours that are known, added up; a dash where none is."""
    some = known[np.isfinite(known)]
    return as_text(round(float(some.sum()), 1)) if len(some) else "–"


def _by_commune(told: Covered) -> list[dict[str, Any]]:
    """One line a commune, the least covered first; the rate of finds with its interval where patrols tell one."""
    rates: dict[str, tuple[float, float, float, int]] = {}
    if told.finds is not None:
        for i, path in enumerate(told.finds.group):
            f = told.finds
            rates[str(path)] = (float(f.rate[i]), float(f.lower[i]), float(f.upper[i]), int(f.patrols[i]))
    lines = []
    for path, squares in told.area.items():
        here = np.isin(told.square, squares)
        visited, rate = int(here.sum()), rates.get(path)
        lines.append(
            {
                "path": path, "name": unit_name(path), "km": round(float(told.km[here].sum()), 1),
                "hours": _hours(told.hours[here]), "squares": len(squares), "visited": visited,
                "share": round(100 * visited / len(squares), 1) if len(squares) else None,
                "signs": int(told.signs[here].sum()), "rate": rate and [as_text(round(v, 3)) for v in rate[:3]],
                "patrols": rate[3] if rate else 0,
            }
        )  # fmt: skip
    return sorted(lines, key=lambda one: (one["share"] if one["share"] is not None else 101, one["name"]))


def _picture(lines: list[dict[str, Any]], request: HttpRequest) -> Any:
    shapes = outlines()
    if len(lines) < 2:
        return None
    kept = f"&when={request.GET['when']}" if request.GET.get("when") else ""
    page = reverse("patrol-coverage")
    rows = {x["path"]: Row(x["name"], x["share"], f"{page}?area={x['path']}{kept}") for x in lines}
    return areas(_("Phần ô 1 km² có tuần tra đi qua"), rows, {p: shapes[p] for p in rows}, "%")


def _overlay(told: Covered) -> list[dict[str, Any]]:
    """The visited squares on the map in classes of kilometres, and those where finds crowd; neighbours as one shape."""
    if not len(told.square):
        return []
    on, ends = grid(), breaks(sorted(told.km.tolist()))
    deep = np.searchsorted(ends, told.km)  # the class of `shade`, of all at once
    drawn = []
    for n in sorted(set(deep.tolist())):
        here = deep == n
        name = f"{as_text(round(float(told.km[here].min()), 1))}–{as_text(round(float(told.km[here].max()), 1))} km"
        drawn.append({"name": name, "kind": "cells", "deep": n, "geometry": _joined(on, told.square[here])})
    hot = np.zeros(len(told.square), bool) if told.hot is None else np.asarray(told.hot.kind) == "hot"
    if hot.any():
        name = _("nơi bẫy, mối đe doạ dồn lại")
        drawn.append({"name": name, "kind": "hull", "geometry": _joined(on, told.square[hot])})
    return drawn


def _joined(on: Grid, squares: NDArray[np.int64]) -> dict[str, Any]:
    """The outline of squares as GeoJSON, made of whole arrays: many squares have very many corners."""
    _kind, corners, (rings, polygons, _whole) = shapely.to_ragged_array([on.joined(squares)])
    told = [corners[a:b].tolist() for a, b in pairwise(rings)]
    return {"type": "MultiPolygon", "coordinates": [told[a:b] for a, b in pairwise(polygons)]}


def _hot(told: Covered) -> list[dict[str, Any]]:
    """Squares where finds crowd beyond chance for their effort, the surest first."""
    if told.hot is None:
        return []
    on, hot = grid(), told.hot
    found = [i for i, kind in enumerate(hot.kind) if kind == "hot"]
    return [
        {
            "at": _middle(on.shape(int(told.square[i]))), "signs": int(hot.observed[i]),
            "km": round(float(told.km[i]), 1), "q": as_text(round(float(hot.q[i]), 4)),
        }
        for i in sorted(found, key=lambda i: float(hot.q[i]))[:SHOWN]
    ]  # fmt: skip


def _middle(shape: Any) -> str:
    return f"{shape.centroid.y:.4f}, {shape.centroid.x:.4f}"


def _next(told: Covered, area: str) -> list[dict[str, Any]]:
    on = grid()
    return [
        {
            "square": one.square, "at": _middle(on.shape(one.square)), "rate": as_text(round(one.finds, 3)),
            "days": one.days, "km": as_text(round(one.km, 1)),
        }
        for one in where_next(told, area, timezone.localdate())
    ]  # fmt: skip


@login_required
@require_POST
def go(request: HttpRequest) -> HttpResponse:
    """A square that was proposed becomes a planned patrol, tomorrow, with the square as its way."""
    actor, on = actor_of(request), grid()
    area, asked = request.POST.get("area", ""), request.POST.get("square", "")
    if not asked.isdecimal() or len(asked) > 12 or area not in outlines():
        raise Http404(asked)
    told = on.shape(int(asked))
    if not shapely.intersects(told, outlines()[area]):
        raise Http404(asked)
    record = Patrol(
        day_start=timezone.localdate() + timedelta(days=1), objective=gettext_noop("Ô lâu chưa đi, dễ có bẫy")
    )
    record.put(told)
    made = write.create(REGISTERS["patrols.patrol"], actor, record)
    messages.success(request, _("Đã lập cuộc tuần tra cho ngày mai; sửa ngày, tổ và tuyến nếu cần."))
    return redirect(REGISTERS["patrols.patrol"].url(made))


@login_required
@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """The patrols of a month, day by day: planned, gone, called off; to print."""
    actor = actor_of(request)
    require(actor, "patrols.patrol.see")
    asked, today = Month.asked(request), timezone.localdate()
    book = REGISTERS["patrols.patrol"]
    door = book.door(actor)
    rows = door.rows().filter(day_start__lte=asked.last)
    rows = rows.filter(day_end__gte=asked.first) | rows.filter(
        day_end__isnull=True, day_start__gte=asked.first
    )
    found = list(book.joined(door.open(rows)).order_by("day_start", "id"))
    weeks = [
        [
            {
                "day": d,
                "here": d.month == asked.first.month,
                "patrols": [p for p in found if _on(p, d)],
                "today": d == today,
            }
            for d in week
        ]
        for week in asked.weeks
    ]
    context = {
        "weeks": weeks, "month": asked,
        "many": len(found), "book": book, "may_plan": bool(actor.scopes("patrols.patrol.create")),
    }  # fmt: skip
    return render(request, "patrols/month.html", context)


def _on(patrol: Patrol, day: date) -> bool:
    return patrol.day_start <= day <= (patrol.day_end or patrol.day_start)


@login_required
@require_POST
def seen(request: HttpRequest, pk: Any) -> HttpResponse:
    """What was seen on a patrol is written with the patrol as its visit."""
    actor = actor_of(request)
    patrol = record_or_404(REGISTERS["patrols.patrol"], actor, pk)
    visit = actions.seen_on(actor, Patrol.objects.get(pk=patrol.pk))
    new = reverse("record-new", args=[REGISTERS["observations.occurrence"].slug])
    asked = {
        "event": visit.event_id,
        "day_start": f"{patrol.day_start:%Y-%m-%d}",
        "area_path": patrol.area_path,
    }
    return redirect(f"{new}?{urlencode(asked)}")


@login_required
@require_GET
def gpx(request: HttpRequest, pk: Any) -> HttpResponse:
    """The planned way for a GPS; only where its true place may be known."""
    actor = actor_of(request)
    patrol = record_or_404(REGISTERS["patrols.patrol"], actor, pk)
    geom = getattr(patrol, "door_geom", None) if getattr(patrol, "door_precise", False) else None
    if geom is None:
        raise Http404(pk)
    answer = HttpResponse(
        track(str(patrol), shapely.from_wkb(bytes(geom))), content_type="application/gpx+xml"
    )
    answer["Content-Disposition"] = f'attachment; filename="tuyen-{patrol.pk.hex[-8:]}.gpx"'
    return answer


def track(name: str, shape: Any) -> str:
    """A shape as GPX 1.1: lines as routes, polygons as the route around them, points as waypoints."""
    out = io.StringIO()
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write('<gpx version="1.1" creator="Bao Ton" xmlns="http://www.topografix.com/GPX/1/1">')
    for part in shapely.get_parts(shape):
        told = part.exterior if part.geom_type == "Polygon" else part
        points = shapely.get_coordinates(told).tolist()
        if part.geom_type == "Point":
            out.write(
                f'<wpt lat="{points[0][1]:.6f}" lon="{points[0][0]:.6f}"><name>{escape(name)}</name></wpt>'
            )
            continue
        out.write(f"<rte><name>{escape(name)}</name>")
        out.write("".join(f'<rtept lat="{y:.6f}" lon="{x:.6f}"/>' for x, y in points))
        out.write("</rte>")
    out.write("</gpx>\n")
    return out.getvalue()


SMART = (
    "Patrol ID", "Patrol Start Date", "Patrol End Date", "Station", "Team", "Objective", "Patrol Transport Type",
    "Leader", "Waypoint ID", "Waypoint Date", "X", "Y", "Observation Category 0", "Observation Category 1", "Count",
    "Age of sign", "Action taken", "Comment",
)  # fmt: skip


@login_required
@require_GET
def smart(request: HttpRequest) -> HttpResponse:
    """Signs with their patrols in the columns of SMART's own query export; of those whose place may be known."""
    actor = actor_of(request)
    require(actor, "patrols.sign.see")
    first, last, wrong = span(request)
    if wrong:  # never another time than the one that was asked for
        messages.error(request, wrong)
        return redirect(f"{reverse('patrol-coverage')}?{urlencode({'area': request.GET.get('area', '')})}")
    rows = known(actor, "patrols.sign").filter(day__range=(first, last)).order_by("day", "id")
    told = [
        _smart(one)
        for one in rows.select_related("kind", "patrol", "patrol__team").iterator(chunk_size=2_000)
    ]
    columns = [pa.array(list(column), pa.string()) for column in zip(*told, strict=True)] or [
        pa.array([], pa.string()) for _name in SMART
    ]
    out = io.BytesIO()
    formats.write_csv(out, [pa.record_batch(columns, names=list(SMART))])
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="smart-{first:%Y%m%d}-{last:%Y%m%d}.csv"'
    return answer


def _smart(sign: Any) -> list[str | None]:
    patrol = sign.patrol
    about = ["", "", "", "", "", "", "", ""]
    if patrol is not None:
        about = [
            patrol.code, patrol.day_start.isoformat(), (patrol.day_end or patrol.day_start).isoformat(),
            unit_name(patrol.area_path) if patrol.area_path else "", patrol.team.name if patrol.team else "",
            patrol.objective, patrol.transport, patrol.leader,
        ]  # fmt: skip
    told = [
        *about, sign.code or sign.pk, sign.day.isoformat(), sign.lon, sign.lat, sign.kind.group, sign.kind.code,
        sign.count, sign.age, sign.done, sign.note or sign.what,
    ]  # fmt: skip
    return [None if v in (None, "") else str(v) for v in told]
