"""Samples that spread by neighbours deciding, and samples that meet known totals."""

from typing import Any

import numpy as np
import pytest

from ecostat.errors import EcostatError, TooFewData
from ecostat.sampling import Sample, sample_balanced, sample_pivotal, spatial_balance

RNG = np.random.default_rng(1)
X, Y = RNG.uniform(0, 1000, 120), RNG.uniform(0, 1000, 120)
WEIGHT = RNG.uniform(1, 4, 120)


def balanced(x: Any, y: Any, n: int, **more: Any) -> Sample:
    """Balanced on the place itself."""
    return sample_balanced(x, y, n, np.column_stack([X, Y]), **more)


@pytest.mark.parametrize("draw", [sample_pivotal, balanced])
def test_chances_are_those_asked_for_and_the_size_is_exact(draw: Any) -> None:
    rng = np.random.default_rng(2)
    drawn = [draw(X, Y, 20, rng=rng, size=WEIGHT) for _ in range(400)]
    assert {len(s.unit) for s in drawn} == {20} and all(len(set(s.unit)) == 20 for s in drawn)
    share = np.bincount(np.concatenate([s.unit for s in drawn]), minlength=120) / 400
    chance = 20 * WEIGHT / WEIGHT.sum()
    assert np.abs(share - chance).max() < 5 * np.sqrt(0.25 / 400)
    assert np.corrcoef(share, chance)[0, 1] > 0.75
    np.testing.assert_allclose(drawn[0].inclusion, chance[drawn[0].unit])


def test_the_pivotal_sample_is_spread_better_than_an_independent_one() -> None:
    rng = np.random.default_rng(3)
    even = np.full(120, 1 / 6)
    pivotal = np.mean(
        [spatial_balance(X, Y, even, sample_pivotal(X, Y, 20, rng=rng).unit) for _ in range(60)]
    )
    free = np.mean([spatial_balance(X, Y, even, rng.choice(120, 20, replace=False)) for _ in range(60)])
    assert pivotal < 0.45 * free


def test_further_figures_are_spread_over_too() -> None:
    rng = np.random.default_rng(4)
    high = rng.normal(size=120)
    thirds = np.searchsorted(np.quantile(high, [1 / 3, 2 / 3]), high)

    def unevenness(**more: Any) -> float:
        drawn = [
            np.bincount(thirds[sample_pivotal(X, Y, 21, rng=rng, **more).unit], minlength=3)
            for _ in range(80)
        ]
        return float(np.std(drawn))

    assert unevenness(spread=high) < 0.75 * unevenness()


def test_the_balanced_sample_meets_totals() -> None:
    rng = np.random.default_rng(5)
    figures = np.column_stack([X, Y, X * Y])
    drawn = [sample_balanced(X, Y, 24, figures, rng=rng) for _ in range(60)]
    off = np.std(
        [(figures[s.unit] * s.weight[:, None]).sum(axis=0) / figures.sum(axis=0) - 1 for s in drawn], axis=0
    )
    free = [rng.choice(120, 24, replace=False) for _ in range(60)]
    plain = np.std([5 * figures[u].sum(axis=0) / figures.sum(axis=0) - 1 for u in free], axis=0)
    assert (off < 0.45 * plain).all()
    assert "Totals of balance are met within" in drawn[0].message


def test_strata_and_certain_units_are_kept() -> None:
    size = np.ones(120)
    size[7] = 1e6
    for draw in (
        sample_pivotal(X, Y, 10, rng=6, size=size),
        sample_balanced(X, Y, 10, X, rng=6, size=size),
    ):
        assert 7 in draw.unit and len(draw.unit) == 10
    parted = sample_pivotal(X, Y, {"a": 4, "b": 6}, rng=7, strata=np.array(["a", "b"] * 60))
    assert parted.stratum.tolist() == ["a"] * 4 + ["b"] * 6
    assert (parted.unit[:4] % 2 == 0).all() and (parted.unit[4:] % 2 == 1).all()
    assert len(sample_pivotal([1, 1, 1, 1], [2, 2, 2, 2], 2, rng=8).unit) == 2  # all at one place
    assert sample_pivotal([1], [2], 1, rng=8).unit.tolist() == [0]


@pytest.mark.parametrize(
    ("call", "error", "named"),
    [
        (lambda: sample_pivotal(X, Y, 121, rng=1), TooFewData, "n"),
        (lambda: sample_pivotal(X, Y[:5], 3, rng=1), EcostatError, "y"),
        (lambda: sample_pivotal(X, Y, 3, rng=None), EcostatError, "rng"),  # type: ignore[arg-type]
        (lambda: sample_pivotal(X, Y, 3, rng=1, spread=[1, 2]), EcostatError, "spread"),
        (lambda: sample_balanced(X, Y, 3, [1, np.nan], rng=1), EcostatError, "balance"),
    ],
)
def test_what_cannot_be_drawn_is_refused(call: Any, error: type, named: str) -> None:
    with pytest.raises(error, match=named):
        call()
