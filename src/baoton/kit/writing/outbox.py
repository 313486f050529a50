"""What changed is written down in the change's own transaction; figures, map counts and search read it afterwards.

A reader keeps something derived from the rows of some books. Around every change it is asked what the touched
rows contribute (`look`), before and after; the difference waits in the outbox and is taken once, in order. An
edit therefore costs the same however many rows there are. A change of very many rows asks for a rebuild instead.
Followers are different: they change other rows in the same transaction (what stands on a record follows it).
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from baoton.kit import jobs
from baoton.kit.models import OutboxReader, OutboxRow
from baoton.kit.reading.register import Register, of_model

PART = 500
Share = Counter[tuple[Any, ...]]
Rows = Sequence[dict[str, Any]]
Follower = Callable[[str, Rows, Rows], None]
log = logging.getLogger(__name__)


class Reader(Protocol):
    """Keeps something derived from rows: `soon` is taken right after commit, the rest by the worker."""

    name: str
    soon: bool

    def follows(self, book: Register) -> bool:
        """Whether it keeps anything of this book."""
        ...

    def look(self, book: Register, keys: Sequence[Any]) -> Share:
        """What the rows contribute as they stand now: amounts by a key that JSON can hold."""
        ...

    def take(self, book: Register, share: Share) -> None:
        """What is kept grows by the amounts (which may be negative)."""
        ...

    def rebuild(self, book: Register) -> None:
        """What is kept is what the rows say."""
        ...


READERS: dict[str, Reader] = {}
FOLLOWERS: list[Follower] = []
_WATCHED: ContextVar[frozenset[tuple[Any, str]]] = ContextVar("watched", default=frozenset())


def read_by(reader: Reader) -> None:
    """The reader is told of every change from now on; called in an app's `ready`."""
    READERS[reader.name] = reader


def followed_by(work: Follower) -> Follower:
    """The work runs in the writer's transaction with rows before and after (none where very many changed).

    Lower apps are called first; it may change other rows, which is again told to all.
    """
    if work not in FOLLOWERS:
        FOLLOWERS.append(work)
    return work


@contextmanager
def changing(model: type[Model], keys: Iterable[Any], before: Rows | None = None) -> Iterator[None]:
    """Around a change of these rows (new, changed or withdrawn): its difference waits for every reader.

    Where one change stands within another, each row is told once, by the outermost that names it. `before` are
    the rows as they stand, where the caller has just read them.
    """
    watched = _WATCHED.get()
    book, asked = of_model(model), [k for k in keys if (model, str(k)) not in watched]
    if book is None or not asked:
        yield
        return
    readers = [r for r in READERS.values() if r.follows(book)]
    amounts = {r.name: _look(r, book, asked) for r in readers}
    before = _rows(model, asked) if before is None else before
    token = _WATCHED.set(watched | {(model, str(k)) for k in asked})
    try:
        yield
    finally:
        _WATCHED.reset(token)  # what followers change is a change of its own
    waiting = []
    for reader in readers:
        share = _look(reader, book, asked)
        share.subtract(amounts[reader.name])
        if moved := [[*key, n] for key, n in share.items() if n]:
            waiting.append(OutboxRow(reader=reader.name, register=book.name, share=moved))
    OutboxRow.objects.bulk_create(waiting)
    _wake()
    after = _rows(
        model, asked
    )  # a follower that changes one of them again is a change of its own, told to all
    for work in FOLLOWERS:
        work(model._meta.label_lower, before, after)


def changed_much(model: type[Model]) -> None:
    """Very many rows changed: readers build what they keep anew."""
    book = of_model(model)
    if book is None:
        return
    for reader in READERS.values():
        if reader.follows(book):
            OutboxRow.objects.create(reader=reader.name, register=book.name, share=None)
    _wake()
    for work in FOLLOWERS:
        work(model._meta.label_lower, (), ())


def _rows(model: type[Model], keys: list[Any]) -> list[dict[str, Any]]:
    """The rows as they stand now, as the audit keeps rows."""
    parts = [keys[i : i + PART] for i in range(0, len(keys), PART)] if FOLLOWERS else []
    rows: Any = (row for part in parts for row in model._default_manager.filter(pk__in=part))
    return [row.snapshot() for row in rows]


def _look(reader: Reader, book: Register, keys: list[Any]) -> Share:
    total: Share = Counter()
    for start in range(0, len(keys), PART):
        total.update(reader.look(book, keys[start : start + PART]))
    return total


def _wake() -> None:
    """After the commit the soon ones are taken here and the others by the worker."""
    transaction.on_commit(_after_commit)


def _after_commit() -> None:
    try:
        drain(None if settings.JOBS_INLINE else True)
    except Exception:  # the change itself stands; what follows it is taken at the next turn
        log.exception("outbox")


@jobs.chore
def drain_all() -> None:
    """Everything that waits is taken."""
    drain()


def drain(soon: bool | None = None) -> int:
    """What waits for the readers is taken, each row once and in order; how many rows."""
    readers = [r for r in READERS.values() if soon is None or r.soon == soon]
    rows = OutboxRow.objects.order_by().filter(reader__in=[r.name for r in readers])
    waiting = set(rows.values_list("reader", flat=True).distinct())
    return sum(_drain(r) for r in readers if r.name in waiting)


def _drain(reader: Reader) -> int:
    from baoton.kit.reading.register import REGISTERS

    with transaction.atomic():
        alone(reader.name)
        rows = list(OutboxRow.objects.filter(reader=reader.name).order_by("pk"))
        waiting: dict[str, list[OutboxRow]] = {}
        for row in rows:
            waiting.setdefault(row.register, []).append(row)
        for name, some in waiting.items():
            book = REGISTERS.get(name)
            if book is None:
                continue
            if any(row.share is None for row in some):
                lock_table(book.model)  # no writer is half-way: what is committed is seen here
                OutboxRow.objects.filter(reader=reader.name, register=name).delete()
                reader.rebuild(book)
                continue
            share: Share = Counter()
            for row in some:
                for *key, n in row.share or ():
                    share[tuple(key)] += n
            reader.take(book, Counter({k: n for k, n in share.items() if n}))
        OutboxRow.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def alone(name: str) -> None:
    """Until the caller's transaction ends nobody else takes what waits for this reader."""
    turn = OutboxReader.objects.filter(name=name)
    if not turn.update(taken=timezone.now()):
        OutboxReader.objects.get_or_create(name=name)
        turn.update(taken=timezone.now())


def settle(reader: Reader, book: Register) -> None:
    """What waits for the reader is taken, and until the caller's transaction ends nobody changes rows of the book."""
    lock_table(book.model)
    _drain(reader)


def lock_table(model: type[Model]) -> None:
    """Until the caller's transaction ends nobody changes rows of the table; on SQLite nobody does anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {connection.ops.quote_name(model._meta.db_table)} IN SHARE MODE")


def rebuild(book: Register) -> None:
    """Everything kept of a book is built anew, here and now."""
    changed_much(book.model)
    drain()
