"""The book of work that fulfils the plan."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from baoton.kit.reading.columns import Column
from baoton.kit.reading.filters import Area, Choice, Flag, Period, Related
from baoton.kit.reading.register import Register
from baoton.people.models import Organisation
from baoton.people.queries import organisation_choices
from baoton.places.queries import area_choices, is_former, unit_name
from baoton.plan.actions import derive
from baoton.plan.models import Work
from baoton.plan.queries import task_choices

OPEN = Q(status__in=[Work.Status.PLANNED, Work.Status.DOING])


def responsible(record: Any) -> str:
    return str(Organisation.objects.filter(pk=record.responsible).first() or record.responsible)


class Late(Flag):
    """Open work whose day has passed, judged today."""

    def q(self, value: str, door: Any) -> Q:
        late = OPEN & Q(due__lt=timezone.localdate())
        return late if value == "1" else ~late


work = Register(
    name="plan.work",
    model=Work,
    label=_("Việc phải làm"),
    one=_("việc"),
    help=_("Mỗi dòng là một việc cụ thể của một nhiệm vụ: ai làm, ở đâu, hạn nào, phải có kết quả gì."),
    order=("due",),
    columns=(
        Column("title"),
        Column("task", _("nhiệm vụ"), show=lambda r: r.task.short if r.task else "", fetch="task"),
        Column("responsible", show=responsible),
        Column("area_path", show=lambda r: unit_name(r.area_path)),
        Column("due"),
        Column("status"),
    ),
    export=(
        Column("title"),
        Column("task", _("nhiệm vụ"), "task.title", fetch="task"),
        Column("responsible"),
        Column("area_path"),
        Column("begins"),
        Column("due"),
        Column("must_show"),
        Column("status"),
        Column("finished"),
        Column("result"),
    ),
    filters=(
        Related("task", _("nhiệm vụ"), "task_id", task_choices),
        Choice("status", _("tình trạng"), Work.Status.choices),
        Late("late", _("thời hạn"), yes=_("đã trễ hạn"), no=_("chưa trễ hạn")),
        Related("who", _("cơ quan"), "responsible", organisation_choices),
        Area("area", _("địa bàn"), area_choices, is_former),
        Period("due", _("hạn"), "due"),
        Period("finished", _("xong"), "finished"),
    ),
    fields=("title", "task", "responsible", "area_path", "begins", "due", "working_days", "must_show"),
    prepare=derive,
    actions=("plan.work.start", "plan.work.finish", "plan.work.drop", "plan.work.reopen"),
)
