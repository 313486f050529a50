"""What restocking amounts to in a year."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baoton.plan.queries import Indicator, Sum, tell

ASK: Any = {"about": "biodiversity", "section": "biodiversity", "where": {"status": "done"}}

tell(
    Indicator(
        "waters.fish", _("Số cá đã thả bổ sung"), pgettext_lazy("đơn vị tính", "con giống"), "waters.release", "done",
        measure=Sum("count"), **ASK,
    ),
    Indicator(
        "waters.releases", _("Đợt thả cá bổ sung"),
        pgettext_lazy("đơn vị tính", "đợt thả"), "waters.release", "done", **ASK,
    ),
)  # fmt: skip
