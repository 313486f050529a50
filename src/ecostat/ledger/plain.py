"""A history told by hand: where it explains every line, nobody needs the integer program."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ecostat.ledger.biology import Biology
from ecostat.ledger.entries import Entry


@dataclass
class _Group:
    """Animals that came in one line: those known as females, as males, and those that may be taken for either."""

    at: int
    ready: int
    females: int
    males: int
    either: int
    as_males: int = 0
    gone: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def born_female(self) -> int:
        """How many of the group were females in this history: all that nobody needs as males."""
        return self.females_at_first + self.either_at_first - self.as_males

    def __post_init__(self) -> None:
        self.females_at_first, self.either_at_first = self.females, self.either


def explained(
    entries: Sequence[Entry],
    biology: Biology,
    kept: Sequence[int],
    ready: Sequence[int],
    litters: Sequence[int],
) -> bool:
    """Whether one history, told line by line, explains every departure and every birth.

    `kept` are the positions of the lines in the order of months; `ready[i]` the first month in which a female of
    line i can bear; `litters[i]` the most litters of the month of line i. In this history who is of no known sex is
    a female for as long as she is there, and the youngest leave first. True is a proof; False says nothing.
    """
    groups: list[_Group] = []
    births: dict[int, int] = defaultdict(int)
    most: dict[int, int] = {}
    for i in kept:
        e = entries[i]
        if e.number is None:
            return False
        if e.kind in ("opening", "in", "birth"):
            either = e.number if e.sex is None else 0
            if e.kind == "birth":
                births[e.at] += e.number
                most[e.at] = litters[i]
                either = min(either, biology.daughters(e.number))
            females = e.number if e.sex == "f" else 0
            groups.append(_Group(e.at, ready[i], females, e.number - females - either, either))
        elif e.kind in ("out", "death") and not _leave(groups, e.sex, e.number, e.at):
            return False
    return _borne(groups, births, most, biology)


def _leave(groups: Sequence[_Group], sex: str | None, number: int, at: int) -> bool:
    """So many go, of those that can best be spared; whether that many were there."""
    for part in {"f": ("either", "females"), "m": ("males", "either")}.get(
        sex or "", ("males", "either", "females")
    ):
        for group in reversed(groups):  # the youngest first
            n = min(number, getattr(group, part))
            if not n:
                continue
            setattr(group, part, getattr(group, part) - n)
            number -= n
            if part == "either" and sex == "m":
                group.as_males += n
            elif part != "males":
                group.gone[at] += n
            if not number:
                return True
    return not number


def _borne(groups: Sequence[_Group], births: dict[int, int], most: dict[int, int], biology: Biology) -> bool:
    """Whether the females there can have borne every litter, each no sooner than her last allows."""
    months = sorted(births)
    litter = np.array([math.ceil(births[t] / biology.litter_max) for t in months])
    if any(n > most[t] for n, t in zip(litter, months, strict=True)):
        return False
    order = sorted(groups, key=lambda g: g.ready)
    ready = np.array([g.ready for g in order])
    sums = np.concatenate([[0], np.cumsum(litter)])
    every = biology.litter_interval_months
    longest = max(1, every if every == int(every) else 5 * every)
    for i, a in enumerate(months):
        there = [g.born_female - sum(n for at, n in g.gone.items() if g.at < a and at < a) for g in order]
        able = np.concatenate([[0], np.cumsum(there)])
        for j, b in enumerate(months[i:], i):
            if b - a + 1 > longest:
                break
            females = able[np.searchsorted(ready, b, side="right")]
            if sums[j + 1] - sums[i] > biology.litters(b - a + 1) * females:
                return False
    return True
