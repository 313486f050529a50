"""Daily weather as the indices read it: columns of one shape, impossible values refused by name."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.errors import EcostatError

Floats = NDArray[np.float64]

_BOUNDS = {
    "temperature": (-60.0, 60.0),
    "dew_point": (-60.0, 60.0),
    "humidity": (0.0, 100.0),
    "wind": (0.0, 400.0),
    "rain": (0.0, 2000.0),
    "deficit": (0.0, 200.0),
}


def daily(**columns: ArrayLike) -> list[Floats]:
    """Each column as floats, (days,) or (days, places), all of one shape; NaN is a missing value."""
    out = [gates.numbers(name, values, dims=(1, 2)) for name, values in columns.items()]
    shape = out[0].shape
    for (name, _), column in zip(columns.items(), out, strict=True):
        if column.shape != shape or column.ndim not in (1, 2):
            raise EcostatError(
                f"{name} is shaped {column.shape} and {next(iter(columns))} {shape}: days, or days by places"
            )
        low, high = _BOUNDS[name]
        wrong = (column < low) | (column > high)
        if wrong.any():
            at = tuple(int(i) for i in np.argwhere(wrong)[0])
            raise EcostatError(
                f"{name} of {column[at]:g} on day {at[0] + 1} lies outside {low:g} to {high:g}"
            )
        if name == "humidity" and np.isfinite(column).any() and 0 < np.nanmax(column) <= 1:
            raise EcostatError("humidity never passes 1: it is in per cent, was it given as a share?")
    return out
