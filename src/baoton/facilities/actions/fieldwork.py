"""What a team writes down on the spot: each point of the checklist, what was counted, what must be mended, photos."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import rulebook
from baoton.facilities.models import Finding, Inspection
from baoton.files.actions import keeping
from baoton.kit.access import Actor
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from rulebook.errors import RulebookError

STATES = ("yes", "no", "none")
TO_MEND = 30


def points_of(visit: Inspection) -> tuple[Any, list[str]]:
    """The rulebook's checklist for the kind of facility on the day of the visit; none where it has none."""
    try:
        told = rulebook.param_value("facility.inspection_points", on=visit.day)
    except RulebookError:
        return None, []
    return told, list((told.value or {}).get(visit.facility.kind, []))


def note(
    actor: Actor,
    visit: Inspection,
    points: Mapping[str, Mapping[str, str]],
    counts: Mapping[str, str],
    findings: Sequence[tuple[str, date | None]] = (),
    photos: Sequence[Any] = (),
) -> int:
    """Everything stands or nothing; how many things changed. `counts` are by key of the row, empty ones unchanged.

    Raises `ValidationError` where a point or a state is none of the checklist's or a number cannot be read.
    """
    _source, known = points_of(visit)
    for what, said in points.items():
        if what not in known or said.get("state") not in STATES:
            raise ValidationError(_("Nội dung “%(what)s” không có trong danh mục kiểm tra.") % {"what": what})
    if visit.status != Inspection.Status.STARTED:
        raise ValidationError(_("Chỉ ghi khi cuộc kiểm tra đang diễn ra."))
    changed = 0
    with transaction.atomic():
        fresh = {**visit.points, **{k: dict(v) for k, v in points.items()}}
        if fresh != visit.points:
            book = REGISTERS["facilities.inspection"]
            ordered = {k: fresh[k] for k in dict.fromkeys([*known, *fresh]) if k in fresh}
            visit = write.write(
                book, actor, "edit", visit, lambda standing: setattr(standing, "points", ordered)
            )
            changed += 1
        changed += _counts(actor, visit, counts)
        for what, due in findings:
            one = Finding(
                inspection=visit, what=what, due=due or timezone.localdate() + timedelta(TO_MEND),
                organisation=visit.organisation,
            )  # fmt: skip
            write.create(REGISTERS["facilities.finding"], actor, one)
            changed += 1
        if photos:
            keeping()(actor, visit, photos)
            changed += len(photos)
    return changed


def _counts(actor: Actor, visit: Inspection, counts: Mapping[str, str]) -> int:
    book, changed = REGISTERS["facilities.counted"], 0
    kind = book.field("counted")
    for row in visit.counts.select_related("stock__taxon", "stock__facility"):
        written = counts.get(str(row.pk), "").strip()
        if not written or kind is None:
            continue
        value = kind.cell(written, actor)
        if value != row.counted:
            write.edit(book, actor, row, {"counted": value})
            changed += 1
    return changed
