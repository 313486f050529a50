"""Spatially balanced samples and power: published tables, simulated truth, and asks that cannot be met."""

import csv
from pathlib import Path

import numpy as np
import pytest
import shapely

from ecostat.errors import EcostatError, Infeasible, TooFewData
from ecostat.sampling import (
    halton,
    local_variance,
    occupancy_design,
    occupancy_power,
    occupancy_se,
    occupancy_sites,
    occupancy_sites_for_change,
    sample_areas,
    sample_lines,
    sample_points,
    simulate_trend_power,
    spatial_balance,
    trend_power,
    trend_sites,
)
from ecostat.sampling.variance import neighbour_weights


def square(x: float, y: float, side: float) -> shapely.Polygon:
    return shapely.box(x, y, x + side, y + side)


# published and computed elsewhere


def test_the_halton_sequence_starts_as_in_its_paper() -> None:
    np.testing.assert_allclose(halton(5)[:, 0], [0, 1 / 2, 1 / 4, 3 / 4, 1 / 8])
    np.testing.assert_allclose(halton(5)[:, 1], [0, 1 / 3, 2 / 3, 1 / 9, 4 / 9])
    np.testing.assert_allclose(halton(40, (7, 11))[:, 0], halton(60)[7:47, 0])
    np.testing.assert_allclose(halton(40, (7, 11))[:, 1], halton(60)[11:51, 1])


@pytest.mark.parametrize(
    ("p", "visits"),
    [
        (0.1, [14, 15, 16, 17, 18, 20, 23, 26, 34]),
        (0.2, [7, 7, 8, 8, 9, 10, 11, 13, 16]),
        (0.3, [5, 5, 5, 5, 6, 6, 7, 8, 10]),
        (0.5, [3, 3, 3, 3, 3, 3, 4, 4, 5]),
    ],
)
def test_the_best_number_of_visits_is_that_of_mackenzie_and_royle_table_1(
    p: float, visits: list[int]
) -> None:
    assert [occupancy_design(psi / 10, p, 0.05).visits for psi in range(1, 10)] == visits


@pytest.mark.outside
def test_400_points_are_covered_far_more_evenly_than_by_chance(shared: Path) -> None:
    with open(shared / "data/reference/bas_400.csv", encoding="utf-8") as file:
        at = np.array(list(csv.reader(file))[1:], float)
    rng = np.random.default_rng(1)
    even = np.full(400, 40 / 400)
    ours = [
        spatial_balance(at[:, 0], at[:, 1], even, sample_points(at[:, 0], at[:, 1], 40, rng=rng).unit)
        for _ in range(60)
    ]
    chance = [spatial_balance(at[:, 0], at[:, 1], even, rng.choice(400, 40, False)) for _ in range(60)]
    assert np.mean(ours) < 0.6 * np.mean(chance)


# chances are what they are said to be


def test_points_are_drawn_as_often_as_their_size_asks() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.random(60), rng.random(60)
    size = rng.uniform(1, 6, 60)
    times = np.zeros(60)
    for _ in range(3000):
        drawn = sample_points(x, y, 12, rng=rng, size=size, reserve=5)
        times[drawn.unit[drawn.main()]] += 1
    said = 12 * size / size.sum()
    z = (times / 3000 - said) / np.sqrt(said * (1 - said) / 3000)
    assert np.abs(z).max() < 4.5
    np.testing.assert_allclose(drawn.inclusion, said[drawn.unit])


def test_a_unit_larger_than_the_step_is_drawn_for_certain() -> None:
    rng = np.random.default_rng(3)
    size = np.ones(30)
    size[7] = 100
    for _ in range(20):
        drawn = sample_points(rng.random(30), rng.random(30), 5, rng=rng, size=size)
        assert (drawn.unit == 7).sum() == 1
        assert drawn.inclusion[drawn.unit == 7][0] == 1
        assert len(set(drawn.unit)) == 5


def test_areas_get_places_by_area_and_by_density() -> None:
    rng = np.random.default_rng(4)
    polygons = [square(0, 0, 1), square(1, 0, 1), square(0, 1, 1), square(3, 3, 1)]
    counts, dense = np.zeros(4), np.zeros(4)
    for _ in range(400):
        counts += np.bincount(sample_areas(polygons, 12, rng=rng).unit, minlength=4)
        dense += np.bincount(sample_areas(polygons, 12, rng=rng, density=[1, 1, 1, 3]).unit, minlength=4)
    np.testing.assert_allclose(counts / 400, 3, atol=0.15)
    np.testing.assert_allclose(dense / 400, [2, 2, 2, 6], atol=0.25)


def test_places_lie_inside_and_weights_sum_to_the_area() -> None:
    rng = np.random.default_rng(5)
    ring = shapely.Point(0, 0).buffer(3).difference(shapely.Point(0, 0).buffer(1))
    drawn = sample_areas([ring], 50, rng=rng, reserve=10)
    assert shapely.intersects(ring, shapely.points(drawn.x, drawn.y)).all()
    assert drawn.weight[drawn.main()].sum() == pytest.approx(ring.area)
    assert drawn.reserve.sum() == 10


def test_lines_get_places_by_length() -> None:
    rng = np.random.default_rng(6)
    lines = [shapely.LineString([(0, 0), (3, 0)]), shapely.LineString([(0, 1), (1, 1)])]
    times = np.zeros(2)
    along = []
    for _ in range(300):
        drawn = sample_lines(lines, 8, rng=rng)
        times += np.bincount(drawn.unit, minlength=2)
        along += list(drawn.x[drawn.unit == 0])
        assert (np.array([0.0, 1.0])[drawn.unit] == drawn.y).all()
    np.testing.assert_allclose(times / 300, [6, 2], atol=0.1)
    assert np.mean(along) == pytest.approx(1.5, abs=0.05)


def test_strata_get_exactly_their_sizes_and_their_reserve() -> None:
    rng = np.random.default_rng(7)
    x, y = rng.random(100), rng.random(100)
    strata = np.where(x < 0.3, "low", "high")
    drawn = sample_points(x, y, {"low": 6, "high": 9}, rng=rng, strata=strata, reserve=2)
    assert ((drawn.stratum == "low") & ~drawn.reserve).sum() == 6
    assert ((drawn.stratum == "high") & drawn.reserve).sum() == 2
    assert (strata[drawn.unit] == drawn.stratum).all()


def test_any_first_part_of_a_sample_is_itself_spread_out() -> None:
    rng = np.random.default_rng(8)
    x, y = rng.random(2000), rng.random(2000)
    quarters = []
    for _ in range(40):
        drawn = sample_points(x, y, 64, rng=rng)
        first = drawn.unit[:16]
        quarters.append(np.bincount((x[first] > 0.5) * 2 + (y[first] > 0.5), minlength=4))
    assert np.std(quarters) < 1.2  # chance alone gives 1.73


# variance


def test_neighbour_weights_sum_to_one_both_ways() -> None:
    rng = np.random.default_rng(9)
    among = neighbour_weights(rng.random((40, 2)), rng.uniform(1, 3, 40))
    np.testing.assert_allclose(among.sum(axis=0), 1, atol=1e-3)
    np.testing.assert_allclose(among.sum(axis=1), 1, atol=1e-8)
    assert ((among > 0).sum(axis=1) >= 4).all()


def test_the_local_variance_follows_the_spread_of_estimates_over_samples() -> None:
    rng = np.random.default_rng(10)
    x, y = rng.random(4000), rng.random(4000)
    value = 10 + 6 * np.sin(3 * x) + 4 * y + rng.normal(0, 0.5, 4000)
    means, ses, apart, held = [], [], [], 0
    for _ in range(150):
        drawn = sample_points(x, y, 40, rng=rng)
        got = local_variance(value[drawn.unit], drawn.weight, drawn.x, drawn.y)
        means.append(got.mean)
        ses.append(got.mean_se)
        apart.append(got.mean_se_independent)
        held += got.lower < value.mean() < got.upper
    assert np.mean(means) == pytest.approx(value.mean(), abs=0.05)
    assert 0.8 < np.mean(ses) / np.std(means) < 1.6
    assert np.mean(apart) > 1.8 * np.mean(ses)
    assert held / 150 > 0.9


def test_a_place_not_surveyed_is_left_out_and_told_never_taken_for_zero() -> None:
    rng = np.random.default_rng(11)
    x, y = rng.random(20), rng.random(20)
    value = np.full(20, 3.0)
    value[:4] = np.nan
    got = local_variance(value, np.full(20, 5.0), x, y)
    assert (got.mean, got.total, got.missing, got.n) == (pytest.approx(3), pytest.approx(300), 4, 16)
    assert "4 not surveyed" in got.message


# power


def test_the_occupancy_error_is_that_of_simulated_surveys() -> None:
    rng = np.random.default_rng(12)
    psi, p, visits, sites = 0.6, 0.4, 5, 200
    occupied = rng.random((4000, sites)) < psi
    seen = rng.binomial(visits, p, occupied.shape) * occupied
    found, total = (seen > 0).sum(axis=1), seen.sum(axis=1)
    # the likelihood depends on these two sums alone: solve p from total / found, then psi
    ratio = total / found
    guess = np.full(4000, p)
    for _ in range(100):
        guess = ratio * (1 - (1 - guess) ** visits) / visits
    estimate = found / sites / (1 - (1 - guess) ** visits)
    assert occupancy_se(psi, p, sites, visits) == pytest.approx(estimate.std(), rel=0.05)


def test_the_sites_asked_for_reach_the_aim_and_one_less_does_not() -> None:
    n = occupancy_sites(0.4, 0.3, 4, 0.05)
    assert occupancy_se(0.4, 0.3, n, 4) <= 0.05 < occupancy_se(0.4, 0.3, n - 1, 4)
    n = occupancy_sites_for_change(0.6, 0.4, 0.5, 4)
    assert occupancy_power(0.6, 0.4, 0.5, n, 4).power >= 0.8 > occupancy_power(0.6, 0.4, 0.5, n - 1, 4).power


def test_no_change_is_found_as_often_as_the_level_says() -> None:
    assert occupancy_power(0.5, 0.5, 0.4, 100, 4).power == pytest.approx(0.05)
    assert trend_power(0.0, 10, 20, 10).power == pytest.approx(0.05)
    assert trend_power(0.0, 10, 20, 10, year_sd=0.1).power == pytest.approx(0.05)


@pytest.mark.parametrize(("dispersion", "year_sd"), [(2.0, 0.0), (1.0, 0.15)])
def test_the_formula_for_trends_agrees_with_simulated_schemes(dispersion: float, year_sd: float) -> None:
    rng = np.random.default_rng(13)
    said = trend_power(-0.04, 10, 15, 8, dispersion=dispersion, year_sd=year_sd, seen=0.8)
    found = simulate_trend_power(
        -0.04, 10, 15, 8, rng=rng, dispersion=dispersion, year_sd=year_sd, seen=0.8, draws=300
    )
    assert said.power == pytest.approx(found.power, abs=0.08)
    assert said.se == pytest.approx(found.se, rel=0.2)


def test_the_sites_for_a_trend_reach_the_power_and_one_less_does_not() -> None:
    n = trend_sites(-0.03, 10, 5, dispersion=2)
    assert trend_power(-0.03, 10, n, 5, dispersion=2).power >= 0.8
    assert trend_power(-0.03, 10, n - 1, 5, dispersion=2).power < 0.8


# asks that cannot be met


def test_what_cannot_be_drawn_is_refused_by_name() -> None:
    rng = np.random.default_rng(14)
    with pytest.raises(TooFewData, match="5 places were asked of 3"):
        sample_points([0, 1, 2], [0, 0, 0], 5, rng=rng)
    with pytest.raises(EcostatError, match="overlap"):
        sample_areas([square(0, 0, 2), square(1, 1, 2)], 5, rng=rng)
    with pytest.raises(EcostatError, match="crosses itself"):
        sample_areas([shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 1)])], 5, rng=rng)
    with pytest.raises(EcostatError, match="no area"):
        sample_areas([shapely.Polygon([(0, 0), (1, 1), (2, 2)])], 5, rng=rng)
    with pytest.raises(EcostatError, match=r"x\[1\] is missing"):
        sample_points([0, np.nan], [0, 0], 1, rng=rng)
    with pytest.raises(EcostatError, match="without a size"):
        sample_points([0, 1], [0, 0], {"a": 1}, rng=rng, strata=["a", "b"])
    with pytest.raises(EcostatError, match="above zero"):
        sample_points([0, 1], [0, 0], 1, rng=rng, size=[1, 0])


def test_points_on_one_spot_are_still_drawn_each_at_most_once() -> None:
    rng = np.random.default_rng(15)
    drawn = sample_points(np.zeros(30), np.zeros(30), 10, rng=rng)
    assert len(set(drawn.unit)) == 10


def test_too_few_values_have_no_neighbourhood() -> None:
    with pytest.raises(TooFewData):
        local_variance([1, 2, 3, np.nan], [1] * 4, [0, 1, 2, 3], [0] * 4)


def test_swings_shared_by_all_sites_cannot_be_bought_off_with_sites() -> None:
    with pytest.raises(Infeasible, match="more years"):
        trend_sites(-0.02, 5, 10, year_sd=0.3)
    with pytest.raises(Infeasible):
        occupancy_sites_for_change(0.5, 0.5, 0.4, 4)


def test_one_visit_cannot_give_occupancy() -> None:
    with pytest.raises(EcostatError, match="visits = 1 lies below 2"):
        occupancy_se(0.5, 0.5, 10, 1)


@pytest.mark.parametrize(("inclusion", "named"), [([0.5, 1.5], "inclusion"), ([0.0, 1.0], "sampled")])
def test_the_balance_of_a_sample_that_could_not_be_drawn_is_refused(inclusion, named):
    with pytest.raises(EcostatError, match=named):
        spatial_balance([0.0, 1.0], [0.0, 1.0], inclusion, [0])
