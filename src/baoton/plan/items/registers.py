"""The books of giving work: letters, meetings, documents, yearly plans of bodies, and what shows that work was done."""

from django.utils.translation import gettext_lazy as _

from baoton.files.queries import ATTACHMENTS
from baoton.kit.kinds import Choice, Count, Day, File, Link, Text
from baoton.kit.reading.register import Part, Register
from baoton.kit.writing.serial import Serial
from baoton.kit.writing.verb import Verb, declare
from baoton.people.queries import organisation_choices
from baoton.plan.items import actions, papers
from baoton.plan.models import Assignment, Document, Meeting, Proof, Work, Yearly
from baoton.plan.queries import node_choices
from baoton.remarks.queries import REMARKS

S = Work.Status
OPEN_STATES: dict[str, str] = {S.PLANNED: S.PLANNED, S.DOING: S.DOING}
REASON = Text("reason", _("lý do"), required=True)

VERBS = (
    Verb("accept", _("nhận việc"), OPEN_STATES, do=actions.accept, guard=actions.already_accepted, alike=True),
    Verb(
        "ask_back", _("hỏi lại"), OPEN_STATES, (Text("question", _("chưa rõ điều gì"), required=True),),
        do=actions.ask_back, done=_("Đã gửi câu hỏi cho cơ quan giao việc"),
    ),
    Verb(
        "answer", _("trả lời câu hỏi"), OPEN_STATES,
        (Text("reason", _("trả lời"), required=True), Day("to", _("hạn mới"), required=False)),
        do=actions.answer, guard=actions.not_asked,
    ),
    Verb(
        "report", _("báo tiến độ"), {S.PLANNED: S.DOING, S.DOING: S.DOING},
        (Count("percent", required=True), Text("said", required=True)), do=actions.report,
    ),
    Verb("check", _("kiểm tra, đạt"), {S.DONE: S.DONE}, do=actions.check, guard=actions.already_checked, alike=True),
    Verb(
        "give_back", _("trả lại để làm tiếp"), {S.DONE: S.DOING}, (REASON,), do=actions.give_back,
        guard=actions.already_checked,
    ),
)  # fmt: skip

assignment = Register(
    name="plan.assignment",
    model=Assignment,
    label=_("Công văn giao việc"),
    one=_("công văn giao việc"),
    help=_("Mỗi dòng giao một việc cho nhiều cơ quan; ban hành thì mỗi cơ quan có một việc trong sổ Việc phải làm."),
    order=("-due",),
    derive=actions.of_assignment,
    fields=(
        Text("title"), Choice("node", among=node_choices), Day("due", required=False),
        Count("working_days", help=_("thay cho hạn: đếm từ hôm nay, bỏ ngày nghỉ và ngày lễ")), Text("must_show"),
        Count("weight", least=1), Choice("every"), Day("until"),
        Text("bodies", said=lambda r: str(len(r.bodies)), asked=False, filed=False), Choice("status", asked=False),
        Text("number", asked=False), Day("issued_on", asked=False),
    ),
    show=("title", "due", "every", "number", "issued_on", "status"),
    find=("status", ("when", "due", _("hạn"))),
    parts=(Part("plan.work", "assignment"), ATTACHMENTS, REMARKS),
    verbs=(
        "edit", "withdraw",
        Verb(
            "issue", _("ban hành"), {Assignment.Status.DRAFT: Assignment.Status.ISSUED}, do=actions.issue,
            number=Serial("CV-GV", "{n:02d}/{symbol}", papers.symbol), paper=papers.LETTER,
            done=_("Đã ban hành công văn"),
        ),
    ),
)  # fmt: skip

declare("plan.assignment.create", _("giao việc cho nhiều cơ quan"))

meeting = Register(
    name="plan.meeting",
    model=Meeting,
    label=_("Cuộc họp"),
    one=_("cuộc họp"),
    help=_("Mỗi dòng là một cuộc họp về kế hoạch; kết luận của họp thành việc phải làm."),
    order=("-day",),
    derive=actions.of_province,
    fields=(Text("title"), Day("day"), Text("chair"), Text("present"), Text("concluded"), Text("number")),
    show=("title", "day", "chair", "number"),
    find=(("when", "day", _("thời gian")),),
    parts=(Part("plan.work", "meeting"), ATTACHMENTS, REMARKS),
)

document = Register(
    name="plan.document",
    model=Document,
    label=_("Văn bản chỉ đạo"),
    one=_("văn bản chỉ đạo"),
    help=_("Mỗi dòng là một văn bản chỉ đạo thực hiện kế hoạch: số, ngày, cơ quan ban hành, tệp."),
    order=("-day",),
    derive=actions.of_province,
    fields=(
        Text("number"), Day("day"), Text("issuer"), Choice("kind"), Text("title"),
        Choice("node", among=node_choices), File("text", accept=".pdf,.docx,image/*"),
    ),
    show=("number", "day", "issuer", "kind", "title"),
    find=(("when", "day", _("ban hành")),),
    parts=(ATTACHMENTS, REMARKS),
    verbs=("create", "edit", "withdraw", "import"),
)  # fmt: skip

yearly = Register(
    name="plan.yearly",
    model=Yearly,
    label=_("Kế hoạch năm của cơ quan"),
    one=_("kế hoạch năm"),
    help=_("Mỗi dòng là kế hoạch năm của một cơ quan: các việc được giao và phần lồng ghép của địa phương."),
    order=("-year",),
    derive=actions.of_yearly,
    fields=(
        Choice("body", among=organisation_choices), Count("year", said=lambda r: str(r.year)), Text("added"),
        Choice("status", asked=False),
        Text("number", asked=False),
    ),
    show=("body", "year", "number", "status"),
    find=(("body", "body", _("cơ quan")),),
    parts=(ATTACHMENTS, REMARKS),
    verbs=(
        "create", "edit", "withdraw",
        Verb(
            "approve", _("duyệt"), {Yearly.Status.DRAFT: Yearly.Status.APPROVED}, do=actions.approve,
            paper=papers.YEARLY,
        ),
    ),
)  # fmt: skip

proof = Register(
    name="plan.proof",
    model=Proof,
    label=_("Minh chứng của việc"),
    one=_("minh chứng"),
    help=_("Mỗi dòng là một bản ghi của sổ khác cho thấy một việc đã làm."),
    fields=(Link("work", to="plan.work", asked=False),),
    show=("work",),
    verbs=("create", "withdraw"),
)
