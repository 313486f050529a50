"""How well scores part presences from background, and how far a place lies outside what was seen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata, spearmanr

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.fit import Floats
from ecostat.suitability.features import covariates


@dataclass(frozen=True)
class Tss:
    """Sensitivity + specificity − 1 at `threshold` (scores at or above it count as suitable)."""

    tss: float
    threshold: float
    sensitivity: float
    specificity: float


@dataclass(frozen=True)
class Boyce:
    """The rank correlation `index` of the presence-to-expected ratio with the score, −1 to 1.

    `score`: middle of each window; `ratio`: share of presences over share of background in it (NaN where
    no background lies).
    """

    index: float
    score: Floats
    ratio: Floats


@dataclass(frozen=True)
class Mess:
    """Multivariate environmental similarity: negative is outside the reference in some covariate.

    `similarity` (rows,), at most 100; `most_dissimilar` (rows,) the column that decides, −1 where a
    covariate is missing; `each` rows × columns.
    """

    similarity: Floats
    most_dissimilar: NDArray[np.intp]
    each: Floats
    outside_share: float


def _parted(presence: ArrayLike, score: ArrayLike) -> tuple[NDArray[np.bool_], Floats]:
    seen, scores = gates.mask("presence", presence), gates.numbers("score", score, missing=False)
    gates.alike(presence=seen, score=scores)
    if not seen.any() or seen.all():
        raise TooFewData("A measure needs both presences and background.")
    return seen, scores


def auc(presence: ArrayLike, score: ArrayLike) -> float:
    """The chance that a presence scores above a background row, ties counting half (Hanley & McNeil 1982)."""
    seen, scores = _parted(presence, score)
    high = int(seen.sum())
    return float((rankdata(scores)[seen].sum() - high * (high + 1) / 2) / (high * (seen.size - high)))


def tss(presence: ArrayLike, score: ArrayLike, threshold: float | None = None) -> Tss:
    """The true skill statistic at a threshold, or at the score that makes it greatest (Allouche et al. 2006).

    The greatest value on the rows that chose the threshold flatters: give a threshold found elsewhere.
    """
    seen, scores = _parted(presence, score)
    if threshold is None:
        order = np.argsort(-scores, kind="stable")
        caught = np.cumsum(seen[order]) / seen.sum()
        falsely = np.cumsum(~seen[order]) / (~seen).sum()
        ends = np.append(np.diff(scores[order]) != 0, True)
        best = int(np.argmax(np.where(ends, caught - falsely, -np.inf)))
        threshold = float(scores[order][best])
    threshold = gates.number("threshold", threshold)
    above = scores >= threshold
    sensitivity, specificity = float(above[seen].mean()), float((~above[~seen]).mean())
    return Tss(sensitivity + specificity - 1, float(threshold), sensitivity, specificity)


def boyce(presence: ArrayLike, score: ArrayLike, window: float = 0.1, steps: int = 100) -> Boyce:
    """The continuous Boyce index (Hirzel et al. 2006, Ecol. Model. 199:142) over moving windows.

    `window` is a share of the range of background scores; equal ratios in a row count once.
    """
    seen, scores = _parted(presence, score)
    window, steps = (
        gates.share("window", window, ends=False),
        gates.whole("steps", steps, low=3, high=1_000_000),
    )
    low, high = float(scores.min()), float(scores.max())
    if high <= low:
        raise TooFewData("All scores are equal: no ratio can rise or fall with them.")
    width = window * (high - low)
    left = np.linspace(low, high - width, steps + 1)
    used, offered = np.sort(scores[seen]), np.sort(scores[~seen])

    def share(values: Floats) -> Floats:
        within = np.searchsorted(values, left + width, "right") - np.searchsorted(values, left, "left")
        return within / values.size

    observed, expected = share(used), share(offered)
    ratio = np.divide(observed, expected, out=np.full(left.size, np.nan), where=expected > 0)
    known = np.flatnonzero(np.isfinite(ratio))
    known = known[np.append(np.diff(ratio[known]) != 0, True)]
    index = float(spearmanr(left[known], ratio[known]).statistic) if known.size > 2 else float("nan")
    return Boyce(index, left + width / 2, ratio)


def mess(reference: ArrayLike, x: ArrayLike) -> Mess:
    """How each row of `x` lies within the reference rows (Elith, Kearney & Phillips 2010, Methods 1:330)."""
    base = covariates(reference, "reference")
    if not len(base):
        raise TooFewData("reference holds no row to compare with.")
    rows = gates.numbers("x", x, dims=(1, 2), infinite=True)
    rows = rows[:, None] if rows.ndim == 1 else rows
    if rows.ndim != 2 or rows.shape[1] != base.shape[1]:
        raise EcostatError(f"reference has {base.shape[1]} covariates and x {rows.shape[1]}.")
    each = np.empty(rows.shape)
    for j in range(base.shape[1]):
        known = np.sort(base[:, j])
        least, most = known[0], known[-1]
        span = most - least
        below = 100 * np.searchsorted(known, rows[:, j], "left") / known.size
        value = rows[:, j]
        with np.errstate(divide="ignore", invalid="ignore"):
            under = np.where(value == least, 0.0, 100 * (value - least) / span)
            over = np.where(value == most, 0.0, 100 * (most - value) / span)
        inside = np.where(below <= 50, 2 * below, 2 * (100 - below))
        each[:, j] = np.where(below == 0, under, np.where(below == 100, over, inside))
        each[np.isnan(value), j] = np.nan
    missing = np.isnan(each).any(axis=1)
    similarity = np.where(missing, np.nan, np.where(np.isnan(each), np.inf, each).min(axis=1))
    worst = np.where(missing, -1, np.argmin(np.where(np.isnan(each), np.inf, each), axis=1))
    known_rows = ~missing
    outside = float((similarity[known_rows] < 0).mean()) if known_rows.any() else float("nan")
    return Mess(similarity, worst.astype(np.intp), each, outside)
