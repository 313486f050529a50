"""The book of outreach sessions."""

from django.utils.translation import gettext_lazy as _

from baoton.kit.reading.columns import Column
from baoton.kit.reading.filters import Area, Choice, Period
from baoton.kit.reading.register import Register
from baoton.outreach.models import Session
from baoton.places.queries import area_choices, is_former, unit_name
from baoton.plan.queries import task_node


def serve_task_one(record: Session) -> None:
    """A session serves the outreach task unless somebody said otherwise."""
    record.task = record.task or task_node(1)


session = Register(
    name="outreach.session",
    model=Session,
    label=_("Buổi tuyên truyền"),
    one=_("buổi tuyên truyền"),
    help=_("Mỗi dòng là một buổi tuyên truyền ở một xã, phường: ngày, hình thức, số người dự."),
    order=("-day",),
    prepare=serve_task_one,
    columns=(
        Column("title"),
        Column("kind"),
        Column("day"),
        Column("area_path", show=lambda r: unit_name(r.area_path)),
        Column("participants", numeric=True),
        Column("women", numeric=True),
    ),
    filters=(
        Choice("kind", _("hình thức"), Session.Kind.choices),
        Area("area", _("địa bàn"), area_choices, is_former),
        Period("when", _("thời gian"), "day"),
    ),
    fields=("title", "kind", "day", "area_path", "village", "language", "participants", "women", "materials"),
)
