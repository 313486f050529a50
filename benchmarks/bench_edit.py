"""One verify, edit or withdraw in a book of a million records, with all figures right afterwards.

Each engine runs in a process of its own on the standing database: SQLite always, PostgreSQL where pg_ctl is found.
The floor is the same record written by one bare UPDATE in its own transaction, in the same run.
"""

import json
import statistics
import time
from typing import Any

from benchmarks import standing
from benchmarks.table import Row

TIMES = 40


def measure(n: int) -> dict[str, Any]:
    """In this process, on the configured database: median and worst seconds of each write, and of the floor."""
    standing.stand(n)
    from django.conf import settings
    from django.db import connection, transaction

    from baoton.kit.access import System
    from baoton.kit.reading.register import REGISTERS
    from baoton.kit.writing import outbox, write
    from baoton.observations.models import Occurrence
    from baoton.places.units import asked_once
    from baoton.plan import figures

    book = REGISTERS["observations.occurrence"]
    settings.JOBS_INLINE = (
        False  # as on an installation: figures and map counts at once, search by the worker
    )
    outbox.drain(soon=True)
    open_ = Occurrence.objects.filter(status="draft", disclosure=0, year=standing.YEAR, withdrawn=None)
    drafts = list(open_[: 3 * TIMES + 3])
    reason = {"reason": "đo"}
    works: dict[str, Any] = {
        "verify": lambda r: write.act(book, System(), r, "verify", reason),
        "edit": lambda r: write.edit(book, System(), r, {"individual_count": 3}),
        "withdraw": lambda r: write.withdraw(book, System(), r, "đo"),
    }
    found: dict[str, Any] = {"rows": n, "writes": {}}
    for i, (name, work) in enumerate(works.items()):
        seconds, processor = [], []
        for record in drafts[i * (TIMES + 1) : (i + 1) * (TIMES + 1)]:
            began, spent = time.perf_counter(), time.process_time()
            with asked_once():  # as every request does
                work(record)
            seconds.append(time.perf_counter() - began)
            processor.append(time.process_time() - spent)
        found["writes"][name] = [*map(statistics.median, (seconds[1:], processor[1:])), max(seconds[1:])]
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
        found = standing.run(engine, "benchmarks.bench_edit")
        if found is None:
            continue
        for name, (median, processor, worst) in found["writes"].items():
            told = f"processor {processor * 1000:.0f} ms; worst {worst * 1000:.0f} ms"
            note = f"{told}; {found['wrong']} figures wrong afterwards"
            what = f"{engine}: one {name} at {found['rows']:,} records, figures right"
            table.append(Row(what, median, "one bare UPDATE", found["floor"], target="≤ 0.06 s", note=note))
    return table


if __name__ == "__main__":
    print(json.dumps(measure(standing.ROWS)))
