"""Fitting a detection function: the search, what is held, and what the curve says."""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from ecostat import gates
from ecostat.distance.curve import Curve, outer
from ecostat.distance.detection import Detection
from ecostat.distance.form import MOST_TERMS, Distances, Form, distances
from ecostat.distance.form import orders as whole_orders
from ecostat.distance.keys import SCALED, default_orders
from ecostat.distance.likelihood import CurveModel, read
from ecostat.distance.search import Found, falls, search, starts
from ecostat.errors import NotConverged, TooFewData
from ecostat.floats import Floats
from ecostat.likelihood import (
    Boundary,
    Data,
    Design,
    Optimum,
    Search,
    Start,
    Unfinished,
    constants,
    covariance,
    standard,
)

NO_SHOULDER = "the hazard rate's shape is held at its limit of 1: detection has no shoulder near the observer"


def fit(
    distance: ArrayLike,
    key: Literal["hn", "hr", "exp", "unif"] = "hn",
    adjust: Literal["cosine", "hermite", "poly"] | None = None,
    truncation: float | None = None,
    left: float = 0,
    survey: Literal["line", "point"] = "line",
    covariates: Design = None,
    breaks: ArrayLike | None = None,
    *,
    orders: Sequence[int] | None = None,
    terms: int | None = None,
    monotone: bool = True,
    data: Data | None = None,
    start: Start = None,
) -> Detection:
    """A detection function is fitted to perpendicular (line) or radial (point) distances.

    `distance` (rows,): NaN marks a row without a detection; distances beyond `truncation` (default: the
    largest) or short of `left` are set aside and counted. `covariates`: rows × k design of log σ, intercept
    included, or a formula on the columns of `data`. `breaks`: analyse in bands (a, b]; they set both
    truncations. `adjust` adds a series in x / truncation: the given `orders`, or `terms` of them, or as many
    (0-5) as lower the AIC. `monotone`: where the free curve rises with distance it is refitted so that it
    does not (no covariates only). Variances are the published first-derivative form.
    Buckland, Anderson, Burnham, Laake, Borchers & Thomas (2001), Introduction to Distance Sampling;
    Marques & Buckland (2003), Biometrics 59:924-935 (covariates).
    """
    form = Form(key, adjust, survey, whole_orders(orders), terms, gates.flag("monotone", monotone)).checked()
    found = distances(distance, left, truncation, breaks, covariates, data, key)
    task = _Task(form, found, Search.of(start), standard(found.rows, "covariates"))
    if not form.free:
        return task.fit(form.fixed)
    best: Detection | None = None
    for count in range(MOST_TERMS + 1):
        try:
            model = task.fit(default_orders(key, str(adjust), count))
        except NotConverged:
            break
        if best is not None and model.aic >= best.aic:
            break
        best = model
    if best is None:
        raise NotConverged(f"No {key} model with {adjust} adjustments could be fitted.")
    return best


@dataclass(frozen=True)
class _Task:
    """One form to be fitted to one set of distances."""

    form: Form
    given: Distances
    start: Search
    spread: Floats

    def fit(self, chosen: tuple[int, ...]) -> Detection:
        """The curve with these adjustment orders is fitted, held down where it would rise, and measured."""
        form, given = self.form, self.given
        adjust = form.adjust if chosen else None
        curve = Curve(form.key, adjust, chosen, given.left, given.right, form.survey, given.kinds)
        model = CurveModel(
            parts=(replace(given.sigma, x=given.rows, known=np.ones(len(given.used), bool)),)
            if SCALED[form.key]
            else (),
            n=len(given.used),
            notes=given.notes,
            curve=curve,
            data=read(curve, given.used, given.kind, given.cuts),
            used=given.used,
            spread=self.spread if SCALED[form.key] else np.empty((0, 0)),
        )
        if model.n <= curve.size:
            raise TooFewData(f"{model.n} distances are too few for {curve.size} coefficients.")
        top = self._top(model) if curve.size else _nothing_to_seek(model)
        return self._measured(model, top)

    def _top(self, model: CurveModel) -> "_Top":
        """The best coefficients with their covariance."""
        curve, k = model.curve, model.size
        begin = self.start.starts(starts(curve, model.used), k)
        monotone = self.form.monotone and not self.given.by_covariates
        found = search(curve, model.data, begin, model.scale, monotone)
        if not found.converged:
            warnings.warn(f"{found.caution}; more iterations may reach it.", Unfinished, 5)
        rest = np.ones(k, bool)
        if found.no_shoulder:
            rest[curve.k_scale] = False
            warnings.warn(NO_SHOULDER, Boundary, 5)
        series = model.names[k - len(curve.orders) :]
        says = {"log_shape": "the distances do not fix it"}
        for part in model.parts:
            never = "detection does not fall with distance: use key='unif'"
            says |= constants(part.names, self.given.rows, never)
        says |= dict.fromkeys(series, "the distances do not fix this term")
        vcov, inner = np.full((k, k), np.nan), np.zeros((k, k))
        free = np.ix_(rest, rest)
        known, stuck = covariance(
            outer(model.data, found.theta)[free],
            found.theta[rest],
            [name for name, used in zip(model.names, rest, strict=True) if used],
            model.scale[free],
            says,
            tuple(says) if len(curve.kinds) == 1 else series,
        )
        vcov[free] = inner[free] = known
        best = Optimum(found.theta, found.loglik, np.zeros(k), vcov, stuck, found.steps, found.decrement)
        return _Top(best, inner, found)

    def _measured(self, model: CurveModel, top: "_Top") -> Detection:
        """What the curve says: average detection, effective width, and whether it falls."""
        curve, given, theta = model.curve, self.given, top.best.theta
        total, in_total = curve.integral(theta)
        zero, in_zero = curve.at_zero(theta)
        p_each = (total / (zero * curve.whole))[given.kind]
        p_slope = (in_total / total[:, None] - in_zero / zero)[given.kind]
        lost = any(name.startswith("sigma") for name in top.best.at_boundary) and p_each.min() < 0.01
        if lost or not p_each.min() > 1e-6:
            raise TooFewData(
                "Detection falls off nearer to the observer than these distances can show: try bands."
            )
        p, p_se = _average(p_each, p_slope, top.inner)
        effective = p * (curve.right - curve.left)
        if curve.survey == "point":
            effective = math.sqrt(p * (curve.right**2 - curve.left**2) + curve.left**2)
        falling = falls(curve, theta)
        more = [
            "detection was held from rising with distance" if top.held else "",
            NO_SHOULDER if top.no_shoulder else "",
            "" if falling else "detection rises with distance somewhere",
        ]
        common = model.common(top.best, *more)
        if not top.best.iterations:
            common["message"] = common["message"].replace("Maximum found in 0 Newton steps from", "Fitted to")
        return Detection(
            **common,
            p=p,
            p_se=p_se,
            p_each=p_each,
            p_slope=p_slope,
            p_vcov=top.inner,
            effective=effective,
            monotone=falling,
            key=curve.key,
            adjust=curve.adjust,
            orders=curve.orders,
            left=curve.left,
            truncation=curve.right,
            survey=curve.survey,
            breaks=given.cuts,
            curve=curve,
            distance=given.used,
            kind=given.kind,
            kept=given.kept,
            scale_rows=given.rows if given.by_covariates else None,
            refit=partial(fit, **self._again(curve), start=theta if len(theta) else None),
            reselect=partial(fit, **self._again(None)),
        )

    def _again(self, curve: Curve | None) -> dict[str, Any]:
        """The arguments that fit this curve (None: this form, its terms chosen anew) to other distances."""
        form, given = self.form, self.given
        out: dict[str, Any] = {"key": form.key, "survey": form.survey, "monotone": form.monotone}
        if given.cuts is not None:
            out["breaks"] = given.cuts
        else:
            out |= {"truncation": given.right, "left": given.left}
        if curve is not None and form.free:
            return out | {"adjust": curve.adjust, "orders": curve.orders or None}
        return out | {"adjust": form.adjust, "orders": form.orders, "terms": form.terms}


@dataclass(frozen=True)
class _Top:
    """The best coefficients, their covariance with 0 for a shape held at its limit, and how they were
    found."""

    best: Optimum
    inner: Floats
    found: Found | None = field(default=None)

    @property
    def held(self) -> bool:
        """Whether the curve had to be held from rising."""
        return self.found is not None and self.found.held

    @property
    def no_shoulder(self) -> bool:
        """Whether the shape lies at its limit."""
        return self.found is not None and self.found.no_shoulder


def _nothing_to_seek(model: CurveModel) -> _Top:
    """The uniform key alone, which has no coefficient."""
    none, square = np.zeros(0), np.empty((0, 0))
    return _Top(Optimum(none, model.loglik(none)[0], none, square, (), 0), square)


def _average(p: Floats, slope: Floats, vcov: Floats) -> tuple[float, float]:
    """Average detection n / Σ(1 / p) with its standard error: parameters, and the chance in who was seen."""
    n, total = len(p), float((1 / p).sum())
    mean = n / total
    in_total = -(slope / p[:, None]).sum(axis=0)
    of_parameters = float(in_total @ vcov @ in_total) if len(in_total) else 0.0
    of_n, of_total, both = (1 - p).sum(), ((1 - p) / p**2).sum(), ((1 - p) / p).sum()
    chance = of_n / n**2 + of_total / total**2 - 2 * both / (n * total)
    return mean, mean * math.sqrt(max(chance, 0.0) + of_parameters / total**2)
