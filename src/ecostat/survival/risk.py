"""Who was at risk when somebody died: the table every figure of survival is made of."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Followed:
    """Animals followed from `entry` (excluded) to `time` (included); `died` is False where last seen alive."""

    time: Floats
    died: NDArray[np.bool_]
    entry: Floats

    def of(self, rows: NDArray) -> "Followed":
        """Some of the animals."""
        return Followed(self.time[rows], self.died[rows], self.entry[rows])


def followed(time: ArrayLike, event: ArrayLike, entry: ArrayLike | None) -> Followed:
    """The arguments of every call through their gates; an animal must be followed for some time."""
    end = gates.numbers("time", time, low=0, missing=False)
    died = gates.mask("event", event)
    if entry is None:
        gates.alike(time=end, event=died)
        start = np.full(end.size, -np.inf)  # at risk from the beginning, also a death at time 0
    else:
        start = gates.numbers("entry", entry, low=0, missing=False)
        gates.alike(time=end, event=died, entry=start)
        late = np.flatnonzero(start >= end)
        if late.size:
            i = int(late[0])
            raise EcostatError(
                f"entry[{i}] = {start[i]:g} is not before time[{i}] = {end[i]:g}: an animal must be followed "
                "for some time"
            )
    if not end.size:
        raise TooFewData("time holds no animal")
    return Followed(end, died, start)


def at_risk(animals: Followed, at: Floats) -> NDArray[np.int64]:
    """How many had entered before each moment and were not gone before it."""
    gone = np.searchsorted(np.sort(animals.time), at, side="left")
    entered = np.searchsorted(np.sort(animals.entry), at, side="left")
    return (entered - gone).astype(np.int64)


def deaths(animals: Followed) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64]]:
    """The moments of death in order, how many died at each, and how many were at risk."""
    moments, died = np.unique(animals.time[animals.died], return_counts=True)
    return moments, died.astype(np.int64), at_risk(animals, moments)
