"""The only history there is: events written with the work, then linked in order into a hash chain."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from baoton.kit.access import Actor
from baoton.kit.models import AuditEvent

GENESIS = "0" * 64


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
    """One event stands in the caller's own transaction, unsealed; an unchanged value is not repeated in it."""
    if old is not None and new is not None:
        changed = {k for k in new if old.get(k) != new[k]}
        old, new = {k: old.get(k) for k in changed}, {k: new[k] for k in changed}
    return AuditEvent.objects.create(
        actor_id=actor.actor_id,
        actor_name=actor.actor_name,
        verb=verb,
        register=register,
        object_id=object_id,
        object_name=object_name[:300],
        old=old,
        new=new,
        note=note,
    )


def body(event: AuditEvent, previous: str) -> str:
    """The sha256 that binds an event's every column to the event before it."""
    parts = {
        "previous": previous,
        "seq": event.seq,
        "id": str(event.id),
        "at": event.at.isoformat(),
        "actor": [event.actor_id, event.actor_name],
        "verb": event.verb,
        "object": [event.register, str(event.object_id), event.object_name],
        "old": event.old,
        "new": event.new,
        "note": event.note,
    }
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def seal() -> int:
    """Every event written so far is linked into the chain; how many were linked."""
    with transaction.atomic():
        last = AuditEvent.objects.select_for_update().filter(seq__isnull=False).order_by("-seq").first()
        seq, previous = (last.seq or 0, last.hash) if last else (0, GENESIS)
        linked = 0
        for event in AuditEvent.objects.filter(seq__isnull=True).order_by("at", "id").iterator(2000):
            seq += 1
            event.seq = seq
            event.hash = previous = body(event, previous)
            event.save(update_fields=["seq", "hash"])
            linked += 1
        return linked


@dataclass(frozen=True)
class Verdict:
    """What a walk along the chain found; `break_at` is the first event that does not fit."""

    sealed: int
    unsealed: int
    head: str
    break_at: int | None
    reason: str = ""

    @property
    def whole(self) -> bool:
        return self.break_at is None


def verify() -> Verdict:
    """The chain walked from its first event: a changed, missing or inserted event is named."""
    previous, expected = GENESIS, 0
    unsealed = AuditEvent.objects.filter(seq__isnull=True).count()
    for event in AuditEvent.objects.filter(seq__isnull=False).order_by("seq").iterator(2000):
        expected += 1
        if event.seq != expected:
            why = _("Thiếu sự kiện số %(n)d.") % {"n": expected}
            return Verdict(expected - 1, unsealed, previous, expected, why)
        if body(event, previous) != event.hash:
            why = _("Sự kiện số %(n)d đã bị sửa.") % {"n": expected}
            return Verdict(expected - 1, unsealed, previous, expected, why)
        previous = event.hash
    return Verdict(expected, unsealed, previous, None)


def head() -> str:
    """The hash of the newest sealed event, as a report prints it."""
    top = AuditEvent.objects.aggregate(top=Max("seq"))["top"]
    return GENESIS if top is None else AuditEvent.objects.get(seq=top).hash
