"""Plans on lattices of planning units, against the linear relaxation alone and prioritizr with HiGHS.

Seconds are of one processor (one thread), so that what else the machine does leaves them alone; the note gives the
seconds on the clock, which time limits count.
"""

import time
from collections.abc import Callable

import numpy as np
import scipy.sparse as sp
from scipy.ndimage import gaussian_filter

from benchmarks.table import Row, markdown
from ecostat.planning import Plan, Problem, min_set, min_shortfall, problem
from ecostat.planning.program import program, relax

#: Seconds on the clock before a search gives up; longer than the targets, for a machine that others share.
PATIENCE = 300.0


def region(rows: int, columns: int, features: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Costs (mean 1) and amounts of features that hold together in space, on rows × columns units."""
    rng = np.random.default_rng(seed)
    amount = np.empty((features, rows * columns))
    for j in range(features):
        field = gaussian_filter(rng.standard_normal((rows, columns)), rng.uniform(2, max(3, rows / 12)))
        least = np.quantile(field, 1 - rng.uniform(0.05, 0.6))
        held = np.maximum(field - least, 0) / (field.max() - least) * rng.uniform(0.7, 1.3, field.shape)
        amount[j] = held.ravel()
    smooth = gaussian_filter(rng.standard_normal((rows, columns)), 5)
    cost = np.exp(6 * smooth + 0.4 * rng.standard_normal((rows, columns))).ravel()
    return cost / cost.mean(), amount


def lattice(rows: int, columns: int) -> sp.csr_array:
    """Edges of length 1 between units beside each other, outer edges on the diagonal."""
    n = rows * columns
    at = np.arange(n).reshape(rows, columns)
    one = np.r_[at[:, :-1].ravel(), at[:-1].ravel()]
    other = np.r_[at[:, 1:].ravel(), at[1:].ravel()]
    half = sp.csr_array((np.ones(one.size), (one, other)), shape=(n, n))
    edges = half + half.T
    return sp.csr_array(edges + sp.diags_array(4 - np.asarray(edges.sum(axis=1)).ravel()))


def timed(work: Callable[[], Plan | object]) -> tuple[float, object]:
    """Processor seconds of one run, and what it gave."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def row(what: str, plan: Callable[[], Plan], p: Problem, target: str, peer: float | None = None) -> Row:
    """One run beside the linear relaxation of the same program."""
    seconds, found = timed(plan)
    floor, _ = timed(lambda: relax(program(p), 120))
    assert isinstance(found, Plan) and found.bound <= found.objective * (1 + 1e-9)
    held = f"{found.objective:.6g} ≥ {found.bound:.6g}, {found.selected.sum()} units"
    note = f"gap {found.gap:.2%}: {held}, {found.seconds:.1f} s on the clock"
    name = "prioritizr + HiGHS" if peer else ""
    return Row(what, seconds, "linear relaxation alone", floor, name, peer, target, note)


def budget_row(tall: int, units: int, limit: str) -> Row:
    """Minimum shortfall of 72 features under a tenth of all cost."""
    cost, amount = region(tall, tall, 72)
    cost, amount = cost[:units], amount[:, :units]
    target, budget = 0.3 * amount.sum(axis=1), 0.1 * float(cost.sum())
    return row(
        f"shortfall under a budget, {units:,} × 72",
        lambda: min_shortfall(cost, amount, target, budget, gap=0.01, time_limit=PATIENCE),
        problem("shortfall", cost, amount, target, budget=budget),
        f"{limit} at ≤ 1 %",
    )


def set_row() -> Row:
    """The minimum set of 14,400 units."""
    cost, amount = region(120, 120, 20)
    target = 0.2 * amount.sum(axis=1)
    return row(
        "minimum set, 14,400 × 20",
        lambda: min_set(cost, amount, target, gap=0.01, time_limit=PATIENCE),
        problem("set", cost, amount, target),
        "far ahead of 11.4 s",
        11.4,
    )


def boundary_row(side: int, units: int, features: int, price: float, near: float, seconds: float) -> Row:
    """A minimum set with a price on its edges; at 1.0 an edge costs as much as a mean unit."""
    cost, amount = region(side, side, features)
    cost, amount = cost[:units], amount[:, :units]
    target = 0.2 * amount.sum(axis=1)
    given = {"boundary": sp.csr_array(lattice(side, side)[:units, :units]), "boundary_penalty": price}
    return row(
        f"minimum set with boundary penalty {price:g}, {units:,} × {features}",
        lambda: min_set(cost, amount, target, gap=near, time_limit=seconds, **given),
        problem("set", cost, amount, target, **given),
        f"≤ {near:.0%} in 30 s",
    )


def warm() -> None:
    """The compiled loops are ready."""
    cost, amount = region(8, 8, 3)
    min_set(cost, amount, 0.2 * amount.sum(axis=1), boundary=lattice(8, 8), boundary_penalty=0.1)


WORK: tuple[Callable[[], Row], ...] = (
    lambda: budget_row(114, 12_902, "≤ 10 s"),
    lambda: budget_row(320, 102_242, "≤ 30 s"),
    set_row,
    lambda: boundary_row(60, 3_600, 10, 0.1, 0.01, PATIENCE),
    lambda: boundary_row(60, 3_600, 10, 0.3, 0.01, PATIENCE),
    lambda: boundary_row(114, 12_902, 20, 0.5, 0.05, PATIENCE),
    lambda: boundary_row(60, 3_600, 10, 1.0, 0.01, 60.0),
)


def rows() -> list[Row]:
    """The result table of this module."""
    warm()
    return [work() for work in WORK]


if __name__ == "__main__":
    print(markdown(rows()))
