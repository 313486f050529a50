"""The answer: which units, what it costs, and how far it can be from the best there is."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ecostat.errors import NotConverged
from ecostat.planning.problem import Bools, Floats, Problem

#: Solvers work in floating point: a gap below this share counts as none.
PROOF = 1e-6


@dataclass(frozen=True)
class Progress:
    """Where the search stands: seconds so far, best objective (None before the first plan), proved bound."""

    stage: str
    seconds: float
    objective: float | None
    bound: float | None
    gap: float


Listener = Callable[[Progress], object]


@dataclass(frozen=True)
class Plan:
    """A selection of units beside the proved bound on any selection.

    `selected` (units,) bool; `objective` in the unit of the question; `bound` = no plan can be better;
    `gap` = |objective − bound| / |objective|; `cost` of the selection; `held` and `shortfall` (features,);
    `perimeter` of the selection as charged, before its penalty; `converged` = the gap asked for is proved;
    `message` says in a sentence how the search ended.
    """

    selected: Bools
    objective: float
    bound: float
    gap: float
    cost: float
    held: Floats
    shortfall: Floats
    perimeter: float
    seconds: float
    converged: bool
    message: str


class Watch:
    """Keeps the best plan and the best bound found so far, the clock, and tells the listener."""

    def __init__(
        self,
        problem: Problem,
        gap: float,
        time_limit: float,
        listener: Listener | None = None,
    ) -> None:
        self.problem, self.asked, self.limit, self.listener = problem, gap, time_limit, listener
        self.offset, self.sign = problem.offset, problem.sign
        self.began = time.perf_counter()
        self.best: Bools | None = None
        self.value, self.bound = np.inf, -np.inf
        self.cancelled = False

    @property
    def seconds(self) -> float:
        """Seconds since the search began."""
        return time.perf_counter() - self.began

    @property
    def left(self) -> float:
        """Seconds left."""
        return self.limit - self.seconds

    @property
    def gap(self) -> float:
        """The proved gap between the best plan and any plan, as a share of the objective."""
        return _gap(self.outer(self.value), self.outer(self.bound))

    @property
    def proved(self) -> bool:
        """True once the gap asked for is proved."""
        return self.gap <= max(self.asked, PROOF)

    @property
    def over(self) -> bool:
        """True when nothing more should be tried."""
        return self.cancelled or self.proved or self.left <= 0

    def hopes(self, bound: float) -> bool:
        """True where plans of which none is below `bound` may hold one better than the best so far."""
        return self.best is None or bound < self.value - 1e-9 * abs(self.value)

    def outer(self, value: float) -> float:
        """A value of the inner minimisation in the unit of the question."""
        return self.offset + self.sign * value

    def offer(self, x: Bools, stage: str) -> bool:
        """True where x keeps every limit and is the best so far; it is then kept."""
        value = self.problem.value(x)
        if value < self.value and self.problem.keeps(x):
            self.best, self.value = x.copy(), value
            self.bound = min(self.bound, value)
            self.tell(stage)
            return True
        return False

    def prove(self, bound: float, stage: str) -> None:
        """A bound proved elsewhere is kept where it is the best so far."""
        better = min(bound, self.value)
        if better > self.bound:
            self.bound = better
            self.tell(stage)

    def tell(self, stage: str) -> None:
        """The listener has heard the state; its answer False asks to stop."""
        if self.listener is not None and not self.cancelled:
            best = self.outer(self.value) if self.best is not None else None
            bound = self.outer(self.bound) if np.isfinite(self.bound) else None
            if self.listener(Progress(stage, self.seconds, best, bound, self.gap)) is False:
                self.cancelled = True

    def plan(self) -> Plan:
        """The best plan as a result; none at all raises `NotConverged`."""
        p = self.problem
        if self.best is None:
            raise NotConverged(
                f"no plan was found in {self.seconds:.0f} s; none is proved impossible: allow more time"
            )
        x = self.best
        if self.proved:
            exact = self.gap <= PROOF
            message = "optimum proved" if exact else f"within {self.gap:.2%} of the optimum, proved"
        elif self.cancelled:
            message = f"stopped by the caller: best so far, at most {self.gap:.2%} from the optimum"
        elif self.left <= 0:
            message = f"time limit of {self.limit:g} s reached: best so far, at most {self.gap:.2%} from the optimum"
        else:
            message = f"search ended without proof: at most {self.gap:.2%} from the optimum"
        return Plan(
            selected=x,
            objective=self.outer(self.value),
            bound=self.outer(self.bound),
            gap=self.gap,
            cost=float(p.cost[x].sum()),
            held=p.held(x),
            shortfall=p.missing(x),
            perimeter=p.perimeter(x),
            seconds=self.seconds,
            converged=self.proved,
            message=message,
        )


def _gap(objective: float, bound: float) -> float:
    if not (np.isfinite(objective) and np.isfinite(bound)):
        return np.inf
    apart = abs(objective - bound)
    if apart <= 1e-9 * max(1.0, abs(bound)) and abs(objective) <= 1e-9:
        return 0.0
    return apart / abs(objective) if objective else np.inf
