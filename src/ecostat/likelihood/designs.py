"""Design matrices: read, spread over visits, put on a common scale, and named."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import block_diag

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.floats import Floats


def design(
    x: ArrayLike | None, shape: tuple[int, ...], what: str
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The design matrix over `shape` (an intercept when None) and where all of its columns are known.

    A matrix over the first axes of `shape` alone is spread over the rest. Unknown values are set to 0 where
    the mask is False.
    """
    return gates.design(what, x, shape)


def standard(x: Floats, what: str) -> Floats:
    """The basis (k, k) that turns coefficients of centred columns of half-range 1 into those of the columns
    given, after refusing columns that repeat each other."""
    rows = x.reshape(-1, x.shape[-1])
    if len(rows) == 0:
        raise TooFewData(f"No usable record for {what}.")
    columns = np.ascontiguousarray(rows.T)
    low, high = columns.min(axis=1), columns.max(axis=1)
    most = np.maximum(np.abs(low), np.abs(high))
    if np.any(most == 0):
        raise EcostatError(f"Column {int(np.argmin(most))} of {what} is zero everywhere.")
    flat = np.flatnonzero(high - low <= 1e-12 * most)
    out = np.diag(1 / most)
    if len(flat):
        c = int(flat[0])
        vary = np.setdiff1d(np.arange(rows.shape[1]), flat)
        out[vary, vary] = 2 / (high - low)[vary]
        out[c, vary] = -columns.mean(axis=1)[vary] * out[vary, vary] / rows[0, c]
    new = out.T @ columns
    gram = new @ new.T
    size = np.sqrt(np.diag(gram))
    if np.linalg.eigvalsh(gram / np.outer(size, size))[0] < 1e-10:
        raise EcostatError(
            f"The columns of {what} repeat each other: one of them can be had from the others."
        )
    return out


def blocks(*parts: Floats | int) -> Floats:
    """One basis from those of the parts of a model; a number stands for that many parameters of their own."""
    return block_diag(*(np.eye(p) if isinstance(p, int) else p for p in parts))


def labels(part: str, x: Floats) -> tuple[str, ...]:
    """`psi_0, psi_1 …`: the part of the model and the column of its design matrix."""
    return tuple(f"{part}_{j}" for j in range(x.shape[-1]))


def constants(names: Sequence[str], x: Floats, says: str) -> dict[str, str]:
    """Names of the constant columns, which may lie at their limit, with what that means."""
    rows = x.reshape(-1, x.shape[-1])
    return {n: says for n, flat in zip(names, np.ptp(rows, axis=0) == 0, strict=True) if flat}
