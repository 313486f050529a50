"""Money moves: the ledger of a line follows what was decided, signed and paid, in the same transaction.

Each decision, contract and voucher says what it does to which line on which day (`effect`). Whatever changes one of
them (form, file, undo, withdrawal) posts the difference to what was posted of it before, so that entries are only
ever added and a balance is never less than nothing on any day.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F, Max, Sum
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

import rulebook
from baoton.funding.models import (
    STANDING,
    Change,
    Closing,
    Commitment,
    Line,
    Movement,
    Payment,
    Purchase,
    Receipt,
    Source,
)
from baoton.kit.ids import source_id
from baoton.kit.kinds.words import as_text
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import ledger, write
from baoton.kit.writing.outbox import changing, followed_by
from baoton.kit.writing.refusal import NotNow
from baoton.kit.writing.serial import Serial
from baoton.people.models import Organisation
from baoton.places.queries import province_path
from rulebook.certainty import LEVELS, SAID, SAID_EN
from rulebook.errors import RulebookError

W, C = Movement.Why, Change.Kind
Key = tuple[UUID, str, date, str]
BOOKS: dict[str, Any] = {m._meta.label_lower: m for m in (Change, Commitment, Payment, Receipt)}
PART, FEW = 5_000, 50
NUMBERS = Serial("KP", "{year}-{n:04d}")


def dong(amount: int) -> str:
    """So many đồng as an office writes them."""
    return f"{as_text(amount)} đ"


# — what follows from other columns —


def of_line(record: Line) -> None:
    """A line lies where its body does and has a number; the first day of its year is what figures ask for."""
    if not 2000 <= (record.year or 0) <= 2100:
        raise ValidationError({"year": _("Năm ngân sách viết đủ bốn chữ số, như 2026.")})
    record.day = date(record.year, 1, 1)
    body = Organisation.objects.filter(pk=record.body).first()
    record.area_path = (body.area_path if body else "") or province_path()
    if not record.code:
        record.code = NUMBERS.take("", record.year).text


def like_line(record: Any) -> None:
    """What stands on a line is read where the line is."""
    if record.line_id:
        record.area_path = record.line.area_path


def of_change(record: Change) -> None:
    """Moving money names another line: of the same year, or of the next where it is carried over."""
    like_line(record)
    moves = record.kind in (C.TRANSFER, C.CARRY)
    if not moves or not record.line_id:
        record.to = None
        return
    year = record.line.year + (record.kind == C.CARRY)
    if record.to is None:
        raise ValidationError({"to": _("Điều chuyển, chuyển nguồn thì ghi dòng nhận.")})
    if record.to_id == record.line_id:
        raise ValidationError({"to": _("Dòng nhận phải khác dòng chuyển.")})
    if record.to.year != year:
        raise ValidationError({"to": _("Dòng nhận phải là dòng của năm %(year)d.") % {"year": year}})


def last_day(year: int) -> tuple[date, str, str]:
    """Until when money of a year may be paid, by which text, and how sure that is; the year itself where none tells."""
    try:
        told = rulebook.param_value("finance.settlement_until", on=date(year, 12, 31))
    except RulebookError:
        return date(year, 12, 31), "", ""
    month, day = (int(part) for part in str(told.value).strip("-").split("-"))
    return date(year + 1, month, day), told.basis, str(told.certainty)


def of_payment(record: Payment) -> None:
    """A voucher follows its contract's line, has a day that has come, and belongs to the year of its line."""
    if record.commitment is not None:
        record.line = record.commitment.line
    like_line(record)
    record.once = f"{fold(record.number)}|{fold(record.payee)}"
    if not record.line_id or not record.day:
        return
    if record.day > timezone.localdate():
        raise ValidationError({"day": _("Ngày chi này chưa đến.")})
    year = record.line.year
    until, basis, _sure = last_day(year)
    if not date(year, 1, 1) <= record.day <= until:
        told = _("Dòng %(code)s là tiền năm %(year)d: ngày chi từ 01/01/%(year)d đến %(until)s%(basis)s.")
        said = {"code": record.line.code, "year": year, "until": as_text(until)}
        raise ValidationError({"day": told % {**said, "basis": f" ({basis})" if basis else ""}})


def fold(words: str) -> str:
    """The words as one may type them: case and spaces do not tell two vouchers apart."""
    return " ".join((words or "").casefold().split())


def of_purchase(record: Purchase) -> None:
    """Parts of one voucher never add up to more than it."""
    if not record.payment_id:
        return
    payment = Payment.objects.select_for_update(no_key=True).get(pk=record.payment_id)
    record.area_path, record.day = payment.area_path, payment.day
    others = Purchase.objects.filter(STANDING, payment=payment).exclude(pk=record.pk)
    left = payment.amount - (others.aggregate(n=Sum("amount"))["n"] or 0)
    if (record.amount or 0) > left:
        told = _("Chứng từ này chỉ còn %(left)s chưa gắn với việc nào.")
        raise ValidationError({"amount": told % {"left": dong(left)}})


# — the ledger —


def effect(one: Any) -> Counter[Key]:
    """What a decision, a contract, a voucher or a receipt does: đồng by line, class, day and reason."""
    told: Counter[Key] = Counter()
    if one.withdrawn is not None:
        return told
    if isinstance(one, Change):
        why = W.ALLOT if one.kind == C.ALLOT else W.ADJUST
        told[one.line_id, "free", one.day, why] += (
            one.amount if one.kind in (C.ALLOT, C.RAISE) else -one.amount
        )
        if one.to_id:
            told[one.to_id, "free", one.day, why] += one.amount
    elif isinstance(one, Commitment):
        told[one.line_id, "free", one.day, W.COMMIT] -= one.amount
        told[one.line_id, "committed", one.day, W.COMMIT] += one.amount
        if one.released and one.closed_on:
            told[one.line_id, "committed", one.closed_on, W.RELEASE] -= one.released
            told[one.line_id, "free", one.closed_on, W.RELEASE] += one.released
    elif isinstance(one, Payment):
        told[one.line_id, "committed" if one.commitment_id else "free", one.day, W.PAY] -= one.amount
        told[one.line_id, "paid", one.day, W.PAY] += one.amount
    elif one.line_id and one.value:
        told[one.line_id, "free", one.day, W.ADJUST] += one.value
    return told


@followed_by
def follow(label: str, before: Sequence[Any], after: Sequence[Any]) -> None:
    """The ledger stands as the rows do; where very many changed, every row is looked at."""
    model = BOOKS.get(label)
    if label == Line._meta.label_lower:
        refuse_used([row["id"] for row in after if row["withdrawn"]])
    if model is None:
        return
    keys = [row["id"] for row in after]
    if not before and not after:
        keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
    left = {UUID(row["commitment_id"]) for row in before if row.get("commitment_id")}
    for start in range(0, len(keys), PART):
        post(model, keys[start : start + PART], left)


def refuse_used(keys: Sequence[Any]) -> None:
    """A line with entries that stand is not withdrawn: its money would belong to nothing."""
    held = Movement.objects.filter(book__in=keys).values("book", "kind").annotate(n=Sum("amount"))
    if held.exclude(n=0).exists():
        raise NotNow(_("Dòng này còn tiền đã giao, đã ký hoặc đã chi; rút các chứng từ đó trước."))


def post(model: Any, keys: Sequence[Any], left: Iterable[UUID] = ()) -> None:
    """What is posted of these rows is what they say; `NotNow` where a line would hold less than nothing.

    `left` are contracts under which some of them stood before.
    """
    rows = {str(one.pk): one for one in model._default_manager.filter(pk__in=keys)}
    differ: dict[str, Counter[Key]] = {pk: effect(one) for pk, one in rows.items()}
    columns = ("cause", "book", "kind", "day", "why")
    posted = Movement.objects.filter(cause__in=list(rows)).values_list(*columns)
    for cause, *key, n in posted.annotate(n=Sum("amount")).order_by():
        differ[str(cause)][tuple(key)] -= n
    moved = {pk: {key: n for key, n in told.items() if n} for pk, told in differ.items()}
    contracts = {*left, *(c for one in rows.values() for c in contracts_of(one))}
    list(Commitment.objects.select_for_update(no_key=True).filter(pk__in=contracts).order_by("pk"))
    if any(moved.values()):
        stand(rows, moved)
    follow_contracts(contracts)


def stand(rows: dict[str, Any], moved: dict[str, dict[Key, int]]) -> None:
    """The differences stand as entries, all or none."""
    touched = sorted({key[0] for told in moved.values() for key in told}, key=str)
    found = Line.objects.select_for_update(no_key=True).filter(pk__in=touched).order_by("pk")
    lines = {one.pk: one for one in found}
    refuse_shut(lines.values())
    entries = [
        Movement(
            book=lines[line], kind=kind, day=day, why=why, amount=n, cause=rows[pk].pk, note=str(rows[pk])[:300],
            organisation=lines[line].organisation, area_path=lines[line].area_path,
        )
        for pk, told in moved.items() for (line, kind, day, why), n in told.items()
    ]  # fmt: skip
    with changing(Line, touched), changing(Movement, [one.pk for one in entries]):
        try:
            (ledger.post if len(entries) <= FEW else post_many)(entries)
        except NotNow as error:
            raise NotNow(short(lines.values(), str(error))) from error
        keep(entries)


def post_many(entries: Sequence[Movement]) -> None:
    """The entries of a whole file: all at once, then the days of each line anew; the lines are locked already."""
    last: dict[Any, int] = dict(
        Movement.objects.filter(book__in={one.book_id for one in entries})
        .order_by()
        .values_list("book")
        .annotate(top=Max("position"))
    )
    for one in entries:
        last[one.book_id] = one.position = last.get(one.book_id, 0) + 1
    Movement.objects.bulk_create(entries, batch_size=1_000)
    for line in last:
        ledger.recount(Movement, line)


def contracts_of(one: Any) -> list[Any]:
    """The contract a voucher is paid under, or the contract itself."""
    if isinstance(one, Commitment):
        return [one.pk]
    if not isinstance(one, Payment):
        return []
    return [one.commitment_id] if one.commitment_id else []


def short(lines: Iterable[Line], why: str) -> str:
    """Why the money is not there, with what each line still holds and what may be done."""
    told = "; ".join(f"{one.code}: {dong(one.free)}" for one in lines)
    words = _(
        "Không đủ tiền: dòng còn chưa chi, chưa ký %(left)s. %(why)s Bớt số tiền, hoặc giao thêm trước."
    )
    return words % {"left": told, "why": why}


def keep(entries: Iterable[Movement]) -> None:
    """The sums that stand on a line grow by the entries."""
    by: dict[Any, Counter[str]] = {}
    for one in entries:
        column = {"committed": "committed", "paid": "paid"}.get(one.kind)
        column = column or {W.ALLOT: "allotted", W.ADJUST: "adjusted"}.get(W(one.why))
        if column:
            by.setdefault(one.book_id, Counter())[column] += one.amount
    for pk, more in by.items():
        Line.objects.filter(pk=pk).update(**{name: F(name) + n for name, n in more.items()})


def follow_contracts(keys: Iterable[Any]) -> None:
    """A contract knows what was paid under it, and no more is paid than it says."""
    for one in Commitment.objects.filter(pk__in=list(keys)):
        rows = Payment.objects.filter(STANDING, commitment=one)
        paid = rows.aggregate(n=Sum("amount"))["n"] or 0
        if one.withdrawn is not None and paid:
            raise NotNow(_("Hợp đồng này đã có chứng từ chi; rút các chứng từ đó trước."))
        if paid + one.released > one.amount:
            told = _("Hợp đồng %(number)s trị giá %(whole)s, sẽ chi quá %(over)s.")
            over = paid + one.released - one.amount
            raise NotNow(told % {"number": one.number, "whole": dong(one.amount), "over": dong(over)})
        if paid != one.paid:
            with changing(Commitment, [one.pk]):
                Commitment.objects.filter(pk=one.pk).update(paid=paid)


def refuse_shut(lines: Iterable[Line]) -> None:
    """Nothing moves in a year whose books are shut."""
    for one in lines:
        shut = shut_by(one)
        if shut is not None:
            told = _(
                "Sổ năm %(year)d đã khoá ngày %(day)s; ghi vào dòng của năm đang mở, hoặc đề nghị mở lại sổ."
            )
            raise NotNow(told % {"year": one.year, "day": as_text(shut.day)})


def shut_by(line: Line) -> Closing | None:
    """The closing that shut the books of a line, if they are shut."""
    rows = Closing.objects.filter(
        STANDING, year=line.year, status=Closing.Status.SHUT, body__in=["", line.body]
    )
    return rows.order_by("day").first()


# — what the verbs do —


def close_contract(actor: Any, record: Commitment, said: Any) -> None:
    """What was not paid goes back to the line."""
    record.closed_on = said.get("closed_on") or timezone.localdate()
    record.released = record.amount - record.paid


def open_contract(actor: Any, record: Commitment, said: Any) -> None:
    record.closed_on, record.released = None, 0


def nothing_left(record: Line) -> str:
    """Why nothing can be carried over, or an empty text."""
    if record.free <= 0:
        return _("Dòng này không còn tiền chưa chi, chưa ký để chuyển sang năm sau.")
    return ""


def carry(actor: Any, record: Line, said: Any) -> None:
    """What is neither paid nor promised stands in the line of the same work of the next year."""
    line, change = REGISTERS["funding.line"], REGISTERS["funding.change"]
    same = Line.objects.filter(
        STANDING,
        year=record.year + 1,
        source=record.source,
        body=record.body,
        task=record.task,
        title=record.title,
    )
    to = same.order_by("code").first() or write.create(line, actor, Line(
        year=record.year + 1, source=record.source, body=record.body, task=record.task, title=record.title, planned=0,
        organisation=record.organisation,
    ))  # fmt: skip
    moved = Change(
        kind=C.CARRY, line=record, to=to, day=said.get("on") or timezone.localdate(), amount=record.free,
        number=str(said["decision"]), organisation=record.organisation,
    )  # fmt: skip
    write.create(change, actor, moved)
    record.refresh_from_db(fields=["allotted", "adjusted", "committed", "paid"])


# — set-up —


def load() -> int:
    """The sources of the rulebook stand, each once under its key; a new name of later years is one more name."""
    told = rulebook.param_value("finance.sources", on=timezone.localdate())
    with override("vi"):
        for key, name in dict(told.value).items():
            Source.objects.get_or_create(
                code=key,
                defaults={
                    "id": source_id("funding.source", key),
                    "area_path": province_path(),
                    "name": name[:1].upper() + name[1:],
                    "kind": key,
                },
            )
    return Source.objects.count()


def said_sure(sure: str) -> str:
    """How sure a statement of law is, in words; nothing where there is none."""
    told = SAID_EN if get_language() == "en" else SAID
    return told[sure] if sure in LEVELS else ""
