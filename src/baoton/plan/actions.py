"""What is done with the plan: load it, start, finish and drop work, compute its figures."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

import rulebook
from baoton.kit.access import Actor
from baoton.kit.writing.action import action
from baoton.kit.writing.changed import listen
from baoton.kit.writing.workflow import NotNow, Step, Workflow
from baoton.plan.models import IndicatorValue, Node, Plan, Work
from baoton.plan.queries import INDICATORS, Indicator, task_node

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
FLOW = Workflow(
    [
        Step(Work.Status.PLANNED, "plan.work.start", Work.Status.DOING),
        Step(Work.Status.PLANNED, "plan.work.finish", Work.Status.DONE),
        Step(Work.Status.DOING, "plan.work.finish", Work.Status.DONE),
        Step(Work.Status.PLANNED, "plan.work.drop", Work.Status.DROPPED),
        Step(Work.Status.DOING, "plan.work.drop", Work.Status.DROPPED),
        Step(Work.Status.DONE, "plan.work.reopen", Work.Status.DOING),
        Step(Work.Status.DROPPED, "plan.work.reopen", Work.Status.PLANNED),
    ]
)
Work.workflow = FLOW  # type: ignore[attr-defined]


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


def derive(record: Any) -> None:
    """A deadline given in working days becomes a day; a work item without either is refused by the form."""
    if record.working_days and record.begins:
        record.due = rulebook.add_working_days(record.begins, record.working_days)


@action("plan.work.start", gettext_lazy("bắt đầu"))
def start(actor: Actor, record: Work, reason: str = "") -> None:
    """The work is under way from today."""
    FLOW.move(record, "plan.work.start")
    record.begins = record.begins or timezone.localdate()


@action("plan.work.finish", gettext_lazy("báo hoàn thành"))
def finish(actor: Actor, record: Work, reason: str = "", on: date | None = None) -> None:
    """The work is done, with what it shows."""
    if not (reason or record.result):
        raise NotNow(_("Ghi kết quả: %(must)s") % {"must": record.must_show})
    FLOW.move(record, "plan.work.finish")
    record.finished = on or timezone.localdate()
    record.result = reason or record.result


@action("plan.work.drop", gettext_lazy("dừng thực hiện"))
def drop(actor: Actor, record: Work, reason: str = "") -> None:
    """The work will not be done, and the reason stays with it."""
    if not reason:
        raise NotNow(_("Ghi lý do dừng thực hiện."))
    FLOW.move(record, "plan.work.drop")
    record.result = reason


@action("plan.work.reopen", gettext_lazy("mở lại"))
def reopen(actor: Actor, record: Work, reason: str = "") -> None:
    """The work is open again."""
    FLOW.move(record, "plan.work.reopen")
    record.finished = None


def source_words(text: Any) -> str:
    """A sentence as it is stored: in the source language, whoever asked for the computation."""
    with override("vi"):
        return str(text)


def compute(years: Iterable[int], only: Sequence[Indicator] | None = None) -> int:
    """Every figure of the years stands anew, province and communes; how many. A figure no longer told is removed."""
    now, made = timezone.now(), 0
    for year in years:
        for one in only if only is not None else INDICATORS.values():
            told = one.compute(year)
            rows = [
                IndicatorValue(
                    indicator=one.name,
                    task=task_node(one.task),
                    year=year,
                    area_path=path,
                    value=figure.value,
                    low=figure.low,
                    high=figure.high,
                    count=figure.count,
                    register=one.register,
                    query=dict(figure.query),
                    input_hash=figure.input_hash,
                    method=one.method,
                    why_unknown=source_words(figure.why_unknown),
                    computed=now,
                )
                for path, figure in told.items()
            ]
            with transaction.atomic():
                IndicatorValue.objects.filter(indicator=one.name, year=year).delete()
                IndicatorValue.objects.bulk_create(rows)
            made += len(rows)
    return made


_waiting: set[str] = set()


@listen
def recompute(label: str, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> None:
    """When rows change, the figures that rest on their register are computed again once the change stands."""
    from baoton.kit.reading.register import REGISTERS

    def run() -> None:
        if not _waiting:
            return
        labels = set(_waiting)
        _waiting.clear()
        touched = [i for i in INDICATORS.values() if REGISTERS[i.register].model._meta.label_lower in labels]
        years = sorted(set(IndicatorValue.objects.values_list("year", flat=True)))
        compute(years, touched)

    _waiting.add(label)
    transaction.on_commit(run)
