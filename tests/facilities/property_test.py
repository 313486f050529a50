"""Whatever is entered, reversed, given, marked and moved, in any order: nothing below nothing, nobody twice."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.facilities.cases import act, facility, stock

from baoton.facilities.models import Code, Entry, Facility, Individual, Mark, Stock, Transfer
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
    st.tuples(st.sampled_from(("move", "end", "reverse", "accept")), books, days, kinds, marks),
)


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


def do(both: tuple[Stock, Stock], what: tuple[Any, ...]) -> None:
    verb, which, day, kind, n = what
    mine, other = both[which], both[1 - which]
    if verb in {"born", "died", "sold", "bought"}:
        act("stock", mine, verb, day=day, kind=kind, amount=n, partner="x", paper="y")
    elif verb == "grew":
        act("stock", mine, verb, day=day, kind=kind, amount=n, into=KINDS[1 - KINDS.index(kind)])
    elif verb == "give":
        act("stock", mine, verb, day=day, kind=kind, amount=n, code=other.facility.code, paper="y")
    elif verb == "mark":
        act("stock", mine, verb, day=day, kind=kind, mark_kind="chip", mark=f"M-{n}")
    elif verb == "accept":
        for waiting in Transfer.objects.filter(receiver=mine, status="proposed")[:1]:
            act("transfer", waiting, verb)
    elif verb == "reverse":
        for line in Entry.objects.filter(book=mine).order_by("-position")[n - 1 : n]:
            act("entry", line, verb, reason="nhầm")
    else:
        for animal in Individual.objects.filter(stock=mine, status="here")[:1]:
            said = {"day": day, "code": other.facility.code, "paper": "y"}
            act(
                "individual",
                animal,
                verb,
                **(said if verb == "move" else {"ended_on": day, "ended_how": "sold"}),
            )


def holds(book: Stock) -> None:
    """The laws of a book, asked of its lines alone."""
    by_class: dict[str, Counter[date]] = {}
    for e in Entry.objects.filter(book=book):
        by_class.setdefault(e.kind, Counter())[e.day] += e.amount
    now = {}
    for kind, moved in by_class.items():
        running = 0
        for day in sorted(moved):
            running += moved[day]
            assert running >= 0, (kind, day, running)
        now[kind] = running
    assert {k: n for k, n in now.items() if n} == ledger.balances(Entry, book.pk)
    assert Stock.objects.get(pk=book.pk).balance == sum(now.values())
    assert sorted(Entry.objects.filter(book=book).values_list("position", flat=True)) == list(
        range(1, Entry.objects.filter(book=book).count() + 1)
    )
    here = Counter(Individual.objects.filter(stock=book, status="here").values_list("kind", flat=True))
    assert all(n <= now.get(kind, 0) for kind, n in here.items()), (here, now)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.lists(step, min_size=4, max_size=14))
def test_no_order_of_work_breaks_a_book(steps: list[tuple[Any, ...]]) -> None:
    try:
        with transaction.atomic():
            both = pair()
            for one in both:
                act("stock", one, "opening", kind="dam", amount=4, note="kiểm đếm")
            for what in steps:
                before = Entry.objects.count(), Individual.objects.count(), Transfer.objects.count()
                try:
                    do(both, what)
                except (NotNow, ValidationError):
                    assert before == (
                        Entry.objects.count(),
                        Individual.objects.count(),
                        Transfer.objects.count(),
                    )
                for one in both:
                    holds(one)
            keys = list(Mark.objects.values_list("key", flat=True))
            assert len(keys) == len(set(keys))
            waiting = Counter[str]()
            for t in Transfer.objects.exclude(status="accepted"):
                waiting.update(t.amounts)
            left = Entry.objects.filter(movement="left").values_list("amount", flat=True)
            arrived = Entry.objects.filter(movement="arrived").values_list("amount", flat=True)
            assert -sum(left) == sum(arrived) + waiting.total()  # what left has arrived, or waits
            raise Undo
    except Undo:
        pass
