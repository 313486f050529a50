"""What a map tile holds: single records where they are few, counts by cell where they are many; never a cap.

Every place comes from the register's door. Tiles without filters are read from the counts kept at write time where
these are fine enough; everything else asks the rows live, by the cell key's range. Only a far tile of very many rows
that answer to a filter is counted on rows picked by chance, and its points say so (`about`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Q, QuerySet

from baoton.kit.access import Actor, reach_of
from baoton.kit.cells import LEVEL, cell_xy, tile_range, to_world
from baoton.kit.models import TileCount
from baoton.kit.place import Disclosure
from baoton.kit.reading import sampling
from baoton.kit.reading.door import Door
from baoton.kit.reading.mvt import EXTENT, Point, encode
from baoton.kit.reading.register import Register
from baoton.kit.reading.tile_counts import (
    HIDDEN_SHAPE,
    TOP,
    audience_of,
    audiences,
    by_cell,
    places,
    rebuild,
)

GRID = 4
"""A tile's counts are by cells this many levels below it: 16 by 16."""
FEW, MANY, LIVE = 300, 1_000, 5_000
"""A far tile shows single records where it and those around it hold FEW at most, a near one up to MANY; LIVE rows
can be read in a moment."""
LAYER, KEYS = "records", ("n", "id", "name")
ABOUT = ("n", "about")
Cells = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Tile:
    """One square of the map at a zoom."""

    z: int
    x: int
    y: int

    @property
    def real(self) -> bool:
        return 0 <= self.z <= LEVEL and 0 <= self.x < 1 << self.z and 0 <= self.y < 1 << self.z

    @property
    def grid(self) -> int:
        return min(self.z + GRID, LEVEL)

    @property
    def around(self) -> "Tile":
        """The larger square that decides for all tiles in it alike."""
        up = min(self.z, 2)
        return Tile(self.z - up, self.x >> up, self.y >> up)

    def span(self) -> tuple[int, int]:
        return tile_range(self.z, self.x, self.y)

    @property
    def kept(self) -> int:
        """The level of the finest counts kept at write time that this tile can use."""
        return min(self.grid, TOP)

    def at(self, lon: Sequence[float], lat: Sequence[float]) -> list[tuple[int, int]]:
        """Column and row inside the tile of each place."""
        x, y = to_world(lon, lat)
        side = (1 << self.z) * EXTENT
        columns = (x * side).astype(np.int64) - self.x * EXTENT
        rows = (y * side).astype(np.int64) - self.y * EXTENT
        return list(zip(columns.tolist(), rows.tolist(), strict=True))


def draw(register: Register, actor: Actor, tile: Tile, asked: Mapping[str, str]) -> bytes:
    """The tile's bytes as this reader may know it."""
    door = register.door(actor)
    rows = register.filtered(door, asked)
    filtered = any(asked.get(f.name, "").strip() for f in register.filters)
    known = Known(register, actor, door)
    if tile.grid > TOP:
        found = _answering(door, rows, tile) if filtered else near(door, rows, tile)
        if filtered or _total(known.of(tile), MANY) <= MANY:
            some = list(_values(register, door, found)[: MANY + 1])
            if len(some) <= MANY:
                return _points(tile, some)
        return _counts(tile, by_cell(door, found, tile.grid))
    if filtered:
        return _filtered(known, rows, tile)
    cells = known.of(tile)
    if cells == []:
        return b""
    around = known.of(tile.around)
    if around is None:
        crowd = len(near(door, rows, tile.around).order_by().values_list("pk")[: FEW + 1])
    else:
        crowd = _total(around, 0)
    if crowd <= FEW:
        return _points(tile, _values(register, door, near(door, rows, tile)))
    return _counts(tile, by_cell(door, near(door, rows, tile), tile.grid) if cells is None else cells)


def _filtered(known: "Known", rows: "QuerySet[Any]", tile: Tile) -> bytes:
    """A far tile under a filter: read from all its rows where that takes a moment, else from a sample of them.

    Single records are shown where all that answer around the tile can be read, so that tiles side by side agree.
    """
    register, door = known.register, known.door
    if _total(known.of(tile.around), LIVE + 1) <= LIVE:
        asked = _answering(door, rows, tile.around)
    elif rows.order_by().values("pk")[: LIVE + 1].count() <= LIVE:
        asked = rows
    elif _total(known.of(tile), LIVE + 1) <= LIVE:
        return _counts(tile, by_cell(door, _answering(door, rows, tile), tile.grid))
    else:
        part = sampling.of(register.model)
        return _counts(tile, _counted(tile, places(door, rows.filter(part.test))), part.each)
    spots = places(door, asked)
    if len(_within(tile.around, spots)) <= FEW:
        keys = [pk for pk, _cell in _within(tile, spots)]
        return _points(tile, _values(register, door, register.model._default_manager.filter(pk__in=keys)))
    return _counts(tile, _counted(tile, spots))


def _total(cells: Cells | None, unknown: int) -> int:
    """How many the counts tell of together."""
    return unknown if cells is None else sum(n for _cell, n in cells)


def _within(tile: Tile, spots: Iterable[tuple[Any, int]]) -> list[tuple[Any, int]]:
    """Those of the places that lie in the tile."""
    first, last = tile.span()
    return [(pk, cell) for pk, cell in spots if first <= cell <= last]


def _counted(tile: Tile, spots: Iterable[tuple[Any, int]]) -> Cells:
    """The places in the tile counted by the cells of its grid."""
    drop, code = 2 * (LEVEL - tile.grid), (1 << (2 * tile.grid)) - 1
    return sorted(Counter((cell >> drop) & code for _pk, cell in _within(tile, spots)).items())


class Known:
    """What the counts kept at write time tell one reader of a tile, and the few rows they do not tell of."""

    def __init__(self, register: Register, actor: Actor, door: Door) -> None:
        self.register, self.door = register, door
        self.granted = None if door.granted is None else Known(register, actor, door.granted)
        self.audience = audience_of(register, door) if self.granted is None else None
        self.scopes = actor.scopes(f"{register.name}.see")

    def of(self, tile: Tile) -> Cells | None:
        """Counts of the tile; None where only the rows can tell."""
        if self.granted is not None:
            base = self.granted.of(tile)
            return None if base is None else self._with_own(base, tile)
        if self.audience is not None:
            return kept(self.register, self.audience, tile)
        if self.register.public is None or not self.door.none_precise:
            return None
        total = Counter(dict(kept(self.register, audiences()[0].number, tile)))
        total.update(folded(self.beyond_the_public, tile))
        return sorted(total.items())

    @cached_property
    def beyond_the_public(self) -> Cells:
        """The rows that the reader sees more than the public, at their shown places, by the finest cells."""
        model = self.register.model
        more = reach_of(self.scopes, model, "shown_area_path")
        rows = more.rows(model._default_manager.filter(withdrawn__isnull=True)).exclude(self.register.public)
        return by_cell(self.door, rows, TOP)

    def _with_own(self, base: Cells, tile: Tile) -> Cells | None:
        """The counts of the grants alone, with the reader's own rows moved to where he knows them to be."""
        if self.own is None:
            return None
        total = Counter(dict(base))
        total.update(folded(self.own, tile))
        return sorted((code, n) for code, n in total.items() if n > 0)

    @cached_property
    def own(self) -> Cells | None:
        """How the reader's own rows change the counts, by the finest cells; None where a shape hidden from others is
        among them, whose key tells no point."""
        door = self.door
        assert door.granted is not None
        mine = door.mine.rows(door.model._default_manager.filter(withdrawn__isnull=True))
        if mine.filter(HIDDEN_SHAPE).exists():
            return None
        total: Counter[int] = Counter(dict(by_cell(door, mine, TOP)))
        total.subtract(dict(by_cell(door.granted, door.granted.seen.rows(mine), TOP)))
        return list(total.items())


def folded(cells: Cells, tile: Tile) -> dict[int, int]:
    """Counts by the finest cells as counts by the cells of the tile, of those inside it."""
    (first, last), total = span_at(tile), Counter[int]()
    for code, n in cells:
        if first <= (larger := code >> 2 * (TOP - tile.kept)) <= last:
            total[larger] += n
    return total


def span_at(tile: Tile) -> tuple[int, int]:
    """The first and last cell code of the tile's grid inside the tile."""
    first, last = ((key & ((1 << 46) - 1)) >> 2 * (LEVEL - tile.kept) for key in tile.span())
    return first, last


def kept(register: Register, audience: int, tile: Tile) -> Cells:
    """The kept counts inside the tile as (cell code at the tile's grid, number)."""
    (first, last), head = span_at(tile), tile.kept << 46
    rows = TileCount.objects.filter(
        register=register.name, audience=audience, cell__gte=head | first, cell__lte=head | last
    )
    return [(cell - head, n) for cell, n in rows.order_by("cell").values_list("cell", "n")]


def near(door: Door, rows: "QuerySet[Any]", tile: Tile) -> "QuerySet[Any]":
    """The rows in the tile, by the place the reader may know."""
    first, last = tile.span()
    shown, true = Q(shown_cell__range=(first, last)), Q(cell__range=(first, last))
    if door.none_precise:
        return rows.filter(shown)
    hidden = Q(disclosure__gt=Disclosure.AS_IS)
    q = (Q(disclosure=Disclosure.AS_IS) & shown) | (hidden & true & door.precise.test)
    q |= HIDDEN_SHAPE & door.precise.test & _box(tile)
    if not door.all_precise:
        q |= hidden & ~door.precise.test & shown
    return rows.filter(q)


def _answering(door: Door, rows: "QuerySet[Any]", tile: Tile) -> "QuerySet[Any]":
    """The rows in the tile that answer to a filter.

    Where few rows lie in the tile SQLite is told to begin with those: by its guess it may read every row that
    answers anywhere, half a million for a common word.
    """
    if connection.vendor != "sqlite":
        return near(door, rows, tile)
    inside = (
        near(door, door.model._default_manager.filter(withdrawn__isnull=True), tile).order_by().values("pk")
    )
    if inside[: LIVE + 1].count() > LIVE:
        return near(door, rows, tile)
    return rows.filter(pk__in=inside)


def _box(tile: Tile) -> Q:
    """Shapes whose box could have its middle in the tile; the rest is told by drawing them."""
    west, east = (x / (1 << tile.z) * 360 - 180 for x in (tile.x, tile.x + 1))
    north, south = (
        float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y / (1 << tile.z))))))
        for y in (tile.y, tile.y + 1)
    )
    return Q(min_x__lte=east, max_x__gte=west, min_y__lte=north, max_y__gte=south)


def _values(register: Register, door: Door, rows: "QuerySet[Any]") -> "QuerySet[Any]":
    opened = door.open(rows).order_by()
    return opened.values_list("pk", "door_x", "door_y", label_of(register))


def label_of(register: Register) -> str:
    """The column whose value names a point on the map: the first plain one that betrays no place."""
    model = register.model
    plain = {f.attname for f in model._meta.concrete_fields} - {"area_path", "organisation"}
    secret = set(getattr(model, "place_words", ()))
    return next((c.name for c in register.shown if c.name in plain - secret), "id")


def _points(tile: Tile, rows: Iterable[tuple[Any, ...]]) -> bytes:
    """Records in the order of their keys, since any other order could tell of the true place.

    Those that stand at one spot are one point with their number: the list of the spot names them.
    """
    spots: dict[tuple[int, int], list[tuple[str, str]]] = {}
    given = sorted(rows, key=lambda row: str(row[0]))
    at = tile.at([row[1] for row in given], [row[2] for row in given])
    for (pk, _lon, _lat, name), (x, y) in zip(given, at, strict=True):
        if 0 <= x < EXTENT and 0 <= y < EXTENT:
            spots.setdefault((x, y), []).append((str(pk), str(name or "")))
    points = (
        Point(x, y, (1, *found[0]) if len(found) == 1 else (len(found),)) for (x, y), found in spots.items()
    )
    return encode(LAYER, KEYS, points)


def _counts(tile: Tile, cells: Cells, each: float = 1.0) -> bytes:
    """One point in the middle of each cell that holds something; `each` counted row stands for so many."""
    size = EXTENT >> (tile.grid - tile.z)
    codes = np.array([code for code, _n in cells], np.int64)
    column, row = cell_xy(codes << (2 * (LEVEL - tile.grid)), tile.grid)
    xs = (column - (tile.x << (tile.grid - tile.z))) * size + size // 2
    ys = (row - (tile.y << (tile.grid - tile.z))) * size + size // 2
    spots = zip(xs.tolist(), ys.tolist(), cells, strict=True)
    if each == 1.0:
        return encode(LAYER, KEYS[:1], (Point(x, y, (n,)) for x, y, (_code, n) in spots))
    return encode(LAYER, ABOUT, (Point(x, y, (max(2, round(n * each)), 1)) for x, y, (_code, n) in spots))


__all__ = ["Tile", "draw", "label_of", "near", "rebuild"]
