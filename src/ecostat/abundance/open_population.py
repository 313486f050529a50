"""Open N-mixture models: abundance that survives, leaves and arrives between seasons (Dail & Madsen 2011)."""

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, gammaln

from ecostat import gates
from ecostat.abundance.discrepancy import count_fit
from ecostat.abundance.transitions import Apart, Change, Tables, chosen, histories
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import ModelFit
from ecostat.floats import Floats
from ecostat.likelihood import Data, Design, Start, Truncated, constants, part
from ecostat.threads import one_thread
from ecostat.visits import SeenModel, counts, enough, set_aside

DYNAMICS = ("constant", "per animal", "trend")
MOST = 150_000_000  # entries of all transition tables, about 3.6 GB with their slopes
MANY = 8  # kinds of site and season; where there are more, arrivals are added site by site


@dataclass(frozen=True, kw_only=True)
class OpenNMixture(ModelFit):
    """A fitted open N-mixture model. `lam` (sites,): expected abundance in the first season; `gamma` (sites,
    seasons - 1): arrivals a season, or an animal ("per animal"), or the growth rate ("trend"); `omega`
    (sites, seasons - 1): survival at the site (empty for "trend"); `p` (sites, visits); `abundance` (sites,
    seasons): mean given all counts, NaN at sites never counted; `total` (seasons,): its sums; `projected`
    (sites, seasons): what the rates imply; `K`, `tail`: the upper limit of the sums and the largest share of
    a season's likelihood that lies there. Parts for `predict`: "lam", "gamma", "omega", "p"."""

    lam: Floats
    gamma: Floats
    omega: Floats
    p: Floats
    abundance: Floats
    total: Floats
    projected: Floats
    K: int
    tail: float
    dynamics: str
    seasons: int


def open_nmixture(
    y: ArrayLike,
    seasons: int,
    lam: Design = None,
    gamma: Design = None,
    omega: Design = None,
    p: Design = None,
    K: int | None = None,
    dynamics: Literal["constant", "per animal", "trend"] = "constant",
    *,
    data: Data | None = None,
    start: Start = None,
) -> OpenNMixture:
    """The open N-mixture model is fitted to `y` (sites × (seasons · visits) of counts, season by season;
    NaN = not surveyed; a whole season may be missing).

    First abundance is Poisson(lam); each animal stays with probability omega; arrivals are Poisson(gamma)
    ("constant"), or Poisson(gamma N) ("per animal"); with "trend" the next abundance is Poisson(gamma N) and
    omega has no place. `lam`: sites × k (log link); `gamma` (log), `omega` (logit): sites × (seasons - 1) × k
    or sites × k; `p` (logit): sites × visits × k or sites × k; or formulas on the columns of `data`. Sums run
    to `K` (default: largest count + 50); a K that cuts them is a stated `Truncated` warning.
    Dail & Madsen (2011), Biometrics 67:577-587.
    """
    raw = counts(y)
    seasons = gates.whole("seasons", seasons, low=2)
    gates.choice("dynamics", dynamics, DYNAMICS)
    if raw.shape[1] % seasons:
        raise EcostatError(f"y has shape {raw.shape}; its visits must divide evenly into {seasons} seasons.")
    if dynamics == "trend" and omega is not None:
        raise EcostatError("omega has no place in dynamics='trend'.")
    largest = int(np.nanmax(raw))
    top = largest + 50 if K is None else gates.whole("K", K, high=5000)
    sites, steps = len(raw), (len(raw), seasons - 1)
    parts = {
        "lam": part("lam", lam, (sites,), "log", data),
        "gamma": part("gamma", gamma, steps, "log", data),
        "omega": part("omega", omega, steps, "logit", data),
        "p": part("p", p, raw.shape, "logit", data),
    }
    if dynamics == "trend":
        del parts["omega"]
    whole = parts["lam"].known.copy()
    for name in ("gamma", "omega"):
        if name in parts:
            whole &= parts[name].known.all(axis=1)
    seen, notes = set_aside(raw, whole[:, None] & parts["p"].known, 3)
    used = np.asarray(seen.any(axis=1))
    model = OpenModel(
        parts=tuple(parts.values()),
        n=int(used.sum()),
        what=f"sites over {seasons} seasons",
        notes=notes,
        designs={name: np.ascontiguousarray(one.x[used]) for name, one in parts.items()},
        y=np.where(seen, np.nan_to_num(raw), 0.0)[used],
        seen=seen[used],
        used=used,
        seasons=seasons,
        K=top,
        dynamics=dynamics,
    ).checked()
    best = model.top(start)
    _, *_, mean, tail = model.passed(best.theta)
    beware = ""
    if tail > 1e-4:
        beware = f"K = {top} cuts off the sums ({tail:.2g} of a season's likelihood lies at K): raise K"
        warnings.warn(beware, Truncated, 2)
    abundance = np.full((sites, seasons), np.nan)
    abundance[used] = mean
    natural = {
        name: np.where(one.known, _natural(one.link, one.x @ best.theta[model.at[name]]), np.nan)
        for name, one in parts.items()
    }
    stay = natural.get("omega", np.zeros(steps))
    return OpenNMixture(
        **model.common(best, beware),
        lam=natural["lam"],
        gamma=natural["gamma"],
        omega=natural.get("omega", np.empty((sites, 0))),
        p=natural["p"],
        abundance=abundance,
        total=mean.sum(axis=0),
        projected=_moments(natural["lam"], natural["gamma"], stay, dynamics)[0],
        K=top,
        tail=tail,
        dynamics=dynamics,
        seasons=seasons,
    )


def _natural(link: str, eta: Floats) -> Floats:
    """The linear predictor on its natural scale."""
    return np.exp(eta) if link == "log" else expit(eta)


def _moments(lam: Floats, rate: Floats, stay: Floats, dynamics: str) -> tuple[Floats, Floats]:
    """Mean and variance of abundance (sites, seasons) that the rates imply."""
    mean, variance = np.empty((len(lam), rate.shape[1] + 1)), np.empty((len(lam), rate.shape[1] + 1))
    mean[:, 0] = variance[:, 0] = lam
    for t in range(rate.shape[1]):
        m, v, g, w = mean[:, t], variance[:, t], rate[:, t], stay[:, t]
        if dynamics == "constant":
            mean[:, t + 1] = w * m + g
            variance[:, t + 1] = w**2 * v + w * (1 - w) * m + g
        else:
            mean[:, t + 1] = (w + g) * m
            variance[:, t + 1] = (w + g) ** 2 * v + (w * (1 - w) + g) * m
    return mean, variance


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenModel(SeenModel):
    """The open likelihood of the surveyed sites; `designs` by part; `y` 0 where not `seen`; sums to `K`."""

    designs: Mapping[str, Floats]
    seasons: int
    K: int
    dynamics: str

    def checked(self) -> Self:
        """The model itself, after refusing data it cannot be fitted to."""
        if not self.y.any():
            raise TooFewData("Nothing was ever counted: abundance and detection cannot be told apart.")
        if self.y.max() >= self.K:
            raise EcostatError(
                f"K is {self.K} but {int(self.y.max())} animals were counted at one visit: K must be larger."
            )
        surveyed = self.seen.reshape(len(self.y), self.seasons, -1).any(axis=2)
        if surveyed.any(axis=0).sum() < 2:
            raise TooFewData("Only one season was surveyed: change cannot be estimated.")
        enough(self.n, self.size)
        if len(self._kinds[0]) * (self.K + 1) ** 2 > MOST:
            raise EcostatError(
                f"{len(self._kinds[0])} kinds of site and season with K = {self.K} need too much memory: lower "
                "K, or let gamma and omega vary less."
            )
        return self

    @property
    def rows(self) -> tuple[Floats, ...]:
        """The rows of the designs that carry information."""
        return tuple(d[self.seen] if name == "p" else d for name, d in self.designs.items())

    @property
    def limits(self) -> Mapping[str, str]:
        """Constant rates, which may lie at the end of their range."""
        says = {
            "lam": "abundance runs off while detection goes to 0",
            "gamma": "nothing arrives",
            "omega": "all animals stay, or none",
            "p": "detection goes to 0 or 1",
        }
        out: dict[str, str] = {}
        for one, rows in zip(self.parts, self.rows, strict=True):
            out |= constants(one.names, rows, says[one.name])
        return out

    @property
    def own_starts(self) -> list[Floats]:
        """Two starts on either side of the ridge where abundance trades against detection."""
        typical, out = max(float(self.y[self.seen].mean()), 1e-3), []
        for p in (0.5, 0.2):
            theta = np.zeros(self.size)
            begin = {"lam": math.log(typical / p), "p": math.log(p / (1 - p)), "omega": 0.85}
            begin["gamma"] = {"constant": math.log(0.3 * typical / p), "trend": 0.0}.get(
                self.dynamics, math.log(0.3)
            )
            for name in self.designs:
                theta[self.at[name].start] = begin[name]
            out.append(theta)
        return out

    @cached_property
    def _kinds(self) -> tuple[Floats, NDArray[np.intp]]:
        """The distinct rows of the designs of change, and the one of each site and step; of the design of
        survival alone where `_apart`."""
        return self._distinct("omega") if self._apart else self._distinct("gamma", "omega")

    def _distinct(self, *names: str) -> tuple[Floats, NDArray[np.intp]]:
        both = np.concatenate([self.designs[n] for n in names if n in self.designs], axis=2)
        kinds, of = np.unique(both.reshape(-1, both.shape[2]), axis=0, return_inverse=True)
        return kinds, np.ascontiguousarray(of.reshape(both.shape[:2]))

    @cached_property
    def _apart(self) -> bool:
        """True where arrivals are added site by site, since one table for each rate would be too many."""
        return self.dynamics == "constant" and len(self._distinct("gamma", "omega")[0]) > MANY

    @cached_property
    def log_factorial(self) -> Floats:
        """log N! for N from 0 to K."""
        return gammaln(np.arange(self.K + 1) + 1.0)

    @cached_property
    def _chosen(self) -> Floats:
        return chosen(self.y, self.seen, self.seasons, self.log_factorial)

    def passed(self, theta: Floats) -> tuple[float, Floats, Floats, Floats, Floats, Floats, float]:
        """What the histories make of these coefficients."""
        lam, p = (self.designs[name] @ theta[self.at[name]] for name in ("lam", "p"))
        rate = self.designs["gamma"] @ theta[self.at["gamma"]]
        if np.abs(lam).max() > 600 or np.abs(rate).max() > 600:
            raise OverflowError
        with one_thread():
            change, steps = self._change(theta, rate), self.seasons - 1
            return histories(lam, p, self.y, self.seen, self._chosen, change, steps, self.log_factorial)

    def _change(self, theta: Floats, rate: Floats) -> Change:
        """What these coefficients do between seasons."""
        kinds, of = self._kinds
        if self._apart:
            return Apart(rate, kinds @ theta[self.at["omega"]], of, self.log_factorial)
        g = self.designs["gamma"].shape[2]
        stay = kinds[:, g:] @ theta[self.at["omega"]] if "omega" in self.at else None
        arrivals = kinds[:, :g] @ theta[self.at["gamma"]]
        return Tables(arrivals, stay, of, self.log_factorial, self.dynamics != "constant")

    def loglik(self, theta: Floats) -> tuple[float, Floats]:
        """The log-likelihood and its gradient."""
        try:
            value, s_lam, s_rate, s_stay, s_p, _, _ = self.passed(theta)
        except (OverflowError, ZeroDivisionError):
            return -np.inf, np.full(self.size, np.nan)
        if not np.isfinite(value):
            return -np.inf, np.full(self.size, np.nan)
        slopes = {"lam": s_lam, "gamma": s_rate, "omega": s_stay, "p": s_p}
        each = [np.tensordot(slopes[n], d, slopes[n].ndim) for n, d in self.designs.items()]
        return value, np.concatenate(each)

    def again(self, response: Floats) -> Self:
        """The same model of other counts, its sums as far above the largest of them."""
        above = self.K - int(self.y.max())
        top = max(self.K, int(np.nanmax(response)) + above)
        return replace(self, y=np.where(self.seen, response, 0.0), K=top).checked()

    def _rates(self, theta: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """λ, the rate of arrival, survival (0 where it has no place) and p."""
        eta = {name: d @ theta[self.at[name]] for name, d in self.designs.items()}
        stay = expit(eta["omega"]) if "omega" in eta else np.zeros_like(eta["gamma"])
        return np.exp(eta["lam"]), np.exp(eta["gamma"]), stay, expit(eta["p"])

    def simulate(self, theta: Floats, rng: np.random.Generator) -> Floats:
        """Abundance is drawn season by season, and counts of it."""
        lam, rate, stay, p = self._rates(theta)
        animals = np.empty((len(lam), self.seasons), np.int64)
        animals[:, 0] = rng.poisson(lam)
        for t in range(self.seasons - 1):
            here = animals[:, t]
            come = rate[:, t] * (1 if self.dynamics == "constant" else here)
            animals[:, t + 1] = rng.binomial(here, stay[:, t]) + rng.poisson(come)
        there = np.repeat(animals, self.y.shape[1] // self.seasons, axis=1)
        return np.where(self.seen, rng.binomial(there, p), 0).astype(float)

    def expected(self, theta: Floats) -> tuple[Floats, Floats]:
        """Mean and variance of each count, NaN where not surveyed."""
        lam, rate, stay, p = self._rates(theta)
        visits = self.y.shape[1] // self.seasons
        mean, variance = (np.repeat(a, visits, axis=1) for a in _moments(lam, rate, stay, self.dynamics))
        out = np.where(self.seen, p * mean, np.nan)
        return out, p**2 * variance + p * (1 - p) * mean

    def discrepancies(self, theta: Floats) -> dict[str, float]:
        """Over the counts, and the deviance -2 log L."""
        return count_fit(self.observed, *self.expected(theta)) | {"deviance": -2 * self.loglik(theta)[0]}
