"""Removal and double observers: published examples, exact likelihoods, simulated truth, hopeless input."""

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import poisson

from ecostat.abundance import double_observer, removal
from ecostat.errors import EcostatError, TooFewData
from ecostat.likelihood import Boundary, Dropped, differenced
from ecostat.models import compare, goodness
from ecostat.tests.reference import slope_error


def expit(x):
    return 1 / (1 + np.exp(-x))


def test_zippins_catches_give_zippins_estimate():
    """Zippin (1956): 165, 101 and 54 animals taken; his equation gives p = 0.42 and about 400 animals."""
    fit = removal([[165, 101, 54]])
    q = brentq(lambda q: q / (1 - q) - 3 * q**3 / (1 - q**3) - (101 + 2 * 54) / 320, 0.1, 0.95)
    assert fit.p[0] == pytest.approx([1 - q] * 3, abs=1e-8) and round(fit.p[0, 0], 2) == 0.42
    assert fit.lam[0] == pytest.approx(320 / (1 - q**3), rel=1e-8) and round(fit.lam[0], -1) == 400
    assert fit.abundance[0] == pytest.approx(fit.lam[0]) and fit.found[0] == pytest.approx(1 - q**3)


def test_two_observers_give_lincoln_and_petersen():
    """With different observers at one place the estimate is n1 n2 / m: 36 × 30 / 18 = 60."""
    w = np.tile(np.eye(2), (1, 1, 1))
    fit = double_observer([[18, 12, 18]], p=w)
    assert fit.lam[0] == pytest.approx(60) and fit.p[0] == pytest.approx([18 / 30, 18 / 36])


def test_a_second_observer_of_what_was_missed_gives_the_ratio_of_both():
    """With one detection for both: p = 1 - x2 / x1."""
    fit = double_observer([[40, 10]], kind="dependent")
    assert fit.p[0, 0] == pytest.approx(0.75) and fit.lam[0] == pytest.approx(50 / (1 - 0.25**2))


@pytest.mark.parametrize("kind", ["removal", "independent", "dependent"])
def test_the_likelihood_is_poisson_and_its_slopes_are_right(kind):
    rng = np.random.default_rng(1)
    cells = {"removal": 4, "independent": 3, "dependent": 2}[kind]
    passes = 4 if kind == "removal" else 2
    y = rng.poisson([5, 3, 2, 1][:cells], (30, cells)).astype(float)
    if kind == "removal":
        y[3, 2:] = np.nan
    x = np.column_stack([np.ones(30), rng.normal(size=30)])
    w = np.stack([np.ones((30, passes)), rng.normal(size=(30, passes))], axis=-1)
    fit = removal(y, x, w) if kind == "removal" else double_observer(y, x, w, kind=kind)
    theta = np.array([1.8, 0.2, 0.1, -0.3])
    lam, p = np.exp(x @ theta[:2]), expit(w @ theta[2:])
    if kind == "removal":
        before = np.cumprod(np.column_stack([np.ones(30), 1 - p[:, :-1]]), axis=1)
        chance = p * before
    elif kind == "independent":
        chance = np.column_stack([p[:, 0] * (1 - p[:, 1]), (1 - p[:, 0]) * p[:, 1], p[:, 0] * p[:, 1]])
    else:
        chance = np.column_stack([p[:, 0], (1 - p[:, 0]) * p[:, 1]])
    want = np.nansum(poisson.logpmf(y, lam[:, None] * chance))
    assert fit.model.loglik(theta)[0] == pytest.approx(want, abs=1e-9)
    assert slope_error(fit.model.loglik, theta) < 1e-7
    hessian = fit.model.hessian(theta)
    assert hessian == pytest.approx(differenced(fit.model.loglik, theta), rel=1e-5, abs=1e-4)


def streams(rng, sites=80, passes=3, lam=(1.6, 0.5), p=(-0.2, 0.6)):
    data = {"width": rng.normal(3, 1, sites), "clear": rng.random((sites, passes))}
    n = rng.poisson(np.exp(lam[0] + lam[1] * (data["width"] - 3)))
    chance = expit(p[0] + p[1] * (data["clear"] - 0.5) * 3)
    y = np.zeros((sites, passes))
    left = n.copy()
    for j in range(passes):
        y[:, j] = rng.binomial(left, chance[:, j])
        left = left - y[:, j].astype(int)
    return y, data, n


def test_it_recovers_the_truth_with_nominal_coverage():
    rng, inside = np.random.default_rng(2), []
    for _ in range(150):
        y, _, n = streams(rng, p=(-0.2, 0.0), lam=(1.6, 0.0))
        fit = removal(y)
        low, high = fit.interval().T
        truth = np.array([1.6, -0.2])
        inside.append((low < truth) & (truth < high))
    assert np.mean(inside, axis=0) == pytest.approx(0.95, abs=0.05)
    assert fit.total == pytest.approx(n.sum(), rel=0.15)


def test_covariates_by_name_are_found_and_checked():
    rng = np.random.default_rng(3)
    y, data, _ = streams(rng, sites=200)
    plain, named = removal(y), removal(y, "width", "clear", data=data)
    assert compare({"plain": plain, "named": named}).best is named
    assert named.coef[1] == pytest.approx(0.5 * data["width"].std(), abs=3 * named.se[1])
    assert goodness(named, times=40, rng=rng).p_value["chi-square"] > 0.02
    assert named.predict("lam", {"width": [2.0, 4.0]}).estimate[1] > named.lam.mean()


def test_passes_without_their_covariate_end_the_series():
    rng = np.random.default_rng(4)
    y, data, _ = streams(rng)
    data["clear"][5, 1] = np.nan
    with pytest.warns(Dropped, match="2 visits"):
        fit = removal(y, p="clear", data=data)
    assert np.isnan(fit.expected[5, 1:]).all() and np.isfinite(fit.expected[5, 0])


def test_what_cannot_be_known_is_refused():
    with pytest.raises(TooFewData, match="ever counted"):
        removal(np.zeros((5, 3)))
    with pytest.raises(TooFewData, match="searched twice"):
        removal(np.ones((5, 1)))
    with pytest.raises(TooFewData, match="found at once"):
        removal([[5, 0, 0], [3, 0, 0]])
    with pytest.raises(EcostatError, match="after one that was not made"):
        removal([[5, np.nan, 2], [4, 2, 1]])
    with pytest.raises(EcostatError, match="× 3 cells"):
        double_observer([[5, 2], [4, 1]])
    with pytest.raises(EcostatError, match="some cells unknown"):
        double_observer([[5, 2, np.nan], [4, 1, 3]])
    with pytest.raises(EcostatError, match="whole number"):
        removal([[5.5, 2], [4, 1]])
    with pytest.warns(Boundary, match="detection goes to 0"):
        fit = removal([[5, 9, 14], [4, 9, 20], [3, 7, 12]])  # more in every pass: no end in sight
    assert np.isnan(fit.se).any()
