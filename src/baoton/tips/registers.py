"""The books of tips: what was told, what was said back and forth, and how to reach who told it."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.files.actions import keeping
from baoton.files.queries import ATTACHMENTS
from baoton.kit.kinds import Area, Choice, Day, Files, Link, Number, Shape, Text, YesNo
from baoton.kit.reading.filters import Flag
from baoton.kit.reading.register import Panel, Part, Register
from baoton.kit.writing.verb import Timer, Verb
from baoton.people.queries import organisation_choices, person_choices
from baoton.remarks.queries import REMARKS
from baoton.tips.actions import outcomes
from baoton.tips.disclosure import settle
from baoton.tips.models import Sender, Tip, Word
from baoton.tips.queries import beside

S = Tip.Status
OPEN = (S.NEW, S.LOOKING)
ANSWER = Text(
    "answer", _("lời nhắn cho người báo"), required=True, help=_("Người báo tin đọc được bằng mã nhận tin.")
)
REASON = Text("reason", _("lý do"), required=True)


def to(state: str) -> dict[str, str]:
    return dict.fromkeys(OPEN, state)


tip = Register(
    name="tips.tip",
    model=Tip,
    label=_("Tin báo"),
    one=_("tin báo"),
    help=_("Mỗi dòng là một tin người dân báo, qua trang báo tin, điện thoại, buổi họp hay khi đi chợ."),
    order=("-received",),
    settle=settle,
    derive=outcomes.derive,
    fields=(
        Choice("kind"),
        Text("what"),
        Choice("channel"),
        Day("day"),
        Text("hour", folded=True),
        Area("area_path"),
        Text("locality"),
        Shape("geom"),
        Files("photos", _("ảnh"), keep=keeping(), accept="image/*"),
        Text("code", asked=False),
        Day("received", asked=False),
        Choice("found", asked=False),
        YesNo("outside", asked=False),
        Choice("officer", among=person_choices, asked=False),
        Choice("routed", asked=False),
        YesNo("rescue", asked=False),
        Choice("status", asked=False),
        Day("due", asked=False),
        Text("answer", asked=False),
        Day("answered", asked=False),
        Number("hours", asked=False),
        YesNo("in_time", asked=False),
        Link("patrol", to="patrols.patrol", by=("code",), asked=False),
        Text("case_code", asked=False),
        Choice("handed_to", among=organisation_choices, asked=False),
    ),
    show=("code", "kind", "received", "area_path", "officer", "status"),
    find=(
        "status", "kind", "channel", "officer", ("area", "area_path"),
        ("when", "received", _("ngày nhận")),
        Flag("answered", _("trả lời chưa"), ~Q(status__in=OPEN), _("đã trả lời"), _("chưa trả lời")),
        Flag("intime", _("đúng hạn"), Q(in_time=True), _("trả lời đúng hạn"), _("chưa biết hoặc trễ")),
        Flag("rescue", _("cứu hộ"), Q(rescue=True), _("cần cứu hộ"), _("không")),
    ),
    parts=(
        Panel("tips/beside.html", beside), Part("tips.word", "tip"), Part("tips.sender", "tip"), ATTACHMENTS, REMARKS,
    ),
    verbs=(
        "create",
        "edit",
        "withdraw",
        Verb("take", _("nhận xử lý"), {S.NEW: S.LOOKING}, quick=lambda r: ({"label": _("nhận xử lý")},)),
        Verb("patrol", _("cử tuần tra"), to(S.PATROL), do=outcomes.patrolled),
        Verb("case", _("lập vụ việc"), to(S.CASE) | {S.PATROL: S.CASE}, (Text("case_code", required=True), ANSWER)),
        Verb(
            "hand", _("chuyển cơ quan khác"), to(S.HANDED),
            (Choice("handed_to", among=organisation_choices, required=True), ANSWER),
        ),
        Verb("nothing", _("ghi không thấy gì"), to(S.NOTHING), (ANSWER,)),
        Verb("say", _("nhắn người báo"), asks=(Text("text", _("lời nhắn"), required=True),), do=outcomes.said),
        Verb(
            "rescue", _("báo xã tiếp nhận động vật"), do=outcomes.rescued, guard=outcomes.already,
            starts=Timer(outcomes.RECEIVE, outcomes.receive_days),
        ),
        Verb(
            "receive", _("ghi xã đã tiếp nhận, lập biên bản"), do=outcomes.taken_in,
            guard=outcomes.not_an_animal, stops=outcomes.RECEIVE,
        ),
        Verb("reopen", _("xem lại"), dict.fromkeys(sorted(outcomes.OUTCOMES), S.LOOKING), (REASON,)),
    ),
)  # fmt: skip

word = Register(
    name="tips.word",
    model=Word,
    label=_("Lời nhắn"),
    one=_("lời nhắn"),
    help=_("Lời nhắn giữa người báo tin và cơ quan; người báo đọc bằng mã nhận tin."),
    order=("-said",),
    fields=(
        Link("tip", to="tips.tip", by=("code",), asked=False), Choice("by", asked=False), Text("text", asked=False),
    ),
    show=("tip", "by", "text"),
    find=("tip",),
    verbs=("create", "withdraw"),
)  # fmt: skip

sender = Register(
    name="tips.sender",
    model=Sender,
    label=_("Người báo tin"),
    one=_("cách liên hệ người báo"),
    help=_(
        "Dữ liệu cá nhân: chỉ người phụ trách tin và người có quyền được mở, mỗi lần mở đều ghi vào nhật ký."
    ),
    order=("id",),
    derive=outcomes.derive_sender,
    fields=(Link("tip", to="tips.tip", by=("code",)), Text("contact", personal=True, filed=False)),
    show=("tip",),
    find=("tip",),
)
