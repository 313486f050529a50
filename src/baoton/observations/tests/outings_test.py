"""An open record that would betray a guarded one is as guarded as it, whoever wrote which of them first."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely

from baoton.kit.access import Scope, System
from baoton.kit.importing import run_file, undo
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.write import create, edit, withdraw
from baoton.observations.models import Dataset, Event, Occurrence
from baoton.places.actions import load as load_places
from baoton.taxa.actions import load as load_taxa
from baoton.taxa.models import Taxon

pytestmark = pytest.mark.django_db
DAY, AT = date(2026, 5, 2), (102.9012, 22.4107)
DUNG, PAO = "Lò Văn Dũng", "Vàng A Pao"
M = 1 / 111_320


@pytest.fixture(autouse=True)
def loaded(db: None, tmp_path: Path, settings: Any) -> None:
    settings.BLOB_DIR = tmp_path / "blobs"
    load_places()
    load_taxa()
    for code in ("d", "other"):
        Dataset.objects.create(code=code, title=code)


def taxon(level: int, group: str = "mammal", skip: int = 0) -> Taxon:
    rows = Taxon.objects.filter(sensitivity=level, taxon_group=group, rank="species", status="accepted")
    return rows.order_by("scientific_name")[skip]


def seen(level: int = 0, north: float = 0.0, **more: Any) -> Occurrence:
    """A record some metres north of the place, by Dũng, on the day."""
    given = {
        "day_start": DAY,
        "recorded_by": DUNG,
        "taxon": taxon(level),
        "dataset": Dataset.objects.get(code="d"),
    }
    placed = more.pop("placed", True)
    row = Occurrence(**{**given, **more})
    if placed:
        row.put_point(AT[0], AT[1] + north * M)
    saved: Occurrence = create(REGISTERS["observations.occurrence"], System(), row)
    return saved


def visit(name: str, north: float = 0.0, **more: Any) -> Event:
    given = {
        "day_start": DAY,
        "recorded_by": DUNG,
        "dataset": Dataset.objects.get(code="d"),
        "event_id": name,
    }
    line, placed = more.pop("line", None), more.pop("placed", True)
    row = Event(**{**given, **more})
    if not placed:
        row.area_path = ""
    elif line is None:
        row.put_point(AT[0], AT[1] + north * M)
    else:
        row.put(line)
    saved: Event = create(REGISTERS["observations.event"], System(), row)
    return saved


def level(row: Any) -> int:
    row.refresh_from_db()
    assert (row.shown_x is None) == (row.disclosure == 2 or row.min_x is None)
    if row.disclosure:
        assert row.shown_x != row.min_x or row.min_x is None
    return int(row.disclosure)


@pytest.mark.parametrize("guard", [1, 2])
def test_an_open_record_beside_a_guarded_one_is_as_guarded_whichever_came_first(guard: int) -> None:
    before = seen(0, 15)
    assert level(before) == 0
    seen(guard)
    after = seen(0, -15)
    assert level(before) == level(after) == guard


BESIDE: dict[str, dict[str, Any]] = {
    "at the very place": {}, "15 m beside": {"north": 15}, "400 m off": {"north": 400},
    "a shortened name": {"recorded_by": "Dũng"}, "without its marks": {"recorded_by": "LO VAN DUNG"},
    "initials": {"recorded_by": "L.V. Dũng"}, "with others": {"recorded_by": f"{PAO}; {DUNG}"},
    "nobody named": {"recorded_by": ""}, "no day": {"day_start": None},
    "days that overlap": {"day_start": DAY - timedelta(1), "day_end": DAY + timedelta(2)},
    "another dataset": {"dataset": "other"}, "another taxon group": {"taxon": "plant"},
}  # fmt: skip
APART: dict[str, dict[str, Any]] = {
    "700 m off": {"north": 700}, "the day after": {"day_start": DAY + timedelta(1)},
    "days that end before": {"day_start": DAY - timedelta(3), "day_end": DAY - timedelta(1)},
    "another person": {"recorded_by": PAO},
    "nobody named in another dataset": {"recorded_by": "", "dataset": "other"},
    "no day in another dataset": {"day_start": None, "dataset": "other"},
}  # fmt: skip


def written(more: dict[str, Any]) -> Occurrence:
    given = dict(more)
    if "dataset" in given:
        given["dataset"] = Dataset.objects.get(code=given["dataset"])
    if "taxon" in given:
        given["taxon"] = taxon(0, given["taxon"])
    return seen(0, **given)


@pytest.mark.parametrize("first", ["guarded", "open"])
@pytest.mark.parametrize("how", BESIDE)
def test_it_betrays(how: str, first: str) -> None:
    if first == "guarded":
        seen(2)
    row = written(BESIDE[how])
    if first == "open":
        assert level(row) == 0
        seen(2)
    assert level(row) == 2


@pytest.mark.parametrize("first", ["guarded", "open"])
@pytest.mark.parametrize("how", APART)
def test_it_betrays_nothing(how: str, first: str) -> None:
    if first == "guarded":
        seen(2)
    row = written(APART[how])
    if first == "open":
        seen(2)
    assert level(row) == 0


def test_a_record_without_coordinates_betrays_by_its_locality() -> None:
    before = seen(0, placed=False, locality="Khe Suối Ngầm")
    seen(2, locality="khe suối ngầm")
    after, other = (seen(0, placed=False, locality=w) for w in ("KHE SUOI NGAM", "bản Pa Ủ"))
    assert (level(before), level(after), level(other)) == (2, 2, 0)


def test_a_guarded_record_without_coordinates_guards_the_place_of_its_locality() -> None:
    before = seen(0, 9, locality="khe suối ngầm")
    seen(2, placed=False, locality="Khe suối ngầm")
    after = seen(0, 3000, locality="khe suối ngầm")
    assert level(before) == level(after) == 2


def test_withdrawing_the_guarded_record_gives_the_others_back() -> None:
    guarded, beside = seen(2), seen(0, 15)
    place = visit("e", 20)
    assert level(beside) == level(place) == 2
    withdraw(REGISTERS["observations.occurrence"], System(), guarded, "ghi nhầm")
    assert level(beside) == level(place) == 0
    assert beside.shown_x == beside.min_x and beside.guarded_for == ""


EDITS: dict[str, tuple[dict[str, Any], int]] = {
    "its day": ({"day_start": DAY + timedelta(3)}, 0), "its observer": ({"recorded_by": PAO}, 0),
    "its name": ({"taxon": 0}, 0), "its place": ({"geom": shapely.Point(AT[0], AT[1] + 0.05)}, 0),
    "a word": ({"remarks": "xem lại"}, 2), "a lower level": ({"taxon": 1}, 1),
}  # fmt: skip


@pytest.mark.parametrize("what", EDITS)
def test_editing_the_guarded_record_moves_the_others_with_it(what: str) -> None:
    guarded, beside = seen(2), seen(0, 15)
    values, expected = EDITS[what]
    if "taxon" in values:
        one = taxon(values["taxon"])
        values = {"taxon": one.pk, "scientific_name": one.scientific_name}
    edit(REGISTERS["observations.occurrence"], System(), guarded, values)
    assert level(beside) == expected


@pytest.mark.parametrize("what", ["its day", "its observer", "its place"])
def test_editing_an_open_record_towards_a_guarded_one_guards_it_and_back(what: str) -> None:
    away = {
        "its day": {"day_start": DAY - timedelta(9)},
        "its observer": {"recorded_by": PAO},
        "its place": {},
    }[what]
    beside = seen(0, 9000 if what == "its place" else 15, **away)
    seen(2)
    assert level(beside) == 0
    near = {"its day": {"day_start": DAY}, "its observer": {"recorded_by": DUNG}}.get(
        what, {"geom": shapely.Point(*AT)}
    )
    edit(REGISTERS["observations.occurrence"], System(), beside, near)
    assert level(beside) == 2
    far = away or {"geom": shapely.Point(AT[0], AT[1] + 0.1)}
    edit(REGISTERS["observations.occurrence"], System(), beside, far)
    assert level(beside) == 0


def test_a_segment_15_m_beside_a_guarded_record_is_guarded() -> None:
    x, y = AT
    long = shapely.LineString([(x - 0.02, y + 15 * M), (x + 0.02, y + 15 * M)])
    far = shapely.LineString([(x - 0.02, y + 900 * M), (x + 0.02, y + 900 * M)])
    bent = shapely.LineString([(x - 0.02, y - 0.02), (x - 0.02, y + 0.02), (x + 0.02, y + 0.02)])
    first = visit("đoạn 1", line=long)
    seen(2)
    second, third, fourth = visit("đoạn 2", line=long), visit("xa", line=far), visit("vòng", line=bent)
    assert [level(v) for v in (first, second, third, fourth)] == [2, 2, 0, 0]


def test_a_segment_15_m_beside_in_one_family_is_guarded_whatever_its_day_and_observer() -> None:
    site = visit("tuyến", 3000)
    one = visit("đoạn 1", parent=site)
    two = visit("đoạn 2", 15, parent=site, day_start=DAY + timedelta(40), recorded_by=PAO)
    away = visit("đoạn 9", 2500, parent=site, day_start=DAY + timedelta(40), recorded_by=PAO)
    seen(2, event=one)
    common = seen(0, 15, event=two, day_start=DAY + timedelta(40), recorded_by=PAO)
    assert [level(v) for v in (site, one, two, away, common)] == [2, 2, 2, 0, 2]


def test_a_guarded_visit_without_a_place_stands_where_its_parent_does() -> None:
    site = visit("điểm", 3000)
    one = visit("đợt không toạ độ", parent=site, placed=False)
    beside = visit("đợt khác", 3015, parent=site, day_start=DAY + timedelta(40), recorded_by=PAO)
    away = visit("đợt xa", 500, parent=site, day_start=DAY + timedelta(40), recorded_by=PAO)
    seen(2, event=one, placed=False)
    assert [level(v) for v in (site, one, beside, away)] == [2, 2, 2, 0]


def test_three_levels_of_visits_follow_their_deepest_part_and_what_is_beside_it() -> None:
    site = visit("điểm", 2000, recorded_by="")
    deployment = visit("đợt đặt", 1000, parent=site, recorded_by="")
    burst = visit("chùm", parent=deployment, recorded_by="")
    by_hand = seen(0, 12, recorded_by="", dataset=Dataset.objects.get(code="d"))
    guarded = seen(2, event=burst, recorded_by=DUNG)
    rows = (site, deployment, burst, guarded, by_hand)
    assert [level(r) for r in rows] == [2] * 5
    withdraw(REGISTERS["observations.occurrence"], System(), guarded, "ghi nhầm")
    assert [level(r) for r in (site, deployment, burst, by_hand)] == [0] * 4


def test_what_was_seen_at_the_visit_of_a_betraying_record_is_guarded_too() -> None:
    walk = visit("đi bộ", 4000)
    there, far = seen(0, 15, event=walk), seen(0, 4000, event=walk)
    seen(2)
    assert [level(r) for r in (walk, there, far)] == [2, 2, 2]


def test_what_betrays_only_a_betraying_record_stays_open() -> None:
    seen(2)
    near, next_to_it = seen(0, 400), seen(0, 800)
    assert (level(near), level(next_to_it)) == (2, 0)


def test_the_day_and_the_observer_of_the_visit_speak_for_a_record_that_has_none() -> None:
    walk = visit("đi bộ", 300)
    guarded = seen(2, event=walk, day_start=None, recorded_by="")
    other = Dataset.objects.get(code="other")
    assert level(guarded) == 2
    assert level(seen(0, 15, dataset=other)) == 2


def test_a_right_to_plants_opens_no_plant_beside_a_guarded_animal_of_its_level() -> None:
    rare = seen(1, 15, taxon=taxon(1, "plant"))
    alone = seen(1, 9000, taxon=taxon(1, "plant"), day_start=DAY + timedelta(5))
    door = REGISTERS["observations.occurrence"].door(Botanist())
    told = lambda: set(door.open().filter(door_precise=True).values_list("pk", flat=True))  # noqa: E731
    assert told() == {rare.pk, alone.pk}
    seen(1)
    assert told() == {alone.pk}


class Botanist:
    actor_id = actor_name = "khoa"

    def scopes(self, verb: str) -> tuple[Scope, ...]:
        return (Scope(taxon_group="plant"),)


HEAD = {"scientificName": "", "decimalLongitude": str(AT[0]), "decimalLatitude": str(AT[1]), "eventDate": "2026-05-02",
        "recordedBy": DUNG}  # fmt: skip
Csv = Callable[..., Path]


def file(folder: Path, *rows: tuple[str, int, float], name: str = "a.csv") -> Path:
    lines = [",".join(["occurrenceID", *HEAD])]
    for key, guard, north in rows:
        cells = {
            **HEAD,
            "scientificName": taxon(guard).scientific_name,
            "decimalLatitude": str(AT[1] + north * M),
        }
        lines.append(",".join([key, *cells.values()]))
    path = folder / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def brought(folder: Path, *rows: tuple[str, int, float], name: str = "a.csv") -> Any:
    batch = run_file(System(), file(folder, *rows, name=name), dataset="bảng")
    assert batch.counts["total"]["refused"] == 0, batch.counts
    return batch


def of(key: str) -> Occurrence:
    return Occurrence.objects.get(occurrence_id=key)


def test_a_file_with_a_guarded_record_guards_what_was_written_by_hand_and_its_own_rows(
    tmp_path: Path,
) -> None:
    by_hand, place = seen(0, 15), visit("e", 20)
    brought(tmp_path, ("g", 2, 0), ("beside", 0, 30), ("far", 0, 5000))
    assert [level(r) for r in (by_hand, place, of("beside"), of("far"))] == [2, 2, 2, 0]


def test_a_file_of_open_records_beside_a_guarded_one_written_by_hand_is_guarded(tmp_path: Path) -> None:
    seen(2)
    brought(tmp_path, ("beside", 0, 30), ("far", 0, 5000))
    assert [level(of(k)) for k in ("beside", "far")] == [2, 0]


def test_taking_the_file_back_opens_what_it_had_guarded(tmp_path: Path) -> None:
    by_hand, place = seen(0, 15), visit("e", 20)
    undo(System(), brought(tmp_path, ("g", 2, 0)))
    assert [level(r) for r in (by_hand, place)] == [0, 0]


def test_a_file_that_moves_or_renames_a_guarded_record_opens_and_guards_what_is_beside(
    tmp_path: Path,
) -> None:
    brought(tmp_path, ("g", 2, 0))
    here, there = seen(0, 15), seen(0, 3015)
    batch = brought(tmp_path, ("g", 2, 3000), name="b.csv")
    assert (level(here), level(there)) == (0, 2)
    undo(System(), batch)
    assert (level(here), level(there)) == (2, 0)


def test_nothing_on_the_page_of_a_betraying_record_tells_why_it_is_guarded(client: Any) -> None:
    seen(2)
    beside = seen(0, 15, status="verified")
    visited = seen(1, 9000, day_start=DAY + timedelta(9), status="verified")
    pages = [
        client.get(REGISTERS["observations.occurrence"].url(r)).content.decode() for r in (beside, visited)
    ]
    assert all(p.count("bảo vệ") <= pages[1].count("bảo vệ") for p in pages)
    assert taxon(2).scientific_name not in pages[0]


def test_a_survey_of_guarded_records_alone_is_named_to_nobody_who_may_not_know_them(client: Any) -> None:
    told = Dataset.objects.create(code="hang-yen", title="Hang yến Pa Vệ Sủ", licence="CC-BY-4.0")
    row = seen(2, dataset=told, status="verified")
    paths = ("/so/observations-dataset/", f"/so/observations-dataset/{told.pk}/", "/du-lieu-mo/",
             f"/so/observations-occurrence/{row.pk}/", f"/api/collections/observations-occurrence/items/{row.pk}",
             "/so/observations-occurrence/xuat.csv", f"/du-lieu-mo/{told.pk}/le.zip")  # fmt: skip
    answers = {p: client.get(p) for p in paths}
    bodies = {
        p: b"".join(a.streaming_content if a.streaming else [a.content]).decode() for p, a in answers.items()
    }
    assert [p for p, body in bodies.items() if "hang-yen" in body or "Hang yến" in body] == []
    assert answers[paths[1]].status_code == answers[paths[6]].status_code == 404
    seen(0, 5000, dataset=told, status="verified")
    assert "Hang yến" in client.get("/so/observations-dataset/").content.decode()
