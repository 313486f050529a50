"""Small questions with targets, budget and locks alone go to the solver as they are."""

import numpy as np
import scipy.sparse as sp

from ecostat.planning.plan import Watch
from ecostat.planning.problem import Problem


def solve_plainly(p: Problem, watch: Watch) -> None:
    """The watch holds what scipy.optimize.milp (HiGHS) answers to the plain program.

    Branch and bound is a lottery on such questions: another order of rows, a plan to begin from or a tighter
    tolerance changes the time tenfold either way. Handed over untouched it costs what the plain solver costs.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    n, m = p.units, p.target.size
    if p.hard:
        cost, table, least, whole = p.price, p.amount, p.target, np.ones(n)
    else:  # beside the units one column a feature, its shortfall as a share of its target
        scale = np.where(p.target > 0, p.target, 1.0)
        table = np.hstack([p.amount.toarray() / scale[:, None], np.eye(m)])
        cost, least = np.r_[p.price, p.lack * p.target], p.target / scale
        whole = np.r_[np.ones(n), np.full(m, float(p.whole))]
    extra = cost.size - n
    most = np.full(m, np.inf)
    if np.isfinite(p.budget):  # one table, which the solver reads faster than two
        unit = p.budget if p.budget > 0 else max(float(p.cost.max()), 1.0)
        unit = (
            1.0 if 100 <= unit <= 1e6 else unit
        )  # as anyone would write it, where the solver's tolerance is fit
        spent = np.r_[p.cost / unit, np.zeros(extra)][None, :]
        table = sp.vstack([table, sp.csc_array(spent)]) if p.hard else np.vstack([table, spent])
        least, most = np.r_[least, -np.inf], np.r_[most, p.budget / unit]
    found = milp(
        cost,
        constraints=LinearConstraint(table, least, most),
        integrality=whole,
        bounds=Bounds(np.r_[p.forced == 1, np.zeros(extra)], np.r_[p.forced >= 0, np.ones(extra)]),
        options={"mip_rel_gap": watch.asked if p.sign > 0 else 0.0, "time_limit": max(watch.left, 0.05)},
    )
    if found.status == 2:
        watch.bound = np.inf
        return
    if found.x is not None:
        watch.offer(found.x[: p.units] > 0.5, "exact search")
    if found.mip_dual_bound is not None:
        watch.prove(float(found.mip_dual_bound), "exact search")
