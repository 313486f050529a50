"""The next survey beside a balanced sample of equal cost: the mean squared error of the occupied share, truth known.

python -m benchmarks.ecostat.next_survey > benchmarks/ecostat/results/next_survey.md
"""

from dataclasses import dataclass

import numpy as np

from ecostat.fit import Floats
from ecostat.sampling import next_estimate, next_survey, sample_pivotal

SIDE, PILOT, BUDGET, P, VISITS, RUNS = 30, 80, 60.0, 0.5, 3, 200
SEEN = 1 - (1 - P) ** VISITS


@dataclass(frozen=True)
class World:
    """Occupancy by quarter of a gradient, how uneven costs are, how much dearer cells are where the species lives."""

    name: str
    psi: tuple[float, float, float, float]
    uneven: float = 0.0
    remote: float = 0.0
    wrong: bool = False


WORLDS = (
    World("steep gradient, costs alike", (0.02, 0.10, 0.40, 0.80)),
    World("steep gradient, costs uneven", (0.02, 0.10, 0.40, 0.80), 0.8),
    World("steep gradient, dear where it lives", (0.02, 0.10, 0.40, 0.80), 0.3, 1.5),
    World("rare, costs uneven", (0.005, 0.01, 0.05, 0.20), 0.8),
    World("no gradient, costs uneven", (0.30, 0.30, 0.30, 0.30), 0.8),
    World("no gradient, costs alike", (0.30, 0.30, 0.30, 0.30)),
    World("what is thought is the reverse of the truth", (0.02, 0.10, 0.40, 0.80), 0.8, 0.0, True),
)


def errors(world: World, seed: int = 1) -> tuple[float, float, float]:
    """Mean squared errors: proposed, balanced with what was found alone, balanced with what was thought before too."""
    rng = np.random.default_rng(seed)
    x, y = (v.ravel().astype(float) for v in np.meshgrid(np.arange(SIDE), np.arange(SIDE)))
    quarter = np.minimum((4 * y / SIDE).astype(int), 3)
    psi = np.array(world.psi)[quarter]
    off: list[tuple[float, float, float]] = []
    for _run in range(RUNS):
        truth = rng.random(x.size) < psi
        cost = np.exp(rng.normal(0, world.uneven, x.size)) * (1 + world.remote * quarter / 3)
        cost /= cost.mean()
        pilot = rng.choice(x.size, PILOT, replace=False)
        thought = _thought(_found(rng, truth[pilot]), quarter[pilot])[quarter]
        thought = thought[::-1] if world.wrong else thought
        plan = next_survey(x, y, thought, cost, BUDGET, rng=rng, p=P, visits=VISITS)
        ours = next_estimate(
            thought, plan.inclusion, plan.cells, _found(rng, truth[plan.cells]), p=P, visits=VISITS
        )
        even = sample_pivotal(x, y, plan.plain_size, rng=rng).unit
        found = _found(rng, truth[even])
        chance = np.full(x.size, plan.plain_size / x.size)
        mended = next_estimate(thought, chance, even, found, p=P, visits=VISITS)
        share = truth.mean()
        off.append((ours.value - share, found.mean() / SEEN - share, mended.value - share))
    told = (np.array(off) ** 2).mean(axis=0)
    return float(told[0]), float(told[1]), float(told[2])


def _found(rng: np.random.Generator, there: Floats) -> Floats:
    return (there & (rng.random(there.size) < SEEN)).astype(float)


def _thought(found: Floats, quarter: Floats) -> Floats:
    """The posterior mean of each quarter from the pilot: Beta(1, 1) before, sightings mended for what is missed."""
    met = np.array([found[quarter == q].sum() / SEEN for q in range(4)])
    went = np.array([(quarter == q).sum() for q in range(4)])
    return np.clip((1 + met) / (2 + went), 0.01, 0.99)


def table() -> str:
    """The result as Markdown."""
    lines = [
        "# The next survey beside a balanced sample of equal cost\n",
        f"{SIDE}² cells in four quarters of a gradient; a pilot of {PILOT} cells tells what is thought; the money pays "
        f"{BUDGET:.0f} cells of mean cost, {VISITS} visits each, seen with p = {P}. Mean squared error of the occupied "
        f"share over {RUNS} worlds drawn anew, × 10⁴ (each within ±{100 * (2 / RUNS) ** 0.5:.0f} %). “Alone”: the "
        "mean of the balanced sample (LPM2), mended for what is missed; “with the pilot”: the same sample with the "
        "estimator of the proposed one. `python -m benchmarks.ecostat.next_survey`.\n",
        "| world | proposed | balanced, alone | cut | balanced, with the pilot | cut |",
        "|---|---|---|---|---|---|",
    ]
    for world in WORLDS:
        ours, alone, mended = errors(world)
        cuts = [f"{100 * (1 - ours / other):+.0f} %" for other in (alone, mended)]
        figures = [f"{1e4 * v:.1f}" for v in (ours, alone, mended)]
        lines.append(f"| {world.name} | {figures[0]} | {figures[1]} | {cuts[0]} | {figures[2]} | {cuts[1]} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(table(), end="")
