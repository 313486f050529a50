"""Money and work of a province for five years: one edit with its figures among 200,000 vouchers, 57,000 pieces of work.

On SQLite with an empty database of its own. What is measured is the whole write: rights, rules, ledger, audit, outbox,
and the figures taken right after the commit.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from benchmarks.table import Row

PAYMENTS = int(os.environ.get("BENCH_PAYMENTS", "200000"))
BODIES, ITEMS, YEARS, TIMES, MOST_MS = 38, 300, 5, 40, 100.0
LAST = date.today().year
FIRST = LAST - YEARS + 1


def timed(work: Callable[[int], Any], times: int = TIMES) -> float:
    """The median of so many runs, in milliseconds."""
    told = []
    for n in range(times):
        began = time.perf_counter()
        work(n)
        told.append((time.perf_counter() - began) * 1000)
    return statistics.median(told)


def rows() -> list[Row]:
    """The table, measured now."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baoton.site.settings")
    os.environ["BAOTON_VAR"] = tempfile.mkdtemp(prefix="bench-programme")
    import django

    django.setup()
    return measured()


def measured() -> list[Row]:
    from django.core.management import call_command

    from baoton.funding.actions import fold, load, post
    from baoton.funding.models import Change, Line, Movement, Payment, Source
    from baoton.kit.access import System
    from baoton.kit.reading.register import REGISTERS
    from baoton.kit.writing import ledger, outbox, write
    from baoton.people.actions import load as load_people
    from baoton.places.actions import load as load_places
    from baoton.places.queries import commune_choices
    from baoton.plan import figures
    from baoton.plan.actions import load as load_plan
    from baoton.plan.models import Work
    from baoton.plan.queries import task_number

    call_command("migrate", verbosity=0, skip_checks=True)
    load_places(), load_people("lai_chau"), load_plan("lai_chau", "654/KH-UBND"), load()
    source, task, areas = Source.objects.get(code="other"), task_number(1), [p for p, _n in commune_choices()]
    lines = Line.objects.bulk_create([
        Line(code=f"B{y}-{i}-{k}", year=y, day=date(y, 1, 1), source=source, body=f"ubnd_{a[3:]}", title="x", task=task,
             planned=10**9, area_path=a)
        for y in range(FIRST, LAST + 1) for i, a in enumerate(areas) for k in range(6)
    ])  # fmt: skip
    given = Change.objects.bulk_create([
        Change(kind="allot", line=one, day=date(one.year, 1, 2), amount=10**9, number="1", area_path=one.area_path)
        for one in lines
    ])  # fmt: skip
    post(Change, [one.pk for one in given])
    paid = [
        Payment(line=one, number=f"C{n}", payee="A", once=f"{fold(f'C{n}')}|a", amount=1000, what="x",
                day=date(one.year, 1, 3) + timedelta(days=n // len(lines) % 300), area_path=one.area_path)
        for n in range(PAYMENTS) for one in (lines[n % len(lines)],)
    ]  # fmt: skip
    Payment.objects.bulk_create(paid, batch_size=5000)
    began = time.perf_counter()
    for start in range(0, PAYMENTS, 20_000):
        post(Payment, [one.pk for one in paid[start : start + 20_000]])
    posted = time.perf_counter() - began
    Work.objects.bulk_create([
        Work(title=f"Việc {n}", task=task, responsible=f"ubnd_{a[3:]}", area_path=a, must_show="x", status="doing",
             due=date(y, 1 + n % 12, 28))
        for y in range(FIRST, LAST + 1) for a in areas for n in range(ITEMS)
    ], batch_size=5000)  # fmt: skip
    figures.compute(range(FIRST, LAST + 1))
    today, actor = date.today(), System()
    here = [one for one in lines if one.year == LAST]

    def settled(work: Callable[[int], Any]) -> Callable[[int], Any]:
        def done(n: int) -> None:
            work(n)
            outbox.drain()

        return done

    made: list[Payment] = []

    def pay(n: int) -> None:
        row = Payment(line=here[n], number=f"N{n}", payee="B", day=today, amount=5, what="x")
        made.append(write.create(REGISTERS["funding.payment"], actor, row))

    works = list(Work.objects.filter(due__year=LAST).order_by("id")[:TIMES])
    book = REGISTERS["plan.work"]
    told = {
        "one voucher entered, its line and figures right": timed(settled(pay)),
        "one voucher changed": timed(
            settled(lambda n: write.edit(REGISTERS["funding.payment"], actor, made[n], {"amount": 7}))
        ),
        "one piece of work reported": timed(
            settled(lambda n: write.act(book, actor, works[n], "report", {"percent": 50, "said": "x"}))
        ),
        "one piece of work done": timed(
            settled(lambda n: write.act(book, actor, works[n], "finish", {"result": "x", "finished": today}))
        ),
    }
    wrong = len(figures.differences()) + len(ledger.differences(Movement))
    told = {name: ms / 1000 for name, ms in told.items()}
    note = f"{wrong} figures or balances wrong in a full recount afterwards"
    found = [Row(name, s, target=f"≤ {MOST_MS:.0f} ms", note=note) for name, s in told.items()]
    return [*found, Row(f"{PAYMENTS:,} vouchers posted to the ledger at once", posted)]
