"""The steps of a paper on its way out: what it is made from, who approves, its number; the figures stay those made."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.kit import blobs
from baoton.kit.access import Actor
from baoton.kit.models import AuditEvent
from baoton.kit.paper.paper import WORD
from baoton.kit.writing.refusal import NotNow
from baoton.kit.writing.serial import number_of
from baoton.places.queries import province_path
from baoton.reporting import queries
from baoton.reporting.issuing.stamping import stamped
from baoton.reporting.models import Outgoing, Report
from baoton.reporting.scopes.editions import edition, editions
from baoton.reporting.scopes.scope import scope_of


def reports() -> Iterable[tuple[str, str]]:
    """The reports that were made, newest first, by name and hour."""
    rows = Report.objects.order_by("-made")
    return [(str(r.pk), f"{scope_of(r).name}, {timezone.localtime(r.made):%d/%m/%Y %H:%M}") for r in rows]


def kinds() -> Iterable[tuple[str, str]]:
    """The editions by key."""
    return [("whole", _("bản đầy đủ")), *((one.key, one.name) for one in editions().values())]


def report_of(record: Outgoing) -> Report | None:
    """The report it was made from."""
    try:
        return Report.objects.filter(pk=UUID(record.made_from)).first()
    except ValueError:
        return None


def key(record: Outgoing) -> str:
    return "" if record.edition == "whole" else record.edition


def derive(record: Outgoing) -> None:
    """Until it is issued its paper is the file that was made with the report."""
    report = report_of(record)
    if report is None:
        raise ValidationError({"made_from": _("Không có báo cáo này.")})
    made = report.docx_sha256 if not key(record) else report.editions.get(key(record), {}).get("docx", "")
    if not made:
        told = _("Báo cáo này chưa lập bản “%(edition)s”: lập lại báo cáo, đánh dấu bản ấy rồi trình.")
        raise ValidationError({"edition": told % {"edition": edition(key(record)).name}})
    record.organisation = record.organisation or queries.lead()
    record.area_path = province_path()
    if record.status != Outgoing.Status.ISSUED:
        record.paper = made


def present(actor: Actor, record: Outgoing, said: Mapping[str, Any]) -> None:
    """Whoever presents it is written down: he does not approve it."""
    record.presented_by, record.returned_why = actor.actor_name, ""


def approve(actor: Actor, record: Outgoing, said: Mapping[str, Any]) -> None:
    """Another person than the one who presented it, whatever either is called."""
    log = AuditEvent.objects.filter(object_id=record.pk, verb="reporting.outgoing.present")
    if actor.actor_id in log.order_by("-at").values_list("actor_id", flat=True)[:1]:
        raise NotNow(_("Người trình không tự duyệt; người khác xem và duyệt."))
    record.approved_by, record.approved_on = actor.actor_name, timezone.localdate()


def issue(actor: Actor, record: Outgoing, said: Mapping[str, Any]) -> None:
    """Number and day stand on the paper, which never changes again; a number given by another registry is kept."""
    on = said.get("issued_on") or timezone.localdate()
    if on > timezone.localdate():
        raise ValidationError({"issued_on": _("Ngày ban hành ở tương lai: ghi ngày đã ký.")})
    record.issued_on = on
    body = edition(key(record)).signs
    record.number = str(said.get("number") or "").strip() or number_of("BC", body, record, on)
    if not blobs.intact(record.paper):
        raise NotNow(_("Bản Word của báo cáo đã mất hoặc không còn nguyên vẹn: lập lại báo cáo rồi trình."))
    word = blobs.path_of(record.paper).read_bytes()
    record.paper = blobs.store([stamped(word, record.number, on)], WORD).sha256


def stay(records: Iterable[Outgoing]) -> None:
    """What was issued stands: it is not withdrawn either."""
    if any(one.withdrawn is not None and one.status == Outgoing.Status.ISSUED for one in records):
        raise NotNow(
            _("Báo cáo đã phát hành nên giữ nguyên; cần sửa thì lập báo cáo mới và phát hành bản khác.")
        )


def told(actor: Actor, record: Outgoing) -> Mapping[str, Any]:
    """What the record's page shows beside its fields: the report it was made from."""
    report = report_of(record)
    return {"report": report, "name": scope_of(report).name if report else ""}
