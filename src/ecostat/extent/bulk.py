"""Extents of every species in a column of millions of records, in one pass and little memory."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.compiled import compiled
from ecostat.extent.cells import Origins, fewest, grid_shifts, occupied, side
from ecostat.extent.hull import _ring, convex_hull, ring_area
from ecostat.extent.places import distinct, one_spelling
from ecostat.labels import coded, grouped

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
EXACT_BY = 200
_FEW = 1000  # species that are not worth compiling a loop for


@dataclass(frozen=True)
class ExtentBy:
    """One element a species, in sorted order of `species`.

    `records`: rows; `unlocated`: rows without coordinates; `places`: distinct places; `eoo_km2` NaN below 3
    places; `aoo_km2` NaN and `cells` 0 without a place; `exact`: the cells are the least of all grids;
    `around_the_world`: longitudes leave no gap of 180°, read the hull with care.
    """

    species: NDArray
    records: Ints
    unlocated: Ints
    places: Ints
    eoo_km2: Floats
    aoo_km2: Floats
    cells: Ints
    exact: NDArray[np.bool_]
    around_the_world: NDArray[np.bool_]


def extent_by(
    species: ArrayLike,
    lon: ArrayLike,
    lat: ArrayLike,
    *,
    cell_m: float = 2000,
    origins: Origins = "exact",
    exact_up_to: int = EXACT_BY,
) -> ExtentBy:
    """Extent of occurrence and area of occupancy of each species; see `eoo` and `aoo` for the figures.

    The least of all grids is found up to `exact_up_to` places a species: its time grows with their square.
    """
    cell, shifts = side("cell_m", cell_m), grid_shifts(origins)
    return _extents(species, lon, lat, cell, shifts, exact_up_to, hull=True, grid=True)


def eoo_by(species: ArrayLike, lon: ArrayLike, lat: ArrayLike) -> ExtentBy:
    """Extent of occurrence of each species; the area of occupancy is left NaN."""
    return _extents(species, lon, lat, 2000.0, 1, 0, hull=True, grid=False)


def aoo_by(
    species: ArrayLike,
    lon: ArrayLike,
    lat: ArrayLike,
    cell_m: float = 2000,
    origins: Origins = "exact",
    *,
    exact_up_to: int = EXACT_BY,
) -> ExtentBy:
    """Area of occupancy of each species; the extent of occurrence is left NaN."""
    cell, shifts = side("cell_m", cell_m), grid_shifts(origins)
    return _extents(species, lon, lat, cell, shifts, exact_up_to, hull=False, grid=True)


def _extents(
    species: ArrayLike,
    lon: ArrayLike,
    lat: ArrayLike,
    cell: float,
    shifts: int,
    exact_up_to: int,
    *,
    hull: bool,
    grid: bool,
) -> ExtentBy:
    x, y = gates.degrees("lon", lon), gates.degrees("lat", lat)
    kind = gates.labels("species", species)
    gates.alike(species=kind, lon=x, lat=y)
    most = gates.whole("exact_up_to", exact_up_to, low=0, high=100_000)
    names, code, base = coded(kind)
    for k in np.unique(code[(x == 0) & (y == 0)]):
        gates.nowhere(x[code == k], y[code == k])
    order, start = grouped(code, base, len(names))
    records = np.diff(start)
    keep = records > 0
    measure = _one_by_one if keep.sum() <= _FEW and x.size <= 20 * _FEW else _measure
    out = measure(order, start, x, y, cell, shifts, most, hull, grid)
    wrong, unlocated, places, cells, exact, odd, hull_start, hx, hy = out
    if wrong >= 0:
        raise gates.impossible(float(x[wrong]), float(y[wrong]))

    area = np.full(len(names), np.nan)
    around = np.zeros(len(names), dtype=bool)
    for s in np.flatnonzero(keep):
        if odd[s]:
            rows = order[start[s] : start[s + 1]]
            rows = rows[~(np.isnan(x[rows]) | np.isnan(y[rows]))]
            east, north = distinct(one_spelling(x[rows], y[rows]), y[rows])
            places[s] = east.size
            if grid:
                cells[s], exact[s] = fewest(east, north, cell, shifts, most)
            if hull and east.size >= 3:
                ring, around[s] = _ring(east, north)
                area[s] = ring_area(ring)
        elif hull and places[s] >= 3:
            at = slice(hull_start[s], hull_start[s + 1])
            area[s] = ring_area(np.column_stack([hx[at], hy[at]]))
    found = np.where(places > 0, cells * cell**2 / 1e6, np.nan) if grid else np.full(len(names), np.nan)
    return ExtentBy(
        species=names[keep],
        records=records[keep],
        unlocated=unlocated[keep],
        places=places[keep],
        eoo_km2=area[keep],
        aoo_km2=found[keep],
        cells=cells[keep],
        exact=exact[keep],
        around_the_world=around[keep],
    )


def _one_by_one(
    order: NDArray[np.int32], start: Ints, lon: Floats, lat: Floats, *_: object
) -> tuple[int, Ints, Ints, Ints, NDArray[np.bool_], NDArray[np.bool_], Ints, Floats, Floats]:
    """What `_measure` gives, with every species left to the careful path."""
    groups = start.size - 1
    known = ~(np.isnan(lon) | np.isnan(lat))
    wrong = np.flatnonzero(known & ((lon < -180) | (lon > 360) | (np.abs(lat) > 90)))
    group = np.repeat(np.arange(groups), np.diff(start))
    located = np.bincount(group, known[order], groups).astype(np.int64)
    none, empty = np.zeros(groups, np.int64), np.empty(0)
    return (
        int(wrong[0]) if wrong.size else -1,
        np.diff(start) - located, none.copy(), none.copy(), np.zeros(groups, bool), located > 0, none, empty, empty,
    )  # fmt: skip


@compiled
def _measure(
    order: NDArray[np.int32], start: Ints, lon: Floats, lat: Floats, cell: float, shifts: int, most: int,
    hull: bool, grid: bool,
) -> tuple[int, Ints, Ints, Ints, NDArray[np.bool_], NDArray[np.bool_], Ints, Floats, Floats]:  # fmt: skip
    groups = start.size - 1
    unlocated, places, cells = (
        np.zeros(groups, np.int64),
        np.zeros(groups, np.int64),
        np.zeros(groups, np.int64),
    )
    exact, odd = np.zeros(groups, np.bool_), np.zeros(groups, np.bool_)
    hull_start = np.zeros(groups + 1, np.int64)
    ring_x, ring_y = np.empty(1024), np.empty(1024)
    for s in range(groups):
        hull_start[s + 1] = hull_start[s]
        size = start[s + 1] - start[s]
        x, y = np.empty(size), np.empty(size)
        n = 0
        for r in range(start[s], start[s + 1]):
            row = order[r]
            a, b = lon[row], lat[row]
            if np.isnan(a) or np.isnan(b):
                unlocated[s] += 1
                continue
            if a < -180 or a > 360 or abs(b) > 90:
                return row, unlocated, places, cells, exact, odd, hull_start, ring_x, ring_y
            x[n], y[n] = (a - 360 if a >= 180 else a) + 0.0, b + 0.0
            n += 1
        n = _distinct(x, y, n)
        places[s] = n
        if n == 0:
            continue
        west, east, top = x[0], x[0], 0.0
        for i in range(n):
            west, east, top = min(west, x[i]), max(east, x[i]), max(top, abs(y[i]))
        if east - west > 180 or top == 90:
            odd[s] = True
            continue
        if grid:
            cells[s], _, _, exact[s] = occupied(x, y, n, cell, shifts, most)
        if hull and n >= 3:
            hx, hy = np.empty(n + 1), np.empty(n + 1)
            k = convex_hull(x, y, n, hx, hy)
            at = hull_start[s]
            if at + k + 1 > ring_x.size:
                ring_x = _longer(ring_x, at + k + 1)
                ring_y = _longer(ring_y, at + k + 1)
            for i in range(k + 1):
                ring_x[at + i], ring_y[at + i] = hx[i % k], hy[i % k]
            hull_start[s + 1] = at + k + 1
    return -1, unlocated, places, cells, exact, odd, hull_start, ring_x, ring_y


@compiled
def _longer(line: Floats, need: int) -> Floats:
    longer = np.empty(2 * need)
    for i in range(line.size):  # a slice would compile its message for unequal shapes, two seconds of it
        longer[i] = line[i]
    return longer


@compiled
def _distinct(x: Floats, y: Floats, n: int) -> int:
    """Each place once, at the front, in the order met; returns how many."""
    size = 16
    while size < 2 * n:
        size *= 2
    table = np.empty(size, np.int32)
    table[:] = -1
    bx, by = x.view(np.int64), y.view(np.int64)
    m = 0
    for i in range(n):
        h = (bx[i] * 0x9E3779B1) ^ (by[i] * 0x85EBCA77)
        h = (h ^ (h >> 29) ^ (h >> 47)) & (size - 1)
        while table[h] >= 0 and (bx[table[h]] != bx[i] or by[table[h]] != by[i]):
            h = (h + 1) & (size - 1)
        if table[h] < 0:
            table[h] = m
            x[m], y[m] = x[i], y[i]
            m += 1
    return m
