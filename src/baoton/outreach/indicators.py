"""What the communes' outreach amounts to in a year."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baoton.outreach.queries import of_villages, share_reached
from baoton.plan.queries import Distinct, Grouped, Indicator, Sum, tell

ASK: Any = {"register": "outreach.session", "about": "outreach", "section": "communication"}

tell(
    Indicator("outreach.sessions", _("Buổi tuyên truyền"), _("buổi"), **ASK),
    Indicator(
        "outreach.participants", _("Lượt người dự"), _("lượt người"), measure=Sum("participants"), **ASK
    ),
    Indicator("outreach.women", _("Trong đó nữ"), _("lượt người"), measure=Sum("women"), **ASK),
    Indicator("outreach.materials", _("Tài liệu đã phát"), _("bản"), measure=Sum("materials"), **ASK),
    Indicator(
        "outreach.languages",
        _("Thứ tiếng đã dùng khi tuyên truyền"),
        pgettext_lazy("đơn vị tính", "thứ tiếng"),
        measure=Distinct("language"),
        by_area=False,
        **ASK,
    ),
    Indicator(
        "outreach.communes",
        _("Xã, phường có tuyên truyền"),
        pgettext_lazy("đơn vị tính", "xã, phường"),
        measure=Distinct("area_path"),
        by_area=False,
        **ASK,
    ),
    Indicator(
        "outreach.villages",
        _("Bản, tổ dân phố có tuyên truyền"),
        pgettext_lazy("đơn vị tính", "bản, tổ dân phố"),
        measure=Distinct("settlement_id"),
        by_area=False,
        **ASK,
    ),
    Indicator(
        "outreach.reached",
        _("Phần bản, tổ dân phố có tuyên truyền trong năm"),
        "%",
        measure=Grouped(
            ("settlement_id",), of_villages, share_reached, "bản có buổi / bản trong danh sách v1"
        ),
        by_area=False,
        **ASK,
    ),
    Indicator(
        "outreach.pledges",
        _("Cam kết đã ký"),
        _("bản"),
        measure=Sum("number"),
        **(ASK | {"register": "outreach.pledge"}),
    ),
    Indicator(
        "outreach.handed",
        _("Tài liệu phát ra từ kho"),
        _("bản"),
        measure=Sum("handed"),
        where={"what": "handed"},
        **(ASK | {"register": "outreach.handout"}),
    ),
)
