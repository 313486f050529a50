"""Gibbon arrays with bearings, against one numpy pass a step and the figure of the field's R package."""

import time
from collections.abc import Callable

import numpy as np

from benchmarks.table import Row, best_of, markdown
from ecostat.capture import ArraySurvey, buffer_mask, encounter_rate, rem_bootstrap, secr, survey


def arrays(count: int = 13, seed: int = 1) -> list[ArraySurvey]:
    """Arrays of three posts with about 2,000 mask points each, their groups heard with bearings: the size of the
    survey of Kidney et al. (2016)."""
    rng = np.random.default_rng(seed)
    posts = np.array([[0.0, 0.0], [500.0, 0.0], [1000.0, 0.0]])
    mask, cell = buffer_mask(posts, 6000, 250)
    out = []
    for _ in range(count):
        n = rng.poisson(0.31 * len(mask) * cell / 1e6)
        home = mask[rng.integers(len(mask), size=n)]
        away = home[:, None] - posts
        heard = rng.random((n, 3)) < np.exp(-(away**2).sum(axis=2) / (2 * 1270.0**2))
        who, where = np.nonzero(heard)
        angle = np.arctan2(away[..., 0], away[..., 1])[heard] + rng.vonmises(0, 47, len(who))
        out.append(survey(posts, mask, cell, animal=who, post=where, bearing=np.degrees(angle)))
    return out


def numpy_pass(surveys: list[ArraySurvey]) -> float:
    """One log-likelihood as plain array expressions, angles to the mask taken as known."""
    total = 0.0
    for s in surveys:
        away = s.mask - s.posts[:, None]
        square = (away**2).sum(axis=2)
        p = np.exp(-square / (2 * 1270.0**2))
        miss = np.log1p(-np.minimum(p, 1 - 1e-12))
        still = miss.sum(axis=0)
        total -= 0.31 * (1 - np.exp(still)).sum() * s.cell / 1e6
        for i in range(s.animals):
            logs = still.copy()
            for k, b in zip(s.post[s.animal == i], s.bearing[s.animal == i], strict=True):
                toward = np.arctan2(away[k, :, 0], away[k, :, 1])
                logs += np.log(p[k]) - miss[k] + 47 * np.cos(b - toward)
            total += np.log(np.exp(logs - logs.max()).sum()) + logs.max()
    return total


def processor(work: Callable[[], object], times: int = 3) -> str:
    """The processor time of the best of a few runs: what the seconds are where the machine has other work."""
    seconds = []
    for _ in range(times):
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return f"{min(seconds):.3g} s of processor time"


def rows() -> list[Row]:
    """The result table of this module."""
    surveys = arrays()
    model = secr(surveys)
    steps = int(model.message.split(" Newton")[0].split()[-1])
    once = best_of(lambda: numpy_pass(surveys), 3)
    seconds = best_of(lambda: secr(surveys), 5)
    points = sum(len(s.mask) for s in surveys)
    name = f"gibbon SECR with bearings, 13 arrays, {points:,} mask points, {model.n} groups"
    floor = f"{steps} numpy evaluations of the likelihood alone"
    table = [
        Row(
            name,
            seconds,
            floor,
            once * steps,
            "R package",
            2.2,
            "≥ 5 × faster",
            processor(lambda: secr(surveys)),
        )
    ]
    table.append(Row("the same without bearings", best_of(lambda: secr(surveys, bearings=False), 3)))
    rng = np.random.default_rng(1)
    events, days = rng.poisson(3, 100), rng.integers(20, 40, 100)
    table.append(Row("encounter rate of 100 cameras", best_of(lambda: encounter_rate(events, days), 9)))

    def resamples() -> object:
        return rem_bootstrap(events, days, speed=2, radius=0.01, angle=0.7, rng=np.random.default_rng(1))

    table.append(
        Row("1,000 bootstraps of the random encounter model", best_of(resamples, 3), target="seconds")
    )
    return table


if __name__ == "__main__":
    print(markdown(rows()))
