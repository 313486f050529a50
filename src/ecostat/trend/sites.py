"""A rate through counts at sites whose errors come from the differences between the sites themselves."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student

from ecostat import gates
from ecostat.errors import EcostatError, NotConverged, TooFewData
from ecostat.fit import Floats
from ecostat.trend.counts import count_table
from ecostat.trend.slope import Slope, meaning

LIMIT = 200


@dataclass(frozen=True)
class SiteSlope:
    """The common yearly rate of counts at sites: `slope` with its limits at `level`, from whole sites.

    `covariates` (k,) with `covariates_se`: log effects of what differs between visits; `sites` that carried
    information, `n` counts, `message`. `log_lower`, `log_upper` bound the rate on the natural-log scale.
    """

    slope: Slope
    log_lower: float
    log_upper: float
    covariates: Floats
    covariates_se: Floats
    sites: int
    n: int
    level: float
    message: str


def slope_over_sites(
    site: ArrayLike,
    year: ArrayLike,
    count: ArrayLike,
    *,
    covariates: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> SiteSlope:
    """The log-linear rate common to all sites, each with a level of its own, from rows of counts.

    The estimate is TRIM's model 2 without change points; its error is a jackknife over whole sites with Student's
    t on as many degrees as there are sites of weight, less one, so that counts of one site may vary and hang
    together as they will (log-normal swings, serial correlation). Swings that all sites share are not in it:
    for those see `log_slope` of yearly totals.
    `covariates` (rows, k) differ between visits; `weights` (rows,), one value a site, make up for sites drawn
    with unequal chances. Needs 5 sites with animals counted in two years or more: else TooFewData.
    """
    table = count_table(site, year, count)
    level = gates.share("level", level, ends=False)
    names, row = gates.numbered("site", site)
    when = (gates.years("year", year) - table.years[0]).astype(np.int64)
    y = gates.numbers("count", count, low=0)
    place = {name: i for i, name in enumerate(table.sites.tolist())}  # sites never with an animal have none
    at = np.array([place.get(name, -1) for name in names.tolist()])[row]
    used = ~np.isnan(y) & (at >= 0)
    x = np.zeros((y.size, 0))
    if covariates is not None:
        x = gates.numbers("covariates", covariates, dims=(1, 2), size=y.size, each="one a count")
        x = x.reshape(y.size, -1)
        used &= ~np.isnan(x).any(axis=1)
    load = _weights(weights, y.size, at, used, table.sites.size)
    if not used.any():
        raise TooFewData("count and covariates are never known together.")
    scale = np.where(np.ptp(x[used], axis=0) > 0, x[used].std(axis=0), 1.0)
    design = np.column_stack([when - when[used].mean(), (x - x[used].mean(axis=0)) / scale])[used]
    beta, apart, held = _solve(design, y[used], at[used], load)
    beta[1:], apart[:, 1:] = beta[1:] / scale, apart[:, 1:] / scale
    informed = np.abs(apart).sum(axis=1) > 0
    sites = int(informed.sum())
    if sites < 5:
        raise TooFewData(
            f"site: {sites} sites carry information on change; limits from sites need at least 5."
        )
    apart = apart[informed]
    se = np.sqrt((sites - 1) / sites * (apart**2).sum(axis=0))
    # a few large sites among many small ones tell of no more differences than a few sites would
    freedom = max(1.0, float(held.sum() ** 2 / (held**2).sum()) - 1)
    reach = float(student.ppf(0.5 + level / 2, freedom)) * se[0]
    rate = float(beta[0])
    low, high = rate - reach, rate + reach
    if not abs(rate) + reach < 30:
        raise NotConverged("The rate is not held by the counts: its limits leave all bounds.")
    p = float(2 * student.sf(abs(rate) / se[0], freedom)) if se[0] > 0 else float("nan")
    wide = float(student.ppf(0.975, freedom)) * se[0]
    slope = Slope(
        first=int(table.years[0]),
        last=int(table.years[-1]),
        log=rate,
        log_se=float(se[0]),
        factor=float(np.exp(rate)),
        factor_se=float(np.exp(rate) * se[0]),
        lower=float(np.exp(rate - wide)),
        upper=float(np.exp(rate + wide)),
        p=p,
        meaning=meaning(float(np.exp(rate - wide)), float(np.exp(rate + wide))),
    )
    told = (
        f"{sites} sites, {table.years[0]}–{table.years[-1]}: {slope.meaning}, {100 * (slope.factor - 1):+.1f} % a "
        f"year ({level:.0%} limits {100 * np.expm1(low):+.1f} to {100 * np.expm1(high):+.1f}), errors from the "
        "differences between sites."
    )
    if sites < 15:
        told += " Below 15 sites such errors are themselves uncertain."
    return SiteSlope(slope, low, high, beta[1:], se[1:], sites, int(used.sum()), level, told)


def _weights(
    weights: ArrayLike | None, rows: int, at: NDArray[np.int64], used: NDArray[np.bool_], sites: int
) -> Floats:
    if weights is None:
        return np.ones(sites)
    each = gates.numbers("weights", weights, size=rows, each="one a count", above=0)
    load = np.full(sites, np.nan)
    load[at[used]] = each[used]
    odd = used & (each != load[np.maximum(at, 0)])
    if odd.any() or np.isnan(load[at[used]]).any():
        gates.numbers("weights", each[used], missing=False)
        raise EcostatError("weights are one number a site: the rows of a site give different ones")
    return np.where(np.isnan(load), 1.0, load)


def _solve(design: Floats, y: Floats, at: NDArray[np.int64], load: Floats) -> tuple[Floats, Floats, Floats]:
    """Coefficients, how far each site moves them (sites, k) were it left out, and what it tells of the rate."""
    k, sites = design.shape[1], load.size
    total = np.bincount(at, y, sites)
    beta = np.zeros(k)
    for _ in range(LIMIT):
        tilt = np.exp(np.clip(design @ beta, -60, 60))
        whole = np.maximum(np.bincount(at, tilt, sites), 1e-300)
        share = tilt / whole[at]
        mean = np.column_stack([np.bincount(at, share * design[:, j], sites) for j in range(k)])
        centred = design - mean[at]
        score = np.column_stack([np.bincount(at, y * centred[:, j], sites) for j in range(k)]) * load[:, None]
        info = np.empty((sites, k, k))
        for a in range(k):
            for b in range(k):
                info[:, a, b] = np.bincount(at, share * centred[:, a] * centred[:, b], sites) * total * load
        bend = info.sum(axis=0)
        scale = np.sqrt(np.maximum(np.diag(bend), 1e-300))
        still = scale <= 1e-7 * np.sqrt((total * load).sum()) * np.abs(design).max(axis=0)
        if still.any() or np.linalg.eigvalsh(bend / np.outer(scale, scale))[0] < 1e-10:
            raise TooFewData("covariates or year do not vary within sites: there is no change to estimate.")
        step = np.linalg.solve(bend, score.sum(axis=0))
        beta = beta + step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-300))
        if not np.abs(beta).max() < 60:
            raise NotConverged("The rate runs off to infinity: some years or classes hold only zeros.")
        if np.abs(step).max() < 1e-10:
            apart = np.stack([np.linalg.lstsq(bend - info[i], score[i], rcond=None)[0] for i in range(sites)])
            return beta, apart, info[:, 0, 0]
    raise NotConverged(f"The estimating equations did not settle in {LIMIT} steps.")
