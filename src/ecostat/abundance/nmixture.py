"""N-mixture models of repeated counts (Royle 2004): Poisson, negative binomial, zero-inflated Poisson."""

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from ecostat import gates
from ecostat.abundance.discrepancy import count_fit
from ecostat.abundance.sums import Sums, negative_binomial, poisson, zero_inflated
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import ModelFit
from ecostat.floats import Floats
from ecostat.likelihood import (
    Data,
    Design,
    Hessian,
    LogLik,
    Optimum,
    Start,
    Truncated,
    constants,
    differenced,
    peak,
)
from ecostat.likelihood.model import ROUGH
from ecostat.visits import VisitModel, enough, survey

MIXTURES = {"P": poisson, "NB": negative_binomial, "ZIP": zero_inflated}
EXTRA: dict[str, tuple[str, ...]] = {"P": (), "NB": ("log_size",), "ZIP": ("logit_zero",)}
LIMITS = {
    "log_size": "the counts show no more spread than Poisson, so use mixture='P'",
    "logit_zero": "the counts show no excess of zeros, so use mixture='P'",
}


@dataclass(frozen=True, kw_only=True)
class NMixture(ModelFit):
    """A fitted N-mixture model. `lam` (sites,): expected abundance (of sites that can hold animals under
    "ZIP"); `p` (sites, visits); `abundance` (sites,): posterior mean given the counts, NaN where nothing was
    counted; `total`: its sum over surveyed sites; `K`, `tail`: the upper limit of the sum and the largest
    share of a site's likelihood that lies there; `mixture`. Parts for `predict`: "lam", "p"."""

    lam: Floats
    p: Floats
    abundance: Floats
    total: float
    K: int
    tail: float
    mixture: str


def nmixture(
    y: ArrayLike,
    lam: Design = None,
    p: Design = None,
    K: int | None = None,
    mixture: Literal["P", "NB", "ZIP"] = "P",
    *,
    data: Data | None = None,
    start: Start = None,
) -> NMixture:
    """The N-mixture model is fitted to `y` (sites × visits of counts; NaN = not surveyed).

    `lam`: sites × k, log link; `p`: sites × visits × k or sites × k, logit link; both may be formulas on the
    columns of `data`. N is summed from the largest count to `K` (default: largest count + 100).
    Coefficients: lam, p, then log size (NB) or logit of the share of empty sites (ZIP). A K that cuts the
    sum is a stated `Truncated` warning.
    Royle (2004), Biometrics 60:108-115; Joseph, Elkin, Martin & Possingham (2009), Ecol. Appl. 19:631-642.
    """
    gates.choice("mixture", mixture, tuple(MIXTURES))
    found = survey(y, ("lam", lam, "log"), ("p", p, "logit"), data)
    largest = int(found.y.max())
    top = largest + 100 if K is None else gates.whole("K", K, high=10_000_000)
    model = NMixtureModel(**found.fields, K=top, mixture=mixture).checked()
    best = model.top(start)
    mean, tail = model.sums.posterior(best.theta, mixture)
    beware = ""
    if tail > 1e-4:
        beware = f"K = {top} cuts off the sum ({tail:.2g} of a site's likelihood lies at K): raise K"
        warnings.warn(beware, Truncated, 2)
    abundance = np.full(len(found.used), np.nan)
    abundance[found.used] = mean
    site, visit = found.site, found.visit
    return NMixture(
        **model.common(best, beware),
        lam=np.where(site.known, np.exp(site.x @ best.theta[model.at["lam"]]), np.nan),
        p=np.where(visit.known, expit(visit.x @ best.theta[model.at["p"]]), np.nan),
        abundance=abundance,
        total=float(mean.sum()),
        K=top,
        tail=tail,
        mixture=mixture,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class NMixtureModel(VisitModel):
    """The N-mixture likelihood of one survey, N summed to `K`."""

    K: int
    mixture: str

    @property
    def extra(self) -> tuple[str, ...]:
        """The coefficient of the mixture."""
        return EXTRA[self.mixture]

    def checked(self) -> Self:
        """The model itself, after refusing data it cannot be fitted to."""
        if not self.y.any():
            raise TooFewData("Nothing was ever counted: abundance and detection cannot be told apart.")
        if self.y.max() >= self.K:
            raise EcostatError(
                f"K is {self.K} but {int(self.y.max())} animals were counted at one visit: K must be larger."
            )
        enough(self.n, self.size)
        if self.seen.sum(axis=1).max() < 2:
            raise TooFewData("No site was counted twice: abundance and detection cannot be told apart.")
        return self

    @property
    def limits(self) -> Mapping[str, str]:
        """The mixture's coefficient, and constant abundance and detection, which may run off."""
        k = self.k
        names = self.names[: k + self.w.shape[2]]
        return (
            LIMITS
            | constants(names[:k], self.x, "abundance runs off while detection goes to 0")
            | constants(names[k:], self.visits, "detection goes to 0 or 1")
        )

    @cached_property
    def sums(self) -> Sums:
        """What the sums over N need, prepared once."""
        return Sums(self.x, self.w, self.y, self.seen, self.K)

    @cached_property
    def _likelihood(self) -> tuple[LogLik, Hessian | None]:
        return MIXTURES[self.mixture](self.sums)

    def loglik(self, theta: Floats) -> tuple[float, Floats]:
        """The log-likelihood and its gradient."""
        return self._likelihood[0](theta)

    def hessian(self, theta: Floats) -> Floats:
        """Its second derivatives, in closed form for the Poisson."""
        closed = self._likelihood[1]
        return closed(theta) if closed else differenced(self.loglik, theta)

    def nearby(self, theta: Floats, curvature: Floats) -> Optimum:
        """The top reached from `theta`; the Poisson has its own Hessian at hand."""
        if self.mixture == "P":
            return peak(self.loglik, [theta], hessian=self.hessian, basis=self.basis, gain=ROUGH)
        return super().nearby(theta, curvature)

    @property
    def own_starts(self) -> list[Floats]:
        """Two starts on either side of the ridge where abundance trades against detection."""
        out = []
        for p in (0.5, 0.1):
            theta = np.zeros(self.size)
            theta[0] = math.log(max(self.sums.mean_count, 1e-3) / p)
            theta[self.k] = math.log(p / (1 - p))
            if self.extra:
                theta[-1] = 0.0 if p == 0.5 else -1.0
            out.append(theta)
        return out

    def simulate(self, theta: Floats, rng: np.random.Generator) -> Floats:
        """Abundance is drawn for each site from its mixture, and counts of it; animals beyond K are
        counted too."""
        site, visit = self.split(theta)
        lam = np.exp(site)
        if self.mixture == "NB":
            size = math.exp(theta[-1])
            lam = rng.gamma(size, lam / size)
        animals = rng.poisson(lam)
        if self.mixture == "ZIP":
            animals *= rng.random(len(lam)) >= expit(theta[-1])
        return np.where(self.seen, rng.binomial(animals[:, None], expit(visit)), 0).astype(float)

    def again(self, response: Floats) -> Self:
        """The same model of other counts, its sum as far above the largest of them."""
        above = self.K - int(self.y.max())
        top = max(self.K, int(np.nanmax(response)) + above)
        return replace(self, y=np.where(self.seen, response, 0.0), K=top).checked()

    def expected(self, theta: Floats) -> tuple[Floats, Floats]:
        """Mean and variance of each count, NaN where not surveyed."""
        site, visit = self.split(theta)
        mean = np.where(self.seen, np.exp(site)[:, None] * expit(visit), np.nan)
        if self.mixture == "NB":
            return mean, mean + mean**2 / math.exp(theta[-1])
        if self.mixture == "ZIP":
            zero = float(expit(theta[-1]))
            return (1 - zero) * mean, (1 - zero) * mean * (1 + zero * mean)
        return mean, mean

    def discrepancies(self, theta: Floats) -> dict[str, float]:
        """Over the counts, and the deviance -2 log L."""
        return count_fit(self.observed, *self.expected(theta)) | {"deviance": -2 * self.loglik(theta)[0]}
