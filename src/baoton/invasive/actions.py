"""What follows from a survey or a treatment; a site is eradicated only after enough clean surveys."""

from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.invasive import queries
from baoton.invasive.models import Site, Survey, Treatment
from baoton.kit.access import Actor
from baoton.kit.writing.outbox import changing, followed_by
from baoton.places import queries as places

S = Site.Status


def _come(record: Any) -> None:
    if record.day and record.day > timezone.localdate():
        raise ValidationError({"day": _("Ngày này chưa đến.")})


def derive_site(record: Site) -> None:
    """A drawn site has its area; it counts in whole square metres."""
    _come(record)
    shape = record.outline
    if record.hectares is None and shape is not None and "Polygon" in shape.geom_type:
        record.hectares = round(places.measure(shape) / 10_000, 4)
    _measure(record)


def _measure(record: Site) -> None:
    ha = queries.measured(record)
    record.m2 = None if ha is None else round(ha * 10_000)


def derive_survey(record: Survey) -> None:
    """A survey of a site is of its species and lies where it lies."""
    _come(record)
    if record.taxon_id is None and record.site is not None:
        record.taxon = record.site.taxon
    if record.taxon_id is None:
        raise ValidationError({"taxon": _("Ghi loài đã tìm, hoặc chọn điểm có loài.")})
    if record.site is not None:
        if record.taxon_id != record.site.taxon_id:
            raise ValidationError({"site": _("Điểm này là của loài khác; chọn điểm của loài đã tìm.")})
        if record.day and record.day < record.site.day:
            raise ValidationError({"day": _("Điều tra không thể trước ngày thấy loài lần đầu ở điểm.")})
        if record.geom is None and record.site.geom is not None:
            record.put(shapely.from_wkb(bytes(record.site.geom)))
        record.area_path = record.area_path or record.site.area_path


def derive_treatment(record: Treatment) -> None:
    """A treatment is of a site that stands, not larger than it where its ground was measured."""
    _come(record)
    record.m2 = None if record.hectares is None else round(record.hectares * 10_000)
    if record.site_id is None:
        return
    record.area_path = record.site.area_path
    if record.day and record.day < record.site.day:
        raise ValidationError({"day": _("Xử lý không thể trước ngày thấy loài lần đầu ở điểm.")})


def eradicate(actor: Actor, record: Site, answers: Mapping[str, Any]) -> None:
    """The site counts no more from today on."""
    record.ended = timezone.localdate()


def found_again(actor: Actor, record: Site, answers: Mapping[str, Any]) -> None:
    """The species is back."""
    record.ended = None


@followed_by
def follow(label: str, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> None:
    """A find at an eradicated site makes it stand again; a site has the area measured last: in one transaction."""
    if label != Survey._meta.label_lower:
        return
    found = [r for r in after if r["withdrawn"] is None and r["found"] == Survey.Found.YES]
    back = {str(r["site_id"]): str(r["day"]) for r in found if r["site_id"]}
    touched = {str(r["site_id"]) for r in (*before, *after) if r["site_id"]}
    rows = Site.objects.filter(withdrawn__isnull=True)
    for site in rows.filter(pk__in=touched) if before or after else rows:
        was = (site.m2, site.status)
        _measure(site)
        if site.status == S.ERADICATED and site.ended and back.get(str(site.pk), "") >= f"{site.ended}":
            site.status, site.ended = S.PRESENT, None
        if (site.m2, site.status) != was:
            site.revision += 1
            with changing(Site, [site.pk]):
                site.save(update_fields=["m2", "status", "ended", "revision"])
