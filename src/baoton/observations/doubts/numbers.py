"""Doubts about how many there were."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from baoton.observations.models import Occurrence
from baoton.observations.queries import check
from baoton.taxa.models import Group

MOST: Mapping[str, int] = {
    Group.MAMMAL: 500, Group.BIRD: 5_000, Group.REPTILE: 200, Group.AMPHIBIAN: 1_000,
}  # fmt: skip
"""More than this in one encounter is looked at again; it may be right (a cave of bats), so it is no error."""


@check
def too_many(record: Occurrence) -> str:
    """So many at once is seldom met."""
    most, told = MOST.get(record.taxon_group), record.individual_count
    if most is None or told is None or told <= most:
        return ""
    return _("%(n)d cá thể trong một lần gặp, hơn %(most)d là hiếm có với nhóm này") % {
        "n": told,
        "most": most,
    }


@check
def none_and_present(record: Occurrence) -> str:
    """Present, and none of them."""
    if record.individual_count == 0 and record.occurrence_status == Occurrence.Presence.PRESENT:
        return _("ghi có mặt mà số cá thể là 0")
    return ""
