"""The arguments of a plan read through the gates: columns, amounts, edges, neighbours, limits."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.errors import EcostatError
from ecostat.planning.constraints import Limit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def column(values: ArrayLike, what: str) -> Floats:
    """One known number, zero or more, a unit."""
    x = gates.numbers(what, values)
    if x.size == 0:
        raise EcostatError(f"{what} must be one number a unit, not an array of shape {x.shape}")
    bad = np.flatnonzero(~np.isfinite(x) | (x < 0))
    if bad.size:
        raise EcostatError(
            f"{what} of units {few(bad)} is negative or unknown; leave such units out or give them a {what}"
        )
    return x


def row(values: ArrayLike, m: int, what: str, names: tuple[str, ...]) -> Floats:
    """One known number, zero or more, a feature; a single number stands for all."""
    given = gates.numbers(what, values)
    if given.size not in (1, m):
        raise EcostatError(f"{what} has {given.size} values for {m} features")
    x = np.broadcast_to(given, (m,)).copy()
    bad = np.flatnonzero(~np.isfinite(x) | (x < 0))
    if bad.size:
        raise EcostatError(f"{what} of {names[bad[0]]} is {x[bad[0]]:g}: it must be known and not negative")
    return x


def amounts(amount: Any, n: int) -> sp.csc_array:
    """Features × units, known and not negative, in column order."""
    rows = sp.csc_array(
        amount if sp.issparse(amount) else np.atleast_2d(gates.numbers("amount", amount, dims=(1, 2)))
    )
    if rows.shape[1] != n:
        raise EcostatError(f"amount must be features × units: it is {rows.shape}, and there are {n} units")
    rows = rows.astype(np.float64)
    rows.sum_duplicates()
    rows.eliminate_zeros()
    if not np.isfinite(rows.data).all() or (rows.data < 0).any():
        raise EcostatError(
            "amount must be known and not negative: unknown is not zero, decide before planning"
        )
    return rows


def edges(boundary: Any, n: int, penalty: float) -> tuple[Ints, Ints, Floats, Floats]:
    """Both ends and the price of each shared edge, and the outer edge of each unit; empty without a penalty."""
    none = np.zeros(0, np.int64)
    if penalty == 0:
        return none, none, np.zeros(0), np.zeros(n)
    if boundary is None:
        raise EcostatError("a boundary penalty needs the boundary lengths (units × units)")
    lengths = square(boundary, n, "boundary")
    if (lengths.data < 0).any():
        raise EcostatError("boundary lengths must not be negative")
    upper = sp.coo_array(sp.triu(lengths, 1))
    left, right = upper.coords[0].astype(np.int64), upper.coords[1].astype(np.int64)
    return left, right, upper.data * penalty, lengths.diagonal()


def square(matrix: Any, n: int, what: str) -> sp.csr_array:
    """A symmetric units × units matrix of known numbers."""
    found = sp.csr_array(matrix if sp.issparse(matrix) else gates.numbers(what, matrix, dims=2))
    if found.dtype.kind not in "biuf":
        raise EcostatError(f"{what} holds {found.dtype}, not numbers")
    found = found.astype(np.float64)
    if found.shape != (n, n):
        raise EcostatError(f"{what} must be units × units ({n} × {n}), not {found.shape}")
    if not np.isfinite(found.data).all():
        raise EcostatError(f"{what} holds an unknown length")
    if abs(found - found.T).max() > 1e-9 * max(1.0, abs(found).max()):
        raise EcostatError(f"{what} must be symmetric")
    found.eliminate_zeros()
    return found


def beside(adjacency: Any, boundary: Any, n: int) -> sp.csr_array:
    """1 where two units lie side by side."""
    source = adjacency if adjacency is not None else boundary
    if source is None:
        raise EcostatError("neighbours and contiguity need the adjacency (units × units) or the boundary")
    given = sp.coo_array(square(source, n, "adjacency"))
    one, other = given.coords
    apart = one != other
    return sp.csr_array((np.ones(int(apart.sum())), (one[apart], other[apart])), shape=(n, n))


def linear(limits: Sequence[Limit], n: int) -> tuple[sp.csr_array, Floats, Floats, tuple[str, ...]]:
    """The linear limits as rows, what they may be at least and at most, and their names."""
    rows, low, high, names = [], [], [], []
    if not isinstance(limits, Limit | Sequence) or isinstance(limits, str | bytes):
        raise EcostatError(f"limits must be a list of planning.Limit, not {type(limits).__name__}")
    for k, limit in enumerate([limits] if isinstance(limits, Limit) else limits):
        if not isinstance(limit, Limit):
            raise EcostatError(f"limits[{k}] must be planning.Limit, not {type(limit).__name__}")
        name = f"limit {k}" if limit.name == "limit" else str(limit.name)
        rows.append(_lines(name, limit.amount, n))
        count = rows[-1].shape[0]
        least = gates.number(f"least of {name}", limit.least, infinite=True)
        most = gates.number(f"most of {name}", limit.most, infinite=True)
        if least > most:
            raise EcostatError(f"{name} asks for at least {least:g} and at most {most:g}")
        low += [least] * count
        high += [most] * count
        names += [name] if count == 1 else [f"{name} ({i})" for i in range(count)]
    block = sp.csr_array(sp.vstack(rows)) if rows else sp.csr_array((0, n))
    return block, np.array(low, np.float64), np.array(high, np.float64), tuple(names)


def _lines(name: str, amount: Any, n: int) -> sp.csr_array:
    """The amounts of one limit (units,), or of several alike (limits, units), as sparse rows."""
    if not sp.issparse(amount):
        return sp.csr_array(np.atleast_2d(gates.numbers(name, amount, size=n, missing=False)))
    found = sp.csr_array(amount).astype(np.float64)
    if found.shape[1] != n or not np.isfinite(found.data).all():
        raise EcostatError(f"{name} must be known amounts (limits × {n} units), not {found.shape}")
    return found


def named(features: object, m: int) -> tuple[str, ...]:
    """One name a feature, "feature 0", "feature 1" … when none are given."""
    if features is None:
        return tuple(f"feature {j}" for j in range(m))
    given = gates.labels("features", features)
    if given.size != m:
        raise EcostatError(f"features has {given.size} names for {m} features")
    return tuple(str(name) for name in given)


def few(units: NDArray[np.intp] | Ints) -> str:
    """The first unit numbers, and how many more."""
    said = ", ".join(str(int(u)) for u in units[:5])
    return said + (f" and {units.size - 5} more" if units.size > 5 else "")
