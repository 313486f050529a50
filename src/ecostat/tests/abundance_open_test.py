"""Open N-mixture models: the exact likelihood, simulated truth, and what is refused."""

import warnings
from itertools import product

import numpy as np
import pytest
from scipy.stats import binom, poisson

from ecostat.abundance import nmixture, open_nmixture, open_population
from ecostat.errors import EcostatError, TooFewData
from ecostat.likelihood import Boundary, Truncated
from ecostat.models import compare, goodness
from ecostat.tests.reference import slope_error


def counted(rng, sites=120, seasons=4, visits=3, lam=3.0, gamma=0.8, omega=0.7, p=0.5, dynamics="constant"):
    n = np.empty((sites, seasons), int)
    n[:, 0] = rng.poisson(lam, sites)
    for t in range(1, seasons):
        stay = 0 if dynamics == "trend" else rng.binomial(n[:, t - 1], omega)
        n[:, t] = stay + rng.poisson(gamma * (np.ones(sites) if dynamics == "constant" else n[:, t - 1]))
    y = rng.binomial(np.repeat(n, visits, axis=1), p).astype(float)
    y[rng.random(y.shape) < 0.1] = np.nan
    return y, n


def step(before, after, gamma, omega, dynamics):
    """The chance of `after` animals following `before`, as a plain sum."""
    rate = gamma * (1 if dynamics == "constant" else before)
    if dynamics == "trend":
        return poisson.pmf(after, rate)
    c = np.arange(min(before, after) + 1)
    return float((binom.pmf(c, before, omega) * poisson.pmf(after - c, rate)).sum())


@pytest.mark.parametrize("dynamics", ["constant", "per animal", "trend"])
def test_the_likelihood_sums_over_every_history(dynamics):
    y = np.array([[1.0, 2, 0, 1, np.nan, 2], [0, 0, 1, np.nan, 0, 0], [2, 1, np.nan, np.nan, 3, 1]])
    lam, gamma, omega, p, top, total = 1.3, 0.6, 0.55, 0.4, 9, 0.0
    for row in y:
        here = 0.0
        for n in product(range(top + 1), repeat=3):
            chance = poisson.pmf(n[0], lam)
            for a, b in ((n[0], n[1]), (n[1], n[2])):
                chance *= step(a, b, gamma, omega, dynamics)
            for t in range(3):
                for v in row[2 * t : 2 * t + 2]:
                    if not np.isnan(v):
                        chance *= binom.pmf(v, n[t], p)
            here += chance
        total += np.log(here)
    model = _model(y, top, dynamics)
    theta = np.array([np.log(lam), np.log(gamma), np.log(omega / (1 - omega)), np.log(p / (1 - p))])
    if dynamics == "trend":
        theta = np.delete(theta, 2)
    assert model.loglik(theta)[0] == pytest.approx(3 * total, abs=1e-9)
    assert slope_error(model.loglik, theta + 0.1) < 1e-6


def test_a_rate_for_each_site_and_season_gives_the_sum_of_the_same_histories(monkeypatch):
    rng = np.random.default_rng(4)
    y, _ = counted(rng, sites=20)
    given = {"gamma": rng.normal(size=(20, 3, 1)), "omega": rng.normal(size=(20, 3, 1)), "K": 30}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        site_by_site = open_nmixture(y, 4, **given).model
        monkeypatch.setattr(open_population, "MANY", 1000)
        by_tables = open_nmixture(y, 4, **given).model
    theta = np.array([1.1, -0.3, 0.8, 0.1])
    values, slopes = zip(*(model.loglik(theta) for model in (site_by_site, by_tables)), strict=True)
    assert values[0] == pytest.approx(values[1], abs=1e-9) and slopes[0] == pytest.approx(slopes[1], abs=1e-7)
    assert slope_error(site_by_site.loglik, theta) < 1e-6


def _model(y, top, dynamics):
    """The likelihood behind a fit to these counts, sums to `top`."""
    with np.errstate(all="ignore"), pytest.warns(UserWarning):
        return open_nmixture(np.tile(y, (3, 1)), 3, K=top, dynamics=dynamics).model


def test_with_nothing_lost_or_gained_it_is_the_closed_model():
    rng = np.random.default_rng(1)
    n = rng.poisson(3, 150)
    y = rng.binomial(n[:, None], 0.5, (150, 6)).astype(float)
    closed, held = nmixture(y, K=30), np.array([0.0, -30.0, 30.0, 0.0])
    held[[0, 3]] = closed.coef
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Boundary)
        model = open_nmixture(y, 2, K=30).model
    assert model.loglik(held)[0] == pytest.approx(closed.loglik, abs=1e-8)


def test_it_recovers_the_truth_with_nominal_coverage():
    rng, truth, inside = np.random.default_rng(2), np.array([3.0, 0.8, 0.7, 0.5]), []
    scale = np.array([np.log(3.0), np.log(0.8), np.log(0.7 / 0.3), 0.0])
    for _ in range(40):
        y, n = counted(rng)
        fit = open_nmixture(y, 4, K=25)
        low, high = fit.interval().T
        inside.append((low < scale) & (scale < high))
    assert np.mean(inside, axis=0) == pytest.approx(0.95, abs=0.1)
    assert (fit.lam[0], fit.gamma[0, 0], fit.omega[0, 0], fit.p[0, 0]) == pytest.approx(truth, rel=0.35)
    assert fit.total == pytest.approx(n.sum(axis=0), rel=0.15)
    assert fit.projected.mean(axis=0) == pytest.approx(n.mean(axis=0), rel=0.25)


def test_the_kind_of_change_that_made_the_counts_is_preferred():
    rng = np.random.default_rng(3)
    y, _ = counted(rng, sites=200, seasons=5, gamma=1.25, dynamics="trend")
    fits = {d: open_nmixture(y, 5, K=60, dynamics=d) for d in ("constant", "trend")}
    assert compare(fits).best is fits["trend"]
    assert fits["trend"].gamma[0, 0] == pytest.approx(1.25, abs=0.1) and fits["trend"].omega.shape == (200, 0)


def test_covariates_of_change_by_name():
    rng = np.random.default_rng(4)
    snared = np.repeat([False, True], 100)
    y = np.vstack([counted(rng, 100, omega=0.85)[0], counted(rng, 100, omega=0.4)[0]])
    fit = open_nmixture(y, 4, omega="snared", K=25, data={"snared": snared})
    ask = fit.predict("omega", {"snared": [False, True]})
    assert ask.estimate == pytest.approx([0.85, 0.4], abs=0.12) and ask.upper[1] < ask.lower[0]
    assert goodness(fit, times=20, rng=rng).p_value["chi-square"] > 0.04


def test_what_cannot_be_known_is_refused():
    y, _ = counted(np.random.default_rng(5), sites=30)
    with pytest.raises(EcostatError, match="evenly"):
        open_nmixture(y, 5)
    with pytest.raises(EcostatError, match="no place"):
        open_nmixture(y, 4, omega=np.ones((30, 1)), dynamics="trend")
    with pytest.raises(EcostatError, match="must be larger"):
        open_nmixture(y, 4, K=2)
    with pytest.raises(TooFewData, match="ever counted"):
        open_nmixture(np.zeros((30, 6)), 3)
    with pytest.raises(TooFewData, match="Only one season"):
        open_nmixture(np.hstack([y[:, :3], np.full((30, 3), np.nan)]), 2)
    with pytest.raises(EcostatError, match="dynamics"):
        open_nmixture(y, 4, dynamics="chaos")
    with pytest.warns(Truncated, match="raise K"):
        open_nmixture(y, 4, K=int(np.nanmax(y)) + 1)
