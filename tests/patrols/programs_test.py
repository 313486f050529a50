"""Patrols of GPS devices, EarthRanger, CyberTracker and SMART Connect come in whole, once, and go again together."""

import json
from pathlib import Path
from typing import Any

import pytest

from baoton.kit.access import System
from baoton.kit.importing import outcome, run_file, undo
from baoton.kit.models import ImportBatch
from baoton.kit.writing import outbox
from baoton.observations.models import Event, Occurrence
from baoton.patrols.actions import load
from baoton.patrols.models import Leg, Patrol, Sign

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("province")]
Point = tuple[float, float, str]


def way(day: str = "2026-03-02", n: int = 4, x: float = 102.4, y: float = 22.4, hour: int = 1) -> list[Point]:
    return [(x + 0.004 * i, y, f"{day}T{hour:02}:{10 * i:02}:00Z") for i in range(n)]


def gpx(tmp_path: Path, *tracks: list[Point], name: str = "di-rung.gpx", more: str = "") -> Path:
    def told(track: list[Point]) -> str:
        points = "".join(f'<trkpt lat="{y}" lon="{x}"><time>{t}</time></trkpt>' for x, y, t in track)
        return f"<trk><name>Khe Nậm Ma</name><type>hiking</type><trkseg>{points}</trkseg></trk>"

    path = tmp_path / name
    inside = more + "".join(told(t) for t in tracks)
    path.write_text(
        f'<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1">{inside}</gpx>', encoding="utf-8"
    )
    return path


def bring(path: Path, dry: bool = False) -> ImportBatch:
    load()
    batch = run_file(System(), path, dry=dry)
    outbox.drain()
    return batch


def counts(batch: ImportBatch) -> list[int]:
    return [batch.counts["total"][k] for k in ("created", "updated", "unchanged", "refused")]


def told(batch: ImportBatch) -> str:
    """The outcome file, as who sent the file reads it."""
    return "\n".join(str(row) for part in outcome.batches(batch.outcome_sha256) for row in part.to_pylist())


SNARE = '<wpt lat="22.4" lon="102.401"><time>2026-03-02T01:05:00Z</time><name>Dây phanh, bẫy dây</name></wpt>'


def test_a_gpx_track_becomes_a_patrol_with_its_leg_and_its_sign_once(tmp_path: Path) -> None:
    path = gpx(tmp_path, way(), way("2026-03-03"), more=SNARE)
    assert counts(bring(path, dry=True)) == [4, 0, 0, 0] and not Patrol.objects.exists()
    first = bring(path)
    assert counts(first) == [4, 0, 0, 0], first.counts["rules"]
    one, (leg, _other) = Patrol.objects.get(), Leg.objects.order_by("day")
    assert (one.status, one.transport, one.day_start.day, one.day_end and one.day_end.day) == (
        "done",
        "foot",
        2,
        3,
    )
    assert (leg.hours, leg.patrol_id) == (0.5, one.pk) and 1_000 < (leg.metres or 0) < 1_500
    assert [(s.kind.code, s.patrol_id) for s in Sign.objects.all()] == [("snare", one.pk)]
    copy = gpx(tmp_path, way(), way("2026-03-03"), more=SNARE, name="ban sao.gpx")
    assert counts(bring(copy)) == [0, 0, 4, 0]
    undo(System(), first)
    for model in (Patrol, Leg, Sign):
        assert not model.objects.filter(withdrawn__isnull=True).exists(), model
    assert counts(bring(path))[0] == 4


@pytest.mark.parametrize(
    ("track", "words"),
    [
        (
            [(22.4, 102.4, "2026-03-02T01:00:00Z"), (22.4, 102.41, "2026-03-02T01:30:00Z")],
            "bị đảo kinh độ và vĩ độ",
        ),
        (way()[::-1], "lùi lại lúc 08:20:00 02/03/2026"),
        ([*way(), (103.4, 22.4, "2026-03-02T01:31:00Z")], "nhảy xa lúc 08:31:00 02/03/2026"),
        (
            [(102.4 + 0.05 * (i % 2), 22.4, f"2026-03-02T01:{i:02}:00Z") for i in range(12)],
            "hai máy trộn vào nhau",
        ),
        ([(102.4, 22.4, "2026-03-02T01:00:00Z"), (102.4, 14.4, "2026-03-02T13:00:00Z")], "km trong một ngày"),
        (way("2031-03-02"), "Ngày này chưa tới"),
        (way("1999-08-21"), "đồng hồ của máy định vị sai"),
    ],
)
def test_a_broken_way_is_refused_in_one_sentence_and_the_other_day_stands(
    tmp_path: Path, track: list[Point], words: str
) -> None:
    batch = bring(gpx(tmp_path, track, way("2026-03-05")))
    assert told(batch).count(words) >= 1, told(batch)
    assert [leg.day.day for leg in Leg.objects.all()] == [5]
    assert batch.counts["total"]["refused"] in (
        1,
        2,
    )  # the day, and the patrol where its only day has not come


def test_a_cut_file_brings_nothing_and_says_where(tmp_path: Path) -> None:
    path = gpx(tmp_path, way())
    path.write_bytes(path.read_bytes()[:-40])
    batch = bring(path)
    assert (
        batch.state == ImportBatch.State.FAILED and "bị cắt hoặc hỏng ở dòng" in batch.counts["error"]["vi"]
    )
    assert not Patrol.objects.exists()


def test_a_way_in_another_zone_of_the_map_is_told(tmp_path: Path) -> None:
    batch = bring(gpx(tmp_path, way(x=96.4)))
    assert "outside_country" in {w["code"] for w in batch.warnings} and Leg.objects.count() == 1


def ranger(tmp_path: Path, **more: Any) -> Path:
    at = {"longitude": 102.41, "latitude": 22.4}
    events = [
        {"id": "e", "event_type": "snare_rep", "time": "2026-03-02T02:00:00Z", "location": at,
         "event_details": {"count": 3}},
        {"id": "f", "event_type": "wildlife_sighting_rep", "time": "2026-03-02T02:10:00Z", "location": at,
         "event_details": {"species": "Nomascus concolor", "count": 2}},
        {"id": "g", "event_type": "waterhole_rep", "time": "2026-03-02T02:20:00Z", "location": at},
    ]  # fmt: skip
    span = {"start_time": "2026-03-02T01:00:00Z", "end_time": "2026-03-02T05:00:00Z"}
    part = {
        "id": "s",
        "patrol_type": "foot_patrol",
        "leader": {"name": "Vàng A"},
        "time_range": span,
        "events": events,
    }
    path = tmp_path / "er.json"
    whole = {
        "id": "0a63",
        "serial_number": 7,
        "title": "Nậm Ma",
        "state": "done",
        "patrol_segments": [part],
        **more,
    }
    path.write_text(json.dumps([whole]), encoding="utf-8")
    return path


def test_an_earthranger_patrol_brings_its_hours_its_snare_and_its_gibbon(tmp_path: Path) -> None:
    first = bring(ranger(tmp_path))
    assert counts(first) == [5, 0, 0, 1], first.counts["rules"]
    one, leg = Patrol.objects.get(), Leg.objects.get()
    assert (one.code, one.leader, one.transport, leg.hours, leg.metres) == (
        "ER-7-0a63",
        "Vàng A",
        "foot",
        4.0,
        None,
    )
    assert [(s.kind.code, s.count) for s in Sign.objects.all()] == [("snare", 3)]
    assert Occurrence.objects.get().event_id == Event.objects.get().pk
    assert Event.objects.get().sampling_effort == "4 giờ"
    assert counts(bring(ranger(tmp_path))) == [0, 0, 5, 1]
    undo(System(), first)
    assert (
        not Leg.objects.filter(withdrawn__isnull=True).exists()
        and not Sign.objects.filter(withdrawn__isnull=True).exists()
    )


def test_a_patrol_called_off_stands_as_called_off(tmp_path: Path) -> None:
    bring(ranger(tmp_path, state="cancelled"))
    assert Patrol.objects.get().status == "cancelled" and not Leg.objects.exists()


def test_sightings_of_cybertracker_are_a_patrol_with_signs(tmp_path: Path) -> None:
    record = {"uid": "u", "fieldValues": {"kind": "Snares", "number": 4}}
    one = {
        "createTime": "2026-03-02T08:00:00+07:00", "username": "vang", "deviceId": "abcdef99", "note": "",
        "db": {"uid": "u", "x": 102.4, "y": 22.4}, "records": [record],
    }  # fmt: skip
    path = tmp_path / "ct.json"
    path.write_text(json.dumps([one]), encoding="utf-8")
    assert counts(bring(path)) == [3, 0, 0, 0]
    assert [(s.kind.code, s.count) for s in Sign.objects.all()] == [("snare", 4)]
    assert counts(bring(path)) == [0, 0, 3, 0]
