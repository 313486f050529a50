"""One answer from several models, weighted by how well each is supported."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit, ndtr

from ecostat.errors import EcostatError
from ecostat.fit import Fit, ModelFit
from ecostat.floats import Floats
from ecostat.likelihood.parts import Design
from ecostat.likelihood.prediction import Prediction


@dataclass(frozen=True)
class Averaged:
    """A weighted `estimate` with its unconditional standard error `se`, which holds the differences between
    the models, and limits by their tails; `weight`: of the models in which the coefficient stands."""

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


def prediction(models: list[ModelFit], weights: Floats, part: str, new: Design, level: float) -> Prediction:
    """The average prediction of a part; var = Σ w (se² + (estimate - average)²), limits by the models' tails on
    the link scale.

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
    with np.errstate(divide="ignore", invalid="ignore"):
        if links == {"logit"}:
            low, high = tails(logit(estimates), errors / (estimates * (1 - estimates)), weights, level)
            lower, upper = expit(low), expit(high)
        else:
            low, high = tails(np.log(estimates), errors / estimates, weights, level)
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
    low, high = tails(value[used], error[used], w[used] / w[used].sum(), level)
    return Averaged(mean, se, float(low), float(high), float(weights[having].sum()))
