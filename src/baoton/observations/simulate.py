"""A seeded year of the province's evidence, with the truth it was drawn from.

Cameras, transects and chance encounters meet animals and plants whose home communes, abundance and
activity are known here and nowhere else; what reaches the registers is what a survey would have seen.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from django.db.models import Q

from baoton.kit.cells import point_keys
from baoton.kit.ids import source_id
from baoton.observations.disclosure import OPEN, Guard
from baoton.observations.imports.disclose import among
from baoton.observations.models import Dataset, Event, Occurrence, Season
from baoton.places.models import Unit
from baoton.places.queries import GRID_DEG, assign, place_columns, province_path
from baoton.plan.queries import task_node
from baoton.taxa.models import Taxon

CODE = "simulated-year"
LEAST_KNOWN = 60
WITNESSES = ("Lò Văn Dũng", "Giàng A Sùng", "Vàng A Pao", "Nguyễn Đăng Khoa", "Chang A Lử", "Pờ Gia Tự")


@dataclass(frozen=True)
class Species:
    """One simulated species: where it lives, how common it is, when it is about."""

    taxon: Taxon
    homes: frozenset[str]
    rate: float
    peak_hour: float


def simulate(
    rng: np.random.Generator, year: int, today: date, truth: dict[str, Any], records: int = 20_000
) -> int:
    """The year stands in the registers, marked as simulated; how many records. The truth is added to `truth`."""
    dataset = Dataset.objects.create(
        id=source_id(CODE, "dataset"),
        code=CODE,
        title=f"Dữ liệu mô phỏng năm {year}",
        licence="CC0-1.0",
        citation="Bảo Tồn, bộ sinh dữ liệu trình diễn (hạt giống cố định).",
        simulated=True,
        organisation="so_nnmt",
    )
    polygons = {
        u.path: shapely.from_wkb(bytes(u.geom or b""))
        for u in Unit.objects.filter(kind__in=["commune", "ward"], valid_to__isnull=True, geom__isnull=False)
    }
    species = choose(rng, sorted(polygons))
    truth["species"] = [
        {
            "name": s.taxon.scientific_name,
            "homes": sorted(s.homes),
            "rate": s.rate,
            "protected": s.taxon.sensitivity > 0,
            "level": s.taxon.sensitivity,
        }
        for s in species
    ]
    days = (today - date(year, 1, 1)).days
    events: list[Event] = []
    rows: list[Any] = []
    visits = draw_visits(rng, polygons, year, days, records)
    for i, visit in enumerate(visits):
        events.append(event_of(dataset, i, visit))
        rows += seen_at(rng, dataset, species, visit, events[-1].pk, len(rows))
    rows += chance(rng, dataset, species, polygons, year, days, max(0, records - len(rows)), len(rows))
    place(events, rows)
    Event.objects.bulk_create(events, batch_size=500)
    Occurrence.objects.bulk_create(rows, batch_size=500)
    among(Q(dataset=dataset), {r.event_id for r in rows if r.event_id and r.disclosure})
    names = {s.taxon.pk: s.taxon.scientific_name for s in species}
    truth["events"] = [
        {
            "id": str(e.pk),
            "area": e.area_path,
            "day": str(e.day_start),
            "status": e.status,
            "nights": v["nights"],
            "lon": e.min_x,
            "lat": e.min_y,
        }
        for e, v in zip(events, visits, strict=True)
    ]
    truth["records"] = [
        {
            "id": str(o.pk),
            "species": names[o.taxon_id],
            "area": o.area_path,
            "day": o.day_start.isoformat(),
            "at": o.event_date,
            "status": o.status,
            "event": str(o.event_id) if o.event_id else None,
            "camera": o.basis_of_record == "MachineObservation",
            "lon": o.min_x,
            "lat": o.min_y,
        }
        for o in rows
    ]
    truth["grid"] = grid_of(polygons)
    truth["seasons"] = seasons([s.taxon for s in species], year)
    return len(rows)


def seasons(taxa: list[Taxon], year: int) -> list[dict[str, Any]]:
    """What an invented source writes of when four of the simulated birds are here; nothing of it is known."""
    months = {"wintering": (10, 3), "autumn": (9, 11), "breeding": (4, 8), "spring": (2, 5)}
    movers = (
        "Accipiter",
        "Dicrurus",
        "Halcyon",
        "Hydrornis",
        "Milvus",
        "Otus",
    )  # before birds that hardly move
    birds = [t for t in taxa if t.klass == "Aves" and not t.sensitivity]
    birds.sort(key=lambda t: (t.scientific_name.split()[0] not in movers, t.scientific_name))
    rows = [
        Season(
            id=source_id(CODE, f"season/{kind}"), taxon=bird, kind=kind, month_from=first, month_to=last,
            place="Nơi dừng chân mô phỏng", source=f"Tài liệu mô phỏng, {year}: không có thật",
            area_path=province_path(),
        )
        for bird, (kind, (first, last)) in zip(birds, months.items(), strict=False)
    ]  # fmt: skip
    Season.objects.bulk_create(rows)
    return [{"species": s.taxon.scientific_name, "kind": s.kind, "months": list(s.months)} for s in rows]


def grid_of(polygons: dict[str, Any]) -> dict[str, str]:
    """The commune at the centre of each square of the grid that blurred places move to, by column and row."""
    boxes = np.array([p.bounds for p in polygons.values()])
    (west, south), (east, north) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    columns = np.arange(np.floor(west / GRID_DEG) - 1, np.ceil(east / GRID_DEG) + 1)
    rows = np.arange(np.floor(south / GRID_DEG) - 1, np.ceil(north / GRID_DEG) + 1)
    x, y = (a.ravel() for a in np.meshgrid(columns, rows))
    communes, _then = assign((x + 0.5) * GRID_DEG, (y + 0.5) * GRID_DEG)
    return {f"{int(a)} {int(b)}": c for a, b, c in zip(x, y, communes, strict=True) if c}


def choose(rng: np.random.Generator, communes: list[str]) -> list[Species]:
    """Sixty species of the north-west, half of them protected, each with its home communes."""
    rows = Taxon.objects.filter(status="accepted", rank="species", withdrawn__isnull=True)
    likely = list(rows.filter(expected__in=["known", "likely"]).order_by("scientific_name"))
    guarded = [t for t in likely if t.sensitivity > 0]
    common = [t for t in likely if t.sensitivity == 0]
    picked = [guarded[i] for i in sorted(rng.permutation(len(guarded))[:30])]
    picked += [common[i] for i in sorted(rng.permutation(len(common))[: LEAST_KNOWN - len(picked)])]
    found = []
    for taxon in picked:
        rare = taxon.sensitivity > 0
        share = rng.uniform(0.05, 0.3) if rare else rng.uniform(0.3, 0.9)
        homes = rng.choice(communes, max(2, round(share * len(communes))), replace=False)
        rate = float(rng.gamma(1.5, 0.12 if rare else 0.5))
        found.append(Species(taxon, frozenset(str(h) for h in homes), rate, float(rng.uniform(0, 24))))
    return found


def draw_visits(
    rng: np.random.Generator, polygons: dict[str, Any], year: int, days: int, records: int
) -> list[dict[str, Any]]:
    """Camera deployments and transects spread over the communes; enough of them for the records asked."""
    paths, visits = sorted(polygons), []
    for i in range(max(4, round(records * 0.02))):
        camera = i % 4 == 0
        area = paths[int(rng.integers(len(paths)))]
        x, y = inside(rng, polygons[area])
        nights = int(rng.integers(20, 70)) if camera else 0
        start = date(year, 1, 1) + timedelta(days=int(rng.integers(0, max(1, days - nights))))
        visits.append(
            {
                "camera": camera,
                "area": area,
                "x": x,
                "y": y,
                "start": start,
                "nights": nights,
                "who": WITNESSES[int(rng.integers(len(WITNESSES)))],
            }
        )
    return visits


def inside(rng: np.random.Generator, polygon: Any) -> tuple[float, float]:
    """A point drawn evenly inside the polygon."""
    west, south, east, north = polygon.bounds
    while True:
        x, y = float(rng.uniform(west, east)), float(rng.uniform(south, north))
        if shapely.contains_xy(polygon, x, y):
            return round(x, 6), round(y, 6)


def event_of(dataset: Dataset, number: int, visit: dict[str, Any]) -> Event:
    """The visit as an event row, not yet placed."""
    end = visit["start"] + timedelta(days=visit["nights"])
    span = f"{visit['start']}/{end}" if visit["nights"] else visit["start"].isoformat()
    row = Event(
        id=source_id(CODE, f"event {number}"),
        dataset=dataset,
        organisation="kiem_lam",
        event_id=f"MP-{number:05d}",
        event_type="bẫy ảnh" if visit["camera"] else "tuyến điều tra",
        sampling_protocol="bẫy ảnh, khoảng lặng 30 phút"
        if visit["camera"]
        else "đi tuyến 2 km, ghi mọi lần gặp",
        sampling_effort=f"{visit['nights']} đêm bẫy ảnh" if visit["camera"] else "2 km",
        event_date=span,
        day_start=visit["start"],
        day_end=end,
        sort_day=visit["start"].toordinal(),
        recorded_by=visit["who"],
        status="verified",
        task=task_node("survey"),
    )
    row.put_point(visit["x"], visit["y"])
    return row


def seen_at(
    rng: np.random.Generator,
    dataset: Dataset,
    species: list[Species],
    visit: dict[str, Any],
    event: UUID,
    first: int,
) -> list[Occurrence]:
    """What a visit records: Poisson numbers of each species at home in the commune."""
    rows: list[Occurrence] = []
    for one in species:
        if visit["area"] not in one.homes:
            continue
        animal = one.taxon.taxon_group not in ("plant", "fungus")
        if visit["camera"] and one.taxon.taxon_group not in ("mammal", "bird"):
            continue
        effort = visit["nights"] / 10 if visit["camera"] else 3.0
        for _n in range(int(rng.poisson(one.rate * effort))):
            day = visit["start"] + timedelta(days=int(rng.integers(0, max(1, visit["nights"]))))
            hour = (one.peak_hour + rng.normal(0, 2.5)) % 24 if visit["camera"] else rng.uniform(6, 17)
            at = datetime(day.year, day.month, day.day) + timedelta(seconds=int(hour * 3600))
            rows.append(record(rng, dataset, one, at, visit, event, first + len(rows), animal))
    return rows


def record(
    rng: np.random.Generator,
    dataset: Dataset,
    one: Species,
    at: datetime,
    visit: dict[str, Any],
    event: UUID | None,
    number: int,
    animal: bool,
) -> Occurrence:
    """One record, not yet placed; most are verified, some wait, a few were refused."""
    luck = rng.random()
    status = "verified" if luck < 0.92 else ("draft" if luck < 0.98 else "refused")
    row = Occurrence(
        id=source_id(CODE, f"record {number}"),
        dataset=dataset,
        organisation="kiem_lam",
        occurrence_id=f"MP-{number:06d}",
        event_id=event,
        taxon=one.taxon,
        taxon_group=one.taxon.taxon_group,
        scientific_name=one.taxon.scientific_name,
        vernacular_name=one.taxon.vernacular_vi,
        basis_of_record="MachineObservation" if visit.get("camera") else "HumanObservation",
        individual_count=int(1 + rng.poisson(0.6)) if animal else None,
        recorded_by=visit["who"],
        event_date=at.isoformat(timespec="seconds"),
        day_start=at.date(),
        day_end=at.date(),
        year=at.year,
        sort_day=at.date().toordinal(),
        coordinate_uncertainty_m=float(rng.choice([10, 20, 50])),
        status=status,
        status_reason="ảnh mờ, không định được loài" if status == "refused" else "",
        task=task_node_cached(),
    )
    row.put_point(visit["x"], visit["y"])
    return row


def chance(
    rng: np.random.Generator,
    dataset: Dataset,
    species: list[Species],
    polygons: dict[str, Any],
    year: int,
    days: int,
    count: int,
    first: int,
) -> list[Occurrence]:
    """Chance encounters without a visit; one in twelve is from 2023, before the mergers."""
    weights = np.array([s.rate * len(s.homes) for s in species])
    rows: list[Occurrence] = []
    for pick in rng.choice(len(species), count, p=weights / weights.sum()):
        one = species[int(pick)]
        homes = sorted(one.homes)
        area = homes[int(rng.integers(len(homes)))]
        x, y = inside(rng, polygons[area])
        day = date(2023 if rng.random() < 1 / 12 else year, 1, 1) + timedelta(days=int(rng.integers(0, days)))
        at = datetime(day.year, day.month, day.day) + timedelta(
            seconds=int(rng.integers(6 * 3600, 18 * 3600))
        )
        visit = {"x": x, "y": y, "who": WITNESSES[int(rng.integers(len(WITNESSES)))]}
        animal = one.taxon.taxon_group not in ("plant", "fungus")
        rows.append(record(rng, dataset, one, at, visit, None, first + len(rows), animal))
    return rows


_NODE: list[Any] = []


def task_node_cached() -> Any:
    """The node of the survey task, asked once."""
    if not _NODE:
        _NODE.append(task_node("survey"))
    return _NODE[0]


def place(events: list[Event], rows: list[Any]) -> None:
    """Every row carries its commune, level and shown place; a visit is as guarded as its most guarded species."""
    at_visit: dict[UUID, Guard] = {}
    own = [
        Guard(r.taxon.sensitivity, frozenset({r.taxon_group})) if r.taxon.sensitivity else OPEN for r in rows
    ]
    for row, guard in zip(rows, own, strict=True):
        if row.event_id:
            at_visit[row.event_id] = at_visit.get(row.event_id, OPEN) | guard
    put(events, [at_visit.get(e.pk, OPEN) for e in events])
    put(rows, [guard | at_visit.get(r.event_id, OPEN) for r, guard in zip(rows, own, strict=True)])


def put(rows: list[Any], guards: list[Guard]) -> None:
    """The place columns of many point rows at once."""
    if not rows:
        return
    lon, lat = np.array([r.min_x for r in rows]), np.array([r.min_y for r in rows])
    on = np.array([r.day_start for r in rows], "datetime64[D]")
    columns = place_columns(lon, lat, [g.level for g in guards], on)
    cells = point_keys(lon, lat)
    for i, row in enumerate(rows):
        row.cell, row.disclosure, row.guarded_for = int(cells[i]), guards[i].level, guards[i].words
        row.area_path = columns["area_path"][i]
        row.area_path_then = columns["area_path_then"][i]
        row.shown_area_path = columns["shown_area_path"][i]
        for name in ("shown_x", "shown_y", "shown_uncertainty_m"):
            value = float(columns[name][i])
            setattr(row, name, None if np.isnan(value) else value)
        row.shown_cell = None if row.shown_x is None else int(columns["shown_cell"][i])
