"""Distance sampling against published figures, simulated truth and hopeless input."""

import math

import numpy as np
import pytest

from ecostat.distance import Assumed, camera_density, fit, select
from ecostat.distance.curve import value
from ecostat.distance.likelihood import read as _data
from ecostat.errors import EcostatError, Separation, TooFewData
from ecostat.likelihood import Boundary, Dropped
from ecostat.tests.reference import column, expected, rows, slope_error


def half_normal(rng, n, sigma=20.0, edge=60.0, point=False):
    """n animals spread evenly, and the distances of those seen."""
    d = edge * (np.sqrt(rng.random(n)) if point else rng.random(n))
    return d[rng.random(n) < np.exp(-(d**2) / (2 * sigma**2))]


@pytest.mark.outside
def test_the_line_exercise_agrees_with_distance(shared):
    """Every figure of the R package Distance to seven digits (its search stops at 3e-8)."""
    table, want = rows(shared, "LTExercise.csv"), expected(shared)["LTExercise_lines.hn"]
    model = fit(column(table, "distance"), "hn", truncation=20)
    assert model.n == want["n"] and model.coef[0] == pytest.approx(want["par"], rel=1e-7)
    assert model.loglik == pytest.approx(want["lnl"], rel=1e-11)
    assert model.aic == pytest.approx(want["AIC"], rel=1e-11)
    assert model.p == pytest.approx(want["average_p"], rel=1e-7)
    assert model.p_se == pytest.approx(want["average_p_se"], rel=1e-7)
    labels = [row["Sample.Label"] for row in table]
    effort = {row["Sample.Label"]: float(row["Effort"]) for row in table}
    result = model.density(effort, 1, sample=labels, convert=1e-3)
    assert result.lines == 12 and "2 distances beyond 20" in model.message
    for ours, theirs in (
        ("density", "D"),
        ("cv", "D_cv"),
        ("lower", "D_lcl"),
        ("upper", "D_ucl"),
        ("abundance", "N"),
        ("encounter_rate", "ER"),
        ("encounter_rate_cv", "ER_cv"),
    ):
        assert getattr(result, ours) == pytest.approx(want[theirs], rel=1e-7), ours
    flat = model.density(column(table, "Effort"), column(table, "Area"), sample=labels, convert=1e-3)
    assert (flat.density, flat.upper) == (result.density, result.upper)


@pytest.mark.outside
def test_the_minke_survey_agrees_with_its_published_solution(shared):
    """Centre for Research into Ecological and Environmental Modelling, distance-sampling course, practical 7:
    hazard rate, truncation 1.5, southern stratum. Their integral is right to four digits, so is the match."""
    table = [row for row in rows(shared, "minke.csv") if row["Region.Label"] == "South"]
    model = fit(column(table, "distance"), "hr", truncation=1.5)
    assert model.coef == pytest.approx([-0.5102606, 1.242147], abs=5e-4)
    assert model.se == pytest.approx([0.1921723, 0.3770239], abs=1e-4)
    assert model.aic == pytest.approx(8.617404, abs=3e-4)
    assert (model.p, model.p_se) == pytest.approx((0.4956459, 0.0662961), abs=1e-4)
    result = model.density(
        column(table, "Effort"), column(table, "Area"), sample=[r["Sample.Label"] for r in table]
    )
    assert result.density == pytest.approx(0.05414505, rel=2e-4)
    assert (result.cv, result.df) == pytest.approx((0.2615924, 21.14052), rel=3e-4)
    assert (result.lower, result.upper) == pytest.approx((0.03171687, 0.09243301), rel=3e-4)
    assert result.abundance == pytest.approx(4587.926, rel=2e-4)
    north = [row for row in rows(shared, "minke.csv") if row["Region.Label"] == "North"]
    model = fit(column(north, "distance"), "hr", truncation=1.5)
    assert (model.aic, model.p, model.p_se) == pytest.approx((37.27825, 0.7592309, 0.09987673), rel=2e-3)


@pytest.mark.outside
def test_strata_share_a_curve_and_weigh_by_area(shared):
    table = rows(shared, "minke.csv")
    model = fit(column(table, "distance"), "hr", truncation=1.5)
    result = model.density(
        column(table, "Effort"),
        column(table, "Area"),
        [row["Region.Label"] for row in table],
        sample=[row["Sample.Label"] for row in table],
    )
    north, south = result.strata
    assert (north.label, north.lines, south.lines) == ("North", 12, 13)
    assert result.abundance == pytest.approx(north.abundance + south.abundance)
    assert result.detection_cv == pytest.approx(model.p_se / model.p, rel=1e-6)
    assert result.se**2 < north.se**2 + south.se**2


@pytest.mark.outside
def test_duikers_at_cameras_agree_with_the_paper(shared):
    """Howe et al. (2017): 14.5 animals per km² by the hazard rate on peak-activity data in these bands."""
    table = rows(shared, "DuikerCameraTraps.csv")
    bands = [2, 3, 4, 5, 6, 7, 8, 10, 12, 15]
    model = fit(column(table, "distance"), "hr", survey="point", breaks=bands)
    result = camera_density(
        model,
        {row["Sample.Label"]: float(row["Effort"]) for row in table},
        math.radians(42),
        sample=[row["Sample.Label"] for row in table],
        convert=1e-6,
    )
    assert result.density == pytest.approx(14.5, abs=0.05) and result.lines == 21
    assert result.lower < 10 < 25 < result.upper  # the cameras differ widely


@pytest.mark.outside
def test_observers_matter_to_the_amakihi(shared):
    table = rows(shared, "amakihi.csv")
    who = [row["OBs"] for row in table]
    x = np.array([[1.0, w == "TJS", w == "TKP"] if w != "NA" else [np.nan] * 3 for w in who])
    d = column(table, "distance")
    plain = fit(d, "hr", survey="point", truncation=82.5)
    by_observer = fit(d, "hr", survey="point", truncation=82.5, covariates=x)
    assert plain.n == by_observer.n == 1243
    choice = select([plain, by_observer, fit(d, "hn", survey="point", truncation=82.5)])
    assert choice.best is by_observer and choice.delta[1] > 25 and choice.weights.sum() == pytest.approx(1)


@pytest.mark.parametrize("survey", ["line", "point"])
@pytest.mark.parametrize(
    ("key", "adjust"), [("hn", None), ("hr", "poly"), ("unif", "cosine"), ("hn", "hermite")]
)
@pytest.mark.parametrize("bands", [None, [0, 10, 25, 40, 60]])
def test_slopes_are_right(key, adjust, survey, bands):
    d = half_normal(np.random.default_rng(1), 300)
    model = fit(d, key, adjust, 60, survey=survey, breaks=bands, terms=1 if adjust else None)
    cuts = None if bands is None else np.array(bands, float)
    data = _data(model.curve, model.distance, model.kind, cuts)
    theta = model.coef + 0.003 * np.arange(1, len(model.coef) + 1)
    assert slope_error(lambda t: value(data, t), theta) < 1e-5


def test_slopes_of_covariates_are_right():
    rng = np.random.default_rng(2)
    d = half_normal(rng, 400)
    x = np.column_stack([np.ones(len(d)), rng.integers(0, 3, len(d))])
    model = fit(d, "hr", truncation=60, covariates=x)
    data = _data(model.curve, model.distance, model.kind, None)
    assert slope_error(lambda t: value(data, t), model.coef + 0.05) < 1e-6


@pytest.mark.parametrize("point", [False, True])
def test_it_recovers_detection_and_density_with_nominal_coverage(point):
    rng, sigma, edge, lines = np.random.default_rng(3), 20.0, 60.0, 20
    whole = math.pi * edge**2 if point else 2 * edge
    density, inside = 0.0006 if point else 0.06, []
    for _ in range(150):
        counts = rng.poisson(density * whole, lines)
        d = [half_normal(rng, n, sigma, edge, point) for n in counts]
        sample = np.repeat(np.arange(lines), [len(part) for part in d])
        model = fit(np.concatenate(d), truncation=edge, survey="point" if point else "line")
        result = model.density(dict.fromkeys(range(lines), 1.0), sample=sample)
        low, high = model.interval()[0]
        inside.append((low < math.log(sigma) < high, result.lower < density < result.upper))
    assert np.mean(inside, axis=0) == pytest.approx(0.95, abs=0.045)


def test_left_truncation_does_not_bias():
    rng = np.random.default_rng(4)
    d = half_normal(rng, 20000, point=True)
    model = fit(d, truncation=50, left=10, survey="point")
    assert math.exp(model.coef[0]) == pytest.approx(20, rel=0.03)
    result = model.density([1.0], sample=np.zeros(len(d), int), encounter="poisson")
    assert result.density == pytest.approx(20000 / (math.pi * 60**2), rel=0.04)


def test_covariates_remove_the_bias_of_mixed_detection():
    rng = np.random.default_rng(5)
    far, near = half_normal(rng, 3000, 35.0), half_normal(rng, 3000, 10.0)
    x = np.column_stack([np.ones(len(far) + len(near)), np.r_[np.zeros(len(far)), np.ones(len(near))]])
    model = fit(np.r_[far, near], truncation=60, covariates=x)
    assert np.exp(model.coef.sum()) == pytest.approx(10, rel=0.05)
    assert (1 / model.p_each).sum() == pytest.approx(6000, rel=0.05)
    assert model.p == pytest.approx(model.n / 6000, rel=0.05)


@pytest.mark.parametrize("key", ["hn", "hr"])
def test_many_covariate_values_share_a_few_integrals(key, monkeypatch):
    rng = np.random.default_rng(22)
    d = half_normal(rng, 900)
    x = np.column_stack([np.ones(len(d)), rng.normal(size=len(d))])
    quick = fit(d, key, truncation=60, covariates=x)
    data = _data(quick.curve, quick.distance, quick.kind, None)
    assert slope_error(lambda t: value(data, t), quick.coef + 0.05) < 1e-6
    monkeypatch.setattr("ecostat.distance.curve.ALONG", 10**6)
    each = fit(d, key, truncation=60, covariates=x)
    assert quick.coef == pytest.approx(each.coef, abs=1e-6) and quick.se == pytest.approx(each.se, abs=1e-6)
    assert quick.loglik == pytest.approx(each.loglik, abs=1e-8) and quick.p == pytest.approx(each.p, abs=1e-7)


def test_bands_and_exact_distances_tell_the_same():
    d = half_normal(np.random.default_rng(6), 5000)
    exact, banded = fit(d, truncation=60), fit(d, breaks=np.linspace(0, 60, 25))
    assert banded.p == pytest.approx(exact.p, rel=0.02) and banded.p_se == pytest.approx(exact.p_se, rel=0.1)
    assert banded.goodness().test == "chi-square" and banded.goodness().p_value > 0.01
    assert exact.goodness().p_value > 0.01 and exact.cdf(60.0)[0] == pytest.approx(1)


def test_a_wrong_curve_fails_its_test():
    rng = np.random.default_rng(7)
    d = np.r_[60 * rng.random(2000), rng.exponential(3.0, 1000)]
    assert fit(d, truncation=60).goodness().p_value < 0.01


def test_start_values_do_not_matter():
    d = half_normal(np.random.default_rng(8), 800)
    first = fit(d, "hr", truncation=60)
    for start in ([6.0, 0.1], [0.5, 2.0], [3.5, -0.5]):
        assert fit(d, "hr", truncation=60, start=start).coef == pytest.approx(first.coef, abs=1e-5)


def test_detection_is_held_from_rising():
    rng = np.random.default_rng(9)
    d = np.r_[60 * rng.random(300), 20 + 10 * rng.random(150)]  # animals avoid the line: a bump at 20-30
    free = fit(d, "unif", "cosine", 60, terms=3, monotone=False)
    held = fit(d, "unif", "cosine", 60, terms=3)
    assert not free.monotone and "rises" in free.message
    assert held.monotone and "held" in held.message and held.loglik < free.loglik
    g = held.g(np.linspace(0, 60, 200))
    assert np.all(np.diff(g) < 1e-4) and g[0] == pytest.approx(1) and g.max() <= 1 + 1e-4


def test_terms_are_added_while_they_lower_the_aic():
    rng = np.random.default_rng(10)
    d = np.r_[half_normal(rng, 2000, 8.0), half_normal(rng, 2000, 30.0)]
    model = fit(d, "unif", "cosine", 60)
    assert len(model.orders) >= 2 and model.orders[0] == 1
    assert model.aic < fit(d, "unif", "cosine", 60, terms=len(model.orders) - 1).aic


def test_the_uniform_key_alone_sees_everything():
    model = fit(np.linspace(0, 10, 50), "unif", truncation=10)
    assert (model.p, model.p_se, model.loglik) == pytest.approx((1, 0, -50 * math.log(10)))


def test_doubling_the_detections_halves_the_variance():
    d = half_normal(np.random.default_rng(11), 400)
    once, twice = fit(d, truncation=60), fit(np.r_[d, d], truncation=60)
    assert twice.coef == pytest.approx(once.coef) and twice.vcov == pytest.approx(once.vcov / 2)


def test_groups_count_their_animals():
    rng = np.random.default_rng(12)
    d = half_normal(rng, 400)
    model, sample = fit(d, truncation=60), rng.integers(0, 10, len(d))
    single = model.density(np.ones(10), sample=sample)
    assert model.density(np.ones(10), sample=sample, size=np.full(len(d), 3.0)).density == pytest.approx(
        3 * single.density
    )
    shared = model.density(np.ones(10), sample=sample, multiplier=0.5, multiplier_se=0.05)
    assert shared.density == pytest.approx(2 * single.density)
    assert shared.cv**2 == pytest.approx(single.cv**2 + 0.1**2)


def test_a_bootstrap_agrees_with_the_formula():
    rng = np.random.default_rng(13)
    d = [half_normal(rng, rng.poisson(20)) for _ in range(25)]
    sample = np.repeat(np.arange(25), [len(part) for part in d])
    model = fit(np.concatenate(d), truncation=60)
    result = model.density(np.ones(25), sample=sample)
    boot = model.bootstrap(np.ones(25), sample=sample, times=300, rng=rng)
    assert boot.se[0] == pytest.approx(result.se, rel=0.3) and boot.failed == 0
    assert boot.values.mean() == pytest.approx(result.density, rel=0.05)


def test_unknown_lines_are_assumed_poisson_and_said_so():
    model = fit(half_normal(np.random.default_rng(14), 300), truncation=60)
    with pytest.warns(Assumed, match="Poisson"):
        result = model.density(12.0)
    assert "Poisson" in result.message
    assert result.encounter_rate_cv == pytest.approx(1 / math.sqrt(model.n))
    with pytest.raises(TooFewData, match="sample"):
        model.density([3.0, 9.0])
    with pytest.warns(Assumed, match="one line"):
        model.density([12.0], sample=np.zeros(model.n, int))


def test_a_stratum_without_detections_has_no_known_error():
    model = fit(half_normal(np.random.default_rng(23), 300), truncation=60)
    lines = dict.fromkeys(range(6), 1.0)
    strata = dict(zip(lines, "aaabbb", strict=True))
    with pytest.warns(Assumed, match="nothing was detected"):
        result = model.density(lines, {"a": 1.0, "b": 1.0}, strata, sample=np.arange(model.n) % 3)
    empty = result.strata[1]
    assert empty.density == 0 and np.isnan([empty.se, empty.lower, empty.upper]).all()
    assert (
        result.density == pytest.approx(result.strata[0].density / 2) and "no known error" in result.message
    )


def test_p2_is_the_variance_of_the_plain_mean_of_the_points_and_its_effect_is_named():
    """Fewster et al. (2009): Σ (e_i - ē)² / (k (k - 1)), e_i the rate of a point."""
    rng = np.random.default_rng(24)
    d = half_normal(rng, 3000, point=True)
    where = rng.integers(0, 12, len(d))
    visits = np.arange(1.0, 13.0)
    model = fit(d, truncation=60, survey="point")
    got = {h: model.density(visits, sample=where, encounter=h) for h in ("P2", "R2", "P3", "R3")}
    rate = np.bincount(where, minlength=12) / visits
    total = len(d) / visits.sum()
    by_hand = math.sqrt(((rate - rate.mean()) ** 2).sum() / (12 * 11)) / total
    assert got["P2"].encounter_rate_cv == pytest.approx(by_hand)
    assert got["P2"].density == got["R2"].density and got["P2"].se > got["R2"].se
    ratio = got["P2"].encounter_rate_cv / got["R2"].encounter_rate_cv
    assert f"{ratio:.2f} times that of R2" in got["P2"].message and "P2" not in got["R2"].message
    assert got["P3"].se == got["R3"].se
    even = {h: model.density(np.ones(12), sample=where, encounter=h) for h in ("P2", "R2")}
    assert even["P2"].se == pytest.approx(even["R2"].se) and "weighs" not in even["P2"].message
    assert camera_density(model, visits, 1.0, sample=where, encounter="P2").encounter == "P2"
    lines = fit(half_normal(rng, 300), truncation=60)
    with pytest.raises(EcostatError, match="between points"):
        lines.density(np.ones(5), sample=np.arange(lines.n) % 5, encounter="P2")
    pair = [lines.density(np.ones(5), sample=np.arange(lines.n) % 5, encounter=h).se for h in ("O2", "S2")]
    assert pair[0] == pair[1]


def test_what_does_not_match_is_refused():
    d = half_normal(np.random.default_rng(15), 300)
    model, sample = fit(d, truncation=60), np.arange(len(d)) % 5
    with pytest.raises(EcostatError, match="no effort"):
        model.density({0: 1.0, 1: 1.0}, sample=sample)
    with pytest.raises(EcostatError, match=r"effort\[2\] = 0 must lie above 0"):
        model.density([1, 1, 0, 1, 1], sample=sample)
    with pytest.raises(EcostatError, match="area is needed"):
        model.density(np.ones(5), strata=list("aabbb"), sample=sample)
    with pytest.raises(EcostatError, match="a line or a row"):
        model.density(np.ones(len(d)), sample=sample)
    with pytest.raises(EcostatError, match="radial"):
        camera_density(model, np.ones(5), 1.0, sample=sample)
    with pytest.raises(EcostatError, match="same distances"):
        select([model, fit(d, truncation=40)])


@pytest.mark.filterwarnings("ignore::ecostat.likelihood.Boundary")
def test_an_overloaded_series_is_held_to_a_curve_that_falls():
    d = half_normal(np.random.default_rng(19), 120)
    for key, adjust in (("unif", "cosine"), ("hn", "cosine"), ("hr", "poly"), ("hn", "hermite")):
        model = fit(d, key, adjust, 60, terms=4)
        assert (
            model.monotone
            and 0 < model.p <= 1
            and model.loglik >= fit(d, key, adjust, 60, terms=0).loglik - 1e-6
        )


def test_hopeless_distances_are_refused():
    with pytest.raises(TooFewData, match="No distance"):
        fit([np.nan, np.nan])
    with pytest.raises(TooFewData, match="3 distances"):
        fit([1.0, 2.0, 3.0])
    with pytest.raises(TooFewData, match="same"):
        fit(np.full(30, 7.0))
    with pytest.raises(TooFewData, match="same"):
        fit(np.zeros(30), truncation=10)
    with pytest.raises(EcostatError, match=r"distance\[0\] = -1 is negative"):
        fit([-1.0, 2, 3, 4, 5, 6])
    with pytest.raises(EcostatError, match="larger"):
        fit(np.arange(20.0), truncation=5, left=6)
    for wrong in ({"key": "xx"}, {"adjust": "sine"}, {"survey": "plane"}, {"orders": [2]}):
        with pytest.raises(EcostatError):
            fit(np.arange(20.0), **wrong)
    with pytest.raises(EcostatError, match="repeat"):
        fit(np.arange(20.0), covariates=np.ones((20, 2)))


def test_detection_that_does_not_fall_is_said():
    with pytest.warns(Boundary, match="unif"):
        model = fit(np.r_[np.linspace(0, 10, 60), np.linspace(5, 10, 20)])
    assert np.isnan(model.se[0]) and model.p == pytest.approx(1, abs=1e-3) and "limit" in model.message


def test_a_spike_at_the_observer_is_held_to_a_shape_of_one():
    """Left free, the hazard rate sends detection to 0 and density to infinity on such distances."""
    rng = np.random.default_rng(20)
    d = 20 * rng.random(4000)
    d = d[rng.random(4000) < -np.expm1(-((d / 1.0) ** -0.7))]
    with pytest.warns(Boundary, match="shoulder"):
        model = fit(d, "hr", truncation=20)
    assert model.coef[1] == 0 and np.isnan(model.se[1]) and "shoulder" in model.message
    assert 0.05 < model.p < 0.5 and 0 < model.p_se < model.p
    with pytest.raises(TooFewData, match="nearer"), pytest.warns(Boundary):
        fit(rng.exponential(1.0, 200) ** 3, "hr", truncation=20)


def test_a_class_in_which_detection_does_not_fall_is_separation():
    rng = np.random.default_rng(16)
    d = np.r_[half_normal(rng, 300, 10.0), np.linspace(20, 60, 80)]
    x = np.column_stack([np.ones(len(d)), np.arange(len(d)) >= len(d) - 80])
    with pytest.raises(Separation, match="sigma_1"):
        fit(d, truncation=60, covariates=x)


def test_detections_without_covariates_are_set_aside_and_counted():
    d = half_normal(np.random.default_rng(17), 300)
    x = np.column_stack([np.ones(len(d)), d % 3])
    x[0, 1] = np.nan
    with pytest.warns(Dropped, match="1 detections"):
        assert fit(d, truncation=60, covariates=x).n == len(d) - 1


def test_overdispersion_prefers_the_simpler_curve():
    rng = np.random.default_rng(18)
    d = np.repeat(half_normal(rng, 300), 6)
    models = [fit(d, "hn", truncation=60), fit(d, "unif", "cosine", 60, terms=4)]
    assert select(models, overdispersion=6).best is models[0]
    with pytest.raises(EcostatError, match="below 1"):
        select(models, overdispersion=0.5)


def test_a_fit_to_exact_distances_is_checked_by_drawing_and_fitting_anew():
    rng = np.random.default_rng(8)
    good = np.abs(rng.normal(0, 20, 200))
    drawn = fit(good[good < 60], truncation=60).goodness(times=80, rng=rng)
    assert drawn.p_value > 0.05 and drawn.test == "Cramér-von Mises"
    heaped = np.r_[np.full(60, 3.0), rng.uniform(0, 60, 60)]  # a spike on the line and a flat tail
    assert fit(heaped, truncation=60).goodness(times=80, rng=rng).p_value < 0.05
    with pytest.raises(EcostatError, match="rng"):
        fit(good, truncation=60).goodness(times=80)


def test_the_p_value_of_drawn_distances_is_even_where_the_known_one_is_not():
    """Cramér-von Mises with fitted parameters: the known-parameter p-value is far too large."""
    rng = np.random.default_rng(9)
    known, drawn = [], []
    for _ in range(40):
        d = np.abs(rng.normal(0, 20, 120))
        model = fit(d[d < 60], truncation=60)
        known.append(model.goodness().p_value)
        drawn.append(model.goodness(times=39, rng=rng).p_value)
    assert abs(np.mean(drawn) - 0.5) < 0.12
    assert np.mean(known) > np.mean(drawn) + 0.05
