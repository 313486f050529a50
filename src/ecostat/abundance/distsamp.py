"""Counts in distance bands at many transects or points (Royle, Dawson & Bates 2004)."""

import math
import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from ecostat import gates
from ecostat.distance.keys import KEYS, SCALED, SHAPED, nodes
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import Fit, Floats
from ecostat.likelihood import (
    Boundary,
    Dropped,
    Prediction,
    blocks,
    constants,
    design,
    labels,
    maximise,
    predict,
    sentence,
    standard,
)

NODES = 24


@dataclass(frozen=True, kw_only=True)
class DistanceCounts(Fit):
    """A fitted multinomial-Poisson model. `density` (sites,): animals per area unit; `sigma` (sites,): scale
    of the detection key; `p` (sites,): share of the animals within the last break that are detected;
    `expected` (sites, bands); `chi2`: Pearson statistic of the band totals, over `bands - 1 - key
    parameters` degrees of freedom when positive."""

    density: Floats
    sigma: Floats
    p: Floats
    expected: Floats
    chi2: float
    key: str
    survey: str
    k_lam: int
    k_p: int

    def predict_lam(self, x: ArrayLike, level: float = 0.95) -> Prediction:
        """Density for rows of the lam design."""
        k = self.k_lam
        return predict(self.coef[:k], self.vcov[:k, :k], x, "log", level)

    def predict_sigma(self, x: ArrayLike, level: float = 0.95) -> Prediction:
        """Detection scale for rows of the p design."""
        own = slice(self.k_lam, self.k_lam + self.k_p)
        return predict(self.coef[own], self.vcov[own, own], x, "log", level)


def distsamp(
    counts: ArrayLike,
    breaks: ArrayLike,
    lam: ArrayLike | None = None,
    p: ArrayLike | None = None,
    survey: Literal["line", "point"] = "line",
    *,
    key: Literal["hn", "hr", "exp", "unif"] = "hn",
    length: ArrayLike | None = None,
    convert: float = 1.0,
    start: ArrayLike | None = None,
) -> DistanceCounts:
    """Density and detection are fitted to `counts` (sites × bands; NaN = band not surveyed).

    `breaks` (bands + 1,): limits of the bands; `length` (sites,): line length in the unit of the breaks, or
    number of visits of a point (1 when None); both sides of a line are counted. `lam`: sites × k, log
    density per (unit of the breaks)² / `convert` (1e-4 gives hectares from metres, 1e-6 km²); `p`: sites × k,
    log scale of the key. Coefficients: lam, p, then log shape for "hr".
    Royle, Dawson & Bates (2004), Ecology 85:1591-1597.
    """
    y = gates.numbers("counts", counts, dims=2, low=0, whole=True)
    cuts = gates.numbers("breaks", breaks, low=0, missing=False)
    gates.choice("key", key, tuple(KEYS))
    gates.choice("survey", survey, ("line", "point"))
    convert = gates.number("convert", convert, above=0)
    if len(cuts) < 2 or np.any(np.diff(cuts) <= 0):
        raise EcostatError("breaks must rise from 0 or more.")
    if y.shape[1] != len(cuts) - 1:
        raise EcostatError(f"counts has shape {y.shape}; sites × {len(cuts) - 1} bands are needed.")
    counted = ~np.isnan(y)
    if survey == "line" and length is None:
        raise EcostatError("length is needed for a line survey: the length of each line.")
    effort = np.ones(len(y)) if length is None else gates.numbers("length", length, size=len(y), above=0)
    x, x_known = design(lam, y.shape[:1], "lam")
    w, w_known = design(p, y.shape[:1], "p")
    used = counted.any(axis=1) & x_known & w_known & np.isfinite(effort)
    note = ""
    if lost := int((counted.any(axis=1) & ~used).sum()):
        note = f"{lost} sites without covariates or length were left out"
        warnings.warn(note, Dropped, 2)
    n, k = int(used.sum()), x.shape[-1]
    m = w.shape[-1] if SCALED[key] else 0
    size = k + m + SHAPED[key]
    if n < 2 or n <= k:
        raise TooFewData(f"{n} surveyed sites are too few for {k} coefficients of density.")
    seen, found = counted[used], np.where(counted, y, 0.0)[used]
    if not found.any():
        raise TooFewData("Nothing was ever counted: density cannot be told from detection.")
    if SCALED[key] and seen.sum(axis=1).max() < 2:
        raise TooFewData("A detection function needs at least two distance bands.")
    sites, scales = x[used], w[used]
    kinds, of_site = np.unique(scales, axis=0, return_inverse=True)
    of_site = of_site.reshape(-1)
    at, weight = nodes(cuts[:-1], cuts[1:], NODES)
    weight = 2 * weight if survey == "line" else 2 * np.pi * at * weight
    ground = convert * effort[used][:, None]
    fixed = float(gammaln(found[seen] + 1).sum())

    def areas(theta: Floats) -> tuple[Floats, Floats, Floats | None]:
        """Effective area of each band of each kind of site, with slopes in log σ and log shape."""
        log_sigma = (kinds @ theta[k : k + m])[:, None, None] if m else np.zeros((len(kinds), 1, 1))
        g, in_scale, in_shape = KEYS[key](at[None], log_sigma, float(theta[-1]) if SHAPED[key] else 0.0)
        shape = None if in_shape is None else (in_shape * weight).sum(axis=-1)
        return (g * weight).sum(axis=-1), (in_scale * weight).sum(axis=-1), shape

    def loglik(theta: Floats) -> tuple[float, Floats]:
        area, in_scale, in_shape = areas(theta)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            density = np.exp(sites @ theta[:k])[:, None] * ground
            mu = density * area[of_site]
            logs = np.log(mu)
            value = float((np.where(seen, found * logs - mu, 0.0)).sum()) - fixed
            if not np.isfinite(value):
                return -np.inf, np.full(size, np.nan)
            excess = np.where(seen, found - mu, 0.0)
            ratio = excess / area[of_site]
        slope = [excess.sum(axis=1) @ sites]
        if m:
            slope.append((ratio * in_scale[of_site]).sum(axis=1) @ scales)
        if in_shape is not None:
            slope.append(np.array([(ratio * in_shape[of_site]).sum()]))
        return value, np.concatenate(slope)

    names = labels("lam", x) + (labels("sigma", w) if m else ()) + (("log_shape",) if SHAPED[key] else ())
    basis = standard(sites, "lam")
    if m:
        basis = blocks(basis, standard(scales, "p"), size - k - m)
    falls_not = "detection does not fall with distance: use key='unif'"
    limits = constants(names[k : k + m], scales, falls_not) if m else {}
    limits["log_shape"] = "detection falls as a step"
    best = maximise(
        loglik,
        _starts(found, cuts, ground, k, m, size, survey) if start is None else [np.asarray(start, float)],
        names,
        basis=basis,
        limits=limits,
    )
    spike = ""
    if SHAPED[key] and best.theta[-1] < 0:
        spike = "the hazard rate has a spike at the observer instead of a shoulder: do not trust the density"
        warnings.warn(spike, Boundary, 2)
    area = areas(best.theta)[0][of_site]
    expected = np.full(y.shape, np.nan)
    expected[used] = np.exp(sites @ best.theta[:k])[:, None] * ground * area
    whole = weight.sum()
    share = np.full(len(y), np.nan)
    share[used] = area.sum(axis=1) / whole
    scale = np.exp(w @ best.theta[k : k + m]) if m else np.full(len(y), np.nan)
    totals, hoped = found.sum(axis=0), np.where(seen, expected[used], 0.0).sum(axis=0)
    return DistanceCounts(
        coef=best.theta,
        se=best.se,
        vcov=best.vcov,
        names=names,
        loglik=best.loglik,
        aic=2 * size - 2 * best.loglik,
        n=n,
        converged=True,
        message=sentence(best, n, "surveyed sites", note, spike),
        density=np.where(x_known, np.exp(x @ best.theta[:k]), np.nan),
        sigma=np.where(w_known, scale, np.nan),
        p=share,
        expected=expected,
        chi2=float(((totals - hoped) ** 2 / hoped).sum()),
        key=key,
        survey=survey,
        k_lam=k,
        k_p=m,
    )


def _starts(
    found: Floats, cuts: Floats, ground: Floats, k: int, m: int, size: int, survey: str
) -> list[Floats]:
    """Starts with a narrow and a wide detection key, at the density each of them implies."""
    reach = float(cuts[-1])
    out = []
    for part in (0.3, 0.8):
        theta = np.zeros(size)
        covered = 2 * part * reach if survey == "line" else np.pi * (part * reach) ** 2
        theta[0] = math.log(found.sum() / (covered * ground.sum()))
        if m:
            theta[k] = math.log(part * reach)
        if size > k + m:
            theta[-1] = math.log(3.0)
        out.append(theta)
    return out
