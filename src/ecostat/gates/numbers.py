"""Columns, tables and single numbers: floats with NaN where nothing is known, within stated limits."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ecostat.errors import EcostatError

Floats = NDArray[np.float64]

# beyond the one a double no longer counts in ones, below the other powers and quotients leave its range
MOST, LEAST = 1e15, 1e-100

# what tables write where nothing was counted, beside -1 and -9999
_NO_DATA = (-999, -9999, -99999, -32768, -2147483648, 9999, 99999, 32767, 65535, 2147483647)
_CODES = (999, 9999, 99999, 999999, 32767, 65535, 2147483647, 4294967295)


def numbers(
    name: str,
    values: object,
    *,
    dims: int | tuple[int, ...] = 1,
    size: int | None = None,
    each: str = "",
    low: float | None = None,
    high: float | None = None,
    above: float | None = None,
    whole: bool = False,
    missing: bool = True,
    infinite: bool = False,
) -> Floats:
    """The argument `name` as float64, NaN where it is masked, None, NA or NaN.

    `dims`: how many dimensions it may have (a single number passes as a column of one); `size`: the length of
    the first, which is one for `each` of something; `low` ≤ value ≤ `high`, value > `above`; `whole` numbers
    only; `missing=False` refuses NaN; `infinite=True` lets ±inf pass. Raises EcostatError that names the
    argument and the first bad place.
    """
    out = _floats(name, values)
    shapes = (dims,) if isinstance(dims, int) else dims
    if out.ndim == 0 and 1 in shapes and 0 not in shapes:
        out = out.reshape(1)
    if out.ndim not in shapes:
        wanted = " or ".join(
            {0: "a number", 1: "a column", 2: "a table", 3: "a block of three sides"}[d] for d in shapes
        )
        raise EcostatError(f"{name} must be {wanted}; it has {out.ndim} dimensions, shape {out.shape}")
    if out.ndim > 1:  # sums run in one order, whatever the order of the columns in memory
        out = np.ascontiguousarray(out)
    if size is not None and out.shape[0] != size:
        raise EcostatError(f"{name} has {out.shape[0]} values where {size} are needed{each and ', '}{each}")
    return checked(
        name, out, low=low, high=high, above=above, whole=whole, missing=missing, infinite=infinite
    )


def checked(
    name: str,
    out: Floats,
    *,
    low: float | None = None,
    high: float | None = None,
    above: float | None = None,
    whole: bool = False,
    missing: bool = True,
    infinite: bool = False,
) -> Floats:
    """The same floats, or an EcostatError at the first that lies outside the limits."""
    if above is not None or (
        low is not None and low >= 0
    ):  # amounts: a score or a residue of zero may be tiny
        _refuse(
            name, out, (np.abs(out) < LEAST) & (out != 0), f"is too small to compute with (below {LEAST:g})"
        )
    least, most = (float(out.min()), float(out.max())) if out.size else (0.0, 0.0)
    in_reach = least >= max(-MOST, -MOST if low is None else low) and most <= min(
        MOST, MOST if high is None else high
    )
    if in_reach and (above is None or least > above or not out.size) and not whole:
        return out  # the common case takes two passes; NaN makes every comparison false
    unknown = np.isnan(out)
    if not missing:
        _refuse(name, out, unknown, "is missing, and this figure cannot do without it")
    past = np.abs(out) > MOST
    if infinite:
        past &= ~np.isinf(out)
    _refuse(name, out, past, f"is infinite or too large to compute with (the most is {MOST:g})")
    if low is not None:
        why = (
            "is negative: it must be zero or more"
            if low == 0
            else f"lies below {low:g}, the least there can be"
        )
        _refuse(name, out, out < low, why)
    if above is not None:
        _refuse(name, out, out <= above, f"must lie above {above:g}")
    if high is not None:
        _refuse(name, out, out > high, f"lies above {high:g}, the most there can be")
    if whole:
        with np.errstate(invalid="ignore"):
            _refuse(name, out, ~unknown & (np.floor(out) != out), "is not a whole number")
    return out


def counted(name: str, out: Floats) -> Floats:
    """The same counts, or an EcostatError where the largest is a code for "not counted".

    999, 9999, 32767 … more than ten times as large as every other count are read as such a code.
    """
    known = np.unique(out[~np.isnan(out)])
    if known.size > 1 and known[-1] in _CODES and known[-1] > 10 * known[-2]:
        raise EcostatError(
            f"{name} holds {known[-1]:g} beside counts up to {known[-2]:g}: it looks like a code for unknown; "
            "write NaN where nothing was counted"
        )
    return out


def uncoded(name: str, table: Floats) -> Floats:
    """The same columns of covariates, or an EcostatError where one holds a code for "no data".

    -9999, -32768 … or 9999, 65535 … that lie ten times the range of all other values beyond them are such codes.
    """
    if not table.size or not np.isin(table, _NO_DATA).any():
        return table
    columns = table.reshape(-1, table.shape[-1]) if table.ndim > 1 else table[:, None]
    for j, column in enumerate(columns.T):
        coded = np.isin(column, _NO_DATA)
        rest = column[~coded & np.isfinite(column)]
        if not coded.any() or rest.size < 2:
            continue
        apart = np.maximum(rest.min() - column[coded], column[coded] - rest.max()).max()
        if apart > 10 * np.ptp(rest) > 0:
            raise EcostatError(
                f"{name} holds {column[coded][0]:g} in column {j}, far from all else: it looks like a code for "
                "no data; write NaN instead"
            )
    return table


def number(
    name: str,
    value: object,
    *,
    low: float | None = None,
    high: float | None = None,
    above: float | None = None,
    below: float | None = None,
    infinite: bool = False,
) -> float:
    """One number that is known, within limits; True and False are no numbers."""
    if isinstance(value, bool | np.bool_):
        raise EcostatError(f"{name} must be a number, not {value}")
    out = _floats(name, value)
    if out.ndim:
        raise EcostatError(f"{name} must be one number; it is an array of shape {out.shape}")
    checked(name, out.reshape(1), low=low, high=high, above=above, missing=False, infinite=infinite)
    found = float(out.reshape(()))
    if below is not None and not found < below:
        raise EcostatError(f"{name} must lie below {below:g}; it is {found:g}")
    return found


def whole(name: str, value: object, *, low: int | None = None, high: int | None = None) -> int:
    """One whole number within limits."""
    found = number(name, value, low=low, high=high)
    if found % 1:
        raise EcostatError(f"{name} must be a whole number; it is {found:g}")
    return int(found)


def share(name: str, value: object, *, ends: bool = True) -> float:
    """One number from 0 to 1; `ends=False` leaves out 0 and 1 themselves, and what computes as they do."""
    if ends:
        return number(name, value, low=0, high=1)
    found = number(name, value)
    if not 1e-9 < found < 1 - 1e-9:
        raise EcostatError(f"{name} must lie between 0 and 1, at neither end; it is {found:g}")
    return found


def alike(**columns: NDArray) -> int:
    """The one length of all columns, or an EcostatError that names them with theirs."""
    lengths = {name: column.shape[0] for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise EcostatError(f"{' and '.join(lengths)} must be equally long: {told} values")
    return next(iter(lengths.values()))


def rows(name: str, values: object) -> NDArray[np.int64]:
    """Whole numbers that name rows, of either sign; True and False name none."""
    if _flags(values):
        raise EcostatError(f"{name} must be row numbers from 0, not a mask of True and False")
    return numbers(name, values, whole=True, missing=False).astype(np.int64)


def pick(name: str, values: object, size: int) -> NDArray[np.intp]:
    """Row numbers from 0 to size − 1; a fraction, a negative or a number past the end is refused."""
    found = rows(name, values)
    _refuse(name, found.astype(np.float64), found < 0, "is negative: rows are numbered from 0")
    _refuse(name, found.astype(np.float64), found >= size, f"is no row: there are {size}, numbered from 0")
    return found.astype(np.intp)


def _flags(values: object) -> bool:
    if isinstance(values, np.ndarray):
        return values.dtype.kind == "b"
    return isinstance(values, list | tuple) and bool(values) and all(isinstance(v, bool) for v in values)


def _floats(name: str, values: object) -> Floats:
    if isinstance(values, np.ma.MaskedArray):
        hidden = np.ma.getmaskarray(values)
        out = _floats(name, np.ma.getdata(values)).copy()
        out[hidden] = np.nan
        return out
    if isinstance(values, np.ndarray) and values.dtype == np.float64:
        return values
    try:
        raw = np.asarray(values)
    except (ValueError, TypeError) as error:  # rows of unequal length
        raise EcostatError(f"{name} is no array: its rows differ in length") from error
    if raw.dtype.kind in "biuf":
        return raw.astype(np.float64)
    if raw.dtype.kind == "O":
        return _of_objects(name, raw)
    kind = {"U": "text", "S": "text", "T": "text", "M": "dates", "m": "durations", "c": "complex numbers"}
    example = f" ({raw.flat[0]!s:.40})" if raw.size else ""
    raise EcostatError(f"{name} holds {kind.get(raw.dtype.kind, str(raw.dtype))}{example}, not numbers")


def _of_objects(name: str, raw: NDArray) -> Floats:
    out = np.empty(raw.size)
    for i, value in enumerate(raw.ravel()):
        if is_missing(value):
            out[i] = np.nan
        elif isinstance(value, str | bytes):
            raise EcostatError(f"{name} holds text ({value!r:.40}), not numbers")
        else:
            try:
                out[i] = float(value)
            except (TypeError, ValueError, OverflowError):
                raise EcostatError(
                    f"{name} holds {type(value).__name__} ({value!r:.40}), not numbers"
                ) from None
    return out.reshape(raw.shape)


def is_missing(value: object) -> bool:
    """Whether one object is the way somebody writes nothing: None, NaN, NaT, NA or masked."""
    if value is None or value is np.ma.masked or type(value).__name__ in ("NAType", "NaTType"):
        return True
    if isinstance(value, np.datetime64 | np.timedelta64):
        return bool(np.isnat(value))
    return isinstance(value, float | np.floating) and bool(np.isnan(value))


def _refuse(name: str, out: Floats, wrong: NDArray[np.bool_], why: str) -> None:
    if not wrong.any():
        return
    at: Sequence[int] = tuple(int(i) for i in np.argwhere(wrong)[0])
    value = out[tuple(at)]
    where = "" if out.size == 1 else f"[{', '.join(map(str, at))}]"
    raise EcostatError(f"{name}{where}{'' if np.isnan(value) else f' = {value:g}'} {why}")
