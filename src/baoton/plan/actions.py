"""What is done with the plan: load it, start, finish and drop work, compare its figures with the records."""

import logging
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

import rulebook
from baoton.kit import jobs
from baoton.kit.access import Actor, require
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.plan import figures
from baoton.plan.models import Node, Plan, Work
from baoton.plan.queries import INDICATORS

log = logging.getLogger(__name__)

KINDS = {
    "aim": Node.Kind.AIM,
    "requirement": Node.Kind.REQUIREMENT,
    "general_objective": Node.Kind.OBJECTIVE,
    "objective": Node.Kind.OBJECTIVE,
    "task": Node.Kind.TASK,
    "section": Node.Kind.GROUP,
    "group": Node.Kind.GROUP,
    "solution": Node.Kind.SOLUTION,
    "duty": Node.Kind.DUTY,
    "closing": Node.Kind.DUTY,
}


def load(province: str, code: str) -> Plan:
    """The plan stands in the database node for node as the rulebook has it; loading twice changes nothing."""
    return stand(rulebook.plans.load(province, code))


@transaction.atomic
def stand(source: rulebook.plans.Plan, **more: Any) -> Plan:
    """A plan of the rulebook's shape stands node for node; `more` is kept with it. A node it lost is taken away.

    Raises `ValidationError` where something is tied to a node that the plan does not have any more.
    """
    starts = [t.start.year for t in source.tasks if t.start]
    ends = [t.due.year for t in source.tasks if t.due]
    plan, _made = Plan.objects.update_or_create(
        code=source.id,
        defaults={
            "title": source.title,
            "title_en": source.title_en,
            "issuer": source.issuer,
            "issued": source.issued,
            "first_year": min(starts, default=source.issued.year),
            "last_year": max(ends, default=None),
            "body": {
                "recipients": [[r.name, r.purpose] for r in source.recipients],
                "cites": [[c.id, c.place] for c in source.cites],
                "signed_for": source.signed_for,
                "certainty": str(source.certainty),
                "topics": {t.topic: t.code for t in source.tasks if t.topic},
                **more,
            },
        },
    )
    by_code = {t.code: t for t in source.tasks}
    for position, one in enumerate(source.nodes):
        task = by_code.get(one.code)
        Node.objects.update_or_create(
            key=f"{source.id}:{one.code}",
            defaults={
                "plan": plan,
                "code": one.code,
                "kind": KINDS[one.kind],
                "number": task.number if task else None,
                "parent_id": f"{source.id}:{one.parent}" if one.parent else None,
                "position": position,
                "title": task.short if task else one.vi,
                "title_en": one.en,
                "official": task.name if task else "",
                "lead": list(task.lead_bodies) if task else list(one.bodies),
                "with_bodies": coordinating(task) if task else [],
                "lead_said": task.lead if task else "",
                "with_said": task.coordinating if task else "",
                "time": task.time if task else "",
                "where_in_document": one.place,
                "serves": list(one.serves),
            },
        )
    for lost in plan.nodes.exclude(code__in=[n.code for n in source.nodes]).order_by("-position"):
        try:
            lost.delete()
        except (ProtectedError, RestrictedError) as error:
            told = _("Mục %(code)s đã có việc, văn bản hay bản ghi gắn vào, nên không bỏ được.")
            raise ValidationError(told % {"code": lost.code}) from error
    return plan


@jobs.nightly("plan.figures", gettext_lazy("Đối chiếu số liệu với bản ghi"))
def compare(progress: jobs.Progress) -> str:
    """Every figure is counted anew from the rows; one that is wrong is told in the log and the audit, and mended."""
    wrong: list[str] = []
    for i, one in enumerate(INDICATORS.values()):
        progress(i, len(INDICATORS), str(one.label))
        if figures.differences([one]):  # most nights nothing is, and nobody has to wait
            wrong += figures.mend(one)
    for line in wrong:
        log.error("figure was wrong: %s", line)
    told = (
        _("%(n)d số liệu lệch, đã tính lại") % {"n": len(wrong)} if wrong else _("không có số liệu nào lệch")
    )
    progress(len(INDICATORS), len(INDICATORS), told)
    return ""


def coordinating(task: rulebook.plans.Task) -> list[str]:
    """The bodies that take part; where the annex names communes, their own committees and no others."""
    named = [f"ubnd_{code}" for code in task.communes]
    return [
        b for code in task.coordinating_bodies for b in (named if code == "ubnd_xa" and named else [code])
    ]


def copy_year(actor: Actor, first: int) -> tuple[int, int]:
    """The work of a year stands in the next one too, a year later and not begun: how many copied, how many stood.

    Work that was dropped is left out; one that the next year has already (same words, body, area, day) stays.
    """
    book = REGISTERS["plan.work"]
    require(actor, "plan.work.create")
    rows = book.door(actor).rows()
    standing = {_sign(w) for w in rows.filter(due__year=first + 1)}
    copied = stood = 0
    with transaction.atomic():
        for one in rows.filter(due__year=first).exclude(status=Work.Status.DROPPED).order_by("due", "id"):
            fresh = Work(
                title=one.title.replace(str(first), str(first + 1)), task_id=one.task_id, responsible=one.responsible,
                organisation=one.organisation, area_path=one.area_path, due=a_year_on(one.due),
                begins=a_year_on(one.begins) if one.begins else None, must_show=one.must_show,
            )  # fmt: skip
            if _sign(fresh) in standing:
                stood += 1
                continue
            write.create(book, actor, fresh)
            copied += 1
    return copied, stood


def _sign(one: Work) -> tuple[Any, ...]:
    return one.title, one.responsible, one.area_path, one.due


def a_year_on(day: date) -> date:
    """The same day a year later; 29 February becomes the 28th."""
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def derive(record: Any) -> None:
    """A deadline given in working days becomes a day; a work item without either is refused."""
    if record.working_days and record.begins:
        record.due = rulebook.add_working_days(record.begins, record.working_days)


def source_words(text: Any) -> str:
    """A sentence as it is stored: in the source language, whoever asked for the computation."""
    with override("vi"):
        return str(text)
