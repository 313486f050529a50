"""What changed reaches its readers once, whole and in order, however the writer and the reader end."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baoton.kit.access import System
from baoton.kit.models import AuditEvent, OutboxRow
from baoton.kit.reading.register import REGISTERS, Register
from baoton.kit.tests.terms_test import at_once
from baoton.kit.writing import audit, outbox, overlaps, write
from baoton.observations.models import Dataset

BOOK = "observations.dataset"


class Killed(BaseException):
    """The process is gone: nothing of ours catches it."""


class Titles:
    """A reader that keeps how many standing datasets bear each title, in the database as real readers do."""

    name, soon = "titles", False
    SQL = "CREATE TABLE test_titles (title varchar(300) PRIMARY KEY, n integer)"

    def __init__(self) -> None:
        self.order: list[Any] = []

    def follows(self, book: Register) -> bool:
        return book.name == BOOK

    def look(self, book: Register, keys: Sequence[Any]) -> Any:
        rows = Dataset.objects.filter(pk__in=list(keys), withdrawn__isnull=True)
        return Counter((title,) for title in rows.values_list("title", flat=True))

    def take(self, book: Register, share: Any) -> None:
        with connection.cursor() as cursor:
            for (title,), n in share.items():
                cursor.execute(
                    "INSERT INTO test_titles VALUES (%s, %s) "
                    "ON CONFLICT (title) DO UPDATE SET n = test_titles.n + excluded.n",
                    [title, n],
                )
        self.order.append(dict(share))

    def rebuild(self, book: Register) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM test_titles")
        self.take(book, self.look(book, list(Dataset.objects.values_list("pk", flat=True))))


def kept() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT title, n FROM test_titles WHERE n <> 0")
        return dict(cursor.fetchall())


def true() -> dict[str, int]:
    return dict(Counter(Dataset.objects.filter(withdrawn__isnull=True).values_list("title", flat=True)))


@pytest.fixture
def reader(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Titles]:
    """The one reader there is, its table made for the test; what waits is taken only when a test says so."""
    one = Titles()
    monkeypatch.setattr(outbox, "READERS", {one.name: one})
    monkeypatch.setattr(outbox, "_after_commit", lambda: None)
    with connection.cursor() as cursor:
        cursor.execute(Titles.SQL)
    yield one
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE test_titles")


def do(step: tuple[str, int], made: list[Dataset]) -> None:
    """One step of a day: a dataset is made, renamed, withdrawn, or what waits is taken."""
    what, n = step
    book = REGISTERS[BOOK]
    if what == "drain":
        outbox.drain()
    elif what == "much":
        outbox.changed_much(Dataset)
    elif what == "create" or not made:
        made.append(write.create(book, System(), Dataset(code=os.urandom(6).hex(), title=f"t{n % 3}")))
    elif what == "rename":
        made[n % len(made)] = write.edit(book, System(), made[n % len(made)], {"title": f"t{n % 4}"})
    else:
        one = made.pop(n % len(made))
        write.withdraw(book, System(), one, "thử")


STEPS = st.tuples(st.sampled_from(["create", "rename", "withdraw", "drain", "much"]), st.integers(0, 11))


def clean() -> None:
    OutboxRow.objects.all().delete()
    AuditEvent.objects.all().delete()
    Dataset.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM test_titles")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=14))
def test_after_any_day_what_is_kept_is_what_the_rows_say(reader: Titles, steps: list[Any]) -> None:
    clean()
    made: list[Dataset] = []
    for step in steps:
        do(step, made)
    outbox.drain()
    assert kept() == true() and not OutboxRow.objects.exists()
    assert outbox.drain() == 0 and kept() == true()


WRITING = {
    "clean": (write, "clean"), "settle": (write, "settle"), "require": (write, "require"),
    "wide": (overlaps, "wide"), "outbox": (type(OutboxRow.objects), "bulk_create"), "save": (Dataset, "save"),
    "snapshot": (Dataset, "snapshot"), "audit": (audit, "write"),
}  # fmt: skip
READING = {
    "take": (Titles, "take"), "rebuild": (Titles, "rebuild"), "lock": (outbox, "lock_table"),
    "delete": (type(OutboxRow.objects.all()), "delete"),
}  # fmt: skip


def die_at(broken: pytest.MonkeyPatch, owner: Any, name: str, after: bool) -> None:
    """Whoever comes to this step is killed before or after it."""
    real = getattr(owner, name)

    def killed(*args: Any, **kwargs: Any) -> Any:
        if after:
            real(*args, **kwargs)
        raise Killed

    broken.setattr(owner, name, killed)


@pytest.mark.parametrize("what", ["create", "rename", "withdraw"])
def test_a_writer_killed_at_any_step_leaves_nothing(
    reader: Titles, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    for where, (owner, name) in WRITING.items():
        if what == "withdraw" and where == "clean":
            continue  # a withdrawn record is not cleaned
        for after in (False, True):
            clean()
            made: list[Dataset] = []
            do(("create", 1), made)
            outbox.drain()
            before, events = true(), AuditEvent.objects.count()
            with monkeypatch.context() as broken, pytest.raises(Killed):
                die_at(broken, owner, name, after)
                do((what, 2), made)
            assert (true(), AuditEvent.objects.count()) == (before, events), (where, after)
            assert not OutboxRow.objects.exists(), (where, after)
            outbox.drain()
            assert kept() == true(), (where, after)


def test_a_reader_killed_at_any_step_takes_everything_once_afterwards(
    reader: Titles, monkeypatch: pytest.MonkeyPatch
) -> None:
    for where, (owner, name) in READING.items():
        for after in (False, True):
            clean()
            made: list[Dataset] = []
            last = "much" if where in {"rebuild", "lock"} else "create"
            for step in (("create", 1), ("create", 2), ("rename", 3), (last, 1)):
                do(step, made)
            with monkeypatch.context() as broken, pytest.raises(Killed):
                die_at(broken, owner, name, after)
                outbox.drain()
            assert kept() == {} and OutboxRow.objects.count() == 4, (where, after)
            outbox.drain()
            assert kept() == true() and not OutboxRow.objects.exists(), (where, after)


def test_a_write_that_is_rolled_back_around_tells_nobody(reader: Titles) -> None:
    clean()
    with pytest.raises(Killed), transaction.atomic():
        do(("create", 1), [])
        raise Killed
    assert outbox.drain() == 0 and kept() == true() == {}


def test_many_writers_and_readers_at_once_lose_and_double_nothing(reader: Titles) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("in tests SQLite is one connection in memory; its writers wait for one another anyway")
    clean()

    def work(i: int) -> str:
        mine: list[Dataset] = []
        for n in range(6):
            do((("create", "rename", "drain", "rename", "withdraw", "create")[n], i + n), mine)
        return "xong"

    assert at_once(work) == ["xong"] * 6
    outbox.drain()
    assert kept() == true() and sum(true().values()) == 6


def test_a_change_within_a_change_of_the_same_row_is_told_once(reader: Titles) -> None:
    one = write.create(REGISTERS[BOOK], System(), Dataset(code="x1", title="cũ"))
    outbox.drain()
    with transaction.atomic(), outbox.changing(Dataset, [one.pk]), outbox.changing(Dataset, [str(one.pk)]):
        Dataset.objects.filter(pk=one.pk).update(title="mới")
    outbox.drain()
    assert kept() == true() == {"mới": 1}
