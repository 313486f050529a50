"""Occupancy when some reports are wrong, over one season or several (Miller et al. 2011, 2013)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, log_expit

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import ModelFit
from ecostat.floats import Floats
from ecostat.likelihood import Data, Design, Start, constants, part
from ecostat.occupancy.chain import chain
from ecostat.occupancy.dynamic import project
from ecostat.visits import SeenModel, counts, enough, set_aside

VISIT = ("p", "wrong", "sure")


@dataclass(frozen=True, kw_only=True)
class FalsePositive(ModelFit):
    """A fitted model with false reports. `psi` (sites,): first-season occupancy; `gamma`, `epsilon` (sites,
    seasons - 1); `p` (sites, visits): detection where present; `wrong`: false report where absent; `sure`:
    chance that a true detection is a certain one; `projected` and `smoothed` (sites, seasons): occupancy that
    the rates imply, and presence given the history; `occupied` (seasons,): mean of the latter. Parts for
    `predict`: "psi", "gamma", "epsilon" (with several seasons), "p", "wrong", "sure"."""

    psi: Floats
    gamma: Floats
    epsilon: Floats
    p: Floats
    wrong: Floats
    sure: Floats
    projected: Floats
    smoothed: Floats
    occupied: Floats
    seasons: int


def false_positive(
    y: ArrayLike,
    seasons: int = 1,
    psi: Design = None,
    gamma: Design = None,
    epsilon: Design = None,
    p: Design = None,
    wrong: Design = None,
    sure: Design = None,
    *,
    data: Data | None = None,
    start: Start = None,
) -> FalsePositive:
    """The model is fitted to `y` (sites × (seasons · visits), season by season): 0 nothing, 1 a detection
    that may be wrong, 2 a certain one (photograph, specimen, experienced observer); NaN = not surveyed.

    Where the species is present a visit detects it with `p`, certainly with `sure`; where it is absent a
    visit reports it with `wrong`, never certainly. Logit links; designs as in `dynamic`. Some detections
    must be certain: without them presence and error cannot be told apart. `wrong` that falls on 0 is a
    stated `Boundary` warning.
    Miller et al. (2011), Ecology 92:1422-1428; Miller et al. (2013), PLoS ONE 8:e65808.
    """
    raw = counts(y)
    seasons = gates.whole("seasons", seasons, low=1)
    if raw.shape[1] % seasons:
        raise EcostatError(f"y has shape {raw.shape}; its visits must divide evenly into {seasons} seasons.")
    if np.nanmax(raw) > 2:
        raise EcostatError("y is 0 (nothing), 1 (a detection), 2 (a certain one) or NaN (not surveyed).")
    if seasons == 1 and (gamma is not None or epsilon is not None):
        raise EcostatError("gamma and epsilon belong to several seasons.")
    sites = len(raw)
    steps = (sites, seasons - 1)
    change = (("gamma", gamma, steps), ("epsilon", epsilon, steps)) if seasons > 1 else ()
    asked = (
        ("psi", psi, (sites,)),
        *change,
        *((n, d, raw.shape) for n, d in zip(VISIT, (p, wrong, sure), strict=True)),
    )
    parts = {name: part(name, given, shape, "logit", data) for name, given, shape in asked}
    whole = parts["psi"].known.copy()
    for name, _, _ in change:
        whole &= parts[name].known.all(axis=1)
    every = parts["p"].known & parts["wrong"].known & parts["sure"].known
    seen, notes = set_aside(raw, whole[:, None] & every, 3)
    used = np.asarray(seen.any(axis=1))
    model = FalsePositiveModel(
        parts=tuple(parts.values()),
        n=int(used.sum()),
        what="surveyed sites" if seasons == 1 else f"sites over {seasons} seasons",
        notes=notes,
        designs={name: np.ascontiguousarray(one.x[used]) for name, one in parts.items()},
        y=np.where(seen, np.nan_to_num(raw), 0.0)[used],
        seen=seen[used],
        used=used,
        seasons=seasons,
    ).checked()
    best = model.top(start)
    fitted = {
        name: np.where(one.known, expit(one.x @ best.theta[model.at[name]]), np.nan)
        for name, one in parts.items()
    }
    none = np.empty((sites, 0))
    smoothed = np.full((sites, seasons), np.nan)
    smoothed[used] = model.passed(best.theta)[4]
    gone, come = fitted.get("epsilon", none), fitted.get("gamma", none)
    return FalsePositive(
        **model.common(best),
        psi=fitted["psi"],
        gamma=come,
        epsilon=gone,
        p=fitted["p"],
        wrong=fitted["wrong"],
        sure=fitted["sure"],
        projected=project(fitted["psi"], come, gone),
        smoothed=smoothed,
        occupied=smoothed[used].mean(axis=0),
        seasons=seasons,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class FalsePositiveModel(SeenModel):
    """The likelihood of the surveyed sites; `designs` by part; `y` 0, 1 or 2, 0 where not `seen`."""

    designs: Mapping[str, Floats]
    seasons: int

    def checked(self) -> Self:
        """The model itself, after refusing data it cannot be fitted to."""
        if not (self.y == 2).any():
            raise TooFewData("No detection is certain (2): presence and error cannot be told apart.")
        if not (self.y == 1).any():
            raise TooFewData(
                "Every detection is certain: there is no error to estimate, use occu or dynamic."
            )
        enough(self.n, self.size)
        if self.seen.sum(axis=1).max() < 2:
            raise TooFewData("No site was visited twice: presence and detection cannot be told apart.")
        return self

    @property
    def rows(self) -> tuple[Floats, ...]:
        """The rows of the designs that carry information."""
        return tuple(d[self.seen] if name in VISIT else d for name, d in self.designs.items())

    @property
    def limits(self) -> Mapping[str, str]:
        """Constant rates, which may be 0 or 1."""
        out: dict[str, str] = {}
        for one, rows in zip(self.parts, self.rows, strict=True):
            out |= constants(one.names, rows, f"the estimated {one.name} is 0 or 1")
        return out

    @property
    def own_starts(self) -> list[Floats]:
        """True detections more frequent than false ones, with much and with little of both."""
        out = []
        for p, wrong in ((0.0, -3.0), (-1.0, -2.0)):
            theta = np.zeros(self.size)
            theta[self.at["p"].start], theta[self.at["wrong"].start] = p, wrong
            for name in ("gamma", "epsilon"):
                if name in self.at:
                    theta[self.at[name].start] = -1.5
            out.append(theta)
        return out

    def etas(self, theta: Floats) -> dict[str, Floats]:
        """The linear predictors by part."""
        return {name: d @ theta[self.at[name]] for name, d in self.designs.items()}

    def passed(self, theta: Floats) -> tuple[float, Floats, Floats, Floats, Floats]:
        """What the chain makes of the visits."""
        eta = self.etas(theta)
        p, sure, wrong = eta["p"], eta["sure"], eta["wrong"]
        y = self.y
        there = np.where(
            y == 0, log_expit(-p), log_expit(p) + np.where(y == 2, log_expit(sure), log_expit(-sure))
        )
        gone = np.where(y == 0, log_expit(-wrong), np.where(y == 1, log_expit(wrong), -np.inf))
        shape = (len(y), self.seasons, -1)
        on, off = (np.where(self.seen, a, 0.0).reshape(shape).sum(axis=2) for a in (there, gone))
        none = np.empty((len(y), 0))
        return chain(eta["psi"], eta.get("gamma", none), eta.get("epsilon", none), on, off)

    def loglik(self, theta: Floats) -> tuple[float, Floats]:
        """The log-likelihood and its gradient."""
        value, s_psi, s_gamma, s_epsilon, smoothed = self.passed(theta)
        eta, y = self.etas(theta), self.y
        z = np.repeat(smoothed, y.shape[1] // self.seasons, axis=1)
        hit = (y > 0).astype(float)
        slopes = {
            "psi": s_psi,
            "gamma": s_gamma,
            "epsilon": s_epsilon,
            "p": self.seen * z * (hit - expit(eta["p"])),
            "wrong": self.seen * (1 - z) * (hit - expit(eta["wrong"])),
            "sure": self.seen * z * hit * ((y == 2) - expit(eta["sure"])),
        }
        each = [np.tensordot(slopes[n], d, slopes[n].ndim) for n, d in self.designs.items()]
        return value, np.concatenate(each)

    def _presence(self, theta: Floats) -> Floats:
        """Occupancy of each site and visit that the rates imply."""
        rate = {name: expit(eta) for name, eta in self.etas(theta).items()}
        none = np.empty((len(self.y), 0))
        there = project(rate["psi"], rate.get("gamma", none), rate.get("epsilon", none))
        return np.repeat(there, self.y.shape[1] // self.seasons, axis=1)

    def simulate(self, theta: Floats, rng: np.random.Generator) -> Floats:
        """Presence is drawn season by season, then true, certain and false reports."""
        rate = {name: expit(eta) for name, eta in self.etas(theta).items()}
        sites = len(self.y)
        z = np.empty((sites, self.seasons), bool)
        z[:, 0] = rng.random(sites) < rate["psi"]
        for t in range(self.seasons - 1):
            stay = np.where(z[:, t], 1 - rate["epsilon"][:, t], rate["gamma"][:, t])
            z[:, t + 1] = rng.random(sites) < stay
        there = np.repeat(z, self.y.shape[1] // self.seasons, axis=1)
        hit = rng.random(there.shape) < np.where(there, rate["p"], rate["wrong"])
        certain = there & (rng.random(there.shape) < rate["sure"])
        return np.where(self.seen, hit * (1.0 + certain), 0.0)

    def expected(self, theta: Floats) -> tuple[Floats, Floats]:
        """Mean and variance of the reports (0, 1, 2), NaN where not surveyed."""
        there, rate = self._presence(theta), {n: expit(e) for n, e in self.etas(theta).items()}
        two = there * rate["p"] * rate["sure"]
        one = there * rate["p"] * (1 - rate["sure"]) + (1 - there) * rate["wrong"]
        mean = np.where(self.seen, one + 2 * two, np.nan)
        return mean, one + 4 * two - mean**2

    def discrepancies(self, theta: Floats) -> dict[str, float]:
        """Pearson's χ² and Freeman and Tukey's sum over how often each site and season reported, and the
        deviance -2 log L."""
        mean, _ = self.expected(theta)
        rate = {n: expit(e) for n, e in self.etas(theta).items()}
        there = self._presence(theta)
        two = there * rate["p"] * rate["sure"]
        one = np.where(self.seen, mean - 2 * two, 0.0)
        two = np.where(self.seen, two, 0.0)
        met = np.stack([(self.y == v).sum(axis=0) for v in (1, 2)])
        hoped = np.stack([one.sum(axis=0), two.sum(axis=0)])
        used = hoped > 0
        square = ((met - hoped) ** 2)[used] / hoped[used]
        tukey = (np.sqrt(met) - np.sqrt(hoped))[used] ** 2
        out = {"chi-square": float(square.sum()), "freeman-tukey": float(tukey.sum())}
        return out | {"deviance": -2 * self.loglik(theta)[0]}
