"""The book of outreach sessions."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from baoton.files.models import Evidence
from baoton.files.queries import ATTACHMENTS
from baoton.kit.access import Actor
from baoton.kit.kinds import Area, Choice, Count, Day, Files, Link, Text
from baoton.kit.reading.register import Register
from baoton.kit.writing.verb import Verb
from baoton.outreach import actions
from baoton.outreach.models import Session
from baoton.plan.queries import OPEN, task_node
from baoton.remarks.queries import REMARKS


class OpenWork(Link):
    """Work that the actor may see; a form offers the outreach work that is still open."""

    def offered(self, actor: Actor) -> Any:
        return self.rows(actor).filter(task=task_node("outreach"), status__in=OPEN).order_by("due")


session = Register(
    name="outreach.session",
    model=Session,
    label=_("Buổi tuyên truyền"),
    one=_("buổi tuyên truyền"),
    help=_("Mỗi dòng là một buổi tuyên truyền ở một xã, phường: ngày, hình thức, số người dự."),
    order=("-day",),
    derive=actions.derive,
    parts=(ATTACHMENTS, REMARKS),
    verbs=(
        "create",
        "edit",
        "withdraw",
        "import",
        Verb("close", _("báo xong việc được giao"), do=actions.closed, guard=actions.missing),
    ),
    fields=(
        Text("title"),
        Choice("kind"),
        Day("day", today=True),
        Area("area_path", required=True),
        Text("village"),
        Text("language", folded=True),
        Count("participants"),
        Count("women"),
        Files("photos", _("ảnh"), keep=actions.keep(), accept="image/*"),
        Files(
            "attendance",
            _("danh sách người dự (ảnh chụp, bản quét)"),
            keep=actions.keep(Evidence.Kind.ATTENDANCE),
        ),
        OpenWork("work", to="plan.work", filed=False, folded=True),
        Count("materials", folded=True),
    ),
    show=("title", "kind", "day", "area_path", "participants", "women"),
    find=("kind", ("area", "area_path"), "work", ("when", "day", _("thời gian"))),
)
