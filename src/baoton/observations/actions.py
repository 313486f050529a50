"""What a person does with an observation: verify it, refuse it with a reason, send it back."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from baoton.kit.access import Actor
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.outbox import changing
from baoton.kit.writing.refusal import NotNow
from baoton.kit.writing.write import act
from baoton.observations.disclosure import resettle_event
from baoton.observations.models import Event, Occurrence, Status
from baoton.observations.queries import doubts

V = "observations.occurrence"


def verify(actor: Actor, record: Occurrence, reason: str = "") -> Occurrence:
    """The record counts and may be published; one that somebody doubts needs a word why it holds."""
    stored: Occurrence = act(REGISTERS[V], actor, record, "verify", {"reason": reason})
    return stored


def refuse(actor: Actor, record: Occurrence, reason: str = "") -> Occurrence:
    """The record is kept and never counted, with the reason."""
    stored: Occurrence = act(REGISTERS[V], actor, record, "refuse", {"reason": reason})
    return stored


def return_to_draft(actor: Actor, record: Occurrence, reason: str = "") -> Occurrence:
    """The record waits for a decision again."""
    stored: Occurrence = act(REGISTERS[V], actor, record, "return", {"reason": reason})
    return stored


def verified(actor: Actor, record: Occurrence, answers: Mapping[str, Any]) -> None:
    """The visit of a verified record is verified with it."""
    doubted, reason = doubts(record), answers.get("reason") or ""
    if doubted and not reason:
        raise NotNow(_("Cần ghi lý do vì còn điểm nghi ngờ: %(why)s") % {"why": "; ".join(doubted)})
    record.status_reason = reason
    visits = Event.objects.filter(pk__in=[record.event_id], status=Status.DRAFT)
    with changing(Event, list(visits.values_list("pk", flat=True))):
        visits.update(status=Status.VERIFIED, revision=F("revision") + 1)


def refused(actor: Actor, record: Occurrence, answers: Mapping[str, Any]) -> None:
    """The record is kept but never counted; the reason is told to whoever sent it."""
    if not answers.get("reason"):
        raise NotNow(_("Ghi lý do không công nhận để người gửi biết cách sửa."))
    record.status_reason = answers["reason"]


def returned(actor: Actor, record: Occurrence, answers: Mapping[str, Any]) -> None:
    """The record waits for a decision again and counts nowhere meanwhile."""
    record.status_reason = answers.get("reason") or ""


def guard_visits(label: str, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> None:
    """When an observation changes, its visit and all that was seen there stand at one level again."""
    if label == Occurrence._meta.label_lower:
        for event in {UUID(row["event_id"]) for row in (*before, *after) if row.get("event_id")}:
            resettle_event(event)


def derive(record: Any) -> None:
    """Columns that follow from others: the taxon's group, the day a list sorts by, the year."""
    if isinstance(record, Occurrence):
        record.taxon_group = record.taxon.taxon_group if record.taxon else record.taxon_group
        if not record.scientific_name and record.taxon:
            record.scientific_name = record.taxon.scientific_name
        if not record.occurrence_id:
            record.occurrence_id = str(record.pk)
        record.year = record.day_start.year if record.day_start else None
    record.sort_day = record.day_start.toordinal() if record.day_start else 0
    if record.day_start and not record.event_date:
        record.event_date = record.day_start.isoformat()
