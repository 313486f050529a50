"""Designs of covariates: sites by columns, or sites by visits by columns, and never one for the other."""

import numpy as np
from numpy.typing import NDArray

from ecostat.errors import EcostatError
from ecostat.gates.numbers import numbers

Floats = NDArray[np.float64]


def design(
    name: str, values: object, sites: int, visits: int | None = None, *, missing: bool = False
) -> Floats:
    """A design (sites, k), or for visits (sites, visits, k); None is the intercept alone.

    A table of sites × visits given for visits is refused unless it has a constant column: it is one covariate
    of visits, which belongs in the second column of sites × visits × 2.
    """
    if values is None:
        return np.ones((sites, 1) if visits is None else (sites, visits, 1))
    out = numbers(name, values, dims=2 if visits is None else (2, 3), missing=missing)
    if out.shape[0] != sites:
        raise EcostatError(f"{name} has {out.shape[0]} rows for {sites} sites")
    if out.shape[-1] == 0:
        raise EcostatError(f"{name} has no column: leave it None for the intercept alone")
    if visits is None:
        return out
    if out.ndim == 2:
        if out.shape[1] == visits > 1 and not _constant(out):
            raise EcostatError(
                f"{name} is {sites} × {visits}, sites × visits: a covariate of visits is sites × visits × k, "
                f"with its intercept np.stack([np.ones_like({name}), {name}], axis=-1); covariates of sites "
                "need their intercept column"
            )
        return np.repeat(out[:, None, :], visits, axis=1)
    if out.shape[1] != visits:
        raise EcostatError(f"{name} has {out.shape[1]} visits where there are {visits}")
    return out


def _constant(table: Floats) -> bool:
    return bool(((table == table[:1]).all(axis=0) & (table[0] != 0)).any())
