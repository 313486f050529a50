"""A camera package comes in once, whole, with each row's outcome, and goes again together."""

from pathlib import Path
from typing import Any

import pytest
from tests.cameras import package

from baoton.cameras.models import Answer, Deployment, Media, Sequence
from baoton.kit.access import Public, System
from baoton.kit.importing import run_file, undo
from baoton.kit.models import ImportBatch
from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Event, Occurrence

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("province")]


def ends(batch: ImportBatch) -> dict[str, int]:
    told = batch.counts["total"]
    return {k: told[k] for k in ("created", "updated", "unchanged", "refused", "left_out") if told[k]}


def test_a_package_brings_cameras_pictures_and_what_was_said_and_nothing_twice(tmp_path: Path) -> None:
    path = package.write(tmp_path)
    dry = run_file(System(), path, dry=True)
    assert ends(dry) == {"created": 2 + 6 + 4 + 2 + 1} and not Deployment.objects.exists()
    done = run_file(System(), path)
    assert ends(done) == ends(dry)
    one = Deployment.objects.get(code="d1")
    assert (one.nights, one.zone, one.camera, one.bait, one.feature) == (30.0, 420, "7", False, "trailGame")
    assert one.extra == {"deploymentTags": "khe"} and one.geom is not None
    assert one.visit is not None and one.visit.event_id == "d1" and one.visit.sample_size_value == 30
    assert ends(run_file(System(), path)) == {"unchanged": 15}


def test_pictures_stand_in_sequences_and_what_was_said_hangs_on_them(tmp_path: Path) -> None:
    run_file(System(), package.write(tmp_path))
    loats = Sequence.objects.order_by("started")
    assert [(s.deployment.code, s.photos, s.status) for s in loats] == [
        ("d1", 2, "done"), ("d1", 1, "done"), ("d1", 1, "done"), ("d2", 1, "waiting"), ("d2", 1, "waiting"),
    ]  # fmt: skip
    said = {a.answer_id: a for a in Answer.objects.select_related("occurrence", "taxon")}
    assert said["o1"].sequence == loats[0] and said["o1"].occurrence is not None
    assert said["o1"].occurrence.occurrence_id == "o1" and said["o1"].taxon is not None
    assert (said["o4"].method, said["o4"].probability, said["o4"].occurrence) == ("machine", 0.83, None)
    assert Occurrence.objects.count() == 1


def test_pictures_of_people_leave_by_no_door(tmp_path: Path) -> None:
    run_file(System(), package.write(tmp_path))
    assert Media.objects.get(people=True).media_id == "m4"
    door = REGISTERS["cameras.media"].door(System())
    assert sorted(m.media_id for m in door.open()) == ["m1", "m2", "m3", "m5", "m6"]


def test_what_a_camera_saw_tells_nobody_where_it_stands(tmp_path: Path) -> None:
    run_file(System(), package.write(tmp_path))
    Event.objects.update(status="verified")
    Occurrence.objects.update(status="verified")
    for name, where in (("observations.event", "event"), ("observations.occurrence", "occurrence")):
        rows = list(REGISTERS[name].door(Public()).open())
        assert rows, where
        for row in rows:
            assert row.disclosure >= 1 and (row.door_x is None or abs(row.door_x - 102.40) > 0.005), where
    assert not REGISTERS["cameras.deployment"].door(Public()).rows().exists()
    assert all(d.disclosure == 2 for d in Deployment.objects.all())


def test_a_camera_that_stands_elsewhere_lies_in_no_commune_of_ours(tmp_path: Path) -> None:
    run_file(
        System(),
        package.write(tmp_path, deployments=package.DEPLOYMENTS.replace("22.40,102.40", "50.70,4.01")),
    )
    lies = {d.code: d.area_path for d in Deployment.objects.all()}
    assert lies["d1"] == "" and lies["d2"].startswith("12/"), lies


def test_undo_takes_all_of_it_back(tmp_path: Path) -> None:
    path = package.write(tmp_path)
    undo(System(), run_file(System(), path))
    for model in (Deployment, Media, Answer, Event, Occurrence):
        assert not model.objects.filter(withdrawn__isnull=True).exists(), model
    assert not Sequence.objects.exists()
    assert ends(run_file(System(), path)) == {"created": 15}
    assert Sequence.objects.count() == 5


BROKEN: dict[str, tuple[dict[str, str], dict[str, int]]] = {
    "a picture of a camera that is not there": (
        {"media": package.MEDIA + "m9,d9,2026-03-02T05:00:00+07:00,x.jpg,false,image/jpeg,\n"},
        {"created": 15, "refused": 1},
    ),
    "a camera that ends before it begins": (
        {"deployments": package.DEPLOYMENTS.replace("2026-03-11T08", "2026-02-11T08")},
        {"created": 10, "refused": 5},
    ),
    "a moment that is none": (
        {"media": package.MEDIA.replace("2026-03-05T07:00:00+07:00", "sáng")}, {"created": 14, "refused": 1},
    ),
    "a kind that nobody knows": (
        {"observations": package.OBSERVATIONS.replace(",blank,", ",cái gì,")}, {"created": 14, "refused": 1},
    ),
    "a machine surer than sure": (
        {"observations": package.OBSERVATIONS.replace("0.83", "8.3")}, {"created": 14, "refused": 1},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_row_that_is_wrong_is_refused_and_all_others_come_in(name: str, tmp_path: Path) -> None:
    texts, told = BROKEN[name]
    batch = run_file(System(), package.write(tmp_path, **texts))
    assert ends(batch) == told


def test_pictures_alone_find_the_camera_of_the_book(tmp_path: Path) -> None:
    run_file(System(), package.write(tmp_path))
    more: Any = package.MEDIA_HEAD + "m7,d2,2026-03-06T07:00:00+07:00,d2/IMG_7.JPG,false,image/jpeg,\n"
    head = package.DEPLOYMENTS.splitlines()[0] + "\n"
    batch = run_file(
        System(),
        package.write(
            tmp_path, "sau.zip", deployments=head, media=more, observations=package.OBSERVATION_HEAD
        ),
    )
    assert ends(batch) == {"created": 1}
    assert Media.objects.get(media_id="m7").deployment.code == "d2"
    assert Sequence.objects.count() == 6
