"""The appendix a commune a row, counted at the places that everybody may be shown.

The report goes to readers who may not know the true place of a protected species, so a figure of a register
with places is counted anew by the shown commune; records whose shown place names no commune are told in a
line of their own, and the columns of counts add up to the province.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Count as Many
from django.db.models import Sum as Total

from baoton.kit.access import Anybody
from baoton.kit.reading.register import REGISTERS
from baoton.places.queries import commune_choices
from baoton.plan.models import IndicatorValue
from baoton.plan.queries import INDICATORS, Count, Distinct, Sum, distinct
from baoton.reporting.periods import Period
from baoton.reporting.queries import Told

NOWHERE = ""
MOST = 8  # columns of numbers that a table keeps readable on a sheet of paper


def total(rows: list[Any], per: int = 1) -> float | None:
    """The sum of the known values in units of so many; unknown where none is."""
    known = [value for (value,) in rows if value is not None]
    return sum(known) / per if known else None


def recount(one: Told) -> tuple[Callable[[list[Any]], float | None], str]:
    """How a figure of a register with places is counted anew from its rows, and of which column."""
    measure = INDICATORS[one.name].measure if one.name in INDICATORS else None
    if isinstance(measure, Count):
        return len, "pk"
    if isinstance(measure, Sum) and not measure.by:
        return partial(total, per=measure.per), measure.column
    if isinstance(measure, Distinct):
        return distinct, measure.column
    raise ImproperlyConfigured(
        f"{one.name} is told by commune but its measure cannot be counted by shown place"
    )


def _section(one: Told) -> str:
    known = INDICATORS.get(one.name)
    return known.section if known else ""


@dataclass(frozen=True)
class Communes:
    """The appendix: its columns, its rows as (path, name), and each known number by (path, figure)."""

    columns: list[Told]
    rows: list[tuple[str, str]]
    cells: Mapping[tuple[str, str], float]

    def cell(self, path: str, name: str) -> float | None:
        """The number, or None where no record tells one."""
        return self.cells.get((path, name))

    @property
    def tables(self) -> list[list[Told]]:
        """The columns in the order of their sections, cut into as few tables as can be read."""
        order = list(dict.fromkeys(_section(one) for one in self.columns))
        told = sorted(self.columns, key=lambda one: order.index(_section(one)))
        parts = max(1, -(-len(told) // MOST))
        size = max(1, -(-len(told) // parts))
        return [told[i : i + size] for i in range(0, len(told), size)]

    @property
    def nowhere(self) -> bool:
        """Whether some records name no commune."""
        return any(path == NOWHERE for path, _name in self.cells)


def communes(period: Period, told: list[Told], only: str = "") -> Communes:
    """The appendix of a period: every commune of today (or one alone), and every figure that is told by commune."""
    rows = [row for row in commune_choices() if not only or row[0] == only]
    if period.part:
        return _live(told, rows, only)
    year = period.year
    by_area = IndicatorValue.objects.filter(year=year).exclude(area_path="")
    have = set(by_area.values_list("indicator", flat=True))
    columns = [t for t in told if t.name in have]
    cells: dict[tuple[str, str], float] = {}
    by_area = by_area.filter(area_path=only) if only else by_area
    for one in columns:
        if REGISTERS[one.register].located:
            cells |= _recounted(one, only)
        else:
            stored = by_area.filter(indicator=one.name, value__isnull=False)
            cells |= {(v.area_path, one.name): v.value for v in stored if v.value is not None}
            cells |= {} if only else _rest(one, sum(v.value or 0 for v in stored))
    return Communes(columns, rows, cells)


def _live(told: list[Told], rows: list[tuple[str, str]], only: str) -> Communes:
    """The same for a part of a year, counted from the rows."""
    columns = [t for t in told if t.name in INDICATORS and INDICATORS[t.name].by_area and t.count is not None]
    cells: dict[tuple[str, str], float] = {}
    for one in columns:
        if REGISTERS[one.register].located:
            cells |= _recounted(one, only)
            continue
        book, measure = REGISTERS[one.register], INDICATORS[one.name].measure
        found = book.filtered(book.door(Anybody()), one.query).order_by().values("area_path")
        found = found.filter(area_path=only) if only else found
        value = Total(measure.column) if isinstance(measure, Sum) else Many("pk")
        for path, n in found.annotate(n=value).values_list("area_path", "n"):
            if n is not None:
                key = (path if "/" in path else NOWHERE, one.name)
                cells[key] = cells.get(key, 0.0) + float(n) / getattr(measure, "per", 1)
    return Communes(columns, rows, cells)


def _rest(one: Told, told: float) -> dict[tuple[str, str], float]:
    """What a plain count or a sum holds beyond the communes: rows of the province itself."""
    known = INDICATORS.get(one.name)
    adds_up = one.value == one.count or (known is not None and isinstance(known.measure, Sum))
    if one.value is None or not adds_up or math.isclose(one.value, told, rel_tol=1e-9):
        return {}
    return {(NOWHERE, one.name): one.value - told}


def _recounted(one: Told, only: str = "") -> dict[tuple[str, str], float]:
    """A figure by the commune its records are shown in."""
    value, column = recount(one)
    book = REGISTERS[one.register]
    rows = book.filtered(book.door(Anybody()), one.query).order_by().values_list("shown_area_path", column)
    rows = rows.filter(shown_area_path=only) if only else rows
    groups: dict[str, list[Any]] = {}
    for path, held in rows.iterator(20_000):
        groups.setdefault(path if "/" in path else NOWHERE, []).append((held,))
    told = {}
    for path, found in groups.items():
        counted = value(found)
        if counted is not None:
            told[path, one.name] = float(counted)
    return told
