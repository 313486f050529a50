"""Which commune a place lies in, which former unit it was, and what everybody may be shown of it."""

import json
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod

import rulebook
from baoton.kit.access import WHOLE
from baoton.kit.cells import point_keys
from baoton.kit.place import Disclosure, shown_points
from baoton.places import terrain as laid_ground
from baoton.places.former import former_units
from baoton.places.models import Unit, Village
from baoton.places.naming import commune, is_other_province
from baoton.places.naming import shown as shown_of_name
from baoton.places.terrain import Terrain
from baoton.places.units import Book, book, districts_until
from baoton.places.villages import Listed, bare, listed, village_of, villages_among

GRID_DEG = 0.1
NO_CELL = -1
GEOD = Geod(ellps="WGS84")
Floats = NDArray[np.float64]
Texts = NDArray[np.object_]


def assign(lon: ArrayLike, lat: ArrayLike) -> tuple[Texts, Texts]:
    """The commune of today and the former unit at each point, as paths, shape (n,) each.

    An empty text is outside, unknown, or, for the former unit, undecided: a commune made of two districts
    does not tell which, unless the polygons of the districts were loaded. A NaN coordinate is an unknown place.
    """
    x, y, units = np.atleast_1d(np.asarray(lon, float)), np.atleast_1d(np.asarray(lat, float)), book()
    now = units.communes.paths_at(x, y)
    return now, _former_districts(now, units.districts.paths_at(x, y), units)


def _former_districts(now: Texts, drawn: Texts, units: Book) -> Texts:
    """The former district of each commune, as the mergers have it; a line on a map only chooses among several.

    Two sources draw a boundary differently by hundreds of metres, so a drawn district that gave nothing to
    the commune is not believed.
    """
    then = drawn.copy()
    for path in set(now.tolist()) - {""}:
        here, known = now == path, units.districts_of.get(path, ())
        if len(known) == 1:
            then[here] = known[0]
        elif known:
            then[here & ~np.isin(drawn, list(known))] = ""
    return then


def place_columns(
    lon: ArrayLike,
    lat: ArrayLike,
    levels: ArrayLike,
    on: ArrayLike | None = None,
    words: Sequence[str] | None = None,
    grid: float = GRID_DEG,
) -> dict[str, NDArray[Any]]:
    """The stored place columns of points, each of shape (n,); NaN coordinates are no known place.

    `cell` and `shown_cell` are int64 with `NO_CELL` for null, the floats use NaN for null. `levels` are
    `Disclosure` values. `on` (datetime64[D], NaT unknown) leaves `area_path_then` to records made before
    the mergers; without it every place carries the unit it once lay in. `words` is the text of each record
    that may name its former commune.
    """
    x, y = np.atleast_1d(np.asarray(lon, float)), np.atleast_1d(np.asarray(lat, float))
    level = np.broadcast_to(np.asarray(levels, np.int8), x.shape)
    now, then = assign(x, y)
    if words is not None:
        then = former_units(now, then, words, book())
    last = districts_until()
    if on is not None and last is not None:
        before = np.asarray(on, "datetime64[D]") <= np.datetime64(last)
        then[~before] = ""
    shown_x, shown_y, far = shown_points(x, y, level, grid)
    return {
        "cell": keys(x, y),
        "area_path": now,
        "area_path_then": then,
        "shown_x": shown_x,
        "shown_y": shown_y,
        "shown_cell": keys(shown_x, shown_y),
        "shown_area_path": shown_areas(now, shown_x, shown_y, level, grid),
        "shown_uncertainty_m": far,
    }


def shown_areas(
    now: Texts, shown_x: Floats, shown_y: Floats, level: NDArray[np.int8], grid: float = GRID_DEG
) -> Texts:
    """The unit everybody may be told of each place, shape (n,): what can be told from the shown place alone.

    A blurred place is told by the commune at the middle of its square, else by the province where the square
    touches it; of a withheld one only whether it lies in the province.
    """
    told, home, communes = now.copy(), province_path(), book().communes
    blurred, hidden = level == Disclosure.GENERALISED, level == Disclosure.WITHHELD
    if blurred.any():
        told[blurred] = communes.paths_at(shown_x[blurred], shown_y[blurred])
        for i in np.flatnonzero(blurred & (told == "") & np.isfinite(shown_x)):
            x, y = float(shown_x[i]), float(shown_y[i])
            if communes.touch(x - grid / 2, y - grid / 2, x + grid / 2, y + grid / 2):
                told[i] = home
    told[hidden] = [home if path.split("/")[0] == home else "" for path in now[hidden]]
    return told


def keys(x: Floats, y: Floats) -> NDArray[np.int64]:
    """The cell keys of points; `NO_CELL` where there is none."""
    cells = np.full(x.shape, NO_CELL, np.int64)
    known = np.isfinite(x) & np.isfinite(y)
    cells[known] = point_keys(x[known], y[known])
    return cells


def settle(records: Sequence[Any], levels: ArrayLike | None = None) -> None:
    """Located records carry their commune, former unit, level and shown place; nothing else changes.

    Without `levels` each keeps the level it has. A record without a place keeps the unit it was said to lie in.
    A shape that is no point carries the commune that holds it
    whole, else the unit above; which communes it lies in, the table of overlaps says.
    """
    if not records:
        return
    chosen = [r.disclosure for r in records] if levels is None else np.broadcast_to(levels, len(records))
    xy = np.array([_point(r) for r in records], float)
    days = np.array([_day(r) for r in records], "datetime64[D]")
    words = [" ".join(str(getattr(r, w, "") or "") for w in ("locality",)) for r in records]
    found = place_columns(xy[:, 0], xy[:, 1], chosen, days, words)
    for i, record in enumerate(records):
        record.disclosure = int(chosen[i])
        if record.geom is None and record.area_path:
            _told(record)
        else:
            record.area_path = found["area_path"][i]
            record.shown_area_path = found["shown_area_path"][i]
        record.area_path_then = found["area_path_then"][i]
        if record.geom is None:
            _by_name(record, days[i])
        if record.geom is not None and not _is_point(record):
            record.area_path, record.area_path_then = holder(shares([_shape(record)])[0]), ""
            if record.disclosure == Disclosure.AS_IS:
                record.shown_area_path = record.area_path
        for name in ("shown_x", "shown_y", "shown_uncertainty_m"):
            value = float(found[name][i])
            setattr(record, name, None if np.isnan(value) else value)
        shown = int(found["shown_cell"][i])
        record.shown_cell = None if shown == NO_CELL else shown


def _by_name(record: Any, day: np.datetime64) -> None:
    """A record without a place on the map lies in the commune that its source names."""
    words = getattr(record, "extra", None) or {}
    text = str(words.get("municipality") or "")
    if not text:
        return
    on = None if np.isnat(day) else date.fromisoformat(str(day))
    named = commune(text, str(words.get("county") or ""), str(words.get("stateProvince") or ""), on)
    record.area_path, record.area_path_then = named.now, named.then
    record.shown_area_path = shown_of_name(named.now, record.disclosure)


def _told(record: Any) -> None:
    """A record without a point lies in the unit that somebody said; a guarded one is told by province alone."""
    units, home = book(), province_path()
    if record.area_path != home and record.area_path not in units.present:
        record.area_path = ""
    open_ = record.disclosure == Disclosure.AS_IS
    record.shown_area_path = record.area_path if open_ else record.area_path and home


def _is_point(record: Any) -> bool:
    return bool(record.min_x == record.max_x and record.min_y == record.max_y)


def _point(record: Any) -> tuple[float, float]:
    if record.geom is None or record.min_x is None:
        return np.nan, np.nan
    if _is_point(record):
        return record.min_x, record.min_y
    inside = _shape(record).representative_point()
    return inside.x, inside.y


def _shape(record: Any) -> shapely.Geometry:
    return shapely.from_wkb(bytes(record.geom))


def shares(shapes: Sequence[shapely.Geometry]) -> list[list[tuple[str, float, float]]]:
    """For each shape its communes of today as (path, share of it, measure): m² of an area, m of a line, points.

    Measures are on the WGS84 ellipsoid; shares are of the whole shape, so they sum to less than 1 where a
    part lies outside every commune.
    """
    units, told = book().communes, []
    given = np.array([*shapes, None], dtype=object)[:-1]
    which, number = units.tree.query(given)
    order = np.lexsort((number, which))
    which, number = which[order], number[order]
    meets = shapely.intersects(units.shapes[number], given[which])
    which, number = which[meets], number[meets]
    inside = shapely.covers(
        units.shapes[number], given[which]
    )  # no need to cut what lies whole in its commune
    cuts = np.searchsorted(which, np.arange(len(given) + 1)).tolist()
    for i, shape in enumerate(shapes):
        whole = measure(shape)
        found: dict[str, float] = {}
        for at in range(cuts[i], cuts[i + 1]):
            path = units.paths[number[at]]
            if path in found:
                continue
            cut = None if inside[at] else shapely.intersection(shape, units.shapes[number[at]])
            part = whole if cut is None else measure(cut, shape.geom_type)
            if part > 0:
                found[path] = part
        told.append([(p, min(found[p] / whole, 1.0) if whole else 1.0, found[p]) for p in sorted(found)])
    return told


def measure(shape: shapely.Geometry, like: str = "") -> float:
    """Square metres of an area, metres of a line, the number of points; parts of a lower kind count nothing."""
    kind = (like or shape.geom_type).removeprefix("Multi")
    if shape.is_empty:
        return 0.0
    if kind == "Polygon":
        areas = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
        turned = (
            shapely.orient_polygons(shapely.force_2d(p)) for p in areas
        )  # holes run against their outline
        return float(sum(abs(GEOD.geometry_area_perimeter(p)[0]) for p in turned))
    if kind == "LineString":
        lines = [p for p in shapely.get_parts(shape) if p.geom_type == "LineString"]
        return float(sum(GEOD.geometry_length(p) for p in lines))
    return float(shapely.get_num_coordinates(shape))


def holder(told: Sequence[tuple[str, float, float]]) -> str:
    """The unit that holds a shape whole: its commune, or the province where it lies in several; else none."""
    if len(told) == 1 and told[0][1] >= WHOLE:
        return told[0][0]
    above = {path.split("/")[0] for path, _share, _measure in told}
    return above.pop() if len(above) == 1 else ""


def _day(record: Any) -> np.datetime64:
    day = getattr(record, "day_end", None) or getattr(record, "day_start", None)
    return np.datetime64(day or "NaT", "D")


def unit_name(path: str) -> str:
    """The name of a unit with its kind; the path itself where the books do not know it."""
    return _names(book()).get(path, path)


def _names(units: Book) -> dict[str, str]:
    return units.names_en if get_language() == "en" else units.names


def is_former(path: str) -> bool:
    """Whether the path is a unit that exists no longer."""
    return path in book().former


def commune_choices() -> list[tuple[str, str]]:
    """The communes and wards of today as (path, name), in the order of their names."""
    units = book()
    return [(path, _names(units)[path]) for path in units.present]


def former_choices() -> list[tuple[str, str]]:
    """The districts of before the mergers, then the communes of that time, as (path, name with its district)."""
    units = book()
    return [(path, _names(units)[path]) for path in units.former]


def area_choices() -> list[tuple[str, str]]:
    """The province, its units of today, then former ones."""
    return [(province_path(), unit_name(province_path())), *commune_choices(), *former_choices()]


def outlines() -> dict[str, shapely.Geometry]:
    """The outline of each commune of today, by path."""
    units = book().communes
    told: dict[str, shapely.Geometry] = {}
    for path, shape in zip(units.paths, units.shapes, strict=True):
        told.setdefault(path, shape)  # the official one comes first
    return told


class Units:
    """What the machine asks of the units (`kit.kinds.area.Units`)."""

    def choices(self) -> list[tuple[str, str]]:
        return area_choices()

    def is_former(self, path: str) -> bool:
        return is_former(path)

    def name(self, path: str) -> str:
        return unit_name(path)

    def address(self, path: str) -> str:
        return reverse("commune", args=[path.split("/")[1]]) if path in book().present else ""

    def shares(self, shapes: Sequence[Any]) -> list[list[tuple[str, float, float]]]:
        return shares(shapes)


def terrain() -> Terrain | None:
    """Heights and slopes of the ground, where an administrator laid them; None where not."""
    return laid_ground.terrain()


def roads() -> list[Any]:
    """The roads an administrator laid under the maps, lines in longitude and latitude; none where none were laid."""
    return _roads(ground_stamp())


@lru_cache(maxsize=1)
def _roads(stamp: tuple[Any, ...]) -> list[Any]:
    return [shapely.from_geojson(json.dumps(one["geometry"])) for one in laid_ground.laid("roads") or ()]


def ground_stamp() -> tuple[Any, ...]:
    """Changes when roads or heights are laid anew."""
    return (str(settings.VAR), *laid_ground.stamp())


def seats() -> dict[str, tuple[float, float]]:
    """Where the seat of each commune of today lies, as far as it is known: longitude and latitude by path."""
    known = Unit.objects.filter(path__in=list(outlines()), lon__isnull=False, lat__isnull=False)
    return {
        path: (float(lon or 0), float(lat or 0)) for path, lon, lat in known.values_list("path", "lon", "lat")
    }


def schematic() -> bool:
    """Whether any commune still stands on schematic geometry, so that a map must say so."""
    return Unit.objects.filter(shape=Unit.Shape.SCHEMATIC, valid_to=None).exists()


def villages() -> int:
    """How many villages the office's own list has."""
    return Village.objects.filter(withdrawn__isnull=True).count()


def home() -> rulebook.Province:
    """The province of this installation, as the rulebook has it."""
    return rulebook.province(settings.PROVINCE)


def province_path() -> str:
    """The area path of the whole province."""
    return home().code


def province_name() -> str:
    """The province in the reader's language."""
    return home().name_en if get_language() == "en" else home().name


def province_short() -> str:
    """The province without the word for it, as it stands before the day of a document."""
    return province_name().removeprefix("Tỉnh ").removeprefix("tỉnh ")


__all__ = [
    "GRID_DEG",
    "NO_CELL",
    "Book",
    "Listed",
    "area_choices",
    "assign",
    "bare",
    "commune",
    "commune_choices",
    "former_choices",
    "is_former",
    "is_other_province",
    "keys",
    "listed",
    "place_columns",
    "province_path",
    "schematic",
    "settle",
    "shown_of_name",
    "unit_name",
    "village_of",
    "villages_among",
]
