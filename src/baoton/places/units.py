"""The book of units in memory: names, mergers and the trees of polygons, read anew when a unit changes."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.db import connection
from django.db.models import Count, Max
from django.utils.translation import gettext as _
from django.utils.translation import override
from numpy.typing import NDArray

import rulebook
from baoton.kit.text import fold
from baoton.places.models import Merge, Unit

Floats = NDArray[np.float64]
DISTRICTS = {Unit.Kind.DISTRICT, Unit.Kind.CITY}


class Polygons:
    """Units with geometry, asked which of them holds each of many points."""

    def __init__(self, units: Iterable[Unit]) -> None:
        """Official shapes answer before schematic ones, then the lower path, so that every answer is one."""
        ranked = sorted(units, key=lambda u: (u.shape != Unit.Shape.OFFICIAL, u.path))
        self.paths = [u.path for u in ranked]
        self.shapes = shapely.from_wkb([bytes(u.geom) for u in ranked if u.geom])
        shapely.prepare(self.shapes)
        self.tree = shapely.STRtree(self.shapes)

    def paths_at(self, x: Floats, y: Floats) -> NDArray[np.object_]:
        """The path of the unit at each point, an empty text where none is, shape (n,)."""
        found = np.full(x.shape, len(self.paths), np.int64)
        known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        if known.size and self.paths:
            point, unit = self.tree.query(shapely.points(x[known], y[known]))
            point = known[point]
            for number in np.unique(unit):
                near = point[unit == number]
                inside = near[shapely.intersects_xy(self.shapes[number], x[near], y[near])]
                found[inside] = np.minimum(found[inside], number)
        return np.array([*self.paths, ""], object)[found]

    def touch(self, west: float, south: float, east: float, north: float) -> bool:
        """Whether any unit reaches into the box."""
        if not self.paths:
            return False
        return bool(len(self.tree.query(shapely.box(west, south, east, north), predicate="intersects")))


@cache
def districts_until() -> date | None:
    """The last day of the units of before, as the rulebook has it; None where units did not change."""
    return rulebook.province(settings.PROVINCE).districts_until


def as_written(day: date) -> str:
    """A day as office paper writes it, days below 10 and the first two months with a nought: 01/7/2025."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


@dataclass(frozen=True)
class Book:
    """What is asked of the units again and again."""

    communes: Polygons
    districts: Polygons
    names: dict[str, str]
    names_en: dict[str, str]
    present: list[str]
    former: dict[str, None]
    districts_of: dict[str, tuple[str, ...]]
    """The former districts whose communes went into a commune of today."""
    made_of: dict[str, list[str]] = field(default_factory=dict)
    """The former communes that went into a commune of today."""
    plain: dict[str, str] = field(default_factory=dict)
    """The name without its kind, folded."""


_kept: dict[str, tuple[Any, Book]] = {}
_page: ContextVar[dict[str, Book] | None] = ContextVar("page", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Inside, the units are asked for changes once: a page names many units, and all in one state."""
    token = _page.set({})
    try:
        yield
    finally:
        _page.reset(token)


def book() -> Book:
    """The units as the database holds them now; one small question tells whether they changed."""
    where, page = str(connection.settings_dict["NAME"]), _page.get()
    if page is not None and where in page:
        return page[where]
    stamp = tuple(Unit.objects.aggregate(n=Count("path"), at=Max("changed")).values())
    kept = _kept.get(where)
    if kept is None or kept[0] != stamp:
        kept = _kept[where] = (stamp, read())
    if page is not None:
        page[where] = kept[1]
    return kept[1]


def read() -> Book:
    """The book as the tables hold it."""
    units = list(Unit.objects.all())
    districts = [u for u in units if u.kind in DISTRICTS]
    communes = [u for u in units if u.kind not in {Unit.Kind.PROVINCE, *DISTRICTS}]
    present = [u for u in communes if u.valid_to is None]
    old = [u for u in communes if u.valid_to is not None]
    made_of: dict[str, list[str]] = {}
    for old_path, new_path in Merge.objects.order_by("old_id").values_list("old_id", "new_id"):
        made_of.setdefault(new_path, []).append(old_path)
    return Book(
        communes=Polygons(u for u in present if u.geom),
        districts=Polygons(u for u in districts if u.geom),
        names=_names(units, "vi"),
        names_en=_names(units, "en"),
        present=[u.path for u in sorted(present, key=lambda u: (fold(u.name), u.path))],
        former=dict.fromkeys(
            u.path for part in (districts, old) for u in sorted(part, key=lambda u: (fold(u.name), u.path))
        ),
        districts_of={
            new: tuple(dict.fromkeys(path.rsplit("/", 1)[0] for path in sorted(old_paths)))
            for new, old_paths in made_of.items()
        },
        made_of=made_of,
        plain={u.path: fold(u.name) for u in units},
    )


def _names(units: Sequence[Unit], language: str) -> dict[str, str]:
    """Every unit by path as the language says it, a former one with its district and its last day."""
    with override(language):
        last, by_path = districts_until(), {u.path: u for u in units}
        until = _("đến %(day)s") % {"day": as_written(last)} if last else ""
        names = {u.path: str(u) for u in units}
        for unit in units:
            if unit.kind in DISTRICTS:
                names[unit.path] = f"{unit} ({until})"
            elif unit.valid_to is not None and unit.parent_id in by_path:
                names[unit.path] = f"{unit} ({by_path[unit.parent_id]}, {until})"
        return names
