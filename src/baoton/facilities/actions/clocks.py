"""Days that follow from rows: findings to be mended, visits to be made, animals to be told of; each a clock at home."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from baoton.facilities.actions.dossiers import notice_days
from baoton.facilities.models import Entry, Finding, Inspection, Notice, Stock
from baoton.kit.models import Clock
from baoton.kit.writing import clock
from baoton.kit.writing.outbox import followed_by
from rulebook.errors import RulebookError
from rulebook.workdays import working_days_between

MEND, VISIT = gettext_noop("khắc phục tồn tại"), gettext_noop("kiểm tra theo kế hoạch")
TELL = gettext_noop("báo kiểm lâm")
BROUGHT = {Entry.Movement.BOUGHT, Entry.Movement.TAKEN}
Row = Mapping[str, Any]


def none_yet(record: Any, on: date) -> int | None:
    """The clock of the record follows its own day; the verb itself starts none."""
    return None


def until(record: Any, name: str, since: date, due: date) -> None:
    """The record's clock falls due on this very day; where no calendar tells the working days, none is counted."""
    running = clock.opened(record.pk, name)
    if running is not None and running.due == due:
        return
    if running is not None:
        clock.stop(record, name, max(running.since, min(timezone.localdate(), due)))
    since = min(since, due)
    try:
        days = working_days_between(since, due)
    except RulebookError:
        return
    made = clock.start(record._meta.label_lower, record, name, days, since)
    Clock.objects.filter(pk=made.pk).update(due=due)


def ended(record: Any, name: str, on: date) -> None:
    """The record's clock stops, not before it ran."""
    running = clock.opened(record.pk, name)
    if running is not None:
        clock.stop(record, name, max(running.since, on))


@followed_by
def follow(label: str, before: Sequence[Row], after: Sequence[Row]) -> None:
    """The clocks stand as the rows do, in the same transaction."""
    work = {
        "facilities.finding": _finding, "facilities.inspection": _visit, "facilities.notice": _notice,
        "facilities.entry": _entry,
    }.get(label)  # fmt: skip
    known = {row["id"] for row in before}
    for row in after if work else ():
        work(row, row["id"] not in known)  # type: ignore[misc]


def _finding(row: Row, fresh: bool) -> None:
    one = Finding.objects.select_related("inspection").get(pk=row["id"])
    if one.status == Finding.Status.OPEN and one.withdrawn is None:
        until(one, MEND, one.inspection.day, one.due)
    else:
        ended(one, MEND, one.closed_on or timezone.localdate())


def _visit(row: Row, fresh: bool) -> None:
    one = Inspection.objects.get(pk=row["id"])
    if one.status == Inspection.Status.PLANNED and one.withdrawn is None:
        until(one, VISIT, timezone.localdate(), one.day)
    else:
        ended(one, VISIT, timezone.localdate())


def _entry(row: Row, fresh: bool) -> None:
    """Ordinary animals that came in are to be told of; the first that nobody told of counts."""
    if not fresh or row["movement"] not in BROUGHT:
        return
    one = Entry.objects.select_related("book").get(pk=row["id"])
    stock = one.book
    notices = Notice.objects.filter(facility=stock.facility_id, taxon=stock.taxon_id, withdrawn__isnull=True)
    if (
        stock.form != Stock.Form.ORDINARY
        or clock.opened(stock.pk, TELL)
        or notices.filter(brought=one.day).exists()
    ):
        return
    try:
        days = notice_days(one.day)
    except RulebookError:
        return
    clock.start(stock._meta.label_lower, stock, TELL, days, one.day)


def _notice(row: Row, fresh: bool) -> None:
    """Whoever told of a species at a facility has told of what came in until then."""
    if not fresh:
        return
    one = Notice.objects.get(pk=row["id"])
    for stock in Stock.objects.filter(facility=one.facility_id, taxon=one.taxon_id, form=Stock.Form.ORDINARY):
        running = clock.opened(stock.pk, TELL)
        if running is not None and one.brought >= running.began:
            ended(stock, TELL, one.told)
