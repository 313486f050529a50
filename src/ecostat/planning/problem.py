"""What a plan must do, in one form: units, features, targets, budget, edges, locks, limits."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: A target, a budget or a bound counts as kept when it is missed by at most this share of itself.
TOLERANCE = 1e-8


@dataclass(frozen=True)
class Problem:
    """Minimise price·x + Σ shared·|x_left − x_right| + Σ lack·shortfall over x in {0, 1}, within the limits.

    `lack` is infinite where the target must be held. With `whole` a shortfall costs its full weight
    (lack × target) however small it is. `forced` is 1 locked in, −1 locked out, 0 free. `company` is how many
    selected neighbours each unit needs. The objective of the question is `offset` + `sign` × that minimum.
    """

    kind: str
    price: Floats
    cost: Floats
    amount: sp.csc_array
    target: Floats
    lack: Floats
    whole: bool
    budget: float
    left: Ints
    right: Ints
    shared: Floats
    forced: NDArray[np.int8]
    adjacency: sp.csr_array | None
    neighbours: int
    company: Floats
    contiguous: bool
    limits: sp.csr_array
    limit_low: Floats
    limit_high: Floats
    limit_names: tuple[str, ...]
    names: tuple[str, ...]
    outer: Floats
    penalty: float
    offset: float
    sign: float

    @property
    def units(self) -> int:
        """The number of units."""
        return self.price.size

    @property
    def hard(self) -> bool:
        """True where every target must be held."""
        return self.kind == "set"

    @property
    def plain(self) -> bool:
        """True where only targets, budget and locks bind."""
        return not (self.shared.size or self.neighbours or self.contiguous or self.limit_low.size)

    def held(self, x: Bools) -> Floats:
        """The amount of each feature in the selected units."""
        return np.asarray(self.amount @ x.astype(np.float64), dtype=np.float64)

    def missing(self, x: Bools) -> Floats:
        """How much of each target is not held, zero within `TOLERANCE`."""
        short = self.target - self.held(x)
        return np.where(short > TOLERANCE * np.maximum(self.target, 1e-300), short, 0.0)

    def perimeter_price(self, x: Bools) -> float:
        """The price of the edges between selected and other units."""
        return float(self.shared[x[self.left] != x[self.right]].sum())

    def perimeter(self, x: Bools) -> float:
        """The length of edge around the selection, outer edges at their factor; 0 where none is charged."""
        if self.penalty == 0:
            return 0.0
        return self.perimeter_price(x) / self.penalty + float(self.outer[x].sum())

    def value(self, x: Bools) -> float:
        """The objective to be made small, infinite where a hard target is missed."""
        short = self.missing(x)
        if self.hard:
            lost = np.inf if short.any() else 0.0
        elif self.whole:
            lost = float((self.lack * self.target)[short > 0].sum())
        else:
            lost = float(self.lack @ short)
        return float(self.price[x].sum()) + self.perimeter_price(x) + lost

    def keeps(self, x: Bools) -> bool:
        """True where x keeps targets that must be held, budget, locks, neighbours, limits and contiguity."""
        if (x[self.forced == -1]).any() or not x[self.forced == 1].all():
            return False
        if float(self.cost[x].sum()) > self.budget * (1 + TOLERANCE):
            return False
        if self.hard and self.missing(x).any():
            return False
        if self.neighbours and self.lonely(x).any():
            return False
        if self.limit_low.size and not self.within_limits(x):
            return False
        return not self.contiguous or self.pieces(x) <= 1

    def lonely(self, x: Bools) -> Bools:
        """The selected units with too few selected neighbours."""
        assert self.adjacency is not None
        around = np.asarray(self.adjacency @ x.astype(np.float64)).ravel()
        return np.asarray(x & (around < self.company))

    def within_limits(self, x: Bools) -> bool:
        """True where every linear limit is kept, within `TOLERANCE` of what it adds up."""
        sums = np.asarray(self.limits @ x.astype(np.float64)).ravel()
        slack = TOLERANCE * np.maximum(np.asarray(abs(self.limits) @ x.astype(np.float64)).ravel(), 1e-300)
        return bool(((sums >= self.limit_low - slack) & (sums <= self.limit_high + slack)).all())

    def pieces(self, x: Bools) -> int:
        """How many connected pieces the selected units form."""
        assert self.adjacency is not None
        chosen = np.flatnonzero(x)
        if chosen.size == 0:
            return 0
        part = self.adjacency[chosen][:, chosen]
        return int(sp.csgraph.connected_components(part, directed=False, return_labels=False))
