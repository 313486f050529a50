"""What facilities tell the plan: codes, births and deaths in their books, visits, notices, findings."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from baoton.plan.queries import Indicator, Sum, tell

ASK: Any = {"about": "species_habitats", "section": "facilities_enforcement"}
ENTRY = "facilities.entry"

tell(
    Indicator("facilities.codes", _("Mã số cơ sở cấp trong năm"), _("mã số"), "facilities.code", **ASK),
    Indicator(
        "facilities.born", _("Cá thể sinh ra, nhân giống ghi trong sổ"), _("cá thể"), ENTRY,
        where={"movement": "born", "standing": "1"}, measure=Sum("amount"), **ASK,
    ),
    Indicator(
        "facilities.died", _("Lần ghi cá thể chết trong sổ"), _("lần"), ENTRY,
        where={"movement": "died", "standing": "1"}, **ASK,
    ),
    Indicator(
        "facilities.inspections", _("Cuộc kiểm tra cơ sở đã xong"), _("cuộc"), "facilities.inspection",
        where={"status": "finished"}, **ASK,
    ),
    Indicator(
        "facilities.findings_closed", _("Tồn tại đã khắc phục"), _("tồn tại"), "facilities.finding", "due",
        {"status": "closed"}, **ASK,
    ),
    Indicator("facilities.notices", _("Lần báo nuôi động vật rừng thông thường"), _("lần"), "facilities.notice", **ASK),
)  # fmt: skip
