"""From a problem to a plan: relax, round, search the neighbourhood, then close the gap exactly."""

from dataclasses import replace

import numpy as np

from ecostat.errors import Infeasible, NotConverged
from ecostat.planning.branching import branch_on_clumps
from ecostat.planning.contiguity import solve_in_one_piece
from ecostat.planning.neighbourhood import Neighbourhood
from ecostat.planning.plan import Listener, Plan, Watch
from ecostat.planning.problem import Bools, Floats, Problem
from ecostat.planning.program import Program, Relaxed, program, relax, search


def solve(
    p: Problem,
    gap: float | None,
    time_limit: float,
    listener: Listener | None = None,
    offset: float = 0.0,
    sign: float = 1.0,
    known: Bools | None = None,
) -> Plan:
    """The best plan found for the problem beside its proved bound; `known` is a plan to begin from."""
    asked = (0.0 if p.units <= EXACT_UNITS else 0.01) if gap is None else float(gap)
    watch = Watch(p, asked, float(time_limit), listener, offset, sign)
    if known is not None:
        watch.offer(known, "known plan")
    if p.contiguous:
        solve_in_one_piece(p, watch)
        if watch.best is None and watch.bound == np.inf:
            raise _why_not(p)
        return watch.plan()
    g = program(p)
    relaxed = relax(g, watch.left)
    if relaxed.bound == np.inf:
        raise _why_not(p)
    watch.prove(relaxed.bound, "relaxation")
    if not p.neighbours:
        improve(p, relaxed, watch)
    close(g, relaxed, watch)
    if watch.best is None and watch.bound == np.inf:
        raise _why_not(p)
    return watch.plan()


#: Up to this many units the default is a proved optimum, beyond it a proved gap of 1 %.
EXACT_UNITS = 1000


def improve(p: Problem, relaxed: Relaxed, watch: Watch) -> None:
    """The watch holds a rounded and, where time pays, an annealed plan."""
    near = Neighbourhood(p, relaxed.worth, relaxed.charge)
    free = np.flatnonzero(p.forced == 0)
    for least in (1 - 1e-6, 0.5):
        x = (relaxed.share >= least) | (p.forced == 1)
        if p.hard:
            x = near.mended(x, free)
        elif np.isfinite(p.budget):
            x = _within_budget(p, x, relaxed)
        watch.offer(x, "rounding")
    if free.size == 0 or watch.best is None or watch.over:
        return
    edges = p.shared.size > 0
    typical = _typical(p, relaxed.worth)
    if typical <= 0:
        return
    among = free
    if not edges:  # only units whose reduced cost is small are in doubt
        order = np.argsort(np.abs(relaxed.reduced[free]))
        among = free[order[: max(200, 20 * (p.target.size + 1))]]
    share = 0.3 if edges else 0.1
    flips = min(2500 * among.size, 12_000_000) if edges else 300 * among.size
    patience = 4 if edges and p.units > EXACT_UNITS else 1
    seed, idle = 0, 0
    while not watch.over and watch.seconds < share * watch.limit and idle < patience:
        warm = typical * ((0.6, 0.3, 1.0, 0.1)[seed % 4] if edges else 0.02)
        pull = (4.0, 2.0, 3.0, 3.0)[seed % 4]
        before = watch.value
        x, _ = near.anneal(watch.best, among, flips, warm, warm / 30, pull, seed + 1)
        watch.offer(x, "neighbourhood search")
        idle = 0 if watch.value < before * (1 - 1e-4) else idle + 1
        seed += 1


def close(g: Program, relaxed: Relaxed, watch: Watch) -> None:
    """The gap is closed exactly over the units that reduced costs leave open, as far as time allows."""
    if watch.over:
        return
    n = g.problem.units
    if g.problem.shared.size and not g.problem.neighbours and not g.problem.whole and n > EXACT_UNITS:
        branch_on_clumps(g, relaxed, watch)
        return
    low, high = g.low.copy(), g.high.copy()
    if watch.best is not None:
        room = watch.value - relaxed.bound
        room += 1e-7 * max(1.0, abs(watch.value))
        free = g.problem.forced == 0
        high[:n][free & (relaxed.reduced > room)] = 0.0
        low[:n][free & (relaxed.reduced < -room)] = 1.0
    search(g, watch, low, high)


def _within_budget(p: Problem, x: Bools, relaxed: Relaxed) -> Bools:
    """The selection brought under the budget, then filled with what still fits, best use of money first."""
    x = x.copy()
    use = np.asarray(p.amount.T @ np.where(np.isinf(p.lack), relaxed.worth, p.lack)).ravel()
    rate = use / np.maximum(p.cost, 1e-300)
    spent = float(p.cost[x].sum())
    for i in np.flatnonzero(x & (p.forced == 0))[np.argsort(rate[x & (p.forced == 0)])]:
        if spent <= p.budget:
            break
        x[i] = False
        spent -= p.cost[i]
    order = np.flatnonzero(~x & (p.forced == 0))
    order = order[np.lexsort((-rate[order], relaxed.reduced[order]))]
    for i in order:
        if spent + p.cost[i] <= p.budget and relaxed.reduced[i] <= 0 + 1e-12 + abs(relaxed.bound) * 1e-6:
            x[i] = True
            spent += p.cost[i]
    return x


def _typical(p: Problem, worth: Floats) -> float:
    """The size of what is at stake in one unit."""
    value = np.asarray(p.amount.T @ np.where(np.isinf(p.lack), worth, p.lack)).ravel() + p.price
    if p.shared.size:
        value = value + np.bincount(np.r_[p.left, p.right], np.r_[p.shared, p.shared], p.units) / 4
    free = p.forced == 0
    return float(np.median(value[free])) / 2 if free.any() else 0.0


def _why_not(p: Problem) -> Infeasible:
    """The limit that cannot be kept, found by relaxing the others one after the other."""
    rule = f"{p.neighbours} selected neighbours a unit" if p.neighbours else "one connected piece"
    if p.hard:
        soft = replace(
            p,
            lack=np.divide(1.0, p.target, out=np.zeros_like(p.target), where=p.target > 0),
            price=np.zeros(p.units),
            shared=np.zeros(0),
            left=p.left[:0],
            right=p.right[:0],
        )
        try:
            best = solve(soft, 0.01, 30.0)
        except (Infeasible, NotConverged):
            return Infeasible(f"the locked units and {rule} contradict each other")
        out = np.flatnonzero(best.shortfall)
        which = ", ".join(
            f"{p.names[j]} (at most about {best.held[j]:g} of {p.target[j]:g})" for j in out[:5]
        )
        return Infeasible(f"with {rule} these targets cannot be held: {which or 'all together'}")
    if np.isfinite(p.budget):
        return Infeasible(f"the locked-in units with {rule} cannot be had within the budget of {p.budget:g}")
    return Infeasible(f"the locked units and {rule} contradict each other")
