"""Places as phones, offices and forms write them, and what contradicts them in the same row."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.observations.imports.tests.conftest import outcomes
from baoton.observations.models import Event, Occurrence
from baoton.places.actions import load as load_places
from baoton.taxa.actions import load

pytestmark = [pytest.mark.django_db, pytest.mark.once]
Csv = Callable[..., Path]
SEEN = {"Tên khoa học": "Macaca mulatta", "Ngày": "15/3/2025"}


def told(batch: Any) -> dict[str, str]:
    return {w["code"]: w["vi"] for w in batch.warnings}


@pytest.mark.parametrize("cell", [
    "https://www.google.com/maps/place/22.4123,103.4567", "https://maps.google.com/?q=22.4123,103.4567",
    "https://www.google.com/maps/@22.4123,103.4567,15z", "geo:22.4123,103.4567", "22.4123, 103.4567, 850, 5",
    "22.4123 103.4567 850.0 5.0", "22,4123 103,4567", "103.4567, 22.4123", "[103.4567, 22.4123]",
    "N22.4123 E103.4567", "22.4123°B 103.4567°Đ", "Vĩ độ: 22.4123; Kinh độ: 103.4567", "POINT(103.4567 22.4123)",
])  # fmt: skip
def test_a_place_in_one_cell_is_read(cell: str, csv: Csv) -> None:
    run_file(System(), csv([{**SEEN, "Tọa độ": cell}]))
    one = Occurrence.objects.get()
    assert (round(one.min_x, 6), round(one.min_y, 6)) == (103.4567, 22.4123)


@pytest.mark.parametrize(
    "cell", ["22.4", "tại chốt", "22°24'00\"N", "https://maps.app.goo.gl/AbC", "1, 2, 3"]
)
def test_half_a_place_or_none_is_refused(cell: str, csv: Csv) -> None:
    assert outcomes(run_file(System(), csv([{**SEEN, "Tọa độ": cell}]), dry=True))[0]["outcome"] == "refused"


def test_an_accuracy_of_nought_is_none(csv: Csv) -> None:
    run_file(System(), csv([{**SEEN, "Tọa độ": "22.4123 103.4567 0 0"}]))
    assert Occurrence.objects.get().coordinate_uncertainty_m is None


@pytest.mark.parametrize(("x", "y", "rule"), [
    ("547001m", "2484123m", None), ("547.001", "2.484.123", None), ("547 001,5", "2 484 123,2", None),
    ("2484123", "547001", None), ("5.47001e5", "2.484123e6", None), ("0", "0", "zero_zero"),
    ("103.4", "22.4", "degrees_among_metres"), ("54700", "2484123", "easting_out_of_zone"),
    ("547001", "", "missing_half"), ("547001x", "2484123", "unreadable_coordinate"),
])  # fmt: skip
def test_metres_are_read_or_refused_under_their_own_rule(x: str, y: str, rule: str | None, csv: Csv) -> None:
    line = outcomes(run_file(System(), csv([{**SEEN, "X (VN2000)": x, "Y (VN2000)": y}])))[0]
    assert line["rule"] == rule
    if rule is None:
        one = Occurrence.objects.get()
        assert (round(one.min_x, 3), round(one.min_y, 3)) == (103.459, 22.455)


@pytest.mark.parametrize(("name", "metres"), [
    ("VN-2000", 222), ("VN2000", 222), ("Indian 1960", 413), ("Ấn Độ 1960", 413), ("India 1954", 430),
    ("Hà Nội 1972", 46), ("HN-72", 46), ("Pulkovo 1942", 29), ("WGS84", 0), ("GPS", 0), ("EPSG:4326", 0),
])  # fmt: skip
def test_degrees_of_a_named_datum_are_moved(name: str, metres: int, csv: Csv) -> None:
    run_file(System(), csv([{**SEEN, "Kinh độ": "103.4", "Vĩ độ": "22.4", "Hệ tọa độ": name}]))
    one = Occurrence.objects.get()
    moved = (((one.min_x - 103.4) * 102_900) ** 2 + ((one.min_y - 22.4) * 110_750) ** 2) ** 0.5
    assert abs(moved - metres) < 20


def test_every_strange_datum_is_named(csv: Csv) -> None:
    rows = [{**SEEN, "Kinh độ": "103.4", "Vĩ độ": "22.4", "Hệ tọa độ": n} for n in ("Tokyo", "Gauss")]
    assert "Tokyo, Gauss" in told(run_file(System(), csv(rows), dry=True))["datum_unknown"]


@pytest.mark.parametrize(("beside", "code"), [
    ({"Tỉnh": "Lào Cai"}, True), ({"Tỉnh": "tỉnh Điện Biên"}, True), ({"Quốc gia": "Lào"}, True),
    ({"countryCode": "CN"}, True), ({"Tỉnh": "Lai Châu"}, False), ({"Tỉnh": "Lai Chau Province"}, False),
    ({"Tỉnh": "VN-01"}, False), ({"Quốc gia": "Việt Nam"}, False), ({"Quốc gia": "VN"}, False), ({}, False),
])  # fmt: skip
def test_a_point_in_the_province_whose_row_names_another_is_told(
    beside: dict[str, str], code: bool, csv: Csv
) -> None:
    load_places()
    batch = run_file(System(), csv([{**SEEN, "Kinh độ": "103.4", "Vĩ độ": "22.4", **beside}]), dry=True)
    assert ("region_against_place" in told(batch)) == code


@pytest.mark.parametrize(("commune", "district", "code", "placed"), [
    ("Mù Cả", "Mường Tè", "placed_by_commune", True), ("bản Tó Khò, xã Mù Cả", "", "placed_by_commune", True),
    ("Xã Mù Cả, huyện Mường Tè", "", "placed_by_commune", True), ("Mù Cả/Tà Tổng", "", "commune_ambiguous", False),
    ("Mù Cả, Ka Lăng", "", "commune_ambiguous", False), ("Mù Cả", "Sìn Hồ", "commune_other_district", True),
    ("Xã Không Có", "", "commune_unknown", False), ("Mù Cả - Mường Tè", "", "placed_by_commune", True),
])  # fmt: skip
def test_a_commune_in_words_places_its_row_or_is_told(
    commune: str, district: str, code: str, placed: bool, csv: Csv
) -> None:
    load_places()
    batch = run_file(System(), csv([{**SEEN, "Xã": commune, "Huyện": district}]))
    assert code in told(batch)
    assert bool(Occurrence.objects.get().area_path) == placed


@pytest.mark.parametrize(("at", "rule"), [([22.4, 103.4], "swapped"), ([547001, 2484123], "out_of_range"),
                                          ([0, 0], "zero_zero"), ([103.4, 22.4], None)])  # fmt: skip
def test_a_map_file_with_odd_numbers_says_what_is_odd(
    at: list[float], rule: str | None, tmp_path: Path
) -> None:
    feature = {"type": "Feature", "properties": SEEN, "geometry": {"type": "Point", "coordinates": at}}
    path = tmp_path / "diem.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    assert outcomes(run_file(System(), path, dry=True))[0]["rule"] == rule


def zipped(path: Path, **files: str) -> Path:
    with ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", ".").replace("_of_", "-"), text)
    return path


def test_children_of_an_odk_form_are_sightings_even_without_accents(tmp_path: Path) -> None:
    load()
    path = zipped(
        tmp_path / "phieu.zip",
        phieu__csv="SubmissionDate,ngay,vi_tri-Latitude,vi_tri-Longitude,KEY,SubmitterID,FormVersion\n"
        "2025-03-15T08:00:00Z,2025-03-15,22.4,103.4,uuid:1,3,1\n",
        phieu_of_loai__csv="loai,so_luong,PARENT_KEY,KEY\nKhỉ vàng,2,uuid:1,uuid:1/a[1]\n"
        "Lợn rừng,1,uuid:9,uuid:9/a[1]\n",
    )
    lines = outcomes(run_file(System(), path))
    assert [x["rule"] for x in lines if x["outcome"] == "refused"] == ["points_nowhere"]
    assert list(Event.objects.values_list("event_id", flat=True)) == ["uuid:1"]
    assert {(o.event_date, o.min_x, o.event_id is not None) for o in Occurrence.objects.all()} == {
        ("2025-03-15", 103.4, True)
    }


def test_children_without_a_name_are_asked_about_and_no_visits(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "phieu.zip",
        phieu__csv="SubmissionDate,ngay,KEY,SubmitterID,FormVersion,phuong_phap\n2025-03-15T08:00:00Z,2025-03-15,uuid:1,3,1,a\n",
        phieu_of_bay__csv="bay,so,PARENT_KEY,KEY\nbẫy dây,2,uuid:1,uuid:1/a[1]\n",
    )
    run_file(System(), path)
    assert set(Event.objects.values_list("event_id", flat=True)) <= {"uuid:1"}


def test_an_epicollect_form_is_read_by_its_numbered_fields(csv: Csv) -> None:
    row = {"ec5_uuid": "u1", "created_at": "2025-03-15T02:00:00.000Z", "uploaded_at": "2025-03-16T02:00:00.000Z",
           "title": "x", "1_Loai": "Khỉ vàng", "2_Ngay": "15/03/2025", "lat_3_Vi_tri": "22.4", "long_3_Vi_tri": "103.4",
           "accuracy_3_Vi_tri": "5", "4_So_luong": "3"}  # fmt: skip
    run_file(System(), csv([row]))
    one = Occurrence.objects.get()
    assert (one.occurrence_id, one.scientific_name, one.event_date, one.min_x, one.individual_count) == (
        "u1", "Khỉ vàng", "2025-03-15", 103.4, 3)  # fmt: skip


def test_pictures_marked_for_deletion_are_left_out(csv: Csv) -> None:
    row = {
        "File": "1.JPG",
        "RelativePath": "A",
        "DateTime": "2025-03-15 10:00:00",
        "DeleteFlag": "true",
        "Species": "",
    }
    assert outcomes(run_file(System(), csv([row]), dry=True))[0]["outcome"] == "left_out"


@pytest.mark.parametrize("name", [
    "Hylobates concolor", "Hylobates sp.", "Presbytis phayrei", "Selenarctos thibetanus", "Bibos gaurus",
])  # fmt: skip
def test_a_former_name_of_a_guarded_genus_is_guarded(name: str, csv: Csv) -> None:
    load()
    run_file(System(), csv([{"Tên khoa học": name, "Ngày": "15/3/2025"}]))
    assert Occurrence.objects.get().disclosure > 0


@pytest.mark.parametrize(
    "name", ["Macaca mulatta/arctoides", "Macaca mulatta & Rusa", "Macaca mulatta + leonina"]
)
def test_a_second_taxon_in_short_matches_nothing(name: str, csv: Csv) -> None:
    load()
    run_file(System(), csv([{"Tên khoa học": name, "Ngày": "15/3/2025"}]))
    assert Occurrence.objects.get().taxon is None


def test_degrees_and_minutes_in_columns_of_their_own_are_asked_and_never_taken_for_the_whole(
    csv: Csv,
) -> None:
    row = {**SEEN, "Vĩ độ độ": "22", "Vĩ độ phút": "24", "Kinh độ độ": "103", "Kinh độ phút": "24"}
    batch = run_file(System(), csv([row]))
    assert batch.state == "checked" and not Occurrence.objects.exists()
    assert {q["code"] for q in batch.counts["questions"]} == {"unread_place"}


def test_coordinates_in_a_column_of_localities_are_told(csv: Csv) -> None:
    rows = [{**SEEN, "Vị trí": "22.4123, 103.4123"}, {**SEEN, "Vị trí": "Khe suối"}]
    batch = run_file(System(), csv(rows), dry=True)
    assert [w["rows"] for w in batch.warnings if w["code"] == "coordinates_in_words"] == [[2]]


def test_a_count_of_herds_is_no_count_of_animals(csv: Csv) -> None:
    rows = [{**SEEN, "SL": "2", "Đơn vị": "đàn"}, {**SEEN, "SL": "3", "Đơn vị": "con"}]
    run_file(System(), csv(rows))
    seen = {(o.individual_count, o.extra.get("verbatimIndividualCount")) for o in Occurrence.objects.all()}
    assert seen == {(None, "2 đàn"), (3, None)}


def test_a_zone_in_a_column_of_its_own_is_the_system(csv: Csv) -> None:
    run_file(System(), csv([{**SEEN, "UTM zone": "48N", "Easting": "341234", "Northing": "2449876"}]))
    assert round(Occurrence.objects.get().min_x, 3) == 103.460


def test_a_bad_easting_is_named_under_its_own_cell_whichever_axis_comes_first(csv: Csv) -> None:
    rows = [{**SEEN, "X (VN2000)": "2484123", "Y (VN2000)": "54700"}]
    line = outcomes(run_file(System(), csv(rows), dry=True))[0]
    assert (line["rule"], line["column"]) == ("easting_out_of_zone", "Y (VN2000)")
