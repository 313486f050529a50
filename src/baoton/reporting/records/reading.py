"""The records of a figure as they were counted, through the reader's own door: nothing he may not see, in no form."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from baoton.kit import lent
from baoton.kit.access import Actor
from baoton.kit.kinds import Link
from baoton.kit.kinds.base import Kind
from baoton.kit.models import AuditEvent
from baoton.kit.pages.record import named, spoken_value
from baoton.kit.reading.register import Register

ASKED = 10_000
PAGE = 100
WALKED = 50_000
"""Of so many records those the reader may see are sorted out first; of more, page by page."""


@dataclass(frozen=True)
class Then:
    """One record: how it read when it was counted, and whether and how it was edited since."""

    record: Any
    address: str
    cells: Sequence[str]
    edited: bool
    changes: Sequence[tuple[str, str, str]] = field(default=())


def seen(actor: Actor, book: Register, kept: Iterable[UUID]) -> list[UUID]:
    """Those of the records that the reader may see today, in the order in which they were counted."""
    keys, door, found = list(kept), book.door(actor), set[UUID]()
    for i in range(0, len(keys), ASKED):
        found.update(door.rows().filter(pk__in=keys[i : i + ASKED]).values_list("pk", flat=True))
    return [key for key in keys if key in found]


def as_then(
    actor: Actor, book: Register, keys: Sequence[UUID], kept: Mapping[UUID, int], at: datetime
) -> list[Then]:
    """The rows of one page as they were at that moment, put together from their history."""
    rows = {
        row.pk: row for row in book.joined(book.door(actor).open(book.door(actor).rows().filter(pk__in=keys)))
    }
    later: dict[Any, list[AuditEvent]] = {}
    label = book.model._meta.label_lower
    for event in AuditEvent.objects.filter(object_id__in=list(rows), at__gt=at).order_by("at", "id"):
        if event.register == label and event.old:
            later.setdefault(event.object_id, []).append(event)
    told = []
    for pk in keys:
        if (row := rows.get(pk)) is not None:  # an import taken back gives the revision back too
            told.append(_then(actor, book, row, row.revision != kept[pk] or pk in later, later.get(pk, ())))
    return told


def _then(actor: Actor, book: Register, row: Any, edited: bool, events: Sequence[AuditEvent]) -> Then:
    changes: list[tuple[str, str, str]] = []
    linked: dict[str, str] = {}
    open_ = (
        getattr(row, "door_precise", True)
        and lent.may_read(actor, row, lent.HISTORY)
        and not book.model.opening_is_audited  # what is opened one by one is told by no list
    )
    if edited and open_:
        old: dict[str, Any] = {}
        for event in events:
            for column, value in (event.old or {}).items():
                old.setdefault(column, value)
        for column, value in old.items():
            name, now = named(book, column), getattr(row, column, None)
            before = _value(book, column, value)
            told = [spoken_value(actor, book, row, column, _plain(v)) for v in (before, now)]
            if name and before != now:
                changes.append((name, told[0], told[1]))
            if column in links(book):  # what was linked then is read through the door alone
                linked[column] = told[0]
            elif column in {f.attname for f in row._meta.concrete_fields if not f.primary_key}:
                setattr(row, column, before)
    cells = [linked.get(kind.attname) or str(kind.text(row)) for kind in columns(book)]
    return Then(row, book.url(row), cells, edited, changes)


def columns(book: Register) -> list[Kind]:
    """The columns of the book's list."""
    known = {kind.name: kind for kind in book.fields}
    return [known[name] for name in book.show]


def links(book: Register) -> set[str]:
    return {kind.attname for kind in book.fields if isinstance(kind, Link)}


def _value(book: Register, column: str, value: Any) -> Any:
    """A value of the history as the model holds it."""
    found: Any = next((f for f in book.model._meta.concrete_fields if f.attname == column), None)
    if found is None or value is None or found.is_relation:
        return value if found is None or value is None else found.target_field.to_python(value)
    try:
        return found.to_python(value)
    except ValidationError:
        return value


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | float | dict | list) else str(value)
