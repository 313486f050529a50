"""Random intercepts: sites, or groups of sites, that differ for reasons nobody recorded."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.floats import Floats
from ecostat.likelihood.model import Model

STEP = 1e-3  # of an effect in standard deviations, when slopes are differenced along it
MOVES = 60


@dataclass(frozen=True)
class Random:
    """A normal intercept in one `part` of a model ("psi", "p", "lam"), its own for each site, or for each
    label of `group` (sites,). The integral over it takes `nodes` adaptive Gauss-Hermite points around its
    peak; 1 is Laplace's approximation."""

    part: str
    group: Sequence[Hashable] | NDArray | None = None
    nodes: int = 9

    def __post_init__(self) -> None:
        gates.keep(self, nodes=gates.whole("random.nodes", self.nodes, low=1, high=99))

    def groups(self, used: NDArray[np.bool_], parts: Sequence[str]) -> NDArray[np.intp]:
        """The group number of each surveyed site, after refusing what cannot be meant."""
        gates.choice("random.part", self.part, tuple(parts))
        if self.group is None:
            return np.arange(int(used.sum()))
        labels, number = gates.numbered("random.group", self.group, size=len(used))
        _, of = np.unique(number[used], return_inverse=True)
        if of.max() < 1:
            raise TooFewData(f"Every site is in one group ({labels[0]!r}): groups cannot be compared.")
        return of.reshape(-1).astype(np.intp)


@dataclass(frozen=True)
class Shifted:
    """What a model makes of its sites when one part is shifted: log-likelihood of each, its first and second
    slopes in the shift, and its slopes in the coefficients (sites, k)."""

    value: Floats
    first: Floats
    second: Floats
    slopes: Floats


class Shiftable(Protocol):
    """A model of independent sites, one part of which can be shifted site by site."""

    def shifted(self, theta: Floats, part: str, shift: Floats) -> Shifted:
        """The sites under these shifts."""
        ...

    def moved(self, part: str, shift: Floats) -> Model:
        """The same model with these shifts."""
        ...


@dataclass(frozen=True)
class Peaks:
    """Of each group: the effect at its `peak` in standard deviations, its `width`, the `points` (groups,
    nodes) and their `weights`, which sum to 1, the `value` of the integral's logarithm, and at each node the
    slopes of the integrand along the effect (`firsts`) and in the coefficients (`slopes`)."""

    peak: Floats
    width: Floats
    points: Floats
    weights: Floats
    value: Floats
    firsts: list[Floats]
    slopes: list[Floats]


@dataclass(frozen=True, kw_only=True, eq=False)
class RandomModel(Model):
    """A `base` model with a normal intercept in one part, integrated out for each group of sites (`of`)."""

    base: Model
    random: Random
    of: NDArray[np.intp]

    @property
    def extra(self) -> tuple[str, ...]:
        """The base model's own, and the standard deviation of the intercept."""
        return (*self.base.extra, f"log_sd_{self.random.part}")

    @property
    def rows(self) -> tuple[Floats, ...]:
        """The designs of the base model."""
        return self.base.rows

    @property
    def limits(self) -> Mapping[str, str]:
        """The base model's, and no difference between groups."""
        return {**self.base.limits, self.names[-1]: "sites differ no more than chance, so leave random out"}

    @property
    def own_starts(self) -> list[Floats]:
        """The top of the base model, with small and with large differences."""
        plain = self.base.nearby_top()
        return [np.append(plain, np.log(0.3)), np.append(plain, 0.0)]

    @cached_property
    def _nodes(self) -> tuple[Floats, Floats]:
        at, weight = np.polynomial.hermite.hermgauss(self.random.nodes)
        return np.sqrt(2) * at, np.log(weight) + at**2 + 0.5 * np.log(2)

    def _sum(self, a: Floats) -> Floats:
        """The sum over the sites of each group."""
        count = int(self.of.max()) + 1
        if a.ndim == 1:
            return np.bincount(self.of, a, count).astype(np.float64)
        return np.stack([np.bincount(self.of, column, count) for column in a.T], axis=1)

    def _at(self, theta: Floats, effect: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Of each group at this effect: log-integrand, its first and second slope along the effect, and its
        slopes in the coefficients (groups, size)."""
        sd = np.exp(theta[-1])
        shift = sd * effect[self.of]
        one = self.base.shifted(theta[:-1], self.random.part, shift)  # type: ignore[attr-defined]
        value = self._sum(one.value) - 0.5 * effect**2 - 0.5 * np.log(2 * np.pi)
        slopes = self._sum(np.column_stack([one.slopes, one.first * shift]))
        return value, sd * self._sum(one.first) - effect, sd**2 * self._sum(one.second) - 1.0, slopes

    def peaks(self, theta: Floats) -> Peaks:
        """The integrand of each group about its peak."""
        effect = np.zeros(int(self.of.max()) + 1)
        for _ in range(MOVES):
            _, first, second, _ = self._at(theta, effect)
            move = first / np.maximum(np.abs(second), 0.2)
            effect = effect + np.clip(move, -1.0, 1.0)
            if np.abs(move).max() < 1e-10:
                break
        width = 1 / np.sqrt(np.maximum(-self._at(theta, effect)[2], 0.2))
        at, log_weight = self._nodes
        points = effect[:, None] + width[:, None] * at
        there = [self._at(theta, points[:, q]) for q in range(len(at))]
        logs = np.stack([one[0] for one in there], axis=1)
        logs += log_weight + np.log(width)[:, None]
        most = logs.max(axis=1)
        total = np.exp(logs - most[:, None])
        value = most + np.log(total.sum(axis=1))
        share = total / total.sum(axis=1, keepdims=True)
        return Peaks(effect, width, points, share, value, [o[1] for o in there], [o[3] for o in there])

    def loglik(self, theta: Floats) -> tuple[float, Floats]:
        """The log-likelihood and its gradient, the movement of the points with the coefficients included."""
        if abs(theta[-1]) > 30:
            return -np.inf, np.full(self.size, np.nan)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            found = self.peaks(theta)
            if not np.all(np.isfinite(found.value)):
                return -np.inf, np.full(self.size, np.nan)
            here, up, down = (self._at(theta, found.peak + step) for step in (0.0, STEP, -STEP))
        free = -here[2] > 0.2  # where the width follows the curvature
        bend = np.where(np.abs(here[2]) > 1e-6, here[2], -1e-6)
        peak = -((up[3] - down[3]) / (2 * STEP)) / bend[:, None]
        third = (up[2] - down[2]) / (2 * STEP)
        curl = (up[3] - 2 * here[3] + down[3]) / STEP**2 + third[:, None] * peak
        width = np.where(free, 0.5 * found.width**3, 0.0)[:, None] * curl
        gradient = width / found.width[:, None]
        for q, node in enumerate(self._nodes[0]):
            along = found.firsts[q][:, None] * (peak + node * width)
            gradient = gradient + found.weights[:, q, None] * (found.slopes[q] + along)
        return float(found.value.sum()), gradient.sum(axis=0)

    def effects(self, theta: Floats) -> Floats:
        """Mean effect of each group given the data, on the link scale."""
        found = self.peaks(theta)
        return np.exp(theta[-1]) * (found.weights * found.points).sum(axis=1)

    def averaged(self, theta: Floats, what: str) -> Floats:
        """The mean over each site's effect, given the data, of what the base model says of its sites by the
        method of that name (theta) → (sites,)."""
        found, sd = self.peaks(theta), np.exp(theta[-1])
        out = 0.0
        for q in range(found.points.shape[1]):
            shift = sd * found.points[self.of, q]
            moved = self.base.moved(self.random.part, shift)  # type: ignore[attr-defined]
            out = out + found.weights[self.of, q] * getattr(moved, what)(theta[:-1])
        return np.asarray(out)

    def _prior(self, theta: Floats) -> list[tuple[float, Model]]:
        """Weights and base models at points of the effect's own distribution."""
        at, weight = np.polynomial.hermite.hermgauss(15)
        sd, ones = np.exp(theta[-1]), np.ones(len(self.of))
        moved = self.base.moved  # type: ignore[attr-defined]
        return [
            (w / np.sqrt(np.pi), moved(self.random.part, np.sqrt(2) * sd * a * ones))
            for a, w in zip(at, weight, strict=True)
        ]

    @property
    def observed(self) -> Floats:
        """The response of the base model."""
        return self.base.observed

    def whole(self, response: Floats) -> Floats:
        """A response in the shape of the data given."""
        return self.base.whole(response)

    def again(self, response: Floats) -> Self:
        """The same model of another response."""
        return replace(self, base=self.base.again(response))

    def simulate(self, theta: Floats, rng: np.random.Generator) -> Floats:
        """Effects are drawn for the groups, then a response of the base model."""
        effect = np.exp(theta[-1]) * rng.normal(size=int(self.of.max()) + 1)
        moved = self.base.moved(self.random.part, effect[self.of])  # type: ignore[attr-defined]
        return np.asarray(moved.simulate(theta[:-1], rng))

    def expected(self, theta: Floats) -> tuple[Floats, Floats]:
        """Mean and variance over the effects too."""
        each = [(w, *model.expected(theta[:-1])) for w, model in self._prior(theta)]
        mean = sum(w * m for w, m, _ in each)
        square = sum(w * (v + m**2) for w, m, v in each)
        return np.asarray(mean), np.asarray(square) - np.asarray(mean) ** 2

    def discrepancies(self, theta: Floats) -> dict[str, float]:
        """As the base model measures them, its expectations averaged over the effects."""
        measured = self.base.averaged_discrepancies  # type: ignore[attr-defined]
        out = dict(measured(theta[:-1], self._prior(theta), self.expected(theta)))
        return out | {"deviance": -2 * self.loglik(theta)[0]}


def with_random(base: Model, random: Random | None, used: NDArray[np.bool_]) -> Model:
    """The model itself, or with a random intercept."""
    if random is None:
        return base
    if not isinstance(random, Random):
        raise EcostatError("random is a Random('p'), Random('psi') … of ecostat.likelihood.")
    of = random.groups(used, [p.name for p in base.parts])
    return RandomModel(
        parts=base.parts, n=base.n, what=base.what, notes=base.notes, base=base, random=random, of=of
    )
