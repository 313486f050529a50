"""Dynamic occupancy (MacKenzie et al. 2003): colonisation and local extinction between seasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import ModelFit
from ecostat.floats import Floats
from ecostat.likelihood import Data, Design, Start, constants, part
from ecostat.occupancy.chain import chain
from ecostat.occupancy.histories import binary_chance, detected, history_fit
from ecostat.visits import SeenModel, counts, enough, presences, set_aside

PARTS = ("psi", "gamma", "epsilon", "p")


@dataclass(frozen=True, kw_only=True)
class Dynamic(ModelFit):
    """A fitted colonisation-extinction model. `psi` (sites,): first-season occupancy; `gamma`, `epsilon`
    (sites, seasons - 1): colonisation and extinction into the next season; `p` (sites, visits in all);
    `projected` (sites, seasons): occupancy implied by the rates; `smoothed` (sites, seasons): probability of
    presence given the whole history; `occupied` (seasons,): its mean over the sites. Parts for `predict`:
    "psi", "gamma", "epsilon", "p"."""

    psi: Floats
    gamma: Floats
    epsilon: Floats
    p: Floats
    projected: Floats
    smoothed: Floats
    occupied: Floats
    seasons: int


def dynamic(
    y: ArrayLike,
    seasons: int,
    psi: Design = None,
    gamma: Design = None,
    epsilon: Design = None,
    p: Design = None,
    *,
    data: Data | None = None,
    start: Start = None,
) -> Dynamic:
    """The multi-season model is fitted to `y` (sites × (seasons · visits), season by season; NaN = not
    surveyed; a whole season may be missing).

    `psi`: sites × k; `gamma`, `epsilon`: sites × (seasons - 1) × k or sites × k; `p`: sites × all visits × k
    or sites × k; or formulas on the columns of `data`, of the same shapes without k; logit links.
    Coefficients: psi, gamma, epsilon, p. The likelihood is a two-state hidden Markov chain; its gradient
    comes from one forward-backward pass.
    MacKenzie, Nichols, Hines, Knutson & Franklin (2003), Ecology 84:2200-2207.
    """
    raw = counts(y)
    seasons = gates.whole("seasons", seasons, low=2)
    if raw.shape[1] % seasons:
        raise EcostatError(
            f"y has shape {raw.shape}; its visits must divide evenly into {seasons} seasons, at least 2."
        )
    sites = len(raw)
    shapes: tuple[tuple[int, ...], ...] = ((sites,), (sites, seasons - 1), (sites, seasons - 1), raw.shape)
    parts = tuple(
        part(name, x, shape, "logit", data)
        for name, x, shape in zip(PARTS, (psi, gamma, epsilon, p), shapes, strict=True)
    )
    whole = parts[0].known & parts[1].known.all(axis=1) & parts[2].known.all(axis=1)
    seen, notes = set_aside(raw, whole[:, None] & parts[3].known, 3)
    used = np.asarray(seen.any(axis=1))
    hits = np.where(seen, presences(np.nan_to_num(raw)), 0.0)
    model = DynamicModel(
        parts=parts,
        n=int(used.sum()),
        what=f"sites over {seasons} seasons",
        notes=notes,
        designs=tuple(np.ascontiguousarray(part_.x[used]) for part_ in parts),
        y=hits[used],
        seen=seen[used],
        used=used,
        seasons=seasons,
    ).checked()
    best = model.top(start)
    fitted = [
        np.where(part_.known, expit(part_.x @ best.theta[model.at[part_.name]]), np.nan) for part_ in parts
    ]
    smoothed = np.full((sites, seasons), np.nan)
    smoothed[used] = _dynamic(*model.etas(best.theta), model.y, model.seen)[5]
    return Dynamic(
        **model.common(best),
        psi=fitted[0],
        gamma=fitted[1],
        epsilon=fitted[2],
        p=fitted[3],
        projected=project(*fitted[:3]),
        smoothed=smoothed,
        occupied=smoothed[used].mean(axis=0),
        seasons=seasons,
    )


def project(psi: Floats, gamma: Floats, epsilon: Floats) -> Floats:
    """Occupancy (sites, seasons) that first-season occupancy and the rates imply."""
    out = np.empty((len(psi), gamma.shape[1] + 1))
    out[:, 0] = psi
    for t in range(gamma.shape[1]):
        out[:, t + 1] = out[:, t] * (1 - epsilon[:, t]) + (1 - out[:, t]) * gamma[:, t]
    return out


@dataclass(frozen=True, kw_only=True, eq=False)
class DynamicModel(SeenModel):
    """The multi-season likelihood of the surveyed sites; `designs` of psi, gamma, epsilon and p."""

    designs: tuple[Floats, ...]
    seasons: int

    def checked(self) -> Self:
        """The model itself, after refusing data it cannot be fitted to."""
        detected(self.y)
        if self.seen.reshape(len(self.y), self.seasons, -1).any(axis=(0, 2)).sum() < 2:
            raise TooFewData("Only one season was surveyed: change cannot be estimated.")
        enough(self.n, self.size)
        return self

    @property
    def rows(self) -> tuple[Floats, ...]:
        """The rows of the designs that carry information."""
        return (*self.designs[:3], self.designs[3][self.seen])

    @property
    def limits(self) -> Mapping[str, str]:
        """Constant rates, which may be 0 or 1."""
        return {
            name: says
            for p, d in zip(self.parts, self.designs, strict=True)
            for name, says in constants(p.names, d, f"the estimated {p.name} is 0 or 1").items()
        }

    @property
    def own_starts(self) -> list[Floats]:
        """Even odds of everything, and little change."""
        first = np.zeros(self.size)
        second = first.copy()
        second[[self.at["gamma"].start, self.at["epsilon"].start]] = -2.0
        return [first, second]

    def etas(self, theta: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """The four linear predictors."""
        a, b, c, d = (x @ theta[self.at[name]] for name, x in zip(PARTS, self.designs, strict=True))
        return a, b, c, d

    def loglik(self, theta: Floats) -> tuple[float, Floats]:
        """The log-likelihood and its gradient."""
        value, s0, *slopes, _ = _dynamic(*self.etas(theta), self.y, self.seen)
        rest = [np.einsum("ij,ijk->k", s, x) for s, x in zip(slopes, self.designs[1:], strict=True)]
        return value, np.concatenate([s0 @ self.designs[0], *rest])

    def simulate(self, theta: Floats, rng: np.random.Generator) -> Floats:
        """Presence is drawn season by season, and detections where it is."""
        psi, gamma, epsilon, p = (expit(eta) for eta in self.etas(theta))
        present = np.empty((len(psi), self.seasons), bool)
        present[:, 0] = rng.random(len(psi)) < psi
        for t in range(self.seasons - 1):
            here = present[:, t]
            present[:, t + 1] = rng.random(len(psi)) < np.where(here, 1 - epsilon[:, t], gamma[:, t])
        there = np.repeat(present, self.y.shape[1] // self.seasons, axis=1)
        return (there & (rng.random(p.shape) < p) & self.seen).astype(float)

    def _occupancy(self, theta: Floats) -> Floats:
        """Occupancy of each site and season that the rates imply."""
        psi, gamma, epsilon, _ = (expit(eta) for eta in self.etas(theta))
        return project(psi, gamma, epsilon)

    def expected(self, theta: Floats) -> tuple[Floats, Floats]:
        """Occupancy times detection and its binomial variance, NaN where not surveyed."""
        there = np.repeat(self._occupancy(theta), self.y.shape[1] // self.seasons, axis=1)
        mean = np.where(self.seen, there * expit(self.etas(theta)[3]), np.nan)
        return mean, mean * (1 - mean)

    def discrepancies(self, theta: Floats) -> dict[str, float]:
        """Over the detection histories of each season, added up; and the deviance -2 log L."""
        there, eta = self._occupancy(theta), self.etas(theta)[3]
        length = self.y.shape[1] // self.seasons
        out = {"chi-square": 0.0, "freeman-tukey": 0.0}
        for t in range(self.seasons):
            own = slice(t * length, (t + 1) * length)
            chance = binary_chance(there[:, t], eta[:, own], self.seen[:, own])
            for name, value in history_fit(self.y[:, own], self.seen[:, own], chance).items():
                out[name] += value
        return out | {"deviance": -2 * self.loglik(theta)[0]}


def _dynamic(
    psi_eta: Floats, gamma_eta: Floats, epsilon_eta: Floats, p_eta: Floats, y: Floats, seen: NDArray[np.bool_]
) -> tuple[float, Floats, Floats, Floats, Floats, Floats]:
    """Log-likelihood, its slopes in every linear predictor (Fisher's identity), and smoothed presence."""
    sites, seasons = gamma_eta.shape[0], gamma_eta.shape[1] + 1
    shape = (sites, seasons, y.shape[1] // seasons)
    nu = np.clip(p_eta, -300.0, 300.0)
    there = np.where(seen, y * nu - np.logaddexp(0.0, nu), 0.0).reshape(shape).sum(axis=2)
    gone = np.where((seen & (y > 0)).reshape(shape).any(axis=2), -np.inf, 0.0)
    value, s_psi, s_gamma, s_epsilon, smoothed = chain(psi_eta, gamma_eta, epsilon_eta, there, gone)
    s_p = np.where(seen, y - expit(nu), 0.0) * np.repeat(smoothed, shape[2], axis=1)
    return value, s_psi, s_gamma, s_epsilon, s_p, smoothed
