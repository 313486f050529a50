"""Numbers that a protocol asks stand as measurements too: what, how much, in which unit, about which visit or meeting.

They follow their row (`follow_numbers`), so that archives carry them as measurements and facts; nobody writes them by
hand.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.utils import timezone

from baoton.kit import keyed
from baoton.kit.writing.outbox import changing, followed_by
from baoton.observations.models import Event, Measurement, Occurrence
from baoton.surveys.models import Campaign, Protocol, Question
from baoton.surveys.protocols.asked import OF_PROTOCOL

PART = 500
BOOKS: Mapping[str, tuple[type[Model], str, str]] = {
    Event._meta.label_lower: (Event, "event_id", Question.Level.VISIT),
    Occurrence._meta.label_lower: (Occurrence, "occurrence_id", Question.Level.ROW),
}


@followed_by
def follow_numbers(label: str, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> None:
    """The measurements of a campaign's rows say what the rows say, in the same transaction."""
    if label not in BOOKS:
        return
    told = [*before, *after]
    mine = Campaign.objects.exclude(dataset=None)
    if told:
        mine = mine.filter(dataset__in={row["dataset_id"] for row in told})
    datasets = list(mine.values_list("dataset", flat=True))
    if not datasets:
        return
    rows: Any = BOOKS[label][0]._default_manager.filter(dataset__in=datasets)
    keys = list({row["id"] for row in told}) if told else list(rows.values_list("pk", flat=True))
    asked = _asked(BOOKS[label][2])
    for start in range(0, len(keys), PART):
        _measure(label, rows.filter(pk__in=keys[start : start + PART]), asked)


def _asked(level: str) -> dict[str, list[Question]]:
    """The numbers that each version of a protocol asks, by its key."""
    found: dict[str, list[Question]] = defaultdict(list)
    numbers = (Question.Kind.INTEGER, Question.Kind.NUMBER)
    for one in Question.objects.filter(level=level, kind__in=numbers, withdrawn__isnull=True):
        found[str(one.protocol_id)].append(one)
    return found


def _measure(label: str, rows: Any, asked: Mapping[str, Sequence[Question]]) -> None:
    """The rows' measurements are made, changed, or taken away with the answer or the row."""
    of_visit = label == Event._meta.label_lower
    named = {str(p.pk): str(p) for p in Protocol.objects.filter(pk__in=asked)}
    wanted: dict[Any, dict[str, Any]] = {}
    for row in rows if of_visit else rows.select_related("event"):
        visit = row if of_visit else row.event
        version = "" if visit is None else str((visit.extra or {}).get(OF_PROTOCOL) or "")
        name = row.event_id if of_visit else row.occurrence_id
        for one in asked.get(version, ()):
            key, answer = f"{name}/{one.name}", (row.extra or {}).get(one.name)
            wanted[keyed.source_id(row.dataset_id.hex, key)] = {
                "dataset_id": row.dataset_id, "measurement_id": key, "event": visit,
                "occurrence": None if of_visit else row, "measurement_type": one.label,
                "measurement_value": "" if answer is None else str(answer), "measurement_unit": one.unit,
                "measurement_method": named[version], "organisation": row.organisation,
                "batch": row.batch, "withdrawn": row.withdrawn,
            }  # fmt: skip
    stored = Measurement.objects.in_bulk(list(wanted))
    moved = []
    for pk, told in wanted.items():
        old = stored.get(pk)
        if not told["measurement_value"]:
            if old is None:
                continue
            told |= {"measurement_value": old.measurement_value, "withdrawn": old.withdrawn or timezone.now()}
        fresh = old or Measurement(id=pk)
        was = None if old is None else old.snapshot()
        for column, value in told.items():
            setattr(fresh, column, value)
        if was != fresh.snapshot():
            moved.append((fresh, old is None))
    with changing(Measurement, [kept.pk for kept, _new in moved]):
        for kept, new in moved:
            kept.save(force_insert=new)
