"""An action: a right, its scope before and after, one transaction that holds the work and its audit event."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.db import connection, transaction
from django.utils.functional import Promise

from baoton.kit.access import Actor, require
from baoton.kit.record import Record
from baoton.kit.writing import audit
from baoton.kit.writing.changed import changed

Work = Callable[..., Any]


@dataclass(frozen=True)
class Action:
    """A verb that somebody may hold, as the one table of roles and the audit log spell it."""

    verb: str
    label: str | Promise


ACTIONS: dict[str, Action] = {}
RUNNERS: dict[str, Work] = {}


def declare(verb: str, label: str | Promise) -> Action:
    """The verb is known to the table of roles; declaring it twice is an error of the programmer."""
    known = ACTIONS.get(verb)
    if known is not None and str(known.label) != str(label):
        raise ValueError(f"verb {verb} is declared twice")
    ACTIONS[verb] = Action(verb, label)
    return ACTIONS[verb]


def action(verb: str, label: str | Promise) -> Callable[[Work], Work]:
    """The decorated work on one record runs only with the right, and leaves its event.

    The work receives `(actor, record, **given)` with the record freshly read and locked; the actor must
    hold the verb for the record both as it was and as the work leaves it.
    """
    declare(verb, label)

    def decorate(work: Work) -> Work:
        @wraps(work)
        def run(actor: Actor, record: Record, **given: Any) -> Any:
            with transaction.atomic():
                is_new = record._state.adding
                if not is_new:
                    record = lock(record)
                    require(actor, verb, record)
                else:
                    require(actor, verb)
                old = None if is_new else record.snapshot()
                result = work(actor, record, **given)
                require(actor, verb, record)
                if not is_new:
                    record.revision += 1
                record.save()
                new = record.snapshot()
                changed(record._meta.label_lower, [] if old is None else [old], [new])
                audit.write(
                    actor,
                    verb,
                    register=record._meta.label_lower,
                    object_id=record.pk,
                    object_name=str(record),
                    old=old,
                    new=new,
                    note=str(given.get("reason", "")),
                )
                return record if result is None else result

        RUNNERS[verb] = run
        return run

    return decorate


def lock(record: Record) -> Any:
    """The same record as the database holds it now, kept from others until the transaction ends."""
    rows = type(record)._default_manager.all()
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    return rows.get(pk=record.pk)
