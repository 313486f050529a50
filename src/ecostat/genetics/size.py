"""Effective size from breeding animals, and the inbreeding it brings."""

import math
from collections.abc import Sequence

from ecostat.errors import EcostatError, TooFewData


def effective_size(
    males: float,
    females: float,
    variance: float | None = None,
    *,
    variance_males: float | None = None,
    variance_females: float | None = None,
) -> float:
    """The size of an ideal population that drifts as fast as this one; 0.0 where one sex is missing.

    `males`, `females`: breeding animals. Without variances 4MF/(M+F) (Wright 1931), which supposes that
    family sizes vary as chance would have it. `variance` of lifetime offspring over all parents: (4N-2)/(V+2)
    (Kimura & Crow 1963). `variance_males`, `variance_females`: each sex's effective number first, at the mean
    offspring of a constant population (Lande & Barrowclough 1987), then 4MF/(M+F) of these.
    """
    if not all(0 <= v < math.inf for v in (males, females)):
        raise EcostatError(f"breeding animals are counted from 0 up: {males} males, {females} females")
    given = [v for v in (variance, variance_males, variance_females) if v is not None]
    if any(not 0 <= v < math.inf for v in given):
        raise EcostatError("a variance of family size is a number from 0 up")
    if variance is not None and (variance_males is not None or variance_females is not None):
        raise EcostatError("give the variance over all parents, or by sex, not both")
    if males == 0 or females == 0:
        return 0.0
    n = males + females
    if variance is not None:
        return (4 * n - 2) / (variance + 2)
    m = _of_sex(males, n / males, variance_males)
    f = _of_sex(females, n / females, variance_females)
    return 4 * m * f / (m + f)


def _of_sex(number: float, mean: float, variance: float | None) -> float:
    """The effective number of one sex whose members leave `mean` offspring with this variance."""
    if variance is None:
        return number
    return (number * mean - 1) / (mean - 1 + variance / mean)


def effective_size_over(sizes: Sequence[float]) -> float:
    """The effective size over generations of these sizes: their harmonic mean (Wright 1938)."""
    if not sizes:
        raise TooFewData("no generation is given")
    if any(not 0 <= v < math.inf for v in sizes):
        raise EcostatError("an effective size is a number from 0 up")
    return 0.0 if min(sizes) == 0 else len(sizes) / sum(1 / v for v in sizes)


def inbreeding_rate(ne: float, generation_interval: float | None = None) -> float:
    """The share of heterozygosity lost a generation, 1/(2Ne); a year where the interval in years is given."""
    if not ne > 0:
        raise EcostatError(f"an effective size of {ne} has no rate of inbreeding: no offspring can be bred")
    if generation_interval is not None and not generation_interval > 0:
        raise EcostatError(f"a generation lasts longer than {generation_interval} years")
    return 1 / (2 * ne) / (generation_interval or 1)


def inbreeding_after(ne: float, generations: float, start: float = 0.0) -> float:
    """The inbreeding coefficient after so many generations (Falconer & Mackay 1996, eq. 3.12)."""
    if not 0 <= start <= 1 or not generations >= 0:
        raise EcostatError("inbreeding starts between 0 and 1 and runs forward in time")
    return 1 - (1 - start) * (1 - min(1.0, inbreeding_rate(ne))) ** generations
