"""How a book is kept: both sides of a delivery, the last count, lines all written on one day, the capacity."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from baoton.facilities.models import CLASSES, Counted, Entry, Inspection, Stock, Transfer
from baoton.facilities.queries import labels
from baoton.facilities.rules.found import Book, Found, M, Told, Unjudged, keys, parameter
from baoton.kit.kinds.words import as_text

DAYS_TOLD, SPREAD = 5, 60
"""So many different days, over so long, written at once are no bookkeeping of a month."""


def transfers(book: Book) -> Told:
    """Deliveries that the other side has not written for too long, or does not agree to."""
    rows = Transfer.objects.filter(giver=book.stock, withdrawn__isnull=True)
    open_ = rows.filter(status__in=[Transfer.Status.PROPOSED, Transfer.Status.DISPUTED])
    left = [e for e in book.lines if e.movement == M.LEFT]
    for one in open_.select_related("receiver__facility").order_by("day", "pk"):
        disputed = one.status == Transfer.Status.DISPUTED
        if not disputed and (book.on - one.day).days <= parameter("one_sided_days"):
            continue
        words = (
            _("Chuyển ngày %(day)s tới %(to)s: bên nhận không đồng ý.")
            if disputed
            else _("Chuyển ngày %(day)s tới %(to)s: đã %(n)s ngày bên nhận chưa ghi sổ.")
        )
        said = {"day": as_text(one.day), "to": one.receiver.facility, "n": as_text((book.on - one.day).days)}
        which = [e for e in left if e.day == one.day and -e.amount == one.amounts.get(e.kind)]
        yield Found("one_sided", str(one.pk), words % said, keys(which))


def counts(book: Book) -> Told:
    """What the last visit counted beside the book; a large class may differ by the error of counting."""
    last = (
        Inspection.objects.filter(
            counts__stock=book.stock, counts__counted__isnull=False, status=Inspection.Status.FINISHED,
            withdrawn__isnull=True, day__lte=book.on,
        )
        .order_by("-day", "-pk")
        .first()
    )  # fmt: skip
    if last is None:
        yield Unjudged("count_differs", "never_counted")
        return
    order = CLASSES[Stock.Form(book.stock.form)]
    rows = sorted(
        Counted.objects.filter(inspection=last, stock=book.stock, counted__isnull=False),
        key=lambda c: order.index(c.kind) if c.kind in order else len(order),
    )
    whole = sum((c.counted or 0) - c.balance for c in rows) == 0
    for c in rows:
        gap = abs((c.counted or 0) - c.balance)
        if gap <= int(parameter("count_error") * c.balance):
            continue
        words = _("Kiểm tra ngày %(day)s, lớp “%(kind)s”: sổ ghi %(n)s, đếm được %(counted)s.")
        said = {
            "day": as_text(last.day), "kind": labels()[c.kind], "n": as_text(c.balance), "counted": as_text(c.counted),
        }  # fmt: skip
        more = " " + _("Tổng số mọi lớp vẫn khớp.") if whole else ""
        standing = [e for e in book.lines if e.kind == c.kind and e.day <= last.day][-3:]
        yield Found("count_differs", f"{last.pk} {c.kind}", words % said + more, keys(standing))


def one_day(book: Book) -> Told:
    """Many lines of long ago all written on one day shortly before a visit."""
    days: dict[date, list[Entry]] = defaultdict(list)
    for e in book.lines:
        if e.movement != M.OPENING:
            days[e.entered].append(e)
    begun = min((e.entered for e in book.lines), default=None)
    visits = list(
        Inspection.objects.filter(facility=book.stock.facility_id, withdrawn__isnull=True).values_list(
            "day", flat=True
        )
    )
    before = parameter("before_visit_days")
    dumped = {entered: some for entered, some in sorted(days.items()) if _dumped(some)}
    near = {d for d in dumped if any(0 <= (day - d).days <= before for day in visits)}
    if any(d not in near and d != begun for d in dumped):
        return  # this keeper writes seldom, visit or none
    for entered in sorted(near):
        some = dumped[entered]
        if entered == begun:  # the whole book was brought in at once
            yield Unjudged("one_day", "one_go")
            continue
        words = _("%(n)s dòng của %(days)s ngày khác nhau đều ghi ngày %(entered)s, ngay trước kiểm tra.")
        said = {
            "n": as_text(len(some)), "days": as_text(len({e.day for e in some})), "entered": as_text(entered),
        }  # fmt: skip
        yield Found("one_day", str(entered), words % said, keys(some))


def _dumped(lines: Sequence[Entry]) -> bool:
    days = {e.day for e in lines}
    return len(days) >= DAYS_TOLD and (max(days) - min(days)).days > SPREAD


def capacity(book: Book) -> Told:
    """More kept than the facility is told to have room for."""
    stock = book.stock
    if stock.capacity is not None and stock.balance > stock.capacity:
        words = _("Số dư %(n)s, sức chứa %(most)s.")
        said = {"n": as_text(stock.balance), "most": as_text(stock.capacity)}
        last = [e for e in book.lines if e.amount > 0 and e.movement != M.GREW][-3:]
        yield Found("over_capacity", "", words % said, keys(last))


RULES_HERE = (transfers, counts, one_day, capacity)
