"""Patrol effort and what finds mean: hand-made walks, published figures, simulated truth, bad input."""

import numpy as np
import pytest

from ecostat.effort import coverage, encounter_rate, hotspots, threat_trend
from ecostat.effort.coverage import without_spikes
from ecostat.errors import EcostatError, TooFewData

WALK = {"cell": 1.0, "max_gap": 1e6, "max_speed": 1e6}


# coverage


def test_a_leg_leaves_its_exact_length_in_every_cell_it_crosses() -> None:
    got = coverage([1, 1], [0.5, 2.5], [0.25, 1.25], [0, 7200], bounds=(0, 0, 3, 2), **WALK)
    whole = np.hypot(2, 1)
    # enters x=1 at y=0.5, y=1 at x=2: the corner shared by four cells, so the fourth stays empty
    np.testing.assert_allclose(got.length, whole * np.array([[0.25, 0.5, 0], [0, 0, 0.25]]), atol=1e-12)
    np.testing.assert_allclose(got.hours, 2 * np.array([[0.25, 0.5, 0], [0, 0, 0.25]]), atol=1e-12)
    assert got.patrols.sum() == 3 and got.outside_m == pytest.approx(0)


def test_walking_back_gives_the_same_cells() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.random(200) * 40, rng.random(200) * 30
    there = coverage(np.zeros(200), x, y, np.arange(200), bounds=(0, 0, 40, 30), **WALK)
    back = coverage(np.zeros(200), x, y, np.arange(200)[::-1], bounds=(0, 0, 40, 30), **WALK)
    np.testing.assert_allclose(there.length, back.length, atol=1e-9)


def test_all_metres_are_accounted_for() -> None:
    rng = np.random.default_rng(2)
    track, time = np.repeat(np.arange(10), 60), np.tile(np.arange(60) * 60.0, 10)
    x, y = np.cumsum(rng.normal(0, 60, 600)), np.cumsum(rng.normal(0, 60, 600))
    time[track == 3] *= 40  # sparse fixes
    got = coverage(track, x, y, time, cell=100, max_gap=1000, max_speed=2.0, bounds=(-500, -500, 500, 500))
    keep = without_spikes(track, x, y, time, 2.0)
    step = np.hypot(np.diff(x[keep]), np.diff(y[keep]))[np.diff(track[keep]) == 0]
    assert got.spikes == (~keep).sum()
    assert got.kept_m + got.outside_m + got.gap_m + got.fast_m == pytest.approx(step.sum())
    assert got.gaps >= 1 and got.jumps >= 1 and got.outside_m > 0
    assert "Not drawn" in got.message and "outside the grid" in got.message


def test_the_sums_close_when_no_fix_is_stray() -> None:
    x, time = np.arange(1, 101) * 50.0, np.arange(100) * 60
    bounds = (0, 0, 2000, 100)
    got = coverage(np.zeros(100), x, np.zeros(100), time, cell=100, max_gap=100, max_speed=2, bounds=bounds)
    assert got.kept_m + got.outside_m == pytest.approx(99 * 50)
    assert got.length[0, 5] == pytest.approx(100)


def test_a_stray_fix_is_left_out_and_a_gap_is_not_drawn() -> None:
    x = [0, 100, 90_000, 200, 300, 5000]
    time = [0, 100, 150, 200, 300, 40_000]
    got = coverage(np.zeros(6), x, np.zeros(6), time, cell=50, max_gap=600, max_speed=3)
    assert (got.spikes, got.gaps, got.jumps) == (1, 1, 0)
    assert got.kept_m == pytest.approx(300)
    assert got.gap_m == pytest.approx(4700)


def test_a_jump_is_not_drawn() -> None:
    got = coverage(
        np.zeros(4), [0, 50, 9000, 9050], np.zeros(4), [0, 60, 120, 180], cell=50, max_gap=600, max_speed=3
    )
    assert got.jumps == 1 and got.kept_m == pytest.approx(100)


def test_patrols_are_counted_once_a_cell_however_often_they_return() -> None:
    x = [0.5, 1.5, 0.5, 1.5, 0.5, 1.5]
    got = coverage([1, 1, 1, 2, 2, 2], x, [0.5] * 6, [0, 1, 2, 0, 1, 2], bounds=(0, 0, 2, 1), **WALK)
    assert got.patrols.tolist() == [[2, 2]]


def test_the_share_seen_saturates() -> None:
    got = coverage([1, 1], [0, 1000], [50, 50], [0, 1000], cell=100, max_gap=2000, max_speed=2)
    share = got.seen_share(20)
    assert share.max() == pytest.approx(1 - np.exp(-0.2))


def test_a_grid_finds_the_cell_of_a_place() -> None:
    got = coverage([1, 1], [150, 950], [250, 250], [0, 1000], cell=100, max_gap=2000, max_speed=2)
    row, column = got.at([155, 940, 5000], [250, 299, 0])
    assert got.length[row[0], column[0]] > 0
    assert (row[2], column[2]) == (-1, -1)


# rates


def test_the_rate_and_its_error_equal_the_ratio_estimator() -> None:
    n, e = np.array([2.0, 0, 5, 1]), np.array([10.0, 4, 12, 6])
    got = encounter_rate(n, e)
    assert got.rate[0] == pytest.approx(8 / 32)
    by_hand = np.sqrt(4 / 3 * sum(ei**2 * (ni / ei - 0.25) ** 2 for ni, ei in zip(n, e, strict=True))) / 32
    assert got.se[0] == pytest.approx(by_hand)
    assert got.lower[0] < 0.25 < got.upper[0]


def test_rate_limits_hold_the_truth_when_finds_come_in_clusters() -> None:
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(400):
        e = rng.uniform(5, 15, 25)
        n = rng.poisson(0.4 * e * rng.gamma(2, 0.5, 25))
        got = encounter_rate(n, e)
        held += got.lower[0] < 0.4 < got.upper[0]
    assert 0.9 < held / 400 < 0.985


def test_no_find_has_an_upper_limit_and_no_effort_is_unknown() -> None:
    got = encounter_rate([0, 0, 0], [10, 20, 0], ["a", "a", "b"])
    assert got.rate[0] == 0 and got.upper[0] == pytest.approx(3.689 / 30, rel=1e-3)
    assert np.isnan(got.rate[1]) and np.isnan(got.upper[1])
    assert "without effort" in got.message


def test_patrols_all_alike_do_not_make_the_rate_certain() -> None:
    got = encounter_rate([1, 1], [10, 10])
    assert got.exact[0] and got.lower[0] < 0.05 and got.upper[0] > 0.3


# threat


def scheme(
    rng: np.random.Generator,
    share: np.ndarray,
    effort: np.ndarray,
    sites: int = 150,
    visits: int = 4,
    b: float = 0.5,
) -> tuple[np.ndarray, ...]:
    """Visits of seasons whose share under threat and mean effort are given."""
    rows = []
    for t, (psi, mean) in enumerate(zip(share, effort, strict=True)):
        under = rng.random(sites) < psi
        e = rng.gamma(2, mean / 2, (sites, visits))
        z = (rng.random(e.shape) < 1 - np.exp(-b * e)) & under[:, None]
        for i in range(sites):
            rows += [(z[i, j], e[i, j], i, 2020 + t) for j in range(visits)]
    return tuple(np.array(c, float) for c in zip(*rows, strict=True))


def test_a_steady_threat_is_not_mistaken_for_growth_when_effort_grows() -> None:
    rng = np.random.default_rng(4)
    share = np.full(5, 0.4)
    fit = threat_trend(*scheme(rng, share, np.array([0.3, 0.6, 1.2, 2.4, 4.8])))
    assert fit.naive[-1] > 1.7 * fit.naive[0]  # what the raw figures would claim
    assert fit.meaning == "not shown"
    assert np.abs((fit.occupancy - share) / fit.occupancy_se).max() < 3
    assert fit.detection == pytest.approx(0.5, abs=3 * fit.detection_se)


def test_a_growing_threat_is_seen_though_effort_falls() -> None:
    share = np.array([0.15, 0.22, 0.3, 0.4, 0.5])
    fit = threat_trend(*scheme(np.random.default_rng(5), share, np.array([3, 2.4, 1.8, 1.2, 0.8])))
    assert fit.meaning == "rising"
    slope = np.polyfit(np.arange(5), np.log(share / (1 - share)), 1)[0]
    assert fit.trend == pytest.approx(slope, abs=3 * fit.trend_se)


def test_threat_limits_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(6)
    share, effort = np.array([0.3, 0.5, 0.4]), np.array([1.0, 1.5, 2.0])
    held = 0
    for _ in range(80):
        fit = threat_trend(*scheme(rng, share, effort, sites=80))
        held += int(((fit.lower < share) & (share < fit.upper)).sum())
    assert 0.9 < held / 240 < 0.99


def test_a_season_without_finds_has_an_upper_limit_and_no_error() -> None:
    fit = threat_trend(*scheme(np.random.default_rng(7), np.array([0.4, 0.0, 0.3, 0.35]), np.ones(4)))
    assert fit.occupancy[1] == 0 and np.isnan(fit.occupancy_se[1])
    assert 0 < fit.upper[1] < 0.1
    assert "In 2021 nothing was found" in fit.message


def test_threat_without_finds_or_without_blank_visits_is_too_few_data() -> None:
    with pytest.raises(TooFewData, match="Nothing was ever found"):
        threat_trend([0, 0, 0], [1, 1, 1], [1, 1, 2], [1, 1, 1])
    with pytest.raises(TooFewData, match="in vain"):
        threat_trend([1, 0, 0], [1, 1, 1], [1, 2, 3], [1, 1, 1])
    with pytest.raises(EcostatError, match="without effort"):
        threat_trend([1, 0], [0, 1], [1, 1], [1, 1])


def test_rows_without_record_change_nothing_but_the_message() -> None:
    found, effort, site, season = scheme(np.random.default_rng(8), np.array([0.4, 0.5, 0.3]), np.ones(3))
    plain = threat_trend(found, effort, site, season)
    holed = threat_trend(
        np.append(found, [np.nan, 0]),
        np.append(effort, [3, 0]),
        np.append(site, [0, 1]),
        np.append(season, [2020, 2020]),
    )
    np.testing.assert_allclose(holed.occupancy, plain.occupancy, rtol=1e-6)
    assert "2 rows" in holed.message


# hotspots


def test_the_statistic_agrees_with_the_example_of_pysal() -> None:
    x, y = [10, 20, 40, 15, 30, 30], [10, 10, 10, 20, 20, 30]
    got = hotspots([2, 3, 3.2, 5, 8, 7], x, y, 15)
    expected = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    np.testing.assert_allclose(got.z, expected, atol=1e-7)


def test_even_risk_over_uneven_effort_has_no_hotspot_and_a_true_one_is_found() -> None:
    rng = np.random.default_rng(9)
    gx, gy = (v.ravel().astype(float) for v in np.meshgrid(np.arange(25), np.arange(25)))
    effort = np.exp(1.5 * np.sin(gx / 5)) * 4
    even = rng.poisson(0.5 * effort)
    assert (hotspots(even, gx, gy, 2.1, effort=effort).kind != "").mean() < 0.02
    assert (hotspots(even, gx, gy, 2.1).kind == "hot").mean() > 0.1  # raw counts show the effort instead
    core = np.hypot(gx - 18, gy - 18) < 3
    risky = rng.poisson(np.where(core, 3.0, 1.0) * 0.5 * effort)
    got = hotspots(risky, gx, gy, 2.1, effort=effort)
    assert (got.kind[core] == "hot").mean() > 0.8
    assert (got.kind[np.hypot(gx - 18, gy - 18) > 6] == "hot").mean() < 0.03


def test_finds_that_come_in_bunches_are_no_hotspot_by_themselves() -> None:
    rng = np.random.default_rng(12)
    gx, gy = (v.ravel().astype(float) for v in np.meshgrid(np.arange(20), np.arange(20)))
    effort = rng.gamma(3, 2, gx.size)
    bunched = rng.poisson(effort * rng.gamma(1.5, 1 / 1.5, gx.size))
    got = hotspots(bunched, gx, gy, 2.1, effort=effort)
    assert got.dispersion > 3
    assert (got.kind == "hot").mean() < 0.02


def test_places_without_survey_stay_unknown() -> None:
    rng = np.random.default_rng(10)
    x, y = rng.random(60) * 10, rng.random(60) * 10
    effort = np.ones(60)
    effort[:5] = 0
    value = rng.poisson(3, 60).astype(float)
    value[:5] = np.nan
    got = hotspots(value, x, y, 2.5, effort=effort)
    assert (got.kind[:5] == "unknown").all() and np.isnan(got.z[:5]).all()
    assert "5 places without survey" in got.message


def test_equal_values_nothing_found_and_finds_without_effort_are_refused() -> None:
    x = np.arange(6.0)
    with pytest.raises(TooFewData, match="equal"):
        hotspots(np.full(6, 2), x, x, 2)
    with pytest.raises(TooFewData, match="Nothing was found"):
        hotspots(np.zeros(6), x, x, 2, effort=np.ones(6))
    with pytest.raises(EcostatError, match="without effort"):
        hotspots([1, 0, 0, 0, 0, 0], x, x, 2, effort=[0, 1, 1, 1, 1, 1])


def test_coverage_refuses_what_it_cannot_place() -> None:
    with pytest.raises(TooFewData):
        coverage([1, 1], [np.nan, np.nan], [0, 0], [0, 1], **WALK)
    with pytest.raises(EcostatError, match="too many"):
        coverage([1, 1], [0, 1e9], [0, 1e9], [0, 1], cell=1, max_gap=10, max_speed=10)
    lone = coverage([1], [5.0], [5.0], [0.0], **WALK)
    assert lone.kept_m == 0 and lone.length.shape == (1, 1)
    same = coverage([1, 1], [5.0, 5.0], [5.0, 5.0], [0.0, 3600.0], **WALK)
    assert same.kept_m == 0 and same.hours.sum() == pytest.approx(1) and same.patrols.sum() == 1
