"""Archives: they come back unchanged for whoever may see all, and tell no more than their reader may know."""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from django.db import transaction
from django.test import Client

import formats
from baoton.kit import blobs, importing
from baoton.kit.access import Public, System
from baoton.kit.models import ImportBatch
from baoton.observations.actions import refuse, return_to_draft, verify
from baoton.observations.models import Dataset, Event, Measurement, Occurrence
from baoton.places.actions import load as load_places
from baoton.sharing.actions import write_archive
from baoton.sharing.describing import open_licence
from baoton.sharing.selection import TwiceNamed
from baoton.taxa.actions import load as load_taxa
from baoton.taxa.models import Taxon
from formats.eml import Agent

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SECRET = (103.123457, 22.412349)
BLURRED = (103.367891, 22.178912)
PLACE = "Khe Bí Mật"
GENERALISED = "Nycticebus bengalensis"
EVENTS: Sequence[Mapping[str, str]] = (
    {"eventID": "cha", "eventDate": "2026-03", "samplingProtocol": "tuyến"},
    {"eventID": "con-1", "parentEventID": "cha", "eventDate": "2026-03-02/2026-03-05", "habitat": "rừng kín",
     "decimalLongitude": "103.2001", "decimalLatitude": "22.3002", "coordinateUncertaintyInMeters": "30",
     "sampleSizeValue": "2.5", "sampleSizeUnit": "km", "samplingEffort": "2 người", "recordedBy": "Dũng"},
    {"eventID": "khe-bi-mat", "eventDate": "2026-04-01", "locality": PLACE, "eventRemarks": "gần " + PLACE,
     "decimalLongitude": str(SECRET[0]), "decimalLatitude": str(SECRET[1])},
    {"eventID": "lung-cu-ly", "eventDate": "2026-05-01", "decimalLongitude": str(BLURRED[0]),
     "decimalLatitude": str(BLURRED[1]), "coordinateUncertaintyInMeters": "15"},
)  # fmt: skip
RECORDS: Sequence[Mapping[str, str]] = (
    {"eventID": "con-1", "occurrenceID": "o1", "scientificName": "Copsychus saularis", "individualCount": "3",
     "basisOfRecord": "HumanObservation", "verbatimIdentification": "Chích choè?", "sex": "male",
     "eventDate": "2026-03-03T06:10:00", "organismQuantity": "nhiều", "order": "Passeriformes"},
    {"eventID": "con-1", "occurrenceID": "o2", "scientificName": "Lonchura punctulata", "individualCount": "0",
     "occurrenceStatus": "absent", "occurrenceRemarks": "tìm cả buổi"},
    {"eventID": "khe-bi-mat", "occurrenceID": "nomascus-khe-bi-mat", "scientificName": "Nomascus concolor",
     "associatedMedia": f"https://anh.vn/{PLACE}.jpg", "fieldNumber": PLACE},
    {"eventID": "lung-cu-ly", "occurrenceID": "b1", "scientificName": GENERALISED},
)  # fmt: skip
MEASURES: Sequence[Mapping[str, str]] = (
    {"eventID": "con-1", "occurrenceID": "o1", "measurementID": "m1", "measurementType": "dài cánh",
     "measurementValue": "101,5", "measurementUnit": "mm", "measurementRemarks": "đo hai lần"},
    {"eventID": "con-1", "measurementID": "m2", "measurementType": "nhiệt độ", "measurementValue": "21"},
    {"eventID": "khe-bi-mat", "occurrenceID": "nomascus-khe-bi-mat", "measurementID": "m3",
     "measurementType": "nơi", "measurementValue": PLACE},
)  # fmt: skip
LOOSE: Sequence[Mapping[str, str]] = (
    {"occurrenceID": "l1", "scientificName": "Imperata cylindrica", "eventDate": "2026-02-01",
     "decimalLongitude": "103.5", "decimalLatitude": "22.25", "coordinateUncertaintyInMeters": "12.5"},
    {"occurrenceID": "l2", "scientificName": "Không rõ là gì", "eventDate": "2025", "habitat": "ven suối"},
)  # fmt: skip


def table(rows: Sequence[Mapping[str, str]]) -> list[pa.RecordBatch]:
    names = list(dict.fromkeys(k for r in rows for k in r))
    return [pa.RecordBatch.from_pydict({n: pa.array([r.get(n) for r in rows], pa.string()) for n in names})]


def source(folder: Path) -> list[Path]:
    """Two archives as an office elsewhere would send them: visits, and records of none."""
    agent = Agent(organisation="Viện Sinh thái")
    eml = formats.EML("Khảo sát", "Khảo sát thử", [agent], agent, licence="CC-BY-4.0")
    visits, loose = folder / "goc.zip", folder / "goc-le.zip"
    formats.write_dwca(
        visits,
        formats.DwcaTable("Event", table(EVENTS), id="eventID"),
        [
            formats.DwcaTable("Occurrence", table(RECORDS), id="eventID"),
            formats.DwcaTable("ExtendedMeasurementOrFact", table(MEASURES), id="eventID"),
        ],
        eml=eml,
    )
    formats.write_dwca(loose, formats.DwcaTable("Occurrence", table(LOOSE), id="occurrenceID"), eml=eml)
    return [visits, loose]


@pytest.fixture(scope="module")
def survey(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A survey brought in from its archives, its records still unverified."""
    from django.conf import settings

    folder, before = tmp_path_factory.mktemp("survey"), settings.BLOB_DIR
    settings.BLOB_DIR = folder / "blobs"
    with django_db_blocker.unblock(), transaction.atomic():
        load_places()
        load_taxa()
        for path in source(folder):
            batch = importing.run_file(System(), path, dataset="goc")
            assert batch.state == "done" and not batch.counts["total"]["refused"], batch.counts
        assert Taxon.objects.get(scientific_name="Nomascus concolor").sensitivity > 0
        yield folder
        transaction.set_rollback(True)
    settings.BLOB_DIR = before


def verified() -> None:
    """A person has verified every record, which publishes their visits too."""
    for record in Occurrence.objects.filter(dataset__code="goc"):
        verify(System(), record, reason="đã xem")


def told(batch: ImportBatch) -> list[dict[str, Any]]:
    assert batch.outcome_sha256, batch.counts
    return pl.read_parquet(blobs.path_of(batch.outcome_sha256)).to_dicts()


def read(path: Path, name: str) -> list[dict[str, str | None]]:
    with formats.open(path) as opened:
        frames = [pl.from_arrow(b) for b in opened.table(name).batches()]
    return [r for f in frames for r in f.to_dicts()]  # type: ignore[union-attr]


def bytes_of(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(n).decode() for n in archive.namelist())


def again(path: Path, dataset: str = "goc") -> dict[str, list[str]]:
    """What importing the file again would do, by table."""
    outcomes: dict[str, list[str]] = {}
    for line in told(importing.run_file(System(), path, dataset=dataset, dry=True)):
        outcomes.setdefault(line["table"], []).append(line["outcome"])
    return outcomes


def test_what_is_exported_comes_back_unchanged(survey: Path, tmp_path: Path) -> None:
    write_archive(System(), tmp_path / "ra.zip", {})
    visits = again(tmp_path / "ra.zip")
    assert visits["event"] == ["unchanged"] * len(EVENTS)
    assert visits["occurrence"] == ["unchanged"] * len(RECORDS)
    assert again(tmp_path / "ra-ghi-nhan-le.zip")["occurrence"] == ["unchanged"] * len(LOOSE)


def test_measurements_come_back_unchanged(survey: Path, tmp_path: Path) -> None:
    write_archive(System(), tmp_path / "ra.zip", {})
    assert again(tmp_path / "ra.zip")["extendedmeasurementorfact"] == ["unchanged"] * len(MEASURES)


def test_every_term_travels_as_it_came(survey: Path, tmp_path: Path) -> None:
    write_archive(System(), tmp_path / "ra.zip", {})
    for name, given, key in (("Event", EVENTS, "eventID"), ("Occurrence", RECORDS, "occurrenceID"),
                             ("ExtendedMeasurementOrFact", MEASURES, "measurementType")):  # fmt: skip
        rows = {r[key]: r for r in read(tmp_path / "ra.zip", name)}
        assert set(rows) == {g[key] for g in given}
        for one in given:
            assert {k: rows[one[key]][k] for k in one if k != "measurementID"} == {
                k: v for k, v in one.items() if k != "measurementID"
            }


def test_the_public_gets_verified_records_alone(survey: Path, tmp_path: Path) -> None:
    write_archive(Public(), tmp_path / "truoc.zip", {})
    assert read(tmp_path / "truoc.zip", "Occurrence") == []
    verify(System(), Occurrence.objects.get(occurrence_id="o1"), reason="đã xem")
    write_archive(Public(), tmp_path / "sau.zip", {})
    assert [r["occurrenceID"] for r in read(tmp_path / "sau.zip", "Occurrence")] == ["o1"]
    assert [r["eventID"] for r in read(tmp_path / "sau.zip", "Event")] == ["con-1"]
    measures = read(tmp_path / "sau.zip", "ExtendedMeasurementOrFact")
    assert {r["measurementType"] for r in measures} == {"dài cánh", "nhiệt độ"}


def test_the_secret_place_is_in_no_byte_the_public_receives(survey: Path, tmp_path: Path) -> None:
    verified()
    write_archive(Public(), tmp_path / "mo.zip", {})
    everything = "".join(bytes_of(p) for p in tmp_path.glob("mo*.zip"))
    for part in (str(SECRET[0]), str(SECRET[1]), "103.1234", "22.4123", PLACE, "khe-bi-mat", "con-khe"):
        assert part not in everything
    row = next(
        r for r in read(tmp_path / "mo.zip", "Occurrence") if r["scientificName"] == "Nomascus concolor"
    )
    secret = Occurrence.objects.get(occurrence_id="nomascus-khe-bi-mat")
    assert row["occurrenceID"] == str(secret.pk) and row["eventID"] == str(secret.event_id)
    assert row["dataGeneralizations"] and row["informationWithheld"]
    assert row["decimalLongitude"] is None
    events = {r["eventID"]: r for r in read(tmp_path / "mo.zip", "Event")}
    assert events[str(secret.event_id)]["decimalLongitude"] == row["decimalLongitude"]
    assert "nơi" not in {r["measurementType"] for r in read(tmp_path / "mo.zip", "ExtendedMeasurementOrFact")}


def test_a_blurred_place_is_the_centre_of_its_square_and_says_so(survey: Path, tmp_path: Path) -> None:
    verified()
    assert Occurrence.objects.get(occurrence_id="b1").disclosure == 1
    write_archive(Public(), tmp_path / "mo.zip", {})
    text = bytes_of(tmp_path / "mo.zip")
    assert not [part for part in (*map(str, BLURRED), "103.367", "22.178", "lung-cu-ly") if part in text]
    row = next(r for r in read(tmp_path / "mo.zip", "Occurrence") if r["scientificName"] == GENERALISED)
    lon, lat = float(row["decimalLongitude"] or 0), float(row["decimalLatitude"] or 0)
    assert (lon, lat) == pytest.approx((103.35, 22.15))
    assert float(row["coordinateUncertaintyInMeters"] or 0) > 5000
    assert "0,1" in str(row["dataGeneralizations"]) and row["informationWithheld"]
    event = next(r for r in read(tmp_path / "mo.zip", "Event") if r["eventID"] == row["eventID"])
    for term in ("decimalLongitude", "decimalLatitude", "coordinateUncertaintyInMeters"):
        assert event[term] == row[term]


def test_the_secret_place_is_told_to_whoever_may_know_it(survey: Path, tmp_path: Path) -> None:
    write_archive(System(), tmp_path / "ra.zip", {})
    assert PLACE in bytes_of(tmp_path / "ra.zip") and str(SECRET[0]) in bytes_of(tmp_path / "ra.zip")


def test_each_row_says_its_state_only_where_states_are_mixed(survey: Path, tmp_path: Path) -> None:
    write_archive(System(), tmp_path / "mot.zip", {})
    assert "identificationVerificationStatus" not in read(tmp_path / "mot.zip", "Occurrence")[0]
    verify(System(), Occurrence.objects.get(occurrence_id="o1"), reason="đã xem")
    write_archive(System(), tmp_path / "hai.zip", {})
    states = {
        r["occurrenceID"]: r["identificationVerificationStatus"]
        for r in read(tmp_path / "hai.zip", "Occurrence")
    }
    assert states["o1"] == "verified" and states["o2"] == "draft"


def test_refused_records_stay_out_unless_asked_for(survey: Path, tmp_path: Path) -> None:
    refuse(System(), Occurrence.objects.get(occurrence_id="o2"), reason="ảnh mờ")
    write_archive(System(), tmp_path / "ra.zip", {})
    assert "o2" not in {r["occurrenceID"] for r in read(tmp_path / "ra.zip", "Occurrence")}
    write_archive(System(), tmp_path / "bo.zip", {"status": "refused"})
    assert [r["occurrenceID"] for r in read(tmp_path / "bo.zip", "Occurrence")] == ["o2"]


def test_an_id_that_two_datasets_use_is_refused_and_one_dataset_alone_is_not(
    survey: Path, tmp_path: Path
) -> None:
    other = Dataset.objects.create(code="khac", title="Khác")
    Occurrence.objects.create(dataset=other, occurrence_id="l1", scientific_name="Imperata cylindrica")
    with pytest.raises(TwiceNamed, match="l1"):
        write_archive(System(), tmp_path / "ra.zip", {})
    write_archive(System(), tmp_path / "mot.zip", {"dataset": str(other.pk)})
    assert [r["occurrenceID"] for r in read(tmp_path / "mot.zip", "Occurrence")] == ["l1"]


def test_a_measurement_without_an_id_gets_its_own_key(survey: Path, tmp_path: Path) -> None:
    event = Event.objects.get(event_id="con-1")
    one = Measurement.objects.create(
        dataset=event.dataset, event=event, measurement_type="ẩm độ", measurement_value="80"
    )
    write_archive(System(), tmp_path / "ra.zip", {})
    assert str(one.pk) in {r["measurementID"] for r in read(tmp_path / "ra.zip", "ExtendedMeasurementOrFact")}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("CC0-1.0", "CC0-1.0"),
        ("http://creativecommons.org/publicdomain/zero/1.0/legalcode", "CC0-1.0"),
        ("This work is licensed under a Creative Commons Attribution (CC-BY) 4.0 License", "CC-BY-4.0"),
        ("Creative Commons Attribution Non Commercial (CC-BY-NC) 4.0 License", "CC-BY-NC-4.0"),
        ("CC BY-NC-ND 4.0", ""),
        ("CC BY-SA 4.0", ""),
        ("hỏi tác giả", ""),
        ("", ""),
    ],
)
def test_a_licence_is_read_and_never_guessed(written: str, meant: str) -> None:
    assert open_licence(written) == meant


def test_a_dataset_without_an_open_licence_has_no_open_archive(survey: Path) -> None:
    verified()
    dataset = Dataset.objects.get(code="goc")
    assert Client().get(f"/du-lieu-mo/{dataset.pk}/dot.zip").status_code == 200
    assert Client().get(f"/du-lieu-mo/{dataset.pk}/dot.zip?mine=1").status_code == 302
    Dataset.objects.filter(pk=dataset.pk).update(licence="hỏi tác giả")
    assert Client().get(f"/du-lieu-mo/{dataset.pk}/dot.zip").status_code == 404
    page = Client().get("/du-lieu-mo/").content.decode()
    assert "hỏi tác giả" in page and f"/du-lieu-mo/{dataset.pk}/" not in page


def test_the_page_counts_what_the_public_may_read(survey: Path) -> None:
    assert "Khảo sát" not in Client().get("/du-lieu-mo/").content.decode().partition("</main>")[0]
    verified()
    return_to_draft(System(), Occurrence.objects.get(occurrence_id="l1"), reason="xem lại")
    from baoton.sharing.queries import open_datasets

    (one,) = open_datasets()
    assert (one.records, one.events, one.blurred) == (5, 3, 2)
