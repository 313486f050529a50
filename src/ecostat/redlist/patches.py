"""Subpopulations among records, and whether most of the occupied area lies in small patches far apart."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_RADIUS = 6371008.8  # mean radius of the earth, metres


@dataclass(frozen=True)
class Patches:
    """Occupied cells that touch, by sides or corners, are one patch.

    `label` (n,) the patch of each place; `cells` of each patch; `apart_m` (patches,): how far the nearest place
    of another patch is, inf for a single one.
    """

    label: Ints
    cells: Ints
    apart_m: Floats

    def small_and_far(self, cells: float, reach_m: float) -> float:
        """The share of the cells in patches of fewer than so many, farther from any other than `reach_m`."""
        lost = (self.cells < cells) & (self.apart_m > reach_m)
        return float(self.cells[lost].sum() / self.cells.sum())


def subpopulations(lon: Floats, lat: Floats, reach_m: float) -> Ints:
    """The number of each place's subpopulation: places within `reach_m`, directly or by steps, are one."""
    tree = cKDTree(on_the_globe(lon, lat))
    pairs = tree.query_pairs(_chord(reach_m), output_type="ndarray")
    return _pieces(pairs, lon.size)


def tenth_of_the_widest(lon: Floats, lat: Floats) -> float:
    """Metres: a tenth of the greatest distance between two places (Rivers et al. 2010)."""
    at = on_the_globe(lon, lat)
    far = at[np.argmax(((at - at[0]) ** 2).sum(axis=1))]
    best = 0.0
    for _ in range(8):  # from end to end: each step can only widen, and few are needed
        apart = np.sqrt(((at - far) ** 2).sum(axis=1))
        if apart.max() <= best:
            break
        best, far = float(apart.max()), at[int(np.argmax(apart))]
    return 2 * _RADIUS * float(np.arcsin(min(best / 2, 1.0))) / 10


def patches(cell: Ints, lon: Floats, lat: Floats) -> Patches:
    """The patches of places that lie in these cells (n, 2) of column and row."""
    cells, of = np.unique(cell, axis=0, return_inverse=True)
    of = of.reshape(-1)
    touching = cKDTree(cells).query_pairs(1.01, p=np.inf, output_type="ndarray")
    patch = _pieces(touching, len(cells))
    label = patch[of]
    count = int(patch.max()) + 1
    at = on_the_globe(lon, lat)
    apart = np.full(count, np.inf)
    for p in range(count if count > 1 else 0):
        mine = label == p
        near = cKDTree(at[~mine]).query(at[mine])[0].min()
        apart[p] = 2 * _RADIUS * float(np.arcsin(min(near / 2, 1.0)))
    return Patches(label, np.bincount(patch, minlength=count).astype(np.int64), apart)


def on_the_globe(lon: Floats, lat: Floats) -> Floats:
    """Points (n, 3) on the unit sphere."""
    a, b = np.radians(lon), np.radians(lat)
    return np.column_stack([np.cos(b) * np.cos(a), np.cos(b) * np.sin(a), np.sin(b)])


def _chord(metres: float) -> float:
    return float(2 * np.sin(min(metres / (2 * _RADIUS), np.pi / 2))) * (1 + 1e-12)


def _pieces(pairs: NDArray, n: int) -> Ints:
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int64)
