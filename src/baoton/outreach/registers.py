"""The book of outreach sessions."""

from django.utils.translation import gettext_lazy as _

from baoton.kit.kinds import Area, Choice, Count, Day, Text
from baoton.kit.reading.register import Register
from baoton.outreach.models import Session
from baoton.plan.queries import serves

session = Register(
    name="outreach.session",
    model=Session,
    label=_("Buổi tuyên truyền"),
    one=_("buổi tuyên truyền"),
    help=_("Mỗi dòng là một buổi tuyên truyền ở một xã, phường: ngày, hình thức, số người dự."),
    order=("-day",),
    derive=serves("outreach"),
    verbs=("create", "edit", "withdraw", "import"),
    fields=(
        Text("title"),
        Choice("kind"),
        Day("day", today=True),
        Area("area_path", required=True),
        Text("village"),
        Text("language"),
        Count("participants"),
        Count("women"),
        Count("materials"),
    ),
    show=("title", "kind", "day", "area_path", "participants", "women"),
    find=("kind", ("area", "area_path"), ("when", "day", _("thời gian"))),
)
