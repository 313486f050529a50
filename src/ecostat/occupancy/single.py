"""Single-season occupancy (MacKenzie et al. 2002), with closed-form gradient and Hessian."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from ecostat.compiled import warmed
from ecostat.errors import TooFewData
from ecostat.fit import ModelFit
from ecostat.floats import Floats
from ecostat.likelihood import Data, Design, Start, constants
from ecostat.likelihood.model import ClosedModel
from ecostat.likelihood.random import Random, RandomModel, Shifted, with_random
from ecostat.occupancy.histories import Chance, binary_chance, detected, history_fit
from ecostat.visits import VisitModel, enough, presences, survey


@dataclass(frozen=True, kw_only=True)
class Occupancy(ModelFit):
    """A fitted single-season model. `psi` (sites,) and `p` (sites, visits): fitted probabilities, NaN where
    the covariates are unknown; `present` (sites,): probability of presence given the history;
    `occupied`: expected number of occupied sites among those surveyed; `naive`: share of surveyed sites with
    a detection; `effects` (groups,): mean random effects given the data (empty without them).
    Parts for `predict`: "psi", "p"."""

    psi: Floats
    p: Floats
    present: Floats
    occupied: float
    naive: float
    effects: Floats


def occu(
    y: ArrayLike,
    psi: Design = None,
    p: Design = None,
    *,
    data: Data | None = None,
    random: Random | None = None,
    start: Start = None,
) -> Occupancy:
    """The single-season occupancy model is fitted to `y` (sites × visits; NaN = not surveyed).

    `psi`, `p`: a formula on the columns of `data` (one value a site, or one a visit), a mapping of columns,
    or a design matrix (psi: sites × k; p: sites × visits × k or sites × k); logit links; None = constant.
    `random`: a normal intercept in psi or p, one a site or one a group of sites (`ecostat.likelihood.Random`);
    `psi`, `p` and predictions then speak of a site whose effect is 0. Coefficients: psi first, then p, then
    log standard deviation of the random intercept. Raises `TooFewData` when nothing was detected, `Separation` when a
    covariate predicts perfectly; psi or p at 0 or 1 is a stated `Boundary` warning.
    MacKenzie, Nichols, Lachman, Droege, Royle & Langtimm (2002), Ecology 83:2248-2255.
    """
    found = survey(y, ("psi", psi, "logit"), ("p", p, "logit"), data)
    plain = OccupancyModel(**found.fields | {"y": found.of_used(presences(found.y))}).checked()
    model = with_random(plain, random, found.used)
    best = model.top(start)
    site, visit = found.site, found.visit
    presence = expit(site.x @ best.theta[model.at["psi"]])
    seeing = expit(visit.x @ best.theta[model.at["p"]])
    hit = np.asarray(found.y.any(axis=1))
    present = np.where(hit, 1.0, presence)  # where nothing was surveyed, what is expected of the site
    effects = np.empty(0)
    if isinstance(model, RandomModel):
        present[found.used] = model.averaged(best.theta, "presence")
        effects = model.effects(best.theta)
    else:
        present[found.used] = plain.presence(best.theta)
    return Occupancy(
        **model.common(best),
        psi=np.where(site.known, presence, np.nan),
        p=np.where(visit.known, seeing, np.nan),
        present=np.where(site.known, present, np.nan),
        occupied=float(present[found.used].sum()),
        naive=float(hit[found.used].mean()),
        effects=effects,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class OccupancyModel(VisitModel, ClosedModel):
    """The single-season likelihood of one survey."""

    def checked(self) -> Self:
        """The model itself, after refusing data it cannot be fitted to."""
        detected(self.y)
        enough(self.n, self.size)
        if self.seen.sum(axis=1).max() < 2:
            raise TooFewData("No site was visited twice: presence and detection cannot be told apart.")
        return self

    @property
    def limits(self) -> Mapping[str, str]:
        """Constant probabilities, which may be 0 or 1."""
        k = self.k
        return constants(self.names[:k], self.x, "the estimated occupancy is 0 or 1") | constants(
            self.names[k:], self.visits, "the estimated detection is 0 or 1"
        )

    @cached_property
    def _flat(self) -> tuple[Floats, NDArray[np.intp]]:
        """The rows of the visits, and where those of each site begin."""
        rows = np.repeat(np.arange(len(self.x)), self.seen.sum(axis=1))
        return self.visits, np.searchsorted(rows, np.arange(len(self.x) + 1))

    @cached_property
    def _outcome(self) -> Floats:
        return np.ascontiguousarray(self.y).reshape(-1) if self.seen.all() else self.y[self.seen]

    def scores(self, theta: Floats) -> tuple[float, Floats, Floats]:
        """Log-likelihood, gradient and Hessian."""
        visits, first = self._flat
        return _occu(self.x, visits, self._outcome, first, theta[: self.k], theta[self.k :])

    def simulate(self, theta: Floats, rng: np.random.Generator) -> Floats:
        """Presence is drawn for each site, and detections where it is."""
        site, visit = self.split(theta)
        present = rng.random(len(site)) < expit(site)
        return (present[:, None] & (rng.random(visit.shape) < expit(visit)) & self.seen).astype(float)

    def expected(self, theta: Floats) -> tuple[Floats, Floats]:
        """ψ p and its binomial variance, NaN where not surveyed."""
        site, visit = self.split(theta)
        mean = np.where(self.seen, expit(site)[:, None] * expit(visit), np.nan)
        return mean, mean * (1 - mean)

    def chance(self, theta: Floats) -> Chance:
        """The chance of detection histories."""
        site, visit = self.split(theta)
        return binary_chance(expit(site), visit, self.seen)

    def discrepancies(self, theta: Floats) -> dict[str, float]:
        """Over detection histories, and the deviance -2 log L."""
        return history_fit(self.y, self.seen, self.chance(theta)) | {"deviance": -2 * self.loglik(theta)[0]}

    def shifted(self, theta: Floats, part: str, shift: Floats) -> Shifted:
        """The sites with one part shifted."""
        site, visit = self.moved(part, shift).split(theta)
        psi, p = expit(site), np.where(self.seen, expit(visit), 0.0)
        logged = np.where(self.seen, self.y * visit - np.logaddexp(0.0, visit), 0.0).sum(axis=1)
        hit = self.y.any(axis=1)
        there = site + logged
        z = np.where(hit, 1.0, expit(there))
        value = np.where(hit, there, np.logaddexp(there, 0.0)) - np.logaddexp(0.0, site)
        pull = (self.y - p).sum(axis=1)
        if part == "psi":
            first, second = z - psi, z * (1 - z) - psi * (1 - psi)
        else:
            first = z * pull
            second = z * (1 - z) * pull**2 - z * (p * (1 - p)).sum(axis=1)
        return Shifted(value, first, second, self.sloped(z - psi, z[:, None] * (self.y - p)))

    def presence(self, theta: Floats) -> Floats:
        """The probability of presence of each surveyed site given its history."""
        site, visit = self.split(theta)
        out = np.ones(len(site))
        blank = ~self.y.any(axis=1)
        missed = np.where(self.seen[blank], expit(-visit[blank]), 1.0).prod(axis=1)
        there = expit(site[blank])
        out[blank] = there * missed / (1 - there + there * missed)
        return out

    def averaged_discrepancies(
        self, theta: Floats, prior: Sequence[tuple[float, Self]], expected: tuple[Floats, Floats]
    ) -> dict[str, float]:
        """Over detection histories, their chances averaged over the effects."""
        chances = [(w, model.chance(theta)) for w, model in prior]

        def chance(sites: NDArray[np.intp], histories: Floats) -> Floats:
            return np.asarray(sum(w * one(sites, histories) for w, one in chances))

        return history_fit(self.y, self.seen, chance)


def _steps(x: Floats, w: Floats, y: Floats, *_: object) -> int:
    return 6 * (x.size * x.shape[1] + w.size * w.shape[1])


@warmed(_steps)
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
