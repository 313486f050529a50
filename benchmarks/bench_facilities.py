"""Ten thousand facilities, two million lines of books, half a million marked animals: pages, balances, re-checks.

    python -m benchmarks.bench_facilities [--facilities N --entries N --individuals N --books N] [--engine NAME]

Each engine runs in a process of its own; the database is made anew from a seed, or stays where `BENCH_FACILITIES_VAR`
(SQLite) says. The floor is the bare SQL of the same answer in the same run. `--books` says how many books, picked by
chance, are looked at again; the time of all is what that many took, times all by that many.
"""

import argparse
import json
import os
import random
import statistics
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks import standing
from benchmarks.table import Row, markdown

SIZES = {"facilities": 10_000, "entries": 2_000_000, "individuals": 500_000, "books": 1_000}
TIMES, PART = 60, 500
FIRST, LAST = date(2016, 1, 5), date(2026, 11, 15)
DAYS = (LAST - FIRST).days
SIRES, DAMS = 12, 60


def size(name: str) -> int:
    return int(os.environ.get(f"BENCH_{name.upper()}", SIZES[name]))


def bulk(model: type[Any], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """The rows stand in the table, the other columns as their fields' defaults: COPY, or one prepared INSERT."""
    from django.db import connection

    fields = [model._meta.get_field(n) for n in names]
    rest = [f for f in model._meta.concrete_fields if f not in fields]
    more = [f.get_db_prep_save(f.get_default(), connection) for f in rest]
    columns = ", ".join(f'"{f.column}"' for f in (*fields, *rest))
    table = model._meta.db_table
    keys = [
        i
        for i, f in enumerate(fields)
        if f.is_relation or f.primary_key or f.get_internal_type() == "UUIDField"
    ]
    flat = connection.vendor == "sqlite"

    def ready(row: Sequence[Any]) -> list[Any]:
        told = list(row)
        for i in keys:
            if flat and isinstance(told[i], uuid.UUID):
                told[i] = told[i].hex
        return [str(v) if isinstance(v, date) else v for v in told] + more

    with connection.cursor() as cursor:
        if not flat:
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(ready(row))
            return
        marks = ", ".join(["%s"] * (len(fields) + len(rest)))
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", (ready(r) for r in rows))


def key(kind: int, n: int) -> uuid.UUID:
    """Keys of one kind of rows, in their order as real ones are."""
    return uuid.UUID(int=(0x0198 << 112) | (7 << 76) | (kind << 64) | (2 << 62) | n)


def lines(rng: random.Random, many: int) -> Iterator[tuple[date, str, int, str]]:
    """The lines of a book in the order of days, as a keeper writes them: never below nothing."""
    yield FIRST, "sire", SIRES, "opening"
    yield FIRST, "dam", DAMS, "opening"
    young = 0
    for day in sorted(rng.randrange(60, DAYS) for _i in range(many - 2)):
        on, what = FIRST + timedelta(days=day), rng.random()
        if what < 0.45 or young < 6:
            n = rng.randint(1, 4)
            young += n
            yield on, "unsexed", n, "born"
        elif what < 0.65:
            young -= 1
            yield on, "unsexed", -1, "died"
        else:
            n = rng.randint(1, min(5, young))
            young -= n
            yield on, "unsexed", -n, "sold"


def fill() -> None:
    """The empty database holds the facilities, their books, lines, balances and marked animals."""
    from django.db import connection, transaction

    from baoton.facilities import models as m
    from baoton.facilities.simulate import KEPT
    from baoton.kit.models import LedgerDay
    from baoton.people.actions import load as load_people
    from baoton.people.simulate import cast
    from baoton.places.actions import load as load_places
    from baoton.places.queries import commune_choices
    from baoton.taxa.actions import load as load_taxa
    from baoton.taxa.models import Taxon

    load_places()
    load_people("lai_chau")
    load_taxa()
    cast()
    rng, n, each = random.Random(12), size("facilities"), size("entries") // size("facilities")
    marked = size("individuals") // n
    areas = [rng.choice([path for path, _name in commune_choices()]) for _i in range(n)]
    taxa = list(
        Taxon.objects.filter(scientific_name__in=KEPT, accepted__isnull=True).values_list("pk", flat=True)
    )
    common = ("id", "organisation", "area_path")
    with transaction.atomic():
        bulk(m.Owner, (*common, "kind", "name"),
             ((key(1, i), "kiem_lam", areas[i], "household", f"Chủ {i}") for i in range(n)))  # fmt: skip
        bulk(m.Facility, (*common, "shown_area_path", "name", "kind", "owner", "village", "code", "code_from",
                          "search_text"),
             ((key(2, i), "kiem_lam", areas[i], areas[i], f"Cơ sở {i}", "breeding", key(1, i), f"bản {i % 40}",
               f"IIB-LCH-{i:05d}", FIRST, f"co so {i} iib-lch-{i:05d}") for i in range(n)))  # fmt: skip
        bulk(m.Code, (*common, "facility", "text", "key", "group", "since"),
             ((key(3, i), "kiem_lam", areas[i], key(2, i), f"IIB-LCH-{i:05d}", f"IIBLCH{i:05d}", "IIB", FIRST)
              for i in range(n)))  # fmt: skip
        bulk(m.Stock, (*common, "facility", "taxon", "form", "purpose", "generation", "since", "balance"),
             ((key(4, i), "kiem_lam", areas[i], key(2, i), taxa[i % len(taxa)], "breeding", "T", "F2", FIRST,
               SIRES + DAMS) for i in range(n)))  # fmt: skip

        def written() -> Iterator[tuple[Any, ...]]:
            for i in range(n):
                told = enumerate(lines(random.Random(i), each), 1)
                for at, (day, kind, amount, what) in told:
                    yield (
                        key(5, i * each + at),
                        "kiem_lam",
                        areas[i],
                        key(4, i),
                        day,
                        kind,
                        amount,
                        what,
                        at,
                        day,
                    )

        bulk(
            m.Entry, (*common, "book", "day", "kind", "amount", "movement", "position", "entered"), written()
        )

        def held() -> Iterator[tuple[Any, ...]]:
            for i in range(n):
                sums: dict[str, int] = {}
                days: dict[tuple[str, date], int] = {}
                for day, kind, amount, _what in lines(random.Random(i), each):
                    sums[kind] = sums.get(kind, 0) + amount
                    days[kind, day] = sums[kind]
                for (kind, day), many in days.items():
                    yield ("facilities.entry", key(4, i), kind, day, many)

        numbered = ((at, *row) for at, row in enumerate(held(), 1))
        bulk(LedgerDay, ("id", "ledger", "book", "kind", "day", "held"), numbered)
        bulk(m.Individual, (*common, "stock", "kind", "mark_kind", "mark", "status"),
             ((key(6, i * marked + j), "kiem_lam", areas[i], key(4, i), "dam", "chip", f"9{i:06d}{j:03d}",
               "here" if j < marked * 3 // 5 else "ended") for i in range(n) for j in range(marked)))  # fmt: skip
        bulk(m.Mark, (*common, "individual", "key", "mark_kind", "mark", "since"),
             ((key(7, i * marked + j), "kiem_lam", areas[i], key(6, i * marked + j), f"9{i:06d}{j:03d}", "chip",
               f"9{i:06d}{j:03d}", FIRST) for i in range(n) for j in range(marked)))  # fmt: skip
        with connection.cursor() as cursor:
            book = "b.book_id = facilities_stock.id AND b.withdrawn IS NULL"
            cursor.execute(f"UPDATE facilities_stock SET balance = (SELECT SUM(b.amount) FROM facilities_entry b "
                           f"WHERE {book})")  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def served_by(connection: Any) -> float:
    """Processor seconds that the database server spent on this connection; none where it is part of our process."""
    if connection.vendor == "sqlite":
        return 0.0
    words = (
        Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    )
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def measure() -> dict[str, Any]:
    """In this process, on the configured database: seconds of each answer and of its bare SQL."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from baoton.facilities import checks
    from baoton.facilities.models import Entry, Facility, Stock
    from baoton.facilities.papers.book_sheet import workbook
    from baoton.kit.writing import ledger
    from baoton.people.models import Person

    settings.JOBS_INLINE, settings.ALLOWED_HOSTS = True, ["*"]
    call_command("migrate", verbosity=0, skip_checks=True)
    found: dict[str, Any] = {"asks": {}, "sizes": {name: size(name) for name in SIZES}}
    if not Facility.objects.exists():
        began = time.perf_counter()
        fill()
        found["filled"] = time.perf_counter() - began
    rng, n = random.Random(5), size("facilities")
    client = Client()
    client.force_login(Person.objects.get(username="dung"))

    def get(address: str) -> None:
        told = client.get(address)
        assert told.status_code == 200, (address, told.status_code)

    def bare(sql: str, *given: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, [v.hex if isinstance(v, uuid.UUID) and connection.vendor == "sqlite" else v
                                 for v in given])  # fmt: skip
            cursor.fetchall()

    def ask(what: str, ours: Callable[[int, date], object], floor: Callable[[int, date], object]) -> None:
        ours(0, LAST)
        picked = [(rng.randrange(n), FIRST + timedelta(days=rng.randrange(60, DAYS))) for _i in range(TIMES)]
        plain, wall, cpu = [], [], []
        for i, on in picked:
            a = time.perf_counter()
            floor(i, on)
            plain.append(time.perf_counter() - a)
        served = served_by(connection)
        for i, on in picked:
            a, c = time.perf_counter(), time.process_time()
            ours(i, on)
            wall.append(time.perf_counter() - a)
            cpu.append(time.process_time() - c)
        server = (served_by(connection) - served) / TIMES
        found["asks"][what] = [
            statistics.median(wall), sorted(wall)[int(TIMES * 0.95)], statistics.median(cpu), server,
            statistics.median(plain),
        ]  # fmt: skip

    entry, here = "SELECT * FROM facilities_entry WHERE book_id = %s", "withdrawn IS NULL"

    def facility_sql(i: int, on: date) -> None:
        bare("SELECT * FROM facilities_facility f JOIN facilities_owner o ON o.id = f.owner_id WHERE f.id = %s",
             key(2, i))  # fmt: skip
        for table in ("stock", "application", "inspection", "notice", "code"):
            bare(f"SELECT * FROM facilities_{table} WHERE facility_id = %s AND {here} LIMIT 20", key(2, i))

    def book_sql(i: int, on: date) -> None:
        bare("SELECT * FROM facilities_stock s JOIN facilities_facility f ON f.id = s.facility_id WHERE s.id = %s",
             key(4, i))  # fmt: skip
        bare(f"{entry} AND {here} ORDER BY day DESC, id DESC LIMIT 20", key(4, i))
        bare(
            f"SELECT * FROM facilities_individual WHERE stock_id = %s AND {here} ORDER BY mark LIMIT 20",
            key(4, i),
        )
        bare("SELECT kind, SUM(amount) FROM facilities_entry WHERE book_id = %s GROUP BY kind", key(4, i))

    def month_sql(i: int, on: date) -> None:
        first = on.replace(day=1)
        bare(f"{entry} AND day BETWEEN %s AND %s AND {here} ORDER BY day DESC, id DESC LIMIT 50",
             key(4, i), str(first), str(first + timedelta(days=30)))  # fmt: skip

    def sum_sql(i: int, on: date) -> None:
        bare("SELECT kind, SUM(amount) FROM facilities_entry WHERE book_id = %s AND day <= %s GROUP BY kind",
             key(4, i), str(on))  # fmt: skip

    def all_sql(i: int, on: date) -> None:
        bare(f"{entry} ORDER BY day, position", key(4, i))

    ask("facility page", lambda i, on: get(f"/so/facilities-facility/{key(2, i)}/"), facility_sql)
    ask("page of a book", lambda i, on: get(f"/so/facilities-stock/{key(4, i)}/"), book_sql)
    ask("lines of a book in any month",
        lambda i, on: get(f"/so/facilities-entry/?book={key(4, i)}&when={on.month}/{on.year}"), month_sql)  # fmt: skip
    ask("balance by class on any day", lambda i, on: ledger.balances(Entry, key(4, i), on), sum_sql)
    ask("a mark found in the province",
        lambda i, on: get(f"/so/facilities-individual/?q=9{i:06d}000"),
        lambda i, on: bare(f"SELECT * FROM facilities_mark WHERE key = %s AND {here}", f"9{i:06d}000"))  # fmt: skip
    ask("the book as Excel", lambda i, on: workbook(Stock.objects.get(pk=key(4, i))), all_sql)

    many, took, cpu = size("books"), [], []
    for i in rng.sample(range(n), min(many, n)):
        stock = Stock.objects.select_related("taxon", "facility").get(pk=key(4, i))
        a, b = time.perf_counter(), time.process_time()
        checks.recheck(stock, LAST)
        took.append(time.perf_counter() - a)
        cpu.append(time.process_time() - b)
    a = time.perf_counter()
    for i in rng.sample(range(n), min(many, n, 100)):
        all_sql(i, LAST)
    floor = (time.perf_counter() - a) / min(many, n, 100)
    found["recheck"] = [statistics.median(took), max(took), max(cpu), sum(took), sum(cpu), len(took), floor]
    return found


def rows(engines: Sequence[str] = ("sqlite", "postgres")) -> list[Row]:
    """The result table of this module."""
    table = []
    for engine in engines:
        kept = os.environ.get("BENCH_FACILITIES_VAR", "")
        if kept and engine == "sqlite":
            os.environ["BENCH_VAR"] = kept
        found = standing.run(engine, "benchmarks.bench_facilities", empty=not (kept and engine == "sqlite"))
        if found is None:
            continue
        sizes = found["sizes"]
        of = f"{sizes['facilities']:,} facilities, {sizes['entries']:,} lines, {sizes['individuals']:,} animals"
        for what, (median, p95, cpu, server, floor) in found["asks"].items():
            note = f"95 % within {p95 * 1000:.0f} ms, processor {cpu * 1000:.0f} ms"
            note += f" and {server * 1000:.0f} ms of the database server" if engine == "postgres" else ""
            note += f"; {of}"
            table.append(Row(f"{engine}: {what}", median, "bare SQL", floor, target="≤ 0.05 s", note=note))
        median, worst, most, wall, cpu, many, floor = found["recheck"]
        note = f"worst {worst:.2f} s, of which processor at most {most:.2f} s; mean processor {cpu / many:.3f} s, "
        note += f"over {many} books"
        table.append(Row(f"{engine}: one book looked at again", median, "its lines read", floor,
                         target="≤ 2 s", note=note))  # fmt: skip
        whole = sizes["facilities"] / many
        note = f"processor {cpu * whole:.0f} s, in one process"
        note += f"; extrapolated from {many:,} books picked by chance" if whole > 1 else ""
        table.append(Row(f"{engine}: all {sizes['facilities']:,} books", wall * whole, "their lines read",
                         floor * sizes["facilities"], target="≤ 1800 s", note=note))  # fmt: skip
    return table


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("what", nargs="?", default="rows", choices=("rows", "measure"))
    words.add_argument("--engine", action="append", choices=("sqlite", "postgres"))
    for name, default in SIZES.items():
        words.add_argument(f"--{name}", type=int, help=f"{default:,} unless told")
    given = words.parse_args()
    for name in SIZES:
        if getattr(given, name):
            os.environ[f"BENCH_{name.upper()}"] = str(getattr(given, name))
    if given.what == "measure":
        print(json.dumps(measure()))
    else:
        text = markdown(rows(given.engine or ("sqlite", "postgres")))
        small = any(getattr(given, name) for name in SIZES) or given.engine
        if not small:
            (Path(__file__).parent / "results" / "facilities.md").write_text(text, encoding="utf-8")
        print(text)
