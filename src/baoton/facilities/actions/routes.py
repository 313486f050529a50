"""A way from facility to facility, shared among teams and spread over the days of a campaign.

Distances are along the straight line between two places, never along a road, and are told as such.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import shapely
from pyproj import Geod

from baoton.places.queries import outlines
from rulebook.errors import RulebookError
from rulebook.workdays import is_working_day

EARTH = Geod(ellps="WGS84")
Point = tuple[float, float]


@dataclass(frozen=True)
class Stop:
    """A facility on a way; where its own place is not known (`placed`) it stands in the middle of its commune."""

    key: str
    at: Point | None
    placed: bool


def stop_of(key: str, x: float | None, y: float | None, area: str) -> Stop:
    """Where a way passes a facility: its place, else the middle of its commune; None where neither is known."""
    if x is not None and y is not None:
        return Stop(key, (x, y), True)
    shape = outlines().get(area)
    if shape is None:
        return Stop(key, None, False)
    middle = shapely.point_on_surface(shape)
    return Stop(key, (middle.x, middle.y), False)


def metres(a: Point, b: Point) -> float:
    """The straight line between two places on the ellipsoid."""
    return float(EARTH.inv(a[0], a[1], b[0], b[1])[2])


def length(way: Sequence[Stop]) -> float:
    """The straight lines of a way added up, in metres; stops without a place are passed over."""
    points = [s.at for s in way if s.at is not None]
    return sum(metres(a, b) for a, b in pairwise(points))


def ordered(stops: Sequence[Stop]) -> list[Stop]:
    """The stops in a short order: the nearest next from the northernmost, then crossings undone; unplaced ones last."""
    placed = sorted((s for s in stops if s.at is not None), key=lambda s: (-s.at[1], s.at[0], s.key))  # type: ignore[index]
    rest = sorted((s for s in stops if s.at is None), key=lambda s: s.key)
    if len(placed) < 3:
        return [*placed, *rest]
    lon, lat = (np.array([s.at[i] for s in placed]) for i in (0, 1))  # type: ignore[index]
    n = len(placed)
    _a, _b, far = EARTH.inv(np.repeat(lon, n), np.repeat(lat, n), np.tile(lon, n), np.tile(lat, n))
    apart = far.reshape(n, n)
    way, left = [0], set(range(1, n))
    while left:
        nearest = min(left, key=lambda j: (apart[way[-1], j], j))
        way.append(nearest)
        left.remove(nearest)
    _uncross(way, apart)
    return [*(placed[i] for i in way), *rest]


def _uncross(way: list[int], apart: np.ndarray) -> None:
    """Pieces of the way are turned round as long as that makes it shorter."""
    n, better, rounds = len(way), True, 0
    while better and rounds < 30:
        better, rounds = False, rounds + 1
        for i in range(1, n - 1):
            for j in range(i + 1, n):
                before = apart[way[i - 1], way[i]] + (apart[way[j], way[j + 1]] if j + 1 < n else 0)
                after = apart[way[i - 1], way[j]] + (apart[way[i], way[j + 1]] if j + 1 < n else 0)
                if after < before - 1e-6:
                    way[i : j + 1] = way[i : j + 1][::-1]
                    better = True


def shared(way: Sequence[Stop], teams: int) -> list[list[Stop]]:
    """The way cut into pieces that follow one another, one a team, as even as their number allows."""
    sizes = [len(way) // teams + (1 if i < len(way) % teams else 0) for i in range(teams)]
    ends = np.cumsum([0, *sizes])
    return [list(way[a:b]) for a, b in pairwise(ends)]


def working_days(first: date, last: date) -> list[date]:
    """The working days of a time; where the calendar of its year is not known, Monday to Friday."""
    days = [first + timedelta(i) for i in range((last - first).days + 1)]
    return [d for d in days if _works(d)]


def unknown_years(first: date, last: date) -> list[int]:
    """The years of a time whose holidays the rulebook does not know."""
    return [y for y in range(first.year, last.year + 1) if not _known(y)]


def _known(year: int) -> bool:
    try:
        is_working_day(date(year, 6, 1))
    except RulebookError:
        return False
    return True


def _works(day: date) -> bool:
    try:
        return is_working_day(day)
    except RulebookError:
        return day.weekday() < 5


def days_for(many: int, days: Sequence[date]) -> list[date]:
    """A day for each of so many visits, evenly over the days and in their order."""
    return [days[i * len(days) // many] for i in range(many)]
