"""One array of detectors, its mask, and who was detected where, on which occasion, in which direction."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import KDTree

from ecostat import gates
from ecostat.errors import EcostatError
from ecostat.floats import Floats


@dataclass(frozen=True)
class ArraySurvey:
    """An array ready for a likelihood. Coordinates in planar metres, areas in square metres.

    `posts` (posts, 2); `mask` (points, 2) with `cell` area each; `usage` (posts, occasions): 1 where a post
    was manned; `animal`, `occasion`, `post` (detections,): one row a detection; `bearing` (detections,):
    radians clockwise from north, NaN where not taken; `animals`: how many were detected.
    """

    posts: Floats
    mask: Floats
    cell: float
    usage: Floats
    animal: NDArray[np.int64]
    occasion: NDArray[np.int64]
    post: NDArray[np.int64]
    bearing: Floats
    animals: int

    @property
    def area(self) -> float:
        """Area of the mask."""
        return self.cell * len(self.mask)

    @property
    def shared(self) -> bool:
        """Whether some animal was detected at two posts on one occasion."""
        pairs = np.column_stack([self.animal, self.occasion])
        return len(np.unique(pairs, axis=0)) < len(pairs)


def survey(
    posts: ArrayLike,
    mask: ArrayLike,
    cell: float,
    *,
    animal: Sequence[Hashable] | NDArray,
    post: ArrayLike,
    occasion: ArrayLike | None = None,
    bearing: ArrayLike | None = None,
    usage: ArrayLike | None = None,
    occasions: int | None = None,
) -> ArraySurvey:
    """The records of one array are checked and put in order.

    `animal`: a label of the group or animal of each detection; `post`: row number of its detector in `posts`
    (from 0); `occasion` from 0 (one occasion when None); `bearing` in degrees clockwise from north; `usage`
    posts × occasions of 0 and 1. An animal detected twice at one post on one occasion counts once when the
    bearings agree and is refused when they differ. An array without detections is a record too.
    """
    at, ground = gates.planar("posts", posts), gates.planar("mask", mask)
    cell = gates.number("cell", cell, above=0)
    for name, xy in (("posts", at), ("mask", ground)):
        if not len(xy):
            raise EcostatError(f"{name} must hold planar x and y, one row a place.")
    if len(np.unique(at, axis=0)) < len(at):
        raise EcostatError("Two posts stand at the same place: give each detector once.")
    _of_one_size(ground, cell)
    who = gates.labels("animal", animal)
    where = gates.rows("post", post)
    given = np.zeros(len(where)) if occasion is None else occasion
    when = gates.numbers("occasion", given, missing=False, whole=True, high=1_000_000).astype(np.int64)
    angle = np.full(len(where), np.nan)
    if bearing is not None:
        angle = gates.numbers("bearing", bearing, low=-360, high=360)
        if np.isfinite(angle).sum() >= 5 and np.nanmax(np.abs(angle)) <= 2 * np.pi:
            raise EcostatError("bearing looks like radians: give degrees clockwise from north")
    if not len(who) == len(where) == len(when) == len(angle):
        raise EcostatError("animal, post, occasion and bearing need one entry a detection.")
    last = int(when.max()) + 1 if len(when) else 1
    if occasions is not None:
        occasions = gates.whole("occasions", occasions, low=1, high=1_000_000)
    used = np.ones((len(at), occasions or last))
    if usage is not None:
        used = gates.numbers("usage", usage, dims=2, low=0, high=1, whole=True, missing=False, size=len(at))
    if len(where) and (where.min() < 0 or where.max() >= len(at)):
        odd = int(where.min() if where.min() < 0 else where.max())
        raise EcostatError(f"A detection names post {odd}; posts are numbered 0 to {len(at) - 1}.")
    if len(when) and (when.min() < 0 or last > used.shape[1]):
        raise EcostatError(f"A detection names occasion {last - 1}; there are {used.shape[1]} from 0.")
    if not np.all(used[where, when] == 1):
        raise EcostatError("A detection was made at a post that was not in use on that occasion.")
    number = np.unique(who, return_inverse=True)[1].reshape(-1) if len(who) else np.zeros(0, np.int64)
    rows = np.column_stack([number, when, where])
    _, first, copies = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    same = angle[first][copies.reshape(-1)]
    if np.any((same != angle) & ~(np.isnan(same) & np.isnan(angle))):
        raise EcostatError("One animal has two different bearings from one post on one occasion.")
    kept = np.sort(first)
    return ArraySurvey(
        at,
        ground,
        float(cell),
        used,
        number[kept].astype(np.int64),
        when[kept],
        where[kept],
        np.deg2rad(angle[kept]),
        int(number.max()) + 1 if len(number) else 0,
    )


def _of_one_size(mask: Floats, cell: float) -> None:
    """Refuses a cell that its mask contradicts: points a step apart stand for about a step squared each."""
    if len(mask) < 2:
        return
    step = float(np.median(KDTree(mask).query(mask, k=2)[0][:, 1]))
    if step and not step**2 / 5 <= cell <= step**2 * 5:
        raise EcostatError(
            f"cell is {cell:g}, and the points of mask stand {step:g} apart: each stands for about {step**2:g} "
            "in the unit of the coordinates, squared"
        )
