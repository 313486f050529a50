"""Fitting a detection function: what is kept, where the search starts, and when the curve must be held
down."""

import math
import warnings
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.distance.curve import Binned, Curve, Exact, gather, outer, value
from ecostat.distance.detection import Detection, band
from ecostat.distance.keys import KEYS, SCALED, SERIES, SHAPED, default_orders
from ecostat.distance.search import falls, reach, search, starts
from ecostat.errors import EcostatError, NotConverged, TooFewData
from ecostat.fit import Floats
from ecostat.likelihood import Boundary, Dropped, constants, covariance, design, labels, standard

MOST_TERMS = 5
NO_SHOULDER = "the hazard rate's shape is held at its limit of 1: detection has no shoulder near the observer"


def fit(
    distance: ArrayLike,
    key: Literal["hn", "hr", "exp", "unif"] = "hn",
    adjust: Literal["cosine", "hermite", "poly"] | None = None,
    truncation: float | None = None,
    left: float = 0,
    survey: Literal["line", "point"] = "line",
    covariates: ArrayLike | None = None,
    breaks: ArrayLike | None = None,
    *,
    orders: Sequence[int] | None = None,
    terms: int | None = None,
    monotone: bool = True,
    start: ArrayLike | None = None,
) -> Detection:
    """A detection function is fitted to perpendicular (line) or radial (point) distances.

    `distance` (rows,): NaN marks a row without a detection; distances beyond `truncation` (default: the
    largest) or short of `left` are set aside and counted. `covariates`: rows × k design of log σ, intercept
    included. `breaks`: analyse in bands (a, b]; they set both truncations. `adjust` adds a series in x /
    truncation: the given `orders`, or `terms` of them, or as many (0-5) as lower the AIC. `monotone`: where
    the free curve rises with distance it is refitted so that it does not (no covariates only).
    Variances are the published first-derivative form. Buckland, Anderson, Burnham, Laake, Borchers & Thomas
    (2001), Introduction to Distance Sampling; Marques & Buckland (2003), Biometrics 59:924-935 (covariates).
    """
    _refuse(key, adjust, survey, orders, terms, covariates)
    raw = gates.numbers("distance", distance, low=0)
    left = gates.number("left", left, low=0)
    if truncation is not None:
        truncation = gates.number("truncation", truncation, above=0)
    monotone = gates.flag("monotone", monotone)
    cuts = None if breaks is None else _bands(breaks, left, truncation)
    if cuts is not None:
        left, truncation = float(cuts[0]), float(cuts[-1])
    kept, right, notes = _keep(raw, left, truncation)
    x, known = design(covariates, raw.shape, "covariates")
    if lost := int((kept & ~known).sum()):
        notes.append(f"{lost} detections without covariates were left out")
        warnings.warn(notes[-1], Dropped, 2)
    kept &= known
    used = raw[kept]
    if len(used) < 5:
        raise TooFewData(
            f"{len(used)} distances between {left:g} and {right:g}: a detection function needs more."
        )
    if np.ptp(used) == 0 and SCALED[key]:
        raise TooFewData("Every distance is the same: no detection function can be fitted.")
    rows = x[kept]
    spread = standard(rows, "covariates") if SCALED[key] else np.empty((0, 0))
    if covariates is None:
        kinds, kind = np.ones((1, 1)), np.zeros(len(used), int)
    else:
        kinds, kind = np.unique(rows, axis=0, return_inverse=True)
    kind = kind.reshape(-1)
    limits = constants(labels("sigma", rows), rows, "detection does not fall with distance: use key='unif'")

    def one(chosen: tuple[int, ...]) -> Detection:
        curve = Curve(key, adjust if chosen else None, chosen, float(left), right, survey, kinds)
        return _fit_one(
            curve,
            used,
            kind,
            kept,
            cuts,
            spread,
            limits,
            notes,
            monotone and covariates is None,
            start,
            options,
        )

    options = {
        "key": key,
        "adjust": adjust,
        "truncation": truncation if truncation is None else right,
        "left": left,
        "survey": survey,
        "breaks": cuts,
        "monotone": monotone,
        "covariates": None if covariates is None else rows,
        "terms": terms,
        "free_orders": adjust is not None and orders is None and terms is None,
    }
    if adjust is None:
        return one(())
    if orders is not None:
        return one(tuple(int(j) for j in orders))
    if terms is not None:
        return one(default_orders(key, adjust, terms))
    best: Detection | None = None
    for count in range(MOST_TERMS + 1):
        try:
            model = one(default_orders(key, adjust, count))
        except NotConverged:
            break
        if best is not None and model.aic >= best.aic:
            break
        best = model
    if best is None:
        raise NotConverged(f"No {key} model with {adjust} adjustments could be fitted.")
    return best


def _bands(breaks: ArrayLike, left: float, truncation: float | None) -> Floats:
    """Limits of the bands between `left` and `truncation`, which must then be limits of bands themselves."""
    cuts = gates.numbers("breaks", breaks, low=0, missing=False)
    if len(cuts) < 3 or np.any(np.diff(cuts) <= 0):
        raise EcostatError("breaks must rise from 0 or more, and make at least two bands.")
    if truncation is not None:
        if truncation not in cuts:
            raise EcostatError(
                f"truncation ({truncation:g}) must be one of the breaks, which end at {cuts[-1]:g}: distances in"
                " a band cannot be parted."
            )
        cuts = cuts[cuts <= truncation]
    if left > 0:
        if left not in cuts:
            raise EcostatError(f"left ({left:g}) must be one of the breaks, which begin at {cuts[0]:g}.")
        cuts = cuts[cuts >= left]
    if len(cuts) < 3:
        raise EcostatError("breaks between left and truncation must make at least two bands.")
    return cuts


def _refuse(
    key: str,
    adjust: str | None,
    survey: str,
    orders: Sequence[int] | None,
    terms: int | None,
    covariates: ArrayLike | None,
) -> None:
    """Refuses words this module does not know and models that do not exist."""
    gates.choice("key", key, tuple(KEYS))
    gates.choice("adjust", adjust, (None, *SERIES))
    gates.choice("survey", survey, ("line", "point"))
    if (orders is not None or terms is not None) and adjust is None:
        raise EcostatError("orders and terms belong to an adjustment: name it in adjust.")
    if orders is not None:
        each = gates.numbers("orders", orders, low=1, high=40, whole=True, missing=False)
        if np.unique(each).size != each.size:
            raise EcostatError("orders must be different whole numbers from 1.")
    if terms is not None:
        gates.whole("terms", terms, low=0, high=MOST_TERMS)
    if covariates is not None and not SCALED[key]:
        raise EcostatError("A uniform key has no scale for covariates to act on.")


def _keep(raw: Floats, left: float, truncation: float | None) -> tuple[NDArray[np.bool_], float, list[str]]:
    """Which distances are used, the truncation, and notes that count those that are not."""
    measured = ~np.isnan(raw)
    if not measured.any():
        raise TooFewData("No distance was measured.")
    right = float(raw[measured].max()) if truncation is None else float(truncation)
    if not right > left:
        raise EcostatError(f"truncation ({right:g}) must be larger than left ({left:g}).")
    near, beyond = measured & (raw < left), measured & (raw > right)
    notes = []
    if near.any():
        notes.append(f"{int(near.sum())} distances below {left:g} were set aside")
    if beyond.any():
        notes.append(f"{int(beyond.sum())} distances beyond {right:g} were set aside")
    return measured & ~near & ~beyond, right, notes


def _fit_one(
    curve: Curve,
    used: Floats,
    kind: NDArray[np.intp],
    kept: NDArray[np.bool_],
    cuts: Floats | None,
    spread: Floats,
    limits: dict[str, str],
    notes: list[str],
    monotone: bool,
    start: ArrayLike | None,
    options: dict,
) -> Detection:
    """One curve of given orders is fitted, held down where it would rise, and measured."""
    n, k = len(used), curve.size
    data = _data(curve, used, kind, cuts)
    names = (
        (labels("sigma", curve.kinds) if curve.k_scale else ())
        + (("log_shape",) if SHAPED[curve.key] else ())
        + tuple(f"{curve.adjust}_{j}" for j in curve.orders)
    )
    basis = np.diag(1 / reach(curve))
    basis[: curve.k_scale, : curve.k_scale] = spread
    says = limits | {"log_shape": "the distances do not fix it"}
    series = names[k - len(curve.orders) :]
    says |= dict.fromkeys(series, "the distances do not fix this term")
    theta, loglik, steps = np.zeros(0), value(data, np.zeros(k))[0], 0
    stuck: tuple[str, ...] = ()
    held = no_shoulder = False
    vcov = inner = np.empty((0, 0))
    if n <= k:
        raise TooFewData(f"{n} distances are too few for {k} coefficients.")
    if k:
        start_at = starts(curve, used) if start is None else [np.asarray(start, float)]
        found = search(curve, data, start_at, basis, monotone)
        theta, loglik, steps, held = found.theta, found.loglik, found.steps, found.held
        rest = np.ones(k, bool)
        if found.no_shoulder:
            rest[curve.k_scale] = False
            warnings.warn(NO_SHOULDER, Boundary, 4)
        vcov, inner = np.full((k, k), np.nan), np.zeros((k, k))
        part, stuck = covariance(
            outer(data, theta)[np.ix_(rest, rest)],
            theta[rest],
            [name for name, kept_ in zip(names, rest, strict=True) if kept_],
            basis[np.ix_(rest, rest)],
            says,
            tuple(says) if len(curve.kinds) == 1 else series,
        )
        vcov[np.ix_(rest, rest)] = inner[np.ix_(rest, rest)] = part
        no_shoulder = found.no_shoulder
    total, in_total = curve.integral(theta)
    zero, in_zero = curve.at_zero(theta)
    p_each = (total / (zero * curve.whole))[kind]
    p_slope = (in_total / total[:, None] - in_zero / zero)[kind]
    lost = any(name.startswith("sigma") for name in stuck) and p_each.min() < 0.01
    if lost or not p_each.min() > 1e-6:
        raise TooFewData(
            "Detection falls off nearer to the observer than these distances can show: try bands."
        )
    p, p_se = _average(p_each, p_slope, inner)
    if curve.survey == "line":
        effective = p * (curve.right - curve.left)
    else:
        effective = math.sqrt(p * (curve.right**2 - curve.left**2) + curve.left**2)
    falling = falls(curve, theta)
    more = [
        *notes,
        "detection was held from rising with distance" if held else "",
        NO_SHOULDER if no_shoulder else "",
        "" if falling else "detection rises with distance somewhere",
        *(f"{name} is at its limit, so its standard error is unknown" for name in stuck),
    ]
    lead = f"Maximum found in {steps} Newton steps from" if steps else "Fitted to"
    message = "; ".join([f"{lead} {n} distances", *filter(None, more)]) + "."
    return Detection(
        coef=theta,
        se=np.sqrt(np.diag(vcov)),
        vcov=vcov,
        names=names,
        loglik=loglik,
        aic=2 * k - 2 * loglik,
        n=n,
        converged=True,
        message=message,
        p=p,
        p_se=p_se,
        p_each=p_each,
        p_slope=p_slope,
        p_vcov=inner,
        effective=effective,
        monotone=falling,
        key=curve.key,
        adjust=curve.adjust,
        orders=curve.orders,
        left=curve.left,
        truncation=curve.right,
        survey=curve.survey,
        breaks=cuts,
        curve=curve,
        distance=used,
        kind=kind,
        kept=kept,
        options=options,
    )


def _data(curve: Curve, used: Floats, kind: NDArray[np.intp], cuts: Floats | None) -> Exact | Binned:
    """The distances as the likelihood reads them, equal ones together."""
    if cuts is not None:
        rows, times = gather(band(used, cuts), kind)
        return Binned(curve, cuts, rows[:, 0].astype(np.intp), rows[:, 1].astype(np.intp), times)
    if len(curve.kinds) == 1:
        x, counts = np.unique(used, return_counts=True)
        return Exact(curve, x, np.zeros(len(x), np.intp), counts.astype(float))
    rows, times = gather(used, kind)
    return Exact(curve, rows[:, 0], rows[:, 1].astype(np.intp), times)


def _average(p: Floats, slope: Floats, vcov: Floats) -> tuple[float, float]:
    """Average detection n / Σ(1 / p) with its standard error: parameters, and the chance in who was seen."""
    n, total = len(p), float((1 / p).sum())
    mean = n / total
    in_total = -(slope / p[:, None]).sum(axis=0)
    of_parameters = float(in_total @ vcov @ in_total) if len(in_total) else 0.0
    of_n, of_total, both = (1 - p).sum(), ((1 - p) / p**2).sum(), ((1 - p) / p).sum()
    chance = of_n / n**2 + of_total / total**2 - 2 * both / (n * total)
    return mean, mean * math.sqrt(max(chance, 0.0) + of_parameters / total**2)
