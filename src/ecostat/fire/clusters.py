"""Satellite detections gathered into fires: near each other in space and in time."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from ecostat import gates
from ecostat.gates import like, seconds

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_RADIUS = 6371008.8  # mean radius of the earth, metres


@dataclass(frozen=True)
class Hotspots:
    """Fires among detections: `label` (n,) the fire of each, -1 for one alone or without place or time.

    `core` (n,): has enough neighbours itself. Per fire, in order of `start`: `size` detections, mean `lon`
    and `lat`, `start` and `end` as the times were given.
    """

    label: Ints
    core: NDArray[np.bool_]
    n: int
    size: Ints
    lon: Floats
    lat: Floats
    start: NDArray
    end: NDArray


def hotspots(
    lon: ArrayLike,
    lat: ArrayLike,
    time: ArrayLike,
    *,
    metres: float,
    days: float,
    min_points: int = 3,
) -> Hotspots:
    """ST-DBSCAN (Birant & Kut 2007 Data & Knowledge Engineering 60:208) on the sphere.

    Detections are neighbours within `metres` and `days`; one with `min_points` neighbours, itself included,
    is a core; cores in reach of each other are one fire, and others join the fire of their nearest core.
    `time` (n,) datetime64 or seconds.
    """
    x, y = gates.lonlat(lon, lat)
    at = seconds("time", time)
    gates.alike(lon=x, lat=y, time=at)
    metres, days = gates.number("metres", metres, above=0), gates.number("days", days, low=0)
    min_points = gates.whole("min_points", min_points, low=1)
    known = np.flatnonzero(~(np.isnan(x) | np.isnan(y) | np.isnan(at)))
    one, two, apart = _neighbours(x[known], y[known], at[known], metres, days)
    n = known.size
    core = np.bincount(one, minlength=n) + np.bincount(two, minlength=n) + 1 >= min_points

    joined = core[one] & core[two]
    links = coo_array((np.ones(joined.sum()), (one[joined], two[joined])), shape=(n, n))
    fire = connected_components(links, directed=False)[1] if n else np.zeros(0, dtype=np.int64)
    fire = np.where(core, fire, -1).astype(np.int64)
    # an edge point joins its nearest core: the answer does not depend on the order of the rows
    edge = np.concatenate([one[core[two] & ~core[one]], two[core[one] & ~core[two]]])
    near = np.concatenate([two[core[two] & ~core[one]], one[core[one] & ~core[two]]])
    far = np.concatenate([apart[core[two] & ~core[one]], apart[core[one] & ~core[two]]])
    order = np.lexsort((fire[near], far, edge))
    edge, first = np.unique(edge[order], return_index=True)
    fire[edge] = fire[near[order][first]]
    return _described(fire, core, known, x, y, at, time)


def _neighbours(
    lon: Floats, lat: Floats, at: Floats, metres: float, days: float
) -> tuple[Ints, Ints, Floats]:
    """Every pair within reach once, and how far apart in space."""
    a, b = np.radians(lon), np.radians(lat)
    chord = 2 * np.sin(min(metres / (2 * _RADIUS), np.pi / 2))
    ball = np.column_stack([np.cos(b) * np.cos(a), np.cos(b) * np.sin(a), np.sin(b)])
    # one tree for both: a day counts as far as a chord, and the box is then cut down to the cylinder
    day = (at - at.min(initial=np.inf if at.size else 0)) / (86400 * days) if days > 0 else at * 1e6
    tree = cKDTree(np.column_stack([ball / chord, day])) if at.size else None
    if tree is None:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    pairs = tree.query_pairs(1 + 1e-9, p=np.inf, output_type="ndarray").astype(np.int64)
    apart = np.sqrt(((ball[pairs[:, 0]] - ball[pairs[:, 1]]) ** 2).sum(axis=1))
    near = (apart <= chord) & (np.abs(at[pairs[:, 0]] - at[pairs[:, 1]]) <= days * 86400)
    return pairs[near, 0], pairs[near, 1], apart[near]


def _described(
    fire: Ints,
    core: NDArray[np.bool_],
    known: Ints,
    lon: Floats,
    lat: Floats,
    at: Floats,
    time: ArrayLike,
) -> Hotspots:
    inside = fire >= 0
    old, renamed = np.unique(fire[inside], return_inverse=True)
    rows = known[inside]
    n = old.size
    start, end = np.full(n, np.inf), np.full(n, -np.inf)
    np.minimum.at(start, renamed, at[rows])
    np.maximum.at(end, renamed, at[rows])
    rank = np.empty(n, dtype=np.int64)
    rank[np.argsort(start, kind="stable")] = np.arange(n)
    label = np.full(lon.size, -1, dtype=np.int64)
    label[rows] = rank[renamed]
    is_core = np.zeros(lon.size, dtype=bool)
    is_core[known] = core
    own = label[rows]
    size = np.bincount(own, minlength=n).astype(np.int64)
    many = np.maximum(size, 1)
    by_time = np.argsort(rank)
    # the mean place is that of the mean vector, so that it holds over the antimeridian
    a, b = np.radians(lon[rows]), np.radians(lat[rows])
    vector = [np.cos(b) * np.cos(a), np.cos(b) * np.sin(a), np.sin(b)]
    mean = [np.bincount(own, weights=v, minlength=n) / many for v in vector]
    return Hotspots(
        label,
        is_core,
        n,
        size,
        np.degrees(np.arctan2(mean[1], mean[0])),
        np.degrees(np.arctan2(mean[2], np.hypot(mean[0], mean[1]))),
        like(time, start[by_time]),
        like(time, end[by_time]),
    )
