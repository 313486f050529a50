"""The likelihood of counts in distance bands: how much ground each band holds, and what it should show."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from ecostat.abundance.discrepancy import count_fit, site_fit
from ecostat.distance.keys import KEYS, SCALED, SHAPED, nodes
from ecostat.errors import TooFewData
from ecostat.floats import Floats
from ecostat.likelihood import constants
from ecostat.likelihood.model import ClosedModel
from ecostat.visits import SeenModel

NODES = 24
SCALES = (0.04, 0.08, 0.15, 0.25, 0.4, 0.6, 0.9, 1.5, 3.0)  # of the last break, where a search may begin
SHAPES = (0.3, 0.8, 1.3, 2.0)
STEP = 1e-4  # of log σ and log shape, when second slopes are differenced from first ones


@dataclass(frozen=True)
class Bands:
    """The `breaks` of the bands around a "line" or "point", and the `key` of detection."""

    breaks: tuple[float, ...]
    survey: str
    key: str

    @cached_property
    def _grid(self) -> tuple[Floats, Floats]:
        cuts = np.array(self.breaks)
        at, weight = nodes(cuts[:-1], cuts[1:], NODES)
        return at, 2 * weight if self.survey == "line" else 2 * np.pi * at * weight

    @cached_property
    def whole(self) -> float:
        """The ground within the last break: area of a point, or area a unit of line."""
        return float(self._grid[1].sum())

    def areas(self, log_sigma: Floats, log_shape: float) -> tuple[Floats, Floats, Floats]:
        """∫ g over each band for each scale (u, bands), with slopes in log σ and log shape."""
        at, weight = self._grid
        g, in_scale, in_shape = KEYS[self.key](at[None], log_sigma[:, None, None], log_shape)
        area, first = np.einsum("ubq,bq->ub", g, weight), np.einsum("ubq,bq->ub", in_scale, weight)
        second = np.zeros_like(area) if in_shape is None else np.einsum("ubq,bq->ub", in_shape, weight)
        return area, first, second


@dataclass(frozen=True, kw_only=True, eq=False)
class BandModel(SeenModel, ClosedModel):
    """Counts `y` (sites, bands; 0 where not `seen`) with the designs of log density `x` and log scale `w`,
    and the `ground` of each site: area units in one unit of band area."""

    bands: Bands
    x: Floats
    w: Floats
    ground: Floats

    @property
    def extra(self) -> tuple[str, ...]:
        """The shape of the hazard rate."""
        return ("log_shape",) if SHAPED[self.bands.key] else ()

    @property
    def m(self) -> int:
        """Number of coefficients of the scale."""
        return self.w.shape[1] if SCALED[self.bands.key] else 0

    def checked(self) -> Self:
        """The model itself, after refusing data it cannot be fitted to."""
        k = self.x.shape[1]
        if self.n < 2 or self.n <= k:
            raise TooFewData(f"{self.n} surveyed sites are too few for {k} coefficients of density.")
        if not self.y.any():
            raise TooFewData("Nothing was ever counted: density cannot be told from detection.")
        if self.m and self.seen.sum(axis=1).max() < 2:
            raise TooFewData("A detection function needs at least two distance bands.")
        return self

    @property
    def rows(self) -> tuple[Floats, ...]:
        """The rows of the designs."""
        return (self.x, self.w)[: len(self.parts)]

    @property
    def limits(self) -> Mapping[str, str]:
        """A scale without end, and a shape that is a step."""
        out = {"log_shape": "detection falls as a step"}
        if self.m:
            names = self.parts[1].names
            out |= constants(names, self.w, "detection does not fall with distance: use key='unif'")
        return out

    @cached_property
    def _kinds(self) -> tuple[Floats, NDArray[np.intp]]:
        if np.ptp(self.w, axis=0).max() == 0:
            return self.w[:1], np.zeros(len(self.w), np.intp)
        kinds, of = np.unique(self.w, axis=0, return_inverse=True)
        return kinds, of.reshape(-1)

    @property
    def of(self) -> NDArray[np.intp]:
        """The kind of each site: sites of one scale share their integrals."""
        return self._kinds[1]

    def areas(self, theta: Floats, by_scale: float = 0.0, by_shape: float = 0.0) -> tuple[Floats, ...]:
        """Band areas of each kind with slopes, at coefficients moved a little along log σ and log shape."""
        kinds, k = self._kinds[0], self.x.shape[1]
        log_sigma = kinds @ theta[k : k + self.m] if self.m else np.zeros(len(kinds))
        shape = float(theta[-1]) if self.extra else 0.0
        return self.bands.areas(log_sigma + by_scale, shape + by_shape)

    def mean(self, theta: Floats) -> Floats:
        """Expected counts (sites, bands)."""
        level = np.exp(self.x @ theta[: self.x.shape[1]]) * self.ground
        return level[:, None] * self.areas(theta)[0][self.of]

    @cached_property
    def _fixed(self) -> float:
        return float(gammaln(self.y[self.seen] + 1).sum())

    @cached_property
    def _sums(self) -> tuple[Floats, Floats, Floats]:
        """Counts of each kind and band, and of each site, and 1 where a band was surveyed."""
        return self._by_kind(self.y), self.y.sum(axis=1), self.seen.astype(float)

    def _by_kind(self, a: Floats) -> Floats:
        """The sum over the sites of each kind (u, bands)."""
        u = len(self._kinds[0])
        if u == 1:
            return a.sum(axis=0, keepdims=True)
        return np.stack([np.bincount(self.of, column, u) for column in a.T], axis=1)

    def scores(self, theta: Floats) -> tuple[float, Floats, Floats]:
        """Log-likelihood, gradient and Hessian: Poisson counts of mean density × area."""
        k, m, size = self.x.shape[1], self.m, self.size
        area, in_scale, in_shape = self.areas(theta)
        per, total, seen = self._sums
        eta = self.x @ theta[:k]
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            level = np.exp(eta) * self.ground
            log_area = np.log(area)
            mine = (area[self.of] * seen).sum(axis=1)
            mu = level * mine
            value = float(total @ (eta + np.log(self.ground)) + (per * log_area).sum() - mu.sum())
        if not math.isfinite(value):
            return -np.inf, np.full(size, np.nan), np.full((size, size), np.nan)
        gradient, hessian = np.empty(size), np.empty((size, size))
        gradient[:k] = (total - mu) @ self.x
        hessian[:k, :k] = -(self.x * mu[:, None]).T @ self.x
        if size == k:
            return value - self._fixed, gradient, hessian
        # the mean of each kind and band per unit of area, so that all slopes are sums over kinds and bands
        held = self._by_kind(level[:, None] * seen)
        pull = per / area - held  # slope of the log-likelihood in an area
        firsts = [in_scale] if m else []
        firsts += [in_shape] if self.extra else []
        seconds = self._seconds(theta, len(firsts))
        kinds = self._kinds[0]
        designs = [kinds] if m else []
        designs += [np.ones((len(kinds), 1))] if self.extra else []
        spread = [self.w] if m else []
        spread += [np.ones((len(self.w), 1))] if self.extra else []
        begin = [k, k + m][-len(firsts) :] if not m else [k, k + m][: len(firsts)]
        for a, (slope, d, at) in enumerate(zip(firsts, designs, begin, strict=True)):
            own = slice(at, at + d.shape[1])
            gradient[own] = (pull * slope).sum(axis=1) @ d
            crossed = -(self.x * (level * (slope[self.of] * seen).sum(axis=1))[:, None]).T @ spread[a]
            hessian[:k, own], hessian[own, :k] = crossed, crossed.T
            for b in range(a + 1):
                bend = (pull * seconds[a][b] - per / area**2 * slope * firsts[b]).sum(axis=1)
                block = (d * bend[:, None]).T @ designs[b]
                other = slice(begin[b], begin[b] + designs[b].shape[1])
                hessian[own, other], hessian[other, own] = block, block.T
        return value - self._fixed, gradient, hessian

    def _seconds(self, theta: Floats, count: int) -> list[list[Floats]]:
        """Second slopes of the areas of each kind, differenced from the first ones."""
        moves = ([(STEP, 0.0)] if self.m else []) + ([(0.0, STEP)] if self.extra else [])
        out = []
        for by_scale, by_shape in moves:
            up, down = self.areas(theta, by_scale, by_shape), self.areas(theta, -by_scale, -by_shape)
            firsts = [(u - d) / (2 * STEP) for u, d in zip(up[1:], down[1:], strict=True)]
            out.append(firsts if count == 2 else [firsts[0] if self.m else firsts[1]])
        return out

    @property
    def own_starts(self) -> list[Floats]:
        """The best of a grid of scales and shapes for all sites together, at the density each implies."""
        reach, k = self.bands.breaks[-1], self.x.shape[1]
        scales = np.log(reach * np.array(SCALES)) if self.m else np.zeros(1)
        effort = (self.ground[:, None] * self.seen).sum(axis=0)
        found, total = self.y.sum(axis=0), self.y.sum()
        best, start = -np.inf, np.zeros(self.size)
        for shape in SHAPES if self.extra else (0.0,):
            held = self.bands.areas(scales, shape)[0] * effort
            share = held / held.sum(axis=1, keepdims=True)
            with np.errstate(divide="ignore", invalid="ignore"):
                fits = np.where(found > 0, found * np.log(share), 0.0).sum(axis=1)
            at = int(np.argmax(fits))
            if fits[at] > best:
                best = float(fits[at])
                start[0] = math.log(total / held[at].sum()) / (self.x[:, 0].mean() or 1.0)
                if self.m:
                    start[k] = scales[at] / (self.w[:, 0].mean() or 1.0)
                if self.extra:
                    start[-1] = shape
        return [start]

    def simulate(self, theta: Floats, rng: np.random.Generator) -> Floats:
        """Poisson counts of the bands surveyed."""
        return np.where(self.seen, rng.poisson(self.mean(theta)), 0).astype(float)

    def expected(self, theta: Floats) -> tuple[Floats, Floats]:
        """Mean and (equal) variance of each count, NaN where not surveyed."""
        mean = np.where(self.seen, self.mean(theta), np.nan)
        return mean, mean

    def discrepancies(self, theta: Floats) -> dict[str, float]:
        """Over the counts, with the Poisson deviance from the counts themselves."""
        mean, _ = self.expected(theta)
        y, e = self.y[self.seen], mean[self.seen]
        with np.errstate(divide="ignore", invalid="ignore"):
            each = np.where(y > 0, y * np.log(y / e), 0.0) - (y - e)
        measured = count_fit(self.observed, mean, mean) | site_fit(self.observed, mean)
        return measured | {"deviance": float(2 * each.sum())}
