"""A fitted detection function: its curve, and how well it follows the distances."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2, cramervonmises

from ecostat.distance.curve import Binned, Curve
from ecostat.errors import EcostatError
from ecostat.fit import ModelFit
from ecostat.floats import Floats

PerSample = Mapping[Hashable, float] | ArrayLike


@dataclass(frozen=True)
class Goodness:
    """A test of fit: "Cramér-von Mises" for exact distances, "chi-square" for bands (expected counts)."""

    test: str
    statistic: float
    df: int | None
    p_value: float


@dataclass(frozen=True, kw_only=True)
class Fitted(ModelFit):
    """A fitted detection function.

    `p`, `p_se`: average probability of detecting an animal between `left` and `truncation`; `p_each` (n,):
    that of each observation's covariates; `effective`: effective strip half-width (line) or radius (point);
    `monotone`: detection never rises with distance; `kept` (rows given,): which distances were used;
    `distance` (n,): those distances; `curve`: the form that was fitted; `scale_rows` (n, k): the design of
    log σ of each, None without covariates. Part for `predict`: "sigma".
    """

    p: float
    p_se: float
    p_each: Floats
    p_slope: Floats  # (n, k): slopes of log p of each observation
    p_vcov: Floats  # (k, k): vcov with 0 for a shape held at its limit
    effective: float
    monotone: bool
    key: str
    adjust: str | None
    orders: tuple[int, ...]
    left: float
    truncation: float
    survey: str
    breaks: Floats | None
    curve: Curve
    distance: Floats
    kind: NDArray[np.intp]
    kept: NDArray[np.bool_]
    scale_rows: Floats | None = field(repr=False)

    def g(self, x: ArrayLike, kind: int = 0) -> Floats:
        """Detection probability at distances x (for the observation kind `kind` of a covariate model)."""
        at = np.atleast_1d(np.asarray(x, float))
        raw, _ = self.curve.raw(at, kind, self.coef)
        return raw / self.curve.at_zero(self.coef)[0]

    def cdf(self, x: ArrayLike) -> Floats:
        """Share of the detections expected within x, averaged over the observations' covariates."""
        weight = np.bincount(self.kind, minlength=len(self.curve.kinds)) / self.n
        total = self.curve.integral(self.coef)[0]
        ends = np.atleast_1d(np.asarray(x, float))
        parts = [self.curve.integral(self.coef, self.curve.grid(self.left, float(e)))[0] for e in ends]
        return np.array([weight @ (part / total) for part in parts])

    def goodness(self) -> Goodness:
        """How well the fitted curve follows the distances.

        For exact distances the p-value takes the parameters as known and is too large: `Detection.goodness` with
        `times` draws distances and fits them anew.
        """
        if self.breaks is not None:
            data = Binned(self.curve, self.breaks, np.zeros(0, int), np.zeros(0, int), np.zeros(0))
            share = data.shares(self.coef)[0]
            expected = (share / share.sum(axis=1, keepdims=True))[self.kind].sum(axis=0)
            found = np.histogram(band(self.distance, self.breaks), np.arange(len(self.breaks)) - 0.5)[0]
            statistic = float(((found - expected) ** 2 / expected).sum())
            df = len(found) - 1 - len(self.coef)
            return Goodness("chi-square", statistic, df, float(chi2.sf(statistic, df)) if df > 0 else np.nan)
        result = cramervonmises(self.cdf(self.distance), "uniform")
        return Goodness("Cramér-von Mises", float(result.statistic), None, float(result.pvalue))


def drawn(model: Fitted, rng: np.random.Generator) -> Floats:
    """Distances like those of the model, one for each of its observations."""
    x = np.linspace(model.left, model.truncation, 1025)
    out = np.empty(model.n)
    for kind in np.unique(model.kind):
        density = np.maximum(model.g(x, int(kind)), 0.0) * (x if model.survey == "point" else 1.0)
        sums = np.r_[0.0, np.cumsum((density[1:] + density[:-1]) / 2)]
        own = model.kind == kind
        out[own] = np.interp(rng.random(int(own.sum())), sums / sums[-1], x)
    return out


def band(x: Floats, breaks: Floats) -> NDArray[np.intp]:
    """The band of each distance: (a, b], the first closed on both sides."""
    if np.any(x < breaks[0]) or np.any(x > breaks[-1]):
        raise EcostatError("A distance lies outside the breaks.")
    return np.maximum(np.searchsorted(breaks, x, side="left") - 1, 0)
