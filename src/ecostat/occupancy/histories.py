"""How often each detection history was met, and how often the model expects it (MacKenzie & Bailey 2004)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ecostat.errors import TooFewData
from ecostat.floats import Floats

# sites (rows of the model) and histories (h, visits) → chance of each history at each site (sites, h)
Chance = Callable[[NDArray[np.intp], Floats], Floats]


def detected(y: Floats) -> None:
    """Refuses histories without a detection."""
    if not y.any():
        raise TooFewData("The species was never detected: presence and detection cannot be told apart.")


def history_fit(y: Floats, seen: NDArray[np.bool_], chance: Chance) -> dict[str, float]:
    """Pearson's χ² and Freeman and Tukey's sum over detection histories, cohort by cohort of sites with the
    same visits missing. Histories never met add what is expected of them.

    MacKenzie & Bailey (2004), J. Agric. Biol. Environ. Stat. 9:300-318.
    """
    square = tukey = 0.0
    for sites in _alike(seen):
        histories, times = _distinct(y[sites])
        expected = chance(sites, histories).sum(axis=0)
        rest = max(len(sites) - float(expected.sum()), 0.0)
        square += float(((times - expected) ** 2 / expected).sum()) + rest
        tukey += float(((np.sqrt(times) - np.sqrt(expected)) ** 2).sum()) + rest
    return {"chi-square": square, "freeman-tukey": tukey}


def _distinct(y: Floats) -> tuple[Floats, Floats]:
    """The distinct histories and how often each was met."""
    if y.shape[1] > 50:
        histories, times = np.unique(y, axis=0, return_counts=True)
        return histories, times.astype(float)
    _, first, times = np.unique(y @ 2.0 ** np.arange(y.shape[1]), return_index=True, return_counts=True)
    return y[first], times.astype(float)


def _alike(seen: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """The sites of each pattern of visits made; a pattern without visits is none."""
    if seen.all():
        return [np.arange(len(seen))]
    patterns, of = np.unique(seen, axis=0, return_inverse=True)
    of = of.reshape(-1)
    return [np.flatnonzero(of == c) for c in range(len(patterns)) if patterns[c].any()]


def binary_chance(psi: Floats, eta: Floats, seen: NDArray[np.bool_]) -> Chance:
    """The chance of histories under occupancy psi (sites,) and logit detection eta (sites, visits)."""
    log_miss = np.where(seen, -np.logaddexp(0.0, eta), 0.0)
    log_hit = np.where(seen, eta, 0.0)

    def chance(sites: NDArray[np.intp], histories: Floats) -> Floats:
        there = np.exp(log_hit[sites] @ histories.T + log_miss[sites].sum(axis=1)[:, None])
        return psi[sites, None] * there + (1 - psi[sites, None]) * ~histories.any(axis=1)

    return chance
