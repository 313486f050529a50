"""What the way to each square costs where an administrator laid roads or heights: by road, then on foot by slope.

Everything is told in kilometres of level walking, so that a price a km means the same whatever was laid. On foot:
Tobler (1993), Three presentations on geographical analysis and modeling, NCGIA 93-1; steeper than what climbs fastest
one goes in zigzags. By slope of the ground square by square as Weiss et al. (2018) Nature 553:333.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Slope = Callable[[Floats, Floats], Floats]
LEVEL_KMH = 6 * float(np.exp(-3.5 * 0.05))
ROAD_KMH = 20.0
"""A motorbike on a mountain road: assumed, and told on the page."""
STEEPEST = 1 / 3.5
"""The gradient at which a walker by Tobler's function gains height fastest."""
LOOKS = 10


def walking(slope: Floats) -> Floats:
    """Hours of a km on foot across a slope in degrees, the mean of up and down; an unknown slope counts as level."""
    rise = np.tan(np.radians(np.nan_to_num(slope, nan=0.0)))
    gone = np.minimum(rise, STEEPEST)
    up, down = (1 / (6 * np.exp(-3.5 * np.abs(way * gone + 0.05))) for way in (1, -1))
    hours: Floats = (up + down) / 2 * np.maximum(rise / STEEPEST, 1)
    return hours


def ways(
    x: Floats, y: Floats, side: float, seats: Floats, straight: Floats, *,
    roads: list[Any], slope: Slope | None, to: Any,
) -> Floats:  # fmt: skip
    """Km of level walking from the nearest seat to each square, shape (n,); where no way leads, the straight line.

    `seats` are points in metres, shape (m, 2), `roads` lines in longitude and latitude, `to` leads to metres;
    `slope` tells degrees at a longitude and latitude.
    """
    from scipy import sparse
    from scipy.spatial import cKDTree

    columns, lines = (x // side).astype(np.int64), (y // side).astype(np.int64)
    hours = _on_foot(x, y, side, slope, to) if slope else np.full(x.size, 1 / LEVEL_KMH)
    number = {key: i for i, key in enumerate(zip(columns.tolist(), lines.tolist(), strict=True))}
    ends, costs = [], []
    for right, up in ((1, 0), (0, 1), (1, 1), (1, -1)):
        beside = [
            number.get((c + right, r + up), -1) for c, r in zip(columns.tolist(), lines.tolist(), strict=True)
        ]
        other = np.array(beside)
        one = np.flatnonzero(other >= 0)
        ends.append(np.column_stack([one, other[one]]))
        costs.append(np.hypot(right, up) * side / 1000 * (hours[one] + hours[other[one]]) / 2)
    pairs, cost = np.concatenate(ends), np.concatenate(costs)
    ridden = _ridden(roads, side, number, to)
    if ridden:
        known = {(int(a), int(b)): i for i, (a, b) in enumerate(pairs)}
        at = [known[pair] for pair in (*ridden, *((b, a) for a, b in ridden)) if pair in known]
        length = np.hypot(x[pairs[at, 0]] - x[pairs[at, 1]], y[pairs[at, 0]] - y[pairs[at, 1]]) / 1000
        cost[at] = np.minimum(cost[at], length / ROAD_KMH)
    graph = sparse.csr_array((cost, (pairs[:, 0], pairs[:, 1])), shape=(x.size, x.size))
    off, start = cKDTree(np.column_stack([x, y])).query(seats)
    start = start[off <= 2 * side]
    if not start.size:
        return straight
    taken = sparse.csgraph.dijkstra(graph, directed=False, indices=np.unique(start), min_only=True)
    return np.where(np.isfinite(taken), taken * LEVEL_KMH, straight)


def _on_foot(x: Floats, y: Floats, side: float, slope: Slope, to: Any) -> Floats:
    """Hours of a km in each square: the mean over places spread across it."""
    steps = ((np.arange(LOOKS) + 0.5) / LOOKS - 0.5) * side
    told = np.zeros(x.size)
    for right in steps.tolist():
        for up in steps.tolist():
            lon, lat = to.transform(x + right, y + up, direction="INVERSE")
            told += walking(slope(lon, lat))
    return told / LOOKS**2


def _ridden(
    roads: list[Any], side: float, number: dict[tuple[int, int], int], to: Any
) -> set[tuple[int, int]]:
    """Pairs of neighbouring squares between which a road leads."""
    found = set()
    for line in shapely.get_parts(np.array(roads, object)) if roads else ():
        plane = shapely.transform(line, lambda c: np.column_stack(to.transform(c[:, 0], c[:, 1])))
        steps = shapely.get_coordinates(shapely.segmentize(plane, side / 20)) // side
        passed = [number.get((int(c), int(r)), -1) for c, r in steps]
        found |= {(a, b) for a, b in pairwise(passed) if a >= 0 and b >= 0 and a != b}
    return found
