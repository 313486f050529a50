"""Abundance against published figures, simulated truth and hopeless input."""

import itertools

import numpy as np
import pytest
from scipy.special import gammaln
from scipy.stats import binom, nbinom, poisson

from ecostat.abundance import distsamp, nmixture
from ecostat.abundance.nmixture import MIXTURES
from ecostat.abundance.sums import Sums
from ecostat.errors import EcostatError, TooFewData
from ecostat.likelihood import Boundary, Dropped, Truncated
from ecostat.tests.reference import column, matrix, rows, slope_error


def expit(x):
    return 1 / (1 + np.exp(-x))


def counts(rng, sites=150, visits=4, lam=(0.8, 0.5), p=(-0.2, 0.5), size=None):
    x = np.column_stack([np.ones(sites), rng.normal(size=sites)])
    w = np.stack([np.ones((sites, visits)), rng.normal(size=(sites, visits))], axis=2)
    mean = np.exp(x @ np.array(lam))
    n = rng.poisson(mean if size is None else rng.gamma(size, mean / size))
    y = rng.binomial(n[:, None], expit(w @ np.array(p))).astype(float)
    y[rng.random(y.shape) < 0.1] = np.nan
    return y, x, w, n


@pytest.mark.outside
def test_mallards_agree_with_the_published_table(shared):
    """Fiske & Chandler (2011), J. Stat. Softw. 43(10): negative binomial, K = 30, three digits printed."""
    y, ivel, date = (matrix(shared, f"mallard_{n}.csv") for n in ("y", "ivel", "date"))
    elev, length, forest = matrix(shared, "mallard_site.csv").T
    x = np.column_stack([np.ones(len(y)), length, elev, forest])
    w = np.stack([np.ones_like(ivel), ivel, date, date**2], axis=2)
    fit = nmixture(y, x, w, K=30, mixture="NB")
    table = [-1.786, -0.186, -1.372, -0.685, -0.028, 0.174, -0.313, -0.005]
    assert fit.coef[:8] == pytest.approx(table, abs=1e-3)
    assert fit.se[:4] == pytest.approx([0.281, 0.214, 0.293, 0.216], abs=1e-3)
    assert fit.aic < min(nmixture(y, x, w, K=30, mixture=m).aic for m in ("P", "ZIP"))


@pytest.mark.outside
def test_the_line_transects_of_unmarked_agree_with_its_manual(shared):
    """unmarked, help page of distsamp: half-normal, density in hectares, AIC 164.75."""
    table = rows(shared, "linetran.csv")
    y = np.column_stack([column(table, f"dc{i}") for i in range(1, 5)])
    length = column(table, "Length") * 1000
    fit = distsamp(y, [0, 5, 10, 15, 20], length=length, convert=1e-4)
    assert fit.coef == pytest.approx([-0.171, 2.386], abs=1e-3)
    assert fit.se == pytest.approx([0.134, 0.127], abs=1e-3)
    assert fit.aic == pytest.approx(164.75, abs=5e-3) and fit.n == 12
    per_km2 = distsamp(y, [0, 5, 10, 15, 20], length=length, convert=1e-6)
    assert per_km2.density[0] == pytest.approx(100 * fit.density[0], rel=1e-6)
    assert [distsamp(y, [0, 5, 10, 15, 20], length=length, key=k).converged for k in ("hr", "exp", "unif")]


@pytest.mark.parametrize("mixture", ["P", "NB", "ZIP"])
def test_the_sum_over_unseen_animals_is_the_sum_written_out(mixture):
    y = np.array([[1.0, 2.0], [0.0, 0.0], [3.0, np.nan]])
    seen, lam, p, extra = ~np.isnan(y), 1.7, 0.4, 0.3
    total = 0.0
    for row in y:
        site = 0.0
        for n in range(41):
            if mixture == "NB":
                size = np.exp(extra)
                prior = nbinom.pmf(n, size, size / (size + lam))
            else:
                prior = poisson.pmf(n, lam)
            if mixture == "ZIP":
                prior = (1 - expit(extra)) * prior + expit(extra) * (n == 0)
            site += prior * np.prod([binom.pmf(v, n, p) for v in row if not np.isnan(v)])
        total += np.log(site)
    sums = Sums(np.ones((3, 1)), np.ones((3, 2, 1)), np.nan_to_num(y), seen, 40)
    theta = np.array([np.log(lam), np.log(p / (1 - p)), extra])[: 2 if mixture == "P" else 3]
    assert MIXTURES[mixture](sums)[0](theta)[0] == pytest.approx(total, abs=1e-9)


@pytest.mark.parametrize("mixture", ["P", "NB", "ZIP"])
def test_slopes_are_right(mixture):
    y, x, w, _ = counts(np.random.default_rng(1), sites=40)
    loglik, hessian = MIXTURES[mixture](Sums(x, w, np.nan_to_num(y), ~np.isnan(y), 60))
    theta = np.array([0.5, 0.3, 0.2, -0.4, 0.6])[: 4 if mixture == "P" else 5]
    assert slope_error(loglik, theta) < 1e-7
    if hessian:
        for j in range(4):
            step = np.eye(4)[j] * 1e-6
            column_ = (loglik(theta + step)[1] - loglik(theta - step)[1]) / 2e-6
            assert hessian(theta)[j] == pytest.approx(column_, rel=1e-5, abs=1e-4)


def test_it_recovers_the_truth_with_nominal_coverage():
    rng, truth = np.random.default_rng(2), np.array([0.8, 0.5, -0.2, 0.5])
    inside, estimates = [], []
    for _ in range(120):
        y, x, w, _ = counts(rng)
        fit = nmixture(y, x, w, K=50)
        low, high = fit.interval().T
        inside.append((low < truth) & (truth < high))
        estimates.append(fit.coef)
    assert np.mean(inside, axis=0) == pytest.approx(0.95, abs=0.06)
    assert np.mean(estimates, axis=0) == pytest.approx(truth, abs=0.06)


def test_overdispersed_counts_want_the_negative_binomial():
    y, x, w, n = counts(np.random.default_rng(3), sites=400, size=1.0)
    fit = nmixture(y, x, w, K=120, mixture="NB")
    assert fit.interval()[4, 0] < 0.0 < fit.interval()[4, 1]  # log size 0
    assert fit.aic < nmixture(y, x, w, K=120).aic - 20
    assert fit.total == pytest.approx(n.sum(), rel=0.1)


def test_empty_sites_are_told_from_missed_animals():
    rng = np.random.default_rng(4)
    n = rng.poisson(4, size=400) * (rng.random(400) < 0.6)
    fit = nmixture(rng.binomial(n[:, None], 0.5, size=(400, 4)), K=40, mixture="ZIP")
    assert expit(fit.coef[2]) == pytest.approx(0.4, abs=0.08) and fit.lam[0] == pytest.approx(4, abs=0.5)


def test_start_values_do_not_matter():
    y, x, w, _ = counts(np.random.default_rng(5))
    first = nmixture(y, x, w, K=60)
    for start in ([3.0, 0, -3, 0], [0.0, 2, 2, 2]):
        assert nmixture(y, x, w, K=60, start=start).coef == pytest.approx(first.coef, abs=1e-5)


def test_no_excess_of_zeros_is_said():
    y, x, w, _ = counts(np.random.default_rng(6), sites=300)
    with pytest.warns(Boundary, match="excess of zeros"):
        fit = nmixture(y, x, w, K=60, mixture="ZIP")
    plain = nmixture(y, x, w, K=60)
    assert fit.loglik == pytest.approx(plain.loglik, abs=1e-5) and np.isnan(fit.se[4])
    assert fit.se[:4] == pytest.approx(plain.se, rel=1e-4)


def test_a_low_K_is_said():
    y, x, w, _ = counts(np.random.default_rng(7))
    with pytest.warns(Truncated, match="raise K"):
        nmixture(y, x, w, K=int(np.nanmax(y)) + 1)
    with pytest.raises(EcostatError, match="must be larger"):
        nmixture(y, x, w, K=int(np.nanmax(y)))


def test_what_cannot_be_known_is_refused():
    with pytest.raises(TooFewData, match="ever counted"):
        nmixture(np.zeros((20, 3)))
    with pytest.raises(TooFewData, match="No visit"):
        nmixture(np.full((20, 3), np.nan))
    with pytest.raises(TooFewData, match="1 surveyed sites"):
        nmixture([[2, 1, 3]])
    with pytest.raises(TooFewData, match="twice"):
        nmixture(np.arange(20.0)[:, None])
    with pytest.raises(EcostatError, match=r"y\[0, 0\] = 1.5 is not a whole number"):
        nmixture([[1.5, 1], [0, 1], [2, 2]])
    with pytest.raises(EcostatError, match="mixture"):
        nmixture(np.ones((9, 3)), mixture="Q")
    y, _, w, _ = counts(np.random.default_rng(8))
    w[2, :, 1] = np.nan
    with pytest.warns(Dropped):
        assert "left out" in nmixture(y, p=w, K=40).message


def bands(rng, sites=60, sigma=12.0, density=0.004, length=400.0, breaks=(0, 8, 16, 24, 32), point=False):
    edge = breaks[-1]
    y = np.zeros((sites, len(breaks) - 1))
    for i in range(sites):
        n = rng.poisson(density * (np.pi * edge**2 * length if point else 2 * edge * length))
        d = edge * np.sqrt(rng.random(n)) if point else edge * rng.random(n)
        y[i] = np.histogram(d[rng.random(n) < np.exp(-(d**2) / (2 * sigma**2))], breaks)[0]
    return y


def test_distance_bands_recover_density_with_nominal_coverage():
    rng, truth = np.random.default_rng(9), np.log([0.004, 12.0])
    inside = []
    for _ in range(100):
        fit = distsamp(bands(rng, 20), [0, 8, 16, 24, 32], length=np.full(20, 400.0))
        low, high = fit.interval().T
        inside.append((low < truth) & (truth < high))
    assert np.mean(inside, axis=0) == pytest.approx(0.95, abs=0.06)


def test_points_and_covariates_are_recovered():
    rng = np.random.default_rng(10)
    open_, closed = bands(rng, 80, 15.0, point=True, length=3), bands(rng, 80, 9.0, point=True, length=3)
    x = np.column_stack([np.ones(160), np.repeat([0.0, 1.0], 80)])
    fit = distsamp(
        np.vstack([open_, closed]), [0, 8, 16, 24, 32], p=x, survey="point", length=np.full(160, 3.0)
    )
    assert np.exp(fit.coef[0]) == pytest.approx(0.004, rel=0.1)
    assert fit.sigma[0] == pytest.approx(15, rel=0.1) and fit.sigma[-1] == pytest.approx(9, rel=0.1)
    assert fit.predict_sigma([[1.0, 1.0]]).estimate[0] == pytest.approx(fit.sigma[-1])


@pytest.mark.parametrize(("key", "survey"), list(itertools.product(["hn", "hr", "exp"], ["line", "point"])))
def test_band_likelihood_is_poisson_and_at_its_top(key, survey):
    y = bands(np.random.default_rng(11), 30)
    fit = distsamp(y, [0, 8, 16, 24, 32], survey=survey, length=np.full(30, 400.0), key=key)
    by_hand = (y * np.log(fit.expected) - fit.expected - gammaln(y + 1)).sum()
    assert fit.loglik == pytest.approx(by_hand, abs=1e-8)
    assert fit.expected.sum() == pytest.approx(y.sum(), rel=1e-5)  # the score of the density intercept is 0


def test_bands_that_cannot_be_used_are_refused():
    length = np.full(5, 100.0)
    with pytest.raises(TooFewData, match="ever counted"):
        distsamp(np.zeros((5, 3)), [0, 1, 2, 3], length=length)
    with pytest.raises(EcostatError, match="length"):
        distsamp(np.ones((5, 3)), [0, 1, 2, 3])
    with pytest.raises(EcostatError, match="rise"):
        distsamp(np.ones((5, 3)), [0, 2, 1, 3], length=length)
    with pytest.raises(EcostatError, match="bands"):
        distsamp(np.ones((5, 2)), [0, 1, 2, 3], length=length)
    with pytest.raises(TooFewData, match="two distance bands"):
        distsamp(np.ones((5, 1)), [0, 1], length=length)
    with pytest.raises(TooFewData, match="1 surveyed"):
        distsamp(np.ones((1, 3)), [0, 1, 2, 3], length=[100.0])


def test_a_spike_at_the_observer_is_said():
    with pytest.warns(Boundary, match="spike"):
        fit = distsamp(
            np.tile([30.0, 15, 20, 30], (8, 1)), [0, 5, 10, 20, 40], length=np.full(8, 100.0), key="hr"
        )
    assert "do not trust" in fit.message


def test_detection_that_does_not_fall_is_said():
    y = np.tile([10.0, 10.0, 11.0], (8, 1))
    with pytest.warns(Boundary, match="unif"):
        fit = distsamp(y, [0, 5, 10, 15], length=np.full(8, 100.0))
    assert fit.p[0] == pytest.approx(1, abs=1e-3)
