"""How dry it is, what level that is, where numbers are missing; what mutes an alert; which permit it lies in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.ops import nearest_points

import rulebook
from baoton.fire.models import Alert, Hotspot, Permit, Quiet, Station, Table, Weather, Zoned
from baoton.kit.access import Actor
from baoton.kit.kinds.moment import clock
from baoton.kit.kinds.words import as_text
from baoton.kit.reading.asking import readable
from baoton.kit.reading.register import REGISTERS
from baoton.law.queries import language, sure
from baoton.places.queries import GEOD, unit_name

ROMAN = ("", "I", "II", "III", "IV", "V")
DANGER = 4
NEAR_M = 500.0
WIDE = 0.006
"""More degrees than NEAR_M takes here."""
FRESH_DAYS = 1


@dataclass(frozen=True)
class Series:
    """Every day from the first to the last, a missing one with nothing known; `gaps` are days without all numbers."""

    days: Sequence[date]
    rows: Sequence[Weather | None]
    low: Any
    high: Any
    level: Any
    gaps: Sequence[date]


def tables() -> list[Table]:
    """The tables of the province, oldest first."""
    return list(Table.objects.filter(withdrawn__isnull=True).order_by("since", "id"))


def table_on(known: Sequence[Table], day: date) -> Table | None:
    """The table that holds on a day."""
    return next((t for t in reversed(known) if t.since <= day), None)


def reset_range(day: date) -> tuple[float, float]:
    """The rain that sets P back, from the least to the most that is said, where no table of the province says it."""
    value = rulebook.param_value("fire.rain_reset_mm", on=max(day, date(2019, 1, 1))).value
    return float(min(value)), float(max(value))


def basis(day: date) -> str:
    """By what the levels and P of a day are told, and how sure that is."""
    table = table_on(tables(), day)
    if table is not None:
        told = _("Cấp theo %(decision)s; mưa trên %(mm)s mm thì P về 0.")
        return told % {"decision": table.decision, "mm": f"{table.reset_mm:g}"}
    rain = rulebook.param_value("fire.rain_reset_mm", on=max(day, date(2019, 1, 1)))
    low, high = reset_range(day)
    told = _(
        "Chưa nhập bảng cấp cháy rừng của tỉnh nên chưa nói được cấp, chỉ có chỉ số P; mưa trên %(low)s–%(high)s mm "
        "thì P về 0 (%(sure)s), nên P có thể là một khoảng."
    )
    return told % {"low": f"{low:g}", "high": f"{high:g}", "sure": sure(rain.certainty, language())}


def series(station: Station, known: Sequence[Table] | None = None) -> Series | None:
    """P and the level of each day at a station; P begins at nought with the first day. None where there is no day."""
    from ecostat.fire import danger_level, p_index  # loads libraries of analysis: not at start

    stored = {w.day: w for w in station.days.filter(withdrawn__isnull=True).order_by("day")}
    if not stored:
        return None
    known = tables() if known is None else known
    first, last = min(stored), max(stored)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    rows = [stored.get(d) for d in days]

    def column(name: str) -> Any:
        values = (None if r is None else getattr(r, name) for r in rows)
        return np.array([np.nan if v is None else v for v in values], float)

    t, rh, rain = column("t13"), column("rh13"), column("rain_mm")
    on = [table_on(known, d) for d in days]
    resets = [
        (x.reset_mm, x.reset_mm) if x is not None else reset_range(d) for x, d in zip(on, days, strict=True)
    ]
    low, high = (p_index(t, rh, rain, reset_mm=np.array([r[i] for r in resets])) for i in (0, 1))
    level = np.array(
        [
            -1 if x is None or np.isnan(p) else int(danger_level(p, x.limits))
            for x, p in zip(on, high, strict=True)
        ]
    )
    missing = np.isnan(t) | np.isnan(rh) | np.isnan(rain)
    return Series(days, rows, low, high, level, [d for d, bad in zip(days, missing, strict=True) if bad])


def fwi_last(station: Station, found: Series) -> tuple[float, date] | None:
    """The Canadian index of the last day, run since the last gap, and the day it began; None where unknown."""
    from ecostat.fire import fwi

    good = [
        r is not None and None not in (r.t13, r.rh13, r.rain_mm, r.wind_kmh) for r in found.rows
    ]  # the index needs every day
    start = len(good) - next((n for n, ok in enumerate(reversed(good)) if not ok), len(good))
    rows = [r for r in found.rows[start:] if r is not None]
    if not rows:
        return None
    columns = [[getattr(r, name) for r in rows] for name in ("t13", "rh13", "wind_kmh", "rain_mm")]
    t, rh, wind, rain = (np.array(c, float) for c in columns)
    lat = 22.0 if station.lat is None else station.lat
    told = fwi(t, rh, wind, rain, np.array([r.day.month for r in rows]), lat=lat)
    return float(told.fwi[-1]), found.days[start]


@dataclass
class Now:
    """One station on one day, as a page and a bulletin tell it."""

    station: Station
    day: date
    weather: Weather | None
    p: str
    level: int | None
    fwi: str
    gaps: Sequence[date]
    old: bool = False
    """Whether the last numbers are too old to say a level for the day asked."""
    communes: list[str] = field(default_factory=list)

    @property
    def roman(self) -> str:
        return _("chưa rõ") if self.level is None else ROMAN[self.level]


def now(on: date | None = None) -> list[Now]:
    """Every station with its last day up to the one asked; numbers older than the day before tell no level."""
    day, known, zones = on or timezone.localdate(), tables(), communes()
    found = []
    for station in Station.objects.filter(withdrawn__isnull=True).order_by("name", "id"):
        told = _cut(series(station, known), day)
        if told is None:
            found.append(Now(station, day, None, "", None, "", ()))
            continue
        row, i = told.rows[-1], -1
        index = fwi_last(station, told)
        said = (
            ""
            if index is None
            else _("%(v)s (tính từ %(d)s)") % {"v": as_text(round(index[0], 1)), "d": f"{index[1]:%d/%m}"}
        )
        old = (day - told.days[-1]).days > FRESH_DAYS
        level = None if old or told.level[i] < 1 else int(told.level[i])
        p = p_text(told.low[i], told.high[i])
        found.append(Now(station, told.days[-1], row, p, level, said, told.gaps, old))
    for one in found:
        one.communes = sorted(unit_name(path) for path, pk in zones.items() if pk == one.station.pk)
    return found


def _cut(found: Series | None, day: date) -> Series | None:
    """The series up to a day."""
    if found is None or found.days[0] > day:
        return None
    n = min((day - found.days[0]).days + 1, len(found.days))
    gaps = [g for g in found.gaps if g <= day]
    return Series(found.days[:n], found.rows[:n], found.low[:n], found.high[:n], found.level[:n], gaps)


def p_text(low: float, high: float) -> str:
    """P as a page says it: one number, or the two it lies between; nothing where it is unknown."""
    if np.isnan(low) or np.isnan(high):
        return ""
    ends = [as_text(round(float(v))) for v in (low, high)]
    return ends[0] if ends[0] == ends[1] else "–".join(ends)


def communes() -> Mapping[str, Any]:
    """The station of each commune that takes its level from one."""
    rows = Zoned.objects.filter(withdrawn__isnull=True, station__withdrawn__isnull=True)
    return dict(rows.values_list("area_path", "station_id"))


def muted_by(lon: float, lat: float, day: date) -> str:
    """Why an alert at a place and day is muted: a known source of heat; empty where by nothing."""
    rows = Quiet.objects.filter(
        Q(until__isnull=True) | Q(until__gte=day), since__lte=day, withdrawn__isnull=True
    )
    for one in rows.exclude(geom=None):
        if _metres(one, lon, lat) <= NEAR_M:
            return _("nguồn nhiệt đã biết: %(name)s (%(why)s)") % {"name": one.name, "why": one.why}
    return ""


def _metres(one: Any, lon: float, lat: float) -> float:
    """How far a point lies from a place that is drawn; nought within it."""
    near = nearest_points(shapely.Point(lon, lat), shapely.from_wkb(bytes(one.geom or b"")))[1]
    return float(GEOD.inv(lon, lat, near.x, near.y)[2])


@dataclass(frozen=True)
class Held:
    """A permit near an alert: how many of its hotspots lie outside the place, and how many outside the hours."""

    permit: Permit
    size: int
    away: int
    untimely: int

    @property
    def within(self) -> bool:
        return not self.away and not self.untimely


def permits_near(spots: Sequence[Hotspot], among: Iterable[Permit] | None = None) -> list[Held]:
    """The permits of these days that a hotspot lies near, those first that hold all of them in place and time."""
    spots = [h for h in spots if None not in (h.lon, h.lat)]
    if not spots:
        return []
    times = [clock(h.at) for h in spots]
    rows = Permit.objects.filter(withdrawn__isnull=True) if among is None else among
    days = [t.date() for t in times]
    told = []
    for one in rows:
        if (
            one.status == Permit.Status.DRAFT
            or one.geom is None
            or one.until < min(days)
            or one.since > max(days)
        ):
            continue
        away = sum(_metres(one, float(h.lon or 0), float(h.lat or 0)) > NEAR_M for h in spots)
        if away < len(spots):
            fits = [
                one.since <= t.date() <= one.until and one.from_hour * 60 <= t.hour * 60 + t.minute <= one.to_hour * 60
                and (one.ended is None or h.at < one.ended)
                for h, t in zip(spots, times, strict=True)
            ]  # fmt: skip
            told.append(Held(one, len(spots), away, fits.count(False)))
    return sorted(told, key=lambda h: (h.away + h.untimely, str(h.permit.pk)))


def permit_of(spots: Sequence[Hotspot]) -> Permit | None:
    """The permit that holds every one of these hotspots in its place and hours; None where there is none."""
    return next((h.permit for h in permits_near(spots) if h.within), None)


def spots_of(alert: Alert) -> list[Hotspot]:
    """The hotspots of an alert that stand."""
    return list(alert.hotspots.filter(withdrawn__isnull=True).order_by("at", "id"))


def works_near(actor: Actor, spots: Sequence[Hotspot]) -> list[tuple[Any, str]]:
    """The restoration works that a hotspot lies near, as far as the reader may know their true places."""
    book = REGISTERS["habitats.work"]
    spots = [h for h in spots if None not in (h.lon, h.lat)]
    if not spots or not readable(book, actor):
        return []
    xs, ys = [float(h.lon or 0) for h in spots], [float(h.lat or 0) for h in spots]
    box = f"{min(xs) - WIDE},{min(ys) - WIDE},{max(xs) + WIDE},{max(ys) + WIDE}"
    door = book.door(actor)
    rows = book.filtered(door, {"box": box}).exclude(status="dropped").annotate(**door.columns())
    told = [one for one in rows.filter(door_precise=True, geom__isnull=False).order_by("-year", "id")
            if any(_metres(one, x, y) <= NEAR_M for x, y in zip(xs, ys, strict=True))]  # fmt: skip
    return [(one, book.url(one)) for one in told]
