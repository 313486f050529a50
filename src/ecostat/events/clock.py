"""Camera clocks put right: a shift that is recorded and can be undone, and signs that one is needed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binomtest

from ecostat import gates
from ecostat.errors import EcostatError, TooFewData
from ecostat.events.sun import sun_elevation
from ecostat.gates import like, seconds

Floats = NDArray[np.float64]

_DAWN = -6.0  # civil twilight: brighter than this, cameras take colour pictures


@dataclass(frozen=True)
class RepairedClock:
    """True times, as the caller wrote times, and what was added to each record, in seconds.

    `drift_seconds_per_day`: how fast the clock lost (positive) or gained, NaN with one pair.
    """

    time: NDArray
    shift_seconds: Floats
    drift_seconds_per_day: float
    message: str


@dataclass(frozen=True)
class ClockOffset:
    """The shift that makes photos by night fall at night, as a proposal.

    `hours` to add; `agreement`: share of photos whose light then fits the sun, `agreement_now`: as it stands;
    `range_hours` (2,): shifts around it that fit as well; `plausible`: better than now by more than chance.
    """

    hours: float
    agreement: float
    agreement_now: float
    range_hours: tuple[float, float]
    plausible: bool
    message: str


def repair_clock(time: ArrayLike, clock: ArrayLike, truth: ArrayLike) -> RepairedClock:
    """Every record gets the shift its clock had then: between two known pairs it changes steadily.

    `clock`, `truth` (k,): what the clock showed and what the time was, k ≥ 1, as datetimes or seconds like
    `time`. Before the first and after the last pair the nearest shift holds.
    """
    at, shown, true = seconds("time", time), seconds("clock", clock), seconds("truth", truth)
    if shown.size == 0 or shown.shape != true.shape or np.isnan(shown + true).any():
        raise EcostatError(
            "clock and truth: a repair needs a pair or more of what the clock showed and the true time"
        )
    order = np.argsort(shown, kind="stable")
    shown, true = shown[order], true[order]
    if (np.diff(shown) <= 0).any() or (np.diff(true) <= 0).any():
        raise EcostatError(
            "clock and truth: the pairs contradict each other; two of them have one clock reading, or time runs "
            "back between them; was the clock reset? Then repair each segment by itself"
        )
    shift = np.where(np.isnan(at), np.nan, np.interp(at, shown, true - shown))
    drift, spoken = np.nan, f"Every record moves by {_spoken(true[0] - shown[0])}."
    if shown.size > 1:
        drift = float(((true - shown)[-1] - (true - shown)[0]) / (shown[-1] - shown[0]) * 86400)
        spoken = (
            f"Records move by {_spoken(shift_at(true, shown, 0))} to {_spoken(shift_at(true, shown, -1))}."
        )
    return RepairedClock(like(time, at + shift), shift, drift, spoken)


def shift_at(true: Floats, shown: Floats, i: int) -> float:
    """Seconds the clock was behind at pair i."""
    return float(true[i] - shown[i])


def clock_segments(
    time: ArrayLike, *, back_seconds: float = 1.0, ahead_days: float | None = None
) -> NDArray[np.int64]:
    """Photos in the order they were taken, numbered by the stretch of clock they belong to.

    A stretch ends where the clock goes back by more than `back_seconds` (it was reset), or ahead by more than
    `ahead_days`. A photo without a time stays in the stretch it was taken in.
    """
    at = seconds("time", time)
    back_seconds = gates.number("back_seconds", back_seconds, low=0)
    if ahead_days is not None:
        ahead_days = gates.number("ahead_days", ahead_days, above=0)
    if at.size == 0:
        return np.zeros(0, dtype=np.int64)
    last = np.maximum.accumulate(np.where(np.isnan(at), -1, np.arange(at.size)))
    before = np.concatenate([[-1], last[:-1]])
    step = np.where(before >= 0, at - at[before], 0.0)
    broken = step < -back_seconds
    if ahead_days is not None:
        broken |= step > ahead_days * 86400
    return np.cumsum(broken).astype(np.int64)


def clock_offset(
    time: ArrayLike, dark: ArrayLike, lon: float, lat: float, *, step_minutes: float = 15
) -> ClockOffset:
    """The shift within ±12 h under which night photos fall in the night most often.

    `time` (n,) as UTC by the camera's clock; `dark` (n,) bool. Needs 5 photos of each kind. Whole days cannot
    be told from the light.
    """
    at, night = seconds("time", time), gates.mask("dark", dark)
    gates.alike(time=at, dark=night)
    lon, lat = gates.number("lon", lon, infinite=True), gates.number("lat", lat, infinite=True)
    gates.lonlat(lon, lat)
    step_minutes = gates.number("step_minutes", step_minutes, low=0.1, high=360)
    known = ~np.isnan(at)
    at, night = at[known], night[known]
    if min(night.sum(), (~night).sum()) < 5:
        raise TooFewData("5 photos by day and 5 by night are needed to judge a clock by the light")
    half = int(12 * 60 / step_minutes)
    shifts = np.arange(-half + 1, half + 1) * step_minutes / 60
    fits = np.array([((sun_elevation(at + h * 3600, lon, lat) < _DAWN) == night).sum() for h in shifts])
    now = int(fits[half - 1])
    best = int(fits.max())
    # of shifts that fit equally, the middle of the stretch nearest to no shift
    start = min(np.flatnonzero(fits == best), key=lambda i: abs(shifts[i]))
    low = high = start
    while low > 0 and fits[low - 1] == best:
        low -= 1
    while high + 1 < fits.size and fits[high + 1] == best:
        high += 1
    within = low <= half - 1 <= high
    hours = 0.0 if within else float((shifts[low] + shifts[high]) / 2)
    # photos that change their mind: without a fault, those turning right and wrong come alike
    moved = (sun_elevation(at + hours * 3600, lon, lat) < _DAWN) == night
    stayed = (sun_elevation(at, lon, lat) < _DAWN) == night
    better, worse = int((moved & ~stayed).sum()), int((~moved & stayed).sum())
    plausible = better + worse > 0 and binomtest(better, better + worse, alternative="greater").pvalue < 0.001
    message = (
        f"Adding {hours:g} h makes the light fit in {best} of {at.size} photos instead of {now}."
        if plausible
        else f"The light fits in {now} of {at.size} photos as the clock stands; no shift is clearly better."
    )
    return ClockOffset(
        hours, best / at.size, now / at.size, (float(shifts[low]), float(shifts[high])), plausible, message
    )


def _spoken(shift: float) -> str:
    return f"{shift:+.0f} s" if abs(shift) < 120 else f"{shift / 3600:+.2f} h"
