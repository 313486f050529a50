"""Effective size from breeding animals, and the inbreeding it brings."""

from collections.abc import Sequence

from ecostat import gates
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
    males, females = gates.number("males", males, low=0), gates.number("females", females, low=0)
    for name, count in (("males", males), ("females", females)):
        if 0 < count < 1:
            raise EcostatError(f"{name} are breeding animals, 0 or at least 1, not {count:g}")
    given = {"variance": variance, "variance_males": variance_males, "variance_females": variance_females}
    variance, variance_males, variance_females = (
        None if v is None else gates.number(name, v, low=0) for name, v in given.items()
    )
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
    each = gates.numbers("sizes", sizes, low=0, missing=False).tolist()
    if not each:
        raise TooFewData("sizes: no generation is given")
    return 0.0 if min(each) == 0 else len(each) / sum(1 / v for v in each)


def inbreeding_rate(ne: float, generation_interval: float | None = None) -> float:
    """The share of heterozygosity lost a generation, 1/(2Ne); a year where the interval in years is given."""
    ne = gates.number("ne", ne, infinite=True)
    if not ne > 0:
        raise EcostatError(
            f"ne: an effective size of {ne:g} has no rate of inbreeding: no offspring can be bred"
        )
    every = (
        1.0
        if generation_interval is None
        else gates.number("generation_interval", generation_interval, above=0)
    )
    rate = 1 / (2 * ne) / every
    if rate > 1:
        raise EcostatError(
            f"ne of {ne:g} with generation_interval of {every:g} loses more than all there is: no rate passes 1"
        )
    return rate


def inbreeding_after(ne: float, generations: float, start: float = 0.0) -> float:
    """The inbreeding coefficient after so many generations (Falconer & Mackay 1996, eq. 3.12)."""
    start, generations = gates.share("start", start), gates.number("generations", generations, low=0)
    return 1 - (1 - start) * (1 - inbreeding_rate(ne)) ** generations
