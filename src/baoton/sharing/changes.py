"""What changed since a moment, row by row, for whoever keeps a copy: rows as they may be read now, and tombstones.

Lines may repeat; taken in order and by id they always end in the same copy. Whoever may not read a row is never
told that it exists, only that a row which could be read is gone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import F, Max, Min, Q, QuerySet

from baoton.kit.access import Actor
from baoton.kit.models import AuditEvent, ImportBatch, ImportBefore
from baoton.kit.reading.api import feature
from baoton.kit.reading.register import REGISTERS, Register
from baoton.observations.disclosure import OPEN, VERSION, as_before, betrayers, places_of, visit_of
from baoton.observations.models import Event, Occurrence, Status

BOOKS = ("observations.event", "observations.occurrence")
WHOLESALE = ("taxa.", "places.")
ROWS = 2_000


@dataclass(frozen=True)
class Feed:
    """The changes one actor may know of since a moment, or since a place in the log (`s1234`, as `next` gives it).

    A place in the log is a number that only grows, so a clock that is set back loses nothing.
    """

    actor: Actor
    since: datetime | int

    def lines(self) -> Iterator[dict[str, Any]]:
        """First what this is and from where to ask next; then every change, events before occurrences.

        What is sealed now was whole before this is read; what is not sealed yet comes now and again next time.
        """
        top = AuditEvent.objects.aggregate(top=Max("seq"))["top"] or 0
        began = f"s{self.since}" if isinstance(self.since, int) else self.since.isoformat()
        head = {"op": "changes", "since": began, "next": f"s{top}"}
        if self.reset:
            yield {
                **head,
                "op": "reset",
                "why": "names, protection or units changed for many rows: copy anew",
            }
            return
        yield head
        for name in BOOKS:
            yield from self._of(REGISTERS[name])

    @cached_property
    def after(self) -> int | None:
        """The number of the last event before what is asked for; None where no sealed event is younger."""
        if isinstance(self.since, int):
            return self.since
        first = AuditEvent.objects.filter(at__gt=self.since).aggregate(first=Min("seq"))["first"]
        return None if first is None else first - 1

    @property
    def events(self) -> "QuerySet[AuditEvent]":
        waiting = (
            Q(seq__isnull=True) if isinstance(self.since, int) else Q(seq__isnull=True, at__gt=self.since)
        )
        return AuditEvent.objects.filter(waiting if self.after is None else waiting | Q(seq__gt=self.after))

    @property
    def reset(self) -> bool:
        """Whether something changed that moves rows in bulk without naming each."""
        bulk = Q(*[("register__startswith", stem) for stem in WHOLESALE], _connector=Q.OR)
        return self.events.filter(bulk).exists()

    def _of(self, book: Register) -> Iterator[dict[str, Any]]:
        touched, door = self._touched(book), book.door(self.actor)
        readable = door.rows()
        for record in book.joined(door.open(readable.filter(touched))).order_by("pk").iterator(ROWS):
            yield {
                "op": "put",
                "collection": book.slug,
                "id": str(record.pk),
                "feature": feature(book, record),
            }
        rows = book.model._default_manager.filter(touched)
        seen = door.seen.rows(rows)
        gone = Q(pk__in=seen.filter(withdrawn__isnull=False).values("pk"))
        if not door.seen.all:
            named = self.events.filter(register=book.model._meta.label_lower, old__status=Status.VERIFIED)
            gone |= Q(pk__in=named.values("object_id"), withdrawn__isnull=True)
        lost = book.model._default_manager.filter(gone).exclude(pk__in=readable.values("pk"))
        for key in lost.order_by("pk").values_list("pk", flat=True).iterator(ROWS):
            yield {"op": "delete", "collection": book.slug, "id": str(key)}

    def _touched(self, book: Register) -> Q:
        """Rows named by an event, brought or changed by an import, or beside such a row."""
        named = self._named(Occurrence)
        visits = Occurrence.objects.filter(named | Q(pk__in=self.beside[0])).values("event_id")
        if book.model is Event:
            return self._named(Event) | Q(pk__in=visits) | Q(pk__in=self.beside[1])
        touched = named | Q(event_id__in=visits.filter(event_id__isnull=False))
        return touched | Q(pk__in=self.beside[0]) | Q(event_id__in=self.beside[1])

    @cached_property
    def beside(self) -> tuple[list[Any], list[Any]]:
        """The occurrences and events that betray, or betrayed, a guarded row that was touched: shown otherwise now."""
        own = self.events.filter(register=Occurrence._meta.label_lower, old__isnull=False)
        guarded = Q(disclosure__gt=0) | Q(pk__in=own.filter(old__has_key="disclosure").values("object_id"))
        rows = Occurrence.objects.filter(self._named(Occurrence)).filter(guarded)
        versions: dict[Any, dict[str, Any]] = {row["pk"]: row for row in rows.values(*VERSION).iterator(ROWS)}
        places = {place: OPEN for row in versions.values() for place in places_of(row, visit_of(row))}
        newest_first = own.order_by(F("seq").desc(nulls_first=True), "-at")
        for key, old in newest_first.values_list("object_id", "old").iterator(ROWS):
            row = None if key is None else versions.get(key)
            if row is not None and isinstance(old, dict):
                versions[key] = row = as_before(row, old)
                places |= dict.fromkeys(places_of(row, visit_of(row)), OPEN)
        return list(betrayers(Occurrence, places)), list(betrayers(Event, places))

    def _named(self, model: type) -> Q:
        label = model._meta.label_lower  # type: ignore[attr-defined]
        named = self.events.filter(register=label, object_id__isnull=False).values("object_id")
        batches = ImportBatch.objects.filter(
            pk__in=self.events.filter(register="kit.importbatch").values("object_id")
        ).values("pk")
        restored = ImportBefore.objects.filter(batch__in=batches).values("object_id")
        return Q(pk__in=named) | Q(batch__in=batches) | Q(pk__in=restored)
