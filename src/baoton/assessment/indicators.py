"""How many species have a status, and how many of those a person adopted."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from baoton.plan.queries import Distinct, Indicator, tell

ASK: Any = {
    "register": "assessment.status",
    "when": "on",
    "measure": Distinct("taxon_id"),
    "about": "survey",
    "by_area": False,
    "yearly": True,
    "section": "survey",
}

tell(
    Indicator("assessment.computed", _("Loài đã tính tình trạng"), _("loài"), **ASK),
    Indicator(
        "assessment.adopted", _("Loài đã thông qua tình trạng"), _("loài"), where={"status": "adopted"}, **ASK
    ),
)
