"""One verify, edit or withdraw in a book of a million records, with all figures right afterwards.

Each engine runs in a process of its own with an empty database: SQLite always, PostgreSQL where pg_ctl is found.
The floor is the same record written by one bare UPDATE in its own transaction, in the same run.
"""

import json
import os
import statistics
import sys
import time
from typing import Any

import benchmarks.bench_tiles as tiles
from benchmarks.table import Row

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
TIMES = 40


def measure(n: int) -> dict[str, Any]:
    """In this process, on the configured database: median and worst seconds of each write, and of the floor."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, transaction

    from baoton.kit.access import System
    from baoton.kit.reading.register import REGISTERS
    from baoton.kit.writing import outbox, write
    from baoton.observations.models import Occurrence
    from baoton.places.actions import load as load_places
    from baoton.places.units import asked_once
    from baoton.plan import figures
    from baoton.plan.actions import load as load_plan
    from baoton.taxa.actions import load as load_taxa

    settings.JOBS_INLINE = True
    call_command("migrate", verbosity=0, skip_checks=True)
    load_places()
    load_taxa()
    load_plan("lai_chau", "654/KH-UBND")
    tiles.fill(n)
    Occurrence.objects.update(day_start="2026-05-01", year=2026, sort_day=739737)
    started = time.perf_counter()
    figures.compute([2026])
    built = time.perf_counter() - started
    book = REGISTERS["observations.occurrence"]
    outbox.rebuild(book)
    drafts = list(Occurrence.objects.filter(status="draft", disclosure=0)[: 3 * TIMES + 3])
    reason = {"reason": "đo"}
    works: dict[str, Any] = {
        "verify": lambda r: write.act(book, System(), r, "verify", reason),
        "edit": lambda r: write.edit(book, System(), r, {"individual_count": 3}),
        "withdraw": lambda r: write.withdraw(book, System(), r, "đo"),
    }
    found: dict[str, Any] = {"rows": n, "built": built, "writes": {}}
    for i, (name, work) in enumerate(works.items()):
        seconds = []
        for record in drafts[i * (TIMES + 1) : (i + 1) * (TIMES + 1)]:
            began = time.perf_counter()
            with asked_once():  # as every request does
                work(record)
            seconds.append(time.perf_counter() - began)
        found["writes"][name] = [statistics.median(seconds[1:]), max(seconds[1:])]
    table, floor = Occurrence._meta.db_table, []
    for record in drafts[:TIMES]:
        key = Occurrence._meta.pk.get_db_prep_value(record.pk, connection)
        began = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET remarks = %s WHERE id = %s", ["đo", key])
        floor.append(time.perf_counter() - began)
    found["floor"] = statistics.median(floor)
    found["wrong"] = len(figures.differences())
    return found


def rows() -> list[Row]:
    """The result table of this module."""
    table = []
    for engine in ("sqlite", "postgres"):
        found = tiles._engine(engine, "benchmarks.bench_edit")
        if found is None:
            continue
        for name, (median, worst) in found["writes"].items():
            note = f"worst {worst * 1000:.0f} ms; {found['wrong']} figures wrong afterwards"
            what = f"{engine}: one {name} at {found['rows']:,} records, figures right"
            table.append(Row(what, median, "one bare UPDATE", found["floor"], target="≤ 0.06 s", note=note))
        table.append(Row(f"{engine}: all figures of a year built anew", found["built"]))
    return table


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        print(json.dumps(measure(ROWS)))
