"""Columns of names as columns of whole numbers, without sorting millions of rows."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat.compiled import warmed

_BLOCK = 1 << 18


def coded(labels: ArrayLike) -> tuple[NDArray, NDArray, int]:
    """The names in order, the column as integers, and the integer that stands for the first name.

    Integer columns of a narrow range pass as they are; a name may then occur in no row. A missing name (None)
    is a name of its own, written last.
    """
    column = np.atleast_1d(np.asarray(labels))
    if column.size == 0:
        return column, np.zeros(0, dtype=np.int64), 0
    if column.dtype.kind in "iu":
        low, high = int(column.min()), int(column.max())
        if high - low <= max(1000, column.size):
            return np.arange(low, high + 1, dtype=column.dtype), column, low
    elif column.dtype.kind in "OUST":
        return _numbered(column)
    names, code = np.unique(column, return_inverse=True)
    return names, code.reshape(-1).astype(np.int32), 0


def _numbered(column: NDArray) -> tuple[NDArray, NDArray, int]:
    number: dict[object, int] = {}
    code = np.empty(column.size, dtype=np.int32)
    for at in range(0, column.size, _BLOCK):
        block = column[at : at + _BLOCK].tolist()
        for name in dict.fromkeys(block):
            number.setdefault(name, len(number))
        code[at : at + len(block)] = list(map(number.__getitem__, block))
    met = list(number)
    order = sorted(range(len(met)), key=lambda i: (not isinstance(met[i], str | bytes), str(met[i])))
    names = np.array(met, dtype=column.dtype)[order]
    rank = np.empty(len(met), dtype=np.int32)
    rank[order] = np.arange(len(met), dtype=np.int32)
    return names, rank[code], 0


@warmed(lambda code, base, groups: 4 * code.size + groups)
def grouped(code: NDArray, base: int, groups: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Row numbers group by group, in the order of the rows (a counting sort), and where each group starts."""
    start = np.zeros(groups + 1, np.int64)
    for i in range(code.size):
        start[np.int64(code[i]) - base + 1] += 1
    for s in range(groups):
        start[s + 1] += start[s]
    fill = start.copy()
    order = np.empty(code.size, np.int32)
    for i in range(code.size):
        group = np.int64(code[i]) - base
        order[fill[group]] = i
        fill[group] += 1
    return order, start
