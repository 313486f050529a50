"""Which units to protect or restore: the least cost for given targets, the best use of a given budget."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ecostat.planning.nested import Nested, nested
from ecostat.planning.plan import Listener, Plan, Progress
from ecostat.planning.problem import problem
from ecostat.planning.solving import solve

__all__ = ["Nested", "Plan", "Progress", "max_coverage", "min_set", "min_shortfall", "nested"]


def min_set(
    cost: ArrayLike,
    amount: Any,
    target: ArrayLike,
    *,
    locked_in: ArrayLike | None = None,
    locked_out: ArrayLike | None = None,
    boundary: Any = None,
    boundary_penalty: float = 0.0,
    edge_factor: float = 0.5,
    adjacency: Any = None,
    neighbours: int = 0,
    contiguous: bool = False,
    features: Sequence[str] | None = None,
    gap: float | None = None,
    time_limit: float = 60.0,
    progress: Listener | None = None,
) -> Plan:
    """The cheapest selection that holds every target (minimum set; Rodrigues et al. 2000, Ball et al. 2009).

    `cost` (units,), `amount` (features × units, dense or sparse), `target` (features,) or one number, in the
    unit of `amount`. `objective` is the cost plus `boundary_penalty` × perimeter. A target out of reach
    raises `Infeasible` that names the feature.
    """
    p = problem(
        cost,
        amount,
        target,
        kind="set",
        locked_in=locked_in,
        locked_out=locked_out,
        boundary=boundary,
        boundary_penalty=boundary_penalty,
        edge_factor=edge_factor,
        adjacency=adjacency,
        neighbours=neighbours,
        contiguous=contiguous,
        features=features,
    )
    return solve(p, gap, time_limit, progress)


def max_coverage(
    cost: ArrayLike,
    amount: Any,
    budget: float,
    *,
    target: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    locked_in: ArrayLike | None = None,
    locked_out: ArrayLike | None = None,
    boundary: Any = None,
    boundary_penalty: float = 0.0,
    edge_factor: float = 0.5,
    adjacency: Any = None,
    neighbours: int = 0,
    contiguous: bool = False,
    features: Sequence[str] | None = None,
    gap: float | None = None,
    time_limit: float = 60.0,
    progress: Listener | None = None,
) -> Plan:
    """The selection within the budget that covers the most features (Church and ReVelle 1974).

    A feature is covered where a selected unit holds it or, with `target`, where its whole target is held.
    `objective` is the summed weight of covered features minus `boundary_penalty` × perimeter.
    """
    p = problem(
        cost,
        amount,
        target,
        budget=budget,
        weights=weights,
        kind="coverage",
        locked_in=locked_in,
        locked_out=locked_out,
        boundary=boundary,
        boundary_penalty=boundary_penalty,
        edge_factor=edge_factor,
        adjacency=adjacency,
        neighbours=neighbours,
        contiguous=contiguous,
        features=features,
    )
    m = p.target.size
    worth = np.ones(m) if weights is None else np.broadcast_to(np.asarray(weights, np.float64), (m,))
    return solve(p, gap, time_limit, progress, offset=float(worth.sum()), sign=-1.0)


def min_shortfall(
    cost: ArrayLike,
    amount: Any,
    target: ArrayLike,
    budget: float,
    *,
    weights: ArrayLike | None = None,
    locked_in: ArrayLike | None = None,
    locked_out: ArrayLike | None = None,
    boundary: Any = None,
    boundary_penalty: float = 0.0,
    edge_factor: float = 0.5,
    adjacency: Any = None,
    neighbours: int = 0,
    contiguous: bool = False,
    features: Sequence[str] | None = None,
    gap: float | None = None,
    time_limit: float = 60.0,
    progress: Listener | None = None,
) -> Plan:
    """The selection within the budget that leaves the least of the targets unmet (Jung et al. 2021).

    `objective` is Σ weight × max(0, target − held) / target, plus `boundary_penalty` × perimeter; a target
    of zero is met by anything.
    """
    p = problem(
        cost,
        amount,
        target,
        budget=budget,
        weights=weights,
        kind="shortfall",
        locked_in=locked_in,
        locked_out=locked_out,
        boundary=boundary,
        boundary_penalty=boundary_penalty,
        edge_factor=edge_factor,
        adjacency=adjacency,
        neighbours=neighbours,
        contiguous=contiguous,
        features=features,
    )
    return solve(p, gap, time_limit, progress)
