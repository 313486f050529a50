"""The next survey: chances by doubt and cost; right on average even where what was thought was wrong."""

import numpy as np
import pytest

from ecostat.errors import EcostatError, TooFewData
from ecostat.sampling import next_estimate, next_survey

SIDE = 12
X, Y = (v.ravel().astype(float) for v in np.meshgrid(np.arange(SIDE), np.arange(SIDE)))
PSI = np.where(Y < 6, 0.05, 0.5)
EVEN = np.ones(X.size)


def test_chances_are_those_of_the_optimal_allocation() -> None:
    """Two strata of 72 cells with variances 0.0475 and 0.25, the second four times as dear (Neyman with costs)."""
    cost = np.where(Y < 6, 1.0, 4.0)
    plan = next_survey(X, Y, PSI, cost, 60.0, rng=1)
    ratio = plan.inclusion[Y >= 6][0] / plan.inclusion[Y < 6][0]
    assert ratio == pytest.approx(np.sqrt(0.25 / 4) / np.sqrt(0.0475))
    assert plan.expected_cost <= 60 and plan.expected_cost == pytest.approx(plan.inclusion @ cost)
    assert plan.cost == pytest.approx(cost[plan.cells].sum()) and abs(plan.cost - plan.expected_cost) < 8


def test_expected_variance_is_what_repeated_surveys_show() -> None:
    rng, p, visits = np.random.default_rng(2), 0.5, 2
    off, told = [], []
    for _run in range(300):
        truth = rng.random(X.size) < PSI
        plan = next_survey(X, Y, PSI, EVEN, 36.0, rng=rng, p=p, visits=visits)
        seen = truth[plan.cells] & (rng.random(plan.cells.size) < 1 - (1 - p) ** visits)
        got = next_estimate(PSI, plan.inclusion, plan.cells, seen.astype(float), p=p, visits=visits)
        off.append(got.value - truth.mean())
        told.append(got.se**2)
    assert abs(np.mean(off)) < 3 * np.std(off) / np.sqrt(len(off))
    assert np.mean(np.square(off)) == pytest.approx(plan.variance, rel=0.25)
    assert np.mean(told) == pytest.approx(plan.variance, rel=0.25)


def test_it_is_right_on_average_where_the_thought_is_the_reverse_of_the_truth() -> None:
    rng, wrong = np.random.default_rng(3), PSI[::-1]
    off = []
    for _run in range(300):
        truth = rng.random(X.size) < PSI
        plan = next_survey(X, Y, wrong, EVEN, 36.0, rng=rng)
        off.append(
            next_estimate(wrong, plan.inclusion, plan.cells, truth[plan.cells].astype(float)).value
            - truth.mean()
        )
    assert abs(np.mean(off)) < 3 * np.std(off) / np.sqrt(len(off))


def test_it_promises_nothing_where_cells_and_costs_are_alike_and_much_where_they_differ() -> None:
    flat = next_survey(X, Y, np.full(X.size, 0.3), EVEN, 36.0, rng=1)
    assert flat.reduction == pytest.approx(0) and flat.plain_size == 36
    steep = next_survey(X, Y, PSI, np.where(X < 6, 0.3, 1.7), 36.0, rng=1)
    assert 0.2 < steep.reduction < 0.9 and steep.variance < steep.plain_variance


def test_known_cells_are_left_alone_and_too_little_money_is_said() -> None:
    known = np.where(Y < 3, 1.0, np.where(Y < 6, 0.0, 0.5))
    plan = next_survey(X, Y, known, EVEN, 20.0, rng=1)
    assert (Y[plan.cells] >= 6).all() and not plan.inclusion[Y < 6].any() and plan.cells.size == 20
    with pytest.raises(TooFewData):
        next_survey(X, Y, known, EVEN, 1.0, rng=1)
    with pytest.raises(TooFewData):
        next_survey(X, Y, np.where(Y < 6, 0.0, 1.0), EVEN, 20.0, rng=1)
    with pytest.raises(EcostatError):
        next_survey(X, Y, PSI, EVEN * 0, 20.0, rng=1)
    with pytest.raises(EcostatError):
        next_estimate(known, plan.inclusion, [0, 1], [1, 0])
