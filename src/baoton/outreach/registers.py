"""The books of outreach: campaigns, sessions, schools and clubs, materials, pledges, surveys of knowledge."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baoton.files.models import Evidence
from baoton.files.queries import ATTACHMENTS
from baoton.kit.access import Actor
from baoton.kit.kinds import Area, Choice, Count, Day, Files, Link, Number, Text
from baoton.kit.reading.register import Panel, Part, Register
from baoton.kit.writing.verb import Verb
from baoton.outreach import actions, materials, queries
from baoton.outreach.knowledge import steps
from baoton.outreach.models import Answer, Campaign, Group, Handout, Material, Pledge, Question, Quiz, Session
from baoton.plan.queries import OPEN, task_choices, task_node
from baoton.remarks.queries import REMARKS

AREA, WHEN = ("area", "area_path"), ("when", "day", _("thời gian"))
DAY = Day("day", _("ngày"), today=True, required=True)
COPIES = Count("amount", _("số bản"), least=1, required=True)
NOTE, REASON = Text("about", _("ghi chú")), Text("reason", _("lý do"), required=True)
C_S = Campaign.Status
CAMPAIGN: Any = {"to": "outreach.campaign", "by": ("title",)}


class Language(Choice):
    """A language of the State's list of peoples, however an office spells it (“tiếng Mông”, “HMông”)."""

    def spelt(self) -> dict[str, Any]:
        return queries.spelt()


LANGUAGE = Language("language", among=queries.languages)


class OpenWork(Link):
    """Work that the actor may see; a form offers the outreach work that is still open."""

    def offered(self, actor: Actor) -> Any:
        return self.rows(actor).filter(task=task_node("outreach"), status__in=OPEN).order_by("due")


campaign = Register(
    name="outreach.campaign",
    model=Campaign,
    label=_("Chiến dịch tuyên truyền"),
    one=_("chiến dịch tuyên truyền"),
    help=_("Mỗi dòng là một chiến dịch: nói gì với ai, bằng tiếng gì, trong thời gian nào, ở xã nào hay cả tỉnh."),
    order=("-day",),
    public=Q(status=C_S.PUBLIC),
    derive=actions.derive_campaign,
    fields=(
        Text("title"), Text("audience"), Text("message"), LANGUAGE, Day("day", today=True), Day("until"),
        Area("area_path", help=_("Để trống là cả tỉnh.")), Choice("task", among=task_choices, folded=True),
        Choice("status", asked=False),
    ),
    show=("title", "audience", "language", "day", "until", "area_path", "status"),
    find=("status", "language", AREA, WHEN),
    parts=(
        Panel("outreach/on_campaign.html", queries.of_campaign), Part("outreach.session", "campaign"),
        Part("outreach.pledge", "campaign"), Part("outreach.material", "campaign"),
        Part("outreach.quiz", "campaign"), ATTACHMENTS, REMARKS,
    ),
    verbs=(
        "create", "edit", "withdraw",
        Verb("start", _("triển khai"), {C_S.DRAFT: C_S.RUNNING}),
        Verb("publish", _("công khai chiến dịch"), {C_S.DRAFT: C_S.PUBLIC, C_S.RUNNING: C_S.PUBLIC}),
        Verb("recall", _("thu về"), {C_S.PUBLIC: C_S.RUNNING, C_S.RUNNING: C_S.DRAFT}, (REASON,)),
    ),
)  # fmt: skip

group = Register(
    name="outreach.group",
    model=Group,
    label=_("Trường, câu lạc bộ tham gia"),
    one=_("trường, câu lạc bộ"),
    help=_("Mỗi dòng là một trường, câu lạc bộ hay hội tham gia tuyên truyền; chỉ ghi số người, không ghi tên ai."),
    order=("name",),
    fields=(
        Text("name"), Choice("kind"), Area("area_path", required=True), Text("village"), Count("members"), Day("day"),
        Day("until", folded=True),
    ),
    show=("name", "kind", "area_path", "members", "day", "until"),
    find=("kind", AREA),
    parts=(Part("outreach.session", "group"), ATTACHMENTS, REMARKS),
    verbs=("create", "edit", "withdraw", "import"),
)  # fmt: skip

pledge = Register(
    name="outreach.pledge",
    model=Pledge,
    label=_("Cam kết đã ký"),
    one=_("lượt ký cam kết"),
    help=_("Mỗi dòng là một lượt ký cam kết: ai ký, bao nhiêu bản, ngày nào, ở đâu; không ghi tên người ký."),
    order=("-day",),
    derive=actions.derive_pledge,
    fields=(
        Choice("who"), Count("number", least=1), Day("day", today=True), Text("about"),
        Area("area_path", required=True), Text("village"), Link("session", to="outreach.session", by=("title",)),
        Link("campaign", folded=True, **CAMPAIGN),
    ),
    show=("day", "who", "number", "about", "area_path", "village"),
    find=("who", "campaign", "session", AREA, WHEN),
    parts=(ATTACHMENTS, REMARKS),
    verbs=("create", "edit", "withdraw", "import"),
)  # fmt: skip

material = Register(
    name="outreach.material",
    model=Material,
    label=_("Tài liệu tuyên truyền"),
    one=_("tài liệu tuyên truyền"),
    help=_("Mỗi dòng là một thứ tài liệu trong kho: in, nhận về, phát ra, hỏng mất; số dư không bao giờ âm."),
    order=("title",),
    derive=materials.derive,
    fields=(
        Text("title"), Choice("kind"), LANGUAGE, Link("campaign", **CAMPAIGN),
        Area("area_path", _("kho ở"), help=_("Để trống là kho của tỉnh.")),
    ),
    show=("title", "kind", "language", "campaign", "area_path"),
    find=("kind", "language", "campaign", AREA),
    parts=(
        Panel("outreach/on_material.html", materials.on_material), Part("outreach.handout", "book"), ATTACHMENTS,
        REMARKS,
    ),
    verbs=(
        "create", "edit", "withdraw",
        Verb("receive", _("ghi in, nhận về"), asks=(DAY, COPIES, NOTE), do=materials.receive),
        Verb(
            "hand", _("phát tài liệu"), asks=(
                DAY, COPIES, Link("session", _("phát tại buổi"), to="outreach.session", by=("title",)),
                Area("to", _("hoặc cấp cho xã, phường")), NOTE,
            ), do=materials.hand,
        ),
        Verb(
            "lose", _("ghi hỏng, mất"), asks=(DAY, COPIES, Text("about", _("lý do"), required=True)), do=materials.lose
        ),
    ),
)  # fmt: skip

handout = Register(
    name="outreach.handout",
    model=Handout,
    label=_("Sổ tài liệu"),
    one=_("dòng sổ tài liệu"),
    help=_("Mỗi dòng là một lần nhập, phát hay hỏng mất của một tài liệu; ghi sai thì đảo, không sửa."),
    order=("-day",),
    fields=(
        Link("book", to="outreach.material", by=("title",), asked=False), Day("day", asked=False),
        Choice("what", asked=False), Number("amount", asked=False),
        Link("session", to="outreach.session", by=("title",), asked=False), Area("area_path", asked=False),
        Count("handed", asked=False), Text("note", asked=False),
    ),
    show=("day", "book", "what", "amount", "session", "area_path", "note"),
    find=("book", "what", "session", AREA, WHEN),
    verbs=(Verb("reverse", _("đảo dòng"), asks=(REASON,), do=materials.take_back, danger=True),),
)  # fmt: skip

session = Register(
    name="outreach.session",
    model=Session,
    label=_("Buổi tuyên truyền"),
    one=_("buổi tuyên truyền"),
    help=_(
        "Mỗi dòng là một buổi tuyên truyền, một đợt phát loa hay một bài đăng ở một xã, phường: ngày, hình thức, số"
        " người dự."
    ),
    order=("-day",),
    derive=actions.derive,
    parts=(Part("outreach.pledge", "session"), Part("outreach.handout", "session"), ATTACHMENTS, REMARKS),
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
        LANGUAGE,
        Count("participants"),
        Count("women"),
        Count("men"),
        Link("campaign", **CAMPAIGN),
        Files("photos", _("ảnh"), keep=actions.keep(), accept="image/*"),
        Files(
            "attendance",
            _("danh sách người dự (ảnh chụp, bản quét)"),
            keep=actions.keep(Evidence.Kind.ATTENDANCE),
        ),
        OpenWork("work", to="plan.work", filed=False, folded=True),
        Count("materials", folded=True),
        *(Count(name, folded=True) for name in Session.GROUPS),
        Link("group", to="outreach.group", by=("name",), folded=True),
        Day("until", folded=True),
        Count("times", folded=True),
        Text("schedule", folded=True),
        Link("settlement", to="places.village", by=("name",), asked=False),
    ),
    show=("title", "kind", "day", "area_path", "participants", "women"),
    find=("kind", "language", "campaign", "group", AREA, "work", WHEN),
)

Q_S = Quiz.Status
QUIZ: Any = {"to": "outreach.quiz", "by": ("title",)}

quiz = Register(
    name="outreach.quiz",
    model=Quiz,
    label=_("Khảo sát hiểu biết"),
    one=_("khảo sát hiểu biết"),
    help=_("Mỗi dòng là một khảo sát trước và sau một chiến dịch: hỏi gì, bao nhiêu người trả lời đúng."),
    order=("-day",),
    public=Q(status=Q_S.PUBLIC),
    settle=steps.settle_quiz,
    derive=steps.derive_quiz,
    fields=(
        Text("title"), Link("campaign", **CAMPAIGN), Day("day", today=True), Area("area_path", asked=False),
        Choice("status", asked=False),
    ),
    show=("title", "campaign", "day", "area_path", "status"),
    find=("status", "campaign", AREA, WHEN),
    parts=(Part("outreach.question", "quiz"), REMARKS),
    verbs=(
        "create", "edit", "withdraw",
        Verb("ask", _("bắt đầu hỏi"), {Q_S.DRAFT: Q_S.ASKING}, guard=steps.asks_nothing),
        Verb("publish", _("công bố kết quả"), {Q_S.ASKING: Q_S.PUBLIC}, guard=steps.no_answers, do=steps.freeze),
        Verb("recall", _("thôi công bố"), {Q_S.PUBLIC: Q_S.ASKING}, (REASON,)),
    ),
)  # fmt: skip

question = Register(
    name="outreach.question",
    model=Question,
    label=_("Câu hỏi khảo sát"),
    one=_("câu hỏi khảo sát"),
    help=_("Mỗi dòng là một câu hỏi của một khảo sát, với các phương án và phương án đúng."),
    order=("position",),
    public=Q(quiz__status=Q_S.PUBLIC, quiz__withdrawn__isnull=True),
    settle=steps.settle_questions,
    derive=steps.derive_question,
    fields=(
        Link("quiz", **QUIZ), Text("text"),
        Text("options", said=lambda one: "; ".join(one.options.splitlines()), help=_(
            "Mỗi dòng một phương án; dấu * ở đầu phương án đúng. Có nhiều phương án đúng thì phải chọn đủ mới là đúng."
        )),
        Text("words", help=_(
            "Mỗi dòng một thứ tiếng: HMông: câu hỏi | phương án thứ nhất | phương án thứ hai…, đúng thứ tự ở trên."
        )),
        Count("position", required=False, folded=True, help=_("Để trống: đứng sau cùng.")),
    ),
    show=("position", "text", "options"),
    find=("quiz",),
)  # fmt: skip

answer = Register(
    name="outreach.answer",
    model=Answer,
    label=_("Phiếu trả lời khảo sát"),
    one=_("phiếu trả lời"),
    help=_("Mỗi dòng là phiếu của một người trong một đợt; không ghi tên ai. Nộp phiếu ở trang của khảo sát."),
    order=("-day",),
    derive=steps.derive_answer,
    fields=(
        Link("quiz", **QUIZ), Choice("wave"), Text("number"), Day("day"), Area("area_path", required=True),
        Text("village"), Choice("sex"), Choice("who"), Text("answers"), Count("answered", asked=False),
        Count("right", asked=False),
    ),
    show=("quiz", "wave", "number", "day", "area_path", "who", "answered", "right"),
    find=("quiz", "wave", "who", "sex", AREA, WHEN),
    verbs=("withdraw", "import"),
)  # fmt: skip
