"""The walk of one datum: a camera-trap photo becomes a line of the report and a blurred row of the open data."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from django.test import Client
from PIL import Image

import formats
from baoton.assessment import actions as assessment
from baoton.assessment.queries import latest
from baoton.files.actions import attach
from baoton.files.queries import of_record
from baoton.kit import blobs, importing
from baoton.kit.access import Public, System
from baoton.kit.models import AuditEvent
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import audit
from baoton.observations.actions import verify
from baoton.observations.models import Event, Occurrence
from baoton.people.actions import give
from baoton.people.models import Person
from baoton.plan import figures
from baoton.plan.models import IndicatorValue
from baoton.reporting.actions import make_yearly
from baoton.sharing.actions import write_archive
from baoton.taxa.models import Taxon
from baoton.taxa.queries import legal_status, match

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("year")]
NIGHTS = 40
SPECIES = "Nycticebus bengalensis"  # a slow loris: listed, its place generalised
WRITTEN = "Nycticebus bengalensis (Lacépède, 1800)"
LON, LAT = 102.5637, 22.4712


def package(folder: Path) -> tuple[Path, Path]:
    """One deployment and three photos of one animal within ten minutes, then one an hour later, as a camera tells."""
    visits = folder / "deployments.csv"
    visits.write_text(
        "eventID,eventType,samplingProtocol,samplingEffort,eventDate,decimalLatitude,decimalLongitude\n"
        f"CT-07,bẫy ảnh,bẫy ảnh,{NIGHTS} đêm bẫy ảnh,2026-03-01/2026-04-10,{LAT},{LON}\n",
        encoding="utf-8",
    )
    photos = folder / "photos.csv"
    lines = [
        f'P{i},CT-07,"{WRITTEN}",MachineObservation,1,2026-03-{day}T{at},{LAT},{LON},anh{i}.jpg'
        for i, (day, at) in enumerate(
            [("05", "21:00:00"), ("05", "21:04:00"), ("05", "21:09:00"), ("05", "22:15:00")]
        )
    ]
    head = (
        "occurrenceID,eventID,scientificName,basisOfRecord,individualCount,eventDate,"
        "decimalLatitude,decimalLongitude,associatedMedia"
    )
    photos.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return visits, photos


def test_a_photo_walks_from_the_camera_to_the_report_and_the_open_data(
    tmp_path: Path, person: Callable[[str], Any], django_capture_on_commit_callbacks: Any
) -> None:
    lan = person("lan")
    Occurrence.objects.filter(basis_of_record="MachineObservation").update(status="draft")

    # the file comes in: every row has one outcome, and a second time nothing changes
    visits, photos = package(tmp_path)
    for path, target, rows in ((visits, "observations.event", 1), (photos, "observations.occurrence", 4)):
        batch = importing.run_file(lan, path, target=target, dataset="bay-anh-mu-ca")
        assert batch.counts["total"]["created"] == rows == batch.counts["total"]["rows"], str(
            batch.counts["first"]
        )
    again = importing.run_file(lan, photos, target="observations.occurrence", dataset="bay-anh-mu-ca")
    assert again.counts["total"]["unchanged"] == 4
    seen = list(Occurrence.objects.filter(dataset__code="bay-anh-mu-ca").order_by("event_date"))
    visit = Event.objects.get(event_id="CT-07")
    assert {o.event_id for o in seen} == {visit.pk}

    # the name as written stays beside the accepted taxon
    taxon = Taxon.objects.get(scientific_name=SPECIES, status="accepted")
    assert {o.taxon_id for o in seen} == {taxon.pk} == {match([WRITTEN])[0].taxon_id}
    assert seen[0].scientific_name == WRITTEN

    # the photo is kept and hashed; nothing of it is changed
    shot = io.BytesIO()
    Image.new("RGB", (64, 48), "black").save(shot, "JPEG")
    kept = attach(lan, seen[0], [shot.getvalue()], "anh0.jpg")
    assert blobs.intact(kept.sha256) and [e.pk for e in of_record(seen[0])] == [kept.pk]

    # its place: the commune of today, a shown place that is not the true one, the visit guarded with it
    assert taxon.sensitivity == 1
    assert seen[0].area_path.startswith("12/") and seen[0].disclosure == 1
    assert (seen[0].shown_x, seen[0].shown_y) != (LON, LAT)
    visit.refresh_from_db()
    assert visit.disclosure == 1

    # two persons verify the priority species: same row, an event of each in the log; who sent it is not the second
    for row in seen:
        verify(person("hien"), row, reason="đã xem ảnh")
    assert not Occurrence.objects.filter(dataset__code="bay-anh-mu-ca", status="verified").exists()
    other = Person.objects.create(username="thu-hai", organisation_id="so_nnmt")
    give(System(), other, "officer")
    for row in seen:
        verify(other, row, reason="đã xem ảnh")
    assert Occurrence.objects.filter(dataset__code="bay-anh-mu-ca", status="verified").count() == 4
    assert AuditEvent.objects.filter(verb="observations.occurrence.verify").count() == 8

    # the plan's estimate: four photos are two events in forty nights, with its interval and its input
    figures.compute([2026])
    rate = IndicatorValue.objects.get(indicator="observations.camera_rate", year=2026, area_path="")
    assert rate.value == pytest.approx(2 * 100 / NIGHTS)
    assert rate.low < rate.value < rate.high and rate.count == 4
    assert len(rate.input_hash) == 64 and "ecostat" in rate.method

    # the law of that day
    status = legal_status(taxon, date(2026, 3, 5))
    assert status.listed and status.sentence and status.deciding is not None

    # the status of the species, computed and then adopted by a person
    assessment.compute(date(2026, 12, 31), [taxon])
    found = latest(taxon.pk)
    assert found is not None and found.category == "chưa đánh giá"
    assert found.records >= 4 and found.aoo_km2 is None and found.true_extent.aoo_km2 >= 4
    adopted = assessment.adopt(lan, found, reason="Biên bản hội đồng ngày 20/12/2026", category="VU")
    assert adopted.adopted_by == "Vũ Thị Lan" and adopted.status == "adopted"
    assert adopted.category == "VU"

    # the report's line, with the query that opens its records
    paths = make_yearly(lan, 2026, tmp_path)
    report = docx.Document(str(next(p for p in paths if p.suffix == ".docx")))
    words = "\n".join(
        [p.text for p in report.paragraphs] + [c.text for t in report.tables for r in t.rows for c in r.cells]
    )
    assert SPECIES in words and audit.head()[:12] in words
    book = REGISTERS["observations.occurrence"]
    assert book.filtered(book.door(lan), rate.query).count() == rate.count

    # the open data: the same rows, blurred, saying so
    archive = tmp_path / "open.zip"
    write_archive(Public(), archive, {"dataset": str(seen[0].dataset_id)})
    with formats.open(archive) as source:
        rows = [r for b in source.table("Occurrence").batches() for r in b.to_pylist()]
    mine = [r for r in rows if r["occurrenceID"] and r["scientificName"].startswith("Nycticebus")]
    assert len(mine) == 4
    for row in mine:
        assert float(row["decimalLongitude"]) == pytest.approx(seen[0].shown_x)
        assert float(row["coordinateUncertaintyInMeters"]) > 5000
        assert row["dataGeneralizations"]
    with zipfile.ZipFile(archive) as pack:
        for name in pack.namelist():
            assert str(LON).encode() not in pack.read(name) and str(LAT).encode() not in pack.read(name)

    # and the chain of what was done is whole
    with django_capture_on_commit_callbacks(execute=True):
        audit.seal()
    assert audit.verify().whole
    assert Client().get(f"/so/observations-occurrence/{seen[0].pk}/").status_code == 200
