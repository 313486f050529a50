"""Plans in which selected units keep each other company, grown under a budget."""

import numpy as np
import scipy.sparse as sp

from ecostat.planning.problem import TOLERANCE, Bools, Floats, Ints, Problem
from ecostat.planning.program import Relaxed


def grown_in_company(p: Problem, relaxed: Relaxed, start: Bools) -> Bools:
    """From `start` without its lonely units: the best use of money is added, with the neighbours it needs.

    Each step adds one unit and as many neighbours as it lacks, those of most use for their cost.
    """
    assert p.adjacency is not None
    links = p.adjacency
    x = _without_lonely(p, start | (p.forced == 1))
    worth = np.where(np.isinf(p.lack), relaxed.worth, p.lack)
    owner = np.repeat(np.arange(p.units), np.diff(p.amount.indptr))
    spent, limit = float(p.cost[x].sum()), p.budget * (1 + TOLERANCE)
    barred = p.forced < 0
    held = p.held(x)
    while True:
        short = np.maximum(p.target - held, 0.0)
        piece = np.minimum(p.amount.data, short[p.amount.indices]) * worth[p.amount.indices]
        use = np.bincount(owner, piece, p.units) - p.price - _edge_change(p, x)
        around = np.asarray(links @ x.astype(np.float64)).ravel()
        lacks = np.maximum(p.company - around, 0.0)
        open_ = ~x & ~barred
        rate = np.where(open_, use / np.maximum(p.cost, 1e-9 * max(float(p.cost.mean()), 1e-300)), -np.inf)
        mate = _best_beside(links, rate)  # what the best open neighbour would bring, joined in need
        price = p.cost + np.where(mate >= 0, lacks * p.cost[mate], 0.0)
        gain = use + np.where(mate >= 0, lacks * use[mate], 0.0)
        ready = open_ & ((lacks == 0) | (mate >= 0)) & (spent + price <= limit) & (gain > 1e-12)
        if not ready.any():
            return x
        score = np.where(ready, gain / np.maximum(price, 1e-300), -np.inf)
        bundle = _bundle(p, x, int(np.argmax(score)), rate)
        cost = float(p.cost[bundle].sum())
        if bundle.size == 0 or spent + cost > limit:
            barred[int(np.argmax(score))] = True
            continue
        x[bundle] = True
        spent += cost
        held = p.held(x)


def _without_lonely(p: Problem, x: Bools) -> Bools:
    x = x.copy()
    while True:
        lonely = p.lonely(x) & (p.forced == 0)
        if not lonely.any():
            return x
        x &= ~lonely


def _edge_change(p: Problem, x: Bools) -> Floats:
    """What edges would cost more with each unit added."""
    if not p.shared.size:
        return np.zeros(p.units)
    sides = 1.0 - 2.0 * x
    more = np.r_[p.shared * sides[p.right], p.shared * sides[p.left]]
    return np.bincount(np.r_[p.left, p.right], more, p.units).astype(np.float64)


def _best_beside(links: sp.csr_array, rate: Floats) -> Ints:
    """The neighbour of the highest rate of each unit, −1 where none is open."""
    owner = np.repeat(np.arange(rate.size), np.diff(links.indptr))
    order = np.lexsort((rate[links.indices], owner))
    best = np.full(rate.size, -1, np.int64)
    best[owner[order]] = links.indices[order]  # the last of each owner stays
    return np.where((best >= 0) & np.isfinite(rate[best]), best, -1)


def _bundle(p: Problem, x: Bools, first: int, rate: Floats) -> Ints:
    """The unit and the neighbours that it, and they, need; empty where they cannot be had."""
    assert p.adjacency is not None
    whole = x.copy()
    whole[first] = True
    added = [first]
    while len(added) < 50:
        lonely = np.flatnonzero(p.lonely(whole))
        if lonely.size == 0:
            return np.array(added, np.int64)
        near = p.adjacency[[int(lonely[0])]].indices
        near = near[~whole[near] & np.isfinite(rate[near])]
        if near.size == 0:
            break
        which = int(near[np.argmax(rate[near])])
        whole[which] = True
        added.append(which)
    return np.zeros(0, np.int64)
