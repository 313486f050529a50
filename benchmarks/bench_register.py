"""Lists of a register of a million records, whatever the declared filter, against a bare template of the same rows.

The floor is Django's template engine that renders the same fifty rows, ready as dictionaries, as a table: what
is above it is finding, reading and writing them out. Beside it stands what the database alone takes: the same
statements again on a bare cursor, every row fetched and none made an object. Each engine runs in a process of its own
on the standing database; SQLite, being part of it, by processor time.
"""

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks import standing
from benchmarks.table import Row

TIMES = 7
BARE = """<table><thead><tr>{% for head in heads %}<th scope="col">{{ head }}</th>{% endfor %}</tr></thead>
<tbody>{% for row in rows %}<tr>{% for cell in row.items %}<td>{{ cell.1 }}</td>{% endfor %}</tr>{% endfor %}
</tbody></table>"""


def asks() -> dict[str, dict[str, str]]:
    """One question for each declared filter: what is common, what is rare, and several at once."""
    from baoton.observations.models import Occurrence

    one = Occurrence.objects.exclude(taxon=None).exclude(task=None).values("dataset", "taxon", "task").first()
    assert one is not None
    return {
        "first page": {},
        "q, many species": {"q": "ca"},
        "q, one genus": {"q": "gau ngua"},
        "q, nothing": {"q": "zzzz"},
        "status": {"status": "draft"},
        "group": {"group": "bird"},
        "area": {"area": "12/03451"},
        "when, this year": {"when": "2026"},
        "when, the first year": {"when": "2000"},
        "dataset": {"dataset": str(one["dataset"])},
        "taxon": {"taxon": str(one["taxon"])},
        "task": {"task": str(one["task"])},
        "presence": {"presence": "absent"},
        "basis": {"basis": "MachineObservation"},
        "protected": {"protected": "1"},
        "named": {"named": "0"},
        "box, a village": {"box": "103.0,22.1,103.02,22.12"},
        "box, the province": {"box": "102.3,21.6,104,22.8"},
        "q, group and status": {"q": "ca", "group": "bird", "status": "verified"},
    }


def measure(n: int) -> dict[str, Any]:
    """In this process, on the standing database: seconds of ours and of the floor for each question."""
    standing.stand(n)
    from django.template import Context, Template

    from baoton.kit.once import one_state
    from baoton.kit.pages import lines
    from baoton.kit.reading import listing
    from baoton.kit.reading.register import REGISTERS
    from baoton.places.units import asked_once
    from benchmarks.bench_tiles import Reader

    book = REGISTERS["observations.occurrence"]
    bare, found = Template(BARE), {}
    for who in ("system", "public"):
        for what, asked in asks().items():
            ours, floor, processor = [], [], []
            for _ in range(TIMES):
                began, spent = time.perf_counter(), time.process_time()
                with asked_once(), one_state():  # as a request does
                    door = book.door(Reader(who))
                    narrowed = book.filtered(door, asked)
                    counted = listing.count(narrowed)
                    page = listing.page(book, book.joined(door.open(narrowed)), counted=counted)
                    told = lines.rows(book, page.records, False, book.shown)
                ours.append(time.perf_counter() - began)
                processor.append(time.process_time() - spent)
                rows = [{k.name: k.text(r) for k in book.shown} for r in page.records]
                began = time.process_time()
                bare.render(Context({"heads": [str(k.heading) for k in book.shown], "rows": rows}))
                floor.append(time.process_time() - began)
            assert told or not rows
            alone = min(database_alone(partial(one_page, book, door, asked)) for _ in range(3))
            found[f"{what}, {who}"] = [*map(min, (ours, floor, processor)), len(rows), alone]
    return {"rows": n, "pages": found}


def one_page(book: Any, door: Any, asked: dict[str, str]) -> Any:
    """The statements of one page are asked."""
    from baoton.kit.reading import listing

    narrowed = book.filtered(door, asked)
    counted = listing.count(narrowed)
    return listing.page(book, book.joined(door.open(narrowed)), counted=counted)


def database_alone(work: Callable[[], object]) -> float:
    """Seconds that the statements of some work take on a bare cursor, all their rows fetched."""
    from django.db import connection

    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    taken = 0.0
    with connection.cursor() as cursor:
        for sql, params in asked:
            began = time.process_time() if connection.vendor == "sqlite" else time.perf_counter()
            cursor.execute(sql, params)
            cursor.fetchall()
            taken += (time.process_time() if connection.vendor == "sqlite" else time.perf_counter()) - began
    return taken


def rows() -> list[Row]:
    """The result table of this module."""
    table = []
    for engine in ("sqlite", "postgres"):
        found = standing.run(engine, "benchmarks.bench_register")
        for what, (mine, floor, processor, n, alone) in found["pages"].items() if found else ():
            mine = processor if engine == "sqlite" else mine  # in SQLite the database is this process
            bare = f"{mine / (floor + alone):.1f} × template and database"
            note = (
                f"{n} rows; processor {processor * 1000:.1f} ms; database alone {alone * 1000:.1f} ms, {bare}"
            )
            told = f"{engine}: list, {what}, {found['rows']:,} records" if found else ""
            table.append(Row(told, mine, "a bare template", floor, target="≤ 2×", note=note))
    return table


if __name__ == "__main__":
    print(json.dumps(measure(standing.ROWS)))
