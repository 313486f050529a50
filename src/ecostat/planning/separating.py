"""Separators: sets of units that a connected plan must enter, and whose rim its relaxation crosses too little."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import breadth_first_order, connected_components, dijkstra, maximum_flow

from ecostat.planning.problem import Bools, Floats, Ints, Problem

_WHOLE = 1_000_000  # flows are whole numbers: a millionth of a unit


@dataclass(frozen=True)
class Separator:
    """Σ x(rim) + Σ root(inside) ≥ what must be reached inside.

    Either a `unit`: the right side is its share; or a `feature` (unit −1) that cannot be held outside: the right
    side is 1, less its relative shortfall / `loss` where the target is soft.
    """

    inside: Ints
    rim: Ints
    unit: int
    feature: int = -1
    loss: float = 1.0


class Separators:
    """Finds, for shares of units and of roots, the sets that the shares break (Fischetti et al. 2017).

    A selected unit in a set without the root needs a selected unit on the set's rim; and a whole unit must cross
    the rim of a set without which some target cannot be held.
    """

    def __init__(self, p: Problem) -> None:
        assert p.adjacency is not None
        n = p.units
        self.p, self.n, self.adjacency, self.open = p, n, p.adjacency, p.forced >= 0
        self.by_feature = sp.csr_array(p.amount)
        heads = self.adjacency.indices
        tails = np.repeat(np.arange(n), np.diff(self.adjacency.indptr))
        both = self.open[heads] & self.open[tails]
        self.tails, self.heads = tails[both], heads[both]
        # node 0 is the source, 2n + 1 the sink; unit i enters at 1 + i and leaves at 1 + n + i
        units = np.arange(n)
        tail = np.r_[np.zeros(n, np.int64), 1 + units, 1 + units, 1 + n + self.tails]
        head = np.r_[1 + units, 1 + n + units, np.full(n, 2 * n + 1), 1 + self.heads]
        order = np.lexsort((head, tail))
        self.to = head[order].astype(np.int32)
        self.start = np.searchsorted(tail[order], np.arange(2 * n + 3)).astype(np.int32)
        place = np.empty(order.size, np.int64)
        place[order] = np.arange(order.size)
        self.roots, self.units, self.ends = place[:n], place[n : 2 * n], place[2 * n : 3 * n]
        self.capacity = np.full(order.size, 4 * _WHOLE, np.int32)

    def broken(
        self, x: Floats, root: Floats, short: Floats, most: int, least: float = 0.01
    ) -> list[Separator]:
        """Up to `most` sets that are broken by at least `least`, those of whole targets first.

        `short` (features,): relative shortfalls of soft targets, empty where targets are hard.
        """
        self.capacity[self.roots] = np.minimum(np.ceil(root * _WHOLE), _WHOLE)
        self.capacity[self.units] = np.minimum(np.ceil(x * _WHOLE), _WHOLE)
        found = self._targets(x, root, short, least)
        found += self._islands(x, root, least)
        if len(found) >= most:
            return found[:most]
        covered = np.zeros(self.n, np.bool_)
        for separator in found:
            covered[separator.inside] = True
        for unit in np.argsort(-x):
            if x[unit] <= least or len(found) >= most:
                break
            if covered[unit] or root[unit] >= x[unit] - least:
                continue
            inside = self._cut(np.array([unit]), float(x[unit]) - least)
            if inside is not None:
                covered |= inside
                found.append(Separator(np.flatnonzero(inside), self._rim(inside), int(unit)))
        return found

    def _targets(self, x: Floats, root: Floats, short: Floats, least: float) -> list[Separator]:
        """Sets beyond the nearest units that could almost hold a target, entered by less than one whole unit."""
        found: list[Separator] = []
        steps = np.maximum(1.0 - x, 1e-6)
        at = np.flatnonzero(root > 1e-9)
        if at.size == 0:
            return []
        net = sp.csr_array((steps[self.heads], (self.tails, self.heads)), shape=(self.n, self.n))
        far = dijkstra(net, indices=at) + (1.0 - root[at])[:, None]
        nearest = np.argsort(np.where(np.isfinite(far), far, 1e9).min(axis=0), kind="stable")
        rank = np.empty(self.n, np.int64)
        rank[nearest] = np.arange(self.n)
        for j in np.flatnonzero(self.p.target > 0):
            part = slice(self.by_feature.indptr[j], self.by_feature.indptr[j + 1])
            holders, amount = self.by_feature.indices[part], self.by_feature.data[part]
            order = np.argsort(rank[holders])
            holders, amount = holders[order], np.cumsum(amount[order])
            for loss in (1e-6,) if short.size == 0 else (1.0, 0.6, 0.3):
                asked = 1.0 - (short[j] / loss if short.size else 0.0)
                if asked <= least:
                    continue
                beyond = holders[amount > (1.0 - loss) * self.p.target[j]]
                beyond = beyond[self.open[beyond]]
                if beyond.size == 0:
                    continue
                inside = self._cut(beyond, asked - least)
                if inside is not None:
                    cut = Separator(np.flatnonzero(inside), self._rim(inside), -1, int(j), loss)
                    found.append(cut)
                    break
        return found

    def _islands(self, x: Floats, root: Floats, least: float) -> list[Separator]:
        """Pieces of the units above a few levels that are broken as they stand."""
        found: list[Separator] = []
        for level in (1e-6, 0.2, 0.4, 0.6, 0.8):
            above = np.flatnonzero(x > level)
            if above.size == 0:
                break
            count, label = connected_components(self.adjacency[above][:, above], directed=False)
            for c in range(count if count > 1 else 0):
                piece = above[label == c]
                unit = int(piece[np.argmax(x[piece])])
                inside = np.zeros(self.n, np.bool_)
                inside[piece] = True
                rim = self._rim(inside)
                if x[unit] > x[rim].sum() + root[piece].sum() + least:
                    found.append(Separator(piece, rim, unit))
        return found

    def _cut(self, ends: Ints, enough: float) -> Bools | None:
        """The smallest set around the units that too little flow enters; None where enough does."""
        n = self.n
        self.capacity[self.ends] = 0
        self.capacity[self.ends[ends]] = 4 * _WHOLE
        flow = sp.csr_array((self.capacity, self.to, self.start), shape=(2 * n + 2,) * 2)
        result = maximum_flow(flow, 0, 2 * n + 1)
        if result.flow_value >= enough * _WHOLE:
            return None
        left = sp.csr_array(flow - result.flow)
        left.data[left.data < 0] = 0
        left.eliminate_zeros()
        back = breadth_first_order(sp.csr_array(left.T), 2 * n + 1, directed=True, return_predecessors=False)
        sink = np.zeros(2 * n + 2, np.bool_)
        sink[back] = True
        return np.asarray(sink[1 : 1 + n] & self.open)

    def _rim(self, inside: Bools) -> Ints:
        around = np.asarray(self.adjacency @ inside.astype(np.float64)).ravel() > 0
        return np.flatnonzero(around & ~inside & self.open)
