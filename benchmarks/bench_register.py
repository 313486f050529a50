"""Lists, filters and exports of a register of a million records, against the bare SQL and a bare csv dump.

Each engine runs in a process of its own with an empty database: SQLite always, PostgreSQL where pg_ctl is found.
"""

import csv
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import benchmarks.bench_tiles as tiles
from benchmarks.table import Row, best_of, markdown

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))


def measure(n: int) -> dict[str, Any]:
    """In this process, on the configured database: seconds of ours and of the bare query for each page."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from baoton.kit.reading import exporting, listing
    from baoton.kit.reading.register import REGISTERS
    from baoton.observations.models import Occurrence
    from baoton.places.actions import load as load_places
    from baoton.places.units import asked_once
    from baoton.taxa.actions import load as load_taxa

    call_command("migrate", verbosity=0, skip_checks=True)
    load_places()
    load_taxa()
    tiles.fill(n)
    register = REGISTERS["observations.occurrence"]
    table = Occurrence._meta.db_table
    taxon = Occurrence.objects.values_list("taxon_id", flat=True).first()
    uuid = Occurrence._meta.pk.get_db_prep_value(taxon, connection)
    every = "withdrawn IS NULL"
    asks: dict[str, tuple[dict[str, str], str, list[Any]]] = {
        "first page": ({}, every, []),
        "status": ({"status": "verified"}, f"{every} AND status = %s", ["verified"]),
        "group": ({"group": "bird"}, f"{every} AND taxon_group = %s", ["bird"]),
        "commune": ({"area": "12/03451"}, f"{every} AND area_path = %s", ["12/03451"]),
        "taxon": ({"taxon": str(taxon)}, f"{every} AND taxon_id = %s", [uuid]),
    }
    found: dict[str, Any] = {"rows": n, "pages": {}}

    def bare(where: str, given: list[Any]) -> Callable[[], object]:
        def run() -> object:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT * FROM {table} WHERE {where} ORDER BY sort_day DESC, id DESC LIMIT 51", given
                )
                rows = cursor.fetchall()
                cursor.execute(
                    f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {where} LIMIT 10001) q", given
                )
                return rows, cursor.fetchone()

        return run

    def ours(reader: str, asked: dict[str, str]) -> Callable[[], object]:
        def run() -> object:
            door = register.door(tiles.Reader(reader))
            narrowed = register.filtered(door, asked)
            page = listing.page(register, register.joined(door.open(narrowed)))
            with asked_once():
                lines = [k.text(r) for r in page.records for k in register.shown]
            return lines, listing.count(narrowed)

        return run

    for what, (asked, where, given) in asks.items():
        for reader in ("system", "public"):
            found["pages"][f"{what}, {reader}"] = [
                best_of(ours(reader, asked), 5),
                best_of(bare(where, given), 5),
            ]

    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        count = exporting.write(register, tiles.Reader("system"), {}, "csv", Path(folder) / "ours.csv")
        found["export"] = [time.perf_counter() - start, count]
        start = time.perf_counter()
        with connection.cursor() as cursor, (Path(folder) / "bare.csv").open("w", newline="") as out:
            writer = csv.writer(out)
            cursor.execute(f"SELECT * FROM {table}")
            while part := cursor.fetchmany(20_000):
                writer.writerows(part)
        found["dump"] = time.perf_counter() - start
    import resource

    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def rows() -> list[Row]:
    """The result table of this module."""
    table = []
    for engine in ("sqlite", "postgres"):
        found = tiles._engine(engine, "benchmarks.bench_register")
        if found is None:
            continue
        for what, (mine, bare) in found["pages"].items():
            table.append(
                Row(f"{engine}: {what}, {found['rows']:,} rows", mine, "the bare SQL", bare, target="≤ 5×")
            )
        seconds, count = found["export"]
        table.append(
            Row(
                f"{engine}: csv of {count:,} rows",
                seconds,
                "bare csv dump",
                found["dump"],
                target="≤ 4×",
                note=f"peak {found['peak_mb']:.0f} MB with the filling",
            )
        )
    return table


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        print(json.dumps(measure(ROWS)))
    else:
        told = markdown(rows())
        target = Path(__file__).parent / "results" / "register.md"
        target.parent.mkdir(exist_ok=True)
        target.write_text(told, encoding="utf-8")
        print(told)
