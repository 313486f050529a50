"""Half a million points of tracks and a hundred thousand signs: the page of coverage and the tiles of the map.

The floor of a page is the bare SQL of its sums, that of a tile `count(*)` of its range. Each engine runs in a process
of its own on an empty database.
"""

import json
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np

from benchmarks import standing
from benchmarks.table import Row

LEGS, POINTS, SIGNS, TIMES, TILES = 5_000, 100, 100_000, 7, 25
LAST = date(2026, 11, 1)
DAYS = 1_000
ZOOMS = (8, 10, 12, 14)
PAGES = {
    "the last twelve months": "", "all years": "when=01/01/2023-01/12/2026",
    "one commune, a year": "when=2026&area={area}",
}  # fmt: skip


def fill() -> None:
    """The patrols stand with their tracks, squares and signs, as the books would write them."""
    import shapely

    from baoton.kit.reading import tile_counts
    from baoton.kit.reading.register import REGISTERS
    from baoton.patrols.actions import cover, load
    from baoton.patrols.disclosure import settle
    from baoton.patrols.models import Leg, Patrol, Sign, SignKind
    from baoton.patrols.queries import grid
    from baoton.people.actions import load as load_people
    from baoton.people.simulate import cast
    from baoton.places.actions import load as load_places
    from baoton.places.queries import commune_choices, outlines

    load_places()
    load_people("lai_chau")
    cast()
    load()
    rng, shapes, on = np.random.default_rng(11), outlines(), grid()
    paths = [p for p, _name in commune_choices() if p in shapes]
    kinds = list(SignKind.objects.filter(code__in=("snare", "camp", "logging", "people")).order_by("code"))
    patrols, legs, signs = [], [], []
    for n in range(LEGS):
        shape = shapes[paths[n % len(paths)]]
        middle = shape.centroid
        turn = np.cumsum(rng.normal(0, 0.3, POINTS)) + rng.uniform(0, 6.28)
        x = middle.x + rng.normal(0, 0.05) + np.cumsum(np.cos(turn)) * 0.0008
        y = middle.y + rng.normal(0, 0.05) + np.cumsum(np.sin(turn)) * 0.0008
        day = LAST - timedelta(days=int(rng.integers(0, DAYS)))
        patrol = Patrol(code=f"B-{n}", day_start=day, day_end=day, status="done", organisation="kiem_lam",
                        area_path=paths[n % len(paths)], hours=6.0, metres=8_000)  # fmt: skip
        leg = Leg(patrol=patrol, day=day, hours=6.0, metres=8_000, organisation="kiem_lam")
        leg.put(shapely.LineString(np.column_stack([x, y])))
        patrols.append(patrol)
        legs.append(leg)
        for at in rng.integers(0, POINTS, SIGNS // LEGS).tolist():
            sign = Sign(patrol=patrol, kind=kinds[at % len(kinds)], day=day, count=1, organisation="kiem_lam")
            sign.put_point(float(x[at]), float(y[at]))
            signs.append(sign)
    mx, my = on.metres([s.lon for s in signs], [s.lat for s in signs])
    for sign, square in zip(
        signs, (my // 1000).astype(int) * 100_000 + (mx // 1000).astype(int), strict=True
    ):
        sign.square = int(square)
    for rows in (patrols, legs, signs):
        settle(rows)
        type(rows[0])._default_manager.bulk_create(rows, batch_size=500)  # type: ignore[arg-type]
    cover(legs)
    for name in ("patrols.leg", "patrols.sign"):
        tile_counts.rebuild(REGISTERS[name])


def spent(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the clock and of the processor."""
    began, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - cpu


def measure() -> dict[str, Any]:
    """In this process, on the configured database: seconds of each page and tile, and of their floors."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from baoton.kit.cells import tile_range, to_world
    from baoton.kit.reading.register import REGISTERS
    from baoton.kit.reading.tiles import Tile, draw
    from baoton.patrols.models import Leg, Sign
    from baoton.people.models import Person
    from baoton.places.queries import commune_choices

    settings.JOBS_INLINE, settings.ALLOWED_HOSTS = True, ["*"]
    call_command("migrate", verbosity=0, skip_checks=True)
    filled = (0.0, 0.0) if Leg.objects.exists() else spent(fill)
    found: dict[str, Any] = {"filled": filled, "pages": {}, "tiles": {}}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client, dung = Client(), Person.objects.get(username="dung")
    client.force_login(dung)
    area = commune_choices()[0][0]
    sums = (
        "SELECT q.square, SUM(q.metres), SUM(q.hours), COUNT(DISTINCT l.patrol_id), MAX(l.day) FROM patrols_square q "
        "JOIN patrols_leg l ON l.id = q.leg_id WHERE l.withdrawn IS NULL AND l.day >= %s GROUP BY q.square"
    )

    def bare(first: date) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sums, [first])
            cursor.fetchall()

    for what, asked in PAGES.items():
        address = f"/tuan-tra/do-phu/?{asked.format(area=area)}"

        def get(address: str = address) -> None:
            assert client.get(address).status_code == 200

        first, cpu = spent(get)
        told = [spent(get) for _n in range(TIMES)]
        start = date(2023, 1, 1) if "all" in what else LAST - timedelta(days=365)
        floor = min(spent(lambda s=start: bare(s))[0] for _n in range(3))
        found["pages"][what] = [min(t[0] for t in told), min(t[1] for t in told), first, cpu, floor]
    rng = np.random.default_rng(3)
    for name in ("patrols.sign", "patrols.leg"):
        book = REGISTERS[name]
        rows = list(Sign.objects.order_by("id").values_list("min_x", "min_y")[:5_000])
        picked = np.array([rows[i] for i in rng.integers(0, len(rows), TILES)])
        west, north = to_world(picked[:, 0], picked[:, 1])
        for zoom in ZOOMS:
            side = 1 << zoom
            tiles = [Tile(zoom, int(a * side), int(b * side)) for a, b in zip(west, north, strict=True)]
            took = [spent(lambda t=t, b=book: draw(b, dung, t, {})) for t in tiles]
            plain = []
            for tile in tiles:
                span = tile_range(tile.z, tile.x, tile.y)
                sql = f"SELECT count(*) FROM {book.model._meta.db_table} WHERE cell BETWEEN %s AND %s"
                with connection.cursor() as cursor:
                    plain.append(spent(lambda s=sql, r=span: cursor.execute(s, r).fetchone())[0])
            high = [float(np.quantile([t[i] for t in took], 0.95)) for i in (0, 1)]
            found["tiles"][f"{name}, z{zoom}"] = [*high, float(np.quantile(plain, 0.95))]
    return found


def rows() -> list[Row]:
    """The result table of this module."""
    table = []
    of = f"{LEGS * POINTS:,} points, {SIGNS:,} signs"
    for engine in ("sqlite", "postgres"):
        found = standing.run(engine, "benchmarks.bench_patrols", empty=True)
        if found is None:
            continue
        for what, (ours, cpu, first, _first_cpu, floor) in found["pages"].items():
            note = f"processor {cpu * 1000:.0f} ms, the first time {first * 1000:.0f} ms; {of}"
            table.append(
                Row(f"{engine}: coverage, {what}", ours, "bare SQL", floor, target="≤ 0.3 s", note=note)
            )
        for what, (high, cpu, floor) in found["tiles"].items():
            note = f"p95; processor {cpu * 1000:.0f} ms"
            table.append(Row(f"{engine}: tile of {what}", high, "count(*) of the range", floor,
                             target="p95 ≤ 0.1 s", note=note))  # fmt: skip
    return table


if __name__ == "__main__":
    print(json.dumps(measure()))
