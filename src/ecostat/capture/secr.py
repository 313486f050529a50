"""Spatially explicit capture-recapture for arrays of listening posts or cameras (Borchers & Efford 2008)."""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import i0e, i1e

from ecostat import gates
from ecostat.capture.integrals import Detecting
from ecostat.capture.kernel import array_scores, heard
from ecostat.capture.likelihood import CaptureModel, Detector
from ecostat.capture.surveys import ArraySurvey
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import ModelFit
from ecostat.floats import Floats
from ecostat.likelihood import Data, Design, Part, Start, Truncated, Unfinished, part, predict
from ecostat.likelihood.model import Common

AREA = {"km2": 1e6, "ha": 1e4}


@dataclass(frozen=True, kw_only=True)
class SpatialCapture(ModelFit):
    """A fitted SECR model. `density` (arrays,): animals or groups per `unit` (km² or ha) around each array,
    `density_se` and limits `density_lower`, `density_upper`; `sigma` (m), `g0`, `kappa` (NaN without
    bearings), `pcall` (NaN when not estimated), `shape` of the hazard rate (NaN otherwise), each with its
    standard error on its own scale (`sigma_se`, `g0_se` …, NaN where it was not estimated or lies at a
    limit); `bearing_sd`: circular standard deviation of the bearings in degrees; `effective_area` (arrays,):
    in `unit`; `detected` (arrays,); `edge`: the largest chance that an animal at the rim of a mask is
    detected, which must be small. Parts for `predict`: "density", "sigma", "g0", "kappa", "pcall", "shape",
    as far as they are estimated."""

    density: Floats
    density_se: Floats
    density_lower: Floats
    density_upper: Floats
    unit: str
    sigma: float
    sigma_se: float
    g0: float
    g0_se: float
    kappa: float
    kappa_se: float
    pcall: float
    pcall_se: float
    shape: float
    shape_se: float
    bearing_sd: float
    effective_area: Floats
    detected: Floats
    edge: float
    detect: str
    at: Detecting = field(repr=False)

    def detection(self, distance: ArrayLike) -> Floats:
        """Chance that one post detects a calling animal at these distances (m), on one occasion."""
        return self.at.chance(gates.numbers("distance", distance, dims=(0, 1, 2, 3), low=0))

    def inflated(self, c_hat: float) -> Self:
        """Refused: overdispersion of capture histories has no agreed measure here."""
        raise EcostatError("There is no ĉ for spatial capture-recapture: resample whole arrays instead.")


def secr(
    arrays: Sequence[ArraySurvey] | ArraySurvey,
    density: Design = None,
    *,
    detect: Literal["hn", "ex", "hr"] = "hn",
    detector: Literal["proximity", "multi"] = "proximity",
    g0: float | None = 1.0,
    bearings: bool = True,
    pcall: bool = False,
    unit: Literal["km2", "ha"] = "km2",
    data: Data | None = None,
    start: Start = None,
) -> SpatialCapture:
    """Density and detection are fitted to one or more independent arrays (see `survey`).

    Each array's animals are a Poisson scatter over its mask; a post detects an animal at distance d with
    g0 exp(-d² / 2σ²) ("hn"), g0 exp(-d / σ) ("ex") or g0 (1 - exp(-(d / σ)^-shape)) ("hr"; its tail is long:
    widen the mask). `detector`: "proximity" (posts and cameras: several may detect an animal on one occasion)
    or "multi" (traps: the first to catch it holds it). `g0`: fixed value, or None to estimate (camera traps).
    `bearings`: von Mises errors with concentration κ, used where bearings exist. `pcall`: groups call on an
    occasion with this probability, estimated from several occasions (Kidney et al. 2016, doi
    10.1371/journal.pone.0155066). `density`: arrays × k, or a formula on the columns of `data`; log link.
    Coefficients: density, log σ, logit g0, log κ, logit pcall, log shape, as far as they are estimated. The
    log-likelihood leaves out the constant -log n!, as is the custom for individuals that can be told apart.
    Borchers & Efford (2008), Biometrics 64:377-385.
    """
    gates.choice("detect", detect, ("hn", "ex", "hr"))
    gates.choice("detector", detector, ("proximity", "multi"))
    gates.choice("unit", unit, tuple(AREA))
    if g0 is not None:
        g0 = gates.number("g0", g0, above=0, high=1)
    places = gates.instances("arrays", arrays, ArraySurvey, "capture.survey")
    angles = gates.flag("bearings", bearings) and any(np.isfinite(s.bearing).any() for s in places)
    how = Detector(detect, detector == "multi", g0, angles, gates.flag("pcall", pcall))
    _enough(places, how)
    found = np.array([s.animals for s in places], float)
    level = _density(density, len(places), data)
    model = CaptureModel(
        parts=(level, *how.parts),
        n=int(found.sum()),
        what=f"animals or groups on {len(places)} arrays",
        places=places,
        detector=how,
        x=level.x,
        unit=AREA[unit],
        found=found,
        ready=tuple(heard(s, angles, AREA[unit]) for s in places),
    )
    best = model.top(start)
    if not best.converged:
        warnings.warn(f"{best.caution}; more iterations may reach it.", Unfinished, 2)
    return _summed_up(model, best.theta, unit, model.common(best, *_cautions(model, best.theta)))


def _density(given: Design, arrays: int, data: Data | None) -> Part:
    """The design of log density, known everywhere."""
    out = part("density", given, (arrays,), "log", data)
    if not out.known.all():
        raise EcostatError("A density covariate is unknown: leave that array out or give its value.")
    return out


def _enough(places: Sequence[ArraySurvey], how: Detector) -> None:
    """Refuses detections that cannot tell density, or the kind of detector asked for."""
    if how.multi and any(s.shared for s in places):
        raise EcostatError("An animal was at two posts on one occasion: use detector='proximity'.")
    total = sum(s.animals for s in places)
    if total < 3:
        raise TooFewData(f"{total} animals or groups were detected: density cannot be estimated.")
    if sum(len(s.animal) for s in places) == total and not how.bearings:
        raise TooFewData("No animal was detected twice: the reach of detection cannot be estimated.")
    if how.pcall and max(s.usage.shape[1] for s in places) < 2:
        raise TooFewData("pcall needs several occasions: one day cannot tell silence from absence.")


def _cautions(model: CaptureModel, theta: Floats) -> list[str]:
    """What a person must know of the mask."""
    edge = max(s.rim(model.detector.at(theta[model.k :])) for s in model.ready)
    if edge <= 0.05:
        return []
    beware = f"an animal at the rim of a mask is still detected with chance {edge:.2f}: widen the mask"
    warnings.warn(beware, Truncated, 3)
    return [beware]


def _summed_up(model: CaptureModel, theta: Floats, unit: str, common: Common) -> SpatialCapture:
    """The fit on its natural scale, with standard errors there."""
    at = model.detector.at(theta[model.k :])
    parts = common["parts"]
    k = model.k
    level = predict(theta[:k], common["vcov"][:k, :k], model.x, "log")
    known = dict.fromkeys(("sigma", "g0", "kappa", "pcall", "shape"), (math.nan, math.nan))
    for name in model.detector.names:
        one = parts[name].predict(theta, common["vcov"], None, 0.95)
        known[name] = (float(one.estimate[0]), float(one.se[0]))
    known["g0"] = (at.g0, known["g0"][1])
    strength = i1e(at.kappa) / i0e(at.kappa) if model.detector.bearings else math.nan
    values = {key: value for name, (v, se) in known.items() for key, value in ((name, v), (f"{name}_se", se))}
    return SpatialCapture(
        **common,
        **values,
        density=level.estimate,
        density_se=level.se,
        density_lower=level.lower,
        density_upper=level.upper,
        unit=unit,
        bearing_sd=math.degrees(math.sqrt(-2 * math.log(strength))) if strength > 0 else math.nan,
        effective_area=np.array([array_scores(s, at, only_area=True)[2] for s in model.ready]),
        detected=model.found,
        edge=max(s.rim(at) for s in model.ready),
        detect=model.detector.detect,
        at=at,
    )
