"""Two persons verify a record of a priority species: the second is neither the first nor whoever sent it in."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from baoton.kit import office
from baoton.kit.access import Actor, System, person_of
from baoton.kit.models import ImportBatch
from baoton.kit.writing.refusal import NotNow
from baoton.observations.models import Occurrence, Status
from baoton.observations.queries import priority
from baoton.taxa.models import Taxon

SEEN_BY_FIRST = (
    "geom", "taxon_id", "scientific_name", "day_start", "day_end", "event_date", "individual_count",
    "occurrence_status", "basis_of_record", "recorded_by", "event_id",
)  # fmt: skip
"""What the first person looked at: it stays as it is until the second has looked."""
MENDED_LATER = {
    Status.ONCE: _lazy("Bản ghi đang chờ người thứ hai; đưa về chờ xác minh rồi mới sửa."),
    Status.DUPLICATE: _lazy("Bản ghi được ghi là trùng; bỏ ghi trùng rồi mới sửa."),
}


def since() -> date | None:
    """The day from which two persons are asked for; the first of all days where nobody said otherwise, None never."""
    told = office.told().get("two_verifiers_from")
    return date.min if told is None else date.fromisoformat(told) if told else None


def asked(taxon: Taxon | None) -> bool:
    """Whether a record of the taxon needs two persons today."""
    begins = since()
    return begins is not None and begins <= timezone.localdate() and priority(taxon)


def senders(record: Occurrence) -> set[str]:
    """The keys of the persons who brought the record in: by hand, or in a file."""
    if record.batch is None:
        return {record.reporter} - {""}
    of_batch = ImportBatch.objects.filter(pk=record.batch).values_list("actor_id", flat=True)
    return {record.reporter, *of_batch} - {""}


def count(actor: Actor, record: Occurrence, was: str) -> None:
    """The verdict of this person is counted: the first of two leaves the record waiting for the second.

    The programme itself verifies only what it simulates or tests, which no person reaches.
    """
    if isinstance(actor, System) or not asked(record.taxon):
        return
    who = person_of(actor)
    if was == Status.DRAFT or not record.first_verifier:
        if not who:
            raise NotNow(_("Loài ưu tiên phải do người có tài khoản riêng xác minh."))
        record.status = Status.ONCE
        record.first_verifier, record.first_verifier_name = who, actor.actor_name
        record.first_verified_on = timezone.localdate()
    elif why := barred(who, record):
        raise NotNow(why)


def barred(who: str, record: Occurrence) -> str:
    """Why this person may not be the second, or an empty text."""
    if not who or who == record.first_verifier:
        return _("Bạn đã xác minh lần một; loài ưu tiên cần một người khác xác minh lần hai.")
    if who in senders(record):
        return _("Bạn là người gửi bản ghi này; loài ưu tiên cần một người khác xác minh lần hai.")
    return ""


def clear(record: Occurrence) -> None:
    """Nobody has verified the record: whoever begins again is the first."""
    record.first_verifier = record.first_verifier_name = ""
    record.first_verified_on = None


def judge(actor: Actor, record: Occurrence, old: Mapping[str, Any] | None) -> None:
    """No write passes the two: however it came, a record of a priority species counts after both alone."""
    was = None if old is None else old["status"]
    if old is not None and was == record.status and was in MENDED_LATER:
        now = record.snapshot()
        if any(old[name] != now[name] for name in SEEN_BY_FIRST):
            raise ValidationError(str(MENDED_LATER[was]))
    if isinstance(actor, System) or record.status != Status.VERIFIED:
        return
    if old is not None and was == Status.VERIFIED:
        if str(record.taxon_id or "") != str(old["taxon_id"] or "") and asked(record.taxon):
            raise ValidationError(
                {"taxon": _("Đây là loài ưu tiên; đưa bản ghi về chờ xác minh rồi mới đổi loài.")}
            )
        return
    if was == Status.DUPLICATE:  # where it goes back to was written when it was told to be a twin
        return
    if asked(record.taxon) and (was != Status.ONCE or barred(person_of(actor), record)):
        raise ValidationError(_("Loài ưu tiên cần hai người xác minh."))


def done(record: Occurrence) -> str:
    """What a verdict did, for the message after it."""
    if record.status == Status.ONCE:
        return _("Đã ghi xác minh lần một; bản ghi được đếm khi người thứ hai xác minh")
    return _("Đã xác minh")


def told(actor: Actor, record: Occurrence) -> dict[str, Any]:
    """For the page and the desk: whether two persons are asked for, and who was the first, to whoever may verify."""
    if not actor.scopes("observations.occurrence.verify") or record.status not in (
        Status.DRAFT,
        Status.ONCE,
        Status.VERIFIED,
    ):
        return {}
    stored = Occurrence.objects.filter(pk=record.pk).first()
    if stored is None:
        return {}
    needs = record.status != Status.VERIFIED and asked(stored.taxon)
    return {
        "needs": needs, "first": stored.first_verifier_name, "on": stored.first_verified_on,
        "why": stored.status_reason if stored.status == Status.ONCE else "",
        "bar": barred(person_of(actor), stored) if stored.status == Status.ONCE else "",
    }  # fmt: skip
