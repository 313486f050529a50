"""Generalised random tessellation: points strung along random nested quadrants, drawn evenly."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from ecostat import gates
from ecostat.errors import EcostatError
from ecostat.fit import Floats
from ecostat.sampling.frame import Sample, by_stratum, chances, joined, outlines, sizes

DEPTH = 24


def sample_points(
    x: ArrayLike,
    y: ArrayLike,
    n: int | Mapping[Any, int],
    *,
    rng: np.random.Generator,
    strata: ArrayLike | None = None,
    size: ArrayLike | None = None,
    reserve: int = 0,
) -> Sample:
    """A spatially balanced sample of points, chances proportional to `size`: GRTS of Stevens & Olsen (2004,
    JASA 99:262).

    `x`, `y` in planar units. `n` per stratum if `strata`. Asking more places than points raises `TooFewData`.
    """
    east, north = gates.numbers("x", x, missing=False), gates.numbers("y", y, missing=False)
    if not gates.alike(x=east, y=north):
        raise EcostatError("x and y hold no point to sample.")
    weight = sizes("size", size, east.size)
    rng, reserve = gates.generator("rng", rng), gates.whole("reserve", reserve, low=0, high=10_000_000)
    parts = []
    for name, wanted, mine in by_stratum(n, strata, east.size):
        picked, chance = _draw(east[mine], north[mine], weight[mine], wanted, reserve, rng)
        unit = mine[picked]
        parts.append(_sample(east[unit], north[unit], unit, name, chance, wanted, reserve, "GRTS"))
    return joined(parts, "GRTS")


def sample_lines(
    lines: Sequence[BaseGeometry],
    n: int | Mapping[Any, int],
    *,
    rng: np.random.Generator,
    strata: ArrayLike | None = None,
    density: ArrayLike | None = None,
    reserve: int = 0,
) -> Sample:
    """Places spread along lines, evenly per length or by `density` (one per line).

    Lines are cut into short pieces, pieces are drawn by GRTS with chances proportional to length, and the
    place lies at random within its piece. `inclusion` is the expected number of places per unit length.
    """
    shapes = outlines("lines", lines)
    rng, reserve = gates.generator("rng", rng), gates.whole("reserve", reserve, low=0, high=1_000_000)
    length = shapely.length(shapes)
    if not (length > 0).all():
        raise EcostatError(f"lines: line {int(np.flatnonzero(~(length > 0))[0])} has no length.")
    weight = sizes("density", density, shapes.size)
    parts = []
    for name, wanted, mine in by_stratum(n, strata, shapes.size):
        mass = length[mine] * weight[mine]
        # no piece may hold more than one place, and a hundredth of one keeps the spread
        pieces = np.maximum(1, np.ceil(100 * (wanted + reserve) * mass / mass.sum())).astype(int)
        owner = np.repeat(np.arange(mine.size), pieces)
        rank = np.arange(owner.size) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        step = length[mine][owner] / pieces[owner]
        middle = shapely.line_interpolate_point(shapes[mine][owner], (rank + 0.5) * step)
        picked, _ = _draw(
            shapely.get_x(middle), shapely.get_y(middle), step * weight[mine][owner], wanted, reserve, rng
        )
        along = (rank[picked] + rng.random(picked.size)) * step[picked]
        place = shapely.line_interpolate_point(shapes[mine][owner[picked]], along)
        intensity = wanted * weight[mine][owner[picked]] / mass.sum()
        unit = mine[owner[picked]]
        parts.append(
            _sample(
                shapely.get_x(place),
                shapely.get_y(place),
                unit,
                name,
                intensity,
                wanted,
                reserve,
                "GRTS lines",
            )
        )
    return joined(parts, "GRTS lines")


def _draw(
    x: Floats, y: Floats, size: Floats, n: int, reserve: int, rng: np.random.Generator
) -> tuple[NDArray[np.intp], Floats]:
    """The drawn points in reverse hierarchical order, and each one's chance to be among the first n."""
    total = n + reserve
    chance = chances(size, total)
    order = hierarchical_order(x, y, rng)
    along = np.cumsum(chance[order])
    marks = rng.random() + np.arange(total)
    at = np.searchsorted(along, np.minimum(marks, along[-1] * (1 - 1e-12)), side="right")
    picked = order[np.minimum(at, order.size - 1)][_reversed_quaternary(total)]
    return picked, chance[picked] * (n / total)


def hierarchical_order(x: Floats, y: Floats, rng: np.random.Generator) -> NDArray[np.intp]:
    """The points along a line that visits nested quadrants, the four of each in an order of their own."""
    side = max(float(np.ptp(x)), float(np.ptp(y)), 1e-300)
    fine = (1 << DEPTH) - 1
    # a random offset of the grid, so that no fixed line divides neighbours in every draw
    column = ((x - x.min()) / side * 0.5 * fine + rng.random() * 0.5 * fine).astype(np.int64)
    line = ((y - y.min()) / side * 0.5 * fine + rng.random() * 0.5 * fine).astype(np.int64)
    cell = np.zeros(x.size, np.int64)  # number of the quadrant so far, in visiting order
    for level in range(DEPTH - 1, -1, -1):
        digit = ((column >> level) & 1) * 2 + ((line >> level) & 1)
        parents, inverse = np.unique(cell, return_inverse=True)
        turn = np.argsort(rng.random((parents.size, 4)), axis=1)
        cell = inverse * 4 + turn[inverse, digit]
        if parents.size == x.size:
            break
    return np.lexsort((rng.random(x.size), cell))


def _reversed_quaternary(n: int) -> NDArray[np.intp]:
    """Positions 0..n−1 by their base-4 digits read backwards: every prefix is spread along the line."""
    digits = max(1, int(np.ceil(np.log(max(n, 2)) / np.log(4) - 1e-12)))
    index, back = np.arange(n), np.zeros(n, np.int64)
    # positions are stretched over all 4^digits addresses so that prefixes stay even for any n
    address = (index * 4**digits) // n
    for _ in range(digits):
        address, digit = np.divmod(address, 4)
        back = back * 4 + digit
    return np.argsort(back, kind="stable")


def _sample(
    x: Floats,
    y: Floats,
    unit: NDArray[np.intp],
    name: object,
    inclusion: Floats,
    n: int,
    reserve: int,
    method: str,
) -> Sample:
    return Sample(
        x=x,
        y=y,
        unit=unit,
        stratum=np.full(unit.size, name),
        inclusion=inclusion,
        weight=1 / inclusion,
        reserve=np.arange(unit.size) >= n,
        method=method,
        message=f"{n} places and {reserve} in reserve ({name}).",
    )
