"""What a drawn sample says of itself, and how many places each stratum gets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import Floats


@dataclass(frozen=True)
class Sample:
    """Places in the order of visiting: any first k of a stratum are themselves spread out.

    `x`, `y` as the frame's; `unit`: which point, line or polygon; `stratum`; `inclusion`: the chance of a
    point, or the expected number of places per unit of length or area there; `weight` = 1 / inclusion;
    `reserve`: True for the spare places, to be used in order when one before fails.
    """

    x: Floats
    y: Floats
    unit: NDArray[np.intp]
    stratum: NDArray
    inclusion: Floats
    weight: Floats
    reserve: NDArray[np.bool_]
    method: str
    message: str

    def main(self) -> NDArray[np.intp]:
        """Positions of the places that are not reserve."""
        return np.flatnonzero(~self.reserve)


def joined(parts: list[Sample], method: str) -> Sample:
    """Samples of several strata as one, stratum after stratum."""
    return Sample(
        x=np.concatenate([p.x for p in parts]),
        y=np.concatenate([p.y for p in parts]),
        unit=np.concatenate([p.unit for p in parts]),
        stratum=np.concatenate([p.stratum for p in parts]),
        inclusion=np.concatenate([p.inclusion for p in parts]),
        weight=np.concatenate([p.weight for p in parts]),
        reserve=np.concatenate([p.reserve for p in parts]),
        method=method,
        message=" ".join(p.message for p in parts),
    )


def by_stratum(
    n: int | Mapping[Any, int], strata: ArrayLike | None, units: int
) -> list[tuple[Any, int, NDArray[np.intp]]]:
    """Each stratum with its sample size and its units; every unit has a stratum and every stratum a size."""
    if strata is None:
        if isinstance(n, Mapping):
            raise EcostatError("n gives sizes per stratum, and strata says nothing of where they are.")
        return [("all", _size(n), np.arange(units))]
    labels = gates.labels("strata", strata, size=units)
    if not isinstance(n, Mapping):
        raise EcostatError("With strata, n names the size of each: {stratum: size}.")
    found = [v.item() if hasattr(v, "item") else v for v in np.unique(labels)]
    lost = [s for s in found if s not in n]
    unknown = [s for s in n if s not in found]
    if lost or unknown:
        raise EcostatError(f"Strata without a size: {lost}; sizes without a stratum: {unknown}.")
    return [(s, _size(n[s]), np.flatnonzero(labels == s)) for s in found]


def _size(n: int) -> int:
    wanted = gates.whole("n", n, high=10_000_000)
    if wanted < 1:
        raise TooFewData("n: a sample holds at least one place.")
    return wanted


def outlines(name: str, shapes: object) -> NDArray:
    """Shapely lines or polygons as a column of objects, none missing."""
    many = isinstance(shapes, Sequence) or getattr(shapes, "ndim", 0) == 1
    held = list(shapes) if isinstance(shapes, Iterable) and many else [shapes]
    for i, shape in enumerate(held):
        if not isinstance(shape, BaseGeometry):
            raise EcostatError(f"{name}[{i}] is {type(shape).__name__}, not a shapely geometry")
        if not np.isfinite(shapely.get_coordinates(shape)).all():
            raise EcostatError(f"{name}[{i}] has coordinates that are not finite")
    if not held:
        raise EcostatError(f"{name} holds nothing to sample")
    out = np.empty(len(held), dtype=object)
    out[:] = held
    return out


def sizes(name: str, size: ArrayLike | None, units: int) -> Floats:
    """The relative chance of each unit, 1 where nothing is given; all above zero."""
    if size is None:
        return np.ones(units)
    values = gates.numbers(name, size, size=units, missing=False)
    if (values <= 0).any():
        raise EcostatError(f"every {name} must be a number above zero; leave out units that cannot be drawn.")
    if values.max() > 1e12 * values.min():
        raise EcostatError(
            f"{name} runs from {values.min():g} to {values.max():g}: no sample can follow that"
        )
    return values


def chances(size: Floats, n: int) -> Floats:
    """Inclusion chances proportional to size, summing to n, none above 1: the largest are certain."""
    if n > size.size:
        raise TooFewData(f"n: {n} places were asked of {size.size} units.")
    chance = np.zeros(size.size)
    sure = np.zeros(size.size, bool)
    while True:
        rest = ~sure
        if rest.any():
            chance[rest] = (n - sure.sum()) * size[rest] / size[rest].sum()
        chance[sure] = 1.0
        over = rest & (chance > 1 + 1e-12)
        if not over.any():
            return np.minimum(chance, 1.0)
        sure |= over
