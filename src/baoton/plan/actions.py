"""What is done with the plan: load it, start, finish and drop work, compare its figures with the records."""

import logging
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

import rulebook
from baoton.kit import jobs
from baoton.plan import figures
from baoton.plan.models import Node, Plan
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


@transaction.atomic
def load(province: str, code: str) -> Plan:
    """The plan stands in the database node for node as the rulebook has it; loading twice changes nothing."""
    source = rulebook.plans.load(province, code)
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
                "topics": {t.topic: t.code for t in source.tasks},
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
                "parent_id": f"{source.id}:{one.parent}" if one.parent else None,
                "position": position,
                "title": task.short if task else one.vi,
                "title_en": one.en,
                "official": task.name if task else "",
                "lead": list(task.lead_bodies) if task else ([one.body] if one.body else []),
                "with_bodies": list(task.coordinating_bodies) if task else [],
                "time": task.time if task else "",
                "where_in_document": one.place,
                "serves": list(one.serves),
            },
        )
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


def derive(record: Any) -> None:
    """A deadline given in working days becomes a day; a work item without either is refused."""
    if record.working_days and record.begins:
        record.due = rulebook.add_working_days(record.begins, record.working_days)


def source_words(text: Any) -> str:
    """A sentence as it is stored: in the source language, whoever asked for the computation."""
    with override("vi"):
        return str(text)
