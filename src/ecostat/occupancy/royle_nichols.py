"""Abundance-induced heterogeneity (Royle & Nichols 2003): more animals, more easily found."""

import math
import warnings
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, gammaln

from ecostat import gates
from ecostat.fit import Fit, Floats
from ecostat.likelihood import (
    Prediction,
    Truncated,
    blocks,
    constants,
    design,
    labels,
    maximise,
    predict,
    sentence,
    standard,
)
from ecostat.occupancy.histories import enough, histories, visits_table


@dataclass(frozen=True, kw_only=True)
class RoyleNichols(Fit):
    """A fitted Royle-Nichols model. `lam` (sites,): mean abundance; `psi` (sites,): 1 - exp(-lam); `r`
    (sites, visits): detection of one animal; `K` the upper limit of the sum; `tail`: the largest share of a
    site's likelihood that lies at K, which must be negligible."""

    lam: Floats
    psi: Floats
    r: Floats
    K: int
    tail: float
    k_lam: int

    def predict_lam(self, x: ArrayLike, level: float = 0.95) -> Prediction:
        """Mean abundance for rows of the lam design."""
        k = self.k_lam
        return predict(self.coef[:k], self.vcov[:k, :k], x, "log", level)

    def predict_r(self, x: ArrayLike, level: float = 0.95) -> Prediction:
        """Detection of one animal for rows of the r design."""
        k = self.k_lam
        return predict(self.coef[k:], self.vcov[k:, k:], x, "logit", level)


def royle_nichols(
    y: ArrayLike,
    lam: ArrayLike | None = None,
    r: ArrayLike | None = None,
    K: int = 25,
    *,
    start: ArrayLike | None = None,
) -> RoyleNichols:
    """The Royle-Nichols model is fitted to `y` (sites × visits; NaN = not surveyed).

    Abundance is Poisson with log link (`lam`: sites × k); one animal is detected with probability r (logit
    link, `r`: sites × visits × k or sites × k); a site of N animals with 1 - (1 - r)^N. N is summed to K; a K
    that cuts the sum is a stated `Truncated` warning. Royle & Nichols (2003), Ecology 84:777-790.
    """
    raw = visits_table(y)
    K = gates.whole("K", K, low=1, high=100_000)
    x, x_known = design(lam, raw.shape[:1], "lam")
    w, w_known = design(r, raw.shape, "r")
    data = histories(raw, x_known[:, None] & w_known)
    used = data.seen.any(axis=1)
    k, m = x.shape[-1], w.shape[-1]
    enough(int(used.sum()), k + m)
    basis = blocks(standard(x[used], "lam"), standard(w[data.seen], "r"))
    sites, visits = np.ascontiguousarray(x[used]), np.ascontiguousarray(w[used])
    found, seen = data.y[used], data.seen[used]
    log_factorial = gammaln(np.arange(K + 1) + 1.0)

    def loglik(theta: Floats) -> tuple[float, Floats]:
        value, slope_lam, slope_r, _ = _royle_nichols(
            sites @ theta[:k], visits @ theta[k:], found, seen, log_factorial
        )
        return value, np.concatenate([slope_lam @ sites, np.einsum("ij,ijk->k", slope_r, visits)])

    names = labels("lam", x) + labels("r", w)
    limits = constants(names[:k], x[used], "the fitted abundance is 0 or beyond bounds") | constants(
        names[k:], w[data.seen], "the fitted detection is 0 or 1"
    )
    share = float(np.clip(found.any(axis=1).mean(), 0.05, 0.95))
    first = np.zeros(k + m)
    first[0] = (
        math.log(-math.log(1 - share)) / (sites[:, 0].mean() or 1.0) if np.ptp(sites[:, 0]) == 0 else 0.0
    )
    second = first.copy()
    second[k] = -2.0
    best = maximise(loglik, [first, second] if start is None else [start], names, basis=basis, limits=limits)
    tail = float(
        _royle_nichols(sites @ best.theta[:k], visits @ best.theta[k:], found, seen, log_factorial)[3]
    )
    beware = ""
    if tail > 1e-4:
        beware = f"K = {K} cuts off the sum ({tail:.2g} of a site's likelihood lies at K): raise K"
        warnings.warn(beware, Truncated, 2)
    abundance = np.where(x_known, np.exp(x @ best.theta[:k]), np.nan)
    return RoyleNichols(
        coef=best.theta,
        se=best.se,
        vcov=best.vcov,
        names=names,
        loglik=best.loglik,
        aic=2 * (k + m) - 2 * best.loglik,
        n=int(used.sum()),
        converged=True,
        message=sentence(best, int(used.sum()), "surveyed sites", data.note, beware),
        lam=abundance,
        psi=-np.expm1(-abundance),
        r=np.where(w_known, expit(w @ best.theta[k:]), np.nan),
        K=K,
        tail=tail,
        k_lam=k,
    )


@njit(cache=True)
def _royle_nichols(
    log_lam: Floats, eta: Floats, y: Floats, seen: NDArray[np.bool_], log_factorial: Floats
) -> tuple[float, Floats, Floats, float]:
    """Log-likelihood, its slopes in each site's log-abundance and each visit's logit-detection, and the
    largest posterior share at K."""
    sites, visits = y.shape
    top = len(log_factorial) - 1
    value, tail = 0.0, 0.0
    slope_lam = np.zeros(sites)
    slope_r = np.zeros((sites, visits))
    logs = np.empty(top + 1)
    for i in range(sites):
        lam = np.exp(log_lam[i])
        largest = -np.inf
        for n in range(top + 1):
            logs[n] = n * log_lam[i] - lam - log_factorial[n]
        for j in range(visits):
            if not seen[i, j]:
                continue
            log_miss = -np.log1p(np.exp(-abs(eta[i, j]))) - max(eta[i, j], 0.0)
            if y[i, j] > 0:
                logs[0] = -np.inf
                for n in range(1, top + 1):
                    logs[n] += np.log(-np.expm1(n * log_miss))
            else:
                for n in range(1, top + 1):
                    logs[n] += n * log_miss
        for n in range(top + 1):
            largest = max(largest, logs[n])
        total, mean = 0.0, 0.0
        for n in range(top + 1):
            logs[n] = np.exp(logs[n] - largest)
            total += logs[n]
            mean += n * logs[n]
        value += largest + np.log(total)
        mean /= total
        slope_lam[i] = mean - lam
        tail = max(tail, logs[top] / total)
        for j in range(visits):
            if not seen[i, j]:
                continue
            r = 1.0 / (1.0 + np.exp(-eta[i, j]))
            if y[i, j] > 0:
                log_miss = -np.log1p(np.exp(-abs(eta[i, j]))) - max(eta[i, j], 0.0)
                pull = 0.0
                for n in range(1, top + 1):
                    pull += logs[n] * n / np.expm1(-n * log_miss)
                slope_r[i, j] = r * pull / total
            else:
                slope_r[i, j] = -r * mean
    return value, slope_lam, slope_r, tail
