"""Evidence is seen, placed and guarded as the record it stands for, from the moment that record changes."""

import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from PIL import ExifTags, Image

from baoton.files import pictures
from baoton.files.actions import attach
from baoton.files.models import Evidence
from baoton.kit.access import Actor, System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write as writing
from baoton.kit.writing.outbox import changed_much
from baoton.observations.models import Dataset, Occurrence
from baoton.people.models import Grant, Organisation, Person
from baoton.places.actions import load as load_places
from baoton.taxa.actions import load as load_taxa
from baoton.taxa.models import Taxon

pytestmark = pytest.mark.django_db
PLACE, EXIF = (102.461, 22.481), (103.0212, 22.3551)  # in two communes
ORDINARY, GUARDED = "Macaca mulatta", "Nomascus concolor"


@pytest.fixture(autouse=True)
def books(db: None) -> None:
    load_places()
    load_taxa()
    Dataset.objects.create(code="t", title="t")
    Organisation.objects.create(code="so", name="Sở")


def photo(lon: float, lat: float) -> bytes:
    picture, tags = Image.new("RGB", (64, 48), "green"), Image.Exif()
    gps = tags.get_ifd(ExifTags.IFD.GPSInfo)
    for (number, side), value in {(2, "N"): lat, (4, "E"): lon}.items():
        gps[number - 1], gps[number] = side, (int(value), 0, round((value % 1) * 3600, 3))
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=tags)
    return out.getvalue()


def seen(name: str, place: tuple[float, float] = PLACE) -> Occurrence:
    taxon = Taxon.objects.get(scientific_name=name)
    row = Occurrence(
        dataset=Dataset.objects.get(), taxon=taxon, day_start=date(2026, 3, 1), status="verified"
    )
    row.put_point(*place)
    saved: Occurrence = writing.create(REGISTERS["observations.occurrence"], System(), row)
    return saved


def holder(name: str, role: str, area: str) -> Person:
    person = Person.objects.create_user(name, password="x", organisation_id="so")
    Grant.objects.create(person=person, role=role, area_path=area)
    return person


def door_row(actor: Actor, pk: Any) -> Evidence | None:
    book = REGISTERS["files.evidence"]
    found: Evidence | None = book.opened(book.door(actor)).filter(pk=pk).first()
    return found


def test_a_photo_follows_its_record_when_that_becomes_guarded() -> None:
    row = seen(ORDINARY)
    kept = attach(System(), row, [photo(*PLACE)], "hang-yến.jpg")
    pao = holder("pao", "commune", row.area_path)
    before = door_row(pao, kept.pk)
    assert before is not None and before.title == "hang-yến.jpg"
    guarded = Taxon.objects.get(scientific_name=GUARDED)
    writing.edit(
        REGISTERS["observations.occurrence"],
        System(),
        row,
        {"taxon": str(guarded.pk), "scientific_name": GUARDED},
    )
    kept.refresh_from_db()
    row.refresh_from_db()
    assert row.disclosure == kept.disclosure == 2
    assert kept.shown_x is None and kept.shown_cell is None
    assert kept.shown_area_path == row.shown_area_path
    client = Client()
    client.force_login(pao)
    page = client.get("/so/files-evidence/").content.decode()
    assert "hang-yến" not in page
    for more in ("", "?original=1"):
        assert client.get(f"/minh-chung/{kept.pk}/tep{more}").status_code == 404
        assert Client().get(f"/minh-chung/{kept.pk}/tep{more}").status_code == 404


def test_it_follows_a_change_that_names_no_rows() -> None:
    row = seen(ORDINARY)
    kept = attach(System(), row, [photo(*PLACE)], "a.jpg")
    Occurrence.objects.filter(pk=row.pk).update(disclosure=2, shown_x=None, shown_y=None, shown_cell=None)
    changed_much(Occurrence)
    kept.refresh_from_db()
    assert kept.disclosure == 2 and kept.shown_x is None and kept.shown_cell is None


def test_the_right_to_evidence_follows_the_record_and_not_the_photo() -> None:
    row = seen(GUARDED)
    kept = attach(System(), row, [photo(*EXIF)], "hang-yến.jpg")
    elsewhere = seen(ORDINARY, EXIF).area_path
    assert elsewhere != row.area_path and kept.area_path == row.area_path
    there, here = holder("a", "ranger", elsewhere), holder("b", "ranger", row.area_path)
    assert door_row(there, kept.pk) is None
    mine = door_row(here, kept.pk)
    assert mine is not None and mine.title == "hang-yến.jpg" and mine.geom is not None
    client = Client()
    client.force_login(there)
    assert client.get(f"/minh-chung/{kept.pk}/tep?original=1").status_code == 404
    client.force_login(here)
    assert client.get(f"/minh-chung/{kept.pk}/tep?original=1").status_code == 200


def test_whoever_may_not_know_the_place_gets_no_size_digest_or_hour_of_the_photo() -> None:
    row = seen("Aonyx cinereus")
    kept = attach(System(), row, [photo(*PLACE)], "a.jpg")
    kept.refresh_from_db()
    assert kept.disclosure == row.disclosure and kept.shown_area_path == row.shown_area_path
    pao = holder("pao", "commune", kept.shown_area_path)
    shown = door_row(pao, kept.pk)
    assert shown is not None
    assert (shown.sha256, shown.size, shown.taken, shown.title) == ("", None, None, "")
    told = Client()
    told.force_login(pao)
    for address in ("/so/files-evidence/xuat.csv", "/api/collections/files-evidence/items"):
        answer = told.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert answer.status_code == 200 and kept.sha256.encode() not in body


def test_the_file_as_it_came_goes_only_to_whoever_may_see_the_record_precisely() -> None:
    """An open record's photo may have been taken beside a guarded one."""
    row = seen(ORDINARY)
    kept = attach(System(), row, [photo(*EXIF)], "a.jpg")
    pictures.make(kept.sha256)
    bare = Client().get(f"/minh-chung/{kept.pk}/tep")
    content = b"".join(bare.streaming_content)  # type: ignore[attr-defined]
    assert bare.status_code == 200 and not Image.open(io.BytesIO(content)).getexif()
    assert Client().get(f"/minh-chung/{kept.pk}/tep?original=1").status_code == 404
