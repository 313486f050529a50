"""Simulated annealing over single units and exchanges (Kirkpatrick et al. 1983), compiled.

Kept lean on purpose: each loop that is called twice is compiled twice, and numpy's dice take longer to compile than
the search.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ecostat.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Flat(NamedTuple):
    """A problem as flat columns: amounts (ptr, row, val) by unit, edges (lptr, lrow, lval) by unit.

    `need` is what counts as holding a `target`; `worth` the price of a missing piece of it.
    """

    ptr: Ints
    row: Ints
    val: Floats
    lptr: Ints
    lrow: Ints
    lval: Floats
    price: Floats
    cost: Floats
    need: Floats
    target: Floats
    worth: Floats
    hard: Bools


class Schedule(NamedTuple):
    """How many moves are tried, from which heat to which, and what overspending costs."""

    flips: int
    warm: float
    cold: float
    seed: int
    whole: bool
    budget: float
    charge: float


@compiled
def _flip(p: Flat, whole: bool, held: Floats, x: NDArray[np.int8], i: int) -> float:
    """The change of price, edges and missed targets if unit i changes sides (the budget apart)."""
    sign = 1.0 - 2.0 * x[i]
    change = sign * p.price[i]
    for e in range(p.lptr[i], p.lptr[i + 1]):
        if x[p.lrow[e]] == x[i]:
            change += p.lval[e]
        else:
            change -= p.lval[e]
    for e in range(p.ptr[i], p.ptr[i + 1]):
        j = p.row[e]
        lost = 0.0
        after = held[j] + sign * p.val[e]
        if after < p.need[j]:
            lost += p.target[j] if whole else p.target[j] - after
        if held[j] < p.need[j]:
            lost -= p.target[j] if whole else p.target[j] - held[j]
        change += p.worth[j] * lost
    return change


@compiled
def _turn(p: Flat, held: Floats, x: NDArray[np.int8], i: int) -> int:
    """Unit i has changed sides; returns how many more hard targets are missed now."""
    sign = 1.0 - 2.0 * x[i]
    more = 0
    for e in range(p.ptr[i], p.ptr[i + 1]):
        j = p.row[e]
        before = held[j] < p.need[j]
        held[j] += sign * p.val[e]
        if p.hard[j] and (held[j] < p.need[j]) != before:
            more += -1 if before else 1
    x[i] = 1 - x[i]
    return more


@compiled
def annealed(
    p: Flat,
    s: Schedule,
    held: Floats,
    spent: float,
    value: float,
    missed: int,
    x: NDArray[np.int8],
    kept: NDArray[np.int8],
    among: Ints,
) -> float:
    """The best selection met is in `kept`, its value returned (infinite where none kept every limit).

    `x` is where the search begins: it holds `held`, costs `spent`, is worth `value` and misses `missed` targets.
    """
    c = among.size
    best = np.inf
    if missed == 0 and spent <= s.budget:
        best = value
    ratio = (s.cold / s.warm) ** (1.0 / max(s.flips, 1))
    heat = s.warm
    dice = np.uint64(s.seed) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(1)
    for _ in range(s.flips):
        heat *= ratio
        dice ^= dice << np.uint64(13)
        dice ^= dice >> np.uint64(7)
        dice ^= dice << np.uint64(17)
        chance = np.float64(dice >> np.uint64(11)) * 1.1102230246251565e-16
        low = np.int64(dice & np.uint64(0xFFFFFFFF))
        i = among[np.int64(chance * c)]
        k = -1
        if low & 1:  # an exchange: with a unit beside a neighbour, or with any
            links = p.lptr[i + 1] - p.lptr[i]
            if links and low & 2:
                k = p.lrow[p.lptr[i] + (low >> 2) % links]
                k = p.lrow[p.lptr[k] + (low >> 12) % (p.lptr[k + 1] - p.lptr[k])]
            else:
                k = among[(low >> 2) % c]
            if x[k] == x[i]:
                k = -1
        change, paid = 0.0, 0.0
        u = i
        for step in range(2):
            if step == 1:
                if k < 0:
                    break
                missed += _turn(p, held, x, i)
                u = k
            change += _flip(p, s.whole, held, x, u)
            paid += p.cost[u] * (1.0 - 2.0 * x[u])
        total = change
        if s.charge > 0:
            total += s.charge * (max(spent + paid - s.budget, 0.0) - max(spent - s.budget, 0.0))
        dice ^= dice << np.uint64(13)
        dice ^= dice >> np.uint64(7)
        dice ^= dice << np.uint64(17)
        luck = np.float64(dice >> np.uint64(11)) * 1.1102230246251565e-16
        taken = total <= 0 or luck < np.exp(-total / heat)
        if taken or k >= 0:  # the last move is made, or the first one taken back
            missed += _turn(p, held, x, u if taken else i)
        if taken:
            spent += paid
            value += change
            if missed == 0 and spent <= s.budget and value < best - 1e-12 * abs(best):
                best = value
                for v in range(x.size):
                    kept[v] = x[v]
    return best
