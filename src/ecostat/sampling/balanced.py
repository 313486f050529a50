"""Balanced acceptance sampling: points of a randomly started Halton sequence that fall inside the areas."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from ecostat import gates
from ecostat.errors import EcostatError, NotConverged
from ecostat.fit import Floats
from ecostat.sampling.frame import Sample, by_stratum, joined, outlines, sizes

MOST = 100_000_000  # points at once
SEEDS = 10_000_000
LIMIT = 5_000_000


def halton(n: int, start: Sequence[int] = (0, 0), bases: Sequence[int] = (2, 3)) -> Floats:
    """n consecutive points of the Halton sequence, coordinate j beginning at index `start[j]` of base j."""
    n = gates.whole("n", n, low=0, high=MOST)
    firsts = gates.numbers("start", start, low=0, whole=True, missing=False).astype(np.int64)
    each = gates.numbers("bases", bases, low=2, high=10_000, whole=True, missing=False).astype(np.int64)
    if firsts.size != each.size or not each.size:
        raise EcostatError("start names one index from zero on for each of the bases.")
    if math.lcm(*each.tolist()) != math.prod(each.tolist()):
        raise EcostatError(f"bases share no divisor, or the points line up: not {tuple(each.tolist())}")
    out = np.empty((n, each.size))
    for j, (first, base) in enumerate(zip(firsts.tolist(), each.tolist(), strict=True)):
        index = np.arange(first, first + n, dtype=np.int64)
        value, step = np.zeros(n), 1.0 / base
        while index.any():
            index, digit = np.divmod(index, base)
            value += digit * step
            step /= base
        out[:, j] = value
    return out


def sample_areas(
    polygons: Sequence[BaseGeometry],
    n: int | Mapping[Any, int],
    *,
    rng: np.random.Generator,
    strata: ArrayLike | None = None,
    density: ArrayLike | None = None,
    reserve: int = 0,
) -> Sample:
    """Places spread evenly over polygons in planar units (Robertson et al. 2013, Biometrics 69:776).

    `density` (one per polygon) is relative intensity: a third coordinate thins the sequence. `reserve`
    spare places a stratum follow the main ones. Overlapping polygons raise `EcostatError`.
    """
    shapes = outlines("polygons", polygons)
    rng, reserve = gates.generator("rng", rng), gates.whole("reserve", reserve, low=0, high=1_000_000)
    area = shapely.area(shapes)
    if not (area > 0).all():
        raise EcostatError(f"polygons: polygon {int(np.flatnonzero(~(area > 0))[0])} has no area.")
    if not shapely.is_valid(shapes).all():
        raise EcostatError(
            f"polygons: polygon {int(np.flatnonzero(~shapely.is_valid(shapes))[0])} crosses itself."
        )
    _refuse_overlap(shapes, area)
    weight = sizes("density", density, shapes.size)
    parts = [
        _one_stratum(shapes[mine], mine, weight[mine], area[mine], name, wanted, reserve, rng)
        for name, wanted, mine in by_stratum(n, strata, shapes.size)
    ]
    return joined(parts, "BAS")


def _one_stratum(
    shapes: NDArray,
    mine: NDArray[np.intp],
    weight: Floats,
    area: Floats,
    name: object,
    n: int,
    reserve: int,
    rng: np.random.Generator,
) -> Sample:
    low = shapely.bounds(shapes)[:, :2].min(axis=0)
    side = shapely.bounds(shapes)[:, 2:].max(axis=0) - low
    even = bool(np.ptp(weight) == 0)
    bases = (2, 3) if even else (2, 3, 5)
    tree = shapely.STRtree(shapes)

    def accepted(points: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        at = low + points[:, :2] * side
        hit, polygon = tree.query(shapely.points(at), predicate="intersects")
        hit, once = np.unique(hit, return_index=True)
        polygon = polygon[once]
        if not even:
            kept = points[hit, 2] < weight[polygon] / weight.max()
            hit, polygon = hit[kept], polygon[kept]
        return hit, polygon

    start = rng.integers(0, SEEDS, len(bases))
    tries = 0
    while not accepted(halton(1, start.tolist(), bases))[0].size:  # the first place lies in the areas
        start = rng.integers(0, SEEDS, len(bases))
        tries += 1
        if tries > LIMIT // 100:
            raise NotConverged("The areas fill so little of their bounding box that no point fell in them.")
    found: list[Floats] = []
    units: list[NDArray[np.intp]] = []
    held, done = 0, 0
    share = max((area * weight).sum() / weight.max() / side.prod(), 1e-4)
    while held < n + reserve:
        batch = int((n + reserve - held) / share * 1.1) + 16
        points = halton(batch, (start + done).tolist(), bases)
        hit, polygon = accepted(points)
        found.append(low + points[hit, :2] * side)
        units.append(polygon)
        held, done = held + hit.size, done + batch
        if done > LIMIT:
            raise NotConverged(
                "The areas fill too little of their bounding box; sample their parts as strata."
            )
    place = np.vstack(found)[: n + reserve]
    unit = np.concatenate(units)[: n + reserve]
    intensity = n * weight[unit] / (area * weight).sum()
    return Sample(
        x=place[:, 0],
        y=place[:, 1],
        unit=mine[unit],
        stratum=np.full(unit.size, name),
        inclusion=intensity,
        weight=1 / intensity,
        reserve=np.arange(unit.size) >= n,
        method="BAS",
        message=f"{n} places and {reserve} in reserve from Halton indices {start.tolist()} ({name}).",
    )


def _refuse_overlap(shapes: NDArray, area: Floats) -> None:
    """Polygons that share ground would be drawn twice there."""
    if shapes.size < 2:
        return
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pair = a < b
    shared = shapely.area(shapely.intersection(shapes[a[pair]], shapes[b[pair]]))
    least = np.minimum(area[a[pair]], area[b[pair]])
    bad = np.flatnonzero(shared > 1e-6 * least)
    if bad.size:
        raise EcostatError(f"polygons {a[pair][bad[0]]} and {b[pair][bad[0]]} overlap.")
