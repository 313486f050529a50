"""Shortest paths over a graph, compiled: sums over all pairs, loss of each patch, betweenness."""

import numpy as np
from numpy.typing import NDArray

from ecostat.compiled import compiled, warmed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@compiled
def _push(key: Floats, node: Ints, size: int, k: float, v: int) -> int:
    i = size
    while i > 0:
        up = (i - 1) >> 1
        if key[up] <= k:
            break
        key[i], node[i] = key[up], node[up]
        i = up
    key[i], node[i] = k, v
    return size + 1


@compiled
def _pop(key: Floats, node: Ints, size: int) -> int:
    size -= 1
    k, v = key[size], node[size]
    i = 0
    while True:
        down = 2 * i + 1
        if down >= size:
            break
        if down + 1 < size and key[down + 1] < key[down]:
            down += 1
        if key[down] >= k:
            break
        key[i], node[i] = key[down], node[down]
        i = down
    key[i], node[i] = k, v
    return size


@compiled
def spread(
    ptr: Ints,
    to: Ints,
    length: Floats,
    source: int,
    limit: float,
    far: Floats,
    parent: Ints,
    order: Ints,
    key: Floats,
    heap: Ints,
) -> int:
    """Distances up to the limit are in `far`, the tree in `parent`, settled patches in `order`; how many."""
    far[:] = np.inf
    far[source] = 0.0
    parent[source] = -1
    size = _push(key, heap, 0, 0.0, source)
    count = 0
    while size:
        d, u = key[0], heap[0]
        size = _pop(key, heap, size)
        if d > far[u]:  # a patch is pushed only when its distance falls, so it settles once
            continue
        order[count] = u
        count += 1
        for e in range(ptr[u], ptr[u + 1]):
            v = to[e]
            through = d + length[e]
            if through < far[v] and through <= limit:
                far[v] = through
                parent[v] = u
                size = _push(key, heap, size, through, v)
    return count


@compiled
def worth(far: float, steps: bool) -> float:
    """1 / (1 + steps), or the product of probabilities whose negative logarithms were summed."""
    return 1.0 / (1.0 + far) if steps else np.exp(-far)


@compiled
def numerator(ptr: Ints, to: Ints, length: Floats, area: Floats, steps: bool) -> float:
    """Σ_i Σ_j a_i a_j × worth of the best path, i = j included."""
    n = area.size
    far, parent, order = np.empty(n), np.empty(n, np.int64), np.empty(n, np.int64)
    key, heap = np.empty(to.size + n + 1), np.empty(to.size + n + 1, np.int64)
    total = 0.0
    for i in range(n):
        count = spread(ptr, to, length, i, np.inf, far, parent, order, key, heap)
        here = 0.0
        for t in range(count):
            here += area[order[t]] * worth(far[order[t]], steps)
        total += area[i] * here
    return total


@warmed(lambda ptr, to, length, area, *_: area.size * (6 * to.size + 20 * area.size))
def losses(
    ptr: Ints,
    to: Ints,
    length: Floats,
    area: Floats,
    steps: bool,
    spare: float,
    flux: Floats,
    connector: Floats,
) -> None:
    """What is lost with each patch: its own flows in `flux`, flows of others through it in `connector`.

    From each source only the patches below the lost one in the tree of shortest paths change; they are settled
    anew from their neighbours outside that branch. From each source, flows that sum to at most `spare` may be
    left out: what lies beyond the distance where all the habitat there is would exchange no more than that,
    and branches that carry no more.
    """
    n = area.size
    far, parent, order = np.empty(n), np.empty(n, np.int64), np.empty(n, np.int64)
    key, heap = np.empty(to.size + n + 1), np.empty(to.size + n + 1, np.int64)
    size, place, fill = np.empty(n, np.int64), np.full(n, -1, np.int64), np.empty(n, np.int64)
    at, again = np.empty(n, np.int64), np.empty(n)
    flow = np.empty(n)
    all_area = area.sum()
    for i in range(n):
        if area[i] == 0:
            continue
        limit = np.inf if steps or spare <= 0 else np.log(max(area[i] * all_area / spare, 1.0))
        count = spread(ptr, to, length, i, limit, far, parent, order, key, heap)
        here = 0.0
        for t in range(count):
            v = order[t]
            size[v] = 1
            flow[v] = area[v] * worth(far[v], steps)
            here += flow[v]
        flux[i] = 2.0 * area[i] * (here - area[i])
        for t in range(count - 1, 0, -1):
            size[parent[order[t]]] += size[order[t]]
            flow[parent[order[t]]] += flow[order[t]]
        place[i] = 0
        at[0] = i
        fill[i] = 1
        for t in range(1, count):  # preorder: every branch is one slice of `at`
            v = order[t]
            up = parent[v]
            place[v] = fill[up]
            fill[up] += size[v]
            fill[v] = place[v] + 1
            at[place[v]] = v
        for t in range(1, count):
            k = order[t]
            if size[k] == 1 or area[i] * flow[k] <= spare:
                continue
            first, last = place[k], place[k] + size[k]
            lost = 0.0
            waiting = 0
            for q in range(first + 1, last):
                v = at[q]
                best = np.inf
                for e in range(ptr[v], ptr[v + 1]):
                    u = to[e]
                    if place[u] < first or place[u] >= last:
                        best = min(best, far[u] + length[e])
                again[v] = best
                if size[k] == 2:
                    lost += area[v] * (worth(far[v], steps) - worth(best, steps))
                elif best < np.inf:
                    waiting = _push(key, heap, waiting, best, v)
            if size[k] > 2:
                while waiting:
                    d, u = key[0], heap[0]
                    waiting = _pop(key, heap, waiting)
                    if d > again[u]:
                        continue
                    for e in range(ptr[u], ptr[u + 1]):
                        v = to[e]
                        if place[v] > first and place[v] < last and d + length[e] < again[v]:
                            again[v] = d + length[e]
                            waiting = _push(key, heap, waiting, again[v], v)
                for q in range(first + 1, last):
                    v = at[q]
                    lost += area[v] * (worth(far[v], steps) - worth(again[v], steps))
            connector[k] += area[i] * lost
        for t in range(count):
            place[order[t]] = -1


@warmed(lambda ptr, to, length, n: n * (6 * to.size + 10 * n))
def between(ptr: Ints, to: Ints, length: Floats, n: int) -> Floats:
    """Shortest paths through each patch, each pair once (Brandes 2001); near-equal lengths count as equal."""
    far, order = np.empty(n), np.empty(n, np.int64)
    key, heap = np.empty(to.size + n + 1), np.empty(to.size + n + 1, np.int64)
    ways, share, through = np.empty(n), np.empty(n), np.zeros(n)
    settled = np.zeros(n, np.bool_)
    for s in range(n):
        far[:] = np.inf
        settled[:] = False
        ways[:] = 0.0
        share[:] = 0.0
        far[s], ways[s] = 0.0, 1.0
        size = _push(key, heap, 0, 0.0, s)
        count = 0
        while size:
            u = heap[0]
            size = _pop(key, heap, size)
            if settled[u]:
                continue
            settled[u] = True
            order[count] = u
            count += 1
            for e in range(ptr[u], ptr[u + 1]):
                v = to[e]
                if settled[v]:
                    continue
                d = far[u] + length[e]
                if d < far[v] * (1 - 1e-12):
                    far[v], ways[v] = d, ways[u]
                    size = _push(key, heap, size, d, v)
                elif d <= far[v] * (1 + 1e-12):
                    ways[v] += ways[u]
                    if d < far[v]:
                        far[v] = d
                        size = _push(key, heap, size, d, v)
        settled[:] = False
        for t in range(count - 1, 0, -1):
            w = order[t]
            settled[w] = True
            for e in range(ptr[w], ptr[w + 1]):
                v = to[e]
                if not settled[v] and abs(far[v] + length[e] - far[w]) <= 1e-12 * far[w]:
                    share[v] += ways[v] / ways[w] * (1.0 + share[w])
            through[w] += share[w]
    return through / 2.0
