"""Patrols of SMART, EarthRanger and CyberTracker: every leg, point and sign; one sentence for a broken file."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import shapely

import formats

NS = "http://www.smartconservationsoftware.org/xml"
LINE = shapely.LineString([(103.1, 22.1, 1_766_004_505_000), (103.2, 22.2, 1_766_004_565_500)])


def smart(version: str = "1.3", observations: str = "", more: str = "", track: str = "") -> str:
    signs = observations or (
        '<o:observations categoryKey="humanactivity.snare."><o:attributes attributeKey="numberofsnares">'
        "<o:dValue>12.0</o:dValue></o:attributes><o:attributes attributeKey='age'><o:itemKey>old</o:itemKey>"
        "</o:attributes></o:observations>"
    )
    inside = f"<o:groups>{signs}</o:groups>" if version == "1.3" else signs
    geom = track or shapely.to_wkb(shapely.MultiLineString([LINE]), hex=True, output_dimension=3)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<o:patrol xmlns:o="{NS}/{version}/patrol" id="LC_000012" patrolType="GROUND" startDate="2026-03-01"
 endDate="2026-03-02" isArmed="false"><o:objective><o:description>Gỡ bẫy</o:description></o:objective>
<o:team languageCode="vi" value="Tổ Hua Bum"/><o:station value="Trạm Pa Vệ Sủ"/>{more}
<o:legs startDate="2026-03-01" endDate="2026-03-02" id="1"><o:transportType value="Đi bộ"/>
<o:members givenName="Pờ" familyName="Xè" employeeId="7" isLeader="true"/><o:members givenName="Ly" familyName="Go"/>
<o:days date="2026-03-01" startTime="07:00:00" endTime="16:00:00" restMinutes="30">
<o:waypoints id="1" x="103.15" y="22.15" time="08:30:00"><o:comment>Khe suối</o:comment>{inside}</o:waypoints>
<o:waypoints id="2" x="" y="" time="09:00:00"/>
<o:track distance="12.5" geom="{geom}"/></o:days></o:legs></o:patrol>"""


def opened(tmp_path: Path, name: str, text: str) -> formats.Source:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return formats.open(path)


def rows(source: formats.Source, name: str) -> list[dict[str, Any]]:
    return [row for batch in source.table(name).batches() for row in batch.to_pylist()]


@pytest.mark.parametrize("version", ["1.0", "1.2", "1.3"])
def test_a_smart_patrol_of_any_version_is_read_to_the_last_sign(tmp_path: Path, version: str) -> None:
    source = opened(tmp_path, "p.xml", smart(version))
    assert (source.kind, source.metadata["xml_version"]) == ("smart", version)
    (sign,) = rows(source, "signs")
    assert sign["Observation Category 0"] == "humanactivity" and sign["Observation Category 1"] == "snare"
    assert (sign["numberofsnares"], sign["age"], sign["Leader"]) == ("12.0", "old", "Pờ Xè")
    assert (sign["Patrol ID"], sign["Waypoint Date"], sign["Waypoint Time"]) == (
        "LC_000012",
        "2026-03-01",
        "08:30:00",
    )
    assert shapely.from_wkb(sign["_wkb"]).equals(shapely.Point(103.15, 22.15))
    first, second = rows(source, "waypoints")
    assert (first["Comment"], first["Observations"]) == ("Khe suối", "1")
    assert second["_wkb"] is None and second["Observations"] == "0"
    assert [w.count for w in source.warnings if w.code == "null_geometry"] == [1]
    (leg,), (patrol,) = rows(source, "legs"), rows(source, "patrol")
    assert (leg["Transport"], leg["Leader"], leg["Members"]) == ("Đi bộ", "Pờ Xè", "Pờ Xè; Ly Go")
    assert (patrol["Objective"], patrol["Team"], patrol["Station"]) == (
        "Gỡ bẫy",
        "Tổ Hua Bum",
        "Trạm Pa Vệ Sủ",
    )


def test_a_smart_track_keeps_its_length_and_the_clock_of_each_point(tmp_path: Path) -> None:
    source = opened(tmp_path, "p.xml", smart())
    (track,) = rows(source, "tracks")
    assert track["Distance"] == "12.5" and shapely.from_wkb(track["_wkb"]).geom_type == "MultiLineString"
    points = rows(source, "track_points")
    assert [p["Time"] for p in points] == ["2025-12-17T20:48:25", "2025-12-17T20:49:25"]
    assert [(p["X"], p["Y"]) for p in points] == [("103.1", "22.1"), ("103.2", "22.2")]


@pytest.mark.parametrize("geom", ["zz", "00", "0080"])
def test_a_track_that_cannot_be_decoded_is_told_and_the_signs_stay(tmp_path: Path, geom: str) -> None:
    source = opened(tmp_path, "p.xml", smart(track=geom))
    assert "bad_track" in {w.code for w in source.warnings}
    assert len(rows(source, "signs")) == 1 and rows(source, "tracks")[0]["_wkb"] is None


@pytest.mark.parametrize(
    ("was", "told"),
    [("07:00:00", "bảy giờ"), ("16:00:00", "27:00:00"), ('restMinutes="30"', 'restMinutes="nửa giờ"')],
)
def test_hours_that_cannot_be_read_stay_unknown_and_are_told(tmp_path: Path, was: str, told: str) -> None:
    source = opened(tmp_path, "p.xml", smart().replace(was, told))
    assert "unread_hours" in {w.code for w in source.warnings}
    assert rows(source, "days")[0].get("Hours") is None
    plain = opened(tmp_path, "q.xml", smart())
    assert "unread_hours" not in {w.code for w in plain.warnings}


def test_a_part_nobody_reads_is_told(tmp_path: Path) -> None:
    source = opened(tmp_path, "p.xml", smart(more="<o:weather>mưa</o:weather>"))
    assert [w.where for w in source.warnings if w.code == "not_understood"] == ["weather"]


def test_an_attribute_given_twice_keeps_both(tmp_path: Path) -> None:
    twice = (
        '<o:observations categoryKey="a."><o:attributes attributeKey="k"><o:itemKey>x</o:itemKey></o:attributes>'
        '<o:attributes attributeKey="k"><o:itemKey>y</o:itemKey></o:attributes></o:observations>'
    )
    assert rows(opened(tmp_path, "p.xml", smart(observations=twice)), "signs")[0]["k"] == "x; y"


def test_a_species_of_smarts_own_tree_has_its_latin_name(tmp_path: Path) -> None:
    def seen(key: str) -> str:
        value = f"<o:attributes attributeKey='species'><o:itemKey>{key}</o:itemKey></o:attributes>"
        return f'<o:observations categoryKey="animals.">{value}</o:observations>'

    tree = "chordata_rl.mammalia_rl.carnivora_rl.felidae_rl.panthera_rl.pantherapardus_rl15954."
    found = rows(opened(tmp_path, "p.xml", smart(observations=seen(tree) + seen("voọc xám"))), "observations")
    assert [r["scientificName"] for r in found] == ["Panthera pardus", "voọc xám"]
    assert found[0]["species"] == tree
    plain = opened(tmp_path, "q.xml", smart(observations=seen("felidae_rl.panthera_rl.")))
    assert "scientificName" not in plain.table("observations").columns


def test_a_smart_incident_is_a_waypoint_without_a_patrol(tmp_path: Path) -> None:
    text = (
        f'<Waypoint xmlns="{NS}/1.0/independentincident" id="5" x="103.2" y="22.4" dateTime="2026-02-03T10:05:06">'
        "<comment>Súng tự chế</comment><observations categoryKey='humanactivity.weapons'/></Waypoint>"
    )
    source = opened(tmp_path, "i.xml", text)
    assert [t.name for t in source.tables] == ["signs", "waypoints"]
    (point,) = rows(source, "waypoints")
    assert (point["Waypoint Date"], point["Waypoint Time"]) == ("2026-02-03", "10:05:06")
    assert point["Comment"] == "Súng tự chế"


@pytest.mark.parametrize("share", [0.15, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_smart_file_cut_anywhere_gives_one_sentence(tmp_path: Path, share: float) -> None:
    text = smart()
    with pytest.raises(formats.FormatError) as refused:
        opened(tmp_path, "p.xml", text[: int(len(text) * share)])
    assert refused.value.code == "cut_file"
    assert "bị cắt hoặc hỏng ở dòng" in refused.value.vi and refused.value.suggestion


def test_a_smart_model_is_no_patrol_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(formats.FormatError, match="loại “datamodel”, không phải tuần tra"):
        opened(tmp_path, "m.xml", f'<DataModel xmlns="{NS}/1.0/datamodel"/>')


def test_entities_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("mật")
    head = f'<!DOCTYPE p [<!ENTITY s SYSTEM "{tmp_path}/secret.txt">]>'
    text = smart(more="<o:comment>&s;</o:comment>").replace("<o:patrol", head + "<o:patrol", 1)
    source = opened(tmp_path, "p.xml", text)
    assert "mật" not in json.dumps(rows(source, "patrol"), ensure_ascii=False, default=str)


def test_a_zip_of_a_patrol_with_its_photos_is_read(tmp_path: Path) -> None:
    path = tmp_path / "LC_000012.zip"
    with zipfile.ZipFile(path, "w") as pack:
        pack.writestr("patrol.xml", smart())
        pack.writestr("filestore/a.jpg", b"\xff\xd8")
    with formats.open(path) as source:
        assert len(rows(source, "signs")) == 1
        assert [w.where for w in source.warnings if w.code == "file_not_read"] == ["a.jpg"]


def test_patrols_of_one_zip_are_read_together_and_a_cut_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "march.zip"
    with zipfile.ZipFile(path, "w") as pack:
        pack.writestr("a.xml", smart("1.2"))
        pack.writestr("b.xml", smart().replace("LC_000012", "LC_000013"))
    with formats.open(path) as source:
        assert [t.name for t in source.tables].count("signs") == 1
        assert [r["Patrol ID"] for r in rows(source, "signs")] == ["LC_000012", "LC_000013"]
    with zipfile.ZipFile(path, "a") as pack:
        pack.writestr("c.xml", smart()[:900])
    with pytest.raises(formats.FormatError, match=r"“c\.xml” bị cắt hoặc hỏng"):
        formats.open(path)


def test_a_patrol_is_read_within_bounds_too(tmp_path: Path) -> None:
    path = tmp_path / "p.xml"
    path.write_text(smart(), encoding="utf-8")
    with formats.open_bounded(path) as source:
        assert len(rows(source, "signs")) == 1


EVENT = {
    "id": "e1",
    "serial_number": 9,
    "event_type": "snare_rep",
    "time": "2026-03-01T08:00:00+07:00",
    "location": {"latitude": 22.1, "longitude": 103.1},
    "reported_by": {"first_name": "Lý", "last_name": "Go"},
    "event_details": {"snares": 4, "action": ["gỡ", "ghi"]},
    "files": [{"id": "f1"}],
}
PATROL = {
    "id": "p1",
    "serial_number": 3,
    "title": "Tuần tra",
    "patrol_segments": [
        {
            "id": "s1",
            "patrol_type": "foot",
            "leader": {"name": "Xè"},
            "time_range": {"start_time": "2026-03-01T00:00:00Z", "end_time": None},
            "start_location": {"latitude": 22.0, "longitude": 103.0},
            "end_location": None,
            "scheduled_start": "2026-03-01T00:30:00Z",
            "events": [EVENT],
        }
    ],
}


@pytest.mark.parametrize(
    "wrapped",
    [
        EVENT,
        [EVENT],
        {"results": [EVENT], "count": 1, "next": None},
        {"data": {"count": 1, "results": [EVENT]}, "status": {"code": 200}},
        {"data": [EVENT], "status": {"code": 200}},
        {key: {"0": value} for key, value in EVENT.items()},
    ],
)
def test_events_are_read_however_they_are_wrapped(tmp_path: Path, wrapped: Any) -> None:
    source = opened(tmp_path, "e.json", json.dumps(wrapped, ensure_ascii=False))
    (event,) = rows(source, "events")
    assert (event["event_type"], event["reported_by"], event["event_details.snares"]) == (
        "snare_rep",
        "Lý Go",
        "4",
    )
    assert (event["longitude"], event["event_details.action"]) == ("103.1", '["gỡ", "ghi"]')
    assert event["files"] == '[{"id": "f1"}]'
    assert shapely.from_wkb(event["_wkb"]).equals(shapely.Point(103.1, 22.1))


def test_a_patrol_gives_its_segments_and_events(tmp_path: Path) -> None:
    source = opened(tmp_path, "p.json", json.dumps({"results": [PATROL, PATROL]}))
    assert [(t.name, t.count()) for t in source.tables][:3] == [
        ("events", 2),
        ("segments", 2),
        ("patrols", 2),
    ]
    segment = rows(source, "segments")[0]
    assert (segment["leader"], segment["start_time"]) == ("Xè", "2026-03-01T00:00:00Z")
    assert (segment["start_longitude"], segment["scheduled_start"]) == ("103.0", "2026-03-01T00:30:00Z")
    assert rows(source, "events")[0]["patrol_serial_number"] == "3"


def track(times: list[str], **more: Any) -> str:
    feature = {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": [[103.0, 22.0], [103.1, 22.1, 800.0]]},
        "properties": {"id": "s", "title": "Tổ 1", "coordinateProperties": {"times": times}},
        **more,
    }
    return json.dumps({"data": {"type": "FeatureCollection", "features": [feature]}, "status": {"code": 200}})


def test_a_track_gives_its_line_and_the_time_of_each_point(tmp_path: Path) -> None:
    source = opened(tmp_path, "t.json", track(["2026-03-01T01:00:00Z", "2026-03-01T01:05:00Z"]))
    assert [(t.name, t.count()) for t in source.tables] == [("tracks", 1), ("track_points", 2)]
    assert [p["time"] for p in rows(source, "track_points")] == [
        "2026-03-01T01:00:00Z",
        "2026-03-01T01:05:00Z",
    ]
    short = opened(tmp_path, "u.json", track(["2026-03-01T01:00:00Z"]))
    assert "times_differ" in {w.code for w in short.warnings}
    assert "time" not in short.table("track_points").columns


def test_a_map_with_such_words_stays_a_map(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [103.0, 22.0]}
    feature = {"type": "Feature", "geometry": point, "properties": {"event_type": "x", "createTime": "y"}}
    whole = json.dumps({"type": "FeatureCollection", "features": [feature]})
    assert opened(tmp_path, "m.json", whole).kind == opened(tmp_path, "m.geojson", whole).kind == "vector"


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.8, 0.99])
def test_an_earthranger_file_cut_anywhere_gives_one_sentence(tmp_path: Path, share: float) -> None:
    text = json.dumps({"results": [PATROL] * 3}, indent=1)
    with pytest.raises(formats.FormatError) as refused:
        opened(tmp_path, "p.json", text[: int(len(text) * share)])
    assert refused.value.code == "cut_file" and "bị cắt hoặc hỏng ở dòng" in refused.value.vi


@pytest.mark.parametrize(
    "odd",
    [
        {"latitude": 95, "longitude": 103},
        {"latitude": "x", "longitude": 103},
        {"latitude": 0, "longitude": 0},
        {"latitude": None, "longitude": 103},
        {},
        [],
        "22,103",
        None,
    ],
)
def test_a_place_that_is_none_is_told_and_the_event_stays(tmp_path: Path, odd: Any) -> None:
    source = opened(tmp_path, "e.json", json.dumps([{**EVENT, "location": odd}]))
    (event,) = rows(source, "events")
    assert event["_wkb"] is None and event["id"] == "e1"
    assert "null_geometry" in {w.code for w in source.warnings}


@pytest.mark.parametrize(
    "odd", [{}, {"type": "Feature", "geometry": {"type": "Blob", "coordinates": [1]}}, [1], "x", 5]
)
def test_a_geometry_that_cannot_be_built_is_no_place(tmp_path: Path, odd: Any) -> None:
    source = opened(tmp_path, "e.json", json.dumps([{**EVENT, "location": None, "geojson": odd}]))
    assert rows(source, "events")[0]["_wkb"] is None


def test_an_entry_of_another_kind_is_told(tmp_path: Path) -> None:
    source = opened(tmp_path, "e.json", json.dumps([EVENT, 7, {"x": 1}]))
    assert [w.count for w in source.warnings if w.code == "not_understood"] == [2]


SIGHTING = {
    "createTime": "2026-04-30T09:56:27+07:00",
    "db": {"uid": "u1", "x": 103, "y": 22, "attachments": ["a.jpg", "b.wav"]},
    "username": "go",
    "trackOnly": False,
    "records": [
        {"uid": "r1", "fieldValues": {"loc": {"x": 103.25, "y": 22.5}, "species": "gà lôi"}},
        {"uid": "r2", "fieldValues": {}},
    ],
}


def test_sightings_of_cybertracker_have_their_records_and_the_finest_place(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps([SIGHTING]).encode())
    source = formats.open(path)
    (sighting,) = rows(source, "sightings")
    assert (sighting["uid"], sighting["attachments"], sighting["trackOnly"]) == (
        "u1",
        "a.jpg; b.wav",
        "false",
    )
    assert shapely.from_wkb(sighting["_wkb"]).equals(shapely.Point(103.25, 22.5))
    assert [r["field.species"] for r in rows(source, "records")] == ["gà lôi", None]


def test_smart_csv_is_known_by_its_headers(tmp_path: Path) -> None:
    head = "Patrol ID,Waypoint ID,Waypoint Date,Waypoint Time,X,Y,Observation Category 0,Species,Number of animals"
    source = opened(tmp_path, "q.csv", head + "\nLC_1,3,2026-03-01,08:00:00,103.1,22.1,Animals,Voọc xám,4\n")
    (row,) = rows(source, "q")
    assert (row["Patrol ID"], row["Species"], row["Number of animals"]) == ("LC_1", "Voọc xám", "4")


def test_gpx_tracks_come_with_their_points_and_times(tmp_path: Path) -> None:
    text = """<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">
<trk><name>T</name><trkseg><trkpt lat="22.1" lon="103.1"><time>2026-03-01T01:00:00Z</time></trkpt>
<trkpt lat="22.2" lon="103.2"><time>2026-03-01T01:05:00Z</time></trkpt></trkseg></trk></gpx>"""
    source = opened(tmp_path, "t.gpx", text)
    assert {t.name: t.count() for t in source.tables} == {
        "tracks": 1, "track_points": 2, "whole_patrols": 1, "days": 1,
    }  # fmt: skip
    assert [p["time"][:19] for p in rows(source, "track_points")] == [
        "2026-03-01T01:00:00",
        "2026-03-01T01:05:00",
    ]


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7, 0.95])
def test_a_gpx_cut_anywhere_gives_one_sentence(tmp_path: Path, share: float) -> None:
    points = "".join(
        f'<trkpt lat="22.{i:03d}" lon="103.1"><time>2026-03-01T01:00:00Z</time></trkpt>' for i in range(50)
    )
    text = f'<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{points}</trkseg></trk></gpx>'
    with (
        pytest.raises(formats.FormatError) as refused,
        opened(tmp_path, "t.gpx", text[: int(len(text) * share)]) as source,
    ):
        for table in source.tables:
            list(table.batches())
    assert refused.value.vi and refused.value.suggestion


def test_a_table_packed_under_its_archives_own_name_is_read(tmp_path: Path) -> None:
    path = tmp_path / "relocs.csv.zip"
    with zipfile.ZipFile(path, "w") as pack:
        pack.writestr("relocs.csv.zip", "id,longitude,latitude\n1,103.1,22.1\n2,103.2,22.2\n")
    with formats.open(path) as source:
        assert [(t.name, sum(b.num_rows for b in t.batches())) for t in source.tables] == [("relocs.csv", 2)]
