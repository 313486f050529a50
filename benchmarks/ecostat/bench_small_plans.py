"""Forty small plans beside plain scipy.optimize.milp (HiGHS): processor seconds of both, median and worst ratio.

Run: python -m benchmarks.ecostat.bench_small_plans
"""

import time
from collections.abc import Callable

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from ecostat.planning import Plan, min_set, min_shortfall

PATIENCE = 20.0


def instance(seed: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Costs and amounts of 40 to 100 units and 3 to 8 features, and the share asked for."""
    rng = np.random.default_rng(seed)
    units, features = int(rng.integers(40, 101)), int(rng.integers(3, 9))
    spread = (0.02, 0.3, 1.0)[seed % 3]  # from nearly equal costs, the hard case, to very unequal ones
    cost = 200 * np.exp(spread * rng.normal(size=units))
    amount = rng.random((features, units)) * (rng.random((features, units)) < rng.uniform(0.3, 1.0))
    return cost, amount, float(rng.choice([0.1, 0.2, 0.3]))


def processor(work: Callable[[], object]) -> tuple[float, object]:
    """Processor seconds of one run, the shortest of up to ten where they are milliseconds, and its result."""
    seconds: list[float] = []
    while not seconds or (len(seconds) < 10 and sum(seconds) < 0.3):
        start = time.process_time()
        result = work()
        seconds.append(time.process_time() - start)
    return min(seconds), result


def plainly(cost: np.ndarray, amount: np.ndarray, target: np.ndarray, budget: float | None) -> object:
    """The same question as anyone would write it down for milp."""
    n, m = cost.size, target.size
    options = {"mip_rel_gap": 0.0, "time_limit": PATIENCE}
    if budget is None:
        rows = [LinearConstraint(amount, target, np.inf)]
        return milp(cost, constraints=rows, integrality=np.ones(n), bounds=Bounds(0, 1), options=options)
    rows = [
        LinearConstraint(np.hstack([amount / target[:, None], np.eye(m)]), 1.0, np.inf),
        LinearConstraint(np.r_[cost, np.zeros(m)][None, :], -np.inf, budget),
    ]
    whole = np.r_[np.ones(n), np.zeros(m)]
    worth = np.r_[np.zeros(n), np.ones(m)]
    return milp(worth, constraints=rows, integrality=whole, bounds=Bounds(0, 1), options=options)


def main() -> None:
    """The table, and the median and worst of the ratios."""
    print("| seed | question | units × features | ours (s) | milp (s) | ours / milp | objectives |")
    print("|---:|---|---|---:|---:|---:|---|")
    ratios = []
    min_set([1.0], [[1.0]], 1.0)
    for seed in range(40):
        cost, amount, share = instance(seed)
        target = share * amount.sum(axis=1)
        budget = 0.15 * float(cost.sum()) if seed % 4 == 3 else None
        asked = 2.0 * target if budget is not None else target
        theirs, found = processor(lambda c=cost, a=amount, t=asked, b=budget: plainly(c, a, t, b))
        if budget is None:
            ours, plan = processor(
                lambda c=cost, a=amount, t=asked: min_set(c, a, t, gap=0.0, time_limit=PATIENCE)
            )
        else:
            ours, plan = processor(
                lambda c=cost, a=amount, t=asked, b=budget: min_shortfall(
                    c, a, t, b, gap=0.0, time_limit=PATIENCE
                )
            )
        assert isinstance(plan, Plan)
        ratios.append(ours / theirs)
        kind = "set" if budget is None else "shortfall"
        told = f"{plan.objective:.6g}, {found.fun:.6g}" + (
            "" if plan.converged else f", time up at {plan.gap:.2%}"
        )  # type: ignore[attr-defined]
        size = f"{cost.size} × {len(target)}"
        print(
            f"| {seed} | {kind} {share:g} | {size} | {ours:.3f} | {theirs:.3f} | {ratios[-1]:.2f} | {told} |",
            flush=True,
        )
    print(f"\nMedian ratio {np.median(ratios):.2f}, worst {max(ratios):.2f}.")


if __name__ == "__main__":
    main()
