"""The fewest cells of a square grid that hold a set of points, over all the places the grid may start."""

import numpy as np
from numpy.typing import NDArray

from ecostat.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EXACT_UP_TO = 200
SHIFTS = 32


@compiled
def fewest_cells(x: Floats, y: Floats, n: int, cell: float, shifts: int) -> tuple[int, float, float]:
    """Cells, and the grid's start east and north, for the n points; `shifts` = 0 tries every grid.

    A grid that starts at o moves exactly the points whose remainder lies below o to the cell before theirs.
    So only the points' own remainders need trying, and along a row of grids each point moves once.
    """
    kx, ky = np.empty(n, np.int64), np.empty(n, np.int64)
    if shifts > 0:
        for i in range(n):
            kx[i] = np.int64(np.floor(x[i] / cell * shifts))
            ky[i] = np.int64(np.floor(y[i] / cell * shifts))
        n = _once(kx, ky, n)
        bx, by = np.empty(n, np.int64), np.empty(n, np.int64)
        for i in range(n):
            fx, fy = kx[i], ky[i]
            kx[i], ky[i] = fx // shifts, fy // shifts
            bx[i], by[i] = fx - kx[i] * shifts + 1, fy - ky[i] * shifts + 1
        if shifts == 1:
            return n, 0.0, 0.0
        cells, i, j = _sweep(kx, ky, bx, by, n, shifts, shifts)
        return cells, i * cell / shifts, j * cell / shifts

    rx, ry = np.empty(n), np.empty(n)
    for i in range(n):
        kx[i], ky[i] = np.int64(np.floor(x[i] / cell)), np.int64(np.floor(y[i] / cell))
        rx[i], ry[i] = x[i] - kx[i] * cell, y[i] - ky[i] * cell
    ox, oy = np.unique(rx), np.unique(ry)
    cells, i, j = _sweep(
        kx, ky, np.searchsorted(ox, rx) + 1, np.searchsorted(oy, ry) + 1, n, ox.size, oy.size
    )
    return cells, ox[i], oy[j]


@compiled
def _slot(table: NDArray[np.int32], kx: Ints, ky: Ints, i: int) -> int:
    """Where point i's key is, or would be, in an open table of positions."""
    mask = table.size - 1
    h = (kx[i] * 0x9E3779B1 + ky[i] * 0x85EBCA77) & 0x7FFFFFFFFFFFFFFF
    h = (h ^ (h >> 17)) & mask
    while table[h] >= 0 and (kx[table[h]] != kx[i] or ky[table[h]] != ky[i]):
        h = (h + 1) & mask
    return h


@compiled
def _once(kx: Ints, ky: Ints, n: int) -> int:
    """Equal pairs are kept once, at the front, in the order met; returns how many."""
    table = _table(n)
    m = 0
    for i in range(n):
        kx[m], ky[m] = kx[i], ky[i]
        h = _slot(table, kx, ky, m)
        if table[h] < 0:
            table[h] = m
            m += 1
    return m


@compiled
def _table(n: int) -> NDArray[np.int32]:
    size = 16
    while size < 2 * n:
        size *= 2
    return np.full(size, -1, np.int32)


@compiled
def _sweep(kx: Ints, ky: Ints, bx: Ints, by: Ints, n: int, nx: int, ny: int) -> tuple[int, int, int]:
    """The least number of occupied cells over nx × ny grids, and the first grid that has it.

    Point i sits in column kx[i], from grid column bx[i] on in the one before; rows likewise.
    """
    # four cells a point can fall in, numbered once, so that counting needs no search
    ax, ay = np.empty(4 * n, np.int64), np.empty(4 * n, np.int64)
    number = np.empty((n, 4), np.int32)
    table = _table(4 * n)
    cells = 0
    order = np.argsort(by[:n], kind="mergesort")
    column = np.empty(n, np.int64)
    start = np.zeros(ny + 2, np.int64)
    for p in range(n):
        i = order[p]
        column[p] = bx[i]
        start[by[i] + 1] += 1
        for s in range(4):
            ax[cells], ay[cells] = kx[i] - s // 2, ky[i] - s % 2
            h = _slot(table, ax, ay, cells)
            if table[h] < 0:
                table[h] = cells
                cells += 1
            number[p, s] = table[h]
    for j in range(1, ny + 2):
        start[j] += start[j - 1]

    held = np.empty(cells, np.int32)
    best, best_i, best_j = n + 1, 0, 0
    for i in range(nx):
        held[:] = 0
        occupied = 0
        for p in range(n):
            a = number[p, 2 if i >= column[p] else 0]
            if held[a] == 0:
                occupied += 1
            held[a] += 1
        if occupied < best:
            best, best_i, best_j = occupied, i, 0
        for j in range(1, ny):
            for p in range(start[j], start[j + 1]):
                s = 2 if i >= column[p] else 0
                a, b = number[p, s], number[p, s + 1]
                held[a] -= 1
                if held[a] == 0:
                    occupied -= 1
                if held[b] == 0:
                    occupied += 1
                held[b] += 1
            if occupied < best:
                best, best_i, best_j = occupied, i, j
    return best, best_i, best_j
