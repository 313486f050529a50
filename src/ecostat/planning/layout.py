"""Who lies beside whom, and along which length of edge: for grids and for polygons."""

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.errors import EcostatError


def grid_adjacency(
    rows: int, columns: int, *, diagonal: bool = False, present: ArrayLike | None = None
) -> sp.csr_array:
    """1 where two cells of a grid share an edge, with `diagonal` also where they share a corner.

    Cells are numbered row by row; with `present` (rows, columns) only cells that are there are units, numbered
    in the same order.
    """
    number = _numbers(rows, columns, present)
    one, other, _ = _pairs(number, 1.0, 1.0)
    if gates.flag("diagonal", diagonal):
        for a, b in ((number[:-1, :-1], number[1:, 1:]), (number[:-1, 1:], number[1:, :-1])):
            both = (a >= 0) & (b >= 0)
            one, other = np.r_[one, a[both]], np.r_[other, b[both]]
    return _symmetric(one, other, np.ones(one.size), int(number.max(initial=-1)) + 1)


def grid_boundary(
    rows: int,
    columns: int,
    *,
    width: float = 1.0,
    height: float | None = None,
    present: ArrayLike | None = None,
) -> sp.csr_array:
    """Shared edge lengths of grid cells off the diagonal, edges without a neighbour on it.

    `width`, `height` (default: `width`) of a cell; `present` as in `grid_adjacency`.
    """
    wide = gates.number("width", width, above=0)
    tall = wide if height is None else gates.number("height", height, above=0)
    number = _numbers(rows, columns, present)
    n = int(number.max(initial=-1)) + 1
    one, other, length = _pairs(number, wide, tall)
    inner = np.bincount(np.r_[one, other], np.r_[length, length], n)
    return sp.csr_array(
        _symmetric(one, other, length, n) + sp.diags_array(np.maximum(2 * (wide + tall) - inner, 0.0))
    )


def adjacency(polygons: Any, *, corners: bool = False) -> sp.csr_array:
    """1 where two polygons share an edge, with `corners` also where they touch or overlap at all.

    `polygons`: (n,) shapely geometries.
    """
    shapes = _shapes(polygons)
    one, other, length = _shared(shapes)
    if not gates.flag("corners", corners):
        one, other = one[length > 0], other[length > 0]
    return _symmetric(one, other, np.ones(one.size), shapes.size)


def boundary(polygons: Any) -> sp.csr_array:
    """Shared edge lengths of polygons off the diagonal, the rest of each perimeter on it.

    `polygons`: (n,) shapely geometries in planar units, whose edges meet exactly: a sliver between two is no
    shared edge. Polygons that overlap raise `EcostatError`.
    """
    import shapely

    shapes = _shapes(polygons)
    one, other, length = _shared(shapes)
    common = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    small = 1e-6 * np.minimum(shapely.area(shapes[one]), shapely.area(shapes[other]))
    over = np.flatnonzero(common > small)
    if over.size:
        a, b = int(one[over[0]]), int(other[over[0]])
        raise EcostatError(f"polygons {a} and {b} overlap: planning units must lie side by side")
    n = shapes.size
    inner = np.bincount(np.r_[one, other], np.r_[length, length], n)
    outer = np.maximum(shapely.length(shapes) - inner, 0.0)
    outer[outer <= 1e-9 * shapely.length(shapes)] = 0.0  # rounding alone
    edge = length > 0
    return sp.csr_array(_symmetric(one[edge], other[edge], length[edge], n) + sp.diags_array(outer))


def _numbers(rows: int, columns: int, present: ArrayLike | None) -> NDArray[np.int64]:
    """The unit number of each cell, −1 where there is none."""
    shape = gates.whole("rows", rows, low=1), gates.whole("columns", columns, low=1)
    there = np.ones(shape, np.bool_)
    if present is not None:
        marks = gates.numbers("present", present, dims=2, missing=False)
        if marks.shape != shape or not np.isin(marks, (0.0, 1.0)).all():
            raise EcostatError(f"present must be a mask of {shape[0]} × {shape[1]} cells, True where one is")
        there = marks == 1
    return np.where(there, np.cumsum(there).reshape(shape) - 1, -1).astype(np.int64)


def _pairs(
    number: NDArray[np.int64], wide: float, tall: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    across = (number[:, :-1] >= 0) & (number[:, 1:] >= 0)
    down = (number[:-1] >= 0) & (number[1:] >= 0)
    one = np.r_[number[:, :-1][across], number[:-1][down]]
    other = np.r_[number[:, 1:][across], number[1:][down]]
    return one, other, np.r_[np.full(int(across.sum()), tall), np.full(int(down.sum()), wide)]


def _shapes(polygons: Any) -> NDArray[Any]:
    import shapely

    given = np.asarray(getattr(polygons, "values", polygons), dtype=object)
    if given.ndim != 1 or given.size == 0 or not shapely.is_geometry(given).all():
        raise EcostatError("polygons must be a column of shapely geometries, one a unit, none missing")
    kinds = np.isin(shapely.get_type_id(given), (3, 6))
    bad = np.flatnonzero(~kinds | shapely.is_empty(given) | ~shapely.is_valid(given))
    if bad.size:
        why = shapely.is_valid_reason(given[bad[0]])
        raise EcostatError(f"polygons[{bad[0]}] is no valid polygon ({given[bad[0]].geom_type}: {why})")
    return given


def _shared(shapes: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """The pairs that touch, and the length of edge they share (0 at a corner)."""
    import shapely

    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    edges = shapely.intersection(shapely.boundary(shapes[one]), shapely.boundary(shapes[other]))
    return one.astype(np.int64), other.astype(np.int64), np.asarray(shapely.length(edges), np.float64)


def _symmetric(
    one: NDArray[np.int64], other: NDArray[np.int64], value: NDArray[np.float64], n: int
) -> sp.csr_array:
    at = (np.r_[one, other], np.r_[other, one])
    return sp.csr_array((np.r_[value, value], at), shape=(n, n))
