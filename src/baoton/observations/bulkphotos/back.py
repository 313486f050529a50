"""A whole zip of photos taken back: its photos, the drafts it made that nobody touched; what stays is told with why."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.files.actions import take_back as take_photo_back
from baoton.files.models import Evidence
from baoton.files.queries import of_record
from baoton.kit import jobs
from baoton.kit.access import Actor
from baoton.kit.models import AuditEvent
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.observations.bulkphotos import Line, V, entries
from baoton.observations.models import Occurrence, Status

JUDGED = (f"{V}.verify", f"{V}.refuse")
Spans = Sequence[tuple[datetime, datetime]]
"""When the zip was being written: what the same person attached by hand at another time is none of it."""


def take_back(
    actor: Actor, path: Path, spans: Spans, progress: jobs.Progress | None = None
) -> list[dict[str, Any]]:
    """What became of each photo that the zip attached; asked again, nothing of it stands and nothing happens."""
    step, told = progress or jobs.Progress(), list[Line]()
    names: dict[str, str] = {}
    for name, data in entries(path):
        if data is not None:
            names.setdefault(hashlib.sha256(data).hexdigest(), name)
    of: dict[UUID, list[Evidence]] = defaultdict(list)
    keys = list(names)
    for start in range(0, len(keys), 500):
        standing = Evidence.objects.filter(
            sha256__in=keys[start : start + 500], about_type=Occurrence._meta.label_lower, withdrawn__isnull=True
        )  # fmt: skip
        for one in standing.order_by("pk"):
            if one.about_id and _born(actor, one.pk, "files.evidence.create", spans):
                of[one.about_id].append(one)
    for n, (key, photos) in enumerate(of.items(), 1):
        step(n, len(of), names[photos[0].sha256][:200])
        told += _record(actor, key, photos, names, spans)
    return [asdict(line) for line in told]


def _born(actor: Actor, key: Any, verb: str, spans: Spans) -> datetime | None:
    """When the actor made the row, if that was while the zip was written."""
    made = AuditEvent.objects.filter(object_id=key, verb=verb, actor_id=actor.actor_id).order_by("at").first()
    return made.at if made and any(a <= made.at <= b for a, b in spans) else None


def _record(
    actor: Actor, key: UUID, photos: Sequence[Evidence], names: dict[str, str], spans: Spans
) -> list[Line]:
    """The photos of one record are taken back, and the record with them where the zip made it; or all of it stays."""
    record = Occurrence.objects.get(pk=key)
    made = _born(actor, key, f"{V}.create", spans) is not None
    why = _why_not(record, photos, made)
    if not why:
        note = _("lấy lại cả tệp ảnh")
        try:
            with transaction.atomic():
                for one in photos:
                    take_photo_back(actor, one, note)
                if made and record.withdrawn is None:
                    write.withdraw(REGISTERS[V], actor, record, note)
        except ValidationError as error:
            why = "; ".join(error.messages)
        except (PermissionDenied, NotNow) as error:
            why = str(error)
    outcome = "stays" if why else "gone" if made else "loose"
    shown = "" if outcome == "gone" else str(key)
    return [Line(names[one.sha256], outcome, why, shown, str(record)) for one in photos]


def _why_not(record: Occurrence, photos: Sequence[Evidence], made: bool) -> str:
    """Why the photos must stay: somebody judged the record with them before him, or worked on the draft."""
    since = min(
        AuditEvent.objects.filter(object_id__in=[p.pk for p in photos]).values_list("at", flat=True),
        default=timezone.now(),
    )
    judged = (
        AuditEvent.objects.filter(object_id=record.pk, verb__in=JUDGED, at__gte=since).order_by("-at").first()
    )
    if judged is not None:
        day = timezone.localtime(judged.at)
        if judged.verb == JUDGED[0]:
            return _("%(who)s đã xác minh ghi nhận ngày %(day)s, khi đã có ảnh này") % {
                "who": judged.actor_name, "day": f"{day:%d/%m/%Y}",
            }  # fmt: skip
        return _("%(who)s đã xét ghi nhận ngày %(day)s, khi đã có ảnh này") % {
            "who": judged.actor_name, "day": f"{day:%d/%m/%Y}",
        }  # fmt: skip
    if not made or record.withdrawn is not None:
        return ""
    if record.status != Status.DRAFT or record.revision > 1:
        return _("ghi nhận nháp đã có người sửa từ đó")
    if of_record(record).exclude(pk__in=[p.pk for p in photos]).exists():
        return _("ghi nhận nháp đã được gắn thêm minh chứng khác")
    return ""
