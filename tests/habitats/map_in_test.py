"""A map comes in as one import: codes read, systems recognised or asked, shapes mended by one rule or refused."""

import json
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import shapely
from django.test import Client
from pyproj import Geod
from tests.habitats.ground import corner, in_metres, loaded, row, square, version, written

from baoton.habitats.models import Parcel
from baoton.kit import blobs
from baoton.kit.reading.register import REGISTERS
from baoton.people.models import Person
from baoton.places.queries import outlines

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]


def refused(batch: Any) -> dict[str, tuple[str, str]]:
    """Rule and message of each refused row, by parcel code."""
    frame = pl.read_parquet(blobs.path_of(batch.outcome_sha256))
    frame = frame.filter(pl.col("outcome") == "refused")
    return {str(r["row"]): (r["rule"], r["message"]) for r in frame.iter_rows(named=True)}


def test_a_vn2000_geopackage_is_recognised_its_codes_read_and_its_areas_geodesic(tmp_path: Path) -> None:
    version()
    shapes = [square(0, 0), square(1, 0)]
    rows = [row("a", in_metres(shapes[0]), "TXB", 28.0), row("b", in_metres(shapes[1]), "DT2", 27.0, "SX")]
    batch = loaded(written(tmp_path / "a.gpkg", rows, _lai_chau()))
    assert batch.counts["total"]["created"] == 2, (batch.counts, batch.warnings)
    one, two = Parcel.objects.order_by("code")
    told = [w["vi"] for w in batch.warnings]
    assert any("ghi theo trí nhớ, chưa đối chiếu văn bản" in w for w in told)
    assert (one.forest_class, one.origin, one.function) == ("medium", "natural", "protection")
    assert (two.forest_class, two.origin, two.function) == ("shrub", "none", "production")
    true = abs(Geod(ellps="WGS84").geometry_area_perimeter(shapes[0])[0]) / 1e4
    assert one.hectares == pytest.approx(true, rel=1e-3) and one.stated_ha == 28.0
    assert one.difference == pytest.approx(true - 28, abs=0.05)
    assert one.area_path == "12/03451"
    assert shapely.from_wkb(bytes(one.geom)).centroid.distance(shapes[0].centroid) < 1e-6
    client = Client()
    client.force_login(Person.objects.get(username="lan"))
    page = client.get(REGISTERS["habitats.version"].url(one.version)).content.decode()
    assert "2 lô" in page and "rừng phòng hộ" in page and "Nạp lô từ tệp bản đồ" in page
    facts = dict(batch.counts["summary"])
    assert facts["Diện tích ghi trong tờ bản đồ (ha)"] == "55,0"


def _lai_chau() -> str:
    from formats import crs

    return crs.system("vn2000-103-3").definition


def test_bad_shapes_are_each_told_with_their_place(tmp_path: Path) -> None:
    version()
    west, south = corner()
    bow = shapely.from_wkt(
        f"POLYGON (({west} {south}, {west + 0.004} {south + 0.004}, {west + 0.004} {south}, {west} {south + 0.004}, "
        f"{west} {south}))"
    )
    spike = shapely.Polygon([*square(3, 0).exterior.coords[:-1], (0, 0)]).exterior.coords[:4]
    tail = (spike[3][0], spike[3][1] + 0.002)
    spiky = shapely.Polygon([*spike, tail, spike[3]])
    province = shapely.union_all(list(outlines().values()))
    border = province.exterior if province.geom_type == "Polygon" else max(
        shapely.get_parts(province), key=lambda p: p.area
    ).exterior  # fmt: skip
    edge = border.interpolate(0.3, normalized=True).buffer(0.002, quad_segs=1)
    mixed = shapely.GeometryCollection([square(5, 0), shapely.Point(west, south)])
    flat = shapely.force_3d(square(7, 0), 812.0)
    rows = [
        row("bow", bow), row("spike", spiky), row("empty", None), row("line", square(9, 0).exterior),
        row("mixed", mixed), row("high", flat), row("again", square(7, 0)), row("edge", edge),
        row("china", shapely.box(103, 26, 103.1, 26.1)), row("good", square(0, 3)),
        row("over", square(0.999, 3)), row("much", square(0.3, 3.2)),
    ]  # fmt: skip
    batch = loaded(written(tmp_path / "b.geojson", rows, kind="Unknown"))
    why = refused(batch)
    assert {why[k][0] for k in why} >= {"invalid_shape", "no_shape", "not_an_area", "duplicate_shape",
                                        "outside_province", "parcels_overlap"}  # fmt: skip
    assert batch.counts["total"]["created"] + batch.counts["total"]["refused"] == 12
    stand = {p.code: p for p in Parcel.objects.all()}
    assert set(stand) == {"spike", "mixed", "high", "edge", "good", "over"}
    assert stand["spike"].flaw == "ring" and stand["spike"].flaw_ha == pytest.approx(0, abs=0.01)
    assert stand["mixed"].flaw == "mixed" and not shapely.has_z(shapely.from_wkb(bytes(stand["high"].geom)))
    assert stand["edge"].flaw == "border" and "ha" in stand["edge"].flaw_note
    over = stand["over"]
    assert over.flaw == "overlap" and "good" in over.flaw_note and -0.05 < over.flaw_ha < 0
    both = shapely.intersection(*(shapely.from_wkb(bytes(stand[k].geom)) for k in ("good", "over")))
    assert both.area < 1e-12
    assert "cắt tại" in next(m for r, m in why.values() if r == "invalid_shape")
    assert len(batch.counts["places"]["habitats.parcel"]["points"]) >= 8
    assert json.dumps(batch.counts)


def test_a_shapefile_without_its_system_is_asked_and_the_likely_one_named(tmp_path: Path) -> None:
    version()
    path = written(tmp_path / "lo.shp", [row("a", in_metres(square(0, 0)))], None, "Polygon")
    for part in path.parent.glob("lo.prj"):
        part.unlink()
    packed = tmp_path / "lo.zip"
    with zipfile.ZipFile(packed, "w") as out:
        for part in tmp_path.glob("lo.*"):
            if part.suffix != ".zip":
                out.write(part, part.name)
    batch = loaded(packed)
    ((rule, told),) = refused(batch).values()
    assert rule == "no_system_of_shape" and "103" in told
    assert not Parcel.objects.exists()
    batch = loaded(packed, crs="vn2000-103-3")
    assert batch.counts["total"]["created"] == 1, refused(batch)
    wrong = loaded(packed, crs="vn2000-105.75-3")
    assert next(iter(refused(wrong).values()))[0] == "outside_province"


def test_a_second_load_changes_nothing_and_a_published_map_takes_no_more(tmp_path: Path) -> None:
    from baoton.kit.access import System
    from baoton.kit.writing import write

    one = version()
    path = written(tmp_path / "a.geojson", [row("a", square(0, 0)), row("b", square(0.999, 0))])
    assert loaded(path).counts["total"]["created"] == 2
    again = loaded(path)
    assert again.counts["total"]["unchanged"] == 2, again.counts
    write.act(REGISTERS["habitats.version"], System(), one, "publish", {})
    assert {r for r, _m in refused(loaded(path)).values()} == {"version_closed"}
    strange = written(tmp_path / "c.geojson", [row("c", square(3, 3), "XYZ")])
    version("Hiện trạng 2025", "2025-01-01", "2025-12-31")
    assert {r for r, _m in refused(loaded(strange, "Hiện trạng 2025")).values()} == {"unknown_value"}
    assert {r for r, _m in refused(loaded(strange, "Không có")).values()} == {"no_version"}
