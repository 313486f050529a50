"""A province's forest status, 200,000 parcels: loaded with its topology, published, compared, drawn.

The parcels are an invented net whose corners are shaken and whose sides have corners of their own; one in a hundred
overlaps its neighbour a little. Each engine runs in a process of its own on an empty database. `BENCH_PARCELS` says
how many parcels; the table says how many it was.
"""

import json
import os
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import standing
from benchmarks.table import Row

N = int(os.environ.get("BENCH_PARCELS", "200000"))
BETWEEN, TILES, ZOOMS = 7, 25, (8, 10, 12, 14, 16)
CODES = ("TXB", "TXN", "TXP", "TXG", "NUA", "RTG", "DT2", "DT1", "NN")


def net(n: int, seed: int = 5) -> Any:
    """About n polygons that cover the province without a gap, in longitude and latitude."""
    import shapely

    from baoton.habitats.queries import province

    rng, whole = np.random.default_rng(seed), province()
    west, south, east, north = shapely.bounds(whole)
    step = float(np.sqrt(whole.area / n))
    columns, rows = int((east - west) / step) + 1, int((north - south) / step) + 1
    x, y = np.meshgrid(west + np.arange(columns + 1) * step, south + np.arange(rows + 1) * step)
    nodes = np.stack([x, y], -1) + rng.uniform(-0.25, 0.25, (*x.shape, 2)) * step

    def sides(a: Any, b: Any) -> Any:
        t = np.linspace(0, 1, BETWEEN + 2)[:-1][:, None]
        points = a[..., None, :] * (1 - t) + b[..., None, :] * t
        points[..., 1:, :] += rng.uniform(-0.02, 0.02, points[..., 1:, :].shape) * step
        return points

    across = sides(nodes[:, :-1], nodes[:, 1:])
    along = sides(nodes[:-1], nodes[1:])

    def back(points: Any, end: Any) -> Any:
        return np.concatenate([end[..., None, :], points[..., :0:-1, :]], axis=-2)

    rings = np.concatenate(
        [across[:-1], along[:, 1:], back(across[1:], nodes[1:, 1:]), back(along[:, :-1], nodes[1:, :-1])], axis=-2
    ).reshape(rows * columns, -1, 2)  # fmt: skip
    rings = np.concatenate([rings, rings[:, :1]], axis=1)
    shapes = shapely.polygons(rings)
    shapely.prepare(whole)
    return shapes[shapely.contains(whole, shapes)][:n]


def write(path: Path, shapes: Any, kinds: Any) -> None:
    """The parcels as a GeoPackage in VN-2000 (103°, 3°)."""
    import pyogrio
    import shapely

    from formats import crs

    flat = shapely.transform(
        shapes, lambda xy: np.column_stack(crs.from_lonlat(xy[:, 0], xy[:, 1], "vn2000-103-3"))
    )
    names = np.array([f"L{i:06d}" for i in range(len(shapes))], dtype=object)
    use = np.array(["PH", "SX", "DD"], dtype=object)[np.arange(len(shapes)) % 3]
    pyogrio.raw.write(
        path, shapely.to_wkb(flat), [names, kinds, use, np.round(shapely.area(flat) / 1e4, 1)],
        ["malo", "ldlr", "mdsd", "dtich"], geometry_type="Polygon", crs=crs.system("vn2000-103-3").definition,
    )  # fmt: skip


def spent(work: Callable[[], object]) -> tuple[float, Any]:
    began = time.perf_counter()
    told = work()
    return time.perf_counter() - began, told


def option() -> tuple[float, float]:
    """Seconds until the hectares of a founding option of four zones stand by zone, commune, function and class: when it
    is first asked, and after a corner was dragged (the slowest zone)."""
    import shapely

    from baoton.habitats import proposals
    from baoton.habitats.models import Option, Proposal, Zone
    from baoton.habitats.proposals import Drawn, counted, drawn_zones
    from baoton.habitats.topology import area_m2
    from baoton.kit.access import System

    proposal = Proposal.objects.create(title="o", kind="reserve", day=date(2026, 1, 1), area_path="12")
    made = Option.objects.create(proposal=proposal, name="o", chosen=True, area_path="12")
    inner = None
    for kind, size in (("strict", 0.08), ("restoration", 0.14), ("service", 0.16), ("buffer", 0.2)):
        outer = shapely.Point(102.6, 22.35).buffer(size, quad_segs=100)
        zone = Zone(option=made, kind=kind, area_path="12", hectares=0.0)
        zone.put(outer if inner is None else outer.difference(inner))
        zone.hectares = float(area_m2([shapely.from_wkb(bytes(zone.geom or b""))])[0]) / 1e4
        zone.save()
        inner = outer

    def fresh() -> object:
        proposals._last.clear()
        return counted(System(), made)

    first, drawn, dragged = min(spent(fresh)[0] for _ in range(3)), drawn_zones(made), []
    for k, one in enumerate(drawn):
        corner = shapely.get_coordinates(one.shape)[5]
        away = shapely.transform(
            one.shape, lambda xy, at=corner: xy + 0.0015 * (np.abs(xy - at).sum(axis=1) < 1e-12)[:, None]
        )
        now = [*drawn[:k], Drawn(one.kind, away, float(area_m2([away])[0]) / 1e4), *drawn[k + 1 :]]
        dragged.append(spent(lambda n=now: counted(System(), made, n))[0])
    return first, max(dragged)


def measure() -> dict[str, Any]:
    """In this process, on the configured database: seconds of each step, and the most memory of the import."""
    import django

    django.setup()
    import shapely
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from baoton.habitats.changes import compare
    from baoton.habitats.integrity import look, told
    from baoton.habitats.models import Change, Comparison, Parcel, Version
    from baoton.kit.access import System
    from baoton.kit.cells import to_world
    from baoton.kit.importing import run_file
    from baoton.kit.reading.register import REGISTERS
    from baoton.kit.reading.tiles import Tile, draw
    from baoton.kit.writing import write as books
    from baoton.people.actions import load as load_people
    from baoton.people.models import Person
    from baoton.people.simulate import cast
    from baoton.places.actions import load as load_places

    settings.JOBS_INLINE = True
    call_command("migrate", verbosity=0, skip_checks=True)
    load_places()
    load_people("lai_chau")
    cast()
    rng, shapes = np.random.default_rng(7), net(N)
    kinds = rng.choice(np.array(CODES, dtype=object), len(shapes))
    wide = np.flatnonzero(rng.random(len(shapes)) < 0.01)
    flawed = shapes.copy()
    flawed[wide] = shapely.transform(shapes[wide], lambda xy: xy + 2e-6)
    found: dict[str, Any] = {"parcels": len(shapes)}
    book = REGISTERS["habitats.version"]
    made = []
    with tempfile.TemporaryDirectory() as folder:
        for title, first, last in (("a", 2025, date(2025, 12, 31)), ("b", 2026, None)):
            one = Version(title=title, source="x", valid_from=date(first, 1, 1), valid_to=last, tolerance=1.0)
            one = books.create(book, System(), one)
            path = Path(folder) / f"{title}.gpkg"
            if title == "b":
                moved = rng.random(len(shapes)) < 0.05
                kinds[moved] = rng.choice(np.array(CODES, dtype=object), int(moved.sum()))
            write(path, flawed if title == "a" else shapes, kinds)
            asked = {"constants": {"version": title}}
            found.setdefault("before", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
            took, batch = spent(
                lambda p=path, m=asked: run_file(System(), p, target="habitats.parcel", mapping=m)
            )
            assert batch.counts["total"]["created"] > 0.99 * len(shapes), batch.counts
            found[f"import {title}"] = took
            found[f"total {title}"] = batch.counts["total"]
            found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            found[f"publish {title}"], one = spent(lambda v=one: books.act(book, System(), v, "publish", {}))
            made.append(one)
    comparison = Comparison.objects.create(before=made[0], after=made[1], area_path="12")
    found["compare"], found["pieces"] = spent(lambda: compare(comparison))
    found["changes"] = Change.objects.count()
    if connection.vendor == "postgresql":  # it does so by itself; an installed SQLite never does
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    found["option"], found["dragged"] = option()
    found["look"], _none = spent(lambda: look(made[1], 100, 1000))
    found["told"], _none = spent(lambda: told(made[1]))
    dung = Person.objects.get(username="dung")
    rows = list(Parcel.objects.order_by("id").values_list("min_x", "min_y")[:5_000])
    picked = np.array([rows[i] for i in rng.integers(0, len(rows), TILES)])
    x, y = to_world(picked[:, 0], picked[:, 1])
    parcel = REGISTERS["habitats.parcel"]
    found["tiles"] = {}
    for zoom in ZOOMS:
        tiles = [Tile(zoom, int(a * (1 << zoom)), int(b * (1 << zoom))) for a, b in zip(x, y, strict=True)]
        took_all = [spent(lambda t=t: draw(parcel, dung, t, {}))[0] for t in tiles]
        found["tiles"][str(zoom)] = float(np.quantile(took_all, 0.95))
    return found


def rows() -> list[Row]:
    """The result table of this module."""
    table = []
    for engine in ("sqlite", "postgres"):
        found = standing.run(engine, "benchmarks.bench_habitats", empty=True)
        if found is None:
            continue
        n, total = found["parcels"], found["total a"]
        memory = (
            f"at most {found['peak']:.0f} MiB, {found['before']:.0f} before it began (the net and its file)"
        )
        note = f"{n:,} parcels; {total['refused']:,} refused; {memory}"
        table.append(
            Row(
                f"{engine}: import with topology", found["import a"], target="≤ 300 s, ≤ 1,500 MiB", note=note
            )
        )
        table.append(
            Row(
                f"{engine}: publish, hectares by commune and class", found["publish a"], note=f"{n:,} parcels"
            )
        )
        note = f"{found['pieces']:,} pieces changed"
        table.append(
            Row(f"{engine}: change between two versions", found["compare"], target="≤ 60 s", note=note)
        )
        table.append(
            Row(
                f"{engine}: hectares of an option by zone, commune and class",
                found["option"],
                target="≤ 1 s",
                note="four zones of 400 corners, least of three",
            )
        )
        table += [
            Row(f"{engine}: the same after a corner was dragged", found["dragged"], target="≤ 1 s",
                note="the slowest of the four zones"),
            Row(f"{engine}: integrity and gaps of the map", found["look"], note="a job"),
            Row(f"{engine}: their table on the page", found["told"], note="sums kept when they are found"),
        ]  # fmt: skip
        for zoom, high in found["tiles"].items():
            table.append(Row(f"{engine}: tile of parcels, z{zoom}", high, target="p95 ≤ 0.1 s", note="p95"))
    return table


if __name__ == "__main__":
    print(json.dumps(measure()))
