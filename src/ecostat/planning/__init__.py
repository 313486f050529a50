"""Which units to protect or restore: the least cost for given targets, the best use of a given budget."""

from typing import Any

from numpy.typing import ArrayLike

from ecostat.planning.asking import problem
from ecostat.planning.constraints import Constraints, Limit
from ecostat.planning.layout import adjacency, boundary, grid_adjacency, grid_boundary
from ecostat.planning.nested import Nested, nested
from ecostat.planning.plan import Listener, Plan, Progress
from ecostat.planning.portfolio import Portfolio, portfolio
from ecostat.planning.problem import Problem
from ecostat.planning.replacement import Replacement, replacement_cost
from ecostat.planning.solving import solve
from ecostat.planning.zones import ZonePlan, zoned

__all__ = [
    "Constraints",
    "Limit",
    "Nested",
    "Plan",
    "Portfolio",
    "Problem",
    "Progress",
    "Replacement",
    "ZonePlan",
    "adjacency",
    "boundary",
    "grid_adjacency",
    "grid_boundary",
    "max_coverage",
    "min_set",
    "min_shortfall",
    "nested",
    "portfolio",
    "problem",
    "replacement_cost",
    "solve",
    "zoned",
]


def min_set(
    cost: ArrayLike,
    amount: Any,
    target: ArrayLike,
    *,
    relative: bool = False,
    constraints: Constraints | None = None,
    gap: float | None = None,
    time_limit: float = 60.0,
    progress: Listener | None = None,
    **rules: Any,
) -> Plan:
    """The cheapest selection that holds every target (minimum set; Rodrigues et al. 2000, Ball et al. 2009).

    `cost` (units,), `amount` (features × units, dense or sparse), `target` (features,) or one number, in the
    unit of `amount`, or with `relative` a share of all there is. `objective` is the cost plus
    `boundary_penalty` × perimeter. `constraints`, or its fields as keywords (`rules`). A target out of reach
    raises `Infeasible` that names the feature.
    """
    p = problem("set", cost, amount, target, relative=relative, constraints=constraints, **rules)
    return solve(p, gap, time_limit, progress)


def max_coverage(
    cost: ArrayLike,
    amount: Any,
    budget: float,
    *,
    target: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    relative: bool = False,
    constraints: Constraints | None = None,
    gap: float | None = None,
    time_limit: float = 60.0,
    progress: Listener | None = None,
    **rules: Any,
) -> Plan:
    """The selection within the budget that covers the most features (Church and ReVelle 1974).

    A feature is covered where a selected unit holds it or, with `target`, where its whole target is held.
    `objective` is the summed weight of covered features minus `boundary_penalty` × perimeter. Other arguments
    as in `min_set`.
    """
    given: dict[str, Any] = {"budget": budget, "weights": weights, "relative": relative}
    p = problem("coverage", cost, amount, target, constraints=constraints, **given, **rules)
    return solve(p, gap, time_limit, progress)


def min_shortfall(
    cost: ArrayLike,
    amount: Any,
    target: ArrayLike,
    budget: float,
    *,
    weights: ArrayLike | None = None,
    relative: bool = False,
    constraints: Constraints | None = None,
    gap: float | None = None,
    time_limit: float = 60.0,
    progress: Listener | None = None,
    **rules: Any,
) -> Plan:
    """The selection within the budget that leaves the least of the targets unmet (Jung et al. 2021).

    `objective` is Σ weight × max(0, target − held) / target, plus `boundary_penalty` × perimeter; a target
    of zero is met by anything. Other arguments as in `min_set`.
    """
    given: dict[str, Any] = {"budget": budget, "weights": weights, "relative": relative}
    p = problem("shortfall", cost, amount, target, constraints=constraints, **given, **rules)
    return solve(p, gap, time_limit, progress)
