"""A smooth index: site effects and one penalised curve over the years, with limits from resampled sites."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import cho_factor, cho_solve, eigh
from scipy.optimize import brentq
from scipy.stats import norm
from scipy.stats import t as student

from ecostat import gates
from ecostat.errors import EcostatError, NotConverged, TooFewData
from ecostat.fit import Floats
from ecostat.trend.counts import CountTable, count_table
from ecostat.trend.slope import Slope, slope


@dataclass(frozen=True, kw_only=True)
class SmoothIndex:
    """The curve over years, 1 in the base year, with percentile limits from whole sites drawn anew.

    `index`, `lower`, `upper`, `index_se` (years,); `replicates` (draws × years) for any further figure;
    `curvature` is the second difference of the log index per year, with its limits: where they leave out
    zero the trend turns. `trend` is the rate from the first year to the last, divided by the years between.
    """

    years: NDArray[np.int64]
    index: Floats
    index_se: Floats
    lower: Floats
    upper: Floats
    curvature: Floats
    curvature_lower: Floats
    curvature_upper: Floats
    trend: Slope
    df: float
    dispersion: float
    replicates: Floats
    n: int
    converged: bool
    message: str


def smooth_index(
    site: ArrayLike,
    year: ArrayLike,
    count: ArrayLike,
    *,
    rng: np.random.Generator,
    df: float | None = None,
    base: int | None = None,
    draws: int = 399,
    level: float = 0.95,
) -> SmoothIndex:
    """The Poisson additive model of Fewster et al. (2000, Ecology 81:1970) with `df` degrees of freedom.

    `df` is 1 for a straight line on the log scale and years − 1 for a free effect a year; the default is
    0.3 × years as that paper advises. Sites are the unit of resampling, so counts within a site may be
    overdispersed and correlated. Raises `TooFewData` for fewer than 4 years or 2 sites.
    """
    table = count_table(site, year, count)
    rng, draws = gates.generator("rng", rng), gates.whole("draws", draws, low=20, high=1_000_000)
    level = gates.share("level", level, ends=False)
    base = None if base is None else gates.whole("base", base)
    span = table.years.size
    if span < 4:
        raise TooFewData(f"A curve needs at least 4 years; there are {span}.")
    if table.sites.size < 2:
        raise TooFewData("One site only: there is nothing to resample, so no limits can be given.")
    wanted = max(1.0, 0.3 * span) if df is None else gates.number("df", df)
    most = min(span, int(table.seen.any(axis=0).sum())) - 1
    if not 1 <= wanted <= most:
        raise EcostatError(f"df must lie from 1 to {most} for these years; it is {wanted:g}.")
    at = 0 if base is None else int(base - table.years[0])
    if not 0 <= at < span:
        raise EcostatError(f"base: the base year {base} lies outside {table.years[0]}–{table.years[-1]}.")

    rough = roughness(span)[1:, 1:]
    curve, mean, steps = _curve(table, np.ones(table.sites.size), wanted, rough, np.zeros(span))
    chi2 = float((((table.count - mean) ** 2)[table.seen] / mean[table.seen]).sum())
    free = float(table.seen.sum()) - table.sites.size - wanted
    drawn = np.empty((draws, span))
    lost = 0
    for b in range(draws):
        times = np.bincount(rng.integers(table.sites.size, size=table.sites.size), minlength=table.sites.size)
        try:
            drawn[b] = _curve(table, times.astype(float), wanted, rough, curve)[0]
        except NotConverged:
            drawn[b], lost = np.nan, lost + 1
    if lost > draws // 10:
        raise NotConverged(f"{lost} of {draws} resampled sets of sites carry no such curve; use a lower df.")
    drawn = drawn[np.isfinite(drawn).all(axis=1)]
    logs = drawn - drawn[:, [at]]
    tails = [(1 - level) / 2, (1 + level) / 2]
    # sites drawn anew spread less than sites do, and a few of them, or a few large ones among many, have
    # longer tails than the normal
    few = float(np.sqrt(table.sites.size / (table.sites.size - 1)))
    held = table.count.sum(axis=1)
    freedom = max(1.0, float(held.sum() ** 2 / (held**2).sum()) - 1)
    reach = few * float(student.ppf(tails[1], freedom) / norm.ppf(tails[1]))
    low, high = np.exp(_widened(logs, curve - curve[at], tails, reach))
    bends = np.diff(drawn, 2, axis=1)
    bend_low, bend_high = _widened(bends, np.diff(curve, 2), tails, reach)
    rates = (drawn[:, -1] - drawn[:, 0]) / (span - 1)
    return SmoothIndex(
        years=table.years,
        index=np.exp(curve - curve[at]),
        index_se=few * np.exp(logs).std(axis=0, ddof=1),
        lower=low,
        upper=high,
        curvature=_edge(np.diff(curve, 2)),
        curvature_lower=_edge(bend_low),
        curvature_upper=_edge(bend_high),
        trend=slope(
            int(table.years[0]),
            int(table.years[-1]),
            float(curve[-1] - curve[0]) / (span - 1),
            few * float(rates.std(ddof=1)),
            freedom,
        ),
        df=wanted,
        dispersion=chi2 / free if free > 0 else float("nan"),
        replicates=np.exp(logs),
        n=int(table.seen.sum()),
        converged=True,
        message=f"A curve with {wanted:g} degrees of freedom over {span} years, {table.sites.size} sites,"
        f" settled in {steps} steps; {drawn.shape[0]} of {draws} resamples used.",
    )


def _widened(drawn: Floats, best: Floats, tails: list[float], reach: float) -> Floats:
    """Percentile limits, each as much farther from the estimate as `reach` says; never narrower."""
    return best + reach * (np.quantile(drawn, tails, axis=0) - best)


def roughness(years: int) -> Floats:
    """The matrix whose quadratic form is the integrated squared second derivative of the natural cubic
    spline through yearly values (Green & Silverman 1994, section 2.1)."""
    q = np.zeros((years, years - 2))
    for k in range(years - 2):
        q[k : k + 3, k] = (1, -2, 1)
    r = (
        np.diag(np.full(years - 2, 2 / 3))
        + np.diag(np.full(years - 3, 1 / 6), 1)
        + np.diag(np.full(years - 3, 1 / 6), -1)
    )
    return q @ np.linalg.solve(r, q.T)


def _curve(
    table: CountTable, times: Floats, df: float, rough: Floats, start: Floats
) -> tuple[Floats, Floats, int]:
    """The log curve (0 in the first year), the fitted means, and the steps taken."""
    used = times > 0
    seen, count, times = table.seen[used].astype(float), table.count[used], times[used]
    total, weighted = count.sum(axis=1), times @ count
    curve = start.copy()
    for step_no in range(1, 101):
        spread = seen * np.exp(curve)
        mean = spread * (total / spread.sum(axis=1))[:, None]
        by_year = times @ mean
        share = mean * np.sqrt(times / total)[:, None]
        info = (np.diag(by_year) - share.T @ share)[1:, 1:]
        penalty = _penalty(info, rough, df) * rough
        try:
            factor = cho_factor(info + penalty)
        except np.linalg.LinAlgError as error:
            raise NotConverged("The sites drawn leave some years without any information.") from error
        step = cho_solve(factor, (weighted - by_year)[1:] - penalty @ curve[1:])
        curve[1:] += step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-300))
        if not np.abs(curve).max() < 60:
            raise NotConverged("The curve runs off to infinity: some years hold only zeros; use a lower df.")
        if np.abs(step).max() < 1e-8:
            whole = table.seen * np.exp(curve)
            return curve, whole * (table.count.sum(axis=1) / whole.sum(axis=1))[:, None], step_no
    raise NotConverged("The curve did not settle in 100 steps.")


def _penalty(info: Floats, rough: Floats, df: float) -> float:
    """The weight of the roughness at which the curve has `df` effective degrees of freedom."""
    scale = np.trace(info) / np.trace(rough)
    both = info + scale * rough
    try:
        stiff = np.clip(eigh(scale * rough, both, eigvals_only=True), 0.0, 1.0)
    except np.linalg.LinAlgError as error:
        raise NotConverged("The sites drawn leave some years without any information.") from error
    stiff[0] = 0.0  # a straight line is never penalised

    def excess(log_weight: float) -> float:
        loose = 1 - stiff
        return float((loose / (loose + np.exp(log_weight) * stiff + 1e-300)).sum()) - df

    if excess(-25.0) <= 0:
        return float(scale * np.exp(-25.0))
    if excess(20.0) >= 0:
        return float(scale * np.exp(20.0))
    return float(scale * np.exp(brentq(excess, -25.0, 20.0, xtol=1e-10)))


def _edge(inner: Floats) -> Floats:
    """Second differences in their years; the first and last year have none."""
    return np.concatenate([[np.nan], inner, [np.nan]])
