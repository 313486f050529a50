"""Other plans as good, what a unit is worth, and zones: against every selection there is."""

import itertools

import numpy as np
import pytest

from ecostat.errors import EcostatError, Infeasible
from ecostat.planning import (
    Limit,
    grid_adjacency,
    grid_boundary,
    min_set,
    portfolio,
    problem,
    replacement_cost,
    solve,
    zoned,
)

N = 9
EVERY = np.array(list(itertools.product([False, True], repeat=N)))


def world(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.uniform(1, 3, N).round(2), (rng.random((3, N)) * (rng.random((3, N)) < 0.7)).round(2)


@pytest.mark.parametrize("seed", range(3))
def test_a_portfolio_holds_every_plan_within_reach_when_few_are(seed: int) -> None:
    cost, amount = world(seed)
    target = 0.4 * amount.sum(axis=1)
    within = EVERY[(target - 1e-9 <= EVERY @ amount.T).all(axis=1)]
    value = within @ cost
    good = within[value <= 1.1 * value.min() + 1e-9]
    found = portfolio(problem("set", cost, amount, target), 100, within=0.1, time_limit=60)
    assert found.complete and "there is no other" in found.message
    assert {tuple(x) for x in found.selected.tolist()} == {tuple(x) for x in good.tolist()}
    assert found.frequency == pytest.approx(good.mean(axis=0))
    assert found.plans[0].objective == pytest.approx(value.min())
    assert all(p.objective <= 1.1 * value.min() + 1e-9 and p.bound <= p.objective for p in found.plans)


def test_the_second_plan_shares_as_little_as_can_be_with_the_first() -> None:
    cost, amount = world(4)
    target = 0.3 * amount.sum(axis=1)
    found = portfolio(problem("set", cost, amount, target), 2, within=0.5)
    first = found.selected[0]
    open_ = (target - 1e-9 <= EVERY @ amount.T).all(axis=1) & (EVERY @ cost <= 1.5 * (first @ cost) + 1e-9)
    assert (found.selected[1] & first).sum() == (EVERY[open_] & first).sum(axis=1).min()


def test_a_portfolio_of_coverage_and_of_shortfall_keeps_the_budget() -> None:
    cost, amount = world(5)
    for kind in ("coverage", "shortfall"):
        p = problem(kind, cost, amount, 0.8 * amount.sum(axis=1), budget=6.0)
        found = portfolio(p, 4, within=0.3)
        best = found.plans[0].objective
        assert all(plan.cost <= 6.0 * (1 + 1e-8) for plan in found.plans)
        assert all(abs(plan.objective - best) <= 0.3 * abs(best) + 1e-9 for plan in found.plans)
        assert len({tuple(x) for x in found.selected.tolist()}) == len(found.plans)


@pytest.mark.parametrize("seed", range(3))
def test_replacement_cost_is_the_loss_without_the_unit(seed: int) -> None:
    cost, amount = world(seed)
    target = 0.5 * amount.sum(axis=1)
    p = problem("set", cost, amount, target, locked_in=[0])
    plan = solve(p)
    found = replacement_cost(p, plan)
    holds = (target - 1e-9 <= EVERY @ amount.T).all(axis=1) & EVERY[:, 0]
    assert np.isnan(found.cost[0]) and "1 locked in" in found.message
    for unit in np.flatnonzero(plan.selected)[1:]:
        without = np.where(holds & ~EVERY[:, unit], EVERY @ cost, np.inf).min()
        assert found.cost[unit] == pytest.approx(without - plan.objective)
        assert found.least[unit] == pytest.approx(found.cost[unit], abs=1e-5)
    assert np.isnan(found.cost[~plan.selected]).all()


def test_a_unit_nothing_can_replace_has_an_infinite_replacement_cost() -> None:
    p = problem("set", [1.0, 1.0, 1.0], [[1.0, 1.0, 0.0], [0.0, 0.0, 2.0]], [1.0, 1.0])
    found = replacement_cost(p)
    assert np.isinf(found.cost[2]) and "1 of them irreplaceable" in found.message
    with pytest.raises(EcostatError, match="among 9 units"):
        cost, amount = world(0)
        replacement_cost(p, min_set(cost, amount, 0.1, relative=True))


def every_zoning(units: int, zones: int) -> np.ndarray:
    return np.array(list(itertools.product(range(-1, zones), repeat=units)))


@pytest.mark.parametrize("seed", range(3))
def test_a_zoning_is_the_cheapest_of_all(seed: int) -> None:
    rng = np.random.default_rng(seed)
    units, zones = 6, 2
    cost = rng.uniform(1, 3, (units, zones)).round(2)
    amount = [rng.random((2, units)).round(2), rng.random((2, units)).round(2)]
    every = every_zoning(units, zones)
    held = np.stack([(every == z) @ amount[z].T for z in range(zones)], axis=2)  # zonings, features, zones
    price = sum((every == z) @ cost[:, z] for z in range(zones))

    plan = zoned(cost, amount, [1.5, 1.2])
    allowed = (held.sum(axis=2) >= np.array([1.5, 1.2]) - 1e-9).all(axis=1)
    assert plan.objective == pytest.approx(price[allowed].min()) and plan.converged
    assert (plan.held.sum(axis=1) >= np.array([1.5, 1.2]) - 1e-9).all()

    target = np.array([[0.8, np.nan], [0.3, 0.5]])
    plan = zoned(cost, amount, target, everywhere=True, locked_out=np.eye(units, zones))
    kept = (every >= 0).all(axis=1) & (every[:, 0] != 0) & (every[:, 1] != 1)
    kept &= (np.isnan(target) | (held >= target - 1e-9)).all(axis=(1, 2))
    assert plan.objective == pytest.approx(price[kept].min())
    assert (plan.zone >= 0).all()

    plan = zoned(cost, amount, [1.5, 1.2], budget=4.0, limits=[Limit(np.ones((units, zones)), most=3)])
    affordable = (price <= 4.0 + 1e-9) & ((every >= 0).sum(axis=1) <= 3)
    lost = (np.maximum([1.5, 1.2] - held.sum(axis=2), 0) / [1.5, 1.2]).sum(axis=1)
    assert plan.objective == pytest.approx(lost[affordable].min())


def test_zones_have_their_own_edges_and_neighbours() -> None:
    rng = np.random.default_rng(2)
    cost = rng.uniform(1, 2, (9, 2))
    amount = [rng.random((1, 9)), rng.random((1, 9))]
    target = np.array([[1.5, 1.5]])
    loose = zoned(cost, amount, target)
    tight = zoned(cost, amount, target, boundary=grid_boundary(3, 3), boundary_penalty=1.0)
    assert tight.cost >= loose.cost - 1e-9
    paired = zoned(cost, amount, target, adjacency=grid_adjacency(3, 3), neighbours=1)
    beside = grid_adjacency(3, 3).toarray()
    for unit in np.flatnonzero(paired.zone >= 0):
        assert (beside[unit] * (paired.zone == paired.zone[unit])).sum() >= 1


def test_zones_that_contradict_are_named() -> None:
    cost, amount = np.ones((2, 2)), [np.ones((1, 2)), np.zeros((1, 2))]
    with pytest.raises(Infeasible, match="feature 0 in zone 1"):
        zoned(cost, amount, np.array([[np.nan, 1.0]]))
    with pytest.raises(EcostatError, match="2 zones"):
        zoned(cost, amount[:1], 1.0)
    with pytest.raises(EcostatError, match=r"\(units, zones\)"):
        zoned(cost, amount, 1.0, locked_in=np.ones((3, 2)))
    with pytest.raises(Infeasible, match="one zone a unit"):
        zoned(cost, amount, 1.0, locked_in=np.array([[1, 1], [0, 0]]))
