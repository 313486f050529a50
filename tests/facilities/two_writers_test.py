"""Two people write into the same books at once: nothing falls below nothing, nobody is lost, a mark is one animal's."""

import random
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections
from tests.facilities.cases import act
from tests.facilities.property_test import FIRST, KINDS, REFUSED, do, laws, pair

from baoton.facilities.models import Mark, Stock, Transfer
from baoton.kit.models import ImportBatch
from baoton.people.actions import load as load_people
from baoton.places.actions import load as load_places
from baoton.taxa.actions import load as load_taxa

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time"),
]
SECONDS, SEEDS = 20, 24
VERBS = (
    "born", "died", "sold", "bought", "grew", "give", "give", "mark", "mark", "mark", "move", "end", "promote",
    "end", "remark", "reverse", "return", "return", "return", "return", "accept", "dispute", "take_back", "file",
    "file", "undo",
)  # fmt: skip


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
                do(both, what, folder)
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
        laws(both)
        if time.monotonic() > end:
            break
    done = Counter(told)
    assert "deadlock" not in done, done
    assert Mark.objects.exists() and Transfer.objects.exists() and ImportBatch.objects.exists(), done
    assert done["file"] and done["promote"] and done["return"], done
