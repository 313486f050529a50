"""How fast the front of a spreading population moves, from where and when it was first recorded."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t as student

from ecostat import gates
from ecostat.errors import TooFewData
from ecostat.fit import Floats

YEARS = 4


@dataclass(frozen=True)
class FrontSpeed:
    """Distance a year with its `level` limits, in the unit of the distances; `se` its standard error, `n` places,
    `years` different whole years of first records, `message`."""

    speed: float
    lower: float
    upper: float
    se: float
    n: int
    years: int
    level: float
    message: str


def front_speed(year: ArrayLike, distance: ArrayLike, *, level: float = 0.95) -> FrontSpeed:
    """The speed of a front by distance regression: distance from the origin on the time of the first record there.

    `year` (n,) is the time of the first record at each place, in years and parts of years; `distance` (n,) how far
    each place lies from the origin. A place counts once, at its first record: later records behind the front would
    slow it. Least squares; the error allows for places that scatter more the further they lie (HC3), the limits are
    Student's with n - 2 degrees. Pairs with NaN are left out. Raises TooFewData below 5 places or 4 different years.

    Gilbert & Liebhold (2010) Ecography 33:809-817; MacKinnon & White (1985) Journal of Econometrics 29:305-325.
    """
    at, far = gates.numbers("year", year), gates.numbers("distance", distance, low=0)
    gates.alike(year=at, distance=far)
    level = gates.share("level", level, ends=False)
    known = ~(np.isnan(at) | np.isnan(far))
    at, far = at[known], far[known]
    different = int(np.unique(np.floor(at)).size)
    if at.size < 5 or different < YEARS:
        raise TooFewData(
            f"year holds {at.size} places first recorded in {different} different years: the speed of a front needs "
            f"at least 5 places and {YEARS} years."
        )
    slope, error = _slope(at, far)
    half = float(student.ppf((1 + level) / 2, at.size - 2)) * error
    told = (
        f"{at.size} places first recorded over {different} years: the front moves {slope:.3g} a year "
        f"({level:.0%} limits {slope - half:.3g} to {slope + half:.3g})"
    )
    if slope - half <= 0:
        told += "; the limits hold 0, so no movement is shown"
    return FrontSpeed(slope, slope - half, slope + half, error, int(at.size), different, level, f"{told}.")


def _slope(at: Floats, far: Floats) -> tuple[float, float]:
    """The least-squares slope and its HC3 standard error."""
    design = np.column_stack([np.ones(at.size), at - at.mean()])
    inverse = np.linalg.inv(design.T @ design)
    found = inverse @ design.T @ far
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    residual = (far - design @ found) / np.maximum(1 - leverage, 1e-9)
    bread = inverse @ design.T
    return float(found[1]), float(np.sqrt((bread[1] ** 2) @ residual**2))
