"""Occupancy with false reports: the exact likelihood, simulated truth, and what is refused."""

from itertools import pairwise, product

import numpy as np
import pytest

from ecostat.errors import EcostatError, TooFewData
from ecostat.likelihood import Boundary
from ecostat.models import goodness
from ecostat.occupancy import dynamic, false_positive
from ecostat.tests.reference import slope_error

RATES = {"psi": 0.4, "gamma": 0.25, "epsilon": 0.2, "p": 0.5, "wrong": 0.08, "sure": 0.4}


def logit(p):
    return np.log(p / (1 - p))


def reports(rng, sites=250, seasons=3, visits=4, **rates):
    r = RATES | rates
    z = np.zeros((sites, seasons), bool)
    z[:, 0] = rng.random(sites) < r["psi"]
    for t in range(1, seasons):
        z[:, t] = rng.random(sites) < np.where(z[:, t - 1], 1 - r["epsilon"], r["gamma"])
    there = np.repeat(z, visits, axis=1)
    hit = rng.random(there.shape) < np.where(there, r["p"], r["wrong"])
    y = hit * (1.0 + (there & (rng.random(there.shape) < r["sure"])))
    y[rng.random(y.shape) < 0.1] = np.nan
    return y, z


def test_the_likelihood_sums_over_every_path():
    y = np.array([[1, 0, 0, 0, 2, 0], [0, 0, 1, 0, 0, np.nan], [0, 2, 0, 1, 1, 0], [0, 0, 0, 1, 0, 0]])
    r, total = RATES, 0.0
    for row in y:
        here = 0.0
        for z in product([0, 1], repeat=3):
            chance = r["psi"] if z[0] else 1 - r["psi"]
            for a, b in pairwise(z):
                come = r["gamma"] if not a else 1 - r["epsilon"]
                chance *= come if b else 1 - come
            for t in range(3):
                for v in row[2 * t : 2 * t + 2]:
                    if np.isnan(v):
                        continue
                    if z[t]:
                        chance *= [1 - r["p"], r["p"] * (1 - r["sure"]), r["p"] * r["sure"]][int(v)]
                    else:
                        chance *= [1 - r["wrong"], r["wrong"], 0.0][int(v)]
            here += chance
        total += np.log(here)
    model = false_positive(np.tile(y, (5, 1)), 3).model
    theta = logit(np.array(list(r.values())))
    assert model.names == ("psi_0", "gamma_0", "epsilon_0", "p_0", "wrong_0", "sure_0")
    assert model.loglik(theta)[0] == pytest.approx(5 * total, abs=1e-10)
    assert slope_error(model.loglik, theta + 0.1) < 1e-7


def test_it_recovers_the_truth_with_nominal_coverage():
    rng, truth, inside = np.random.default_rng(2), logit(np.array(list(RATES.values()))), []
    for _ in range(60):
        y, z = reports(rng)
        fit = false_positive(y, 3)
        low, high = fit.interval().T
        inside.append((low < truth) & (truth < high))
    assert np.mean(inside, axis=0) == pytest.approx(0.95, abs=0.08)
    assert fit.occupied == pytest.approx(z.mean(axis=0), abs=0.07)
    assert goodness(fit, times=30, rng=rng).p_value["chi-square"] > 0.02


def test_what_believing_every_report_would_cost():
    """Over ten visits a false report somewhere is nearly certain: the plain model finds the species all over."""
    y, z = reports(np.random.default_rng(6), seasons=2, visits=10)
    believed = dynamic(np.minimum(y, 1), 2)
    assert believed.psi[0] > z[:, 0].mean() + 0.15
    fit = false_positive(y, 2)
    assert fit.psi[0] == pytest.approx(z[:, 0].mean(), abs=0.08) and fit.wrong[0, 0] == pytest.approx(
        0.08, abs=0.02
    )


def test_one_season_and_covariates_by_name():
    rng = np.random.default_rng(4)
    novice = rng.random((300, 5)) < 0.5
    z = rng.random(300) < 0.5
    wrong = np.where(novice, 0.2, 0.03)
    hit = rng.random((300, 5)) < np.where(z[:, None], 0.6, wrong)
    y = hit * (1.0 + (z[:, None] & (rng.random((300, 5)) < 0.4)))
    fit = false_positive(y, wrong="novice", data={"novice": novice})
    ask = fit.predict("wrong", {"novice": [False, True]})
    assert ask.estimate == pytest.approx([0.03, 0.2], abs=0.05) and fit.gamma.shape == (300, 0)
    assert fit.smoothed[:, 0][(y == 2).any(axis=1)].min() == 1


def test_what_cannot_be_known_is_refused():
    y, _ = reports(np.random.default_rng(5), sites=40)
    with pytest.raises(TooFewData, match="is certain"):
        false_positive(np.minimum(y, 1), 3)
    with pytest.raises(TooFewData, match="Every detection"):
        false_positive(np.where(y == 1, 2, y), 3)
    with pytest.raises(EcostatError, match="a certain one"):
        false_positive(np.where(y == 2, 3, y), 3)
    with pytest.raises(EcostatError, match="evenly"):
        false_positive(y, 5)
    with pytest.raises(EcostatError, match="several seasons"):
        false_positive(y, gamma=np.ones((40, 1)))
    honest, _ = reports(np.random.default_rng(6), wrong=0.0)
    with pytest.warns(Boundary, match="wrong is 0"):
        assert false_positive(honest, 3).wrong[0, 0] < 1e-3
