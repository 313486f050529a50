"""Least-cost ways across a resistance raster."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.compiled import compiled
from ecostat.errors import EcostatError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class LeastCost:
    """Accumulated cost between points, infinite where no way exists.

    `cost` (k, k); `unreachable` the pairs without a way; `message` says so in a sentence.
    """

    cost: Floats
    unreachable: tuple[tuple[int, int], ...]
    message: str
    points: Ints
    trees: NDArray[np.int32] | None
    columns: int

    def path(self, i: int, j: int) -> Ints:
        """(steps, 2) rows and columns from point i to point j; no way raises `EcostatError`."""
        if self.trees is None:
            raise EcostatError("paths were not kept: ask least_cost with paths=True")
        if not np.isfinite(self.cost[i, j]):
            raise EcostatError(f"no way leads from point {i} to point {j}")
        wide = self.columns + 2
        start, end = min(i, j), max(i, j)
        at = int((self.points[end, 0] + 1) * wide + self.points[end, 1] + 1)
        cells = [at]
        while self.trees[start, at] >= 0:
            at = int(self.trees[start, at])
            cells.append(at)
        way = np.array([(c // wide - 1, c % wide - 1) for c in cells], dtype=np.int64)
        return way[::-1] if i == start else way


def least_cost(
    resistance: ArrayLike,
    points: ArrayLike,
    *,
    cell: float = 1.0,
    neighbours: int = 8,
    average: str = "resistance",
    paths: bool = False,
) -> LeastCost:
    """The least accumulated cost between all points (Dijkstra 1959; Adriaensen et al. 2003).

    `resistance` (rows, columns), NaN or infinite = barrier; `points` (k, 2) rows and columns; a step costs its
    length (cell, or √2 cell) × the mean resistance of both cells, or with `average="conductance"` ÷ the mean of
    both conductances 1 / resistance.
    """
    raster = gates.numbers("resistance", resistance, dims=2, low=0, infinite=True)
    if raster.size == 0:
        raise EcostatError("resistance must be a raster (rows, columns)")
    gates.choice("neighbours", neighbours, (4, 8))
    gates.choice("average", average, ("resistance", "conductance"))
    cell, paths = gates.number("cell", cell, above=0), gates.flag("paths", paths)
    at = _cells(points, raster.shape)
    rows, columns = raster.shape
    wide = columns + 2
    padded = np.full((rows + 2, wide), np.inf)
    padded[1:-1, 1:-1] = np.where(np.isnan(raster), np.inf, raster)
    flat = padded.ravel()
    mean_resistance = average == "resistance"
    if not mean_resistance:
        with np.errstate(divide="ignore"):
            flat = np.where(np.isinf(flat), -1.0, 1.0 / flat)
    else:
        flat = np.where(np.isinf(flat), -1.0, flat)
    real = raster[np.isfinite(raster)]
    width = float(np.median(real)) * cell if real.size else 1.0
    longest = (float(real.max()) if real.size else 1.0) * cell * 2**0.5 * (1.0 if mean_resistance else 2.0)
    width = max(width, longest / 1_000_000, 1e-300)
    where = (at[:, 0] + 1) * wide + at[:, 1] + 1
    k = len(at)
    cost = np.zeros((k, k))
    trees = np.full((k, flat.size), -1, np.int32) if paths else None
    step = np.array([-wide, wide, -1, 1, -wide - 1, -wide + 1, wide - 1, wide + 1])[:neighbours]
    length = np.where(np.arange(neighbours) < 4, cell, cell * 2**0.5)
    for s in range(k - 1):
        tree = trees[s] if trees is not None else np.empty(0, np.int32)
        far = np.full(flat.size, np.inf)
        if flat[where[s]] < 0:  # on a barrier a point reaches only itself
            far[where[s]] = 0.0
        else:
            head = np.full(int(longest / width) + 3, -1, np.int32)
            links = np.full((3, flat.size), -1, np.int32)
            _spread(
                flat, step, length, where[s], where[s + 1 :], mean_resistance, width, far, head, links, tree
            )
        cost[s, s + 1 :] = far[where[s + 1 :]]
        cost[s + 1 :, s] = cost[s, s + 1 :]
    out = tuple((int(i), int(j)) for i, j in zip(*np.nonzero(np.isinf(cost)), strict=True) if i < j)
    said = (
        "every point is reached" if not out else f"{len(out)} pairs have no way between them, first {out[0]}"
    )
    return LeastCost(cost, out, said, at, trees, columns)


def _cells(points: ArrayLike, shape: tuple[int, ...]) -> Ints:
    given = np.atleast_2d(gates.numbers("points", points, dims=(1, 2), whole=True, missing=False))
    if given.shape[1] != 2 or given.shape[0] == 0:
        raise EcostatError("points must be (k, 2): row and column of each")
    at = given.astype(np.int64)
    off = np.flatnonzero((at < 0).any(axis=1) | (at[:, 0] >= shape[0]) | (at[:, 1] >= shape[1]))
    if off.size:
        raise EcostatError(
            f"points[{off[0]}] at {tuple(at[off[0]].tolist())} lies outside the raster {shape}"
        )
    return at


@compiled
def _spread(
    value: Floats,
    step: Ints,
    length: Floats,
    source: int,
    targets: Ints,
    mean_resistance: bool,
    width: float,
    far: Floats,
    head: NDArray[np.int32],
    links: NDArray[np.int32],
    tree: NDArray[np.int32],
) -> None:
    """Costs from the source are in `far`: buckets of `width`, corrected until each bucket is empty.

    `head` and `links` come filled with −1: arrays are cheap to make outside, and dear to compile here.
    """
    after, before, bucket = links[0], links[1], links[2]
    buckets = head.size
    far[source] = 0.0
    head[0], bucket[source], after[source], before[source] = source, 0, -1, -1
    waiting, current, slot = 1, 0, 0
    open_targets = targets.size
    while waiting:
        while head[slot] < 0:
            current += 1
            slot = current % buckets
            done = 0
            for t in targets:
                done += int(far[t] < current * width)
            if done == open_targets:
                waiting = 0
                break
        if waiting == 0:
            break
        u = head[slot]
        head[slot] = after[u]
        if after[u] >= 0:
            before[after[u]] = -1
        bucket[u] = -1
        waiting -= 1
        for d in range(step.size):
            v = u + step[d]
            if value[v] < 0:
                continue
            mean = 0.5 * (value[u] + value[v])
            through = far[u] + (length[d] * mean if mean_resistance else length[d] / mean)
            if through < far[v]:
                far[v] = through
                if tree.size:
                    tree[v] = u
                b = int(through / width) % buckets
                if bucket[v] >= 0:
                    if bucket[v] == b:
                        continue
                    if before[v] >= 0:
                        after[before[v]] = after[v]
                    else:
                        head[bucket[v]] = after[v]
                    if after[v] >= 0:
                        before[after[v]] = before[v]
                else:
                    waiting += 1
                bucket[v] = b
                before[v] = -1
                after[v] = head[b]
                if head[b] >= 0:
                    before[head[b]] = v
                head[b] = v
