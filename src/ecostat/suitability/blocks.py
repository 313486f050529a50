"""Squares of ground dealt out to folds, so that a model is tested where it was not taught."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData

LEAST = 10.0  # m: no block for validation is narrower than a position is sure
RADIUS = 6_371_007.181  # m, the sphere with the Earth's surface


@dataclass(frozen=True)
class Blocks:
    """`block` number and `fold` of each row; `n_blocks`; rows and presences of each fold."""

    block: NDArray[np.intp]
    fold: NDArray[np.intp]
    n_blocks: int
    rows: NDArray[np.intp]
    presences: NDArray[np.intp]
    size: float
    message: str


def spatial_blocks(
    lon: ArrayLike,
    lat: ArrayLike,
    size: float,
    folds: int = 5,
    presence: ArrayLike | None = None,
    rng: np.random.Generator | None = None,
) -> Blocks:
    """Every row in a square of `size` metres and every square in one of `folds` folds.

    Squares lie on an equal-area map true along the mean latitude of the rows. Squares go in turn, those
    with most presences (or rows) first, to the fold that has fewest, ties broken by `rng` if given. The
    size should exceed the range of spatial autocorrelation (Roberts et al. 2017, Ecography 40:913).
    """
    east, north = gates.lonlat(lon, lat, missing=False)
    size, folds = gates.number("size", size, above=0), gates.whole("folds", folds, low=2)
    if size < LEAST:
        raise EcostatError(f"size is {size:g}: it is in metres, at least {LEAST:g}; was it given in degrees?")
    marks = np.ones(east.size, bool)
    if presence is not None:
        marks = gates.mask("presence", presence, size=east.size)
    rng = None if rng is None else gates.generator("rng", rng)

    turned = _unwrapped(east)
    stretch = np.cos(np.radians(north.mean())) if east.size else 1.0
    x = RADIUS * np.radians(turned) * stretch
    y = RADIUS * np.sin(np.radians(north)) / max(stretch, 1e-9)
    column, line = np.floor(x / size).astype(np.int64), np.floor(y / size).astype(np.int64)
    _, block = np.unique(np.column_stack([column, line]), axis=0, return_inverse=True)
    block = block.ravel()
    number = int(block.max()) + 1 if block.size else 0
    if number < folds:
        raise TooFewData(f"{number} squares of {size:g} m cannot make {folds} folds: take smaller squares.")

    here = np.bincount(block, marks, number)
    total = np.bincount(block, minlength=number)
    chance = np.arange(number) if rng is None else rng.permutation(number)
    order = np.lexsort((chance, -total, -here))
    fold_of = np.empty(number, np.intp)
    load = np.zeros((folds, 2))
    for b in order:
        least = int(np.lexsort((load[:, 1], load[:, 0]))[0])
        fold_of[b] = least
        load[least] += here[b], total[b]
    fold = fold_of[block]
    presences = np.bincount(fold, marks, folds).astype(np.intp)
    told = f"{number} squares of {size:g} m in {folds} folds."
    if (presences == 0).any():
        told += f" {int((presences == 0).sum())} folds hold no presence and cannot be tested."
    return Blocks(block, fold, number, np.bincount(fold, minlength=folds), presences, float(size), told)


def _unwrapped(lon: NDArray[np.float64]) -> NDArray[np.float64]:
    """Longitudes cut at their largest gap, so that neighbours across 180° stay neighbours."""
    around = np.unique(np.mod(lon, 360.0))
    if around.size < 2:
        return np.mod(lon, 360.0)
    gaps = np.diff(np.append(around, around[0] + 360.0))
    start = around[(int(np.argmax(gaps)) + 1) % around.size]
    return np.mod(np.mod(lon, 360.0) - start, 360.0) + start
