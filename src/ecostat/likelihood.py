"""Maximum likelihood the same way everywhere: one optimiser, one information matrix, one set of refusals.

A model hands over its log-likelihood with an analytic gradient (and a Hessian where that is cheap). Damped
Newton with the eigenvalues of the information made positive climbs from any start; the answer is taken only
where the Newton decrement vanishes. A parameter that runs to infinity is either named in `Separation`, or,
where its limit has a meaning (occupancy 1, no overdispersion), held there with a stated warning.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import block_diag
from scipy.special import expit
from scipy.stats import norm

from ecostat import gates
from ecostat.errors import EcostatError, NotConverged, Separation, TooFewData
from ecostat.fit import Floats

LogLik = Callable[[Floats], tuple[float, Floats]]
Hessian = Callable[[Floats], Floats]

FLAT = 1e-4  # information below this (per standard deviation of a column) is a standard error above 100
FAR = 6.0  # a link-scale value this large is at its limit for any practical purpose


class Boundary(UserWarning):
    """A parameter sits at the edge of its range; its standard error is unknown and given as NaN."""


class Truncated(UserWarning):
    """An upper limit of a sum (K) is too low for the fitted model: raise it and fit again."""


class Dropped(UserWarning):
    """Records without the values the model needs were left out; the message counts them."""


@dataclass(frozen=True)
class Optimum:
    """The best point found: `theta` (k,), its log-likelihood, `vcov` (k, k) with NaN for parameters at a
    boundary, `gradient`, `at_boundary` (their names), `iterations` of the run that won."""

    theta: Floats
    loglik: float
    gradient: Floats
    vcov: Floats
    at_boundary: tuple[str, ...]
    iterations: int

    @property
    def se(self) -> Floats:
        """Standard errors, NaN at a boundary."""
        return np.sqrt(np.diag(self.vcov))


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
    vcov, stuck = _invert(information, phi, names, change, limits or {})
    return replace(top, vcov=vcov, at_boundary=stuck)


def peak(
    loglik: LogLik,
    starts: Sequence[ArrayLike],
    *,
    hessian: Hessian | None = None,
    basis: Floats | None = None,
    iterations: int = 200,
) -> Optimum:
    """The highest point reached from these starts, its covariance not yet known (NaN)."""
    k = len(np.asarray(starts[0]))
    change = np.eye(k) if basis is None else basis

    def inner(phi: Floats) -> tuple[float, Floats]:
        value, slope = loglik(change @ phi)
        return value, change.T @ slope

    def curvature(phi: Floats) -> Floats:
        return _curvature(loglik, hessian, change, phi)

    best: tuple[float, Floats, Floats, int] | None = None
    failure = "no start gives a finite likelihood"
    for start in starts:
        climbed = _climb(inner, curvature, np.linalg.solve(change, np.asarray(start, float)), iterations)
        if isinstance(climbed, str):
            failure = climbed
        elif best is None or climbed[0] > best[0] + 1e-9:
            best = climbed
    if best is None:
        raise NotConverged(f"The likelihood has no maximum that could be found: {failure}.")
    value, phi, gradient, steps = best
    original = np.asarray(np.linalg.solve(change.T, gradient), np.float64)
    return Optimum(change @ phi, value, original, np.full((k, k), np.nan), (), steps)


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
    loglik: LogLik, curvature: Hessian, theta: Floats, iterations: int, gain: float = 1e-11
) -> tuple[float, Floats, Floats, int] | str:
    """A stationary point uphill of `theta`, or the reason there is none."""
    value, gradient = loglik(theta)
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
            return value, theta, gradient, step
        cut = min(1.0, float(((4.0 + 0.5 * np.abs(theta)) / np.maximum(np.abs(move), 1e-300)).min()))
        move *= cut  # a leap on the link scale can land on a plateau from which there is no way back
        length = 1.0
        while True:
            trial = theta + length * move
            new, slope = loglik(trial)
            if np.isfinite(new) and new >= value + 1e-4 * length * decrement * cut:
                break
            if length < 1e-8:
                if decrement < 1e-5:  # the last digits of the likelihood are noise: this is the top
                    return value, theta, gradient, step
                return "the line search failed"
            length *= 0.5 if np.isfinite(new) else 0.1
        theta, value, gradient = trial, new, slope
    return f"{iterations} steps were not enough"


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


def covariance(
    information: Floats,
    theta: Floats,
    names: Sequence[str],
    basis: Floats | None = None,
    limits: Mapping[str, str] | None = None,
    loose: Sequence[str] = (),
) -> tuple[Floats, tuple[str, ...]]:
    """The inverse information, with parameters at a stated limit held fixed (NaN) and warned about; those named
    in `loose` may lack information anywhere, not only at a limit."""
    change = np.eye(len(theta)) if basis is None else basis
    phi = np.asarray(np.linalg.solve(change, theta), np.float64)
    return _invert(change.T @ information @ change, phi, names, change, limits or {}, loose)


def _invert(
    information: Floats,
    phi: Floats,
    names: Sequence[str],
    change: Floats,
    held: Mapping[str, str],
    loose: Sequence[str] = (),
) -> tuple[Floats, tuple[str, ...]]:
    """The same from the information of the standard parameters."""
    free = np.ones(len(phi), bool)
    stuck: list[str] = []
    while free.any():
        where = np.flatnonzero(free)
        eigen, axes = np.linalg.eigh(information[np.ix_(where, where)])
        if eigen[0] > FLAT:
            break
        far = np.abs(phi[where]) > FAR
        weight = np.abs(axes[:, 0]) * np.where(far, 1.0, 1e-3)
        unstated = np.array([names[int(j)] not in held for j in where]) & far & (weight > 0.3 * weight.max())
        worst = int(where[np.argmax(np.where(unstated, weight + 1.0, weight))])
        name = names[worst]
        if not far.any():
            if eigen[0] > 1e-8 * max(1.0, eigen[-1]):
                break  # little information, but information: the large standard error says so
            slack = np.array([names[int(j)] in loose for j in where])
            if slack.any():
                worst = int(where[np.argmax(np.where(slack, weight, -1.0))])
                stuck.append(names[worst])
                free[worst] = False
                continue
            raise TooFewData(f"The data cannot tell the parameters apart (no information along {name}).")
        if name not in held:
            raise Separation(
                f"{name} predicts the outcome perfectly: its estimate runs to infinity. "
                "Leave that column out, merge its classes, or gather more data."
            )
        stuck.append(name)
        free[worst] = False
    for name in stuck:
        warnings.warn(f"{name} is at its limit: {held[name]}; its standard error is unknown.", Boundary, 5)
    inner = np.zeros_like(information)
    where = np.flatnonzero(free)
    if len(where):
        inner[np.ix_(where, where)] = np.linalg.inv(information[np.ix_(where, where)])
    vcov = change @ inner @ change.T
    unknown = (change[:, ~free] != 0).any(axis=1)
    vcov[unknown] = np.nan
    vcov[:, unknown] = np.nan
    return vcov, tuple(stuck)


def design(
    x: ArrayLike | None, shape: tuple[int, ...], what: str
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The design matrix over `shape` (an intercept when None) and where all of its columns are known.

    A matrix over the first axes of `shape` alone is spread over the rest. Unknown values are set to 0 where
    the mask is False.
    """
    return gates.design(what, x, shape)


def standard(x: Floats, what: str) -> Floats:
    """The basis (k, k) that turns coefficients of centred columns of half-range 1 into those of the columns
    given, after refusing columns that repeat each other."""
    rows = x.reshape(-1, x.shape[-1])
    if len(rows) == 0:
        raise TooFewData(f"No usable record for {what}.")
    columns = np.ascontiguousarray(rows.T)
    low, high = columns.min(axis=1), columns.max(axis=1)
    most = np.maximum(np.abs(low), np.abs(high))
    if np.any(most == 0):
        raise EcostatError(f"Column {int(np.argmin(most))} of {what} is zero everywhere.")
    flat = np.flatnonzero(high - low <= 1e-12 * most)
    out = np.diag(1 / most)
    if len(flat):
        c = int(flat[0])
        vary = np.setdiff1d(np.arange(rows.shape[1]), flat)
        out[vary, vary] = 2 / (high - low)[vary]
        out[c, vary] = -columns.mean(axis=1)[vary] * out[vary, vary] / rows[0, c]
    new = out.T @ columns
    gram = new @ new.T
    size = np.sqrt(np.diag(gram))
    if np.linalg.eigvalsh(gram / np.outer(size, size))[0] < 1e-10:
        raise EcostatError(
            f"The columns of {what} repeat each other: one of them can be had from the others."
        )
    return out


def blocks(*parts: Floats | int) -> Floats:
    """One basis from those of the parts of a model; a number stands for that many parameters of their own."""
    return block_diag(*(np.eye(p) if isinstance(p, int) else p for p in parts))


def labels(part: str, x: Floats) -> tuple[str, ...]:
    """`psi_0, psi_1 …`: the part of the model and the column of its design matrix."""
    return tuple(f"{part}_{j}" for j in range(x.shape[-1]))


def constants(names: Sequence[str], x: Floats, says: str) -> dict[str, str]:
    """Names of the constant columns, which may lie at their limit, with what that means."""
    rows = x.reshape(-1, x.shape[-1])
    return {n: says for n, flat in zip(names, np.ptp(rows, axis=0) == 0, strict=True) if flat}


@dataclass(frozen=True)
class Prediction:
    """Estimates on the natural scale with delta-method standard errors and limits made on the link scale."""

    estimate: Floats
    se: Floats
    lower: Floats
    upper: Floats


def predict(coef: Floats, vcov: Floats, x: ArrayLike, link: str, level: float = 0.95) -> Prediction:
    """Fitted values of the rows of `x` under a "logit" or "log" link."""
    rows = np.atleast_2d(gates.numbers("x", x, dims=(0, 1, 2), infinite=True))
    gates.share("level", level, ends=False)
    if rows.shape[-1] != len(coef):
        raise EcostatError(f"These rows have {rows.shape[-1]} columns; the model has {len(coef)}.")
    eta = rows @ coef
    deviation = np.sqrt(np.einsum("ij,jk,ik->i", rows, vcov, rows))
    z = float(norm.ppf(0.5 + level / 2))
    if link == "logit":
        estimate = expit(eta)
        return Prediction(
            estimate,
            deviation * estimate * (1 - estimate),
            expit(eta - z * deviation),
            expit(eta + z * deviation),
        )
    estimate = np.exp(eta)
    return Prediction(
        estimate, deviation * estimate, np.exp(eta - z * deviation), np.exp(eta + z * deviation)
    )


def sentence(optimum: Optimum, n: int, what: str, *more: str) -> str:
    """One plain sentence: how many units, whether a maximum was reached, and what to beware of."""
    parts = [f"Maximum found in {optimum.iterations} Newton steps from {n} {what}"]
    parts += [f"{name} is at its limit, so its standard error is unknown" for name in optimum.at_boundary]
    parts += [m for m in more if m]
    return "; ".join(parts) + "."


@dataclass(frozen=True)
class Bootstrap:
    """`values` (kept, m): the statistic of each resample that could be fitted; `failed` says how many could
    not, and `reasons` why."""

    values: Floats
    failed: int
    reasons: tuple[str, ...]

    @property
    def se(self) -> Floats:
        """Standard deviation over the resamples."""
        return self.values.std(axis=0, ddof=1)

    def interval(self, level: float = 0.95) -> Floats:
        """Percentile limits, shape (m, 2)."""
        tail = (1 - level) / 2
        return np.quantile(self.values, [tail, 1 - tail], axis=0).T


def bootstrap(
    statistic: Callable[[NDArray[np.intp]], ArrayLike], units: int, times: int, rng: np.random.Generator
) -> Bootstrap:
    """`statistic` was computed on `times` resamples of the unit numbers 0…units-1 with replacement; resamples
    that cannot be fitted are counted, never replaced in silence."""
    values, reasons = [], []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Boundary)
        for _ in range(times):
            try:
                values.append(np.atleast_1d(np.asarray(statistic(rng.integers(units, size=units)), float)))
            except EcostatError as error:
                reasons.append(str(error))
    if len(values) < 2:
        raise TooFewData(f"Of {times} resamples {len(values)} could be fitted: {'; '.join(set(reasons))}")
    return Bootstrap(np.array(values), len(reasons), tuple(sorted(set(reasons))))
