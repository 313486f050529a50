"""What cases tell the plan."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from baoton.plan.queries import Indicator, Sum, tell

ASK: Any = {"about": "species_habitats", "section": "facilities_enforcement"}
CASE = "enforcement.case"

tell(
    Indicator("enforcement.cases", _("Vụ vi phạm đã mở hồ sơ"), _("vụ"), CASE, "opened", **ASK),
    Indicator("enforcement.decided", _("Vụ đã ra quyết định xử phạt"), _("vụ"), CASE, "decided", **ASK),
    Indicator(
        "enforcement.fines", _("Tiền phạt đã quyết định"), _("đồng"), CASE, "decided", measure=Sum("fine"), **ASK
    ),
    Indicator(
        "enforcement.paid", _("Tiền phạt đã nộp, tính vào năm nộp gần nhất"), _("đồng"), CASE, "paid",
        measure=Sum("paid"), **ASK,
    ),
    Indicator("enforcement.transfers", _("Vụ chuyển cơ quan điều tra"), _("vụ"), CASE, "sent", **ASK),
)  # fmt: skip
