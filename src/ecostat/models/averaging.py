"""One answer from several models, weighted by how well each is supported."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit
from scipy.stats import norm

from ecostat.errors import EcostatError
from ecostat.fit import Fit, ModelFit
from ecostat.floats import Floats
from ecostat.likelihood.parts import Design
from ecostat.likelihood.prediction import Prediction


@dataclass(frozen=True)
class Averaged:
    """A weighted `estimate` with its unconditional standard error `se`, which holds the differences between
    the models, and its limits; `weight`: of the models in which the coefficient stands."""

    estimate: float
    se: float
    lower: float
    upper: float
    weight: float


def prediction(models: list[ModelFit], weights: Floats, part: str, new: Design, level: float) -> Prediction:
    """The average prediction of a part; var = Σ w (se² + (estimate - average)²), limits on the link scale.

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
    z = float(norm.ppf(0.5 + level / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        if links == {"logit"}:
            half = z * se / (mean * (1 - mean))
            lower, upper = expit(logit(mean) - half), expit(logit(mean) + half)
        else:
            factor = np.exp(z * se / mean)
            lower, upper = mean / factor, mean * factor
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
    z = float(norm.ppf(0.5 + level / 2))
    return Averaged(mean, se, mean - z * se, mean + z * se, float(weights[having].sum()))
