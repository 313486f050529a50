"""The ground a map is drawn on, from our own books alone, so that it works without the internet.

Rivers are a handful of points each, put down from general knowledge: a sketch to find one's way by, and the
map's legend says so. Seats of communes stand at the communes' own points.
"""

import csv
import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

import shapely
from django.conf import settings
from django.db.models import Count
from django.urls import reverse

from baoton.kit.access import Actor
from baoton.kit.reading.register import Register
from baoton.kit.text import fold
from baoton.places import terrain
from baoton.places.models import Merge, Unit, Village
from baoton.places.units import DISTRICTS
from rulebook.country import load_country

TOLERANCE_DEG = 0.0015


def content() -> bytes:
    """The base map as GeoJSON text: communes, their seats, villages, rivers, and whether shapes are schematic."""
    stamp = tuple(Unit.objects.order_by("path").values_list("path", "changed"))
    rows = Village.objects.filter(withdrawn__isnull=True).order_by("name", "pk")
    told = rows.values_list("name", "other_names", "area_path", "min_x", "min_y")
    return _content((stamp, terrain.stamp(), tuple(told)), settings.PROVINCE)


@lru_cache(maxsize=2)
def _content(stamp: tuple[Any, ...], province: str) -> bytes:
    units = list(
        Unit.objects.filter(valid_to=None, geom__isnull=False).exclude(
            kind__in=[Unit.Kind.PROVINCE, *DISTRICTS]
        )
    )
    shapes = shapely.from_wkb([bytes(u.geom or b"") for u in units])
    if len(units):
        shapes = shapely.set_precision(shapely.coverage_simplify(shapes, TOLERANCE_DEG), 1e-5)
    features = [
        _feature("commune", shape, path=u.path, name=u.name, kind=u.get_kind_display())
        for u, shape in zip(units, shapes, strict=True)
    ]
    for unit, shape in zip(units, shapes, strict=True):
        seat = shapely.Point(unit.lon, unit.lat) if unit.lon is not None and unit.lat is not None else None
        inside = seat if seat is not None and shape.contains(seat) else shape.representative_point()
        features.append(_feature("seat", inside, path=unit.path, name=unit.name, ward=unit.kind == "ward"))
    if len(units):
        features.append(_feature("edge", shapely.line_merge(shapely.union_all(shapely.boundary(shapes)))))
    seats = {f["properties"]["path"]: f for f in features if f["properties"]["what"] == "seat"}
    features += _villages(stamp[-1], seats)
    given = terrain.laid("rivers")
    if given is None:
        features += [_feature("river", line, name=name) for name, line in rivers(province)]
    for what, lines in (("river", given), ("road", terrain.laid("roads"))):
        for one in lines or ():
            told = {
                "type": "Feature",
                "geometry": one["geometry"],
                "properties": {"what": what, "name": one["name"]},
            }
            features.append(told)
    content: dict[str, Any] = {
        "type": "FeatureCollection",
        "schematic": any(u.shape == Unit.Shape.SCHEMATIC for u in units),
        "bounds": shapely.total_bounds(shapes).tolist() if units else list(load_country().extent),
        "features": features,
        "relief": terrain.laid("relief")
        and {"corners": terrain.laid("relief"), "address": reverse("relief")},
        "sketched": given is None,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _villages(rows: tuple[tuple[Any, ...], ...], seats: dict[str, Any]) -> list[dict[str, Any]]:
    """Every village at its point, or at its commune's seat where only the commune is known (`rough`)."""
    told = []
    for name, others, path, x, y in rows:
        seat = seats.get(path)
        if x is None and seat is None:
            continue
        at = {"type": "Point", "coordinates": [x, y]} if x is not None else seat["geometry"]  # type: ignore[index]
        words = {
            "name": name,
            "others": others,
            "rough": x is None,
            "ward": bool(seat and seat["properties"]["ward"]),
        }
        words["commune"] = seat["properties"]["name"] if seat else ""
        told.append({"type": "Feature", "geometry": at, "properties": {"what": "village", **words}})
    return told


def _feature(what: str, shape: Any, **properties: Any) -> dict[str, Any]:
    geometry = json.loads(shapely.to_geojson(shape))
    return {"type": "Feature", "geometry": geometry, "properties": {"what": what} | properties}


def rivers(province: str) -> list[tuple[str, shapely.LineString]]:
    """The main rivers as (name, sketched line); none where nobody sketched them."""
    source = files("baoton.places") / "data" / f"{province}_rivers.csv"
    if not source.is_file():
        return []
    lines: dict[str, list[tuple[float, float]]] = {}
    for row in csv.DictReader(source.read_text(encoding="utf-8").splitlines()):
        lines.setdefault(row["name"], []).append((float(row["lon"]), float(row["lat"])))
    return [(name, shapely.LineString(points)) for name, points in lines.items()]


def counts(register: Register, actor: Actor) -> dict[str, int]:
    """Records of a register by commune, by the place the actor may know."""
    door = register.door(actor)
    rows = door.open(door.rows()).values_list("door_area_path").annotate(n=Count("pk")).order_by()
    return dict(rows)


def old_to_new(asked: str) -> list[dict[str, Any]]:
    """Former communes whose names, old, new or of the district, hold the asked words, and where they are."""
    found = []
    merges = Merge.objects.select_related("old__parent", "new").order_by("old__parent_id", "old__name")
    for merge in merges:
        text = fold(f"{merge.old} {merge.old.code} {merge.old.parent} {merge.new} {merge.new.code}")
        if all(word in text for word in fold(asked).split()):
            found.append(
                {"old": merge.old, "district": merge.old.parent, "new": merge.new, "source": merge.source}
            )
    return found


def occurrence_url(register: Register, path: str) -> str:
    """The register narrowed to one unit."""
    return f"{reverse('register', args=[register.slug])}?area={path}"
