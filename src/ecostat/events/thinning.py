"""Photos thinned to independent events, so that one animal before one camera counts once."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.compiled import warmed
from ecostat.errors import EcostatError
from ecostat.labels import coded, grouped


@dataclass(frozen=True)
class Independent:
    """Which of n records begin an event, and the event each belongs to.

    `keep` (n,) bool; `event` (n,) number in order of station, species, individual and time, -1 where the time
    is missing; `n` events; `records` (events,) records each holds; `undated`: records without a time.
    """

    keep: NDArray[np.bool_]
    event: NDArray[np.int64]
    n: int
    records: NDArray[np.int64]
    undated: int


def independent(
    time: ArrayLike,
    minutes: float = 30,
    *,
    station: ArrayLike | None = None,
    species: ArrayLike | None = None,
    individual: ArrayLike | None = None,
    since: Literal["kept", "last"] = "kept",
) -> Independent:
    """A record begins an event when `minutes` or more have passed since the last one, in its own group.

    `time` (n,) datetime64 or seconds, in any order; groups are station × species × individual.
    `since="kept"` counts from the record that began the last event, `"last"` from the last record of all.
    O'Brien, Kinnaird & Wibisono (2003) Animal Conservation 6:131 use 30 minutes.
    """
    minutes = gates.number("minutes", minutes, low=0, infinite=True)
    gates.choice("since", since, ("kept", "last"))
    at = gates.seconds("time", time)
    step = gates.resolution(time)
    if 0 < minutes * 60 < step:
        raise EcostatError(
            f"time is known to {step / 60:g} minutes, which cannot tell events {minutes:g} minutes apart"
        )
    group = np.zeros(at.size, dtype=np.int64)
    groups = 1
    for name, column in (("station", station), ("species", species), ("individual", individual)):
        if column is None:
            continue
        labels = gates.labels(name, column, missing=True)
        gates.alike(time=at, **{name: labels})
        names, code, base = coded(labels)
        group = group * len(names) + (code.astype(np.int64) - base)
        groups *= max(1, len(names))
        if groups > 4 * at.size + 1000:  # most combinations never occur: number those that do
            group = np.unique(group, return_inverse=True)[1].reshape(-1)
            groups = int(group.max(initial=0)) + 1

    dated = np.flatnonzero(~np.isnan(at))
    by_time = dated[np.argsort(at[dated], kind="stable")]
    order = by_time[grouped(group[by_time], 0, groups)[0]]
    begins = _begins(at[order], group[order], minutes * 60.0, since == "kept")
    keep = np.zeros(at.size, dtype=bool)
    keep[order] = begins
    event = np.full(at.size, -1, dtype=np.int64)
    event[order] = np.cumsum(begins) - 1
    n = int(begins.sum())
    records = np.bincount(event[order], minlength=n).astype(np.int64)
    return Independent(keep, event, n, records, int(at.size - dated.size))


@warmed(lambda at, *_: 4 * at.size)
def _begins(
    at: NDArray[np.float64], group: NDArray[np.int64], wait: float, from_kept: bool
) -> NDArray[np.bool_]:
    begins = np.zeros(at.size, np.bool_)
    mark = 0.0
    for i in range(at.size):
        begins[i] = i == 0 or group[i] != group[i - 1] or at[i] - mark >= wait
        if begins[i] or not from_kept:
            mark = at[i]
    return begins
