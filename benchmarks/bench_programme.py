"""Money, work and reports of a province for five years: one edit with its figures, screens, papers, a full recount.

On SQLite with an empty database of its own: 200,000 vouchers, 57,000 pieces of work, `BENCH_PROGRAMME_RECORDS` records
of species, figures of ten years in 39 areas. What is measured of an edit is the whole write: rights, rules, ledger,
audit, outbox, and the figures taken right after the commit. Times are of the processor where the row says so.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.table import Row

PAYMENTS = int(os.environ.get("BENCH_PAYMENTS", "200000"))
RECORDS = int(os.environ.get("BENCH_PROGRAMME_RECORDS", "1000000"))
ITEMS = int(os.environ.get("BENCH_PROGRAMME_ITEMS", "300"))
BODIES, YEARS, TOLD, TIMES, MOST_MS = 38, 5, 10, 40, 100.0
LAST = date.today().year
FIRST = LAST - YEARS + 1
PLAN_NODES = 400


@dataclass(frozen=True)
class Body:
    """Somebody of a body who may do everything."""

    organisation_id: str
    actor_id: str = "system"
    actor_name: str = "hệ thống"

    def scopes(self, verb: str) -> Sequence[Any]:
        from baoton.kit.access import Scope

        return (Scope(),)


def timed(work: Callable[[int], Any], times: int = TIMES) -> float:
    """The median of so many runs, in seconds of the processor."""
    told = []
    for n in range(times):
        began = time.process_time()
        work(n)
        told.append(time.process_time() - began)
    return statistics.median(told)


class Clock:
    """Rows of what was measured, each printed as soon as it is known, so that a run cut short says what it has."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(self, what: str, seconds: float, target: str = "", note: str = "") -> None:
        print(f"{seconds:10.3f} s  {what}  {target}  {note}", flush=True)
        self.rows.append(Row(what, seconds, target=target, note=note))

    @contextmanager
    def of(self, what: str, target: str = "", note: str = "") -> Iterator[None]:
        began, wall = time.process_time(), time.perf_counter()
        yield
        told = f"{time.perf_counter() - wall:.1f} s by the clock"
        self.add(what, time.process_time() - began, target, f"{note}; {told}" if note else told)


def rows() -> list[Row]:
    """The table, measured now."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baoton.site.settings")
    with tempfile.TemporaryDirectory(prefix="bench-programme") as var:
        os.environ["BAOTON_VAR"] = var
        import django

        django.setup()
        return measured()


def measured() -> list[Row]:
    """Everything in its order: what is read by figures stands before what is edited."""
    clock = Clock()
    with clock.of("the fixture: places, people, plan, money, work, records"):
        lines = stand()
    from baoton.plan import figures

    with clock.of(f"figures of {TOLD} years counted from nothing", note=indicators()):
        figures.compute(range(LAST - TOLD + 1, LAST + 1))
    edits(clock, lines)
    screens(clock)
    reports(clock)
    plans(clock)
    with clock.of("nightly recount of figures and balances, which must differ in nothing"):
        wrong = recount()
    clock.add("differences found by it", float(wrong), "0")
    return clock.rows


def indicators() -> str:
    from baoton.plan.queries import INDICATORS

    return f"{len(INDICATORS)} indicators"


def stand() -> list[Any]:
    """The empty database holds the programme; the lines of money."""
    from django.core.management import call_command

    from baoton.funding.actions import fold, load, post
    from baoton.funding.models import Change, Line, Payment, Source
    from baoton.people.actions import load as load_people
    from baoton.people.simulate import cast
    from baoton.places.actions import load as load_places
    from baoton.places.queries import commune_choices
    from baoton.plan.actions import load as load_plan
    from baoton.plan.models import Work
    from baoton.plan.queries import task_number
    from baoton.taxa.actions import load as load_taxa
    from benchmarks.bench_tiles import fill

    call_command("migrate", verbosity=0, skip_checks=True)
    load_places(), load_people("lai_chau"), load_plan("lai_chau", "654/KH-UBND"), load(), load_taxa(), cast()
    source, task, areas = Source.objects.get(code="other"), task_number(1), [p for p, _n in commune_choices()]
    lines = Line.objects.bulk_create([
        Line(code=f"B{y}-{i}-{k}", year=y, day=date(y, 1, 1), source=source, body=f"ubnd_{a[3:]}", title="x", task=task,
             planned=10**9, area_path=a)
        for y in range(FIRST, LAST + 1) for i, a in enumerate(areas) for k in range(6)
    ], batch_size=500)  # fmt: skip
    given = Change.objects.bulk_create([
        Change(kind="allot", line=one, day=date(one.year, 1, 2), amount=10**9, number="1", area_path=one.area_path)
        for one in lines
    ], batch_size=500)  # fmt: skip
    post(Change, [one.pk for one in given])
    paid = Payment.objects.bulk_create([
        Payment(line=one, number=f"C{n}", payee="A", once=f"{fold(f'C{n}')}|a", amount=1000, what="x",
                day=date(one.year, 1, 3), area_path=one.area_path)
        for n, one in enumerate(lines)
    ], batch_size=500)  # fmt: skip
    post(Payment, [one.pk for one in paid])
    multiply(PAYMENTS // len(lines) - 1)
    Work.objects.bulk_create([
        Work(title=f"Việc {n}", task=task_number(1 + n % 5), responsible=f"ubnd_{a[3:]}", area_path=a, must_show="x",
             due=date(y, 1 + n % 12, 28), weight=1 + n % 3, **state(y, n))
        for y in range(FIRST, LAST + 1) for a in areas for n in range(ITEMS)
    ], batch_size=2_000)  # fmt: skip
    fill(RECORDS)
    return lines


def multiply(times: int) -> None:
    """Each voucher stands so many times more, a day later each, with its entries; balances are summed anew."""
    from django.db import connection

    from baoton.funding.models import Line, Movement, Payment
    from baoton.kit.writing import ledger

    def more(model: Any, source: str, changed: dict[str, str]) -> str:
        columns = [f.column for f in model._meta.concrete_fields]
        names = ", ".join(f'"{c}"' for c in columns)
        given = ", ".join(changed.get(c, f't."{c}"') for c in columns)
        return f"INSERT INTO {model._meta.db_table} ({names}) SELECT {given} FROM {source}"

    money, entries, line = (m._meta.db_table for m in (Payment, Movement, Line))
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE again AS WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE "
            f"k < {times}) SELECT p.id AS old, lower(hex(randomblob(16))) AS new, k, "
            f"date(p.day, '+' || k || ' days') AS day FROM {money} p, n"
        )
        cursor.execute("CREATE INDEX temp.again_old ON again (old)")
        number = {c: f"t.{c} || '-' || a.k" for c in ("number", "once")}
        cursor.execute(
            more(
                Payment, f"again a JOIN {money} t ON t.id = a.old", {"id": "a.new", "day": "a.day", **number}
            )
        )
        cursor.execute(more(Movement, f"again a JOIN {entries} t ON t.cause = a.old", {
            "id": "lower(hex(randomblob(16)))", "cause": "a.new", "day": "a.day", "position": "t.position + 2 * a.k",
        }))  # fmt: skip
        cursor.execute("DROP TABLE again")
        paid = f"SELECT SUM(m.amount) FROM {entries} m WHERE m.kind = 'paid' AND m.book_id = {line}.id"
        cursor.execute(f"UPDATE {line} SET paid = ({paid})")
    ledger.rebuild(Movement)


def state(year: int, n: int) -> dict[str, Any]:
    """Work of years before is done; of this year's that fell due one piece in twenty is late."""
    due = date(year, 1 + n % 12, 28)
    if year < LAST or (due < date.today() and n % 20):
        return {"status": "done", "finished": due, "result": "x"}
    return {"status": "doing", "percent": n % 100}


def edits(clock: Clock, lines: list[Any]) -> None:
    """Single edits among all that."""
    from baoton.funding.models import Payment
    from baoton.kit.access import System
    from baoton.kit.reading.register import REGISTERS
    from baoton.kit.writing import outbox, write
    from baoton.observations.models import Occurrence
    from baoton.plan.models import Work

    today, actor, made = date.today(), System(), list[Payment]()
    here = [one for one in lines if one.year == LAST]
    money, book, seen = (REGISTERS[n] for n in ("funding.payment", "plan.work", "observations.occurrence"))

    def settled(work: Callable[[int], Any]) -> Callable[[int], Any]:
        def done(n: int) -> None:
            work(n)
            outbox.drain()

        return done

    def pay(n: int) -> None:
        row = Payment(line=here[n], number=f"N{n}", payee="B", day=today, amount=5, what="x")
        made.append(write.create(money, actor, row))

    works = list(Work.objects.filter(due__year=LAST, status="doing").order_by("id")[:TIMES])
    records = list(Occurrence.objects.filter(year=LAST).order_by("id")[:TIMES])
    target = f"≤ {MOST_MS:.0f} ms"
    for what, work, times in (
        ("one voucher entered, its line and figures right", pay, TIMES),
        ("one voucher changed", lambda n: write.edit(money, actor, made[n], {"amount": 7}), TIMES),
        ("one piece of work reported", lambda n: write.act(
            book, actor, works[n], "report", {"percent": 50, "said": "x"}), len(works)),
        ("one piece of work done", lambda n: write.act(
            book, actor, works[n], "finish", {"result": "x", "finished": today}), len(works)),
        ("one record of a species changed", lambda n: write.edit(
            seen, actor, records[n], {"individual_count": 3}), len(records)),
    ):  # fmt: skip
        if times:
            clock.add(what, timed(settled(work), times), target, "processor, median")


def screens(clock: Clock) -> None:
    """The pages that leaders open; each once beforehand."""
    from django.conf import settings
    from django.test import Client

    from baoton.people.models import Person

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(Person.objects.get(username="thanh"))
    for what, address in (
        ("leaders’ screen", "/dieu-hanh/"), ("screen on a wall", "/dieu-hanh/man-hinh/"), ("plan page", "/ke-hoach/"),
        ("page of an indicator", "/chi-so/plan.done/"),
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        target = "≤ 200 ms" if address.startswith("/dieu-hanh/") else ""
        clock.add(what, timed(lambda _n: client.get(address), 7), target, "processor, median")  # noqa: B023


def reports(clock: Clock) -> None:
    """The yearly report, and those of the communes from draft to paper."""
    from baoton.kit import jobs
    from baoton.kit.access import System
    from baoton.kit.reading.register import REGISTERS
    from baoton.kit.writing import write
    from baoton.reporting.actions import make
    from baoton.reporting.models import OwnReport
    from baoton.reporting.own import draft_all
    from baoton.reporting.periods import Period

    with tempfile.TemporaryDirectory() as folder, clock.of("yearly report, Word and Excel", "≤ 20 s"):
        make(System(), Period(LAST), Path(folder))
    book, period = REGISTERS["reporting.own"], Period(LAST, "6t")
    with clock.of(f"drafts of {BODIES} communes and all bodies", "≤ 3 min with the next"):
        draft_all(System(), period, jobs.Progress(None))
    mine = list(OwnReport.objects.filter(period=period.key, area_path__contains="/"))
    OwnReport.objects.filter(period=period.key).update(results="Đã họp các bản")
    with clock.of(f"{len(mine)} of them submitted one by one, figures counted anew, paper made", "≤ 3 min"):
        for one in mine:
            write.act(book, Body(one.body), one, "submit", {})


def plans(clock: Clock) -> None:
    """A long plan read from Word."""
    import docx

    from formats import paragraphs
    from rulebook.drafts import draft
    from rulebook.provinces import load_province

    paper = docx.Document()
    for text in (
        "ỦY BAN NHÂN DÂN",
        "Số: 3100/KH-UBND",
        "KẾ HOẠCH",
        "Bảo tồn đa dạng sinh học giai đoạn 2027 - 2030",
    ):
        paper.add_paragraph(text)
    for n in range(PLAN_NODES):
        head = {0: f"{'I' * (1 + n // 100)}. NHÓM NHIỆM VỤ", 1: f"{1 + n // 20}. Nội dung"}.get(n % 20)
        paper.add_paragraph(head or f"- Tổ chức tuần tra, tháo gỡ bẫy, tuyên truyền tại các bản, đợt {n};")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.docx"
        paper.save(str(path))
        names = [(one.key, (one.name, one.short)) for one in load_province("lai_chau").bodies]
        with clock.of(f"a plan of {PLAN_NODES} paragraphs read into a tree", "≤ 5 s"):
            found = paragraphs.read(path)
            tree = draft(found.paragraphs, found.tables, found.lines, names)
    assert len(tree.nodes) > PLAN_NODES // 2, len(tree.nodes)


def recount() -> int:
    """How many figures and balances are not what their rows say."""
    from baoton.funding.models import Movement
    from baoton.kit.writing import ledger
    from baoton.plan import figures

    told = [*figures.differences(), *ledger.differences(Movement)]
    for one in told[:10]:
        print(one)
    return len(told)
