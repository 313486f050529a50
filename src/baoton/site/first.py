"""What comes first on a new installation, for whoever opens it: a sentence, and where to go where he can do it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from baoton.kit.access import Public, may
from baoton.observations.models import Occurrence
from baoton.people.models import Person
from baoton.people.queries import holders
from baoton.plan.models import Work
from baoton.plan.registers import work as work_book
from baoton.site.setup import steps

OPTIONAL = {"thu", "ranh-gioi", "ban", "viec"}


@dataclass(frozen=True)
class First:
    """One thing that comes first; without an address somebody else does it."""

    told: str
    address: str = ""
    label: str = ""


def first(actor: Any) -> list[First]:
    """Nothing once the office is at work; the public is never asked to do anything."""
    if isinstance(actor, Public):
        return []
    told = []
    if may(actor, "people.setup"):
        left = [s for s in steps(actor) if not s.done and s.name not in OPTIONAL]
        if left:
            sentence = _("Hệ thống mới cài: còn %(n)d bước, bước tới là “%(step)s”.")
            told.append(
                First(sentence % {"n": len(left), "step": left[0].title}, reverse("setup"), _("Mở cài đặt"))
            )
    elif isinstance(actor, Person) and not actor.grants.in_force().exists():
        told.append(First(_("Tài khoản của bạn chưa được cấp quyền nào; báo người quản trị của cơ quan.")))
    if may(actor, "plan.work.see") and not Work.objects.filter(withdrawn__isnull=True).exists():
        who = ", ".join(holders("plan.work.create"))
        if may(actor, "plan.work.create"):
            label = _("Giao việc đầu tiên")
            told.append(First(_("Kế hoạch đã nạp, chưa giao việc nào."), f"{work_book.url()}moi/", label))
        else:
            told.append(First(_("Chưa giao việc nào; người giao việc: %(who)s.") % {"who": who}))
    if may(actor, "observations.occurrence.import") and not Occurrence.objects.exists():
        label = _("Nhập tệp đầu tiên")
        told.append(First(_("Chưa có ghi nhận loài nào."), reverse("import-start"), label))
    return told
