"""Plans year by year that only grow, and what that costs against planning each year afresh."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.errors import EcostatError, Infeasible, NotConverged
from ecostat.planning.asking import problem
from ecostat.planning.plan import PROOF, Listener, Plan
from ecostat.planning.problem import Bools, Floats, Problem
from ecostat.planning.program import Program, branch, completed, program
from ecostat.planning.solving import solve

_EXACT_COLUMNS = 6000


@dataclass(frozen=True)
class Nested:
    """One plan a budget, each holding the one before it.

    `plans` the nested plans, each beside the bound of planning that budget alone; `free` those plans made
    alone; `price` (budgets,) = what nesting adds to each objective; `year` (units,) = the first plan that
    selects the unit, −1 where none does; `selected` (budgets, units); `objective` = the sum over budgets,
    `bound` = no nested sequence sums to less; `gap`, `converged`, `message` as in a plan.
    """

    plans: tuple[Plan, ...]
    free: tuple[Plan, ...]
    price: Floats
    year: NDArray[np.int64]
    selected: Bools
    objective: float
    bound: float
    gap: float
    converged: bool
    message: str


def nested(
    cost: ArrayLike,
    amount: Any,
    target: ArrayLike,
    budgets: ArrayLike,
    *,
    gap: float | None = None,
    time_limit: float = 60.0,
    progress: Listener | None = None,
    **options: Any,
) -> Nested:
    """Shortfall plans for rising total budgets, in which no unit once selected is dropped.

    The sum of shortfalls over the budgets is made small. `options` are those of `min_shortfall`. Small cases
    are solved jointly and exactly; else the best of building forward, backward and outward from each year.
    """
    limits = gates.numbers("budgets", budgets, missing=False, infinite=True)
    if limits.size == 0 or not np.isfinite(limits).all() or (np.diff(limits) < 0).any():
        raise EcostatError("budgets must be known totals that do not fall from one year to the next")
    first = problem("shortfall", cost, amount, target, budget=float(limits[0]), **options)
    steps = [replace(first, budget=float(b)) for b in limits]
    share = time_limit / (limits.size * (limits.size + 2))
    free = tuple(solve(p, gap, share, progress) for p in steps)
    best: list[Bools] | None = None
    total = np.inf
    for pivot in range(limits.size - 1, -1, -1):
        way = _outward(steps, free, pivot, gap, share, progress)
        if way is None:
            continue
        value = sum(p.value(x) for p, x in zip(steps, way, strict=True))
        if value < total:
            best, total = way, value
    bound = float(sum(f.bound for f in free))
    if not first.contiguous and limits.size * program(first).cost.size <= _EXACT_COLUMNS:
        best, total, bound = _jointly(steps, best, total, bound, gap, time_limit)
    if best is None:
        raise NotConverged(f"no nested sequence was found in {time_limit:g} s: allow more time")
    return _result(steps, free, best, total, bound, gap)


def _outward(
    steps: list[Problem],
    free: tuple[Plan, ...],
    pivot: int,
    gap: float | None,
    seconds: float,
    progress: Listener | None,
) -> list[Bools] | None:
    """The plan of one year made alone, later years built on it, earlier years taken from it."""
    way: dict[int, Bools] = {pivot: free[pivot].selected}
    try:
        for t in range(pivot + 1, len(steps)):
            forced = np.where(way[t - 1], np.int8(1), steps[t].forced)
            way[t] = solve(
                replace(steps[t], forced=forced), gap, seconds, progress, known=way[t - 1]
            ).selected
        for t in range(pivot - 1, -1, -1):
            forced = np.where(way[t + 1], steps[t].forced, np.int8(-1))
            way[t] = solve(replace(steps[t], forced=forced), gap, seconds, progress).selected
    except (Infeasible, NotConverged):
        return None
    return [way[t] for t in range(len(steps))]


def _jointly(
    steps: list[Problem],
    best: list[Bools] | None,
    total: float,
    bound: float,
    gap: float | None,
    seconds: float,
) -> tuple[list[Bools] | None, float, float]:
    """The best sequence by one program over all years, and its proved bound."""
    parts = [program(p) for p in steps]
    n, wide, years = steps[0].units, parts[0].cost.size, len(steps)
    grow = sp.lil_array((n * (years - 1), wide * years))
    for t in range(years - 1):
        at = np.arange(n)
        grow[n * t + at, wide * t + at] = -1.0
        grow[n * t + at, wide * (t + 1) + at] = 1.0
    joint = Program(
        steps[0],
        np.concatenate([g.cost for g in parts]),
        sp.csc_array(sp.block_diag([g.matrix for g in parts])),
        np.concatenate([g.row_low for g in parts]),
        np.concatenate([g.row_high for g in parts]),
        np.concatenate([g.whole_columns for g in parts]),
        np.concatenate([g.low for g in parts]),
        np.concatenate([g.high for g in parts]),
    )
    if years > 1:
        joint = joint.with_rows(sp.csr_array(grow), np.zeros(n * (years - 1)))
    found: list[list[Bools]] = [best] if best is not None else []
    start = np.concatenate([completed(g, x) for g, x in zip(parts, best, strict=True)]) if best else None

    def on_plan(values: Floats) -> None:
        found.append([values[wide * t : wide * t + n] > 0.5 for t in range(years)])

    asked = 0.0 if gap is None else gap
    proved, _ = branch(joint, joint.low, joint.high, start, asked, seconds, on_plan, lambda value: False)
    for way in found:
        value = sum(p.value(x) for p, x in zip(steps, way, strict=True))
        if value < total and all(p.keeps(x) for p, x in zip(steps, way, strict=True)):
            best, total = way, value
    return best, total, max(bound, min(proved, total))


def _result(
    steps: list[Problem],
    free: tuple[Plan, ...],
    way: list[Bools],
    total: float,
    bound: float,
    gap: float | None,
) -> Nested:
    asked = 0.0 if gap is None else gap
    bound = min(bound, total)
    apart = 0.0 if total - bound <= 1e-9 * max(1.0, abs(total)) else (total - bound) / abs(total)
    plans = []
    for p, x, alone in zip(steps, way, free, strict=True):
        value = p.value(x)
        lower = min(alone.bound, value)
        loss = 0.0 if value - lower <= 1e-9 * max(1.0, abs(value)) else (value - lower) / abs(value)
        plans.append(
            replace(
                alone,
                selected=x,
                objective=value,
                bound=lower,
                gap=loss,
                cost=float(p.cost[x].sum()),
                held=p.held(x),
                shortfall=p.missing(x),
                perimeter=p.perimeter(x),
                message=f"holds the plan before it; at most {loss:.2%} above planning this budget alone",
            )
        )
    price = np.array([a.objective - b.objective for a, b in zip(plans, free, strict=True)])
    selected = np.array(way)
    year = np.where(selected.any(axis=0), selected.argmax(axis=0), -1).astype(np.int64)
    said = "optimum proved" if apart <= PROOF else f"at most {apart:.2%} above any nested sequence"
    return Nested(
        tuple(plans),
        free,
        price,
        year,
        selected,
        total,
        bound,
        apart,
        apart <= max(asked, PROOF),
        f"{said}; nesting adds {price.sum():.4g} to a shortfall of {sum(f.objective for f in free):.4g}",
    )
