"""Several good plans in place of one: as unlike each other as the price allows."""

import time
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp

from ecostat import gates
from ecostat.planning.flowing import in_pieces
from ecostat.planning.plan import Listener, Plan, Watch
from ecostat.planning.problem import Bools, Floats, Problem
from ecostat.planning.program import Program, branch, program
from ecostat.planning.solving import solve


@dataclass(frozen=True)
class Portfolio:
    """Plans within a share of the best, the best one first.

    `selected` (plans, units); `frequency` (units,) share of the plans that select each unit; `complete`: no other
    plan within that share exists; `message` says so.
    """

    plans: tuple[Plan, ...]
    selected: Bools
    frequency: Floats
    complete: bool
    message: str


def portfolio(
    p: Problem,
    number: int = 10,
    *,
    within: float = 0.05,
    gap: float | None = None,
    time_limit: float = 60.0,
    progress: Listener | None = None,
) -> Portfolio:
    """Up to `number` plans whose objective is at most `within` (a share) worse than the best.

    Each further plan shares as little as possible with those before it (modelling to generate alternatives, Brill
    et al. 1982). At most half the time goes to the best plan, what is left to the others in equal parts.
    """
    p = gates.instance("p", p, Problem, "planning.problem")
    number, within = gates.whole("number", number, low=1), gates.number("within", within, low=0)
    seconds = gates.number("time_limit", time_limit, above=0)
    end = time.perf_counter() + seconds
    best = solve(p, gap, seconds / 2 if number > 1 else seconds, progress)
    found, complete = [best], False
    cap = (best.objective - p.offset) * p.sign + within * abs(best.objective)
    g = program(p)
    if p.contiguous and p.adjacency is not None:
        g = in_pieces(g, p.adjacency, np.zeros(p.units, np.int64))
    g = _capped(g, cap)
    while len(found) < number and not complete:
        share = max(end - time.perf_counter(), 0.0) / (number - len(found))
        x, complete = _unlike(g, [f.selected for f in found], cap, share)
        if x is None:
            break
        found.append(_as_plan(p, x, best))
    selected = np.array([f.selected for f in found])
    said = f"{len(found)} plans at most {within:.2%} worse than the best"
    said += ": there is no other" if complete else ""
    said += "" if complete or len(found) == number else ": the time ended before another was found"
    return Portfolio(tuple(found), selected, selected.mean(axis=0), complete, said)


def _capped(g: Program, cap: float) -> Program:
    """The program in which the objective itself may not pass the cap."""
    scale = max(abs(cap), float(np.abs(g.cost).max(initial=0.0)), 1e-300)
    return g.with_rows(sp.csr_array(-g.cost[None, :] / scale), np.array([-cap / scale - 1e-9]))


def _unlike(g: Program, found: list[Bools], cap: float, seconds: float) -> tuple[Bools | None, bool]:
    """A plan under the cap that shares least with those found, and whether none is left at all."""
    p, n = g.problem, g.problem.units
    taken = np.array(found, np.float64)
    away = np.where(taken > 0, -1.0, 1.0)  # at least one unit differs from every plan found
    block = sp.hstack([sp.csr_array(away), sp.csr_array((len(found), g.cost.size - n))])
    g = g.with_rows(sp.csr_array(block), 1.0 - taken.sum(axis=1))
    size = float(np.abs(g.cost).sum()) or 1.0
    cost = 1e-3 * g.cost / size  # of plans equally unlike, the better one
    cost[:n] += taken.mean(axis=0)
    best: list[Bools] = []

    def keep(values: Floats) -> None:
        x = values[:n] > 0.5
        new = not any(np.array_equal(x, f) for f in found)
        if new and p.keeps(x) and p.value(x) <= cap + 1e-9 * max(1.0, abs(cap)):
            best.append(x)

    bound, _ = branch(replace(g, cost=cost), g.low, g.high, None, 0.02, seconds, keep, lambda value: False)
    return (best[-1], False) if best else (None, bound == np.inf)


def _as_plan(p: Problem, x: Bools, best: Plan) -> Plan:
    watch = Watch(p, 0.0, 0.0)
    watch.offer(x, "alternative")
    watch.prove((best.bound - p.offset) * p.sign, "alternative")
    return replace(watch.plan(), message=f"an alternative, at most {watch.gap:.2%} from the optimum")
