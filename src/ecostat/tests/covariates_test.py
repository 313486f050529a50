"""Covariates by name: formulas, remembered scaling, raw predictions, and what is refused."""

import datetime
import decimal
import fractions

import numpy as np
import pytest
from scipy.optimize import minimize

from ecostat.abundance import distsamp, nmixture
from ecostat.covariates import learn, parse
from ecostat.distance import fit as detection
from ecostat.errors import EcostatError, NotConverged
from ecostat.likelihood import Dropped, Search, Unfinished
from ecostat.occupancy import dynamic, occu, royle_nichols


def expit(x):
    return 1 / (1 + np.exp(-x))


def survey(seed=1, sites=300, visits=4):
    """Presence follows elevation with an optimum and soil; detection follows wind."""
    rng = np.random.default_rng(seed)
    data = {
        "elevation": rng.uniform(200, 2200, sites),
        "soil": rng.choice(["clay", "lime", "sand"], sites),
        "wind": rng.gamma(2, 2, (sites, visits)),
    }
    up = (data["elevation"] - 1200) / 500
    eta = 0.5 + up - 0.6 * up**2 + np.where(data["soil"] == "lime", 1.0, 0.0)
    z = rng.random(sites) < expit(eta)
    y = z[:, None] & (rng.random((sites, visits)) < expit(0.6 - 0.25 * data["wind"]))
    return y.astype(float), data


def test_a_formula_is_the_design_matrix_written_out():
    y, data = survey()
    named = occu(y, "elevation + elevation^2 + soil", "~ wind", data=data)
    up = (data["elevation"] - data["elevation"].mean()) / data["elevation"].std()
    x = np.column_stack([np.ones(300), up, up**2, data["soil"] == "lime", data["soil"] == "sand"])
    gust = (data["wind"] - data["wind"].mean()) / data["wind"].std()
    plain = occu(y, x, np.stack([np.ones_like(gust), gust], axis=-1))
    assert named.coef == pytest.approx(plain.coef, abs=1e-8) and named.se == pytest.approx(plain.se, abs=1e-8)
    assert named.names[:5] == (
        "psi(intercept)", "psi(elevation)", "psi(elevation^2)", "psi(soil[lime])", "psi(soil[sand])"
    )  # fmt: skip


def test_predictions_take_raw_values_and_keep_their_shape():
    y, data = survey()
    fit = occu(y, "elevation + elevation^2 + soil", "wind", data=data)
    again = fit.predict("psi", {"elevation": data["elevation"], "soil": data["soil"]})
    assert again.estimate == pytest.approx(fit.psi, abs=1e-12) and not again.outside.any()
    height = np.array([[300.0, 1200.0], [5000.0, np.nan]])
    ask = fit.predict("psi", {"elevation": height, "soil": "lime"})
    assert ask.estimate.shape == (2, 2) and np.isnan(ask.estimate[1, 1])
    assert ask.outside.tolist() == [[False, False], [True, False]]
    assert ask.lower[0, 1] < ask.estimate[0, 1] < ask.upper[0, 1]
    assert ask.estimate[0, 1] > ask.estimate[0, 0]
    assert fit.predict_psi({"elevation": 1200.0, "soil": "lime"}).estimate[0] == ask.estimate[0, 1]


def test_units_of_a_covariate_do_not_matter():
    y, data = survey(2)
    km = data | {"elevation": data["elevation"] / 1000}
    metres, kilometres = (occu(y, "elevation", "wind", data=d) for d in (data, km))
    assert metres.coef == pytest.approx(kilometres.coef, abs=1e-9)
    one = metres.predict("psi", {"elevation": 700})
    assert one.estimate == pytest.approx(kilometres.predict("psi", {"elevation": 0.7}).estimate)


def test_every_family_takes_names():
    rng = np.random.default_rng(3)
    y, data = survey(3)
    assert royle_nichols(y, "elevation", "wind", data=data).names[1] == "lam(elevation)"
    counts = rng.binomial(rng.poisson(3, 300)[:, None], 0.5, (300, 4))
    fit = nmixture(counts, {"elevation": data["elevation"]}, "wind", 40, data=data)
    assert fit.predict("lam", {"elevation": 900.0}).estimate[0] == pytest.approx(3, rel=0.3)
    bands = rng.poisson([4, 3, 2, 1], (300, 4))
    fit = distsamp(bands, [0, 5, 10, 15, 20], "elevation", "soil", length=np.full(300, 50.0), data=data)
    assert fit.names[2] == "sigma(intercept)" and fit.predict("sigma", {"soil": "sand"}).estimate[0] > 5
    year = {"dry": rng.random((300, 1)), "wind": data["wind"]}
    changing = dynamic(y, 2, gamma="dry", p="wind", data=year)
    assert changing.predict("gamma", {"dry": [0.2, 0.8]}).estimate.shape == (2,)
    d = np.abs(rng.normal(0, 10, 300))
    seen = detection(d, covariates="soil", data=data)
    assert seen.predict("sigma", {"soil": "clay"}).estimate[0] == pytest.approx(10, rel=0.2)


def test_an_unknown_covariate_sets_its_visit_aside():
    y, data = survey(4)
    wind = data["wind"].copy()
    wind[3, 1] = np.nan
    soil = data["soil"].astype(object)
    soil[7] = None
    with pytest.warns(Dropped, match="5 visits"):
        fit = occu(y, "soil", "wind", data=data | {"wind": wind, "soil": soil})
    assert fit.n == 299 and np.isnan(fit.psi[7]) and np.isnan(fit.p[3, 1])


def test_terms_are_read():
    found = parse("~ a*b + log(c) + d^2 + 0")
    assert not found.intercept
    assert [":".join(v.label for v in t) for t in found.terms] == ["a", "b", "a:b", "log(c)", "d^2"]
    columns = learn(
        parse("a:kind + factor(n)"), {"a": [1.0, 2, 3], "kind": ["x", "y", "x"], "n": [1, 2, 2]}, (3,)
    )
    assert columns.names == ("intercept", "a:kind[y]", "factor(n)[2]")
    flags = learn(parse("wet"), {"wet": [True, False, True]}, (3,))
    assert flags.names == ("intercept", "wet[True]")


@pytest.mark.parametrize(
    "column",
    [
        ["812", "1045", "990"], ["1,5", "2,25", "3"], np.array(["1 200", "900", "950"]), ["10%", "20%", "30%"],
        [1.5, "clay", 2.0], [True, "clay", "lime"], ["clay", "nan", "lime"], ["clay", "<NA>", "lime"],
        np.array([1, None, "x"], dtype=object), [datetime.date(2026, 1, 1)] * 3, [1, [2, 3], 4],
        np.array(["2026-01-01"] * 3, "datetime64[D]"), [object(), "a", "b"], [1e300, 2.0, 3.0],
    ],
    ids=range(14),
)  # fmt: skip
def test_what_is_neither_numbers_nor_classes_is_refused_by_name(column) -> None:
    with pytest.raises(EcostatError, match="covariate 'soil'"):
        learn(parse("soil"), {"soil": column}, (3,))


def test_numbers_of_any_type_are_numbers_and_classes_may_look_like_numbers() -> None:
    plain = learn(parse("a"), {"a": [1.5, np.nan, 4.0]}, (3,))
    of_objects = learn(parse("a"), {"a": [decimal.Decimal("1.5"), None, fractions.Fraction(4)]}, (3,))
    assert plain == of_objects and plain.names == ("intercept", "a")
    assert learn(parse("factor(a)"), {"a": ["1", "2", "2"]}, (3,)).names == ("intercept", "factor(a)[2]")
    assert learn(parse("a"), {"a": np.ma.array([True, False, True], mask=[0, 0, 1])}, (3,)).names == (
        "intercept",
        "a[True]",
    )


def test_a_prediction_refuses_text_for_a_number() -> None:
    columns = learn(parse("a"), {"a": [1.0, 2.0, 4.0]}, (3,))
    for strange in ("2", ["2", "3"], np.array(["2"]), [2.0, "x"], 1e300):
        with pytest.raises(EcostatError, match="covariate 'a'"):
            columns.matrix({"a": strange})


def test_a_masked_value_is_unknown():
    a = np.ma.masked_array([1.0, 2.0, 3.0, 99.0], mask=[0, 0, 0, 1])
    columns = learn(parse("a"), {"a": a}, (4,))
    assert np.isnan(columns.matrix({"a": a})[0][3, 1])
    assert columns.matrix({"a": 2.0})[0][0, 1] == pytest.approx(0)


@pytest.mark.parametrize(
    ("formula", "data", "says"),
    [
        ("height", {"elevation": [1.0, 2, 3]}, "'height' is named in the formula but not given"),
        ("a", {"a": [1.0, 1, 1]}, "same value everywhere"),
        ("a", {"a": [np.nan] * 3}, "is unknown"),
        ("a", {"a": [1.0, np.inf, 2]}, "infinite"),
        ("log(a)", {"a": [1.0, 0, 2]}, "holds 0"),
        ("a", {"a": ["x", "x", "x"]}, "1 class"),
        ("a", {"a": [1.0, 2]}, r"shape \(2,\)"),
        ("a", {"a": np.array(["2020-01-01"] * 3, "M8[D]")}, "datetime64"),
        ("exp(a)", {"a": [1.0, 2, 3]}, "cannot be read"),
        ("a^0", {"a": [1.0, 2, 3]}, "no such power"),
        ("", {"a": [1.0, 2, 3]}, "empty"),
        ("0", {"a": [1.0, 2, 3]}, "neither"),
    ],
)
def test_what_cannot_be_meant_is_named(formula, data, says):
    with pytest.raises(EcostatError, match=says):
        learn(parse(formula), data, (3,))


def test_predictions_that_do_not_fit_are_refused():
    y, data = survey(5)
    fit = occu(y, "soil", "wind", data=data)
    with pytest.raises(EcostatError, match="no class 'peat'"):
        fit.predict("psi", {"soil": "peat"})
    with pytest.raises(EcostatError, match="by name"):
        fit.predict("psi", [[1.0, 0, 0]])
    with pytest.raises(EcostatError, match="has psi, p"):
        fit.predict("gamma", {"soil": "clay"})
    with pytest.raises(EcostatError, match="not given"):
        fit.predict("p", {"soil": "clay"})
    with pytest.raises(EcostatError, match="rows of its design"):
        occu(y, np.column_stack([np.ones(300), data["elevation"]])).predict("psi")
    with pytest.raises(EcostatError, match="give the columns"):
        occu(y, "soil")
    assert occu(y, "1").predict("psi").estimate.shape == (1,)


def test_profile_limits_lie_where_the_likelihood_has_fallen_enough():
    y, data = survey(8, sites=150)
    fit = occu(y, "elevation", "wind", data=data)
    low, high = fit.profile("psi(elevation)")
    wald = fit.interval()[1]
    assert low < fit.coef[1] < high and (low, high) == pytest.approx(wald, abs=fit.se[1])
    assert high - fit.coef[1] != pytest.approx(fit.coef[1] - low, rel=1e-3)  # it need not be symmetric
    for limit in (low, high):
        rest = minimize(
            lambda t, at=limit: -fit.model.loglik(np.array([t[0], at, t[1], t[2]]))[0], fit.coef[[0, 2, 3]]
        )
        assert fit.loglik + rest.fun == pytest.approx(3.8414588 / 2, abs=1e-4)
    with pytest.raises(EcostatError, match="no coefficient"):
        fit.profile("slope")


def test_profile_limits_of_a_single_coefficient():
    model = detection(np.r_[np.full(1, 9.0), np.linspace(0, 5, 30)], truncation=10)
    low, high = model.profile("sigma_0")
    for limit in (low, high):
        assert model.loglik - model.model.loglik(np.array([limit]))[0] == pytest.approx(3.8415 / 2, abs=1e-4)


def test_a_search_cut_short_says_so():
    y, data = survey(7)
    full = occu(y, "elevation", "wind", data=data)
    assert full.converged
    near = Search(full.coef + 0.1 * full.se, iterations=1)
    with pytest.warns(Unfinished, match="standard errors short"):
        short = occu(y, "elevation", "wind", data=data, start=near)
    assert not short.converged and "No maximum reached" in short.message
    assert short.coef == pytest.approx(full.coef, abs=0.15 * full.se.max())
    with pytest.raises(NotConverged, match="1 steps"):
        occu(y, "elevation", "wind", data=data, start=Search([3.0, -3, 3, -3], iterations=1))
    with pytest.raises(EcostatError, match=r"start has 2 values where 4"):
        occu(y, "elevation", "wind", data=data, start=[0.0, 0.0])
