"""No order of decisions, contracts and vouchers, by one hand or two, makes money or spends what is not there."""

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from baoton.funding.actions import load, post
from baoton.funding.models import Change, Commitment, Line, Movement, Payment, Source
from baoton.kit.access import System
from baoton.kit.models import LedgerDay
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import ledger, write
from baoton.kit.writing.refusal import NotNow

YEAR = timezone.localdate().year
FIRST = date(YEAR, 1, 2)
REFUSED = (NotNow, ValidationError)


def lines(n: int = 2) -> list[Line]:
    load()
    source = Source.objects.get(code="other")
    return [
        write.create(
            REGISTERS["funding.line"], System(),
            Line(code=f"B-{i}", year=YEAR, source=source, body="so_nnmt", title="x", planned=1),
        )
        for i in range(n)
    ]  # fmt: skip


def some(draw: random.Random, model: Any) -> Any:
    found = list(model.objects.filter(withdrawn__isnull=True).order_by("id"))
    if not found:
        raise NotNow("không có")
    return draw.choice(found)


def deed(draw: random.Random, on: date) -> None:
    """Something an accountant may do, sensible or not; refusals are raised."""
    what, amount = draw.randrange(10), draw.choice([1, 7, 30, 100, 5_000_000_000])
    one, other = draw.choice(list(Line.objects.order_by("code"))), Line.objects.order_by("-code").first()
    number = f"{draw.randrange(10**9)}"
    row: Any
    if what < 2:
        row = Change(
            kind=draw.choice(["allot", "raise", "cut"]), line=one, day=on, amount=amount, number=number
        )
        write.create(REGISTERS["funding.change"], System(), row)
    elif what == 2:
        row = Change(kind="transfer", line=one, to=other, day=on, amount=amount, number=number)
        write.create(REGISTERS["funding.change"], System(), row)
    elif what == 3:
        row = Commitment(line=one, number=number, day=on, payee="A", what="x", amount=amount)
        write.create(REGISTERS["funding.commitment"], System(), row)
    elif what < 7:
        under = some(draw, Commitment) if draw.random() < 0.5 else None
        row = Payment(line=one, commitment=under, number=number, day=on, payee="A", amount=amount, what="x")
        write.create(REGISTERS["funding.payment"], System(), row)
    elif what == 7:
        contract = some(draw, Commitment)
        verb = "close" if contract.status == "open" else "reopen"
        answers = {"closed_on": timezone.localdate()} if verb == "close" else {"reason": "x"}
        write.act(REGISTERS["funding.commitment"], System(), contract, verb, answers)
    elif what == 8:
        write.edit(
            REGISTERS["funding.payment"], System(), some(draw, Payment), {"amount": amount, "line": one.pk}
        )
    else:
        book = REGISTERS[draw.choice(["funding.payment", "funding.commitment", "funding.change"])]
        write.withdraw(book, System(), some(draw, book.model), "x")


def laws() -> None:
    """Whatever was done: no class below nothing on any day, sums that stand equal the entries, money is conserved."""
    assert not ledger.differences(Movement) and not LedgerDay.objects.filter(held__lt=0).exists()
    put = 0
    for one in Change.objects.filter(withdrawn__isnull=True).exclude(kind="transfer"):
        put += -one.amount if one.kind == "cut" else one.amount
    assert (Movement.objects.aggregate(n=Sum("amount"))["n"] or 0) == put
    paid = Payment.objects.filter(withdrawn__isnull=True)
    for line in Line.objects.all():
        held = ledger.balances(Movement, line)
        assert {
            k: v for k, v in (("committed", line.committed), ("free", line.free), ("paid", line.paid)) if v
        } == held
        assert line.paid == (paid.filter(line=line).aggregate(n=Sum("amount"))["n"] or 0) <= line.whole
    for contract in Commitment.objects.filter(withdrawn__isnull=True):
        under = paid.filter(commitment=contract).aggregate(n=Sum("amount"))["n"] or 0
        assert contract.paid == under and under + contract.released <= contract.amount


@pytest.mark.django_db
@pytest.mark.usefixtures("province")
@pytest.mark.parametrize("seed", range(4))
def test_no_order_of_deeds_makes_money_or_overdraws(seed: int, person: Callable[[str], Any]) -> None:
    lines()
    draw, done = random.Random(seed), 0
    for _step in range(70):
        try:
            deed(draw, FIRST if draw.random() < 0.8 else timezone.localdate())
            done += 1
        except REFUSED:
            continue
    assert done > 4
    laws()


@pytest.mark.django_db
@pytest.mark.usefixtures("province")
def test_the_vouchers_of_a_whole_file_stand_together_or_not_at_all() -> None:
    line = lines(1)[0]
    row = Change(kind="allot", line=line, day=FIRST, amount=600, number="1")
    write.create(REGISTERS["funding.change"], System(), row)
    many = [
        Payment(line=line, number=f"{n}", once=f"{n}", day=FIRST, payee="A", amount=10, what="x")
        for n in range(60)
    ]
    Payment.objects.bulk_create(many)
    post(Payment, [one.pk for one in many])
    laws()
    more = Payment.objects.bulk_create(
        [
            Payment(line=line, number=f"x{n}", once=f"x{n}", day=FIRST, payee="A", amount=1, what="x")
            for n in range(60)
        ]
    )
    with pytest.raises(NotNow, match="Không đủ tiền"), transaction.atomic():
        post(Payment, [one.pk for one in more])
    line.refresh_from_db()
    assert (line.paid, line.free) == (600, 0)
