"""How many records lie in each cell of each far zoom, kept at write time for the readers there are many of.

An audience is a set of grants; its counts are what its own door shows, so a reader whose door is the same
reads them and nothing else. Whoever has other grants is answered from the rows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection, transaction
from django.db.models import BigIntegerField, Case, Count, F, Q, QuerySet, When
from numpy.typing import NDArray

import rulebook
from baoton.kit.access import Scope
from baoton.kit.cells import LEVEL, point_keys
from baoton.kit.models import TileCount
from baoton.kit.once import once
from baoton.kit.place import Disclosure
from baoton.kit.reading.door import Door
from baoton.kit.reading.register import Register, all_registers
from baoton.kit.writing.outbox import Share

TOP, AT_ONCE = 16, 2_000
FIRST_POINT = LEVEL << 46
HIDDEN_SHAPE = Q(disclosure__gt=Disclosure.AS_IS, cell__lt=FIRST_POINT)
BOX = ("min_x", "max_x", "min_y", "max_y")
_DROP = 2 * (LEVEL - TOP)
_CODE = (1 << (2 * TOP)) - 1
Counts = Counter[tuple[int, int]]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Audience:
    """Readers who hold `see`, and `see_precise` where `precise`, in one area; in none: the public."""

    number: int
    area: str | None = None
    precise: bool = False
    actor_id: str = "audience"
    actor_name: str = "audience"

    def scopes(self, verb: str) -> Sequence[Scope]:
        if self.area is None or (verb.endswith(".see_precise") and not self.precise):
            return ()
        return (Scope(self.area),)


@cache
def audiences() -> tuple[Audience, ...]:
    """The public, and who sees shown or true places, everywhere or in the province."""
    home = rulebook.province(settings.PROVINCE).code
    return (
        Audience(0),
        Audience(1, ""),
        Audience(2, "", True),
        Audience(3, home),
        Audience(4, home, True),
    )


def audience_of(register: Register, door: Door) -> int | None:
    """The audience with this very door; None where only the rows can tell."""
    return next((a.number for a in audiences() if register.door(a) == door), None)


def rebuild(register: Register | None = None) -> int:
    """The counts are what the rows say, for one register or all; how many counts stand."""
    if register is None:
        return sum(rebuild(r) for r in list(all_registers()) if r.located)
    counts: Counts = Counter()
    for audience, door in _doors(register):
        found = by_cell(door, door.rows(), TOP)
        tops = np.array(found, np.int64).reshape(-1, 2)
        _pile(counts, audience, tops[:, 0], tops[:, 1])
        if not door.none_precise:
            for row in door.rows().filter(HIDDEN_SHAPE & door.precise.test).values(*BOX).iterator():
                _pile(counts, audience, _top([_middle(row)]), np.ones(1, np.int64))
    with transaction.atomic():
        TileCount.objects.filter(register=register.name).delete()
        _put(register, counts)
    return len(counts)


def _doors(register: Register) -> Iterable[tuple[int, Door]]:
    """Each audience with its door; of two with the same door only the first is counted."""
    seen: list[Door] = []
    for audience in audiences():
        door = register.door(audience)
        if door not in seen:
            seen.append(door)
            yield audience.number, door


def by_cell(door: Door, rows: "QuerySet[Any]", level: int) -> list[tuple[int, int]]:
    """Rows counted by the code of their cell at a level, by the place the reader may know.

    Shapes whose place is hidden from others are left to the caller: their key tells no point.
    """
    code = (1 << (2 * level)) - 1
    found = _celled(door, rows).annotate(tile_top=F("tile_cell").bitrightshift(2 * (LEVEL - level)))
    grouped = found.values_list("tile_top").annotate(n=Count("pk")).order_by("tile_top")
    return [(top & code, n) for top, n in grouped if top is not None]


def places(door: Door, rows: "QuerySet[Any]") -> list[tuple[Any, int]]:
    """Each row with the key of the point at which the reader finds it; rows at no place that he knows are left out."""
    found = _celled(door, rows).order_by().values_list("pk", "tile_cell")
    spots = [(pk, cell) for pk, cell in found if cell is not None]
    if not door.none_precise:
        hidden = rows.filter(HIDDEN_SHAPE & door.precise.test).order_by().values("pk", *BOX)
        spots += [(row["pk"], _middle(row)) for row in hidden]
    return spots


def _celled(door: Door, rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """The rows with the cell at which the reader finds them; without shapes whose place is hidden from others."""
    if door.none_precise:
        return rows.annotate(tile_cell=F("shown_cell"))
    true = Q(disclosure__gt=Disclosure.AS_IS, cell__gte=FIRST_POINT) & door.precise.test
    cell = Case(When(true, then=F("cell")), default=F("shown_cell"), output_field=BigIntegerField())
    return rows.exclude(HIDDEN_SHAPE & door.precise.test).annotate(tile_cell=cell)


def _pile(counts: Counts, audience: int, codes: Ints, n: Ints) -> None:
    """The counts grow by n at the cells of the top level and at every cell above them."""
    for level in range(TOP, -1, -1):
        codes, back = np.unique(codes, return_inverse=True)
        n = np.bincount(back, n, len(codes)).astype(np.int64)
        for code, number in zip(codes.tolist(), n.tolist(), strict=True):
            counts[audience, level << 46 | code] += number
        codes = codes >> 2


def _top(keys: Iterable[int]) -> Ints:
    """Codes at the top level of point keys."""
    return (np.array(list(keys), np.int64) >> _DROP) & _CODE


def _middle(row: Mapping[str, Any]) -> int:
    x, y = (row["min_x"] + row["max_x"]) / 2, (row["min_y"] + row["max_y"]) / 2
    return int(point_keys([x], [y])[0])


class TileReader:
    """Keeps the counts by the outbox: a changed row moves one cell of each level, for each audience that finds it."""

    name, soon = "tiles", True

    def follows(self, book: Register) -> bool:
        return book.located

    def look(self, book: Register, keys: Sequence[Any]) -> Share:
        """One for each audience and top cell in which one of the rows is found: one query for all audiences."""
        share: Share = Counter()
        audiences, rows = once((TileReader, book.name), lambda: _flagged(book))
        for row in rows.filter(pk__in=keys):
            for i in audiences:
                key = _key(row, row[f"precise_{i}"]) if row[f"seen_{i}"] else None
                if key is not None:
                    share[i, int(_top([key])[0])] += 1
        return share

    def take(self, book: Register, share: Share) -> None:
        counts: Counts = Counter()
        for (audience, code), n in share.items():
            _pile(counts, audience, np.array([code], np.int64), np.array([n], np.int64))
        move(book, counts)

    def rebuild(self, book: Register) -> None:
        rebuild(book)


def _flagged(book: Register) -> tuple[list[int], "QuerySet[Any, dict[str, Any]]"]:
    """The audiences, and each row with its places and which of them see it, and know where it is."""
    doors = dict(_doors(book))
    flags = {f"seen_{i}": door.seen.flag for i, door in doors.items()}
    flags |= {f"precise_{i}": door.precise.flag for i, door in doors.items()}
    rows = book.model._default_manager.filter(withdrawn__isnull=True).annotate(**flags)
    return list(doors), rows.values("cell", "shown_cell", "disclosure", *BOX, *flags)


def _key(row: Mapping[str, Any], precise: bool) -> int | None:
    """The point key at which a reader finds the row; None where it is at no place he knows."""
    if row["disclosure"] == Disclosure.AS_IS or not precise:
        shown: int | None = row["shown_cell"]
        return shown
    true: int | None = row["cell"]
    return true if true is None or true >= FIRST_POINT else _middle(row)


def move(register: Register, counts: Mapping[tuple[int, int], int]) -> None:
    """The stored counts grow or shrink by the given ones; a cell without records has no row."""
    with transaction.atomic(savepoint=False):
        _put(register, counts)
        less = [key for key, n in counts.items() if n < 0]
        if less:  # each audience and cell is one look into the index
            who, cells = zip(*less, strict=True)
            empty = TileCount.objects.filter(register=register.name, n__lte=0)
            empty.filter(audience__in=set(who), cell__in=set(cells)).delete()


def _put(register: Register, counts: Mapping[tuple[int, int], int]) -> None:
    """The counts are added to those that stand, many in one statement."""
    wanted = [(register.name, *key, n) for key, n in sorted(counts.items()) if n]
    table = connection.ops.quote_name(TileCount._meta.db_table)
    with connection.cursor() as cursor:
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            rows = ", ".join(["(%s, %s, %s, %s)"] * len(part))
            cursor.execute(
                f"INSERT INTO {table} (register, audience, cell, n) VALUES {rows} "
                f"ON CONFLICT (register, audience, cell) DO UPDATE SET n = {table}.n + excluded.n",
                [value for row in part for value in row],
            )


__all__ = ["TOP", "TileReader", "audience_of", "audiences", "by_cell", "move", "places", "rebuild"]
