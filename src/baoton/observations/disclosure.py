"""How much of its place an observation may show: the most sensitive thing seen at a visit decides for all of it.

An event seen at its true place would betray the secret species noted there, and so would the ordinary
species of the same visit: hence one level for an event and everything observed in it. A parent event shows no
more than the most guarded of its parts, and parts at one spot (the bursts of one camera) share their level.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q

from baoton.kit.text import fold
from baoton.kit.writing.outbox import changing
from baoton.observations.models import Event, Occurrence
from baoton.places.queries import settle as settle_places
from baoton.taxa.queries import levels_of

STANDING = {"withdrawn__isnull": True}
NAMES = frozenset(
    {"acceptedNameUsage", "originalNameUsage", "parentNameUsage", "previousIdentifications", "vernacularName",
     "verbatimIdentification", "verbatimScientificName", "scientificName", "identificationRemarks", "typeStatus",
     "associatedTaxa", "species"}
)  # fmt: skip
NAMED = re.compile(
    r"\b(loai|ten (vn|kh|viet|khoa|latin|thuong|dia|pho)|species|taxon|taxa|animal|name sci|latin)\b"
)


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
        seen = list(rows.values_list("event_id", "taxon_id", "scientific_name", "vernacular_name", "extra"))
        for row, level in zip(seen, own_levels([row[1:] for row in seen]), strict=True):
            own[row[0]] = max(own.get(row[0], 0), level)
    return shared(visits, own)


def own_levels(seen: Sequence[Sequence[Any]]) -> list[int]:
    """What each occurrence asks for by itself: taxon, name as written, common name, other columns."""
    return levels_of([(taxon, names_in(name, called, extra)) for taxon, name, called, extra in seen])


def names_in(name: str, called: str, extra: Mapping[str, Any]) -> list[str]:
    """Every name written on a record: its own two, and those among its other columns."""
    found = [name or "", called or ""]
    if extra:
        found += [str(v) for k, v in extra.items() if v and is_name(k)]
        genus = str(extra.get("genus") or "")
        if genus and not fold(name or "").startswith(fold(genus)):  # its own genus says nothing new
            found.append(f"{genus} {extra.get('specificEpithet') or ''}".strip())
    return [f for f in found if f]


@lru_cache(maxsize=4096)
def is_name(column: str) -> bool:
    """Whether a kept column holds names, by its header."""
    if column in NAMES:
        return True
    return bool(NAMED.search(re.sub(r"[\W_]+", " ", fold(column)))) and "loại" not in unicodedata.normalize(
        "NFC", column.lower()
    )


def settle(records: Sequence[Any]) -> None:
    """Occurrences and events carry their commune, level and shown place; nothing else of them changes."""
    occurrences = [r for r in records if isinstance(r, Occurrence)]
    events = [r for r in records if isinstance(r, Event)]
    known = {*(o.event_id for o in occurrences if o.event_id), *(e.pk for e in events)}
    levels: dict[Any, int] = dict(event_levels(list(known))) if known else {}
    if occurrences:
        own = own_levels([(o.taxon_id, o.scientific_name, o.vernacular_name, o.extra) for o in occurrences])
        settle_places(
            occurrences,
            [max(n, levels.get(o.event_id, 0)) for o, n in zip(occurrences, own, strict=True)],
        )
    if events:
        settle_places(events, [levels.get(e.pk, 0) for e in events])


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
                with changing(model, [row.pk for row in rows]):
                    settle_places(rows, [level] * len(rows))
                    for row in rows:
                        row.save()
                moved += len(rows)
    return moved
