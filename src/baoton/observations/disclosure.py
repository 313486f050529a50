"""How much of its place an observation may show: whatever would betray a guarded species is as guarded as it.

One rule for forms, files, edits and withdrawals. Guarded is what is named guarded; everything seen at the same
visit; a parent visit of a guarded one, over any depth, and the visits of its family near by; and what one person
saw near a guarded record on the same day (`outings`). Nothing tells for which of these reasons a place is guarded.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import shapely
from django.db.models import Q, QuerySet

from baoton.kit.place import WAITING, Disclosure
from baoton.kit.text import fold
from baoton.observations.models import Event, Occurrence
from baoton.observations.outings import (
    OWN,
    VISIT,
    Box,
    Net,
    Outing,
    alone,
    around,
    candidates,
    outing,
    worded,
)
from baoton.places.queries import settle as settle_places
from baoton.taxa.queries import levels_of

STANDING = {"withdrawn__isnull": True}
PART = 500
AT_ONCE = 5_000
FEW_SOURCES, READ_FOR_ONE = 500, 2_000
"""To look around a source costs as much as to read so many rows: from FEW_SOURCES on, all rows may be read at once."""
NAMES = frozenset(
    {"acceptedNameUsage", "originalNameUsage", "parentNameUsage", "previousIdentifications", "vernacularName",
     "verbatimIdentification", "verbatimScientificName", "scientificName", "identificationRemarks", "typeStatus",
     "associatedTaxa", "species"}
)  # fmt: skip
NAMED = re.compile(
    r"\b(loai|ten (vn|kh|viet|khoa|latin|thuong|dia|pho)|species|taxon|taxa|animal|name sci|latin)\b"
)


class Guard(NamedTuple):
    """How guarded a place is, and for the sake of which taxon groups."""

    level: int = 0
    groups: frozenset[str] = frozenset()

    def __or__(self, other: "Guard") -> "Guard":
        if not other.level or other is self:
            return self
        return one_guard(max(self.level, other.level), self.groups | other.groups)

    @property
    def words(self) -> str:
        return " ".join(sorted(self.groups))


@lru_cache(maxsize=4_096)
def one_guard(level: int, groups: frozenset[str]) -> Guard:
    """A guard, the same one for all that are equal: of a big file very many are held at once."""
    return Guard(level, groups)


OPEN = Guard()
WITHHELD = Guard(Disclosure.WITHHELD, frozenset({WAITING}))
BLURRED = Guard(Disclosure.GENERALISED, frozenset({WAITING}))
VISITS_GUARDED: list[Callable[[Collection[UUID]], set[UUID]]] = []
"""Each tells which of some visits are guarded for their own sake, whatever was seen at them: an app above that knows
of something worth stealing there. Their places are blurred, and no right to one group opens them."""
Model = type[Event] | type[Occurrence]
Guards = dict[UUID, Guard]


@dataclass(frozen=True)
class Visit:
    """An event as its family sees it: the first of the family, its own parent, and where it was."""

    pk: UUID
    root: UUID
    box: Box | None
    parent: UUID | None = None


def family(events: Sequence[UUID]) -> list[Visit]:
    """The events with all above and below them, over any depth: what may betray one another's place."""
    above: dict[UUID, UUID | None] = {}
    asked = list(dict.fromkeys(events))
    while asked:
        found = _parents(Q(pk__in=part) for part in parts(asked))
        above |= {row[0]: row[1] for row in found}
        asked = list({row[1] for row in found if row[1] is not None} - set(above))
    roots = {_top(pk, above) for pk in above}
    root_of = {pk: pk for pk in roots}
    members = {row[0]: row for row in _parents(Q(pk__in=part) for part in parts(list(roots)))}
    asked = list(roots)
    while asked:
        found = _parents(Q(parent_id__in=part) for part in parts(asked))
        asked = [row[0] for row in found if row[0] not in members]
        for row in found:
            members.setdefault(row[0], row)
            root_of.setdefault(row[0], root_of[row[1]])
    return [
        Visit(pk, root_of[pk], None if box[0] is None else tuple(box), parent)
        for pk, parent, *box in members.values()
    ]


def parts(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The keys, some hundreds at a time."""
    return (keys[i : i + PART] for i in range(0, len(keys), PART))


def _parents(tests: Iterable[Q]) -> list[Any]:
    """Key, parent and box of the standing events that pass any of the tests."""
    columns = ("pk", "parent_id", "min_x", "min_y", "max_x", "max_y")
    return [row for q in tests for row in Event.objects.filter(q, **STANDING).values_list(*columns)]


def _top(pk: UUID, above: Mapping[UUID, UUID | None]) -> UUID:
    """The first of the family; a ring of parents, which no form can make, ends where it began."""
    seen = {pk}
    while (parent := above.get(pk)) is not None and parent in above and parent not in seen:
        seen.add(parent)
        pk = parent
    return pk


def shared(visits: Sequence[Visit], own: Mapping[UUID, Guard]) -> Guards:
    """Each visit's guard: its own, that of every part below it, and that of the family's visits near by."""
    guards = {v.pk: own.get(v.pk, OPEN) for v in visits}
    placed = [v for v in visits if v.box is not None]
    spots = _spots(visits, guards)
    if spots and len(visits) > 1:
        tree = shapely.STRtree([shapely.box(*v.box) for v in placed if v.box])
        for (box, root), guard in spots.items():
            for i in tree.query(shapely.box(*around(box))).tolist():
                if placed[i].root == root:
                    guards[placed[i].pk] = guards[placed[i].pk] | guard
    return _upwards(visits, guards)


def _spots(visits: Sequence[Visit], own: Mapping[UUID, Guard]) -> dict[tuple[Box, UUID], Guard]:
    """The places of the guarded visits; one without a place of its own stands where its parent does."""
    by_key = {v.pk: v for v in visits}
    found: dict[tuple[Box, UUID], Guard] = {}
    for visit in visits:
        guard, at, seen = own[visit.pk], visit, {visit.pk}
        while guard.level and at.box is None and at.parent in by_key and at.parent not in seen:
            at = by_key[at.parent]
            seen.add(at.pk)
        if guard.level and at.box is not None:
            place = (at.box, visit.root)
            found[place] = found.get(place, OPEN) | guard
    return found


def _upwards(visits: Sequence[Visit], own: Guards) -> Guards:
    """Each visit's guard with that of all its parts."""
    parents, guards = {v.pk: v.parent for v in visits}, dict(own)
    for visit in visits:
        up, seen, guard = parents.get(visit.pk), {visit.pk}, own[visit.pk]
        while guard.level and up is not None and up in guards and up not in seen:
            guards[up] = guards[up] | guard
            seen.add(up)
            up = parents.get(up)
    return guards


def own_levels(seen: Sequence[Sequence[Any]]) -> list[int]:
    """What each occurrence asks for by itself: taxon, name as written, common name, other columns, its body."""
    named = [(taxon, names_in(name, called, extra)) for taxon, name, called, extra, _body in seen]
    return levels_of(named, [str(body or "") for *_rest, body in seen])


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


def own_guards(seen: Sequence[Mapping[str, Any]]) -> list[Guard]:
    """What each occurrence, by its columns, asks for by itself."""
    columns = ("taxon_id", "scientific_name", "vernacular_name", "extra")
    named = [(*(s[c] for c in columns), s.get("organisation", "")) for s in seen]
    found = []
    for s, level in zip(seen, own_levels(named), strict=True):
        own = one_guard(level, frozenset({s["taxon_group"]})) if level else OPEN
        found.append(own | WITHHELD if s.get("guarded_for") == WAITING else own)
    return found


ASKED = ("taxon_id", "scientific_name", "vernacular_name", "extra", "taxon_group", "organisation")
SEEN = ("pk", "event_id", "disclosure", "guarded_for", *ASKED, *OWN, *VISIT)


def occurrences(tests: Iterable[Q]) -> list[dict[str, Any]]:
    """The standing occurrences that pass any of the tests, by their columns and those of their visits."""
    found: dict[UUID, dict[str, Any]] = {}
    for q in tests:
        found |= {row["pk"]: row for row in Occurrence.objects.filter(q, **STANDING).values(*SEEN)}
    _stand_where_the_parents_do(
        [r for r in found.values() if r["min_x"] is None and r["event__min_x"] is None]
    )
    return list(found.values())


def occurrences_in_parts(test: Q) -> Iterator[list[dict[str, Any]]]:
    """The same for very many rows, some thousands at a time."""
    rows = Occurrence.objects.filter(test, **STANDING).order_by().values(*SEEN).iterator(AT_ONCE)
    while part := list(islice(rows, AT_ONCE)):
        _stand_where_the_parents_do([r for r in part if r["min_x"] is None and r["event__min_x"] is None])
        yield part


def _stand_where_the_parents_do(rows: Sequence[dict[str, Any]]) -> None:
    """Rows of visits without a place have that of the first visit above that has one."""
    waiting = {r["event_id"]: r["event_id"] for r in rows if r["event_id"]}
    box, seen = ("min_x", "min_y", "max_x", "max_y", "geom"), 0
    while waiting and seen < 20:  # a ring of parents ends too
        known = Event.objects.filter(pk__in=list(waiting.values())[:PART]).values("pk", "parent_id", *box)
        by_key = {e["pk"]: e for e in known}
        for row in rows:
            at = by_key.get(waiting.get(row["event_id"]))
            if at and at["min_x"] is not None:
                row.update({f"event__{name}": at[name] for name in box})
        above = {
            k: by_key[v]["parent_id"]
            for k, v in waiting.items()
            if v in by_key and by_key[v]["min_x"] is None
        }
        waiting, seen = {k: v for k, v in above.items() if v is not None}, seen + 1


def events(tests: Iterable[Q]) -> list[dict[str, Any]]:
    """The standing events that pass any of the tests, by their columns."""
    found: dict[UUID, dict[str, Any]] = {}
    for q in tests:
        found |= {
            row["pk"]: row for row in Event.objects.filter(q, **STANDING).values("pk", "disclosure", *OWN)
        }
    return list(found.values())


def visit_of(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """The columns of an occurrence's visit, where it has one."""
    if row["event_id"] is None:
        return None
    return {name: row[f"event__{name}"] for name in OWN}


VERSION = ("pk", "event_id", *OWN, *VISIT)


def as_before(row: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of an occurrence (`VERSION`) as they were before a change, which kept the old ones."""
    return {**row, **{name: old[name] for name in OWN if name in old}}


def places_of(row: Mapping[str, Any], visit: Mapping[str, Any] | None) -> list[Outing]:
    """Where and when a guarded occurrence must not be found: its own place and that of its visit."""
    found = [outing(row, visit)]
    if visit is not None:
        found.append(outing({**visit, "recorded_by": found[0].people}))
    return list(dict.fromkeys(found))


def sources_of(rows: Sequence[Mapping[str, Any]], own: Sequence[Guard]) -> dict[Outing, Guard]:
    """The outings of the occurrences that are guarded by themselves."""
    found: dict[Outing, Guard] = {}
    for row, guard in zip(rows, own, strict=True):
        if guard.level:
            for place in places_of(row, visit_of(row)):
                found[place] = found.get(place, OPEN) | guard
    return found


def near_by(outings: Iterable[Outing]) -> dict[Outing, Guard]:
    """Each of the outings that betrays a guarded record, with the guard of what it betrays."""
    asked = list(dict.fromkeys(outings))
    sources = guarded_near(asked)
    found: dict[Outing, Guard] = {}
    for source, target in Net(sources).caught(asked) if sources else ():
        found[target] = found.get(target, OPEN) | sources[source]
    return found


def guarded_near(outings: Sequence[Outing]) -> dict[Outing, Guard]:
    """The outings of guarded records that lie near these, each with its guard."""
    guarded = Q(disclosure__gt=0)
    rows = occurrences(q & guarded for q in candidates(Occurrence, outings))
    seen_at = [e["pk"] for e in events(q & guarded for q in candidates(Event, outings))]
    rows = _once(rows, occurrences(Q(event_id__in=part) & guarded for part in parts(seen_at)))
    return sources_of(rows, own_guards(rows))


def _once(*lists: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({row["pk"]: row for rows in lists for row in rows}.values())


def betrayers(model: Model, sources: Mapping[Outing, Guard], only: Q | None = None) -> Guards:
    """The standing rows of the model that are of one outing with any of the sources, with what they betray."""
    net, found = Net(sources), Guards()
    standing = model._default_manager.filter(only or Q(), withdrawn__isnull=True)
    if not sources or not standing.exists():
        return found
    many = len(sources) > FEW_SOURCES and standing.count() < READ_FOR_ONE * len(sources)
    for q in _among(net, standing, sources) if many else candidates(model, sources):
        tests = [q & only if only else q]
        rows = occurrences(tests) if model is Occurrence else events(tests)
        by: dict[Outing, list[UUID]] = defaultdict(list)
        for row in rows:
            by[outing(row, visit_of(row) if model is Occurrence else None)].append(row["pk"])
        for source, target in net.caught(by):
            for pk in by[target]:
                found[pk] = found.get(pk, OPEN) | sources[source]
    return found


def _among(net: Net, standing: "QuerySet[Any]", sources: Mapping[Outing, Guard]) -> Iterator[Q]:
    """Tests that rows near the sources pass, where the sources are very many: all rows are laid over them at once.

    A row's own place and days tell; a row that says no day, or no place, is let pass as `candidates` lets it.
    """
    keys: list[UUID] = []
    columns = ("pk", "min_x", "min_y", "max_x", "max_y", "sort_day", "day_end")
    rows = standing.filter(min_x__isnull=False).order_by().values_list(*columns).iterator(AT_ONCE)
    while part := list(islice(rows, AT_ONCE)):
        pk, *box, first, end = zip(*part, strict=True)
        last = [max(a, b.toordinal()) if a and b else a for a, b in zip(first, end, strict=True)]
        near = net.near(np.array(box, float).T, np.array(first, np.int64), np.array(last, np.int64))
        keys += [pk[i] for i in near.tolist()]
    for start in range(0, len(keys), AT_ONCE):
        yield Q(pk__in=keys[start : start + AT_ONCE])
    yield from worded(sources)


def weighed(
    seen: Iterable[UUID], visited: Iterable[UUID], known: Guards | None = None
) -> tuple[Guards, Guards]:
    """How guarded each of the occurrences and each of the events with its family must be, by the whole rule.

    `known` says what rows betray of others' where a file was weighed as a whole; other rows stand as they do.
    """
    asked, visited = list(seen), list(visited)
    rows = occurrences(Q(pk__in=part) for part in parts(asked))
    visits = family([*visited, *(r["event_id"] for r in rows if r["event_id"])])
    keys = [v.pk for v in visits]
    guarded = Q(disclosure__gt=0)
    rows = _once(rows, occurrences(Q(event_id__in=part) & guarded for part in parts(keys)))
    at = events(Q(pk__in=part) & guarded for part in parts(keys))
    at = _once(at, events(Q(pk__in=part) for part in parts(visited)))
    own = {row["pk"]: guard for row, guard in zip(rows, own_guards(rows), strict=True)}
    of_row = {row["pk"]: outing(row, visit_of(row)) for row in rows}
    of_event = {row["pk"]: outing(row) for row in at}
    if known is None:
        beside = near_by([*of_row.values(), *of_event.values()])
        known = {pk: beside.get(one, OPEN) for pk, one in (of_row | of_event).items()}
    by_row = {pk: guard | known.get(pk, OPEN) for pk, guard in own.items()}
    base: Guards = {pk: known.get(pk, OPEN) for pk in of_event}
    for row in rows:
        if row["event_id"] is not None:
            base[row["event_id"]] = base.get(row["event_id"], OPEN) | by_row[row["pk"]]
    for pk in guarded_for_themselves(keys):
        base[pk] = base.get(pk, OPEN) | BLURRED
    of_visits = shared(visits, base)
    return {r["pk"]: of_visits.get(r["event_id"], OPEN) | by_row[r["pk"]] for r in rows}, of_visits


def guarded_for_themselves(keys: Collection[UUID]) -> set[UUID]:
    """Those of the visits that some app guards for their own sake."""
    return {pk for tell in VISITS_GUARDED for pk in tell(keys)}


def settle(records: Sequence[Any]) -> None:
    """Occurrences and events carry their commune, level and shown place; nothing else of them changes.

    What others show because of them follows when they are saved (`following`).
    """
    seen = [r for r in records if isinstance(r, Occurrence)]
    visited = [r for r in records if isinstance(r, Event)]
    visits = {e.pk: e for part in parts(_visits(seen)) for e in Event.objects.filter(pk__in=part)}
    visit_by_row = {r.pk: visits.get(r.event_id) if r.event_id else None for r in seen}
    of_row = {
        r.pk: outing(_columns(r), None if v is None else _columns(v))
        for r in seen
        for v in [visit_by_row[r.pk]]
    }
    of_row |= {r.pk: outing(_columns(r)) for r in visited}
    alone(of_row.values())
    beside = near_by(of_row.values())
    guards = {
        r.pk: own | beside.get(of_row[r.pk], OPEN) | guard_of(visit_by_row[r.pk])
        for r, own in zip(seen, own_guards([_asked(r) for r in seen]), strict=True)
    }
    if visited:
        known = weighed([], [r.pk for r in visited])[1]
        guards |= {r.pk: known.get(r.pk, OPEN) | beside.get(of_row[r.pk], OPEN) for r in visited}
    for some in (seen, visited):
        carry(some, guards)


def _columns(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in OWN}


def _asked(record: Occurrence) -> dict[str, Any]:
    return {name: getattr(record, name) for name in ASKED}


def _visits(seen: Sequence[Occurrence]) -> list[UUID]:
    return list({o.event_id for o in seen if o.event_id})


def guard_of(record: Any) -> Guard:
    """How guarded a record stands today."""
    return OPEN if record is None else Guard(record.disclosure, frozenset(record.guarded_for.split()))


def carry(records: Sequence[Any], guards: Mapping[UUID, Guard]) -> None:
    """The records have the guard given for each, and the place it lets show."""
    settle_places(records, [guards[r.pk].level for r in records])
    for record in records:
        record.guarded_for = guards[record.pk].words


def moves(seen: Iterable[UUID], visited: Iterable[UUID], known: Guards | None = None) -> dict[Model, Guards]:
    """Which occurrences and events, of these and of their families, do not stand as guarded as they must be."""
    rows, visits = weighed(seen, visited, known)
    found: dict[Model, Guards] = {Event: {}, Occurrence: {}}
    for part in parts(list(visits)):
        for pk, level, words in Event.objects.filter(pk__in=part).values_list(*STOOD):
            if (level, words) != (visits[pk].level, visits[pk].words):
                found[Event][pk] = visits[pk]
        inside = Occurrence.objects.filter(event_id__in=part, **STANDING)
        for pk, level, words, event in inside.values_list(*STOOD, "event_id"):
            if (level, words) != (visits[event].level, visits[event].words):
                found[Occurrence][pk] = visits[event]
    for part in parts(list(rows)):
        for pk, level, words in Occurrence.objects.filter(pk__in=part, event=None).values_list(*STOOD):
            if (level, words) != (rows[pk].level, rows[pk].words):
                found[Occurrence][pk] = rows[pk]
    return found


STOOD = ("pk", "disclosure", "guarded_for")
