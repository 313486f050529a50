"""The time lived on average up to a horizon: the area under a survival curve."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from ecostat import gates
from ecostat.errors import EcostatError
from ecostat.survival.curve import Curve


@dataclass(frozen=True)
class RestrictedMean:
    """Time lived up to `until`, in the unit of the curve; `se` and limits are NaN when nobody died by then."""

    mean: float
    se: float
    lower: float
    upper: float
    until: float


def restricted_mean(curve: Curve, until: float | None = None) -> RestrictedMean:
    """The area under the curve up to `until` (the last look when None), which lies within what was seen.

    Variance Σ A² d / (r (r − d)), A the area from each death on (Klein & Moeschberger 2003, section 4.5).
    The limits are normal, at the level of the curve, and stay between 0 and `until`.
    """
    curve = gates.instance("curve", curve, Curve, "survival.kaplan_meier")
    end = curve.longest if until is None else gates.number("until", until, above=0)
    if until is not None and np.isnan(curve.at(end)).any():
        raise EcostatError(
            f"until = {end:g} lies past the last look at {curve.longest:g}: nothing is known of survival there"
        )
    inside = curve.time < end
    moments = np.r_[0.0, curve.time[inside], end]
    pieces = np.diff(moments) * np.r_[1.0, curve.survival[inside]]
    mean = float(pieces.sum())
    after = pieces[1:][::-1].cumsum()[::-1]
    risk, died = curve.at_risk[inside], curve.died[inside]
    left = np.where(risk > died, risk - died, 1)  # where nobody is left the area after it is 0
    se = float(np.sqrt(np.sum(after**2 * died / (risk * left)))) if inside.any() else float("nan")
    reach = float(ndtri((1 + curve.level) / 2)) * se
    return RestrictedMean(mean, se, max(mean - reach, 0.0), min(mean + reach, end), end)
