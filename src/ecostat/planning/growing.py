"""Connected plans: grown along cheap paths to useful units, then without what they can spare."""

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components, dijkstra

from ecostat.planning.problem import Bools, Floats, Ints, Problem


def grown(p: Problem, seed: Ints, share: Floats, worth: Floats) -> Bools:
    """A connected selection grown from the seed along cheap paths to useful units, then pruned.

    `share` (units,) 0 to 1: how much a relaxation wants each unit, which makes it look as much cheaper; `worth`
    (features,): the price of an amount that is missing.
    """
    assert p.adjacency is not None
    x = np.zeros(p.units, np.bool_)
    x[seed] = True
    worth = np.where(np.isinf(p.lack), np.maximum(worth, 1e-3 / np.maximum(p.target, 1e-300)), p.lack)
    open_ = p.forced >= 0
    heads = p.adjacency.indices
    tails = np.repeat(np.arange(p.units), np.diff(p.adjacency.indptr))
    pay = p.cost if not p.hard else p.price
    least = 1e-9 * max(float(pay.mean()), 1e-9)
    step = pay * np.maximum(1.0 - share, 0.0) + least
    kept = open_[heads] & open_[tails]
    spent = float(p.cost[x].sum())
    while True:
        need = np.maximum(p.target - p.held(x), 0.0)
        locks = np.flatnonzero((p.forced == 1) & ~x)
        if locks.size == 0 and not (need > 0).any():
            break
        useful = np.asarray(p.amount.T @ np.where(need > 0, worth, 0.0)).ravel()
        weight = np.where(x[heads], 0.0, step[heads]) + 1e-12
        net = sp.csr_array((weight[kept], (tails[kept], heads[kept])), shape=(p.units, p.units))
        sources = np.flatnonzero(x)
        far, back, _ = dijkstra(net, indices=sources, min_only=True, return_predecessors=True)
        ready = np.isfinite(far) & ~x & open_
        if locks.size:
            ready &= p.forced == 1
        ready &= (useful > 0) | (p.forced == 1)
        if not p.hard:
            ready &= spent + far <= p.budget + 1e-12
        if not ready.any():
            break
        rate = np.where(ready, (useful + 1e-12) / np.maximum(far, 1e-300), -1.0)
        at = int(np.argmax(rate))
        path = []
        while not x[at]:
            path.append(at)
            at = int(back[at])
        added = float(p.cost[path].sum())
        if not p.hard and spent + added > p.budget * (1 + 1e-12):
            step = pay + least  # wanted units looked cheaper than they are; from here on they do not
            continue
        x[path] = True
        spent += added
    return _pruned(p, x)


def _pruned(p: Problem, x: Bools) -> Bools:
    """The selection without units it can lose while it stays connected and its value falls."""
    x = x.copy()
    value = p.value(x)
    if not np.isfinite(value):
        return x
    again = True
    while again and x.sum() > 1:
        again = False
        for i in np.flatnonzero(x & (p.forced == 0))[np.argsort(-p.price[x & (p.forced == 0)])]:
            x[i] = False
            lower = p.value(x)
            if lower < value and p.pieces(x) <= 1:
                value, again = lower, True
            else:
                x[i] = True
    return x


def improved(p: Problem, x: Bools, share: Floats, worth: Floats, dice: np.random.Generator) -> Bools:
    """The selection after balls of it were taken out and grown anew where that is better (ruin and recreate)."""
    assert p.adjacency is not None
    best, value = x, p.value(x)
    idle = 0
    while idle < 8 and np.isfinite(value):
        idle += 1
        chosen = np.flatnonzero(best)
        if chosen.size < 3:
            break
        ball = np.zeros(p.units)
        ball[dice.choice(chosen)] = 1.0
        for _ in range(int(dice.integers(1, 4))):
            ball = np.minimum(ball + p.adjacency @ ball, 1.0)
        left = np.flatnonzero(best & (ball == 0))
        if left.size == 0:
            continue
        _, label = connected_components(p.adjacency[left][:, left], directed=False)
        sizes = np.bincount(label)
        tried = grown(p, left[label == np.argmax(sizes)], share * dice.random(p.units), worth)
        lower = p.value(tried)
        if lower < value and p.keeps(tried):
            best, value, idle = tried, lower, 0
    return best
