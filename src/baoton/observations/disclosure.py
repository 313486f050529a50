"""How much of its place an observation may show: the most sensitive thing seen at a visit decides for all of it.

An event seen at its true place would betray the secret species noted there, and so would the ordinary
species of the same visit: hence one level for an event and everything observed in it.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Max

from baoton.observations.models import Event, Occurrence
from baoton.places.queries import settle as settle_places
from baoton.taxa.models import Taxon

STANDING = {"withdrawn__isnull": True}


def event_levels(events: Sequence[UUID]) -> dict[UUID, int]:
    """For each event the highest sensitivity of any taxon standing in it; 0 where nothing is sensitive."""
    found: dict[UUID, int] = defaultdict(int)
    for start in range(0, len(events), 500):
        rows = (
            Occurrence.objects.filter(event_id__in=events[start : start + 500], **STANDING)
            .values("event_id")
            .annotate(level=Max("taxon__sensitivity"))
        )
        found.update({r["event_id"]: r["level"] or 0 for r in rows})
    return found


def settle(records: Sequence[Any]) -> None:
    """Occurrences and events carry their commune, level and shown place; nothing else of them changes."""
    occurrences = [r for r in records if isinstance(r, Occurrence)]
    events = [r for r in records if isinstance(r, Event)]
    known = {*(o.event_id for o in occurrences if o.event_id), *(e.pk for e in events)}
    levels: dict[Any, int] = dict(event_levels(list(known)))
    taxa = {o.taxon_id for o in occurrences if o.taxon_id}
    own: dict[Any, int] = dict(Taxon.objects.filter(pk__in=taxa).values_list("pk", "sensitivity"))
    if occurrences:
        settle_places(
            occurrences,
            [
                max(own.get(o.taxon_id, 0), levels.get(o.event_id, 0) if o.event_id else 0)
                for o in occurrences
            ],
        )
    if events:
        settle_places(events, [levels.get(e.pk, 0) for e in events])


def resettle_event(event_id: UUID | None) -> int:
    """The event and all that was observed in it stand at one level again; how many rows moved."""
    if event_id is None:
        return 0
    level = event_levels([event_id]).get(event_id, 0)
    moved = 0
    for model, where in ((Event, {"pk": event_id}), (Occurrence, {"event_id": event_id})):
        rows = list(model._default_manager.filter(**where).exclude(disclosure=level))
        if model is Occurrence:
            settle(rows)
        else:
            settle_places(rows, [level] * len(rows))
        for row in rows:
            row.save()
        moved += len(rows)
    return moved
