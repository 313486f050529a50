"""Doubts about when it was."""

from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.kit.kinds.words import as_text
from baoton.observations.models import Occurrence
from baoton.observations.queries import check


@check
def to_come(record: Occurrence) -> str:
    """Nothing has been seen on a day to come."""
    if record.day_start and record.day_start > timezone.localdate():
        return _("ngày %(day)s chưa đến") % {"day": as_text(record.day_start)}
    return ""
