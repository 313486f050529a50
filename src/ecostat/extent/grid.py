"""The fewest cells of a square grid that hold a set of points, over all the places the grid may start."""

import numpy as np
from numpy.typing import NDArray

from ecostat.compiled import compiled, warmed
from ecostat.order import ranked

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

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
    bx, by = np.empty(n, np.int64), np.empty(n, np.int64)
    ox, oy = np.empty(n), np.empty(n)
    nx, ny = _distinct(rx, n, bx, ox), _distinct(ry, n, by, oy)
    cells, i, j = _sweep(kx, ky, bx, by, n, nx, ny)
    return cells, ox[i], oy[j]


def fewest_cells_alone(x: Floats, y: Floats, cell: float, shifts: int) -> tuple[int, float, float]:
    """The same answer as `fewest_cells` for one set of points, with numpy around the sweep: it compiles faster."""
    if shifts > 0:
        fine = np.column_stack([np.floor(x / cell * shifts), np.floor(y / cell * shifts)]).astype(np.int64)
        fine = np.unique(fine, axis=0)
        k = fine // shifts
        if shifts == 1:
            return len(k), 0.0, 0.0
        b = fine - k * shifts + 1
        cells, i, j = _swept(k[:, 0], k[:, 1], b[:, 0], b[:, 1], shifts, shifts)
        return cells, i * cell / shifts, j * cell / shifts
    kx, ky = np.floor(x / cell), np.floor(y / cell)
    ox, bx = np.unique(x - kx * cell, return_inverse=True)
    oy, by = np.unique(y - ky * cell, return_inverse=True)
    cells, i, j = _swept(
        kx.astype(np.int64), ky.astype(np.int64), bx.ravel() + 1, by.ravel() + 1, ox.size, oy.size
    )
    return cells, float(ox[i]), float(oy[j])


def needed_cells(x: Floats, y: Floats, cell: float) -> int:
    """Cells that any grid needs: the starts are parted into squares, and for each of them only the points are
    counted whose cell is the same wherever in the square the grid starts."""
    parts = int(np.clip(20_000_000 // x.size, 32, 256))
    fine = np.column_stack([np.floor(x / cell * parts), np.floor(y / cell * parts)]).astype(np.int64)
    fine = np.unique(fine, axis=0)
    k = fine // parts
    b = fine - k * parts
    order, start, cells, met = _numbered(k[:, 0], k[:, 1], b[:, 1], parts)
    return max(1, int(_needed(cells, np.ascontiguousarray(b[order, 0]), start, met, parts)))


def _numbered(kx: Ints, ky: Ints, by: Ints, ny: int) -> tuple[Ints, Ints, NDArray[np.int32], int]:
    """Points in order of their grid row, where each row starts, and the four cells each point can fall in."""
    order = np.argsort(by, kind="stable")
    start = np.searchsorted(by[order], np.arange(ny + 2)).astype(np.int64)
    east, north = (kx - kx.min() + 1)[order], (ky - ky.min() + 1)[order]
    tall = int(north.max()) + 1
    code = np.column_stack([(east - s // 2) * tall + north - s % 2 for s in range(4)])
    met, number = np.unique(code, return_inverse=True)
    return order, start, number.reshape(-1, 4).astype(np.int32), int(met.size)


def _swept(kx: Ints, ky: Ints, bx: Ints, by: Ints, nx: int, ny: int) -> tuple[int, int, int]:
    order, start, cells, met = _numbered(kx, ky, by, ny)
    found = _least_alone(cells, np.ascontiguousarray(bx[order], dtype=np.int64), start, met, nx, ny)
    return int(found[0]), int(found[1]), int(found[2])


@compiled
def _distinct(value: Floats, n: int, number: Ints, found: Floats) -> int:
    """Each value's number, from 1 in rising order, is in `number`, the values themselves in `found`."""
    order = np.arange(n)
    ranked(value, value, order, n)
    count = 0
    for p in range(n):
        v = value[order[p]]
        if count == 0 or v > found[count - 1]:
            found[count] = v
            count += 1
        number[order[p]] = count
    return count


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
    table = np.empty(size, np.int32)
    table[:] = -1
    return table


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
    column = np.empty(n, np.int64)
    start = np.zeros(ny + 2, np.int64)
    for i in range(n):
        start[by[i] + 1] += 1
    for j in range(1, ny + 2):
        start[j] += start[j - 1]
    order = np.empty(n, np.int64)  # by grid row, as they came within one
    for i in range(n):
        order[start[by[i]]] = i
        start[by[i]] += 1
    for j in range(ny + 1, 0, -1):
        start[j] = start[j - 1]
    start[0] = 0
    for p in range(n):
        i = order[p]
        column[p] = bx[i]
        for s in range(4):
            ax[cells], ay[cells] = kx[i] - s // 2, ky[i] - s % 2
            h = _slot(table, ax, ay, cells)
            if table[h] < 0:
                table[h] = cells
                cells += 1
            number[p, s] = table[h]
    return _least(number, column, start, cells, nx, ny)


@compiled
def _least(
    number: NDArray[np.int32], column: Ints, start: Ints, cells: int, nx: int, ny: int
) -> tuple[int, int, int]:
    """The sweep itself: points in order of their grid row, `number` the four cells each can fall in."""
    n = column.size
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


@warmed(lambda number, column, start, cells, nx, ny: 12 * nx * column.size)
def _least_alone(
    number: NDArray[np.int32], column: Ints, start: Ints, cells: int, nx: int, ny: int
) -> tuple[int, int, int]:
    return _least(number, column, start, cells, nx, ny)


@compiled
def _needed(number: NDArray[np.int32], column: Ints, start: Ints, cells: int, parts: int) -> int:
    """The least number of cells held by points that are sure of theirs, over parts × parts squares of starts.

    A point of part b has left its cell for the one before where the grid starts in a later part, is still in it
    in an earlier one, and is not counted in its own.
    """
    n = column.size
    held = np.empty(cells, np.int32)
    least = n
    for i in range(parts):
        held[:] = 0
        occupied = 0
        for p in range(n):
            if column[p] != i:
                a = number[p, 2 if i > column[p] else 0]
                if held[a] == 0:
                    occupied += 1
                held[a] += 1
        for j in range(parts):
            for p in range(start[j], start[j + 1]):
                if column[p] != i:
                    a = number[p, 2 if i > column[p] else 0]
                    held[a] -= 1
                    if held[a] == 0:
                        occupied -= 1
            least = min(least, occupied)
            for p in range(start[j], start[j + 1]):
                if column[p] != i:
                    a = number[p, 3 if i > column[p] else 1]
                    if held[a] == 0:
                        occupied += 1
                    held[a] += 1
    return least
