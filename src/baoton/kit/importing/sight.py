"""Which stored rows an import may look at: only those its actor may see as they stand, or brought in himself.

What may not be looked at is never borrowed from, compared or told apart: the answer is the same whatever it holds.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl
from django.db.models import QuerySet

from baoton.kit.access import Actor, Scope
from baoton.kit.importing import database
from baoton.kit.importing.chunk import Mask, mask_of
from baoton.kit.importing.contract import Reads
from baoton.kit.importing.scopes import covered
from baoton.kit.importing.target import Target
from baoton.kit.models import ImportBatch, ImportBefore
from baoton.kit.place import Located
from baoton.kit.reading.register import REGISTERS
from baoton.kit.reading.unseen import holds_unseen, sees_whole

PART = 500


def sees_all(actor: Actor, target: Target) -> bool:
    """Whether every row of the target's table stands open to the actor, with its true place."""
    book = REGISTERS.get(target.name)
    if book is None:
        return Scope() in actor.scopes(target.verb)
    return sees_whole(actor, book)


def closed(run: Reads, target: Target) -> bool:
    """Whether no new row may come into the file's dataset: it is another body's, or holds rows that the actor may not
    see, of which every id that he tries would tell whether it is taken."""
    if run.closed or not target.dataset.held or run.dataset_id is None:
        return run.closed
    known: dict[str, bool] = run.held.setdefault("holds_unseen", {})
    if target.name not in known:
        book = REGISTERS.get(target.name)
        rows = target.model._default_manager.filter(dataset_id=run.dataset_id)
        known[target.name] = (
            not sees_all(run.actor, target) and rows.exists()
            if book is None
            else holds_unseen(run.actor, book, rows)
        )
    return known[target.name]


def seen(actor: Actor, target: Target, ids: Iterable[str]) -> set[str]:
    """Those of the rows (32 hex digits) that the actor may see as they stand, place and words."""
    asked = list(dict.fromkeys(ids))
    if sees_all(actor, target):
        return set(asked)
    book = REGISTERS.get(target.name)
    found: set[str] = set()
    if book is None:
        return found
    door = book.door(actor)
    for start in range(0, len(asked), PART):
        rows = door.open(door.rows().filter(pk__in=asked[start : start + PART]))
        if issubclass(target.model, Located):
            rows = rows.filter(door_precise=True)
        found |= {pk.hex for pk in rows.values_list("pk", flat=True)}
    return found


def any_seen(actor: Actor, target: Target, rows: "QuerySet[Any]") -> bool:
    """Whether the actor may see any of the rows as it stands."""
    if sees_all(actor, target):
        return rows.exists()
    book = REGISTERS.get(target.name)
    if book is None:
        return False
    door = book.door(actor)
    open_ = door.open(door.rows() & rows)
    return (open_.filter(door_precise=True) if issubclass(target.model, Located) else open_).exists()


def rights_columns(target: Target) -> list[str]:
    """The columns of the target's table that tell whether a row may be changed (`left_by_import` beside them)."""
    fields = {f.attname for f in target.model._meta.concrete_fields}
    return ["revision", "batch", "organisation", "area_path", *({"taxon_group"} & fields)]


def left_by_import() -> tuple[str, str]:
    """A further column of a select, the revision at which the row's import left it (null: as it was made), and its
    join."""
    before = database.quoted(ImportBefore._meta.db_table)
    return ", b.revision_after", f"LEFT JOIN {before} b ON b.object_id = t.id AND b.batch_id = t.batch"


def covers(scopes: Sequence[Scope], rows: pl.DataFrame) -> Mask:
    """For each stored row whether a right holds for it, by `rights_columns`."""
    columns = ("area_path", "organisation", "taxon_group")
    held = {c: rows[c].cast(pl.String).fill_null("") for c in columns if c in rows.columns}
    return covered(scopes, held, len(rows))


def own_imports(run: Reads, rows: pl.DataFrame) -> Mask:
    """For each stored row whether the actor brought it in himself; whether it was touched since is another question."""
    batches = rows["batch"].cast(pl.String)
    return mask_of(batches.is_in(list(mine(run, batches.unique().drop_nulls().to_list()))))


def changeable(run: Reads, target: Target, rows: pl.DataFrame) -> Mask:
    """For each stored row (`rights_columns` and `left`) whether the actor may change it: by right, or because he
    brought it in and nobody touched it since."""
    untouched = mask_of(rows["revision"] == rows["left"].fill_null(1))
    return covers(run.actor.scopes(f"{target.name}.edit"), rows) | (own_imports(run, rows) & untouched)


def mine(run: Reads, batches: Iterable[str]) -> set[str]:
    """Those of the imports (32 hex digits) that the actor himself made."""
    known: dict[str, bool] = run.held.setdefault("batch_mine", {})
    fresh = [b for b in dict.fromkeys(batches) if b not in known]
    for start in range(0, len(fresh), PART):
        part = fresh[start : start + PART]
        own = ImportBatch.objects.filter(pk__in=part, actor_id=run.actor.actor_id).values_list(
            "pk", flat=True
        )
        own_hex = {pk.hex for pk in own}
        known |= {b: b in own_hex for b in part}
    return {b for b, ours in known.items() if ours}
