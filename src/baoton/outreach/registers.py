"""The book of outreach sessions."""

from django.utils.translation import gettext_lazy as _

from baoton.kit.kinds import Area, Choice, Count, Day, Text
from baoton.kit.reading.register import Register
from baoton.outreach.models import Session
from baoton.plan.queries import task_node


def serve_outreach(record: Session) -> None:
    """A session serves the outreach task unless somebody said otherwise."""
    record.task = record.task or task_node("outreach")


session = Register(
    name="outreach.session",
    model=Session,
    label=_("Buổi tuyên truyền"),
    one=_("buổi tuyên truyền"),
    help=_("Mỗi dòng là một buổi tuyên truyền ở một xã, phường: ngày, hình thức, số người dự."),
    order=("-day",),
    derive=serve_outreach,
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
