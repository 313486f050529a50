"""Connectivity of random landscapes, against one pass of scipy or one algebraic-multigrid solve.

Seconds are of one processor (one thread), so that what else the machine does leaves them alone.
"""

import time
from collections.abc import Callable

import numpy as np
import pyamg
import scipy.sparse as sp
from scipy.ndimage import gaussian_filter
from scipy.sparse.csgraph import dijkstra

from benchmarks.table import Row, markdown
from ecostat.connectivity import Graph, betweenness, delta_pc, graph, least_cost, pc, resistance


def patches(n: int, seed: int = 1) -> Graph:
    """Random patches, one a square kilometre, linked up to 1,500 m: about seven links each."""
    rng = np.random.default_rng(seed)
    return graph(rng.uniform(0, 1000 * np.sqrt(n), (n, 2)), 1500, area=rng.lognormal(0, 1, n))


def surface(side: int, seed: int = 2) -> np.ndarray:
    """A resistance raster that holds together in space and spans five orders of magnitude."""
    rng = np.random.default_rng(seed)
    return np.exp(20 * gaussian_filter(rng.standard_normal((side, side)), 5))


def network(raster: np.ndarray, weigh: Callable[[np.ndarray, np.ndarray, float], np.ndarray]) -> sp.csr_array:
    """The 8-neighbour network of a raster with a weight a step."""
    rows, columns = raster.shape
    at = np.arange(raster.size).reshape(raster.shape)
    u, v, w = [], [], []
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
        a = (slice(0, rows - down), slice(max(0, -right), columns - max(0, right)))
        b = (slice(down, rows), slice(max(0, right), columns + min(0, right)))
        u.append(at[a].ravel())
        v.append(at[b].ravel())
        w.append(weigh(raster[a].ravel(), raster[b].ravel(), float(np.hypot(down, right))))
    i, j, x = np.concatenate(u), np.concatenate(v), np.concatenate(w)
    return sp.csr_array((np.r_[x, x], (np.r_[i, j], np.r_[j, i])), shape=(raster.size, raster.size))


def once(work: Callable[[], object]) -> float:
    """Processor seconds of one run."""
    start = time.process_time()
    work()
    seconds = time.process_time() - start
    return seconds


def multigrid_solve(conductance: np.ndarray) -> float:
    """Seconds of one multigrid set-up and one solve to 1e-8: one pair, where ours gives all."""
    net = network(conductance, lambda g, h, d: (g + h) / 2 / d)
    whole = sp.csr_matrix(sp.diags_array(np.asarray(net.sum(axis=1)).ravel()) - net)
    grounded = whole[1:, 1:].tocsr()
    grounded.indices, grounded.indptr = grounded.indices.astype(np.int32), grounded.indptr.astype(np.int32)
    load = np.zeros(grounded.shape[0])
    load[-1] = 1.0

    def solve() -> object:
        return pyamg.smoothed_aggregation_solver(grounded).solve(load, tol=1e-8, accel="cg")

    return once(solve)


def patch_rows(n: int, target: str, *, losses: bool) -> list[Row]:
    """PC of a landscape, and the loss of each patch."""
    g = patches(n)
    floor = once(lambda: dijkstra(g.links))
    name = "scipy, all pairs once"
    table = [Row(f"PC of {n:,} patches, {g.link_count:,} links", once(lambda: pc(g, 700)), name, floor)]
    if losses:
        note = f"removing one by one would take {n:,} floors"
        seconds = once(lambda: delta_pc(g, 700))
        table.append(Row(f"delta-PC of {n:,} patches", seconds, name, floor, target=target, note=note))
        table.append(Row(f"betweenness of {n:,} patches", once(lambda: betweenness(g)), name, floor))
    return table


def cost_row() -> Row:
    """Least costs among 20 points."""
    raster = surface(500)
    points = np.random.default_rng(3).integers(0, 500, (20, 2))
    net = network(raster, lambda r, s, d: d * (r + s) / 2)
    floor = once(lambda: dijkstra(net, indices=points @ [500, 1]))
    ours = min(once(lambda: least_cost(raster, points)) for _ in range(3))
    name = "scipy Dijkstra on the ready network"
    what = "least cost, 500 × 500, 20 sources"
    return Row(what, ours, name, floor, "gdistance", 21.0, "≥ 10 × faster")


def circuit_rows(side: int, target: str) -> list[Row]:
    """Resistance among 50 points and, on the smaller raster, the map of current."""
    conductance = 1 / surface(side)
    points = np.random.default_rng(4).integers(0, side, (50, 2))
    name, floor = "multigrid, one pair", multigrid_solve(conductance)
    ours = once(lambda: resistance(conductance, points))
    what = f"resistance, {side:,} × {side:,}, 50 points, 1,225 pairs"
    table = [Row(what, ours, name, floor, target=target)]
    if side <= 500:
        ours = once(lambda: resistance(conductance, points, currents=True))
        table.append(Row("the same with the summed map of current", ours, name, floor))
    return table


def warm() -> None:
    """The compiled loops are ready."""
    small = patches(60)
    delta_pc(small, 700)
    betweenness(small)
    least_cost(np.ones((9, 9)), [[0, 0], [8, 8]])
    resistance(np.ones((9, 9)), [[0, 0], [8, 8]], currents=True)


WORK: tuple[Callable[[], list[Row]], ...] = (
    lambda: [cost_row()],
    lambda: circuit_rows(500, "≤ 60 s"),
    lambda: patch_rows(5_000, "≤ 60 s", losses=True),
    lambda: circuit_rows(1_000, "reported"),
    lambda: patch_rows(10_000, "exact at 10⁴", losses=False),
)


def rows() -> list[Row]:
    """The result table of this module."""
    warm()
    return [row for work in WORK for row in work()]


if __name__ == "__main__":
    print(markdown(rows()))
