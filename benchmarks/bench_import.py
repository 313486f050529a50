"""Import of a million Darwin Core rows against its own dry run and a bare insert of the same rows into the same table.

The total holds reading, checks, names, communes, disclosure, writing, audit, figures and map counts; the words for the
search are indexed by the worker afterwards and measured apart.

Each engine runs in a process of its own with an empty database: SQLite always, PostgreSQL where pg_ctl is found.
"""

import json
import os
import random
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks import standing
from benchmarks.table import Row

ROWS = int(os.environ.get("BENCH_IMPORT_ROWS", "1000000"))
ROOT = Path(__file__).resolve().parents[1]


def write_csv(path: Path, n: int, names: list[str], seed: int = 1) -> None:
    """A seeded survey export: one row in a hundred has a fault, one name in fifty is unknown."""
    rng = random.Random(seed)
    people = ["Vàng A Sùng", "Lò Thị Pao", "Nguyễn Văn Minh", "Hoàng Thị Lan"]
    places = ["khe Nậm Ma", "bản Tà Tổng", "đỉnh Pu Si Lung", "ven suối Nậm Na", ""]
    terms = (
        "occurrenceID,scientificName,decimalLongitude,decimalLatitude,coordinateUncertaintyInMeters,eventDate,"
        "individualCount,basisOfRecord,occurrenceStatus,recordedBy,locality,habitat,samplingProtocol,occurrenceRemarks"
    )
    with path.open("w", encoding="utf-8") as out:
        out.write(terms + "\n")
        for i in range(n):
            lon, lat = 102.3 + rng.random() * 1.7, 21.7 + rng.random() * 1.1
            x, y = f"{lon:.6f}", f"{lat:.6f}"
            fault = rng.randrange(400)
            if fault == 0:
                x, y = y, x
            elif fault == 1:
                y = ""
            day = f"{2000 + rng.randrange(26)}-{1 + rng.randrange(12):02d}-{1 + rng.randrange(28):02d}"
            if fault == 2:
                day = "31/02/2020"
            name = rng.choice(names) if rng.randrange(50) else f"Ignota species{rng.randrange(900)}"
            count = "nhiều" if fault == 3 else str(rng.randrange(1, 30))
            out.write(
                f"urn:lc:{i:08d},{name},{x},{y},{rng.randrange(5, 100)},{day},{count},HumanObservation,present,"
                f"{rng.choice(people)},{rng.choice(places)},rừng thường xanh,tuyến {rng.randrange(40)},\n"
            )


def measure(n: int) -> dict[str, Any]:
    """In this process, on the configured database: seconds of the import, of the bare insert, and the memory."""
    import django

    django.setup()
    from django.core.management import call_command

    from baoton.kit.access import System
    from baoton.kit.importing import run_file
    from baoton.places.actions import load as load_places
    from baoton.taxa.actions import load as load_taxa
    from baoton.taxa.models import Taxon

    call_command("migrate", verbosity=0, skip_checks=True)
    load_places()
    load_taxa()
    names = sorted(Taxon.objects.values_list("scientific_name", flat=True))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "million.csv"
        write_csv(path, n, names)
        before = _anonymous()
        start = time.perf_counter()
        spent = time.process_time()
        dry = run_file(System(), path, dry=True)
        checked, check_processor = time.perf_counter() - start, time.process_time() - spent
        with Memory() as memory:
            start = time.perf_counter()
            spent = time.process_time()
            batch = run_file(System(), path)
            took, processor = time.perf_counter() - start, time.process_time() - spent
        start = time.perf_counter()
        again = run_file(System(), path)
        unchanged = time.perf_counter() - start
        bare, bare_processor = _bare_insert(Path(folder))
    assert dry.counts["total"] == batch.counts["total"], (dry.counts, batch.counts)
    return {
        "rows": n, "import_s": took, "check_s": checked, "again_s": unchanged, "bare_s": bare, "peak_mb": memory.peak,
        "processor": processor, "check_processor": check_processor, "before_mb": before,
        "bare_processor": bare_processor, "counts": batch.counts["total"], "again": again.counts["total"],
    }  # fmt: skip


class Memory:
    """The most anonymous memory of this process while it is watched, in MB: mapped database files are not counted."""

    def __init__(self) -> None:
        self.peak, self._stop = _anonymous(), threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._stop.wait(0.05):
            self.peak = max(self.peak, _anonymous())

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop.set()
        self._thread.join()


def _anonymous() -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024


def _bare_insert(folder: Path) -> tuple[float, float]:
    """The imported rows written again, bare, into the emptied table: seconds and processor of the writing alone."""
    from django.db import connection, transaction

    from baoton.kit.importing import database
    from baoton.observations.models import Occurrence

    table, fields = database.table_of(Occurrence), database.fields_of(Occurrence)
    columns = ", ".join(database.quoted(str(f.column)) for f in fields.values())
    if connection.vendor == "postgresql":
        dump = folder / "rows.csv"
        with connection.cursor() as cursor, dump.open("wb") as out:
            with cursor.copy(f"COPY {table} ({columns}) TO STDOUT (FORMAT csv, NULL '\\N')") as copy:
                for part in copy:
                    out.write(part)
            cursor.execute(f"TRUNCATE {table} CASCADE")
        start, spent = time.perf_counter(), time.process_time()
        into = f"COPY {table} ({columns}) FROM STDIN (FORMAT csv, NULL '\\N')"
        with (
            transaction.atomic(),
            connection.cursor() as cursor,
            dump.open("rb") as source,
            cursor.copy(into) as copy,
        ):
            while part := source.read(1 << 20):
                copy.write(part)
        return time.perf_counter() - start, time.process_time() - spent
    import sqlite3

    from django.conf import settings

    own: Any = settings.DATABASES["default"]
    empty = str(folder / "bare.sqlite3")
    rows_of = sqlite3.connect(str(own["NAME"]))
    target = sqlite3.connect(empty, isolation_level=None)
    for pragma in own["OPTIONS"]["init_command"].split(";"):
        target.execute(pragma)
    for (sql,) in rows_of.execute(
        "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql NOT NULL ORDER BY type = 'index'",
        [Occurrence._meta.db_table],
    ):
        target.execute(sql)
    marks = ", ".join("?" * len(fields))
    seconds = processor = 0.0
    target.execute("BEGIN")
    standing_rows = rows_of.execute(f"SELECT {columns} FROM {table} ORDER BY rowid")
    while rows := standing_rows.fetchmany(50_000):
        start, spent = time.perf_counter(), time.process_time()
        target.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
        seconds, processor = seconds + time.perf_counter() - start, processor + time.process_time() - spent
    start, spent = time.perf_counter(), time.process_time()
    target.execute("COMMIT")
    return seconds + time.perf_counter() - start, processor + time.process_time() - spent


def rows() -> list[Row]:
    """The result table of this module."""
    table = []
    aims = (("sqlite", "executemany", "≤ 2.5 × its dry run"), ("postgres", "COPY", "≤ 2 × COPY"))
    for engine, floor, target in aims:
        found = standing.run(engine, "benchmarks.bench_import", empty=True)
        if found is None:
            continue
        counts = ", ".join(f"{k} {v:,}" for k, v in found["counts"].items() if v)
        name = f"{engine}: import of {found['rows']:,} Darwin Core rows"
        note = (
            f"{found['import_s'] / found['check_s']:.2f} × its dry run; processor {found['processor']:.0f} s against "
            f"{found['check_processor']:.0f} s; {counts}; peak memory {found['peak_mb']:.0f} MB "
            f"(before the file {found['before_mb']:.0f} MB)"
        )
        least = found["check_s"] + found["bare_s"]
        least_processor = found["check_processor"] + found["bare_processor"]
        told = (
            f"{least / found['check_s']:.2f} × its dry run; processor {least_processor:.0f} s, "
            f"{least_processor / found['check_processor']:.2f} × that of the dry run"
        )
        table += [
            Row(f"{engine}: the least it could be: the dry run and the bare writing", least, note=told),
            Row(name, found["import_s"], floor, found["bare_s"], target=target, note=note),
            Row(f"{engine}: the same, only checked (dry run)", found["check_s"], floor, found["bare_s"]),
            Row(f"{engine}: the same file again, all unchanged", found["again_s"], floor, found["bare_s"]),
        ]
    return table


if __name__ == "__main__":
    print(json.dumps(measure(ROWS)))
