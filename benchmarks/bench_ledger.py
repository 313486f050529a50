"""A ledger of two million entries in ten thousand books: a balance of any day, a page of a book, one entry posted.

Each engine runs in a process of its own with an empty database: SQLite always, PostgreSQL where pg_ctl is found.
The floor is the plain sum of the same book's entries by class, in the same run.
"""

import json
import os
import random
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from benchmarks import standing
from benchmarks.table import Row

ENTRIES = int(os.environ.get("BENCH_ENTRIES", "2000000"))
BOOKS, DAYS, TIMES = 10_000, 3650, 60
LONG = 50_000  # one book is as long as two hundred and fifty others
FIRST = date(2016, 1, 1)


def measure(n: int) -> dict[str, Any]:
    """In this process, on the configured database: median wall and processor seconds of each, and of the floor."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, models, transaction
    from django.db.models import Sum

    from baoton.kit.record import Record
    from baoton.kit.writing import ledger

    class Stock(Record):
        class Meta:
            app_label = "kit"

    class Head(ledger.Entry):
        book = models.ForeignKey(Stock, on_delete=models.PROTECT)

        class Meta:
            app_label = "kit"

    call_command("migrate", verbosity=0, skip_checks=True)
    with connection.schema_editor() as editor:
        editor.create_model(Stock)
        editor.create_model(Head)
        editor.execute("CREATE INDEX head_day ON kit_head (book_id, day, position)")
    rng = random.Random(1)
    books = Stock.objects.bulk_create([Stock() for _i in range(BOOKS)], batch_size=5000)
    given = ("id", "book", "day", "kind", "amount", "position")
    each = (n - LONG) // (BOOKS - 1)
    columns = [f for f in Head._meta.concrete_fields if f.name not in given]
    rest = [f.get_db_prep_save(f.get_default(), connection) for f in columns]
    names = ", ".join(f'"{f.column}"' for f in (*(Head._meta.get_field(g) for g in given), *columns))
    key = Head._meta.pk.get_db_prep_value
    with transaction.atomic(), connection.cursor() as cursor:
        for i, book in enumerate(books):
            many = LONG if i == 0 else each
            days = sorted(rng.randrange(DAYS) for _j in range(many))
            rows = [
                (key(uuid.UUID(int=rng.getrandbits(128)), connection), key(book.pk, connection),
                 str(FIRST + timedelta(days=d)), f"class {j % 4}", 2 if j < 40 else rng.choice((1, 1, -1)), j + 1,
                 *rest)
                for j, d in enumerate(days)
            ]  # fmt: skip
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY kit_head ({names}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f"INSERT INTO kit_head ({names}) VALUES ({marks})", rows)
    began = time.perf_counter()
    kept = ledger.rebuild(Head)
    found: dict[str, Any] = {"entries": n, "rebuild": time.perf_counter() - began, "days": kept, "asks": {}}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    def ask(what: str, work: Callable[[Any, date], object]) -> None:
        for which, some in (("", books[1:]), (" of the book of 50,000", books[:1])):
            wall, cpu = [], []
            for _i in range(TIMES):
                book, on = rng.choice(some), FIRST + timedelta(days=rng.randrange(DAYS))
                a, b = time.perf_counter(), time.process_time()
                work(book, on)
                wall.append(time.perf_counter() - a)
                cpu.append(time.process_time() - b)
            found["asks"][what + which] = [statistics.median(wall), max(wall), statistics.median(cpu)]

    ask(
        "floor",
        lambda book, on: list(
            Head.objects.filter(book=book, day__lte=on)
            .order_by()
            .values_list("kind")
            .annotate(n=Sum("amount"))
        ),
    )
    ask("balance by class on any day", lambda book, on: ledger.balances(Head, book, on))
    ask("page of 50 entries with balances", lambda book, on: ledger.running(Head, book, 50, (on, 1 << 30)))
    ask(
        "one entry posted on any day",
        lambda book, on: ledger.post([Head(book=book, day=on, kind="class 1", amount=1)]),
    )
    ask(
        "one entry taken out on the last day",
        lambda book, on: ledger.post(
            [Head(book=book, day=FIRST + timedelta(days=DAYS), kind="class 1", amount=-1)]
        ),
    )
    found["wrong"] = len(ledger.differences(Head))
    return found


def rows() -> list[Row]:
    """The result table of this module."""
    table = []
    for engine in ("sqlite", "postgres"):
        found = standing.run(engine, "benchmarks.bench_ledger", empty=True)
        if found is None:
            continue
        for what, (median, worst, cpu) in found["asks"].items():
            if what.startswith("floor"):
                continue
            floor = found["asks"]["floor" + (" of the book of 50,000" if "of the book" in what else "")][0]
            note = f"worst {worst * 1000:.1f} ms, processor {cpu * 1000:.1f} ms; "
            note += f"{found['wrong']} balances wrong afterwards"
            table.append(Row(f"{engine}: {what}", median, "plain sum", floor, target="≤ 0.05 s", note=note))
        what = f"{engine}: {found['days']:,} days of {found['entries']:,} entries built anew"
        table.append(Row(what, found["rebuild"]))
    return table


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        print(json.dumps(measure(ENTRIES)))
