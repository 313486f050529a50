"""One level of disclosure for an event and everything seen in it, in bulk: after an import and after an undo."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from baoton.kit.importing import database
from baoton.kit.importing.commit import Commit
from baoton.kit.place import Located
from baoton.observations.disclosure import family, own_levels, shared
from baoton.observations.models import Event, Occurrence
from baoton.places.queries import settle as settle_places

PART = 5_000
READ = (
    "id",
    "event_id",
    "taxon_id",
    "scientific_name",
    "disclosure",
    "withdrawn",
    "vernacular_name",
    "extra",
)
SHOWN = (
    "disclosure", "area_path", "area_path_then", "shown_x", "shown_y", "shown_cell", "shown_area_path",
    "shown_uncertainty_m",
)  # fmt: skip


def settle(commit: Commit) -> None:
    """Events of the rows just written, and what was seen in them, stand at the level of the most sensitive."""
    if commit.run.held.get("disclosed"):
        return
    commit.run.held["disclosed"] = True
    _without_place(commit)
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
        events = [_hex(r[0]) for r in cursor.fetchall()]
    if events:
        commit.run.held["moved_others"] = True
        level(events)


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


def weigh(ids: Sequence[str]) -> None:
    """Occurrences taken back stand at the level their names have today, and their events with them."""
    events: set[str] = set()
    for start in range(0, len(ids), PART):
        rows = database.select_by(Occurrence, READ, "id", list(ids[start : start + PART]))
        events |= {_hex(r[1]) for r in rows if r[1] is not None}
        seen = [r for r in rows if r[5] is None]
        own = _own(seen)
        _put(Occurrence, {_hex(r[0]): n for r, n in zip(seen, own, strict=True) if n != r[4]})
    level(sorted(events))


def level(events: Sequence[str]) -> None:
    """Every one of these events and of their families carries its level, and so does all that was seen in them."""
    visits = family([UUID(e) for e in events])
    own: dict[UUID, int] = {}
    everyone = [v.pk.hex for v in visits]
    for start in range(0, len(everyone), PART):
        own |= _seen_in(everyone[start : start + PART])
    levels = {pk.hex: level for pk, level in shared(visits, own).items()}
    for start in range(0, len(everyone), PART):
        part = everyone[start : start + PART]
        held = database.select_by(Event, ["id", "disclosure"], "id", part)
        _put(Event, {_hex(r[0]): levels[_hex(r[0])] for r in held if r[1] != levels[_hex(r[0])]})
        seen = database.select_by(Occurrence, ["id", "event_id", "disclosure", "withdrawn"], "event_id", part)
        stand = [r for r in seen if r[3] is None]
        _put(Occurrence, {_hex(r[0]): levels[_hex(r[1])] for r in stand if r[2] != levels[_hex(r[1])]})


def _seen_in(events: list[str]) -> dict[UUID, int]:
    """The highest sensitivity of what was seen in each event itself."""
    seen = [r for r in database.select_by(Occurrence, READ, "event_id", events) if r[5] is None]
    tops: dict[str, int] = defaultdict(int)
    for r, own in zip(seen, _own(seen), strict=True):
        tops[_hex(r[1])] = max(tops[_hex(r[1])], own)
    return {UUID(pk): top for pk, top in tops.items()}


def _own(seen: Sequence[Any]) -> list[int]:
    """What each occurrence asks for by itself: by its taxon and by every name written on it."""
    return own_levels(
        [(r[2] and _hex(r[2]), r[3], r[6], json.loads(r[7]) if isinstance(r[7], str) else r[7]) for r in seen]
    )


def _put(model: type[Located], levels: dict[str, int]) -> None:
    """The rows stand at their new levels, with the shown place that goes with it."""
    ids = list(levels)
    for start in range(0, len(ids), 500):
        rows = list(model._default_manager.filter(pk__in=ids[start : start + 500]))
        settle_places(rows, [levels[r.pk.hex] for r in rows])
        database.put(model, SHOWN, [[*(getattr(r, c) for c in SHOWN), r.pk.hex] for r in rows])


def _hex(value: Any) -> str:
    return value.hex if hasattr(value, "hex") else str(value)
