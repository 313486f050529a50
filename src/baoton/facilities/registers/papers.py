"""The book of issued documents: each with its number and its frozen file."""

from django.utils.translation import gettext_lazy as _

from baoton.facilities.models import Document
from baoton.kit.kinds import Area, Choice, Day, Link, Text
from baoton.kit.reading.register import Register

document = Register(
    name="facilities.document",
    model=Document,
    label=_("Văn bản đã phát hành về cơ sở"),
    one=_("văn bản"),
    help=_("Mỗi dòng là một văn bản đã phát hành: số lấy từ sổ văn bản, tệp giữ nguyên theo mã băm."),
    order=("-day",),
    fields=(
        Choice("kind"),
        Text("number"),
        Day("day"),
        Link("facility", to="facilities.facility", by=("name",)),
        Link("application", to="facilities.application"),
        Link("inspection", to="facilities.inspection"),
        Link("campaign", to="facilities.campaign", by=("name",)),
        Text("paper"),
        Area("area_path"),
    ),
    show=("kind", "number", "day", "facility"),
    find=(
        ("kind", "kind"),
        ("when", "day"),
        ("facility", "facility"),
        ("application", "application"),
        ("inspection", "inspection"),
        ("campaign", "campaign"),
        ("area", "area_path"),
    ),
    verbs=(),
)
