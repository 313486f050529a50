"""How dry it is, what level that is, where numbers are missing; what mutes an alert."""

from collections.abc import Callable, Mapping, Sequence
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
from baoton.fire.models import Quiet, Station, Table, Weather, Zoned
from baoton.kit.kinds.words import as_text
from baoton.law.queries import language, sure
from baoton.places.queries import GEOD, unit_name

ROMAN = ("", "I", "II", "III", "IV", "V")
DANGER = 4
NEAR_M = 500.0
FRESH_DAYS = 1
Permit = Callable[[float, float, date], str]
PERMITS: list[Permit] = []
"""Whoever keeps permits to burn tells here, for a place and a day, by which permit it may burn; empty where by none."""


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
    """Why an alert at a place and day is muted: a permit to burn, or a known source of heat; empty where by nothing."""
    for permit in PERMITS:
        if said := permit(lon, lat, day):
            return said
    rows = Quiet.objects.filter(
        Q(until__isnull=True) | Q(until__gte=day), since__lte=day, withdrawn__isnull=True
    )
    point = shapely.Point(lon, lat)
    for one in rows.exclude(geom=None):
        near = nearest_points(point, shapely.from_wkb(bytes(one.geom or b"")))[1]
        if GEOD.inv(lon, lat, near.x, near.y)[2] <= NEAR_M:
            return _("nguồn nhiệt đã biết: %(name)s (%(why)s)") % {"name": one.name, "why": one.why}
    return ""
