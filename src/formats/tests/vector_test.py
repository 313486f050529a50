"""Map files: every layer, flat places in longitude and latitude, and nothing mended in silence."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyogrio
import pytest
import shapely

import formats
from formats import crs, legacy

PLACES = [shapely.Point(103.2, 22.3), shapely.Point(103.5, 22.1)]


def shapefile(
    tmp_path: Path, names: list[str], *, prj: bool = True, cpg: str | None = "UTF-8", encoding: str = "utf-8"
) -> Path:
    """A zipped shapefile in VN-2000 whose attribute bytes are in the given encoding."""
    xy = crs.from_lonlat(np.array([p.x for p in PLACES]), np.array([p.y for p in PLACES]), "vn2000-103-3")
    folder = tmp_path / "shp"
    folder.mkdir()
    bytes_ = [
        legacy.encode(n, encoding) if encoding in ("tcvn3", "vni", "cp1258") else n.encode(encoding)
        for n in names
    ]
    table = pa.table(
        {
            "ten": [b.decode("latin-1") for b in bytes_],
            "geom": [shapely.to_wkb(shapely.Point(x, y)) for x, y in zip(*xy, strict=True)],
        }
    )
    pyogrio.write_arrow(
        table, folder / "a.shp", driver="ESRI Shapefile", geometry_name="geom", geometry_type="Point",
        crs="EPSG:9205", encoding="ISO-8859-1",
    )  # fmt: skip
    (folder / "a.cpg").unlink(missing_ok=True)
    if cpg:
        (folder / "a.cpg").write_text(cpg)
    if not prj:
        (folder / "a.prj").unlink()
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as zipped:
        for file in folder.iterdir():
            zipped.write(file, file.name)
    return path


def rows_of(table: formats.Table) -> list[dict]:
    return [row for batch in table.batches() for row in batch.to_pylist()]


def place(row: dict) -> tuple[float, float]:
    point = shapely.from_wkb(row["_wkb"])
    return point.x, point.y


@pytest.mark.parametrize(
    ("cpg", "encoding"),
    [
        ("UTF-8", "utf-8"),
        ("TCVN3", "tcvn3"),
        (None, "tcvn3"),
        (None, "vni"),
        (None, "utf-8"),
        ("1258", "cp1258"),
        ("ISO-8859-1", "tcvn3"),  # what programs write beside text in the letters of a .Vn font
        ("1252", "vni"),
    ],
)
def test_a_shapefile_in_vn2000_is_placed_and_its_words_read(
    tmp_path: Path, cpg: str | None, encoding: str
) -> None:
    names = ["Rừng phòng hộ Mường Tè", "Bản Nậm Khao"]
    with formats.open(shapefile(tmp_path, names, cpg=cpg, encoding=encoding)) as source:
        rows = rows_of(source.tables[0])
        assert (
            source.kind == "vector"
            and [r["ten"] for r in rows] == names
            and [r["_row"] for r in rows] == [1, 2]
        )
        assert place(rows[0]) == pytest.approx((103.2, 22.3), abs=1e-6)
        assert source.tables[0].metadata["crs"]


def test_a_missing_prj_is_told_and_nothing_is_placed_until_a_person_says(tmp_path: Path) -> None:
    path = shapefile(tmp_path, ["a", "b"], prj=False)
    with formats.open(path) as source:
        warning = next(w for w in source.warnings if w.code == "no_crs")
        assert "Chưa rõ hệ tọa độ" in warning.vi and rows_of(source.tables[0])[0]["_wkb"] is None
    with formats.open(path, hint={"crs": "vn2000-103-3"}) as source:
        assert place(rows_of(source.tables[0])[0]) == pytest.approx((103.2, 22.3), abs=1e-6)


def geojson(tmp_path: Path, *geometries: dict | None) -> formats.Source:
    path = tmp_path / "a.geojson"
    features = [{"type": "Feature", "geometry": g, "properties": {"n": i}} for i, g in enumerate(geometries)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return formats.open(path)


def test_multipoints_stay_and_missing_high_and_broken_shapes_are_told(tmp_path: Path) -> None:
    bow = [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]
    source = geojson(
        tmp_path,
        {"type": "MultiPoint", "coordinates": [[103, 22], [104, 23]]},
        None,
        {"type": "Point", "coordinates": [103, 22, 900]},
        {"type": "Polygon", "coordinates": bow},
    )
    rows = rows_of(source.tables[0])
    shapes = [shapely.from_wkb(r["_wkb"]) for r in rows]
    assert shapes[0].geom_type == "MultiPoint" and shapes[1] is None and not shapes[2].has_z
    assert not shapes[3].is_valid
    found = {w.code: w.rows for w in source.warnings}
    assert found == {"null_geometry": (2,), "height_dropped": (3,), "invalid_geometry": (4,)}


def test_geojson_and_geopackage_come_back(tmp_path: Path) -> None:
    shapes = [shapely.to_wkb(PLACES[0]), None, shapely.to_wkb(shapely.MultiPoint([(1, 2), (3, 4)]))]
    batch = pa.record_batch(
        {"tên": ["Vượn", None, '"\n'], "n": [1, None, 3], "_row": [1, 2, 3], "_wkb": shapes}
    )
    assert formats.write_geojson(tmp_path / "a.geojson", [batch, batch]) == 6
    assert formats.write_gpkg(tmp_path / "a.gpkg", {"một": [batch], "hai": [batch] * 3}) == {
        "một": 3,
        "hai": 9,
    }
    for name, layer, times in (("a.geojson", "a", 2), ("a.gpkg", "một", 1), ("a.gpkg", "hai", 3)):
        table = formats.open(tmp_path / name).table(layer)
        rows = rows_of(table)
        assert table.columns == ["tên", "n"] and len(rows) == table.count() == 3 * times
        assert [(r["tên"], r["n"]) for r in rows[:3]] == [("Vượn", "1"), (None, None), ('"\n', "3")]
        assert [r["_wkb"] for r in rows[:3]] == shapes


def test_waypoints_of_one_name_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.gpx"
    points = "".join(f'<wpt lat="22.{i}" lon="103.{i}"><name>Lán</name></wpt>' for i in range(3))
    path.write_text(
        f'<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1">{points}</gpx>'
    )
    source = formats.open(path)
    assert source.kind == "gpx" and [t.name for t in source.tables] == ["waypoints"]
    assert next(w for w in source.warnings if w.code == "duplicate_name").count == 3
    assert source.tables[0].columns == ["name"] and place(rows_of(source.tables[0])[1]) == (103.1, 22.1)


def test_flatgeobuf_and_geojson_called_json_are_read(tmp_path: Path) -> None:
    table = pa.table({"n": ["a"], "geom": [shapely.to_wkb(PLACES[0])]})
    pyogrio.write_arrow(
        table,
        tmp_path / "a.fgb",
        driver="FlatGeobuf",
        geometry_name="geom",
        geometry_type="Point",
        crs="EPSG:4326",
    )
    assert place(rows_of(formats.open(tmp_path / "a.fgb").tables[0])[0]) == (103.2, 22.3)
    formats.write_geojson(tmp_path / "b.json", formats.open(tmp_path / "a.fgb").tables[0].batches())
    assert place(rows_of(formats.open(tmp_path / "b.json").tables[0])[0]) == (103.2, 22.3)


def test_many_heights_are_one_warning_with_a_count(tmp_path: Path) -> None:
    source = geojson(tmp_path, *({"type": "Point", "coordinates": [103, 22, i]} for i in range(50)))
    rows_of(source.tables[0])
    (warning,) = source.warnings
    assert warning.count == 50 and warning.rows == tuple(range(1, 21))


def test_a_broken_map_file_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text("{ not json")
    with pytest.raises(formats.FormatError) as error:
        formats.open(path)
    assert error.value.code == "bad_vector"


def test_a_time_of_a_gps_keeps_its_zone(tmp_path: Path) -> None:
    path = tmp_path / "di.gpx"
    path.write_text(
        '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="22.2" lon="103.1">'
        "<time>2026-03-01T20:10:00Z</time><name>a</name></wpt></gpx>"
    )
    with formats.open(path) as source:
        row = next(iter(source.tables[0].batches())).to_pylist()[0]
    assert row["time"] == "2026-03-01T20:10:00Z", "at ten past three the next morning in Vietnam"


@pytest.mark.parametrize(
    ("point", "told"),
    [
        ('<wpt lat="22,5" lon="102.4"><name>a</name></wpt>', "vĩ độ “22,5” không đọc được"),
        ('<wpt lon="102.4"><name>a</name></wpt>', "thiếu vĩ độ"),
        ('<wpt lat="22.5" lon="102.4"><time>hôm qua</time></wpt>', "giờ “hôm qua” không đọc được"),
    ],
)
def test_a_point_that_would_be_cut_or_dropped_is_told_with_its_line(
    point: str, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "di.gpx"
    path.write_text(
        f'<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">\n{point}</gpx>'
    )
    with pytest.raises(formats.FormatError) as raised, formats.open(path):
        pass
    assert f"điểm ở dòng 2 {told}" in raised.value.vi or f"điểm ở dòng 2 có {told}" in raised.value.vi
