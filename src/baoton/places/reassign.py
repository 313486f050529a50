"""Every located record of every register in its commune again, after the shapes of units changed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

import numpy as np
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from baoton.kit.access import System
from baoton.kit.place import Disclosure, Located
from baoton.kit.reading.register import Register, all_registers
from baoton.kit.writing import audit
from baoton.kit.writing.bulk import update_rows
from baoton.kit.writing.outbox import Share, changed_much
from baoton.kit.writing.overlaps import keep
from baoton.kit.writing.verb import declare
from baoton.places.models import Boundary
from baoton.places.queries import place_columns, settle, shown_areas

REASSIGN = "places.reassign"
declare(REASSIGN, gettext_lazy("gán lại địa bàn"))
CHUNK = 100_000
COLUMNS = ("area_path", "area_path_then", "shown_area_path")
READ = ("pk", "min_x", "max_x", "min_y", "max_y", "disclosure", "shown_x", "shown_y", *COLUMNS)


class Reassigned:
    """Reads the outbox: where boundaries changed, every located record lies in its commune again."""

    name, soon = REASSIGN, False

    def follows(self, book: Register) -> bool:
        return book.model is Boundary

    def look(self, book: Register, keys: Sequence[Any]) -> Share:
        """Each standing boundary by its unit and a digest of its shape."""
        rows = Boundary.objects.filter(pk__in=keys, withdrawn__isnull=True).values_list("unit_id", "geom")
        return Counter((path, sha256(bytes(geom)).hexdigest()) for path, geom in rows)

    def take(self, book: Register, share: Share) -> None:
        if share:
            self.rebuild(book)

    def rebuild(self, book: Register) -> None:
        moved = reassign()
        audit.write(System(), REASSIGN, register=book.name, new={"moved": moved})


def reassign() -> dict[str, int]:
    """Communes, former units and shown communes follow the shapes of today; rows changed, by register."""
    moved: dict[str, int] = {}
    done: set[type] = set()
    for register in all_registers():
        model = register.model
        if not issubclass(model, Located) or model in done:
            continue
        done.add(model)
        moved[register.name] = update_rows(model, COLUMNS, _moved(model)) + _shapes(model)
        if moved[register.name]:
            changed_much(model)
    return moved


def _shapes(model: type[Located]) -> int:
    """Lines and polygons lie in the communes of today, one by one; how many carry another unit now."""
    wide = model._default_manager.filter(~Q(min_x=F("max_x")) | ~Q(min_y=F("max_y")), geom__isnull=False)
    moved, keys = 0, list(wide.values_list("pk", flat=True))
    for start in range(0, len(keys), 500):
        rows = list(model._default_manager.filter(pk__in=keys[start : start + 500]))
        stood = {r.pk: tuple(getattr(r, c) for c in COLUMNS) for r in rows}
        settle(rows)
        fresh = [r for r in rows if tuple(getattr(r, c) for c in COLUMNS) != stood[r.pk]]
        moved += update_rows(model, COLUMNS, ([r.pk, *(getattr(r, c) for c in COLUMNS)] for r in fresh))
        keep(model, [r.pk for r in rows])
    return moved


def _moved(model: type[Located]) -> Iterator[tuple[Any, ...]]:
    """The rows whose communes are others now, as (key, commune, former unit, shown commune)."""
    have = {f.attname for f in model._meta.concrete_fields}
    more: list[str] = [c for c in ("day_start", "day_end", "locality") if c in have]
    rows = model._default_manager.filter(Q(min_x__isnull=False)).order_by("pk")
    last = None
    while True:
        part = rows if last is None else rows.filter(pk__gt=last)
        chunk = list(part.values_list(*READ, *more)[:CHUNK])
        if not chunk:
            return
        last = chunk[-1][0]
        yield from _changed(chunk, more)


def _changed(chunk: list[tuple[Any, ...]], more: list[str]) -> Iterator[tuple[Any, ...]]:
    columns = dict(zip((*READ, *more), zip(*chunk, strict=True), strict=True))
    box = {c: np.array(columns[c], float) for c in ("min_x", "max_x", "min_y", "max_y")}
    point = (box["min_x"] == box["max_x"]) & (box["min_y"] == box["max_y"])
    days = np.full(len(chunk), np.datetime64("NaT"), "datetime64[D]")
    for name in ("day_start", "day_end"):
        if name in columns:
            told = np.array([d or "NaT" for d in columns[name]], "datetime64[D]")
            days = np.where(np.isnat(told), days, told)
    found = place_columns(
        np.where(point, box["min_x"], np.nan),
        np.where(point, box["min_y"], np.nan),
        Disclosure.AS_IS,
        days,
        columns.get("locality"),
    )
    shown_x, shown_y = (np.array(columns[c], float) for c in ("shown_x", "shown_y"))
    level = np.array(columns["disclosure"], np.int8)
    shown = shown_areas(found["area_path"], np.where(point, shown_x, np.nan), shown_y, level)
    new = zip(columns["pk"], found["area_path"], found["area_path_then"], shown, strict=True)
    old = zip(*(columns[c] for c in COLUMNS), strict=True)
    for fresh, stood, is_point in zip(new, old, point.tolist(), strict=True):
        if is_point and fresh[1:] != stood:
            yield fresh
