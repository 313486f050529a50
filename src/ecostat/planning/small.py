"""Small questions with targets, budget and locks alone go to the solver as they are."""

import numpy as np
import scipy.sparse as sp

from ecostat.planning.plan import Watch
from ecostat.planning.problem import Problem
from ecostat.planning.program import program


def solve_plainly(p: Problem, watch: Watch) -> None:
    """The watch holds what scipy.optimize.milp (HiGHS) answers to the plain program.

    Branch and bound is a lottery on such questions: another order of rows, a plan to begin from or a tighter
    tolerance changes the time tenfold either way. Handed over untouched it costs what the plain solver costs.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    g = program(p)
    if p.hard and not np.isfinite(p.budget):
        rows = LinearConstraint(sp.csc_array(p.amount), p.target, np.inf)
    else:
        rows = LinearConstraint(g.matrix, g.row_low, g.row_high)
    found = milp(
        g.cost,
        constraints=[rows],
        integrality=g.whole_columns.astype(np.int8),
        bounds=Bounds(g.low, g.high),
        options={"mip_rel_gap": watch.asked if p.sign > 0 else 0.0, "time_limit": max(watch.left, 0.05)},
    )
    if found.status == 2:
        watch.bound = np.inf
        return
    if found.x is not None:
        watch.offer(found.x[: p.units] > 0.5, "exact search")
    if found.mip_dual_bound is not None:
        watch.prove(float(found.mip_dual_bound), "exact search")
