"""From a selection to a better one: units are added, dropped and exchanged while the objective falls."""

import numpy as np
import scipy.sparse as sp

from ecostat.planning.annealing import Flat, Schedule, annealed
from ecostat.planning.problem import TOLERANCE, Bools, Floats, Ints, Problem


class Neighbourhood:
    """The problem with prices on missed targets and overspending that guide the search."""

    def __init__(self, p: Problem, worth: Floats, charge: float) -> None:
        n = p.units
        self.problem = p
        at = (np.r_[p.left, p.right], np.r_[p.right, p.left])
        self.links = sp.csr_array((np.r_[p.shared, p.shared], at), shape=(n, n))
        self.need = p.target - TOLERANCE * p.target
        budgeted = np.isfinite(p.budget)
        self.budget = p.budget * (1 + TOLERANCE) if budgeted else np.inf
        self.worth = np.where(np.isinf(p.lack), worth, p.lack)
        # a target no multiplier pulls on still needs a price: the mean price of what holds it
        mean = float(p.price.sum()) / np.maximum(np.asarray(p.amount.sum(axis=1)).ravel(), 1e-300)
        self.floor = np.where(np.isinf(p.lack), 0.05 * mean, 0.0)
        self.charge = charge

    def anneal(
        self, x: Bools, among: Ints, flips: int, warm: float, cold: float, pull: float, seed: int
    ) -> tuple[Bools, float]:
        """The best selection met that keeps targets and budget, and its value (infinite where none was)."""
        p = self.problem
        hard = np.isinf(p.lack)
        worth = np.where(hard, np.maximum(self.worth * pull, self.floor), self.worth)
        amount, links = p.amount, self.links
        flat = Flat(
            amount.indptr.astype(np.int64),
            amount.indices.astype(np.int64),
            amount.data,
            links.indptr.astype(np.int64),
            links.indices.astype(np.int64),
            links.data,
            price=p.price,
            cost=p.cost,
            need=self.need,
            target=p.target,
            worth=worth,
            hard=hard,
        )
        charge = max(self.charge * pull, 1e-12) if np.isfinite(self.budget) else 0.0
        schedule = Schedule(flips, warm, cold, seed, p.whole, self.budget, charge)
        held = p.held(x)
        short = held < self.need
        lost = p.target if p.whole else p.target - held
        value = float(p.price[x].sum()) + p.perimeter_price(x) + float((worth * lost)[short].sum())
        here, kept = x.astype(np.int8), x.astype(np.int8)
        spent, missed = float(p.cost[x].sum()), int((short & hard).sum())
        best = annealed(flat, schedule, held, spent, value, missed, here, kept, among.astype(np.int64))
        return kept.astype(np.bool_), best

    def mended(self, x: Bools, among: Ints) -> Bools:
        """The selection with units added until hard targets and neighbours hold, without what it can spare."""
        x = x.copy()
        open_ = np.zeros(x.size, np.bool_)
        open_[among] = True
        if self.problem.hard:
            self._hold(x, open_)
        if self.problem.neighbours:
            self._keep_company(x, open_)
        return self._spared(x, open_)

    def _hold(self, x: Bools, open_: Bools) -> None:
        """Units are added, most of what is missing for the least price first, until every target holds."""
        p = self.problem
        owner = np.repeat(np.arange(p.units), np.diff(p.amount.indptr))
        price = np.maximum(self.worth, self.floor)
        held = p.held(x)
        while True:
            short = np.where(held < self.need, self.need - held, 0.0)
            if not short.any():
                return
            gain = np.minimum(p.amount.data, short[p.amount.indices]) * price[p.amount.indices]
            use = np.where(open_ & ~x, np.bincount(owner, gain, p.units), 0.0)
            if not (use > 0).any():
                return
            pay = p.price + self.links @ (1.0 - 2.0 * x)
            rate = np.where(pay > 1e-12 * use, use / np.maximum(pay, 1e-300), 1e12 * (use > 0))
            which = int(np.argmax(rate))
            x[which] = True
            held += p.amount[:, [which]].toarray().ravel()

    def _keep_company(self, x: Bools, open_: Bools) -> None:
        """Lonely units get the cheapest neighbours, those first that keep several lonely units company."""
        p = self.problem
        assert p.adjacency is not None
        while True:
            lonely = p.lonely(x)
            if not lonely.any():
                return
            helps = np.asarray(p.adjacency @ lonely.astype(np.float64)).ravel() * (open_ & ~x)
            if not helps.any():
                return
            x[int(np.argmax(helps / (self._pay(x) + 1e-9 * max(float(p.price.mean()), 1e-9))))] = True

    def _pay(self, x: Bools) -> Floats:
        """What each unit not selected would add to the objective, targets apart; never below nothing."""
        p = self.problem
        base = p.price if p.hard else p.cost
        return np.maximum(base + self.links @ (1.0 - 2.0 * x), 0.0)

    def _spared(self, x: Bools, open_: Bools) -> Bools:
        """The selection without units whose loss makes the objective fall and breaks nothing, dear ones first."""
        p = self.problem
        held = p.held(x)
        ptr, row, val = p.amount.indptr, p.amount.indices, p.amount.data
        order = np.flatnonzero(x & open_)
        for i in order[np.argsort(-p.price[order])]:
            at = slice(self.links.indptr[i], self.links.indptr[i + 1])
            near = x[self.links.indices[at]]
            change = -p.price[i] + float(self.links.data[at] @ np.where(near, 1.0, -1.0))
            mine = slice(ptr[i], ptr[i + 1])
            left = held[row[mine]] - val[mine]
            if change >= 0 or not p.hard or (left < self.need[row[mine]]).any():
                continue
            if p.neighbours:
                x[i] = False
                if p.lonely(x).any():
                    x[i] = True
                    continue
            x[i] = False
            held[row[mine]] = left
        return x
