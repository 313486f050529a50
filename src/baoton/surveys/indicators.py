"""What surveys tell the plan."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baoton.plan.queries import Distinct, Indicator, tell

ASK: Any = {"register": "surveys.visit", "about": "survey", "section": "survey"}

tell(
    Indicator("surveys.visits", _("Lượt điều tra đã làm"), pgettext_lazy("đơn vị tính", "lượt"), **ASK),
    Indicator(
        "surveys.contracts",
        _("Hợp đồng điều tra của các chiến dịch mở trong năm"),
        _("hợp đồng"),
        "surveys.campaign",
        measure=Distinct("contract"),
        about="survey",
        section="survey",
    ),
    Indicator(
        "surveys.sites", _("Điểm điều tra đã đến trong năm"), _("điểm"), measure=Distinct("site_id"), **ASK
    ),
)
