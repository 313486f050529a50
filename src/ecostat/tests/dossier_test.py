"""From records to a Red List dossier: every figure against its plain definition, and what is left open."""

import json
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from pyproj import Geod

from ecostat.errors import EcostatError, TooFewData, TooFewPoints
from ecostat.extent import aoo, aoo_cells, eoo, locations
from ecostat.redlist import assess, classify, reduction
from ecostat.redlist.patches import patches, subpopulations, tenth_of_the_widest
from ecostat.trend import log_slope

EARTH = Geod(a=6371008.8, b=6371008.8)


def places(n: int = 60, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.vstack([rng.normal((103.1, 22.4), 0.04, (n, 2)), rng.normal((103.6, 22.0), 0.03, (n // 2, 2))])


def test_the_figures_are_those_of_the_single_methods() -> None:
    at = places()
    found = assess(at, threat_m=10_000, continuing_decline="iii", plausible_threat=False)
    lon, lat = at.T
    assert found.eoo_km2 == eoo(lon, lat) and found.aoo == aoo(lon, lat)
    assert found.locations is not None and found.locations.count == locations(lon, lat, 10_000)
    assert found.assessment == classify(found.evidence)
    assert found.code.startswith(found.category) and found.n == found.records == len(at)


def test_cells_and_hull_are_a_map_that_holds_every_record() -> None:
    at = places()
    found = assess(at)
    assert len(found.cells) == found.aoo.cells
    for lon, lat in at:
        inside = (
            (found.cells[:, 0, 0] <= lon + 1e-9)
            & (lon <= found.cells[:, 2, 0] + 1e-9)
            & (found.cells[:, 0, 1] <= lat + 1e-9)
            & (lat <= found.cells[:, 2, 1] + 1e-9)
        )
        assert inside.any()
    area = [abs(Geod(ellps="WGS84").polygon_area_perimeter(*ring.T)[0]) / 1e6 for ring in found.cells]
    np.testing.assert_allclose(area, 4.0, rtol=1e-4)
    shapes = json.loads(found.geojson())["features"]
    assert [s["properties"]["kind"] for s in shapes].count("cell") == found.aoo.cells
    assert shapes[0]["properties"]["kind"] == "hull"


def test_cells_run_on_past_the_antimeridian() -> None:
    rings = aoo_cells([179.99, -179.99, 179.97], [0, 0, 0.05])
    assert rings[..., 0].min() > 179 and rings[..., 0].max() < 181
    assert len(rings) == aoo([179.99, -179.99, 179.97], [0, 0, 0.05]).cells


def test_subpopulations_are_places_within_reach_by_steps() -> None:
    rng = np.random.default_rng(4)
    lon, lat = rng.uniform(103, 104, 80), rng.uniform(22, 23, 80)
    label = np.arange(80)
    for i, j in combinations(range(80), 2):
        if EARTH.inv(lon[i], lat[i], lon[j], lat[j])[2] <= 8000:
            label[label == label[j]] = label[i]
    found = subpopulations(lon, lat, 8000)
    assert len(np.unique(found)) == len(np.unique(label)) > 5
    assert len(np.unique(np.column_stack([found, label]), axis=0)) == len(np.unique(label))
    widest = max(EARTH.inv(lon[i], lat[i], lon[j], lat[j])[2] for i, j in combinations(range(80), 2))
    assert tenth_of_the_widest(lon, lat) == pytest.approx(widest / 10, rel=1e-6)


def test_fragmentation_counts_cells_in_small_patches_far_from_others() -> None:
    # a patch of four cells, one of two cells near it, and two lone cells far away
    cell = np.array([(0, 0), (0, 1), (1, 0), (1, 1), (3, 0), (4, 1), (90, 0), (0, 90)])
    lon, lat = 103 + cell[:, 0] * 0.02, 22 + cell[:, 1] * 0.02
    found = patches(cell, lon, lat)
    assert sorted(found.cells) == [1, 1, 2, 4]
    assert found.small_and_far(4, 10_000) == 2 / 8  # the pair is small, but near the four
    assert found.small_and_far(4, 1_000) == 4 / 8
    assert found.small_and_far(5, 1_000) == 1.0
    assert found.small_and_far(1, 1_000) == 0.0


def test_severe_fragmentation_is_more_than_half_of_the_cells_and_not_evaluated_unasked() -> None:
    at = np.column_stack([103 + np.arange(10) * 0.5, np.full(10, 22.0)])
    alone = assess(at, reach_m=10_000, viable_km2=20)
    assert alone.fragmented_share == 1.0 and alone.evidence.severely_fragmented is True
    assert assess(at, reach_m=100_000, viable_km2=20).evidence.severely_fragmented is False
    unasked = assess(at)
    assert unasked.evidence.severely_fragmented is None and unasked.fragmented_share is None


def test_what_is_not_given_is_not_evaluated_and_never_least_concern() -> None:
    found = assess(places())
    assert found.category == "DD"
    assert {f.criterion: f.category for f in found.assessment.findings}["A"] == "not evaluated"
    assert set(found.assessment.not_assessed) >= {"A", "B1", "B2", "C", "D", "E"}


def test_a_reduction_runs_over_three_generations() -> None:
    year = np.arange(1990, 2021)
    rng = np.random.default_rng(2)
    value = 500 * 0.96 ** (year - 1990) * np.exp(rng.normal(0, 0.01, year.size))
    short = reduction(year, value)
    assert (short.window, short.extrapolated) == (10, False)
    assert short.best == pytest.approx(100 * (1 - 0.96**10), abs=1.5)
    assert short.low < short.best < short.high
    long = reduction(year, value, generation_length=15)
    assert (long.window, long.extrapolated) == (45, True)
    assert long.best == pytest.approx(100 * (1 - 0.96**45), abs=2)
    assert "taken to have held throughout" in long.message
    grown = reduction(year, value[::-1])
    assert (grown.low, grown.best, grown.high) == (0, 0, 0)
    late = reduction(year, np.where(year < 2008, 9e9, value))
    assert late.best == pytest.approx(100 * (1 - 0.96**10), abs=3)  # years before the window do not count


def test_a_reduction_enters_the_category_with_its_interval() -> None:
    year = np.arange(2000, 2021)
    value = 100 * 0.93 ** (year - 2000) * np.exp(np.random.default_rng(3).normal(0, 0.02, 21))
    found = assess(places(), series=(year, value), generation_length=4, basis="A2bd")
    assert found.code == "EN A2bd" and found.reduction is not None
    low, best, high = found.reduction.span
    assert 50 < low < best < high < 80


def test_individuals_make_the_numbers_of_criteria_c_and_d() -> None:
    at = places()
    found = assess(at, individuals=np.ones(len(at)), reach_m=20_000)
    assert found.subpopulations == 2
    assert (found.evidence.mature_individuals, found.evidence.subpopulation_max) == (90, 60)
    assert found.evidence.subpopulation_share == "66.6667 %"
    assert found.code == "EN D"
    some = assess(at, individuals=np.where(np.arange(90) == 3, np.nan, 1))
    assert some.evidence.mature_individuals is None and any("without a number" in n for n in some.notes)


def test_only_records_since_a_year_stand_for_the_present() -> None:
    at, year = places(), np.r_[np.full(60, 2015.0), np.full(29, 1980.0), np.nan]
    found = assess(at, year, since=2000)
    assert found.n == 60 and found.aoo == aoo(*at[:60].T)
    assert (found.subpopulation[60:] == -1).all()
    assert any("29 records before 2000 and 1 without a year" in note for note in found.notes)
    assert assess(at, year).n == 90


def test_one_and_two_places_have_an_extent_by_the_rule_of_iucn() -> None:
    one = assess([[103.0, 22.0]], continuing_decline="iii", threat_m=5000)
    assert (one.eoo_km2, one.aoo.km2, one.hull, one.code) == (4.0, 4.0, None, "CR B1ab(iii)+2ab(iii)")
    assert any("no hull" in note for note in one.notes)
    assert assess([[103.0, 22.0], [103.5, 22.0]]).eoo_km2 == 8.0


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: assess([[103.0, 22.0, 5.0]]), "points"),
        (lambda: assess([[22.0, 103.0]]), "points"),
        (lambda: assess([["a", "b"]]), "points"),
        (lambda: assess(places(), [2000, 2001]), "years"),
        (lambda: assess(places(), since=2000), "since"),
        (lambda: assess(places(), series=([2000], [1])), "value"),
        (lambda: assess(places(), series=5), "series"),
        (lambda: assess(places(), eoo=5), "eoo"),
        (lambda: assess(places(), habitat=5), "habitat"),
        (lambda: assess(places(), individuals=np.ones(90), mature_individuals=5), "mature_individuals"),
        (lambda: assess(places(), individuals=np.zeros(90)), "individuals"),
        (lambda: assess(places(), viable_km2=-1), "viable_km2"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(call: Any, named: str) -> None:
    with pytest.raises(EcostatError, match=named):
        call()


def test_no_record_is_too_few() -> None:
    with pytest.raises(TooFewPoints):
        assess([[np.nan, 22.0]])
    with pytest.raises(TooFewPoints):
        assess(places(), np.full(90, 1990), since=2000)


def test_the_rate_of_one_series_is_the_line_through_its_logarithms() -> None:
    year = np.array([2000, 2001, 2003, 2004, 2007, 2008])
    value = np.exp(3 - 0.05 * (year - 2000) + np.array([0.02, -0.01, 0.03, -0.02, 0.01, -0.03]))
    plain = log_slope(year, value, serial=False)
    t = year - year.mean()
    assert plain.slope.log == pytest.approx(float(t @ np.log(value) / (t @ t)), rel=1e-12)
    rest = np.log(value) - np.log(value).mean() - plain.slope.log * t
    se = np.sqrt(rest @ rest / 4 / (t @ t))
    assert plain.slope.log_se == pytest.approx(se, rel=1e-6)
    assert plain.log_lower == pytest.approx(plain.slope.log - 2.776445 * se, rel=1e-5)
    low, best, high = plain.change(10)
    assert low < best < high < 0 and best == pytest.approx(np.expm1(10 * plain.slope.log))


def test_years_that_hang_together_widen_the_limits_of_a_series() -> None:
    rng = np.random.default_rng(6)
    noise = np.zeros(40)
    for i in range(1, 40):
        noise[i] = 0.8 * noise[i - 1] + rng.normal(0, 0.2)
    year, value = np.arange(1980, 2020), np.exp(noise)
    loose, tight = log_slope(year, value), log_slope(year, value, serial=False)
    assert loose.correlation > 0.4 and loose.slope.log_se > 1.5 * tight.slope.log_se


def test_a_series_without_scatter_has_its_rate_as_limits_and_says_so() -> None:
    found = log_slope([2000, 2001, 2002, 2003], [8, 4, 2, 1])
    assert found.slope.factor == found.slope.upper == pytest.approx(0.5)
    assert "no scatter" in found.message
    assert reduction([2000, 2001, 2002, 2003], [8, 4, 2, 1]).best == pytest.approx(100 * (1 - 0.5**10))


@pytest.mark.parametrize(
    ("year", "value", "error", "named"),
    [
        ([2000, 2001, 2002], [1, 2, 3], TooFewData, "value"),
        ([2000, 2001, 2002, 2003], [1, 2, 0, 3], EcostatError, "value is 0 in 2002"),
        ([2000, 2001, 2002, 2002], [1, 2, 3, 3], EcostatError, "year 2002"),
        ([2000, 2001, 2002, 20003], [1, 2, 4, 8], EcostatError, "year"),
    ],
)
def test_a_series_without_a_rate_is_refused(year: Any, value: Any, error: type, named: str) -> None:
    with pytest.raises(error, match=named):
        log_slope(year, value)
