"""N-mixture models of repeated counts (Royle 2004): Poisson, negative binomial, zero-inflated Poisson."""

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from ecostat import gates
from ecostat.abundance.discrepancy import count_fit
from ecostat.abundance.sums import Sums, moments, negative_binomial, poisson, zero_inflated
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
from ecostat.likelihood.random import Random, RandomModel, Shifted, with_random
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
    share of a site's likelihood that lies there; `mixture`; `effects` (groups,): mean random effects given
    the counts (empty without them). Parts for `predict`: "lam", "p"."""

    lam: Floats
    p: Floats
    abundance: Floats
    total: float
    K: int
    tail: float
    mixture: str
    effects: Floats


def nmixture(
    y: ArrayLike,
    lam: Design = None,
    p: Design = None,
    K: int | None = None,
    mixture: Literal["P", "NB", "ZIP"] = "P",
    *,
    data: Data | None = None,
    random: Random | None = None,
    start: Start = None,
) -> NMixture:
    """The N-mixture model is fitted to `y` (sites × visits of counts; NaN = not surveyed).

    `lam`: sites × k, log link; `p`: sites × visits × k or sites × k, logit link; both may be formulas on the
    columns of `data`. N is summed from the largest count to `K` (default: largest count + 100).
    `random`: a normal intercept in lam or p, one a site or one a group of sites (Poisson only); `lam`, `p`
    and predictions then speak of a site whose effect is 0. Coefficients: lam, p, then log size (NB), logit
    of the share of empty sites (ZIP), or log standard deviation of the random intercept. A K that cuts the
    sum is a stated `Truncated` warning.
    Royle (2004), Biometrics 60:108-115; Joseph, Elkin, Martin & Possingham (2009), Ecol. Appl. 19:631-642.
    """
    gates.choice("mixture", mixture, tuple(MIXTURES))
    found = survey(y, ("lam", lam, "log"), ("p", p, "logit"), data)
    largest = int(found.y.max())
    top = largest + 100 if K is None else gates.whole("K", K, high=10_000_000)
    if random is not None and mixture != "P":
        raise EcostatError("A random intercept goes with mixture='P': it is a mixture of its own.")
    plain = NMixtureModel(**found.fields, K=top, mixture=mixture).checked()
    model = with_random(plain, random, found.used)
    best = model.top(start)
    effects = np.empty(0)
    if isinstance(model, RandomModel):
        mean, tail = model.averaged(best.theta, "abundance"), float(model.averaged(best.theta, "tails").max())
        effects = model.effects(best.theta)
    else:
        mean, tail = plain.sums.posterior(best.theta, mixture)
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
        effects=effects,
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

    def _given(self, theta: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
        """λ, p (0 where not seen), and of each site: log-likelihood, E[N], Var[N] and the share at K."""
        site, visit = self.split(theta)
        log_miss = np.where(self.seen, -np.logaddexp(0.0, visit), 0.0)
        total, mean, variance, tail = moments(self.sums, log_miss.sum(axis=1) + site)
        value = np.where(self.seen, self.y * visit, 0.0).sum(axis=1) + total - np.exp(site)
        return np.exp(site), np.where(self.seen, expit(visit), 0.0), value, mean, variance, tail

    def shifted(self, theta: Floats, part: str, shift: Floats) -> Shifted:
        """The sites with one part shifted (Poisson)."""
        lam, p, value, mean, variance, _ = self.moved(part, shift)._given(theta)
        if part == "lam":
            first, second = mean - lam, variance - lam
        else:
            seen = p.sum(axis=1)
            first = self.y.sum(axis=1) - mean * seen
            second = variance * seen**2 - mean * (p * (1 - p)).sum(axis=1)
        return Shifted(value, first, second, self.sloped(mean - lam, self.y - p * mean[:, None]))

    def moved(self, part: str, shift: Floats) -> Self:
        """The same model with one part shifted site by site, its sums shared."""
        out = super().moved(part, shift)
        out.__dict__["sums"] = self.sums
        return out

    def abundance(self, theta: Floats) -> Floats:
        """Mean abundance of each surveyed site given its counts."""
        return self._given(theta)[3]

    def tails(self, theta: Floats) -> Floats:
        """The share of each site's likelihood that lies at K."""
        return self._given(theta)[5]

    def averaged_discrepancies(
        self, theta: Floats, prior: Sequence[tuple[float, Self]], expected: tuple[Floats, Floats]
    ) -> dict[str, float]:
        """Over the counts, with mean and variance over the effects too."""
        return count_fit(self.observed, *expected)
