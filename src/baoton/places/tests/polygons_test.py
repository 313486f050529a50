"""Official polygons from files: every feature ends in one stated outcome, and records move with the shapes."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import shapely

from baoton.kit import blobs
from baoton.kit.access import Denied, Public, Scope, System
from baoton.kit.importing import CannotUndo, run_file, telling, undo
from baoton.kit.importing.outcome import OUTCOMES
from baoton.kit.models import AuditEvent, ImportBatch, TileCount
from baoton.kit.reading.register import REGISTERS, Register
from baoton.kit.reading.tile_counts import rebuild
from baoton.kit.writing.outbox import drain
from baoton.places import actions, queries
from baoton.places.models import Boundary, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def units(db: None, tmp_path: Path, settings: Any) -> None:
    settings.BLOB_DIR = tmp_path / "blobs"
    actions.load()


def feature(code: str, name: str, shape: Any, **more: Any) -> dict[str, Any]:
    geometry = shape if isinstance(shape, dict) else json.loads(shapely.to_geojson(shape))
    return {"type": "Feature", "properties": {"code": code, "name": name, **more}, "geometry": geometry}


def file_of(folder: Path, *features: dict[str, Any]) -> Path:
    path = folder / "units.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def bring(path: Path, actor: Any = None, dry: bool = False) -> ImportBatch:
    return run_file(actor or System(), path, "places.boundary", dry=dry)


def outcomes(batch: ImportBatch) -> list[dict[str, Any]]:
    return pl.read_parquet(blobs.path_of(batch.outcome_sha256)).to_dicts()


def ends(batch: ImportBatch) -> list[str]:
    return [row["outcome"] for row in outcomes(batch)]


def counts(batch: ImportBatch) -> tuple[int, int, int, int]:
    total = batch.counts["total"]
    assert sum(total[k] for k in OUTCOMES) == total["rows"]
    return total["created"], total["updated"], total["unchanged"], total["refused"]


def moved() -> dict[str, int]:
    event = AuditEvent.objects.filter(verb="places.reassign").order_by("at").last()
    return event.new["moved"] if event is not None and event.new else {}


HERE = shapely.box(102.3, 22.3, 102.6, 22.6)


def test_a_good_polygon_replaces_the_schematic_one_once(tmp_path: Path) -> None:
    path = file_of(tmp_path, feature("03451", "Xã Mù Cả", HERE))
    tried = bring(path, dry=True)
    assert ends(tried) == ["created"]
    assert Unit.objects.get(path="12/03451").shape == "schematic"
    first, again = bring(path), bring(path)
    assert ends(first) == ["created"]
    assert ends(again) == ["unchanged"]
    assert Unit.objects.get(path="12/03451").shape == "official"
    assert queries.assign(102.31, 22.31)[0][0] == "12/03451"
    assert AuditEvent.objects.filter(verb="places.boundary.import").count() == 2
    assert AuditEvent.objects.filter(verb="places.reassign").count() == 1
    assert actions.load() == 0
    assert Unit.objects.get(path="12/03451").shape == "official"


def test_every_bad_feature_is_refused_with_its_reason_and_changes_nothing(tmp_path: Path) -> None:
    bow = {
        "type": "Polygon",
        "coordinates": [[[102.3, 22.3], [102.6, 22.6], [102.6, 22.3], [102.3, 22.6], [102.3, 22.3]]],
    }
    path = file_of(
        tmp_path,
        feature("99999", "Xã Lạ", HERE),
        feature("03451", "Xã Tà Tổng", HERE),
        feature("03451", "Mù Cả", HERE, province_code="11"),
        feature("", "Mù Cả", HERE),
        feature("03451", "Mù Cả", shapely.Point(102.5, 22.5)),
        feature("03451", "Mù Cả", shapely.box(22.3, 102.3, 22.6, 102.6)),
        feature("03451", "Mù Cả", bow),
    )
    batch = bring(path)
    assert counts(batch) == (0, 0, 0, 7)
    reasons = ["không phải đơn vị", "không khớp tên", "không phải tỉnh này", "mã đơn vị hành chính"]
    reasons += ["phải là vùng", "ngoài Việt Nam", "không hợp lệ"]
    for row, part in zip(outcomes(batch), reasons, strict=True):
        assert part in row["message"]
    assert not Unit.objects.filter(shape="official").exists()
    said = list(telling.lines(batch))
    assert all(
        any(part in line for line in said) for part in ("không khớp mã", "không phải vùng", "từ chối 7")
    )


def test_real_overlaps_refuse_both_and_slivers_are_only_told(tmp_path: Path) -> None:
    east = shapely.box(102.5, 22.3, 102.9, 22.6)
    batch = bring(file_of(tmp_path, feature("03451", "Mù Cả", HERE), feature("03463", "Tà Tổng", east)))
    assert ends(batch) == ["refused", "refused"]
    assert all("Chồng lên" in row["message"] for row in outcomes(batch))
    sliver = shapely.box(102.5995, 22.3, 102.9, 22.6)
    batch = bring(file_of(tmp_path, feature("03451", "Mù Cả", HERE), feature("03463", "Tà Tổng", sliver)))
    assert ends(batch) == ["created", "created"]
    assert any("Chồng lên nhau một dải hẹp" in note["vi"] for note in batch.warnings)


def test_a_second_feature_of_the_same_unit_is_refused(tmp_path: Path) -> None:
    there = shapely.box(103, 22, 103.1, 22.1)
    batch = bring(file_of(tmp_path, feature("03451", "Mù Cả", HERE), feature("03451", "Mù Cả", there)))
    assert ends(batch) == ["created", "refused"]


def test_a_file_that_is_no_map_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.geojson"
    path.write_text("đây không phải bản đồ", encoding="utf-8")
    batch = bring(path)
    assert batch.state == "failed"
    assert "không đọc được" in batch.counts["error"]["vi"].lower()


def test_who_may_not_import_imports_nothing(tmp_path: Path) -> None:
    with pytest.raises(Denied):
        bring(file_of(tmp_path, feature("03451", "Mù Cả", HERE)), Public())
    assert not Unit.objects.filter(shape="official").exists()


def test_a_polygon_in_another_system_lands_where_it_belongs(tmp_path: Path) -> None:
    import numpy as np
    import pyogrio
    from pyproj import Transformer

    there = Transformer.from_crs(4326, 32648, always_xy=True)
    moved = shapely.transform(HERE, lambda xy: np.column_stack(there.transform(xy[:, 0], xy[:, 1])))
    path = tmp_path / "utm.gpkg"
    pyogrio.raw.write(
        str(path),
        np.array([shapely.to_wkb(moved)], object),
        [np.array(["03451"], object), np.array(["Mù Cả"], object)],
        ["code", "name"],
        geometry_type="Polygon",
        crs="EPSG:32648",
    )
    batch = bring(path)
    assert ends(batch) == ["created"]
    shape = shapely.from_wkb(bytes(Unit.objects.get(path="12/03451").geom or b""))
    assert shape.bounds == pytest.approx(HERE.bounds, abs=1e-6)


def occurrence() -> Register:
    return REGISTERS["observations.occurrence"]


def put(lon: float, lat: float, day: date, level: int = 0) -> Any:
    from uuid import uuid4

    model: Any = occurrence().model
    dataset = model._meta.get_field("dataset").related_model.objects.get_or_create(code="t", title="t")[0]
    record = model(
        dataset=dataset, occurrence_id=str(uuid4()), scientific_name="Macaca mulatta", day_start=day
    )
    record.put_point(lon, lat)
    queries.settle([record], [level])
    record.save(force_insert=True)
    return record


def test_what_is_counted_by_area_follows_the_records_that_moved(tmp_path: Path) -> None:
    outside = put(102.31, 22.31, date(2026, 5, 1))
    assert outside.area_path == ""
    batch = bring(file_of(tmp_path, feature("03451", "Mù Cả", HERE)))
    assert moved()["observations.occurrence"] == 1
    assert ["Ghi nhận loài", "1 bản ghi đổi địa bàn"] in batch.counts["summary"]
    outside.refresh_from_db()
    assert outside.area_path == outside.shown_area_path == "12/03451"
    drain()
    kept = sorted(TileCount.objects.values_list("audience", "cell", "n"))
    rebuild(occurrence())
    assert kept == sorted(TileCount.objects.values_list("audience", "cell", "n"))
    assert {audience for audience, _cell, _n in kept} >= {1, 3, 4}


def test_an_import_taken_back_leaves_the_sketch_and_every_record_where_it_was(tmp_path: Path) -> None:
    sketch = bytes(Unit.objects.get(path="12/03451").geom or b"")
    outside = put(102.31, 22.31, date(2026, 5, 1))
    batch = bring(file_of(tmp_path, feature("03451", "Mù Cả", HERE)))
    outside.refresh_from_db()
    assert outside.area_path == "12/03451"
    batch = undo(System(), batch)
    unit = Unit.objects.get(path="12/03451")
    assert (bytes(unit.geom or b""), unit.shape) == (sketch, "schematic")
    assert not Boundary.objects.filter(withdrawn__isnull=True).exists()
    outside.refresh_from_db()
    assert outside.area_path == ""
    assert ["Ghi nhận loài", "1 bản ghi đổi địa bàn"] in batch.counts["summary"]
    with pytest.raises(CannotUndo):
        undo(System(), batch)
    assert ends(bring(file_of(tmp_path, feature("03451", "Mù Cả", HERE)))) == ["created"]


def test_a_second_file_replaces_a_boundary_and_its_undo_puts_the_first_back(tmp_path: Path) -> None:
    bring(file_of(tmp_path, feature("03451", "Mù Cả", HERE)))
    wider = shapely.box(102.3, 22.3, 102.7, 22.6)
    second = bring(file_of(tmp_path, feature("03451", "Mù Cả", wider)))
    assert ends(second) == ["updated"]
    assert queries.assign(102.65, 22.31)[0][0] == "12/03451"
    boundary = Boundary.objects.get(unit_id="12/03451")
    changes = AuditEvent.objects.filter(object_id=boundary.pk, note="nhập từ tệp")
    assert [set(event.new or {}) >= {"geom"} for event in changes] == [True]
    undo(System(), second)
    shape = shapely.from_wkb(bytes(Unit.objects.get(path="12/03451").geom or b""))
    assert shape.equals(HERE)


def test_a_sheet_with_shapes_in_words_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text(f'Mã xã,Tên xã,hình (WKT)\n03451,Xã Mù Cả,"{HERE.wkt}"\n', encoding="utf-8")
    batch = bring(path)
    assert ends(batch) == ["created"], batch.counts


def test_a_map_without_its_system_is_refused_until_one_is_chosen(tmp_path: Path) -> None:
    import numpy as np
    import pyogrio

    path = tmp_path / "units.shp"
    pyogrio.raw.write(
        str(path), np.array([shapely.to_wkb(HERE)], object),
        [np.array(["03451"], object), np.array(["Mù Cả"], object)], ["code", "name"], geometry_type="Polygon",
    )  # fmt: skip
    import shutil

    packed = Path(shutil.make_archive(str(tmp_path / "units"), "zip", tmp_path))
    batch = bring(packed)
    assert ends(batch) == ["refused"]
    assert "hệ toạ độ" in outcomes(batch)[0]["message"]
    chosen = run_file(System(), packed, "places.boundary", mapping={"hint": {"crs": "wgs84"}})
    assert ends(chosen) == ["created"]


def test_whoever_may_bring_in_boundaries_of_one_commune_brings_in_no_other(tmp_path: Path) -> None:
    class Sung:
        actor_id, actor_name, organisation_id = "sung", "Sùng", "ubnd_03451"

        def scopes(self, verb: str) -> tuple[Scope, ...]:
            return (Scope("12/03451"),) if verb.startswith("places.boundary.") else ()

    there = shapely.box(103, 22, 103.1, 22.1)
    batch = bring(
        file_of(tmp_path, feature("03451", "Mù Cả", HERE), feature("03463", "Tà Tổng", there)), Sung()
    )
    assert [(r["outcome"], r["rule"]) for r in outcomes(batch)] == [
        ("created", None),
        ("refused", "out_of_scope"),
    ]


@pytest.mark.outside
def test_the_official_polygons_move_every_record_to_its_commune_and_former_district(shared: Path) -> None:
    folder = shared / "data" / "admin"
    old, new, blurred = (
        put(102.46, 22.48, date(2023, 5, 1)),
        put(102.46, 22.48, date(2026, 5, 1)),
        put(103.40, 22.44, date(2023, 5, 1), 1),
    )
    edge = Unit.objects.get(path="12/03388")
    official = {
        f["properties"]["code"]: shapely.from_geojson(json.dumps(f["geometry"]))
        for f in json.loads((folder / "lai_chau_communes_2025.geojson").read_text())["features"]
    }
    sketch = shapely.from_wkb(bytes(edge.geom or b""))
    stray = official["03388"].difference(sketch).representative_point()
    moved = put(stray.x, stray.y, date(2023, 5, 1))
    assert moved.area_path != "12/03388"
    batch = bring(folder / "lai_chau_communes_2025.geojson")
    assert counts(batch) == (38, 0, 0, 0)
    batch = bring(folder / "lai_chau_districts_pre2025.geojson")
    assert counts(batch) == (8, 0, 0, 0)
    for record in (old, new, blurred, moved):
        record.refresh_from_db()
    assert (old.area_path, old.area_path_then) == ("12/03451", "12/107")
    assert (new.area_path, new.area_path_then) == ("12/03451", "")
    assert moved.area_path == moved.shown_area_path == "12/03388"
    assert moved.area_path_then in {"", "12/105", "12/109"}
    city = shapely.from_wkb(bytes(Unit.objects.get(path="12/105").geom or b""))
    inside = official["03388"].intersection(city).representative_point()
    assert queries.assign(inside.x, inside.y)[1][0] == "12/105"
    assert blurred.shown_area_path == queries.assign(103.45, 22.45)[0][0]
    for code, shape in official.items():
        point = shape.representative_point()
        assert queries.assign(point.x, point.y)[0][0] == f"12/{code}"


@pytest.mark.outside
@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("lai_chau_communes_2025_simplified.geojson", (38, 0)),
        ("lai_chau_province_2025.geojson", (1, 0)),
        ("lai_chau_outline_dissolved.geojson", (1, 0)),
        ("dien_bien_communes_2025_simplified.geojson", (0, 45)),
        ("vn_provinces_2025_simplified.geojson", (1, 33)),
    ],
)
def test_each_official_file_ends_in_stated_counts(shared: Path, name: str, wanted: tuple[int, int]) -> None:
    batch = bring(shared / "data" / "admin" / name)
    created, _updated, _unchanged, refused = counts(batch)
    assert (created, refused) == wanted, list(telling.lines(batch))
