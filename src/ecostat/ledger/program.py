"""A small integer program, written down row by row and solved by HiGHS."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from ecostat.errors import NotConverged
from ecostat.ledger.entries import MANY


class Program:
    """A small integer program written down row by row."""

    def __init__(self) -> None:
        self.whole: list[bool] = []
        self.rows: list[dict[int, float]] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def number(self, *, whole: bool = True) -> int:
        """A number from 0 up, as many animals as anyone could hold; returns its place."""
        self.whole.append(whole)
        return len(self.whole) - 1

    def require(self, terms: dict[int, float], low: float, high: float) -> None:
        """low ≤ Σ terms ≤ high."""
        self.rows.append(terms)
        self.low.append(low)
        self.high.append(high)

    def least(self, cost: dict[int, float], time_limit: float) -> tuple[NDArray[np.int64], bool]:
        """The values of least cost, and whether they are proven least."""
        price = np.zeros(len(self.whole))
        price[list(cost)] = list(cost.values())
        cells = [(i, j, v) for i, row in enumerate(self.rows) for j, v in row.items()]
        i, j, v = zip(*cells, strict=True) if cells else ((), (), ())
        matrix = csr_array((v, (i, j)), shape=(len(self.rows), len(self.whole)))
        found = milp(
            price,
            integrality=np.array(self.whole),
            bounds=Bounds(0, MANY),
            constraints=LinearConstraint(matrix, np.array(self.low), np.array(self.high)),
            options={"time_limit": time_limit, "mip_rel_gap": 0.0},
        )
        if found.x is None:
            raise NotConverged(f"the ledger could not be judged in {time_limit:g} s: {found.message}")
        return np.round(found.x).astype(np.int64), found.status == 0
