"""Abundance-induced heterogeneity (Royle & Nichols 2003): more animals, more easily found."""

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, gammaln

from ecostat import gates
from ecostat.compiled import compiled, warmed
from ecostat.fit import ModelFit
from ecostat.floats import Floats
from ecostat.likelihood import Data, Design, Start, Truncated, constants
from ecostat.likelihood.model import ClosedModel
from ecostat.occupancy.histories import detected, history_fit
from ecostat.visits import VisitModel, enough, presences, survey


@dataclass(frozen=True, kw_only=True)
class RoyleNichols(ModelFit):
    """A fitted Royle-Nichols model. `lam` (sites,): mean abundance; `psi` (sites,): 1 - exp(-lam); `r`
    (sites, visits): detection of one animal; `K` the upper limit of the sum; `tail`: the largest share of a
    site's likelihood that lies at K, which must be negligible. Parts for `predict`: "lam", "r"."""

    lam: Floats
    psi: Floats
    r: Floats
    K: int
    tail: float


def royle_nichols(
    y: ArrayLike,
    lam: Design = None,
    r: Design = None,
    K: int = 25,
    *,
    data: Data | None = None,
    start: Start = None,
) -> RoyleNichols:
    """The Royle-Nichols model is fitted to `y` (sites × visits; NaN = not surveyed).

    Abundance is Poisson with log link (`lam`: sites × k); one animal is detected with probability r (logit
    link, `r`: sites × visits × k or sites × k; both may be formulas on the columns of `data`); a site of N
    animals with 1 - (1 - r)^N. N is summed to K; a K that cuts the sum is a stated `Truncated` warning.
    Royle & Nichols (2003), Ecology 84:777-790.
    """
    K = gates.whole("K", K, low=1, high=100_000)
    found = survey(y, ("lam", lam, "log"), ("r", r, "logit"), data)
    hits = presences(found.y)[found.used]
    model = RoyleNicholsModel(**found.fields | {"y": hits}, K=K).checked()
    best = model.top(start)
    tail = model.tail(best.theta)
    beware = ""
    if tail > 1e-4:
        beware = f"K = {K} cuts off the sum ({tail:.2g} of a site's likelihood lies at K): raise K"
        warnings.warn(beware, Truncated, 2)
    site, visit = found.site, found.visit
    abundance = np.where(site.known, np.exp(site.x @ best.theta[: site.k]), np.nan)
    return RoyleNichols(
        **model.common(best, beware),
        lam=abundance,
        psi=-np.expm1(-abundance),
        r=np.where(visit.known, expit(visit.x @ best.theta[site.k :]), np.nan),
        K=K,
        tail=tail,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class RoyleNicholsModel(VisitModel, ClosedModel):
    """The Royle-Nichols likelihood of one survey, N summed to `K`."""

    K: int

    def checked(self) -> Self:
        """The model itself, after refusing data it cannot be fitted to."""
        detected(self.y)
        enough(self.n, self.size)
        return self

    @property
    def limits(self) -> Mapping[str, str]:
        """Constant abundance and detection, which may run off."""
        k = self.k
        return constants(self.names[:k], self.x, "the fitted abundance is 0 or beyond bounds") | constants(
            self.names[k:], self.visits, "the fitted detection is 0 or 1"
        )

    @property
    def own_starts(self) -> list[Floats]:
        """The share of sites with a detection as occupancy, with high and with low detection."""
        share = float(np.clip(self.y.any(axis=1).mean(), 0.05, 0.95))
        first = np.zeros(self.size)
        if np.ptp(self.x[:, 0]) == 0:
            first[0] = math.log(-math.log(1 - share)) / (self.x[:, 0].mean() or 1.0)
        second = first.copy()
        second[self.k] = -2.0
        return [first, second]

    @cached_property
    def log_factorial(self) -> Floats:
        """log N! for N from 0 to K."""
        return gammaln(np.arange(self.K + 1) + 1.0)

    def scores(self, theta: Floats) -> tuple[float, Floats, Floats]:
        """Log-likelihood, gradient and Hessian."""
        return self._pass(theta)[:3]

    def tail(self, theta: Floats) -> float:
        """The largest share of a site's likelihood that lies at K."""
        return float(self._pass(theta)[3])

    def _pass(self, theta: Floats) -> tuple[float, Floats, Floats, float]:
        k = self.k
        return _royle_nichols(self.x, self.w, self.y, self.seen, self.log_factorial, theta[:k], theta[k:])

    def simulate(self, theta: Floats, rng: np.random.Generator) -> Floats:
        """Abundance is drawn for each site, and detections of a site of so many animals."""
        site, visit = self.split(theta)
        animals = rng.poisson(np.exp(site))
        missed = np.exp(-np.logaddexp(0.0, visit) * animals[:, None])
        return ((rng.random(visit.shape) < 1 - missed) & self.seen).astype(float)

    def expected(self, theta: Floats) -> tuple[Floats, Floats]:
        """1 - exp(-λ r), the chance of a detection, with its binomial variance; NaN where not surveyed."""
        site, visit = self.split(theta)
        mean = np.where(self.seen, -np.expm1(-np.exp(site)[:, None] * expit(visit)), np.nan)
        return mean, mean * (1 - mean)

    def discrepancies(self, theta: Floats) -> dict[str, float]:
        """Over detection histories, and the deviance -2 log L."""
        site, visit = self.split(theta)
        log_miss = np.where(self.seen, -np.logaddexp(0.0, visit), 0.0)

        def chance(sites: NDArray[np.intp], histories: Floats) -> Floats:
            return _chances(site[sites], log_miss[sites], histories > 0, self.log_factorial)

        return history_fit(self.y, self.seen, chance) | {"deviance": -2 * self.loglik(theta)[0]}


@compiled
def _chances(
    log_lam: Floats, log_miss: Floats, histories: NDArray[np.bool_], log_factorial: Floats
) -> Floats:
    """The chance of each history at each site."""
    sites, visits = log_miss.shape
    out = np.zeros((sites, len(histories)))
    prior = np.empty(len(log_factorial))
    missed = np.empty((len(log_factorial), visits))  # chance that N animals are all missed
    for i in range(sites):
        for n in range(len(prior)):
            prior[n] = np.exp(n * log_lam[i] - np.exp(log_lam[i]) - log_factorial[n])
            for j in range(visits):
                missed[n, j] = np.exp(n * log_miss[i, j])
        for h in range(len(histories)):
            for n in range(len(prior)):
                if prior[n] < 1e-15:
                    continue
                chance = prior[n]
                for j in range(visits):
                    chance *= 1.0 - missed[n, j] if histories[h, j] else missed[n, j]
                out[i, h] += chance
    return out


def _steps(x: Floats, w: Floats, y: Floats, seen: object, log_factorial: Floats, *_: object) -> int:
    return 8 * w.shape[2] * y.size * len(log_factorial)


@warmed(_steps)
def _royle_nichols(
    x: Floats,
    w: Floats,
    y: Floats,
    seen: NDArray[np.bool_],
    log_factorial: Floats,
    beta: Floats,
    alpha: Floats,
) -> tuple[float, Floats, Floats, float]:
    """Log-likelihood, gradient, Hessian, and the largest posterior share at K.

    Given N, a missed visit adds N log q to a site's log-likelihood and a detection log(1 - q^N); both and
    their slopes are averaged over the posterior of N.
    """
    sites, visits = y.shape
    k, m, top = x.shape[1], w.shape[2], len(log_factorial) - 1
    value, tail = 0.0, 0.0
    gradient, hessian = np.zeros(k + m), np.zeros((k + m, k + m))
    weight = np.empty(top + 1)
    odds = np.empty((visits, top + 1))  # q^N / (1 - q^N) of visits with a detection
    found = np.empty(visits, np.int64)
    chance = np.empty(visits)  # r
    pull, still = np.empty((top + 1, m)), np.empty(m)
    mean_pull, both, square = np.empty(m), np.empty(m), np.empty((m, m))
    for i in range(sites):
        log_lam = 0.0
        for a in range(k):
            log_lam += x[i, a] * beta[a]
        lam = np.exp(log_lam)
        missed, hits = 0.0, 0
        still[:] = 0.0  # Σ r w over missed visits
        square[:, :] = 0.0
        for j in range(visits):
            if not seen[i, j]:
                continue
            eta = 0.0
            for a in range(m):
                eta += w[i, j, a] * alpha[a]
            r = 1.0 / (1.0 + np.exp(-eta))
            chance[j] = r
            if y[i, j] > 0:
                found[hits] = j
                hits += 1
            else:
                missed -= np.log1p(np.exp(-abs(eta))) + max(eta, 0.0)
                for a in range(m):
                    still[a] += r * w[i, j, a]
        largest = -np.inf
        for n in range(top + 1):
            weight[n] = n * (log_lam + missed) - lam - log_factorial[n]
        if hits:
            weight[0] = -np.inf
            for h in range(hits):
                r = chance[found[h]]
                seeing = r  # 1 - q^N, built up without cancellation
                for n in range(1, top + 1):
                    odds[h, n] = (1.0 - seeing) / seeing
                    seeing += (1.0 - seeing) * r
            for n in range(1, top + 1):
                product = 1.0
                for h in range(hits):
                    product *= 1.0 + odds[h, n]
                    if product > 1e250:
                        weight[n] -= np.log(product)
                        product = 1.0
                weight[n] -= np.log(product)
        for n in range(top + 1):
            largest = max(largest, weight[n])
        total, mean, second = 0.0, 0.0, 0.0
        for n in range(top + 1):
            weight[n] = np.exp(weight[n] - largest)
            total += weight[n]
        value += largest + np.log(total)
        tail = max(tail, weight[top] / total)
        mean_pull[:] = 0.0
        both[:] = 0.0
        for n in range(1, top + 1):
            share = weight[n] / total
            mean += n * share
            second += n * n * share
            for a in range(m):
                pull[n, a] = -n * still[a]
            for h in range(hits):
                j = found[h]
                slope = n * chance[j] * odds[h, n]
                for a in range(m):
                    pull[n, a] += slope * w[i, j, a]
                bend = slope * (1.0 - chance[j]) - slope * n * chance[j] * (1.0 + odds[h, n])
                for a in range(m):
                    for b in range(a + 1):
                        square[a, b] += share * bend * w[i, j, a] * w[i, j, b]
            for a in range(m):
                mean_pull[a] += share * pull[n, a]
                both[a] += share * n * pull[n, a]
                for b in range(a + 1):
                    square[a, b] += share * pull[n, a] * pull[n, b]
        for j in range(visits):
            if seen[i, j] and y[i, j] == 0:
                bend = -mean * chance[j] * (1.0 - chance[j])
                for a in range(m):
                    for b in range(a + 1):
                        square[a, b] += bend * w[i, j, a] * w[i, j, b]
        spread = second - mean * mean - lam
        for a in range(k):
            gradient[a] += (mean - lam) * x[i, a]
            for b in range(a + 1):
                hessian[a, b] += spread * x[i, a] * x[i, b]
        for a in range(m):
            gradient[k + a] += mean_pull[a]
            for b in range(k):
                hessian[k + a, b] += (both[a] - mean * mean_pull[a]) * x[i, b]
            for b in range(a + 1):
                hessian[k + a, k + b] += square[a, b] - mean_pull[a] * mean_pull[b]
    for a in range(k + m):
        for b in range(a):
            hessian[b, a] = hessian[a, b]
    return value, gradient, hessian, tail
