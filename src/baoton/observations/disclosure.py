"""How much of its place an observation may show: the most sensitive thing seen at a visit decides for all of it.

An event seen at its true place would betray the secret species noted there, and so would the ordinary
species of the same visit: hence one level for an event and everything observed in it. A parent event shows no
more than the most guarded of its parts, and parts at one spot (the bursts of one camera) share their level.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max, Q

from baoton.kit.writing.changed import changed
from baoton.observations.models import Event, Occurrence
from baoton.places.queries import settle as settle_places
from baoton.taxa.disclosure import level_of_name
from baoton.taxa.models import Taxon

STANDING = {"withdrawn__isnull": True}


@dataclass(frozen=True)
class Visit:
    """An event as its family sees it: its parent (or itself), and where it was."""

    pk: UUID
    root: UUID
    cell: int | None


def family(events: Sequence[UUID]) -> list[Visit]:
    """The events, their parents and all parts of those: what may betray one another's place."""
    roots: set[UUID] = set()
    found: dict[UUID, Visit] = {}
    for start in range(0, len(events), 500):
        rows = Event.objects.filter(pk__in=events[start : start + 500]).values_list("pk", "parent_id")
        roots |= {parent or pk for pk, parent in rows}
    asked = list(roots)
    for start in range(0, len(asked), 500):
        part = asked[start : start + 500]
        members = Event.objects.filter(Q(pk__in=part) | Q(parent_id__in=part), **STANDING)
        for pk, parent, cell in members.values_list("pk", "parent_id", "cell"):
            found[pk] = Visit(pk, pk if parent is None or pk in roots else parent, cell)
    return list(found.values())


def shared(visits: Sequence[Visit], own: Mapping[UUID, int]) -> dict[UUID, int]:
    """Each visit's level: the highest of what was seen at its spot within the family; a parent takes the family's."""
    whole: dict[UUID, int] = defaultdict(int)
    spot: dict[tuple[UUID, int | None], int] = defaultdict(int)
    for visit in visits:
        level = own.get(visit.pk, 0)
        whole[visit.root] = max(whole[visit.root], level)
        spot[visit.root, visit.cell] = max(spot[visit.root, visit.cell], level)
    return {
        v.pk: whole[v.root] if v.pk == v.root else max(spot[v.root, v.cell], own.get(v.pk, 0)) for v in visits
    }


def event_levels(events: Sequence[UUID]) -> dict[UUID, int]:
    """For each event and its family the level it is shown at; 0 where nothing sensitive was seen."""
    visits = family(events)
    own: dict[UUID, int] = {}
    keys = [v.pk for v in visits]
    for start in range(0, len(keys), 500):
        rows = Occurrence.objects.filter(event_id__in=keys[start : start + 500], **STANDING)
        for row in rows.values("event_id").annotate(level=Max("taxon__sensitivity")):
            own[row["event_id"]] = row["level"] or 0
        unmatched = rows.filter(taxon__isnull=True).values_list("event_id", "scientific_name").distinct()
        for event, name in unmatched:
            own[event] = max(own.get(event, 0), int(level_of_name(name)[0]))
    return shared(visits, own)


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
                max(own.get(o.taxon_id, 0), levels.get(o.event_id, 0), level_of_unmatched(o))
                for o in occurrences
            ],
        )
    if events:
        settle_places(events, [levels.get(e.pk, 0) for e in events])


def level_of_unmatched(record: Occurrence) -> int:
    """What the written name asks for where it matched no taxon: a misspelt protected name is guarded too."""
    return 0 if record.taxon_id else int(level_of_name(record.scientific_name)[0])


def resettle_event(event_id: UUID | None) -> int:
    """The event, its family and all that was observed in them stand at their levels again; how many rows moved."""
    if event_id is None:
        return 0
    by_level: dict[int, list[UUID]] = defaultdict(list)
    for pk, level in event_levels([event_id]).items():
        by_level[level].append(pk)
    moved = 0
    for level, keys in by_level.items():
        for start in range(0, len(keys), 500):
            part = keys[start : start + 500]
            events = list(Event.objects.filter(pk__in=part).exclude(disclosure=level))
            seen = list(Occurrence.objects.filter(event_id__in=part).exclude(disclosure=level))
            for model, rows in ((Event, events), (Occurrence, seen)):
                before = [row.snapshot() for row in rows]
                settle_places(rows, [level] * len(rows))
                for row in rows:
                    row.save()
                if rows:
                    changed(model._meta.label_lower, before, [row.snapshot() for row in rows])
                moved += len(rows)
    return moved
