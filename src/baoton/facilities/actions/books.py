"""Lines of a book: each movement is one or two entries that stand together or not at all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.facilities.actions import animals
from baoton.facilities.models import CLASSES, Entry, Facility, Individual, Inspection, Stock, Transfer
from baoton.facilities.queries import by_code, group_on, labels
from baoton.kit.access import Actor, may
from baoton.kit.ids import new_id
from baoton.kit.kinds.words import as_text
from baoton.kit.writing import ledger, outbox
from baoton.kit.writing.refusal import NotNow

M = Entry.Movement
GOES = frozenset({M.DIED, M.SOLD, M.LEFT, M.LOST})
OWNER_DAYS = 3
"""For how many days an owner takes back what he wrote; a choice of this programme, no rule of law."""
STRICT = frozenset({"priority", "IA", "IB", "IIA", "IIB", "I", "II"})


def enter(
    stock: Stock, movement: str, day: date, amounts: Mapping[str, int],
    *, note: str = "", partner: str = "", paper: str = "", about: Sequence[Individual] = (),
) -> list[Entry]:  # fmt: skip
    """The lines stand in the book and its balance follows; `NotNow` or `ValidationError` say why not.

    Amounts are by class, positive for what came and negative for what went. A day in the future or before the book
    began, a class the form does not have, and a balance below nothing on any day are refused. Lines about marked
    animals name them.
    """
    refuse_day(stock, day)
    strange = [k for k in amounts if k not in CLASSES[Stock.Form(stock.form)]]
    if strange:
        told = _("Mẫu sổ này không có lớp “%(kind)s”.") % {"kind": labels().get(strange[0], strange[0])}
        raise ValidationError({"kind": told})
    fresh = [
        Entry(
            book=stock, organisation=stock.organisation, area_path=stock.area_path, day=day, kind=kind,
            amount=amount, movement=movement, note=note, partner=partner, paper=paper,
        )
        for kind, amount in amounts.items()
        if amount
    ]  # fmt: skip
    post(fresh, about)
    return fresh


def post(fresh: Sequence[Entry], about: Sequence[Individual] = ()) -> None:
    """The entries stand, of one book or of two; balances follow in the same transaction, and marks are respected."""
    books = {e.book_id: e.book for e in fresh}
    with outbox.changing(Entry, [e.pk for e in fresh]), outbox.changing(Stock, list(books)):
        ledger.post(list(fresh))
        for book in books.values():
            held = ledger.balances(Entry, book.pk)
            book.balance, book.unchecked = sum(held.values()), True  # a verb saves this very object after it
            Stock.objects.filter(pk=book.pk).update(balance=book.balance, unchecked=True)
            animals.refuse_lost(book, held)
        animals.bind(fresh, about)


def recount(keys: Iterable[Any], later: int) -> None:
    """Books whose entries came or went by a file hold what their entries say; `NotNow` says what cannot be.

    Entries whose position is at least `later` are put behind those that stand, in their order.
    """
    for book in (
        Stock.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(keys)).order_by("pk")
    ):
        fresh = list(Entry.objects.filter(book=book, position__gte=later).order_by("position"))
        last = Entry.objects.filter(book=book, position__lt=later).aggregate(top=Max("position"))["top"] or 0
        for n, one in enumerate(fresh, last + 1):
            Entry.objects.filter(pk=one.pk).update(position=n)
        with outbox.changing(Stock, [book.pk]):
            held = ledger.recount(Entry, book.pk)
            Stock.objects.filter(pk=book.pk).update(balance=sum(held.values()), unchecked=True)
        animals.refuse_lost(book, held)


def refuse_day(stock: Stock, day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError({"day": _("Ngày %(day)s chưa tới.") % {"day": as_text(day)}})
    if day < stock.since:
        told = _("Sổ mở ngày %(since)s; dòng sổ không thể có ngày trước đó.") % {
            "since": as_text(stock.since)
        }
        raise ValidationError({"day": told})


def refuse_no_minute(stock: Stock, movement: str, day: date, paper: str) -> None:
    """A dead animal of a listed species wants its minute."""
    if movement == M.DIED and not paper.strip() and group_on(stock, day) in STRICT:
        told = _("Loài trong danh mục: cá thể chết phải có biên bản; ghi số biên bản.")
        raise ValidationError({"paper": told})


def shut(stock: Stock) -> str:
    """Why nothing may be written into the book now: its facility is closed."""
    return (
        _("Cơ sở đã đóng; mở lại cơ sở rồi mới ghi sổ.")
        if stock.facility.status == Facility.Status.CLOSED
        else ""
    )


def begun(stock: Stock) -> str:
    """Why no opening balance may be written any more: other movements stand already."""
    others = Entry.objects.filter(book=stock, withdrawn__isnull=True).exclude(movement=M.OPENING)
    return _("Sổ đã có biến động; số đầu kỳ chỉ ghi trước đó.") if others.exists() else shut(stock)


def line(movement: str) -> Callable[[Actor, Stock, Mapping[str, Any]], None]:
    """What a verb of a book does: one line of this movement."""

    def do(actor: Actor, stock: Stock, said: Mapping[str, Any]) -> None:
        sign = -1 if movement in GOES else 1
        paper = str(said.get("paper") or "")
        refuse_no_minute(stock, movement, said["day"], paper)
        if (
            movement != M.DIED
            and sign > 0
            and stock.facility.status == Facility.Status.SUSPENDED
            and movement != M.BORN
        ):
            raise NotNow(_("Cơ sở đang tạm dừng; không nhận thêm về nuôi, trồng."))
        enter(
            stock, movement, said["day"], {said["kind"]: sign * said["amount"]},
            note=str(said.get("note") or ""), partner=str(said.get("partner") or ""), paper=paper,
        )  # fmt: skip

    return do


def opening(actor: Actor, stock: Stock, said: Mapping[str, Any]) -> None:
    """What stood at the opening of the book, and where that figure comes from."""
    enter(stock, M.OPENING, stock.since, {said["kind"]: said["amount"]}, note=said["note"])


def grew(actor: Actor, stock: Stock, said: Mapping[str, Any]) -> None:
    """So many passed from one class into another on a day; the total stays."""
    if said["kind"] == said["into"]:
        raise ValidationError({"into": _("Chọn lớp khác với lớp đang có.")})
    n = said["amount"]
    enter(stock, M.GREW, said["day"], {said["kind"]: -n, said["into"]: n}, note=str(said.get("note") or ""))


def receiver_of(stock: Stock, written: str) -> Stock:
    """The same species' book at the facility that bears the code; `ValidationError` says which is missing."""
    facility = by_code(written)
    if facility is None:
        raise ValidationError({"code": _("Không có cơ sở mang mã số “%(code)s”.") % {"code": written}})
    if facility.pk == stock.facility_id:
        raise ValidationError({"code": _("Mã số này là của chính cơ sở.")})
    if facility.status == Facility.Status.CLOSED:
        raise ValidationError({"code": _("Cơ sở nhận đã đóng.")})
    found = Stock.objects.filter(
        facility=facility, taxon_id=stock.taxon_id, form=stock.form, withdrawn__isnull=True
    )
    book = found.select_related("facility", "taxon").first()
    if book is None:
        raise ValidationError({"code": _("Cơ sở nhận chưa mở sổ của loài này theo cùng mẫu.")})
    return book


def give(actor: Actor, stock: Stock, said: Mapping[str, Any]) -> None:
    """The giver's book goes down now; the receiver is asked to write the other side."""
    other = receiver_of(stock, said["code"])
    enter(
        stock,
        M.LEFT,
        said["day"],
        {said["kind"]: -said["amount"]},
        partner=f"{other.facility}",
        paper=said["paper"],
    )
    made = Transfer(
        giver=stock, receiver=other, day=said["day"], amounts={said["kind"]: said["amount"]}, paper=said["paper"],
        organisation=other.organisation, area_path=other.area_path,
    )  # fmt: skip
    with outbox.changing(Transfer, [made.pk]):
        made.save(force_insert=True)


def receiver_shut(transfer: Transfer) -> str:
    """Why the receiver can write nothing: its facility is closed."""
    return shut(transfer.receiver)


def accept(actor: Actor, transfer: Transfer, said: Mapping[str, Any]) -> None:
    """The receiver's book goes up by what the giver's went down, on the same day."""
    other = f"{transfer.giver.facility}"
    enter(transfer.receiver, M.ARRIVED, transfer.day, transfer.amounts, partner=other, paper=transfer.paper)
    _look_again(transfer)


def dispute(actor: Actor, transfer: Transfer, said: Mapping[str, Any]) -> None:
    """The receiver says no: neither book moves, and the giver's is looked at again."""
    _look_again(transfer)


def _look_again(transfer: Transfer) -> None:
    """What is one-sided stands in the giver's book, which the answer changes without a line in it."""
    Stock.objects.filter(pk=transfer.giver_id).update(unchecked=True)


def take_back(actor: Actor, transfer: Transfer, said: Mapping[str, Any]) -> None:
    """What the receiver does not take is the giver's again, so that nothing is lost between two books."""
    other = f"{transfer.receiver.facility}"
    enter(
        transfer.giver, M.ARRIVED, transfer.day, transfer.amounts, partner=other, paper=transfer.paper,
        note=str(said.get("reason") or ""),
    )  # fmt: skip


def said_amounts(transfer: Transfer) -> str:
    """The amounts of a transfer in words."""
    return "; ".join(f"{labels().get(k, k)}: {as_text(n)}" for k, n in transfer.amounts.items())


def verified(entry: Entry) -> str:
    return _("Dòng này đã được xác nhận.") if entry.verified_on else ""


def verify(actor: Actor, entry: Entry, said: Mapping[str, Any]) -> None:
    """Column 19: the ranger looked and signs for the line."""
    entry.verified_on, entry.verified_by = timezone.localdate(), actor.actor_name


def refused_to_owner(actor: Actor, entry: Entry) -> str:
    """Why this actor may not take the line back himself; empty where he may, as whoever verifies lines always may.

    An owner takes back what was written in the last days, as long as nobody verified or counts it.
    """
    if may(actor, "facilities.entry.verify", entry):
        return ""
    if entry.verified_on:
        return _("Kiểm lâm đã xác nhận dòng này; nhờ kiểm lâm đảo.")
    if (timezone.localdate() - entry.entered).days > OWNER_DAYS:
        return _("Dòng ghi đã quá %(n)s ngày; nhờ kiểm lâm đảo.") % {"n": OWNER_DAYS}
    visits = Inspection.objects.filter(facility=entry.book.facility_id, withdrawn__isnull=True)
    if visits.filter(status=Inspection.Status.STARTED).exists():
        return _("Đoàn đang kiểm tra cơ sở; dòng ghi nhầm do đoàn đảo.")
    return ""


def reverse(actor: Actor, entry: Entry, said: Mapping[str, Any]) -> None:
    """The line is taken back by its opposite, with the reason; what that would make impossible is refused."""
    if why := refused_to_owner(actor, entry):
        raise NotNow(why)
    if entry.movement in {M.LEFT, M.ARRIVED}:
        raise NotNow(_("Dòng chuyển giữa hai cơ sở không đảo một phía; lập lần chuyển ngược lại."))
    halves = [entry, *_other_half(entry)]
    lines = Entry.objects.filter(pk__in=[one.pk for one in halves])
    animals.take_back(actor, lines, "facilities.entry.reverse", said["reason"])
    keys = [new_id() for _one in halves]
    touched = [*keys, *(one.pk for one in halves)]  # a reversed line no longer counts
    with outbox.changing(Stock, [entry.book_id]), outbox.changing(Entry, touched):
        for key, one in zip(keys, halves, strict=True):
            ledger.reverse(one, said["reason"], id=key, movement=M.REVERSED)
        book = entry.book
        held = ledger.balances(Entry, book.pk)
        Stock.objects.filter(pk=book.pk).update(balance=sum(held.values()), unchecked=True)
        animals.refuse_lost(book, held)


def _other_half(entry: Entry) -> list[Entry]:
    """The line that stands or falls with this one: the other side of a change of class."""
    if entry.movement != M.GREW:
        return []
    beside = Entry.objects.filter(
        book=entry.book_id, day=entry.day, movement=M.GREW, amount=-entry.amount, note=entry.note,
        position__in=[entry.position - 1, entry.position + 1], reversed_by__isnull=True,
    )  # fmt: skip
    first = entry.amount < 0  # the class that loses is written first
    wanted = entry.position + (1 if first else -1)
    return [one for one in beside if one.position == wanted]


def panel(actor: Actor, stock: Stock) -> Mapping[str, Any]:
    """The balances of the book by class, for its page."""
    held = ledger.balances(Entry, stock.pk)
    known = labels()
    rows = [(known[k], held.get(k, 0)) for k in CLASSES[Stock.Form(stock.form)]]
    return {
        "rows": rows,
        "total": sum(held.values()),
        "unit": stock.unit,
        "capacity": stock.capacity,
        "marked": animals.standing(stock).count(),
    }
