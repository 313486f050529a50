"""The yearly rate of one series, with limits that allow for its years hanging together."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import logsumexp
from scipy.stats import t as student

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import Floats
from ecostat.trend.slope import Slope, meaning

CORRELATIONS = np.linspace(-0.5, 0.98, 75)


@dataclass(frozen=True)
class LogSlope:
    """The rate of a series: `slope` with its limits, `correlation` of one year with the next as the series
    supports it (0 where not asked for), `n` values, `level` of the limits, `message`.

    `log_lower`, `log_upper` bound the rate on the natural-log scale; `covers` says how often such limits hold.
    """

    slope: Slope
    log_lower: float
    log_upper: float
    correlation: float
    n: int
    level: float
    message: str
    serial: bool = True

    @property
    def covers(self) -> str:
        """How often limits like these held the truth in simulations (benchmarks/ecostat/results)."""
        if not self.serial:
            return "95 % where years are independent, 50 to 88 % where they follow each other: serial=True"
        if self.n < 25:
            return (
                "of nominal 95 %: 99 % for independent years, 94 to 98 % at a correlation of 0.3 to 0.6, "
                "84 to 93 % at 0.8"
            )
        return "of nominal 95 %: 96 to 97 % up to a correlation of 0.6, 93 % at 0.8"

    def change(self, years: float) -> tuple[float, float, float]:
        """Low, best and high of the share gained (negative: lost) over so many years at this rate."""
        over = gates.number("years", years, low=0, high=10_000)
        logs = np.clip(np.array([self.log_lower, self.slope.log, self.log_upper]) * over, -700, 30)
        low, best, high = np.expm1(logs)
        return float(low), float(best), float(high)


def log_slope(year: ArrayLike, value: ArrayLike, *, serial: bool = True, level: float = 0.95) -> LogSlope:
    """The log-linear rate of one value a year (an index, a total), NaN where there is none.

    Deviations from the line are normal on the log scale. With `serial` they follow each other as a first-order
    autoregression whose correlation is not known: the slope is averaged over all correlations, each weighing as
    much as the restricted likelihood of the series gives it, and so are its limits (Student's t at each).
    Raises TooFewData below 4 values. A value of zero has no logarithm and is refused.
    """
    years, values = gates.years("year", year), gates.numbers("value", value, low=0)
    gates.alike(year=years, value=values)
    serial, level = gates.flag("serial", serial), gates.share("level", level, ends=False)
    known = ~np.isnan(values)
    order = np.argsort(years[known], kind="stable")
    at, y = years[known][order], values[known][order]
    if at.size < 4:
        raise TooFewData(f"value holds {at.size} values: the rate of one series needs at least 4.")
    if (np.diff(at) == 0).any():
        raise EcostatError(f"year {at[:-1][np.diff(at) == 0][0]:.0f} has two values: average them first.")
    if (y <= 0).any():
        raise EcostatError(
            f"value is 0 in {at[y <= 0][0]:.0f}, and zero has no logarithm: sum several years or places, or give "
            "counts at sites to trim"
        )
    tried = CORRELATIONS if serial else np.zeros(1)
    slope, error, weight = _over_correlations(at, np.log(y), tried)
    freedom = at.size - 2
    exact = bool(error.max() * np.ptp(at) < 1e-9)

    def below(x: float) -> float:
        return float(weight @ student.cdf((x - slope) / error, freedom))

    tail = (1 - level) / 2
    middle = float(weight @ slope)
    low = high = middle
    if not exact:
        low, high = _quantile(below, tail, slope, error), _quantile(below, 1 - tail, slope, error)
    half = (high - low) / (2 * float(student.ppf(1 - tail, freedom)))
    other = 0.0 if exact else below(0.0)
    found = Slope(
        first=int(at[0]),
        last=int(at[-1]),
        log=middle,
        log_se=half,
        factor=float(np.exp(middle)),
        factor_se=float(np.exp(middle) * half),
        lower=float(np.exp(low)),
        upper=float(np.exp(high)),
        p=min(1.0, 2 * min(other, 1 - other)),
        meaning=meaning(float(np.exp(low)), float(np.exp(high))),
    )
    rho = float(weight @ tried)
    told = (
        f"{at.size} values from {at[0]:.0f} to {at[-1]:.0f}: {found.meaning}, {100 * (found.factor - 1):+.1f} % a "
        f"year ({level:.0%} limits {100 * (found.lower - 1):+.1f} to {100 * (found.upper - 1):+.1f})"
    )
    if exact:
        told += "; the values show no scatter, so the limits are the rate itself: no real survey gives that"
    told += f"; years follow each other with a correlation of about {rho:.1f}." if serial else "."
    if serial and rho >= 0.6 and at.size < 25:
        told = told.rstrip(".") + ", and with so few such years the limits are narrower than they say."
    return LogSlope(found, low, high, rho, int(at.size), level, told, serial)


def _over_correlations(at: Floats, logs: Floats, tried: Floats) -> tuple[Floats, Floats, Floats]:
    """Slope, standard error and weight of each correlation tried."""
    apart = np.abs(np.subtract.outer(at, at))
    design = np.column_stack([np.ones(at.size), at - at.mean()])
    slope, error, score = np.empty((3, tried.size))
    for k, rho in enumerate(tried):
        root = np.linalg.cholesky(np.sign(rho) ** apart * np.abs(rho) ** apart if rho else np.eye(at.size))
        x, y = np.linalg.solve(root, design), np.linalg.solve(root, logs)
        info = x.T @ x
        coef = np.linalg.solve(info, x.T @ y)
        rest = max(float(((y - x @ coef) ** 2).sum()), 1e-24 * float(logs @ logs + 1))
        slope[k], error[k] = coef[1], np.sqrt(rest / (at.size - 2) * np.linalg.inv(info)[1, 1])
        score[k] = (
            -np.log(np.diag(root)).sum() - np.linalg.slogdet(info)[1] / 2 - (at.size - 2) / 2 * np.log(rest)
        )
    return slope, error, np.exp(score - logsumexp(score))


def _quantile(below: Callable[[float], float], share: float, slope: Floats, error: Floats) -> float:
    reach = 50.0
    while True:
        low, high = float((slope - reach * error).min()), float((slope + reach * error).max())
        if below(low) < share < below(high):
            return float(brentq(lambda x: below(x) - share, low, high, xtol=1e-12))
        reach *= 10
