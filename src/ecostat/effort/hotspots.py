"""Places where finds crowd beyond chance, by the Getis–Ord statistic, with or without effort."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix
from scipy.spatial import cKDTree
from scipy.stats import norm

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import Floats


@dataclass(frozen=True)
class Hotspots:
    """Per place: `z` (Gi*), two-sided `p`, `q` (Benjamini & Hochberg's false-discovery rate), `kind`.

    `kind` is "hot", "cold" or "" at `q` below the level; `observed`, `expected` sums over the
    neighbourhood of `neighbours` places (itself included); `dispersion` is 1 without effort. Unsurveyed
    places are NaN with kind "unknown".
    """

    z: Floats
    p: Floats
    q: Floats
    kind: NDArray[np.str_]
    observed: Floats
    expected: Floats
    neighbours: NDArray[np.int64]
    dispersion: float
    n: int
    message: str


def hotspots(
    value: ArrayLike,
    x: ArrayLike,
    y: ArrayLike,
    distance: float,
    effort: ArrayLike | None = None,
    level: float = 0.05,
) -> Hotspots:
    """Gi* over places within `distance` (Ord & Getis 1995, Geogr. Anal. 27:286).

    Without `effort` it is the published statistic of any value. With it, `value` are counts and chance
    means that finds fall in proportion to effort: the neighbourhood sum is held against a multinomial whose
    variance is widened by the `dispersion` of single places (Pearson's, at least 1).
    NaN values, and places without effort, are not surveyed. All values equal raises `TooFewData`.
    """
    v = gates.numbers("value", value)
    east, north = gates.numbers("x", x, missing=False), gates.numbers("y", y, missing=False)
    e = None if effort is None else gates.numbers("effort", effort, low=0)
    gates.alike(value=v, x=east, y=north, **({} if e is None else {"effort": e}))
    at = np.column_stack([east, north])
    distance, level = gates.number("distance", distance, above=0), gates.share("level", level, ends=False)
    if gates.like_degrees(at, distance):
        raise EcostatError(
            f"x and y look like degrees and distance ({distance:g}) is in metres: project them to metres first."
        )
    known = np.isfinite(v)
    if e is not None:
        known &= np.isfinite(e) & (e > 0)
        lost = np.isfinite(v) & (v > 0) & ~known
        if lost.any():
            raise EcostatError(f"Place {int(np.flatnonzero(lost)[0])} has a find without effort.")
        if (v[known] < 0).any() or (v[known] % 1 != 0).any():
            raise EcostatError("With effort the values are counts: whole and not negative.")
    n = int(known.sum())
    if n < 3:
        raise TooFewData(f"{n} surveyed places: a hotspot needs at least 3.")
    values, places = v[known], at[known]
    tree = cKDTree(places)
    pairs = tree.query_pairs(distance * (1 + 1e-12), output_type="ndarray")
    ends = np.concatenate([pairs, pairs[:, ::-1], np.column_stack([np.arange(n)] * 2)])
    near = csr_matrix((np.ones(ends.shape[0]), (ends[:, 0], ends[:, 1])), (n, n))
    size = np.asarray(near.sum(axis=1)).ravel()
    observed = near @ values
    dispersion = 1.0
    if e is None:
        mean, spread = float(values.mean()), float(values.std())
        if spread == 0:
            raise TooFewData("All values are equal: nothing stands out.")
        expected = mean * size
        variance = spread**2 * (n * size - size**2) / (n - 1)
    else:
        total = float(values.sum())
        if total == 0:
            raise TooFewData("Nothing was found anywhere: there is no hotspot to look for.")
        share = near @ (e[known] / e[known].sum())
        expected = total * share
        alone = total * e[known] / e[known].sum()
        # finds of one place come together: chance must be allowed that much too
        dispersion = max(1.0, float(((values - alone) ** 2 / alone).sum()) / (n - 1))
        variance = dispersion * total * share * (1 - share)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(variance > 1e-12, (observed - expected) / np.sqrt(variance), np.nan)
    p = 2 * norm.sf(np.abs(z))
    q = _discovery_rate(p)
    kind = np.where(q < level, np.where(z > 0, "hot", "cold"), "")

    def spread_out(part: Floats) -> Floats:
        out = np.full(v.size, np.nan)
        out[known] = part
        return out

    kinds = np.full(v.size, "unknown")
    kinds[known] = kind
    count = np.zeros(v.size, np.int64)
    count[known] = size.astype(np.int64)
    told = f"{int((kind == 'hot').sum())} hot and {int((kind == 'cold').sum())} cold of {n} surveyed places."
    if n < v.size:
        told += f" {v.size - n} places without survey stay unknown."
    if e is not None and (expected < 5).mean() > 0.5:
        told += (
            " Most neighbourhoods expect fewer than 5 finds: the normal limits are rough, widen the distance."
        )
    elif e is None and np.median(size) < 8:
        told += " Neighbourhoods are small (half hold fewer than 8 places): the normal limits are rough."
    return Hotspots(
        spread_out(z),
        spread_out(p),
        spread_out(q),
        kinds,
        spread_out(observed),
        spread_out(expected),
        count,
        dispersion,
        n,
        told,
    )


def _discovery_rate(p: Floats) -> Floats:
    """Benjamini & Hochberg (1995): the least rate at which each would be called; NaN stays."""
    out = np.full(p.size, np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known])]
    raw = p[order] * order.size / np.arange(1, order.size + 1)
    out[order] = np.minimum(1.0, np.minimum.accumulate(raw[::-1])[::-1])
    return out
