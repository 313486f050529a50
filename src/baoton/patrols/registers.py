"""The books of patrols: teams, patrols, their legs, the signs found, and the kinds of signs."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baoton.files.actions import keeping, place_from_photo
from baoton.files.queries import ATTACHMENTS
from baoton.kit.access import Actor
from baoton.kit.kinds import Area, Choice, Count, Day, Files, Link, Number, Shape, Text
from baoton.kit.reading.filters import Flag
from baoton.kit.reading.register import Panel, Part, Register
from baoton.kit.writing.verb import Verb
from baoton.patrols import actions
from baoton.patrols.disclosure import settle
from baoton.patrols.models import Leg, Patrol, Sign, SignKind, Team
from baoton.patrols.queries import on_patrol
from baoton.plan.queries import task_choices
from baoton.remarks.queries import REMARKS

S = Patrol.Status
REASON = Text("reason", _("lý do"), required=True)
DAY = ("when", "day", _("thời gian"))


class InUse(Link):
    """Kinds of signs; a form offers those in use today, a file may name any."""

    def offered(self, actor: Actor) -> Any:
        today = timezone.localdate()
        ended, begun = Q(until__lt=today), Q(since__isnull=True) | Q(since__lte=today)
        return self.rows(actor).filter(begun).exclude(ended).order_by("group", "label")


class ToWalk(Link):
    """Patrols; a form offers those that are still to go first."""

    def offered(self, actor: Actor) -> Any:
        return self.rows(actor).exclude(status=S.CANCELLED).order_by("-status", "-day_start")


team = Register(
    name="patrols.team",
    model=Team,
    label=_("Tổ tuần tra"),
    one=_("tổ tuần tra"),
    help=_("Mỗi dòng là một tổ đi tuần cùng nhau: ai dẫn đầu, gồm những ai, phụ trách xã nào."),
    order=("name",),
    fields=(
        Text("name"), Text("leader"), Text("members"), Area("area_path", required=True), Text("note", folded=True),
    ),
    show=("name", "leader", "area_path"),
    find=(("area", "area_path"),),
    parts=(Part("patrols.patrol", "team"),),
)  # fmt: skip

patrol = Register(
    name="patrols.patrol",
    model=Patrol,
    label=_("Tuần tra"),
    one=_("cuộc tuần tra"),
    help=_(
        "Mỗi dòng là một cuộc tuần tra, từ kế hoạch đến kết quả; vết đi của từng ngày nằm trong các chặng."
    ),
    order=("-day_start",),
    settle=settle,
    derive=actions.derive_patrol,
    fields=(
        Text("code", help=_("Để trống: hệ thống tự đặt.")),
        Link("team", to="patrols.team", by=("name",)),
        Day("day_start", today=True),
        Day("day_end"),
        Text("objective"),
        Choice("transport"),
        Count("people", least=1),
        Text("leader"),
        Text("members", folded=True),
        Area("area_path"),
        Text("locality", folded=True),
        Shape("geom", _("tuyến dự kiến"), drawn=("line", "polygon")),
        Choice("task", among=task_choices, filed=False, folded=True),
        Count("metres", asked=False),
        Number("hours", asked=False),
        Text("report", asked=False),
        Choice("status", asked=False),
    ),
    show=("code", "team", "day_start", "day_end", "area_path", "metres", "hours", "status"),
    find=("status", "team", "transport", ("area", "area_path"), ("when", "day_start", _("thời gian"))),
    parts=(
        Panel("patrols/on_patrol.html", on_patrol),
        Part("patrols.leg", "patrol"),
        Part("patrols.sign", "patrol"),
        ATTACHMENTS,
        REMARKS,
    ),
    verbs=(
        "create",
        "edit",
        "withdraw",
        "import",
        Verb(
            "finish",
            _("báo đã tuần tra xong"),
            {S.PLANNED: S.DONE},
            (Text("report", _("kết quả"), required=True),),
            guard=actions.not_walked,
        ),
        Verb(
            "cancel",
            _("không đi nữa"),
            {S.PLANNED: S.CANCELLED},
            (REASON,),
            guard=actions.walked,
            danger=True,
        ),
        Verb("reopen", _("mở lại"), {S.DONE: S.PLANNED, S.CANCELLED: S.PLANNED}, (REASON,)),
    ),
)

leg = Register(
    name="patrols.leg",
    model=Leg,
    label=_("Chặng tuần tra"),
    one=_("chặng"),
    help=_("Mỗi dòng là đoạn đi trong một ngày: vết đi (từ máy định vị hoặc vẽ lại), số giờ, đi bằng gì."),
    order=("-day",),
    settle=settle,
    derive=actions.derive_leg,
    fields=(
        ToWalk("patrol", to="patrols.patrol", by=("code",)),
        Day("day", required=False, help=_("Để trống: ngày của cuộc tuần tra.")),
        Choice("transport"),
        Number("hours", least=0, most=24),
        Shape("geom", _("vết đi"), drawn=("line",), point=False),
        Number("said_km", least=0, most=500, folded=True),
        Area("area_path", asked=False),
        Count("metres", asked=False),
        Text("note", folded=True),
    ),
    show=("patrol", "day", "transport", "metres", "hours", "area_path"),
    find=("patrol", "transport", ("area", "area_path"), DAY),
    verbs=("create", "edit", "withdraw", "import"),
)

sign_kind = Register(
    name="patrols.sign_kind",
    model=SignKind,
    label=_("Loại dấu hiệu"),
    one=_("loại dấu hiệu"),
    help=_(
        "Danh mục do cơ quan giữ: thêm loại mới, hoặc ghi ngày thôi dùng; dấu hiệu đã ghi giữ nguyên loại."
    ),
    order=("group", "label"),
    public=Q(),
    derive=actions.derive_kind,
    fields=(
        Text("label"),
        Text("label_en", folded=True),
        Text("code"),
        Choice("group"),
        Text("unit"),
        Day("since", folded=True),
        Day("until", folded=True),
    ),
    show=("label", "group", "unit", "since", "until"),
    find=("group",),
)

sign = Register(
    name="patrols.sign",
    model=Sign,
    label=_("Bẫy, mối đe doạ, bẫy ảnh"),
    one=_("dấu hiệu"),
    help=_("Mỗi dòng là một dây phanh, bẫy, lán, gỗ bị chặt… đã thấy, hoặc một lần kiểm tra bẫy ảnh."),
    order=("-day",),
    settle=settle,
    derive=actions.derive_sign,
    fields=(
        InUse("kind", to="patrols.sign_kind", by=("label", "code", "label_en")),
        Day("day", today=True),
        Count("count"),
        Choice("age", folded=True),
        Choice("done"),
        Files("photos", _("ảnh"), keep=keeping(), look=place_from_photo, accept="image/*"),
        Shape("geom"),
        Area("area_path"),
        Text("locality"),
        ToWalk("patrol", to="patrols.patrol", by=("code",), folded=True),
        Text("what", folded=True),
        Text("note", folded=True),
        Choice("status", asked=False),
    ),
    show=("kind", "day", "area_path", "count", "done", "status"),
    find=(
        "kind",
        "status",
        "patrol",
        "done",
        Flag(
            "threat", _("mối đe doạ"), ~Q(kind__group="camera"), _("bẫy và mối đe doạ"), _("kiểm tra bẫy ảnh")
        ),
        ("area", "area_path"),
        DAY,
    ),
    parts=(ATTACHMENTS,),
    verbs=(
        "create",
        "edit",
        "withdraw",
        "import",
        Verb("handle", _("ghi đã xử lý"), {"draft": "handled"}, (REASON,), alike=True),
    ),
)
