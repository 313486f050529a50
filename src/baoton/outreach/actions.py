"""A session finds the work it was held for, and closes it once it is proved."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from baoton.files.actions import keeping
from baoton.files.models import Evidence
from baoton.files.queries import of_record
from baoton.kit.access import Actor, may
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.write import act
from baoton.outreach.models import Session
from baoton.plan.models import Work
from baoton.plan.queries import OPEN, serves, task_node

PAPERS = {Evidence.Kind.ATTENDANCE, Evidence.Kind.SCAN, Evidence.Kind.MINUTES}


def derive(record: Session) -> None:
    """A session serves the outreach task, and the one open work of its commune in its quarter."""
    serves("outreach")(record)
    if record.work_id is None and record.day and record.area_path:
        due = quarter_work(record)
        record.work = due[0] if len(due) == 1 else None


def quarter_work(record: Session) -> list[Work]:
    """The open outreach work of the session's commune that falls due in the quarter it was held in."""
    first = 3 * ((record.day.month - 1) // 3) + 1
    rows = Work.objects.filter(
        withdrawn__isnull=True, status__in=OPEN, task=task_node("outreach"), area_path=record.area_path,
        due__year=record.day.year, due__month__range=(first, first + 2),
    )  # fmt: skip
    return list(rows[:2])


def missing(record: Session) -> str:
    """What a session still lacks to close its work, in a sentence; empty where nothing."""
    if record.work is None:
        return _("Buổi này chưa gắn với việc nào được giao.")
    if record.work.status not in OPEN:
        return _("Việc được giao đã xong hoặc đã dừng.")
    kinds = set(of_record(record).values_list("kind", flat=True))
    lacking = [] if Evidence.Kind.PHOTO in kinds else [_("ảnh buổi tuyên truyền")]
    lacking += [] if PAPERS & kinds else [_("danh sách người dự")]
    return _("Còn thiếu: %(what)s.") % {"what": ", ".join(lacking)} if lacking else ""


def closed(actor: Actor, record: Session, answers: Mapping[str, Any]) -> None:
    """The work is reported as done, with the session as its result."""
    close(actor, record)


def close(actor: Actor, record: Session) -> None:
    told = _("Buổi “%(title)s” ngày %(day)s, %(n)s người dự; ảnh và danh sách ở trang của buổi.")
    people = _("không rõ số") if record.participants is None else record.participants
    words = {"title": record.title, "day": date_format(record.day, "d/m/Y"), "n": people}
    act(
        REGISTERS["plan.work"], actor, record.work, "finish", {"result": told % words, "finished": record.day}
    )


def keep(kind: str = "") -> Any:
    """Files are kept as evidence; with a photo and a list the session closes its work by itself."""
    store = keeping(kind)

    def kept(actor: Actor, record: Session, given: Sequence[Any]) -> None:
        store(actor, record, given)
        record.refresh_from_db()
        if not missing(record) and may(actor, "plan.work.finish", record.work):
            close(actor, record)

    return kept
