"""What stands beside the lines of a simulated book: visits, deliveries, marked animals; honest, or one fraud."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np


def beside(
    rng: np.random.Generator, stock: Any, lines: Sequence[Any], today: date, fraud: str
) -> Callable[[date], None]:
    """Rows about a book; what is given back makes them say on a day what they said then."""
    _visits(rng, stock, lines, today, fraud)
    if stock.form == "breeding":
        _marks(rng, stock, lines, today, fraud)
    return _deliveries(rng, stock, lines, today, fraud)


def _held(lines: Sequence[Any], kind: str, day: date, written: date | None = None) -> int:
    return sum(
        e.amount
        for e in lines
        if e.kind == kind and e.day <= day and (written is None or e.entered <= written)
    )


def _visits(rng: np.random.Generator, stock: Any, lines: Sequence[Any], today: date, fraud: str) -> None:
    """A visit in four years of five; the keeper mostly brings the book up to date before the count begins."""
    from baoton.facilities.models import CLASSES, Counted, Inspection, Stock

    planted = fraud == "count_differs"
    for year in range(stock.since.year, today.year + 1):
        day = date(year, int(rng.integers(2, 11)), int(rng.integers(1, 28)))
        wanted = rng.random() < 0.8 or (planted and year == today.year)
        if fraud == "marks_unread" or not wanted or day <= stock.since:
            continue
        visit = Inspection.objects.create(
            facility=stock.facility, kind="planned", day=day, status="finished", summary="x"
        )
        up_to_date = rng.random() < 0.97
        wrong = planted and year == today.year
        for kind in CLASSES[Stock.Form(stock.form)]:
            truly = _held(lines, kind, day)
            written = truly if up_to_date else max(0, _held(lines, kind, day, day))
            counted = truly
            if truly > 100:  # nobody counts thousands one by one
                counted = max(0, truly + int(rng.normal(0, truly * 0.005)))
            if wrong and truly:
                counted, wrong = max(0, truly - int(rng.integers(1, 4)) - truly // 10), False
            Counted.objects.create(inspection=visit, stock=stock, kind=kind, balance=written, counted=counted)
    Inspection.objects.create(facility=stock.facility, kind="planned", day=today + timedelta(days=5))


def _marks(rng: np.random.Generator, stock: Any, lines: Sequence[Any], today: date, fraud: str) -> None:
    """Some breeders bear marks; their dead leave with their own line."""
    from baoton.facilities.models import Entry, Individual, Mark
    from baoton.facilities.queries import mark_key

    planted = fraud in {"mark_reused", "marks_unread"}
    if not planted and rng.random() > 0.4:
        return
    since = stock.since + timedelta(days=int(rng.integers(1, 60 if planted else 400)))
    low = min(
        [
            x
            for d in range(0, (today - since).days, 30)
            if (x := _held(lines, "dam", since + timedelta(d))) >= 0
        ]
    )
    many = max(1, min(low, int(rng.integers(2, 6))))
    animals = []
    for i in range(many):
        number = f"9000{int(rng.integers(10**10, 10**11))}"
        one = Individual.objects.create(stock=stock, kind="dam", mark_kind="chip", mark=number)
        Mark.objects.create(
            individual=one, key=mark_key(number), mark_kind="chip", mark=number, since=since + timedelta(i)
        )
        animals.append(one)
    if not planted and rng.random() < 0.5:  # read at a visit, or by the keeper
        for one in animals:
            Individual.objects.filter(pk=one.pk).update(seen_on=since + timedelta(int(rng.integers(30, 300))))
    if fraud != "mark_reused":
        return
    one, how = animals[0], int(rng.integers(3))
    end = today - timedelta(days=300)
    if how == 0:  # its chip was read after it died
        Individual.objects.filter(pk=one.pk).update(
            status="ended", ended_on=end, ended_how="died", seen_on=today - timedelta(40)
        )
    elif how == 1:  # another is sold under its chip
        Individual.objects.filter(pk=one.pk).update(status="ended", ended_on=end, ended_how="died")
        late = [e for e in lines if e.movement == "sold" and e.day > end][-1:]
        Entry.objects.filter(pk__in=[e.pk for e in late]).update(note=f"chip {one.mark}")
    else:  # a mark is written once with a digit and once with the letter like it
        twin = Individual.objects.create(stock=stock, kind="dam", mark_kind="ring", mark=f"VN{one.mark[:6]}")
        other = Individual.objects.create(stock=stock, kind="dam", mark_kind="ring", mark=twin.mark)
        for who, mark in ((twin, f"VN0{one.mark[:6]}"), (other, f"VNO{one.mark[:6]}")):
            Mark.objects.create(individual=who, key=mark, mark_kind="ring", mark=mark, since=since)


def _deliveries(
    rng: np.random.Generator, stock: Any, lines: Sequence[Any], today: date, fraud: str
) -> Callable[[date], None]:
    """Deliveries that the receiver answers after days, one in fifty after weeks; or never, where planted."""
    from baoton.facilities.models import Facility, Stock, Transfer

    planted = fraud == "one_sided"
    rows: list[tuple[Any, date]] = []
    if planted or rng.random() < 0.3:
        place = Facility.objects.create(
            name=f"nhận {stock.pk}", kind=stock.form, owner_id=stock.facility.owner_id
        )
        other = Stock.objects.create(
            facility=place, taxon=stock.taxon, form=stock.form, purpose="T", since=stock.since
        )
        sold = [e for e in lines if e.movement == "sold" and (today - e.day).days > 30]
        picked = [sold[int(i)] for i in rng.integers(0, len(sold), 2)] if sold else []
        for n, e in enumerate(picked or ([None] if planted else [])):
            day = e.day if e is not None else today - timedelta(days=60)
            lag = 500 if planted and n == 0 else int(rng.lognormal(1.0, 0.7)) + 1
            row = Transfer.objects.create(giver=stock, receiver=other, day=day, amounts={})
            rows.append((row, day + timedelta(lag) if not (planted and n == 0) else date.max))

    def on(day: date) -> None:
        for row, answered in rows:
            state = "accepted" if answered <= day else "proposed"
            Transfer.objects.filter(pk=row.pk).update(
                status=state, withdrawn=None if row.day <= day else "2026-01-01T00:00Z"
            )

    return on
