"""The sums over unseen abundance behind an N-mixture likelihood, with their slopes.

Every mixture is a power series in N: with S the log-probability of missing one animal at all visits of a
site, log f(N) = c(N) + N S + h(N), where c(N) holds the binomial coefficients of the counts and never
changes. So one pass gives the likelihood, E[N] and Var[N], and from these the gradient and (Poisson) the
Hessian.
"""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, gammaln

from ecostat.compiled import warmed
from ecostat.floats import Floats
from ecostat.likelihood import Hessian, LogLik


class Sums:
    """The counts of one survey, prepared once: designs, `c` (sites, K + 1) and the smallest N of each
    site."""

    def __init__(self, x: Floats, w: Floats, y: Floats, seen: NDArray[np.bool_], top: int) -> None:
        self.x = np.ascontiguousarray(x)
        self.w = np.ascontiguousarray(w)
        self.y, self.seen, self.top = y, seen, top
        self.lowest = y.max(axis=1).astype(np.int64)
        self.empty = self.lowest == 0
        self.log_factorial = gammaln(np.arange(top + 1) + 1.0)
        self.c = _coefficients(y, seen, self.lowest, self.log_factorial)
        self.mean_count = float(y[seen].mean())

    def missing(self, alpha: Floats) -> tuple[Floats, Floats, Floats]:
        """p (sites, visits; 0 where not surveyed), log-probability of missing one animal at every visit of a
        site, and the part of the log-likelihood that the counts alone fix."""
        eta = self.w @ alpha
        log_miss = np.where(self.seen, -np.logaddexp(0.0, eta), 0.0)
        p = np.where(self.seen, np.exp(eta + log_miss), 0.0)
        return p, log_miss.sum(axis=1), (self.y * eta).sum(axis=1)

    def gradient(self, p: Floats, mean: Floats, slope_lam: Floats, *more: float) -> Floats:
        """The chain rule through both linear predictors."""
        slope_p = self.y - p * mean[:, None]
        return np.concatenate([slope_lam @ self.x, np.einsum("ij,ijk->k", slope_p, self.w), more])

    def posterior(self, theta: Floats, mixture: str) -> tuple[Floats, float]:
        """Posterior mean abundance of each site, and the largest posterior share at K."""
        k, m = self.x.shape[1], self.w.shape[2]
        log_lam = self.x @ theta[:k]
        _, miss, _ = self.missing(theta[k : k + m])
        weight = np.zeros(self.top + 1)
        rate = log_lam
        if mixture == "NB":
            size = math.exp(theta[-1])
            weight = gammaln(np.arange(self.top + 1) + size)
            rate = log_lam - np.logaddexp(log_lam, theta[-1])
        total, mean, _, _, tail = _sum(self.c, self.lowest, miss + rate, weight, weight)
        if mixture == "ZIP":
            odds = np.where(self.empty, np.exp(theta[-1] - total + np.exp(log_lam)), 0.0)
            mean = mean / (1 + odds)
        return mean, float(tail.max())


def moments(sums: Sums, t: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """For each site: log Σ c(N) exp(N t), E[N], Var[N] and the share at K."""
    flat = np.zeros(sums.top + 1)
    total, mean, variance, _, tail = _sum(sums.c, sums.lowest, t, flat, flat)
    return total, mean, variance, tail


def poisson(sums: Sums) -> tuple[LogLik, Hessian | None]:
    """Log-likelihood, gradient and Hessian, all in closed form from E[N] and Var[N]."""
    k = sums.x.shape[1]
    flat = np.zeros(sums.top + 1)
    memory: dict[bytes, tuple[Floats, Floats, Floats, Floats, Floats, Floats]] = {}

    def moments(theta: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
        key = theta.tobytes()
        if key not in memory:
            memory.clear()
            memory[key] = passed(theta)
        return memory[key]

    def passed(theta: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
        p, miss, fixed = sums.missing(theta[k:])
        log_lam = sums.x @ theta[:k]
        total, mean, variance, _, _ = _sum(sums.c, sums.lowest, miss + log_lam, flat, flat)
        return p, fixed, np.exp(log_lam), total, mean, variance

    def loglik(theta: Floats) -> tuple[float, Floats]:
        p, fixed, lam, total, mean, _ = moments(theta)
        return float((fixed + total - lam).sum()), sums.gradient(p, mean, mean - lam)

    def hessian(theta: Floats) -> Floats:
        p, _, lam, _, mean, variance = moments(theta)
        pull = np.concatenate([sums.x, -np.einsum("ij,ijk->ik", p, sums.w)], axis=1)
        out = pull.T @ (variance[:, None] * pull)
        out[:k, :k] -= sums.x.T @ (lam[:, None] * sums.x)
        bend = (mean[:, None] * p * (1 - p)).ravel()
        rows = sums.w.reshape(-1, sums.w.shape[2])
        out[k:, k:] -= rows.T @ (bend[:, None] * rows)
        return out

    return loglik, hessian


def negative_binomial(sums: Sums) -> tuple[LogLik, Hessian | None]:
    """Log-likelihood and gradient with size exp(theta[-1]): variance lam + lam² / size."""
    k = sums.x.shape[1]
    numbers = np.arange(sums.top + 1)

    def loglik(theta: Floats) -> tuple[float, Floats]:
        p, miss, fixed = sums.missing(theta[k:-1])
        log_lam, log_size = sums.x @ theta[:k], float(theta[-1])
        if abs(log_size) > 30:
            return -np.inf, np.full_like(theta, np.nan)
        size = math.exp(log_size)
        both = np.logaddexp(log_lam, log_size)
        weight, slope = gammaln(numbers + size) - math.lgamma(size), digamma(numbers + size)
        total, mean, _, mean_slope, _ = _sum(sums.c, sums.lowest, miss + log_lam - both, weight, slope)
        value = float((fixed + total + size * (log_size - both)).sum())
        lam = np.exp(log_lam)
        in_size = size * (mean_slope - digamma(size) + log_size - both + (lam - mean) / (lam + size))
        return value, sums.gradient(p, mean, size * (mean - lam) / (lam + size), float(in_size.sum()))

    return loglik, None


def zero_inflated(sums: Sums) -> tuple[LogLik, Hessian | None]:
    """Log-likelihood and gradient with a share expit(theta[-1]) of sites that hold no animal."""
    k = sums.x.shape[1]
    flat = np.zeros(sums.top + 1)

    def loglik(theta: Floats) -> tuple[float, Floats]:
        p, miss, fixed = sums.missing(theta[k:-1])
        log_lam, logit = sums.x @ theta[:k], float(theta[-1])
        lam = np.exp(log_lam)
        total, mean, _, _, _ = _sum(sums.c, sums.lowest, miss + log_lam, flat, flat)
        log_held, log_none = -np.logaddexp(0.0, logit), -np.logaddexp(0.0, -logit)
        held = log_held + fixed + total - lam
        value = np.where(sums.empty, np.logaddexp(held, log_none), held)
        share = np.exp(held - value)  # posterior probability that the site can hold animals
        zero = math.exp(log_none)
        slope = sums.gradient(p, mean * share, (mean - lam) * share, float((1 - share - zero).sum()))
        return float(value.sum()), slope

    return loglik, None


@warmed(lambda y, seen, lowest, logf: 2 * y.size * len(logf))
def _coefficients(y: Floats, seen: NDArray[np.bool_], lowest: NDArray[np.int64], logf: Floats) -> Floats:
    """c(N) = Σ log binomial coefficients - log N!, for N from the largest count."""
    sites, visits = y.shape
    out = np.zeros((sites, len(logf)))
    for i in range(sites):
        for j in range(visits):
            if seen[i, j]:
                count = int(y[i, j])
                for n in range(lowest[i], len(logf)):
                    out[i, n] += logf[n] - logf[count] - logf[n - count]
        for n in range(lowest[i], len(logf)):
            out[i, n] -= logf[n]
    return out


@warmed(lambda c, *_: 4 * c.size, fastmath=True)
def _sum(
    c: Floats, lowest: NDArray[np.int64], t: Floats, weight: Floats, slope: Floats
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """For each site: log Σ exp(c(N) + N t + weight(N)), E[N], Var[N], E[slope(N)], and the share at K."""
    sites, numbers = c.shape
    total, mean, variance = np.empty(sites), np.empty(sites), np.empty(sites)
    mean_slope, tail = np.empty(sites), np.empty(sites)
    terms = np.empty(numbers)
    for i in range(sites):
        low, end = lowest[i], numbers
        largest = -1e300
        for n in range(low, numbers):
            terms[n] = c[i, n] + n * t[i] + weight[n]
            largest = max(largest, terms[n])
            if terms[n] < largest - 45.0:  # the terms have one hump: what follows is smaller still
                end = n
                break
        s0, s1, s2, s3 = 0.0, 0.0, 0.0, 0.0
        last = 0.0
        for n in range(low, end):
            last = terms[n] - largest
            if last < -45.0:
                last = 0.0
                continue
            last = np.exp(last)
            s0 += last
            s1 += n * last
            s2 += n * n * last
            s3 += slope[n] * last
        total[i] = largest + np.log(s0)
        mean[i] = s1 / s0
        variance[i] = max(s2 / s0 - mean[i] * mean[i], 0.0)
        mean_slope[i] = s3 / s0
        tail[i] = last / s0 if end == numbers else 0.0
    return total, mean, variance, mean_slope, tail
