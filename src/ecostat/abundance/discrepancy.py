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
