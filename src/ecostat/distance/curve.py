"""The likelihood of distances: a key, its adjustment series, and the integral that makes them a density."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ecostat.distance.keys import KEYS, SCALED, SHAPED, nodes, series
from ecostat.floats import Floats

PANELS = np.array([0.0, 0.06, 0.25, 0.55, 1.0])  # finer near the observer, where a hazard rate may spike
NODES = 28
ALONG = 64  # Chebyshev points in log σ


@dataclass(frozen=True)
class Curve:
    """The form of a detection function: what stays fixed while its coefficients are sought.

    Coefficients: log σ (one a column of `kinds`), log shape ("hr"), then one an adjustment term.
    `kinds` (u, k): the distinct rows of the scale's design matrix.
    """

    key: str
    adjust: str | None
    orders: tuple[int, ...]
    left: float
    right: float
    survey: str
    kinds: Floats

    @property
    def k_scale(self) -> int:
        """Number of coefficients of log σ."""
        return self.kinds.shape[1] if SCALED[self.key] else 0

    @property
    def size(self) -> int:
        """Number of coefficients."""
        return self.k_scale + SHAPED[self.key] + len(self.orders)

    def terms(self, x: Floats) -> Floats:
        """Adjustment terms at x, one along a new last axis."""
        return series(self.adjust, self.orders, x / self.right)

    def raw(
        self, x: Floats, of: NDArray[np.intp] | int, theta: Floats, terms: Floats | None = None
    ) -> tuple[Floats, Floats]:
        """key × series at x (…) for kinds `of`, and its slopes (…, size); not scaled to 1 at 0."""
        k = self.k_scale
        log_sigma = (self.kinds @ theta[:k])[of] if k else np.zeros(np.shape(of))
        if np.ndim(log_sigma) and np.ndim(x) > np.ndim(log_sigma):
            log_sigma = log_sigma[..., None]
        g, in_scale, in_shape = KEYS[self.key](x, log_sigma, float(theta[k]) if SHAPED[self.key] else 0.0)
        slope = np.empty((*g.shape, self.size))
        if k == 1 and len(self.kinds) == 1:
            slope[..., 0] = in_scale
        elif k:
            design = self.kinds[of]
            while design.ndim < g.ndim + 1:
                design = design[..., None, :]
            slope[..., :k] = in_scale[..., None] * design
        if in_shape is not None:
            slope[..., k] = in_shape
        if not self.orders:
            return g, slope
        first = self.size - len(self.orders)
        if terms is None:
            terms = self.terms(x)
        lift = 1.0 + terms @ theta[first:]
        slope[..., :first] *= lift[..., None]
        slope[..., first:] = g[..., None] * terms
        return g * lift, slope

    def at_zero(self, theta: Floats) -> tuple[float, Floats]:
        """The series at 0, to which detection is scaled so that g(0) = 1, with slopes."""
        slope = np.zeros(self.size)
        if not self.orders:
            return 1.0, slope
        terms = self.terms(np.zeros(1))[0]
        slope[self.size - len(self.orders) :] = terms
        return float(1.0 + terms @ theta[self.size - len(self.orders) :]), slope

    def grid(self, low: float, high: float) -> tuple[Floats, Floats, Floats]:
        """Quadrature points between two distances, with weights 1 (line) or x (point), and the terms
        there."""
        ends = low + (high - low) * PANELS
        x, weight = nodes(ends[:-1], ends[1:], NODES)
        x, weight = x.ravel(), weight.ravel()
        return x, weight * x if self.survey == "point" else weight, self.terms(x)

    @cached_property
    def range(self) -> tuple[Floats, Floats, Floats]:
        """The quadrature of the survey's whole range."""
        return self.grid(self.left, self.right)

    def integral(
        self, theta: Floats, over: tuple[Floats, Floats, Floats] | None = None
    ) -> tuple[Floats, Floats]:
        """∫ key × series × (1 or x) over the range (or the given quadrature) for each kind (u,), with slopes
        (u, size)."""
        x, weight, terms = over or self.range
        u, k = len(self.kinds), self.k_scale
        if k and u > 2 * ALONG:
            return self._interpolated(theta, x, weight, terms)
        g, slope = self.raw(np.broadcast_to(x, (u, len(x))), np.arange(u), theta, terms)
        return g @ weight, weight @ slope

    def _interpolated(self, theta: Floats, x: Floats, weight: Floats, terms: Floats) -> tuple[Floats, Floats]:
        """The same for many kinds: the integral is a smooth function of log σ alone, so it is taken at a few
        Chebyshev points and read off between them (barycentric, to about twelve digits)."""
        k = self.k_scale
        eta = self.kinds @ theta[:k]
        low, high = eta.min(), eta.max()
        angle = (2 * np.arange(ALONG) + 1) * np.pi / (2 * ALONG)
        at = (low + high) / 2 + max((high - low) / 2, 1e-6) * np.cos(angle)
        few = replace(self, kinds=np.ones((ALONG, 1)) * at[:, None])
        inner = np.concatenate([[1.0], theta[k:]])
        g, slope = few.raw(np.broadcast_to(x, (ALONG, len(x))), np.arange(ALONG), inner, terms)
        total, in_total = g @ weight, weight @ slope
        in_total[:, 0] /= at  # back from the slope in the coefficient 1 of these kinds to that in log σ
        gap = eta[:, None] - at
        exact = np.abs(gap) < 1e-13
        near = (-1.0) ** np.arange(ALONG) * np.sin(angle) / np.where(exact, 1.0, gap)
        near = np.where(exact.any(axis=1, keepdims=True), exact, near)
        near /= near.sum(axis=1, keepdims=True)
        out = near @ in_total
        return near @ total, np.concatenate([out[:, :1] * self.kinds, out[:, 1:]], axis=1)

    @property
    def whole(self) -> float:
        """The same integral of 1: what perfect detection would give."""
        if self.survey == "point":
            return (self.right**2 - self.left**2) / 2
        return self.right - self.left


@dataclass(frozen=True)
class Exact:
    """Exact distances: distinct (x, kind) pairs and how often each was seen."""

    curve: Curve
    x: Floats
    of: NDArray[np.intp]
    times: Floats

    @cached_property
    def terms(self) -> Floats:
        """The adjustment terms at the distances."""
        return self.curve.terms(self.x)

    @cached_property
    def weight(self) -> Floats | float:
        """log x for points, where the ground grows with distance."""
        return np.log(np.maximum(self.x, 1e-300)) if self.curve.survey == "point" else 0.0

    def scores(self, theta: Floats) -> tuple[Floats, Floats] | None:
        """Log-density of each distinct distance and its slopes; None where the curve is not positive."""
        g, slope = self.curve.raw(self.x, self.of, theta, self.terms)
        total, in_total = self.curve.integral(theta)
        if not (np.all(np.isfinite(total)) and np.all(total > 0) and np.all(g > 0)):
            return None
        slope /= g[:, None]
        slope -= (in_total / total[:, None])[self.of]
        return np.log(g) - np.log(total)[self.of] + self.weight, slope


@dataclass(frozen=True)
class Binned:
    """Distances in bands: `band` and kind of each distinct pair, and how often it was seen."""

    curve: Curve
    breaks: Floats
    band: NDArray[np.intp]
    of: NDArray[np.intp]
    times: Floats

    @cached_property
    def bands(self) -> list[tuple[Floats, Floats, Floats]]:
        """The quadrature of each band."""
        return [self.curve.grid(a, b) for a, b in zip(self.breaks[:-1], self.breaks[1:], strict=True)]

    def shares(self, theta: Floats) -> tuple[Floats, Floats]:
        """∫ over each band of each kind (u, bands), with slopes (u, bands, size)."""
        parts = [self.curve.integral(theta, over) for over in self.bands]
        return np.stack([p[0] for p in parts], axis=1), np.stack([p[1] for p in parts], axis=1)

    def scores(self, theta: Floats) -> tuple[Floats, Floats] | None:
        """Log-probability of each distinct band and its slopes; None where the curve is not positive."""
        share, slope = self.shares(theta)
        total, in_total = share.sum(axis=1), slope.sum(axis=1)
        mine = share[self.of, self.band]
        if not (np.all(np.isfinite(total)) and np.all(total > 0) and np.all(mine > 0)):
            return None
        logs = np.log(mine) - np.log(total)[self.of]
        return logs, slope[self.of, self.band] / mine[:, None] - (in_total / total[:, None])[self.of]


def value(data: Exact | Binned, theta: Floats) -> tuple[float, Floats]:
    """The log-likelihood and its gradient."""
    scored = data.scores(theta)
    if scored is None:
        return -np.inf, np.full(len(theta), np.nan)
    logs, slope = scored
    return float(data.times @ logs), data.times @ slope


def outer(data: Exact | Binned, theta: Floats) -> Floats:
    """The information matrix as the sum of the products of first derivatives, one an observation: the form
    in which the variance of a detection function is published (Buckland et al. 2001, section 3.3)."""
    scored = data.scores(theta)
    assert scored is not None
    return scored[1].T @ (data.times[:, None] * scored[1])


def gather(*columns: Floats | NDArray[np.intp] | Sequence[int]) -> tuple[NDArray[np.float64], Floats]:
    """The distinct rows of these columns and how often each occurs."""
    rows, times = np.unique(np.column_stack(columns), axis=0, return_counts=True)
    return rows, times.astype(float)
