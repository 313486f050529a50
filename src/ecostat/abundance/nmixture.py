"""N-mixture models of repeated counts (Royle 2004): Poisson, negative binomial, zero-inflated Poisson."""

import math
import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from ecostat import gates
from ecostat.abundance.sums import Sums, negative_binomial, poisson, zero_inflated
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import Fit, Floats
from ecostat.likelihood import (
    Dropped,
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

MIXTURES = {"P": poisson, "NB": negative_binomial, "ZIP": zero_inflated}
EXTRA = {"P": (), "NB": ("log_size",), "ZIP": ("logit_zero",)}
LIMITS = {
    "log_size": "the counts show no more spread than Poisson, so use mixture='P'",
    "logit_zero": "the counts show no excess of zeros, so use mixture='P'",
}


@dataclass(frozen=True, kw_only=True)
class NMixture(Fit):
    """A fitted N-mixture model. `lam` (sites,): expected abundance (of sites that can hold animals under
    "ZIP"); `p` (sites, visits); `abundance` (sites,): posterior mean given the counts, NaN where nothing was
    counted; `total`: its sum over surveyed sites; `K`, `tail`: the upper limit of the sum and the largest
    share of a site's likelihood that lies there; `mixture`."""

    lam: Floats
    p: Floats
    abundance: Floats
    total: float
    K: int
    tail: float
    mixture: str
    k_lam: int
    k_p: int

    def predict_lam(self, x: ArrayLike, level: float = 0.95) -> Prediction:
        """Expected abundance for rows of the lam design."""
        k = self.k_lam
        return predict(self.coef[:k], self.vcov[:k, :k], x, "log", level)

    def predict_p(self, x: ArrayLike, level: float = 0.95) -> Prediction:
        """Detection for rows of the p design."""
        own = slice(self.k_lam, self.k_lam + self.k_p)
        return predict(self.coef[own], self.vcov[own, own], x, "logit", level)


def nmixture(
    y: ArrayLike,
    lam: ArrayLike | None = None,
    p: ArrayLike | None = None,
    K: int | None = None,
    mixture: Literal["P", "NB", "ZIP"] = "P",
    *,
    start: ArrayLike | None = None,
) -> NMixture:
    """The N-mixture model is fitted to `y` (sites × visits of counts; NaN = not surveyed).

    `lam`: sites × k, log link; `p`: sites × visits × k or sites × k, logit link; N is summed from the largest
    count to `K` (default: largest count + 100). Coefficients: lam, p, then log size (NB) or logit of the
    share of empty sites (ZIP). A K that cuts the sum is a stated `Truncated` warning.
    Royle (2004), Biometrics 60:108-115; Joseph, Elkin, Martin & Possingham (2009), Ecol. Appl. 19:631-642.
    """
    gates.choice("mixture", mixture, tuple(MIXTURES))
    raw = gates.numbers("y", y, dims=2, low=0, whole=True)
    if raw.shape[1] == 0:
        raise EcostatError(f"y has shape {raw.shape}; sites × visits are needed.")
    counted = ~np.isnan(raw)
    if not counted.any():
        raise TooFewData("No visit was surveyed: every value of y is NaN.")
    x, x_known = design(lam, raw.shape[:1], "lam")
    w, w_known = design(p, raw.shape, "p")
    seen = counted & x_known[:, None] & w_known
    note = ""
    if lost := int(counted.sum() - seen.sum()):
        note = f"{lost} visits without their covariates were left out"
        warnings.warn(note, Dropped, 2)
    counts = np.where(seen, raw, 0.0)
    if not counts.any():
        raise TooFewData("Nothing was ever counted: abundance and detection cannot be told apart.")
    largest = int(counts.max())
    top = largest + 100 if K is None else gates.whole("K", K, high=10_000_000)
    if top <= largest:
        raise EcostatError(f"K is {top} but {largest} animals were counted at one visit: K must be larger.")
    used = seen.any(axis=1)
    n, k, m = int(used.sum()), x.shape[-1], w.shape[-1]
    size = k + m + len(EXTRA[mixture])
    if n < 2 or n <= size:
        raise TooFewData(f"{n} surveyed sites are too few for {size} coefficients.")
    if seen.sum(axis=1).max() < 2:
        raise TooFewData("No site was counted twice: abundance and detection cannot be told apart.")
    names = labels("lam", x) + labels("p", w)
    limits = (
        LIMITS
        | constants(names[:k], x[used], "abundance runs off while detection goes to 0")
        | constants(names[k:], w[seen], "detection goes to 0 or 1")
    )
    basis = blocks(standard(x[used], "lam"), standard(w[seen], "p"), size - k - m)
    sums = Sums(x[used], w[used], counts[used], seen[used], top)
    loglik, hessian = MIXTURES[mixture](sums)
    starts = _starts(sums, size) if start is None else [np.asarray(start, float)]
    best = maximise(loglik, starts, names + EXTRA[mixture], hessian=hessian, basis=basis, limits=limits)
    mean, tail = sums.posterior(best.theta, mixture)
    beware = ""
    if tail > 1e-4:
        beware = f"K = {top} cuts off the sum ({tail:.2g} of a site's likelihood lies at K): raise K"
        warnings.warn(beware, Truncated, 2)
    abundance = np.full(len(raw), np.nan)
    abundance[used] = mean
    return NMixture(
        coef=best.theta,
        se=best.se,
        vcov=best.vcov,
        names=names + EXTRA[mixture],
        loglik=best.loglik,
        aic=2 * size - 2 * best.loglik,
        n=n,
        converged=True,
        message=sentence(best, n, "surveyed sites", note, beware),
        lam=np.where(x_known, np.exp(x @ best.theta[:k]), np.nan),
        p=np.where(w_known, expit(w @ best.theta[k : k + m]), np.nan),
        abundance=abundance,
        total=float(mean.sum()),
        K=top,
        tail=tail,
        mixture=mixture,
        k_lam=k,
        k_p=m,
    )


def _starts(sums: Sums, size: int) -> list[Floats]:
    """Two starts on either side of the ridge where abundance trades against detection."""
    k = sums.x.shape[1]
    out = []
    for p in (0.5, 0.1):
        theta = np.zeros(size)
        theta[0] = math.log(max(sums.mean_count, 1e-3) / p)
        theta[k] = math.log(p / (1 - p))
        if size > k + sums.w.shape[2]:
            theta[-1] = 0.0 if p == 0.5 else -1.0
        out.append(theta)
    return out
