"""Spatially explicit capture-recapture for arrays of listening posts or cameras (Borchers & Efford 2008)."""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, i0e, i1e

from ecostat.capture.kernel import Heard, array_scores, heard
from ecostat.capture.surveys import ArraySurvey
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import Fit, Floats
from ecostat.likelihood import (
    Prediction,
    Truncated,
    blocks,
    climb,
    constants,
    covariance,
    design,
    differenced,
    labels,
    peak,
    predict,
    standard,
)

HECTARE = 1e4
SQUARE_KM = 1e6
LIMITS = {
    "logit_g0": "detection at the post itself is certain or impossible",
    "logit_pcall": "every group calls on every occasion, or none does",
    "log_kappa": "bearings carry no information, or no error",
}


@dataclass(frozen=True, kw_only=True)
class SpatialCapture(Fit):
    """A fitted SECR model. `density` (arrays,): animals or groups per `unit` (km² or ha) around each array,
    `density_se` and limits `density_lower`, `density_upper`; `sigma` (m), `g0`, `kappa` (NaN without
    bearings), `pcall` (NaN when not estimated); `bearing_sd`: circular standard deviation of the bearings in
    degrees; `effective_area` (arrays,): in `unit`; `detected` (arrays,); `edge`: the largest chance that an
    animal at the rim of a mask is detected, which must be small."""

    density: Floats
    density_se: Floats
    density_lower: Floats
    density_upper: Floats
    unit: str
    sigma: float
    g0: float
    kappa: float
    pcall: float
    bearing_sd: float
    effective_area: Floats
    detected: Floats
    edge: float
    detect: str
    k_density: int

    def predict_density(self, x: ArrayLike, level: float = 0.95) -> Prediction:
        """Density for rows of the density design."""
        k = self.k_density
        return predict(self.coef[:k], self.vcov[:k, :k], x, "log", level)

    def detection(self, distance: ArrayLike) -> Floats:
        """Chance that one post detects a calling animal at these distances (m), on one occasion."""
        ratio = np.asarray(distance, float) / self.sigma
        return self.g0 * np.exp(-0.5 * ratio**2 if self.detect == "hn" else -ratio)


def secr(
    arrays: Sequence[ArraySurvey] | ArraySurvey,
    density: ArrayLike | None = None,
    *,
    detect: Literal["hn", "ex"] = "hn",
    detector: Literal["proximity", "multi"] = "proximity",
    g0: float | None = 1.0,
    bearings: bool = True,
    pcall: bool = False,
    unit: Literal["km2", "ha"] = "km2",
    start: ArrayLike | None = None,
) -> SpatialCapture:
    """Density and detection are fitted to one or more independent arrays (see `survey`).

    Each array's animals are a Poisson scatter over its mask; post k detects an animal at distance d with
    g0 exp(-d² / 2σ²) ("hn") or g0 exp(-d / σ) ("ex"). `detector`: "proximity" (posts and cameras: several may
    detect an animal on one occasion) or "multi" (traps: the first to catch it holds it). `g0`: fixed value,
    or None to estimate (camera traps). `bearings`: von Mises errors with concentration κ, used where
    bearings exist. `pcall`: groups call on an occasion with this probability, estimated from several
    occasions (Kidney et al. 2016, doi 10.1371/journal.pone.0155066). `density`: arrays × k, log link.
    Coefficients: density, log σ, logit g0, log κ, logit pcall, as far as they are estimated. The
    log-likelihood leaves out the constant -log n!, as is the custom for individuals that can be told apart.
    Borchers & Efford (2008), Biometrics 64:377-385.
    """
    places = [arrays] if isinstance(arrays, ArraySurvey) else list(arrays)
    if not places:
        raise TooFewData("There is no array to analyse.")
    if detect not in ("hn", "ex") or unit not in ("km2", "ha") or detector not in ("proximity", "multi"):
        raise EcostatError("detect is 'hn' or 'ex'; unit 'km2' or 'ha'; detector 'proximity' or 'multi'.")
    multi = detector == "multi"
    if multi and any(s.shared for s in places):
        raise EcostatError("An animal was at two posts on one occasion: use detector='proximity'.")
    if g0 is not None and not 0 < g0 <= 1:
        raise EcostatError(f"g0 is {g0}; a fixed detection at the post lies above 0 and at most 1.")
    x, known = design(density, (len(places),), "density")
    if not known.all():
        raise EcostatError("A density covariate is unknown: leave that array out or give its value.")
    spread = standard(x, "density")
    found = np.array([s.animals for s in places], float)
    if found.sum() < 3:
        raise TooFewData(f"{int(found.sum())} animals or groups were detected: density cannot be estimated.")
    again = sum(len(s.animal) for s in places) - int(found.sum())
    with_angle = bearings and any(np.isfinite(s.bearing).any() for s in places)
    if again == 0 and not with_angle:
        raise TooFewData("No animal was detected twice: the reach of detection cannot be estimated.")
    if pcall and max(s.usage.shape[1] for s in places) < 2:
        raise TooFewData("pcall needs several occasions: one day cannot tell silence from absence.")
    k = x.shape[-1]
    parts = ["log_sigma"]
    parts += ["logit_g0"] if g0 is None else []
    parts += ["log_kappa"] if with_angle else []
    parts += ["logit_pcall"] if pcall else []
    names = labels("density", x) + tuple(parts)
    area_unit = SQUARE_KM if unit == "km2" else HECTARE
    ready = [heard(s, with_angle, area_unit) for s in places]
    size = len(names)
    where = {name: k + i for i, name in enumerate(parts)}

    def natural(theta: Floats) -> tuple[float, float, float, float]:
        """σ, g0, κ and pcall at these coefficients."""
        sigma = math.exp(min(max(float(theta[k]), -20.0), 40.0))
        at_post = float(expit(theta[where["logit_g0"]])) if g0 is None else g0
        kappa = math.exp(min(float(theta[where["log_kappa"]]), 25.0)) if with_angle else 0.0
        calls = float(expit(theta[where["logit_pcall"]])) if pcall else 1.0
        return sigma, at_post, kappa, calls

    def over(surveys: Sequence[Heard], theta: Floats) -> tuple[float, Floats]:
        """The log-likelihood of these surveys with its gradient."""
        sigma, at_post, kappa, calls = natural(theta)
        value, gradient = 0.0, np.zeros(size)
        bessel = i1e(kappa) / i0e(kappa)
        log_circle = math.log(2 * math.pi * i0e(kappa)) + kappa
        for row, place, n in zip(x, surveys, found, strict=True):
            log_density = float(row @ theta[:k])
            if log_density > 50:
                return -np.inf, np.full(size, np.nan)
            level = math.exp(log_density)
            logs, slope, area, in_area = array_scores(
                place, detect, sigma, at_post, kappa, calls, log_circle, bessel, multi=multi
            )
            value += logs + n * log_density - level * area
            gradient[:k] += row * (n - level * area)
            inner = slope - level * in_area
            gradient[k] += inner[0]
            if g0 is None:
                gradient[where["logit_g0"]] += inner[1]
            if with_angle:
                gradient[where["log_kappa"]] += inner[2]
            if pcall:
                gradient[where["logit_pcall"]] += inner[3]
        return value, gradient

    starts = [np.asarray(start, float)]
    if start is None:
        starts = _starts(places, x, found, names, k, area_unit)
        points = sum(len(s.mask) for s in places) / len(places)
        if (every := int(points // 400)) > 1:  # climb on a thinned mask first, then finish on the whole
            thin = [heard(s, with_angle, area_unit, every) for s in places]
            starts = climb(lambda theta: over(thin, theta), starts) or starts
    limits = LIMITS | constants(names[:k], x, "density is 0")
    basis = blocks(spread, size - k)
    last: dict[bytes, tuple[float, Floats]] = {}

    def loglik(theta: Floats) -> tuple[float, Floats]:
        key = theta.tobytes()
        if key not in last:
            last.clear()
            last[key] = over(ready, theta)
        return last[key]

    def rough(theta: Floats) -> Floats:
        """A Hessian good enough to climb by: one-sided differences, half the price of central ones."""
        here, out = loglik(theta)[1], np.empty((size, size))
        for j in range(size):
            step = theta + 1e-6 * np.eye(size)[j]
            out[j] = (over(ready, step)[1] - here) / 1e-6
        return (out + out.T) / 2

    best = peak(loglik, starts, hessian=rough, basis=basis)
    information = -differenced(lambda theta: over(ready, theta), best.theta)
    vcov, stuck = covariance(information, best.theta, names, basis, limits)
    best = replace(best, vcov=vcov, at_boundary=stuck)
    sigma, at_post, kappa, calls = natural(best.theta)
    areas = np.array(
        [array_scores(s, detect, sigma, at_post, kappa, calls, 0.0, 0.0, only_area=True)[2] for s in ready]
    )
    edge = max(s.rim(detect, sigma, at_post, calls) for s in ready)
    beware = ""
    if edge > 0.05:
        beware = f"an animal at the rim of a mask is still detected with chance {edge:.2f}: widen the mask"
        warnings.warn(beware, Truncated, 2)
    fitted = predict(best.theta[:k], best.vcov[:k, :k], x, "log")
    total = int(found.sum())
    at_limit = [f"{name} is at its limit: {limits[name]}" for name in best.at_boundary]
    whom = f"{total} animals or groups on {len(places)} arrays"
    lead = f"Maximum found in {best.iterations} Newton steps from {whom}"
    strength = i1e(kappa) / i0e(kappa) if with_angle else math.nan
    return SpatialCapture(
        coef=best.theta,
        se=best.se,
        vcov=best.vcov,
        names=names,
        loglik=best.loglik,
        aic=2 * size - 2 * best.loglik,
        n=total,
        converged=True,
        message="; ".join([lead, *at_limit, *filter(None, [beware])]) + ".",
        density=fitted.estimate,
        density_se=fitted.se,
        density_lower=fitted.lower,
        density_upper=fitted.upper,
        unit=unit,
        sigma=sigma,
        g0=at_post,
        kappa=kappa if with_angle else math.nan,
        pcall=calls if pcall else math.nan,
        bearing_sd=math.degrees(math.sqrt(-2 * math.log(strength))) if with_angle else math.nan,
        effective_area=areas,
        detected=found,
        edge=edge,
        detect=detect,
        k_density=k,
    )


def _starts(
    places: Sequence[ArraySurvey], x: Floats, found: Floats, names: tuple[str, ...], k: int, unit: float
) -> list[Floats]:
    """Starts with a short and a long reach, scaled by the spacing of the posts and the width of the masks."""
    spans = [np.ptp(s.posts, axis=0).max() for s in places]
    reach = [np.sqrt(s.area / np.pi) for s in places]
    out = []
    for sigma in (
        max(0.5 * float(np.median(spans)), 0.05 * float(np.median(reach))),
        0.3 * float(np.median(reach)),
    ):
        theta = np.zeros(len(names))
        seen = sum(min(np.pi * (1.5 * sigma) ** 2, s.area) for s in places) / unit
        theta[0] = math.log(found.sum() / seen) / (x[:, 0].mean() or 1.0)
        theta[k] = math.log(sigma)
        for i, name in enumerate(names):
            if name == "log_kappa":
                theta[i] = math.log(10.0)
            if name == "logit_g0":
                theta[i] = -1.5
        out.append(theta)
    return out
