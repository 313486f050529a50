"""Times as seconds of one clock and years as whole numbers, whatever way they were written."""

import datetime

import numpy as np
from numpy.typing import NDArray

from ecostat.errors import EcostatError
from ecostat.gates.numbers import is_missing, numbers

Floats = NDArray[np.float64]

_GAP = 80
_SPAN = 400


def seconds(name: str, time: object, *, wall: bool = False) -> Floats:
    """Seconds since 1970 of datetimes in any unit, seconds of durations, or the numbers given; NaN = missing.

    Datetimes with a zone are read as UTC, or with `wall` as the clock on the wall shows them. Text is refused.
    """
    raw = np.ma.getdata(time) if isinstance(time, np.ma.MaskedArray) else time
    at = _array(name, raw)
    if at.ndim != 1:
        raise EcostatError(f"{name} must be one column, not of shape {at.shape}")
    if at.dtype.kind == "O" and not _only_numbers(at):
        at = _of_dates(name, at, wall)
    if at.dtype.kind == "M":
        out = _since(name, at)
    elif at.dtype.kind == "m":
        out = np.where(np.isnat(at), np.nan, at / np.timedelta64(1, "s"))
    else:
        out = numbers(name, at)
    if isinstance(time, np.ma.MaskedArray):
        out = np.where(np.atleast_1d(np.ma.getmaskarray(time)), np.nan, out)
    return out


def like(time: object, at: Floats) -> NDArray:
    """Seconds written back as the caller wrote times: datetime64[us], or numbers."""
    raw = np.atleast_1d(np.asarray(time))
    if raw.dtype.kind != "M" and (raw.dtype.kind != "O" or _only_numbers(raw)):
        return at
    out = np.full(at.shape, np.datetime64("NaT"), dtype="datetime64[us]")
    known = ~np.isnan(at)
    out[known] = np.round(at[known] * 1e6).astype(np.int64).astype("datetime64[us]")
    return out


def are_dates(time: object) -> bool:
    """Whether times were written as dates and not as numbers."""
    raw = np.atleast_1d(np.asarray(time))
    return raw.dtype.kind == "M" or (raw.dtype.kind == "O" and not _only_numbers(raw))


def resolution(time: object) -> float:
    """Seconds between two times that can be told apart, as far as their type says: a date knows its day."""
    raw = _array("time", time)
    if raw.dtype.kind == "M" and np.datetime_data(raw.dtype)[0] != "generic":
        unit, number = np.datetime_data(raw.dtype)
        coarse = {"Y": 365 * 86400.0, "M": 30 * 86400.0, "W": 7 * 86400.0, "D": 86400.0, "h": 3600.0}
        return number * coarse.get(unit, 0.0)
    days = [v for v in raw.ravel() if isinstance(v, datetime.date)] if raw.dtype.kind == "O" else []
    return 86400.0 if days and not any(isinstance(v, datetime.datetime) for v in days) else 0.0


def years(name: str, year: object, *, missing: bool = False) -> Floats:
    """Calendar years (or numbered seasons) as whole floats; datetimes give the year of their own calendar.

    A year beyond 9999, one that stands 80 years or more from every other, or years that run over more than
    400 are typing errors and refused by value.
    """
    raw = np.ma.getdata(year) if isinstance(year, np.ma.MaskedArray) else year
    at = _array(name, raw)
    if at.dtype.kind == "O" and not _only_numbers(at):
        at = _of_dates(name, at, wall=True)
    if at.dtype.kind == "M":
        _since(name, at)
        at = np.where(np.isnat(at), np.nan, at.astype("datetime64[Y]").astype(np.int64) + 1970.0)
    if isinstance(year, np.ma.MaskedArray):
        at = np.ma.array(at, mask=np.atleast_1d(np.ma.getmaskarray(year)))
    out = numbers(name, at, whole=True, missing=missing)
    known = np.unique(out[~np.isnan(out)])
    if known.size == 0:
        return out
    if np.abs(known).max() > 9999:
        odd = known[np.argmax(np.abs(known))]
        raise EcostatError(f"{name} holds {odd:.0f}, which is no year: was it mistyped?")
    apart = np.diff(known)
    if known[-1] - known[0] > _SPAN or (apart.size and apart.max() >= _GAP):
        middle = float(np.median(out[~np.isnan(out)]))
        odd = known[np.argmax(np.abs(known - middle))]
        raise EcostatError(
            f"{name} holds {odd:.0f} among years around {middle:.0f}, with {apart.max():.0f} years of nothing "
            "between: was it mistyped?"
        )
    return out


def _array(name: str, values: object) -> NDArray:
    try:
        return np.atleast_1d(np.asarray(values))
    except (ValueError, TypeError) as error:
        raise EcostatError(f"{name} is no column of times: its rows differ in length") from error


def _since(name: str, at: NDArray) -> Floats:
    if np.datetime_data(at.dtype)[0] == "generic":
        at = at.astype("datetime64[s]")
    known = ~np.isnat(at)
    # a unit wider than seconds overflows in silence, so the calendar is checked in the unit given
    coarse = at[known].astype("datetime64[Y]").astype(np.int64) if known.any() else np.zeros(0, np.int64)
    if (np.abs(coarse + 1970) > 9999).any() or (coarse + 1970 < 1).any():
        raise EcostatError(f"{name} holds a date outside the years 1 to 9999")
    out = np.full(at.shape, np.nan)
    out[known] = at[known].astype("datetime64[us]").astype(np.int64) / 1e6
    return out


def _only_numbers(at: NDArray) -> bool:
    return all(
        is_missing(v) or (isinstance(v, int | float | np.number) and not isinstance(v, np.timedelta64))
        for v in at.ravel()
    )


def _of_dates(name: str, at: NDArray, wall: bool = False) -> NDArray[np.datetime64]:
    out = np.full(at.shape, np.datetime64("NaT"), dtype="datetime64[us]")
    zoned = {v.tzinfo is not None for v in at if isinstance(v, datetime.datetime) and not is_missing(v)}
    if len(zoned) > 1:
        raise EcostatError(f"{name} mixes datetimes with and without a zone: write every time in one way")
    for i, value in enumerate(at):
        if is_missing(value):
            continue
        if isinstance(value, datetime.datetime):
            if value.tzinfo is not None and not wall:
                value = value.astimezone(datetime.UTC).replace(tzinfo=None)
            out[i] = np.datetime64(value.replace(tzinfo=None), "us")
        elif isinstance(value, datetime.date):
            out[i] = np.datetime64(value, "us")
        elif isinstance(value, np.datetime64):
            _since(name, np.atleast_1d(value))
            out[i] = value.astype("datetime64[us]")
        else:
            raise EcostatError(
                f"{name} must be datetimes or numbers; it holds {type(value).__name__} ({value!r:.40})"
            )
    return out
