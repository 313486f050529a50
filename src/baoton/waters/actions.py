"""A release is approved once its species was looked at, and done with who saw it."""

from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.kit.access import Actor
from baoton.kit.writing.refusal import NotNow
from baoton.places import queries as places
from baoton.taxa.queries import levels_of
from baoton.waters.models import Body, Check, Ground, Release
from baoton.waters.queries import Verdict, coded, verdict


def judged(record: Release) -> Verdict:
    """What the lists say of the release on its day."""
    on = record.day or record.planned
    if record.water is None:
        return Verdict([], [], [])
    return verdict(record.taxon, record.water, on, coded(record.facility, on))


def forbidden(record: Release) -> str:
    """Why the release cannot be approved, with the article; empty where a person may decide."""
    return " ".join(judged(record).refused)


def approve(actor: Actor, record: Release, answers: Mapping[str, Any]) -> None:
    """What the lists ask has its reason."""
    asked = judged(record).asked
    if asked and not record.despite:
        told = _("Hãy ghi lý do nếu vẫn duyệt: %(asked)s")
        raise ValidationError({"despite": told % {"asked": " ".join(asked)}})


def carry_out(actor: Actor, record: Release, answers: Mapping[str, Any]) -> None:
    """Fish are let go on a day that has come, with the paper of quarantine, as the lists of that day allow."""
    on = answers["on"]
    if on > timezone.localdate():
        raise ValidationError({"on": _("Ngày này chưa đến.")})
    if not record.quarantine and record.quarantine_paper_id is None:
        raise NotNow(_("Chưa có giấy kiểm dịch: sửa đợt thả, ghi số giấy hoặc đính kèm tệp."))
    record.day = on
    if why := forbidden(record):
        raise NotNow(why)


def derive_body(record: Body) -> None:
    """Area of a polygon, length of a line."""
    shape = record.outline
    kind = "" if shape is None else shape.geom_type
    size = 0.0 if shape is None else places.measure(shape)
    record.hectares = round(size / 10_000, 4) if "Polygon" in kind else None
    record.km = round(size / 1000, 3) if "Line" in kind else None


def derive_ground(record: Ground) -> None:
    """A ground without a place of its own lies where its water lies."""
    if record.geom is None and record.water_id:
        record.area_path = record.area_path or record.water.area_path


def derive_release(record: Release) -> None:
    """The release stands at its own point, else in the commune of its water."""
    if record.geom is None and record.water is not None and record.water.geom is not None:
        record.put(shapely.from_wkb(bytes(record.water.geom)).representative_point())
    if record.geom is None and record.water is not None:
        record.area_path = record.area_path or record.water.area_path


def settle_releases(records: Sequence[Release]) -> None:
    """A release of a guarded species is as guarded as the species."""
    places.settle(records, levels_of([(r.taxon_id, []) for r in records], [r.organisation for r in records]))


def derive_check(record: Check) -> None:
    """A look comes after the fish were let go, on a day that has come."""
    if record.release_id:
        record.area_path = record.release.shown_area_path  # a look tells no more than the release does
        if record.day and record.release.day and record.day < record.release.day:
            raise ValidationError({"day": _("Kiểm tra không thể trước ngày thả.")})
        if record.release.day is None:
            raise ValidationError({"release": _("Đợt này chưa thả nên chưa có gì để kiểm tra.")})
    if record.day and record.day > timezone.localdate():
        raise ValidationError({"day": _("Ngày này chưa đến.")})
    if record.caught is None and record.looked is None:
        raise ValidationError(
            {"caught": _("Ghi số con bắt được và số giờ, hoặc số con theo dõi và còn sống.")}
        )
