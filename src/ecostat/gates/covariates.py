"""Designs of covariates: sites by columns, or sites by visits by columns, and never one for the other."""

import numpy as np
from numpy.typing import NDArray

from ecostat.errors import EcostatError
from ecostat.gates.numbers import numbers, uncoded

Floats = NDArray[np.float64]


def design(name: str, values: object, shape: tuple[int, ...]) -> tuple[Floats, NDArray[np.bool_]]:
    """The design matrix over `shape` (an intercept when None) and where all of its columns are known.

    A matrix over the first axes of `shape` alone is spread over the rest. Unknown values are set to 0 where
    the mask is False. A table of sites × visits is refused unless one of its columns is constant: it is a
    covariate of visits, which belongs in a block of sites × visits × k, and not one column a visit.
    """
    if values is None:
        return np.ones((*shape, 1)), np.ones(shape, bool)
    a = numbers(name, values, dims=tuple(range(2, len(shape) + 2)), infinite=True)
    if len(shape) == 2 and a.shape == shape and shape[1] > 1 and not _constant(a):
        raise EcostatError(
            f"{name} is {shape[0]} × {shape[1]}, sites × visits: a covariate of visits is sites × visits × k "
            f"with its intercept, np.stack([np.ones_like({name}), {name}], axis=-1); covariates of sites need "
            "their intercept column"
        )
    uncoded(name, a)
    for axes in range(len(shape), 0, -1):
        if a.ndim == axes + 1 and a.shape[:-1] == shape[:axes]:
            a = a.reshape(shape[:axes] + (1,) * (len(shape) - axes) + a.shape[-1:])
            a = np.broadcast_to(a, (*shape, a.shape[-1]))
            break
    else:
        wanted = " or ".join(str((*shape[: i + 1], "k")) for i in range(len(shape)))
        raise EcostatError(f"{name} has shape {a.shape}; a design matrix of shape {wanted} is needed.")
    if a.shape[-1] == 0:
        raise EcostatError(f"{name} has no column: leave it None for the intercept alone")
    if np.isfinite(a.sum()):  # nothing unknown: the common case needs no copy
        return a, np.ones(shape, bool)
    known = np.asarray(np.isfinite(a).all(axis=-1))
    return np.where(known[..., None], a, 0.0), known


def _constant(table: Floats) -> bool:
    known = np.where(np.isnan(table), np.nanmax(table, axis=0, initial=-np.inf), table)
    return bool(((np.ptp(known, axis=0) == 0) & (known[0] != 0) & np.isfinite(known[0])).any())
