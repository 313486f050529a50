"""A yearly rate of change and the word the field gives to it."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from ecostat.fit import Floats


@dataclass(frozen=True)
class Slope:
    """Between `first` and `last` numbers were multiplied by `factor` each year.

    `log` and `log_se` are the same rate on the natural-log scale; `lower`, `upper` are 95 % limits of
    `factor`; `meaning` is the class of the European Bird Census Council.
    """

    first: int
    last: int
    log: float
    log_se: float
    factor: float
    factor_se: float
    lower: float
    upper: float
    p: float
    meaning: str


def slope(first: int, last: int, log: float, log_se: float, freedom: float) -> Slope:
    """The rate with limits from Student's t on `freedom` degrees of freedom (infinite for a Wald limit)."""
    reach = float(student.ppf(0.975, freedom)) * log_se
    factor, factor_se = float(np.exp(log)), float(np.exp(log) * log_se)
    width = float(student.ppf(0.975, freedom)) * factor_se
    p = float(2 * student.sf(abs(log) / log_se, freedom)) if log_se > 0 else float("nan")
    return Slope(
        first=first,
        last=last,
        log=float(log),
        log_se=float(log_se),
        factor=factor,
        factor_se=factor_se,
        lower=float(np.exp(log - reach)),
        upper=float(np.exp(log + reach)),
        p=p,
        meaning=meaning(factor - width, factor + width),
    )


def meaning(lower: float, upper: float) -> str:
    """The class of a yearly factor from its 95 % limits; 5 % a year parts strong from moderate."""
    if np.isnan(lower) or np.isnan(upper):
        return "uncertain"
    if lower > 1.05:
        return "strong increase"
    if lower > 1.0:
        return "moderate increase"
    if upper < 0.95:
        return "strong decrease"
    if upper < 1.0:
        return "moderate decrease"
    return "stable" if lower >= 0.95 and upper <= 1.05 else "uncertain"


def overall(years: Floats, totals: Floats, cov: Floats) -> Slope:
    """The least-squares rate through the logarithms of yearly totals, its variance carried from theirs."""
    design = np.column_stack([np.ones(years.size), years - years.mean()])
    project = np.linalg.solve(design.T @ design, design.T)
    rate = project @ np.log(totals)
    spread = project @ (cov / np.outer(totals, totals)) @ project.T
    freedom = float(years.size - 2) if years.size > 2 else float("inf")
    return slope(int(years[0]), int(years[-1]), rate[1], float(np.sqrt(max(spread[1, 1], 0.0))), freedom)
