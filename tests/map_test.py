"""Map tiles: everything is on them, nothing secret is, and near and far tell the same number."""

from datetime import date
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baoton.kit.access import Actor, Public, Scope, System
from baoton.kit.cells import to_world
from baoton.kit.ids import source_id
from baoton.kit.models import TileCount
from baoton.kit.reading import tile_counts
from baoton.kit.reading.mvt import Point, encode
from baoton.kit.reading.register import REGISTERS
from baoton.kit.reading.tiles import MANY, Tile, draw
from baoton.kit.writing.outbox import changed_much, changing, drain
from baoton.observations.models import Dataset, Event, Occurrence, Status
from baoton.places.actions import load as load_places
from baoton.taxa.actions import load as load_taxa
from baoton.taxa.models import Taxon

pytestmark = pytest.mark.django_db
OPEN, SECRET, GUARDED = "Macaca mulatta", "Manis pentadactyla", "Aonyx cinereus"


class Holder:
    """Somebody with given grants."""

    actor_id = actor_name = "holder"

    def __init__(self, see: str | None = None, precise: str | None = None) -> None:
        self.see, self.precise = see, precise

    def scopes(self, verb: str) -> tuple[Scope, ...]:
        area = self.precise if verb.endswith("see_precise") else self.see
        return () if area is None else (Scope(area),)


READERS: dict[str, Actor] = {
    "public": Public(),
    "police": Holder("12"),
    "all shown": Holder(""),
    "commune": Holder("12/03451"),
    "ranger": Holder("12", "12"),
    "commune ranger": Holder("12/03451", "12/03451"),
    "system": System(),
}


def decode(data: bytes) -> dict[str, Any]:
    """A vector tile read by the specification alone: layer name, extent and features as (x, y, properties)."""

    def fields(raw: bytes) -> Any:
        at = 0

        def number() -> int:
            nonlocal at
            value = shift = 0
            while True:
                byte = raw[at]
                at += 1
                value |= (byte & 127) << shift
                if byte < 128:
                    return value
                shift += 7

        while at < len(raw):
            tag = number()
            if tag & 7 == 2:
                size = number()
                yield tag >> 3, raw[at : at + size]
                at += size
            else:
                assert tag & 7 == 0
                yield tag >> 3, number()

    def packed(raw: bytes) -> list[int]:
        out, value, shift = [], 0, 0
        for byte in raw:
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                out.append(value)
                value = shift = 0
        return out

    layers = [body for tag, body in fields(data) if tag == 3]
    if not layers:
        return {"name": None, "features": []}
    (layer,) = layers
    parts = list(fields(layer))
    keys = [body.decode() for tag, body in parts if tag == 3]
    values = []
    for tag, body in parts:
        if tag == 4:
            (kind, value), *_rest = fields(body)
            values.append(value.decode() if kind == 1 else value)
    features = []
    for tag, body in parts:
        if tag != 2:
            continue
        given = dict(fields(body))
        assert given[3] == 1
        command, x, y = packed(given[4])
        assert command == 9
        tags = packed(given[2])
        told = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
        features.append(((x >> 1) ^ -(x & 1), (y >> 1) ^ -(y & 1), told))
    flat = dict(parts)
    assert flat[15] == 2
    return {"name": flat[1].decode(), "extent": flat[5], "features": features}


@pytest.fixture
def dataset(db: None) -> Dataset:
    load_places()
    load_taxa()
    return Dataset.objects.create(code="t", title="t")


def add(
    dataset: Dataset, lon: Any, lat: Any, name: str = OPEN, status: str = Status.VERIFIED, **more: Any
) -> list[Occurrence]:
    taxon = Taxon.objects.get(scientific_name=name)
    made = []
    for i, (x, y) in enumerate(zip(np.atleast_1d(lon), np.atleast_1d(lat), strict=True)):
        record = Occurrence(
            dataset=dataset,
            occurrence_id=f"{name}-{status}-{i}-{Occurrence.objects.count()}",
            taxon=taxon,
            taxon_group=taxon.taxon_group,
            scientific_name=name,
            day_start=date(2023, 5, 1),
            status=status,
            **more,
        )
        record.put_point(float(x), float(y))
        made.append(record)
    register().settle(made)  # type: ignore[misc]
    return Occurrence.objects.bulk_create(made)


def register() -> Any:
    return REGISTERS["observations.occurrence"]


def tile_at(lon: float, lat: float, z: int) -> Tile:
    x, y = to_world([lon], [lat])
    return Tile(z, int(x[0] * (1 << z)), int(y[0] * (1 << z)))


def total(actor: Actor, tile: Tile, **asked: str) -> int:
    return sum(f[2]["n"] for f in decode(draw(register(), actor, tile, asked))["features"])


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 4095),
            st.integers(0, 4095),
            st.integers(0, 2**40),
            st.text(min_size=1, max_size=30),
        )
    )
)
def test_a_tile_decodes_to_what_went_in(points: list[tuple[int, int, int, str]]) -> None:
    data = encode("records", ("n", "name"), (Point(x, y, (n, t)) for x, y, n, t in points))
    told = decode(data)
    assert told["features"] == [(x, y, {"n": n, "name": t}) for x, y, n, t in points]
    if points:
        assert (told["name"], told["extent"]) == ("records", 4096)
    else:
        assert data == b""


def test_few_records_stand_one_by_one_at_any_zoom_and_open_by_their_key(dataset: Dataset) -> None:
    (record,) = add(dataset, 102.46, 22.48)
    tile_counts.rebuild()
    for z in (0, 6, 10, 14, 18):
        told = decode(draw(register(), Public(), tile_at(102.46, 22.48, z), {}))
        assert [f[2] for f in told["features"]] == [{"n": 1, "id": str(record.pk), "name": OPEN}], z


def test_records_at_one_spot_are_one_point_with_their_number(client: Client, dataset: Dataset) -> None:
    add(dataset, [102.46] * 3, [22.48] * 3)
    tile = tile_at(102.46, 22.48, 14)
    ((_x, _y, told),) = decode(draw(register(), Public(), tile, {}))["features"]
    assert told == {"n": 3}
    spot = tile_at(102.46, 22.48, 18)
    listed = client.get(f"/tiles/observations-occurrence/{spot.z}/{spot.x}/{spot.y}.json").json()
    assert listed["n"] == len(listed["records"]) == 3


def test_near_and_far_tiles_tell_every_record_each_reader_may_see(dataset: Dataset) -> None:
    rng = np.random.default_rng(5)
    for name, status, n in (
        (OPEN, Status.VERIFIED, 700),
        (OPEN, Status.DRAFT, 200),
        (GUARDED, Status.VERIFIED, 150),
        (GUARDED, Status.DRAFT, 50),
        (SECRET, Status.VERIFIED, 40),
    ):
        add(dataset, rng.uniform(102.4, 102.6, n), rng.uniform(22.4, 22.6, n), name, status)
    add(dataset, [0.5], [51.0])
    tile_counts.rebuild()
    for who, actor in READERS.items():
        door = register().door(actor)
        placed = door.open(door.rows()).exclude(door_x=None).count()
        assert 0 < placed <= 1141
        for z in (0, 3, 7, 10):
            told = sum(total(actor, square) for square in squares(z))
            assert told == placed, (who, z)


def squares(z: int) -> set[Tile]:
    """Every tile of a zoom that could hold one of the records."""
    step = 90 / (1 << z)
    around = [(a, b) for a in np.arange(102.35, 102.7, step) for b in np.arange(22.35, 22.7, min(step, 0.02))]
    return {
        tile_at(x, y, z) for x, y in [(0.5, 51.0), (102.65, 22.65), (102.65, 22.35), (102.35, 22.65), *around]
    }


def test_a_near_tile_with_more_than_many_records_counts_them_instead_of_dropping_any(
    dataset: Dataset,
) -> None:
    rng = np.random.default_rng(6)
    n = MANY + 50
    add(dataset, rng.uniform(102.4601, 102.4602, n), rng.uniform(22.4801, 22.4802, n))
    tile = tile_at(102.46015, 22.48015, 14)
    assert total(Public(), tile) == n
    assert len(decode(draw(register(), Public(), tile, {}))["features"]) < 20


def test_a_filtered_tile_counts_only_what_fits(dataset: Dataset) -> None:
    add(dataset, np.linspace(102.40, 102.50, 400), np.full(400, 22.48))
    (otter,) = add(dataset, 102.44, 22.45, GUARDED)
    tile_counts.rebuild()
    tile = tile_at(102.45, 22.45, 7)
    assert total(System(), tile) == 401
    assert total(System(), tile, group="mammal") == 401
    assert total(System(), tile, taxon=str(otter.taxon_id)) == 1


def test_the_map_opens_with_the_records_of_species_though_a_visit_is_kept_beside_them(
    dataset: Dataset, client: Client
) -> None:
    visit = Event(dataset=dataset, event_id="đợt 1", day_start=date(2026, 3, 1), status=Status.VERIFIED)
    visit.put_point(102.4, 22.4)
    visit.save()
    assert "<h1>Đợt điều tra" in client.get("/ban-do/").content.decode()  # where nothing else is
    add(dataset, 102.44, 22.44)
    assert "<h1>Ghi nhận loài" in client.get("/ban-do/").content.decode()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0.001, 0.099), st.floats(0.001, 0.099), st.integers(5, 20), st.sampled_from(sorted(READERS)))
def test_two_true_places_in_one_grid_cell_give_the_same_bytes(
    dataset: Dataset, u: float, v: float, z: int, who: str
) -> None:
    if who in {"ranger", "commune ranger", "system"}:
        return
    Occurrence.objects.all().delete()
    (record,) = add(dataset, 102.45, 22.45, GUARDED)
    squares = [tile_at(102.45, 22.45, z), tile_at(102.4 + u, 22.4 + v, z)]
    told = []
    for x, y in ((102.45, 22.45), (102.4 + u, 22.4 + v)):
        record.put_point(x, y)
        register().settle([record])
        record.save()
        tile_counts.rebuild(register())
        told.append([draw(register(), READERS[who], s, {}) for s in squares])
    assert told[0] == told[1]


def test_a_withheld_record_is_on_no_tile_without_the_right(dataset: Dataset) -> None:
    (record,) = add(dataset, 102.46, 22.48, SECRET)
    tile_counts.rebuild()
    for who, actor in READERS.items():
        seen = total(actor, tile_at(102.46, 22.48, 12)), total(actor, Tile(0, 0, 0))
        assert seen == ((1, 1) if who in {"ranger", "commune ranger", "system"} else (0, 0)), who
    assert record.shown_x is None


def test_counts_follow_single_changes_exactly_as_a_rebuild_would_tell(dataset: Dataset) -> None:
    rng = np.random.default_rng(8)
    made = add(dataset, rng.uniform(102.4, 102.6, 40), rng.uniform(22.4, 22.6, 40))
    made += add(dataset, rng.uniform(102.4, 102.6, 20), rng.uniform(22.4, 22.6, 20), GUARDED)
    tile_counts.rebuild(register())
    for i, record in enumerate(made):
        with changing(Occurrence, [record.pk]):
            match i % 4:
                case 0:
                    record.status = Status.REFUSED
                case 1:
                    record.put_point(102.9, 22.2)
                    register().settle([record])
                case 2:
                    record.withdrawn = "2026-01-01T00:00:00Z"
                case 3:
                    record.taxon = Taxon.objects.get(scientific_name=SECRET)
                    register().settle([record])
            record.save()
    fresh = source_id("thử", "mới")
    with changing(Occurrence, [fresh]):
        add(dataset, 103.4, 22.4, pk=fresh)
    assert drain() > 0 and drain() == 0
    followed = stored()
    tile_counts.rebuild(register())
    assert followed == stored()
    assert followed


def test_counts_are_made_anew_when_rows_changed_in_bulk(dataset: Dataset) -> None:
    add(dataset, 102.46, 22.48)
    changed_much(Occurrence)
    drain()
    assert {n for _audience, _cell, n in stored()} == {1}
    Occurrence.objects.all().delete()
    changed_much(Occurrence)
    drain()
    assert stored() == []


def stored() -> list[tuple[int, int, int]]:
    return sorted(TileCount.objects.values_list("audience", "cell", "n"))


def test_the_address_of_a_tile_answers_with_rights_and_etag(client: Client, dataset: Dataset) -> None:
    add(dataset, 102.46, 22.48)
    add(dataset, 102.47, 22.48, status=Status.DRAFT)
    tile_counts.rebuild()
    tile = tile_at(102.46, 22.48, 9)
    address = f"/tiles/observations-occurrence/{tile.z}/{tile.x}/{tile.y}"
    answer = client.get(f"{address}.mvt")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert "private" in answer["Cache-Control"]
    assert len(decode(answer.content)["features"]) == 1
    assert client.get(f"{address}.mvt", headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert client.get("/tiles/observations-occurrence/9/0/0.mvt").status_code == 204
    assert client.get("/tiles/observations-occurrence/3/99/0.mvt").status_code == 404
    assert client.get("/tiles/taxa-taxon/3/1/1.mvt").status_code == 404
    assert client.get(f"{address}.mvt?status=xyz").status_code == 400
    listed = client.get(f"{address}.json").json()
    assert (listed["n"], listed["more"], len(listed["records"])) == (1, 0, 1)
    assert listed["records"][0]["name"] == OPEN


def test_a_changed_level_withholds_records_until_they_are_settled_again(dataset: Dataset) -> None:
    from baoton.taxa import actions, guard

    (otter,) = add(dataset, 102.46, 22.48, GUARDED)
    Taxon.objects.filter(pk=otter.taxon_id).update(sensitivity=0)
    tile_counts.rebuild(register())
    pending = actions.relevel()
    otter.refresh_from_db()
    assert otter.taxon_id in pending
    assert (otter.disclosure, otter.shown_x, otter.shown_area_path) == (2, None, "12")
    assert total(Public(), Tile(0, 0, 0)) == 0
    assert not TileCount.objects.filter(audience=0).exists()
    guard.settle(pending)
    drain()
    otter.refresh_from_db()
    assert otter.disclosure == 1
    assert otter.shown_x == pytest.approx(102.45)
    assert total(Public(), Tile(0, 0, 0)) == 1
    followed = stored()
    tile_counts.rebuild(register())
    assert followed == stored()
    assert Occurrence.objects.filter(pk=otter.pk, min_x=F("max_x")).exists()


def test_a_crowd_under_a_filter_is_counted_on_a_part_that_says_so(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two thousand, three in four answer; a tenth is looked at."""
    from baoton.kit.reading import sampling, tiles

    n = 2_000
    rng = np.random.default_rng(5)
    made = add(dataset, (102.4 + rng.random(n) * 0.3).tolist(), (22.3 + rng.random(n) * 0.2).tolist())
    Occurrence.objects.filter(pk__in=[r.pk for r in made[: n // 4]]).update(basis_of_record="MaterialSample")
    tile_counts.rebuild()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE observations_occurrence")
    asked, tile = {"basis": "HumanObservation"}, tile_at(102.5, 22.4, 6)

    def told() -> list[Any]:
        return [f[2] for f in decode(draw(register(), Public(), tile, asked))["features"]]

    whole = told()
    assert sum(f["n"] for f in whole) == n * 3 // 4 and not any("about" in f for f in whole)
    monkeypatch.setattr(tiles, "LIVE", 300)
    assert sum(f["n"] for f in told()) == n * 3 // 4, "so few that all are looked at"
    monkeypatch.setattr(sampling, "SIZE", n // 10)
    part = told()
    assert part == told() and all(f["about"] == 1 for f in part)
    assert 0.6 < sum(f["n"] for f in part) / (n * 3 // 4) < 1.6
    near = tile_at(made[-1].min_x, made[-1].min_y, 15)
    assert not any("about" in f[2] for f in decode(draw(register(), Public(), near, asked))["features"])
    assert draw(register(), Public(), tile, {"basis": "PreservedSpecimen"}) == b""
