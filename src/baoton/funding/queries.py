"""What others may ask of money: sums of a year, what was paid for a record, what a result cost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count as N
from django.db.models import Q, Sum
from django.utils.http import urlencode

from baoton.funding.models import STANDING, Purchase, Receipt
from baoton.kit.access import Actor
from baoton.kit.reading.register import REGISTERS
from baoton.kit.refs import name_of, register_of, resolve
from baoton.people.queries import bodies
from baoton.plan.queries import INDICATORS, Count, Distinct, Indicator
from baoton.plan.queries import Sum as SumOf

COLUMNS = ("planned", "allotted", "adjusted", "committed", "paid")


@dataclass(frozen=True)
class Row:
    """Sums of some lines under one heading; `address` opens the lines."""

    words: str
    sums: Mapping[str, int | None]
    address: str = ""

    @property
    def free(self) -> int | None:
        """What is neither paid nor promised; unknown where nothing was allotted yet."""
        told = [self.sums[k] for k in ("allotted", "adjusted", "committed", "paid")]
        if any(n is None for n in told):
            return None
        allotted, adjusted, committed, paid = (n or 0 for n in told)
        return allotted + adjusted - committed - paid

    @property
    def share(self) -> int | None:
        """Per cent of what may be spent that was paid."""
        whole = (self.sums["allotted"] or 0) + (self.sums["adjusted"] or 0)
        return None if not whole else round(100 * (self.sums["paid"] or 0) / whole)


def lines(actor: Actor, year: int) -> Any:
    """The lines of a year that the actor may read."""
    return REGISTERS["funding.line"].door(actor).rows().filter(year=year)


def by(actor: Actor, year: int, column: str) -> list[Row]:
    """The sums of a year by `source`, `body` or `task`, the most planned first; the whole year stands last."""
    rows, url = lines(actor, year), REGISTERS["funding.line"].url()
    names: Mapping[Any, str] = bodies() if column == "body" else {}
    keys = {"source": ("source", "source__name"), "body": ("body",), "task": ("task", "task__title")}[column]
    found = rows.order_by().values(*keys).annotate(**{f"all_{c}": Sum(c) for c in COLUMNS}, n=N("pk"))
    told = []
    for one in sorted(found, key=lambda r: (-(r["all_planned"] or 0), str(r[keys[0]]))):
        key = one[keys[0]]
        words = one[keys[-1]] if len(keys) > 1 else names.get(key, key)
        ask = {"who" if column == "body" else column: key, "when": year}
        told.append(Row(str(words or "–"), sums(one), f"{url}?{urlencode(ask)}" if key else ""))
    return told


def sums(row: Mapping[str, Any]) -> dict[str, int | None]:
    """The sums of some lines: allotted, signed and paid are unknown while no line has been allotted anything."""
    told: dict[str, int | None] = {c: row[f"all_{c}"] for c in COLUMNS}
    if not told["allotted"] and not told["adjusted"] and not told["paid"]:
        return {c: told[c] if c == "planned" else None for c in COLUMNS}
    return told


def whole(rows: Iterable[Row]) -> Row:
    """The rows together; what no row knows is unknown."""
    found = list(rows)
    return Row(
        "",
        {
            c: None if all(r.sums[c] is None for r in found) else sum(r.sums[c] or 0 for r in found)
            for c in COLUMNS
        },
    )


# — what a payment was for —


@dataclass(frozen=True)
class Bought:
    """One part of a voucher with the record it was for, where the reader may see that."""

    row: Purchase
    words: str
    address: str


def bought_of(actor: Actor, payment: Any) -> dict[str, Any]:
    """What stands on the page of a voucher: each record it paid for, and what is tied to none."""
    rows = list(Purchase.objects.filter(STANDING, payment=payment).order_by("id"))
    told = []
    for one in rows:
        record = resolve(actor, one.about_type, one.about_id)
        book = register_of(one.about_type)
        if record is None or book is None:
            told.append(Bought(one, "", ""))
        else:
            told.append(Bought(one, f"{book.one}: {record}", book.url(record)))
    return {"rows": told, "left": payment.amount - sum(one.amount for one in rows)}


def paid_for(record: Any) -> Any:
    """The parts of vouchers that were for a record, the newest first."""
    about_type, about_id = name_of(record)
    return Purchase.objects.filter(
        STANDING, about_type=about_type, about_id=about_id, payment__withdrawn__isnull=True
    ).order_by("-day", "-id")


def paid_by_source(actor: Actor, record: Any) -> list[tuple[str, int]]:
    """What was paid for a record from each source, as far as the actor may read vouchers; the most first."""
    if not actor.scopes("funding.payment.see"):
        return []
    seen = REGISTERS["funding.payment"].door(actor).rows()
    rows = paid_for(record).filter(payment__in=seen).order_by().values_list("payment__line__source__name")
    return sorted(((str(name), n) for name, n in rows.annotate(n=Sum("amount"))), key=lambda r: (-r[1], r[0]))


# — what a result cost —


@dataclass(frozen=True)
class Cost:
    """What one unit of a result cost: đồng paid for records, and what those records amount to."""

    indicator: Indicator
    paid: int
    amount: float | None
    records: int
    of_all: int
    address: str

    @property
    def each(self) -> int | None:
        """Whole đồng a unit; unknown where the records amount to nothing known."""
        return None if not self.amount else round(self.paid / self.amount)


def costs(actor: Actor, year: int) -> list[Cost]:
    """Cost by result of a year: only records that a voucher names are counted, on both sides of the line.

    A record paid for in the year counts whole, whenever it happened; records that nothing was paid for lie in neither.
    """
    payments = REGISTERS["funding.payment"].door(actor).rows()
    tied = Purchase.objects.filter(STANDING, day__year=year, payment__in=payments)
    told = []
    for label in tied.order_by().values_list("about_type", flat=True).distinct():
        book = register_of(label)
        if book is None or not (actor.scopes(f"{book.name}.see") or book.public is not None):
            continue
        mine = tied.filter(about_type=label)
        paid = mine.aggregate(n=Sum("amount"))["n"] or 0
        seen = book.door(actor).rows().filter(pk__in=mine.values("about_id"))
        if seen.count() < mine.values("about_id").distinct().count():
            continue
        for one in (i for i in INDICATORS.values() if i.register == book.name):
            found = _measured(one, seen)
            if found is not None:
                amount, n = found
                address = f"{book.url()}?{urlencode(one.query(year))}"
                of_all = one.rows().filter(one.in_year(year)).count()
                told.append(Cost(one, paid, amount, n, of_all, address))
    return told


def _measured(one: Indicator, seen: Any) -> tuple[float | None, int] | None:
    """What the records amount to by the indicator's measure, and how many count; None where it is no sum of rows."""
    rows = one.rows().filter(pk__in=seen.values("pk"))
    n = rows.count()
    if isinstance(one.measure, Count):
        return float(n), n
    if isinstance(one.measure, SumOf) and not one.measure.unit:
        total = rows.aggregate(n=Sum(one.measure.column))["n"]
        return (None if total is None else total / one.measure.per), n
    if isinstance(one.measure, Distinct):
        return float(
            rows.exclude(**{one.measure.column: None}).values(one.measure.column).distinct().count()
        ), n
    return None


def gifts(actor: Actor, year: int) -> list[dict[str, Any]]:
    """Gifts of a year that the actor may read, each with what came of it by then; a value nobody gave is unknown."""
    rows = REGISTERS["funding.gift"].door(actor).rows().filter(day__year__lte=year).order_by("-day", "-id")
    told = []
    for one in rows.filter(Q(day__year=year) | Q(receipts__day__year=year)).distinct():
        came = Receipt.objects.filter(STANDING, gift=one, day__year__lte=year)
        total = came.aggregate(n=Sum("value"))["n"]
        told.append(
            {"gift": one, "received": total, "n": came.count(), "unvalued": came.filter(value=None).count()}
        )
    return told


__all__ = [
    "Bought",
    "Cost",
    "Row",
    "bought_of",
    "by",
    "costs",
    "gifts",
    "lines",
    "paid_by_source",
    "paid_for",
    "whole",
]
