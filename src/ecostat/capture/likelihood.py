"""The likelihood of arrays of detectors (Borchers & Efford 2008), with its search and its starts."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ecostat.capture.integrals import Detecting
from ecostat.capture.kernel import FORMS, Heard, array_scores, heard
from ecostat.capture.simulation import drawn, expected_at_posts
from ecostat.capture.surveys import ArraySurvey
from ecostat.errors import TooFewData
from ecostat.floats import Floats
from ecostat.likelihood import (
    Model,
    Optimum,
    Part,
    Search,
    Start,
    climb,
    constants,
    covariance,
    differenced,
    digest,
    peak,
)

LIMITS = {
    "logit_g0": "detection at the post itself is certain or impossible",
    "logit_pcall": "every group calls on every occasion, or none does",
    "log_kappa": "bearings carry no information, or no error",
    "log_shape": "detection falls as a step",
}
COLUMN = {"sigma": 0, "g0": 1, "kappa": 2, "pcall": 3, "shape": 4}  # slopes of `array_scores`
LINK = {"sigma": "log", "g0": "logit", "kappa": "log", "pcall": "logit", "shape": "log"}
BEGIN = {"g0": -1.5, "kappa": math.log(10.0), "pcall": 0.0, "shape": math.log(3.0)}


@dataclass(frozen=True)
class Detector:
    """What is fitted: the `detect` form, whether detectors compete (`multi`), a fixed `g0` (None: estimated),
    and whether bearings and `pcall` are used."""

    detect: str
    multi: bool
    g0: float | None
    bearings: bool
    pcall: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters estimated besides density, in order."""
        out = ["sigma"]
        out += ["g0"] if self.g0 is None else []
        out += ["kappa"] if self.bearings else []
        out += ["pcall"] if self.pcall else []
        return tuple(out + (["shape"] if self.detect == "hr" else []))

    @property
    def parts(self) -> tuple[Part, ...]:
        """One part of a single coefficient for each of them."""
        one, known = np.ones((1, 1)), np.ones(1, bool)
        return tuple(Part(n, LINK[n], one, known, (f"{LINK[n]}_{n}",)) for n in self.names)

    def at(self, theta: Floats) -> Detecting:
        """Detection at these coefficients (those after density)."""
        value = dict(zip(self.names, theta.tolist(), strict=True))
        logistic = {
            n: 1 / (1 + math.exp(-min(max(value[n], -500.0), 500.0))) for n in ("g0", "pcall") & value.keys()
        }
        return Detecting(
            FORMS[self.detect],
            self.multi,
            math.exp(min(max(value["sigma"], -20.0), 40.0)),
            logistic.get("g0", self.g0 or 1.0),
            math.exp(min(value["kappa"], 25.0)) if self.bearings else 0.0,
            logistic.get("pcall", 1.0),
            math.exp(min(max(value.get("shape", 0.0), -5.0), 5.0)),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class CaptureModel(Model):
    """Independent arrays (`places`) under one detection; `x` (arrays, k): the design of log density; `unit`:
    square metres in one unit of area; `found` (arrays,): animals detected."""

    places: tuple[ArraySurvey, ...]
    detector: Detector
    x: Floats
    unit: float
    found: Floats
    ready: tuple[Heard, ...]
    _memory: dict[bytes, tuple[float, Floats]] = field(default_factory=dict, init=False, repr=False)

    @property
    def k(self) -> int:
        """Number of coefficients of density, which come first."""
        return self.x.shape[1]

    @property
    def rows(self) -> tuple[Floats, ...]:
        """The design of density, and 1 for every other parameter."""
        return (self.x, *(np.ones((1, 1)) for _ in self.detector.names))

    @property
    def limits(self) -> Mapping[str, str]:
        """Parameters that may lie at the end of their range."""
        return LIMITS | constants(self.names[: self.k], self.x, "density is 0")

    @property
    def digest(self) -> str:
        """A short name for the detections and the bearings used."""
        angle = 1.0 if self.detector.bearings else np.nan
        flat = [np.stack([s.animal, s.occasion, s.post, s.bearing * angle]) for s in self.places]
        return digest(*flat, *(s.usage for s in self.places))

    def loglik(self, theta: Floats) -> tuple[float, Floats]:
        """The log-likelihood and its gradient, kept for the last point asked."""
        key = theta.tobytes()
        if key not in self._memory:
            self._memory.clear()
            self._memory[key] = self.over(self.ready, theta)
        return self._memory[key]

    def over(self, surveys: Sequence[Heard], theta: Floats) -> tuple[float, Floats]:
        """The log-likelihood of these surveys with its gradient."""
        k, at = self.k, self.detector.at(theta[self.k :])
        columns = [COLUMN[name] for name in self.detector.names]
        value, gradient = 0.0, np.zeros(self.size)
        for row, place, n in zip(self.x, surveys, self.found, strict=True):
            log_density = float(row @ theta[:k])
            if log_density > 50:
                return -np.inf, np.full(self.size, np.nan)
            level = math.exp(log_density)
            logs, slope, area, in_area = array_scores(place, at)
            value += logs + n * log_density - level * area
            gradient[:k] += row * (n - level * area)
            gradient[k:] += (slope - level * in_area)[columns]
        return value, gradient

    def simulate(self, theta: Floats, rng: np.random.Generator) -> tuple[ArraySurvey, ...]:
        """The arrays with animals drawn and detected anew."""
        at, level = self.detector.at(theta[self.k :]), np.exp(self.x @ theta[: self.k]) / self.unit
        angles = self.detector.bearings
        return tuple(drawn(s, at, float(d), angles, rng) for s, d in zip(self.places, level, strict=True))

    def again(self, response: tuple[ArraySurvey, ...]) -> "CaptureModel":
        """The same model of other detections."""
        found = np.array([s.animals for s in response], float)
        if found.sum() < 3 or (
            sum(len(s.animal) for s in response) == found.sum() and not self.detector.bearings
        ):
            raise TooFewData("Too few animals were detected, or none of them twice.")
        ready = tuple(heard(s, self.detector.bearings, self.unit) for s in response)
        return replace(self, places=response, found=found, ready=ready, n=int(found.sum()))

    def discrepancies(self, theta: Floats) -> dict[str, float]:
        """Over the detections at each post, and over the animals met on each array."""
        at, level = self.detector.at(theta[self.k :]), np.exp(self.x @ theta[: self.k])
        ready = list(zip(self.ready, level, strict=True))
        expected = np.concatenate([expected_at_posts(s, at, float(d)) for s, d in ready])
        found = np.concatenate([np.bincount(s.post, minlength=len(s.posts)) for s in self.places])
        whole = np.array([d * array_scores(s, at, only_area=True)[2] for s, d in ready])
        real = expected > 0
        return {
            "chi-square": float(((found - expected)[real] ** 2 / expected[real]).sum()),
            "chi-square of arrays": float(((self.found - whole) ** 2 / whole).sum()),
            "freeman-tukey": float(((np.sqrt(found) - np.sqrt(expected)) ** 2).sum()),
            "deviance": -2 * self.loglik(theta)[0],
        }

    def rough(self, theta: Floats) -> Floats:
        """A Hessian good enough to climb by: one-sided differences, half the price of central ones."""
        here, out = self.loglik(theta)[1], np.empty((self.size, self.size))
        for j in range(self.size):
            step = theta + 1e-6 * np.eye(self.size)[j]
            out[j] = (self.over(self.ready, step)[1] - here) / 1e-6
        return (out + out.T) / 2

    def hessian(self, theta: Floats) -> Floats:
        """Central differences of the gradient."""
        return differenced(lambda t: self.over(self.ready, t), theta)

    def top(self, start: Start = None) -> Optimum:
        """The highest point with its covariance, climbed to first on a thinned mask where it is dense."""
        search = Search.of(start)
        starts = search.starts(self.own_starts, self.size)
        points = sum(len(s.mask) for s in self.places) / len(self.places)
        if search.start is None and (every := int(points // 400)) > 1:
            thin = [heard(s, self.detector.bearings, self.unit, every) for s in self.places]
            starts = climb(lambda theta: self.over(thin, theta), starts) or starts
        best = peak(self.loglik, starts, hessian=self.rough, basis=self.basis, iterations=search.iterations)
        information = -self.hessian(best.theta)
        vcov, stuck = covariance(information, best.theta, self.names, self.basis, self.limits)
        return replace(best, vcov=vcov, at_boundary=stuck)

    @property
    def own_starts(self) -> list[Floats]:
        """A short and a long reach, scaled by the spacing of the posts and the width of the masks."""
        spans = [np.ptp(s.posts, axis=0).max() for s in self.places]
        reach = [np.sqrt(s.area / np.pi) for s in self.places]
        short = max(0.5 * float(np.median(spans)), 0.05 * float(np.median(reach)))
        out = []
        for sigma in (short, 0.3 * float(np.median(reach))):
            theta = np.zeros(self.size)
            seen = sum(min(np.pi * (1.5 * sigma) ** 2, s.area) for s in self.places) / self.unit
            theta[0] = math.log(self.found.sum() / seen) / (self.x[:, 0].mean() or 1.0)
            begin = BEGIN | {"sigma": math.log(sigma)}
            theta[self.k :] = [begin[name] for name in self.detector.names]
            out.append(theta)
        return out
