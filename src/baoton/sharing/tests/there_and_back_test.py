"""What came in by a file goes out whole in every kind of file, and an archive of ours changes nothing on return."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pyogrio
import pytest
import shapely
from django.db import transaction
from django.utils.translation import override

import formats
from baoton.kit import blobs
from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.kit.models import ImportBatch
from baoton.kit.reading import exporting
from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Event, Occurrence
from baoton.places.actions import load as load_places
from baoton.sharing.actions import write_archive
from baoton.taxa.actions import load

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PLOT = "POLYGON ((103.1 22.1, 103.2 22.1, 103.2 22.2, 103.1 22.2, 103.1 22.1))"


@pytest.fixture(autouse=True)
def blob_folder(tmp_path: Path, settings: Any) -> None:
    settings.BLOB_DIR = tmp_path / "blobs"


@pytest.fixture
def csv(tmp_path: Path) -> Callable[..., Path]:
    def write(*rows: dict[str, Any], name: str = "khao-sat.csv") -> Path:
        path = tmp_path / name
        pl.DataFrame(rows, infer_schema_length=None).write_csv(path)
        return path

    return write


def outcomes(batch: ImportBatch) -> Counter[str]:
    assert batch.outcome_sha256, batch.counts
    lines = pl.read_parquet(blobs.path_of(batch.outcome_sha256)).to_dicts()
    return Counter(x["outcome"] for x in lines)


def again(folder: Path, dataset: str) -> Counter[str]:
    """What the archives of everything would do to the dataset they came from."""
    write_archive(System(), folder / "ra.zip", {})
    found: Counter[str] = Counter()
    for path in sorted(folder.glob("ra*.zip")):
        found += outcomes(run_file(System(), path, dataset=dataset, dry=True))
        path.unlink()
    return found


ROWS: dict[str, dict[str, Any]] = {
    "columns no term takes": {"D1.3": "16,5", "tuyen": "T1", 'có "ngoặc"': 'a "b"\nc'},
    "a date in words": {"eventDate": "15/3/2025 10h30"},
    "a verbatim date": {"verbatimEventDate": "mùa mưa 2023"},
    "a count in words": {"individualCount": "2-3"},
    "a quantity in words": {"organismQuantity": "nhiều", "organismQuantityType": "đám"},
    "an uncertainty in words": {"coordinateUncertaintyInMeters": "±5 m", "decimalLongitude": "103.1",
                                "decimalLatitude": "22.3"},
    "another datum": {"decimalLongitude": "103.1", "decimalLatitude": "22.3", "geodeticDatum": "VN-2000"},
    "metres": {"X": "2466000.2", "Y": "510306.1", "Hệ tọa độ": "VN-2000 KTT 103"},
    "one cell": {"Tọa độ": "22°24'00\"B 103°24'00\"Đ"},
    "a polygon": {"footprintWKT": PLOT},
    "a shape far from its point": {"footprintWKT": PLOT, "decimalLongitude": "105.1", "decimalLatitude": "21.3"},
    "heights": {"minimumElevationInMeters": "900 m", "maximumElevationInMeters": "1.000"},
    "a span": {"Ngày bắt đầu": "1/3/2025", "Ngày kết thúc": "15/3/2025"},
    "its own dynamicProperties": {"dynamicProperties": '{"độ ẩm": 80}', "lạ": "1"},
    "dynamicProperties of text": {"dynamicProperties": '{"độ ẩm": "80"}', "lạ": "1"},
    "photos": {"associatedMedia": "https://anh.vn/1.jpg | https://anh.vn/2.jpg"},
    "codes unsaid": {"sex": "NA", "recordedBy": "-", "basisOfRecord": "NA"},
}  # fmt: skip


@pytest.mark.parametrize("kind", ROWS)
def test_an_archive_of_ours_changes_nothing(kind: str, csv: Callable[..., Path], tmp_path: Path) -> None:
    row = {"occurrenceID": "o1", "scientificName": "Schima wallichii", **ROWS[kind]}
    assert outcomes(run_file(System(), csv(row), dataset="x")) == {"created": 1}
    before = Occurrence.objects.get()
    for _time in range(2):
        assert again(tmp_path, "x") == {"unchanged": 1}
    assert Occurrence.objects.get().extra == before.extra


def test_an_archive_brings_the_columns_elsewhere(csv: Callable[..., Path], tmp_path: Path) -> None:
    row = {"occurrenceID": "o1", "scientificName": "Schima wallichii", "D1.3": "16,5", "tuyen": "T1"}
    run_file(System(), csv(row), dataset="x")
    write_archive(System(), tmp_path / "ra.zip", {})
    Occurrence.objects.all().delete()
    run_file(System(), tmp_path / "ra.zip", dataset="y")
    assert {"D1.3": "16,5", "tuyen": "T1"}.items() <= Occurrence.objects.get().extra.items()
    assert "dynamicProperties" not in Occurrence.objects.get().extra


def test_a_polygon_travels_as_a_polygon(csv: Callable[..., Path], tmp_path: Path) -> None:
    row = {"eventID": "ô 1", "eventDate": "2025-03-15", "footprintWKT": PLOT, "samplingProtocol": "ô mẫu"}
    run_file(System(), csv(row), dataset="x")
    first = bytes(Event.objects.get().geom)
    assert shapely.from_wkb(first).equals(shapely.from_wkt(PLOT))
    assert again(tmp_path, "x") == {"unchanged": 1}
    write_archive(System(), tmp_path / "ra.zip", {})
    Event.objects.all().delete()
    run_file(System(), tmp_path / "ra.zip", dataset="y")
    assert bytes(Event.objects.get().geom) == first
    for kind in ("geojson", "gpkg"):
        path = tmp_path / f"ra.{kind}"
        exporting.write(REGISTERS["observations.event"], System(), {}, kind, path)
        _meta, table = pyogrio.read_arrow(path)
        geometry = next(f.name for f in table.schema if str(f.type) == "binary")
        assert shapely.from_wkb(table.column(geometry)[0].as_py()).equals(shapely.from_wkt(PLOT))


CIRCLE = shapely.to_wkt(shapely.Point(103.2, 22.3).buffer(0.1, quad_segs=300), -1)
CLASHING: dict[str, dict[str, Any]] = {
    "columns called as ours": {"id": "7", "ID": "8", "fid": "9", "datasetID": "GBIF-1", "nhóm loài": "thú"},
    "words our own columns have too": {"acceptedNameUsage": "Schima wallichii Choisy", "municipality": "Mù Cả"},
    "a commune beside a point elsewhere": {"municipality": "Mù Cả", "decimalLongitude": "103.1",
                                           "decimalLatitude": "22.3"},
    "what people call it": {"vernacularName": "Tu cà"},
    "a shape longer than a cell": {"footprintWKT": CIRCLE},
    "many figures": {"decimalLongitude": "103.12345678901234", "decimalLatitude": "22.312345678901232"},
    "a group, which in a sheet is a heading": {"scientificName": "AVES"},
    "a day of others": {"Ngày nhập liệu": "1/4/2025", "modified": "2025-04-01T10:00:00+0700"},
    "a time in words": {"eventTime": "sáng", "eventDate": "2025-03-15"},
    "as above": {"recordedBy": "nt"},
}  # fmt: skip


@pytest.fixture
def all_kinds(csv: Callable[..., Path]) -> None:
    load()
    load_places()
    rows = {**ROWS, **CLASHING}
    # each row by itself, so that no column of another row lends it a meaning
    for n, row in enumerate(rows.values()):
        known = {"occurrenceID": f"o{n}", "scientificName": "Schima wallichii", **row}
        keep = {"columns": {c: c for c in ("Ngày nhập liệu", "id", "ID", "fid")}}
        batch = run_file(System(), csv(known, name="x.csv"), dataset="x", mapping=keep)
        assert batch.counts["total"]["created"] == 1, (row, batch.counts)


def test_a_file_of_ours_changes_nothing_here_and_makes_the_same_records_elsewhere(
    all_kinds: None, tmp_path: Path
) -> None:
    rows = len({**ROWS, **CLASHING})
    paths = [tmp_path / f"ra.{kind}" for kind in ("csv", "xlsx", "geojson", "gpkg")]
    for path in paths:
        exporting.write(REGISTERS["observations.occurrence"], System(), {}, path.suffix[1:], path)
    with override("en"):
        exporting.write(REGISTERS["observations.occurrence"], System(), {}, "csv", tmp_path / "out.csv")
    for path in (*paths, tmp_path / "out.csv"):
        batch = run_file(System(), path, dataset="x", dry=True)
        told = pl.read_parquet(blobs.path_of(batch.outcome_sha256)).filter(pl.col("outcome") != "unchanged")
        assert (batch.counts["total"]["unchanged"], told.to_dicts()) == (rows, []), path.name
    assert again(tmp_path, "x") == {"unchanged": rows}
    before = records()
    for path in paths:
        with transaction.atomic():
            Occurrence.objects.all().delete()
            assert run_file(System(), path, dataset="y").state == "done"
            assert records() == before
            transaction.set_rollback(True)


def records() -> list[dict[str, Any]]:
    """What stands of every record but its keys."""
    asked = ("occurrence_id", "scientific_name", "vernacular_name", "event_date", "geom", "area_path", "extra",
             "individual_count", "organism_quantity", "associated_media")  # fmt: skip
    return list(Occurrence.objects.order_by("occurrence_id").values(*asked))


@pytest.fixture
def whole(csv: Callable[..., Path]) -> None:
    row = {
        "occurrenceID": "o1", "scientificName": "Schima wallichii", "eventDate": "2025-03-15", "D1.3": "16,5",
        "tuyen": "T1", "associatedMedia": "https://anh.vn/1.jpg", "organismQuantity": "2.5",
        "organismQuantityType": "kg", "individualCount": "3", "decimalLongitude": "103.1", "decimalLatitude": "22.3",
        "coordinateUncertaintyInMeters": "12.5",
    }  # fmt: skip
    load()
    run_file(System(), csv(row), dataset="x")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "geojson", "gpkg"])
def test_every_kind_of_file_holds_every_column(kind: str, whole: None, tmp_path: Path) -> None:
    path = tmp_path / f"ra.{kind}"
    assert exporting.write(REGISTERS["observations.occurrence"], System(), {}, kind, path) == 1
    with formats.open(path) as source:
        table = next(t for t in source.tables if t.name != "Ghi chú")
        (row,) = (r for b in table.batches() for r in b.to_pylist())
    told = {"D1.3": "16,5", "tuyen": "T1", "associatedMedia": "https://anh.vn/1.jpg", "organismQuantityType": "kg",
            "organismQuantity": "2.5", "individualCount": "3", "coordinateUncertaintyInMeters": "12.5",
            "geodeticDatum": "WGS84"}  # fmt: skip
    assert told.items() <= row.items()


def test_a_geopackage_has_real_types(whole: None, tmp_path: Path) -> None:
    path = tmp_path / "ra.gpkg"
    exporting.write(REGISTERS["observations.occurrence"], System(), {}, "gpkg", path)
    info = pyogrio.read_info(path)
    types = dict(zip(info["fields"], map(str, info["dtypes"]), strict=True))
    assert types["individualCount"].startswith("int") and types["organismQuantity"] == "float64"
    assert types["decimalLongitude"] == "float64" and types["scientificName"] == "object"


def test_geojson_numbers_are_numbers(whole: None, tmp_path: Path) -> None:
    path = tmp_path / "ra.geojson"
    exporting.write(REGISTERS["observations.occurrence"], System(), {}, "geojson", path)
    (one,) = json.loads(path.read_text())["features"]
    assert one["properties"]["individualCount"] == 3 and one["properties"]["organismQuantity"] == 2.5
