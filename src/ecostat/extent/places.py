"""Longitudes and latitudes made fit to measure: checked, unwrapped, projected to equal area."""

import math
import warnings

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat.compiled import compiled
from ecostat.errors import EcostatError

Floats = NDArray[np.float64]

# WGS84, and the standard parallel of EPSG:6933 (EASE-Grid 2.0 global)
_A = 6378137.0
_F = 1 / 298.257223563
_E2 = _F * (2 - _F)
_E = math.sqrt(_E2)
_K0 = math.cos(math.radians(30)) / math.sqrt(1 - _E2 * math.sin(math.radians(30)) ** 2)


class Unlocated(UserWarning):
    """Some records carry no coordinates and took no part in the figure."""


class AroundTheWorld(UserWarning):
    """Longitudes leave no gap of 180°: a hull in longitude and latitude says little of such a range."""


def located(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Coordinates of the records that have them, longitude in [-180, 180); impossible ones are refused."""
    x = np.atleast_1d(np.asarray(lon, dtype=np.float64))
    y = np.atleast_1d(np.asarray(lat, dtype=np.float64))
    if x.ndim != 1 or x.shape != y.shape:
        raise EcostatError(
            f"longitude and latitude must be two columns of one length, not {x.shape} and {y.shape}"
        )
    here = ~(np.isnan(x) | np.isnan(y))
    if not here.all():
        warnings.warn(
            f"{x.size - int(here.sum())} of {x.size} records have no coordinates and were left out",
            Unlocated,
            stacklevel=3,
        )
        x, y = x[here], y[here]
    wrong = (x < -180) | (x > 360) | (np.abs(y) > 90)
    if wrong.any():
        i = int(np.flatnonzero(wrong)[0])
        raise impossible(x[i], y[i])
    # adding 0.0 turns -0.0 into 0.0, so that one place has one spelling
    return np.where(x >= 180, x - 360, x) + 0.0, y + 0.0


def impossible(lon: float, lat: float) -> EcostatError:
    """The refusal of a place that is not on the globe."""
    return EcostatError(
        f"longitude {lon:g}, latitude {lat:g} is no place on the globe: longitude runs from -180 to 360, "
        "latitude from -90 to 90; are they swapped or in metres?"
    )


def distinct(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Each place once, sorted by longitude then latitude."""
    order = np.lexsort((lat, lon))
    x, y = lon[order], lat[order]
    new = np.ones(x.size, dtype=bool)
    new[1:] = (x[1:] != x[:-1]) | (y[1:] != y[:-1])
    return x[new], y[new]


def unwrapped(lon: Floats) -> tuple[Floats, bool]:
    """Longitudes cut open at their largest gap, and whether that gap is narrower than half the globe.

    A pass over the antimeridian then reads 179, 181 and not 179, -179.
    """
    if lon.size == 0 or lon.max() - lon.min() <= 180:
        return lon, False
    ring = np.unique(lon)
    gaps = np.diff(ring, append=ring[0] + 360)
    widest = int(np.argmax(gaps))
    start = ring[(widest + 1) % ring.size]
    return np.where(lon < start, lon + 360, lon), bool(gaps[widest] < 180)


@compiled
def equal_area(lon: float, lat: float) -> tuple[float, float]:
    """Metres east and north on EPSG:6933, the ellipsoidal cylinder of equal area (Snyder 1987, p. 76)."""
    s = math.sin(math.radians(lat))
    q = (1 - _E2) * (s / (1 - _E2 * s * s) + math.atanh(_E * s) / _E)
    return _A * _K0 * math.radians(lon), _A * q / (2 * _K0)
