"""A session finds its village and the work it was held for, and closes that once it is proved."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from baoton.files.actions import keeping
from baoton.files.models import Evidence
from baoton.files.queries import of_record
from baoton.kit.access import Actor, may
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.outbox import Rows, changed_much, followed_by
from baoton.kit.writing.write import act
from baoton.outreach.models import Campaign, Pledge, Session
from baoton.places.queries import Listed, listed, province_path, unit_name, village_of
from baoton.plan.models import Work
from baoton.plan.queries import OPEN, serves, task_node

PAPERS = {Evidence.Kind.ATTENDANCE, Evidence.Kind.SCAN, Evidence.Kind.MINUTES}


def derive(record: Session) -> None:
    """A session serves the outreach task, its village and the one open work of its commune in its quarter."""
    serves("outreach")(record)
    for parts in (("men", "women"), Session.GROUPS):
        known = [n for p in parts if (n := getattr(record, p)) is not None]
        if record.participants is None and len(known) == len(parts):
            record.participants = sum(known)
    record.settlement_id = village_of(record.area_path, record.village)
    if record.work_id is None and record.day and record.area_path:
        due = quarter_work(record)
        record.work = due[0] if len(due) == 1 else None


def derive_campaign(record: Campaign) -> None:
    """A campaign of which nobody said the commune is of the province."""
    serves("outreach")(record)
    record.area_path = record.area_path or province_path()


def derive_pledge(record: Pledge) -> None:
    """A pledge signed at a session is of its campaign, commune and village; it was signed already."""
    serves("outreach")(record)
    if record.day and record.day > timezone.localdate():
        raise ValidationError({"day": _("Ngày này chưa đến.")})
    if record.session_id and record.session is not None:
        if record._state.adding and record.area_path not in {"", record.session.area_path}:
            told = _("Buổi này ở %(area)s; chọn buổi của xã, phường này hoặc để trống.")
            raise ValidationError({"session": told % {"area": unit_name(record.session.area_path)}})
        record.area_path = record.area_path or record.session.area_path
        record.campaign_id = record.campaign_id or record.session.campaign_id
        record.village = record.village or record.session.village


@followed_by
def relink(book: str, before: Rows, after: Rows) -> None:
    """Sessions find their village anew when the list of villages changed; figures are counted anew."""
    if book != "places.village":
        return
    areas = {row["area_path"] for row in (*before, *after)}
    rows, by_area = Session.objects.exclude(village=""), dict[str, Listed]()
    for one in rows.filter(area_path__in=areas) if areas else rows:
        if one.area_path not in by_area:
            by_area[one.area_path] = listed(one.area_path)
        found = village_of(one.area_path, one.village, by_area[one.area_path])
        if found != one.settlement_id:
            Session.objects.filter(pk=one.pk).update(settlement=found)
    changed_much(Session)


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
