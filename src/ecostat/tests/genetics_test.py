"""Effective size, inbreeding and risk of breeds: printed formulas, simulated populations, odd input."""

import math
from pathlib import Path

import numpy as np
import pytest

from ecostat.errors import EcostatError, TooFewData
from ecostat.genetics import (
    eaap_risk,
    effective_size,
    effective_size_over,
    fao_risk,
    inbreeding_after,
    inbreeding_rate,
    ld_effective_size,
    reproductive_risk,
)


def test_few_males_make_a_large_herd_small() -> None:
    assert effective_size(10, 100) == pytest.approx(4000 / 110)
    assert effective_size(50, 50) == 100
    assert effective_size(0, 500) == 0.0


def test_family_sizes_that_vary_less_or_more_than_chance_move_the_size() -> None:
    assert effective_size(25, 25, variance=0) == 99  # equal families: nearly twice the animals
    assert effective_size(25, 25, variance=2) == 49.5
    assert effective_size(25, 25, variance=8) == pytest.approx(19.8)
    plain, skewed = effective_size(25, 25), effective_size(25, 25, variance_males=20)
    assert skewed < plain
    # with the mean of 2, Lande & Barrowclough give (2·25 - 1)/(1 + 10) for the males
    m = 49 / 11
    assert skewed == pytest.approx(4 * m * 25 / (m + 25))


def test_the_smallest_generation_rules() -> None:
    assert effective_size_over([100, 100, 10]) == pytest.approx(25)
    assert effective_size_over([50, 0]) == 0
    with pytest.raises(TooFewData):
        effective_size_over([])


def test_inbreeding_grows_by_one_over_twice_the_size() -> None:
    assert inbreeding_rate(50) == 0.01
    assert inbreeding_rate(50, generation_interval=5) == 0.002
    assert inbreeding_after(50, 10) == pytest.approx(1 - 0.99**10)
    assert inbreeding_after(0.5, 1, start=0.2) == 1
    for wrong in (0, -3, math.nan):
        with pytest.raises(EcostatError):
            inbreeding_rate(wrong)


def test_a_simulated_herd_loses_heterozygosity_at_the_rate_of_its_size() -> None:
    rng = np.random.default_rng(1)
    males, females, runs = 4, 16, 4000
    alike = []
    genes = np.tile(np.arange(2 * (males + females)).reshape(-1, 2), (runs, 1, 1))
    for _ in range(15):
        row = np.arange(runs)[:, None]
        child = np.empty_like(genes)
        sire = rng.integers(0, males, (runs, males + females))
        dam = rng.integers(males, males + females, (runs, males + females))
        for side, parent in enumerate((sire, dam)):
            child[:, :, side] = genes[row, parent, rng.integers(0, 2, parent.shape)]
        genes = child
        alike.append((genes[:, :, 0] == np.roll(genes[:, :, 0], 1, axis=1)).mean())
    rate = 1 - ((1 - alike[14]) / (1 - alike[4])) ** (1 / 10)
    assert rate == pytest.approx(inbreeding_rate(effective_size(males, females)), rel=0.05)


@pytest.mark.parametrize(
    ("males", "females", "category"),
    [
        (50, 99, "critical"), (5, 5000, "critical"), (6, 100, "endangered"), (50, 1000, "endangered"),
        (20, 5000, "endangered"), (21, 1001, "not at risk"), (None, 40, "critical"), (3, None, "critical"),
        (None, 500, None), (30, math.nan, None), (None, None, None),
    ],
)  # fmt: skip
def test_the_classic_classes_of_breeds(
    males: float | None, females: float | None, category: str | None
) -> None:
    risk = fao_risk(males, females)
    assert risk.category == category
    assert not risk.verified and "not read" in risk.source


def test_a_breed_in_a_programme_is_named_as_maintained() -> None:
    assert fao_risk(4, 60, maintained=True).category == "critical-maintained"
    assert fao_risk(40, 6000, maintained=True).category == "not at risk"


def test_the_classes_by_effective_size_depend_on_the_species() -> None:
    assert eaap_risk(32.9, "pig").category == "critically endangered"
    assert eaap_risk(33, "pig").category == "endangered"
    assert eaap_risk(33, "buffalo").category == "potentially endangered"
    assert eaap_risk(67, "cattle").category == "not endangered"
    assert eaap_risk(50, "chicken").category is None
    assert eaap_risk(None, "goat").category is None


@pytest.mark.parametrize(
    ("species", "limits"),
    [
        ("cattle", (14, 20, 32, 67)),
        ("sheep", (20, 28, 45, 95)),
        ("goat", (20, 28, 45, 95)),
        ("horse", (11, 16, 25, 52)),
        ("ass", (11, 16, 25, 52)),
        ("pig", (33, 47, 74, 157)),
    ],
)
def test_each_limit_begins_the_safer_class(species: str, limits: tuple[int, ...]) -> None:
    named = ["critically", "endangered", "minimally", "potentially", "not"]
    for i, limit in enumerate(limits):
        assert (eaap_risk(limit - 0.1, species).category or "").startswith(named[i])
        assert (eaap_risk(limit, species).category or "").startswith(named[i + 1])


def test_limits_that_were_not_read_are_not_invented() -> None:
    assert reproductive_risk(10, 100, "high").category is None
    with pytest.raises(EcostatError):
        reproductive_risk(10, 100, "middling")


@pytest.mark.outside
def test_the_sample_of_thirty_by_forty_gives_the_size_of_the_plain_formula(shared: Path) -> None:
    g = np.loadtxt(shared / "data/reference/ld_genotypes_30x40.csv", delimiter=",")
    found = ld_effective_size(g)
    r2 = (np.corrcoef(g.T)[np.triu_indices(40, 1)] * 30 / 29) ** 2
    drift = np.mean(r2) - (1 / 30 + 3.19 / 900)
    assert (found.n, found.loci, found.pairs) == (30, 40, 780)
    assert found.r2 == pytest.approx(np.mean(r2), rel=1e-10)
    truth = (1 / 3 + np.sqrt(1 / 9 - 2.76 * drift)) / (2 * drift) if drift > 0 else np.inf
    assert found.ne == pytest.approx(truth)
    assert found.ci[0] < found.ne <= found.ci[1]


@pytest.mark.parametrize(
    ("s", "mating", "a", "b"),
    [
        (20, "random", 0.308, 2.08),
        (20, "monogamy", 0.618, 5.24),
        (40, "random", 1 / 3, 2.76),
        (40, "monogamy", 2 / 3, 7.2),
    ],
)
def test_small_samples_and_pairs_for_life_have_their_own_formulas(
    s: int, mating: str, a: float, b: float
) -> None:
    g = offspring(20, s, 60, np.random.default_rng(s))
    found = ld_effective_size(g, mating=mating)  # type: ignore[arg-type]
    sampling = 1 / s + 3.19 / s**2 if s >= 30 else 0.0018 + 0.907 / s + 4.44 / s**2
    drift = found.r2 - sampling
    assert 0 < drift == pytest.approx(found.r2_drift)
    assert found.ne == pytest.approx((a + math.sqrt(a * a - b * drift)) / (2 * drift))


def offspring(ne: int, sample: int, loci: int, rng: np.random.Generator) -> np.ndarray:
    """Genotypes after ten generations of ne parents who mate at random, half of them male."""
    genes = rng.integers(0, 2, (ne, loci, 2))
    for _ in range(10):
        n = max(ne, sample)
        pair = rng.integers(0, ne // 2, n), rng.integers(ne // 2, ne, n)
        pick = rng.integers(0, 2, (2, n, loci))
        at = np.arange(loci)
        genes = np.stack([genes[p[:, None], at, k] for p, k in zip(pair, pick, strict=True)], axis=2)
        parents, genes = genes, genes[:ne]
    return parents[:sample].sum(axis=2).astype(float)


@pytest.mark.parametrize("ne", [20, 60])
def test_linkage_recovers_the_size_of_a_simulated_population(ne: int) -> None:
    rng = np.random.default_rng(ne)
    found = [ld_effective_size(offspring(ne, 50, 60, rng), min_frequency=0.05) for _ in range(25)]
    middle = 1 / np.mean([1 / f.ne for f in found])
    assert middle == pytest.approx(ne, rel=0.15)
    assert sum(f.ci[0] <= ne <= f.ci[1] for f in found) >= 19


def test_missing_genotypes_cost_information_not_truth() -> None:
    rng = np.random.default_rng(3)
    g = offspring(20, 60, 60, rng)
    whole = ld_effective_size(g, min_frequency=0.05)
    g[rng.random(g.shape) < 0.1] = np.nan
    holes = ld_effective_size(g, min_frequency=0.05)
    assert holes.n < whole.n and holes.ne == pytest.approx(whole.ne, rel=0.4)


def test_no_linkage_is_a_large_population_and_not_a_number() -> None:
    rng = np.random.default_rng(0)
    found = [ld_effective_size(rng.binomial(2, 0.5, (60, 40)).astype(float)) for _ in range(8)]
    assert any(np.isinf(f.ne) and "very large" in f.message for f in found)
    assert all(np.isinf(f.ci[1]) for f in found)


def test_genotypes_that_cannot_tell_are_refused() -> None:
    with pytest.raises(TooFewData):
        ld_effective_size(np.ones((5, 10)))
    with pytest.raises(TooFewData):
        ld_effective_size(np.full((40, 10), np.nan))
    with pytest.raises(TooFewData):
        ld_effective_size(np.full((40, 10), 2.0))
    with pytest.raises(EcostatError):
        ld_effective_size(np.full((40, 10), 3.0))
