"""The book of work that fulfils the plan."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baoton.files.queries import ATTACHMENTS
from baoton.kit.kinds import Area, Choice, Count, Day, Link, Number, Text, YesNo
from baoton.kit.reading.filters import Flag
from baoton.kit.reading.register import Panel, Register
from baoton.kit.writing.serial import Serial
from baoton.kit.writing.verb import Verb
from baoton.people.queries import organisation_choices
from baoton.plan import reminders
from baoton.plan.actions import derive
from baoton.plan.drafts import registers as drafts
from baoton.plan.items import actions as items
from baoton.plan.items.registers import VERBS
from baoton.plan.models import Reminder, Target, Work
from baoton.plan.queries import indicator_choices, proofs_of, task_choices
from baoton.remarks.queries import REMARKS

draft = drafts.draft
S = Work.Status
OPEN = Q(status__in=[S.PLANNED, S.DOING])
WAITING = Q(status=S.DONE, checked__isnull=True, assignment__isnull=False)


class Late(Flag):
    """Open work whose day has passed, judged today."""

    def q(self, value: str, door: Any) -> Q:
        late = OPEN & Q(due__lt=timezone.localdate())
        return late if value == "1" else ~late


def begun(actor: Any, record: Work, answers: Any) -> None:
    record.begins = record.begins or timezone.localdate()


def reopened(actor: Any, record: Work, answers: Any) -> None:
    record.finished = record.checked = None


work = Register(
    name="plan.work",
    model=Work,
    label=_("Việc phải làm"),
    one=_("việc"),
    help=_("Mỗi dòng là một việc cụ thể của một nhiệm vụ: ai làm, ở đâu, hạn nào, phải có kết quả gì."),
    order=("due",),
    derive=derive,
    fields=(
        Text("title"),
        Choice("task", _("nhiệm vụ"), among=task_choices),
        Choice("responsible", among=organisation_choices),
        Area("area_path"),
        Day("begins"),
        Day("due", required=False),
        Count("working_days"),
        Text("must_show"),
        Choice("status", asked=False),
        Count("weight", least=1, required=False, folded=True),
        Link("meeting", to="plan.meeting", by=("title",), folded=True),
        Link("assignment", to="plan.assignment", asked=False),
        Day("accepted", asked=False),
        Text("question", asked=False),
        Count("percent", asked=False),
        Text("said", _("tiến độ bằng lời"), asked=False),
        Day("finished", asked=False),
        Text("result", asked=False),
        Day("checked", asked=False),
    ),
    show=("title", "task", "responsible", "area_path", "due", "percent", "status"),
    find=(
        "task",
        "status",
        Late("late", _("thời hạn"), yes=_("đã trễ hạn"), no=_("chưa trễ hạn")),
        Flag("open", _("đã xong chưa"), OPEN, _("chưa xong"), _("đã xong hoặc đã dừng")),
        ("who", "responsible", _("cơ quan")),
        ("area", "area_path"),
        "due",
        ("finished", "finished", _("xong")),
        "assignment",
        "meeting",
        Flag("waiting", _("chờ kiểm tra"), WAITING, _("đã xong, chờ kiểm tra"), _("không chờ kiểm tra")),
        Flag("asked", _("hỏi lại"), OPEN & ~Q(question=""), _("cơ quan hỏi lại"), _("không hỏi gì")),
    ),
    parts=(Panel("plan/proofs.html", proofs_of), ATTACHMENTS, REMARKS),
    verbs=(
        "create",
        "edit",
        "withdraw",
        "import",
        Verb("start", _("bắt đầu"), {S.PLANNED: S.DOING}, do=begun, alike=True),
        Verb(
            "finish",
            _("báo hoàn thành"),
            {S.PLANNED: S.DONE, S.DOING: S.DONE},
            asks=(Text("result", required=True), Day("finished", today=True)),
            guard=items.unproven,
        ),
        Verb(
            "drop",
            _("dừng thực hiện"),
            {S.PLANNED: S.DROPPED, S.DOING: S.DROPPED},
            asks=(Text("result", _("lý do dừng thực hiện"), required=True),),
            danger=True,
        ),
        Verb("reopen", _("mở lại"), {S.DONE: S.DOING, S.DROPPED: S.PLANNED}, do=reopened),
        *VERBS,
    ),
)


reminder = Register(
    name="plan.reminder",
    model=Reminder,
    label=_("Công văn đôn đốc"),
    one=_("công văn đôn đốc"),
    help=_(
        "Mỗi dòng là một công văn nhắc một cơ quan về các việc đã trễ hạn của cơ quan đó. Chỗ “……” trong số công văn "
        "là ký hiệu chưa ai khai (cơ quan hoặc đơn vị soạn thảo): ghi tay khi phát hành."
    ),
    order=("-id",),
    derive=reminders.derive,
    fields=(
        Choice("body", among=organisation_choices),
        Day("answer_by"),
        Count("late", asked=False),
        Choice("status", asked=False),
        Text("number", asked=False),
        Day("issued_on", asked=False),
    ),
    show=("body", "number", "issued_on", "late", "answer_by", "status"),
    find=(("body", "body", _("cơ quan")), "status"),
    verbs=(
        "create",
        "edit",
        "withdraw",
        Verb(
            "issue",
            _("ban hành"),
            {Reminder.Status.DRAFT: Reminder.Status.ISSUED},
            do=reminders.issued,
            number=Serial("CV-ĐĐ", "{n:02d}/{symbol}", reminders.symbol),
            paper=reminders.LETTER,
            alike=True,
            done=_("Đã ban hành công văn"),
        ),
    ),
)


target = Register(
    name="plan.target",
    model=Target,
    label=_("Chỉ tiêu năm"),
    one=_("chỉ tiêu"),
    help=_(
        "Mỗi dòng là con số cần đạt của một chỉ tiêu trong một năm; báo cáo ghi đã đạt bao nhiêu phần trăm."
    ),
    order=("-year",),
    derive=items.of_target,
    fields=(
        Choice("indicator", among=indicator_choices),
        Count("year", said=lambda r: str(r.year)),
        Area("area_path", _("địa bàn"), required=False, help=_("để trống: toàn tỉnh")),
        Number("value"),
        Number("baseline", required=False),
        YesNo("grows", required=False),
        Text("source"),
    ),
    show=("indicator", "year", "area_path", "value", "baseline", "source"),
    find=("indicator", ("area", "area_path", _("địa bàn"))),
)
