"""What each selected unit is worth: how much dearer the best plan without it would be."""

from dataclasses import dataclass, replace

import numpy as np

from ecostat import gates
from ecostat.errors import EcostatError, Infeasible, NotConverged
from ecostat.planning.plan import Plan
from ecostat.planning.possible import possible
from ecostat.planning.problem import Floats, Problem
from ecostat.planning.solving import solve


@dataclass(frozen=True)
class Replacement:
    """The replacement cost of each selected unit, in the unit of the objective.

    `cost` (units,): the best plan found without the unit is so much worse; infinite where there is none, NaN for
    units not selected, locked in, or for which the time ended. `least` (units,): it is proved to be at least this.
    `message` counts them.
    """

    cost: Floats
    least: Floats
    message: str


def replacement_cost(
    p: Problem, plan: Plan | None = None, *, gap: float | None = None, time_limit: float = 60.0
) -> Replacement:
    """The replacement cost of every unit of the plan (Cabeza and Moilanen 2006), the optimum's if none is given.

    Every unit is locked out in turn and the problem solved again; the seconds are shared out equally among them.
    """
    p, seconds = (
        gates.instance("p", p, Problem, "planning.problem"),
        gates.number("time_limit", time_limit, above=0),
    )
    if plan is not None:
        gates.instance("plan", plan, Plan, "planning.solve")
    if plan is None:
        plan = solve(p, gap, seconds / 4)
        seconds *= 0.75
    if plan.selected.shape != (p.units,):
        raise EcostatError(f"plan selects among {plan.selected.size} units, the problem has {p.units}")
    cost, least = np.full(p.units, np.nan), np.full(p.units, np.nan)
    units = np.flatnonzero(plan.selected & (p.forced == 0))
    late = 0
    for unit in units:
        forced = p.forced.copy()
        forced[unit] = -1
        try:
            without = replace(p, forced=forced)
            other = solve(replace(without, forced=possible(without)), gap, seconds / units.size)
        except Infeasible:
            cost[unit] = least[unit] = np.inf
            continue
        except NotConverged:
            late += 1
            continue
        cost[unit] = p.sign * (other.objective - plan.objective)
        least[unit] = p.sign * (other.bound - plan.objective)
    never = int(np.isinf(cost).sum())
    said = f"{units.size} units weighed, {never} of them irreplaceable"
    locked = int((plan.selected & (p.forced == 1)).sum())
    said += f"; {locked} locked in and not weighed" if locked else ""
    said += f"; for {late} the time ended before a plan without them was found" if late else ""
    return Replacement(cost, least, said)
