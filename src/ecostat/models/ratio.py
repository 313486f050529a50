"""Two nested models of the same data."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, f

from ecostat import gates
from ecostat.errors import EcostatError
from ecostat.fit import Fit
from ecostat.models.data import same_data


@dataclass(frozen=True)
class LikelihoodRatio:
    """`statistic` = 2 (log L of the larger - log L of the smaller), over ĉ when one is given; `df`
    coefficients apart; `p_value`; `message`."""

    statistic: float
    df: int
    p_value: float
    message: str


def likelihood_ratio(smaller: Fit, larger: Fit, *, c_hat: float = 1.0) -> LikelihoodRatio:
    """The smaller model is tested within the larger one, of which it must be a special case.

    With `c_hat` above 1 the statistic divided by ĉ and df is taken as F on (df, n - k) (Burnham & Anderson
    2002, section 2.5). A coefficient of the larger model at its limit halves nothing: the p-value is then
    too large, and the message says so.
    """
    for name, model in (("smaller", smaller), ("larger", larger)):
        gates.instance(name, model, Fit, "a fit")
    same_data([smaller, larger])
    c_hat = gates.number("c_hat", c_hat, low=1)
    df = len(larger.coef) - len(smaller.coef)
    if df < 1:
        raise EcostatError(
            f"The larger model has {len(larger.coef)} coefficients and the smaller {len(smaller.coef)}."
        )
    gain = 2 * (larger.loglik - smaller.loglik)
    if gain < -1e-6:
        raise EcostatError(
            f"The larger model fits worse by {-gain / 2:.3g} in log-likelihood: the smaller is no special "
            "case of it, or its search did not reach the top."
        )
    statistic = max(gain, 0.0) / c_hat
    spare = larger.n - len(larger.coef)
    if c_hat > 1:
        if spare < 1:
            raise EcostatError("Too few units are left to test with overdispersion.")
        p = float(f.sf(statistic / df, df, spare))
    else:
        p = float(chi2.sf(statistic, df))
    edge = "" if np.isfinite(larger.se).all() else "; a coefficient lies at its limit, so p is too large"
    verdict = "the larger model fits better" if p < 0.05 else "the smaller model does as well"
    return LikelihoodRatio(
        statistic, df, p, f"χ² = {statistic:.3g} on {df} df, p = {p:.3g}: {verdict}{edge}."
    )
