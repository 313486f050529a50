"""The columns of a design matrix made from named covariates, with what is needed to make them again."""

import datetime
import decimal
import math
import numbers
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat.covariates.formula import Formula, Variable
from ecostat.errors import EcostatError
from ecostat.floats import Floats
from ecostat.gates.numbers import checked, is_missing, uncoded

#: A number written as text, with a decimal point or comma; and how programs write that nothing is known.
_WRITTEN = re.compile(r"[+-]?[\d.,\s]*\d[\d.,\s]*(e[+-]?\d+)?%?|[+-]?inf(inity)?", re.IGNORECASE)
_NOTHING = {"nan", "NaN", "NA", "N/A", "<NA>", "NaT", "None", "NULL", "null"}


@dataclass(frozen=True)
class Scale:
    """A number is centred and divided by `spread`; `low` and `high` are the values met, as given."""

    centre: float
    spread: float
    low: float
    high: float


@dataclass(frozen=True)
class Levels:
    """The classes of a factor in sorted order; the first is what the others are compared with."""

    names: tuple[object, ...]


@dataclass(frozen=True)
class Columns:
    """A formula with the scaling and levels learnt from the data it was fitted to."""

    formula: Formula
    coding: Mapping[Variable, Scale | Levels]

    @property
    def names(self) -> tuple[str, ...]:
        """The label of each column."""
        out = ["intercept"] if self.formula.intercept else []
        for term in self.formula.terms:
            labels = [""]
            for v in term:
                own = self.coding[Variable(v.name, v.through)]
                mine = [v.label] if isinstance(own, Scale) else [f"{v.label}[{n}]" for n in own.names[1:]]
                labels = [f"{a}:{b}" if a else b for a in labels for b in mine]
            out += labels
        return tuple(out)

    def matrix(
        self, data: Mapping[str, ArrayLike], shape: tuple[int, ...] | None = None
    ) -> tuple[Floats, NDArray[np.bool_]]:
        """The design (*shape, k) of raw values, NaN where one is unknown, and where a number lies outside
        the values met. Without `shape` the arrays are spread over each other."""
        read = {v: values(data, v.name) for v in self.formula.variables}
        if shape is None:
            shape = _common(read, data)
        spread = {v: _over(a, shape, v.name) for v, a in read.items()}
        outside = np.zeros(shape, bool)
        coded: dict[Variable, list[Floats]] = {}
        for v, a in spread.items():
            own = self.coding[v]
            if isinstance(own, Levels):
                coded[v] = _dummies(a, own, v.name)
            else:
                raw = _number(a, v.name)
                with np.errstate(invalid="ignore"):
                    outside |= (raw < own.low) | (raw > own.high)
                coded[v] = [(_through(raw, v) - own.centre) / own.spread]
        columns = [np.ones(shape)] if self.formula.intercept else []
        for term in self.formula.terms:
            products: list[Floats] = [np.ones(shape)]
            for v in term:
                mine = coded[Variable(v.name, v.through)]
                products = [a * b**v.power for a in products for b in mine]
            columns += products
        return np.stack(columns, axis=-1), outside


def learn(formula: Formula, data: Mapping[str, ArrayLike], shape: tuple[int, ...]) -> Columns:
    """The scaling (mean 0 and standard deviation 1, unless `raw`) and the levels are taken from the data.

    A column of text, of true and false, or inside `factor()` is a factor. A column that never varies, or
    holds a value its function cannot take, is refused by name.
    """
    coding: dict[Variable, Scale | Levels] = {}
    for v in formula.variables:
        a = _over(values(data, v.name), shape, v.name)
        if v.through != "factor" and _is_factor(a):
            _refuse_written_numbers(a, v.name)
        coding[v] = _levels(a, v.name) if v.through == "factor" or _is_factor(a) else _scale(a, v)
    if not formula.intercept and not formula.terms:
        raise EcostatError("The formula has neither an intercept nor a column.")
    return Columns(formula, coding)


def values(data: Mapping[str, ArrayLike], name: str) -> NDArray[Any]:
    """The named column as numbers (NaN where masked or unknown), classes of text, or true and false.

    Anything else, and a mixture of these, is refused: a number among texts would make a class of each number.
    """
    try:
        column = data[name]
    except (KeyError, TypeError) as error:
        raise EcostatError(f"The covariate {name!r} is named in the formula but not given.") from error
    try:
        a = np.asarray(np.ma.getdata(column))
        if a.dtype.kind in "USO" and not isinstance(column, np.ndarray):  # numpy writes [1.5, "x"] as text
            a = np.asarray(column, dtype=object)
    except (ValueError, TypeError) as error:
        raise EcostatError(f"The covariate {name!r} has rows of unequal length.") from error
    if a.dtype.kind not in "biufUSO":
        raise EcostatError(f"The covariate {name!r} holds values of type {a.dtype}: give numbers or classes.")
    hidden = np.ma.getmaskarray(column) if isinstance(column, np.ma.MaskedArray) else np.zeros(a.shape, bool)
    if hidden.any():
        a = a.astype(float if a.dtype.kind in "iuf" else object)
        a[hidden] = math.nan
    return _of_one_kind(a, name) if a.dtype.kind == "O" else a


def _of_one_kind(a: NDArray, name: str) -> NDArray[Any]:
    """Objects as numbers where they are numbers; text, true and false stay."""
    known = [v for v in a.ravel().tolist() if not _missing(v)]
    kinds = {_kind(v) for v in known}
    if len(kinds) > 1 or kinds & {"dates", "other things"}:
        told = " and ".join(sorted(kinds))
        raise EcostatError(f"The covariate {name!r} holds {told}: give numbers, or classes of text.")
    if kinds == {"numbers"} or not kinds:
        return np.array([math.nan if _missing(v) else float(v) for v in a.ravel()], float).reshape(a.shape)
    return a


def _kind(value: object) -> str:
    if isinstance(value, bool | np.bool_):
        return "true and false"
    if isinstance(value, str | bytes):
        return "text"
    if isinstance(value, numbers.Real | decimal.Decimal):
        return "numbers"
    return "dates" if isinstance(value, datetime.date | np.datetime64) else "other things"


def _is_factor(a: NDArray) -> bool:
    """Whether a column holds classes rather than numbers."""
    return a.dtype.kind in "OUSb"


def _missing(value: object) -> bool:
    """Whether a class is unknown: None, NaN, NA, or an empty text."""
    return is_missing(value) or (isinstance(value, str | bytes) and not value.strip())


def _number(a: NDArray, name: str) -> Floats:
    """A column of numbers; text and infinite ones are refused."""
    if a.dtype.kind in "OUS":
        raise EcostatError(f"The covariate {name!r} was fitted as a number; these values are none.")
    found = checked(f"The covariate {name!r}", np.array(a, np.float64))
    uncoded(f"The covariate {name!r}", found.reshape(-1))
    return found


def _through(raw: Floats, v: Variable) -> Floats:
    """The number through the variable's function."""
    if v.through not in ("log", "sqrt"):
        return raw
    with np.errstate(invalid="ignore"):
        if np.any(raw < 0) or (v.through == "log" and np.any(raw == 0)):
            raise EcostatError(f"{v.label} cannot be taken: {v.name!r} holds {np.nanmin(raw):g}.")
    return np.log(raw) if v.through == "log" else np.sqrt(raw)


def _scale(a: NDArray, v: Variable) -> Scale:
    """Mean and standard deviation of the known values."""
    raw = _number(a, v.name)
    if np.isnan(raw).all():
        raise EcostatError(f"Every value of the covariate {v.name!r} is unknown.")
    used = _through(raw, v)
    low, high, centre, spread = np.nanmin(raw), np.nanmax(raw), np.nanmean(used), np.nanstd(used)
    if not spread > 1e-12 * max(abs(float(centre)), abs(float(spread))):
        raise EcostatError(f"The covariate {v.name!r} has the same value everywhere: leave it out.")
    return Scale(0.0 if v.through == "raw" else float(centre), 1.0 if v.through == "raw" else float(spread),
                 float(low), float(high))  # fmt: skip


def _refuse_written_numbers(a: NDArray, name: str) -> None:
    for value in a.ravel().tolist():
        if isinstance(value, str) and _WRITTEN.fullmatch(value.strip()):
            raise EcostatError(
                f"The covariate {name!r} holds the number {value!r} as text: give numbers, or write "
                f"factor({name}) where it is a class."
            )


def _levels(a: NDArray, name: str) -> Levels:
    """The known classes in sorted order."""
    met = {v for v in a.ravel().tolist() if not _missing(v)}
    for word in met & _NOTHING:
        raise EcostatError(
            f"The covariate {name!r} holds the text {word!r}: write None where nothing is known."
        )
    if len(met) < 2:
        raise EcostatError(f"The factor {name!r} has {len(met)} class: leave it out.")
    return Levels(tuple(sorted(met, key=lambda v: (str(type(v)), v))))


def _dummies(a: NDArray, levels: Levels, name: str) -> list[Floats]:
    """One column of 0 and 1 for each class but the first, NaN where the class is unknown."""
    flat = a.ravel().tolist()
    number = {level: i for i, level in enumerate(levels.names)}
    if strange := sorted({str(v) for v in flat if not _missing(v) and v not in number}):
        raise EcostatError(f"The factor {name!r} has no class {strange[0]!r} in the data it was fitted to.")
    code = np.array([math.nan if _missing(v) else number[v] for v in flat], float).reshape(a.shape)
    unknown = np.isnan(code)
    return [np.where(unknown, np.nan, code == i) for i in range(1, len(levels.names))]


def _over(a: NDArray, shape: tuple[int, ...], name: str) -> NDArray[Any]:
    """The column spread over `shape`, its own axes being the first ones (one a site, or one a visit)."""
    if a.shape == shape or a.ndim == 0:
        return np.broadcast_to(a, shape)
    if a.ndim < len(shape) and a.shape == shape[: a.ndim]:
        return np.broadcast_to(a.reshape(a.shape + (1,) * (len(shape) - a.ndim)), shape)
    try:
        return np.broadcast_to(a, shape) if a.ndim == len(shape) else _refuse(a, shape, name)
    except ValueError:
        return _refuse(a, shape, name)


def _refuse(a: NDArray, shape: tuple[int, ...], name: str) -> NDArray[Any]:
    """The sentence on a column of another shape."""
    wanted = " or ".join(str(shape[: i + 1]) for i in range(len(shape)))
    raise EcostatError(f"The covariate {name!r} has shape {a.shape}; {wanted} is needed.")


def _common(read: Mapping[Variable, NDArray], data: Mapping[str, ArrayLike]) -> tuple[int, ...]:
    """The shape that the columns have together; of everything given when the formula names nothing."""
    shapes = [a.shape for a in read.values()] or [np.shape(data[name]) for name in data]
    try:
        found = np.broadcast_shapes(*shapes)
    except ValueError as error:
        raise EcostatError(f"The covariates have shapes that do not go together: {shapes}.") from error
    return found or (1,)
