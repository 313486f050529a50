"""Neighbourhood search: units are added, dropped and exchanged while the objective falls (annealing)."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ecostat.compiled import compiled
from ecostat.planning.problem import TOLERANCE, Bools, Floats, Ints, Problem


class Neighbourhood:
    """The problem as flat columns, with prices on missed targets and overspending that guide the search."""

    def __init__(self, p: Problem, worth: Floats, charge: float) -> None:
        n = p.units
        self.problem = p
        at = (np.r_[p.left, p.right], np.r_[p.right, p.left])
        links = sp.csr_array((np.r_[p.shared, p.shared], at), shape=(n, n))
        self.columns = (p.amount.indptr.astype(np.int64), p.amount.indices.astype(np.int64), p.amount.data)
        self.links = (links.indptr.astype(np.int64), links.indices.astype(np.int64), links.data)
        self.slack = TOLERANCE * p.target
        budgeted = np.isfinite(p.budget)
        self.budget = p.budget * (1 + TOLERANCE) if budgeted else np.inf
        self.worth = np.where(np.isinf(p.lack), worth, p.lack)
        # a target no multiplier pulls on still needs a price: the mean price of what holds it
        mean = float(p.price.sum()) / np.maximum(p.amount.sum(axis=1), 1e-300)
        self.floor = np.where(np.isinf(p.lack), 0.05 * mean, 0.0)
        self.charge = charge

    def anneal(
        self, x: Bools, among: Ints, flips: int, warm: float, cold: float, pull: float, seed: int
    ) -> tuple[Bools, float]:
        """The best selection met that keeps targets and budget, and its value (infinite where none was)."""
        p = self.problem
        hard = np.isinf(p.lack)
        price = np.where(hard, np.maximum(self.worth * pull, self.floor), self.worth)
        best = x.astype(np.int8)
        value = _anneal(
            *self.columns,
            *self.links,
            p.price,
            p.cost,
            p.target - self.slack,
            p.target,
            price,
            hard,
            p.whole,
            self.budget,
            max(self.charge * pull, 1e-12) if np.isfinite(self.budget) else 0.0,
            best,
            among.astype(np.int64),
            flips,
            warm,
            cold,
            seed,
        )
        return best.astype(np.bool_), value

    def mended(self, x: Bools, among: Ints) -> Bools:
        """The selection with units added until hard targets hold, then without what it can spare."""
        p = self.problem
        out = x.astype(np.int8)
        _mend(
            *self.columns,
            *self.links,
            p.price,
            p.target - self.slack,
            np.maximum(self.worth, self.floor),
            np.isinf(p.lack),
            out,
            among.astype(np.int64),
        )
        return out.astype(np.bool_)


@compiled
def _flip(
    ptr: Ints,
    row: Ints,
    val: Floats,
    lptr: Ints,
    lrow: Ints,
    lval: Floats,
    price: Floats,
    need: Floats,
    target: Floats,
    worth: Floats,
    whole: bool,
    held: Floats,
    x: NDArray[np.int8],
    i: int,
) -> float:
    """The change of price, edges and missed targets if unit i changes sides (the budget apart)."""
    sign = 1.0 - 2.0 * x[i]
    change = sign * price[i]
    for e in range(lptr[i], lptr[i + 1]):
        change += lval[e] if x[lrow[e]] == x[i] else -lval[e]
    for e in range(ptr[i], ptr[i + 1]):
        j = row[e]
        before = held[j]
        after = before + sign * val[e]
        if whole:
            change += (
                worth[j]
                * target[j]
                * ((1.0 if after < need[j] else 0.0) - (1.0 if before < need[j] else 0.0))
            )
        else:
            lost = target[j] - after if after < need[j] else 0.0
            lost -= target[j] - before if before < need[j] else 0.0
            change += worth[j] * lost
    return change


@compiled
def _anneal(
    ptr: Ints,
    row: Ints,
    val: Floats,
    lptr: Ints,
    lrow: Ints,
    lval: Floats,
    price: Floats,
    cost: Floats,
    need: Floats,
    target: Floats,
    worth: Floats,
    hard: Bools,
    whole: bool,
    budget: float,
    charge: float,
    x: NDArray[np.int8],
    among: Ints,
    flips: int,
    warm: float,
    cold: float,
    seed: int,
) -> float:
    np.random.seed(seed)
    n, m, c = price.size, target.size, among.size
    held = np.zeros(m)
    spent = 0.0
    value = 0.0
    for i in range(n):
        if x[i]:
            spent += cost[i]
            value += price[i]
            for e in range(ptr[i], ptr[i + 1]):
                held[row[e]] += val[e]
        for e in range(lptr[i], lptr[i + 1]):
            if lrow[e] > i and x[lrow[e]] != x[i]:
                value += lval[e]
    missed = 0
    for j in range(m):
        if held[j] < need[j]:
            value += worth[j] * (target[j] if whole else target[j] - held[j])
            if hard[j]:
                missed += 1
    best = np.inf
    kept = x.copy()
    if missed == 0 and spent <= budget:
        best = value
    ratio = (cold / warm) ** (1.0 / max(flips, 1))
    heat = warm
    for _ in range(flips):
        heat *= ratio
        i = among[np.random.randint(c)]
        k = -1
        if np.random.random() < 0.5:  # an exchange: with a unit beside it, or with any
            links = lptr[i + 1] - lptr[i]
            if links and np.random.random() < 0.5:
                k = lrow[lptr[i] + np.random.randint(links)]
                k = lrow[lptr[k] + np.random.randint(lptr[k + 1] - lptr[k])]
            else:
                k = among[np.random.randint(c)]
            if x[k] == x[i]:
                k = -1
        change = _flip(ptr, row, val, lptr, lrow, lval, price, need, target, worth, whole, held, x, i)
        paid = cost[i] * (1.0 - 2.0 * x[i])
        if k >= 0:
            missed = _turn(ptr, row, val, need, hard, held, x, i, missed)
            change += _flip(ptr, row, val, lptr, lrow, lval, price, need, target, worth, whole, held, x, k)
            paid += cost[k] * (1.0 - 2.0 * x[k])
        over = max(spent + paid - budget, 0.0) - max(spent - budget, 0.0) if charge > 0 else 0.0
        total = change + charge * over
        if total <= 0 or np.random.random() < np.exp(-total / heat):
            missed = _turn(ptr, row, val, need, hard, held, x, k if k >= 0 else i, missed)
            spent += paid
            value += change
            if missed == 0 and spent <= budget and value < best - 1e-12 * abs(best):
                best = value
                kept[:] = x
        elif k >= 0:
            missed = _turn(ptr, row, val, need, hard, held, x, i, missed)
    x[:] = kept
    return best


@compiled
def _turn(
    ptr: Ints,
    row: Ints,
    val: Floats,
    need: Floats,
    hard: Bools,
    held: Floats,
    x: NDArray[np.int8],
    i: int,
    missed: int,
) -> int:
    """Unit i has changed sides; returns how many hard targets are missed now."""
    sign = 1.0 - 2.0 * x[i]
    for e in range(ptr[i], ptr[i + 1]):
        j = row[e]
        before = held[j] < need[j]
        held[j] += sign * val[e]
        if hard[j]:
            missed += int(held[j] < need[j]) - int(before)
    x[i] = 1 - x[i]
    return missed


@compiled
def _mend(
    ptr: Ints,
    row: Ints,
    val: Floats,
    lptr: Ints,
    lrow: Ints,
    lval: Floats,
    price: Floats,
    need: Floats,
    worth: Floats,
    hard: Bools,
    x: NDArray[np.int8],
    among: Ints,
) -> None:
    m = need.size
    held = np.zeros(m)
    for i in range(x.size):
        if x[i]:
            for e in range(ptr[i], ptr[i + 1]):
                held[row[e]] += val[e]
    while True:
        short = False
        for j in range(m):
            short = short or (hard[j] and held[j] < need[j])
        if not short:
            break
        best, which = -1.0, -1
        for i in among:
            if x[i]:
                continue
            gain = 0.0
            for e in range(ptr[i], ptr[i + 1]):
                j = row[e]
                if hard[j] and held[j] < need[j]:
                    gain += worth[j] * min(val[e], need[j] - held[j])
            if gain <= 0:
                continue
            pay = price[i]
            for e in range(lptr[i], lptr[i + 1]):
                pay += lval[e] if x[lrow[e]] == 0 else -lval[e]
            rate = gain / pay if pay > 1e-12 * gain else 1e12
            if rate > best:
                best, which = rate, i
        if which < 0:
            return
        x[which] = 1
        for e in range(ptr[which], ptr[which + 1]):
            held[row[e]] += val[e]
    for t in np.argsort(-price[among]):
        i = among[t]
        if not x[i]:
            continue
        change = -price[i]
        for e in range(lptr[i], lptr[i + 1]):
            change += lval[e] if x[lrow[e]] else -lval[e]
        if change >= 0:
            continue
        spare = True
        for e in range(ptr[i], ptr[i + 1]):
            j = row[e]
            spare = spare and not (hard[j] and held[j] - val[e] < need[j])
        if spare:
            x[i] = 0
            for e in range(ptr[i], ptr[i + 1]):
                held[row[e]] -= val[e]
