"""Doubts about the time of the year: a species that is known well is known by its months."""

from django.utils.translation import gettext as _

from baoton.observations.doubts.known import of_species, once, spanned
from baoton.observations.migrating import written_months
from baoton.observations.models import Occurrence
from baoton.observations.queries import check

ENOUGH = 30
"""Fewer verified records than these say nothing of the months in which a species is away."""


@check
def out_of_season(record: Occurrence) -> str:
    """Neither in this month nor in those beside it was the species met before."""
    if record.taxon_id is None or record.day_start is None or record.occurrence_status == "absent":
        return ""
    known, months = of_species(record.taxon_id), spanned(record.day_start, record.day_end)
    if known.dated < ENOUGH or not months:
        return ""
    written = once(("written", record.taxon_id), lambda: written_months(record.taxon_id))
    if _near(known.months | written, months):
        return ""
    if not known.whole:
        known = of_species(record.taxon_id, whole=True)
        if _near(known.months, months):
            return ""
    told = ", ".join(str(m) for m in sorted(known.months))
    return _("chưa từng gặp vào tháng %(month)d; %(n)d ghi nhận đã xác minh ở các tháng %(months)s") % {
        "month": min(months), "n": known.dated, "months": told,
    }  # fmt: skip


def _near(times: frozenset[int], months: frozenset[int]) -> bool:
    return bool(months & {(m + step - 1) % 12 + 1 for m in times for step in (-1, 0, 1)})
