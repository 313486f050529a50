"""Places as people write them: in degrees and metres, in one cell or two, in any datum; what is wrong is named."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.observations.imports.tests.conftest import outcomes
from baoton.observations.models import Occurrence
from formats import crs

pytestmark = [pytest.mark.django_db, pytest.mark.once]
Csv = Callable[..., Path]
Place = tuple[float, float]
AT = (103.1, 22.3)


def metres(code: str, at: Place = AT) -> Place:
    x, y = crs.from_lonlat(np.array([at[0]]), np.array([at[1]]), code)
    return round(float(x[0]), 2), round(float(y[0]), 2)


EAST, NORTH = metres("vn2000-103-3")
UTM_E, UTM_N = metres("utm48n")


def read(path: Path, **mapping: Any) -> tuple[list[Any], list[dict[str, Any]], set[str]]:
    """Of each row its place or the rule that refused it; the lines; what was told."""
    batch = run_file(System(), path, mapping=mapping)
    lines = outcomes(batch)
    made = {o.pk.hex: (o.min_x, o.min_y) if o.min_x is not None else None for o in Occurrence.objects.all()}
    return [x["rule"] or made[x["id"]] for x in lines], lines, {w["code"] for w in batch.warnings}


def row(**cells: Any) -> dict[str, Any]:
    return {"occurrenceID": "o", "scientificName": "Aus bus", **cells}


def dotted(value: float) -> str:
    return f"{int(value):,}".replace(",", ".")


@pytest.mark.parametrize(
    ("cells", "mapping", "expected"),
    [
        ({"X": EAST, "Y": NORTH}, {"crs": "vn2000-103-3"}, AT),
        ({"X": NORTH, "Y": EAST}, {"crs": "vn2000-103-3"}, AT),
        ({"X": dotted(NORTH), "Y": dotted(EAST)}, {"crs": "vn2000-103-3"}, AT),
        ({"X": f"{NORTH:,.2f}", "Y": f"{EAST:,.2f}"}, {"crs": "vn2000-103-3"}, AT),
        ({"X": str(NORTH).replace(".", ","), "Y": str(EAST).replace(".", ",")}, {"crs": "vn2000-103-3"}, AT),
        ({"X_VN2000": NORTH, "Y_VN2000": EAST}, {}, AT),
        ({"Tọa độ X (VN-2000)": EAST, "Tọa độ Y (VN-2000)": NORTH}, {}, AT),
        ({"X_UTM48N": UTM_E, "Y_UTM48N": UTM_N}, {}, AT),
        ({"POINT_X": UTM_E, "POINT_Y": UTM_N}, {"crs": "utm48n"}, AT),
        ({"POINT_X": AT[0], "POINT_Y": AT[1]}, {}, AT),
        ({"X": UTM_E, "Y": UTM_N, "verbatimSRS": "WGS84 / UTM zone 48N"}, {}, AT),
        ({"X": EAST, "Y": NORTH, "Hệ tọa độ": "VN-2000, KTT 103, múi 3"}, {}, AT),
        ({"X": EAST, "Y": NORTH, "Hệ tọa độ": "VN2000"}, {}, AT),
        ({"Tọa độ": f"{NORTH}; {EAST}"}, {"crs": "vn2000-103-3"}, AT),
        ({"Tọa độ": f"X = {NORTH}, Y = {EAST}"}, {"crs": "vn2000-103-3"}, AT),
        ({"Tọa độ": f"48Q {UTM_E:07.0f} {UTM_N:.0f}"}, {}, AT),
        ({"Tọa độ": "22°18'00\"B 103°06'00\"Đ"}, {}, AT),
        ({"Tọa độ": "N22 18.000 E103 06.000"}, {}, AT),
        ({"Tọa độ": "22,3; 103,1"}, {}, AT),
        ({"Tọa độ GPS": "103.1, 22.3"}, {}, AT),
        ({"lat/long": "22.3,103.1"}, {}, AT),
        ({"geopoint": "22.3 103.1 950 4.5"}, {}, AT),
        ({"WKT": "POINT (103.1 22.3)"}, {}, AT),
        ({"Vĩ độ": "22°18'00\"B", "Kinh độ": "103°06'00\"Đ"}, {}, AT),
        ({"decimalLatitude": None, "decimalLongitude": None, "verbatimLatitude": "22.3",
          "verbatimLongitude": "103.1"}, {}, AT),
        ({"X": EAST, "Y": NORTH}, {}, "looks_projected"),
        ({"X": EAST + 9_000_000, "Y": NORTH}, {"crs": "vn2000-103-3"}, "easting_out_of_zone"),
        ({"X": 48_000_000 + EAST, "Y": NORTH}, {"crs": "vn2000-103-3"}, "easting_out_of_zone"),
        ({"X": EAST, "Y": 99_000_000}, {"crs": "vn2000-103-3"}, "northing_out_of_zone"),
        ({"X": EAST, "Y": 5_000_000}, {"crs": "vn2000-103-3"}, "outside_viet_nam"),
        ({"X": AT[0], "Y": AT[1]}, {"crs": "vn2000-103-3"}, "degrees_among_metres"),
        ({"X": EAST, "Y": None}, {"crs": "vn2000-103-3"}, "missing_half"),
        ({"X": EAST, "Y": "bản"}, {"crs": "vn2000-103-3"}, "unreadable_coordinate"),
        ({"Tọa độ": "bản Nậm Pục"}, {}, "unreadable_coordinate"),
        ({"Vĩ độ": "22.3", "Kinh độ": "1e-10"}, {}, "half_zero"),
        ({"Vĩ độ": "1e-10", "Kinh độ": "0.0"}, {}, "zero_zero"),
        ({"Vĩ độ": "95.2", "Kinh độ": "10.1"}, {}, "swapped"),
        ({"Vĩ độ": "22.3", "Kinh độ": "390.5"}, {}, "out_of_range"),
        ({"Vĩ độ": "22.3", "Kinh độ": "-103.1", "country": "Việt Nam"}, {}, "sign_lost"),
        ({"Vĩ độ": "16.7", "Kinh độ": "92.6", "countryCode": "MX"}, {}, "sign_lost"),
        ({"Vĩ độ": "103.1", "Kinh độ": "22.3", "country": "Vietnam"}, {}, "swapped"),
        ({"Vĩ độ": "6.2", "Kinh độ": "37.8", "country": "Tanzania"}, {}, "sign_lost"),
        ({"WKT": "POLYGON ((103 22, 103"}, {}, "broken_shape"),
        ({"WKT": f"POINT ({EAST} {NORTH})"}, {}, "out_of_range"),
    ],
)  # fmt: skip
def test_a_place_is_read_or_refused_by_name(
    cells: dict[str, Any], mapping: dict[str, Any], expected: Any, csv: Csv
) -> None:
    ((found,), (line,), _notes) = read(csv([row(**cells)]), **mapping)
    if isinstance(expected, str):
        assert found == expected and line["message"] and line["column"]
    else:
        assert not isinstance(found, str), (found, line["message"])
        assert found == pytest.approx(expected, abs=2e-5)


@pytest.mark.parametrize(
    ("datum", "metres_off"),
    [
        ("WGS84", 0), ("EPSG:4326", 0), (None, 0), ("unknown", 0), ("VN-2000", 222), ("VN2000", 222),
        ("EPSG:4756", 222),
        ("Indian 1960", 413), ("Indian Datum 1960", 413),
        ("EPSG:4131", 413), ("HN-72", 46), ("Indian 1975", 409),
    ],
)  # fmt: skip
def test_a_datum_is_honoured_row_by_row(datum: str | None, metres_off: float, csv: Csv) -> None:
    place = row(decimalLongitude="103.4567", decimalLatitude="22.4567", geodeticDatum=datum)
    rows = [place, {**place, "occurrenceID": "p", "geodeticDatum": "WGS84"}]
    (one, other), _lines, _notes = read(csv(rows))
    assert other == (103.4567, 22.4567)
    off = float(np.hypot((one[0] - other[0]) * 102_900, (one[1] - other[1]) * 110_700))
    assert off == pytest.approx(metres_off, abs=15 if metres_off else 0.01)
    record = Occurrence.objects.get(occurrence_id="o")
    assert ("verbatimSRS" in record.extra) == bool(metres_off)
    assert record.extra.get("verbatimLatitude") == ("22.4567" if metres_off else None)


def test_a_datum_nobody_knows_is_told(csv: Csv) -> None:
    (place,), _lines, notes = read(
        csv([row(decimalLongitude="103.1", decimalLatitude="22.3", geodeticDatum="Datum 9")])
    )
    assert place == AT and "datum_unknown" in notes


WGS_OVER_VN2000 = (
    'PROJCS["VN_103",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{meridian}],'
    'PARAMETER["Scale_Factor",{scale}],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def shapefile(folder: Path, at: Place, prj: str | None) -> Path:
    """A zipped shapefile of one point, with the .prj given or none."""
    import zipfile

    import pyogrio
    import shapely

    pyogrio.raw.write(
        folder / "diem.shp", np.array([shapely.to_wkb(shapely.Point(at))], object),
        [np.array(["Aus bus"], object)], ["scientific"], geometry_type="Point", crs="EPSG:32648",
    )  # fmt: skip
    (folder / "diem.prj").unlink(missing_ok=True)
    if prj is not None:
        (folder / "diem.prj").write_text(prj)
    with zipfile.ZipFile(folder / "diem.zip", "w") as archive:
        for part in folder.glob("diem.*"):
            if part.suffix != ".zip":
                archive.write(part, part.name)
    return folder / "diem.zip"


OCC = {"target": "observations.occurrence", "columns": {"scientific": "scientificName"}}


@pytest.mark.parametrize(
    ("meridian", "scale", "code"),
    [
        (103.0, 0.9999, "vn2000-103-3"), (104.75, 0.9999, "vn2000-104.75-3"), (105.0, 0.9999, "vn2000-105-3"),
        (105.0, 0.9996, "utm48n"), (99.0, 0.9996, "utm47n"),
    ],
)  # fmt: skip
def test_a_prj_that_calls_vn2000_wgs84_is_not_believed(
    meridian: float, scale: float, code: str, tmp_path: Path
) -> None:
    path = shapefile(tmp_path, metres(code), WGS_OVER_VN2000.format(meridian=meridian, scale=scale))
    (place,), _lines, notes = read(path, **OCC)
    assert place == pytest.approx(AT, abs=2e-5)
    assert ("crs_note" in notes) == code.startswith("vn2000")


@pytest.mark.parametrize("code", ["vn2000-103-3", "utm48n", "utm47n", "vn2000-104.75-3", "EPSG:3148"])
def test_a_shapefile_without_a_system_is_asked_about_and_the_choice_places_it(
    code: str, tmp_path: Path
) -> None:
    path = shapefile(tmp_path, metres(code), None)
    (rule,), (line,), _notes = read(path, **OCC)
    assert rule == "no_system" and "chọn hệ toạ độ" in line["message"]
    (place,), _lines, _notes = read(path, crs=code, **OCC)
    assert place == pytest.approx(AT, abs=2e-5)


def test_degrees_without_a_system_are_asked_about_too(tmp_path: Path) -> None:
    path = shapefile(tmp_path, AT, None)
    (rule,), (line,), _notes = read(path, **OCC)
    assert rule == "no_system" and "WGS84" in line["message"]
    (place,), _lines, _notes = read(path, crs="wgs84", **OCC)
    assert place == pytest.approx(AT, abs=1e-9)


def test_a_map_in_metres_that_claims_degrees_is_refused(tmp_path: Path) -> None:
    import json

    feature = {"type": "Feature", "properties": {"scientificName": "Aus bus"},
               "geometry": {"type": "Point", "coordinates": [EAST, NORTH]}}  # fmt: skip
    (tmp_path / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    (rule,), _lines, _notes = read(tmp_path / "a.geojson", target="observations.occurrence")
    assert rule == "out_of_range"
    (place,), _lines, _notes = read(
        tmp_path / "a.geojson", target="observations.occurrence", crs="vn2000-103-3"
    )
    assert place == pytest.approx(AT, abs=2e-5)


def test_the_message_proposes_the_likeliest_system(csv: Csv) -> None:
    from baoton.places.actions import load as load_places

    load_places()
    _found, (line,), _notes = read(csv([row(X=NORTH, Y=EAST)]))
    assert "103°00′" in line["message"] and "X là hướng bắc" in line["message"]


@pytest.mark.parametrize(
    ("others", "kept"), [(["22.4", "22.5"], False), (["0.4", "-1.2"], True), (["22.4", "3.0"], True)]
)
def test_a_lone_zero_is_believed_near_the_equator_only(others: list[str], kept: bool, csv: Csv) -> None:
    rows = [{**row(decimalLongitude="103.1", decimalLatitude=lat), "occurrenceID": f"o{i}"}
            for i, lat in enumerate(["0", *others])]  # fmt: skip
    found, _lines, _notes = read(csv(rows))
    assert (found[0] != "half_zero") == kept


@pytest.mark.parametrize(
    ("lat", "lon", "cell", "value"),
    [
        ("0", "-390.5", "Kinh độ", "-390.5"), ("0", "103.1", "Vĩ độ", "0"), ("22.3", "0", "Kinh độ", "0"),
        ("95.5", "203.1", "Kinh độ", "203.1"), ("91.5", "103.1", "Vĩ độ", "91.5"), ("22.3", None, "Kinh độ", None),
        ("abc", "103.1", "Vĩ độ", "abc"), ("22.3", "103.1x9", "Kinh độ", "103.1x9"),
    ],
)  # fmt: skip
def test_the_wrong_cell_is_the_one_named(
    lat: str | None, lon: str | None, cell: str, value: str | None, csv: Csv
) -> None:
    good = [{**row(**{"Vĩ độ": "22.3", "Kinh độ": "103.1"}), "occurrenceID": f"g{i}"} for i in range(3)]
    _found, lines, _notes = read(csv([row(**{"Vĩ độ": lat, "Kinh độ": lon}), *good]))
    assert (lines[0]["column"], lines[0]["value"]) == (cell, value), lines[0]


@pytest.mark.parametrize(
    ("written", "metres_", "refused"),
    [
        ("5", 5, ""), ("5m", 5, ""), ("±5", 5, ""), ("± 5 m", 5, ""), ("<10", 10, ""), ("5 - 10", 10, ""),
        ("~30", 30, ""),
        ("0,5 km", 500, ""), ("12,5", 12.5, ""), ("khoảng 20 mét", 20, ""), ("0", None, ""), ("NA", None, ""),
        ("-5", None, "negative"), ("99999999", None, "too_big"), ("10-May", None, "not_a_number"),
        ("1,234", None, "not_a_number"), ("xa", None, "not_a_number"), ("10 - 5", None, "not_a_number"),
    ],
)  # fmt: skip
def test_uncertainty_in_words(written: str, metres_: float | None, refused: str, csv: Csv) -> None:
    cells = row(decimalLongitude="103.1", decimalLatitude="22.3", coordinateUncertaintyInMeters=written)
    ((found,), _lines, _notes) = read(csv([cells]))
    if refused:
        assert found == refused
    else:
        assert Occurrence.objects.get().coordinate_uncertainty_m == metres_


@pytest.mark.parametrize(
    ("written", "count", "refused"),
    [
        ("3", 3, ""), ("X", None, ""), ("2-3", 2, ""), ("2–3 con", 2, ""), ("~10", None, ""), (">5", 5, ""),
        ("≥4", 4, ""),
        ("5 con", 5, ""), ("10+", 10, ""), ("ít nhất 7", 7, ""), ("1.200", 1200, ""), ("3.0", 3, ""),
        ("nhiều", None, ""),
        ("3,5", None, ""), ("2 đực, 1 cái", None, ""), ("-1", None, "negative"), ("-2,5", None, "negative"),
        ("99999999999", None, "too_big"), ("NA", None, ""),
    ],
)  # fmt: skip
def test_counts_in_words(written: str, count: int | None, refused: str, csv: Csv) -> None:
    ((found,), _lines, notes) = read(csv([row(individualCount=written)]))
    if refused:
        assert found == refused
        return
    record = Occurrence.objects.get()
    assert record.individual_count == count
    plain = written in {"3", "1.200", "NA"}
    assert record.extra.get("verbatimIndividualCount") == (None if plain else written)
    assert plain or any(n.startswith("count_") for n in notes)


@pytest.mark.parametrize(
    ("cells", "refused"),
    [
        ({"minimumElevationInMeters": "900", "maximumElevationInMeters": "1000"}, ""),
        ({"minimumElevationInMeters": "900 m"}, ""),
        ({"minimumElevationInMeters": "1.250"}, ""),
        ({"minimumElevationInMeters": "cao"}, ""),
        ({"minimumElevationInMeters": "1000", "maximumElevationInMeters": "900"}, "heights_turned"),
        ({"minimumElevationInMeters": "9900"}, "height_out_of_range"),
        ({"maximumElevationInMeters": "-900"}, "height_out_of_range"),
        ({"minimumDepthInMeters": "-3"}, "height_out_of_range"),
        ({"minimumDepthInMeters": "5", "maximumDepthInMeters": "2"}, "heights_turned"),
        ({"Độ cao": "99999"}, "height_out_of_range"),
        ({"minimumDepthInMeters": "0", "maximumDepthInMeters": "2"}, ""),
    ],
)
def test_heights_are_checked_and_kept(cells: dict[str, str], refused: str, csv: Csv) -> None:
    ((found,), _lines, _notes) = read(csv([row(**cells)]))
    if refused:
        assert found == refused
    else:
        assert found is None and set(cells.values()) <= set(Occurrence.objects.get().extra.values())
