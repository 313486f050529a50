"""Fifty thousand cases: every declared filter, what the law says of one, and one bound for a court.

The floor of a list is the bare SQL of its first page. The court's file has 300 pages, 200 of them photos of noise,
which no encoder makes small; it is bound in a process of its own whose peak of memory is told.
"""

import argparse
import io
import json
import os
import resource
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np

from benchmarks import standing
from benchmarks.table import Row

CASES, TIMES, PHOTOS, LINES = 50_000, 7, 200, 4_400
FIRST = date(2016, 1, 1)


def spent(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the clock and of the processor."""
    began, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - cpu


def stand() -> Any:
    """An empty database with places, taxa and people; the officer."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from baoton.people.actions import load as load_people
    from baoton.people.models import Person
    from baoton.people.simulate import cast
    from baoton.places.actions import load as load_places
    from baoton.plan.actions import load as load_plan
    from baoton.taxa.actions import load as load_taxa

    settings.JOBS_INLINE, settings.ALLOWED_HOSTS = True, ["*"]
    call_command("migrate", verbosity=0, skip_checks=True)
    load_places()
    load_taxa()
    load_people("lai_chau")
    load_plan("lai_chau", "654/KH-UBND")
    cast()
    return Person.objects.get(username="dung")


def fill() -> None:
    """The cases in all states, over ten years and all communes, each with an act and goods."""
    from baoton.enforcement.models import Act, Case, Item
    from baoton.places.queries import commune_choices

    rng, paths = np.random.default_rng(7), [p for p, _name in commune_choices()]
    states, sources = list(Case.Status.values), list(Case.Source.values)
    days = [FIRST + timedelta(days=int(d)) for d in rng.integers(0, 3_900, CASES)]
    cases = [
        Case(
            code=f"VV-{n}", title=f"Vụ {n}", day=day, opened=day, status=states[n % len(states)],
            source=sources[n // 7 % len(sources)], area_path=paths[n % len(paths)],
            shown_area_path=paths[n % len(paths)], organisation="kiem_lam",
            decided=day + timedelta(days=9) if n % 2 else None, sent=day + timedelta(days=12) if n % 5 == 0 else None,
            paid_on=day + timedelta(days=30) if n % 3 == 0 else None,
        )
        for n, day in enumerate(days)
    ]  # fmt: skip
    Case.objects.bulk_create(cases, batch_size=400)
    common = ({"case": c, "organisation": "kiem_lam", "area_path": c.area_path} for c in cases)
    rows = list(common)
    Act.objects.bulk_create([Act(act="hunting", **one) for one in rows], batch_size=1_000)
    Item.objects.bulk_create(
        [Item(name="Vượn", kind="animal", state="dead", number=1, value=500_000, **one) for one in rows],
        batch_size=500,
    )


def measure() -> dict[str, Any]:
    """In this process, on the configured database: seconds of every filter and of indications."""
    dung = stand()
    from django.db import connection

    from baoton.enforcement.indication import indication
    from baoton.enforcement.models import Act, Case, Item, Person
    from baoton.kit.pages import lines
    from baoton.kit.reading import listing
    from baoton.kit.reading.register import REGISTERS
    from baoton.kit.writing import write
    from baoton.places.queries import commune_choices
    from baoton.places.units import asked_once

    found: dict[str, Any] = {"filled": spent(fill), "lists": {}, "indications": {}}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    book, area = REGISTERS["enforcement.case"], commune_choices()[3][0]
    asks = {
        "first page": {}, "status": {"status": "decided"}, "source": {"source": "patrol"}, "area": {"area": area},
        "when": {"when": "2024"}, "when, a month": {"when": "3/2019"}, "opened": {"opened": "2020"},
        "decided": {"decided": "2025"}, "sent": {"sent": "2018"}, "paid": {"paid": "quý 3/2021"},
        "words": {"q": "vu 4999"}, "no words": {"q": "zzzz"},
        "status, area and year": {"status": "minuted", "area": area, "when": "2022"},
    }  # fmt: skip
    for what, asked in asks.items():

        def ours(asked: dict[str, str] = asked) -> None:
            with asked_once():
                door = book.door(dung)
                narrowed = book.filtered(door, asked)
                counted = listing.count(narrowed)
                page = listing.page(book, book.joined(door.open(narrowed)), counted=counted)
                lines.rows(book, page.records, False, book.shown)

        ours()
        told = [spent(ours) for _n in range(TIMES)]
        sql = "SELECT * FROM enforcement_case WHERE withdrawn IS NULL ORDER BY id DESC LIMIT 50"

        def bare(sql: str = sql) -> None:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                cursor.fetchall()

        floor = min(spent(bare)[0] for _n in range(TIMES))
        found["lists"][what] = [min(t[0] for t in told), min(t[1] for t in told), floor]
    for goods in (1, 10):
        case = write.create(
            book, dung, Case(title="Bắt vượn", day=date(2026, 7, 1), opened=date(2026, 7, 1), area_path=area)
        )
        parts: list[Any] = [
            Act(case=case, act="hunting"),
            Person(case=case, kind="person", name="Người bị thử"),
        ]
        parts += [Item(case=case, name="Vượn đen tuyền", kind="animal", state="dead", number=1, value=900_000 * (n + 1))
                  for n in range(goods)]  # fmt: skip
        for row in parts:
            write.create(REGISTERS[row._meta.label_lower], dung, row)
        fresh = Case.objects.get(pk=case.pk)
        indication(dung, fresh)
        told = [spent(lambda c=fresh: indication(dung, c)) for _n in range(20)]
        found["indications"][f"{goods} goods"] = [min(t[0] for t in told), min(t[1] for t in told)]
    return found


def noise(n: int) -> bytes:
    """A photo of two million points of random noise, which is always the same."""
    from PIL import Image

    out, rng = io.BytesIO(), np.random.default_rng(n)
    Image.fromarray(rng.integers(0, 255, (1_200, 1_600, 3), dtype=np.uint8)).save(out, "JPEG", quality=85)
    return out.getvalue()


def court() -> dict[str, Any]:
    """In this process: a case with two hundred photos and a long list of goods; then, in a child, its binding."""
    dung = stand()
    from baoton.enforcement.models import Case, Item
    from baoton.files.actions import attach
    from baoton.files.queries import of_record, picture_of
    from baoton.kit.reading.register import REGISTERS
    from baoton.kit.writing import write
    from baoton.places.queries import commune_choices

    area = commune_choices()[3][0]
    case = write.create(
        REGISTERS["enforcement.case"], dung, Case(title="Kho thú rừng", day=date(2026, 7, 1), area_path=area)
    )
    for n in range(PHOTOS):
        attach(dung, case, [noise(n)], f"anh-{n:03}.jpg")
    for row in of_record(case):
        picture_of(row)
    Item.objects.bulk_create(
        [Item(case=case, name=f"Tang vật {n}", kind="animal", state="dead", number=1, organisation="kiem_lam",
              area_path=area) for n in range(LINES // 4)], batch_size=500
    )  # fmt: skip
    return standing.same("benchmarks.bench_cases", "bind")


def bind() -> dict[str, Any]:
    """In this process: the case is bound twice; seconds, peak of memory, pages, and whether the bytes are the same."""
    import django

    django.setup()
    from pypdf import PdfReader

    from baoton.enforcement.court import bind as bind_case
    from baoton.enforcement.models import Case
    from baoton.kit import blobs
    from baoton.people.models import Person

    dung, case = Person.objects.get(username="dung"), Case.objects.get()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    made: list[Any] = []
    first = spent(lambda: made.append(bind_case(dung, case)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    typesetter = resource.getrusage(resource.RUSAGE_CHILDREN)
    made.append(bind_case(dung, case))
    path = blobs.path_of(made[0].sha256)
    pages = len(PdfReader(path).pages)
    return {
        "seconds": first[0], "processor": first[1], "peak_mb": peak, "before_mb": before,
        "typesetter_mb": typesetter.ru_maxrss / 1024, "typesetter_s": typesetter.ru_utime + typesetter.ru_stime,
        "pages": pages, "mb": path.stat().st_size / 1e6, "same": made[0].pk == made[1].pk,
    }  # fmt: skip


def rows() -> list[Row]:
    """The result table of this module."""
    table = []
    for engine in ("sqlite", "postgres"):
        found = standing.run(engine, "benchmarks.bench_cases", empty=True)
        for what, (ours, cpu, floor) in found["lists"].items() if found else ():
            note = f"processor {cpu * 1000:.0f} ms; {CASES:,} cases"
            table.append(
                Row(f"{engine}: cases, {what}", ours, "bare SQL", floor, target="≤ 0.05 s", note=note)
            )
        for what, (ours, cpu) in found["indications"].items() if found else ():
            note = f"processor {cpu * 1000:.0f} ms, from the rows of the database"
            table.append(Row(f"{engine}: indication of a case, {what}", ours, target="≤ 0.03 s", note=note))
    os.environ["BENCH_CASES_WHAT"] = "court"
    found = standing.run("sqlite", "benchmarks.bench_cases", empty=True)
    del os.environ["BENCH_CASES_WHAT"]
    if found is not None:
        note = (
            f"{found['pages']} pages, {PHOTOS} photos of noise, {found['mb']:.0f} MB; peak {found['peak_mb']:.0f} MB "
            f"({found['before_mb']:.0f} before), of the typesetter beside it {found['typesetter_mb']:.0f} MB; "
            f"processor {found['processor'] + found['typesetter_s']:.1f} s; "
            f"{'the same bytes again' if found['same'] else 'OTHER BYTES AGAIN'}"
        )
        table.append(Row("a court's file", found["seconds"], target="≤ 60 s and ≤ 500 MB", note=note))
    return table


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("what", nargs="?", default="measure", choices=("measure", "court", "bind"))
    asked = os.environ.get("BENCH_CASES_WHAT", "") if words.parse_args().what == "measure" else ""
    print(json.dumps({"measure": measure, "court": court, "bind": bind}[asked or words.parse_args().what]()))
