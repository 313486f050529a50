"""Guarded places in bulk, by the rule of `observations.disclosure`: after an import and after an undo."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max, Min, Q, QuerySet

from baoton.kit.importing import database
from baoton.kit.importing.commit import FEW, Commit
from baoton.kit.place import Located
from baoton.kit.writing.outbox import changing
from baoton.observations.actions import SHOWN, settling
from baoton.observations.disclosure import (
    OPEN,
    Guard,
    Guards,
    Model,
    betrayers,
    carry,
    events,
    guarded_near,
    moves,
    occurrences,
    occurrences_in_parts,
    own_guards,
    parts,
    places_of,
    sources_of,
    visit_of,
)
from baoton.observations.models import Event, Occurrence
from baoton.observations.outings import Outing, around, everybody_waits, outing
from baoton.places.queries import settle as settle_places

PART = 5_000


def begin(commit: Commit) -> None:
    """What betrays the records that a file changes is remembered: it may be open afterwards."""
    if "betrayed" in commit.run.held:
        return
    seen, visited = commit.run.held["betrayed"] = (set(), set())
    for name, look in (("observations.occurrence", betraying), ("observations.event", betraying_visits)):
        for _target, frame in commit.stage.read("updated", name):
            found = look(frame["id"].to_list())
            seen |= found[0]
            visited |= found[1]


def betraying_visits(ids: Sequence[str]) -> tuple[set[UUID], set[UUID]]:
    """The occurrences and events that betray what was seen at the visits, and the visits themselves."""
    keys = [UUID(i) for i in ids]
    guarded = [
        pk.hex
        for part in parts(keys)
        for pk in Occurrence.objects.filter(event_id__in=part, disclosure__gt=0).values_list("pk", flat=True)
    ]
    seen, visited = betraying(guarded)
    return seen, visited | set(keys)


def betraying(ids: Sequence[str]) -> tuple[set[UUID], set[UUID]]:
    """The occurrences and events that betray the guarded ones among the rows, as they stand now."""
    seen: set[UUID] = set()
    visited: set[UUID] = set()
    for start in range(0, len(ids), PART):
        part = [UUID(i) for i in ids[start : start + PART]]
        rows = [r for q in parts(part) for r in occurrences([Q(pk__in=q, disclosure__gt=0)])]
        places = dict.fromkeys((p for r in rows for p in places_of(r, visit_of(r))), OPEN)
        seen |= set(betrayers(Occurrence, places))
        visited |= set(betrayers(Event, places)) | {r["event_id"] for r in rows if r["event_id"]}
    return seen, visited


def settle(commit: Commit) -> None:
    """Events of the rows just written, and what was seen in them, stand at the level of the most sensitive."""
    if commit.run.held.get("disclosed"):
        return
    commit.run.held["disclosed"] = True
    everybody_waits()
    _without_place(commit)
    seen, visited = commit.run.held.get("betrayed", ((), ()))
    among(Q(batch=commit.batch_id), _families(commit), seen, visited, commit)


def _without_place(commit: Commit) -> None:
    """Rows updated by a file that says nothing of places have their place weighed again: level and day may differ."""
    for model, name in ((Event, "observations.event"), (Occurrence, "observations.occurrence")):
        for _target, frame in commit.stage.read("updated", name):
            if "geom" not in frame.columns:
                commit.run.held["moved_others"] = True
                refresh(model, frame["id"].to_list())


def refresh(model: type[Located], ids: Sequence[str]) -> None:
    """The rows keep their level and have commune and shown place computed again."""
    for start in range(0, len(ids), PART):
        held = database.select_by(model, ["id", "disclosure"], "id", list(ids[start : start + PART]))
        _put(model, {_hex(r[0]): r[1] for r in held})


def _families(commit: Commit) -> set[UUID]:
    """The events of the file and those around them of which anything is guarded."""
    event, occurrence = database.table_of(Event), database.table_of(Occurrence)
    batch = Event._meta.get_field("batch").get_db_prep_value(commit.batch_id, connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT o.event_id FROM {occurrence} o JOIN {event} e ON e.id = o.event_id "
            f"WHERE o.batch = %s AND (o.disclosure > 0 OR e.disclosure > 0) "
            f"UNION SELECT e.id FROM {event} e JOIN {occurrence} o ON o.event_id = e.id "
            f"WHERE e.batch = %s AND o.withdrawn IS NULL AND o.disclosure > 0 "
            f"UNION SELECT e.id FROM {event} e JOIN {event} f ON f.id = e.parent_id "
            f"WHERE e.batch = %s AND f.disclosure > 0 "
            f"UNION SELECT e.id FROM {event} e JOIN {event} f ON f.parent_id = e.id "
            f"WHERE e.batch = %s AND f.disclosure > 0",
            [batch] * 4,
        )
        return {UUID(_hex(r[0])) for r in cursor.fetchall()}


def among(
    written: Q,
    families: set[UUID],
    seen: Iterable[UUID] = (),
    visited: Iterable[UUID] = (),
    commit: Commit | None = None,
) -> None:
    """The rows just written and all others stand as guarded as they must: what betrays them, and whom they betray.

    `seen` and `visited` are others that are weighed from the beginning.
    """
    own: dict[Outing, Guard] = {}
    for some in occurrences_in_parts(written & Q(disclosure__gt=0)):
        own |= {k: own.get(k, OPEN) | g for k, g in sources_of(some, own_guards(some)).items()}
    theirs = _theirs(written)  # the guarded ones among the written are sources of the first question already
    known: Guards = {}
    models: tuple[Model, ...] = (Event, Occurrence)
    for model in models:
        for found in (betrayers(model, own), betrayers(model, theirs, written)):
            known |= {pk: known.get(pk, OPEN) | guard for pk, guard in found.items()}
    _raise(known, written, commit)
    touched = {UUID(_hex(r[1])) for r in _held(Occurrence, known, "event_id") if r[1] is not None}
    if Event.objects.exists():
        touched |= {UUID(_hex(r[0])) for r in _held(Event, known)}
    for part in parts(list(families | touched)):
        _stand(moves([], part, known), written, commit)
    for part in parts(list(visited)):
        _stand(moves([], part), written, commit)
    for part in parts(list(seen)):
        _stand(moves(part, []), written, commit)


def _theirs(written: Q) -> dict[Outing, Guard]:
    """The guarded records of others that lie where and when the rows were written; each with its guard."""
    rows = Occurrence.objects.filter(written, withdrawn__isnull=True)
    visits = Event.objects.filter(written, withdrawn__isnull=True)
    if rows.count() + visits.count() <= FEW:
        some, at = occurrences([written]), events([written])
        return guarded_near([*(outing(r, visit_of(r)) for r in some), *(outing(e) for e in at)])
    found: dict[Outing, Guard] = {}
    for part in _keys((_alike(rows) | _alike(visits)).exclude(written)):
        some = occurrences([Q(pk__in=part)])
        found |= {k: found.get(k, OPEN) | g for k, g in sources_of(some, own_guards(some)).items()}
    return found


def _alike(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """The guarded occurrences in the box and the time of the rows, as far as both are known of them."""
    others = Occurrence.objects.filter(disclosure__gt=0, withdrawn__isnull=True)
    box = {name: f(name) for name, f in (("min_x", Min), ("min_y", Min), ("max_x", Max), ("max_y", Max))}
    told = rows.aggregate(first=Min("sort_day"), last=Max("sort_day"), end=Max("day_end"), **box)
    if told["last"] is None:
        return others.none()
    if told["first"]:  # what has no day may be of any, and a visit speaks for what was seen at it
        last = max(told["last"], told["end"].toordinal() if told["end"] else 0)
        since = Q(sort_day__gte=told["first"]) | Q(day_end__gte=date.fromordinal(told["first"]))
        others = others.filter((Q(sort_day__lte=last) & since) | Q(sort_day=0) | Q(event__isnull=False))
    if told["min_x"] is not None:
        west, south, east, north = around((told["min_x"], told["min_y"], told["max_x"], told["max_y"]))
        inside = Q(max_x__gte=west, min_x__lte=east, max_y__gte=south, min_y__lte=north)
        others = others.filter(inside | Q(min_x__isnull=True) | Q(event__isnull=False))
    return others


def _keys(rows: "QuerySet[Any]") -> Iterator[Sequence[UUID]]:
    """The keys of the rows, some thousands at a time."""
    keys = list(rows.order_by().values_list("pk", flat=True))
    return (keys[start : start + PART] for start in range(0, len(keys), PART))


def _raise(known: Guards, written: Q, commit: Commit | None) -> None:
    """Occurrences without a visit that betray something are at least as guarded as it."""
    raised: Guards = {}
    for key, event, level, words in _held(Occurrence, known, "event_id", "disclosure", "guarded_for"):
        pk, stood = UUID(_hex(key)), Guard(level, frozenset(words.split()))
        if event is None and stood | known[pk] != stood:
            raised[pk] = stood | known[pk]
    _stand({Occurrence: raised}, written, commit)


def _held(model: Model, keys: Iterable[UUID], *columns: str) -> Iterator[tuple[Any, ...]]:
    """The rows of the model among the keys, each by its key and these columns as the driver gives them."""
    listed = list(keys)
    for start in range(0, len(listed), PART):
        part = [pk.hex for pk in listed[start : start + PART]]
        yield from database.select_by(model, ["id", *columns], "id", part)


def undoing(ids: Sequence[str]) -> Callable[[], None]:
    """Before occurrences are taken back: what weighs them, and whatever betrays them or did, afterwards."""
    before = betraying(ids)
    return lambda: weigh([UUID(i) for i in ids], [], *before)


def undoing_visits(ids: Sequence[str]) -> Callable[[], None]:
    """The same for visits."""
    before = betraying_visits(ids)
    return lambda: weigh([], [UUID(i) for i in ids], *before)


def weigh(rows: Sequence[UUID], visits: Sequence[UUID], seen: set[UUID], visited: set[UUID]) -> None:
    """The rows and visits stand as guarded as they must today, and so do others and what betrays them now."""
    now = betraying([pk.hex for pk in rows])
    visited = visited | now[1] | set(visits)
    for part in parts(list(rows)):
        visited |= set(
            Occurrence.objects.filter(pk__in=part, event__isnull=False).values_list("event_id", flat=True)
        )
    for part in parts(list(seen | now[0] | set(rows))):
        _stand(moves(part, []), Q(pk__in=[]), None)
    for part in parts(list(visited)):
        _stand(moves([], part), Q(pk__in=[]), None)


def _stand(found: Mapping[Model, Guards], written: Q, commit: Commit | None) -> None:
    """The rows stand at their new levels; where they are few, what is kept of others' rows follows by differences."""
    for model, guards in found.items():
        for part in parts(list(guards)):
            rows = list(model._default_manager.filter(pk__in=part))
            ours = set(model._default_manager.filter(written, pk__in=part).values_list("pk", flat=True))
            others = [r.pk for r in rows if r.pk not in ours]
            if commit is not None and others and not commit.few:
                commit.run.held["moved_others"] = True
            with settling(), changing(model, others if commit is not None and commit.few else []):
                carry(rows, guards)
                database.put(model, SHOWN, [[*(getattr(r, c) for c in SHOWN), r.pk.hex] for r in rows])


def _put(model: type[Located], levels: dict[str, int]) -> None:
    """The rows keep these levels and have commune and shown place computed again."""
    ids = list(levels)
    for start in range(0, len(ids), 500):
        rows = list(model._default_manager.filter(pk__in=ids[start : start + 500]))
        settle_places(rows, [levels[r.pk.hex] for r in rows])
        database.put(model, SHOWN, [[*(getattr(r, c) for c in SHOWN), r.pk.hex] for r in rows])


def _hex(value: Any) -> str:
    return value.hex if hasattr(value, "hex") else str(value)
