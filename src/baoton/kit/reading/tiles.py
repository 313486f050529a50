"""What a map tile holds: single records where they are few, counts by cell where they are many; never a cap.

Every place comes from the register's door. Far tiles without filters are read from the counts kept at write
time; everything else asks the rows live, by the cell key's range.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet

from baoton.kit.access import Actor, reach_of
from baoton.kit.cells import LEVEL, cell_xy, tile_range, to_world
from baoton.kit.models import TileCount
from baoton.kit.place import Disclosure
from baoton.kit.reading.door import Door
from baoton.kit.reading.mvt import EXTENT, Point, encode
from baoton.kit.reading.register import Register
from baoton.kit.reading.tile_counts import HIDDEN_SHAPE, TOP, audience_of, audiences, by_cell, rebuild

GRID = 4
"""A tile's counts are by cells this many levels below it: 16 by 16."""
FEW, MANY = 300, 1_000
"""A far tile shows single records where it and those around it hold FEW at most, a near one up to MANY."""
LAYER, KEYS = "records", ("n", "id", "name")
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

    def at(self, lon: float, lat: float) -> tuple[int, int]:
        """Column and row inside the tile."""
        x, y = to_world([lon], [lat])
        side = (1 << self.z) * EXTENT
        return int(x[0] * side) - self.x * EXTENT, int(y[0] * side) - self.y * EXTENT


def draw(register: Register, actor: Actor, tile: Tile, asked: Mapping[str, str]) -> bytes:
    """The tile's bytes as this reader may know it."""
    door = register.door(actor)
    rows = register.filtered(door, asked)
    found = near(door, rows, tile)
    if tile.grid > TOP:
        some = list(_values(register, door, found)[: MANY + 1])
        return _points(tile, some) if len(some) <= MANY else _counts(tile, by_cell(door, found, tile.grid))
    filtered = any(asked.get(f.name, "").strip() for f in register.filters)
    cells = None if filtered else known(register, actor, door, tile)
    if cells == []:
        return b""
    around = None if filtered else known(register, actor, door, tile.around)
    if around is None:
        crowd = len(near(door, rows, tile.around).order_by().values_list("pk")[: FEW + 1])
    else:
        crowd = sum(n for _cell, n in around)
    if crowd <= FEW:
        return _points(tile, _values(register, door, found))
    return _counts(tile, by_cell(door, found, tile.grid) if cells is None else cells)


def known(register: Register, actor: Actor, door: Door, tile: Tile) -> Cells | None:
    """Counts of the tile from those kept at write time; None where only the rows can tell.

    Who sees some rows more than the public, at their shown places, sees the public's counts and those rows.
    """
    if door.granted is not None:
        base = known(register, actor, door.granted, tile)
        return None if base is None else with_own(door, base, tile)
    audience = audience_of(register, door)
    if audience is not None:
        return kept(register, audience, tile)
    if register.public is None or not door.none_precise:
        return None
    more = reach_of(actor.scopes(f"{register.name}.see"), register.model, "shown_area_path")
    rows = more.rows(register.model._default_manager.filter(withdrawn__isnull=True)).exclude(register.public)
    first, last = span_at(tile)
    own = Counter({code: n for code, n in by_cell(door, rows, tile.grid) if first <= code <= last})
    own.update(dict(kept(register, audiences()[0].number, tile)))
    return sorted(own.items())


def with_own(door: Door, base: Cells, tile: Tile) -> Cells | None:
    """The counts of the grants alone, with the reader's own rows moved to where he knows them to be."""
    assert door.granted is not None
    mine = door.mine.rows(door.model._default_manager.filter(withdrawn__isnull=True))
    if mine.filter(HIDDEN_SHAPE).exists():
        return None  # a shape hidden from others tells no point by its key
    first, last = span_at(tile)
    total = Counter(dict(base))
    for one, rows, sign in ((door, mine, 1), (door.granted, door.granted.seen.rows(mine), -1)):
        for code, n in by_cell(one, rows, tile.grid):
            if first <= code <= last:
                total[code] += sign * n
    return sorted((code, n) for code, n in total.items() if n > 0)


def span_at(tile: Tile) -> tuple[int, int]:
    """The first and last cell code of the tile's grid inside the tile."""
    first, last = ((key & ((1 << 46) - 1)) >> 2 * (LEVEL - tile.grid) for key in tile.span())
    return first, last


def kept(register: Register, audience: int, tile: Tile) -> Cells:
    """The kept counts inside the tile as (cell code at the tile's grid, number)."""
    (first, last), head = span_at(tile), tile.grid << 46
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
    for pk, lon, lat, name in sorted(rows, key=lambda row: str(row[0])):
        x, y = tile.at(lon, lat)
        if 0 <= x < EXTENT and 0 <= y < EXTENT:
            spots.setdefault((x, y), []).append((str(pk), str(name or "")))
    points = (
        Point(x, y, (1, *found[0]) if len(found) == 1 else (len(found),)) for (x, y), found in spots.items()
    )
    return encode(LAYER, KEYS, points)


def _counts(tile: Tile, cells: Cells) -> bytes:
    """One point in the middle of each cell that holds something."""
    size = EXTENT >> (tile.grid - tile.z)
    codes = np.array([code for code, _n in cells], np.int64)
    column, row = cell_xy(codes << (2 * (LEVEL - tile.grid)), tile.grid)
    xs = (column - (tile.x << (tile.grid - tile.z))) * size + size // 2
    ys = (row - (tile.y << (tile.grid - tile.z))) * size + size // 2
    places = zip(xs.tolist(), ys.tolist(), cells, strict=True)
    return encode(LAYER, KEYS[:1], (Point(x, y, (n,)) for x, y, (_code, n) in places))


__all__ = ["Tile", "draw", "label_of", "near", "rebuild"]
