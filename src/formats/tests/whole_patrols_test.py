"""Whole patrols of GPS devices, EarthRanger, CyberTracker and SMART Connect: the same tables, wrong ways told apart."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
import shapely

import formats

Point = tuple[float, float, str]


def gpx(*tracks: list[Point], more: str = "") -> str:
    def points(track: list[Point]) -> str:
        told = (f'<trkpt lat="{y}" lon="{x}">{t and f"<time>{t}</time>"}</trkpt>' for x, y, t in track)
        return "".join(told)

    inside = "".join(
        f"<trk><name>Đi {n}</name><trkseg>{points(t)}</trkseg></trk>" for n, t in enumerate(tracks)
    )
    return f'<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1">{more}{inside}</gpx>'


def way(
    day: str, hour: int = 1, n: int = 4, x: float = 102.4, y: float = 22.4, zone: str = "Z"
) -> list[Point]:
    """A way of some minutes, ten minutes from point to point, about 100 m each."""
    return [(x + 0.001 * i, y, f"{day}T{hour:02}:{10 * i:02}:00{zone}") for i in range(n)]


def opened(tmp_path: Path, name: str, text: str) -> formats.Source:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return formats.open(path)


def rows(source: formats.Source, name: str) -> list[dict[str, Any]]:
    if name not in [t.name for t in source.tables]:
        return []
    return [row for batch in source.table(name).batches() for row in batch.to_pylist()]


def codes(source: formats.Source) -> set[str]:
    return {w.code for w in source.warnings}


def test_a_track_is_a_patrol_whose_days_are_those_of_the_countrys_clock(tmp_path: Path) -> None:
    """23:30 to 01:00 by UTC is 6:30 to 8:00 of the next day in the forest."""
    told = [(102.4, 22.4, "2026-03-01T23:30:00Z"), (102.41, 22.4, "2026-03-02T01:00:00Z")]
    source = opened(tmp_path, "a.gpx", gpx(told))
    (patrol,), (day,) = rows(source, "whole_patrols"), rows(source, "days")
    assert (patrol["Start Date"], patrol["End Date"]) == ("2026-03-02", "2026-03-02")
    assert (day["Date"], day["Hours"], day["Start Time"]) == ("2026-03-02", "1.5", "06:30:00")
    assert "Wrong" not in day and shapely.from_wkb(day["_wkb"]).geom_type == "LineString"
    assert "by_night" not in codes(source)


def test_days_that_follow_one_another_are_one_patrol_and_others_are_not(tmp_path: Path) -> None:
    source = opened(tmp_path, "a.gpx", gpx(way("2026-03-02"), way("2026-03-03"), way("2026-03-20")))
    assert len(rows(source, "whole_patrols")) == 2
    assert [d["Date"] for d in rows(source, "days")] == ["2026-03-02", "2026-03-03", "2026-03-20"]


def test_a_copy_under_another_name_and_a_longer_file_are_the_same_patrol(tmp_path: Path) -> None:
    first = rows(opened(tmp_path, "a.gpx", gpx(way("2026-03-02"))), "whole_patrols")[0]["Patrol ID"]
    copy = rows(opened(tmp_path, "b (1).gpx", gpx(way("2026-03-02"))), "whole_patrols")[0]["Patrol ID"]
    longer = rows(opened(tmp_path, "c.gpx", gpx(way("2026-03-02", n=6))), "whole_patrols")[0]["Patrol ID"]
    other = rows(opened(tmp_path, "d.gpx", gpx(way("2026-03-02", x=102.5))), "whole_patrols")[0]["Patrol ID"]
    assert first == copy == longer != other


def test_two_devices_at_the_same_time_are_two_patrols_and_told(tmp_path: Path) -> None:
    source = opened(tmp_path, "a.gpx", gpx(way("2026-03-02"), way("2026-03-02", y=22.5)))
    assert len(rows(source, "whole_patrols")) == 2
    assert "several_devices" in codes(source)
    apart = opened(tmp_path, "b.gpx", gpx(way("2026-03-02"), way("2026-03-02", hour=3, y=22.5)))
    assert len(rows(apart, "whole_patrols")) == 1 and "several_devices" not in codes(apart)


def zigzag() -> list[Point]:
    return [(102.4 + 0.05 * (i % 2), 22.4, f"2026-03-02T01:{i:02}:00Z") for i in range(12)]


@pytest.mark.parametrize(
    ("track", "word"),
    [
        ([(22.4, 102.4, "2026-03-02T01:00:00Z"), (22.4, 102.41, "2026-03-02T01:10:00Z")], "swapped"),
        ([(502.4, 22.4, "2026-03-02T01:00:00Z"), (102.4, 22.4, "2026-03-02T01:10:00Z")], "off_globe"),
        (way("2026-03-02")[::-1], "backwards"),
        (zigzag(), "mixed"),
        ([*way("2026-03-02"), (103.4, 22.4, "2026-03-02T01:31:00Z")], "jump"),
        ([(102.4, 22.4, "1999-08-21T01:00:00Z"), (102.41, 22.4, "1999-08-21T01:30:00Z")], "strange_day"),
    ],
)
def test_what_is_wrong_with_a_way_stands_on_its_day(tmp_path: Path, track: list[Point], word: str) -> None:
    source = opened(tmp_path, "a.gpx", gpx(track, way("2026-03-03")))
    wrong = {d["Date"]: d["Wrong"] for d in rows(source, "days")}
    assert [w.split(" ")[0] for w in wrong.values() if w] == [word]
    assert wrong["2026-03-03"] is None


@pytest.mark.parametrize(
    "track",
    [
        [(102.4, 22.4, "2026-03-02T01:00:00Z"), (102.4005, 22.4, "2026-03-02T01:00:00Z")],  # 50 m of noise
        [(0.0, 0.0, "2026-03-02T01:00:00Z"), *way("2026-03-02")],  # a device that did not know yet
        [*way("2026-03-02"), (103.0, 22.4, "2026-03-02T03:30:00Z")],  # 62 km in two hours: by road
    ],
)
def test_what_devices_do_every_day_is_not_wrong(tmp_path: Path, track: list[Point]) -> None:
    source = opened(tmp_path, "a.gpx", gpx(track))
    assert [d.get("Wrong") for d in rows(source, "days")] == [None]


def test_a_way_by_night_is_told_and_stands(tmp_path: Path) -> None:
    source = opened(tmp_path, "a.gpx", gpx(way("2026-03-02", hour=15)))
    assert "by_night" in codes(source) and len(rows(source, "days")) == 1


def test_points_whose_time_cannot_be_read_are_left_out_and_counted(tmp_path: Path) -> None:
    source = opened(tmp_path, "a.gpx", gpx([*way("2026-03-02"), (102.45, 22.4, "hôm qua")]))
    assert {w.code: w.count for w in source.warnings}["points_without_time"] == 1
    assert "points_without_time" not in codes(opened(tmp_path, "b.gpx", gpx(way("2026-03-02"))))


def test_a_track_without_times_is_told_and_read_as_no_patrol(tmp_path: Path) -> None:
    source = opened(tmp_path, "a.gpx", gpx([(102.4, 22.4, ""), (102.41, 22.4, "")]))
    assert rows(source, "whole_patrols") == [] and len(rows(source, "tracks")) == 1
    assert "no_time" in codes(source)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.98])
def test_a_gpx_file_cut_anywhere_gives_one_sentence(tmp_path: Path, share: float) -> None:
    text = gpx(way("2026-03-02"))
    with pytest.raises(formats.FormatError) as refused:
        opened(tmp_path, "a.gpx", text[: int(len(text) * share)])
    assert refused.value.code == "cut_file" and "bị cắt hoặc hỏng ở dòng" in refused.value.vi


def test_a_waypoint_of_the_day_is_a_sign_and_one_of_another_day_is_not(tmp_path: Path) -> None:
    def point(when: str) -> str:
        return f'<wpt lat="22.4" lon="102.4"><time>{when}</time><name>Bẫy dây 3</name></wpt>'

    more = point("2026-03-02T01:05:00Z") + point("2026-05-02T01:05:00Z")
    source = opened(tmp_path, "a.gpx", gpx(way("2026-03-02"), more=more))
    (sign,) = rows(source, "signs")
    assert sign["Category"].split(".")[-1] == "Bẫy dây" and sign["Waypoint Date"] == "2026-03-02"


def segment(start: str | None, end: str | None, **more: Any) -> dict[str, Any]:
    return {"id": "s", "patrol_type": "foot", "time_range": {"start_time": start, "end_time": end}, **more}


def ranger(**more: Any) -> dict[str, Any]:
    return {"id": "0a63xyz", "serial_number": 7, "state": "done", "objective": "Gỡ bẫy", **more}


def event(**more: Any) -> dict[str, Any]:
    at = {"longitude": 102.4, "latitude": 22.4}
    return {"id": "e", "event_type": "snare_rep", "time": "2026-03-02T02:00:00Z", "location": at, **more}


def test_a_patrol_of_earthranger_has_its_hours_its_leader_and_what_was_found(tmp_path: Path) -> None:
    seen = event(id="f", event_details={"species": "Nomascus concolor", "count": 2})
    told = segment(
        "2026-03-02T00:00:00Z", "2026-03-02T05:30:00Z", leader={"name": "Vàng A"}, events=[event(), seen]
    )
    source = opened(tmp_path, "p.json", json.dumps(ranger(patrol_segments=[told])))
    (patrol,), (day,) = rows(source, "whole_patrols"), rows(source, "days")
    assert (patrol["Patrol ID"], patrol["Leader"], patrol["State"]) == ("ER-7-0a63xy", "Vàng A", "done")
    assert (day["Date"], day["Hours"]) == ("2026-03-02", "5.5")
    assert [s["Category"] for s in rows(source, "signs")] == ["snare_rep"]
    (one,), (visit,) = rows(source, "seen"), rows(source, "visits")
    assert (one["scientificName"], one["individualCount"]) == ("Nomascus concolor", "2")
    assert one["eventID"] == visit["eventID"] and visit["samplingEffort"] == "5.5 giờ"


@pytest.mark.parametrize(
    ("start", "end", "days", "hours"),
    [
        ("2026-03-02T14:00:00Z", "2026-03-02T20:00:00Z", 1, "6.0"),  # over midnight of here
        ("2026-03-01T23:00:00Z", "2026-03-04T10:00:00Z", 3, None),  # three days: nobody walks day and night
        ("2026-03-02T00:00:00Z", None, 1, None),
        ("2026-03-02T05:00:00Z", "2026-03-02T00:00:00Z", 1, None),  # ends before it begins: told as wrong
    ],
)
def test_a_segment_is_cut_into_days_and_no_hours_are_made_up(
    tmp_path: Path, start: str, end: str | None, days: int, hours: str | None
) -> None:
    source = opened(tmp_path, "p.json", json.dumps(ranger(patrol_segments=[segment(start, end)])))
    found = rows(source, "days")
    assert [d.get("Hours") for d in found] == [hours] * days
    assert bool(found[0].get("Wrong")) == (end is not None and end < start)


@pytest.mark.parametrize(
    ("state", "told"), [("cancelled", "cancelled"), ("open", "planned"), ("done", "planned")]
)
def test_a_patrol_that_nobody_walked_has_no_day(tmp_path: Path, state: str, told: str) -> None:
    planned = {**segment(None, None), "scheduled_start": "2026-03-02T00:00:00Z"}
    source = opened(tmp_path, "p.json", json.dumps(ranger(state=state, patrol_segments=[planned])))
    (patrol,) = rows(source, "whole_patrols")
    assert (patrol["State"], patrol["Start Date"]) == (told, "2026-03-02") and rows(source, "days") == []


def test_fixes_of_a_frame_are_the_ways_of_their_patrols_and_animals_are_none(tmp_path: Path) -> None:
    def fixes(patrol: str, junk: bool = False) -> list[dict[str, Any]]:
        return [
            {
                "fixtime": f"2026-03-02T01:{10 * i:02}:00+00:00", "patrol_id": patrol, "junk_status": junk and i == 2,
                "geometry": shapely.to_wkb(shapely.Point(102.4 + (9.0 if junk and i == 2 else 0.001 * i), 22.4)),
            }
            for i in (1, 0, 3, 2)
        ]  # fmt: skip

    table = pa.Table.from_pylist([*fixes("one"), *fixes("two", junk=True), *fixes("")])
    pa.parquet.write_table(table, tmp_path / "f.parquet")
    pa.feather.write_feather(table, str(tmp_path / "f.feather"))
    for name in ("f.parquet", "f.feather"):
        source = formats.open(tmp_path / name)
        assert [p["Patrol ID"] for p in rows(source, "whole_patrols")] == ["ER-one", "ER-two"]
        assert [d.get("Wrong") for d in rows(source, "days")] == [None, None]
        assert {w.code: w.count for w in source.warnings}["excluded_fix"] == 1
        assert len(rows(source, "observations")) == 12


def test_a_parquet_file_cut_in_the_middle_gives_one_sentence(tmp_path: Path) -> None:
    pa.parquet.write_table(pa.table({"a": list(range(1000))}), tmp_path / "f.parquet")
    cut = (tmp_path / "f.parquet").read_bytes()[:-40]
    (tmp_path / "g.parquet").write_bytes(cut)
    with pytest.raises(formats.FormatError, match="bị cắt hoặc hỏng"):
        formats.open(tmp_path / "g.parquet")


def test_a_parquet_file_of_anything_is_a_table_of_text(tmp_path: Path) -> None:
    table = pa.table(
        {"scientificName": ["Nomascus concolor", None], "individualCount": [2, None], "ok": [True, False]}
    )
    pa.parquet.write_table(table, tmp_path / "f.parquet")
    first, second = rows(formats.open(tmp_path / "f.parquet"), "f")
    assert (first["scientificName"], first["individualCount"], first["ok"]) == (
        "Nomascus concolor",
        "2",
        "true",
    )
    assert second["scientificName"] is None


def sighting(uid: str = "u", **fields: Any) -> dict[str, Any]:
    stored = {"uid": uid, "x": 102.4, "y": 22.4}
    record = {"uid": uid, "fieldValues": fields}
    told = {
        "createTime": "2026-03-02T08:00:00+07:00",
        "username": "vang",
        "deviceId": "abcdef99",
        "db": stored,
    }
    return {**told, "note": "", "records": [record]}


def test_sightings_of_one_device_on_one_day_are_one_patrol(tmp_path: Path) -> None:
    told = [sighting("1", kind="Snare", number=4), sighting("2", species="Nomascus concolor")]
    source = opened(
        tmp_path, "s.json", json.dumps([*told, {**sighting("3"), "createTime": "2026-03-04T08:00:00+07:00"}])
    )
    assert [p["Patrol ID"] for p in rows(source, "whole_patrols")] == [
        "CT-20260302-vang-abcdef",
        "CT-20260304-vang-abcdef",
    ]
    sign = rows(source, "signs")[0]
    assert (sign["Category"], sign["Count"], sign["Observer"]) == ("Snare", "4", "vang")
    assert [s["scientificName"] for s in rows(source, "seen")] == ["Nomascus concolor"]


def feature(kind: str, at: str, x: float, **about: Any) -> dict[str, Any]:
    told = {"smartDataType": "patrol", "smartFeatureType": kind, "dateTime": at}
    about = {"patrolId": "LC-1", **about}
    place = {"type": "Point", "coordinates": [x, 22.4]}
    return {"type": "Feature", "geometry": place, "properties": {**told, "smartAttributes": about}}


def test_features_of_smart_connect_make_the_patrol_its_way_and_its_signs(tmp_path: Path) -> None:
    found = [
        [{"category": "humanactivity.snares", "observationUuid": "o", "attributes": {"numberofsnares": 3}}]
    ]
    told = [
        feature(
            "start", "2026-03-02T08:00:00", 102.4, transportType="foot", leader="Vàng A", members=["a", "b"]
        ),
        feature("trackpoint/new", "2026-03-02T08:20:00", 102.402),
        feature("waypoint/new", "2026-03-02T08:30:00", 102.403, observationGroups=found),
        feature("stop", "2026-03-02T09:00:00", 102.404),
    ]
    source = opened(tmp_path, "s.json", json.dumps({"type": "FeatureCollection", "features": told}))
    (patrol,), (day,), (sign,) = (rows(source, n) for n in ("whole_patrols", "days", "signs"))
    assert (patrol["Patrol ID"], patrol["People"], patrol["Transport"]) == ("LC-1", "2", "foot")
    assert (day["Hours"], shapely.get_num_coordinates(shapely.from_wkb(day["_wkb"]))) == ("1.0", 3)
    assert (sign["Category"], sign["Count"]) == ("humanactivity.snares", "3")


def test_two_gpx_files_in_one_archive_are_read_both(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("one.gpx", gpx(way("2026-03-02")))
        archive.writestr("two.gpx", gpx(way("2026-03-09", x=102.5)))
    source = formats.open(tmp_path / "a.zip")
    assert len(rows(source, "whole_patrols")) == 2
    assert len({t.name for t in source.tables}) == len(source.tables)
    assert rows(source, "tracks")[0]["_wkb"] != rows(source, "tracks (2)")[0]["_wkb"]
