"""Giving work: one letter makes a piece of work for each body; accepted, asked back, reported, checked, escalated."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import rulebook
from baoton.files.queries import of_record
from baoton.kit import jobs
from baoton.kit.access import System
from baoton.kit.kinds.words import as_text
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.serial import number_of
from baoton.people.models import Organisation
from baoton.places.queries import province_path
from baoton.plan.models import Assignment, Document, Meeting, Node, Proof, Reminder, Target, Work, Yearly
from baoton.plan.queries import OPEN, tasks
from rulebook.errors import RulebookError

MONTHS = {"month": 1, "quarter": 3, "year": 12}
HEAD_AFTER, LEAD_AFTER, ANSWER_DAYS, AHEAD = 5, 10, 5, 45
"""Days late after which the head of a body, then the lead, is told; working days to answer a reminder; days before the
end of a period in which the next work of a repeated letter is made."""


def of_province(record: Meeting | Document | Yearly | Target) -> None:
    record.area_path = record.area_path or province_path()


def of_assignment(record: Assignment) -> None:
    """A day that is no working day is told with the nearest one before it; a repeated letter says until when."""
    record.area_path = record.area_path or province_path()
    if record.working_days and record.status == Assignment.Status.DRAFT:
        record.due = rulebook.add_working_days(timezone.localdate(), record.working_days)
    if record.due and (nearest := working_day_before(record.due)) != record.due:
        told = _("Ngày %(due)s là ngày nghỉ; ngày làm việc gần nhất trước đó là %(day)s.")
        raise ValidationError({"due": told % {"due": as_text(record.due), "day": as_text(nearest)}})
    if record.every != Assignment.Every.ONCE and (record.until is None or record.until < record.due):
        raise ValidationError(
            {"until": _("Việc lặp lại thì ghi lặp đến ngày nào, không trước hạn đầu tiên.")}
        )


def working_day_before(day: date) -> date:
    """The day itself where it is a working day or nobody knows, else the last working day before it."""
    try:
        while not rulebook.is_working_day(day):
            day -= timedelta(days=1)
    except RulebookError:
        return day
    return day


def issue(actor: Any, record: Assignment, said: Mapping[str, Any]) -> None:
    """Each body has its piece of work from the day the letter is issued."""
    if not record.bodies:
        raise ValidationError(_("Chọn ít nhất một cơ quan để giao việc."))
    record.issued_on = timezone.localdate()
    make(actor, record, record.due, record.issued_on)


def make(actor: Any, letter: Assignment, due: date, begins: date) -> list[Work]:
    """The work of one period stands for every body of the letter that has none of that day yet."""
    book, made = REGISTERS["plan.work"], []
    bodies = {o.code: o for o in Organisation.objects.filter(code__in=letter.bodies)}
    there = set(Work.objects.filter(assignment=letter, due=due).values_list("responsible", flat=True))
    task = task_of(letter.node)
    for code in letter.bodies:
        if code in there or code not in bodies:
            continue
        fresh = Work(
            title=letter.title, task=task, responsible=code, organisation=letter.organisation, begins=begins, due=due,
            area_path=bodies[code].area_path or province_path(), must_show=letter.must_show, weight=letter.weight,
            assignment=letter,
        )  # fmt: skip
        made.append(write.create(book, actor, fresh))
    return made


def task_of(node: Node) -> Node | None:
    """The task a node serves: itself, or the first that it names."""
    if node.kind == Node.Kind.TASK:
        return node
    serves = [n for n in node.plan.nodes.filter(kind=Node.Kind.TASK) if n.number in node.serves]
    return serves[0] if serves else None


def next_due(letter: Assignment, after: date) -> date | None:
    """The day of the period after the one of that day; None where the letter does not go on."""
    months = MONTHS.get(letter.every)
    if months is None or letter.until is None:
        return None
    n = after.year * 12 + after.month - 1 + months
    first = date(n // 12, n % 12 + 1, 1)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    due = working_day_before(min(first.replace(day=min(letter.due.day, last.day)), last))
    return due if due <= letter.until else None


# — what a body does with its work —


def accept(actor: Any, record: Work, said: Mapping[str, Any]) -> None:
    record.accepted, record.question = timezone.localdate(), ""


def already_accepted(record: Work) -> str:
    return _("Cơ quan đã nhận việc này.") if record.accepted else ""


def ask_back(actor: Any, record: Work, said: Mapping[str, Any]) -> None:
    record.question = str(said["question"])


def not_asked(record: Work) -> str:
    return "" if record.question else _("Cơ quan không hỏi lại gì.")


def answer(actor: Any, record: Work, said: Mapping[str, Any]) -> None:
    record.question = ""
    if said.get("to"):
        record.due = said["to"]


def report(actor: Any, record: Work, said: Mapping[str, Any]) -> None:
    """Per cent and a word; whoever reports has accepted."""
    percent = int(said["percent"])
    if percent > 100:
        raise ValidationError({"percent": _("Tiến độ từ 0 đến 100 %.")})
    record.percent, record.said = percent, str(said["said"])
    record.accepted = record.accepted or timezone.localdate()
    record.begins = record.begins or timezone.localdate()


def unproven(record: Work) -> str:
    """Work given by a letter is reported done with something that shows it."""
    if record.assignment_id is None or of_record(record).exists():
        return ""
    if Proof.objects.filter(work=record, withdrawn__isnull=True).exists():
        return ""
    return _(
        "Việc được giao bằng công văn: đính kèm tệp hoặc gắn một bản ghi làm minh chứng trước khi báo hoàn thành."
    )


def already_checked(record: Work) -> str:
    return _("Việc này đã được kiểm tra.") if record.checked else ""


def check(actor: Any, record: Work, said: Mapping[str, Any]) -> None:
    record.checked, record.percent = timezone.localdate(), 100


def give_back(actor: Any, record: Work, said: Mapping[str, Any]) -> None:
    record.finished, record.said = None, str(said["reason"])[:300]


# — by night —


@jobs.nightly("plan.repeated", gettext_lazy("Lập việc kỳ tới của các việc lặp lại"))
def repeat(progress: jobs.Progress) -> str:
    """Each repeated letter has the work of its next period before that begins."""
    made, today = 0, timezone.localdate()
    letters = Assignment.objects.filter(status=Assignment.Status.ISSUED, withdrawn__isnull=True).exclude(
        every=Assignment.Every.ONCE
    )
    for letter in letters.order_by("id"):
        due: date | None = letter.works.order_by("-due").values_list("due", flat=True).first() or letter.due
        while due is not None and due <= today + timedelta(days=AHEAD):
            begins, due = due, next_due(letter, due)
            if due is not None:
                with transaction.atomic():
                    made += len(make(System(), letter, due, begins))
    progress(made, step=_("%(n)d việc mới") % {"n": made})
    return ""


@jobs.nightly("plan.escalated", gettext_lazy("Soạn công văn đôn đốc việc trễ hạn"))
def escalate(progress: jobs.Progress) -> str:
    """A body whose work is late long enough for the lead has a drafted reminder, once while one waits."""
    today, made = timezone.localdate(), 0
    late = Work.objects.filter(
        withdrawn__isnull=True, status__in=OPEN, due__lt=today - timedelta(days=LEAD_AFTER)
    )
    waiting = set(
        Reminder.objects.filter(withdrawn__isnull=True, status="draft").values_list("body", flat=True)
    )
    lately = today - timedelta(days=2 * LEAD_AFTER)
    waiting |= set(
        Reminder.objects.filter(withdrawn__isnull=True, issued_on__gte=lately).values_list("body", flat=True)
    )
    lead = lead_body()
    for body in sorted(set(late.values_list("responsible", flat=True)) - waiting):
        letter = Reminder(
            body=body, answer_by=rulebook.add_working_days(today, ANSWER_DAYS), organisation=lead,
            area_path=province_path(),
        )  # fmt: skip
        write.create(REGISTERS["plan.reminder"], System(), letter)
        made += 1
    progress(made, step=_("%(n)d công văn dự thảo") % {"n": made})
    return ""


def lead_body() -> str:
    """The body that leads the plan: the first its tasks name."""
    return next((code for task in tasks() for code in task.lead), "")


def level(work: Work) -> str:
    """Who is told of late work now: its owner, the head of the body, then the lead; empty where it is not late."""
    if not work.days_late:
        return ""
    steps: Sequence[tuple[int, str]] = (
        (LEAD_AFTER, _("cơ quan chủ trì")),
        (HEAD_AFTER, _("thủ trưởng cơ quan")),
    )
    return next((who for days, who in steps if work.days_late > days), _("người được giao"))


# — targets —


def of_target(record: Target) -> None:
    """A target for what should grow lies above where it began, and the other way round."""
    record.area_path = record.area_path or province_path()
    if record.baseline is None or record.value is None:
        return
    if record.grows and record.value < record.baseline:
        raise ValidationError({"value": _("Chỉ tiêu cần tăng mà thấp hơn mức ban đầu; xem lại hai con số.")})
    if not record.grows and record.value > record.baseline:
        raise ValidationError({"value": _("Chỉ tiêu cần giảm mà cao hơn mức ban đầu; xem lại hai con số.")})


# — yearly plans —


def of_yearly(record: Yearly) -> None:
    """A body's plan is read where the body is."""
    body = Organisation.objects.filter(pk=record.body).first()
    record.area_path = (body.area_path if body else "") or province_path()
    if not 2000 <= (record.year or 0) <= 2100:
        raise ValidationError({"year": _("Năm viết đủ bốn chữ số, như 2026.")})


def approve(actor: Any, record: Yearly, said: Mapping[str, Any]) -> None:
    """The plan takes its number from the body's own series."""
    record.number = number_of("KH", record.body, record, timezone.localdate())
