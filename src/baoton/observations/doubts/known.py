"""What verified records say of a species: its months, places and heights; looked up once for many records."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Count, QuerySet
from numpy.typing import NDArray

from baoton.files.models import Evidence
from baoton.files.queries import of_record, of_records
from baoton.observations.models import Occurrence
from baoton.observations.queries import verified

MOST = 5_000
"""The newest records of a species are looked at first: what they explain is no doubt. What they do not explain is held
against all of them, added up by the database, before anything is doubted."""
_HELD: ContextVar[dict[Any, Any] | None] = ContextVar("held", default=None)


@dataclass(frozen=True)
class Known:
    """Of one species: how many dated records and their months; how many whose place everybody may know, and these
    places (lon, lat); whether these are all there are."""

    dated: int
    months: frozenset[int]
    placed: int
    places: NDArray[np.float64]
    whole: bool = True


@dataclass(frozen=True)
class Heights:
    """How many verified records of a species tell their height, the lowest and the highest; whether these are all."""

    n: int
    low: float
    high: float
    whole: bool = True


@contextmanager
def together(records: Sequence[Occurrence] = ()) -> Iterator[None]:
    """Within it, what is known of a species is looked up once, and the photos of all these records at once."""
    held: dict[Any, Any] = {}
    token = _HELD.set(held)
    try:
        if records:
            held["photos"] = {r.pk: [] for r in records}
            for one in of_records(Occurrence._meta.label_lower, list(held["photos"])).filter(
                kind=Evidence.Kind.PHOTO
            ):
                held["photos"].setdefault(one.about_id, []).append(one)
        yield
    finally:
        _HELD.reset(token)


def once(key: Any, work: Callable[[], Any]) -> Any:
    """What the work gives, remembered while records are judged together."""
    held = _HELD.get()
    if held is None:
        return work()
    if key not in held:
        held[key] = work()
    return held[key]


def photos(record: Occurrence) -> list[Evidence]:
    """The photos that stand on the record."""
    held = (_HELD.get() or {}).get("photos", {})
    if record.pk in held:
        return list(held[record.pk])
    return list(of_record(record).filter(kind=Evidence.Kind.PHOTO))


def of_species(taxon_id: Any, whole: bool = False) -> Known:
    """The months of its verified records, and the places of those that are open: of the newest, or of all."""
    work = _all if whole else _newest
    return once(("known", taxon_id, whole), lambda: work(taxon_id))  # type: ignore[no-any-return]


def _dated(taxon_id: Any) -> QuerySet[Occurrence]:
    return verified().filter(taxon_id=taxon_id, day_start__isnull=False, disclosure__lt=2)


def _newest(taxon_id: Any) -> Known:
    asked = ("day_start", "day_end", "disclosure", "min_x", "min_y")
    found = list(_dated(taxon_id).order_by("-sort_day", "-id").values_list(*asked)[: MOST + 1])
    whole, found = len(found) <= MOST, found[:MOST]
    months = {m for start, end, *_rest in found for m in spanned(start, end)}
    placed = [(x, y) for _a, _b, level, x, y in found if level == 0 and x is not None]
    return Known(
        len(found), frozenset(months), len(placed), np.array(placed, np.float64).reshape(-1, 2), whole
    )


def _all(taxon_id: Any) -> Known:
    rows = _dated(taxon_id).order_by()
    days = list(rows.values_list("day_start", "day_end").annotate(n=Count("pk")))
    months = {m for start, end, _n in days for m in spanned(start, end)}
    open_ = rows.filter(disclosure=0, min_x__isnull=False)
    places = np.array(list(open_.values_list("min_x", "min_y").distinct()), np.float64).reshape(-1, 2)
    return Known(sum(n for _a, _b, n in days), frozenset(months), open_.count(), places)


def spanned(start: Any, end: Any) -> frozenset[int]:
    """The months from a day to a day; of a longer time than two months nothing is learnt of the season."""
    if end is None or end <= start:
        return frozenset({start.month})
    n = (end.year - start.year) * 12 + end.month - start.month
    return frozenset((start.month - 1 + i) % 12 + 1 for i in range(n + 1)) if n <= 1 else frozenset()


def heights(taxon_id: Any, whole: bool = False) -> Heights:
    """The elevations that its verified records tell: of the newest, or of all."""
    most = None if whole else MOST
    return once(("heights", taxon_id, whole), lambda: _heights(taxon_id, most))  # type: ignore[no-any-return]


def _heights(taxon_id: Any, most: int | None) -> Heights:
    rows = verified().filter(taxon_id=taxon_id, disclosure=0).exclude(extra={})
    newest = rows.order_by("-sort_day", "-id").values_list("extra", flat=True)
    n, read, low, high = 0, 0, math.inf, -math.inf
    for extra in (newest if most is None else newest[: most + 1]).iterator():
        read += 1
        told = height(extra)
        if told is not None:
            n, low, high = n + 1, min(low, told), max(high, told)
    return Heights(n, low, high, most is None or read <= most)


def height(extra: Any) -> float | None:
    """The metres above the sea that a record's own words tell; None where they tell none."""
    from baoton.observations.imports.heights import metres

    ends = [metres(str((extra or {}).get(f"{end}ElevationInMeters") or "")) for end in ("minimum", "maximum")]
    told = [e for e in ends if e is not None]
    return sum(told) / len(told) if told else None
