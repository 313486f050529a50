"""Locks, neighbours with clamp, linear limits and relative targets, against every selection there is."""

import itertools

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from ecostat.errors import EcostatError, Infeasible
from ecostat.planning import (
    Constraints,
    Limit,
    Plan,
    grid_adjacency,
    max_coverage,
    min_set,
    min_shortfall,
    problem,
    solve,
)
from ecostat.planning.plan import Watch

ROWS, COLUMNS = 3, 4
N = ROWS * COLUMNS
EVERY = np.array(list(itertools.product([False, True], repeat=N)))
BESIDE = grid_adjacency(ROWS, COLUMNS)
AROUND = EVERY.astype(float) @ BESIDE.toarray()  # selected neighbours of each unit in each selection


def world(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    amount = (rng.random((3, N)) * (rng.random((3, N)) < 0.6)).round(2)
    return rng.uniform(1, 3, N).round(2), amount


def least(value: np.ndarray, allowed: np.ndarray) -> float:
    return float(np.where(allowed, value, np.inf).min())


def is_the_optimum(plan: Plan, best: float) -> None:
    assert plan.objective == pytest.approx(best)
    assert plan.bound == pytest.approx(best, rel=1e-6, abs=1e-8) and plan.converged


@pytest.mark.parametrize("seed", range(3))
def test_a_column_of_zeros_and_ones_locks_the_units_marked_one(seed: int) -> None:
    cost, amount = world(seed)
    target = 0.3 * amount.sum(axis=1)
    column = np.zeros(N, int)
    column[[1, 5, 7]] = 1
    by_mask = min_set(cost, amount, target, locked_out=column)
    assert not by_mask.selected[[1, 5, 7]].any()
    assert by_mask.objective == min_set(cost, amount, target, locked_out=[1, 5, 7]).objective
    assert min_set(cost, amount, target, locked_in=column).selected[[1, 5, 7]].all()


@pytest.mark.parametrize("seed", range(3))
def test_clamp_asks_a_corner_for_no_more_neighbours_than_it_has(seed: int) -> None:
    cost, amount = world(seed)
    target = 0.3 * amount.sum(axis=1)
    has = np.asarray(BESIDE.sum(axis=1)).ravel()
    holds = (target - 1e-9 <= EVERY @ amount.T).all(axis=1)
    company = (np.minimum(3, has) <= AROUND) | ~EVERY
    plan = min_set(cost, amount, target, adjacency=BESIDE, neighbours=3, clamp=True, locked_in=[0])
    is_the_optimum(plan, least(EVERY @ cost, holds & company.all(axis=1) & EVERY[:, 0]))
    with pytest.raises(Infeasible, match="units 0 cannot have 3"):
        min_set(cost, amount, target, adjacency=BESIDE, neighbours=3, locked_in=[0])


def test_clamp_does_not_count_neighbours_that_are_locked_out() -> None:
    cost, amount = np.ones(4), np.array([[1.0, 0, 0, 0]])
    row = grid_adjacency(1, 4)
    plan = min_set(cost, amount, 1.0, adjacency=row, neighbours=2, clamp=True, locked_out=[1])
    assert plan.selected.tolist() == [True, False, False, False]


@pytest.mark.parametrize("seed", range(3))
def test_linear_limits_bind_every_kind_of_question(seed: int) -> None:
    cost, amount = world(seed)
    target = 0.4 * amount.sum(axis=1)
    rng = np.random.default_rng(seed + 50)
    people, forest = rng.integers(0, 9, N).astype(float), rng.normal(size=N)
    limits = [Limit(people, most=0.4 * people.sum(), name="people"), Limit(forest, least=0.5, name="forest")]
    kept = (EVERY @ people <= 0.4 * people.sum() + 1e-9) & (EVERY @ forest >= 0.5 - 1e-9)
    held = EVERY @ amount.T
    try:
        plan = min_set(cost, amount, target, limits=limits)
        is_the_optimum(plan, least(EVERY @ cost, kept & (held >= target - 1e-9).all(axis=1)))
    except Infeasible:
        assert not (kept & (held >= target - 1e-9).all(axis=1)).any()
    affordable = kept & (EVERY @ cost <= 0.5 * cost.sum() + 1e-9)
    lost = (np.maximum(target - held, 0) / target).sum(axis=1)
    plan = min_shortfall(cost, amount, target, 0.5 * cost.sum(), limits=limits)
    is_the_optimum(plan, least(lost, affordable))
    plan = max_coverage(cost, amount, 0.5 * cost.sum(), target=target, limits=limits)
    is_the_optimum(plan, -least(-(held >= target - 1e-9).sum(axis=1), affordable))


def test_a_limit_no_selection_keeps_is_named() -> None:
    cost, amount = world(0)
    with pytest.raises(Infeasible, match="people is at least"):
        min_set(cost, amount, 0.1, locked_in=[0, 1], limits=[Limit(np.ones(N), most=1, name="people")])
    with pytest.raises(Infeasible, match="forest reaches at most 12"):
        min_set(cost, amount, 0.1, limits=[Limit(np.ones(N), least=13, name="forest")])
    with pytest.raises(EcostatError, match="at least 3 and at most 2"):
        min_set(cost, amount, 0.1, limits=[Limit(np.ones(N), least=3, most=2, name="odd")])
    with pytest.raises(EcostatError, match=r"must be planning\.Limit"):
        min_set(cost, amount, 0.1, limits=[np.ones(N)])


def test_a_relative_target_is_a_share_of_all_there_is() -> None:
    cost, amount = world(2)
    absolute = min_set(cost, amount, 0.4 * amount.sum(axis=1))
    assert min_set(cost, amount, 0.4, relative=True).objective == absolute.objective
    each = min_set(cost, amount, [0.1, 0.9, 0.0], relative=True)
    assert (each.held >= [0.1, 0.9, 0.0] * amount.sum(axis=1) - 1e-9).all()
    with pytest.raises(EcostatError, match="share from 0 to 1"):
        min_set(cost, amount, 30.0, relative=True)


def test_constraints_are_given_whole_or_by_keyword_and_never_both() -> None:
    cost, amount = world(1)
    keep = Constraints(adjacency=BESIDE, neighbours=1, locked_out=[3])
    whole = min_set(cost, amount, 0.3, relative=True, constraints=keep)
    apart = min_set(cost, amount, 0.3, relative=True, adjacency=BESIDE, neighbours=1, locked_out=[3])
    assert whole.objective == apart.objective
    with pytest.raises(EcostatError, match="inside constraints"):
        min_set(cost, amount, 0.3, constraints=keep, neighbours=1)
    with pytest.raises(TypeError, match="there is no argument neigbours"):
        min_set(cost, amount, 0.3, neigbours=1)
    p = problem("set", cost, amount, 0.3, relative=True, constraints=keep)
    assert solve(p).objective == whole.objective


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), k=st.integers(1, 3), share=st.floats(0.05, 0.9), clamp=st.booleans())
def test_a_plan_under_a_budget_keeps_company_and_is_never_beaten(
    seed: int, k: int, share: float, clamp: bool
) -> None:
    cost, amount = world(seed)
    target = 0.6 * amount.sum(axis=1) + 0.01
    budget = share * cost.sum()
    plan = min_shortfall(cost, amount, target, budget, adjacency=BESIDE, neighbours=k, clamp=clamp)
    has = np.asarray(BESIDE.sum(axis=1)).ravel()
    need = np.minimum(k, has) if clamp else np.full(N, k)
    lost = (np.maximum(target - EVERY @ amount.T, 0) / target).sum(axis=1)
    allowed = ((need <= AROUND) | ~EVERY).all(axis=1) & (EVERY @ cost <= budget + 1e-9)
    is_the_optimum(plan, least(lost, allowed))


def test_a_hasty_plan_with_neighbours_on_a_large_map_is_sound_and_bounded() -> None:
    rng = np.random.default_rng(4)
    side = 40
    beside = grid_adjacency(side, side)
    amount, cost = rng.random((8, side * side)), rng.uniform(1, 2, side * side)
    for k in (1, 2):
        rules = {"adjacency": beside, "neighbours": k, "time_limit": 6.0, "gap": 0.05}
        plan = min_shortfall(cost, amount, 0.3, 0.1 * cost.sum(), relative=True, **rules)
        beside_each = np.asarray(beside @ plan.selected).ravel()
        assert (beside_each[plan.selected] >= k).all() and plan.selected.sum() > 50
        assert plan.cost <= 0.1 * cost.sum() * (1 + 1e-8) and 0 < plan.bound <= plan.objective
        plan = min_set(cost, amount, 0.2, relative=True, **rules)
        assert (np.asarray(beside @ plan.selected).ravel()[plan.selected] >= k).all()
        assert not plan.shortfall.any() and 0 < plan.bound <= plan.objective


@pytest.mark.parametrize(
    ("kind", "rules", "good", "bad"),
    [
        ("set", {"locked_in": [0]}, [0, 1, 2], [1, 2]),
        ("set", {"locked_out": [4]}, [0, 1, 2], [0, 1, 2, 4]),
        ("set", {}, [1, 2], [0, 5]),
        ("shortfall", {"budget": 4.0}, [1, 2], [3, 4]),
        ("set", {"neighbours": 1}, [1, 2], [1, 2, 5]),
        ("set", {"contiguous": True}, [1, 2, 3], [1, 2, 4, 5]),
        ("set", {"limits": [Limit([0, 0, 0, 0, 1.0, 1], most=1, name="families")]}, [1, 2, 4], [1, 2, 4, 5]),
    ],
    ids=["locked in", "locked out", "targets", "budget", "neighbours", "one piece", "limits"],
)
def test_a_plan_that_breaks_one_rule_alone_is_kept_by_no_search(
    kind: str, rules: dict, good: list[int], bad: list[int]
) -> None:
    """Six units in a row; 1 and 2 hold both features. A plan known before the search passes the same door."""
    amount = [[0, 2.0, 0, 0, 0, 0], [0, 0, 2, 0, 0, 0]]
    row = sp.diags_array([np.ones(5), np.ones(5)], offsets=[1, -1])
    question = problem(kind, [1.0, 2, 2, 3, 3, 1], amount, 1.0, adjacency=row.toarray(), **rules)
    watch = Watch(question, 0.0, 10.0)
    assert not watch.offer(chosen(bad), "known plan")
    assert watch.offer(chosen(good), "known plan")


def chosen(units: list[int]) -> np.ndarray:
    """The selection of these of six units."""
    return np.isin(np.arange(6), units)
