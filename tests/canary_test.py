"""One secret place of a protected species is searched for, decoded, in every byte that every role receives."""

import gzip
import io
import os
import re
import sqlite3
import struct
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.test import Client
from PIL import ExifTags, Image
from tests.halves import once_but

from baoton.files.actions import attach
from baoton.kit.access import System
from baoton.kit.cells import to_world
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write as writing
from baoton.observations.actions import verify
from baoton.observations.models import Dataset, Event, Measurement, Occurrence
from baoton.people.simulate import CAST
from baoton.taxa.models import Taxon

pytestmark = pytest.mark.django_db
LON, LAT = 102.637219, 22.618937
WORDS = "HANG-CHIM-YEN-7719"
PRECISE = {"lan", "hien", "dung"}
NAMES = [c.username for c in CAST]
NEEDLES = [
    re.compile(rb"102[.,]6372"),
    re.compile(rb"22[.,]6189"),
    re.compile(WORDS.encode()),
    re.compile(re.escape(struct.pack("<d", LON))),
    re.compile(re.escape(struct.pack(">d", LON))),
    re.compile(re.escape(struct.pack("<d", LAT))),
    re.compile(struct.pack("<d", LON).hex().encode()),
]
LEVELS = {"blurred": 1, "withheld": 2}
NEAR = {"observations", "files", "patrols", "remarks"}
"""Apps in whose books the place could stand. Of the other books each asks every sixth, whoever comes next the next;
all ask all where BAOTON_TRIALS is set."""
EVERY = 1 if os.environ.get("BAOTON_TRIALS") else 6


def photo() -> bytes:
    """A picture whose own data names the secret place."""
    picture = Image.new("RGB", (320, 240), "green")
    tags = Image.Exif()
    gps = tags.get_ifd(ExifTags.IFD.GPSInfo)
    for (number, side), value in {(2, "N"): LAT, (4, "E"): LON}.items():
        degrees = int(value)
        minutes = int((value - degrees) * 60)
        gps[number - 1], gps[number] = (
            side,
            (degrees, minutes, round((value - degrees - minutes / 60) * 3600, 4)),
        )
    tags[ExifTags.Base.ImageDescription] = WORDS
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=tags)
    return out.getvalue()


@pytest.fixture
def canary(year: Any) -> dict[str, Occurrence]:
    """A verified record with its visit, measurement and photo at the secret place, for each kind of guarded species."""
    dataset = Dataset.objects.first()
    planted = {}
    for kind, level in LEVELS.items():
        taxon = Taxon.objects.filter(sensitivity=level, rank="species").order_by("scientific_name").first()
        visit = Event(
            dataset=dataset,
            event_id=f"{WORDS}-{kind}",
            event_type="bẫy ảnh",
            locality=WORDS,
            status="verified",
            remarks=WORDS,
            day_start=date(2026, 5, 2),
            extra={"verbatimLocality": WORDS},
        )
        visit.put_point(LON, LAT)
        writing.create(REGISTERS["observations.event"], System(), visit)
        row = Occurrence(
            dataset=dataset,
            event=visit,
            taxon=taxon,
            scientific_name=taxon.scientific_name,
            locality=WORDS,
            remarks=WORDS,
            occurrence_id=f"{WORDS}-{kind}",
            associated_media=f"{WORDS}.jpg",
            day_start=date(2026, 5, 2),
            extra={"verbatimLatitude": str(LAT), "verbatimLongitude": str(LON)},
            status="draft",
        )
        row.put_point(LON, LAT)
        writing.create(REGISTERS["observations.occurrence"], System(), row)
        attach(System(), row, [photo()], f"{WORDS}.jpg")
        Measurement.objects.create(
            dataset=dataset, occurrence=row, measurement_type="toạ độ", measurement_value=f"{LAT} {LON}"
        )
        verify(System(), row, reason="đã xem ảnh")
        planted[kind] = Occurrence.objects.get(pk=row.pk)
    return planted


def addresses(planted: dict[str, Occurrence], turn: int) -> list[str]:
    """Every address that could betray a place: pages, files, tiles, JSON, figures, reports."""
    books = [
        r
        for n, r in enumerate(REGISTERS.values())
        if r.name.split(".")[0] in NEAR or n % EVERY == turn % EVERY
    ]
    found = [
        "/",
        "/ke-hoach/?year=2026",
        "/ke-hoach/van-ban/",
        "/dia-ban/",
        "/dia-ban/cu-moi/",
        "/ban-do/",
        "/ban-do/nen.json",
        "/toi/",
        "/quan-tri/nhat-ky/",
        "/quan-tri/nguoi-dung/",
        "/api/collections",
        "/bao-cao/",
        "/du-lieu-mo/",
        "/api/changes",
        "/api/changes?since=2020-01-01",
    ]
    found += [f"/ke-hoach/nhiem-vu/{n}/" for n in range(1, 6)]
    for register in books:
        base = register.url()
        found += [
            base,
            f"{base}?area=12/03451",
            f"{base}?q=vuon",
            f"{base}tu-dien/",
            f"/ban-do/?register={register.slug}",
        ]
        found += [f"{base}xuat.{kind}" for kind in ("csv", "xlsx", "geojson", "gpkg")]
        found += [f"/api/collections/{register.slug}/items?limit=1000"]
    for row in planted.values():
        for record, slug in ((row, "observations-occurrence"), (row.event, "observations-event")):
            found += [
                f"/so/{slug}/{record.pk}/",
                f"/so/{slug}/{record.pk}/sua/",
                f"/vi-sao/{slug}/{record.pk}/",
                f"/api/collections/{slug}/items/{record.pk}",
                f"/so/{slug}/?taxon={row.taxon_id}",
            ]
        found += [f"/so/taxa-taxon/{row.taxon_id}/", f"/loai/{row.taxon_id}/"]
        found += [
            f"/so/observations-measurement/?occurrence={row.pk}",
            "/so/observations-occurrence/?when=2026-05-02..2026-05-02",
        ]
    from baoton.files.models import Evidence

    for one in Evidence.objects.all():
        found += [
            f"/minh-chung/{one.pk}/tep",
            f"/minh-chung/{one.pk}/tep?original=1",
            f"/so/files-evidence/{one.pk}/",
        ]
    x, y = (float(v[0]) for v in to_world([LON], [LAT]))
    for z in (0, 4, 6, 8, 10, 12, 14, 18, 22):
        for slug in ("observations-occurrence", "observations-event", "files-evidence"):
            column, line = int(x * (1 << z)), int(y * (1 << z))
            found += [f"/tiles/{slug}/{z}/{column}/{line}.mvt", f"/tiles/{slug}/{z}/{column}/{line}.json"]
    return found


def opened(body: bytes) -> Iterator[bytes]:
    """The bytes and everything packed in them."""
    yield body
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as pack:
            for name in pack.namelist():
                yield name.encode()
                yield from opened(pack.read(name))
    elif body[:2] == b"\x1f\x8b":
        yield from opened(gzip.decompress(body))
    elif body[:15] == b"SQLite format 3":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.gpkg"
            path.write_bytes(body)
            base = sqlite3.connect(path)
            for (table,) in base.execute("select name from sqlite_master where type='table'").fetchall():
                for line in base.execute(f'select * from "{table}"'):
                    for cell in line:
                        yield cell if isinstance(cell, bytes) else str(cell).encode()
    elif body[:3] == b"\xff\xd8\xff":
        with Image.open(io.BytesIO(body)) as picture:
            tags = picture.getexif()
            yield str(dict(tags)).encode() + str(dict(tags.get_ifd(ExifTags.IFD.GPSInfo))).encode()
            if tags.get_ifd(ExifTags.IFD.GPSInfo):
                yield WORDS.encode()


def numbers(body: bytes, at: int = 0) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = body[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def fields(body: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of one protobuf message."""
    at = 0
    while at < len(body):
        key, at = numbers(body, at)
        if key & 7 == 2:
            size, at = numbers(body, at)
            yield key >> 3, body[at : at + size]
            at += size
        elif key & 7 == 0:
            value, at = numbers(body, at)
            yield key >> 3, value
        else:
            size = 8 if key & 7 == 1 else 4
            yield key >> 3, body[at : at + size]
            at += size


def tile_points(body: bytes, z: int, x: int, y: int) -> Iterator[tuple[float, float]]:
    """The first point of every feature of a vector tile as fractions of the world."""
    for number, layer in fields(body):
        if number != 3:
            continue
        parts = list(fields(layer))
        extent = next((v for n, v in parts if n == 5), 4096)
        for n, feature in parts:
            for m, geometry in fields(feature) if n == 2 else ():
                if m == 4:
                    _command, at = numbers(geometry)
                    dx, at = numbers(geometry, at)
                    dy, _at = numbers(geometry, at)
                    px, py = ((v >> 1) ^ -(v & 1) for v in (dx, dy))
                    yield (x + px / extent) / (1 << z), (y + py / extent) / (1 << z)


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def found_in(body: bytes) -> list[str]:
    return [n.pattern.decode("latin1") for part in opened(body) for n in NEEDLES if n.search(part)]


@pytest.mark.parametrize(
    "name",
    once_but([*NAMES, "công chúng"], "dung", "minh"),
)
def test_the_secret_place_reaches_only_those_who_may_know_it(
    canary: dict[str, Occurrence], person: Callable[[str], Any], name: str
) -> None:
    browser = Client(raise_request_exception=True)
    if name != "công chúng":
        browser.force_login(person(name))
    told: dict[str, list[str]] = {}
    answered, sharp = 0, False
    x, y = (float(v[0]) for v in to_world([LON], [LAT]))
    for address in addresses(canary, [*NAMES, name].index(name)):
        answer = browser.get(address)
        if answer.status_code not in {200, 204}:
            assert answer.status_code in {302, 400, 403, 404}, (address, answer.status_code)
            answer_body = content(answer)
        else:
            answered += 1
            answer_body = content(answer)
        if found := found_in(answer_body):
            told[address] = found
        if address.startswith("/tiles/") and address.endswith(".mvt") and answer.status_code == 200:
            z, column, line = (int(p) for p in address.removesuffix(".mvt").split("/")[3:6])
            if z >= 14:
                near = [
                    p
                    for p in tile_points(answer_body, z, column, line)
                    if abs(p[0] - x) < 2e-7 and abs(p[1] - y) < 2e-7
                ]
                if near:
                    sharp = True
                    told[address] = ["điểm đúng vị trí"]
    assert answered > 20
    if name in PRECISE:
        assert told, "the search itself must be able to find the place"
        assert sharp, "and a tile shows it to whoever may know it"
    else:
        assert told == {}


@pytest.mark.parametrize("name", ["sung", "minh", "công chúng"])
def test_filtering_and_counting_by_the_true_commune_tells_nothing(
    canary: dict[str, Occurrence], person: Callable[[str], Any], name: str
) -> None:
    register = REGISTERS["observations.occurrence"]
    from baoton.kit.access import Public

    door = register.door(Public() if name == "công chúng" else person(name))
    hidden = canary["withheld"]
    for asked in ({"area": hidden.area_path}, {"area": "12/03451", "taxon": str(hidden.taxon_id)}):
        assert not register.filtered(door, asked).filter(pk=hidden.pk).exists()


def test_two_true_places_in_one_square_look_the_same(canary: dict[str, Occurrence]) -> None:
    row = canary["blurred"]
    assert row.disclosure == 1
    assert (row.shown_x, row.shown_y) == (pytest.approx(102.65), pytest.approx(22.65))
    assert shapely.from_wkb(bytes(row.geom)).x == LON


def test_an_ordinary_species_of_the_same_visit_is_guarded_too(canary: dict[str, Occurrence]) -> None:
    common = Taxon.objects.filter(sensitivity=0, rank="species").first()
    row = Occurrence(
        dataset=canary["withheld"].dataset,
        event=canary["withheld"].event,
        taxon=common,
        day_start=date(2026, 5, 2),
    )
    row.put_point(LON, LAT)
    writing.create(REGISTERS["observations.occurrence"], System(), row)
    assert Occurrence.objects.get(pk=row.pk).disclosure == canary["withheld"].disclosure


def test_a_parent_visit_and_the_bursts_of_one_camera_are_guarded_together(
    canary: dict[str, Occurrence],
) -> None:
    secret = canary["withheld"].event
    parent = Event(
        dataset=secret.dataset, event_id=f"{WORDS}-trạm", event_type="trạm", day_start=date(2026, 5, 1)
    )
    parent.put_point(LON + 0.001, LAT)
    writing.create(REGISTERS["observations.event"], System(), parent)
    burst = Event(dataset=secret.dataset, event_id=f"{WORDS}-chùm", parent=parent, day_start=date(2026, 5, 3))
    burst.put_point(LON, LAT)
    elsewhere = Event(dataset=secret.dataset, event_id="xa", parent=parent, day_start=date(2026, 5, 3))
    elsewhere.put_point(LON + 0.2, LAT)
    for one in (burst, elsewhere):
        writing.create(REGISTERS["observations.event"], System(), one)
    Event.objects.filter(pk=secret.pk).update(parent=parent)
    from baoton.observations.actions import resettle

    resettle([], [secret.pk])
    levels = {
        e.pk: e.disclosure
        for e in Event.objects.filter(pk__in=[secret.pk, parent.pk, burst.pk, elsewhere.pk])
    }
    assert levels[secret.pk] == levels[parent.pk] == levels[burst.pk] == 2
    assert levels[elsewhere.pk] == 0


def test_a_misspelt_protected_name_is_guarded_before_anybody_decides(canary: dict[str, Occurrence]) -> None:
    row = Occurrence(
        dataset=canary["withheld"].dataset, scientific_name="Nomascus concolr", day_start=date(2026, 5, 2)
    )
    row.put_point(LON, LAT)
    writing.create(REGISTERS["observations.occurrence"], System(), row)
    assert Occurrence.objects.get(pk=row.pk).disclosure == 2
