"""Extent of occurrence: the geodesic area of the smallest convex figure that holds every record."""

import math
import warnings

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod

from ecostat import gates
from ecostat.compiled import compiled, warmed
from ecostat.errors import TooFewPoints
from ecostat.extent.cells import aoo
from ecostat.extent.places import AroundTheWorld, Unlocated, distinct, located, unwrapped
from ecostat.order import ranked

Floats = NDArray[np.float64]

_WGS84 = Geod(ellps="WGS84")
_LONGEST_EDGE = 90.0


def eoo(lon: ArrayLike, lat: ArrayLike, *, at_least_aoo: bool = False) -> float:
    """Square kilometres of the convex hull; 0.0 when every place lies on one line.

    `lon`, `lat`: (n,) degrees. Raises TooFewPoints below 3 distinct places. `at_least_aoo=True` follows the
    rule of IUCN Guidelines 4.9 that an EOO below the AOO is set to it, which also answers for one place or
    two. Area after Karney (2013) Algorithms for geodesics, through PROJ.
    """
    if gates.flag("at_least_aoo", at_least_aoo):
        occupied = aoo(lon, lat)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Unlocated)  # said once already
            return occupied.km2 if occupied.n_places < 3 else max(eoo(lon, lat), occupied.km2)
    ring, around = _ring(lon, lat)
    if around:
        warnings.warn(
            "the longitudes leave no gap of 180°: the hull runs around the world", AroundTheWorld, 2
        )
    return ring_area(ring)


def eoo_polygon(lon: ArrayLike, lat: ArrayLike) -> Floats:
    """The hull as a closed ring (k + 1, 2), counter-clockwise; over the antimeridian it runs past 180."""
    ring, around = _ring(lon, lat)
    if around:
        warnings.warn(
            "the longitudes leave no gap of 180°: the hull runs around the world", AroundTheWorld, 2
        )
    return ring


def _ring(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, bool]:
    x, y = distinct(*located(lon, lat))
    if x.size < 3:
        raise TooFewPoints(f"lon and lat: a hull needs 3 distinct places, and the records give {x.size}")
    pole = np.abs(y) == 90
    rest, around = unwrapped(x[~pole])
    x[~pole] = rest
    x[pole] = (rest.min() + rest.max()) / 2 if rest.size else 0.0
    hx, hy = np.empty(x.size + 1), np.empty(x.size + 1)
    k = _hull_of(x, y, np.lexsort((y, x)), hx, hy)
    ring = np.column_stack([hx[:k], hy[:k]])
    return np.vstack([ring, ring[:1]]), around


def ring_area(ring: Floats) -> float:
    """Square kilometres inside a closed ring whose sides are geodesics."""
    if len(ring) < 4:
        return 0.0
    lon, lat = ring[:, 0], ring[:, 1]
    if np.abs(np.diff(lon)).max() >= 180:
        # the shortest way between such ends would leave the hull over the other side of the globe
        lon, lat = _cut(lon, lat)
    area, _ = _WGS84.polygon_area_perimeter(lon, lat)
    return abs(float(area)) / 1e6


def _cut(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    pieces = np.maximum(1, np.ceil(np.abs(np.diff(lon)) / _LONGEST_EDGE)).astype(int)
    along = np.concatenate([i + np.arange(n) / n for i, n in enumerate(pieces)] + [[float(len(pieces))]])
    at = np.arange(len(lon))
    return np.interp(along, at, lon), np.interp(along, at, lat)


@compiled
def convex_hull(x: Floats, y: Floats, n: int, hx: Floats, hy: Floats) -> int:
    """The hull of distinct points, counter-clockwise, is in hx, hy; returns its vertices (2 = one line).

    Points inside the eight extremes go first (Akl and Toussaint 1978), the rest by Andrew's monotone chain.
    """
    low, high = np.empty(4), np.empty(4)
    at_low, at_high = np.zeros(4, np.int64), np.zeros(4, np.int64)
    along = np.empty(4)
    for d in range(4):
        low[d], high[d] = np.inf, -np.inf
    for i in range(n):
        along[0], along[1], along[2], along[3] = x[i], y[i], x[i] + y[i], x[i] - y[i]
        for d in range(4):
            if along[d] < low[d]:
                low[d], at_low[d] = along[d], i
            if along[d] > high[d]:
                high[d], at_high[d] = along[d], i
    # counter-clockwise from the west: -x, -(x+y), -y, x-y, x, x+y, y, -(x-y)
    corner = (at_low[0], at_low[2], at_low[1], at_high[3], at_high[0], at_high[2], at_high[1], at_low[3])
    keep = np.empty(n, np.int64)
    m = 0
    for i in range(n):
        inside = True
        for c in range(8):
            a, b = corner[c], corner[(c + 1) % 8]
            if a != b and (x[b] - x[a]) * (y[i] - y[a]) - (y[b] - y[a]) * (x[i] - x[a]) <= 0:
                inside = False
                break
        if not inside:
            keep[m] = i
            m += 1
    ranked(x, y, keep, m)
    return _or_line(x, y, n, hx, hy, _chain(x, y, keep[:m], hx, hy))


@compiled
def _or_line(x: Floats, y: Floats, n: int, hx: Floats, hy: Floats, k: int) -> int:
    """The k vertices of the hull, or 2 where it is so flat that rounding alone may have given it an area.

    Flatness is judged against the rounding of the coordinates themselves.
    """
    west, east, south, north = x[0], x[0], y[0], y[0]
    first, last = 0, 0
    for i in range(n):
        west, east = min(west, x[i]), max(east, x[i])
        south, north = min(south, y[i]), max(north, y[i])
        if x[i] < x[first] or (x[i] == x[first] and y[i] < y[first]):
            first = i
        if x[i] > x[last] or (x[i] == x[last] and y[i] > y[last]):
            last = i
    area, size = 0.0, 0.0
    for i in range(k):
        j = (i + 1) % k
        area += (hx[i] - hx[0]) * (hy[j] - hy[0]) - (hx[j] - hx[0]) * (hy[i] - hy[0])
        size = max(size, abs(hx[i]), abs(hy[i]))
    if k >= 3 and area / 2 <= 1.8e-15 * size * math.hypot(east - west, north - south):
        hx[0], hy[0], hx[1], hy[1] = x[first], y[first], x[last], y[last]
        return 2
    return k


@compiled
def _chain(x: Floats, y: Floats, order: NDArray[np.int64], hx: Floats, hy: Floats) -> int:
    m = order.size
    k = 0
    for step in range(2):
        floor = k + 1 if step else 2
        for t in range(m) if step == 0 else range(m - 2, -1, -1):
            i = order[t]
            while k >= floor and (
                (hx[k - 1] - hx[k - 2]) * (y[i] - hy[k - 2]) - (hy[k - 1] - hy[k - 2]) * (x[i] - hx[k - 2])
                <= 0
            ):
                k -= 1
            hx[k], hy[k] = x[i], y[i]
            k += 1
    return k - 1  # the first point closed the ring


@warmed(lambda x, *_: 30 * x.size)
def _hull_of(x: Floats, y: Floats, order: NDArray[np.int64], hx: Floats, hy: Floats) -> int:
    """The hull of distinct points in their order from west to east; see `convex_hull`."""
    return _or_line(x, y, x.size, hx, hy, _chain(x, y, order, hx, hy))
