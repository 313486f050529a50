"""Two people write into the same books at once: nothing falls below nothing, nobody is lost, a mark is one animal's."""

import random
import threading
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, connections
from tests.facilities.cases import SYSTEM, act
from tests.facilities.excel_test import filled
from tests.facilities.property_test import FIRST, KINDS, do, holds, pair

from baoton.facilities.models import Entry, Individual, Mark, Stock, Transfer
from baoton.kit import importing
from baoton.kit.importing.commit import Changed
from baoton.kit.writing import ledger
from baoton.kit.writing.refusal import NotNow
from baoton.people.actions import load as load_people
from baoton.places.actions import load as load_places
from baoton.taxa.actions import load as load_taxa

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time"),
]
SECONDS, SEEDS = 10, 12
VERBS = (
    "born", "died", "sold", "bought", "grew", "give", "give", "mark", "mark", "mark", "move", "end", "reverse",
    "accept", "file", "undo",
)  # fmt: skip
REFUSED = (NotNow, ValidationError, Changed, importing.CannotUndo)


@pytest.fixture
def both(transactional_db: None) -> tuple[Stock, Stock]:
    """Two coded neighbours, written for good so that every connection sees them."""
    load_places()
    load_people("lai_chau")
    load_taxa()
    made = pair()
    for one in made:
        for kind in KINDS:
            act("stock", one, "opening", kind=kind, amount=12, note="kiểm đếm")
    return made


def steps(seed: int, n: int) -> list[tuple[Any, ...]]:
    """What one of the writers does, in its order."""
    told = random.Random(seed)
    return [
        (told.choice(VERBS), told.randrange(2), FIRST + timedelta(told.randrange(200)), told.choice(KINDS),
         told.randint(1, 4))
        for _ in range(n)
    ]  # fmt: skip


def bring(both: tuple[Stock, Stock], what: tuple[Any, ...], folder: Path) -> None:
    """A line of the book from Excel, or the last such file taken back."""
    verb, which, day, kind, n = what
    if verb == "file":
        path = folder / f"{threading.get_ident()}-{time.monotonic_ns()}.xlsx"
        path.write_bytes(filled(both[which], {"day": day, kind: n, "why": f"sinh · lứa {path.stem}"}))
        importing.run_file(SYSTEM, path, target="facilities.entry")
        return
    batch = importing_batches().filter(state="done").order_by("-ended").first()
    if batch is not None:
        importing.undo(SYSTEM, batch)


def importing_batches() -> Any:
    from baoton.kit.models import ImportBatch

    return ImportBatch.objects.filter(target="facilities.entry")


def writer(
    both: tuple[Stock, Stock],
    todo: list[tuple[Any, ...]],
    folder: Path,
    told: list[Any],
    together: threading.Barrier,
) -> None:
    """One writer with a connection of its own; refusals are part of the work, anything else is told.

    The two begin each step together, so that they meet in one book.
    """
    try:
        for what in todo:
            together.wait(60)
            try:
                bring(both, what, folder) if what[0] in {"file", "undo"} else do(both, what)
                told.append(what[0])
            except REFUSED:
                continue
            except DatabaseError as error:
                if "deadlock" not in str(error):
                    raise
                told.append("deadlock")
    except Exception as error:
        told.append(error)
    finally:
        connections.close_all()


def test_two_writers_at_once_break_no_book(both: tuple[Stock, Stock], tmp_path: Path) -> None:
    told: list[Any] = []
    end = time.monotonic() + SECONDS
    for seed in range(SEEDS):
        together = threading.Barrier(2)
        hands = [
            threading.Thread(target=writer, args=(both, steps(seed * 2 + i, 12), tmp_path, told, together))
            for i in (0, 1)
        ]
        for one in hands:
            one.start()
        for one in hands:
            one.join(60)
        assert not [e for e in told if isinstance(e, Exception)], told
        for one in both:
            standing(one)
        marks_have_one_place()
        nobody_is_lost()
        if time.monotonic() > end:
            break
    done = Counter(told)
    assert "deadlock" not in done, done
    assert Mark.objects.exists() and Transfer.objects.exists() and importing_batches().exists(), done


def standing(book: Stock) -> None:
    """The laws of a book, asked of its lines; those that an undo took back do not count."""
    if not Entry.objects.filter(book=book, withdrawn__isnull=False).exists():
        holds(book)
        return
    by: dict[str, Counter[date]] = {}
    for e in Entry.objects.filter(book=book, withdrawn__isnull=True):
        by.setdefault(e.kind, Counter())[e.day] += e.amount
    now = Counter[str]()
    for kind, moved in by.items():
        for day in sorted(moved):
            now[kind] += moved[day]
            assert now[kind] >= 0, (kind, day)
    assert {k: n for k, n in now.items() if n} == ledger.balances(Entry, book.pk)
    assert Stock.objects.get(pk=book.pk).balance == now.total()
    here = Counter(Individual.objects.filter(stock=book, status="here").values_list("kind", flat=True))
    assert all(n <= now[kind] for kind, n in here.items()), (here, now)


def marks_have_one_place() -> None:
    """A mark is one animal's for good, and an animal that is somewhere bears one open mark."""
    keys = list(Mark.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))
    open_ = Counter(Mark.objects.filter(until__isnull=True).values_list("individual", flat=True))
    for animal in Individual.objects.all():
        assert open_[animal.pk] == (1 if animal.status == "here" else 0), animal


def nobody_is_lost() -> None:
    """What left one book has arrived in the other, or waits to."""
    waiting = Counter[str]()
    for t in Transfer.objects.exclude(status="accepted"):
        waiting.update(t.amounts)
    rows = Entry.objects.filter(withdrawn__isnull=True)
    left = sum(rows.filter(movement="left").values_list("amount", flat=True))
    arrived = sum(rows.filter(movement="arrived").values_list("amount", flat=True))
    assert -left == arrived + waiting.total()
