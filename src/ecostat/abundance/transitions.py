"""How many animals next season: survivors and arrivals, and the sums over both along a site's history."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ecostat.floats import Floats


@njit(cache=True)
def transitions(
    log_rate: Floats, logit_stay: Floats, log_factorial: Floats, per_animal: bool, stays: bool
) -> tuple[Floats, Floats, Floats]:
    """For each kind u: P[u, n, m], the chance of m animals after n, with its slopes in log rate and logit
    survival. Survivors are binomial (none where not `stays`), arrivals Poisson with the rate, or the rate
    times n (`per_animal`)."""
    top = len(log_factorial)
    kinds = len(log_rate)
    chance = np.zeros((kinds, top, top))
    in_rate = np.zeros((kinds, top, top))
    in_stay = np.zeros((kinds, top, top))
    arrive = np.empty(top)
    for u in range(kinds):
        stay = 1.0 / (1.0 + np.exp(-logit_stay[u])) if stays else 0.0
        log_stay = -np.log1p(np.exp(-abs(logit_stay[u]))) + min(logit_stay[u], 0.0)
        log_leave = log_stay - logit_stay[u]
        for n in range(top):
            rate = np.exp(log_rate[u]) * (n if per_animal else 1)
            log_mean = np.log(rate) if rate > 0 else 0.0
            for m in range(top):
                if rate > 0:
                    arrive[m] = np.exp(m * log_mean - rate - log_factorial[m])
                else:
                    arrive[m] = 1.0 if m == 0 else 0.0
            for c in range(n + 1 if stays else 1):
                share = 1.0
                if stays:
                    share = np.exp(
                        log_factorial[n]
                        - log_factorial[c]
                        - log_factorial[n - c]
                        + c * log_stay
                        + (n - c) * log_leave
                    )
                if share < 1e-30:
                    continue
                for m in range(c, top):
                    both = share * arrive[m - c]
                    chance[u, n, m] += both
                    in_rate[u, n, m] += both * (m - c - rate)
                    in_stay[u, n, m] += both * (c - n * stay)
    return chance, in_rate, in_stay


@njit(cache=True)
def histories(
    log_lam: Floats,
    eta: Floats,
    y: Floats,
    seen: NDArray[np.bool_],
    of: NDArray[np.intp],
    chance: Floats,
    in_rate: Floats,
    in_stay: Floats,
    log_factorial: Floats,
) -> tuple[float, Floats, Floats, Floats, Floats, Floats, float]:
    """Log-likelihood of counts (sites, seasons · visits), its slopes in log λ (sites,), in the rate and
    survival of each site and step, and in logit detection (sites, visits); mean abundance given the counts
    (sites, seasons); and the largest share of a season's likelihood at the top. `of`: the kind of each site
    and step."""
    sites, steps = of.shape
    seasons, top = steps + 1, len(log_factorial)
    visits = y.shape[1] // seasons
    value, tail = 0.0, 0.0
    s_lam = np.zeros(sites)
    s_rate, s_stay = np.zeros((sites, steps)), np.zeros((sites, steps))
    s_p = np.zeros(y.shape)
    mean = np.zeros((sites, seasons))
    seeing = np.empty((seasons, top))
    ahead = np.empty((seasons, top))
    behind = np.ones(top)
    forth = np.empty(top)
    for i in range(sites):
        for t in range(seasons):
            largest = -np.inf
            for n in range(top):
                log_seen = 0.0
                for j in range(t * visits, (t + 1) * visits):
                    if seen[i, j]:
                        count = int(y[i, j])
                        if count > n:
                            log_seen = -np.inf
                            break
                        nu = eta[i, j]
                        log_miss = -np.log1p(np.exp(-abs(nu))) - max(nu, 0.0)
                        log_seen += (
                            log_factorial[n]
                            - log_factorial[count]
                            - log_factorial[n - count]
                            + count * nu
                            + n * log_miss
                        )
                seeing[t, n] = log_seen
                largest = max(largest, log_seen)
            value += largest
            for n in range(top):
                seeing[t, n] = np.exp(seeing[t, n] - largest)
        lam = np.exp(log_lam[i])
        for t in range(seasons):
            total = 0.0
            for m in range(top):
                if t == 0:
                    here = np.exp(m * log_lam[i] - lam - log_factorial[m])
                else:
                    here = 0.0
                    if seeing[t, m] > 0.0:
                        u = of[i, t - 1]
                        for n in range(top):
                            here += ahead[t - 1, n] * chance[u, n, m]
                ahead[t, m] = here * seeing[t, m]
                total += ahead[t, m]
            value += np.log(total)
            for m in range(top):
                ahead[t, m] /= total
        behind[:] = 1.0
        for t in range(seasons - 1, -1, -1):
            whole, first = 0.0, 0.0
            for n in range(top):
                share = ahead[t, n] * behind[n]
                whole += share
                first += n * share
            mean[i, t] = first / whole
            tail = max(tail, ahead[t, top - 1] * behind[top - 1] / whole)
            if t == 0:
                break
            u = of[i, t - 1]
            weight = 0.0
            for m in range(top):
                forth[m] = seeing[t, m] * behind[m]
            rate, stay = 0.0, 0.0
            for n in range(top):
                back, by_rate, by_stay = 0.0, 0.0, 0.0
                for m in range(top):
                    back += chance[u, n, m] * forth[m]
                    by_rate += in_rate[u, n, m] * forth[m]
                    by_stay += in_stay[u, n, m] * forth[m]
                behind[n] = back
                weight += ahead[t - 1, n] * back
                rate += ahead[t - 1, n] * by_rate
                stay += ahead[t - 1, n] * by_stay
            s_rate[i, t - 1], s_stay[i, t - 1] = rate / weight, stay / weight
            for n in range(top):
                behind[n] /= weight
        s_lam[i] = mean[i, 0] - lam
        for j in range(y.shape[1]):
            if seen[i, j]:
                s_p[i, j] = y[i, j] - mean[i, j // visits] / (1.0 + np.exp(-eta[i, j]))
    return value, s_lam, s_rate, s_stay, s_p, mean, tail
