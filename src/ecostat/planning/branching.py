"""Branch and bound for compact plans: whole clumps are decided by the unit in doubt at their heart."""

import heapq
from dataclasses import dataclass
from itertools import count

import highspy
import numpy as np
import scipy.sparse as sp

from ecostat.planning.neighbourhood import Neighbourhood
from ecostat.planning.plan import Watch
from ecostat.planning.problem import Bools, Floats, Ints
from ecostat.planning.program import Program, Relaxed, dual_bound, solver_of


@dataclass(frozen=True)
class _Node:
    low: Floats
    high: Floats
    share: Floats
    reduced: Floats
    basis: highspy.HighsBasis


def branch_on_clumps(g: Program, relaxed: Relaxed, watch: Watch, typical: float) -> None:
    """The bound rises and plans improve until the gap is proved or the time is over.

    The open node with the lowest bound is split first, so that bound holds for every plan. Each node is solved by
    the dual simplex from its parent's basis, and its bound recomputed from the duals. Now and then a node's rounded
    plan is annealed a little; `typical` is what is at stake in one unit.
    """
    p = g.problem
    n = p.units
    near = Neighbourhood(p, relaxed.worth, relaxed.charge)
    beside = sp.csr_array((p.shared, (p.left, p.right)), shape=(n, n))
    beside = sp.csr_array((beside + beside.T) / max(float(p.shared.max()), 1e-300) / 4)
    solver = solver_of(g, g.low, g.high, watch.left)
    solver.setOptionValue("solver", "ipm")
    solver.run()
    solver.setOptionValue("solver", "simplex")
    order = count()
    root = _solved(g, solver, g.low, g.high)
    if root is None:
        return
    bound, node = root
    heap = [(bound, next(order), node)]
    units = np.arange(n, dtype=np.int32)
    free = np.flatnonzero(p.forced == 0)
    met = 0
    while heap:
        bound, _, node = heapq.heappop(heap)
        watch.prove(bound, "branching")
        if watch.over:
            return
        low, high = _settled(g, node, watch.value - bound)
        doubt = np.minimum(node.share, 1 - node.share) * (low[:n] < high[:n])
        if doubt.max() <= 1e-7:  # whole already, or nothing left to decide: the plan below is this one
            _offer(near, node.share > 0.5, free, watch)
            if not (low[:n] < high[:n]).any() or not watch.hopes(bound):
                continue
            doubt = (low[:n] < high[:n]).astype(np.float64)
        unit = int(np.argmax(doubt * (doubt + beside @ doubt)))
        for side in (0.0, 1.0):
            if watch.left <= 0 or watch.cancelled:
                watch.prove(min(bound, watch.value), "branching")
                return
            below, above = low.copy(), high.copy()
            below[unit] = above[unit] = side
            solver.changeColsBounds(n, units, below[:n], above[:n])
            solver.setBasis(node.basis)
            solver.setOptionValue("time_limit", solver.getRunTime() + max(0.05, watch.left))
            solver.run()
            if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
                continue
            found = _solved(g, solver, below, above)
            if found is None:  # the time ended within the node: its parent's bound still holds
                child = bound, _Node(below, above, node.share, node.reduced, node.basis)
            else:
                child = max(bound, found[0]), found[1]
                x = _offer(near, child[1].share > 0.5, free, watch)
                met += 1
                if met % 6 == 0 and typical > 0:
                    heat = typical * (0.1, 0.2, 0.4)[met // 6 % 3]
                    near_by, _ = near.anneal(
                        x, free, min(400 * free.size, 4_000_000), heat, heat / 20, 3.0, met
                    )
                    watch.offer(near_by, "branching")
            if watch.hopes(child[0]):
                heapq.heappush(heap, (child[0], next(order), child[1]))
    watch.prove(watch.value, "branching")


def _solved(g: Program, solver: highspy.Highs, low: Floats, high: Floats) -> tuple[float, _Node] | None:
    """The bound and state of a node just solved; None where the time ended first."""
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    found = solver.getSolution()
    dual = np.asarray(found.row_dual, dtype=np.float64)
    bound, reduced = dual_bound(g, dual, low, high)
    n = g.problem.units
    share = np.clip(np.asarray(found.col_value, dtype=np.float64)[:n], 0, 1)
    return bound, _Node(low, high, share, reduced[:n], solver.getBasis())


def _settled(g: Program, node: _Node, room: float) -> tuple[Floats, Floats]:
    """The node's limits with units fixed whose other side costs more than the room to the best plan."""
    n = g.problem.units
    low, high = node.low.copy(), node.high.copy()
    if np.isfinite(room):
        room += 1e-7 * max(1.0, abs(room))
        open_ = low[:n] < high[:n]
        high[:n][open_ & (node.reduced > room)] = 0.0
        low[:n][open_ & (node.reduced < -room)] = 1.0
    return low, high


def _offer(near: Neighbourhood, x: Bools, free: Ints, watch: Watch) -> Bools:
    p = near.problem
    x = (x & (p.forced >= 0)) | (p.forced == 1)
    x = near.mended(x, free) if p.hard else x
    watch.offer(x, "branching")
    return x
