"""The linear program of a problem, its relaxation with a rigorous bound, and the exact search by HiGHS."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ecostat.errors import EcostatError
from ecostat.planning.plan import Watch
from ecostat.planning.problem import Bools, Floats, Ints, Problem

_FEASIBLE = 1e-9


@dataclass(frozen=True)
class Program:
    """Columns: units, then relative shortfalls (soft targets), then cut edges, then roots (contiguity)."""

    problem: Problem
    cost: Floats
    matrix: sp.csc_array
    row_low: Floats
    row_high: Floats
    whole_columns: Bools
    low: Floats
    high: Floats

    def with_rows(self, rows: sp.csr_array, low: Floats) -> "Program":
        """The program with more rows `rows · columns ≥ low`."""
        return Program(
            self.problem,
            self.cost,
            sp.csc_array(sp.vstack([self.matrix, rows])),
            np.r_[self.row_low, low],
            np.r_[self.row_high, np.full(low.size, np.inf)],
            self.whole_columns,
            self.low,
            self.high,
        )


@dataclass(frozen=True)
class Relaxed:
    """The relaxation: bound, unit shares, reduced costs of the units, duals of targets and budget."""

    bound: float
    share: Floats
    reduced: Floats
    worth: Floats
    charge: float


def program(p: Problem, roots: bool = False) -> Program:
    """The mixed-integer program of the problem; `roots` adds one root column a unit."""
    n, m, e = p.units, p.target.size, p.shared.size
    scale = np.where(p.target > 0, p.target, 1.0)
    amount = sp.csr_array(sp.diags_array(1 / scale) @ p.amount)
    soft = 0 if p.hard else m
    extra = soft + e + (n if roots else 0)
    wide = n + extra
    blocks = [
        sp.hstack([amount, sp.eye_array(m), sp.csr_array((m, extra - m))]) if soft else _pad(amount, wide)
    ]
    lows, highs = [p.target / scale], [np.full(m, np.inf)]
    if np.isfinite(p.budget):
        unit = p.budget if p.budget > 0 else max(float(p.cost.max()), 1.0)
        blocks.append(_pad(sp.csr_array((p.cost / unit)[None, :]), wide))
        lows.append(np.array([-np.inf]))
        highs.append(np.array([p.budget / unit]))
    if e:
        at = np.arange(e)
        for one, other in ((p.left, p.right), (p.right, p.left)):
            where = (np.r_[at, at, at], np.r_[one, other, n + soft + at])
            blocks.append(sp.csr_array((np.r_[-np.ones(e), np.ones(2 * e)], where), shape=(e, wide)))
            lows.append(np.zeros(e))
            highs.append(np.full(e, np.inf))
    if p.neighbours and p.adjacency is not None:
        blocks.append(_pad(sp.csr_array(p.adjacency - sp.diags_array(p.company)), wide))
        lows.append(np.zeros(n))
        highs.append(np.full(n, np.inf))
    if p.limit_low.size:
        blocks.append(_pad(p.limits, wide))
        lows.append(p.limit_low)
        highs.append(p.limit_high)
    cost = np.r_[
        p.price, (p.lack * p.target if soft else p.target[:0]), p.shared, np.zeros(n if roots else 0)
    ]
    high = np.r_[(p.forced >= 0).astype(float), np.ones(extra)]
    low = np.r_[(p.forced == 1).astype(float), np.zeros(extra)]
    whole = np.zeros(wide, np.bool_)
    whole[:n] = True
    whole[n : n + soft] = p.whole
    whole[n + soft + e :] = True
    if roots:
        root = n + soft + e
        sources = np.flatnonzero(p.forced == 1)
        if sources.size:  # a locked-in unit is the root
            high[root:] = 0.0
            high[root + sources[0]] = 1.0
        one = sp.csr_array((np.ones(n), (np.zeros(n, int), root + np.arange(n))), shape=(1, wide))
        blocks.append(one)  # at most one: an empty selection has no root
        lows.append(np.array([-np.inf]))
        highs.append(np.ones(1))
        at = np.arange(n)
        blocks.append(
            sp.csr_array(
                (np.r_[np.ones(n), -np.ones(n)], (np.r_[at, at], np.r_[at, root + at])), shape=(n, wide)
            )
        )
        lows.append(np.zeros(n))
        highs.append(np.full(n, np.inf))
    matrix = sp.csc_array(sp.vstack(blocks))
    return Program(p, cost, matrix, np.concatenate(lows), np.concatenate(highs), whole, low, high)


def relax(g: Program, seconds: float) -> Relaxed:
    """The linear relaxation by interior points; its bound is recomputed from the duals and holds for any."""
    solver = solver_of(g, g.low, g.high, seconds)
    solver.setOptionValue("solver", "ipm")
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Relaxed(np.inf, g.low[: g.problem.units], np.zeros(g.problem.units), g.problem.target * 0, 0.0)
    found = solver.getSolution()
    dual = np.asarray(found.row_dual, dtype=np.float64)
    if dual.size != g.row_low.size or not np.isfinite(dual).all():
        dual = np.zeros(g.row_low.size)
    share = np.asarray(found.col_value, dtype=np.float64)
    if share.size != g.cost.size or not np.isfinite(share).all():
        share = g.low
    bound, reduced = dual_bound(g, dual, g.low, g.high)
    n, m = g.problem.units, g.problem.target.size
    scale = np.where(g.problem.target > 0, g.problem.target, 1.0)
    budgeted = np.isfinite(g.problem.budget)
    charge = max(0.0, -float(dual[m])) / max(g.problem.budget, 1e-300) if budgeted else 0.0
    return Relaxed(bound, np.clip(share[:n], 0, 1), reduced[:n], np.maximum(dual[:m], 0) / scale, charge)


def dual_bound(g: Program, dual: Floats, low: Floats, high: Floats) -> tuple[float, Floats]:
    """The bound that any row prices prove within low…high (Lagrange), and the reduced cost of each column."""
    y = np.where(np.isneginf(g.row_low), np.minimum(dual, 0), dual)
    y = np.where(np.isposinf(g.row_high), np.maximum(y, 0), y)
    side = np.where(y > 0, g.row_low, g.row_high)
    reduced = g.cost - g.matrix.T @ y
    at = np.where(reduced > 0, low, high)
    return float((y * np.where(y == 0, 0.0, side)).sum() + (reduced * at).sum()), reduced


def search(g: Program, watch: Watch, low: Floats, high: Floats, *, proves: bool = True) -> Floats | None:
    """The best columns of the exact search within low…high, None where no better plan lies within them.

    Plans and, where `proves`, bounds go to the watch as they are found.
    """
    n = g.problem.units
    gap = watch.asked if watch.sign > 0 else 0.0
    found: list[Bools] = []

    def plan(values: Floats) -> None:
        found.append(values[:n] > 0.5)
        watch.offer(found[-1], "exact search")

    def bound(value: float) -> bool:
        if proves:
            watch.prove(value, "exact search")
        watch.tell("exact search")
        return watch.cancelled or (proves and watch.proved)

    start = completed(g, watch.best) if watch.best is not None else None
    proved, values = branch(g, low, high, start, gap, watch.left, plan, bound)
    if proves:
        watch.prove(proved, "exact search")
    return values


def branch(
    g: Program,
    low: Floats,
    high: Floats,
    start: Floats | None,
    gap: float,
    seconds: float,
    on_plan: Callable[[Floats], None],
    on_bound: Callable[[float], bool],
) -> tuple[float, Floats | None]:
    """HiGHS branches and bounds; returns its proved bound (infinite: no plan exists) and its best columns."""
    solver = solver_of(g, low, high, seconds)
    kinds = np.where(g.whole_columns, 1, 0).astype(np.uint8)
    solver.changeColsIntegrality(kinds.size, np.arange(kinds.size, dtype=np.int32), kinds)
    solver.setOptionValue("mip_rel_gap", float(gap))
    solver.setOptionValue("mip_abs_gap", 1e-9)
    solver.setOptionValue("mip_feasibility_tolerance", _FEASIBLE)
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = list(start)
        solver.setSolution(solution)
    heard = [time.perf_counter()]

    def improving(event: highspy.HighsCallbackEvent) -> None:
        values = np.asarray(event.data_out.mip_solution, dtype=np.float64)
        if values.size == g.cost.size:
            on_plan(values)

    def interrupt(event: highspy.HighsCallbackEvent) -> None:
        if time.perf_counter() - heard[0] > 0.5:
            heard[0] = time.perf_counter()
            if on_bound(float(event.data_out.mip_dual_bound)) and event.data_in is not None:
                event.data_in.user_interrupt = True

    solver.cbMipImprovingSolution.subscribe(improving)
    solver.cbMipInterrupt.subscribe(interrupt)
    solver.run()
    if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return np.inf, None
    values = np.asarray(solver.getSolution().col_value, dtype=np.float64)
    if values.size == g.cost.size and solver.getInfo().primal_solution_status == 2:
        on_plan(values)
        return float(solver.getInfo().mip_dual_bound), values
    return float(solver.getInfo().mip_dual_bound), None


def completed(g: Program, x: Bools) -> Floats:
    """All columns of the program for the selection x."""
    p = g.problem
    n, m, e = p.units, p.target.size, p.shared.size
    full = np.zeros(g.cost.size)
    full[:n] = x
    soft = 0 if p.hard else m
    if soft:
        short = np.maximum(p.target - p.held(x), 0) / np.where(p.target > 0, p.target, 1.0)
        full[n : n + m] = (p.missing(x) > 0) if p.whole else short
    full[n + soft : n + soft + e] = x[p.left] != x[p.right]
    roots = g.cost.size - n - soft - e
    if roots and x.any():
        allowed = np.flatnonzero(x & (g.high[n + soft + e :] > 0))
        full[n + soft + e + allowed[0]] = 1.0
    return full


def solver_of(g: Program, low: Floats, high: Floats, seconds: float) -> highspy.Highs:
    """HiGHS with the program loaded, on one thread and quiet."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("time_limit", max(0.05, float(seconds)))
    solver.setOptionValue("primal_feasibility_tolerance", _FEASIBLE)
    solver.setOptionValue("dual_feasibility_tolerance", _FEASIBLE)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = g.cost.size, g.row_low.size
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = g.cost, low, high
    lp.row_lower_, lp.row_upper_ = g.row_low, g.row_high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = _int32(g.matrix.indptr)
    lp.a_matrix_.index_ = _int32(g.matrix.indices)
    lp.a_matrix_.value_ = g.matrix.data
    if solver.passModel(lp) == highspy.HighsStatus.kError:
        raise EcostatError("the solver refused the program: amounts, costs or targets are out of its range")
    return solver


def _int32(values: Ints) -> NDArray[np.int32]:
    return np.asarray(values, dtype=np.int32)


def _pad(block: sp.csr_array, wide: int) -> sp.csr_array:
    return sp.csr_array((block.data, block.indices, block.indptr), shape=(block.shape[0], wide))
