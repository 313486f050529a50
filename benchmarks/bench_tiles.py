"""Map tiles of a register of a million records, for four readers, against a bare indexed query of the same range.

Each engine runs in a process of its own with an empty database: SQLite always, PostgreSQL where pg_ctl is found.
"""

import json
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import standing
from benchmarks.table import Row

TILES, ZOOMS = 40, range(6, 15)
DAYS = date(2026, 11, 1).toordinal() - date(2000, 1, 1).toordinal()
TAXA = 600
LOCALITIES = ("khe Nậm Ma", "bản Tà Tổng", "đỉnh Pu Si Lung", "ven suối Nậm Na", "")
ROOT = Path(__file__).resolve().parents[1]
SCOPES = {"public": (None, None), "officer": ("12", "12"), "commune": ("12/03451", None), "system": ("", "")}


class Reader:
    """Somebody who sees, and sees precisely, in given areas; None is nowhere."""

    def __init__(self, name: str) -> None:
        self.actor_id = self.actor_name = name
        self.see, self.precise = SCOPES[name]

    def scopes(self, verb: str) -> Sequence[Any]:
        from baoton.kit.access import Scope

        area = self.precise if verb.endswith("see_precise") else self.see
        return () if area is None else (Scope(area),)


def scatter(n: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Longitude, latitude, level and verified of n records: seven in ten about 300 places, the rest anywhere."""
    rng = np.random.default_rng(seed)
    centre = rng.uniform([102.4, 21.75], [103.95, 22.75], (300, 2))
    near = centre[rng.integers(0, 300, n)] + rng.normal(0, 0.02, (n, 2))
    point = np.where((rng.random(n) < 0.7)[:, None], near, rng.uniform([102.3, 21.6], [104.0, 22.8], (n, 2)))
    level = rng.choice([0, 1, 2], n, p=[0.92, 0.07, 0.01]).astype(np.int8)
    return point[:, 0], point[:, 1], level, rng.random(n) < 0.6


def fill(n: int) -> None:
    """A register of n occurrences stands in the empty database, with settled places."""
    import shapely
    from django.db import connection

    from baoton.kit.ids import new_id
    from baoton.observations.models import Dataset, Occurrence
    from baoton.places.queries import NO_CELL, place_columns
    from baoton.plan.models import Node
    from baoton.taxa.models import Taxon

    dataset = Dataset.objects.create(code="bench", title="bench")
    taxa = list(Taxon.objects.order_by("pk").values_list("pk", "scientific_name", "taxon_group")[:TAXA])
    task = Node.objects.filter(kind="task").order_by("pk").values_list("pk", flat=True).first()
    x, y, level, verified = scatter(n)
    columns: dict[str, Any] = place_columns(x, y, level)
    rng = np.random.default_rng(2)
    which = rng.integers(0, len(taxa), n)
    days = date(2000, 1, 1).toordinal() + rng.integers(0, DAYS, n)
    counts = rng.integers(1, 30, n)
    past = [date.fromordinal(day) for day in days.tolist()]

    def optional(values: np.ndarray, none: float) -> list[Any]:
        return [None if v == none or v != v else v for v in values.tolist()]

    given: dict[str, list[Any]] = {
        "id": [new_id() for _ in range(n)],
        "occurrence_id": [str(i) for i in range(n)],
        "geom": shapely.to_wkb(shapely.points(x, y)).tolist(),
        **{c: v.tolist() for c, v in (("min_x", x), ("max_x", x), ("min_y", y), ("max_y", y))},
        **{c: columns[c].tolist() for c in ("area_path", "area_path_then", "shown_area_path")},
        **{c: optional(columns[c], NO_CELL) for c in ("cell", "shown_cell")},
        **{c: optional(columns[c], np.nan) for c in ("shown_x", "shown_y", "shown_uncertainty_m")},
        "disclosure": level.tolist(),
        "status": ["verified" if v else "draft" for v in verified.tolist()],
        "taxon": [None if none else taxa[i][0] for i, none in zip(which.tolist(), counts == 8, strict=True)],
        "occurrence_status": np.where(counts == 7, "absent", "present").tolist(),
        "basis_of_record": np.where(counts < 7, "MachineObservation", "HumanObservation").tolist(),
        "task": [task if some else None for some in counts == 9],
        "scientific_name": [taxa[i][1] for i in which.tolist()],
        "taxon_group": [taxa[i][2] for i in which.tolist()],
        "sort_day": days.tolist(),
        "day_start": past,
        "day_end": past,
        "year": [day.year for day in past],
        "event_date": [day.isoformat() for day in past],
        "individual_count": counts.tolist(),
        "locality": [LOCALITIES[i] for i in rng.integers(0, len(LOCALITIES), n).tolist()],
    }
    by_name = {f.name: f for f in Occurrence._meta.concrete_fields}
    fields = [by_name[name] for name in given]
    rest = [f for f in Occurrence._meta.concrete_fields if f.name not in given and f.name != "dataset"]
    names = ", ".join(f'"{f.column}"' for f in (*fields, *rest)) + ', "dataset_id"'
    typed = ", ".join(f'"{f.column}" {f.db_type(connection)}' for f in fields)
    taken = ", ".join(f'"{f.column}"' for f in fields)
    constant = ", ".join(["%s"] * (len(rest) + 1))
    values = [f.get_db_prep_save(f.get_default(), connection) for f in rest]
    values.append(Dataset._meta.pk.get_db_prep_save(dataset.pk, connection))
    if connection.vendor == "postgresql":
        constant = ", ".join(f"%s::{f.db_type(connection)}" for f in rest) + ", %s::uuid"
    prepare = [f.get_db_prep_save for f in fields]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE stage ({typed})")
        lists = list(given.values())
        for start in range(0, n, 50_000):
            part = [
                tuple(p(v, connection) for p, v in zip(prepare, row, strict=True))
                for row in zip(*(v[start : start + 50_000] for v in lists), strict=True)
            ]
            if connection.vendor == "postgresql":
                with cursor.copy("COPY stage FROM STDIN") as copy:
                    for row in part:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(fields))
                cursor.executemany(f"INSERT INTO stage VALUES ({marks})", part)
        table = Occurrence._meta.db_table
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {taken}, {constant} FROM stage", values)
        cursor.execute("DROP TABLE stage")
        cursor.execute("ANALYZE")


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def count(cursor: Any, sql: str, span: tuple[int, int]) -> None:
    """The bare query of one tile's range, its answer fetched."""
    cursor.execute(sql, span)
    cursor.fetchone()


def measure(n: int) -> dict[str, Any]:
    """In this process, on the configured database: seconds of every tile, by reader, filter and zoom."""
    from benchmarks import bench_register

    standing.stand(n)
    from django.db import connection

    from baoton.kit.cells import tile_range, to_world
    from baoton.kit.reading.register import REGISTERS
    from baoton.kit.reading.tiles import Tile, draw
    from baoton.observations.models import Occurrence
    from baoton.places.queries import place_columns

    x, y, level, _verified = scatter(n)
    register = REGISTERS["observations.occurrence"]
    found: dict[str, Any] = {
        "points": n,
        "assign_s": timed(lambda: place_columns(x, y, level)),
        "tiles": {},
    }
    west, north = to_world(x, y)
    pick = np.random.default_rng(3).integers(0, n, TILES)
    asks: list[tuple[str, dict[str, str]]] = [(name, {}) for name in SCOPES]
    for asked in bench_register.asks().values():
        if asked and "box" not in asked:
            asks += [("public" if "status" not in asked else "system", asked)]
    asks.append(("officer", {"area": "12/03451"}))
    table = Occurrence._meta.db_table
    for zoom in ZOOMS:
        side = 1 << zoom
        chosen = sorted({(int(west[i] * side), int(north[i] * side)) for i in pick})
        tiles = [Tile(zoom, a, b) for a, b in chosen] * (1 + 10 // len(chosen))
        bare = []
        with connection.cursor() as cursor:
            for tile in tiles:
                span = tile_range(tile.z, tile.x, tile.y)
                sql = f"SELECT count(*) FROM {table} WHERE shown_cell BETWEEN %s AND %s"
                bare.append(timed(partial(count, cursor, sql, span)))
        for name, asked in asks:
            what = f"{name}, filter {' '.join(asked.values())[:40]}" if asked else name
            took = [timed(partial(draw, register, Reader(name), tile, asked)) for tile in tiles]
            found["tiles"].setdefault(what, {})[zoom] = [*quantiles(took), quantiles(bare)[1]]
    return found


def quantiles(seconds: list[float]) -> tuple[float, float]:
    """The middle and the 95th of a hundred."""
    return float(np.quantile(seconds, 0.5)), float(np.quantile(seconds, 0.95))


def rows() -> list[Row]:
    """The result table of this module."""
    table = []
    for engine in ("sqlite", "postgres"):
        found = standing.run(engine, "benchmarks.bench_tiles")
        if found is None:
            continue
        n = found["points"]
        table.append(Row(f"{engine}: commune, former unit, shown place of {n:,} points", found["assign_s"]))
        for what, zooms in found["tiles"].items():
            for zoom, (middle, high, bare) in zooms.items():
                filtered = "filter" in what
                table.append(
                    Row(
                        f"{engine}: tile z{zoom}, {what}",
                        high,
                        "count(*) of the range",
                        bare,
                        target="p95 ≤ 0.15 s" if filtered else "p95 ≤ 0.06 s",
                        note=f"p95; p50 {middle * 1000:.1f} ms",
                    )
                )
    return table


if __name__ == "__main__":
    print(json.dumps(measure(standing.ROWS)))
