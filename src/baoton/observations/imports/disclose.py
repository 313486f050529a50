"""One level of disclosure for an event and everything seen in it, in bulk: after an import and after an undo."""

from collections.abc import Iterable, Sequence

from django.db.models import Max, Q

from baoton.kit.importing import database
from baoton.kit.importing.commit import Commit
from baoton.observations.models import Event, Occurrence
from baoton.places.queries import settle as settle_places
from baoton.taxa.queries import match

PART = 500


def settle(commit: Commit) -> None:
    """Events of the rows just written, and what was seen in them, stand at the level of the most sensitive."""
    if commit.run.held.get("disclosed"):
        return
    commit.run.held["disclosed"] = True
    mine = Occurrence.objects.filter(batch=commit.batch_id, event__isnull=False)
    _level(mine.order_by().values_list("event_id", flat=True).distinct())


def settle_ids(ids: Sequence[str]) -> None:
    """The events of these occurrences are weighed again, which may also lower them."""
    events: set[object] = set()
    for start in range(0, len(ids), 20_000):
        rows = database.select_by(Occurrence, ["event_id"], "id", list(ids[start : start + 20_000]))
        events |= {r[0] for r in rows if r[0] is not None}
    _level(events)


def _level(events: Iterable[object]) -> None:
    """Every event carries the highest level of its standing occurrences, and they carry the event's."""
    part: list[object] = []
    for event in [*events, None]:
        if event is not None:
            part.append(event)
        if part and (event is None or len(part) == PART):
            _level_part(part)
            part = []


def _level_part(events: list[object]) -> None:
    standing = Occurrence.objects.filter(event_id__in=events, withdrawn__isnull=True)
    tops: dict[object, int] = {
        r["event_id"]: r["level"] or 0
        for r in standing.values("event_id").annotate(level=Max("taxon__sensitivity"))
    }
    nameless = list(
        standing.filter(taxon__isnull=True, disclosure__gt=0).values_list("event_id", "scientific_name")
    )
    for (event, _name), found in zip(nameless, match([n for _e, n in nameless]), strict=True):
        tops[event] = max(tops.get(event, 0), found.sensitivity)
    uneven = Q()
    for level in set(tops.values()) | {0}:
        at = [e for e in events if tops.get(e, 0) == level]
        uneven |= Q(event_id__in=at) & ~Q(disclosure=level)
    moved = [e for e in Event.objects.filter(pk__in=events) if e.disclosure != tops.get(e.pk, 0)]
    seen = list(standing.filter(uneven))
    settle_places(moved, [tops.get(e.pk, 0) for e in moved])
    settle_places(seen, [tops.get(o.event_id, 0) for o in seen])
    for model, records in ((Event, moved), (Occurrence, seen)):
        if records:
            model._default_manager.bulk_update(records, SHOWN, batch_size=100)


SHOWN = ["disclosure", "area_path", "area_path_then", "shown_x", "shown_y", "shown_cell", "shown_area_path",
         "shown_uncertainty_m"]  # fmt: skip
