"""Patrol tracks as metres, hours and patrols per cell, with what was not believed told apart."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.compiled import compiled
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import Floats

OUTSIDE, GAP, FAST = 0, 1, 2


@dataclass(frozen=True)
class Coverage:
    """Rows × columns from the south-west corner (`x0`, `y0`), cells of `cell` metres.

    `length` m and `hours` walked in each cell, `patrols` that entered it (0 where none did). `kept_m` lies
    in the grid, `outside_m` beyond it. Not drawn: `gap_m` across `gaps` silences longer than allowed and
    `fast_m` across `jumps` faster than allowed. `spikes` single fixes left out; `unplaced` without position.
    """

    length: Floats
    hours: Floats
    patrols: NDArray[np.int64]
    x0: float
    y0: float
    cell: float
    kept_m: float
    outside_m: float
    gap_m: float
    fast_m: float
    gaps: int
    jumps: int
    spikes: int
    unplaced: int
    tracks: int
    message: str

    def at(self, x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Row and column of each place, −1 outside the grid."""
        east = gates.numbers("x", x, dims=(0, 1, 2), infinite=True)
        north = gates.numbers("y", y, dims=(0, 1, 2), infinite=True)
        column = np.floor((east - self.x0) / self.cell)
        row = np.floor((north - self.y0) / self.cell)
        inside = (row >= 0) & (row < self.length.shape[0]) & (column >= 0) & (column < self.length.shape[1])
        return np.where(inside, row, -1).astype(np.int64), np.where(inside, column, -1).astype(np.int64)

    def seen_share(self, width: float) -> Floats:
        """The expected share of each cell within sight of a track, `width` metres wide in all, were the
        metres laid at random in it: 1 − exp(−length · width / cell²)."""
        width = gates.number("width", width, low=0)
        return -np.expm1(-self.length * width / self.cell**2)


def coverage(
    track: ArrayLike,
    x: ArrayLike,
    y: ArrayLike,
    time: ArrayLike,
    *,
    cell: float,
    max_gap: float,
    max_speed: float,
    bounds: tuple[float, float, float, float] | None = None,
) -> Coverage:
    """The length of every track in every cell it crosses, exact along straight legs between fixes.

    `x`, `y` planar metres, `time` datetimes or seconds; fixes may come in any order. A leg is drawn if its two fixes
    are at most `max_gap` seconds apart and its speed is at most `max_speed` m/s; a lone fix that both
    neighbours rule out is left out first. `bounds` (x0, y0, x1, y1) fixes the grid, else it fits the fixes.
    Cells met only in a corner get nothing (walk of Amanatides & Woo 1987).
    """
    label, when = gates.labels("track", track), gates.seconds("time", time)
    east, north = gates.numbers("x", x), gates.numbers("y", y)
    gates.alike(track=label, x=east, y=north, time=when)
    cell, max_gap = gates.number("cell", cell, above=0), gates.number("max_gap", max_gap, above=0)
    max_speed = gates.number("max_speed", max_speed, above=0)
    if gates.like_degrees(np.column_stack([east, north]), cell):
        raise EcostatError(
            f"x and y look like degrees and cell ({cell:g}) is in metres: project the fixes to metres first."
        )
    placed = np.isfinite(east) & np.isfinite(north) & np.isfinite(when)
    if not placed.any():
        raise TooFewData("No fix has a position and a time.")
    _, code = np.unique(label[placed], return_inverse=True)
    east, north, when = east[placed], north[placed], when[placed]
    order = np.lexsort((when, code))
    code, east, north, when = code[order].ravel(), east[order], north[order], when[order]
    keep = without_spikes(code, east, north, when, max_speed)
    spikes = int((~keep).sum())
    code, east, north, when = code[keep], east[keep], north[keep], when[keep]

    if bounds is None:
        x0, y0 = np.floor(east.min() / cell) * cell, np.floor(north.min() / cell) * cell
        x1, y1 = east.max(), north.max()
    else:
        corners = gates.numbers("bounds", bounds, size=4, missing=False)
        x0, y0, x1, y1 = (float(v) for v in corners)
        if not (x1 > x0 and y1 > y0):
            raise EcostatError("bounds are (x0, y0, x1, y1) with x1 > x0 and y1 > y0.")
    columns = max(1, int(np.ceil((x1 - x0) / cell)) + (bounds is None and (x1 - x0) % cell == 0))
    lines = max(1, int(np.ceil((y1 - y0) / cell)) + (bounds is None and (y1 - y0) % cell == 0))
    if columns * lines > 200_000_000:
        raise EcostatError(
            f"{columns} × {lines} cells are too many: a fix lies far off, or the cells are too small."
        )

    length, hours = np.zeros((lines, columns)), np.zeros((lines, columns))
    patrols = np.zeros((lines, columns), np.int64)
    last = np.full((lines, columns), -1, np.int64)
    sums, counts = np.zeros(3), np.zeros(3, np.int64)
    walk(
        code, (east - x0) / cell, (north - y0) / cell, when, cell, max_gap, max_speed,
        length, hours, patrols, last, sums, counts,
    )  # fmt: skip
    kept = float(length.sum())
    told = f"{kept / 1000:.1f} km of {np.unique(code).size} patrols in {int((length > 0).sum())} cells."
    if counts[GAP] or counts[FAST]:
        told += (
            f" Not drawn: {sums[GAP] / 1000:.1f} km over {counts[GAP]} gaps longer than {max_gap:g} s and"
            f" {sums[FAST] / 1000:.1f} km over {counts[FAST]} legs faster than {max_speed:g} m/s."
        )
    if spikes or (~placed).any():
        told += f" {spikes} stray fixes and {int((~placed).sum())} without place or time left out."
    if sums[OUTSIDE] > 0:
        told += f" {sums[OUTSIDE] / 1000:.1f} km lie outside the grid."
    return Coverage(
        length=length,
        hours=hours,
        patrols=patrols,
        x0=float(x0),
        y0=float(y0),
        cell=float(cell),
        kept_m=kept,
        outside_m=float(sums[OUTSIDE]),
        gap_m=float(sums[GAP]),
        fast_m=float(sums[FAST]),
        gaps=int(counts[GAP]),
        jumps=int(counts[FAST]),
        spikes=spikes,
        unplaced=int((~placed).sum()),
        tracks=int(np.unique(code).size),
        message=told,
    )


def without_spikes(
    code: NDArray[np.int64], x: Floats, y: Floats, time: Floats, max_speed: float
) -> NDArray[np.bool_]:
    """True for fixes to keep: a fix is stray if it is too far from both neighbours, which are near each other."""

    def fast(a: NDArray[np.intp], b: NDArray[np.intp]) -> NDArray[np.bool_]:
        away = np.hypot(x[b] - x[a], y[b] - y[a])
        return away > max_speed * (time[b] - time[a])

    keep = np.ones(code.size, bool)
    if code.size < 3:
        return keep
    middle = np.arange(1, code.size - 1)
    same = (code[middle - 1] == code[middle]) & (code[middle] == code[middle + 1])
    stray = same & fast(middle - 1, middle) & fast(middle, middle + 1) & ~fast(middle - 1, middle + 1)
    keep[middle[stray]] = False
    return keep


@compiled
def walk(
    code: NDArray[np.int64],
    x: Floats,
    y: Floats,
    time: Floats,
    cell: float,
    max_gap: float,
    max_speed: float,
    length: Floats,
    hours: Floats,
    patrols: NDArray[np.int64],
    last: NDArray[np.int64],
    sums: Floats,
    counts: NDArray[np.int64],
) -> None:
    """Adds each believable leg to the cells it crosses; `x`, `y` are in cells from the grid's corner."""
    lines, columns = length.shape
    for i in range(1, code.size):
        if code[i] != code[i - 1]:
            continue
        dx, dy, dt = x[i] - x[i - 1], y[i] - y[i - 1], time[i] - time[i - 1]
        span = np.sqrt(dx * dx + dy * dy)
        metres = span * cell
        if metres > max_speed * dt:
            sums[2] += metres
            counts[2] += 1
            continue
        if dt > max_gap:
            sums[1] += metres
            counts[1] += 1
            continue
        column, line = int(np.floor(x[i - 1])), int(np.floor(y[i - 1]))
        step_x, step_y = (1 if dx > 0 else -1), (1 if dy > 0 else -1)
        next_x = (column + (1 if dx > 0 else 0) - x[i - 1]) / dx if dx != 0 else np.inf
        next_y = (line + (1 if dy > 0 else 0) - y[i - 1]) / dy if dy != 0 else np.inf
        wide = abs(1.0 / dx) if dx != 0 else np.inf
        high = abs(1.0 / dy) if dy != 0 else np.inf
        at = 0.0
        while at < 1.0:
            reach = min(next_x, next_y, 1.0)
            part = reach - at
            if part > 0 or span == 0:
                share = part if span > 0 else 1.0
                if 0 <= column < columns and 0 <= line < lines:
                    length[line, column] += share * metres
                    hours[line, column] += share * dt / 3600.0
                    if last[line, column] != code[i]:
                        last[line, column] = code[i]
                        patrols[line, column] += 1
                else:
                    sums[0] += share * metres
                    counts[0] += 1
            if span == 0:
                break
            at = reach
            if next_x <= reach:
                column += step_x
                next_x += wide
            if next_y <= reach:
                line += step_y
                next_y += high
