"""Finds per unit of effort, with limits from the differences between patrols."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2
from scipy.stats import t as student

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import Floats


@dataclass(frozen=True)
class EncounterRates:
    """Per group, in sorted order: `rate` = finds over effort, `se`, 95 % limits; NaN where there was no effort.

    Limits are log-normal from the differences between patrols; with one patrol, no find or no difference
    they are exact Poisson (`exact`), which takes finds for independent.
    """

    group: NDArray
    finds: Floats
    effort: Floats
    patrols: NDArray[np.int64]
    rate: Floats
    se: Floats
    lower: Floats
    upper: Floats
    exact: NDArray[np.bool_]
    message: str


def encounter_rate(
    count: ArrayLike, effort: ArrayLike, group: ArrayLike | None = None, level: float = 0.95
) -> EncounterRates:
    """Finds per effort in each group (stratum, season) from one row a patrol.

    The variance is that of a ratio over patrols of unequal effort (Fewster et al. 2009, Biometrics 65:225,
    estimator R2). A NaN count or effort is a patrol without record and is left out; no effort at all in
    any row raises `TooFewData`.
    """
    n, e = gates.numbers("count", count, low=0), gates.numbers("effort", effort, low=0)
    label = np.zeros(n.size, int) if group is None else gates.labels("group", group)
    gates.alike(count=n, effort=e, group=label)
    level = gates.share("level", level, ends=False)
    known = np.isfinite(n) & np.isfinite(e)
    stray = known & (e == 0) & (n > 0)
    if stray.any():
        raise EcostatError(
            f"Row {int(np.flatnonzero(stray)[0])} has a find without effort: its track is missing."
        )
    if not (e[known] > 0).any():
        raise TooFewData("No patrol has any effort.")
    names, row = np.unique(label, return_inverse=True)
    row = row.ravel()
    figures = []
    for g in range(names.size):
        here = known & (row == g) & (e > 0)
        figures.append(_one(n[here], e[here], level))
    finds, total, patrols, rate, se, low, high, exact = (np.array(v) for v in zip(*figures, strict=True))
    lost = int((~known).sum())
    told = f"{int(finds.sum())} finds on {int(patrols.sum())} patrols."
    if lost:
        told += f" {lost} patrols without count or effort left out."
    if (total == 0).any():
        told += f" {int((total == 0).sum())} groups without effort: nothing is known there."
    return EncounterRates(names, finds, total, patrols, rate, se, low, high, exact, told)


def _one(n: Floats, e: Floats, level: float) -> tuple[float, float, int, float, float, float, float, bool]:
    total, whole, k = float(n.sum()), float(e.sum()), n.size
    if whole == 0:
        return 0.0, 0.0, 0, np.nan, np.nan, np.nan, np.nan, False
    rate = total / whole
    se = float(np.sqrt(k / (k - 1) * (e**2 @ (n / e - rate) ** 2))) / whole if k > 1 else 0.0
    if se <= 1e-12 * rate:  # one patrol, no find, or patrols all alike: they tell nothing of their spread
        tail = (1 - level) / 2
        low = float(chi2.ppf(tail, 2 * total)) / 2 / whole if total else 0.0
        high = float(chi2.ppf(1 - tail, 2 * (total + 1))) / 2 / whole
        return total, whole, k, rate, float(np.sqrt(total)) / whole, low, high, True
    reach = float(student.ppf(0.5 + level / 2, k - 1)) * np.sqrt(np.log1p((se / rate) ** 2))
    return total, whole, k, rate, se, float(rate * np.exp(-reach)), float(rate * np.exp(reach)), False
