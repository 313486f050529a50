"""A share of a count with its interval."""

Z = 1.959964


def share(part: float, whole: float) -> tuple[float, float, float]:
    """How many per cent, with the 95 % interval of Wilson (1927 J. Am. Stat. Assoc. 22:209)."""
    p, n = part / whole, whole
    middle, half = (p + Z * Z / (2 * n)), Z * ((p * (1 - p) / n + Z * Z / (4 * n * n)) ** 0.5)
    all_ = 1 + Z * Z / n
    return 100 * p, 100 * max((middle - half) / all_, 0.0), 100 * min((middle + half) / all_, 1.0)
