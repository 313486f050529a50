"""The nightly weighing of every place in a book of a million records: how long it takes, and how long others wait.

Twice: the first night after a rule changed, when many rows move, and an ordinary night, when none does. Meanwhile
somebody writes one row a fifth of a second after the other; the longest of these writes is how long others wait.
"""

import json
import threading
import time
from typing import Any

from benchmarks import standing
from benchmarks.table import Row


def measure(n: int) -> dict[str, Any]:
    """In this process, on the configured database: seconds, processor seconds, rows moved, the longest wait."""
    standing.stand(n)
    from django.conf import settings

    from baoton.observations.models import Occurrence
    from baoton.observations.resettling import settle_again

    settings.JOBS_INLINE = False
    found: dict[str, Any] = {"rows": n, "nights": {}}
    for night in ("the first night after a rule changed", "an ordinary night"):
        waits: list[float] = []
        over = threading.Event()
        other = threading.Thread(target=writes, args=(over, waits))
        other.start()
        began, spent = time.perf_counter(), time.process_time()
        moved = settle_again()
        took = [time.perf_counter() - began, time.process_time() - spent]
        over.set()
        other.join()
        found["nights"][night] = [*took, moved, max(waits)]
        found["guarded"] = Occurrence.objects.filter(disclosure__gt=0).count()
        print(json.dumps(found), flush=True)
    return found


def writes(over: threading.Event, waits: list[float]) -> None:
    """One small write after the other, each timed, until it is over."""
    from django.db import connection, transaction

    from baoton.observations.models import Dataset

    while not over.wait(0.2):
        began = time.perf_counter()
        with transaction.atomic():
            Dataset.objects.filter(code="bench").update(citation=str(began))
        waits.append(time.perf_counter() - began)
    connection.close()


def rows() -> list[Row]:
    """The result table of this module."""
    table = []
    for engine in ("sqlite", "postgres"):
        found = standing.run(engine, "benchmarks.bench_resettling")
        if found is None:
            continue
        for night, (wall, processor, moved, worst) in found["nights"].items():
            note = (
                f"processor {processor:.0f} s; {moved:,} rows moved; {found['guarded']:,} stand guarded; "
                f"others waited at most {worst * 1000:.0f} ms"
            )
            table.append(
                Row(f"{engine}: {night}, {found['rows']:,} records", wall, target="≤ 600 s", note=note)
            )
    return table


if __name__ == "__main__":
    print(json.dumps(measure(standing.ROWS)))
