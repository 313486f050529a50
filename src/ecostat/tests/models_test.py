"""Tests of fit, tables of models, averages: figures by hand, simulated truth, and what is refused."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy.stats import chi2, norm

from ecostat.abundance import distsamp, nmixture
from ecostat.distance import fit as detection
from ecostat.errors import EcostatError, TooFewData
from ecostat.models import compare, goodness, likelihood_ratio
from ecostat.occupancy import dynamic, occu, royle_nichols


def expit(x):
    return 1 / (1 + np.exp(-x))


def survey(seed=1, sites=200, visits=4, missing=0.1):
    rng = np.random.default_rng(seed)
    data = {"forest": rng.normal(size=sites), "noise": rng.normal(size=sites)}
    z = rng.random(sites) < expit(0.2 + data["forest"])
    y = (z[:, None] & (rng.random((sites, visits)) < 0.4)).astype(float)
    y[rng.random(y.shape) < missing] = np.nan
    return y, data


def families(seed=2, sites=150):
    """One fit of each family that can be checked, to data drawn from it."""
    rng = np.random.default_rng(seed)
    y, data = survey(seed, sites)
    n = rng.poisson(np.exp(0.7 + 0.4 * data["forest"]))
    counts = rng.binomial(n[:, None], 0.4, (sites, 4)).astype(float)
    heard = (rng.random((sites, 4)) < 1 - 0.75 ** n[:, None]).astype(float)
    z = np.cumsum(rng.random((sites, 3)) < 0.3, axis=1) % 2 == 1
    seasons = (np.repeat(z, 3, axis=1) & (rng.random((sites, 9)) < 0.5)).astype(float)
    bands = rng.poisson(np.outer(np.exp(0.3 * data["forest"]), [4.0, 3.0, 1.5, 0.5])).astype(float)
    return {
        "occu": occu(y, "forest", data=data),
        "royle_nichols": royle_nichols(heard, "forest", data=data),
        "dynamic": dynamic(seasons, 3),
        "poisson": nmixture(counts, "forest", K=40, data=data),
        "negative binomial": nmixture(
            rng.binomial(rng.negative_binomial(2, 0.4, sites)[:, None], 0.4, (sites, 4)), K=60, mixture="NB"
        ),
        "zero-inflated": nmixture(
            rng.binomial((rng.poisson(4, sites) * (rng.random(sites) < 0.6))[:, None], 0.5, (sites, 4)),
            K=40,
            mixture="ZIP",
        ),
        "bands": distsamp(bands, [0, 5, 10, 15, 20], "forest", length=np.full(sites, 50.0), data=data),
    }


FITS = families()


def test_the_statistic_of_histories_is_the_one_written_out():
    y = np.array([[1, 0], [1, 1], [0, 0], [0, 0], [0, 1], [0, 0], [1, 0], [0, 0], [1, 1], [0, np.nan]])
    fit = occu(y)
    psi, p = expit(fit.coef)
    square = 0.0
    for cohort in (y[:9], y[9:, :1]):
        for h in product([0, 1], repeat=cohort.shape[1]):
            chance = psi * np.prod([p if v else 1 - p for v in h]) + (1 - psi) * (not any(h))
            met = sum(tuple(row) == h for row in cohort.tolist())
            square += (met - len(cohort) * chance) ** 2 / (len(cohort) * chance)
    assert fit.model.discrepancies(fit.coef)["chi-square"] == pytest.approx(square, rel=1e-10)


@pytest.mark.parametrize("name", FITS)
def test_simulated_data_look_like_the_model(name):
    """Mean and variance of each entry agree with what the model says it expects."""
    fit, rng = FITS[name], np.random.default_rng(3)
    mean, variance = fit.model.expected(fit.coef)
    drawn = np.stack([fit.model.simulate(fit.coef, rng) for _ in range(400)])
    error = np.sqrt(variance / 400)
    far = np.abs(drawn.mean(axis=0) - mean) / error
    assert np.mean(far[np.isfinite(far)] < 1.96) == pytest.approx(0.95, abs=0.04)
    assert np.nanmean(drawn.var(axis=0) / variance) == pytest.approx(1, abs=0.05)
    whole = fit.simulate(rng)
    assert whole.shape == fit.model.whole(fit.model.observed).shape
    assert np.isnan(whole[np.isnan(fit.model.whole(fit.model.observed))]).all()


@pytest.mark.parametrize("name", FITS)
def test_a_model_that_made_the_data_is_not_rejected(name):
    result = goodness(FITS[name], times=60, rng=np.random.default_rng(4))
    assert min(result.p_value.values()) > 0.02 and 0.6 < result.c_hat < 1.6
    assert result.failed + len(result.simulated["deviance"]) == 60 and "ĉ" in result.message


@pytest.mark.parametrize("name", FITS)
def test_a_draw_fitted_again_reaches_its_own_top(name):
    """The short search of the bootstrap ends where the whole fit would."""
    fit, rng = FITS[name], np.random.default_rng(5)
    again = fit.model.again(fit.model.simulate(fit.coef, rng))
    near = again.nearby(fit.coef, fit.model.hessian(fit.coef))
    assert near.loglik == pytest.approx(again.top().loglik, abs=1e-4)


def test_p_values_of_true_models_are_spread_evenly():
    rng, values = np.random.default_rng(6), []
    for seed in range(40):
        y, _ = survey(100 + seed, 80, 3, 0.0)
        values.append(goodness(occu(y), times=39, rng=rng).p_value["chi-square"])
    # forest is left out, which constant psi does not show in histories
    assert 0.35 < np.mean(values) < 0.65 and np.mean(np.array(values) <= 0.25) < 0.45


def test_unmodelled_differences_between_sites_show_as_overdispersion():
    rng = np.random.default_rng(7)
    p = np.where(rng.random(300) < 0.5, 0.9, 0.15)
    y = (rng.random((300, 5)) < p[:, None]) & (rng.random(300) < 0.7)[:, None]
    fit = occu(y.astype(float))
    result = goodness(fit, times=60, rng=rng)
    assert result.p_value["chi-square"] < 0.02 and result.c_hat > 1.5
    wider = fit.inflated(result.c_hat)
    assert wider.se == pytest.approx(fit.se * np.sqrt(result.c_hat)) and wider.coef is fit.coef
    assert wider.predict("psi").se[0] > fit.predict("psi").se[0] and "overdispersion" in wider.message
    assert wider.inflated(result.c_hat).se == pytest.approx(wider.se)  # not twice
    assert fit.inflated(0.8).se == pytest.approx(fit.se)


def test_clumped_counts_are_rejected_by_the_poisson():
    rng = np.random.default_rng(8)
    counts = rng.binomial(rng.negative_binomial(0.5, 0.1, 150)[:, None], 0.5, (150, 3))
    result = goodness(nmixture(counts, K=150), times=40, rng=rng)
    assert result.p_value["chi-square"] < 0.05 and result.c_hat > 1.5


def test_residuals_are_the_differences_over_their_deviation():
    y, data = survey(9)
    fit = occu(y, "forest", data=data)
    mean = fit.psi[:, None] * fit.p
    assert fit.residuals("raw") == pytest.approx(y - mean, nan_ok=True)
    assert fit.residuals() == pytest.approx((y - mean) / np.sqrt(mean * (1 - mean)), nan_ok=True)
    assert np.nanstd(fit.residuals()) == pytest.approx(1, abs=0.1)
    with pytest.raises(EcostatError, match="kind"):
        fit.residuals("deviant")


def test_weights_are_those_of_the_textbook():
    """Differences of 0, 2 and 4 in AIC weigh 1 : e⁻¹ : e⁻² (Burnham & Anderson 2002, section 2.9)."""
    y, data = survey(10)
    fit = occu(y, "forest", data=data)
    models = {name: replace(fit, loglik=fit.loglik - lost) for name, lost in (("c", 2), ("a", 0), ("b", 1))}
    table = compare(models)
    assert table.names == ("a", "b", "c") and table.delta == pytest.approx([0, 2, 4])
    assert table.weights == pytest.approx([0.6652, 0.2447, 0.0900], abs=1e-4)
    assert table.best is models["a"] and table.cumulative[-1] == pytest.approx(1)
    assert "a" in table.message and "0.665" in str(table)


def test_criteria_follow_their_formulas():
    y, data = survey(11)
    fits = [occu(y, formula, data=data) for formula in ("1", "forest", "forest + noise")]
    plain, small = compare(fits), compare(fits, small=True)
    quasi, both = compare(fits, c_hat=1.8), compare(fits, c_hat=1.8, small=True)
    assert plain.values == pytest.approx(sorted(fit.aic for fit in fits))
    for table, c in ((small, 1.0), (both, 1.8)):
        for model, value, k in zip(table.models, table.values, table.k, strict=True):
            assert k == len(model.coef) + (c > 1)
            want = -2 * model.loglik / c + 2 * k + 2 * k * (k + 1) / (model.n - k - 1)
            assert value == pytest.approx(want)
    assert quasi.criterion == "QAIC" and both.criterion == "QAICc" and small.criterion == "AICc"


def test_one_table_holds_every_family():
    y, _ = survey(12)
    table = compare({"occupancy": occu(y), "Royle-Nichols": royle_nichols(y, K=40)})
    assert len(table.models) == 2
    rng = np.random.default_rng(12)
    d = np.abs(rng.normal(0, 20, 300))
    curves = compare({k: detection(d, k, truncation=60) for k in ("hn", "hr", "unif")})
    assert curves.best.key in ("hn", "hr")
    counts = rng.poisson(2, (60, 3))
    assert compare([nmixture(counts, K=80), nmixture(counts, K=80, mixture="NB")]).delta[0] == 0
    with pytest.raises(EcostatError, match="different ones"):
        compare([occu(y), occu(np.where(np.isnan(y), y, 1 - y))])
    with pytest.raises(EcostatError, match="units"):
        compare([occu(y), occu(y[:100])])
    with pytest.raises(EcostatError, match="same data"):
        compare([detection(d, truncation=60), detection(d, breaks=[0, 10, 30, 60])])
    with pytest.raises(EcostatError, match="models is empty"):
        compare([])
    with pytest.raises(EcostatError, match="below 1"):
        compare([occu(y)], c_hat=0.5)
    with pytest.raises(EcostatError, match="did not reach"):
        compare([replace(occu(y), converged=False)])
    few = occu([[1, 0], [0, 0], [1, 1], [0, 1], [0, 0]])
    assert compare([few], small=True).values[0] > few.aic
    with pytest.raises(TooFewData, match="AICc"):
        compare([few], small=True, c_hat=1.2), compare([replace(few, n=3)], small=True)


def test_averages_carry_the_differences_between_models():
    y, data = survey(13)
    table = compare({f: occu(y, f, data=data) for f in ("1", "forest", "forest + noise")})
    new = {"forest": np.array([-1.0, 1.0]), "noise": 0.0}
    got = table.predict("psi", new)
    each = [m.predict("psi", new) for m in table.models]
    mean = sum(w * e.estimate for w, e in zip(table.weights, each, strict=True))
    var = sum(w * (e.se**2 + (e.estimate - mean) ** 2) for w, e in zip(table.weights, each, strict=True))
    assert got.estimate == pytest.approx(mean) and got.se == pytest.approx(np.sqrt(var))
    assert (got.lower < mean).all() and (mean < got.upper).all() and got.upper.max() < 1
    full, kept = (table.coefficient("psi(noise)", full=f) for f in (True, False))
    assert abs(full.estimate) < abs(kept.estimate) and full.weight < 1
    assert full.estimate == pytest.approx(kept.estimate * full.weight)
    with pytest.raises(EcostatError, match="none of these"):
        table.coefficient("psi(height)")
    with pytest.raises(EcostatError, match="no part"):
        table.predict("gamma")


def test_an_average_promises_no_more_than_its_fullest_model():
    rng, loose = np.random.default_rng(17), 0
    for _ in range(6):
        data = {"height": rng.normal(size=150)}
        z = rng.random(150) < 1 / (1 + np.exp(-0.3 - 0.35 * data["height"]))
        y = (z[:, None] & (rng.random((150, 5)) < 0.45)).astype(float)
        table = compare({f: occu(y, f, data=data) for f in ("1", "height")})
        largest = occu(y, "height", data=data)
        got, full = (m.predict("psi", {"height": 1.0}) for m in (table, largest))
        assert got.lower[0] <= full.lower[0] + 1e-12 and got.upper[0] >= full.upper[0] - 1e-12
        loose += got.lower[0] < full.lower[0] - 1e-6
        slope, (low, high) = table.coefficient("psi(height)"), largest.interval()[1]
        assert slope.lower <= low + 1e-12 and slope.upper >= high - 1e-12
    assert loose  # the other model's tail still widens what it should


def test_a_likelihood_ratio_is_the_square_of_a_wald_test_for_large_samples():
    y, data = survey(14, 3000)
    small, large = occu(y, "1", data=data), occu(y, "noise", data=data)
    test = likelihood_ratio(small, large)
    z = large.coef[1] / large.se[1]
    assert test.df == 1 and test.statistic == pytest.approx(z**2, rel=0.02)
    assert test.p_value == pytest.approx(2 * norm.sf(abs(z)), abs=0.01)
    assert test.p_value == pytest.approx(chi2.sf(test.statistic, 1))
    assert likelihood_ratio(small, occu(y, "forest", data=data)).p_value < 1e-10
    assert likelihood_ratio(small, large, c_hat=2.0).statistic == pytest.approx(test.statistic / 2)
    with pytest.raises(EcostatError, match="2 coefficients and the smaller 3"):
        likelihood_ratio(large, small)
    with pytest.raises(EcostatError, match="fits worse"):
        likelihood_ratio(occu(y, "forest", data=data), occu(y, "noise + raw(noise):noise", data=data))


def test_a_fit_without_a_likelihood_says_so():
    d = np.abs(np.random.default_rng(15).normal(0, 20, 100))
    with pytest.raises(EcostatError, match="no test of fit"):
        goodness(detection(d), times=3, rng=np.random.default_rng(1))


@pytest.mark.parametrize(
    "ask",
    [
        lambda fit: fit.interval(1.0),
        lambda fit: fit.interval("x"),
        lambda fit: fit.profile("psi_0", np.nan),
        lambda fit: fit.inflated(0),
        lambda fit: fit.inflated(None),
        lambda fit: fit.simulate("dice"),
        lambda fit: fit.predict("psi", "forest"),
        lambda fit: fit.predict("psi", [[1.0, 2.0]]),
        lambda fit: compare(None),
        lambda fit: compare(fit),
        lambda fit: compare([fit, 3]),
        lambda fit: compare([fit], c_hat="x"),
        lambda fit: likelihood_ratio(fit, 3),
        lambda fit: likelihood_ratio(fit, fit, c_hat=None),
        lambda fit: goodness(3, times=2, rng=np.random.default_rng(1)),
        lambda fit: goodness(fit, times=0, rng=np.random.default_rng(1)),
        lambda fit: goodness(fit, times=2, rng="dice"),
    ],
)
def test_an_argument_that_cannot_be_meant_is_refused_by_name(ask):
    with pytest.raises(EcostatError):
        ask(FITS["dynamic"])
