"""The only history there is: events written with the work, then linked in order into a hash chain.

Each event carries a mark that only a holder of the audit key can make, so a row put in from outside is never
sealed. Events are sealed right after their transaction, each link is keyed, and each new head of the chain is
also told to a file outside the database (`heads`), so that a chain cut at its end does not pass for whole.
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from baoton.kit.access import Actor
from baoton.kit.models import AuditEvent
from baoton.kit.writing import heads

log = logging.getLogger("baoton.audit")
GENESIS = "0" * 64
LOCK = 654
PART = 500
SEALED_AT_ONCE = 1_000
WITNESSES: list[Callable[[], Iterable[tuple[str, str]]]] = []


def witness(told: Callable[[], Iterable[tuple[str, str]]]) -> Callable[[], Iterable[tuple[str, str]]]:
    """The decorated function gives heads that were printed or handed out, each as (where, head)."""
    WITNESSES.append(told)
    return told


def write(
    actor: Actor,
    verb: str,
    *,
    register: str = "",
    object_id: UUID | None = None,
    object_name: str = "",
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
    note: str = "",
) -> AuditEvent:
    """One event stands in the caller's own transaction and is sealed right after it."""
    if old is not None and new is not None:
        changed = {k for k in new if old.get(k) != new[k]}
        old, new = {k: old.get(k) for k in changed}, {k: new[k] for k in changed}
    event = _event(actor, verb, register, object_id, object_name, old, new, note)
    event.save(force_insert=True)
    transaction.on_commit(seal_soon, robust=True)
    return event


def write_many(
    actor: Actor, verb: str, register: str, events: Iterable[dict[str, Any]], note: str = ""
) -> int:
    """One event for each record that one work changed, with its `object_id`, `old` and `new`; how many."""
    written, waiting = 0, iter(events)
    while some := list(islice(waiting, PART)):
        made = [_event(actor, verb, register, e["object_id"], "", e["old"], e["new"], note) for e in some]
        written += len(AuditEvent.objects.bulk_create(made))
    if written:
        transaction.on_commit(seal_soon, robust=True)
    return written


def _event(
    actor: Actor,
    verb: str,
    register: str,
    object_id: UUID | str | None,
    object_name: str,
    old: dict[str, Any] | None,
    new: dict[str, Any] | None,
    note: str,
) -> AuditEvent:
    event = AuditEvent(
        actor_id=actor.actor_id,
        actor_name=actor.actor_name,
        verb=verb,
        register=register,
        object_id=object_id if object_id is None or isinstance(object_id, UUID) else UUID(str(object_id)),
        object_name=str(object_name)[:300],
        old=old,
        new=new,
        note=str(note),
    )
    event.mark = mark(event)
    return event


def parts(event: Any) -> dict[str, Any]:
    """Every column of an event but those of the chain, as plain JSON."""
    return {
        "id": str(event.id),
        "at": event.at.isoformat(),
        "actor": [event.actor_id, event.actor_name],
        "verb": event.verb,
        "object": [event.register, str(event.object_id), event.object_name],
        "old": event.old,
        "new": event.new,
        "note": event.note,
    }


def same(value: Any) -> Any:
    """The value as both databases give it back: whole numbers whole, keys and words as text, tuples as lists."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {str(k): same(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [same(v) for v in value]
    return str(value)


def _bytes(told: dict[str, Any]) -> bytes:
    return json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def mark(event: Any) -> str:
    """What only this installation can write under an event: keyed over its every column."""
    return hmac.new(heads.key(), _bytes(same(parts(event))), hashlib.sha256).hexdigest()


def body(event: Any, previous: str) -> str:
    """What binds an event to the one before it; keyed, but for events from before there was a key."""
    if not event.mark:
        return hashlib.sha256(_bytes({"previous": previous, "seq": event.seq, **parts(event)})).hexdigest()
    told = {"previous": previous, "seq": event.seq, "mark": event.mark}
    return hmac.new(heads.key(), _bytes(told), hashlib.sha256).hexdigest()


def seal() -> int:
    """Every event written so far that carries our mark is linked into the chain; how many were linked.

    A long queue is sealed in parts, each a short transaction, so that nobody waits for the whole of it.
    """
    total, after = 0, UUID(int=0)
    while True:
        linked, after = _seal_part(after)
        total += linked
        if after is None:
            return total


def _seal_part(after: UUID) -> tuple[int, Any]:
    """Some events after that key are linked; how many, and after which key to go on, None at the end."""
    with transaction.atomic():
        _alone()
        last = AuditEvent.objects.filter(seq__isnull=False).order_by("-seq").only("seq", "hash").first()
        first, previous = (last.seq or 0, last.hash) if last else (0, GENESIS)
        seq, linked = first, []
        waiting = list(
            AuditEvent.objects.filter(seq__isnull=True, id__gt=after).order_by("id")[:SEALED_AT_ONCE]
        )
        for event in waiting:
            if hmac.compare_digest(event.mark, mark(event)):
                seq += 1
                event.seq = seq
                event.hash = previous = body(event, previous)
                linked.append(event)
        AuditEvent.objects.bulk_update(linked, ["seq", "hash"], batch_size=100)
        if linked:
            transaction.on_commit(lambda: heads.tell(seq, previous))
    return len(linked), waiting[-1].id if len(waiting) == SEALED_AT_ONCE else None


def seal_soon() -> None:
    """As `seal`, after a commit; where the database is busy the next event or the worker seals instead."""
    try:
        seal()
    except DatabaseError:
        log.warning("events wait to be sealed", exc_info=True)


def _alone() -> None:
    """Two sealers take turns; on SQLite every writing transaction already is alone."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@dataclass(frozen=True)
class Verdict:
    """What a walk along the chain found; `break_at` is the first event that does not fit, 0 where none is named."""

    sealed: int
    unsealed: int
    head: str
    break_at: int | None
    reason: str = ""

    @property
    def whole(self) -> bool:
        return self.break_at is None


def verify(printed: Iterable[tuple[str, str]] = ()) -> Verdict:
    """The chain walked from its first event and compared with every head told outside: what is wrong is named.

    `printed` are further heads to compare with, as (where it was read, its first characters).
    """
    told = heads.all_told()
    given = [*printed, *(pair for witnessed in WITNESSES for pair in witnessed())]
    missing = {head: where for where, head in given if head and head != GENESIS}
    previous, expected, keyed = GENESIS, 0, False
    unsealed = AuditEvent.objects.filter(seq__isnull=True).count()

    def broken(at: int, why: str) -> Verdict:
        return Verdict(expected - 1 if at else expected, unsealed, previous, at, why)

    for event in AuditEvent.objects.filter(seq__isnull=False).order_by("seq").iterator(2000):
        expected += 1
        if event.seq != expected:
            return broken(expected, _("Thiếu sự kiện số %(n)d.") % {"n": expected})
        if keyed and not event.mark:
            return broken(expected, _("Sự kiện số %(n)d không mang dấu của máy chủ.") % {"n": expected})
        keyed = bool(event.mark)
        if body(event, previous) != event.hash or (keyed and mark(event) != event.mark):
            return broken(expected, _("Sự kiện số %(n)d đã bị sửa.") % {"n": expected})
        previous = event.hash
        if told.get(expected, previous) != previous:
            why = _("Sự kiện số %(n)d khác với đầu chuỗi đã ghi ra tệp; chuỗi đã bị viết lại.") % {
                "n": expected
            }
            return broken(expected, why)
        for head in [h for h in missing if previous.startswith(h)]:
            del missing[head]
    if not expected:
        return Verdict(0, unsealed, GENESIS, 0, _("Nhật ký trống: không còn sự kiện nào."))
    forged = _forged()
    if forged:
        return Verdict(
            expected, unsealed, previous, 0, _("Có %(n)d sự kiện không mang dấu của máy chủ.") % {"n": forged}
        )
    if told and max(told) > expected:
        why = _(
            "Nhật ký bị cắt: đầu chuỗi số %(n)d đã ghi ra tệp, trong cơ sở dữ liệu chỉ còn %(m)d sự kiện."
        )
        return Verdict(expected, unsealed, previous, expected + 1, why % {"n": max(told), "m": expected})
    if not told and keyed:
        why = _("Thiếu tệp đầu chuỗi %(path)s, nên không biết đuôi nhật ký có bị cắt không.")
        return Verdict(expected, unsealed, previous, 0, why % {"path": heads.path()})
    if missing:
        head, where = next(iter(missing.items()))
        why = _("Đầu chuỗi %(head)s… (%(where)s) không còn trong nhật ký; chuỗi đã bị cắt hoặc viết lại.")
        return Verdict(expected, unsealed, previous, 0, why % {"head": head[:16], "where": where})
    return Verdict(expected, unsealed, previous, None)


def _forged() -> int:
    """Events waiting to be sealed that nobody of ours wrote."""
    waiting = AuditEvent.objects.filter(seq__isnull=True).order_by("id").iterator(PART)
    return sum(not hmac.compare_digest(e.mark, mark(e)) for e in waiting)


def head() -> str:
    """The hash of the newest sealed event, as a report prints it."""
    top = AuditEvent.objects.aggregate(top=Max("seq"))["top"]
    return GENESIS if top is None else AuditEvent.objects.get(seq=top).hash
