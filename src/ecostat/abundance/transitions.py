"""How many animals next season: survivors and arrivals, and the sums over both along a site's history."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from ecostat.floats import Floats


def transitions(
    log_rate: Floats, logit_stay: Floats, log_factorial: Floats, per_animal: bool, stays: bool
) -> tuple[Floats, Floats, Floats]:
    """For each kind u: P[u, n, m], the chance of m animals after n, with its slopes in log rate and logit
    survival. Survivors are binomial (none where not `stays`), arrivals Poisson with the rate, or the rate
    times n (`per_animal`)."""
    top = len(log_factorial)
    n, m = np.arange(top)[:, None], np.arange(top)[None]
    tables = np.zeros((3, len(log_rate), top, top))
    for u, (log_one, logit) in enumerate(zip(log_rate, logit_stay, strict=True)):
        rate = np.exp(log_one) * (n if per_animal else np.ones_like(n))
        with np.errstate(divide="ignore", invalid="ignore"):
            arrive = np.exp(
                np.where(rate > 0, m * np.log(rate), np.where(m == 0, 0.0, -np.inf)) - rate - log_factorial
            )
        stay = float(expit(logit)) if stays else 0.0
        for c in range(top if stays else 1):  # survivors
            share = _survive(c, log_factorial, float(logit)) if stays else np.ones(top)
            both = share[:, None] * arrive[:, : top - c]
            tables[0, u, :, c:] += both
            tables[1, u, :, c:] += both * (m[:, : top - c] - rate)
            tables[2, u, :, c:] += both * (c - n * stay)
    return tables[0], tables[1], tables[2]


def _survive(c: int, log_factorial: Floats, logit: float) -> Floats:
    """The chance that c of n animals survive, for every n; 0 where it cannot be, or is below 1e-30."""
    left = np.arange(len(log_factorial)) - c
    held = np.maximum(left, 0)
    chance = np.exp(
        log_factorial - log_factorial[c] - log_factorial[held]
        - c * np.logaddexp(0.0, -logit) - held * np.logaddexp(0.0, logit)
    )  # fmt: skip
    return np.where((left >= 0) & (chance >= 1e-30), chance, 0.0)


def histories(
    log_lam: Floats,
    eta: Floats,
    y: Floats,
    seen: NDArray[np.bool_],
    choose: Floats,
    of: NDArray[np.intp],
    chance: Floats,
    in_rate: Floats,
    in_stay: Floats,
    log_factorial: Floats,
) -> tuple[float, Floats, Floats, Floats, Floats, Floats, float]:
    """Log-likelihood of counts (sites, seasons · visits), its slopes in log λ (sites,), in the rate and
    survival of each site and step, and in logit detection (sites, visits); mean abundance given the counts
    (sites, seasons); and the largest share of a season's likelihood at the top. `of`: the kind of each site
    and step; `choose`: what `chosen` gives."""
    sites, steps = of.shape
    seasons, numbers = steps + 1, np.arange(len(log_factorial))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        by_season = (sites, seasons, y.shape[1] // seasons)
        held = np.where(seen, y * eta, 0.0).reshape(by_season).sum(axis=2)
        miss = np.where(seen, -np.logaddexp(0.0, eta), 0.0).reshape(by_season).sum(axis=2)
        seeing = choose + held[:, :, None] + numbers * miss[:, :, None]
        largest = seeing.max(axis=2)
        value = float(largest.sum())
        seeing = np.exp(seeing - largest[:, :, None])
        ahead = np.empty_like(seeing)
        here = np.exp(numbers * log_lam[:, None] - np.exp(log_lam)[:, None] - log_factorial)
        for t in range(seasons):
            if t:
                here = _by_kind(of[:, t - 1], ahead[:, t - 1], chance)
            ahead[:, t] = here * seeing[:, t]
            total = ahead[:, t].sum(axis=1)
            value += float(np.log(total).sum())
            ahead[:, t] /= total[:, None]
        mean, tail = np.empty((sites, seasons)), 0.0
        s_rate, s_stay = np.zeros((sites, steps)), np.zeros((sites, steps))
        behind = np.ones((sites, numbers.size))
        for t in range(seasons - 1, -1, -1):
            share = ahead[:, t] * behind
            share /= share.sum(axis=1)[:, None]
            mean[:, t], tail = share @ numbers, max(tail, float(share[:, -1].max()))
            if t == 0:
                break
            forth, before, kind = seeing[:, t] * behind, ahead[:, t - 1], of[:, t - 1]
            behind, by_rate, by_stay = (
                _by_kind(kind, forth, table.transpose(0, 2, 1)) for table in (chance, in_rate, in_stay)
            )
            weight = (before * behind).sum(axis=1)
            s_rate[:, t - 1] = (before * by_rate).sum(axis=1) / weight
            s_stay[:, t - 1] = (before * by_stay).sum(axis=1) / weight
            behind = behind / weight[:, None]
    expected = np.repeat(mean, y.shape[1] // seasons, axis=1) * expit(eta)
    s_p = np.where(seen, y - expected, 0.0)
    return value, mean[:, 0] - np.exp(log_lam), s_rate, s_stay, s_p, mean, tail


def chosen(y: Floats, seen: NDArray[np.bool_], seasons: int, log_factorial: Floats) -> Floats:
    """Σ log of the binomial coefficients of a season's counts, for every number of animals (sites, seasons,
    numbers); minus infinity where fewer animals were there than were counted at one visit."""
    out = np.zeros((len(y), seasons, len(log_factorial)))
    visits = y.shape[1] // seasons
    for j in range(y.shape[1]):
        count = np.where(seen[:, j], y[:, j], 0).astype(np.int64)
        missed = np.arange(len(log_factorial)) - count[:, None]
        ways = log_factorial - log_factorial[count][:, None] - log_factorial[np.maximum(missed, 0)]
        out[:, j // visits] += np.where(seen[:, j, None], np.where(missed >= 0, ways, -np.inf), 0.0)
    return out


def _by_kind(kind: NDArray[np.intp], rows: Floats, table: Floats) -> Floats:
    """Each row times the table of its kind."""
    out = np.empty_like(rows)
    for u in np.unique(kind):
        out[kind == u] = rows[kind == u] @ table[u]
    return out
