"""Choices: which rows, which way, yes or no, and the dice."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ecostat.errors import EcostatError
from ecostat.gates.numbers import checked, numbers

Bools = NDArray[np.bool_]
Kind = TypeVar("Kind")


def mask(name: str, values: object, *, size: int | None = None) -> Bools:
    """One yes or no a row, as booleans or 0 and 1; a missing one is refused."""
    out = numbers(name, values, size=size, missing=False)
    if not np.isin(out, (0.0, 1.0)).all():
        odd = out[~np.isin(out, (0.0, 1.0))][0]
        raise EcostatError(f"{name} holds {odd:g}: it must be 0 or 1, True or False, one a row")
    return out == 1


def selection(name: str, values: object, size: int, what: str = "unit") -> Bools:
    """Some of `size` units, as a mask (one yes or no a unit) or as unit numbers from 0.

    A column of 0 and 1 as long as there are units is a mask. Where both readings make sense ([0, 1] of two
    units) it is refused: booleans are always plain. Numbers that repeat are no selection and refused too.
    """
    if values is None:
        return np.zeros(size, dtype=bool)
    raw = np.ma.getdata(values) if isinstance(values, np.ma.MaskedArray) else values
    plain = isinstance(raw, np.ndarray) and raw.dtype == bool
    if not plain and isinstance(raw, Sequence) and not isinstance(raw, str | bytes):
        plain = len(raw) > 0 and all(isinstance(v, bool | np.bool_) for v in raw)
    out = numbers(name, values, missing=False)
    binary = bool(np.isin(out, (0.0, 1.0)).all())
    if plain or (binary and out.size == size and np.unique(out).size < out.size):
        if out.size != size:
            raise EcostatError(f"{name} is a mask of {out.size} {what}s where there are {size}")
        return out == 1
    if binary and out.size == size and size and out.max(initial=0) < size:
        raise EcostatError(
            f"{name} may be a mask or {what} numbers: give it as booleans (True, False), one a {what}"
        )
    if binary and out.size == size:
        return out == 1
    checked(name, out, low=0, high=size - 1, whole=True)
    chosen = out.astype(np.intp)
    if np.unique(chosen).size < chosen.size:
        raise EcostatError(
            f"{name} repeats {what} numbers: a mask has one entry for each of the {size} {what}s, numbers "
            "name each once"
        )
    found = np.zeros(size, dtype=bool)
    found[chosen] = True
    return found


def flag(name: str, value: object) -> bool:
    """True or False, also as numpy writes them; nothing else."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    raise EcostatError(f"{name} must be True or False, not {value!r:.40}")


def choice(name: str, value: object, options: Sequence[object]) -> None:
    """One of a few words, or an EcostatError that lists them."""
    try:
        known = any(type(value) is type(o) and value == o for o in options)
    except (TypeError, ValueError):
        known = False
    if not known:
        told = ", ".join(f'"{o}"' if isinstance(o, str) else str(o) for o in options)
        raise EcostatError(f"{name} is one of {told}, not {value!r:.60}")


def generator(name: str, rng: object) -> np.random.Generator:
    """The dice: a numpy Generator, or a whole number that seeds one."""
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, int | np.integer) and not isinstance(rng, bool | np.timedelta64) and rng >= 0:
        return np.random.default_rng(int(rng))
    raise EcostatError(
        f"{name} must be numpy.random.default_rng(seed), or a seed that is a whole number, not {rng!r:.60}"
    )


def keep(record: object, **read: object) -> None:
    """A frozen record holds what its gates read, so that a Decimal or a text in disguise goes no further."""
    for name, value in read.items():
        object.__setattr__(record, name, value)


def instance(name: str, value: object, kind: type[Kind], made_by: str) -> Kind:
    """The result of another call, or an EcostatError that says which call makes it."""
    if not isinstance(value, kind):
        raise EcostatError(f"{name} must be what {made_by} gives, not {type(value).__name__}")
    return value


def instances(name: str, values: object, kind: type[Kind], made_by: str) -> tuple[Kind, ...]:
    """A list of results of another call, or the one given."""
    if isinstance(values, kind):
        return (values,)
    if not isinstance(values, Sequence) or isinstance(values, str | bytes) or not len(values):
        raise EcostatError(f"{name} must be a list of what {made_by} gives, not {values!r:.60}")
    return tuple(instance(f"{name}[{i}]", v, kind, made_by) for i, v in enumerate(values))
