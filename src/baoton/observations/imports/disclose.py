"""One level of disclosure for an event and everything seen in it, in bulk: after an import and after an undo."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import connection

from baoton.kit.importing import database
from baoton.kit.importing.commit import Commit
from baoton.kit.place import Located
from baoton.observations.models import Event, Occurrence
from baoton.places.queries import settle as settle_places
from baoton.taxa.models import Taxon
from baoton.taxa.queries import match

PART = 5_000
SHOWN = (
    "disclosure", "area_path", "area_path_then", "shown_x", "shown_y", "shown_cell", "shown_area_path",
    "shown_uncertainty_m",
)  # fmt: skip


def settle(commit: Commit) -> None:
    """Events of the rows just written, and what was seen in them, stand at the level of the most sensitive."""
    if commit.run.held.get("disclosed"):
        return
    commit.run.held["disclosed"] = True
    event, occurrence = database.table_of(Event), database.table_of(Occurrence)
    batch = Event._meta.get_field("batch").get_db_prep_value(commit.batch_id, connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT o.event_id FROM {occurrence} o JOIN {event} e ON e.id = o.event_id "
            f"WHERE o.batch = %s AND (o.disclosure > 0 OR e.disclosure > 0) "
            f"UNION SELECT DISTINCT e.id FROM {event} e JOIN {occurrence} o ON o.event_id = e.id "
            f"WHERE e.batch = %s AND o.withdrawn IS NULL AND o.disclosure > 0",
            [batch, batch],
        )
        events = [_hex(r[0]) for r in cursor.fetchall()]
    if events:
        commit.run.held["moved_others"] = True
        level(events)


def settle_ids(ids: Sequence[str]) -> None:
    """The events of these occurrences are weighed again, which may also lower them."""
    events: set[str] = set()
    for start in range(0, len(ids), 20_000):
        rows = database.select_by(Occurrence, ["event_id"], "id", list(ids[start : start + 20_000]))
        events |= {_hex(r[0]) for r in rows if r[0] is not None}
    hidden = [
        _hex(r[0])
        for start in range(0, len(events), PART)
        for r in database.select_by(Event, ["id", "disclosure"], "id", sorted(events)[start : start + PART])
        if r[1] > 0
    ]
    level(hidden)


def level(events: Sequence[str]) -> None:
    """Every one of these events carries the highest level of what stands in it, and so does all of that."""
    for start in range(0, len(events), PART):
        _level_part(list(events[start : start + PART]))


def _level_part(events: list[str]) -> None:
    names = ["id", "event_id", "taxon_id", "scientific_name", "disclosure", "withdrawn"]
    seen = [r for r in database.select_by(Occurrence, names, "event_id", events) if r[5] is None]
    taxa = dict(Taxon.objects.filter(sensitivity__gt=0).values_list("pk", "sensitivity"))
    sensitive = {pk.hex: n for pk, n in taxa.items()}
    nameless = sorted({r[3] for r in seen if r[2] is None and r[4] > 0})
    by_name = {m.written: m.sensitivity for m in match(nameless)}
    tops: dict[str, int] = defaultdict(int)
    for r in seen:
        own = by_name.get(r[3], 0) if r[2] is None else sensitive.get(_hex(r[2]), 0)
        tops[_hex(r[1])] = max(tops[_hex(r[1])], own)
    held = database.select_by(Event, ["id", "disclosure"], "id", events)
    _put(Event, {_hex(r[0]): tops[_hex(r[0])] for r in held if r[1] != tops[_hex(r[0])]})
    _put(Occurrence, {_hex(r[0]): tops[_hex(r[1])] for r in seen if r[4] != tops[_hex(r[1])]})


def _put(model: type[Located], levels: dict[str, int]) -> None:
    """The rows stand at their new levels, with the shown place that goes with it."""
    ids = list(levels)
    for start in range(0, len(ids), 500):
        rows = list(model._default_manager.filter(pk__in=ids[start : start + 500]))
        settle_places(rows, [levels[r.pk.hex] for r in rows])
        database.put(model, SHOWN, [[*(getattr(r, c) for c in SHOWN), r.pk.hex] for r in rows])


def _hex(value: Any) -> str:
    return value.hex if hasattr(value, "hex") else str(value)
