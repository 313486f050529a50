"""Doubts about where it was, and what is worth knowing of its place."""

from django.utils.translation import gettext as _

from baoton.observations.doubts.known import once
from baoton.observations.models import Occurrence
from baoton.observations.queries import check, note, verified


@check
def no_place(record: Occurrence) -> str:
    """A record without a place cannot count for a commune."""
    return "" if record.geom or record.area_path else _("chưa có toạ độ, chưa biết xã")


@check
def coarse_place(record: Occurrence) -> str:
    """A position less sure than 5 km says little about a commune."""
    far = record.coordinate_uncertainty_m
    if far is not None and far > 5000:
        return _("sai số toạ độ %(far)s m, lớn hơn 5 km") % {"far": round(far)}
    return ""


@note
def first_in_commune(record: Occurrence) -> str:
    """No open verified record of the species stands in the commune; of a guarded one nothing is told."""
    taxon = record.taxon
    if taxon is None or taxon.sensitivity or record.disclosure or record.area_path.count("/") != 1:
        return ""
    known = verified().filter(taxon=taxon, area_path=record.area_path, disclosure=0).exclude(pk=record.pk)
    met = once(("commune", taxon.pk, record.area_path), known.exists)
    return "" if met else _("lần đầu loài này được ghi nhận ở xã")
