"""What chance alone would rarely write into a book: exact tail probabilities, each in the keeper's favour.

Every function gives one p-value: how often a book as odd as this one would be seen were it honest. `holm` says which
of several may be named together when at most a share `level` of honest books may be named by any of them.
"""

from collections.abc import Sequence

from scipy.stats import binom, poisson

from ecostat import gates
from ecostat.errors import EcostatError

MOST = 1_000_000_000


def too_few_deaths(deaths: int, animal_years: float, longevity_years: float) -> float:
    """P(at most so many deaths): Poisson, one animal in `longevity_years` dying each year.

    Over whole lives no stock dies more slowly, for the longevity is the greatest known. A stock all in its prime may
    for some years.
    """
    deaths = gates.whole("deaths", deaths, low=0, high=MOST)
    years = gates.number("animal_years", animal_years, low=0)
    longevity = gates.number("longevity_years", longevity_years, above=0, high=1000)
    return float(poisson.cdf(deaths, years / longevity))


def quiet(animals: int, years: float, longevity_years: float, windows: int = 1) -> float:
    """P(no death among so many animals for so long), in one of `windows` stretches: Bonferroni over them."""
    animals = gates.whole("animals", animals, low=0, high=MOST)
    windows = gates.whole("windows", windows, low=1, high=MOST)
    one = too_few_deaths(0, animals * gates.number("years", years, low=0, high=100_000), longevity_years)
    return min(1.0, windows * one)


def sexes_beyond_chance(females: int, males: int, share: tuple[float, float] = (0.5, 0.5)) -> float:
    """Exact binomial p-value, two-sided, of the sexes of young against a share of females between two bounds.

    The share within the bounds that suits the keeper best is taken: 1 where the observed share lies between them,
    else twice the tail beyond the nearer bound.
    """
    females = gates.whole("females", females, low=0, high=MOST)
    males = gates.whole("males", males, low=0, high=MOST)
    low, high = _bounds(share)
    n = females + males
    if n == 0 or low <= females / n <= high:
        return 1.0
    tail = binom.cdf(females, n, low) if females / n < low else binom.sf(females - 1, n, high)
    return float(min(1.0, 2 * tail))


def _bounds(share: tuple[float, float]) -> tuple[float, float]:
    try:
        low, high = share
    except (TypeError, ValueError):
        raise EcostatError("share is a pair: the least and the greatest share of females") from None
    low, high = gates.share("share[0]", low), gates.share("share[1]", high)
    if low > high:
        raise EcostatError(f"share: {low:g} is above {high:g}")
    return low, high


def out_of_season(odd: int, births: int, rate: float = 0.05) -> float:
    """P(so many or more of the births fall outside the season), where a share `rate` of honest ones does."""
    births = gates.whole("births", births, low=0, high=MOST)
    odd = gates.whole("odd", odd, low=0, high=MOST)
    if odd > births:
        raise EcostatError(f"odd: {odd} of {births} births cannot be outside the season")
    return float(binom.sf(odd - 1, births, gates.share("rate", rate)))


def older_than_can_be(came: Sequence[tuple[float, int]], left: int, longevity_years: float) -> int:
    """How many animals still held must be older than the species lives, though the oldest always left first.

    `came`: pairs of the years since so many came or were born (they may have been new-born then); `left`: how many
    ever left or died.
    """
    longevity = gates.number("longevity_years", longevity_years, above=0, high=1000)
    left = gates.whole("left", left, low=0, high=MOST)
    try:
        groups = [(years, n) for years, n in came]
    except (TypeError, ValueError):
        raise EcostatError("came holds pairs of years and number") from None
    groups = [
        (gates.number("came years", years, low=0), gates.whole("came number", n, low=0, high=MOST))
        for years, n in groups
    ]
    return max(0, sum(n for years, n in groups if years > longevity) - left)


def holm(p: Sequence[float], level: float) -> tuple[bool, ...]:
    """Which are named: in a share `level` of honest books at most is any (Holm 1979), whatever their dependence."""
    level = gates.share("level", level)
    shares = gates.numbers("p", p, low=0, high=1, missing=False).tolist()
    named = [False] * len(shares)
    for rank, i in enumerate(sorted(range(len(shares)), key=shares.__getitem__)):
        if shares[i] > level / (len(shares) - rank):
            break
        named[i] = True
    return tuple(named)


__all__ = ["holm", "older_than_can_be", "out_of_season", "quiet", "sexes_beyond_chance", "too_few_deaths"]
