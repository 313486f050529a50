"""What a table is, what its columns mean and what its rows are known by: real headers, each with what they mean."""

import csv as csv_module
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.kit.models import ImportBatch
from baoton.observations.imports.tests.conftest import outcomes
from baoton.observations.models import Event, Occurrence
from baoton.taxa.actions import load
from formats import dwc, known

pytestmark = [pytest.mark.django_db, pytest.mark.once]
Csv = Callable[..., Path]
AT = {"decimalLatitude": "22.4", "decimalLongitude": "103.4"}


def read(path: Path, **mapping: Any) -> tuple[ImportBatch, dict[str, str]]:
    batch = run_file(System(), path, mapping=mapping, dry=True)
    return batch, batch.plan["tables"][0]["columns"]


@pytest.mark.parametrize("row", dwc._rows("aliases.csv"), ids=lambda r: r["header"])
def test_every_known_header_has_a_source_and_means_its_term(row: dict[str, str]) -> None:
    assert row["source"] and 0.5 <= float(row["confidence"]) <= 1
    if row["term"] in dwc.SPAN:
        assert dwc.span([row["header"]]) == {row["header"]: row["term"]}
    else:
        assert dwc.propose([row["header"]])[0].term == row["term"]


@pytest.mark.parametrize("header", [
    "Loài", "Loài cây", "Tên loài cây", "Tên VN", "Tên loài", "Loài bắt gặp", "Vernacular", "Nombre común",
    "Nom vernaculaire", "Tên thường gọi", "Tên động vật",
])  # fmt: skip
def test_a_column_of_vietnamese_names_is_matched_with_the_list(header: str, csv: Csv) -> None:
    load()
    run_file(
        System(),
        csv([{header: "khỉ  vàng", "Ngày": "2026-03-01"}, {header: "Con khỉ vàng", "Ngày": "2026-03-01"}]),
    )
    assert set(Occurrence.objects.values_list("taxon__scientific_name", flat=True)) == {"Macaca mulatta"}


@pytest.mark.parametrize(
    "header", ["Loài", "Tên loài", "Species_sci", "Tên KH", "Especie", "Espèce", "sciname", "Taxon"]
)
def test_a_column_of_latin_names_is_scientific_whatever_it_is_called(header: str, csv: Csv) -> None:
    rows = [
        {header: "Macaca mulatta", "Ngày": "2026-03-01"},
        {header: "Rusa unicolor (Kerr, 1792)", "Ngày": "2026-03-02"},
    ]
    _batch, columns = read(csv(rows))
    assert columns[header] == "scientificName"


@pytest.mark.parametrize("rows", [
    [{"Vĩ độ": "22.4", "Kinh độ": "103.4"}],
    [{"name": "Cây số 3", "lat": "22.4", "lon": "103.4"}],
    [{"MAXA": "03382", "TENXA": "Xã A", "DIENTICH": "12"}],
    [{"Loai_dat": "feralit", "X": "500000", "Y": "2470000"}],
    [{"Year": "2015", "Taxon": "Macaca mulatta", "Importer": "US", "Exporter": "VN"}],
    [{"Tên khoa học": "Macaca mulatta", "Tên Việt Nam": "Khỉ vàng", "Họ": "Cercopithecidae"}],
    [{"STT": "1", "Loài": "Khỉ vàng", "Sách đỏ": "LR"}],
    [{"Date": "2026-03-01", "Lat": "22.4", "Long": "103.4", "Ghi chú": "bẫy dây"}],
    [{"id": "5", "Ngày": "2026-03-01", "Người điều tra": "A"}],
    [{"Station": "A", "Rain": "12", "Date": "2026-03-01"}],
    [{"a": "1", "b": "2"}],
])  # fmt: skip
def test_what_is_no_observation_is_asked_about_with_the_reason(rows: list[dict[str, str]], csv: Csv) -> None:
    batch, _columns = read(csv(rows))
    table = batch.plan["tables"][0]
    if table["target"] == "observations.event":  # it says how it was looked for, or has a key of its own
        assert "eventID" in table["columns"].values()
        return
    assert (table["target"], batch.counts["total"]["left_out"]) == ("", len(rows))
    assert table["why"]


def test_what_is_asked_about_may_be_answered(csv: Csv) -> None:
    path = csv([{"name": "Cây số 3", "lat": "22.4", "lon": "103.4"}])
    chosen = {"target": "observations.occurrence", "columns": {"name": "scientificName"}}
    assert outcomes(run_file(System(), path, mapping=chosen))[0]["outcome"] == "created"
    assert not Event.objects.exists()


EXPORTS: dict[str, tuple[dict[str, str], str | list[str]]] = {
    "inaturalist": ({"id": "1", "observed_on": "2024-03-07", "quality_grade": "research",
        "scientific_name": "Macaca mulatta",
                     "taxon_id": "9", "latitude": "22.4", "longitude": "103.4"}, "1"),
    "inaturalist by uuid": ({"uuid": "u-1", "observed_on": "2024-03-07", "taxon_id": "9",
        "scientific_name": "Macaca mulatta"},
                            "u-1"),
    "inaturalist by url": ({"url": "https://x/1", "observed_on": "2024-03-07", "taxon_id": "9",
                            "scientific_name": "Macaca mulatta"}, "https://x/1"),
    "ebird": ({"Submission ID": "S1", "Common Name": "Chim sẻ", "Scientific Name": "Passer montanus",
        "Taxonomic Order": "3",
               "Count": "2", "State/Province": "VN-01", "Location ID": "L1", "Location": "A", "Latitude": "22.4",
               "Longitude": "103.4", "Date": "2024-03-07", "Time": "07:00 AM"}, "S1\x1fPasser montanus"),
    "ebird basic": ({"GLOBAL UNIQUE IDENTIFIER": "URN:1", "SCIENTIFIC NAME": "Passer montanus",
        "OBSERVATION COUNT": "X",
                     "OBSERVATION DATE": "2024-03-07", "LATITUDE": "22.4", "LONGITUDE": "103.4"}, "URN:1"),
    "gbif": ({"gbifID": "77", "datasetKey": "k", "taxonKey": "2", "occurrenceID": "",
        "scientificName": "Macaca mulatta",
              "eventDate": "2024-03-07"}, "77"),
    "gbif with an id": ({"gbifID": "77", "datasetKey": "k", "taxonKey": "2", "occurrenceID": "o-9",
                         "scientificName": "Macaca mulatta", "eventDate": "2024-03-07"}, "o-9"),
    "wildlife insights": ({"deployment_id": "d", "image_id": "i1", "wi_taxon_id": "t", "genus": "Macaca",
        "species": "mulatta",
                           "common_name": "Rhesus", "timestamp": "2024-03-07 10:00:00", "number_of_objects": "2"},
                          "i1\x1ft"),
    "smart": ({"Patrol ID": "P1", "Waypoint ID": "4", "Waypoint Date": "7-Aug-22",
        "Observation Category 0": "Wildlife",
               "X": "103.4", "Y": "22.4", "Species": "Macaca mulatta", "Observation UUID": "ob-1"}, "ob-1"),
    "earthranger": ({"Report_Id": "12", "Report_Type": "W", "Report_Time": "2024-03-07 09:15", "Reported_By": "A",
                     "Latitude": "22.4", "Longitude": "103.4", "Species": "Macaca mulatta"}, "12"),
    "timelapse": ({"File": "IMG1.JPG", "RelativePath": "A/B", "DateTime": "2024-03-07 10:00:00", "DeleteFlag": "false",
                   "Species": "Macaca mulatta", "Count": "1"}, "IMG1.JPG\x1fA/B"),
    "kobo": ({"Tên loài": "Khỉ vàng", "Ngày": "2024-03-07", "_uuid": "k-1", "_submission_time": "2024-03-08",
        "_index": "1"}, "k-1"),
    "odk": ({"KEY": "uuid:1", "SubmissionDate": "2024-03-08", "SubmitterID": "3", "FormVersion": "1", "ten_loai": "x",
             "species": "Macaca mulatta", "ngay": "2024-03-07"}, "uuid:1"),
    "camera observations": ({"observationID": "o1", "deploymentID": "", "observationLevel": "event",
        "observationType": "animal",
                             "eventStart": "2024-03-07T10:00:00Z", "scientificName": "Macaca mulatta"}, "o1"),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_known_exports_keep_their_own_keys(name: str, csv: Csv) -> None:
    row, key = EXPORTS[name]
    batch = run_file(System(), csv([row]))
    assert batch.counts["total"]["created"] == 1, (batch.counts, batch.plan["tables"])
    assert Occurrence.objects.get().occurrence_id == key
    assert run_file(System(), csv([row])).counts["total"]["unchanged"] == 1


def test_every_export_has_its_source_and_can_be_recognised() -> None:
    with (Path(known.__file__).parent / "known_exports.csv").open(encoding="utf-8") as file:
        assert all(r["source"] for r in csv_module.DictReader(file))
    for name, lines in known.exports().items():
        found = known.recognise([line.header for line in lines])
        assert found is not None and found.name == name


@pytest.mark.parametrize(
    "header", ["taxon_id", "taxonID", "Taxon ID", "TaxonID", "taxon id", "speciesKey", "taxonKey"]
)
def test_an_id_of_a_taxon_never_keys_a_record(header: str, csv: Csv) -> None:
    rows = [
        {header: "5", "scientificName": "Macaca mulatta", "eventDate": d, **AT}
        for d in ("2026-03-01", "2026-03-02")
    ]
    batch = run_file(System(), csv(rows))
    assert batch.counts["total"]["created"] == 2
    assert "5" not in set(Occurrence.objects.values_list("occurrence_id", flat=True))


@pytest.mark.parametrize("header", ["occurrenceID", "observation id", "observationID"])
def test_an_occurrences_id_is_no_events_key(header: str, csv: Csv) -> None:
    _batch, columns = read(csv([{header: "1", "samplingProtocol": "tuyến", "eventDate": "2026-03-01"}]))
    assert columns.get(header) != "eventID"


@pytest.mark.parametrize("name", ["tep (1).csv", "tep (2).csv", "tep - Copy.csv", "tep - bản sao.csv", "tep_copy.csv",
                                  "tep - Copy (2).csv", "tep copy.csv"])  # fmt: skip
def test_a_copy_of_a_file_is_the_same_set(name: str, csv: Csv) -> None:
    row = {"occurrenceID": "1", "scientificName": "Macaca mulatta", "eventDate": "2026-03-01"}
    run_file(System(), csv([row], "tep.csv"))
    assert run_file(System(), csv([row], name)).counts["total"]["unchanged"] == 1


@pytest.mark.parametrize(("column", "cells", "code"), [
    ("Mốc", ["07/03/2024", "09/04/2024"], "unread_date"), ("Lúc", ["2024-03-07 10:00", "2024-03-08 11:00"],
        "unread_date"),
    ("Cột 5", ["22.4123, 103.4123", "22.5123, 103.5123"], "unread_place"),
    ("Điểm", ["22°24'00\"B 103°24'00\"Đ", "22°25'00\"B 103°25'00\"Đ"], "unread_place"),
])  # fmt: skip
def test_a_date_or_a_place_in_an_unknown_column_is_told(
    column: str, cells: list[str], code: str, csv: Csv
) -> None:
    rows = [
        {"occurrenceID": str(i), "scientificName": "Macaca mulatta", column: c} for i, c in enumerate(cells)
    ]
    batch, columns = read(csv(rows))
    told = [w for w in batch.warnings if w["code"] == code]
    assert column not in columns and [w["count"] for w in told] == [2] and told[0]["column"] == column
    assert batch.warnings[0]["code"] == code


@pytest.mark.parametrize(
    "name", ["Blank", "blank", "No CV Result", "Empty", "Không có con vật", "time lapse", "Ảnh trống"]
)
def test_empty_pictures_are_left_out(name: str, csv: Csv) -> None:
    told = outcomes(run_file(System(), csv([{"scientificName": name, "eventDate": "2026-03-01"}])))
    assert (told[0]["outcome"], told[0]["rule"]) == ("left_out", "empty_picture")


@pytest.mark.parametrize(
    "name", ["?", "??", "Không", "không rõ", "Unknown", "unidentified", "N/A", "None", "-", "Chưa xác định"]
)
def test_words_that_are_no_name_are_refused(name: str, csv: Csv) -> None:
    told = outcomes(run_file(System(), csv([{"scientificName": name, "eventDate": "2026-03-01"}])))
    assert told[0]["outcome"] == "refused" and told[0]["rule"] in {"placeholder", "missing"}


@pytest.mark.parametrize(
    "name", ["Tổng cộng", "Tổng", "TỔNG CỘNG", "Cộng", "Total", "Tổng số loài", "Grand total"]
)
def test_totals_are_left_out(name: str, csv: Csv) -> None:
    rows = [
        {"Tên loài": "Khỉ vàng", "Ngày": "2026-03-01", "Số lượng": "2"},
        {"Tên loài": name, "Ngày": "", "Số lượng": "2"},
    ]
    assert [x["rule"] for x in outcomes(run_file(System(), csv(rows)))] == [None, "total_row"]


@pytest.mark.parametrize("name", ["PRIMATES", "Hylobatidae", "BỘ LINH TRƯỞNG", "I. Bộ Ăn thịt", "1. Họ Vượn",
    "Lớp thú", "Orchidaceae",
                                  "Họ Lan", "II. LỚP CHIM", "Galliformes"])  # fmt: skip
def test_headings_of_groups_are_left_out_and_records_of_them_are_kept(name: str, csv: Csv) -> None:
    rows = [
        {"Tên loài": name, "Ngày": "", "Số lượng": ""},
        {"Tên loài": name, "Ngày": "2026-03-01", "Số lượng": "2"},
    ]
    assert [x["rule"] for x in outcomes(run_file(System(), csv(rows)))] == ["section_row", None]


@pytest.mark.parametrize("sign", ["nt", "nt.", "n.t.", "//", "như trên", "''", "-nt-", "″", "ditto", '"'])
def test_as_above_takes_the_cell_above(sign: str, csv: Csv) -> None:
    rows = [{"Tên loài": "Khỉ vàng", "Ngày": "2026-03-01"}, {"Tên loài": sign, "Ngày": sign}]
    run_file(System(), csv(rows))
    assert set(Occurrence.objects.values_list("scientific_name", "event_date")) == {
        ("Khỉ vàng", "2026-03-01")
    }
    assert Occurrence.objects.count() == 2


@pytest.mark.parametrize("word", ["Tổng cộng", "TỔNG", "Cộng", "Cộng:", "Total", "Tổng số"])
def test_a_total_in_the_column_of_numbers_is_left_out_too(word: str, csv: Csv) -> None:
    rows = [{"TT": "1", "Tên loài": "Khỉ vàng", "Ngày": "2026-03-01", "Số lượng": "2"},
            {"TT": word, "Tên loài": "", "Ngày": "", "Số lượng": "2"}]  # fmt: skip
    assert [x["rule"] for x in outcomes(run_file(System(), csv(rows)))] == [None, "total_row"]
