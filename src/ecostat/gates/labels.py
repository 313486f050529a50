"""Names of things: one a row, none missing, all of one kind."""

import numpy as np
from numpy.typing import NDArray

from ecostat.errors import EcostatError
from ecostat.gates.numbers import is_missing


def labels(name: str, values: object, *, size: int | None = None, missing: bool = False) -> NDArray:
    """A column of names: text, whole numbers, dates or booleans, sortable among themselves.

    A masked, None or NaN name is refused, or with `missing=True` becomes None in a column of objects. Text
    and numbers in one column are refused: 1 and "1" may or may not be one site.
    """
    hidden = None
    if isinstance(values, np.ma.MaskedArray):
        hidden = np.atleast_1d(np.ma.getmaskarray(values))
        values = np.ma.getdata(values)
    try:
        column = np.atleast_1d(np.asarray(values))
    except (ValueError, TypeError) as error:
        raise EcostatError(f"{name} is no column of names: its rows differ in length") from error
    if column.ndim != 1:
        raise EcostatError(f"{name} must be one column of names, not of shape {column.shape}")
    if size is not None and column.size != size:
        raise EcostatError(f"{name} has {column.size} values where {size} are needed")
    if column.dtype.kind not in "biufOUSTMm":
        raise EcostatError(f"{name} holds {column.dtype}, which names nothing")
    absent = _absent(column)
    if hidden is not None:
        absent |= hidden
    if absent.any():
        if not missing:
            raise EcostatError(
                f"{name}[{int(np.flatnonzero(absent)[0])}] is missing: leave such rows out or name them "
                "'unknown'"
            )
        column = column.astype(object)
        column[absent] = None
    if column.dtype.kind == "f" and np.isinf(column).any():
        raise EcostatError(f"{name} holds an infinite number, which names nothing")
    if column.dtype.kind == "O":
        _one_kind(name, column[~absent])
    return column


def numbered(name: str, values: object, *, size: int | None = None) -> tuple[NDArray, NDArray[np.intp]]:
    """The distinct names in order, and the number of each row's name."""
    names, code = np.unique(labels(name, values, size=size), return_inverse=True)
    return names, code.reshape(-1).astype(np.intp)


def _absent(column: NDArray) -> NDArray[np.bool_]:
    if column.dtype.kind == "f":
        return np.isnan(column)
    if column.dtype.kind in "Mm":
        return np.isnat(column)
    if column.dtype.kind == "O":
        return np.fromiter((is_missing(v) for v in column), dtype=bool, count=column.size)
    return np.zeros(column.size, dtype=bool)


def _one_kind(name: str, column: NDArray) -> None:
    kinds: set[type] = set()
    for kind in set(map(type, column.tolist())):
        if issubclass(kind, str):
            kinds.add(str)
        elif issubclass(kind, bool | int | float | np.number | np.bool_):
            kinds.add(float)
        elif kind.__hash__ is None:
            raise EcostatError(f"{name} holds {kind.__name__}, which names nothing")
        else:
            kinds.add(kind)
    if len(kinds) > 1:
        told = " and ".join(
            sorted("numbers" if k is float else "text" if k is str else k.__name__ for k in kinds)
        )
        raise EcostatError(f"{name} mixes {told}: write every name in one way")
    if kinds - {str, float}:
        try:
            np.unique(column)
        except TypeError as error:
            raise EcostatError(
                f"{name} holds {kinds.pop().__name__}, which cannot be put in order"
            ) from error
