"""Times as the analyses read them: seconds of one clock, NaN where a record has no time."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat.errors import EcostatError

Floats = NDArray[np.float64]


def seconds(time: ArrayLike) -> Floats:
    """Seconds since 1970 of datetimes, or the numbers given; a missing time is NaN."""
    at = np.atleast_1d(np.asarray(time))
    if at.ndim != 1:
        raise EcostatError(f"times must be one column, not {at.shape}")
    if at.dtype.kind == "O":
        at = at.astype("datetime64[us]")
    if at.dtype.kind == "M":
        whole = at.astype("datetime64[us]")
        return np.where(np.isnat(whole), np.nan, whole.astype(np.int64) / 1e6)
    if at.dtype.kind not in "iuf":
        raise EcostatError(f"times must be datetimes or seconds, not {at.dtype}")
    if np.isinf(at).any():
        raise EcostatError("a time is infinite")
    return at.astype(np.float64)


def like(time: ArrayLike, at: Floats) -> NDArray:
    """Seconds written back as the caller wrote times: datetime64[us], or numbers."""
    kind = np.atleast_1d(np.asarray(time)).dtype.kind
    if kind not in "MO":
        return at
    out = np.full(at.shape, np.datetime64("NaT"), dtype="datetime64[us]")
    known = ~np.isnan(at)
    out[known] = np.round(at[known] * 1e6).astype(np.int64).astype("datetime64[us]")
    return out


def day_fraction(time: ArrayLike) -> Floats:
    """Time of day in [0, 1) of datetimes, or the fractions given; anything else is refused."""
    kind = np.atleast_1d(np.asarray(time)).dtype.kind
    at = seconds(time)
    if kind in "MO":
        return at / 86400 % 1
    known = at[~np.isnan(at)]
    if known.size and not ((known >= 0) & (known <= 1)).all():
        raise EcostatError("a time of day is a fraction of 24 hours from 0 to 1 (12:00 is 0.5)")
    return at % 1
