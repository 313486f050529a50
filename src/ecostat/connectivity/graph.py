"""Patches as a graph: which are near enough to be linked, and the pieces that makes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from ecostat import gates
from ecostat.errors import EcostatError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Graph:
    """Patches and the links between those at most `threshold` apart.

    `links` (n, n) symmetric csr of lengths, zero lengths stored; `area` (n,), NaN where it was not given;
    `patch` the number of the patch that each given shape or point became.
    """

    n: int
    area: Floats
    links: sp.csr_array
    threshold: float
    patch: Ints

    @property
    def link_count(self) -> int:
        """The number of links, each pair once."""
        return int(self.links.nnz // 2)

    @property
    def component_count(self) -> int:
        """The number of connected pieces; a patch without links is one."""
        return int(components(self).max()) + 1 if self.n else 0

    @property
    def flat(self) -> tuple[Ints, Ints, Floats]:
        """Row pointers, neighbours and lengths."""
        return self.links.indptr.astype(np.int64), self.links.indices.astype(np.int64), self.links.data

    def known_area(self) -> Floats:
        """The areas; without them `EcostatError`."""
        if np.isnan(self.area).any():
            raise EcostatError("this index weighs patches by area: give `area` to graph()")
        return self.area


def graph(patches: Any, distance: float, *, area: ArrayLike | None = None, merge: bool = True) -> Graph:
    """The graph of patches linked where they are at most `distance` apart.

    `patches`: (n,) shapely geometries (distance from edge to edge, area their own), (n, 2) coordinates, or an
    n × n matrix of distances, dense or sparse (a sparse one says nothing of pairs it does not store). Shapes
    that overlap or share an edge are one patch unless `merge` is False.
    """
    distance = gates.number("distance", distance, low=0, infinite=True)
    merge = gates.flag("merge", merge)
    patch: Ints | None = None
    if sp.issparse(patches):
        n, i, j, length = _from_sparse(patches)
        own = None
    else:
        given = _given(patches)
        if given.dtype == object:
            shapes, patch = _whole(given, merge)
            n, i, j, length = _from_shapes(shapes, distance)
            own = shapely.area(shapes)
        elif given.ndim == 2 and given.shape[1] == 2:
            if np.isfinite(distance) and gates.like_degrees(given, distance):
                raise EcostatError(
                    f"patches look like degrees, and distance of {distance:g} is in their unit: project them first"
                )
            n, i, j, length = _from_points(given.astype(np.float64), distance)
            own = None
        elif given.ndim == 2 and given.shape[0] == given.shape[1]:
            n, i, j, length = _from_matrix(given.astype(np.float64))
            own = None
        else:
            raise EcostatError("patches must be shapes (n,), coordinates (n, 2) or distances (n, n)")
    if n == 0:
        raise EcostatError("patches hold nothing: a graph needs at least one patch")
    near = length <= distance
    i, j, length = i[near], j[near], length[near]
    order = np.lexsort((np.r_[j, i], np.r_[i, j]))
    heads, tails = np.r_[j, i][order], np.r_[i, j][order]
    start = np.searchsorted(tails, np.arange(n + 1)).astype(np.int32)
    links = sp.csr_array((np.r_[length, length][order], heads.astype(np.int32), start), shape=(n, n))
    patch = np.arange(n, dtype=np.int64) if patch is None else patch
    return Graph(n, _areas(area, own, patch), links, float(distance), patch)


def _given(patches: Any) -> NDArray[Any]:
    """Shapes as a column of objects, or coordinates or distances as a table of floats."""
    if not isinstance(patches, np.ndarray):
        held = list(patches) if isinstance(patches, Iterable) else [patches]
        if held and all(isinstance(p, BaseGeometry) or p is None for p in held):
            column = np.empty(len(held), dtype=object)
            column[:] = held
            return column
    elif (
        patches.ndim == 1
        and patches.dtype == object
        and not np.ma.isMaskedArray(patches)
        and all(isinstance(p, BaseGeometry) or p is None for p in patches)
    ):
        return patches
    return gates.numbers("patches", patches, dims=2, infinite=True)


def of(g: Graph) -> Graph:
    """The graph itself; anything else is refused."""
    return gates.instance("g", g, Graph, "connectivity.graph")


def components(g: Graph) -> Ints:
    """(n,) the number of the connected piece of each patch."""
    g = of(g)
    joined = sp.csr_array((np.ones(g.links.nnz), g.links.indices, g.links.indptr), shape=g.links.shape)
    return np.asarray(connected_components(joined, directed=False)[1], dtype=np.int64)


def _areas(area: ArrayLike | None, own: Floats | None, patch: Ints) -> Floats:
    n = patch.size
    if area is None:
        return np.full(n, np.nan) if own is None else np.asarray(own, np.float64)
    sizes = gates.numbers("area", area, size=n, low=0, missing=False)
    return np.bincount(patch, sizes).astype(np.float64)


def _whole(shapes: NDArray[Any], merge: bool) -> tuple[NDArray[Any], Ints]:
    """The patches that the shapes make, and which of them each shape belongs to."""
    bad = np.flatnonzero(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if bad.size:
        raise EcostatError(f"patches[{bad[0]}] has no shape")
    shapes = np.where(shapely.is_valid(shapes), shapes, shapely.make_valid(shapes))
    n = shapes.size
    if not merge:
        return shapes, np.arange(n, dtype=np.int64)
    i, j = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    i, j = i[i < j], j[i < j]
    common = shapely.length(shapely.intersection(shapes[i], shapes[j])) > 0
    joined = sp.csr_array((np.ones(int(common.sum())), (i[common], j[common])), shape=(n, n))
    count, patch = connected_components(joined, directed=False)
    order = np.argsort(patch, kind="stable")
    cuts = np.searchsorted(patch[order], np.arange(1, count))
    parts = np.split(order, cuts)
    whole = [shapes[p[0]] if p.size == 1 else shapely.union_all(shapes[p]) for p in parts]
    return np.array(whole, dtype=object), patch.astype(np.int64)


def _from_shapes(shapes: NDArray[Any], distance: float) -> tuple[int, Ints, Ints, Floats]:
    if np.isinf(distance):
        i, j = np.triu_indices(shapes.size, 1)
    else:
        i, j = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=distance)
        i, j = i[i < j], j[i < j]
    return shapes.size, i.astype(np.int64), j.astype(np.int64), shapely.distance(shapes[i], shapes[j])


def _from_points(points: Floats, distance: float) -> tuple[int, Ints, Ints, Floats]:
    if not np.isfinite(points).all():
        raise EcostatError("patches: a patch has no coordinates")
    if np.isinf(distance):
        i, j = np.triu_indices(len(points), 1)
    else:  # a hair wider, so that rounding in the tree loses no pair; the exact test follows
        pairs = cKDTree(points).query_pairs(distance * (1 + 1e-12), output_type="ndarray")
        i, j = pairs[:, 0], pairs[:, 1]
    apart = np.hypot(*(points[i] - points[j]).T)
    return len(points), i.astype(np.int64), j.astype(np.int64), apart


def _from_matrix(matrix: Floats) -> tuple[int, Ints, Ints, Floats]:
    if np.isnan(matrix).any() or (matrix < 0).any() or not np.array_equal(matrix, matrix.T):
        raise EcostatError("distances must be symmetric, known and not negative; np.inf says no link")
    i, j = np.triu_indices(len(matrix), 1)
    real = np.isfinite(matrix[i, j])
    return len(matrix), i[real].astype(np.int64), j[real].astype(np.int64), matrix[i, j][real]


def _from_sparse(matrix: Any) -> tuple[int, Ints, Ints, Floats]:
    coo = sp.coo_array(matrix)
    if coo.shape[0] != coo.shape[1] or not np.isfinite(coo.data).all() or (coo.data < 0).any():
        raise EcostatError("distances must be a square matrix, known and not negative")
    row, col = coo.coords
    low, high = np.minimum(row, col), np.maximum(row, col)
    order = np.lexsort((coo.data, high, low))
    low, high, data = low[order], high[order], coo.data[order].astype(np.float64)
    first = np.r_[True, (low[1:] != low[:-1]) | (high[1:] != high[:-1])] if low.size else np.zeros(0, bool)
    last = np.r_[first[1:], True] if low.size else first
    if (data[first] != data[last]).any():
        raise EcostatError("a pair of patches is given with two distances")
    keep = first & (low != high)
    return coo.shape[0], low[keep].astype(np.int64), high[keep].astype(np.int64), data[keep]
