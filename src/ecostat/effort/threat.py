"""Where a threat was and whether it grows, told apart from how hard one looked."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq, minimize
from scipy.special import expit
from scipy.stats import chi2, norm

from ecostat import gates
from ecostat.errors import EcostatError, NotConverged, TooFewData
from ecostat.fit import Fit, Floats

EDGE = 9.0  # a logit beyond this is a share of 0 or 1 as far as data can tell


@dataclass(frozen=True, kw_only=True)
class ThreatTrend(Fit):
    """The share of sites under threat per season, corrected for effort, and its trend.

    `occupancy` with `occupancy_se`, `lower`, `upper`; at 0 or 1 the error is NaN and one limit comes from
    the likelihood. `naive`: share of visited sites with a find; `raw_rate`: finds per effort; `effort`,
    `sites` per season. `detection`: finds begin at rate `detection` per unit of effort where the threat
    is, p = 1 − exp(−detection · effort). `trend` on the logit per unit of season, its `trend_se`,
    `trend_p`; NaN with fewer than 3 seasons inside (0, 1); `meaning`: "rising", "falling" or "not shown".
    """

    season: Floats
    occupancy: Floats
    occupancy_se: Floats
    lower: Floats
    upper: Floats
    naive: Floats
    raw_rate: Floats
    effort: Floats
    sites: NDArray[np.int64]
    detection: float
    detection_se: float
    trend: float
    trend_se: float
    trend_p: float
    meaning: str


@dataclass(frozen=True)
class _Visits:
    """One row a site and season: its season, effort without a find, and its visits with one."""

    season: NDArray[np.intp]
    blank: Floats
    found: NDArray[np.bool_]
    cell: NDArray[np.intp]
    effort: Floats
    seasons: int


def threat_trend(
    found: ArrayLike, effort: ArrayLike, site: ArrayLike, season: ArrayLike, level: float = 0.95
) -> ThreatTrend:
    """The share of sites with a threat in each season from visits (rows) of known effort.

    A visit of effort e to a site under threat finds it with 1 − exp(−b e); a find is never false; a site
    keeps its state within a season (MacKenzie et al. 2002, Ecology 83:2248, with effort as in Critchlow et
    al. 2015, Conserv. Biol. 29:113). `season` is a number (the trend is per unit of it). NaN `found` or
    `effort`, and visits of no effort, are no visit. Needs some site visited twice in a season, one of the
    visits to a site with finds being blank: else `TooFewData`.
    """
    z = gates.numbers("found", found, low=0, high=1, whole=True)
    e = gates.numbers("effort", effort, low=0)
    where, when = gates.labels("site", site), gates.numbers("season", season, missing=False)
    gates.alike(found=z, effort=e, site=where, season=when)
    level = gates.share("level", level, ends=False)
    known = np.isfinite(z) & np.isfinite(e)
    if (known & (e == 0) & (z == 1)).any():
        raise EcostatError("A find without effort: its track is missing.")
    used = known & (e > 0)
    if not (z[used] == 1).any():
        raise TooFewData(
            "Nothing was ever found: the share of sites cannot be told from a failure to detect."
        )
    z, e, where, when = z[used] == 1, e[used], where[used], when[used]
    scale = float(e.mean())
    seasons, t = np.unique(when, return_inverse=True)
    _, s = np.unique(where, return_inverse=True)
    cells, cell = np.unique(t.ravel() * (int(s.max()) + 1) + s.ravel(), return_inverse=True)
    cell = cell.ravel()
    of = (cells // (int(s.max()) + 1)).astype(np.intp)
    blank = np.bincount(cell, e / scale * ~z, cells.size).astype(float)
    hit = np.bincount(cell, z, cells.size) > 0
    if not (blank[hit] > 0).any():
        raise TooFewData(
            "No site with a find was also visited in vain in that season: how much is missed cannot be known."
        )
    data = _Visits(of, blank, hit, cell[z], e[z] / scale, seasons.size)
    alive = np.bincount(of, hit, seasons.size) > 0
    theta, cov, loglik = _maximise(data, alive)

    logit = np.full(seasons.size, -np.inf)
    logit[alive] = theta[:-1]
    inside = np.abs(logit) < EDGE
    psi = np.where(logit >= EDGE, 1.0, np.where(inside, expit(logit), 0.0))
    se_logit = np.full(seasons.size, np.nan)
    se_logit[alive] = np.sqrt(np.diag(cov)[:-1])
    reach = float(norm.ppf(0.5 + level / 2))
    low, high = expit(logit - reach * se_logit), expit(logit + reach * se_logit)
    for k in np.flatnonzero(~inside):
        low[k], high[k] = _edge_limits(data, int(k), float(np.exp(theta[-1])), bool(psi[k] > 0.5), level)
    use = inside[alive]
    trend, trend_se = _line(seasons[inside], logit[inside], cov[:-1, :-1][np.ix_(use, use)])
    p = float(2 * norm.sf(abs(trend / trend_se))) if trend_se > 0 else float("nan")
    visited = np.bincount(of, minlength=seasons.size)
    per_season = np.bincount(t.ravel(), e, seasons.size).astype(float)
    finds = np.bincount(t.ravel(), z, seasons.size)
    rate = float(np.exp(theta[-1])) / scale
    return ThreatTrend(
        coef=theta,
        se=np.sqrt(np.diag(cov)),
        vcov=cov,
        names=(*(f"logit share {v:g}" for v in seasons[alive]), "log detection per mean effort"),
        loglik=loglik,
        aic=2 * theta.size - 2 * loglik,
        n=cells.size,
        converged=True,
        message=_message(seasons, inside, psi, per_season, int((~used).sum())),
        season=seasons,
        occupancy=psi,
        occupancy_se=np.where(inside, psi * (1 - psi) * se_logit, np.nan),
        lower=low,
        upper=high,
        naive=np.bincount(of, hit, seasons.size) / visited,
        raw_rate=finds / per_season,
        effort=per_season,
        sites=visited,
        detection=rate,
        detection_se=rate * float(np.sqrt(cov[-1, -1])),
        trend=trend,
        trend_se=trend_se,
        trend_p=p,
        meaning="not shown" if not p < 1 - level else "rising" if trend > 0 else "falling",
    )


def _gradient(theta: Floats, data: _Visits, place: NDArray[np.intp]) -> tuple[float, Floats]:
    """Minus the log-likelihood and its gradient; seasons without finds (place −1) have a share of 0."""
    b = np.exp(theta[-1])
    here = place[data.season]
    live = here >= 0
    a = theta[:-1][here[live]]
    psi, blank, hit = expit(a), data.blank[live], data.found[live]
    missed = np.exp(-b * blank)
    chance = psi * missed + (1 - psi)
    log_hit = -np.logaddexp(0.0, -a) - b * blank
    seen = -np.expm1(-b * data.effort)
    value = float(log_hit[hit].sum() + np.log(chance[~hit]).sum() + np.log(seen).sum())
    by_a = np.where(hit, 1 - psi, psi * (1 - psi) * (missed - 1) / chance)
    by_b = (
        np.where(hit, -blank, -psi * missed * blank / chance).sum()
        + (data.effort * (1 - seen) / np.maximum(seen, 1e-300)).sum()
    )
    gradient = np.append(np.bincount(here[live], by_a, theta.size - 1), by_b * b)
    return -value, -gradient


def _maximise(data: _Visits, alive: NDArray[np.bool_]) -> tuple[Floats, Floats, float]:
    place = np.where(alive, np.cumsum(alive) - 1, -1)
    number = int(alive.sum())
    share = (
        np.bincount(data.season, data.found, data.seasons)[alive]
        / np.bincount(data.season, minlength=data.seasons)[alive]
    )
    start = np.append(np.log((share + 0.1) / (1.1 - share)), 0.0)
    limits = [(-EDGE - 1, EDGE + 1)] * number + [(-12.0, 8.0)]
    best = minimize(
        _gradient,
        start,
        (data, place),
        "L-BFGS-B",
        jac=True,
        bounds=limits,
        options={"maxiter": 2000, "ftol": 1e-14, "gtol": 1e-8},
    )
    theta = np.asarray(best.x)
    if theta[-1] < -11.9 or theta[-1] > 7.9:
        raise NotConverged("The rate of detection runs to its limit: effort does not explain what is missed.")
    free = np.append(np.abs(theta[:-1]) < EDGE, True)
    step = 1e-5
    hessian = np.empty((theta.size, theta.size))
    for k in range(theta.size):
        up, down = theta.copy(), theta.copy()
        up[k] += step
        down[k] -= step
        hessian[k] = (_gradient(up, data, place)[1] - _gradient(down, data, place)[1]) / (2 * step)
    hessian = (hessian + hessian.T) / 2
    cov = np.full_like(hessian, np.nan)
    inner = hessian[np.ix_(free, free)]
    value, slope = _gradient(theta, data, place)
    if np.abs(slope[free]).max() > 1e-3 * max(1.0, abs(value)) or np.linalg.eigvalsh(inner)[0] <= 0:
        raise NotConverged("The likelihood has no clear top: too few sites were visited more than once.")
    cov[np.ix_(free, free)] = np.linalg.inv(inner)
    return theta, cov, -value


def _edge_limits(data: _Visits, season: int, b: float, full: bool, level: float) -> tuple[float, float]:
    """Limits of a share estimated at 0 or 1, where the likelihood has fallen by half a chi-square."""
    mine = data.season == season
    missed, hit = np.exp(-b * data.blank[mine]), data.found[mine]

    def fall(share: float) -> float:
        logs = np.where(hit, np.log(max(share, 1e-300)), np.log(share * missed + 1 - share))
        return float(logs.sum())

    drop = float(chi2.ppf(level, 1)) / 2
    edge = 1.0 - 1e-12 if full else 0.0
    top = fall(edge)
    far = 1e-9 if full else 1.0 - 1e-12
    if top - fall(far) < drop:
        return (0.0, 1.0)
    found = float(brentq(lambda v: top - fall(v) - drop, min(edge, far), max(edge, far)))
    return (found, 1.0) if full else (0.0, found)


def _line(season: Floats, logit: Floats, cov: Floats) -> tuple[float, float]:
    """The generalised least-squares slope of the logits; NaN with fewer than 3 seasons."""
    if season.size < 3:
        return float("nan"), float("nan")
    design = np.column_stack([np.ones(season.size), season - season.mean()])
    inverse = np.linalg.inv(cov)
    spread = np.linalg.inv(design.T @ inverse @ design)
    return float((spread @ design.T @ inverse @ logit)[1]), float(np.sqrt(spread[1, 1]))


def _message(season: Floats, inside: NDArray[np.bool_], psi: Floats, effort: Floats, lost: int) -> str:
    said = [f"{season.size} seasons, effort between {effort.min():g} and {effort.max():g} a season."]
    for edge, words in ((0.0, "nothing was found"), (1.0, "every site is held to be under threat")):
        at = season[~inside & (psi == edge)]
        if at.size:
            said.append(f"In {', '.join(f'{v:g}' for v in at)} {words}: only one limit is known.")
    if inside.sum() < 3:
        said.append("Fewer than 3 seasons with a share between 0 and 1: no trend is given.")
    if lost:
        said.append(f"{lost} rows without a record or effort left out.")
    said.append("One rate of detection is assumed throughout: better searching would look like more threat.")
    return " ".join(said)
