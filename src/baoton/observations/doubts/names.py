"""Doubts about what species it was."""

from django.utils.translation import gettext as _

from baoton.observations.models import Occurrence
from baoton.observations.queries import check


@check
def unknown_name(record: Occurrence) -> str:
    """The written name matches nothing in the list of taxa."""
    if record.taxon_id is None:
        return _("tên “%(name)s” chưa khớp với loài nào trong danh lục") % {"name": record.scientific_name}
    return ""
