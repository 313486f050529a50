"""Effective size from one sample of genotypes: small populations leave alleles of different loci in step."""

import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LdSize:
    """Effective size of the parents of a sample; `ne` is inf where chance alone explains the linkage.

    `ci` (2,) 95 %; `r2`: mean squared correlation of loci; `r2_drift`: what sampling does not explain; `n`:
    harmonic mean of individuals typed at both loci; `pairs` of `loci`.
    """

    ne: float
    ci: tuple[float, float]
    r2: float
    r2_drift: float
    n: float
    pairs: int
    loci: int
    message: str


def ld_effective_size(
    genotypes: ArrayLike,
    *,
    mating: Literal["random", "monogamy"] = "random",
    min_frequency: float = 0.02,
) -> LdSize:
    """The bias-corrected linkage-disequilibrium estimate of Waples (2006) Conservation Genetics 7:167.

    `genotypes` (individuals, loci): 0, 1 or 2 copies of one allele, NaN missing; unlinked loci, one cohort.
    Loci whose rarer allele is below `min_frequency` are left out. Limits by a jackknife over individuals
    (Jones, Ovenden & Wang 2016 Heredity 117:217). Needs 10 individuals and 2 varying loci.
    """
    gates.choice("mating", mating, ("random", "monogamy"))
    min_frequency = gates.number("min_frequency", min_frequency, low=0, high=0.5)
    g = gates.numbers("genotypes", genotypes, dims=2)
    if not np.isin(g[~np.isnan(g)], (0, 1, 2)).all():
        raise EcostatError("genotypes are a table of 0, 1 and 2, with NaN where missing")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a locus typed in no one has no frequency
        frequency = np.nanmean(g, axis=0) / 2 if g.size else np.zeros(0)
    g = g[:, np.minimum(frequency, 1 - frequency) >= max(min_frequency, 1e-12)]
    if g.shape[0] < 10 or g.shape[1] < 2:
        raise TooFewData(
            f"{g.shape[0]} individuals at {g.shape[1]} varying loci cannot show linkage: 10 and 2 are needed"
        )
    r2, n, pairs = _linkage(g)
    drift = r2 - _by_sampling(n)
    ne, warning = _size(drift, n, mating)

    # the jackknife tells how many independent comparisons the pairs are worth
    left_out = np.array([_linkage(np.delete(g, i, axis=0))[0] for i in range(len(g))])
    variance = (len(g) - 1) / len(g) * ((left_out - left_out.mean()) ** 2).sum()
    worth = 2 * r2**2 / variance if variance > 0 else float(pairs)
    low, high = (
        _size(r2 * worth / chi2.ppf(q, worth) - _by_sampling(n), n, mating)[0] for q in (0.025, 0.975)
    )
    said = (
        "no more linkage than sampling makes: the population may be very large"
        if np.isinf(ne)
        else f"Ne {ne:,.0f}"
    )
    message = f"{said}, from {pairs} pairs of {g.shape[1]} loci in {n:.3g} individuals.{warning}"
    return LdSize(ne, (low, high), r2, drift, n, pairs, g.shape[1], message)


def _linkage(g: Floats) -> tuple[float, float, int]:
    """Mean Burrows r² over pairs weighted by individuals, their harmonic mean number, and the pairs."""
    here = (~np.isnan(g)).astype(np.float64)
    x = np.where(here > 0, g, 0.0)
    s = here.T @ here
    with np.errstate(invalid="ignore", divide="ignore"):
        mean, other = (x.T @ here) / s, (here.T @ x) / s
        square = (x * x).T @ here / s - mean**2
        covariance = x.T @ x / s - mean * other
        # Burrows' composite disequilibrium is the covariance of counts, made unbiased by S / (S - 1)
        r = covariance * s / (s - 1) / np.sqrt(square * square.T)
    i, j = np.triu_indices(g.shape[1], 1)
    r2, size = r[i, j] ** 2, s[i, j]
    fine = np.isfinite(r2) & (size > 2)
    if not fine.any():
        raise TooFewData("no pair of loci varies in the same individuals")
    weight = size[fine] ** 2
    return (
        float(np.average(r2[fine], weights=weight)),
        float(fine.sum() / (1 / size[fine]).sum()),
        int(fine.sum()),
    )


def _by_sampling(s: float) -> float:
    """The r² that a sample of s individuals shows without drift (Waples 2006, table 1)."""
    return 1 / s + 3.19 / s**2 if s >= 30 else 0.0018 + 0.907 / s + 4.44 / s**2


def _size(drift: float, s: float, mating: str) -> tuple[float, str]:
    """Ne from r² beyond sampling, and a warning where the formula is stretched (Waples 2006, table 2)."""
    if drift <= 0:
        return np.inf, ""
    large = s >= 30
    if mating == "random":
        a, b = (1 / 3, 2.76) if large else (0.308, 2.08)
    else:
        a, b = (2 / 3, 7.2) if large else (0.618, 5.24)
    inside = a * a - b * drift
    warning = "" if inside >= 0 else " The linkage is stronger than the formula reaches: Ne is a handful."
    return float((a + np.sqrt(max(inside, 0.0))) / (2 * drift)), warning
