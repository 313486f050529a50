"""Trends: TRIM and the Living Planet Index beside the figures of rtrim and rlpi and a stated floor."""

from functools import partial
from typing import Literal

import numpy as np

from benchmarks.table import Row, best_of, markdown
from ecostat.trend import living_planet, smooth_index, trim
from ecostat.trend.thinplate import forget


def counts(sites: int = 500, years: int = 30, missing: float = 0.3, seed: int = 1) -> tuple[np.ndarray, ...]:
    """Overdispersed counts in rows, a share of them never made."""
    rng = np.random.default_rng(seed)
    mean = np.exp(rng.normal(2, 1, sites)[:, None] - 0.02 * np.arange(years))
    count = rng.negative_binomial(2, 2 / (2 + mean)).astype(float)
    count[rng.random(count.shape) < missing] = np.nan
    return np.repeat(np.arange(sites), years), np.tile(np.arange(1990, 1990 + years), sites), count.ravel()


def populations(number: int = 384, species: int = 92, seed: int = 1) -> tuple[np.ndarray, ...]:
    """Population series of 2 to 44 values within 1970–2013, with gaps."""
    rng = np.random.default_rng(seed)
    owner = rng.integers(species, size=number)
    rows = []
    for p in range(number):
        start = int(rng.integers(0, 40))
        length = int(min(rng.geometric(0.08) + 2, 44 - start))
        seen = np.flatnonzero(rng.random(length) < 0.8)
        logs = np.cumsum(rng.normal(-0.02, 0.25, length))
        rows += [(owner[p], p, 1970 + start + t, 100 * np.exp(logs[t])) for t in seen]
    table = np.array(rows)
    return table[:, 0], table[:, 1], table[:, 2], table[:, 3]


def poisson_steps(count: np.ndarray, sites: int, years: int, steps: int = 6) -> np.ndarray:
    """The floor: only the two row and column sums per step that any such fit must take (no errors)."""
    table = count.reshape(sites, years)
    seen = np.isfinite(table)
    filled = np.where(seen, table, 0.0)
    growth = np.ones(years)
    for _ in range(steps):
        level = filled.sum(axis=1) / (seen * growth).sum(axis=1)
        growth = filled.sum(axis=0) / (seen * level[:, None]).sum(axis=0)
    return growth


def rows() -> list[Row]:
    """The result table of this module."""
    site, year, count = counts()
    floor = best_of(lambda: poisson_steps(count, 500, 30), 10)
    table = []
    models: tuple[tuple[Literal[2, 3], float], ...] = ((3, 2.55), (2, 1.76))
    for model, peer in models:
        for corrected in (True, False):
            seconds = best_of(partial(trim, site, year, count, model, None, corrected, corrected), 100)
            table.append(
                Row(
                    f"TRIM model {model}, 500 × 30, 30 % missing"
                    + (", overdispersion and serial correlation" if corrected else ""),
                    seconds,
                    "six rounds of row and column sums",
                    floor,
                    "rtrim",
                    peer,
                    "≥ 20× rtrim",
                )
            )
    table.append(
        Row(
            "smooth index, 500 × 30, 399 resamples",
            best_of(lambda: smooth_index(site, year, count, rng=np.random.default_rng(1)), 4),
            "six rounds of row and column sums × 400",
            400 * floor,
        )
    )
    given = populations()

    def index(draws: int) -> None:
        forget()  # the spline bases of equal year patterns are kept between calls: start without them
        living_planet(*given, rng=np.random.default_rng(1), draws=draws)

    def eigen() -> None:
        for p in np.unique(given[1]):
            t = given[2][given[1] == p]
            np.linalg.eigh(np.abs(t[:, None] - t) ** 3)

    base = best_of(eigen, 12)
    return table + [
        Row(
            f"Living Planet Index, 384 populations, {draws:,} resamples",
            best_of(partial(index, draws), 20),
            "one eigendecomposition a population",
            base,
            "rlpi (100 resamples)",
            5.8,
            "≥ 10× rlpi",
        )
        for draws in (100, 1000)
    ]


if __name__ == "__main__":
    print(markdown(rows()), end="")
