"""Ledgers: entries that are only ever added, balances that are sums and never fall below nothing.

A book is whatever row owns the entries (a facility's stock of one species, a nursery lot). Its row is locked while
entries are posted, so two writers cannot both spend the last animal. A correction is a reversing entry.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.kit.kinds.words import as_text
from baoton.kit.record import Record
from baoton.kit.writing.refusal import NotNow


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
        """A stored entry keeps its day, class and amount for ever."""
        if not self._state.adding:
            columns = sorted(self.unchangeable)
            stood = type(self)._default_manager.filter(pk=self.pk).values_list(*columns).first()
            if stood is not None and stood != tuple(getattr(self, c) for c in columns):
                raise AppendOnly("an entry of a ledger is never changed: reverse it")
        super().save(*args, **kwargs)

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
        list(owner._default_manager.select_for_update().filter(pk__in=books).order_by("pk"))
        for book in books:
            mine = [e for e in entries if e.book_id == book]
            last = model._default_manager.filter(book_id=book).aggregate(top=Max("position"))["top"] or 0
            for i, entry in enumerate(mine, 1):
                entry.position = last + i
            _refuse_shortage(model, book, mine)
            for entry in mine:
                entry.save(force_insert=True)
    return list(entries)


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
    rows = model._default_manager.filter(book_id=book)
    rows = rows if on is None else rows.filter(day__lte=on)
    told = rows.order_by().values_list("kind").annotate(n=Sum("amount"))
    return {kind: n for kind, n in told if n}


def running(model: type[Any], book: Any) -> list[tuple[Any, int]]:
    """The entries in the order of days, each with what its class holds after it."""
    held: dict[str, int] = defaultdict(int)
    told = []
    for entry in model._default_manager.filter(book_id=book).order_by("day", "position"):
        held[entry.kind] += entry.amount
        told.append((entry, held[entry.kind]))
    return told


def shortage(days: Iterable[tuple[date, int]]) -> tuple[date, int] | None:
    """The first day on which a class would hold less than nothing, and how much is missing; amounts summed by day."""
    total: dict[date, int] = defaultdict(int)
    for day, amount in days:
        total[day] += amount
    held = 0
    for day in sorted(total):
        held += total[day]
        if held < 0:
            return day, -held
    return None


def _refuse_shortage(model: type[Any], book: Any, fresh: Sequence[Any]) -> None:
    """Each class that loses something, or gains on an earlier day, holds enough on every day from the first touched."""
    by_kind: Mapping[str, list[Any]] = defaultdict(list)
    for entry in fresh:
        by_kind[entry.kind].append(entry)
    for kind, mine in by_kind.items():
        if all(e.amount >= 0 for e in mine):
            continue
        first = min(e.day for e in mine)
        rows = model._default_manager.filter(book_id=book, kind=kind)
        before = rows.filter(day__lt=first).aggregate(n=Sum("amount"))["n"] or 0
        later = rows.filter(day__gte=first).order_by().values_list("day").annotate(n=Sum("amount"))
        short = shortage([(first, before), *later, *((e.day, e.amount) for e in mine)])
        if short is not None:
            day, missing = short
            told = _("Ngày %(day)s lớp “%(kind)s” sẽ thiếu %(missing)s; kiểm tra lại số lượng hoặc ngày.")
            label = dict(model._meta.get_field("kind").flatchoices).get(kind, kind)
            raise NotNow(told % {"day": as_text(day), "kind": label, "missing": as_text(missing)})
