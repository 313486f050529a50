"""How a share changed between two samples, such as right answers before and after a campaign."""

from dataclasses import dataclass
from math import sqrt

from scipy.stats import norm

from ecostat import gates
from ecostat.errors import EcostatError


@dataclass(frozen=True)
class ShareChange:
    """Two shares, each with its limits, and the second less the first with its own; `sure` where these leave out 0."""

    before: float
    before_limits: tuple[float, float]
    after: float
    after_limits: tuple[float, float]
    change: float
    lower: float
    upper: float
    sure: bool
    message: str


def share_change(count1: int, n1: int, count2: int, n2: int, level: float = 0.95) -> ShareChange:
    """The share `count2` of `n2` less the share `count1` of `n1`, for two samples of different people.

    Limits by the hybrid score method without continuity correction (Newcombe 1998, Statistics in Medicine
    17:873, method 10); those of each share are Wilson's (1927). All are shares of 1. A count above its `n`, or a
    sample of nobody, raises `EcostatError`.
    """
    n1, n2 = gates.whole("n1", n1, low=1), gates.whole("n2", n2, low=1)
    count1, count2 = gates.whole("count1", count1, low=0), gates.whole("count2", count2, low=0)
    for name, count, n in (("count1", count1, n1), ("count2", count2, n2)):
        if count > n:
            raise EcostatError(f"{name} is {count}, more than the {n} that were asked")
    z = float(norm.ppf(0.5 + gates.share("level", level, ends=False) / 2))
    one, two = count1 / n1, count2 / n2
    (low1, high1), (low2, high2) = _wilson(one, n1, z), _wilson(two, n2, z)
    change = two - one
    lower = max(change - sqrt((two - low2) ** 2 + (high1 - one) ** 2), -1.0)
    upper = min(change + sqrt((high2 - two) ** 2 + (one - low1) ** 2), 1.0)
    sure = lower > 0 or upper < 0
    told = "rose" if lower > 0 else "fell" if upper < 0 else "may not have changed"
    return ShareChange(
        one, (low1, high1), two, (low2, high2), change, lower, upper, sure,
        f"{count1} of {n1}, then {count2} of {n2}: the share {told}.",
    )  # fmt: skip


def _wilson(p: float, n: int, z: float) -> tuple[float, float]:
    middle, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    return max((middle - half) / whole, 0.0), min((middle + half) / whole, 1.0)
