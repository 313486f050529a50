"""What is planted in one of two installations: equal in all that may be known, different in all that is hidden.

Every hidden place, id, word, number and photo is drawn from the world; keys, days, people and levels are not.
"""

import io
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image

from baoton.assessment import actions as assessment
from baoton.assessment.models import SpeciesStatus
from baoton.files.actions import attach
from baoton.kit import importing
from baoton.kit.access import Scope, System
from baoton.kit.ids import new_id
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write as writing
from baoton.observations.actions import refuse, verify
from baoton.observations.models import Dataset, Event, Measurement, Occurrence
from baoton.people.models import Grant, Organisation, Person
from baoton.plan import figures
from baoton.reporting.actions import make
from baoton.reporting.models import Report
from baoton.reporting.periods import Period
from baoton.taxa.models import Taxon

DAY, GRID = date(2026, 5, 2), 0.1
PLACES = {
    "blurred": ((102.6372, 22.6189), (102.6811, 22.6623)),  # one square
    "withheld": ((103.0211, 22.3551), (102.5433, 22.4312)),  # one province
    "lonely": ((103.0411, 22.3151), (103.0733, 22.3871)),  # one square
}
FAR = (103.7121, 21.9811)
SECRET = ("BIMAT-HANG-YEN-0", "CAMDOC-khe suối ngầm số một")


@dataclass
class World:
    """One installation: which of the two, and what was planted in it."""

    number: int
    rows: dict[str, Any] = field(default_factory=dict)
    books: dict[str, Any] = field(default_factory=dict)
    """What was planted outside the evidence stream."""
    keys: Any = None
    """Where its keys are drawn, one after the other."""

    @property
    def words(self) -> str:
        return SECRET[self.number]

    def at(self, kind: str, east: float = 0.0) -> tuple[float, float]:
        lon, lat = PLACES[kind][self.number]
        return lon + east, lat


def photo(world: World, lon: float, lat: float) -> bytes:
    """A picture that shows, and says, another place in each world."""
    picture = Image.new("RGB", (96 + 8 * world.number, 64), ("green", "navy")[world.number])
    tags = Image.Exif()
    gps = tags.get_ifd(ExifTags.IFD.GPSInfo)
    for (number, side), value in {(2, "N"): lat, (4, "E"): lon}.items():
        gps[number - 1], gps[number] = side, (int(value), 0, round((value % 1) * 3600, 3))
    tags[ExifTags.Base.ImageDescription] = world.words
    tags[ExifTags.Base.DateTime] = f"2026:05:02 0{world.number}:11:00"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=tags)
    return out.getvalue()


def dataset(world: World) -> Dataset:
    """A survey of which rows were verified before: everybody knows it."""
    found = Dataset.objects.order_by("code").first()
    assert found is not None
    return found


def event(
    world: World, name: str, kind: str, east: float = 0.0, parent: Event | None = None, **more: Any
) -> Event:
    given = {
        "event_type": "bẫy ảnh", "status": "verified", "day_start": DAY, "day_end": DAY,
        "recorded_by": "Lò Văn Dũng", "organisation": "kiem_lam",
        "event_id": f"{world.words}-{name}", "locality": world.words, "remarks": f"gần {world.words}",
        "sampling_protocol": f"đi dọc {world.words}", "sampling_effort": f"{20 + world.number} đêm bẫy ảnh",
        "extra": {"verbatimLocality": world.words}, "coordinate_uncertainty_m": 10.0 + world.number,
    }  # fmt: skip
    row = Event(dataset=dataset(world), parent=parent, **{**given, **more})
    row.put_point(*(world.at(kind, east) if kind in PLACES else FAR))
    saved: Event = writing.create(REGISTERS["observations.event"], System(), row)
    world.rows[f"event {name}"] = saved
    return saved


def seen(
    world: World, name: str, taxon: Taxon, kind: str, visit: Event | None, east: float = 0.0, **more: Any
) -> Occurrence:
    """A record with every free text, a photo and a measurement of its own, verified with a word."""
    given = {
        "scientific_name": taxon.scientific_name, "day_start": DAY, "status": "draft", "individual_count": 2,
        "recorded_by": "Lò Văn Dũng", "organisation": "kiem_lam", "occurrence_id": f"{world.words}-{name}",
        "locality": world.words, "remarks": f"cạnh {world.words}", "associated_media": f"{world.words}.jpg",
        "extra": {"verbatimLatitude": str(world.at(kind)[1])}, "coordinate_uncertainty_m": 5.0 + world.number,
    }  # fmt: skip
    row = Occurrence(event=visit, taxon=taxon, **{"dataset": dataset(world), **given, **more})
    lon, lat = world.at(kind, east)
    row.put_point(lon, lat)
    row = writing.create(REGISTERS["observations.occurrence"], System(), row)
    attach(System(), row, [photo(world, lon, lat)], f"{world.words}-{name}.jpg", creator=world.words)
    Measurement.objects.create(
        dataset=row.dataset, occurrence=row, measurement_type=f"khoảng cách tới {world.words}",
        measurement_value=f"{lon} {lat}", measurement_unit="m", organisation="kiem_lam", area_path="12",
    )  # fmt: skip
    row = verify(System(), Occurrence.objects.get(pk=row.pk), reason=f"đã tới {world.words}")
    world.rows[name] = row
    return row


def open_row(world: World, name: str, taxon: Taxon, place: tuple[float, float], **more: Any) -> Occurrence:
    """An ordinary record, the same in both worlds."""
    row = Occurrence(
        dataset=dataset(world), taxon=taxon, scientific_name=taxon.scientific_name, organisation="kiem_lam",
        status="verified", occurrence_id=f"MO-{name}", **{"day_start": DAY, **more},
    )  # fmt: skip
    row.put_point(*place)
    saved: Occurrence = writing.create(REGISTERS["observations.occurrence"], System(), row)
    world.rows[name] = saved
    return saved


def species(level: int, group: str | None = None, skip: int = 0) -> Taxon:
    rows = Taxon.objects.filter(sensitivity=level, rank="species", status="accepted", withdrawn__isnull=True)
    rows = rows.filter(taxon_group=group) if group else rows
    return rows.order_by("scientific_name")[skip]


def plant(world: World, folder: Path) -> World:
    """Everything hidden stands in the installation, and every figure is computed again."""
    common, weed = species(0, "mammal"), species(0, "plant")
    guarded = {"blurred": species(1, "mammal"), "withheld": species(2, "mammal")}
    for kind in guarded:
        site = event(world, f"site {kind}", kind, 0.0004)
        deployment = event(world, f"deployment {kind}", kind, 0.0002, site)
        burst = event(world, f"burst {kind}", kind, 0.0, deployment)
        away = event(
            world, f"away {kind}", "far", parent=site, event_id=f"xa-{kind}", locality="bản xa", remarks="",
            sampling_protocol="đi tuyến", sampling_effort="2 km", extra={}, coordinate_uncertainty_m=10.0,
        )  # fmt: skip
        seen(world, f"neighbour {kind}", common, kind, burst)  # open when the status is first computed
        open_row(world, f"away {kind}", common, FAR, event=away)
    open_row(world, "open 1", common, (103.45, 22.55))
    open_row(world, "open 2", common, (102.95, 22.15))
    open_row(world, "open 3", weed, (103.11, 22.31))
    assessment.compute(date(2026, 12, 31))
    SpeciesStatus.objects.filter(taxon=common).update(status="adopted")
    for kind, taxon in guarded.items():
        burst = world.rows[f"event burst {kind}"]
        seen(world, f"guarded {kind}", taxon, kind, burst)
        seen(world, f"plant {kind}", weed, kind, burst)
        seen(world, f"pair {kind}", common, kind, None, 0.00015)  # by hand, the same day, 15 m beside
        edited = Occurrence.objects.get(pk=world.rows[f"guarded {kind}"].pk)
        writing.edit(REGISTERS["observations.occurrence"], System(), edited, {"locality": f"{world.words} 2"})
    poor = seen(world, "returned", guarded["withheld"], "withheld", None, 0.01, day_start=DAY + timedelta(9))
    Occurrence.objects.filter(pk=poor.pk).update(status="draft")
    refuse(System(), Occurrence.objects.get(pk=poor.pk), reason=f"không thấy gì ở {world.words}")
    seen(world, "lonely", species(1, "reptile"), "lonely", None)  # of a group that no user has a right to
    unverified(world, guarded["withheld"])
    brought(world, guarded["withheld"], folder)
    assessment.compute(date(2026, 12, 31))
    assessment.republish([common.pk])
    figures.compute([2026])
    make(System(), Period(2026), folder / f"reports {world.number}", also=["public"])
    beside = report(world)  # the same once more, of a day before, to be held against it
    beside.pk, beside.made = new_id(), beside.made - timedelta(days=1)
    beside.save(force_insert=True)
    return world


def unverified(world: World, taxon: Taxon) -> None:
    """A survey whose very title tells, of which nothing was verified yet."""
    told = Dataset(code=f"kb-{world.words}", title=f"Hang {world.words}", citation=world.words)
    writing.create(REGISTERS["observations.dataset"], System(), told)
    only = seen(world, "only", taxon, "withheld", None, 0.015, dataset=told, day_start=DAY + timedelta(11))
    assert only.status == "verified"  # a survey of which nothing open was verified tells as much by its title
    world.rows["told dataset"] = told
    secret = Dataset(code=f"ks-{world.words}", title=f"Khảo sát {world.words}", citation=world.words)
    writing.create(REGISTERS["observations.dataset"], System(), secret)
    row = Occurrence(
        dataset=secret, taxon=taxon, scientific_name=taxon.scientific_name, occurrence_id=f"{world.words}-d",
        day_start=DAY, organisation="kiem_lam", locality=world.words,
    )  # fmt: skip
    row.put_point(*world.at("withheld", 0.02))
    writing.create(REGISTERS["observations.occurrence"], System(), row)
    world.rows["dataset"], world.rows["draft"] = secret, row


def bringer() -> Person:
    """An officer for the whole province, of a body of its own: a survey is named to its body whatever it holds."""
    body, _made = Organisation.objects.get_or_create(code="doi_dieu_tra", defaults={"name": "Đội điều tra"})
    person = Person.objects.create_user("bringer", password="x", organisation=body)
    Grant.objects.create(person=person, role="officer", since=date(2026, 1, 1))
    return person


def brought(world: World, taxon: Taxon, folder: Path) -> None:
    """A file whose name, ids and places tell, brought in by an officer of a body that nobody asked belongs to."""
    path = folder / f"{world.words}.csv"
    lon, lat = world.at("withheld", 0.03)
    path.write_text(
        "occurrenceID,scientificName,decimalLatitude,decimalLongitude,eventDate,locality\n"
        f'{world.words}-t1,{taxon.scientific_name},{lat},{lon},2026-06-01,"{world.words}"\n',
        encoding="utf-8",
    )
    batch = importing.run_file(
        bringer(), path, target="observations.occurrence", dataset=f"nhap-{world.words}"
    )
    assert batch.counts["total"]["created"] == 1, batch.counts
    world.rows["batch"] = batch
    world.rows["brought"] = Occurrence.objects.get(occurrence_id=f"{world.words}-t1")


def report(world: World) -> Report:
    return Report.objects.latest("made")


def everywhere() -> Scope:
    return Scope()
