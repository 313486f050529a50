"""The hours a species keeps: its daily activity curve, how much of the day it is active, and who overlaps."""

import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ive

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.events.times import day_fraction

Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]

_GRID = 512
_MOMENTS = _GRID // 2 - 1
_LEAST = 10
_DRAWN = 4_000_000
_EDGES = np.arange(_GRID + 1) / _GRID


@dataclass(frozen=True)
class Activity:
    """A daily activity curve and the share of the day it amounts to.

    `level`: share of 24 h active, with `level_se` and 95 % `level_ci`; `density` (512,) per day at `time`
    (512,) as fractions of a day, with pointwise `density_ci` (2, 512); `bandwidth`: von Mises concentration;
    `n`: records with a time.
    """

    level: float
    level_se: float
    level_ci: Floats
    time: Floats
    density: Floats
    density_ci: Floats
    bandwidth: float
    n: int
    message: str


@dataclass(frozen=True)
class Overlap:
    """How much two activity curves share, 0 to 1, with `se` and 95 % `ci` (2,); `n`: both sample sizes."""

    estimate: float
    se: float
    ci: Floats
    estimator: str
    n: tuple[int, int]
    message: str


def activity(
    time: ArrayLike, *, adjust: float = 1.0, reps: int = 1000, rng: np.random.Generator | None = None
) -> Activity:
    """The curve by a von Mises kernel, and the level as mean over peak; uncertainty by resampling records.

    `time` (n,) fractions of a day or datetimes of independent events, n ≥ 10. `adjust` > 1 smooths less.
    Rowcliffe et al. (2014) Methods in Ecology and Evolution 5:1170; bandwidth Ridout & Linkie (2009).
    """
    adjust, reps = gates.number("adjust", adjust, low=0.01, high=100), gates.whole("reps", reps, low=0)
    if reps == 1:
        raise EcostatError("reps is 0 for no interval, or 2 and more")
    waves, n = _waves("time", time)
    moments = waves.mean(axis=0)
    width = bandwidth(moments, n) * adjust
    curve = _curve(moments, width)
    level = float(1 / curve.max())
    nothing = np.full(2, np.nan)
    se, ci, band = np.nan, nothing, np.full((2, _GRID), np.nan)
    if reps:
        rng = np.random.default_rng() if rng is None else gates.generator("rng", rng)
        curves = np.concatenate(
            [_curves(waves, rng.integers(0, n, (rows, n)), adjust) for rows in _blocks(reps, n)]
        )
        levels = 1 / curves.max(axis=1)
        se, ci = float(levels.std(ddof=1)), np.quantile(levels, [0.025, 0.975])
        band = np.quantile(curves, [0.025, 0.975], axis=0)
    sure = "" if n >= 100 else " Below 100 records the level is biased; read it with its interval."
    message = f"Active {level:.0%} of the day, from {n} events.{sure}"
    return Activity(level, se, ci, np.arange(_GRID) / _GRID, curve, band, float(width), n, message)


def overlap(
    a: ArrayLike,
    b: ArrayLike,
    *,
    adjust: float = 1.0,
    estimator: Literal["auto", "dhat1", "dhat4"] = "auto",
    reps: int = 1000,
    rng: np.random.Generator | None = None,
) -> Overlap:
    """The area under the lower of two curves, with a bootstrap interval.

    Ridout & Linkie (2009) JABES 14:322: Δ̂1 integrates on a grid, Δ̂4 averages over the records and is better
    once the smaller sample has 75 or more; "auto" chooses so.
    """
    gates.choice("estimator", estimator, ("auto", "dhat1", "dhat4"))
    adjust, reps = gates.number("adjust", adjust, low=0.01, high=100), gates.whole("reps", reps, low=0)
    if reps == 1:
        raise EcostatError("reps is 0 for no interval, or 2 and more")
    one, n_one = _waves("a", a)
    two, n_two = _waves("b", b)
    rule = ("dhat4" if min(n_one, n_two) >= 75 else "dhat1") if estimator == "auto" else estimator
    rng = np.random.default_rng() if rng is None else gates.generator("rng", rng)

    at_one, at_two = _place(one), _place(two)

    def shared(f: Floats, g: Floats, x: Floats, y: Floats) -> float:
        """Overlap of curves f and g, whose records lie at x and y."""
        if rule == "dhat1":
            return float(np.minimum(f, g).mean())
        over_f = np.minimum(1, _at(x, g) / _at(x, f)).mean()
        return float((over_f + np.minimum(1, _at(y, f) / _at(y, g)).mean()) / 2)

    curves = []
    for waves in (one, two):
        moments = waves.mean(axis=0)
        curves.append(_curve(moments, bandwidth(moments, len(waves)) * adjust))
    estimate = shared(curves[0], curves[1], at_one, at_two)
    draws = []
    for rows in _blocks(reps, max(n_one, n_two)):
        pick_one, pick_two = (rng.integers(0, n, (rows, n)) for n in (n_one, n_two))
        fs, gs = _curves(one, pick_one, adjust), _curves(two, pick_two, adjust)
        draws += [
            shared(f, g, at_one[x], at_two[y]) for f, g, x, y in zip(fs, gs, pick_one, pick_two, strict=True)
        ]
    se, ci = np.nan, np.full(2, np.nan)
    if reps:
        # resampled overlaps are low: their spread is moved onto the estimate (Meredith & Ridout, basic0)
        se = float(np.std(draws, ddof=1)) if reps > 1 else np.nan
        ci = np.clip(np.quantile(draws, [0.025, 0.975]) + estimate - np.mean(draws), 0, 1)
    return Overlap(
        estimate, se, ci, rule, (n_one, n_two), f"The two curves share {estimate:.0%} of their area."
    )


def bandwidth(moments: Complex, n: int) -> Floats:
    """The kernel's concentration for n records with these trigonometric moments (..., k) (Taylor 2008).

    The spread of the data is the largest von Mises concentration its first three moments suggest, so that
    two peaks a day do not read as none.
    """
    length = np.minimum(np.abs(moments[..., 1:4]), 1 - 1e-9)
    k = np.arange(1, 4)
    # κ with I_k(κ) / I_0(κ) = length, by halving an interval of its logarithm
    low, high = np.full(length.shape, -20.0), np.full(length.shape, 25.0)
    for _ in range(60):
        middle = (low + high) / 2
        kappa = np.exp(middle)
        short = ive(k, kappa) < length * ive(0, kappa)
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    kappa = np.maximum(np.exp(high).max(axis=-1), 1e-3)
    bessel = ive(2, 2 * kappa) / ive(0, kappa) ** 2  # the exponential factors cancel
    return (3 * n * kappa**2 * bessel / (4 * np.sqrt(np.pi))) ** 0.4


def _waves(name: str, time: ArrayLike) -> tuple[Complex, int]:
    """exp(ikθ) of every record for k = 0 … 255; their means are all a kernel estimate needs."""
    at = day_fraction(name, time)
    known = at[~np.isnan(at)]
    if known.size < at.size:
        missing = f"{at.size - known.size} of {at.size} records of {name} have no time and were left out"
        warnings.warn(missing, stacklevel=3)
    if known.size < _LEAST:
        raise TooFewData(f"an activity curve needs {_LEAST} events, and {name} holds {known.size}")
    if np.ptp(known) == 0:
        raise TooFewData(f"every record of {name} has the same time of day: there is no curve to draw")
    return np.exp(2j * np.pi * np.outer(known, np.arange(_MOMENTS + 1))), known.size


def _curve(moments: Complex, width: Floats) -> Floats:
    """Density per day on the grid: the kernel multiplies moment k by I_k(ν) / I_0(ν)."""
    nu = np.asarray(width)[..., None]
    series = np.zeros((*moments.shape[:-1], _GRID // 2 + 1), dtype=np.complex128)
    series[..., : _MOMENTS + 1] = ive(np.arange(_MOMENTS + 1), nu) / ive(0, nu) * np.conj(moments)
    # a density is never negative; the series may undershoot by rounding alone
    return np.maximum(np.fft.irfft(series, _GRID) * _GRID, 1e-12)


def _blocks(reps: int, n: int) -> list[int]:
    """How many resamples of n records are drawn at a time, so that memory stays small."""
    rows = max(1, _DRAWN // n)
    return [min(rows, reps - at) for at in range(0, reps, rows)]


def _curves(waves: Complex, picks: NDArray[np.int64], adjust: float) -> Floats:
    """The curve of each resample (reps, n) of the records."""
    n = len(waves)
    counts = np.stack([np.bincount(row, minlength=n) for row in picks]).astype(np.float64)
    means = np.empty((len(picks), waves.shape[1]), dtype=np.complex128)
    means.real, means.imag = counts @ waves.real / n, counts @ waves.imag / n
    return _curve(means, bandwidth(means, n) * adjust)


def _place(waves: Complex) -> Floats:
    """The time of day of each record, as a fraction."""
    return np.angle(waves[:, 1]) / (2 * np.pi) % 1


def _at(place: Floats, curve: Floats) -> Floats:
    """The curve at these times, between grid points by a straight line."""
    return np.interp(place, _EDGES, np.append(curve, curve[0]))
