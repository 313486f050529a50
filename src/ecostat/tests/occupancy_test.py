"""Occupancy against published figures, simulated truth and hopeless input."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import poisson

from ecostat.errors import EcostatError, Separation, TooFewData
from ecostat.likelihood import Boundary, Dropped, Truncated, differenced
from ecostat.occupancy import dynamic, occu, royle_nichols
from ecostat.occupancy import royle_nichols as rn_name
from ecostat.occupancy.dynamic import _dynamic
from ecostat.tests.reference import expected, matrix, slope_error


def expit(x):
    return 1 / (1 + np.exp(-x))


def survey(rng, sites=200, visits=4, psi=(0.3, 0.8), p=(-0.4, 0.5)):
    x = np.column_stack([np.ones(sites), rng.normal(size=sites)])
    w = np.stack([np.ones((sites, visits)), rng.normal(size=(sites, visits))], axis=2)
    z = rng.random(sites) < expit(x @ np.array(psi))
    y = (z[:, None] & (rng.random((sites, visits)) < expit(w @ np.array(p)))).astype(float)
    y[rng.random(y.shape) < 0.1] = np.nan
    return y, x, w, z


@pytest.mark.outside
def test_frogs_agree_with_unmarked(shared):
    """The published search stopped 0.004 standard errors short of the top: at its estimates our likelihood is
    its likelihood to ten digits, and our own top is no lower."""
    y, want = matrix(shared, "frog2001pcru_y.csv"), expected(shared)["occu_frog2001pcru_const"]
    fit = occu(y)
    theirs = np.array([want["logit_psi"], want["logit_p"]])
    assert -fit.model.loglik(theirs)[0] == pytest.approx(want["nll"], abs=1e-9)
    curvature = fit.model.hessian(theirs)
    assert np.sqrt(np.diag(np.linalg.inv(-curvature))) == pytest.approx(want["se"], rel=2e-6)
    assert fit.n == want["n_sites"] and fit.converged
    assert -fit.loglik < want["nll"] and -fit.loglik == pytest.approx(want["nll"], abs=1e-5)
    assert fit.coef == pytest.approx(theirs, abs=0.006)
    assert fit.coef[1] == pytest.approx(theirs[1], abs=5e-4)


@pytest.mark.outside
def test_frogs_with_visit_covariates_have_a_lower_aic(shared):
    y = matrix(shared, "frog2001pcru_y.csv")
    c = matrix(shared, "frog2001pcru_obscov_scaled.csv").reshape(130, 3, 5)
    fit = occu(y, p=np.concatenate([np.ones((130, 3, 1)), c], axis=2))
    assert fit.converged and fit.n == 130 and fit.coef[6] < -2  # they call early in the year


def test_the_likelihood_of_a_case_small_enough_to_write_down():
    y = np.array([[1, 0], [0, 0], [1, 1], [0, np.nan], [1, 0], [0, 0]])
    fit = occu(y)
    psi, p = expit(fit.coef)
    by_hand = 2 * np.log(psi * p * (1 - p)) + 2 * np.log(psi * (1 - p) ** 2 + 1 - psi)
    by_hand += np.log(psi * p**2) + np.log(psi * (1 - p) + 1 - psi)
    assert fit.loglik == pytest.approx(by_hand, abs=1e-10)
    z = psi * (1 - p) ** 2 / (psi * (1 - p) ** 2 + 1 - psi)
    assert fit.present[1] == pytest.approx(z) and fit.present[0] == 1


def test_slopes_and_curvature_are_right():
    y, x, w, _ = survey(np.random.default_rng(2))
    model = occu(y, x, w).model
    theta = np.array([0.2, -0.5, 0.3, 0.7])
    assert slope_error(model.loglik, theta) < 1e-7
    assert model.hessian(theta) == pytest.approx(differenced(model.loglik, theta), rel=1e-5, abs=1e-4)


def test_it_recovers_the_truth_with_nominal_coverage():
    rng, truth = np.random.default_rng(3), np.array([0.3, 0.8, -0.4, 0.5])
    inside, estimates = [], []
    for _ in range(150):
        y, x, w, _ = survey(rng)
        fit = occu(y, x, w)
        low, high = fit.interval().T
        inside.append((low < truth) & (truth < high))
        estimates.append(fit.coef)
    assert np.mean(inside, axis=0) == pytest.approx(0.95, abs=0.05)
    assert np.mean(estimates, axis=0) == pytest.approx(truth, abs=0.08)


def test_start_values_do_not_matter():
    y, x, w, _ = survey(np.random.default_rng(4))
    first = occu(y, x, w)
    for start in ([3.0, -3, 3, -3], [-4.0, 0, -4, 2]):
        assert occu(y, x, w, start=start).coef == pytest.approx(first.coef, abs=1e-6)


def test_a_covariate_far_from_zero_gives_the_same_slope():
    y, x, w, _ = survey(np.random.default_rng(14))
    years = x + np.array([0.0, 2000.0])
    assert occu(y, years, w).coef[1:] == pytest.approx(occu(y, x, w).coef[1:], abs=1e-5)


def test_presence_given_the_history_adds_up_to_the_truth():
    y, x, w, z = survey(np.random.default_rng(5), sites=2000)
    fit = occu(y, x, w)
    assert fit.occupied == pytest.approx(z.sum(), rel=0.03) and fit.naive < z.mean()
    ask = fit.predict_psi([[1.0, 0.0]])
    assert ask.lower[0] < expit(0.3) < ask.upper[0]


def test_what_cannot_be_known_is_refused():
    with pytest.raises(TooFewData, match="never detected"):
        occu(np.zeros((20, 3)))
    with pytest.raises(TooFewData, match="No visit"):
        occu(np.full((20, 3), np.nan))
    with pytest.raises(TooFewData, match="1 surveyed sites"):
        occu([[1, 0, 1]])
    with pytest.raises(TooFewData, match="twice"):
        occu(np.arange(20)[:, None] % 2)
    with pytest.raises(EcostatError, match=r"y\[0, 1\] = -1 is negative"):
        occu([[1, -1], [0, 1], [0, 0]])
    with pytest.raises(EcostatError, match="shape"):
        occu(np.ones(5))


def test_a_probability_at_its_limit_is_said_not_hidden():
    with pytest.warns(Boundary, match="limit"):
        fit = occu(np.ones((30, 3)))
    assert np.isnan(fit.se).all() and "limit" in fit.message and fit.loglik == pytest.approx(0, abs=1e-6)


def test_separation_names_the_column():
    rng = np.random.default_rng(6)
    y, _, _, _ = survey(rng)
    wet = np.isfinite(y).any(axis=1) & (np.nan_to_num(y).sum(axis=1) > 0)
    with pytest.raises(Separation, match="psi_1"):
        occu(y, psi=np.column_stack([np.ones(len(y)), wet]))


def test_visits_without_covariates_are_set_aside_and_counted():
    y, x, w, _ = survey(np.random.default_rng(7))
    lost = w.copy()
    lost[3, :, 1] = np.nan
    surveyed = int(np.isfinite(y[3]).sum())
    with pytest.warns(Dropped, match=str(surveyed)):
        fit = occu(y, x, lost)
    gone = y.copy()
    gone[3] = np.nan
    assert fit.coef == pytest.approx(occu(gone, x, w).coef, abs=1e-8)
    assert f"{surveyed} visits" in fit.message and np.isnan(fit.p[3]).all()


def test_doubling_every_site_halves_the_variance():
    y, x, w, _ = survey(np.random.default_rng(8))
    once, twice = occu(y, x, w), occu(np.vstack([y, y]), np.vstack([x, x]), np.vstack([w, w]))
    assert twice.coef == pytest.approx(once.coef, abs=1e-6)
    assert twice.vcov == pytest.approx(once.vcov / 2, rel=1e-5)


def test_royle_nichols_slopes_and_curvature_are_right():
    y, x, w, _ = survey(np.random.default_rng(9), sites=60)
    model = royle_nichols(y, x, w).model
    theta = np.array([0.3, 0.4, -0.8, 0.2])
    assert slope_error(model.loglik, theta) < 1e-7
    assert model.hessian(theta) == pytest.approx(differenced(model.loglik, theta), rel=1e-5, abs=1e-4)


def test_royle_nichols_sums_over_animals():
    """Against the sum over N, written out."""
    y = np.array([[1, 0, 1], [0, 0, np.nan], [0, 0, 0], [1, 1, 1]])
    lam, r, total = 1.4, 0.35, 0.0
    for row in y:
        n = np.arange(26)
        chance = poisson.pmf(n, lam)
        for v in row[~np.isnan(row)]:
            chance = chance * (1 - (1 - r) ** n if v else (1 - r) ** n)
        total += np.log(chance.sum())
    model = royle_nichols(y).model
    assert model.loglik(np.log([lam, r / (1 - r)]))[0] == pytest.approx(total, abs=1e-11)


def test_royle_nichols_recovers_abundance():
    rng, truth = np.random.default_rng(10), np.array([0.2, 0.5, -0.85])
    inside = []
    for _ in range(40):
        x = np.column_stack([np.ones(250), rng.normal(size=250)])
        n = rng.poisson(np.exp(x @ truth[:2]))
        y = (rng.random((250, 6)) < 1 - (1 - expit(truth[2])) ** n[:, None]).astype(float)
        low, high = royle_nichols(y, x, K=40).interval().T
        inside.append((low < truth) & (truth < high))
    assert np.mean(inside, axis=0) == pytest.approx(0.95, abs=0.08)


def test_a_low_K_is_said():
    rng = np.random.default_rng(11)
    n = rng.poisson(6, size=200)
    y = (rng.random((200, 6)) < 1 - 0.85 ** n[:, None]).astype(float)
    with pytest.warns(Truncated, match="K = 6"):
        assert "raise K" in royle_nichols(y, K=6).message
    assert rn_name(y, K=40).tail < 1e-4


def history(rng, sites=300, seasons=5, visits=3):
    z = np.zeros((sites, seasons), bool)
    z[:, 0] = rng.random(sites) < 0.5
    for t in range(1, seasons):
        z[:, t] = np.where(z[:, t - 1], rng.random(sites) > 0.2, rng.random(sites) < 0.3)
    y = (z[:, :, None] & (rng.random((sites, seasons, visits)) < 0.45)).reshape(sites, -1).astype(float)
    y[rng.random(y.shape) < 0.1] = np.nan
    return y, z


def test_dynamic_slopes_are_right():
    y, _ = history(np.random.default_rng(12), sites=30)
    seen, y = ~np.isnan(y), np.nan_to_num(y)

    def loglik(t):
        value, *slopes, _ = _dynamic(
            np.full(30, t[0]),
            np.full((30, 4), t[1]),
            np.full((30, 4), t[2]),
            np.full((30, 15), t[3]),
            y,
            seen,
        )
        return value, np.array([s.sum() for s in slopes])

    assert slope_error(loglik, np.array([0.1, -0.7, -1.2, 0.2])) < 1e-7


def test_dynamic_sums_over_every_path():
    """Against the sum over all presence paths, written out."""
    y = np.array([[1, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, np.nan], [0, 0, 1, 1, 0, 0]])
    t = np.array([0.2, -0.5, -1.0, 0.3])
    psi, g, e, p = expit(t)
    total = 0.0
    for row in y:
        here = 0.0
        for path in range(8):
            z = [(path >> s) & 1 for s in range(3)]
            chance = psi if z[0] else 1 - psi
            for a, b in pairwise(z):
                chance *= ((1 - e) if b else e) if a else (g if b else 1 - g)
            for s in range(3):
                for v in row[2 * s : 2 * s + 2]:
                    if not np.isnan(v):
                        chance *= (p if v else 1 - p) if z[s] else float(v == 0)
            here += chance
        total += np.log(here)
    seen = ~np.isnan(y)
    shapes = (3,), (3, 2), (3, 2), (3, 6)
    value = _dynamic(*(np.full(s, v) for s, v in zip(shapes, t, strict=True)), np.nan_to_num(y), seen)[0]
    assert value == pytest.approx(total, abs=1e-12)


def test_dynamic_recovers_turnover():
    rng = np.random.default_rng(13)
    truth = np.log(np.array([0.5, 0.3, 0.2, 0.45]) / (1 - np.array([0.5, 0.3, 0.2, 0.45])))
    inside = []
    for _ in range(40):
        y, z = history(rng)
        fit = dynamic(y, 5)
        low, high = fit.interval().T
        inside.append((low < truth) & (truth < high))
    assert np.mean(inside, axis=0) == pytest.approx(0.95, abs=0.1)
    assert fit.occupied == pytest.approx(z.mean(axis=0), abs=0.06)
    assert fit.projected[0, 1] == pytest.approx(
        fit.psi[0] * (1 - fit.epsilon[0, 0]) + (1 - fit.psi[0]) * fit.gamma[0, 0]
    )


def test_dynamic_refuses_what_it_cannot_divide():
    with pytest.raises(EcostatError, match="evenly"):
        dynamic(np.ones((10, 7)), 3)
    y = np.full((20, 6), np.nan)
    y[:, :2] = np.arange(40).reshape(20, 2) % 2
    with pytest.raises(TooFewData, match="one season"):
        dynamic(y, 3)
