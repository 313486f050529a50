"""How much of its place an observation may show: the most sensitive thing seen at a visit decides for all of it.

An event seen at its true place would betray the secret species noted there, and so would the ordinary
species of the same visit: hence one level for an event and everything observed in it. A parent event shows no
more than the most guarded of its parts, and parts at one spot (the bursts of one camera) share their level.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    """An event as its family sees it: the first of the family, its own parent, and where it was."""

    pk: UUID
    root: UUID
    cell: int | None
    parent: UUID | None = None


def family(events: Sequence[UUID]) -> list[Visit]:
    """The events with all above and below them, over any depth: what may betray one another's place."""
    above: dict[UUID, UUID | None] = {}
    asked = list(dict.fromkeys(events))
    while asked:
        found = _parents(Q(pk__in=part) for part in _parts(asked))
        above |= {pk: parent for pk, parent, _cell in found}
        asked = list({p for _pk, p, _c in found if p is not None} - set(above))
    roots = {_top(pk, above) for pk in above}
    root_of = {pk: pk for pk in roots}
    members = {row[0]: row for row in _parents(Q(pk__in=part) for part in _parts(list(roots)))}
    asked = list(roots)
    while asked:
        found = _parents(Q(parent_id__in=part) for part in _parts(asked))
        asked = [pk for pk, _parent, _cell in found if pk not in members]
        for pk, parent, cell in found:
            members.setdefault(pk, (pk, parent, cell))
            root_of.setdefault(pk, root_of[parent])
    return [Visit(pk, root_of[pk], cell, parent) for pk, parent, cell in members.values()]


def _parts(keys: list[UUID]) -> Iterator[list[UUID]]:
    return (keys[i : i + 500] for i in range(0, len(keys), 500))


def _parents(tests: Iterable[Q]) -> list[Any]:
    """Key, parent and cell of the standing events that pass any of the tests."""
    return [
        r for q in tests for r in Event.objects.filter(q, **STANDING).values_list("pk", "parent_id", "cell")
    ]


def _top(pk: UUID, above: Mapping[UUID, UUID | None]) -> UUID:
    """The first of the family; a ring of parents, which no form can make, ends where it began."""
    seen = {pk}
    while (parent := above.get(pk)) is not None and parent in above and parent not in seen:
        seen.add(parent)
        pk = parent
    return pk


def shared(visits: Sequence[Visit], own: Mapping[UUID, int]) -> dict[UUID, int]:
    """Each visit's level: its own, that of every part below it, and that of the family's visits at its spot."""
    parents = {v.pk: v.parent for v in visits}
    levels = {v.pk: own.get(v.pk, 0) for v in visits}
    for visit in visits:
        up, seen, level = parents.get(visit.pk), {visit.pk}, own.get(visit.pk, 0)
        while level and up is not None and up in levels and up not in seen:
            levels[up] = max(levels[up], level)
            seen.add(up)
            up = parents.get(up)
    spot: dict[tuple[UUID, int | None], int] = defaultdict(int)
    for visit in visits:
        if visit.cell is not None:
            spot[visit.root, visit.cell] = max(spot[visit.root, visit.cell], levels[visit.pk])
    return {v.pk: max(levels[v.pk], spot.get((v.root, v.cell), 0)) for v in visits}


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
