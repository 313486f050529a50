"""The one way a record changes: right, lock, work, clean, settle, right again, revision, save, audit, outbox.

All of it is one transaction. Forms, verbs, imports of few rows, undo and disclosure call `write` or its parts.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.kit.access import Actor, person_of, require
from baoton.kit.once import one_state
from baoton.kit.place import Located
from baoton.kit.reading.register import Register
from baoton.kit.record import Record, plain
from baoton.kit.writing import audit, outbox, overlaps
from baoton.kit.writing.refusal import NotNow

Work = Callable[[Any], None]


class Stale(NotNow):
    """Somebody else changed the record since it was opened; nothing was written."""


def write(
    book: Register,
    actor: Actor,
    verb: str,
    record: Any,
    work: Work,
    *,
    note: str = "",
    revision: int | None = None,
) -> Any:
    """The record stands as the work left it, audited under `<book>.<verb>`; the stored record is returned.

    The actor must hold the verb for the record as it was and as it is now. Raises `Denied`, `Stale` (the
    revision was not the expected one), `NotNow` or `ValidationError` (by field); nothing is written then.
    """
    full, fresh = f"{book.name}.{verb}", record._state.adding
    with one_state(), transaction.atomic():
        if fresh:
            require(actor, full)
        else:
            record = lock(record)
            if revision is not None and record.revision != revision:
                raise Stale(_("Có người vừa sửa bản ghi này. Mở lại trang để xem rồi sửa tiếp."))
            require(actor, full, record)
        old = None if fresh else record.snapshot()
        with outbox.changing(book.model, [record.pk], [] if old is None else [old]):
            work(record)
            if record.withdrawn is None:
                book.judge(actor, record, old)
                clean(book, record, old)
            settle(book, [record])
            record.revision += 0 if fresh else 1
            record.save(force_insert=fresh)
            new = record.snapshot()
            if any(overlaps.wide(row) for row in (old, new) if row is not None):
                overlaps.keep(book.model, [record.pk])
            require(actor, full, record)
        audit.write(
            actor, full, register=record._meta.label_lower, object_id=record.pk, object_name=str(record),
            old=old, new=new, note=note,
        )  # fmt: skip
    return record


def create(book: Register, actor: Actor, record: Any, note: str = "") -> Any:
    """The new record stands; without an owner it belongs to the actor's body; with a place, to its reporter."""

    def work(fresh: Any) -> None:
        fresh.organisation = fresh.organisation or getattr(actor, "organisation_id", "") or ""
        if isinstance(fresh, Located):
            fresh.reporter = person_of(actor)

    return write(book, actor, "create", record, work, note=note)


def edit(
    book: Register, actor: Actor, record: Any, values: Mapping[str, Any], revision: int | None = None
) -> Any:
    """The record carries the given values by field name."""
    return write(book, actor, "edit", record, lambda r: put(book, r, values), revision=revision)


def withdraw(book: Register, actor: Actor, record: Any, reason: str) -> Any:
    """The record no longer counts or shows anywhere; its row and history stay."""

    def work(standing: Any) -> None:
        standing.withdrawn = timezone.now()

    return write(book, actor, "withdraw", record, work, note=reason)


def act(
    book: Register,
    actor: Actor,
    record: Any,
    verb: str,
    answers: Mapping[str, Any] | None = None,
    revision: int | None = None,
) -> Any:
    """The verb is done on the record with its answers; the stored record is returned."""
    one, given = book.verb(verb), dict(answers or {})
    reason = str(given.get("reason") or "")
    return write(
        book, actor, verb, record, lambda r: one.run(actor, r, given), note=reason, revision=revision
    )


def put(book: Register, record: Any, values: Mapping[str, Any]) -> None:
    """The record carries values by field name, each as its kind puts it; other names are columns."""
    for name, value in values.items():
        kind = book.field(name)
        if kind is not None:
            kind.put(record, value)
        else:
            setattr(record, name, value)


def clean(
    book: Register, record: Any, old: Mapping[str, Any] | None = None, known: Collection[str] = ()
) -> None:
    """What follows from other columns is derived, then the table's rules hold; raises `ValidationError` by field.

    A link that stood before (`old`) is not looked up again: the database holds it. Nor is one of `known`, whose row
    is written together with this one.
    """
    book.derive(record)
    fields = record._meta.concrete_fields
    others = {f.name for f in fields} - {k.column.name for k in book.asked if k.column is not None}
    others |= set(known)
    if old is not None:
        same = {
            f.name for f in fields if f.is_relation and plain(f, getattr(record, f.attname)) == old[f.attname]
        }
        others |= same
    problems: dict[str, list[Any]] = {}
    for kind in book.asked:
        if kind.required and getattr(record, kind.attname) in (None, ""):
            problems[kind.name] = [_("Cần ghi “%(what)s”.") % {"what": kind.heading}]
    for check in (
        lambda: record.clean_fields(exclude=others),
        record.clean,
        lambda: record.validate_unique(exclude=None),
        record.validate_constraints,
    ):
        try:
            check()
        except ValidationError as error:
            for name, told in error.update_error_dict({}).items():
                problems.setdefault(name, []).extend(told)
    if problems:
        raise ValidationError(problems)


def settle(book: Register, records: Sequence[Any]) -> None:
    """Each record carries what follows from its place: commune, level, shown place."""
    if book.settle is not None:
        book.settle(records)


def lock(record: Record) -> Any:
    """The same record as the database holds it now, kept from others until the transaction ends."""
    rows = type(record)._default_manager.all()
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(no_key=True)  # whoever only points at the row does not wait
    return rows.get(pk=record.pk)
