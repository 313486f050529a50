"""What a person does with an observation: verify it, refuse it with a reason, send it back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.kit.access import Actor
from baoton.kit.writing.action import action
from baoton.kit.writing.changed import listen
from baoton.kit.writing.workflow import NotNow, Step, Workflow
from baoton.observations.disclosure import resettle_event
from baoton.observations.models import Event, Occurrence, Status
from baoton.observations.queries import doubts

V = "observations.occurrence"
FLOW = Workflow(
    [
        Step(Status.DRAFT, f"{V}.verify", Status.VERIFIED),
        Step(Status.DRAFT, f"{V}.refuse", Status.REFUSED),
        Step(Status.VERIFIED, f"{V}.return", Status.DRAFT),
        Step(Status.REFUSED, f"{V}.return", Status.DRAFT),
    ]
)
Occurrence.workflow = FLOW  # type: ignore[attr-defined]


@action(f"{V}.verify", gettext_lazy("xác minh"))
def verify(actor: Actor, record: Occurrence, reason: str = "") -> None:
    """The record counts and may be published; one that somebody doubts needs a word why it holds."""
    doubted = doubts(record)
    if doubted and not reason:
        raise NotNow(_("Cần ghi lý do vì còn điểm nghi ngờ: %(why)s") % {"why": "; ".join(doubted)})
    FLOW.move(record, f"{V}.verify")
    record.status_reason = reason
    Event.objects.filter(pk__in=[record.event_id], status=Status.DRAFT).update(status=Status.VERIFIED)


@action(f"{V}.refuse", gettext_lazy("không công nhận"))
def refuse(actor: Actor, record: Occurrence, reason: str = "") -> None:
    """The record is kept but never counted; the reason is told to whoever sent it."""
    if not reason:
        raise NotNow(_("Ghi lý do không công nhận để người gửi biết cách sửa."))
    FLOW.move(record, f"{V}.refuse")
    record.status_reason = reason


@action(f"{V}.return", gettext_lazy("đưa về chờ xác minh"))
def return_to_draft(actor: Actor, record: Occurrence, reason: str = "") -> None:
    """The record waits for a decision again and counts nowhere meanwhile."""
    FLOW.move(record, f"{V}.return")
    record.status_reason = reason


@listen
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
