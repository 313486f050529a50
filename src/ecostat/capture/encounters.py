"""Camera-trap encounter rates: independent events a hundred camera-days, with the variance between
cameras."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.floats import Floats


@dataclass(frozen=True)
class EncounterRate:
    """Events per `per` camera-days: `rate`, `se`, log-normal `lower` and `upper`; `events`, `days`,
    `cameras`; `naive`: share of cameras with an event; `dispersion`: variance between cameras over the
    Poisson variance; `each` (cameras,): every camera's own rate, NaN where it did not run; `message`."""

    rate: float
    se: float
    lower: float
    upper: float
    events: int
    days: float
    cameras: int
    naive: float
    dispersion: float
    each: Floats
    per: float
    message: str


def encounter_rate(
    events: ArrayLike, days: ArrayLike, per: float = 100.0, level: float = 0.95
) -> EncounterRate:
    """The rate Σ events / Σ days · `per` is estimated with the ratio estimator's variance between cameras.

    `events` (cameras,): independent events of a species (NaN = not known); `days` (cameras,): camera-days
    run. With no event at all, the upper limit is that of a Poisson count of 0 and the lower is 0. A rate is
    an index: it is not density (Sollmann et al. 2013, Biol. Conserv. 159:405-412). Variance: Cochran (1977),
    ch. 6.
    """
    y, effort = gates.numbers("events", events, low=0), gates.numbers("days", days, low=0, high=36_525)
    gates.alike(events=y, days=effort)
    per, level = gates.number("per", per, above=0), gates.share("level", level, ends=False)
    if np.any((y > 0) & (effort == 0)):
        raise EcostatError("A camera with no days recorded events: mend its dates first.")
    used = np.isfinite(y) & (effort > 0)
    k = int(used.sum())
    if k < 2:
        raise TooFewData(f"{k} cameras ran: the variance between cameras cannot be estimated.")
    found, run = y[used], effort[used]
    rate = found.sum() / run.sum()
    residual = found - rate * run
    variance = k / (k - 1) * (residual**2).sum() / run.sum() ** 2
    se = math.sqrt(variance)
    each = np.full(len(y), np.nan)
    each[used] = found / run * per
    if rate > 0:
        poisson = rate / run.sum()
        factor = math.exp(float(t.ppf(0.5 + level / 2, k - 1)) * math.sqrt(math.log1p(variance / rate**2)))
        lower, upper, dispersion = rate / factor, rate * factor, variance / poisson
        limits = f"{level:.0%} limits {lower * per:.3g} to {upper * per:.3g}"
        says = f"{rate * per:.3g} events per {per:g} camera-days ({limits})"
    else:
        lower, upper, dispersion = 0.0, -math.log((1 - level) / 2) / run.sum(), math.nan
        below = f"the rate is below {upper * per:.3g} per {per:g} camera-days"
        says = f"No event in {run.sum():.0f} camera-days: {below}"
        se = math.nan
    return EncounterRate(
        rate * per,
        se * per,
        lower * per,
        upper * per,
        int(found.sum()),
        float(run.sum()),
        k,
        float((found > 0).mean()),
        dispersion,
        each,
        per,
        f"{says}, from {int(found.sum())} events at {k} cameras.",
    )
