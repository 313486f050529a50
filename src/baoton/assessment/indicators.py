"""How many species have a status, and how many of those a person adopted."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from baoton.plan.queries import Figure, distinct, indicator, tally

BOOK = "assessment.status"


@indicator(
    "assessment.computed", _("Loài đã tính tình trạng"), _("loài"), task=5, register=BOOK, section="survey"
)
def computed(year: int) -> Mapping[str, Figure]:
    """Species whose status was computed as of a day in the year."""
    return tally(BOOK, {"on": str(year)}, distinct, ("taxon_id",), by_area=False)


@indicator(
    "assessment.adopted",
    _("Loài đã thông qua tình trạng"),
    _("loài"),
    task=5,
    register=BOOK,
    section="survey",
)
def adopted(year: int) -> Mapping[str, Figure]:
    """Species whose status a person adopted."""
    return tally(BOOK, {"on": str(year), "status": "adopted"}, distinct, ("taxon_id",), by_area=False)
