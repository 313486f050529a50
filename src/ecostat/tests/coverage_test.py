"""Rates whose limits hold: over sites, over correlated years, and what is refused because it would not."""

from typing import Any

import numpy as np
import pytest

from ecostat.errors import EcostatError, TooFewData
from ecostat.trend import living_planet, log_slope, slope_over_sites, smooth_index, trim


def swinging(rng: np.random.Generator, sites: int = 25, years: int = 10) -> tuple[np.ndarray, ...]:
    """Counts around log-normal means that swing slowly, each site on its own."""
    noise = np.zeros((sites, years))
    noise[:, 0] = rng.normal(0, 0.5, sites)
    for i in range(1, years):
        noise[:, i] = 0.7 * noise[:, i - 1] + rng.normal(0, 0.35, sites)
    logs = 2 + rng.normal(0, 0.7, (sites, 1)) - 0.04 * np.arange(years) + noise
    count = rng.poisson(np.exp(logs)).astype(float)
    count[rng.random(count.shape) < 0.15] = np.nan
    return np.repeat(np.arange(sites), years), np.tile(np.arange(2000, 2000 + years), sites), count.ravel()


def test_the_rate_over_sites_is_that_of_trim_without_change_points() -> None:
    data = swinging(np.random.default_rng(1))
    found = slope_over_sites(*data)
    assert found.slope.log == pytest.approx(trim(*data, model=2).slopes[0].log, rel=1e-8)
    assert found.n == int((~np.isnan(data[2])).sum()) and found.sites == 25


def test_its_error_is_that_of_leaving_out_each_site() -> None:
    site, year, count = swinging(np.random.default_rng(2), sites=12)
    found = slope_over_sites(site, year, count)
    full = trim(site, year, count, model=2).slopes[0].log
    apart = [
        trim(*(c[site != s] for c in (site, year, count)), model=2).slopes[0].log - full for s in range(12)
    ]
    jackknife = np.sqrt(11 / 12 * np.sum(np.square(apart)))
    assert found.slope.log_se == pytest.approx(jackknife, rel=0.06)


def test_limits_over_sites_hold_the_truth_where_those_of_trim_do_not() -> None:
    rng = np.random.default_rng(3)
    over, model = 0, 0
    for _ in range(120):
        data = swinging(rng)
        found = slope_over_sites(*data)
        over += found.log_lower <= -0.04 <= found.log_upper
        fitted = trim(*data, model=2, overdispersion=True, serial=True).slopes[0]
        model += fitted.lower <= np.exp(-0.04) <= fitted.upper
    assert over >= 108 and model < 100


def test_covariates_of_visits_are_told_apart_from_the_rate() -> None:
    rng = np.random.default_rng(4)
    site, year, _ = swinging(rng, sites=40)
    rain = rng.normal(0, 1, site.size) + 0.2 * (year - 2004)  # later visits were wetter
    mean = np.exp(2 + rng.normal(0, 0.5, 40)[site] - 0.03 * (year - 2000) - 0.3 * rain)
    count = rng.poisson(mean).astype(float)
    found = slope_over_sites(site, year, count, covariates=rain)
    assert abs(found.slope.log + 0.03) < 3 * found.slope.log_se < 0.05
    assert abs(found.covariates[0] + 0.3) < 4 * found.covariates_se[0]
    assert slope_over_sites(site, year, count).slope.log < -0.06  # what is left out is taken for change


def test_weights_make_up_for_a_class_drawn_too_often() -> None:
    rng = np.random.default_rng(5)
    site, year = np.repeat(np.arange(60), 8), np.tile(np.arange(8), 60)
    often = site < 45  # a quarter of the country gave three quarters of the sites
    count = rng.poisson(np.exp(4 + np.where(often, -0.1, 0.1) * (year - 3.5))).astype(float)
    plain = slope_over_sites(site, year, count).slope.log
    even = slope_over_sites(site, year, count, weights=np.where(often, 1 / 3, 3.0)).slope.log
    assert plain < -0.04 and even > 0.04
    assert slope_over_sites(site, year, count, weights=np.full(480, 7.0)).slope.log == pytest.approx(plain)
    with pytest.raises(EcostatError, match="weights are one number a site"):
        slope_over_sites(site, year, count, weights=np.arange(1.0, 481))


@pytest.mark.parametrize(
    ("change", "error", "named"),
    [
        ({"covariates": np.ones(250)}, TooFewData, "covariates"),
        ({"covariates": np.ones(3)}, EcostatError, "covariates"),
        ({"weights": np.ones(3)}, EcostatError, "weights"),
        ({"level": 1.5}, EcostatError, "level"),
        ({"site": np.zeros(250)}, EcostatError, "site"),
    ],
)
def test_what_tells_nothing_is_refused(change: dict[str, Any], error: type, named: str) -> None:
    site, year, count = swinging(np.random.default_rng(6))
    with pytest.raises(error, match=named):
        slope_over_sites(**{"site": site, "year": year, "count": count, **change})


def test_limits_of_the_smooth_index_are_wider_for_few_sites_than_its_resamples() -> None:
    data = swinging(np.random.default_rng(7), sites=12)
    found = smooth_index(*data, rng=np.random.default_rng(8))
    low, high = np.quantile(found.replicates[:, 1:], [0.025, 0.975], axis=0)
    assert (found.lower[1:] < low).all() and (found.upper[1:] > high).all()
    assert (found.lower <= found.index).all() and (found.index <= found.upper).all()


def test_limits_that_take_the_changes_of_a_species_for_independent_are_refused_or_told() -> None:
    rng = np.random.default_rng(9)
    rows, year = np.repeat(np.arange(20), 12), np.tile(np.arange(12), 20)
    value = np.exp(3 + rng.normal(0, 0.05, 20)[rows] * year)
    with pytest.raises(EcostatError, match=r"resample=.*36 %"):
        living_planet(rows, rows, year, value, rng=rng, resample="year")  # type: ignore[arg-type]
    told = living_planet(rows, rows, year, value, rng=rng, resample="published")
    whole = living_planet(rows, rows, year, value, rng=rng)
    assert "far too narrow" in told.message and "far too narrow" not in whole.message
    assert told.upper[-1] - told.lower[-1] < 0.6 * (whole.upper[-1] - whole.lower[-1])


def test_the_rate_of_a_series_says_how_often_its_limits_hold():
    rng = np.random.default_rng(6)
    noise = np.zeros(40)
    for t in range(1, 40):
        noise[t] = 0.85 * noise[t - 1] + rng.normal(0, 0.2)
    few = log_slope(np.arange(12), np.exp(noise[:12] + 0.02 * np.arange(12)))
    assert "84 to 93 % at 0.8" in few.covers
    assert "narrower than they say" in few.message or few.correlation < 0.6
    many = log_slope(np.arange(40), np.exp(noise))
    assert "93 % at 0.8" in many.covers and "narrower" not in many.message
    assert "independent" in log_slope(np.arange(40), np.exp(noise), serial=False).covers
