"""Times of day as the activity curves read them."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.errors import EcostatError

Floats = NDArray[np.float64]


def day_fraction(name: str, time: ArrayLike) -> Floats:
    """Time of day in [0, 1) of datetimes (of the clock on the wall, where they carry a zone), or the fractions
    given; anything else is refused."""
    at = gates.seconds(name, time, wall=True)
    if gates.are_dates(time):
        return at / 86400 % 1
    known = at[~np.isnan(at)]
    if known.size and not ((known >= 0) & (known <= 1)).all():
        raise EcostatError(f"{name}: a time of day is a fraction of 24 hours from 0 to 1 (12:00 is 0.5)")
    return at % 1
