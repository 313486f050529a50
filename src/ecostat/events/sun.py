"""Where the sun stands, to a tenth of a degree."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.errors import EcostatError
from ecostat.gates import seconds

_J2000 = 946728000.0  # 1 January 2000, 12:00 UTC, in seconds since 1970


def sun_elevation(time: ArrayLike, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
    """Degrees of the sun's centre above the horizon, without refraction, at UTC times.

    The low-precision series of the Astronomical Almanac (Michalsky 1988 Solar Energy 40:227), good to 0.01°
    from 1950 to 2050.
    """
    at = seconds("time", time)
    x, y = gates.lonlat(lon, lat)
    if x.size not in (1, at.size):
        raise EcostatError(f"lon and lat have {x.size} values for {at.size} times")
    days = (at - _J2000) / 86400
    mean = np.radians((280.460 + 0.9856474 * days) % 360)
    anomaly = np.radians((357.528 + 0.9856003 * days) % 360)
    ecliptic = mean + np.radians(1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly))
    tilt = np.radians(23.439 - 4e-7 * days)
    ascension = np.arctan2(np.cos(tilt) * np.sin(ecliptic), np.cos(ecliptic))
    declination = np.arcsin(np.sin(tilt) * np.sin(ecliptic))
    sidereal = np.radians((18.697374558 + 24.06570982441908 * days) % 24 * 15 + x)
    here = np.radians(y)
    hour = sidereal - ascension
    up = np.sin(here) * np.sin(declination) + np.cos(here) * np.cos(declination) * np.cos(hour)
    return np.degrees(np.arcsin(np.clip(up, -1, 1)))
