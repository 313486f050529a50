"""Single-season occupancy (MacKenzie et al. 2002), with closed-form gradient and Hessian."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from ecostat.errors import TooFewData
from ecostat.fit import Fit, Floats
from ecostat.likelihood import (
    Hessian,
    LogLik,
    Prediction,
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
class Occupancy(Fit):
    """A fitted single-season model. `psi` (sites,) and `p` (sites, visits): fitted probabilities, NaN where
    the covariates are unknown; `present` (sites,): probability of presence given the history;
    `occupied`: expected number of occupied sites among those surveyed; `naive`: share of surveyed sites with
    a detection."""

    psi: Floats
    p: Floats
    present: Floats
    occupied: float
    naive: float
    k_psi: int

    def predict_psi(self, x: ArrayLike, level: float = 0.95) -> Prediction:
        """Occupancy for rows of the psi design."""
        k = self.k_psi
        return predict(self.coef[:k], self.vcov[:k, :k], x, "logit", level)

    def predict_p(self, x: ArrayLike, level: float = 0.95) -> Prediction:
        """Detection for rows of the p design."""
        k = self.k_psi
        return predict(self.coef[k:], self.vcov[k:, k:], x, "logit", level)


def occu(
    y: ArrayLike, psi: ArrayLike | None = None, p: ArrayLike | None = None, *, start: ArrayLike | None = None
) -> Occupancy:
    """The single-season occupancy model is fitted to `y` (sites × visits; NaN = not surveyed).

    `psi`: sites × k; `p`: sites × visits × k (or sites × k); logit links, intercept columns included, None =
    constant. Coefficients: psi first, then p. Raises `TooFewData` when nothing was detected, `Separation`
    when a covariate predicts perfectly; psi or p at 0 or 1 is a stated `Boundary` warning.
    MacKenzie, Nichols, Lachman, Droege, Royle & Langtimm (2002), Ecology 83:2248-2255.
    """
    raw = visits_table(y)
    x, x_known = design(psi, raw.shape[:1], "psi")
    w, w_known = design(p, raw.shape, "p")
    data = histories(raw, x_known[:, None] & w_known)
    used = data.seen.any(axis=1)
    k, m = x.shape[-1], w.shape[-1]
    enough(int(used.sum()), k + m)
    if data.seen.sum(axis=1).max() < 2:
        raise TooFewData("No site was visited twice: presence and detection cannot be told apart.")
    basis = blocks(standard(x[used], "psi"), standard(_at(w, data.seen), "p"))
    loglik, hessian = _likelihood(x[used], w[used], data.y[used], data.seen[used])
    names = labels("psi", x) + labels("p", w)
    limits = constants(names[:k], x[used], "the estimated occupancy is 0 or 1") | constants(
        names[k:], w[data.seen], "the estimated detection is 0 or 1"
    )
    best = maximise(
        loglik,
        [np.zeros(k + m) if start is None else start],
        names,
        hessian=hessian,
        basis=basis,
        limits=limits,
    )
    presence = expit(x @ best.theta[:k])
    seeing = expit(w @ best.theta[k:])
    missed = np.where(data.seen, 1 - seeing, 1.0).prod(axis=1)
    found = np.asarray(data.y.any(axis=1))
    present = np.where(found, 1.0, presence * missed / (1 - presence + presence * missed))
    return Occupancy(
        coef=best.theta,
        se=best.se,
        vcov=best.vcov,
        names=names,
        loglik=best.loglik,
        aic=2 * (k + m) - 2 * best.loglik,
        n=int(used.sum()),
        converged=True,
        message=sentence(best, int(used.sum()), "surveyed sites", data.note),
        psi=np.where(x_known, presence, np.nan),
        p=np.where(w_known, seeing, np.nan),
        present=np.where(x_known, present, np.nan),
        occupied=float(present[used].sum()),
        naive=float(found[used].mean()),
        k_psi=k,
    )


def _at(a: Floats, seen: NDArray[np.bool_]) -> Floats:
    """The values of real visits, one a row, without a copy when every visit was made."""
    if seen.all():
        return np.ascontiguousarray(a).reshape(-1, *a.shape[2:])
    return a[seen]


def _likelihood(x: Floats, w: Floats, y: Floats, seen: NDArray[np.bool_]) -> tuple[LogLik, Hessian]:
    """The log-likelihood with its gradient, and its Hessian, sharing one pass over the visits."""
    rows = np.repeat(np.arange(len(x)), seen.sum(axis=1))
    first = np.searchsorted(rows, np.arange(len(x) + 1))
    visits, outcome = _at(w, seen), _at(y, seen)
    sites = np.ascontiguousarray(x)
    memory: dict[bytes, tuple[float, Floats, Floats]] = {}

    def evaluate(theta: Floats) -> tuple[float, Floats, Floats]:
        key = theta.tobytes()
        if key not in memory:
            memory.clear()
            k = sites.shape[1]
            memory[key] = _occu(sites, visits, outcome, first, theta[:k], theta[k:])
        return memory[key]

    return (lambda theta: evaluate(theta)[:2]), (lambda theta: evaluate(theta)[2])


@njit(cache=True)
def _occu(
    x: Floats, w: Floats, y: Floats, first: NDArray[np.intp], beta: Floats, alpha: Floats
) -> tuple[float, Floats, Floats]:
    """Log-likelihood, gradient and Hessian; site i owns visits first[i] … first[i + 1] - 1."""
    k, m = x.shape[1], w.shape[1]
    value = 0.0
    gradient = np.zeros(k + m)
    hessian = np.zeros((k + m, k + m))
    pull = np.zeros(m)
    bend = np.zeros((m, m))
    for i in range(x.shape[0]):
        eta = 0.0
        for a in range(k):
            eta += x[i, a] * beta[a]
        psi = 1.0 / (1.0 + np.exp(-eta))
        log_absent = -np.log1p(np.exp(-abs(eta))) - max(eta, 0.0)
        found = False
        logged, product = 0.0, 1.0  # the log of 1 + exp(nu) is taken of products, a site at a time
        pull[:] = 0.0
        bend[:, :] = 0.0
        for j in range(first[i], first[i + 1]):
            nu = 0.0
            for a in range(m):
                nu += w[j, a] * alpha[a]
            if nu < 30.0:
                odds = np.exp(nu)
                p = odds / (1.0 + odds)
                product *= 1.0 + odds
                if product > 1e250:
                    logged -= np.log(product)
                    product = 1.0
            else:
                p = 1.0 / (1.0 + np.exp(-nu))
                logged -= nu + np.log1p(np.exp(-nu))
            logged += y[j] * nu
            found = found or y[j] > 0
            for a in range(m):
                pull[a] += (y[j] - p) * w[j, a]
                for b in range(a + 1):
                    bend[a, b] += p * (1.0 - p) * w[j, a] * w[j, b]
        logged -= np.log(product)
        if found:
            value += eta + log_absent + logged
            z, spread = 1.0, 0.0
        else:
            u = eta + logged
            z = 1.0 / (1.0 + np.exp(-u))
            spread = z * (1.0 - z)
            value += log_absent + np.log1p(np.exp(-abs(u))) + max(u, 0.0)
        for a in range(k):
            gradient[a] += (z - psi) * x[i, a]
            for b in range(a + 1):
                hessian[a, b] += (spread - psi * (1.0 - psi)) * x[i, a] * x[i, b]
        for a in range(m):
            gradient[k + a] += z * pull[a]
            for b in range(k):
                hessian[k + a, b] += spread * pull[a] * x[i, b]
            for b in range(a + 1):
                hessian[k + a, k + b] += spread * pull[a] * pull[b] - z * bend[a, b]
    for a in range(k + m):
        for b in range(a):
            hessian[b, a] = hessian[a, b]
    return value, gradient, hessian
