"""The search for a detection function's coefficients among the curves that make sense.

A hazard rate with a shape below 1 has a spike at the observer instead of a shoulder, and its likelihood can grow
without end while detection goes to 0: the shape is held at 1 or above. A series can rise with distance: where the
free optimum does, the search is repeated among curves that do not.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from ecostat.distance.curve import Binned, Curve, Exact, value
from ecostat.distance.keys import SHAPED
from ecostat.errors import NotConverged
from ecostat.floats import Floats
from ecostat.likelihood import Optimum, peak

CHECKED = 80  # distances at which detection must not rise


@dataclass(frozen=True)
class Found(Optimum):
    """The best coefficients, with Newton steps taken (0: by constrained search), whether the curve had to be
    `held` from rising, and whether its shape lies at 1 (`no_shoulder`)."""

    held: bool = False
    no_shoulder: bool = False

    @property
    def steps(self) -> int:
        """Newton steps taken."""
        return self.iterations


def search(
    curve: Curve, data: Exact | Binned, from_: Sequence[Floats], basis: Floats, monotone: bool
) -> Found:
    """The best curve with a shape of at least 1 that, if `monotone`, never rises with distance."""
    shape = curve.k_scale if SHAPED[curve.key] else None
    tops: list[Optimum] = []
    failure: NotConverged | None = None
    for start in from_:
        try:
            tops.append(peak(lambda t: value(data, t), [start], basis=basis))
        except NotConverged as error:
            failure = error
    spiked = shape is not None and (failure is not None or any(top.theta[shape] < 0 for top in tops))
    best = max(
        (t for t in tops if shape is None or t.theta[shape] >= 0), key=lambda t: t.loglik, default=None
    )
    no_shoulder = False
    if spiked and shape is not None:
        try:
            edge = _without_shoulder(data, from_, basis, shape)
        except NotConverged as error:
            failure = error
        else:
            if best is None or edge.loglik > best.loglik + 1e-9:
                best, no_shoulder = edge, True
    if monotone and curve.orders and (best is None or not falls(curve, best.theta)):
        theta, loglik = _held_down(curve, data, [*from_, *([best.theta] if best else [])])
        nothing = np.full((len(theta), len(theta)), np.nan)
        edge_ = shape is not None and bool(theta[shape] < 1e-6)
        return Found(theta, loglik, np.zeros(len(theta)), nothing, (), 0, 0.0, True, edge_)
    if best is None:
        raise failure or NotConverged("No detection function of this form could be fitted.")
    return Found(
        best.theta,
        best.loglik,
        best.gradient,
        best.vcov,
        (),
        best.iterations,
        best.decrement,
        no_shoulder=no_shoulder,
    )


def _without_shoulder(data: Exact | Binned, from_: Sequence[Floats], basis: Floats, shape: int) -> Optimum:
    """The best curve with a shape of exactly 1."""
    rest = np.delete(np.arange(len(basis)), shape)

    def edge(t: Floats) -> tuple[float, Floats]:
        level, slope = value(data, np.insert(t, shape, 0.0))
        return level, np.delete(slope, shape)

    top = peak(edge, [np.delete(start, shape) for start in from_], basis=basis[np.ix_(rest, rest)])
    theta = np.insert(top.theta, shape, 0.0)
    nothing = np.full((len(basis), len(basis)), np.nan)
    return replace(top, theta=theta, gradient=value(data, theta)[1], vcov=nothing)


def starts(curve: Curve, used: Floats) -> list[Floats]:
    """Starts with a narrow and a wide key and no adjustment."""
    typical = float(np.sqrt(np.mean(used**2))) or curve.right / 2
    scales = (typical, min(0.35 * curve.right, typical / 2)) if curve.k_scale else (1.0,)
    out = []
    for sigma, b in zip(scales, (3.0, 1.5), strict=False):
        theta = np.zeros(curve.size)
        if curve.k_scale:
            column = curve.kinds.mean(axis=0)
            theta[0] = math.log(sigma) / (column[0] if np.ptp(curve.kinds[:, 0]) == 0 else 1.0)
        if SHAPED[curve.key]:
            theta[curve.k_scale] = math.log(b)
        out.append(theta)
    return out[: 2 if SHAPED[curve.key] or curve.orders else 1]


def falls(curve: Curve, theta: Floats) -> bool:
    """Whether detection never rises with distance, nor drops below 0."""
    x = np.linspace(curve.left, curve.right, CHECKED)
    u = len(curve.kinds)
    g = curve.raw(np.broadcast_to(x, (u, len(x))), np.arange(u), theta)[0]
    return bool(np.all(np.diff(g, axis=1) <= 1e-6 * g[:, :1]) and np.all(g[:, -1] >= -1e-6))


def reach(curve: Curve) -> Floats:
    """How large each coefficient's own term grows: 1 for the key, the largest value for a series term."""
    most = np.abs(curve.terms(np.linspace(curve.left, curve.right, CHECKED))).max(axis=0)
    return np.concatenate([np.ones(curve.size - len(curve.orders)), most])


def _held_down(curve: Curve, data: Exact | Binned, from_: Sequence[Floats]) -> tuple[Floats, float]:
    """The best coefficients among the curves that never rise with distance."""
    x = np.linspace(curve.left, curve.right, CHECKED)
    margin, n, unit = 1e-8, float(data.times.sum()), 1 / reach(curve)

    def room(u: Floats) -> Floats:
        g = curve.raw(x, 0, u * unit)[0]
        return np.append(-np.diff(g), g[-1]) - margin

    def room_slope(u: Floats) -> Floats:
        slope = curve.raw(x, 0, u * unit)[1] * unit
        return np.vstack([-np.diff(slope, axis=0), slope[-1:]])

    def loss(u: Floats) -> tuple[float, Floats]:
        level, gradient = value(data, u * unit)
        if not np.isfinite(level):
            return 1e6, np.zeros(len(u))
        return -level / n, -gradient * unit / n

    found: list[tuple[float, Floats]] = []
    for start in from_:
        result = minimize(
            loss,
            start / unit,
            jac=True,
            method="SLSQP",
            bounds=[
                (0.0 if SHAPED[curve.key] and j == curve.k_scale else None, None) for j in range(curve.size)
            ],
            constraints={"type": "ineq", "fun": room, "jac": room_slope},
            options={"maxiter": 300, "ftol": 1e-11},
        )
        # status 8: no step improves any more, at the rounding of the likelihood: a top as good as success
        if result.status in (0, 8) and room(result.x).min() > -1e-6 and result.fun < 1e5:
            found.append((value(data, result.x * unit)[0], result.x * unit))
    if not found:
        raise NotConverged("No curve with these adjustments both fits the distances and falls with distance.")
    loglik, theta = max(found, key=lambda pair: pair[0])
    return theta, loglik
