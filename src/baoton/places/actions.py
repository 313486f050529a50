"""Bringing units and their shapes into the books."""

from collections.abc import Iterable

import shapely
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

import rulebook
from baoton.kit.access import Actor, System
from baoton.kit.writing import audit
from baoton.kit.writing.verb import declare
from baoton.places.models import Boundary, Merge, Unit
from baoton.places.reassign import reassign
from baoton.places.schematic import Fact, polygons

declare("places.load", _("nạp danh mục đơn vị hành chính"))
GROUND = "places.ground"
declare(GROUND, _("đặt nền bản đồ: địa hình, đường, sông"))

KINDS = {
    "tỉnh": Unit.Kind.PROVINCE,
    "huyện": Unit.Kind.DISTRICT,
    "thành phố": Unit.Kind.CITY,
    "thị trấn": Unit.Kind.TOWN,
    "phường": Unit.Kind.WARD,
    "xã": Unit.Kind.COMMUNE,
}
COLUMNS = (
    "code",
    "name",
    "kind",
    "parent_id",
    "former_district",
    "valid_from",
    "valid_to",
    "area_km2",
    "lon",
    "lat",
    "source",
    "certainty",
)


def load(actor: Actor | None = None, province: str = "") -> int:
    """The units of the rulebook stand in the books, with schematic shapes where no official one is known.

    Loading again changes only what the rulebook changed; how many units are new or different.
    """
    home = rulebook.province(province or settings.PROVINCE)
    wanted = _units(home)
    with transaction.atomic():
        known = Unit.objects.in_bulk()
        fresh = [u for u in wanted if u.path not in known]
        other = []
        for unit in wanted:
            old = known.get(unit.path)
            if old is None:
                continue
            if old.shape == Unit.Shape.OFFICIAL:
                unit.geom, unit.shape = old.geom, old.shape
            if any(getattr(unit, c) != getattr(old, c) for c in COLUMNS) or _bytes(unit) != _bytes(old):
                other.append(unit)
        Unit.objects.bulk_create(fresh)
        for unit in other:
            unit.save(force_update=True)
        merges = [
            Merge(old_id=old, new_id=new, source=source) for old, new, source in _merges(home) if old != new
        ]
        Merge.objects.bulk_create(merges, ignore_conflicts=True)
        if fresh or other:
            audit.write(
                actor or System(),
                "places.load",
                register="places.unit",
                object_name=home.name,
                new={"units": len(wanted), "new": len(fresh), "changed": len(other)},
            )
    return len(fresh) + len(other)


def stand(paths: Iterable[str]) -> None:
    """The units stand on their official boundary where there is one, else on the sketch of the rulebook."""
    asked = list(paths)
    boundaries = Boundary.objects.filter(unit_id__in=asked, withdrawn__isnull=True)
    official = {path: bytes(geom) for path, geom in boundaries.values_list("unit_id", "geom")}
    without = set(asked) - set(official)
    sketched = {u.path: u for u in _units(rulebook.province(settings.PROVINCE))} if without else {}
    for unit in Unit.objects.filter(path__in=asked):
        sketch = sketched.get(unit.path)
        if unit.path in official:
            unit.geom, unit.shape = official[unit.path], Unit.Shape.OFFICIAL
        else:
            unit.geom, unit.shape = (sketch.geom, sketch.shape) if sketch else (None, Unit.Shape.NONE)
        unit.save(force_update=True)


def _units(home: rulebook.Province) -> list[Unit]:
    """Parents before children: the province, its districts, the communes of both times."""
    source = str(home.facts.get("area_km2", {}).get("source", ""))
    top = Unit(
        path=home.code,
        code=home.code,
        name=home.name,
        kind=Unit.Kind.PROVINCE,
        area_km2=home.facts.get("area_km2", {}).get("value"),
        source=source,
        certainty=home.facts.get("area_km2", {}).get("certainty", ""),
    )
    facts = {f.code: f for f in home.schematic}
    shapes = _shapes(home)
    if shapes:
        top.geom, top.shape = _wkb(shapely.union_all(list(shapes.values()))), Unit.Shape.SCHEMATIC
    units = [top]
    for told in (*home.districts, *home.communes):
        unit = Unit(
            path=told.path,
            code=told.code,
            name=told.name,
            kind=KINDS[told.kind],
            parent_id=told.path.rsplit("/", 1)[0],
            valid_from=told.period.start,
            valid_to=told.period.end,
            area_km2=told.area_km2,
            source=told.source,
            certainty=told.certainty,
        )
        if told.level == "commune" and told.period.end is None:
            if len(told.former_districts) == 1:
                unit.former_district = f"{home.code}/{told.former_districts[0]}"
            if told.code in shapes:
                unit.lon, unit.lat = facts[told.code].lon, facts[told.code].lat
                unit.geom, unit.shape = _wkb(shapes[told.code]), Unit.Shape.SCHEMATIC
        units.append(unit)
    return units


def _shapes(home: rulebook.Province) -> dict[str, shapely.Polygon]:
    """Schematic shapes by code; none where the province's facts admit no picture, until official ones come."""
    try:
        return polygons([Fact(f.code, f.lon, f.lat, f.area_km2) for f in home.schematic])
    except ValueError:
        return {}


def _merges(home: rulebook.Province) -> list[tuple[str, str, str]]:
    """Every merger as (former path, path of today, where it is written)."""
    old = {u.code: u for u in home.communes if u.period.end}
    return [(old[m.old_code].path, f"{home.code}/{m.new_code}", old[m.old_code].source) for m in home.merges]


def _wkb(shape: shapely.Geometry) -> bytes:
    return bytes(shapely.to_wkb(shape))


def _bytes(unit: Unit) -> bytes:
    return b"" if unit.geom is None else bytes(unit.geom)


__all__ = ["load", "reassign", "stand"]
