"""Records that belong to one body and are lent to others in parts.

A right to read a record is elsewhere a right to all that stands on it: its photos, its history, what colleagues
say. A book that lends tells here, part by part, which of its records an actor may read so; every door that shows
such a part (`EVIDENCE` is photos, papers issued and files kept) asks here, and nowhere else.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet

from baoton.kit.access import Actor, reach_of
from baoton.kit.writing import audit

EVIDENCE, HISTORY, REMARKS, ADDING = "evidence", "history", "remarks", "adding"
Readable = Callable[[Actor, str], "QuerySet[Any]"]
LENDS: dict[str, Readable] = {}
UNNOTED: set[str] = set()


def lends(label: str, readable: Readable, noted: bool = True) -> None:
    """The book of this model lends its records: `readable(actor, part)` gives those of which he may read the part.

    Each reading by a borrower is `noted` in the log, unless what is lent is meant to be read by many.
    """
    LENDS[label] = readable
    if not noted:
        UNNOTED.add(label)


def may_read(actor: Actor, record: Model, part: str) -> bool:
    """Whether the actor, who may see the record, may also read this part of it; where nothing is lent, yes."""
    readable = LENDS.get(record._meta.label_lower)
    return readable is None or readable(actor, part).filter(pk=record.pk).exists()


def kept_back(actor: Actor, part: str) -> Q | None:
    """The rows (named by `about_type`, `about_id`) that stand on lent records and are not for the actor; None: none."""
    test: Q | None = None
    for label, readable in LENDS.items():
        here = Q(about_type=label) & ~Q(about_id__in=readable(actor, part).values("pk"))
        test = here if test is None else test | here
    return test


def given(actor: Actor, part: str) -> Q | None:
    """The rows that stand on lent records and are for the actor; None where nothing is lent to anybody."""
    test: Q | None = None
    for label, readable in LENDS.items():
        here = Q(about_type=label, about_id__in=readable(actor, part).values("pk"))
        test = here if test is None else test | here
    return test


def beyond(actor: Actor, name: str, rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Those of the rows that no grant of the actor reaches: he reads them because they were lent to him."""
    label = rows.model._meta.label_lower
    if label not in LENDS or label in UNNOTED:
        return rows.none()
    granted = reach_of(actor.scopes(f"{name}.see"), rows.model)
    return rows.none() if granted.all else rows.exclude(granted.test)


def borrowed(actor: Actor, name: str, record: Model) -> bool:
    """Whether the actor reads the record only because its body lent it."""
    return beyond(actor, name, type(record)._default_manager.filter(pk=record.pk)).exists()


def note(actor: Actor, name: str, rows: "QuerySet[Any]", how: str) -> None:
    """Whoever reads lent records is written into the log, where their owner finds it: who looks, not whose eyes."""
    reader = getattr(actor, "viewer", None) or actor
    for record in beyond(actor, name, rows):
        audit.write(
            reader, f"{name}.see", register=record._meta.label_lower, object_id=record.pk,
            object_name=str(record), note=how,
        )  # fmt: skip


def note_page(actor: Actor, name: str, records: Sequence[Any], how: str) -> None:
    """The same for records that were fetched already."""
    label = records[0]._meta.label_lower if records else ""
    if label in LENDS and label not in UNNOTED:
        keys = [one.pk for one in records]
        note(actor, name, type(records[0])._default_manager.filter(pk__in=keys), how)
