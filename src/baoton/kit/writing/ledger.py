"""Ledgers: entries that are only ever added, balances that are sums and never fall below nothing.

A book is whatever record owns the entries (a facility's stock of one species, a nursery lot). Its row is locked
while entries are posted, so two writers cannot both spend the last animal. A correction is a reversing entry.
What each class holds at the end of each day that moved it (`LedgerDay`) is kept in the same transaction, so a
balance of any day is one row, however long the book.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import F, Max, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.kit import jobs
from baoton.kit.access import System
from baoton.kit.kinds.words import as_text
from baoton.kit.models import LedgerDay
from baoton.kit.record import Record
from baoton.kit.writing import audit, outbox
from baoton.kit.writing.refusal import NotNow

PART = 5_000
log = logging.getLogger(__name__)


class AppendOnly(TypeError):
    """An entry was changed or deleted in code; entries are reversed."""


class Entry(Record):
    """One line of a ledger: so many in (positive) or out (negative) of one class, on one day.

    A concrete ledger names the owner of its books in `owner`, a foreign key called `book`. `position` is the
    order in which entries were made in the book; the order of days is `day`.
    """

    day = models.DateField(gettext_lazy("ngày"))
    kind = models.CharField(gettext_lazy("lớp"), max_length=40)
    amount = models.IntegerField(gettext_lazy("số lượng"))
    note = models.TextField(gettext_lazy("ghi chú"), blank=True, default="")
    reverses = models.OneToOneField(
        "self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="reversed_by"
    )
    position = models.PositiveIntegerField(default=0, editable=False)

    unchangeable: ClassVar[frozenset[str]] = frozenset({"day", "kind", "amount", "book_id", "position"})

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new entry is posted; a stored one keeps its day, class and amount for ever."""
        if self._state.adding:
            post([self])
            return
        columns = sorted(self.unchangeable)
        stood = type(self)._default_manager.filter(pk=self.pk).values_list(*columns).first()
        if stood is not None and stood != tuple(getattr(self, c) for c in columns):
            raise AppendOnly("an entry of a ledger is never changed: reverse it")
        super().save(*args, **kwargs)

    def stand(self, position: int) -> None:
        """The new entry is the book's next one; only `post` may say so."""
        self.position = position
        super().save(force_insert=True)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise AppendOnly("an entry of a ledger is never deleted: reverse it")


def post(entries: Sequence[Any]) -> list[Any]:
    """All entries stand, or none: `NotNow` names the first day and class that would fall below nothing.

    The entries may be of one book or several (a transfer); each book's owner row is locked meanwhile.
    """
    if not entries:
        return []
    model = type(entries[0])
    books = sorted({e.book_id for e in entries}, key=str)
    with transaction.atomic():
        owner: Any = model._meta.get_field("book").related_model
        list(owner._default_manager.select_for_update(no_key=True).filter(pk__in=books).order_by("pk"))
        for book in books:
            mine = [e for e in entries if e.book_id == book]
            last = model._default_manager.filter(book_id=book).aggregate(top=Max("position"))["top"] or 0
            for kind in dict.fromkeys(e.kind for e in mine):
                _move(model, book, kind, [(e.day, e.amount) for e in mine if e.kind == kind])
            for i, entry in enumerate(mine, 1):
                entry.stand(last + i)
    return list(entries)


def _days(model: type[Any], book: Any) -> "QuerySet[LedgerDay]":
    """The days of a book, given as its row or its key."""
    return LedgerDay.objects.filter(ledger=model._meta.label_lower, book=getattr(book, "pk", book))


def _move(model: type[Any], book: Any, kind: str, amounts: Sequence[tuple[date, int]]) -> None:
    """The class holds so much more or less from each day on; `NotNow` names the first day it would hold too little."""
    rows = _days(model, book).filter(kind=kind)
    by_day: dict[date, int] = defaultdict(int)
    for day, amount in amounts:
        by_day[day] += amount
    for day, amount in by_day.items():
        before = rows.filter(day__lte=day).order_by("-day").values_list("day", "held").first()
        if before is None or before[0] != day:
            held = before[1] if before else 0
            rows.create(ledger=model._meta.label_lower, book=book, kind=kind, day=day, held=held)
        rows.filter(day__gte=day).update(held=F("held") + amount)
    if all(amount >= 0 for amount in by_day.values()):
        return
    _refuse_short(model, rows.filter(day__gte=min(by_day)))


def _refuse_short(model: type[Any], rows: "QuerySet[LedgerDay]") -> None:
    """`NotNow` names the first of the days on which a class would hold less than nothing."""
    short = rows.filter(held__lt=0).order_by("day").first()
    if short is not None:
        kind = short.kind
        told = _("Ngày %(day)s lớp “%(kind)s” sẽ thiếu %(missing)s; kiểm tra lại số lượng hoặc ngày.")
        label = dict(model._meta.get_field("kind").flatchoices).get(kind, kind)
        raise NotNow(told % {"day": as_text(short.day), "kind": label, "missing": as_text(-short.held)})


def reverse(entry: Any, reason: str, **more: Any) -> Any:
    """The entry is taken back by its opposite on the same day, with the reason; once only."""
    model = type(entry)
    if not reason.strip():
        raise NotNow(_("Ghi lý do đảo bút toán."))
    if model._default_manager.filter(reverses=entry).exists():
        raise NotNow(_("Dòng này đã được đảo."))
    if entry.reverses_id is not None:
        raise NotNow(_("Không đảo một dòng đảo; hãy ghi dòng mới."))
    opposite = model(
        book_id=entry.book_id, day=entry.day, kind=entry.kind, amount=-entry.amount, note=reason,
        reverses=entry, organisation=entry.organisation, area_path=entry.area_path, **more,
    )  # fmt: skip
    return post([opposite])[0]


def balances(model: type[Any], book: Any, on: date | None = None) -> dict[str, int]:
    """What each class holds at the end of a day, or now; classes that hold nothing are left out."""
    rows = _days(model, book)
    until = rows if on is None else rows.filter(day__lte=on)
    told = {}
    for kind in rows.order_by("kind").values_list("kind", flat=True).distinct():
        held = until.filter(kind=kind).order_by("-day").values_list("held", flat=True).first()
        if held:
            told[kind] = held
    return told


def running(
    model: type[Any], book: Any, most: int | None = None, before: tuple[date, int] | None = None
) -> list[tuple[Any, int]]:
    """The entries in the order of days, each with what its class holds after it: all, or a page of the newest.

    A page is the last `most` entries before a (day, position), or of the whole book.
    """
    rows = model._default_manager.filter(book_id=getattr(book, "pk", book), withdrawn__isnull=True)
    older = Q() if before is None else Q(day__lt=before[0]) | Q(day=before[0], position__lt=before[1])
    found = list(rows.filter(older).order_by("-day", "-position")[:most])
    if not found:
        return []
    held: dict[str, int] = defaultdict(int, balances(model, book, found[0].day))
    first = found[0]
    for kind, amount in rows.filter(day=first.day, position__gt=first.position).values_list("kind", "amount"):
        held[kind] -= amount
    told = []
    for entry in found:
        told.append((entry, held[entry.kind]))
        held[entry.kind] -= entry.amount
    return told[::-1]


# — the days against the entries —


def ledgers() -> list[type[Any]]:
    """Every ledger of the installation."""
    return [m for m in apps.get_models() if issubclass(m, Entry) and m._meta.managed]


@jobs.nightly("kit.ledgers", gettext_lazy("Đối chiếu số dư các sổ với từng dòng"))
def compare(progress: jobs.Progress) -> str:
    """Every balance is summed anew from the entries; one that is wrong is told in log and audit, and mended."""
    wrong: list[str] = []
    for model in ledgers():
        progress(len(wrong), step=str(model._meta.verbose_name))
        if not differences(model):
            continue
        with transaction.atomic():
            outbox.lock_table(model)
            if here := differences(model):
                rebuild(model)
                name, note = model._meta.label_lower, _("Đối chiếu hằng đêm thấy số dư lệch và đã tính lại.")
                audit.write(System(), "kit.ledgers.mend", register=name, old={"wrong": here[:100]}, note=note)
                wrong += here
    for told in wrong:
        log.error("balance was wrong: %s", told)
    progress(len(wrong), step=_("%(n)d số dư lệch, đã tính lại") % {"n": len(wrong)})
    return ""


def rebuild(model: type[Any]) -> int:
    """The days of every book are what the entries say; how many days."""
    with transaction.atomic():
        LedgerDay.objects.filter(ledger=model._meta.label_lower).delete()
        return _sum(model)


def _sum(model: type[Any], more: str = "", given: Sequence[Any] = ()) -> int:
    """Days as the entries that were not withdrawn say, set-based; how many."""
    days, lines = LedgerDay._meta.db_table, model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {days} (ledger, book, kind, day, held) SELECT %s, book_id, kind, day, "
            f"SUM(SUM(amount)) OVER (PARTITION BY book_id, kind ORDER BY day) FROM {lines} "
            f"WHERE withdrawn IS NULL {more} GROUP BY book_id, kind, day",
            [model._meta.label_lower, *given],
        )
        return int(cursor.rowcount)


def recount(model: type[Any], book: Any) -> dict[str, int]:
    """The days of one book are what its entries say; `NotNow` where one would hold less than nothing.

    For entries that came, or were taken back, by a whole file; whoever calls holds the lock of the book.
    """
    _days(model, book).delete()
    _sum(model, "AND book_id = %s", [model._meta.get_field("book").get_db_prep_value(book, connection)])
    _refuse_short(model, _days(model, book))
    return balances(model, book)


def differences(model: type[Any]) -> list[str]:
    """Days that are not what the entries say, one line each; none means every balance is right."""
    columns = ("book", "kind", "day", "held")
    kept = LedgerDay.objects.filter(ledger=model._meta.label_lower).values_list(*columns)
    told = {row[:3]: row[3] for row in _summed(model)}
    stands = {row[:3]: row[3] for row in kept.iterator(PART)}
    wrong = [k for k in sorted({*told, *stands}, key=str) if told.get(k) != stands.get(k)]
    return [f"{k[0]} {k[1]} {k[2]}: {stands.get(k)} ≠ {told.get(k)}" for k in wrong]


def _summed(model: type[Any]) -> Iterable[tuple[Any, str, date, int]]:
    """Every day on which a class of a book moved, with what it holds at its end, by the entries alone."""
    standing = model._default_manager.filter(withdrawn__isnull=True).order_by("book_id", "kind", "day")
    moved = standing.values_list("book_id", "kind", "day")
    here: tuple[Any, ...] = ()
    held = 0
    for book, kind, day, amount in moved.annotate(n=Sum("amount")).iterator(PART):
        held = amount + (held if here == (book, kind) else 0)
        here = (book, kind)
        yield book, kind, day, held
