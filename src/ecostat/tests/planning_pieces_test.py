"""Plans in one piece beyond the single plan: portfolios and zones, against every selection there is."""

import itertools

import numpy as np
import pytest

from ecostat.errors import Infeasible
from ecostat.planning import grid_adjacency, portfolio, problem, zoned

BESIDE = grid_adjacency(3, 3).toarray() > 0
EVERY = np.array(list(itertools.product([False, True], repeat=9)))


def whole(chosen: np.ndarray, beside: np.ndarray) -> bool:
    """True where the chosen units hang together, by walking from the first of them."""
    todo, seen = list(np.flatnonzero(chosen)[:1]), set(np.flatnonzero(chosen)[:1].tolist())
    while todo:
        for unit in np.flatnonzero(beside[todo.pop()] & chosen).tolist():
            if unit not in seen:
                seen.add(unit)
                todo.append(unit)
    return len(seen) == chosen.sum()


@pytest.mark.parametrize("seed", range(3))
def test_a_portfolio_in_one_piece_holds_every_connected_plan_within_reach_and_no_other(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cost, amount = rng.uniform(1, 3, 9).round(2), (rng.random((3, 9)) * (rng.random((3, 9)) < 0.6)).round(2)
    target = 0.45 * amount.sum(axis=1)
    holds = (target - 1e-9 <= EVERY @ amount.T).all(axis=1)
    one = np.array([whole(x, BESIDE) for x in EVERY])
    value = EVERY @ cost
    least = value[holds & one].min()
    good = EVERY[holds & one & (value <= 1.12 * least + 1e-9)]
    assert (holds & ~one & (value <= 1.12 * least)).any()  # without the rule others would be found
    p = problem("set", cost, amount, target, adjacency=grid_adjacency(3, 3), contiguous=True)
    found = portfolio(p, 20, within=0.12, time_limit=600)
    assert len(good) < 20 and found.complete
    assert {tuple(x) for x in found.selected.tolist()} == {tuple(x) for x in good.tolist()}


@pytest.mark.parametrize("seed", range(4))
def test_each_zone_is_one_piece_and_the_zoning_the_cheapest_of_these(seed: int) -> None:
    rng = np.random.default_rng(seed)
    units, zones, beside = 8, 2, grid_adjacency(2, 4).toarray() > 0
    cost = rng.uniform(1, 3, (units, zones)).round(2)
    amount = [(rng.random((2, units)) * (rng.random((2, units)) < 0.5)).round(2) for _ in range(zones)]
    target = np.column_stack([0.6 * a.sum(axis=1) for a in amount])
    every = np.array(list(itertools.product(range(-1, zones), repeat=units)))
    held = np.stack([(every == z) @ amount[z].T for z in range(zones)], axis=2)
    price = sum((every == z) @ cost[:, z] for z in range(zones))
    order = np.argsort(price)
    holds = [i for i in order if (held[i] >= target - 1e-9).all()]
    best = next((i for i in holds if all(whole(every[i] == z, beside) for z in range(zones))), None)
    rules = {"adjacency": grid_adjacency(2, 4), "contiguous": True}
    if best is None:
        with pytest.raises(Infeasible, match="each zone in one piece"):
            zoned(cost, amount, target, **rules)
        return
    plan = zoned(cost, amount, target, **rules)
    assert plan.converged and plan.objective == pytest.approx(price[best])
    assert all(whole(plan.zone == z, beside) for z in range(zones))


def test_an_empty_zone_and_a_budget_keep_pieces_too() -> None:
    cost = np.ones((4, 2))
    amount = [np.array([[1.0, 0, 0, 1.0]]), np.zeros((1, 4))]
    rules = {"adjacency": grid_adjacency(1, 4), "contiguous": True}
    plan = zoned(cost, amount, 2.0, budget=3.0, **rules)
    assert (
        plan.objective == pytest.approx(0.5) and (plan.zone == 1).sum() <= 1
    )  # three do not reach both ends
    assert zoned(cost, amount, 2.0, budget=2.0, **{**rules, "contiguous": False}).objective == 0
    assert zoned(cost, amount, 2.0, budget=4.0, **rules).objective == pytest.approx(0.0)
