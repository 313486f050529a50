"""The same values in another container give the same answer, or a refusal that says why."""

import decimal
import fractions
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ecostat.errors import EcostatError
from ecostat.tests.odd_input_test import outcome, same
from ecostat.tests.public_call import Call
from ecostat.tests.public_calls import CALLS


class Column:
    """A column of another library: an array only when numpy asks."""

    def __init__(self, values: np.ndarray) -> None:
        self.values_ = values

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.asarray(self.values_, dtype=dtype)

    def __len__(self) -> int:
        return len(self.values_)


def locked(a: np.ndarray) -> np.ndarray:
    """Read-only, as memory-mapped files and Arrow columns are."""
    out = a.copy()
    out.flags.writeable = False
    return out


def strided(a: np.ndarray) -> np.ndarray:
    """Every other place of a larger array."""
    wide = np.repeat(a, 2, axis=0)
    return wide[::2]


def backwards(a: np.ndarray) -> np.ndarray:
    """Negative strides."""
    return a[::-1].copy()[::-1]


def swapped(a: np.ndarray) -> np.ndarray:
    """The other order of bytes."""
    return a.astype(a.dtype.newbyteorder(">"))


def of_decimals(a: np.ndarray) -> np.ndarray:
    return np.array([decimal.Decimal(str(v)) for v in a.ravel().tolist()], dtype=object).reshape(a.shape)


def of_fractions(a: np.ndarray) -> np.ndarray | None:
    if not np.isfinite(a.astype(float)).all():
        return None
    return np.array([fractions.Fraction(v) for v in a.ravel().tolist()], dtype=object).reshape(a.shape)


def of_objects(a: np.ndarray) -> np.ndarray:
    return a.astype(object)


def zeros_below(a: np.ndarray) -> np.ndarray:
    """Zero written as -0.0."""
    out = a.astype(float)
    out[out == 0] = -0.0
    return out


def small(kind: str) -> Callable[[np.ndarray], np.ndarray | None]:
    """The narrowest types, in which sums and squares overflow; None where the values do not fit."""

    def cast(a: np.ndarray) -> np.ndarray | None:
        with np.errstate(all="ignore"):
            out = a.astype(kind)
        return out if np.array_equal(out.astype(float), a.astype(float)) else None

    return cast


ANY = {"read-only": locked, "strided": strided, "backwards": backwards, "another library's": Column}
NUMBERS: dict[str, Callable[[np.ndarray], Any]] = {
    **ANY, "other bytes": swapped, "Decimal": of_decimals, "Fraction": of_fractions, "objects": of_objects,
    "-0.0": zeros_below, "column order": np.asfortranarray,
    **{kind: small(kind) for kind in ("int8", "uint8", "int16", "uint64", "float16", "float32", "longdouble")},
}  # fmt: skip

COLUMNS = [
    (call, name, how)
    for call in CALLS
    for name, value in call.good.items()
    if isinstance(value, np.ndarray) and value.ndim and value.dtype.kind in "iufUM"
    for how in (NUMBERS if value.dtype.kind in "iuf" else ANY)
]


@pytest.mark.parametrize(("call", "name", "how"), COLUMNS, ids=[f"{c.name}-{n}-{h}" for c, n, h in COLUMNS])
def test_a_column_means_the_same_in_any_container(call: Call, name: str, how: str) -> None:
    given = NUMBERS[how](call.good[name])
    if given is None:
        pytest.skip("the values do not fit the type")
    found = outcome(lambda: call(**{name: given}))
    if isinstance(found, EcostatError):
        assert name in str(found), found
    else:
        assert same(found, outcome(lambda: call.answer))


@pytest.mark.parametrize("kind", [decimal.Decimal, fractions.Fraction, np.array], ids=lambda k: k.__name__)
@pytest.mark.parametrize("call", CALLS, ids=lambda c: c.name)
def test_a_number_means_the_same_in_any_type(call: Call, kind: Callable[[Any], Any]) -> None:
    numbers = {k: v for k, v in call.good.items() if type(v) in (int, float)}
    if not numbers:
        pytest.skip("no argument is a single number")
    given = {k: kind(repr(v)) if kind is decimal.Decimal else kind(v) for k, v in numbers.items()}
    found = outcome(lambda: call(**given))
    if isinstance(found, EcostatError):
        assert any(call.said.get(name, name) in str(found) for name in given), found
    else:
        assert same(found, outcome(lambda: call.answer))


@pytest.mark.parametrize("call", CALLS, ids=lambda c: c.name)
def test_a_call_leaves_its_arguments_as_they_were(call: Call) -> None:
    before = {name: value.copy() for name, value in call.good.items() if isinstance(value, np.ndarray)}
    outcome(call)
    for name, value in before.items():
        assert same(call.good[name], value) and call.good[name].dtype == value.dtype
