"""Balanced samples: neighbours decide between themselves (LPM2), or totals of known figures are met (cube)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from ecostat import gates
from ecostat.errors import EcostatError
from ecostat.fit import Floats
from ecostat.sampling.frame import Sample, by_stratum, chances, joined, sizes

EPS = 1e-9


def sample_pivotal(
    x: ArrayLike,
    y: ArrayLike,
    n: int | Mapping[Any, int],
    *,
    rng: np.random.Generator | int,
    strata: ArrayLike | None = None,
    size: ArrayLike | None = None,
    spread: ArrayLike | None = None,
) -> Sample:
    """A well-spread sample of exactly n points by the local pivotal method 2 (Grafström, Lundström & Schelin 2012,
    Biometrics 68:514), with chances proportional to `size`.

    A point drawn at random and its nearest undecided neighbour settle between them who may be drawn, until all
    are settled: near points are seldom drawn together. `spread` (points, k): further figures to spread over
    besides the place (elevation, type), each counting as much as x and y, all scaled to one spread.
    """
    at, weight = _frame(x, y, size)
    rng = gates.generator("rng", rng)
    space = _space(at, spread)
    parts = []
    for name, wanted, mine in by_stratum(n, strata, len(at)):
        chance = chances(weight[mine], wanted)
        drawn = mine[_pivotal(space[mine], chance, rng)]
        parts.append(_sample(at, drawn, name, chance, mine, "LPM2"))
    return joined(parts, "LPM2")


def sample_balanced(
    x: ArrayLike,
    y: ArrayLike,
    n: int | Mapping[Any, int],
    balance: ArrayLike,
    *,
    rng: np.random.Generator | int,
    strata: ArrayLike | None = None,
    size: ArrayLike | None = None,
) -> Sample:
    """A sample of exactly n points whose Horvitz–Thompson totals of `balance` (points, k) meet those of the frame,
    by the cube method (Deville & Tillé 2004, Biometrika 91:893).

    Chances are proportional to `size`. Totals are met exactly until fewer points than figures are undecided;
    then figures are let go from the last to the first, the sample size never. `message` says how far each
    total of the sample lies from the frame's.
    """
    at, weight = _frame(x, y, size)
    rng = gates.generator("rng", rng)
    figures = gates.numbers("balance", balance, dims=(1, 2), size=len(at), each="one a point", missing=False)
    figures = figures.reshape(len(at), -1)
    parts = []
    for name, wanted, mine in by_stratum(n, strata, len(at)):
        chance = chances(weight[mine], wanted)
        taken = _cube(np.column_stack([chance, figures[mine]]), chance, rng)
        drawn = mine[taken]
        full = figures[mine].sum(axis=0)
        met = (figures[drawn] / chance[taken][:, None]).sum(axis=0)
        reach = np.abs(figures[mine]).sum(axis=0)
        off = 100 * np.divide(np.abs(met - full), reach, out=np.zeros(full.size), where=reach > 0)
        told = f" Totals of balance are met within {', '.join(f'{v:.2g} %' for v in off)}."
        parts.append(_sample(at, drawn, name, chance, mine, "cube", told))
    return joined(parts, "cube")


def _frame(x: ArrayLike, y: ArrayLike, size: ArrayLike | None) -> tuple[Floats, Floats]:
    east, north = gates.numbers("x", x, missing=False), gates.numbers("y", y, missing=False)
    if not gates.alike(x=east, y=north):
        raise EcostatError("x and y hold no point to sample.")
    return np.column_stack([east, north]), sizes("size", size, east.size)


def _space(at: Floats, spread: ArrayLike | None) -> Floats:
    """Where points lie among each other: the place in its own unit, or place and figures on one scale."""
    if spread is None:
        return at
    more = gates.numbers("spread", spread, dims=(1, 2), size=len(at), each="one a point", missing=False)
    whole = np.column_stack([at, more.reshape(len(at), -1)])
    deviation = whole.std(axis=0)
    return (whole - whole.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0)


def _pivotal(space: Floats, chance: Floats, rng: np.random.Generator) -> NDArray[np.intp]:
    """Positions drawn, in rising order."""
    p = chance.copy()
    p[p > 1 - EPS], p[p < EPS] = 1.0, 0.0
    open_ = np.flatnonzero((p > 0) & (p < 1))
    tree, known, settled = cKDTree(space[open_]), open_, 0
    alive = np.zeros(p.size, dtype=bool)
    alive[open_] = True
    queue = list(rng.permutation(open_))
    while queue:
        i = int(queue.pop())
        if not alive[i]:
            continue
        if settled * 2 > known.size:  # most of the tree is settled: plant a smaller one
            known = np.flatnonzero(alive)
            tree, settled = cKDTree(space[known]), 0
        j = _nearest(tree, known, alive, space[i], i, rng)
        if j < 0:  # the last one: chances sum to a whole number, so it is all but settled
            p[i] = float(rng.random() < p[i])
            alive[i] = False
            break
        together = p[i] + p[j]
        if together <= 1:
            win, lose = (i, j) if rng.random() * together < p[i] else (j, i)
            p[win], p[lose] = together, 0.0
        else:
            win, lose = (i, j) if rng.random() * (2 - together) < 1 - p[j] else (j, i)
            p[win], p[lose] = 1.0, together - 1
        for k in (i, j):
            if p[k] > 1 - EPS or p[k] < EPS:
                p[k] = round(p[k])
                alive[k] = False
                settled += 1
            else:
                queue.insert(int(rng.integers(len(queue) + 1)), k)
    return np.flatnonzero(p > 0.5)


def _nearest(
    tree: cKDTree,
    known: NDArray[np.intp],
    alive: NDArray[np.bool_],
    at: Floats,
    i: int,
    rng: np.random.Generator,
) -> int:
    """The nearest undecided neighbour, ties at random; −1 where there is none."""
    k = 8
    while True:
        k = min(k, known.size)
        away, found = tree.query(at, k=k)
        away, found = np.atleast_1d(away), known[np.atleast_1d(found)]
        fit = alive[found] & (found != i)
        if fit.any() and (away[fit][0] < away[-1] or k == known.size):
            same = found[fit & (away == away[fit][0])]
            return int(same[rng.integers(same.size)])
        if k == known.size:
            return -1
        k *= 2


def _cube(figures: Floats, chance: Floats, rng: np.random.Generator) -> NDArray[np.intp]:
    """Positions drawn by a flight through the cube along the figures, which are dropped from the last one on."""
    p = chance.copy()
    p[p > 1 - EPS], p[p < EPS] = 1.0, 0.0
    ratio = figures / chance[:, None]
    scale = np.abs(ratio).max(axis=0)
    ratio = ratio / np.where(scale > 0, scale, 1.0)
    order = rng.permutation(p.size)
    for kept in range(ratio.shape[1], 0, -1):
        while True:
            live = order[(p[order] > 0) & (p[order] < 1)][: kept + 1]
            if live.size <= kept and kept > 1:
                break
            if live.size < 2:
                break
            step = _along(ratio[live, :kept])
            if step is None:
                break
            with np.errstate(divide="ignore"):
                up = np.min(
                    np.where(step > 0, (1 - p[live]) / step, np.where(step < 0, -p[live] / step, np.inf))
                )
                down = np.min(
                    np.where(step > 0, p[live] / step, np.where(step < 0, (p[live] - 1) / step, np.inf))
                )
            forward = rng.random() * (up + down) < down
            p[live] += (up if forward else -down) * step
            p[live[p[live] > 1 - EPS]], p[live[p[live] < EPS]] = 1.0, 0.0
    rest = np.flatnonzero((p > 0) & (p < 1))
    p[rest] = rng.random(rest.size) < p[rest]
    return np.flatnonzero(p > 0.5)


def _along(ratio: Floats) -> Floats | None:
    """A direction in which no figure changes, or None where there is none."""
    _, value, turn = np.linalg.svd(ratio.T, full_matrices=True)
    rank = int((value > 1e-10 * max(float(value[0]), 1e-300)).sum()) if value.size else 0
    if rank >= ratio.shape[0]:
        return None
    step = np.where(np.abs(turn[-1]) < 1e-12, 0.0, turn[-1])
    return step if step.any() else None


def _sample(
    at: Floats,
    drawn: NDArray[np.intp],
    name: object,
    chance: Floats,
    mine: NDArray[np.intp],
    method: str,
    told: str = "",
) -> Sample:
    each = np.zeros(len(at))
    each[mine] = chance
    return Sample(
        x=at[drawn, 0],
        y=at[drawn, 1],
        unit=drawn,
        stratum=np.full(drawn.size, name),
        inclusion=each[drawn],
        weight=1 / each[drawn],
        reserve=np.zeros(drawn.size, dtype=bool),
        method=method,
        message=f"{drawn.size} places ({name}).{told}",
    )
