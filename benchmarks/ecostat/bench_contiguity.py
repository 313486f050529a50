"""One connected piece on seeded lattices: the gap proved in thirty processor seconds.

Run: python -m benchmarks.ecostat.bench_contiguity
"""

import time

import numpy as np

from benchmarks.ecostat.bench_planning import region
from ecostat.errors import NotConverged
from ecostat.planning import Plan, Progress, grid_adjacency, min_set, min_shortfall

SECONDS, PATIENCE = 30.0, 150.0

#: Kind of land, seed, side of the lattice, question, share of each feature asked for.
WORK = (
    *(("patches", seed, 20, "set", 0.2) for seed in (1, 2, 3, 4)),
    ("patches", 1, 20, "set", 0.1),
    ("patches", 1, 20, "shortfall", 0.3),
    *(("scattered", seed, 20, "set", 0.2) for seed in (1, 2, 3)),
    ("scattered", 1, 20, "set", 0.1),
    ("scattered", 1, 20, "shortfall", 0.3),
    *((land, 1, 10, "set", 0.2) for land in ("patches", "scattered")),
)


def instance(land: str, seed: int, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Costs and amounts of eight features: in patches that lie apart, or in four units of ten at random."""
    if land == "patches":
        return region(side, side, 8, seed)
    rng = np.random.default_rng(seed)
    cost = np.exp(0.4 * rng.normal(size=side * side))
    amount = rng.random((8, side * side)) * (rng.random((8, side * side)) < 0.4)
    return cost / cost.mean(), amount


def solved(land: str, seed: int, side: int, question: str, share: float) -> tuple[Plan, float]:
    """The plan after so many processor seconds, and how many they were."""
    cost, amount = instance(land, seed, side)
    target, began = share * amount.sum(axis=1), time.process_time()

    def patient(_: Progress) -> bool:
        return time.process_time() - began < SECONDS

    rules = {"adjacency": grid_adjacency(side, side), "contiguous": True, "gap": 0.0, "time_limit": PATIENCE}
    if question == "set":
        plan = min_set(cost, amount, target, progress=patient, **rules)
    else:
        budget = 0.1 * float(cost.sum())
        plan = min_shortfall(cost, amount, target, budget, progress=patient, **rules)
    return plan, time.process_time() - began


def main() -> None:
    """The table."""
    print("| units | land, seed | question | plan | bound | gap | processor seconds |")
    print("|---:|---|---|---:|---:|---:|---:|")
    for land, seed, side, question, share in WORK:
        about = f"{question} {share:.0%}" + (" under a tenth of all cost" if question == "shortfall" else "")
        try:
            plan, seconds = solved(land, seed, side, question, share)
        except NotConverged as none:
            print(f"| {side * side} | {land} {seed} | {about} | none | | | {none} |", flush=True)
            continue
        told = f"{plan.objective:.4g} | {plan.bound:.4g} | {plan.gap:.1%} | {seconds:.0f}"
        print(f"| {side * side} | {land} {seed} | {about} | {told} |", flush=True)


if __name__ == "__main__":
    main()
