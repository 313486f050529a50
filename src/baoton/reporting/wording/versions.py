"""The versions of the template: taken after a look, in force from a day, never changed; old reports keep theirs."""

import io
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from docxtpl import DocxTemplate

from baoton.kit import blobs
from baoton.kit.access import Actor, require
from baoton.kit.paper.sandbox import Sandbox
from baoton.kit.writing import audit
from baoton.kit.writing.verb import declare
from baoton.reporting.communes import Communes
from baoton.reporting.models import Wording
from baoton.reporting.periods import Period
from baoton.reporting.word import template, yearly
from baoton.reporting.word.given import Yearly
from baoton.reporting.wording.checking import faults

EDIT = "reporting.template.edit"
declare(EDIT, gettext_lazy("sửa mẫu Word của báo cáo"))
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def take(actor: Actor, name: str, held: bytes, since: date, note: str = "") -> Wording:
    """The file is a version of the template from that day on; `ValidationError` tells everything wrong with it."""
    require(actor, EDIT)
    wrong = faults(name, held)
    if since < timezone.localdate():
        wrong.append(_("Ngày áp dụng không được trước hôm nay: báo cáo đã lập giữ mẫu của nó."))
    if wrong or (wrong := _unfilled(held)):
        raise ValidationError(wrong)
    with transaction.atomic():
        made = Wording.objects.create(
            name=name[:200], sha256=blobs.store([held], WORD).sha256, since=since, note=note[:300],
            uploaded_by=actor.actor_name,
        )  # fmt: skip
        audit.write(
            actor, EDIT, register="reporting.template", object_id=made.pk, object_name=made.name,
            new={"sha256": made.sha256, "since": since.isoformat(), "note": made.note},
        )  # fmt: skip
    return made


def in_force(on: date) -> Wording | None:
    """The version of a day: the one that came into force last, of one day the one taken last."""
    return Wording.objects.filter(since__lte=on).order_by("-since", "-uploaded", "-id").first()


def fitting(given: Yearly) -> tuple[Wording | None, bytes]:
    """The template that words this report: the one in force, unless it lacks what such a report needs; then ours."""
    version = in_force(given.on)
    held, needs = bytes_of(version), yearly.needed(given)
    if needs and needs - DocxTemplate(io.BytesIO(held)).get_undeclared_template_variables(
        jinja_env=Sandbox()
    ):
        return None, template.made()
    return version, held


def bytes_of(version: Wording | None) -> bytes:
    """The template's file; without a version the one in the data folder, else the one made here."""
    if version is None:
        return yearly.template_bytes()
    if not blobs.intact(version.sha256):
        raise ValueError(f"mẫu báo cáo “{version.name}” đã mất hoặc không còn nguyên vẹn: tải lại mẫu lên")
    return Path(blobs.path_of(version.sha256)).read_bytes()


def _unfilled(held: bytes) -> list[str]:
    """Why the template cannot be filled, tried with a report of nothing."""
    today = timezone.localdate()
    empty: Any = Communes([], [], {})
    given = Yearly(Period(today.year), today, [], empty, [], "0" * 64, False, "…", "http://localhost")
    with tempfile.TemporaryDirectory(prefix="baoton-") as folder:
        try:
            yearly.write(given, Path(folder) / "thu.docx", held)
        except Exception as error:  # whatever a stranger's file makes the libraries raise, it is not taken
            return [_("Mẫu không điền được: %(why)s.") % {"why": str(error)[:200]}]
    return []


def read_upload(upload: Any) -> bytes:
    """The bytes of what was sent, not more than a template may have."""
    held = io.BytesIO()
    for chunk in upload.chunks():
        held.write(chunk)
        if held.tell() > 11 << 20:
            break
    return held.getvalue()
