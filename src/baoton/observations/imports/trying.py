"""Metres whose system nobody stated: each likely system and order of axes tried, and how many points fall where."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from baoton.places.queries import assign, unit_name
from formats import crs
from formats.crs import System
from rulebook.country import load_country

Floats = NDArray[np.float64]
SAMPLE = 2_000
MOST = 0.7
"""From this share of its points on a file is one of the country."""


@dataclass(frozen=True)
class Trial:
    """One way of reading the points: in which system, X being north or not, and what follows."""

    system: System
    north_first: bool
    inside: int
    in_province: int
    points: int
    areas: tuple[tuple[str, int], ...]

    @property
    def told(self) -> str:
        """The proposal in one sentence."""
        name = self.system.en if get_language() == "en" else self.system.vi
        order = _("X là hướng bắc") if self.north_first else _("X là hướng đông")
        where = "; ".join(f"{unit_name(path)}: {n}" for path, n in self.areas[:4])
        if self.in_province:
            return _("%(system)s, %(order)s: %(n)d/%(all)d điểm rơi vào tỉnh (%(where)s)") % {
                "system": name, "order": order, "n": self.in_province, "all": self.points, "where": where,
            }  # fmt: skip
        return _("%(system)s, %(order)s: %(n)d/%(all)d điểm rơi vào Việt Nam, ngoài tỉnh") % {
            "system": name, "order": order, "n": self.inside, "all": self.points,
        }  # fmt: skip


def trials(x: Floats, y: Floats) -> list[Trial]:
    """The readings that put some point into the country, those with most points in the province first."""
    given = np.isfinite(x) & np.isfinite(y)
    x, y = x[given][:SAMPLE], y[given][:SAMPLE]
    if not len(x):
        return []
    found = []
    for code in load_country().likely_systems:
        for north_first in (False, True):
            one = _try(crs.system(code), north_first, x, y)
            if one.inside:
                found.append(one)
    return sorted(found, key=lambda t: (-t.in_province, -t.inside))


def _try(system: System, north_first: bool, x: Floats, y: Floats) -> Trial:
    east, north = (y, x) if north_first else (x, y)
    in_zone = zoned(east, north)
    lon, lat = crs.to_lonlat(np.where(in_zone, east, np.nan), np.where(in_zone, north, np.nan), system)
    inside = in_country(lon, lat)
    counts: Counter[str] = Counter()
    if inside.any():
        paths, _then = assign(lon[inside], lat[inside])
        counts.update(p for p in paths.tolist() if p)
    return Trial(
        system, north_first, int(inside.sum()), sum(counts.values()), len(x), tuple(counts.most_common())
    )


def zoned(east: Floats, north: Floats) -> NDArray[np.bool_]:
    """Where east and north can be metres of a zone at all."""
    with np.errstate(invalid="ignore"):
        return (east >= 100_000) & (east <= 900_000) & (north > 0) & (north < 10_000_000)


def in_country(lon: Floats, lat: Floats, margin: float = 0.0) -> NDArray[np.bool_]:
    """Where the point lies in the box around the country."""
    west, south, east, north = load_country().extent
    with np.errstate(invalid="ignore"):
        return (
            (lon >= west - margin)
            & (lon <= east + margin)
            & (lat >= south - margin)
            & (lat <= north + margin)
        )


def proposed(x: Floats, y: Floats) -> str:
    """The best readings in a sentence, empty where none puts a point into the country."""
    best = trials(x, y)[:2]
    return _("Thử: %(trials)s.") % {"trials": "; ".join(t.told for t in best)} if best else ""
