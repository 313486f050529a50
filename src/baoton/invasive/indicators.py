"""How much ground invasive species hold, and how much of it was treated in a year."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baoton.plan.queries import Indicator, Sum, tell

ASK: Any = {"about": "biodiversity", "section": "biodiversity"}
STANDS: Any = {"standing": True, "until": "ended"}

tell(
    Indicator(
        "invasive.infested", _("Diện tích đang có loài ngoại lai xâm hại"), _("ha"), "invasive.site", "there",
        measure=Sum("m2", per=10_000), **STANDS, **ASK,
    ),
    Indicator(
        "invasive.sites", _("Điểm đang có loài ngoại lai xâm hại"), pgettext_lazy("đơn vị tính", "điểm"),
        "invasive.site", "there",
        **STANDS, **ASK,
    ),
    Indicator(
        "invasive.treated", _("Diện tích đã xử lý loài ngoại lai xâm hại"), _("ha"), "invasive.treatment",
        measure=Sum("m2", per=10_000), **ASK,
    ),
)  # fmt: skip
