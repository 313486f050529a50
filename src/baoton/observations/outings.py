"""Which records betray one another's place: made near each other, on one day, by one person.

Whoever reads that Dũng met a guarded animal on the second of May, and beside it an open record of Dũng's of that
day, knows where to look. Two records are of one outing when nothing tells them apart: they lie within `NEAR_M`,
their days overlap, they name a person in common. What one of them does not say (its day, its observer) is taken
to agree within one dataset. A record without coordinates lies where its locality says.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from django.db import connection
from django.db.models import Q
from numpy.typing import NDArray

from baoton.kit.cells import LEVEL, cover, tile_range, to_world
from baoton.kit.place import EARTH_M_PER_DEGREE
from baoton.kit.text import fold
from baoton.observations.models import Event, Occurrence
from baoton.observations.spans import InSpans

NEAR_M = 500.0
NET = 15
"""The level of the squares that are looked through around a point: about 1.1 km here."""
SHAPES = LEVEL << 46
NEVER = date.max.toordinal()
SEPARATORS = re.compile(r"[;,|/&+\n]|\bvà\b|\band\b|\bcùng\b", re.IGNORECASE)
OWN = (
    "dataset_id",
    "min_x",
    "min_y",
    "max_x",
    "max_y",
    "geom",
    "sort_day",
    "day_end",
    "recorded_by",
    "locality",
)
VISIT = tuple(f"event__{name}" for name in OWN)
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Outing:
    """What puts a record beside others: where, when, who. Equal ones are one.

    `first` and `last` are ordinals of days, 0 where unknown; `shape` is the WKB of what is no point.
    """

    box: Box | None
    first: int
    last: int
    people: str
    dataset: UUID
    locality: str
    shape: bytes | None = None


def outing(row: Mapping[str, Any], visit: Mapping[str, Any] | None = None) -> Outing:
    """The outing of a row by its columns (`OWN`); what it does not say itself its visit says for it."""
    first, last = _days(row)
    people, locality = row["recorded_by"] or "", row["locality"] or ""
    if visit is not None:
        if not first:
            first, last = _days(visit)
        people = f"{people};{visit['recorded_by'] or ''}".strip(";")
        locality = locality or visit["locality"] or ""
    box = None if row["min_x"] is None else _box(row["min_x"], row["min_y"], row["max_x"], row["max_y"])
    wide = box is not None and (box[0] != box[2] or box[1] != box[3]) and row["geom"] is not None
    shape = _bytes(row["geom"]) if wide else None
    dataset = row["dataset_id"]
    if not isinstance(dataset, UUID):
        dataset = UUID(str(dataset))
    return Outing(box, first, last, _shared(people), _shared(dataset), _folded(locality), shape)


def _box(west: float, south: float, east: float, north: float) -> Box:
    """The box of a row; a point's holds two numbers, not four: of a big file very many are held at once."""
    return west, south, west if east == west else east, south if north == south else north


@lru_cache(maxsize=65_536)
def _shared(value: Any) -> Any:
    """The value itself, the same one for all that are equal."""
    return value


@lru_cache(maxsize=65_536)
def _folded(text: str) -> str:
    return fold(text)


def _bytes(value: Any) -> bytes:
    return bytes.fromhex(value) if isinstance(value, str) else bytes(value)


def _days(row: Mapping[str, Any]) -> tuple[int, int]:
    first, end = int(row["sort_day"] or 0), row["day_end"]
    if isinstance(end, str):
        end = date.fromisoformat(end)
    return first, max(first, end.toordinal() if first and end else first)


@lru_cache(maxsize=65_536)
def persons(text: str) -> frozenset[tuple[str, ...]]:
    """The persons a text names, each by the words of the name; bare initials name nobody."""
    names = (tuple(re.sub(r"[^\w\s]", " ", fold(part)).split()) for part in SEPARATORS.split(text))
    return frozenset(n for n in names if any(len(word) > 1 for word in n))


@lru_cache(maxsize=65_536)
def together(one: str, other: str) -> bool:
    """Whether the two texts name a person in common; a shortened name is the same person."""
    return any(_same(a, b) for a in persons(one) for b in persons(other))


def _same(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    if set(a) <= set(b) or set(b) <= set(a):
        return True
    initials = {tuple(w[0] for w in n) for n in (a, b)}
    return a[-1] == b[-1] and len(initials) == 1


def of_one(a: Outing, b: Outing) -> bool:
    """Whether nothing tells the two apart."""
    within = a.dataset == b.dataset
    if a.first and b.first:
        if a.first > b.last or b.first > a.last:
            return False
    elif not within:
        return False
    if not (persons(a.people) and persons(b.people)):
        if not within:
            return False
    elif not together(a.people, b.people):
        return False
    if a.box is None or b.box is None:
        return bool(a.locality) and a.locality == b.locality
    return apart(a, b) <= NEAR_M


def apart(a: Outing, b: Outing) -> float:
    """Metres between the two places."""
    assert a.box is not None and b.box is not None
    scale = EARTH_M_PER_DEGREE * math.cos(math.radians((a.box[1] + b.box[3]) / 2))
    dx = max(a.box[0] - b.box[2], b.box[0] - a.box[2], 0.0) * scale
    dy = max(a.box[1] - b.box[3], b.box[1] - a.box[3], 0.0) * EARTH_M_PER_DEGREE
    far = math.hypot(dx, dy)
    if far > NEAR_M or (a.shape is None and b.shape is None):
        return far
    flat = [_flat(one, scale) for one in (a, b)]
    return float(shapely.distance(*flat))


def _flat(one: Outing, scale: float) -> shapely.Geometry:
    """The place in metres on a plane that is true near here."""
    assert one.box is not None
    shape = shapely.Point(one.box[0], one.box[1]) if one.shape is None else shapely.from_wkb(one.shape)
    return shapely.transform(shape, lambda xy: xy * (scale, EARTH_M_PER_DEGREE))


def around(box: Box) -> Box:
    """The box with `NEAR_M` on every side."""
    dy = NEAR_M / EARTH_M_PER_DEGREE
    dx = dy / max(0.01, math.cos(math.radians(min(89.0, max(abs(box[1]), abs(box[3])) + dy))))
    return box[0] - dx, box[1] - dy, box[2] + dx, box[3] + dy


class Words:
    """Outings by locality and day, so that those of one place and time are found among very many."""

    LONG = 60

    def __init__(self) -> None:
        self.of_day: dict[str, dict[int, list[Outing]]] = defaultdict(lambda: defaultdict(list))
        self.of_any: dict[str, list[Outing]] = defaultdict(list)

    def add(self, one: Outing) -> None:
        if one.first and one.first == one.last:
            self.of_day[one.locality][one.first].append(one)
        else:
            self.of_any[one.locality].append(one)

    def beside(self, one: Outing) -> Iterator[Outing]:
        """Those of the same locality whose days do not tell them apart, and some more."""
        yield from self.of_any.get(one.locality, ())
        days = self.of_day.get(one.locality, {})
        if not one.first or one.last - one.first > self.LONG:
            for some in days.values():
                yield from some
        else:
            for day in range(one.first, one.last + 1):
                yield from days.get(day, ())


class Net:
    """Outings laid out so that whoever is of one outing with any of them is found at once."""

    def __init__(self, sources: Iterable[Outing]) -> None:
        every = list(dict.fromkeys(sources))
        self.placed = [s for s in every if s.box is not None]
        boxes = np.array([around(s.box) for s in self.placed if s.box], float).reshape(-1, 4)
        self.tree = shapely.STRtree(shapely.box(*boxes.T))
        self.first = np.array([s.first for s in self.placed], np.int64)
        self.last = np.array([s.last for s in self.placed], np.int64)
        self.worded, self.placeless = Words(), Words()
        for s in every:
            if s.locality:
                self.worded.add(s)
                if s.box is None:
                    self.placeless.add(s)

    def near(
        self, boxes: NDArray[np.float64], first: NDArray[np.int64], last: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Which of the boxes lie near a source of their days (0: not known), by number."""
        at, of = self.tree.query(shapely.box(*boxes.T))
        days = (self.first[of] <= last[at]) & (self.last[of] >= first[at])
        days |= (self.first[of] == 0) | (first[at] == 0)
        return np.unique(at[days])

    def caught(self, targets: Iterable[Outing]) -> Iterator[tuple[Outing, Outing]]:
        """Every target with each source that is of one outing with it, as (source, target)."""
        every = list(dict.fromkeys(targets))
        placed = [t for t in every if t.box is not None]
        boxes = np.array([t.box for t in placed], float).reshape(-1, 4)
        first, last = (np.array([getattr(t, n) for t in placed], np.int64) for n in ("first", "last"))
        at, of = self.tree.query(shapely.box(*boxes.T))
        days = (self.first[of] <= last[at]) & (self.last[of] >= first[at])
        days |= (self.first[of] == 0) | (first[at] == 0)
        for i, j in zip(at[days].tolist(), of[days].tolist(), strict=True):
            if of_one(self.placed[j], placed[i]):
                yield self.placed[j], placed[i]
        for t in every:
            if t.locality:
                known = self.worded if t.box is None else self.placeless  # places tell two that both have one
                for s in known.beside(t):
                    if of_one(s, t):
                        yield s, t


def candidates(model: type[Event] | type[Occurrence], near: Iterable[Outing]) -> Iterator[Q]:
    """Tests that the rows near the outings pass, each answered by an index; they let pass more, never less."""
    outings = list(dict.fromkeys(near))
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    levels: list[int] | None = None
    for one in outings:
        first, last = (one.first, one.last) if one.first else (0, NEVER)
        if one.box is not None:
            levels = shape_levels(model) if levels is None else levels
            for span in _ranges(around(one.box), levels):
                a, b = spans.get(span, (first, last))
                spans[span] = min(a, first), max(b, last)
    chosen = list(spans.items())
    for start in range(0, len(chosen), 100):
        yield Q(InSpans(dict(chosen[start : start + 100])))
    yield from worded(outings)


def worded(near: Iterable[Outing]) -> Iterator[Q]:
    """Rows without coordinates of the same days; and, where an outing has none, all rows of its days."""
    outings = list(dict.fromkeys(near))
    words = dict.fromkeys((o.first, o.last, o.dataset) for o in outings if o.locality)
    for first, last in _few({(a, b) for a, b, _d in words if a}):
        yield Q(cell__isnull=True, locality__gt="") & _on(first, last)
    for first, last in _few({(o.first, o.last) for o in outings if o.locality and o.box is None and o.first}):
        yield Q(sort_day__gte=first, sort_day__lte=last, locality__gt="")
    for dataset in {d for a, _b, d in words if not a}:
        yield Q(dataset_id=dataset, sort_day=0, locality__gt="")


def _few(days: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """The spans of days; one that holds them all where they are very many."""
    return days if len(days) <= 50 else {(min(a for a, _b in days), max(b for _a, b in days))}


def _on(first: int, last: int) -> Q:
    if not first:
        return Q(sort_day__lte=last)
    return Q(sort_day__lte=last) & (
        Q(sort_day__gte=first) | Q(day_end__gte=date.fromordinal(first)) | Q(sort_day=0)
    )


def _ranges(box: Box, levels: Sequence[int]) -> list[tuple[int, int]]:
    """Ranges of the cell key that hold every point, and every shape of the levels, that touches the box."""
    x, y = to_world([box[0], box[2]], [box[3], box[1]])
    columns = range(int(x[0] * (1 << NET)), int(x[1] * (1 << NET)) + 1)
    rows = range(int(y[0] * (1 << NET)), int(y[1] * (1 << NET)) + 1)
    if len(columns) * len(rows) > 16:
        found = cover(*box, most=32)
    else:
        found = [tile_range(NET, i, j) for i in columns for j in rows]
    for level in levels:
        found += cover(*box, level=level, most=8, loose=True)
    return found


def shape_levels(model: type[Event] | type[Occurrence]) -> list[int]:
    """The levels at which lines and polygons stand."""
    if not model._default_manager.filter(cell__lt=LEVEL << 46).exists():
        return []  # as nearly always: the long question below is spared
    table = connection.ops.quote_name(model._meta.db_table)
    asked = ", ".join(
        f"EXISTS(SELECT 1 FROM {table} WHERE cell BETWEEN {n << 46} AND {((n + 1) << 46) - 1})"
        for n in range(LEVEL)
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}")
        found = cursor.fetchone()
    return [n for n, there in enumerate(found) if there]


def alone(outings: Iterable[Outing]) -> None:
    """Nobody else weighs a place near these until the transaction ends: two writers at once would miss each other.

    SQLite has one writer at a time anyway.
    """
    if connection.vendor != "postgresql":
        return
    cells = {span[0] for one in outings if one.box is not None for span in _ranges(around(one.box), ())[:64]}
    turns = ", pg_advisory_xact_lock(%s)" * len(cells)  # taken from left to right, by all in the same order
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock_shared(%s){turns}", [EVERYBODY, *sorted(cells)])


EVERYBODY = 7_310_654


def everybody_waits() -> None:
    """A file that weighs very many places waits for whoever is weighing one, and they for it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [EVERYBODY])
