"""What others may ask of patrols: the grid they are counted on, what was covered, and where to go next."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from django.db.models import Count, Max, Sum
from django.utils.translation import gettext
from numpy.typing import NDArray
from pyproj import Transformer

from baoton.kit.access import Actor, may
from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Event, Occurrence
from baoton.patrols.models import Patrol, Square
from baoton.places.queries import outlines
from formats.whole_patrols import is_visit_of
from rulebook.country import load_country

if TYPE_CHECKING:
    from ecostat.effort import EncounterRates, Hotspots

CELL = 1000.0
ROW = 100_000
NEAR = 1500.0
PROTOCOL = "tuần tra"


@dataclass(frozen=True)
class Grid:
    """Squares of one kilometre over the province, on the UTM zone of its middle: `square = row · 100,000 + column`."""

    epsg: int

    def metres(self, lon: Any, lat: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Longitude and latitude as metres of the zone, shape (n,) each."""
        x, y = _to(self.epsg).transform(np.atleast_1d(lon), np.atleast_1d(lat))
        return np.asarray(x, float), np.asarray(y, float)

    def square(self, lon: float, lat: float) -> int:
        """The square a place lies in."""
        x, y = self.metres(lon, lat)
        return int(y[0] // CELL) * ROW + int(x[0] // CELL)

    def shape(self, square: int) -> shapely.Geometry:
        """The outline of a square, in longitude and latitude."""
        return self.shapes(np.array([square], np.int64))[0]

    def shapes(self, squares: NDArray[np.int64]) -> Any:
        """The outlines of squares, shape (n,); neighbours share their corners to the last figure."""
        around = squares[:, None] + np.array([0, 1, ROW + 1, ROW, 0])
        corners, at = np.unique(around, return_inverse=True)
        x, y = (corners % ROW) * CELL, (corners // ROW) * CELL
        lon, lat = _to(self.epsg).transform(x, y, direction="INVERSE")
        return shapely.polygons(np.round(np.column_stack([lon, lat]), 6)[at.reshape(-1, 5)])

    def joined(self, squares: NDArray[np.int64]) -> shapely.MultiPolygon:
        """The outline of squares together, in longitude and latitude, with a corner only where it turns."""
        x, y = squares % ROW, squares // ROW
        parts = shapely.get_parts(shapely.coverage_union_all(shapely.box(x, y, x + 1, y + 1)))
        whole = shapely.multipolygons(shapely.simplify(parts, 0))

        def placed(corners: NDArray[np.float64]) -> NDArray[np.float64]:
            lon, lat = _to(self.epsg).transform(
                corners[:, 0] * CELL, corners[:, 1] * CELL, direction="INVERSE"
            )
            return np.round(np.column_stack([lon, lat]), 6)

        return shapely.transform(whole, placed)

    def middle(self, square: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The middles of squares in metres, shape (n,) each."""
        return np.asarray((square % ROW + 0.5) * CELL, float), np.asarray((square // ROW + 0.5) * CELL, float)

    def covered(self, track: shapely.Geometry, hours: float | None) -> list[tuple[int, float, float | None]]:
        """Square, metres and hours of each square that a track crosses; hours are spread along its length."""
        from ecostat.effort import coverage

        parts = [p for p in shapely.get_parts(track) if p.geom_type == "LineString"]
        label = np.concatenate([np.full(shapely.get_num_coordinates(p), i) for i, p in enumerate(parts)])
        lonlat = np.concatenate([shapely.get_coordinates(p) for p in parts])
        x, y = self.metres(lonlat[:, 0], lonlat[:, 1])
        step = np.hypot(np.diff(x, prepend=x[0]), np.diff(y, prepend=y[0]))
        step[np.diff(label, prepend=label[0]) != 0] = 0.0
        along = np.cumsum(step)
        whole = float(along[-1])
        if whole <= 0:
            return []
        west, south = np.floor(x.min() / CELL) * CELL, np.floor(y.min() / CELL) * CELL
        bounds = (west, south, np.floor(x.max() / CELL + 1) * CELL, np.floor(y.max() / CELL + 1) * CELL)
        found = coverage(
            label, x, y, along, cell=CELL, max_gap=whole + 1, max_speed=2.0, bounds=bounds
        )  # metres serve as seconds: a track has no clock of its own here
        rows, columns = np.nonzero(found.length)
        first = int(south // CELL) * ROW + int(west // CELL)
        share = found.length[rows, columns]
        return [
            (first + int(r) * ROW + int(c), float(m), None if hours is None else float(hours * m / whole))
            for r, c, m in zip(rows, columns, share, strict=True)
        ]


@lru_cache(maxsize=4)
def _to(epsg: int) -> Transformer:
    return Transformer.from_crs(4326, epsg, always_xy=True)


def grid() -> Grid:
    """The grid of this province; of the country's middle where no outline of the province is known yet."""
    shapes = np.array(list(outlines().values()), dtype=object)
    west, _south, east, _north = shapely.total_bounds(shapes) if len(shapes) else load_country().extent
    return Grid(32600 + int(((west + east) / 2 + 180) // 6) + 1)


def squares_of(shape: shapely.Geometry, on: Grid) -> NDArray[np.int64]:
    """The squares whose middle lies in the shape, shape (n,)."""
    lonlat = shapely.get_coordinates(shape)
    x, y = on.metres(lonlat[:, 0], lonlat[:, 1])
    columns = np.arange(int(x.min() // CELL), int(x.max() // CELL) + 1)
    rows = np.arange(int(y.min() // CELL), int(y.max() // CELL) + 1)
    all_ = (rows[:, None] * ROW + columns[None, :]).ravel().astype(np.int64)
    mx, my = on.middle(all_)
    lon, lat = _to(on.epsg).transform(mx, my, direction="INVERSE")
    inside: NDArray[np.bool_] = shapely.contains_xy(shape, lon, lat)
    return all_[inside]


def on_patrol(actor: Actor, record: Patrol) -> dict[str, Any]:
    """Wildlife seen on the patrol, through the reader's own door, and whether he may add to it.

    What stands here is known to lie where the patrol went, so that a row whose place the reader may not know is not
    among it.
    """
    book = REGISTERS["observations.occurrence"]
    seen: list[Occurrence] = []
    if visits := _visits(record):
        door = book.door(actor)
        rows = book.joined(door.open(door.rows().filter(event__in=visits)))
        seen = [one for one in rows.order_by("sort_day", "id") if one.door_precise]
    tracks = [shapely.from_wkb(bytes(geom)) for geom in _tracks(actor, record)]
    ways = shapely.MultiLineString([line for t in tracks for line in shapely.get_parts(t)])
    drawn = {"name": gettext("vết đi"), "kind": "shape", "geometry": json.loads(shapely.to_geojson(ways))}
    add = may(actor, "observations.occurrence.create") and may(actor, "patrols.patrol.edit", record)
    return {
        "seen": seen,
        "book": book,
        "may_add": add,
        "patrol": record,
        "key": str(record.pk),
        "drawn": [drawn] if tracks else [],
    }


def _visits(record: Patrol) -> list[Any]:
    """The visits of a patrol: its own, and those of its days that came in the file of a field program."""
    found = [record.visit_id] if record.visit_id else []
    if record.code:
        days = (record.day_start.toordinal(), (record.day_end or record.day_start).toordinal())
        rows = Event.objects.filter(
            organisation=record.organisation, withdrawn__isnull=True, sort_day__range=days, sampling_protocol=PROTOCOL
        )  # fmt: skip
        found += [pk for pk, key in rows.values_list("pk", "event_id") if is_visit_of(key, record.code)]
    return found


def _tracks(actor: Actor, record: Patrol) -> list[Any]:
    """The tracks of a patrol's legs whose true place the actor may know."""
    rows = known(actor, "patrols.leg").filter(patrol=record.pk, geom__isnull=False)
    return list(rows.order_by("day", "id").values_list("geom", flat=True))


@dataclass(frozen=True)
class Covered:
    """What patrols covered in a time, square by square, as one reader may know it.

    `square` the visited squares, with `km`, `hours` (NaN where no leg knew them), `patrols` that came and `last` day
    (told of one commune alone);
    `untimed` legs with a track do not know their hours, `untracked` ones have no track and count nowhere here;
    `signs` the threats found in each. `area` are the squares of each commune, `finds` the rate of each commune's
    patrols, `hot` the squares where finds crowd beyond chance; `why_not` says why one of them cannot be told.
    """

    square: NDArray[np.int64]
    km: NDArray[np.float64]
    hours: NDArray[np.float64]
    patrols: NDArray[np.int64]
    last: Sequence[date]
    signs: NDArray[np.int64]
    stray: int
    untimed: int
    untracked: int
    area: Mapping[str, NDArray[np.int64]]
    finds: "EncounterRates | None"
    hot: "Hotspots | None"
    why_not: Mapping[str, str]


def known(actor: Actor, name: str) -> Any:
    """The rows of a book whose true place the actor may know: others can be added up nowhere."""
    door = REGISTERS[name].door(actor)
    return door.precise.rows(door.rows())


def covered(actor: Actor, first: date, last: date, area: str = "") -> Covered:
    """What was covered from the first day to the last, in one commune or everywhere."""
    from ecostat.effort import hotspots
    from ecostat.errors import EcostatError

    on = grid()
    shapes = outlines()
    wanted = {p: s for p, s in shapes.items() if not area or p == area}
    inside = {path: _of_commune(shapely.to_wkb(shape), on) for path, shape in wanted.items()}
    legs = known(actor, "patrols.leg").filter(day__range=(first, last))
    rows = (
        Square.objects.filter(leg__in=legs.values("pk"))
        .values_list("square")
        .annotate(m=Sum("metres"), h=Sum("hours"), n=Count("leg__patrol", distinct=True))
        .order_by("square")
    )
    told = list(rows.annotate(d=Max("leg__day")) if area else rows)
    here = legs.filter(area_path=area) if area else legs
    untracked = here.filter(geom__isnull=True).count()
    untimed = here.filter(geom__isnull=False, hours__isnull=True).count()
    found = known(actor, "patrols.sign").filter(day__range=(first, last)).exclude(kind__group="camera")
    signs = dict(found.filter(square__isnull=False).order_by().values_list("square").annotate(n=Count("pk")))
    if area:
        own = set(inside[area].tolist()) if area in inside else set()
        told = [r for r in told if r[0] in own]
        signs = {k: n for k, n in signs.items() if k in own}
    square = np.array([r[0] for r in told], np.int64)
    km = np.array([(r[1] or 0) / 1000 for r in told], float)
    count = np.array([signs.get(int(s), 0) for s in square], np.int64)
    rate, hot = _rates(actor, first, last, area, found), None
    why = {"finds": rate} if isinstance(rate, str) else {}
    finds = None if isinstance(rate, str) else rate
    if len(square) >= MANY and count.sum():
        x, y = on.middle(square)
        try:
            hot = hotspots(count, x, y, NEAR, km)
        except EcostatError as error:
            why["hot"] = str(error)
    else:
        why["hot"] = "few"
    hours = np.array([np.nan if r[2] is None else r[2] for r in told], float)
    patrols, stray = np.array([r[3] for r in told], np.int64), sum(signs.values()) - int(count.sum())
    last_days = [r[4] for r in told] if area else []
    return Covered(
        square, km, hours, patrols, last_days, count, stray, untimed, untracked, inside, finds, hot, why,
    )  # fmt: skip


MANY = 20
"""Fewer visited squares than this say nothing of where finds crowd."""


def _rates(actor: Actor, first: date, last: date, area: str, found: Any) -> "EncounterRates | str":
    """Finds per kilometre in each commune, one row a patrol; or why they cannot be told."""
    from ecostat.effort import encounter_rate
    from ecostat.errors import EcostatError

    walked = known(actor, "patrols.patrol").filter(day_start__range=(first, last), metres__gt=0)
    walked = walked.filter(area_path=area) if area else walked
    rows = list(walked.order_by("day_start", "id").values_list("pk", "metres", "area_path"))
    if not rows:
        return "none"
    counts = dict(found.filter(patrol__isnull=False).order_by().values_list("patrol").annotate(n=Count("pk")))
    try:
        return encounter_rate(
            [counts.get(r[0], 0) for r in rows], [r[1] / 1000 for r in rows], [r[2] for r in rows]
        )
    except EcostatError as error:
        return str(error)


@lru_cache(maxsize=256)
def _of_commune(outline: bytes, on: Grid) -> NDArray[np.int64]:
    return squares_of(shapely.from_wkb(outline), on)


@dataclass(frozen=True)
class Next:
    """A square worth going to: why, in numbers."""

    square: int
    finds: float
    days: int | None
    km: float
    score: float


def where_next(told: Covered, area: str, today: date, most: int = 10) -> list[Next]:
    """The squares of a commune by risk × days since a visit ÷ distance, highest first.

    Risk is the rate of finds in the square and those around it, drawn to the commune's own rate where little was
    walked; a square nobody visited counts as a year; the distance is a straight line from the commune's middle.
    """
    on = grid()
    squares = told.area.get(area, np.zeros(0, np.int64))
    if not len(squares):
        return []
    at = {int(s): i for i, s in enumerate(told.square)}
    km, n = float(told.km.sum()), float(told.signs.sum())
    own = (n + 0.5) / (km + 10.0)
    middle = shapely.point_on_surface(outlines()[area])
    mx, my = on.metres(middle.x, middle.y)
    x, y = on.middle(squares)
    away = np.hypot(x - mx[0], y - my[0]) / 1000
    found = []
    for i, square in enumerate(squares.tolist()):
        near = [at[s] for s in _around(square) if s in at]
        walked = float(told.km[near].sum()) if near else 0.0
        rate = (float(told.signs[near].sum()) + own * 5.0) / (walked + 5.0)
        days = (today - told.last[at[square]]).days if square in at else None
        score = rate * (365 if days is None else min(days, 365)) / (1.0 + float(away[i]))
        found.append(Next(square, rate, days, float(away[i]), score))
    return sorted(found, key=lambda one: (-one.score, one.square))[:most]


def _around(square: int) -> list[int]:
    return [square + r * ROW + c for r in (-1, 0, 1) for c in (-1, 0, 1)]
