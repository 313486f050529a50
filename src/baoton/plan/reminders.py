"""Reminding a body of its late work: which work, the words of the letter, letters to several bodies at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import rulebook
from baoton.kit.paper.letter import Letter
from baoton.kit.writing.verb import declare
from baoton.people.models import Organisation
from baoton.people.queries import issuer_of, signer_of
from baoton.places.queries import province_short
from baoton.plan.models import Reminder, Work
from baoton.plan.queries import OPEN, plan

declare("plan.briefing.see", gettext_lazy("xem màn hình điều hành và giao ban"))


@dataclass(frozen=True)
class Behind:
    """A body with late work: how many, how late the latest is, and the work itself."""

    body: str
    name: str
    works: Sequence[Work]
    days: int


def late_works(body: str = "", on: date | None = None) -> list[Work]:
    """Open work whose day has passed, the longest late first; of one body or of all."""
    rows = Work.objects.filter(withdrawn__isnull=True, status__in=OPEN, due__lt=on or timezone.localdate())
    return list((rows.filter(responsible=body) if body else rows).order_by("due", "title"))


def behind(works: Sequence[Work]) -> list[Behind]:
    """The late work by body, who has most of it first."""
    names, by_body = {o.code: str(o) for o in Organisation.objects.all()}, dict[str, list[Work]]()
    for one in works:
        by_body.setdefault(one.responsible, []).append(one)
    told = [Behind(b, names.get(b, b), own, max(w.days_late for w in own)) for b, own in by_body.items()]
    return sorted(told, key=lambda t: (-len(t.works), -t.days, t.name))


def derive(record: Reminder) -> None:
    """A draft names the body's late work as it stands; a body without any is not reminded."""
    if record.status != Reminder.Status.DRAFT:
        return
    found = late_works(record.body)
    if not found:
        raise ValidationError({"body": _("Cơ quan này không có việc nào trễ hạn.")})
    record.works = [
        {
            "id": str(w.pk),
            "title": w.title,
            "due": w.due.isoformat(),
            "days": w.days_late,
            "must_show": w.must_show,
        }
        for w in found
    ]
    record.late = len(found)


def issued(actor: Any, record: Reminder, answers: Mapping[str, Any]) -> None:
    record.issued_on = timezone.localdate()


def fields(record: Reminder) -> dict[str, Any]:
    """What the letter says."""
    current = plan()
    body = Organisation.objects.filter(code=record.body).first()
    rows = [
        {
            "n": n,
            "title": w["title"],
            "due": f"{date.fromisoformat(w['due']):%d/%m/%Y}",
            "days": w["days"],
            "must_show": w["must_show"],
        }
        for n, w in enumerate(record.works, 1)
    ]
    return {
        "to": body.name if body else record.body,
        "count": record.late,
        "plan": current.code if current else "",
        "plan_day": f"{current.issued:%d/%m/%Y}" if current else "",
        "on": f"{timezone.localdate():%d/%m/%Y}",
        "answer_by": f"{record.answer_by:%d/%m/%Y}",
        "place": province_short(),
        "rows": rows,
        "receivers": [f"{_('Như trên')};", f"{_('Lưu')}: VT."],
        "signer": signer_of(record.organisation),
    }


def symbol(body: str) -> str:
    """What stands behind the number of a letter of this body, with a blank for what the data do not hold."""
    return rulebook.letter_symbol(body, province=settings.PROVINCE)


def issuer(record: Reminder) -> tuple[str, str]:
    """The body that writes, under the province's committee."""
    return issuer_of(record.organisation)


LETTER = Letter(
    name="reminder",
    title="Công văn",
    about="đôn đốc các việc trễ hạn theo Kế hoạch {{ plan }}",
    paragraphs=(
        "Thực hiện Kế hoạch số {{ plan }} ngày {{ plan_day }}, đến ngày {{ on }} đơn vị còn {{ count }} việc đã quá "
        "hạn mà chưa báo hoàn thành, cụ thể như sau:",
    ),
    closing=(
        "Đề nghị {{ to }} khẩn trương hoàn thành và báo kết quả kèm minh chứng trước ngày {{ answer_by }}; việc nào "
        "vướng mắc, nêu rõ nguyên nhân và ngày hoàn thành dự kiến.",
        "Trân trọng./.",
    ),
    fields=fields,
    issuer=issuer,
    heads=(
        ("TT", "n", 1.0),
        ("Việc", "title", 6.6),
        ("Hạn", "due", 2.6),
        ("Số ngày trễ", "days", 1.8),
        ("Kết quả phải có", "must_show", 4.2),
    ),
)
