"""Cells, headers and sheets met in offices and exports, each with what its sender meant by it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.observations.imports.tests.conftest import outcomes
from baoton.observations.models import Occurrence
from baoton.places.actions import load as load_places
from baoton.taxa.actions import load

pytestmark = [pytest.mark.django_db, pytest.mark.once]
Csv = Callable[..., Path]
K = "Khỉ vàng"


def said(path: Path, what: str) -> list[Any]:
    """Of each row the column of its record, or the rule that stopped it."""
    lines = outcomes(run_file(System(), path))
    made = {o.pk.hex: getattr(o, what) for o in Occurrence.objects.all()}
    return [x["rule"] or made[x["id"].replace("-", "")] for x in lines]


DATES = {
    "15/3/2025 (thứ Bảy)": "2025-03-15", "15/03/2025, CN": "2025-03-15", "20250315T0730": "2025-03-15T07:30",
    "20250315T073015Z": "2025-03-15T07:30:15Z", "15,16,17/3/2025": "2025-03-15/2025-03-17",
    "15, 16 và 17/3/2025": "2025-03-15/2025-03-17", "15 và 16/3/2025": "2025-03-15/2025-03-16",
    "15/3/2025 và 16/3/2025": "2025-03-15/2025-03-16", "đầu tháng 3/2025": "2025-03", "45731": "2025-03-15",
    "15/2/2025 ÂL": "unreadable_date", "15/2/2025 (âm lịch)": "unreadable_date", "mùa mưa 2024": "unreadable_date",
    "Rằm tháng Giêng 2025": "unreadable_date", "15,20/3/2025": "unreadable_date",
    "15 và 20/3/2025": "unreadable_date", "15/3/2025 và 20/4/2025": "unreadable_date",
    "15 & 18 March 2025": "unreadable_date", "15/03/2O25": "unreadable_date", "15/03/202": "unreadable_date",
    "trước 15/3/2025": "unreadable_date", "khoảng 15/3/2025": "unreadable_date",
}  # fmt: skip


def test_dates_are_read_as_written_or_refused(csv: Csv) -> None:
    path = csv([{"Loài": K, "Ngày": d} for d in DATES])
    assert dict(zip(DATES, said(path, "event_date"), strict=True)) == DATES


@pytest.mark.parametrize("header", ["Ngày (âm lịch)", "Ngày ÂL", "Ngày âm lịch", "Lunar date"])
def test_days_of_the_moon_are_no_dates(header: str, csv: Csv) -> None:
    rows = [{"Loài": K, header: "15/2/2025", "Ngày (dương lịch)": "14/3/2025"}]
    assert said(csv(rows), "event_date") == ["2025-03-14"]
    assert Occurrence.objects.get().extra[header] == "15/2/2025"


COUNTS = {"không": 0, "không thấy": 0, "ko có": 0, "vắng": 0, "có": None, "3 (nghe)": None, "dưới 10": None,
          "hơn 10 cá thể": 10, "3-5 con": 3, "1 đực 2 cái": None, "5 bụi": None}  # fmt: skip


def test_none_seen_is_nought_and_no_presence(csv: Csv) -> None:
    path = csv([{"Loài": K, "Ngày": "15/3/2025", "SL": c} for c in COUNTS])
    assert dict(zip(COUNTS, said(path, "individual_count"), strict=True)) == COUNTS
    absent = Occurrence.objects.filter(occurrence_status="absent")
    assert {o.extra["verbatimIndividualCount"] for o in absent} == {"không", "không thấy", "ko có", "vắng"}


PLACES = [
    ("22⁰15'30''", "103⁰15'30''"), ("22˚15´30˝", "103˚15´30˝"), ("22°15’30” vĩ độ Bắc", "103°15’30” kinh độ Đông"),
    ("22o15'30\"B", "103o15'30\"Đ"), ("22 độ 15 phút 30 giây", "103 độ 15 phút 30 giây"),
    ("22°15ʹ30ʺ", "103°15ʹ30ʺ"), ("B 22°15'30\"", "Đ 103°15'30\""), ("22d15m30s", "103d15m30s"),
    ("22:15:30", "103:15:30"), ("22°15'30''N", "103°15'30''E"), ("22°15,5'", "103°15,5'"),
]  # fmt: skip


def test_degrees_are_read_by_whatever_signs(csv: Csv) -> None:
    path = csv([{"Loài": K, "Ngày": "15/3/2025", "Vĩ độ": a, "Kinh độ": b} for a, b in PLACES])
    assert said(path, "min_y") == pytest.approx([22.258333] * len(PLACES), abs=1e-6)
    assert said(
        csv([{"Loài": K, "Ngày": "1/3/2025", "Tọa độ": "22⁰15'30''B 103⁰15'30''Đ"}], "b.csv"), "min_x"
    )[0] == pytest.approx(103.258333, abs=1e-6)


def test_names_without_tones_are_looked_up_though_they_look_latin(csv: Csv) -> None:
    load()
    written = {"Khi vang": "Macaca mulatta", "Lon rung": "Sus scrofa", "Cu li nho": "Xanthonycticebus pygmaeus",
               "Vang khi": None, "Macaca fascicularis Khi vang": None}  # fmt: skip
    path = csv([{"Tên loài": n, "Ngày": "15/3/2025"} for n in written])
    found = [t and t.scientific_name for t in said(path, "taxon")]
    assert dict(zip(written, found, strict=True)) == written


def test_figures_are_no_name_and_ditto_marks_are_the_name_above(csv: Csv) -> None:
    path = csv([{"Tên loài": n, "Ngày": "15/3/2025"} for n in (K, "“", '-"-', "12", "-”-")])
    assert said(path, "scientific_name") == [K, K, K, "placeholder", "placeholder"]


COMMUNES = {"xã Mù Cả cũ": "12/03451", "Mù Cả (cũ)": "12/03451", "UBND xã Mù Cả": "12/03451", "không rõ": "",
            "xã Mường Tè cũ": "12/03445", "Hua Bum & Mù Cả": "", "MÙ CẢ": "12/03451"}  # fmt: skip


def test_a_commune_is_known_by_how_offices_write_it(csv: Csv) -> None:
    load_places()
    path = csv([{"Loài": K, "Ngày": "15/3/2025", "Xã": c} for c in COMMUNES])
    assert dict(zip(COMMUNES, said(path, "area_path"), strict=True)) == COMMUNES


def test_as_above_is_kept_as_what_stands_above(csv: Csv) -> None:
    load_places()
    rows = [{"Loài": K, "Ngày": "15/3/2025", "Xã": "Mù Cả", "Khoảnh": "12"}, {"Loài": "nt", "Ngày": "nt", "Xã": "nt",
            "Khoảnh": "//"}]  # fmt: skip
    run_file(System(), csv(rows))
    assert [(o.extra["municipality"], o.extra["Khoảnh"]) for o in Occurrence.objects.all()] == [
        ("Mù Cả", "12")
    ] * 2


def test_of_two_columns_of_one_heading_the_latin_one_is_the_name(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "Loài,Loài,Ngày\nKhỉ vàng,Nomascus concolor,15/3/2025\n", encoding="utf-8"
    )
    run_file(System(), tmp_path / "a.csv")
    one = Occurrence.objects.get()
    assert (one.scientific_name, one.vernacular_name, one.disclosure) == ("Nomascus concolor", K, 2)


def test_the_place_of_a_form_holds_for_its_rows(tmp_path: Path) -> None:
    rows = [["Ngày: 15/3/2025", "", "Toạ độ: 22.4, 103.4"], ["TT", "Tên loài", "Số cây"], [1, "Vối thuốc", 5]]
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet()
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
    batch = run_file(System(), tmp_path / "a.xlsx")
    one = Occurrence.objects.get()
    assert (one.min_x, one.min_y) == (103.4, 22.4)
    assert {w["column"] for w in batch.warnings if w["code"] == "from_title"} == {"Ngày", "Toạ độ"}


def test_pictures_that_timelapse_marks_are_left_out(csv: Csv) -> None:
    row = {"RootFolder": "R", "RelativePath": "C", "DateTime": "2025-03-15 07:30:00", "DeleteFlag": "false",
           "Empty": "false", "Person": "false"}  # fmt: skip
    rows = [{**row, "File": "1", "Species": K}, {**row, "File": "2", "Species": "", "Empty": "true"},
            {**row, "File": "3", "Species": "", "Person": "true"}, {**row, "File": "4", "Species": K,
            "DeleteFlag": "true"}]  # fmt: skip
    assert said(csv(rows), "scientific_name") == [K, "not_asked", "not_asked", "not_asked"]


def test_a_scientific_name_of_darwin_core_is_no_epithet_whatever_stands_beside(csv: Csv) -> None:
    row = {"gbifID": "1", "datasetKey": "d", "occurrenceID": "o", "genus": "Macaca", "species": "Macaca mulatta",
           "scientificName": "Macaca mulatta (Zimmermann, 1780)", "eventDate": "2025-03-15"}  # fmt: skip
    run_file(System(), csv([row]))
    one = Occurrence.objects.get()
    assert one.scientific_name == "Macaca mulatta (Zimmermann, 1780)" and "specificEpithet" not in one.extra


def test_reports_of_earthranger_are_dated(csv: Csv) -> None:
    row = {"Report Id": "1", "Reported By": "Páo", "Reported At": "2025-03-15 07:30:00+07:00", "Species": K}
    assert said(csv([row]), "event_date") == ["2025-03-15T07:30:00+07:00"]


def test_a_checklist_in_the_same_file_names_its_records(tmp_path: Path) -> None:
    """A second import of the same file changes nothing."""
    rows = {"taxon": [["taxonID", "scientificName", "taxonRank", "vernacularName"],
                      ["t1", "Draposa oakleyi", "species", "Nhện lạ"]],
            "seen": [["occurrenceID", "scientificName", "eventDate"], ["o1", "Draposa oakleyi", "2025-03-15"],
                     ["o2", "Nhện lạ", "2025-03-15"]]}  # fmt: skip
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        for name, some in rows.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(some):
                sheet.write_row(i, 0, row)
    assert run_file(System(), tmp_path / "a.xlsx").counts["total"]["created"] == 3
    assert {o.taxon and o.taxon.scientific_name for o in Occurrence.objects.all()} == {"Draposa oakleyi"}
    again = run_file(System(), tmp_path / "a.xlsx", dry=True).counts["total"]
    assert (again["unchanged"], again["updated"]) == (3, 0)
