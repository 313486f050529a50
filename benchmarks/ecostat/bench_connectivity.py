"""Connectivity of random landscapes, against one pass of scipy or one algebraic-multigrid solve.

Seconds are of one processor (one thread), so that what else the machine does leaves them alone.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
import pyamg
import scipy.sparse as sp
from benchmarks.table import Row, markdown
from scipy.ndimage import gaussian_filter
from scipy.sparse.csgraph import dijkstra

from ecostat.connectivity import Graph, betweenness, delta_pc, graph, iic, least_cost, pc, resistance


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
    print(f"{seconds:.2f} s", file=sys.stderr, flush=True)
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


def rows() -> list[Row]:
    """The result table of this module."""
    small = patches(60)
    (
        delta_pc(small, 700),
        betweenness(small),
        iic(small),
        least_cost(np.ones((9, 9)), [[0, 0], [8, 8]]),
    )  # compiles
    table = []
    for n, target in ((5_000, "≤ 60 s"), (10_000, "exact at 10⁴")):
        g = patches(n)
        floor = once(lambda g=g: dijkstra(g.links))
        name = "scipy, all pairs once"
        table.append(Row(f"PC of {n:,} patches", once(lambda g=g: pc(g, 700)), name, floor, target=target))
        if n > 5_000:
            continue
        table.append(
            Row(
                f"delta-PC of {n:,} patches, {g.link_count:,} links",
                once(lambda g=g: delta_pc(g, 700)),
                name,
                floor,
                target=target,
                note=f"removing one by one would take {n:,} floors",
            )
        )
        table.append(Row(f"betweenness of {n:,} patches", once(lambda g=g: betweenness(g)), name, floor))
    raster = surface(500)
    rng = np.random.default_rng(3)
    points = rng.integers(0, 500, (20, 2))
    net = network(raster, lambda r, s, d: d * (r + s) / 2)
    floor = once(lambda: dijkstra(net, indices=points @ [500, 1]))
    ours = min(once(lambda: least_cost(raster, points)) for _ in range(3))
    table.append(
        Row(
            "least cost, 500 × 500, 20 sources",
            ours,
            "scipy Dijkstra on the ready network",
            floor,
            "gdistance",
            21.0,
            "≥ 10 × faster",
        )
    )
    for side, target in ((500, "≤ 60 s"), (1000, "reported")):
        conductance = 1 / surface(side)
        points = rng.integers(0, side, (50, 2))
        resistance(conductance[:20, :20], [[0, 0], [9, 9]], currents=True)
        floor = multigrid_solve(conductance)
        ours = once(lambda c=conductance, p=points: resistance(c, p))
        name = "multigrid, one pair"
        table.append(
            Row(f"resistance, {side:,} × {side:,}, 50 points, 1,225 pairs", ours, name, floor, target=target)
        )
        if side == 500:
            ours = once(lambda c=conductance, p=points: resistance(c, p, currents=True))
            table.append(Row("the same with the summed map of current", ours, name, floor))
    return table


if __name__ == "__main__":
    print(markdown(rows()))
