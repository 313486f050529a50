"""One search for every likelihood.

A model hands over its log-likelihood with an analytic gradient (and a Hessian where that is cheap). Damped
Newton with the eigenvalues of the information made positive climbs from any start; the answer is taken where
the Newton decrement vanishes. A search that stops within half a standard error of a top is handed back
as not converged; one that stops farther away is refused.
"""

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from ecostat import gates
from ecostat.errors import NotConverged
from ecostat.floats import Floats
from ecostat.likelihood.cautions import Unfinished
from ecostat.likelihood.information import invert

LogLik = Callable[[Floats], tuple[float, Floats]]
Hessian = Callable[[Floats], Floats]

GAIN = 1e-11  # a decrement at which the search ends
TOP = 1e-5  # a decrement this small is the rounding of the likelihood
NEAR = 0.25  # a decrement of the square of half a standard error


@dataclass(frozen=True)
class Search:
    """How a fit looks for its top: from `start` (its own starts when None), for at most `iterations` Newton
    steps. Neither changes an answer that converged."""

    start: ArrayLike | None = None
    iterations: int = 200

    @staticmethod
    def of(start: "Start") -> "Search":
        """The search asked for by the `start` of a fit: a Search, start values, or nothing."""
        found = start if isinstance(start, Search) else Search(start)
        return replace(found, iterations=gates.whole("iterations", found.iterations, low=1))

    def starts(self, own: Sequence[Floats], size: int) -> list[Floats]:
        """Where to begin: the start given, which must hold one value a coefficient, or the model's own."""
        if self.start is None:
            return list(own)
        return [
            gates.numbers(
                "start", self.start, size=size, each="one a coefficient", low=-60, high=60, missing=False
            )
        ]


Start = ArrayLike | Search | None


@dataclass(frozen=True)
class Optimum:
    """The best point found: `theta` (k,), its log-likelihood, `vcov` (k, k) with NaN for parameters at a
    boundary, `gradient`, `at_boundary` (their names), `iterations` of the run that won, and `decrement`:
    twice the log-likelihood still to be gained, to second order."""

    theta: Floats
    loglik: float
    gradient: Floats
    vcov: Floats
    at_boundary: tuple[str, ...]
    iterations: int
    decrement: float = 0.0

    @property
    def se(self) -> Floats:
        """Standard errors, NaN at a boundary."""
        return np.sqrt(np.diag(self.vcov))

    @property
    def converged(self) -> bool:
        """Whether the gradient vanished."""
        return self.decrement <= TOP

    @property
    def caution(self) -> str:
        """What a person must know of a search that stopped short of the top; empty where it did not."""
        if self.converged:
            return ""
        return f"the search stopped {math.sqrt(self.decrement):.2g} standard errors short of the top"


Climbed = tuple[float, Floats, Floats, int, float]  # value, place, gradient, steps, decrement


def maximise(
    loglik: LogLik,
    starts: Sequence[ArrayLike],
    names: Sequence[str],
    *,
    hessian: Hessian | None = None,
    basis: Floats | None = None,
    limits: Mapping[str, str] | None = None,
    iterations: int = 200,
) -> Optimum:
    """The maximum is found from every start, the highest is kept, and its covariance is the inverse of the
    observed information.

    `basis` (k, k): the parameters as a product with standard ones (see `standard`), in which the search
    runs, so that a covariate's unit and origin do not matter. `limits`: parameters that may lie at their
    limit, with the sentence that says what it means; any other one that runs away raises `Separation`.
    Without a Hessian the gradient is differenced.
    """
    change = np.eye(len(names)) if basis is None else basis
    top = peak(loglik, starts, hessian=hessian, basis=change, iterations=iterations)
    phi = np.asarray(np.linalg.solve(change, top.theta), np.float64)
    information = -_curvature(loglik, hessian, change, phi)
    vcov, stuck = invert(information, phi, names, change, limits or {})
    if not top.converged:
        warnings.warn(f"{top.caution}; more iterations may reach it.", Unfinished, 3)
    return replace(top, vcov=vcov, at_boundary=stuck)


def peak(
    loglik: LogLik,
    starts: Sequence[ArrayLike],
    *,
    hessian: Hessian | None = None,
    basis: Floats | None = None,
    iterations: int = 200,
    gain: float = GAIN,
) -> Optimum:
    """The highest point reached from these starts, within `gain` of its top in log-likelihood, its covariance
    not yet known (NaN)."""
    k = len(np.asarray(starts[0]))
    change = np.eye(k) if basis is None else basis

    def inner(phi: Floats) -> tuple[float, Floats]:
        value, slope = loglik(change @ phi)
        return value, change.T @ slope

    def curvature(phi: Floats) -> Floats:
        return _curvature(loglik, hessian, change, phi)

    best: Climbed | None = None
    failure = "no start gives a finite likelihood"
    for start in starts:
        climbed = _climb(
            inner, curvature, np.linalg.solve(change, np.asarray(start, float)), iterations, gain
        )
        if isinstance(climbed, str):
            failure = climbed
        elif best is None or climbed[0] > best[0] + 1e-9:
            best = climbed
    if best is None:
        raise NotConverged(f"The likelihood has no maximum that could be found: {failure}.")
    value, phi, gradient, steps, decrement = best
    original = np.asarray(np.linalg.solve(change.T, gradient), np.float64)
    return Optimum(change @ phi, value, original, np.full((k, k), np.nan), (), steps, decrement)


def _curvature(loglik: LogLik, hessian: Hessian | None, change: Floats, phi: Floats) -> Floats:
    """The Hessian in the standard parameters."""
    if hessian is not None:
        return change.T @ hessian(change @ phi) @ change

    def inner(at: Floats) -> tuple[float, Floats]:
        value, slope = loglik(change @ at)
        return value, change.T @ slope

    return differenced(inner, phi)


def climb(loglik: LogLik, starts: Sequence[ArrayLike], *, gain: float = 1e-3) -> list[Floats]:
    """The highest point that can be climbed to from these starts, within `gain` of its top in
    log-likelihood, or nothing: a start for `maximise` found on a cheaper version of the problem."""
    tops = [
        _climb(loglik, lambda t: differenced(loglik, t), np.asarray(start, float), 40, gain)
        for start in starts
    ]
    found = [top for top in tops if not isinstance(top, str)]
    return [max(found, key=lambda top: top[0])[1]] if found else []


def _climb(
    loglik: LogLik, curvature: Hessian, theta: Floats, iterations: int, gain: float = GAIN
) -> Climbed | str:
    """A stationary point uphill of `theta` (or a point close to one), or the reason there is none."""
    value, gradient = loglik(theta)
    decrement = math.inf
    if not np.isfinite(value):
        return "the likelihood is not finite at the start"
    for step in range(1, iterations + 1):
        information = -curvature(theta)
        if not np.all(np.isfinite(information)):
            return "the curvature is not finite"
        eigen, axes = np.linalg.eigh((information + information.T) / 2)
        floor = max(1e-12 * float(np.abs(eigen).max()), 1e-12)
        along = axes.T @ gradient
        move = axes @ (along / np.maximum(np.abs(eigen), floor))
        decrement = float(gradient @ move)
        if decrement < gain * (1.0 + 1e-3 * abs(value)):
            return value, theta, gradient, step, 0.0
        cut = min(1.0, float(((4.0 + 0.5 * np.abs(theta)) / np.maximum(np.abs(move), 1e-300)).min()))
        move *= cut  # a leap on the link scale can land on a plateau from which there is no way back
        length = 1.0
        while True:
            trial = theta + length * move
            new, slope = loglik(trial)
            if np.isfinite(new) and new >= value + 1e-4 * length * decrement * cut:
                break
            if length < 1e-8:
                # below TOP the last digits of the likelihood are noise: this is the top
                return _short("the line search failed", value, theta, gradient, step, decrement)
            length *= 0.5 if np.isfinite(new) else 0.1
        theta, value, gradient = trial, new, slope
    return _short(f"{iterations} steps were not enough", value, theta, gradient, iterations, decrement)


def _short(
    reason: str, value: float, theta: Floats, gradient: Floats, step: int, decrement: float
) -> Climbed | str:
    """A point close enough to a top to hand back, or the reason why it is not."""
    return (value, theta, gradient, step, decrement) if decrement < NEAR else reason


def differenced(loglik: LogLik, theta: Floats) -> Floats:
    """The Hessian by central differences of the analytic gradient, about ten digits right."""
    k = len(theta)
    out = np.empty((k, k))
    for j in range(k):
        h = 6e-6 * max(1.0, abs(theta[j]))
        up, down = theta.copy(), theta.copy()
        up[j] += h
        down[j] -= h
        out[j] = (loglik(up)[1] - loglik(down)[1]) / (up[j] - down[j])
    return (out + out.T) / 2


def sentence(optimum: Optimum, n: int, what: str, *more: str) -> str:
    """One plain sentence: how many units, whether a maximum was reached, and what to beware of."""
    lead = "Maximum found in" if optimum.converged else "No maximum reached in"
    parts = [f"{lead} {optimum.iterations} Newton steps from {n} {what}", optimum.caution]
    parts += [f"{name} is at its limit, so its standard error is unknown" for name in optimum.at_boundary]
    return "; ".join(filter(None, [*parts, *more])) + "."
