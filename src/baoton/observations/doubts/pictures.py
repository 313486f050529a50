"""Doubts that the photos of a record tell, and what is worth knowing of them."""

from django.utils.translation import gettext as _
from pyproj import Geod

from baoton.kit.kinds.words import as_text
from baoton.observations.doubts.known import once, photos
from baoton.observations.models import Occurrence
from baoton.observations.queries import check, note, priority

FAR_M, DAYS = 1_000.0, 1
EARTH = Geod(ellps="WGS84")


@check
def taken_elsewhere(record: Occurrence) -> str:
    """A photo was taken farther from the record's place than both could err; nothing is told to who sees no place."""
    if record.masked or record.lon is None or record.lat is None:
        return ""
    may_err = max(FAR_M, record.coordinate_uncertainty_m or 0.0)
    for one in photos(record):
        if one.lon is not None and one.lat is not None:
            far = EARTH.inv(record.lon, record.lat, one.lon, one.lat)[2]
            if far > may_err:
                return _("ảnh “%(title)s” chụp cách vị trí ghi nhận %(m)d m") % {
                    "title": one.title,
                    "m": round(far),
                }
    return ""


@check
def taken_another_day(record: Occurrence) -> str:
    """A photo was taken on a day that is not the record's."""
    if record.day_start is None:
        return ""
    last = record.day_end or record.day_start
    for one in photos(record):
        day = one.taken.date() if one.taken else None
        if day and not -DAYS <= (day - record.day_start).days <= (last - record.day_start).days + DAYS:
            told = {"title": one.title, "a": as_text(day), "b": as_text(record.day_start)}
            return _("ảnh “%(title)s” chụp ngày %(a)s, ghi nhận ngày %(b)s") % told
    return ""


@note
def nothing_to_look_at(record: Occurrence) -> str:
    """A priority species without a photo rests on its observer's word."""
    taxon = record.taxon
    if taxon is None or not once(("priority", taxon.pk), lambda: priority(taxon)):
        return ""
    found = photos(record)
    if not found:
        return _("loài ưu tiên mà không có ảnh")
    return "" if any(one.taken for one in found) else _("ảnh không có giờ chụp để đối chiếu")
