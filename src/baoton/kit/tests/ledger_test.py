"""Ledgers: what a book holds on any day is the sum of its entries, and never less than nothing."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baoton.kit import jobs
from baoton.kit.models import AuditEvent, LedgerDay
from baoton.kit.record import Record
from baoton.kit.tests.terms_test import at_once
from baoton.kit.writing import ledger
from baoton.kit.writing.refusal import NotNow
from baoton.site import doctor

FIRST = date(2026, 1, 1)


class Owner(Record):
    """Whose book it is."""

    class Meta:
        app_label = "kit"
        managed = False
        db_table = "test_owner"


class Line(ledger.Entry):
    """A line of its book."""

    book = models.ForeignKey(Owner, on_delete=models.PROTECT)

    class Meta:
        app_label = "kit"
        managed = False
        db_table = "test_line"


@pytest.fixture
def tables(transactional_db: None) -> Iterator[None]:
    for model in (Owner, Line):
        model._meta.managed = True
    with connection.schema_editor() as editor:
        for model in (Owner, Line):
            editor.create_model(model)
    yield
    with connection.schema_editor() as editor:
        for model in (Line, Owner):
            editor.delete_model(model)
    for model in (Owner, Line):
        model._meta.managed = False


def line(book: Owner, day: int, kind: str, amount: int) -> Line:
    return Line(book=book, day=FIRST + timedelta(days=day), kind=kind, amount=amount)


def test_a_backdated_sale_that_the_stock_cannot_bear_is_refused_with_day_and_class(tables: None) -> None:
    book = Owner.objects.create()
    ledger.post([line(book, 10, "adult", 5)])
    ledger.post([line(book, 20, "adult", -4)])
    with pytest.raises(NotNow, match=r"20/01/2026|21/01/2026"):
        ledger.post([line(book, 15, "adult", -2)])
    with pytest.raises(NotNow, match="thiếu 1"):
        ledger.post([line(book, 5, "adult", -1)])
    assert ledger.balances(Line, book.pk) == {"adult": 1}
    assert [held for _e, held in ledger.running(Line, book.pk)] == [5, 1]


def test_growing_up_leaves_the_total(tables: None) -> None:
    book = Owner.objects.create()
    ledger.post([line(book, 1, "young", 4)])
    ledger.post([line(book, 2, "young", -3), line(book, 2, "adult", 3)])
    assert sum(ledger.balances(Line, book.pk).values()) == 4
    with pytest.raises(NotNow):
        ledger.post([line(book, 3, "young", -2), line(book, 3, "adult", 2)])
    assert ledger.balances(Line, book.pk) == {"young": 1, "adult": 3}


def test_an_entry_is_reversed_never_changed(tables: None) -> None:
    book = Owner.objects.create()
    (one,) = ledger.post([line(book, 1, "adult", 4)])
    one.amount = 40
    with pytest.raises(ledger.AppendOnly):
        one.save()
    with pytest.raises(ledger.AppendOnly):
        one.delete()
    one.refresh_from_db()
    ledger.reverse(one, "ghi nhầm")
    with pytest.raises(NotNow):
        ledger.reverse(one, "lần nữa")
    assert ledger.balances(Line, book.pk) == {}


def test_taking_back_what_was_already_sold_is_refused(tables: None) -> None:
    book = Owner.objects.create()
    (one,) = ledger.post([line(book, 1, "adult", 4)])
    ledger.post([line(book, 2, "adult", -3)])
    with pytest.raises(NotNow, match="thiếu 3"):
        ledger.reverse(one, "ghi nhầm")


KINDS = ("adult", "young")
POSTING = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 20), st.sampled_from(KINDS), st.integers(-6, 6)),
    min_size=1, max_size=4,
)  # fmt: skip
STEP = st.one_of(POSTING, st.integers(0, 30))  # entries that stand together, or which entry is reversed


class Sums:
    """The same ledgers as plain sums over lists: what must be refused, and what every day holds."""

    def __init__(self, books: Sequence[Owner]) -> None:
        self.stood: dict[Any, list[Line]] = {b.pk: [] for b in books}

    def held(self, book: Any, kind: str, on: date, more: Sequence[Line] = ()) -> int:
        lines = [*self.stood[book], *(e for e in more if e.book_id == book)]
        return sum(e.amount for e in lines if e.kind == kind and e.day <= on)

    def short(self, fresh: Sequence[Line]) -> bool:
        days = [FIRST + timedelta(days=i) for i in range(22)]
        lost = {(e.book_id, e.kind) for e in fresh}
        return any(self.held(b, k, on, fresh) < 0 for b, k in lost for on in days)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=14), size=st.integers(1, 5))
def test_any_entries_and_reversals_hold_on_every_day_what_a_plain_sum_says(
    tables: None, steps: list[Any], size: int
) -> None:
    LedgerDay.objects.all().delete()
    Line.objects.all()._raw_delete(using="default")
    books = [Owner.objects.create(), Owner.objects.create()]
    sums = Sums(books)
    every: list[Line] = []
    for step in steps:
        if isinstance(step, int):
            if not every:
                continue
            one = every[step % len(every)]
            again = one.reverses_id is not None or any(e.reverses_id == one.pk for e in every)
            fresh = [Line(book=one.book, day=one.day, kind=one.kind, amount=-one.amount)]
            try:
                fresh = [ledger.reverse(one, "ghi nhầm")]
            except NotNow:
                assert again or sums.short(fresh)
                continue
            assert not again
        else:
            fresh = [line(books[b], day, kind, n) for b, day, kind, n in step]
            short = sums.short(fresh)
            try:
                ledger.post(fresh)
            except NotNow as why:
                assert short and "sẽ thiếu" in str(why)
                continue
            assert not short
        for e in fresh:
            sums.stood[e.book_id].append(e)
        every += fresh
    for book in books:
        for i in range(-1, 23):
            on = FIRST + timedelta(days=i)
            want = {k: n for k in KINDS if (n := sums.held(book.pk, k, on))}
            assert ledger.balances(Line, book.pk, on) == want
        assert [e.position for e in sums.stood[book.pk]] == list(range(1, len(sums.stood[book.pk]) + 1))
        in_order = sorted(sums.stood[book.pk], key=lambda e: (e.day, e.position))
        after = [sum(x.amount for x in in_order[: i + 1] if x.kind == e.kind) for i, e in enumerate(in_order)]
        want_lines = [(e.pk, n) for e, n in zip(in_order, after, strict=True)]
        assert [(e.pk, n) for e, n in ledger.running(Line, book.pk)] == want_lines
        assert paged(book, size) == want_lines
    assert ledger.differences(Line) == []


def paged(book: Owner, size: int) -> list[tuple[Any, int]]:
    """The book read from its newest page to its oldest."""
    told: list[tuple[Any, int]] = []
    before = None
    while page := ledger.running(Line, book, size, before):
        told = [(e.pk, n) for e, n in page] + told
        before = (page[0][0].day, page[0][0].position)
    return told


def test_a_shortage_names_its_first_day_however_late(tables: None) -> None:
    book = Owner.objects.create()
    ledger.post([line(book, 0, "adult", 5), line(book, 300, "adult", -3), line(book, 400, "adult", -2)])
    ledger.post([line(book, 500, "adult", 9)])
    with pytest.raises(NotNow, match="28/10/2026 lớp “adult” sẽ thiếu 1"):
        ledger.post([line(book, 10, "adult", -3)])
    with pytest.raises(NotNow, match="05/02/2027 lớp “adult” sẽ thiếu 1"):
        ledger.post([line(book, 10, "adult", -1)])
    ledger.post([line(book, 500, "adult", -9)])
    assert ledger.balances(Line, book) == {}


def test_of_several_entries_all_stand_or_none(tables: None) -> None:
    here, there = Owner.objects.create(), Owner.objects.create()
    ledger.post([line(here, 1, "adult", 2)])
    with pytest.raises(NotNow):
        ledger.post([line(there, 2, "adult", 3), line(here, 2, "adult", -3)])
    assert ledger.balances(Line, there) == {} and ledger.balances(Line, here) == {"adult": 2}
    assert ledger.differences(Line) == []


def test_an_entry_that_is_merely_saved_is_posted(tables: None) -> None:
    book = Owner.objects.create()
    Line.objects.create(book=book, day=FIRST, kind="adult", amount=2)
    with pytest.raises(NotNow):
        Line.objects.create(book=book, day=FIRST, kind="adult", amount=-3)
    assert ledger.balances(Line, book) == {"adult": 2} and Line.objects.get().position == 1


def test_a_transaction_that_fails_afterwards_takes_its_balance_with_it(tables: None) -> None:
    book = Owner.objects.create()
    with pytest.raises(RuntimeError), transaction.atomic():
        ledger.post([line(book, 1, "adult", 2)])
        raise RuntimeError
    assert ledger.balances(Line, book) == {} and ledger.differences(Line) == []


def test_days_that_somebody_spoilt_are_told_by_doctor_and_mended_at_night(
    tables: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "ledgers", lambda: [Line])
    book = Owner.objects.create()
    ledger.post([line(book, 1, "adult", 2), line(book, 5, "adult", -1)])
    ledger.compare(jobs.Progress())
    assert doctor.balances() == "" and not AuditEvent.objects.exists()
    LedgerDay.objects.filter(day=FIRST + timedelta(days=5)).update(held=7)
    assert "7 ≠ 1" in doctor.balances()
    ledger.compare(jobs.Progress())
    assert doctor.balances() == "" and ledger.balances(Line, book) == {"adult": 1}
    assert AuditEvent.objects.get().verb == "kit.ledgers.mend"


def test_a_long_book_costs_no_more_queries_than_a_short_one(tables: None) -> None:
    def cost(days: int) -> tuple[int, int, int]:
        book = Owner.objects.create()
        ledger.post([line(book, day, "adult", 1) for day in range(days)])
        told = []
        for work in (
            lambda: ledger.balances(Line, book, FIRST + timedelta(days=days // 2)),
            lambda: ledger.running(Line, book, 10),
            lambda: ledger.post([line(book, 0, "adult", -1)]),
        ):
            with CaptureQueriesContext(
                connection,
            ) as seen:
                work()
            told.append(len(seen))
        return tuple(told)  # type: ignore[return-value]

    assert cost(3) == cost(60)


def test_two_writers_cannot_both_sell_the_last_one(tables: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("in tests SQLite is one connection in memory; its writers wait for one another anyway")
    book = Owner.objects.create()
    ledger.post([line(book, 1, "adult", 1)])
    told = at_once(lambda i: ledger.post([line(book, 2, "adult", -1)]))
    assert sum(isinstance(t, NotNow) for t in told) == 5, told
    assert ledger.balances(Line, book.pk) == {}
