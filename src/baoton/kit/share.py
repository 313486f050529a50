"""Shares with their intervals: of a count, and of what each of some people counted."""

Z = 1.959964


def share(part: float, whole: float) -> tuple[float, float, float]:
    """How many per cent, with the 95 % interval of Wilson (1927 J. Am. Stat. Assoc. 22:209)."""
    p, n = part / whole, whole
    middle, half = (p + Z * Z / (2 * n)), Z * ((p * (1 - p) / n + Z * Z / (4 * n * n)) ** 0.5)
    all_ = 1 + Z * Z / n
    return 100 * p, 100 * max((middle - half) / all_, 0.0), 100 * min((middle + half) / all_, 1.0)


def share_of_people(
    n: float, part: float, whole: float, part2: float, both: float, whole2: float
) -> tuple[float, float]:
    """A share over `n` people who each counted several things (right answers among those given), and its error.

    `part2`, `both`, `whole2` are the sums over people of part², part · whole, whole². The share is a ratio of sums of
    which people are the units (Cochran 1977, Sampling Techniques, 6.4), in per cent; one person tells no error: NaN.
    """
    share = part / whole
    if n < 2:
        return 100 * share, float("nan")
    spread = max(part2 - 2 * share * both + share * share * whole2, 0.0)
    return 100 * share, 100 * (n / (n - 1) * spread) ** 0.5 / whole
