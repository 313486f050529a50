"""What a person does with an observation: verify it, refuse it with a reason, send it back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from baoton.files.queries import panel
from baoton.kit.access import Actor, System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.bulk import update_rows
from baoton.kit.writing.outbox import changing
from baoton.kit.writing.refusal import NotNow
from baoton.kit.writing.write import act, create
from baoton.observations import verifying
from baoton.observations.disclosure import (
    OPEN,
    betrayers,
    carry,
    events,
    moves,
    occurrences,
    parts,
    places_of,
)
from baoton.observations.models import Dataset, Event, Occurrence, Status
from baoton.observations.outings import Outing
from baoton.observations.queries import doubts, judged_singly, legal_group, notes
from baoton.people.queries import organisation_name
from baoton.taxa.queries import match

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
    """The visit of a verified record is verified with it; of a priority species, after the second person alone."""
    doubted, reason = doubts(record), answers.get("reason") or ""
    was = Occurrence.objects.values_list("status", flat=True).get(pk=record.pk)
    if doubted and not reason:
        raise NotNow(_("Cần ghi lý do vì còn điểm nghi ngờ: %(why)s") % {"why": "; ".join(doubted)})
    verifying.count(actor, record, was)
    record.status_reason = reason or (record.status_reason if was == Status.ONCE else "")
    if record.status == Status.ONCE:
        return
    visits = Event.objects.filter(pk__in=[record.event_id], status=Status.DRAFT)
    with changing(Event, list(visits.values_list("pk", flat=True))):
        visits.update(status=Status.VERIFIED, revision=F("revision") + 1)


def refused(actor: Actor, record: Occurrence, answers: Mapping[str, Any]) -> None:
    """The record is kept but never counted; the reason is told to whoever sent it."""
    if not answers.get("reason"):
        raise NotNow(_("Ghi lý do không công nhận để người gửi biết cách sửa."))
    record.status_reason = answers["reason"]
    verifying.clear(record)


def returned(actor: Actor, record: Occurrence, answers: Mapping[str, Any]) -> None:
    """The record waits for a decision again and counts nowhere meanwhile."""
    record.status_reason = answers.get("reason") or ""
    verifying.clear(record)


def reasons(record: Occurrence) -> Sequence[Mapping[str, Any]]:
    """Words that a desk offers on a key where a doubt asks for some."""
    if not doubts(record):
        return ()
    return ({"reason": _("ảnh rõ loài")}, {"reason": _("hợp nơi ở và mùa, người ghi quen loài")})


def at_desk(actor: Actor, record: Occurrence) -> dict[str, Any]:
    """What a judge needs to see at once: photos, doubts in words, the law, and the species' known places."""
    query = f"taxon={record.taxon_id}" if record.taxon_id else ""
    return panel(actor, record) | {
        "doubts": doubts(record), "notes": notes(record),
        "legal": legal_group(record), "english": get_language() == "en",
        "map_query": query, "taxon": record.taxon,
    }  # fmt: skip


def by_law(actor: Actor, record: Occurrence) -> dict[str, Any]:
    """The species of a record and what the law says of it, for the record's page."""
    return {"taxon": record.taxon, "legal": legal_group(record), "english": get_language() == "en"}


def accept_alike(actor: Actor, keys: Sequence[Any]) -> tuple[int, int]:
    """The records that may be accepted among others are verified, each with its own event; how many, and not."""
    done = left = 0
    for record in Occurrence.objects.filter(pk__in=keys, status=Status.DRAFT, withdrawn__isnull=True):
        if judged_singly(record):
            left += 1
            continue
        try:
            verify(actor, record)
            done += 1
        except (NotNow, PermissionDenied):
            left += 1
    return done, left


TELLS = frozenset(
    {"event_id", "parent_id", "taxon_id", "taxon_group", "scientific_name", "vernacular_name", "extra", "withdrawn",
     "geom", "day_start", "day_end", "recorded_by", "dataset_id", "locality", "disclosure"}
)  # fmt: skip
SHOWN = (
    "disclosure", "guarded_for", "area_path", "area_path_then", "shown_x", "shown_y", "shown_cell",
    "shown_area_path", "shown_uncertainty_m",
)  # fmt: skip
_settling: ContextVar[bool] = ContextVar("settling", default=False)


def guard_others(label: str, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> None:
    """When an observation or a visit changes, whatever betrays it, or betrayed it, stands as guarded as it must."""
    if _settling.get() or label not in {Occurrence._meta.label_lower, Event._meta.label_lower}:
        return
    old = {row["id"]: row for row in before}
    new = {row["id"]: row for row in after if _differs(old.get(row["id"]), row)}
    if not new:
        return
    versions = [v for v in (*(old[k] for k in new if k in old), *new.values()) if v["withdrawn"] is None]
    seen, visit = {UUID(k) for k in new}, "event_id"
    if label == Event._meta.label_lower:
        seen, visit = set(), "parent_id"
    visited = {UUID(str(v[visit])) for v in versions if v[visit]}
    visited |= {UUID(k) for k in new} - seen
    places = dict.fromkeys(_guarded_places(label, versions), OPEN)
    if not places and not visited:
        return  # an open record by itself: `settle` weighed it when it was written
    resettle(seen | set(betrayers(Occurrence, places)), visited | set(betrayers(Event, places)))


def _differs(old: dict[str, Any] | None, new: dict[str, Any]) -> bool:
    return old is None or any(old.get(name) != new.get(name) for name in TELLS)


def _guarded_places(label: str, versions: Sequence[dict[str, Any]]) -> list[Outing]:
    """The places and days of the versions that stood guarded, as they were and as they are."""
    guarded = [v for v in versions if v["disclosure"]]
    if label == Event._meta.label_lower:
        seen_there = occurrences([Q(event_id__in={v["id"] for v in guarded}, disclosure__gt=0)])
        of = {v["id"]: [s for s in seen_there if str(s["event_id"]) == v["id"]] for v in guarded}
        return [place for v in guarded for s in of[v["id"]] for place in places_of(s, v)]
    visits = {str(e["pk"]): e for e in events([Q(pk__in={v["event_id"] for v in guarded if v["event_id"]})])}
    return [place for v in guarded for place in places_of(v, visits.get(str(v["event_id"])))]


def resettle(seen: Iterable[UUID], visited: Iterable[UUID]) -> int:
    """These, their families and all that was seen in them stand as guarded as they must; how many rows moved."""
    moved = 0
    for model, guards in moves(seen, visited).items():
        for part in parts(list(guards)):
            with settling(), changing(model, part):
                rows = list(model._default_manager.filter(pk__in=part))
                carry(rows, guards)
                update_rows(model, SHOWN, ([r.pk, *(getattr(r, c) for c in SHOWN)] for r in rows))
            moved += len(part)
    return moved


@contextmanager
def settling() -> Iterator[None]:
    """What changes meanwhile changes because of this rule, and betrays nothing more."""
    mark = _settling.set(True)
    try:
        yield
    finally:
        _settling.reset(mark)


def daily_dataset(body: str) -> Dataset:
    """The dataset of what a body's people note from day to day; made when the first of it is written."""
    code = f"ghi-nhan-hang-ngay-{body or 'chung'}"
    known = Dataset.objects.filter(code=code, organisation=body).first()
    if known is not None:
        return known
    title = gettext_noop("Ghi nhận hằng ngày: %(body)s") % {
        "body": organisation_name(body) or gettext_noop("chương trình")
    }
    made: Dataset = create(
        REGISTERS["observations.dataset"], System(), Dataset(code=code, title=title, organisation=body)
    )
    return made


def derive(record: Any) -> None:
    """Columns that follow from others: the taxon's group, the day a list sorts by, the year."""
    if record.dataset_id is None:
        record.dataset = daily_dataset(record.organisation)
    if isinstance(record, Event) and not record.event_id:
        record.event_id = str(record.pk)
    if isinstance(record, Occurrence):
        if record.taxon is None and record.scientific_name:
            record.taxon_id = match([record.scientific_name], str(record.organisation or ""))[0].taxon_id
        record.taxon_group = record.taxon.taxon_group if record.taxon else record.taxon_group
        if not record.scientific_name and record.taxon:
            record.scientific_name = record.taxon.scientific_name
        if not record.occurrence_id:
            record.occurrence_id = str(record.pk)
        record.year = record.day_start.year if record.day_start else None
    record.sort_day = record.day_start.toordinal() if record.day_start else 0
    if record.day_start and not record.event_date:
        record.event_date = record.day_start.isoformat()
