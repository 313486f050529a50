"""One connected piece, proved: branch and cut on separators, where the piece has its root decided first."""

import heapq
from dataclasses import dataclass
from itertools import count

import highspy
import numpy as np
import scipy.sparse as sp

from ecostat.planning.growing import grown, improved
from ecostat.planning.plan import Watch
from ecostat.planning.problem import Bools, Floats, Ints, Problem
from ecostat.planning.program import Program, dual_bound, program, solver_of
from ecostat.planning.separating import Separator, Separators

#: Rounds of separators at the first node and at later ones, and separators a round.
_ROUNDS, _LATER, _MANY = 60, 6, 60


@dataclass(frozen=True)
class _Node:
    """A part of the plans: limits of the columns, the shares of its relaxation, and the basis to go on from."""

    low: Floats
    high: Floats
    x: Floats
    root: Floats
    worth: Floats
    basis: highspy.HighsBasis


def solve_in_one_piece(p: Problem, watch: Watch) -> None:
    """The watch holds the best connected plan found; every bound is a bound on connected plans.

    A unit in a set without the root needs a selected unit on the set's rim (node separators: Carvajal et al. 2013,
    Fischetti et al. 2017). Who is the root is branched on first, by halves: either it lies in the part of the
    candidates nearest to the middle, or no unit of that part is selected.
    """
    watch.offer(p.forced == 1, "locked in")  # nothing at all, where nothing is locked in, has no root
    _Search(p, watch).run()


class _Search:
    def __init__(self, p: Problem, watch: Watch) -> None:
        self.p, self.watch, self.n = p, watch, p.units
        assert p.adjacency is not None
        self.adjacency = p.adjacency
        self.separators = Separators(p)
        self.g = _near_rims(program(p, roots=True))
        self.first_root = self.g.cost.size - self.n
        self.solver = solver_of(self.g, self.g.low, self.g.high, watch.left)
        self.order = count()
        self.dice = np.random.default_rng(1)
        self.growing, self.wandering, self.tries = 0.0, 0.0, 0
        self.here: Bools | None = None

    def run(self) -> None:
        """Nodes are split, the one with the lowest bound first, until the gap is proved or the time is over."""
        watch = self.watch
        self.solver.setOptionValue("solver", "ipm")
        self.solver.run()
        self.solver.setOptionValue("solver", "simplex")
        start = self._bounded(self.g.low, self.g.high, _ROUNDS)
        if start is None:
            if self.solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
                watch.bound = np.inf
            return
        bound, node = start
        self.rank = self._from_the_middle(node.x)
        heap = [(bound, next(self.order), node)]
        while heap:
            bound, _, node = heapq.heappop(heap)
            watch.prove(bound, "branching")
            watch.tell("branching")
            self._wander(node)
            if watch.over:
                return
            for low, high in self._split(node, bound):
                if watch.left <= 0 or watch.cancelled:
                    return
                self.solver.setBasis(node.basis)
                child = self._bounded(low, high, _LATER)
                if child is None:
                    if self.solver.getModelStatus() != highspy.HighsModelStatus.kInfeasible:
                        return  # the time ended within the node: its parent's bound still holds
                    continue
                value = max(bound, child[0])
                if watch.hopes(value):
                    heapq.heappush(heap, (value, next(self.order), child[1]))
        if watch.best is None:
            watch.bound = np.inf
        else:
            watch.prove(watch.value, "branching")

    def _bounded(self, low: Floats, high: Floats, rounds: int) -> tuple[float, _Node] | None:
        """The node's bound after rounds of separators, None where it holds no plan or the time ended."""
        columns = np.arange(low.size, dtype=np.int32)
        self.solver.changeColsBounds(low.size, columns, low, high)
        best, stalled = -np.inf, 0
        node: _Node | None = None
        for turn in range(rounds):
            self.solver.setOptionValue("time_limit", self.solver.getRunTime() + max(0.05, self.watch.left))
            self.solver.run()
            if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                infeasible = self.solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible
                return None if infeasible or node is None else (best, node)
            found = self.solver.getSolution()
            values = np.asarray(found.col_value, np.float64)
            dual = np.asarray(found.row_dual, np.float64)
            bound, _ = dual_bound(self.g, dual, low, high)
            x = np.clip(values[: self.n], 0, 1)
            root = np.clip(values[self.first_root :], 0, 1)
            stalled = 0 if bound > best + 1e-4 * max(abs(bound), 1e-12) else stalled + 1
            best = max(best, bound)
            worth = np.maximum(dual[: self.p.target.size], 0) / np.where(
                self.p.target > 0, self.p.target, 1.0
            )
            node = _Node(low, high, x, root, worth, self.solver.getBasis())
            if turn % 8 == 0:
                self._offer(node)
            if best >= self.watch.value or self.watch.over or stalled > 8:
                break
            broken = self.separators.broken(x, root, self._short(values), _MANY)
            if not broken:
                break
            self._add(broken)
        assert node is not None
        self._offer(node)
        return best, node

    def _short(self, values: Floats) -> Floats:
        return values[:0] if self.p.hard else values[self.n : self.n + self.p.target.size]

    def _add(self, broken: list[Separator]) -> None:
        """The relaxation keeps these sets from now on; rows go to the solver and to the program alike."""
        rows, columns, values, low = [], [], [], np.zeros(len(broken))
        for k, cut in enumerate(broken):
            if cut.unit >= 0:
                reach, share = np.array([cut.unit]), np.array([-1.0])
            elif self.p.hard:
                reach, share, low[k] = np.zeros(0, np.int64), np.zeros(0), 1.0
            else:
                reach, share, low[k] = np.array([self.n + cut.feature]), np.array([1.0 / cut.loss]), 1.0
            columns += [reach, cut.rim, self.first_root + cut.inside]
            values += [share, np.ones(cut.rim.size), np.ones(cut.inside.size)]
            rows.append(np.full(reach.size + cut.rim.size + cut.inside.size, k))
        at = (np.concatenate(rows), np.concatenate(columns))
        block = sp.csr_array((np.concatenate(values), at), shape=(len(broken), self.g.cost.size))
        self.g = self.g.with_rows(block, low)
        self.solver.addRows(
            len(broken),
            low,
            np.full(len(broken), highspy.kHighsInf),
            block.nnz,
            block.indptr[:-1].astype(np.int32),
            block.indices.astype(np.int32),
            block.data,
        )

    def _split(self, node: _Node, bound: float) -> list[tuple[Floats, Floats]]:
        """The limits of the two halves: of the root's candidates, or without and with the unit most in doubt."""
        low, high, n = node.low, node.high, self.n
        candidates = np.flatnonzero(high[self.first_root :] > 0)
        if candidates.size > 1:
            candidates = candidates[np.argsort(self.rank[candidates])]
            weight = np.cumsum(node.x[candidates] + 1e-3)
            half = int(np.searchsorted(weight, weight[-1] / 2)) + 1
            half = min(max(half, 1), candidates.size - 1)
            near, far = candidates[:half], candidates[half:]
            with_near, without = high.copy(), high.copy()
            with_near[self.first_root + far] = 0.0
            without[self.first_root + near] = 0.0
            without[near] = 0.0
            below = low.copy()
            if near.size == 1:
                below[near] = 1.0
            parts = [(below, with_near)]
            if not (low[near] > 0).any():
                last = low.copy()
                if far.size == 1:
                    last[far] = 1.0
                parts.append((last, without))
            return parts
        open_ = low[:n] < high[:n]
        doubt = np.minimum(node.x, 1 - node.x) * open_
        if doubt.max(initial=0.0) <= 1e-7:
            if not open_.any():
                return []
            doubt = open_.astype(np.float64)
        near_doubt = np.asarray(self.adjacency @ doubt).ravel()
        unit = int(np.argmax(doubt * (1 + near_doubt)))
        off, on = high.copy(), low.copy()
        off[unit] = 0.0
        on[unit] = 1.0
        return [(low, off), (on, high)]

    def _offer(self, node: _Node) -> None:
        """The plan that grows along the relaxation's shares, improved; never more than a third of the time."""
        p, began = self.p, self.watch.seconds
        self.watch.offer(node.x > 0.5, "branching")  # a whole relaxation is a plan of its own
        if self.growing > 0.3 * began:
            return
        start = np.flatnonzero(p.forced == 1)[:1]
        if start.size == 0:
            allowed = np.where(node.high[: self.n] > 0, node.x + node.root, -1.0)
            start = np.array([int(np.argmax(allowed))])
        x = grown(p, start, node.x, node.worth)
        self.watch.offer(x, "growing")
        if p.value(x) < self.watch.value * (1 + 0.05) + 1e-9:
            self.watch.offer(improved(p, x, node.x, node.worth, self.dice), "growing")
        self.growing += self.watch.seconds - began

    def _wander(self, node: _Node) -> None:
        """Parts of good plans are grown anew along other ways, now and then a whole plan; a quarter of the time."""
        p, watch, dice = self.p, self.watch, self.dice
        while watch.best is not None and not watch.over and self.wandering < 0.25 * watch.seconds:
            began, self.tries = watch.seconds, self.tries + 1
            whim = dice.random(p.units) * dice.random()
            worth = node.worth * dice.exponential(1.0, p.target.size)
            if self.tries % 25 == 0:
                start = np.flatnonzero(p.forced == (1 if (p.forced == 1).any() else 0))
                x = grown(p, dice.choice(start, 1), whim, worth)
            else:
                x = improved(p, watch.best if self.here is None else self.here, whim, worth, dice)
            near = watch.offer(x, "growing") or p.value(x) < watch.value * 1.01 or self.tries % 25 == 0
            self.here = x if near else None
            self.wandering += watch.seconds - began

    def _from_the_middle(self, x: Floats) -> Ints:
        """Each unit's rank by its steps from the unit that is in the middle of the relaxed plan."""
        steps = sp.csgraph.shortest_path(self.adjacency, unweighted=True, method="D")
        steps[~np.isfinite(steps)] = 2 * self.n
        middle = int(np.argmin(steps @ x + 1e6 * (self.p.forced < 0)))
        rank = np.empty(self.n, np.int64)
        rank[np.lexsort((-x, steps[middle]))] = np.arange(self.n)
        return rank


def _near_rims(g: Program) -> Program:
    """The program in which each selected unit is the root or has a selected neighbour."""
    p = g.problem
    assert p.adjacency is not None
    root = g.cost.size - p.units
    eye = sp.eye_array(p.units)
    block = sp.hstack([p.adjacency - eye, sp.csr_array((p.units, root - p.units)), eye])
    return g.with_rows(sp.csr_array(block), np.zeros(p.units))
