"""What every fitted model answers, whatever the model."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Fit:
    """Maximum-likelihood estimates with their uncertainty and a plain sentence on how far to trust them.

    `coef`, `se`: (k,) on the link scale; `vcov`: (k, k); `names`: k labels; `loglik` natural log;
    `aic` = 2k - 2 loglik; `n`: sampling units that carried information; `converged`: the gradient vanished
    and the information matrix is positive definite; `message`: one sentence for a person.
    """

    coef: Floats
    se: Floats
    vcov: Floats
    names: tuple[str, ...]
    loglik: float
    aic: float
    n: int
    converged: bool
    message: str

    def interval(self, level: float = 0.95) -> Floats:
        """Wald limits of each coefficient on the link scale, shape (k, 2)."""
        z = norm.ppf(0.5 + level / 2)
        return np.column_stack([self.coef - z * self.se, self.coef + z * self.se])
