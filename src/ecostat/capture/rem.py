"""The random encounter model (Rowcliffe et al. 2008): density from camera rates without known individuals."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t

from ecostat import gates
from ecostat.capture.encounters import encounter_rate
from ecostat.errors import EcostatError, TooFewData
from ecostat.likelihood import Bootstrap, bootstrap


@dataclass(frozen=True)
class RandomEncounter:
    """`density` (animals per km²) with `se`, `cv`, log-normal `lower`, `upper`; `rate` (encounters a
    camera-day); `shares`: part of the squared cv that each input brings; `message`."""

    density: float
    se: float
    cv: float
    lower: float
    upper: float
    rate: float
    cameras: int
    shares: dict[str, float]
    message: str


def rem(
    encounters: ArrayLike,
    days: ArrayLike,
    *,
    speed: float,
    radius: float,
    angle: float,
    group: float = 1.0,
    speed_se: float = 0.0,
    radius_se: float = 0.0,
    angle_se: float = 0.0,
    group_se: float = 0.0,
    level: float = 0.95,
) -> RandomEncounter:
    """D = (y / t) · π / (v r (2 + θ)) · g is estimated with delta-method variance.

    `encounters` (cameras,): passes into the sector, groups counted once; `days` (cameras,); `speed` v: km an
    animal travels in a day, rest included; `radius` r: effective detection distance in km; `angle` θ:
    effective detection angle in radians; `group` g: mean group size. Rowcliffe, Field, Turvey & Carbone
    (2008), J. Appl. Ecol. 45:1228-1236.
    """
    speed, radius, angle, group = _read(speed, radius, angle, group)
    speed_se = gates.number("speed_se", speed_se, low=0)
    radius_se = gates.number("radius_se", radius_se, low=0)
    angle_se = gates.number("angle_se", angle_se, low=0)
    group_se = gates.number("group_se", group_se, low=0)
    level = gates.share("level", level, ends=False)
    found = encounter_rate(encounters, days, per=1.0, level=level)
    if found.events == 0:
        raise TooFewData("No encounter was recorded: density is below what these cameras can tell.")
    density = found.rate * group * math.pi / (speed * radius * (2 + angle))
    shares = {
        "encounters": (found.se / found.rate) ** 2,
        "speed": (speed_se / speed) ** 2,
        "radius": (radius_se / radius) ** 2,
        "angle": (angle_se / (2 + angle)) ** 2,
        "group": (group_se / group) ** 2,
    }
    square = sum(shares.values())
    cv = math.sqrt(square)
    df = (
        square**2 / (shares["encounters"] ** 2 / (found.cameras - 1))
        if shares["encounters"] > 0
        else math.inf
    )
    factor = math.exp(float(t.ppf(0.5 + level / 2, min(df, 1e9))) * math.sqrt(math.log1p(square)))
    missing = [
        n
        for n, s in zip(("speed", "radius", "angle"), (speed_se, radius_se, angle_se), strict=True)
        if s == 0
    ]
    note = f"; {', '.join(missing)} taken as known exactly, so the limits are too narrow" if missing else ""
    return RandomEncounter(
        density,
        density * cv,
        cv,
        density / factor,
        density * factor,
        found.rate,
        found.cameras,
        {name: part / square for name, part in shares.items()} if square > 0 else shares,
        f"{density:.3g} animals per km² "
        f"({level:.0%} limits {density / factor:.3g} to {density * factor:.3g}) from "
        f"{found.events} encounters at {found.cameras} cameras{note}.",
    )


def rem_bootstrap(
    encounters: ArrayLike,
    days: ArrayLike,
    *,
    speed: float,
    radius: float,
    angle: float,
    group: float = 1.0,
    times: int = 1000,
    rng: np.random.Generator,
) -> Bootstrap:
    """Densities of `times` resamples of whole cameras, the other inputs held."""
    speed, radius, angle, group = _read(speed, radius, angle, group)
    y, effort = (
        gates.numbers("encounters", encounters, low=0),
        gates.numbers("days", days, low=0, high=36_525),
    )
    gates.alike(encounters=y, days=effort)
    times, rng = gates.whole("times", times, low=2), gates.generator("rng", rng)
    used = np.isfinite(y) & (effort > 0)
    if not used.any():
        raise TooFewData("No camera has both encounters and days.")
    y, effort = y[used], effort[used]
    factor = group * math.pi / (speed * radius * (2 + angle))
    return bootstrap(lambda who: y[who].sum() / effort[who].sum() * factor, len(y), times, rng)


def _read(speed: object, radius: object, angle: object, group: object) -> tuple[float, float, float, float]:
    """The four inputs as numbers; those outside their range or in the wrong unit are refused."""
    speed, radius = gates.number("speed", speed, above=0), gates.number("radius", radius, above=0)
    group, angle = gates.number("group", group, above=0), gates.number("angle", angle, above=0)
    if not 0 < angle <= 2 * math.pi:
        raise EcostatError(f"angle is {angle:g}; it is in radians, above 0 and at most 2π.")
    if speed > 200:
        raise EcostatError(f"speed is {speed:g} km a day; no animal walks that far. Is it in metres?")
    if radius > 0.1:
        raise EcostatError(f"radius is {radius:g} km; a camera does not reach that far. Is it in metres?")
    return speed, radius, angle, group
