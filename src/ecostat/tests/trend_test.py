"""TRIM, the smooth index and the Living Planet Index: published figures, simulated truth, bad input."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from ecostat.errors import EcostatError, TooFewData
from ecostat.trend import living_planet, smooth_index, trim
from ecostat.trend.slope import meaning


def skylark(shared: Path) -> tuple[list[str], list[int], list[float]]:
    with open(shared / "data/reference/skylark.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    counts = [float(r["count"]) if r["count"] not in ("", "NA") else np.nan for r in rows]
    return [r["site"] for r in rows], [int(r["time"]) for r in rows], counts


def mammals(shared: Path) -> tuple[list[str], list[str], list[int], list[float]]:
    with open(shared / "data/reference/lpi_T_Nearctic_mammalia_pops.txt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    value = [float(r["popvalue"]) for r in rows]
    return [r["Binomial"] for r in rows], [r["ID"] for r in rows], [int(r["year"]) for r in rows], value


def counts_of(
    rng: np.random.Generator, sites: int = 60, years: int = 12, rate: float = -0.05, missing: float = 0.3
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    mean = np.exp(rng.normal(2.5, 0.8, sites)[:, None] + rate * np.arange(years))
    count = rng.poisson(mean).astype(float)
    count[rng.random(count.shape) < missing] = np.nan
    return (
        np.repeat(np.arange(sites), years),
        np.tile(np.arange(2000, 2000 + years), sites),
        count.ravel(),
        mean,
    )


# published and computed elsewhere


@pytest.mark.outside
def test_skylark_agrees_with_rtrim_to_five_digits(shared: Path) -> None:
    expected = json.loads((shared / "data/reference/expected.json").read_text())["rtrim_skylark.model2"]
    fit = trim(*skylark(shared), model=2, overdispersion=True, serial=True)
    np.testing.assert_allclose(fit.index, expected["index"], rtol=3e-6)
    np.testing.assert_allclose(fit.index_se[1:], expected["index_se"][1:], rtol=3e-6)
    assert fit.index_se[0] == 0
    assert fit.trend.factor == pytest.approx(expected["overall_mult"], rel=3e-6)
    assert fit.trend.factor_se == pytest.approx(expected["overall_mult_se"], rel=3e-6)
    assert fit.trend.meaning == "moderate increase"


@pytest.mark.outside
def test_all_change_points_equal_a_free_effect_each_year(shared: Path) -> None:
    rows = skylark(shared)
    steps = trim(*rows, model=2, changepoints="all", overdispersion=True, serial=True)
    free = trim(*rows, model=3, overdispersion=True, serial=True)
    np.testing.assert_allclose(steps.index, free.index, rtol=1e-7)
    np.testing.assert_allclose(steps.index_se, free.index_se, rtol=1e-6, atol=1e-9)


@pytest.mark.outside
def test_mammals_of_the_nearctic_count_as_published(shared: Path) -> None:
    index = living_planet(*mammals(shared), base=1970, rng=np.random.default_rng(1), draws=200)
    assert (index.species.size, index.populations.size) == (92, 384)
    assert index.index[0] == 1
    assert 0.25 < index.index[-1] < 0.6
    inside = np.isfinite(index.lower)
    assert inside.sum() > 35
    assert (index.lower[inside] <= index.index[inside]).all() and (
        index.index[inside] <= index.upper[inside]
    ).all()


@pytest.mark.outside
def test_mammals_of_the_nearctic_follow_the_published_curve(shared: Path) -> None:
    # read off the figure in the documentation of rlpi 0.1, which dropped changes beyond tenfold
    years = (1974, 1978, 1982, 1985, 1991, 2000, 2008, 2012, 2013)
    published = (0.63, 0.52, 0.73, 0.62, 0.89, 0.77, 0.69, 0.375, 0.43)
    index = living_planet(*mammals(shared), base=1970, extremes="drop")
    for year, value in zip(years, published, strict=True):
        assert index.index[year - 1970] == pytest.approx(value, rel=0.07)


@pytest.mark.outside
def test_chained_mammals_agree_with_a_plain_loop(shared: Path) -> None:
    species, population, year, value = mammals(shared)
    got = living_planet(species, population, year, value, base=1970, curve="chain")
    by_population: dict[str, list[tuple[int, float]]] = {}
    owner = dict(zip(population, species, strict=True))
    for p, y, v in zip(population, year, value, strict=True):
        by_population.setdefault(p, []).append((y, v))
    change: dict[tuple[str, int], list[float]] = {}
    for p, pairs in by_population.items():
        pairs.sort()
        values = np.array([v for _, v in pairs])
        if (values == 0).any() and (values > 0).any():
            values = values + values[values > 0].mean() / 100
        elif not (values > 0).any():
            values = values + 1
        for (a, _), (b, _), low, high in zip(pairs, pairs[1:], values, values[1:], strict=False):
            for y in range(a, b):
                step = float(np.log10(high / low)) / (b - a)
                change.setdefault((owner[p], y), []).append(min(1.0, max(-1.0, step)))
    level = 1.0
    for k, y in enumerate(range(1970, int(got.years[-1]))):
        means = [np.mean(v) for (_, when), v in change.items() if when == y]
        level *= 10 ** float(np.mean(means))
        assert got.index[k + 1] == pytest.approx(level, rel=1e-9)


# against a dense fit of the same model


def test_poisson_coefficients_and_errors_equal_those_of_the_dense_model() -> None:
    rng = np.random.default_rng(4)
    site, year, count, _ = counts_of(rng, sites=9, years=6)
    fit = trim(site, year, count, model=3)
    seen = np.isfinite(count)
    design = np.column_stack(
        [np.equal.outer(site, np.arange(9)), np.equal.outer(year, np.arange(2001, 2006))]
    )
    x, y = design[seen].astype(float), count[seen]
    beta = np.linalg.lstsq(x, np.log(y + 0.5), rcond=None)[0]
    for _ in range(50):
        mean = np.exp(x @ beta)
        beta = beta + np.linalg.solve(x.T @ (x * mean[:, None]), x.T @ (y - mean))
    cov = np.linalg.inv(x.T @ (x * np.exp(x @ beta)[:, None]))
    np.testing.assert_allclose(fit.coef, beta[9:], atol=1e-8)
    np.testing.assert_allclose(fit.vcov, cov[9:, 9:], rtol=1e-7, atol=1e-12)
    whole = design.astype(float)
    jac = np.exp(whole @ beta)[:, None] * whole
    sums = np.array([jac[year == t].sum(axis=0) for t in range(2000, 2006)])
    np.testing.assert_allclose(fit.totals_model_se, np.sqrt(np.diag(sums @ cov @ sums.T)), rtol=1e-7)


def test_without_correlation_imputed_and_model_totals_agree_in_model_3() -> None:
    site, year, count, _ = counts_of(np.random.default_rng(5))
    fit = trim(site, year, count, model=3, overdispersion=True)
    np.testing.assert_allclose(fit.totals, fit.totals_model, rtol=1e-8)
    np.testing.assert_allclose(fit.index_se, fit.index_model_se, rtol=1e-6, atol=1e-10)


# simulated truth


@pytest.mark.parametrize("model", [2, 3])
def test_trim_limits_hold_the_truth_as_often_as_they_say(model: int) -> None:
    rng = np.random.default_rng(11)
    held = total = 0
    for _ in range(120):
        site, year, count, _ = counts_of(rng, sites=25, years=8, rate=-0.04)
        fit = trim(site, year, count, model=model)  # type: ignore[arg-type]
        truth = np.exp(-0.04 * np.arange(1, 8))
        held += int((np.abs(fit.index_model[1:] - truth) < 1.96 * fit.index_model_se[1:]).sum())
        total += 7
    assert 0.91 < held / total < 0.985


def test_trim_finds_overdispersion_and_serial_correlation() -> None:
    rng = np.random.default_rng(3)
    sites, years, rho = 100, 60, 0.5
    noise = np.empty((sites, years))
    noise[:, 0] = rng.normal(size=sites)
    for t in range(1, years):
        noise[:, t] = rho * noise[:, t - 1] + np.sqrt(1 - rho**2) * rng.normal(size=sites)
    count = np.maximum(0, np.round(100 + np.sqrt(4 * 100) * noise))
    count[rng.random(count.shape) < 0.2] = np.nan
    site, year = np.repeat(np.arange(sites), years), np.tile(np.arange(years), sites)
    fit = trim(site, year, count.ravel(), model=1, overdispersion=True, serial=True)
    assert fit.dispersion == pytest.approx(4, rel=0.12)
    assert fit.correlation == pytest.approx(rho, abs=0.08)  # residuals about a fitted mean lean a little low
    plain = trim(site, year, count.ravel(), model=3, overdispersion=True)
    both = trim(site, year, count.ravel(), model=3, overdispersion=True, serial=True)
    assert both.trend.log_se > 1.2 * plain.trend.log_se


def test_the_smooth_index_follows_a_curved_truth() -> None:
    rng = np.random.default_rng(8)
    years = np.arange(20)
    curve = 0.6 * np.sin(years / 4)
    mean = np.exp(rng.normal(2.5, 0.7, 80)[:, None] + curve)
    count = rng.poisson(mean).astype(float)
    count[rng.random(count.shape) < 0.3] = np.nan
    site, year = np.repeat(np.arange(80), 20), np.tile(years + 1990, 80)
    fit = smooth_index(site, year, count.ravel(), rng=rng, df=8, draws=120)
    truth = np.exp(curve - curve[0])
    assert np.abs(fit.index / truth - 1).max() < 0.1
    assert ((fit.lower <= truth) & (truth <= fit.upper))[1:].mean() > 0.75
    turn = int(np.nanargmin(fit.curvature))
    assert fit.curvature_upper[turn] < 0  # the crest is seen as a turn


def test_a_straight_line_is_the_smooth_index_with_one_degree_of_freedom() -> None:
    site, year, count, _ = counts_of(np.random.default_rng(6))
    smooth = smooth_index(site, year, count, rng=np.random.default_rng(1), df=1, draws=20)
    line = trim(site, year, count, model=2)
    np.testing.assert_allclose(np.log(smooth.index), line.coef[0] * np.arange(12), atol=2e-6)


def test_living_planet_recovers_a_common_decline_within_its_limits() -> None:
    rng = np.random.default_rng(2)
    species, years = 60, np.arange(1990, 2011)
    logs = np.cumsum(rng.normal(-0.02, 0.02, (species, years.size)), axis=1) + rng.normal(
        0, 0.02, (species, years.size)
    )
    value = 100 * 10**logs
    rows = np.repeat(np.arange(species), years.size)
    index = living_planet(rows, rows, np.tile(years, species), value.ravel(), rng=rng, draws=300)
    assert index.lower[-1] < 10 ** (-0.02 * 20) < index.upper[-1]
    assert (index.method == "gam").mean() > 0.8


# degenerate


def test_all_zero_or_all_missing_is_too_few_data() -> None:
    for count in ([0.0, 0, 0, 0], [np.nan] * 4):
        with pytest.raises(TooFewData):
            trim([1, 1, 2, 2], [2000, 2001, 2000, 2001], count, model=2)


def test_two_counts_of_one_site_in_one_year_are_refused() -> None:
    with pytest.raises(EcostatError, match="2 counts in year 2000"):
        trim(["a", "a", "a"], [2000, 2000, 2001], [3, 4, 5])


def test_a_missing_visit_beside_a_count_is_no_duplicate() -> None:
    fit = trim(["a", "a", "a", "b", "b"], [2000, 2000, 2001, 2000, 2001], [3, np.nan, 5, 6, 7], model=2)
    assert fit.n == 4


def test_one_site_gives_a_trend() -> None:
    fit = trim(["a"] * 6, range(2000, 2006), [10, 12, 9, 14, 15, 13], model=2)
    assert fit.converged and fit.slopes[0].factor > 1


def test_a_year_without_animals_stops_model_3_but_not_model_2() -> None:
    site, year = np.repeat(range(5), 4), np.tile(range(2000, 2004), 5)
    count = np.tile([5.0, 0, 6, 7], 5)
    with pytest.raises(TooFewData, match="2001"):
        trim(site, year, count, model=3)
    assert trim(site, year, count, model=2).converged


def test_a_year_never_surveyed_is_said_aloud() -> None:
    site, year = np.repeat(range(5), 4), np.tile([2000, 2001, 2003, 2004], 5)
    fit = trim(site, year, np.tile([5.0, 4, 6, 7], 5), model=2)
    assert list(fit.years) == [2000, 2001, 2002, 2003, 2004]
    assert "No survey in 2002" in fit.message


def test_sites_where_none_was_ever_seen_are_named_and_change_nothing() -> None:
    site, year, count, _ = counts_of(np.random.default_rng(9), sites=12)
    alone = trim(site, year, count, model=3)
    more = trim(
        np.append(site, [99] * 3), np.append(year, [2000, 2001, 2002]), np.append(count, [0, 0, 0]), model=3
    )
    np.testing.assert_allclose(more.index, alone.index)
    assert list(more.empty_sites) == [99]


def test_overdispersed_counts_without_the_switch_carry_a_warning() -> None:
    rng = np.random.default_rng(1)
    count = rng.negative_binomial(0.5, 0.02, 300).astype(float)
    fit = trim(np.repeat(range(30), 10), np.tile(range(10), 30), count, model=2)
    assert "overdispersion" in fit.message and fit.p_fit < 0.001


def test_counts_without_scatter_have_no_error_and_say_so() -> None:
    fit = trim([1] * 4 + [2] * 4, [*range(4)] * 2, [4.0] * 4 + [8.0] * 4, overdispersion=True, serial=True)
    np.testing.assert_allclose(fit.index, 1)
    assert fit.index_se.max() < 1e-5 and "without any scatter" in fit.message


def test_change_points_outside_the_years_are_refused() -> None:
    site, year, count, _ = counts_of(np.random.default_rng(1), sites=5, years=6)
    for bad in ([2005], [1990], []):
        with pytest.raises(EcostatError, match="changepoints"):
            trim(site, year, count, model=2, changepoints=bad)


def test_before_the_first_change_point_nothing_changes() -> None:
    site, year, count, _ = counts_of(np.random.default_rng(1), sites=9, years=6)
    fit = trim(site, year, count, model=2, changepoints=[2003])
    np.testing.assert_allclose(fit.index_model[:4], 1.0)
    assert fit.slopes[0].first == 2003


def test_living_planet_counts_zeros_gaps_and_single_values_honestly() -> None:
    with pytest.raises(TooFewData):
        living_planet(["a", "b"], [1, 2], [2000, 2001], [5, 6])
    with pytest.raises(EcostatError, match="two values in year 2000"):
        living_planet(["a"] * 3, [1, 1, 1], [2000, 2000, 2001], [5, 6, 7])
    got = living_planet(
        ["a"] * 3 + ["b"] * 2 + ["c"],
        [1, 1, 1, 2, 2, 3],
        [2000, 2001, 2002, 2000, 2001, 2001],
        [10, 20, 0, 5, 5, 9],
    )
    assert "1 populations with a single value" in got.message
    with_offset = np.log10((20 + 0.15) / (10 + 0.15))
    assert got.change[0] == pytest.approx(with_offset / 2)
    assert got.change[1] == -1 and got.capped == 1
    hole = living_planet(["a", "a", "b", "b"], [1, 1, 2, 2], [2000, 2001, 2003, 2004], [1, 2, 3, 4])
    assert np.isfinite(hole.index).tolist() == [True, True, False, False, False]


def test_words_follow_the_limits_of_the_bird_census() -> None:
    words = [
        meaning(*x) for x in ((1.06, 1.1), (1.01, 1.1), (0.97, 1.03), (0.9, 1.01), (0.96, 0.99), (0.8, 0.94))
    ]
    assert words == [
        "strong increase",
        "moderate increase",
        "stable",
        "uncertain",
        "moderate decrease",
        "strong decrease",
    ]
