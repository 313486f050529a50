"""Plans against a published optimum, against enumeration of every selection, and against bad input."""

import itertools
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from ecostat.errors import EcostatError, Infeasible
from ecostat.planning import Plan, Progress, max_coverage, min_set, min_shortfall, nested

ROWS, COLS = 3, 4
N = ROWS * COLS
EVERY = np.array(list(itertools.product([False, True], repeat=N)))


def lattice(rows: int, cols: int) -> np.ndarray:
    """Edges of 1 between cells beside each other; outer edges on the diagonal."""
    n = rows * cols
    at = np.arange(n).reshape(rows, cols)
    edges = np.zeros((n, n))
    for a, b in ((at[:, :-1], at[:, 1:]), (at[:-1], at[1:])):
        edges[a.ravel(), b.ravel()] = edges[b.ravel(), a.ravel()] = 1.0
    edges[np.arange(n), np.arange(n)] = 4 - edges.sum(axis=1)
    return edges


EDGES = lattice(ROWS, COLS)


def world(seed: int, features: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.uniform(1, 3, N).round(2), (
        rng.random((features, N)) * (rng.random((features, N)) < 0.6)
    ).round(2)


def perimeter(x: np.ndarray, factor: float = 0.5) -> float:
    inner = np.triu(EDGES, 1)
    return float((inner * (x[:, None] != x[None, :])).sum() + factor * np.diag(EDGES)[x].sum())


def in_one_piece(x: np.ndarray) -> bool:
    part = EDGES[np.ix_(x, x)] * (1 - np.eye(int(x.sum())))
    return x.sum() <= 1 or connected_components(sp.csr_array(part), directed=False)[0] == 1


def with_neighbours(x: np.ndarray, k: int) -> bool:
    beside = (EDGES * (1 - np.eye(N))) @ x
    return bool((beside[x] >= k).all())


def best_of_all(value, allowed) -> float:
    return min((value(x) for x in EVERY if allowed(x)), default=np.inf)


def sound(plan: Plan) -> None:
    """What every plan owes its reader."""
    assert plan.converged and plan.message == "optimum proved"
    assert plan.gap <= 1e-6
    assert plan.bound == pytest.approx(plan.objective, rel=1e-6, abs=1e-8)


@pytest.mark.outside
def test_the_published_minimum_set_is_found_and_proved(shared: Path) -> None:
    d = np.genfromtxt(shared / "data/reference/prioritizr_sim.csv", delimiter=",", names=True)
    amount = np.array([d[f"feature_{j}"] for j in range(1, 6)])
    plan = min_set(d["cost"], amount, 0.1 * amount.sum(axis=1))
    sound(plan)
    assert plan.objective == pytest.approx(1781.1574707031, abs=1e-6)
    assert plan.selected.sum() == 9
    assert (plan.held >= 0.1 * amount.sum(axis=1) * (1 - 1e-8)).all()


@pytest.mark.outside
def test_boundary_prices_on_the_published_map_reach_a_proved_optimum(shared: Path) -> None:
    d = np.genfromtxt(shared / "data/reference/prioritizr_sim.csv", delimiter=",", names=True)
    b = np.genfromtxt(shared / "data/reference/prioritizr_sim_boundary.csv", delimiter=",", names=True)
    at = {int(u): k for k, u in enumerate(d["id"])}
    edges = np.zeros((d.size, d.size))
    for one, other, length in b:
        edges[at[int(one)], at[int(other)]] = edges[at[int(other)], at[int(one)]] = length
    amount = np.array([d[f"feature_{j}"] for j in range(1, 6)])
    plan = min_set(d["cost"], amount, 0.1 * amount.sum(axis=1), boundary=edges, boundary_penalty=300)
    sound(plan)
    assert plan.objective == pytest.approx(plan.cost + 300 * plan.perimeter)
    assert plan.cost > 1781.1574707031  # compactness has its price


@pytest.mark.parametrize("seed", range(6))
def test_the_minimum_set_is_the_best_of_all_selections(seed: int) -> None:
    cost, amount = world(seed)
    target = 0.35 * amount.sum(axis=1)
    plan = min_set(cost, sp.csr_array(amount), target)
    sound(plan)
    holds = lambda x: (amount[:, x].sum(axis=1) >= target - 1e-9).all()  # noqa: E731
    assert plan.objective == pytest.approx(best_of_all(lambda x: cost[x].sum(), holds))
    assert holds(plan.selected)


@pytest.mark.parametrize("seed", range(4))
def test_shortfall_under_a_budget_is_the_least_of_all_selections(seed: int) -> None:
    cost, amount = world(seed)
    target, weight = 0.7 * amount.sum(axis=1), np.array([1.0, 2.0, 0.5, 1.0])
    budget = 0.4 * cost.sum()

    def lost(x):
        return (weight * np.maximum(target - amount[:, x].sum(axis=1), 0) / target).sum()

    plan = min_shortfall(cost, amount, target, budget, weights=weight)
    sound(plan)
    assert plan.objective == pytest.approx(best_of_all(lost, lambda x: cost[x].sum() <= budget + 1e-9))
    assert plan.cost <= budget + 1e-9


@pytest.mark.parametrize("seed", range(4))
def test_coverage_counts_features_held_at_all_or_whole_targets_held(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cost = rng.uniform(1, 3, N)
    amount = (rng.random((9, N)) < 0.15) * rng.uniform(0.1, 1, (9, N))
    weight, budget = rng.uniform(0.5, 2, 9), 0.15 * cost.sum()
    target = 0.5 * amount.sum(axis=1) + 1e-3
    affordable = lambda x: cost[x].sum() <= budget + 1e-9  # noqa: E731
    held_at_all = max_coverage(cost, amount, budget, weights=weight)
    sound(held_at_all)
    best = -best_of_all(lambda x: -weight[(amount[:, x] > 0).any(axis=1)].sum(), affordable)
    assert held_at_all.objective == pytest.approx(best)
    whole = max_coverage(cost, amount, budget, target=target, weights=weight)
    sound(whole)
    best = -best_of_all(lambda x: -weight[amount[:, x].sum(axis=1) >= target].sum(), affordable)
    assert whole.objective == pytest.approx(best)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("penalty", [0.2, 1.5])
def test_a_boundary_price_gives_the_best_of_all_shapes(seed: int, penalty: float) -> None:
    cost, amount = world(seed)
    target = 0.4 * amount.sum(axis=1)
    holds = lambda x: (amount[:, x].sum(axis=1) >= target - 1e-9).all()  # noqa: E731
    plan = min_set(cost, amount, target, boundary=EDGES, boundary_penalty=penalty, edge_factor=0.5)
    sound(plan)
    assert plan.objective == pytest.approx(
        best_of_all(lambda x: cost[x].sum() + penalty * perimeter(x), holds)
    )
    assert plan.perimeter == pytest.approx(perimeter(plan.selected))
    budget, wanted = 0.4 * cost.sum(), 0.8 * amount.sum(axis=1)

    def lost(x):
        return (np.maximum(wanted - amount[:, x].sum(axis=1), 0) / wanted).sum() + 0.1 * penalty * perimeter(
            x, 1
        )

    plan = min_shortfall(
        cost, amount, wanted, budget, boundary=EDGES, boundary_penalty=0.1 * penalty, edge_factor=1
    )
    sound(plan)
    assert plan.objective == pytest.approx(best_of_all(lost, lambda x: cost[x].sum() <= budget + 1e-9))


@pytest.mark.parametrize("seed", range(4))
def test_branching_on_clumps_proves_the_best_of_all_shapes(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ecostat.planning.solving.EXACT_UNITS", 0)  # the way of large maps, on a small one
    cost, amount = world(seed)
    target = 0.4 * amount.sum(axis=1)
    holds = lambda x: (amount[:, x].sum(axis=1) >= target - 1e-9).all()  # noqa: E731
    plan = min_set(cost, amount, target, boundary=EDGES, boundary_penalty=0.7, gap=0.0)
    sound(plan)
    assert plan.objective == pytest.approx(best_of_all(lambda x: cost[x].sum() + 0.7 * perimeter(x), holds))
    budget = 0.4 * cost.sum()

    def lost(x):
        return (np.maximum(target - amount[:, x].sum(axis=1), 0) / target).sum() + 0.05 * perimeter(x)

    plan = min_shortfall(cost, amount, target, budget, boundary=EDGES, boundary_penalty=0.05, gap=0.0)
    sound(plan)
    assert plan.objective == pytest.approx(best_of_all(lost, lambda x: cost[x].sum() <= budget + 1e-9))


@pytest.mark.parametrize("seed", range(4))
def test_one_piece_is_the_best_of_all_connected_selections(seed: int) -> None:
    cost, amount = world(seed)
    target = 0.35 * amount.sum(axis=1)

    def allowed(x):
        return (amount[:, x].sum(axis=1) >= target - 1e-9).all() and in_one_piece(x)

    plan = min_set(cost, amount, target, adjacency=EDGES, contiguous=True)
    sound(plan)
    assert in_one_piece(plan.selected)
    assert plan.objective == pytest.approx(best_of_all(lambda x: cost[x].sum(), allowed))
    budget, wanted = 0.35 * cost.sum(), 0.7 * amount.sum(axis=1)

    def lost(x):
        return (np.maximum(wanted - amount[:, x].sum(axis=1), 0) / wanted).sum()

    plan = min_shortfall(cost, amount, wanted, budget, adjacency=EDGES, contiguous=True, locked_in=[5])
    sound(plan)
    best = best_of_all(lost, lambda x: x[5] and cost[x].sum() <= budget + 1e-9 and in_one_piece(x))
    assert plan.objective == pytest.approx(best)


@pytest.mark.parametrize("seed", range(3))
def test_neighbours_and_locks_are_kept_at_the_least_cost(seed: int) -> None:
    cost, amount = world(seed)
    target = 0.3 * amount.sum(axis=1)

    def allowed(x):
        return (
            x[2] and not x[7] and (amount[:, x].sum(axis=1) >= target - 1e-9).all() and with_neighbours(x, 2)
        )

    plan = min_set(cost, amount, target, adjacency=EDGES, neighbours=2, locked_in=[2], locked_out=[7])
    sound(plan)
    assert allowed(plan.selected)
    assert plan.objective == pytest.approx(best_of_all(lambda x: cost[x].sum(), allowed))


@pytest.mark.parametrize("seed", range(2))
def test_nested_plans_only_grow_and_sum_to_the_least_of_all_sequences(seed: int) -> None:
    cost, amount = world(seed)
    cost, amount = cost[:8], amount[:, :8]
    target, budgets = 0.8 * amount.sum(axis=1), np.array([0.2, 0.35, 0.6]) * cost.sum()
    plans = nested(cost, amount, target, budgets)
    every = np.array(list(itertools.product([False, True], repeat=8)))
    lost = np.array([(np.maximum(target - amount[:, x].sum(axis=1), 0) / target).sum() for x in every])
    spent = every @ cost
    code = every @ (1 << np.arange(8))
    best = np.where(spent <= budgets[0] + 1e-9, lost, np.inf)
    for b in budgets[1:]:
        inside = (code[None, :] & ~code[:, None]) == 0
        before = np.where(inside, best[None, :], np.inf).min(axis=1)
        best = np.where(spent <= b + 1e-9, lost + before, np.inf)
    assert plans.objective == pytest.approx(best.min())
    assert plans.converged and plans.bound == pytest.approx(plans.objective)
    assert (plans.selected[:-1] <= plans.selected[1:]).all()
    for t, alone in enumerate(plans.free):
        assert alone.objective == pytest.approx(lost[spent <= budgets[t] + 1e-9].min())
        assert plans.price[t] == pytest.approx(plans.plans[t].objective - alone.objective)
    assert (plans.price >= -1e-9).all()
    first = plans.year[plans.year >= 0]
    assert (plans.selected[first, np.flatnonzero(plans.year >= 0)]).all()


def test_a_large_budget_case_is_proved_within_one_per_cent() -> None:
    rng = np.random.default_rng(8)
    amount = sp.random_array((15, 4000), density=0.2, rng=rng)
    cost = rng.uniform(0.5, 2, 4000)
    plan = min_shortfall(cost, amount, 0.5 * amount.sum(axis=1), 0.15 * cost.sum())
    assert plan.converged and plan.gap <= 0.01 and plan.bound <= plan.objective
    assert plan.cost <= 0.15 * cost.sum() * (1 + 1e-8)


def test_the_bound_is_never_above_the_optimum_when_time_is_short() -> None:
    rng = np.random.default_rng(3)
    edges = lattice(20, 20)
    amount, cost = rng.random((6, 400)), rng.uniform(1, 2, 400)
    target = 0.2 * amount.sum(axis=1)
    options = {"boundary": edges, "boundary_penalty": 0.5}
    hasty = min_set(cost, amount, target, **options, time_limit=0.6)
    patient = min_set(cost, amount, target, **options, time_limit=8, gap=0.005)
    assert hasty.bound <= patient.objective * (1 + 1e-9)
    assert hasty.gap == pytest.approx((hasty.objective - hasty.bound) / hasty.objective)
    if not hasty.converged:
        assert "time limit" in hasty.message and "best so far" in hasty.message


def test_the_listener_hears_plan_and_bound_and_can_stop_the_search() -> None:
    rng = np.random.default_rng(3)
    edges = lattice(20, 20)
    amount, cost = rng.random((6, 400)), rng.uniform(1, 2, 400)
    heard: list[Progress] = []

    def listen(state: Progress) -> bool:
        heard.append(state)
        return state.objective is None  # stop at the first plan

    plan = min_set(
        cost, amount, 0.2 * amount.sum(axis=1), boundary=edges, boundary_penalty=2.0, progress=listen
    )
    assert heard[-1].objective == pytest.approx(plan.objective)
    assert heard[-1].bound is not None and heard[-1].bound <= plan.objective
    assert not plan.converged and plan.message.startswith("stopped by the caller")


def test_targets_out_of_reach_are_named() -> None:
    cost, amount = world(0)
    target = 0.1 * amount.sum(axis=1)
    target[2] = amount[2].sum() + 1
    with pytest.raises(Infeasible, match="gibbon"):
        min_set(cost, amount, target, features=["pine", "oak", "gibbon", "newt"])
    with pytest.raises(Infeasible, match="feature 1"):
        min_set(cost, amount, amount.sum(axis=1), locked_out=[int(np.argmax(amount[1]))])


def test_contradicting_limits_are_named() -> None:
    cost, amount = world(0)
    with pytest.raises(Infeasible, match="locked in and locked out"):
        min_set(cost, amount, 0.0, locked_in=[3], locked_out=[3])
    with pytest.raises(Infeasible, match="budget"):
        min_shortfall(cost, amount, 1.0, 0.5, locked_in=[0, 1, 2])
    with pytest.raises(Infeasible, match="one piece"):
        min_set(cost, amount, 0.0, adjacency=EDGES, contiguous=True, locked_in=[0, 11], locked_out=[1, 4])
    with pytest.raises(Infeasible, match="neighbours"):
        min_set(cost, amount, 0.1, adjacency=EDGES, neighbours=2, locked_in=[0], locked_out=[1])
    with pytest.raises(Infeasible, match="budget"):
        min_shortfall(cost, amount, 1.0, cost[0] + 0.1, adjacency=EDGES, neighbours=2, locked_in=[0])
    apart = np.zeros((N, N))
    apart[0, 1] = apart[1, 0] = 1
    with pytest.raises(Infeasible, match="connected piece"):
        min_set(cost, amount, 0.9 * amount.sum(axis=1), adjacency=apart, contiguous=True)


def test_zero_costs_zero_amounts_and_zero_targets_are_answered() -> None:
    cost, amount = world(1)
    nothing = min_set(cost, amount, 0.0)
    assert nothing.objective == 0 and not nothing.selected.any() and nothing.converged
    free = min_set(np.zeros(N), amount, 0.5 * amount.sum(axis=1))
    assert free.objective == 0 and free.converged and not free.shortfall.any()
    empty = min_shortfall(cost, np.zeros((2, N)), np.array([1.0, 0.0]), 5.0)
    assert empty.objective == pytest.approx(1.0) and empty.shortfall == pytest.approx([1.0, 0.0])
    broke = min_shortfall(cost, amount, 1.0, 0.0)
    assert broke.cost == 0 and broke.objective == pytest.approx(4.0) and broke.converged
    nowhere = min_shortfall(cost, amount, 1.0, 0.5, adjacency=EDGES, contiguous=True)
    assert nowhere.cost == 0 and nowhere.objective == pytest.approx(4.0) and nowhere.converged
    single = min_set([2.0], [[3.0]], 3.0)
    assert single.selected.tolist() == [True] and single.objective == 2


@pytest.mark.parametrize(
    ("cost", "amount", "target", "says"),
    [
        ([1.0, np.nan], [[1.0, 1.0]], 1.0, "cost of units 1"),
        ([1.0, -1.0], [[1.0, 1.0]], 1.0, "negative"),
        ([1.0, 1.0], [[1.0, np.nan]], 1.0, "unknown is not zero"),
        ([1.0, 1.0], [[1.0], [1.0]], 1.0, "features × units"),
        ([1.0, 1.0], [[1.0, 1.0]], np.nan, "target of feature 0"),
    ],
)
def test_what_cannot_be_meant_is_refused(cost, amount, target, says: str) -> None:
    with pytest.raises(EcostatError, match=says):
        min_set(cost, amount, target)


def test_budgets_that_fall_are_refused() -> None:
    cost, amount = world(0)
    with pytest.raises(EcostatError, match="do not fall"):
        nested(cost, amount, 1.0, [3.0, 2.0])
