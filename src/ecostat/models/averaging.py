"""One answer from several models, weighted by how well each is supported."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit, ndtr, ndtri

from ecostat.errors import EcostatError
from ecostat.fit import Fit, ModelFit
from ecostat.floats import Floats
from ecostat.likelihood.parts import Design
from ecostat.likelihood.prediction import Prediction


@dataclass(frozen=True)
class Averaged:
    """A weighted `estimate` with its unconditional standard error `se`, which holds the differences between
    the models, and limits by their tails that enclose the fullest model's; `weight`: of the models in which the
    coefficient stands."""

    estimate: float
    se: float
    lower: float
    upper: float
    weight: float


def tails(value: Floats, se: Floats, weights: Floats, level: float) -> tuple[Floats, Floats]:
    """Limits outside which the models together leave (1 - level) / 2 on each side: the weighted mean of their
    tails is halved until it agrees. `value`, `se`: (models, …).

    Turek & Fletcher (2012), Comput. Stat. Data Anal. 56:2809-2815.
    """
    spread = np.maximum(se, 1e-12 * np.maximum(np.abs(value), 1.0))
    w = weights.reshape((-1,) + (1,) * (value.ndim - 1))
    least, most = (value - 10 * spread).min(axis=0), (value + 10 * spread).max(axis=0)
    out = []
    for share in ((1 - level) / 2, (1 + level) / 2):
        low, high = least.copy(), most.copy()
        for _ in range(60):
            middle = (low + high) / 2
            below = (w * ndtr((middle - value) / spread)).sum(axis=0) < share
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        out.append(np.where(np.isnan(least), np.nan, (low + high) / 2))
    return out[0], out[1]


def fullest(models: Sequence[Fit], weights: Floats) -> int:
    """Which model has most coefficients; of several, the best supported."""
    size = np.array([len(m.names) for m in models])
    return int(np.lexsort((weights, size))[-1])


def enclosing(value: Floats, se: Floats, weights: Floats, level: float, full: int) -> tuple[Floats, Floats]:
    """Limits by the models' tails, nowhere narrower than those of the fullest model.

    Averaging may not promise more than the fullest model: with a weak effect the smaller one is favoured by the
    same chance that shrinks the effect, and tails alone cover less than they say (Kabaila, Welsh & Abeysekera
    2016, Scand. J. Stat. 43:35-48).
    """
    low, high = tails(value, se, weights, level)
    reach = float(ndtri((1 + level) / 2)) * se[full]
    return np.fmin(low, value[full] - reach), np.fmax(high, value[full] + reach)


def prediction(models: list[ModelFit], weights: Floats, part: str, new: Design, level: float) -> Prediction:
    """The average prediction of a part; var = Σ w (se² + (estimate - average)²), limits by the models' tails on
    the link scale, nowhere narrower than the fullest model's.

    Burnham & Anderson (2002), Model Selection and Multimodel Inference, section 6.3 (revised variance).
    """
    each = [m.predict(part, new, level) for m in models]
    links = {m.parts[part].link for m in models}
    if len(links) > 1:
        raise EcostatError(f"{part} is on different scales in these models: {', '.join(sorted(links))}.")
    shape = np.broadcast_shapes(*(p.estimate.shape for p in each))
    estimates = np.stack([np.broadcast_to(p.estimate, shape) for p in each])
    errors = np.stack([np.broadcast_to(p.se, shape) for p in each])
    w = weights.reshape((-1,) + (1,) * len(shape))
    mean = (w * estimates).sum(axis=0)
    se = np.sqrt((w * (errors**2 + (estimates - mean) ** 2)).sum(axis=0))
    full = fullest(models, weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        if links == {"logit"}:
            spread = errors / (estimates * (1 - estimates))
            low, high = enclosing(logit(estimates), spread, weights, level, full)
            lower, upper = expit(low), expit(high)
        else:
            low, high = enclosing(np.log(estimates), errors / estimates, weights, level, full)
            lower, upper = np.exp(low), np.exp(high)
    known = [p.outside for p in each if p.outside is not None]
    outside = np.any([np.broadcast_to(o, shape) for o in known], axis=0) if known else None
    return Prediction(mean, se, lower, upper, outside)


def coefficient(models: list[Fit], weights: Floats, name: str, level: float, *, full: bool) -> Averaged:
    """The average coefficient: over all models, 0 where it does not stand (`full`), or over those with it."""
    having = np.array([name in m.names for m in models])
    if not having.any():
        raise EcostatError(f"{name!r} is a coefficient of none of these models.")
    value = np.array(
        [m.coef[m.names.index(name)] if has else 0.0 for m, has in zip(models, having, strict=True)]
    )
    error = np.array(
        [m.se[m.names.index(name)] if has else 0.0 for m, has in zip(models, having, strict=True)]
    )
    w = weights if full else weights * having / weights[having].sum()
    mean = float(w @ value)
    used = w > 0
    se = float(np.sqrt(w[used] @ (error[used] ** 2 + (value[used] - mean) ** 2)))
    kept = [m for m, keep in zip(models, used, strict=True) if keep]
    at = fullest(kept, w[used])
    low, high = enclosing(value[used], error[used], w[used] / w[used].sum(), level, at)
    return Averaged(mean, se, float(low), float(high), float(weights[having].sum()))
