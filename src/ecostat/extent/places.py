"""Longitudes and latitudes made fit to measure: checked, unwrapped, projected to equal area."""

import math
import warnings

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ecostat import gates
from ecostat.compiled import compiled

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
    x, y = gates.lonlat(lon, lat)
    here = ~np.isnan(x)
    if not here.all():
        warnings.warn(
            f"{x.size - int(here.sum())} of {x.size} records have no coordinates and were left out",
            Unlocated,
            stacklevel=3,
        )
        x, y = x[here], y[here]
    return one_spelling(x, y), y + 0.0


def one_spelling(lon: Floats, lat: Floats) -> Floats:
    """Longitudes in [-180, 180); adding 0.0 turns -0.0 into 0.0, and a pole has one longitude only."""
    turned = np.where(lon >= 180, lon - 360, lon) + 0.0
    return np.where(np.abs(lat) == 90, 0.0, turned)


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
