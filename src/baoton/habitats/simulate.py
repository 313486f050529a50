"""An invented map in two versions with known truth: squares of each commune, some of which changed in between."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely

from baoton.habitats.actions import forest
from baoton.habitats.changes import compare
from baoton.habitats.models import (
    NATURAL,
    Comparison,
    Extent,
    Parcel,
    Version,
)
from baoton.habitats.proposals import simulate as proposals
from baoton.habitats.topology import area_m2
from baoton.habitats.works import simulate as works
from baoton.kit.ids import source_id
from baoton.kit.models import Overlap
from baoton.places.queries import outlines, province_path, settle

BODY, STEP = "kiem_lam", 0.05
SAID = "Bản đồ mô phỏng để trình diễn, không phải số liệu thật"
KINDS = (("medium", 0.22), ("poor", 0.2), ("regrowth", 0.2), ("rich", 0.06), ("bamboo", 0.05), ("plantation", 0.06),
         ("shrub", 0.1), ("bare", 0.03), ("farm", 0.08))  # fmt: skip
BECOMES = {"shrub": "regrowth", "poor": "medium", "regrowth": "farm", "bare": "young", "plantation": "bare"}


def origin_of(kind: str) -> str:
    return "natural" if kind in NATURAL else "planted" if kind == "plantation" else "none"


def simulate(rng: np.random.Generator, year: int, truth: dict[str, Any]) -> int:
    """The status of the year before and that of the year are published; how many parcels there are."""
    before = _version(f"Hiện trạng rừng mô phỏng {year - 1}", date(year - 1, 1, 1), date(year - 1, 12, 31))
    now = _version(f"Hiện trạng rừng mô phỏng {year}", date(year, 1, 1), None)
    words, odds = zip(*KINDS, strict=True)
    squares = [(path, square) for path, shape in sorted(outlines().items()) for square in _squares(shape)]
    first = rng.choice(words, len(squares), p=odds).tolist()
    moved = rng.random(len(squares)) < 0.04
    then = [BECOMES.get(k, k) if m else k for k, m in zip(first, moved.tolist(), strict=True)]
    functions = rng.choice(
        ["special", "protection", "production"], len(squares), p=[0.15, 0.45, 0.4]
    ).tolist()
    made = _stand(before, squares, first, functions) + _stand(now, squares, then, functions)
    compare(Comparison.objects.create(before=before, after=now, area_path=province_path(), organisation=BODY))
    rows = [e for e in made if e.until is None or e.until.year > year]
    books = truth.setdefault("books", {})
    books["habitats.mapped"] = [_row(e, year) for e in rows if e.day.year <= year]
    for name, origins in (("forest", None), ("natural", "natural"), ("planted", "planted")):
        some = [e for e in rows if e.forest == "yes" and origins in (None, e.origin)]
        books[f"habitats.{name}"] = [_row(e, year) for e in some]
    for name, function in (("special_use", "special"), ("protection", "protection")):
        some = [e for e in rows if e.forest == "yes" and e.function == function]
        books[f"habitats.{name}"] = [_row(e, year) for e in some]
    proposals.simulate(rng, year, truth)
    works.simulate(rng, year, truth)
    return 2 * len(squares)


def _row(one: Extent, year: int) -> dict[str, Any]:
    return {"area": one.area_path, "day": one.day.isoformat(), "until": f"{year + 1}", "n": one.m2}


def _version(title: str, first: date, last: date | None) -> Version:
    return Version.objects.create(
        id=source_id("simulated.habitats", title), title=title, source=SAID, scale=10_000, valid_from=first,
        valid_to=last, status=Version.Status.PUBLISHED, area_path=province_path(), organisation=BODY, note=SAID,
    )  # fmt: skip


def _squares(shape: Any) -> list[Any]:
    west, south, east, north = np.floor(np.array(shapely.bounds(shape)) / STEP).astype(int).tolist()
    x, y = np.meshgrid(np.arange(west, east + 1), np.arange(south, north + 1))
    boxes = shapely.box(x.ravel() * STEP, y.ravel() * STEP, (x.ravel() + 1) * STEP, (y.ravel() + 1) * STEP)
    parts = shapely.get_parts(shapely.intersection(boxes, shape))
    return [p for p in parts if p.geom_type == "Polygon" and p.area > 1e-6]


def _stand(
    version: Version, squares: list[tuple[str, Any]], kinds: list[str], functions: list[str]
) -> list[Extent]:
    areas = area_m2([s for _p, s in squares])
    parcels, overlaps = [], []
    sums: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0.0, 0])
    for n, ((path, square), kind, function) in enumerate(zip(squares, kinds, functions, strict=True)):
        ha = round(float(areas[n]) / 10_000, 4)
        one = Parcel(
            id=source_id("simulated.parcel", f"{version.pk}/{n}"), version=version, code=f"L{n + 1:05d}",
            compartment=str(n // 40 + 1), block=str(n // 8 % 5 + 1), plot=str(n % 8 + 1), function=function,
            origin=origin_of(kind), forest_class=kind, stated_ha=round(ha, 1), hectares=ha, organisation=BODY,
        )  # fmt: skip
        one.put(square)
        parcels.append(one)
        overlaps.append(
            Overlap(
                register=Parcel._meta.label_lower,
                record=one.pk,
                area_path=path,
                share=1.0,
                measure=float(areas[n]),
            )
        )
        total = sums[(path, function, kind)]
        total[0] += float(areas[n])
        total[1] += 1
    settle(parcels)
    for one, (path, _square) in zip(parcels, squares, strict=True):
        one.area_path = one.shown_area_path = path
    Parcel.objects.bulk_create(parcels, batch_size=500)
    Overlap.objects.bulk_create(overlaps, batch_size=500)
    made = [
        Extent(
            id=source_id("habitats.extent", f"{version.pk}/{path}/{function}/{origin_of(kind)}/{kind}"),
            version=version, area_path=path, function=function, origin=origin_of(kind), forest_class=kind,
            forest=forest(origin_of(kind), kind), m2=round(m2), parcels=int(n), day=version.valid_from,
            until=version.valid_to and version.valid_to + timedelta(days=1), organisation=BODY,
        )
        for (path, function, kind), (m2, n) in sorted(sums.items())
    ]  # fmt: skip
    return Extent.objects.bulk_create(made, batch_size=500)
