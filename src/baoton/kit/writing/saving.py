"""Writing a record through a register: right, derived columns, commune, shown place, audit, in one transaction."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from baoton.kit.access import Actor, require
from baoton.kit.reading.register import Register
from baoton.kit.writing import audit
from baoton.kit.writing.action import lock
from baoton.kit.writing.changed import changed


class Stale(ValueError):
    """Somebody else changed the record since the form was opened; nothing was written."""


def create(register: Register, actor: Actor, record: Any, note: str = "") -> Any:
    """The new record stands, settled and audited."""
    verb = f"{register.name}.create"
    require(actor, verb)
    if not record.organisation:
        record.organisation = getattr(actor, "organisation_id", "") or ""
    with transaction.atomic():
        _settle(register, record)
        require(actor, verb, record)
        record.save(force_insert=True)
        new = record.snapshot()
        changed(record._meta.label_lower, [], [new])
        _event(register, actor, verb, record, None, new, note)
    return record


def edit(
    register: Register, actor: Actor, record: Any, values: Mapping[str, Any], revision: int | None = None
) -> Any:
    """The record carries the given values; its revision grew by one; `Stale` if it was not the expected one."""
    verb = f"{register.name}.edit"
    with transaction.atomic():
        record = lock(record)
        if revision is not None and record.revision != revision:
            raise Stale
        require(actor, verb, record)
        old = record.snapshot()
        point = values.get("point", ...)
        for name, value in values.items():
            if name != "point":
                setattr(record, name, value)
        if point is not ...:
            record.put_point(*(point or (None, None)))
        _settle(register, record)
        require(actor, verb, record)
        record.revision += 1
        record.save()
        new = record.snapshot()
        changed(record._meta.label_lower, [old], [new])
        _event(register, actor, verb, record, old, new, "")
    return record


def withdraw(register: Register, actor: Actor, record: Any, reason: str) -> Any:
    """The record no longer counts or shows anywhere; its row and history stay."""
    verb = f"{register.name}.withdraw"
    with transaction.atomic():
        record = lock(record)
        require(actor, verb, record)
        old = record.snapshot()
        record.withdrawn = timezone.now()
        record.revision += 1
        record.save()
        new = record.snapshot()
        changed(record._meta.label_lower, [old], [new])
        _event(register, actor, verb, record, old, new, reason)
    return record


def _settle(register: Register, record: Any) -> None:
    if register.prepare:
        register.prepare(record)
    if register.settle:
        register.settle([record])


def _event(register: Register, actor: Actor, verb: str, record: Any, old: Any, new: Any, note: str) -> None:
    audit.write(
        actor,
        verb,
        register=record._meta.label_lower,
        object_id=record.pk,
        object_name=str(record),
        old=old,
        new=new,
        note=note,
    )
