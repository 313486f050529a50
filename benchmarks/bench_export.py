"""Files of a register of a million records: csv against a bare dump of the table, xlsx in rows a second, and memory.

Each file is written in a process of its own, so that its peak of memory is its own.
"""

import csv
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import standing
from benchmarks.table import Row


def measure(n: int) -> dict[str, Any]:
    """In this process, on the standing database: seconds and memory of the file that `BENCH_FILE` names."""
    standing.stand(n)
    from django.db import connection

    from baoton.kit.reading import exporting
    from baoton.kit.reading.register import REGISTERS
    from benchmarks.bench_import import Memory
    from benchmarks.bench_tiles import Reader

    what, _colon, who = os.environ["BENCH_FILE"].partition(":")
    book = REGISTERS["observations.occurrence"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        spent, began, count = time.process_time(), time.perf_counter(), n
        with Memory() as memory:
            if what == "dump":
                with connection.cursor() as cursor, path.open("w", newline="") as out:
                    writer = csv.writer(out)
                    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(book.model._meta.db_table)}")
                    while part := cursor.fetchmany(20_000):
                        writer.writerows(part)
            else:
                count = exporting.write(book, Reader(who), {}, what, path)
        took, processor = time.perf_counter() - began, time.process_time() - spent
    return {"count": count, "took": took, "processor": processor, "peak": memory.peak}


def rows() -> list[Row]:
    """The result table of this module."""
    table = []
    for engine in ("sqlite", "postgres"):
        found = {}
        for what in ("dump", "csv:system", "csv:public", "xlsx:system"):
            os.environ["BENCH_FILE"] = what
            found[what] = standing.run(engine, "benchmarks.bench_export")
        bare = found.pop("dump")
        for what, one in found.items():
            if one is None or bare is None:
                continue
            kind, _colon, who = what.partition(":")
            note = (
                f"{one['count'] / one['took']:,.0f} rows/s; processor {one['processor']:.0f} s "
                f"({one['processor'] / bare['processor']:.2f} × the dump's, {one['count'] / one['processor']:,.0f} "
                f"rows/s); peak memory {one['peak']:.0f} MB"
            )
            target = "≤ 2×" if kind == "csv" else "≥ 25,000 rows/s"
            told = f"{engine}: {kind} of {one['count']:,} rows, {who}"
            table.append(Row(told, one["took"], "bare csv dump", bare["took"], target=target, note=note))
    return table


if __name__ == "__main__":
    print(json.dumps(measure(standing.ROWS)))
