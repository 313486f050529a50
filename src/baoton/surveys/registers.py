"""The books of surveys: protocols and what they ask, campaigns, sites, visits, and who may send results."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.files.queries import ATTACHMENTS
from baoton.kit.access import Actor
from baoton.kit.kinds import Area, Choice, Count, Day, Link, Money, Number, Shape, Text, YesNo
from baoton.kit.reading.register import Part, Register
from baoton.kit.writing.verb import Verb
from baoton.observations.registers import Species
from baoton.people.queries import person_choices
from baoton.plan.queries import task_choices
from baoton.remarks.queries import REMARKS
from baoton.surveys import actions
from baoton.surveys.design.facts import in_words
from baoton.surveys.disclosure import settle
from baoton.surveys.models import Campaign, Contributor, Protocol, Question, Site, Visit

P, C, S = Protocol.Status, Campaign.Status, Site.Status
REASON = Text("reason", _("lý do"), required=True)
CALL_OFF: dict[str, str] = {C.DRAFT: C.CANCELLED, C.AGREED: C.CANCELLED}


class InUse(Link):
    """Protocols; a form offers those in use, a file may name any."""

    def offered(self, actor: Actor) -> Any:
        return self.rows(actor).filter(status=P.USED).order_by("name", "-version")


class BeingWritten(Link):
    """Protocols; what they ask is written while they are drafts."""

    def offered(self, actor: Actor) -> Any:
        return self.rows(actor).filter(status=P.DRAFT).order_by("name", "-version")


protocol = Register(
    name="surveys.protocol",
    model=Protocol,
    label=_("Quy trình điều tra"),
    one=_("quy trình"),
    help=_(
        "Mỗi dòng là một phiên bản của cách làm ngoài thực địa: hỏi những gì, đơn vị nào, giới hạn nào. Phiên bản đã "
        "dùng không sửa nữa; muốn đổi thì lập phiên bản mới."
    ),
    order=("name",),
    public=Q(status=P.USED),
    derive=actions.derive_protocol,
    fields=(
        Text("name"),
        Text("code", required=False, help=_("Để trống: lấy từ tên.")),
        Count("version", asked=False),
        Choice("method"),
        Text("row_label", help=_("Ví dụ: một con hoặc một đàn gặp; một cây; một lần nghe.")),
        Text("steps"),
        Text("source", folded=True),
        Choice("status", asked=False),
    ),
    show=("name", "version", "method", "row_label", "status"),
    find=("status", "method"),
    parts=(Part("surveys.question", "protocol"), Part("surveys.campaign", "protocol"), REMARKS),
    verbs=(
        "create",
        "edit",
        "withdraw",
        Verb(
            "use",
            _("đưa vào dùng"),
            {P.DRAFT: P.USED},
            guard=actions.asks_nothing,
            do=actions.replaces_former,
        ),
        Verb(
            "revise", _("lập phiên bản mới"), do=actions.next_version, done=_("Đã lập phiên bản mới để soạn")
        ),
        Verb("end", _("thôi dùng quy trình"), {P.USED: P.ENDED}, (REASON,)),
    ),
)

question = Register(
    name="surveys.question",
    model=Question,
    label=_("Mục hỏi của quy trình"),
    one=_("mục hỏi"),
    help=_("Mỗi dòng là một điều quy trình hỏi: một lần mỗi lượt, hoặc ở mỗi dòng của phiếu."),
    order=("position",),
    public=Q(protocol__status=P.USED),
    derive=actions.derive_question,
    settle=actions.only_of_drafts,
    fields=(
        BeingWritten("protocol", to="surveys.protocol", by=("code", "name")),
        Choice("level"),
        Text("label"),
        Choice("kind"),
        Text("unit"),
        Text(
            "among", help=_("Mỗi giá trị một dòng, như: hot=hót đôi. Không có dấu = thì giá trị là chính nó.")
        ),
        Number("least"),
        Number("most"),
        YesNo("required", required=False),
        Text("required_when", help=_("Tên một cột khác, dấu bằng, rồi giá trị của cột đó.")),
        Choice("means", required=False),
        Text("hint", folded=True),
        Text("label_en", folded=True),
        Text("name", required=False, folded=True, help=_("Để trống: lấy từ câu hỏi.")),
        Count("position", required=False, folded=True, help=_("Để trống: đứng sau cùng.")),
    ),
    show=("position", "level", "label", "kind", "unit", "required", "means"),
    find=(("protocol", "protocol"), "level"),
    verbs=("create", "edit", "withdraw", "import"),
)

campaign = Register(
    name="surveys.campaign",
    model=Campaign,
    label=_("Chiến dịch điều tra"),
    one=_("chiến dịch"),
    help=_("Mỗi dòng là một câu hỏi đưa ra thực địa: loài nào, ở đâu, mùa nào, theo quy trình nào, tốn bao nhiêu."),
    order=("-day_start",),
    settle=settle,
    derive=actions.derive_campaign,
    fields=(
        Text("name"),
        Text("code", help=_("Để trống: hệ thống tự đặt.")),
        Text("question"),
        Species("taxon", to="taxa.taxon", by=("scientific_name", "vernacular_vi")),
        Choice("target", required=False),
        InUse("protocol", to="surveys.protocol", by=("code", "name")),
        Day("day_start"),
        Day("day_end"),
        Area("area_path"),
        Shape("geom", _("khu vực điều tra"), drawn=("polygon",), point=False),
        Text("teams", help=_("Cách nhau bằng dấu chấm phẩy, như: Tổ 1; Tổ 2.")),
        Count("visits_each", least=1, most=100, required=False),
        Money("cost_site", folded=True),
        Money("cost_visit", folded=True),
        Money("budget", folded=True),
        Text("budget_line", folded=True),
        Text("contract", folded=True),
        Choice("task", among=task_choices, filed=False, folded=True),
        Text("note", folded=True),
        Text("reason", asked=False),
        Text("drawing", said=lambda r: in_words(r.drawing), asked=False),
        Choice("status", asked=False),
    ),
    show=("name", "taxon", "protocol", "day_start", "day_end", "area_path", "status"),
    find=("status", ("protocol", "protocol"), ("area", "area_path"), ("when", "day_start", _("thời gian"))),
    parts=(
        Part("surveys.site", "campaign"),
        Part("surveys.visit", "campaign"),
        Part("surveys.contributor", "campaign"),
        ATTACHMENTS,
        REMARKS,
    ),
    verbs=(
        "create",
        "edit",
        "withdraw",
        Verb(
            "agree",
            _("duyệt chiến dịch"),
            {C.DRAFT: C.AGREED},
            (Text("reason", _("cỡ mẫu và lý do"), required=True),),
            guard=actions.not_ready,
        ),
        Verb("finish", _("kết thúc chiến dịch"), {C.AGREED: C.DONE}, (REASON,)),
        Verb("cancel", _("không làm chiến dịch"), CALL_OFF, (REASON,), danger=True),
        Verb("reopen", _("thiết kế lại"), {C.AGREED: C.DRAFT, C.DONE: C.AGREED, C.CANCELLED: C.DRAFT}, (REASON,)),
    ),
)  # fmt: skip

site = Register(
    name="surveys.site",
    model=Site,
    label=_("Điểm điều tra"),
    one=_("điểm điều tra"),
    help=_(
        "Mỗi dòng là một điểm, tuyến hoặc ô của một chiến dịch, theo thứ tự rút; điểm dự phòng dùng lần lượt."
    ),
    order=("position",),
    settle=settle,
    derive=actions.derive_site,
    fields=(
        Link("campaign", to="surveys.campaign", by=("code", "name")),
        Text("code", required=False, help=_("Để trống: hệ thống tự đặt.")),
        Text("stratum", folded=True),
        Count("position", required=False, folded=True, help=_("Để trống: đứng sau cùng.")),
        Shape("geom", drawn=("line", "polygon"), required=True),
        Area("area_path", asked=False),
        Text("team"),
        Day("due"),
        Number("inclusion", asked=False),
        Count("visited", asked=False),
        Text("reason", asked=False),
        Text("note", folded=True),
        Choice("status", asked=False),
    ),
    show=("code", "campaign", "stratum", "area_path", "team", "due", "visited", "status"),
    find=("status", ("campaign", "campaign"), ("area", "area_path")),
    parts=(Part("surveys.visit", "site"), ATTACHMENTS),
    verbs=(
        "create",
        "edit",
        "withdraw",
        Verb(
            "replace",
            _("thay bằng điểm dự phòng"),
            {S.PLANNED: S.REPLACED},
            (Text("reason", _("lý do thay"), required=True),),
            guard=actions.no_reserve,
            do=actions.take_reserve,
        ),
    ),
)

visit = Register(
    name="surveys.visit",
    model=Visit,
    label=_("Lượt điều tra"),
    one=_("lượt điều tra"),
    help=_(
        "Mỗi dòng là một lần đến một điểm theo một phiên bản quy trình; ghi từ phiếu, tệp Excel hoặc điện thoại."
    ),
    order=("-day",),
    fields=(
        Link("campaign", to="surveys.campaign", by=("code", "name")),
        Link("site", to="surveys.site", by=("code",)),
        Day("day"),
        Count("round"),
        Number("effort"),
        Text("effort_unit"),
        Link("protocol", to="surveys.protocol", by=("code", "name")),
        Link("event", to="observations.event", by=("event_id",)),
        Area("area_path"),
    ),
    show=("site", "day", "round", "effort", "effort_unit", "protocol", "area_path"),
    find=(("campaign", "campaign"), ("site", "site"), ("area", "area_path"), ("when", "day", _("thời gian"))),
    verbs=(),
)

contributor = Register(
    name="surveys.contributor",
    model=Contributor,
    label=_("Người gửi kết quả"),
    one=_("người gửi kết quả"),
    help=_("Người được gửi kết quả của một chiến dịch đến một ngày; tài khoản ấy không đọc được gì khác."),
    order=("-until",),
    fields=(
        Link("campaign", to="surveys.campaign", by=("code", "name")),
        Choice("person", among=person_choices),
        Day("until"),
    ),
    show=("campaign", "person", "until"),
    find=(("campaign", "campaign"),),
)
