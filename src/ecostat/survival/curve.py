"""The Kaplan-Meier curve: the share alive at each moment, from animals that were followed for unequal times."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from ecostat import gates
from ecostat.survival.risk import Floats, Followed, deaths, followed

TOUCH = 1e-12
"""A share this near to one half is one half: products of fractions are not exact."""


@dataclass(frozen=True)
class Curve:
    """Survival of one group: a step down at each of k moments of death, 1 before the first.

    `time`, `at_risk`, `died` (k,); `survival`, `se` (Greenwood), `lower`, `upper` (k,) just after each moment;
    `se`, `lower` and `upper` are NaN where survival is 0, which has no spread of its own. `median` is NaN when
    half never died, `median_ci` (2,) where its limit lies past the end. `censored` (c,) are the moments when
    animals were last seen alive, in order; `longest` is the last look at any; `n` animals, `deaths` of them died.
    """

    group: object
    time: Floats
    at_risk: NDArray[np.int64]
    died: NDArray[np.int64]
    survival: Floats
    se: Floats
    lower: Floats
    upper: Floats
    median: float
    median_ci: Floats
    censored: Floats
    longest: float
    n: int
    deaths: int
    level: float
    message: str

    def at(self, when: ArrayLike) -> Floats:
        """Survival at each moment; NaN past the last look, unless nobody was left by then."""
        moments = gates.numbers("when", when, low=0)
        steps = np.r_[1.0, self.survival]
        # a moment that is not known sorts last; it is made unknown below
        found = steps[np.searchsorted(self.time, moments, side="right")]
        found[np.isnan(moments) | ((moments > self.longest) & (found > 0))] = np.nan
        return found


def _half(time: Floats, share: Floats) -> float:
    """The first moment at which a share falls to one half; NaN when it never does."""
    fallen = np.flatnonzero(share <= 0.5 + TOUCH)
    return float(time[fallen[0]]) if fallen.size else float("nan")


def _message(animals: Followed, time: Floats, survival: Floats) -> str:
    if not time.size:
        return "nobody died: survival reads 1 up to the last look, and its uncertainty cannot be told"
    empty = np.flatnonzero(survival == 0)
    if empty.size and (animals.time > time[empty[0]]).any():
        return (
            f"everybody at risk died at {time[empty[0]]:g} although others entered later: the curve stays at 0; "
            "begin it later, when more are at risk"
        )
    if empty.size:
        return "nobody was left alive: the spread at the last step cannot be told"
    return ""


def curve(animals: Followed, level: float, group: object) -> Curve:
    """The curve of animals that have passed their gates."""
    time, died, risk = deaths(animals)
    survival: Floats = np.asarray(np.cumprod(1 - died / risk), dtype=np.float64)
    survival[np.maximum.accumulate(died == risk)] = 0.0
    left = (risk - died).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(died / (risk * left)))
        se: Floats = np.asarray(survival * spread, dtype=np.float64)
        log = np.log(survival)
        reach = float(ndtri((1 + level) / 2)) * spread / np.abs(log)
        lower: Floats = np.asarray(np.exp(log * np.exp(reach)), dtype=np.float64)
        upper: Floats = np.asarray(np.exp(log * np.exp(-reach)), dtype=np.float64)
    for limit in (se, lower, upper):
        limit[survival == 0] = np.nan
    return Curve(
        group=group,
        time=time,
        at_risk=risk,
        died=died,
        survival=survival,
        se=se,
        lower=lower,
        upper=upper,
        median=_half(time, survival),
        median_ci=np.array([_half(time, np.where(survival == 0, 0.0, lower)), _half(time, upper)]),
        censored=np.sort(animals.time[~animals.died]),
        longest=float(animals.time.max()),
        n=int(animals.time.size),
        deaths=int(died.sum()),
        level=level,
        message=_message(animals, time, survival),
    )


def kaplan_meier(
    time: ArrayLike, event: ArrayLike, *, entry: ArrayLike | None = None, level: float = 0.95
) -> Curve:
    """Survival by Kaplan & Meier (1958) JASA 53:457, with Greenwood's standard error and log-log limits.

    `time` (n,) how long each animal was followed; `event` (n,) 1 if it died then, 0 if it was last seen alive;
    `entry` (n,) when it came under watch, for animals found or collared late (left truncation). All in one unit
    from one origin. An animal is at risk from just after its entry up to its time; deaths come before losses of
    the same moment. Limits: exp(log S · exp(± z σ / |log S|)), σ² = Σ d / (r (r − d)) (Kalbfleisch & Prentice
    1980); those of the median are the moments when a limit passes one half (Brookmeyer & Crowley 1982).
    """
    level = gates.share("level", level, ends=False)
    return curve(followed(time, event, entry), level, None)


def kaplan_meier_by(
    time: ArrayLike,
    event: ArrayLike,
    group: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    level: float = 0.95,
) -> tuple[Curve, ...]:
    """A curve for each group, in order of their names; `group` (n,) names the group of each animal."""
    level = gates.share("level", level, ends=False)
    animals = followed(time, event, entry)
    names, code = gates.numbered("group", group)
    gates.alike(time=animals.time, group=code)
    return tuple(curve(animals.of(code == i), level, name) for i, name in enumerate(names.tolist()))
