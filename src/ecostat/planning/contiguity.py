"""One connected piece: grown plans, and cuts on separating rims until the exact search is connected."""

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components, dijkstra

from ecostat.planning.plan import Watch
from ecostat.planning.problem import Bools, Ints, Problem
from ecostat.planning.program import Program, Relaxed, program, relax, search

#: Rims up to this many steps around each unit are in the program from the start, up to this many units.
_RADIUS, _SMALL = 4, 1000


def solve_in_one_piece(p: Problem, watch: Watch) -> None:
    """The watch holds the best connected plan found; each round's bound is a bound on connected plans.

    A unit needs the root of the piece among the units it reaches, or a selected unit on the rim around them
    (node separators: Carvajal et al. 2013, Fischetti et al. 2017).
    """
    g = _rimmed(program(p, roots=True))
    relaxed = relax(g, watch.left)
    if relaxed.bound == np.inf:
        watch.bound = np.inf
        return
    watch.prove(relaxed.bound, "relaxation")
    for seed in _seeds(p, relaxed):
        if watch.over:
            return
        watch.offer(grown(p, seed, relaxed, np.zeros(p.units, np.bool_)), "growing")
    while not watch.over:
        low, high = g.low.copy(), g.high.copy()
        n = p.units
        if watch.best is not None:
            room = watch.value - relaxed.bound + 1e-7 * max(1.0, abs(watch.value))
            free = p.forced == 0
            high[:n][free & (relaxed.reduced > room)] = 0.0
            low[:n][free & (relaxed.reduced < -room)] = 1.0
        values = search(g, watch, low, high)
        if values is None:
            if watch.best is None and watch.left > 0 and not watch.cancelled:
                watch.bound = np.inf
            return
        x = values[:n] > 0.5
        rims = _rims(p, x)
        if not rims:
            return
        biggest = max((piece for piece, _ in rims), key=lambda piece: piece.size)
        watch.offer(grown(p, biggest, relaxed, x), "joining")
        g = _cut(g, rims)


def _rimmed(g: Program) -> Program:
    """The program with the rims of small balls around each unit, and the root the first of its piece."""
    p = g.problem
    assert p.adjacency is not None
    n = p.units
    root = g.cost.size - n
    ball = sp.csr_array(sp.eye_array(n))
    for _ in range(_RADIUS if n <= _SMALL else 1):
        wider = sp.csr_array(((p.adjacency @ ball + ball) > 0).astype(np.float64))
        block = sp.hstack([wider - ball - sp.eye_array(n), sp.csr_array((n, root - n)), ball])
        g = g.with_rows(sp.csr_array(block), np.zeros(n))
        ball = wider
    if n <= _SMALL and not (p.forced == 1).any():
        first = sp.csr_array(np.tril(np.ones((n, n))))
        block = sp.hstack([-sp.eye_array(n), sp.csr_array((n, root - n)), first])
        g = g.with_rows(sp.csr_array(block), np.zeros(n))
    return g


def grown(p: Problem, seed: Ints, relaxed: Relaxed, liked: Bools) -> Bools:
    """A connected selection grown from the seed along cheap paths to useful units, then pruned."""
    assert p.adjacency is not None
    x = np.zeros(p.units, np.bool_)
    x[seed] = True
    worth = np.where(np.isinf(p.lack), np.maximum(relaxed.worth, 1e-3 / np.maximum(p.target, 1e-300)), p.lack)
    open_ = p.forced >= 0
    heads = p.adjacency.indices
    tails = np.repeat(np.arange(p.units), np.diff(p.adjacency.indptr))
    pay = p.cost if not p.hard else p.price
    least = 1e-9 * max(float(pay.mean()), 1e-9)
    step = np.where(liked, 0.0, pay) + least
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
            step = pay + least  # liked units looked free of charge; from here on they are not
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


def _seeds(p: Problem, relaxed: Relaxed) -> list[Ints]:
    """Where to begin growing: the locked-in units, else the units the relaxation likes best, far apart."""
    locked = np.flatnonzero(p.forced == 1)
    if locked.size:
        return [locked[:1]]
    order = np.argsort(-relaxed.share - 1e-6 * (p.forced >= 0))
    order = order[p.forced[order] >= 0]
    return [order[k : k + 1] for k in np.unique(np.linspace(0, min(40, order.size - 1), 8).astype(int))]


def _rims(p: Problem, x: Bools) -> list[tuple[Ints, Ints]]:
    """Each connected piece of a broken selection with the open units around it; none where it is whole."""
    assert p.adjacency is not None
    chosen = np.flatnonzero(x)
    count, label = connected_components(p.adjacency[chosen][:, chosen], directed=False)
    if count <= 1:
        return []
    found = []
    for c in range(count):
        piece = chosen[label == c]
        around = np.unique(p.adjacency[piece].indices)
        found.append((piece, np.setdiff1d(around[p.forced[around] >= 0], piece)))
    return found


def _cut(g: Program, rims: list[tuple[Ints, Ints]]) -> Program:
    """The program in which no unit of a piece is selected without its root or its rim."""
    p = g.problem
    root = g.cost.size - p.units
    rows, columns, values, count = [], [], [], 0
    for piece, rim in rims:
        for unit in piece:
            columns += [np.array([unit]), rim, root + piece]
            values += [np.array([-1.0]), np.ones(rim.size), np.ones(piece.size)]
            rows.append(np.full(1 + rim.size + piece.size, count))
            count += 1
    at = (np.concatenate(rows), np.concatenate(columns))
    block = sp.csr_array((np.concatenate(values), at), shape=(count, g.cost.size))
    return g.with_rows(block, np.zeros(count))
