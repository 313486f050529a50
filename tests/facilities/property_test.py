"""Whatever is entered, reversed, imported, undone, given, marked and moved: nothing below nothing, nobody twice."""

import threading
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.facilities.cases import SYSTEM, act, facility, stock
from tests.facilities.excel_test import filled

from baoton.facilities.models import Code, Entry, Facility, Individual, Mark, Stock, Transfer
from baoton.kit import importing
from baoton.kit.importing.commit import Changed
from baoton.kit.models import ImportBatch
from baoton.kit.writing import ledger
from baoton.kit.writing.refusal import NotNow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
FIRST = date(2026, 1, 5)
KINDS = ("dam", "unsexed")
days = st.integers(0, 200).map(lambda n: FIRST + timedelta(n))
numbers, kinds, books, marks = (
    st.integers(1, 6),
    st.sampled_from(KINDS),
    st.sampled_from((0, 1)),
    st.integers(1, 4),
)
step = st.one_of(
    st.tuples(st.sampled_from(("born", "died", "sold", "bought")), books, days, kinds, numbers),
    st.tuples(st.just("grew"), books, days, kinds, numbers),
    st.tuples(st.just("give"), books, days, kinds, numbers),
    st.tuples(st.just("mark"), books, days, kinds, marks),
    st.tuples(st.sampled_from(("move", "end", "promote", "remark")), books, days, kinds, marks),
    st.tuples(st.sampled_from(("reverse", "reverse", "return", "accept", "dispute", "take_back")), books, days, kinds,
              marks),
    st.tuples(st.sampled_from(("file", "file", "undo")), books, days, kinds, marks),
)  # fmt: skip
REFUSED = (NotNow, ValidationError, Changed, importing.CannotUndo)


class Undo(Exception):
    """Ends an example: nothing of it stays."""


def pair() -> tuple[Stock, Stock]:
    made = []
    for name, code in (("Trại một", "IIB-LCH-9001"), ("Trại hai", "IIB-LCH-9002")):
        at = facility(name)
        Code.objects.create(facility=at, text=code, group="IIB", since=FIRST)
        Facility.objects.filter(pk=at.pk).update(code=code)
        made.append(stock(Facility.objects.get(pk=at.pk), since=FIRST))
    return made[0], made[1]


def bring(mine: Stock, day: date, kind: str, n: int, folder: Path) -> None:
    """A file of the book: a birth that gives a mark, another that gives none, and one marked animal that goes."""
    path = folder / f"{threading.get_ident()}-{time.monotonic_ns()}.xlsx"
    rows: list[dict[str, Any]] = [
        {
            "day": day,
            kind: n,
            "why": f"sinh · lứa {path.stem}",
            "marks": f"M-{n}; M-{n + 1}"[: 3 + 5 * (n > 1)],
        },
        {"day": day, kind: 1, "why": "sinh"},
    ]
    going = Individual.objects.filter(stock=mine, status="here", withdrawn__isnull=True).order_by("pk").last()
    if going is not None and n % 2:
        rows.append({"day": day, f"-{going.kind}": 1, "why": f"bán · ông {n}", "marks": going.mark})
    elif going is not None:
        into = KINDS[going.kind == KINDS[0]]
        rows.append({"day": day, f"-{going.kind}": 1, into: 1, "why": "chuyển lớp", "marks": going.mark})
    path.write_bytes(filled(mine, *rows))
    importing.run_file(SYSTEM, path, target="facilities.entry")


def do(both: tuple[Stock, Stock], what: tuple[Any, ...], folder: Path) -> None:
    verb, which, day, kind, n = what
    mine, other = both[which], both[1 - which]
    here = Individual.objects.filter(stock=mine, status="here", withdrawn__isnull=True).order_by("pk")
    if verb in {"born", "died", "sold", "bought"}:
        act("stock", mine, verb, day=day, kind=kind, amount=n, partner="x", paper="y")
    elif verb == "grew":
        act("stock", mine, verb, day=day, kind=kind, amount=n, into=KINDS[1 - KINDS.index(kind)])
    elif verb == "give":
        act("stock", mine, verb, day=day, kind=kind, amount=n, code=other.facility.code, paper="y")
    elif verb == "mark":
        act("stock", mine, verb, day=day, kind=kind, mark_kind="chip", mark=f"M-{n}")
    elif verb in {"accept", "dispute", "take_back"}:
        state = "disputed" if verb == "take_back" else "proposed"
        side = "giver" if verb == "take_back" else "receiver"
        for waiting in Transfer.objects.filter(**{side: mine}, status=state).order_by("pk")[:1]:
            act("transfer", waiting, verb, answer="không nhận", reason="chưa giao")
    elif verb == "file":
        bring(mine, day, kind, n, folder)
    elif verb == "undo":
        batch = ImportBatch.objects.filter(target="facilities.entry", state="done").order_by("-ended").first()
        if batch is not None:
            importing.undo(SYSTEM, batch)
    elif verb == "return":  # the last line about a marked animal is taken back
        for line in Entry.objects.filter(book=mine, animals__isnull=False).order_by("-position")[:1]:
            act("entry", line, "reverse", reason="nhầm")
    elif verb == "reverse":
        for line in Entry.objects.filter(book=mine).order_by("-position")[n - 1 : n]:
            act("entry", line, verb, reason="nhầm")
    else:
        said: dict[str, dict[str, Any]] = {
            "move": {"day": day, "code": other.facility.code, "paper": "y"},
            "end": {"ended_on": day, "ended_how": "sold"},
            "promote": {"day": day, "into": kind},
            "remark": {"day": day, "mark_kind": "ring", "mark": f"M-{n + 4}", "reason": "hỏng"},
        }
        for animal in here[:1]:
            act("individual", animal, "grew" if verb == "promote" else verb, **said[verb])


def holds(book: Stock) -> None:
    """The laws of a book, asked of its lines alone; those that an undo took back do not count."""
    by_class: dict[str, Counter[date]] = {}
    for e in Entry.objects.filter(book=book, withdrawn__isnull=True):
        by_class.setdefault(e.kind, Counter())[e.day] += e.amount
    now = Counter[str]()
    for kind, moved in by_class.items():
        for day in sorted(moved):
            now[kind] += moved[day]
            assert now[kind] >= 0, (kind, day, now)
    assert {k: n for k, n in now.items() if n} == ledger.balances(Entry, book.pk)
    assert Stock.objects.get(pk=book.pk).balance == now.total()
    places = list(Entry.objects.filter(book=book, withdrawn__isnull=True).values_list("position", flat=True))
    assert len(places) == len(set(places)) and all(0 < p < 1_000_000 for p in places)
    here = Individual.objects.filter(stock=book, status="here", withdrawn__isnull=True)
    marked = Counter(here.values_list("kind", flat=True))
    assert all(n <= now[kind] for kind, n in marked.items()), (marked, now)


def marks_have_one_place() -> None:
    """A mark is one animal's, an animal that is somewhere bears one open mark, and is where its last line left it."""
    standing = Mark.objects.filter(withdrawn__isnull=True)
    keys = list(standing.values_list("key", flat=True))
    assert len(keys) == len(set(keys))
    open_ = Counter(standing.filter(until__isnull=True).values_list("individual", flat=True))
    ties = Entry.animals.through.objects.order_by("pk").select_related("entry")
    told = ties.filter(entry__withdrawn__isnull=True, entry__reverses=None, entry__reversed_by=None)
    last = {t.individual_id: t.entry for t in told}
    for animal in Individual.objects.all():
        here = animal.status == "here" and animal.withdrawn is None
        assert open_[animal.pk] == int(here), animal
        assert animal.withdrawn is None or not standing.filter(individual=animal).exists()
        line = last.get(animal.pk)
        if line is None:
            assert here or animal.withdrawn is not None, "only a line ends an animal"
        elif here:
            assert line.movement not in {"died", "sold", "lost"}, (animal, line)
            assert line.movement == "grew" or (line.book_id, line.kind) == (animal.stock_id, animal.kind)
        else:
            assert animal.withdrawn is None and line.movement in {"died", "sold", "lost"}, (animal, line)


def nobody_is_lost() -> None:
    """What left one book has arrived in the other, or waits to."""
    waiting = Counter[str]()
    for t in Transfer.objects.exclude(status__in=("accepted", "returned")):
        waiting.update(t.amounts)
    rows = Entry.objects.filter(withdrawn__isnull=True)
    left = sum(rows.filter(movement="left").values_list("amount", flat=True))
    arrived = sum(rows.filter(movement="arrived").values_list("amount", flat=True))
    assert -left == arrived + waiting.total()


def laws(both: tuple[Stock, Stock]) -> None:
    for one in both:
        holds(one)
    marks_have_one_place()
    nobody_is_lost()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.lists(step, min_size=6, max_size=20))
def test_no_order_of_work_breaks_a_book(tmp_path: Path, steps: list[tuple[Any, ...]]) -> None:
    try:
        with transaction.atomic():
            both = pair()
            for one in both:
                act("stock", one, "opening", kind="dam", amount=4, note="kiểm đếm")
                act(
                    "stock",
                    one,
                    "mark",
                    day=FIRST,
                    kind="dam",
                    mark_kind="chip",
                    mark=f"đầu {one.pk.hex[-6:]}",
                )
            for what in steps:
                before = Entry.objects.count(), Individual.objects.count(), Transfer.objects.count()
                try:
                    do(both, what, tmp_path)
                except REFUSED:
                    after = Entry.objects.count(), Individual.objects.count(), Transfer.objects.count()
                    assert before == after
                laws(both)
            raise Undo
    except Undo:
        pass
