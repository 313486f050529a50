"""Totals and means of a spatially balanced sample, with a variance taken among neighbours."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree
from scipy.stats import norm

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import Floats

NEIGHBOURS = 4


@dataclass(frozen=True)
class Estimate:
    """Weighted `mean` and `total` with neighbourhood standard errors and 95 % limits of the mean.

    `mean_se_independent` is what the same data would give as an independent random sample: larger where
    the value changes smoothly over the ground. `n` places with a value; `missing` without.
    """

    mean: float
    mean_se: float
    lower: float
    upper: float
    total: float
    total_se: float
    mean_se_independent: float
    n: int
    missing: int
    message: str


def local_variance(
    value: ArrayLike,
    weight: ArrayLike,
    x: ArrayLike,
    y: ArrayLike,
    strata: ArrayLike | None = None,
    level: float = 0.95,
) -> Estimate:
    """The Horvitz–Thompson total and Hájek mean with the variance of Stevens & Olsen (2003, Environmetrics
    14:593): squared differences from the mean of each place and its nearest neighbours.

    `weight` = 1 / inclusion. A NaN value is a place not surveyed; its weight is shared out in its stratum.
    Fewer than 4 values in a stratum raise `TooFewData`.
    """
    z, w = gates.numbers("value", value), gates.numbers("weight", weight, above=0, missing=False)
    east, north = gates.numbers("x", x, missing=False), gates.numbers("y", y, missing=False)
    group = np.zeros(z.size, np.intp) if strata is None else gates.numbered("strata", strata)[1]
    gates.alike(value=z, weight=w, x=east, y=north, strata=group)
    level, at = gates.share("level", level, ends=False), np.column_stack([east, north])
    known = np.isfinite(z)
    lost = int((~known).sum())
    w = w.copy()
    for g in np.unique(group):
        here = group == g
        if (here & known).sum() < NEIGHBOURS:
            raise TooFewData(f"{int((here & known).sum())} values in a stratum: neighbours need at least 4.")
        w[here & known] *= w[here].sum() / w[here & known].sum()
    z, w, at, group = z[known], w[known], at[known], group[known]

    total, whole = float(w @ z), float(w.sum())
    mean = total / whole
    share = (z - mean) * w / whole
    variance_total = variance_mean = 0.0
    independent = 0.0
    for g in np.unique(group):
        here = group == g
        among = neighbour_weights(at[here], w[here])
        variance_total += _spread(among, (z * w)[here])
        variance_mean += _spread(among, share[here])
        independent += here.sum() * float(np.var(share[here], ddof=1))
    se = float(np.sqrt(variance_mean))
    reach = float(norm.ppf(0.5 + level / 2)) * se
    return Estimate(
        mean=mean,
        mean_se=se,
        lower=mean - reach,
        upper=mean + reach,
        total=total,
        total_se=float(np.sqrt(variance_total)),
        mean_se_independent=float(np.sqrt(independent)),
        n=int(z.size),
        missing=lost,
        message=f"{z.size} places; {lost} not surveyed and taken to be like the rest of their stratum."
        if lost
        else f"{z.size} places.",
    )


def neighbour_weights(at: Floats, weight: Floats) -> NDArray[np.float64]:
    """A matrix over places whose rows and columns sum to 1, positive between near neighbours.

    Weights fall with the rank of nearness and with the chance of inclusion, then rows and columns are
    scaled in turn; rows sum to 1 exactly, columns to about a thousandth.
    """
    n = at.shape[0]
    near = min(NEIGHBOURS, n)
    _, index = cKDTree(at).query(at, k=near)
    linked = np.zeros((n, n), bool)
    linked[np.arange(n)[:, None], index] = True
    linked[np.arange(n), np.arange(n)] = True
    linked |= linked.T
    among = np.zeros((n, n))
    for i in range(n):
        mine = np.flatnonzero(linked[i])
        away = ((at[mine] - at[i]) ** 2).sum(axis=1)
        away[mine == i] = -1.0
        rank = np.empty(mine.size)
        rank[np.argsort(away, kind="stable")] = np.arange(mine.size)
        among[i, mine] = weight[mine] * (1 - rank / mine.size)
    for _ in range(300):
        among /= among.sum(axis=0)
        row = among.sum(axis=1, keepdims=True)
        among /= row
        if np.abs(row - 1).max() < 1e-9:
            break
    return among


def _spread(among: Floats, value: Floats) -> float:
    """The sum over places of the weighted squared differences from their neighbourhood mean."""
    centre = among @ value
    return float((among * (value[None, :] - centre[:, None]) ** 2).sum())


def spatial_balance(x: ArrayLike, y: ArrayLike, inclusion: ArrayLike, sampled: ArrayLike) -> float:
    """How unevenly a sample covers its frame: the mean squared excess of inclusion nearest to each place.

    `x`, `y`, `inclusion`: the frame of points; `sampled`: positions drawn. 0 is perfect; an independent
    random sample gives about 0.3 (Stevens & Olsen 2004, with Voronoi polygons of frame points).
    """
    east, north = gates.numbers("x", x, missing=False), gates.numbers("y", y, missing=False)
    chance = gates.numbers("inclusion", inclusion, low=0, high=1 + 1e-9, missing=False)
    drawn = gates.pick("sampled", sampled, gates.alike(x=east, y=north, inclusion=chance))
    if (chance[drawn] == 0).any():
        first = int(drawn[chance[drawn] == 0][0])
        raise EcostatError(
            f"sampled holds place {first}, whose inclusion is 0: it could not have been drawn."
        )
    if drawn.size == 0:
        raise EcostatError("sampled holds no place: a sample has at least one.")
    at = np.column_stack([east, north])
    _, nearest = cKDTree(at[drawn]).query(at)
    held = np.bincount(nearest, chance, drawn.size)
    return float(((held - 1) ** 2).mean())
