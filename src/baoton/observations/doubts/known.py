"""What verified records say of a species: its months, places and heights; looked up once for many records."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baoton.files.models import Evidence
from baoton.files.queries import of_record, of_records
from baoton.observations.models import Occurrence
from baoton.observations.queries import verified

MOST = 5_000
"""The newest records of a species are looked at, no more: its season and range are in them."""
_HELD: ContextVar[dict[Any, Any] | None] = ContextVar("held", default=None)


@dataclass(frozen=True)
class Known:
    """Of one species: how many dated records and their months; places (lon, lat) that everybody may know."""

    dated: int
    months: frozenset[int]
    places: NDArray[np.float64]


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


def of_species(taxon_id: Any) -> Known:
    """The months of its verified records, and the places of those that are open."""
    return once(("known", taxon_id), lambda: _read(taxon_id))  # type: ignore[no-any-return]


def _read(taxon_id: Any) -> Known:
    rows = verified().filter(taxon_id=taxon_id, day_start__isnull=False, disclosure__lt=2)
    asked = ("day_start", "day_end", "disclosure", "min_x", "min_y")
    found = list(rows.order_by("-sort_day", "-id").values_list(*asked)[:MOST])
    months = {m for start, end, *_rest in found for m in spanned(start, end)}
    placed = [(x, y) for _a, _b, level, x, y in found if level == 0 and x is not None]
    return Known(len(found), frozenset(months), np.array(placed, np.float64).reshape(-1, 2))


def spanned(start: Any, end: Any) -> frozenset[int]:
    """The months from a day to a day; of a longer time than two months nothing is learnt of the season."""
    if end is None or end <= start:
        return frozenset({start.month})
    n = (end.year - start.year) * 12 + end.month - start.month
    return frozenset((start.month - 1 + i) % 12 + 1 for i in range(n + 1)) if n <= 1 else frozenset()


def heights(taxon_id: Any) -> list[float]:
    """The elevations that its verified records tell."""
    return once(("heights", taxon_id), lambda: _heights(taxon_id))  # type: ignore[no-any-return]


def _heights(taxon_id: Any) -> list[float]:
    rows = verified().filter(taxon_id=taxon_id, disclosure=0).exclude(extra={})
    told = (height(e) for e in rows.order_by("-sort_day", "-id").values_list("extra", flat=True)[:MOST])
    return [h for h in told if h is not None]


def height(extra: Any) -> float | None:
    """The metres above the sea that a record's own words tell; None where they tell none."""
    from baoton.observations.imports.heights import metres

    ends = [metres(str((extra or {}).get(f"{end}ElevationInMeters") or "")) for end in ("minimum", "maximum")]
    told = [e for e in ends if e is not None]
    return sum(told) / len(told) if told else None
