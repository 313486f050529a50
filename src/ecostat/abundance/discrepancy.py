"""How far counts lie from what is expected of them."""

import numpy as np

from ecostat.floats import Floats


def count_fit(observed: Floats, mean: Floats, variance: Floats) -> dict[str, float]:
    """Pearson's χ² = Σ (y - E)² / Var and Freeman and Tukey's Σ (√y - √E)², over what was surveyed."""
    known = ~np.isnan(observed) & (mean > 0)
    y, e, v = observed[known], mean[known], variance[known]
    return {
        "chi-square": float(((y - e) ** 2 / v).sum()),
        "freeman-tukey": float(((np.sqrt(y) - np.sqrt(e)) ** 2).sum()),
    }


def site_fit(observed: Floats, mean: Floats) -> dict[str, float]:
    """Pearson's χ² over the totals of sites whose counts are independent Poisson: animals that crowd at some
    sites show there, and little in each cell."""
    y, e = np.nansum(observed, axis=1), np.nansum(mean, axis=1)
    known = e > 0
    return {"chi-square of sites": float(((y[known] - e[known]) ** 2 / e[known]).sum())}
