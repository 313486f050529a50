"""What other apps may ask of the plan, and how they hand it their numbers."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_noop

from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.plan.models import IndicatorValue, Node, Plan, Work

PROVINCE = ""


@dataclass(frozen=True)
class Figure:
    """One number and the records it rests on; `value` None is unknown, with the reason."""

    value: float | None
    count: int | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    input_hash: str = ""
    why_unknown: str | Promise = ""


Compute = Callable[[int], Mapping[str, Figure]]


@dataclass(frozen=True)
class Indicator:
    """A number the plan is told by: `compute(year)` gives a figure by area path, `""` being the province."""

    name: str
    label: str | Promise
    unit: str | Promise
    task: int
    register: str
    compute: Compute
    method: str = "đếm v1"
    section: str = ""


INDICATORS: dict[str, Indicator] = {}


def indicator(
    name: str,
    label: str | Promise,
    unit: str | Promise,
    *,
    task: int,
    register: str,
    section: str = "",
    method: str = "đếm v1",
) -> Callable[[Compute], Compute]:
    """The decorated function computes this indicator; the order of declaration is the order on the page."""

    def declare(compute: Compute) -> Compute:
        INDICATORS[name] = Indicator(name, label, unit, task, register, compute, method, section)
        return compute

    return declare


def tally(
    register: str,
    asked: Mapping[str, str],
    value: Callable[[list[Any]], float | None] = len,
    columns: tuple[str, ...] = ("pk",),
    area: str = "area_path",
    by_area: bool = True,
) -> dict[str, Figure]:
    """A figure for the province and for each commune from the rows a register shows under these filters.

    `value` gets the rows' `columns` as tuples and answers None where they do not tell. The query that
    opens a commune's records is the province's with the commune added.
    """
    book = REGISTERS[register]
    rows = book.filtered(book.door(System()), asked).values_list(area, *columns)
    groups: dict[str, list[Any]] = {PROVINCE: []}
    for path, *rest in rows.iterator(20_000):
        groups[PROVINCE].append(rest)
        if by_area and "/" in path:
            groups.setdefault(path, []).append(rest)
    told = {}
    for path, found in groups.items():
        query = {**asked, "area": path} if path else dict(asked)
        number = value(found)
        why = "" if number is not None else gettext_noop("chưa có bản ghi nào cho biết")
        told[path] = Figure(number, len(found), query, why_unknown=why)
    return told


def total(found: list[Any]) -> float | None:
    """The sum of the one column of the rows; None where no row knows it."""
    known = [row[0] for row in found if row[0] is not None]
    return float(sum(known)) if known else None


def distinct(found: list[Any]) -> float | None:
    """How many different known values the one column holds."""
    return float(len({row[0] for row in found if row[0] not in (None, "")}))


def plan() -> Plan | None:
    """The plan in force: the newest one loaded."""
    return Plan.objects.order_by("-issued").first()


def tasks() -> list[Node]:
    """The tasks of the plan in force, in order."""
    current = plan()
    return list(current.nodes.filter(kind=Node.Kind.TASK).order_by("position")) if current else []


def task_node(number: int) -> Node | None:
    """The node of one task by its number in the annex."""
    current = plan()
    return current.nodes.filter(kind=Node.Kind.TASK, code=f"III.{number}").first() if current else None


def task_choices() -> Iterable[tuple[str, str]]:
    return [(t.pk, f"{t.code.split('.')[-1]}. {t.short}") for t in tasks()]


@dataclass(frozen=True)
class Progress:
    """How a task's work stands on a day."""

    total: int
    done: int
    late: int
    doing: int
    next_due: date | None

    @property
    def share(self) -> int | None:
        return round(100 * self.done / self.total) if self.total else None


def progress(rows: Iterable[Work], on: date) -> Progress:
    """The states of the given work items on a day; dropped ones are not counted."""
    live = [w for w in rows if w.status != Work.Status.DROPPED]
    states = Counter(w.status for w in live)
    open_ = [w.due for w in live if w.status != Work.Status.DONE]
    late = sum(1 for due in open_ if due < on)
    upcoming = sorted(due for due in open_ if due >= on)
    return Progress(
        len(live),
        states[Work.Status.DONE],
        late,
        states[Work.Status.DOING],
        upcoming[0] if upcoming else None,
    )


def values(year: int, area_path: str = PROVINCE) -> dict[str, IndicatorValue]:
    """The stored figures of a year and area, by indicator."""
    return {v.indicator: v for v in IndicatorValue.objects.filter(year=year, area_path=area_path)}
