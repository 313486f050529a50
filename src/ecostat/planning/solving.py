"""From a problem to a plan: relax, round, search the neighbourhood, then close the gap exactly."""

from dataclasses import replace

import numpy as np

from ecostat import gates
from ecostat.errors import Infeasible, NotConverged
from ecostat.planning.branching import branch_on_clumps
from ecostat.planning.company import grown_in_company
from ecostat.planning.contiguity import solve_in_one_piece
from ecostat.planning.neighbourhood import Neighbourhood
from ecostat.planning.plan import Listener, Plan, Watch
from ecostat.planning.problem import Bools, Floats, Problem
from ecostat.planning.program import Program, Relaxed, program, relax, search
from ecostat.planning.small import solve_plainly


def solve(
    p: Problem,
    gap: float | None = None,
    time_limit: float = 60.0,
    progress: Listener | None = None,
    known: Bools | None = None,
) -> Plan:
    """The best plan found for the problem beside its proved bound; `known` is a plan to begin from.

    `gap`: stop once it is proved (None: 0 up to 1,000 units, 1 % beyond). `time_limit` in seconds on the clock.
    `progress` hears a `Progress` now and then; its answer False stops the search.
    """
    p = gates.instance("p", p, Problem, "planning.problem")
    asked = (0.0 if p.units <= EXACT_UNITS else 0.01) if gap is None else gates.number("gap", gap, low=0)
    watch = Watch(p, asked, gates.number("time_limit", time_limit, above=0, infinite=True), progress)
    if known is not None:
        watch.offer(known, "known plan")
    if p.contiguous:
        solve_in_one_piece(p, watch)
    elif p.plain and p.units <= EXACT_UNITS and progress is None and known is None:
        solve_plainly(p, watch)
        if watch.bound < np.inf and not watch.over:  # the solver's own tolerances were too wide
            _search(p, watch)
    else:
        _search(p, watch)
    if watch.best is None and watch.bound == np.inf:
        raise _why_not(p)
    return watch.plan()


def _search(p: Problem, watch: Watch) -> None:
    """The watch holds the best plan of all ways but contiguity."""
    g = program(p)
    relaxed = relax(g, watch.left)
    if relaxed.bound == np.inf:
        watch.bound = np.inf
        return
    watch.prove(relaxed.bound, "relaxation")
    improve(p, relaxed, watch)
    close(g, relaxed, watch)


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
        elif p.neighbours:
            x = grown_in_company(p, relaxed, x)
        elif np.isfinite(p.budget):
            x = _within_budget(p, x, relaxed)
        watch.offer(x, "rounding")
    if free.size == 0 or watch.best is None or watch.over:
        return
    if p.neighbours or p.limit_low.size or p.units <= EXACT_UNITS:
        return  # annealing knows no neighbours and limits, and small maps do without it
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
    patience = 2 if edges else 1
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
    p = g.problem
    if p.shared.size and not (p.neighbours or p.whole or p.limit_low.size) and n > EXACT_UNITS:
        branch_on_clumps(g, relaxed, watch, _typical(p, relaxed.worth))
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
    rules = [f"{p.neighbours} selected neighbours a unit"] if p.neighbours else []
    rules += ["one connected piece"] if p.contiguous else []
    rules += list(p.limit_names[:3])
    rule = " and ".join(rules) or "these locks"
    if p.hard:
        soft = replace(
            p,
            kind="shortfall",
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
