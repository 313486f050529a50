"""From a linear predictor to the natural scale, with limits made on the link scale."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit
from scipy.stats import norm

from ecostat import gates
from ecostat.errors import EcostatError
from ecostat.floats import Floats


@dataclass(frozen=True)
class Prediction:
    """Estimates on the natural scale with delta-method standard errors and limits made on the link scale;
    NaN where a covariate is unknown. `outside`: True where a covariate lies beyond the values the model was
    fitted to (None where the model does not know them)."""

    estimate: Floats
    se: Floats
    lower: Floats
    upper: Floats
    outside: NDArray[np.bool_] | None = None


def predict(
    coef: Floats,
    vcov: Floats,
    x: ArrayLike,
    link: str,
    level: float = 0.95,
    outside: NDArray[np.bool_] | None = None,
) -> Prediction:
    """Fitted values of the rows of `x` (…, k) under a "logit" or "log" link."""
    level = gates.share("level", level, ends=False)
    rows = np.atleast_2d(gates.numbers("x", x, dims=tuple(range(8)), infinite=True))
    if rows.shape[-1] != len(coef):
        raise EcostatError(f"These rows have {rows.shape[-1]} columns; the model has {len(coef)}.")
    eta = rows @ coef
    deviation = np.sqrt(np.einsum("...j,jk,...k->...", rows, vcov, rows))
    z = float(norm.ppf(0.5 + level / 2))
    low, high = eta - z * deviation, eta + z * deviation
    if link == "logit":
        estimate = expit(eta)
        slope = estimate * (1 - estimate)
        return Prediction(estimate, deviation * slope, expit(low), expit(high), outside)
    with np.errstate(over="ignore"):
        estimate = np.exp(eta)
        return Prediction(estimate, deviation * estimate, np.exp(low), np.exp(high), outside)
