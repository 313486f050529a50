"""Whether a set of rows holds any that a reader may not know: then a key tried on the set must get one answer.

Where a key is unique in a set, "this one is taken" tells of a hidden row and "this one is free" that there is none.
Whoever may not see every row of the set may therefore not choose a key in it, taken or free alike.
"""

from typing import Any

from django.db.models import Q, QuerySet

from baoton.kit.access import Actor, Scope
from baoton.kit.models import ImportBatch
from baoton.kit.place import Located
from baoton.kit.reading.register import Register


def sees_whole(actor: Actor, book: Register) -> bool:
    """Whether every row of the book stands open to the actor, with its true place."""
    if book.located:
        return book.door(actor).all_precise
    return Scope() in actor.scopes(f"{book.name}.see") or (book.public is not None and not book.public)


def holds_unseen(actor: Actor, book: Register, rows: "QuerySet[Any]") -> bool:
    """Whether any of the rows, withdrawn ones among them, is neither seen by the actor as it stands nor of a file he
    brought in himself."""
    if sees_whole(actor, book):
        return False
    own = ImportBatch.objects.filter(actor_id=actor.actor_id)
    others = rows.filter(Q(batch=None) | ~Q(batch__in=own.values("pk")))
    door = book.door(actor)
    known = door.open(door.rows())
    if issubclass(book.model, Located):
        known = known.filter(door_precise=True)
    return bool(others.exclude(pk__in=known.values("pk")).exists())
