"""What proves a plan, piece by piece: prices, separators and the plain search, against every selection there is."""

import itertools
from typing import Any

import numpy as np
import pytest

from ecostat.planning import branching, contiguity, grid_adjacency, grid_boundary, problem
from ecostat.planning.branching import _Node as _Side
from ecostat.planning.contiguity import _Node, _Search
from ecostat.planning.plan import Watch
from ecostat.planning.problem import Bools, Floats, Ints, Problem
from ecostat.planning.program import Program, completed, dual_bound, program, relax
from ecostat.planning.small import solve_plainly

ROWS, COLUMNS = 2, 5
N = ROWS * COLUMNS
EVERY = np.array(list(itertools.product([False, True], repeat=N)))


def question(kind: str, seed: int, **rules: Any) -> Problem:
    rng = np.random.default_rng(seed)
    cost = rng.uniform(1, 3, N)
    amount = rng.random((4, N)) * (rng.random((4, N)) < 0.6)
    target = (0.4 if kind == "set" else 0.8) * amount.sum(axis=1)
    budget = None if kind == "set" else 0.3 * float(cost.sum())
    return problem(kind, cost, amount, target, budget=budget, **rules)


def optimum(p: Problem) -> float:
    return min(p.value(x) for x in EVERY if p.keeps(x))


@pytest.mark.parametrize("kind", ["set", "shortfall"])
def test_no_prices_at_all_prove_more_than_the_optimum_and_the_right_ones_prove_the_relaxation(
    kind: str,
) -> None:
    p = question(kind, 3)
    g, best = program(p), optimum(p)
    rng = np.random.default_rng(1)
    for _ in range(50):
        bound, _ = dual_bound(g, rng.normal(size=g.row_low.size), g.low, g.high)
        assert np.isfinite(bound) and bound <= best + 1e-9
    assert 0.5 * best < relax(g, 10).bound <= best + 1e-9


@pytest.mark.parametrize("kind", ["set", "shortfall"])
@pytest.mark.parametrize("seed", range(3))
def test_a_small_plan_is_proved_by_the_plain_search_alone(kind: str, seed: int) -> None:
    p = question(kind, seed, locked_in=[2], locked_out=[9])
    watch = Watch(p, 0.0, 10.0)
    solve_plainly(p, watch)
    assert watch.proved and watch.value == pytest.approx(optimum(p))


@pytest.mark.parametrize("kind", ["set", "shortfall"])
@pytest.mark.parametrize("seed", range(3))
def test_no_separator_cuts_off_a_connected_plan(kind: str, seed: int) -> None:
    p = question(kind, seed, adjacency=grid_adjacency(ROWS, COLUMNS), contiguous=True)
    search = _Search(p, Watch(p, 0.0, 10.0))
    plain = search.g.row_low.size
    search.run()
    g = search.g
    assert g.row_low.size > plain
    for x in EVERY[[p.keeps(x) for x in EVERY]]:
        columns = completed(g, x)
        roots = columns[search.first_root :]
        for root in np.flatnonzero(x):  # whichever selected unit is called the root
            roots[:] = 0.0
            roots[root] = 1.0
            sums = g.matrix @ columns
            assert (sums >= g.row_low - 1e-7).all() and (sums <= g.row_high + 1e-7).all()
    assert search.watch.value == pytest.approx(optimum(p)) and search.watch.proved


@pytest.mark.parametrize("seed", range(6))
def test_clump_branching_finds_the_best_by_its_two_sides_alone(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    p = question("set", seed, boundary=grid_boundary(ROWS, COLUMNS), boundary_penalty=0.5)
    g = program(p)

    def only_leaves(near: object, x: Bools, free: Ints, watch: Watch) -> Bools:
        return x  # no rounding: a plan counts once both sides have decided every unit of it

    def leaf(g: Program, node: _Side, room: float) -> tuple[Floats, Floats]:
        if (node.low[:N] == node.high[:N]).all():
            watch.offer(node.low[:N] > 0.5, "branching")
        return node.low.copy(), node.high.copy()

    monkeypatch.setattr(branching, "_offer", only_leaves)
    monkeypatch.setattr(branching, "_settled", leaf)
    watch = Watch(p, 0.0, 20.0)
    branching.branch_on_clumps(g, relax(g, 10), watch, 0.0)
    assert watch.proved and watch.value == pytest.approx(optimum(p))


@pytest.mark.parametrize("kind", ["set", "shortfall"])
@pytest.mark.parametrize("seed", range(4))
def test_branching_finds_the_best_piece_where_no_plan_grows(
    kind: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contiguity, "grown", lambda p, *_: np.zeros(p.units, np.bool_))
    monkeypatch.setattr(contiguity, "improved", lambda p, x, *_: x)
    p = question(kind, seed, adjacency=grid_adjacency(ROWS, COLUMNS), contiguous=True, locked_in=[3])
    search = _Search(p, Watch(p, 0.0, 20.0))
    search.run()
    assert search.watch.proved and search.watch.value == pytest.approx(optimum(p))


def test_the_parts_of_a_branching_leave_out_no_connected_plan() -> None:
    p = question("set", 0, adjacency=grid_adjacency(ROWS, COLUMNS), contiguous=True)
    search = _Search(p, Watch(p, 0.0, 10.0))
    search.run()
    low, high, basis = search.g.low, search.g.high, search.solver.getBasis()
    parts, rng = [(low, high)], np.random.default_rng(2)
    for _ in range(6):
        halves = []
        for below, above in parts:
            share = np.clip(rng.random(N), below[:N], above[:N])
            halves += search._split(_Node(below, above, share, share, p.target, basis), 0.0)
        parts = halves
    assert len(parts) > 8
    for x in EVERY[[p.keeps(x) for x in EVERY]]:
        fits = [
            (x >= below[:N]).all() and (x <= above[:N]).all() and (above[search.first_root :][x] > 0).any()
            for below, above in parts
        ]
        assert any(fits)
