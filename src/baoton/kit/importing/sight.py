"""Which stored rows an import may look at: only those its actor may see as they stand, or brought in himself.

What may not be looked at is never borrowed from, compared or told apart: the answer is the same whatever it holds.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from baoton.kit.access import Actor, Scope
from baoton.kit.importing.contract import Reads
from baoton.kit.importing.target import Target
from baoton.kit.models import ImportBatch
from baoton.kit.place import Located
from baoton.kit.reading.register import REGISTERS

PART = 500


def sees_all(actor: Actor, target: Target) -> bool:
    """Whether every row of the target's table stands open to the actor, with its true place."""
    book = REGISTERS.get(target.name)
    if book is None:
        return Scope() in actor.scopes(target.verb)
    if issubclass(target.model, Located):
        return book.door(actor).all_precise
    return Scope() in actor.scopes(f"{book.name}.see") or (book.public is not None and not book.public)


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
