"""Spatial capture-recapture, camera rates and random encounters: published figures and simulated truth."""

import math
from dataclasses import replace

import numpy as np
import pytest

from ecostat.capture import buffer_mask, encounter_rate, rem, rem_bootstrap, secr, survey
from ecostat.capture.integrals import Detecting
from ecostat.capture.kernel import FORMS, array_scores, heard
from ecostat.capture.simulation import expected_at_posts
from ecostat.errors import EcostatError, TooFewData
from ecostat.likelihood import Boundary, Truncated
from ecostat.models import goodness
from ecostat.tests.reference import column, matrix, rows, slope_error


def posts_in_a_row():
    return np.array([[0.0, 0.0], [500.0, 0.0], [1000.0, 0.0]])


def calls(rng, density=0.6, sigma=1200.0, kappa=40.0, pcall=1.0, occasions=1, spacing=500.0):
    """One array of three posts 500 m apart, its groups scattered over 6 km around, density per km²."""
    posts = posts_in_a_row()
    mask, cell = buffer_mask(posts, 5000, spacing)
    n = rng.poisson(density * len(mask) * cell / 1e6)
    home = mask[rng.integers(len(mask), size=n)]
    away = home[:, None] - posts
    p = np.exp(-(away**2).sum(axis=2) / (2 * sigma**2))
    found = (rng.random((n, occasions)) < pcall)[:, :, None] & (rng.random((n, occasions, 3)) < p[:, None])
    who, when, where = np.nonzero(found)
    angle = np.arctan2(away[..., 0], away[..., 1])[who, where] + rng.vonmises(0, kappa, len(who))
    return survey(
        posts,
        mask,
        cell,
        animal=who,
        post=where,
        occasion=when,
        bearing=np.degrees(angle),
        occasions=occasions,
    )


def gibbons(shared):
    posts, heard_, mask = (rows(shared, f"gibbon_{n}.csv") for n in ("posts", "detections", "mask"))
    out = []
    for name in dict.fromkeys(p["array"] for p in posts):
        mine = [p for p in posts if p["array"] == name]
        number = {p["post"]: i for i, p in enumerate(mine)}
        calls_ = [d for d in heard_ if d["array"] == name]
        ground = [m for m in mask if m["session"] == name]
        out.append(
            survey(
                np.column_stack([column(mine, "x"), column(mine, "y")]),
                np.column_stack([column(ground, "x"), column(ground, "y")]),
                float(ground[0]["cell_ha"]) * 1e4,
                animal=[d["group"] for d in calls_],
                post=[number[d["post"]] for d in calls_],
                bearing=column(calls_, "bearing"),
            )
        )
    return out


@pytest.mark.outside
def test_stoats_agree_with_the_manual_of_secr(shared):
    """secr, help page of mask.check: log-likelihood -144.0015 with a buffer of 1000 m and 78.125 m
    spacing."""
    traps, table = matrix(shared, "stoat_traps.csv"), rows(shared, "stoat_capthist.csv")
    names = [
        f"{c}{i}"
        for c, n in zip("ABCDEFG", (14, 13, 14, 13, 14, 13, 13), strict=True)
        for i in range(1, n + 1)
    ]
    stoats = survey(
        traps,
        *buffer_mask(traps, 1000, 78.125),
        animal=[row["ID"] for row in table],
        post=[names.index(row["TrapID"]) for row in table],
        occasion=[int(row["Occasion"]) - 1 for row in table],
        occasions=7,
    )
    fit = secr(stoats, g0=None, detector="multi", unit="ha")
    assert fit.loglik == pytest.approx(-144.0015, abs=1e-4) and fit.n == 20
    assert 0.01275 < fit.density_lower[0] < fit.density[0] < 0.0406  # its published profile interval
    assert secr(stoats, g0=None, unit="ha").density[0] == pytest.approx(fit.density[0], rel=0.15)


@pytest.mark.outside
def test_gibbon_groups_are_counted_from_thirteen_arrays(shared):
    """The survey of Kidney et al. (2016): 77 groups heard, in an area where hundreds live."""
    arrays = gibbons(shared)
    fit = secr(arrays)
    assert fit.n == 77 and fit.edge < 0.001
    assert fit.density[0] == pytest.approx(0.31, abs=0.005) and fit.sigma == pytest.approx(1272, rel=0.01)
    assert 8 < fit.bearing_sd < 9
    assert fit.density[0] * fit.effective_area.sum() == pytest.approx(77, rel=1e-6)
    blind = secr(arrays, bearings=False)
    assert blind.density_se[0] > 3 * fit.density_se[0]  # what the bearings are worth
    closer = secr(arrays, start=[-3.0, 6.0, 1.0])
    assert closer.coef == pytest.approx(fit.coef, abs=1e-5)


@pytest.mark.parametrize("detect", ["hn", "ex", "hr"])
@pytest.mark.parametrize("multi", [False, True])
def test_slopes_are_right(detect, multi):
    posts = posts_in_a_row()
    mask, cell = buffer_mask(posts, 2000, 250)
    s = survey(
        posts,
        mask,
        cell,
        animal=[0, 0, 1, 2, 2],
        post=[0, 1, 2, 1, 0],
        occasion=[0, 1, 0, 2, 0],
        bearing=[30.0, np.nan, 80.0, 350.0, 10.0],
        usage=[[1, 1, 1], [1, 1, 1], [1, 0, 1]],
    )
    ready = heard(s, True, 1e6)

    def parts(t, which):
        g0, pcall = 1 / (1 + math.exp(-t[1])), 1 / (1 + math.exp(-t[3]))
        at = Detecting(FORMS[detect], multi, math.exp(t[0]), g0, math.exp(t[2]), pcall, math.exp(t[4]))
        value, slope, area, in_area = array_scores(ready, at)
        return (value, slope) if which == "history" else (area, in_area)

    theta = np.array([6.3, -0.4, 1.5, 0.7, 0.9])
    assert slope_error(lambda t: parts(t, "history"), theta) < 1e-6
    assert slope_error(lambda t: parts(t, "area"), theta) < 1e-6


@pytest.mark.parametrize("detect", ["hn", "ex", "hr"])
def test_the_likelihood_is_the_integral_written_out(detect):
    rng = np.random.default_rng(1)
    s = calls(rng, occasions=2, pcall=0.6, density=1.0)
    value, _, area, _ = array_scores(
        heard(s, False, 1e6), Detecting(FORMS[detect], False, 900.0, 0.8, 0.0, 0.6, 2.5)
    )
    d2 = ((s.mask[:, None] - s.posts) ** 2).sum(axis=2)
    ratio = np.sqrt(np.maximum(d2, 1e-6)) / 900.0
    falls = {"hn": np.exp(-(ratio**2) / 2), "ex": np.exp(-ratio), "hr": 1 - np.exp(-(ratio**-2.5))}
    p = 0.8 * falls[detect]
    total = 0.0
    for i in range(s.animals):
        chance = np.ones(len(s.mask))
        for t in range(2):
            heard_at = s.post[(s.animal == i) & (s.occasion == t)]
            y = np.isin(np.arange(3), heard_at)
            chance *= 0.6 * np.prod(np.where(y, p, 1 - p), axis=1) + 0.4 * (not y.any())
        total += math.log(chance.sum() * s.cell / 1e6)
    assert value == pytest.approx(total, abs=1e-9)
    missed = (0.4 + 0.6 * np.prod(1 - p, axis=1)) ** 2
    assert area == pytest.approx((1 - missed).sum() * s.cell / 1e6, rel=1e-12)


def test_it_recovers_density_with_nominal_coverage():
    rng, truth = np.random.default_rng(11), np.log([0.6, 1200.0, 40.0])
    inside, estimates = [], []
    for _ in range(40):
        fit = secr([calls(rng) for _ in range(6)])
        low, high = fit.interval().T
        inside.append((low < truth) & (truth < high))
        estimates.append(fit.coef)
    assert np.mean(inside, axis=0) == pytest.approx(0.95, abs=0.1)
    assert np.mean(estimates, axis=0)[:2] == pytest.approx(truth[:2], abs=0.12)


def trapped(rng, fall, density=2.0, g0=0.4, occasions=6):
    """A grid of 7 × 7 cameras 300 m apart; animals are seen with g0 × fall(distance)."""
    posts = np.stack(np.meshgrid(*[np.arange(7) * 300.0] * 2), axis=-1).reshape(-1, 2)
    mask, cell = buffer_mask(posts, 2500, 150)
    home = mask[rng.integers(len(mask), size=rng.poisson(density * len(mask) * cell / 1e6))]
    p = g0 * fall(np.sqrt(((home[:, None] - posts) ** 2).sum(axis=2)))
    who, when, where = np.nonzero(rng.random((len(home), occasions, 49)) < p[:, None])
    return survey(posts, mask, cell, animal=who, post=where, occasion=when, occasions=occasions)


@pytest.mark.filterwarnings("ignore::ecostat.likelihood.Boundary")
def test_a_hazard_rate_is_told_from_a_half_normal_and_recovered():
    rng = np.random.default_rng(12)

    def fall(d):
        return -np.expm1(-((np.maximum(d, 1e-9) / 250.0) ** -4.0))

    seen = [trapped(rng, fall) for _ in range(4)]
    fits = {detect: secr(seen, detect=detect, g0=None) for detect in ("hn", "ex", "hr")}
    best = fits["hr"]
    assert best.aic < fits["hn"].aic - 10 and best.aic < fits["ex"].aic - 10
    for name, truth in (("sigma", 250.0), ("g0", 0.4), ("shape", 4.0)):
        assert abs(getattr(best, name) - truth) < 3 * getattr(best, f"{name}_se")
    assert best.density_lower[0] < 2.0 < best.density_upper[0]
    assert best.detection([0.0, best.sigma]) == pytest.approx([best.g0, best.g0 * (1 - math.exp(-1))])


def test_errors_stand_on_the_scale_of_the_parameter():
    rng = np.random.default_rng(13)
    fit = secr(trapped(rng, lambda d: np.exp(-(d**2) / (2 * 300.0**2)), 4.0), g0=None)
    at = fit.names.index("log_sigma")
    assert fit.sigma_se == pytest.approx(fit.sigma * fit.se[at])
    logit = fit.names.index("logit_g0")
    assert fit.g0_se == pytest.approx(fit.g0 * (1 - fit.g0) * fit.se[logit])
    asked = fit.predict("g0")
    assert (asked.estimate[0], asked.se[0]) == pytest.approx((fit.g0, fit.g0_se))
    assert 0 < asked.lower[0] < fit.g0 < asked.upper[0] < 1
    assert np.isnan(fit.kappa_se) and np.isnan(fit.shape)
    assert np.isnan(secr(calls(rng, density=3.0)).g0_se)  # fixed, not estimated
    low, high = fit.profile("log_sigma")
    assert (low, high) == pytest.approx(fit.interval()[at], abs=0.5 * fit.se[at])


def test_silent_days_are_told_from_absent_groups():
    rng = np.random.default_rng(3)
    fits = [secr([calls(rng, pcall=0.5, occasions=3) for _ in range(8)], pcall=True) for _ in range(10)]
    assert np.mean([f.pcall for f in fits]) == pytest.approx(0.5, abs=0.05)
    assert np.mean([f.density[0] for f in fits]) == pytest.approx(0.6, rel=0.12)


def test_density_follows_its_covariate():
    rng = np.random.default_rng(4)
    arrays = [calls(rng, density=0.3) for _ in range(8)] + [calls(rng, density=1.2) for _ in range(8)]
    fit = secr(arrays, np.column_stack([np.ones(16), np.repeat([0.0, 1.0], 8)]))
    assert fit.coef[1] == pytest.approx(math.log(4), abs=3 * fit.se[1]) and fit.coef[1] > 2 * fit.se[1]
    assert fit.predict_density([[1.0, 1.0]]).estimate[0] == pytest.approx(fit.density[-1])


def test_an_array_that_hears_nothing_lowers_the_density():
    rng = np.random.default_rng(5)
    arrays = [calls(rng) for _ in range(5)]
    posts = posts_in_a_row()
    quiet = survey(posts, *buffer_mask(posts, 5000, 500), animal=[], post=[])
    assert secr([*arrays, quiet]).density[0] == pytest.approx(secr(arrays).density[0] * 5 / 6, rel=1e-6)


def test_a_narrow_mask_is_said():
    rng = np.random.default_rng(6)
    s = calls(rng, density=3.0)
    near = np.abs(s.mask - [500, 0]).max(axis=1) < 1200
    with pytest.warns(Truncated, match="widen the mask"):
        secr(
            survey(s.posts, s.mask[near], s.cell, animal=s.animal, post=s.post, bearing=np.degrees(s.bearing))
        )


@pytest.mark.outside
def test_detection_at_its_limit_is_said(shared):
    arrays = gibbons(shared)
    with pytest.warns(Boundary, match="logit_g0"):
        fit = secr(arrays, g0=None)
    at = fit.names.index("logit_g0")
    assert np.isnan(fit.se[at]) and np.isfinite(np.delete(fit.se, at)).all() and "limit" in fit.message
    assert fit.density[0] == pytest.approx(secr(arrays).density[0], rel=1e-4)


def test_what_cannot_be_known_is_refused():
    posts = posts_in_a_row()
    mask, cell = buffer_mask(posts, 3000, 500)
    one = {"animal": [0, 1, 2], "post": [0, 1, 2]}
    with pytest.raises(TooFewData, match="0 animals"):
        secr(survey(posts, mask, cell, animal=[], post=[]))
    with pytest.raises(TooFewData, match="twice"):
        secr(survey(posts, mask, cell, **one))
    with pytest.raises(TooFewData, match="pcall"):
        secr(survey(posts, mask, cell, **one, bearing=[1.0, 2, 3]), pcall=True)
    with pytest.raises(EcostatError, match="same place"):
        survey(np.zeros((2, 2)), mask, cell, animal=[0], post=[0])
    with pytest.raises(EcostatError, match="numbered"):
        survey(posts, mask, cell, animal=[0], post=[3])
    with pytest.raises(EcostatError, match="not in use"):
        survey(posts, mask, cell, animal=[0], post=[0], usage=[[0], [1], [1]])
    with pytest.raises(EcostatError, match="two different bearings"):
        survey(posts, mask, cell, animal=[0, 0], post=[0, 0], bearing=[10.0, 20.0])
    twice = survey(posts, mask, cell, animal=[0, 0], post=[0, 0], bearing=[10.0, 10.0])
    assert len(twice.post) == 1
    with pytest.raises(EcostatError, match=r"mask.*is missing"):
        survey(posts, [[np.nan, 0]], cell, animal=[0], post=[0])
    with pytest.raises(EcostatError, match="two posts on one occasion"):
        secr(survey(posts, mask, cell, animal=[0, 0, 1, 2], post=[0, 1, 2, 1]), detector="multi")


def test_camera_rates_carry_the_variance_between_cameras():
    """Cochran's ratio estimator, written out."""
    y, d = np.array([3.0, 0, 7, 2, np.nan]), np.array([30.0, 20, 35, 0, 40])
    with pytest.raises(EcostatError, match="no days"):
        encounter_rate(y, d)
    y[3] = 0
    got = encounter_rate(y, d)
    rate = 10 / 85
    by_hand = math.sqrt(3 / 2 * ((y[:3] - rate * d[:3]) ** 2).sum()) / 85
    assert (got.rate, got.se) == pytest.approx((100 * rate, 100 * by_hand))
    assert got.cameras == 3 and got.naive == pytest.approx(2 / 3) and np.isnan(got.each[3:]).all()
    assert got.lower < got.rate < got.upper


def test_no_event_is_not_zero():
    got = encounter_rate(np.zeros(5), np.full(5, 20.0))
    assert got.rate == 0 and got.upper == pytest.approx(100 * -math.log(0.025) / 100)
    assert "below" in got.message and np.isnan(got.se)
    with pytest.raises(TooFewData):
        encounter_rate([3.0], [10.0])
    with pytest.raises(TooFewData, match="below"):
        rem(np.zeros(5), np.full(5, 20.0), speed=1.0, radius=0.01, angle=0.7)


def test_camera_rate_limits_cover():
    rng, inside = np.random.default_rng(3), []
    for _ in range(1000):
        days = rng.integers(20, 40, 40)
        got = encounter_rate(rng.poisson(rng.gamma(2, 0.03, 40) * days), days)
        inside.append(got.lower < 6 < got.upper)
    assert np.mean(inside) == pytest.approx(0.95, abs=0.025)


def test_random_encounters_follow_their_equation():
    """D = (y / t) π / (v r (2 + θ)): 10 encounters in 100 days, 2 km a day, 10 m, 0.7 rad."""
    y, d = np.array([2.0, 3, 1, 4]), np.full(4, 25.0)
    got = rem(y, d, speed=2.0, radius=0.01, angle=0.7)
    assert got.density == pytest.approx(0.1 * math.pi / (2.0 * 0.01 * 2.7))
    assert "too narrow" in got.message
    wider = rem(y, d, speed=2.0, radius=0.01, angle=0.7, speed_se=0.4, radius_se=0.001, angle_se=0.05)
    assert wider.cv**2 == pytest.approx(got.cv**2 + 0.04 + 0.01 + (0.05 / 2.7) ** 2)
    assert sum(wider.shares.values()) == pytest.approx(1)
    boot = rem_bootstrap(y, d, speed=2.0, radius=0.01, angle=0.7, times=2000, rng=np.random.default_rng(9))
    assert boot.se[0] == pytest.approx(got.se * math.sqrt(3 / 4), rel=0.1)
    with pytest.raises(EcostatError, match="metres"):
        rem(y, d, speed=2.0, radius=10.0, angle=0.7)
    with pytest.raises(EcostatError, match="radians"):
        rem(y, d, speed=2.0, radius=0.01, angle=42.0)


def test_a_walk_past_cameras_gives_back_its_density():
    """Straight walkers in a square with wrapped edges, a circular zone (θ = 2π, so 2 + θ is the perimeter
    law)."""
    rng, side, radius, step = np.random.default_rng(10), 1.0, 0.02, 0.002
    cameras = rng.random((40, 2)) * side
    animals, seen, hours = 60, np.zeros(40), 400
    at, heading = rng.random((animals, 2)) * side, rng.random(animals) * 2 * math.pi
    before = None
    for _ in range(hours):
        heading += rng.normal(0, 0.05, animals)
        at = (at + step * np.column_stack([np.cos(heading), np.sin(heading)])) % side
        gap = np.abs(at[:, None] - cameras)
        now = (np.minimum(gap, side - gap) ** 2).sum(axis=2) < radius**2
        if before is not None:
            seen += (now & ~before).sum(axis=0)
        before = now
    travelled = step * hours  # km walked in the whole time, taken as one day
    # a circle of radius r is crossed at a rate 2 r v D; the sector formula counts its arc and two radii
    density = seen.sum() / 40 / (2 * radius * travelled)
    got = rem(seen, np.ones(40), speed=travelled, radius=radius, angle=2 * math.pi)
    assert density == pytest.approx(60, rel=0.12)
    assert got.density == pytest.approx(density * 2 * math.pi / (2 + 2 * math.pi))


def cameras(seed: int, shift: float = 0.0, density: float = 20e-6):
    """A grid of posts over animals, σ 150 m; half of the posts miss a share `shift` of what passes."""
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(6) * 200.0, np.arange(6) * 200.0)
    posts = np.column_stack([x.ravel(), y.ravel()])
    mask, cell = buffer_mask(posts, 500, 50)
    homes = mask[rng.integers(len(mask), size=rng.poisson(density * cell * len(mask)))]
    chance = 0.3 * np.exp(-(np.hypot(*(homes[:, None] - posts).transpose(2, 0, 1)) ** 2) / (2 * 150.0**2))
    chance[:, posts[:, 0] < 500] *= 1 - shift
    seen = rng.random((5, *chance.shape)) < chance
    occasion, animal, post = np.nonzero(seen)
    return survey(posts, mask, cell, animal=animal, post=post, occasion=occasion, occasions=5)


@pytest.mark.filterwarnings("ignore::ecostat.likelihood.Truncated")
def test_the_fit_of_capture_is_checked_by_simulation():
    good = secr(cameras(3), g0=None)
    result = goodness(good, times=40, rng=np.random.default_rng(1))
    assert result.failed == 0 and result.p_value["chi-square"] > 0.05 and 0.6 < result.c_hat < 1.6
    bad = secr(cameras(3, shift=0.8, density=80e-6), g0=None)
    assert goodness(bad, times=40, rng=np.random.default_rng(1)).p_value["chi-square"] < 0.05


@pytest.mark.filterwarnings("ignore::ecostat.likelihood.Truncated")
@pytest.mark.parametrize("detector", ["proximity", "multi"])
def test_drawn_captures_have_the_mean_that_is_expected(detector):
    fit = (
        secr(cameras(5), g0=None)
        if detector == "proximity"
        else secr(once(cameras(5)), g0=None, detector="multi")
    )
    rng, model = np.random.default_rng(2), fit.model
    drawn = [fit.simulate(rng)[0] for _ in range(300)]
    at_posts = np.mean([np.bincount(s.post, minlength=36) for s in drawn], axis=0)
    expected = expected_at_posts(model.ready[0], fit.at, float(fit.density[0]))
    assert at_posts == pytest.approx(expected, rel=0.2)
    assert np.mean([s.animals for s in drawn]) == pytest.approx(
        float(fit.density[0] * fit.effective_area[0]), rel=0.05
    )


def once(s):
    """The same survey with one detection of each animal on each occasion."""
    _, first = np.unique(np.column_stack([s.animal, s.occasion]), axis=0, return_index=True)
    kept = np.sort(first)
    return replace(
        s, animal=s.animal[kept], occasion=s.occasion[kept], post=s.post[kept], bearing=s.bearing[kept]
    )
