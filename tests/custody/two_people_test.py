"""Two people of two bodies at the same lots at the same moment: no chain breaks, no gram is lost."""

import random
import threading
from collections import Counter
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from tests.custody.cases import lot, of
from tests.custody.property_test import PEOPLE, REFUSED, START, VERBS, do, laws

from baoton.people.actions import load as load_people
from baoton.people.simulate import cast
from baoton.places.actions import load as load_places
from baoton.taxa.actions import load as load_taxa


def writer(who: str, todo: list[tuple[Any, ...]], told: list[Any], together: threading.Barrier) -> None:
    """One of two people with a connection of his own; they begin each deed together."""
    try:
        for verb, which, n in todo:
            together.wait(60)
            try:
                with transaction.atomic():
                    do(who, verb, which, n)
                told.append(verb)
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


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
def test_two_people_at_once_break_no_chain(transactional_db: None) -> None:
    load_places(), load_people("lai_chau"), load_taxa(), cast()
    lot(of("dung"), **START), lot(of("dung"), **START)
    told: list[Any] = []
    for seed in range(4):
        draws = [random.Random(seed * 2 + i) for i in (0, 1)]
        plans = [[(r.choice(VERBS), r.randrange(3), r.randint(1, 900)) for _ in range(16)] for r in draws]
        together = threading.Barrier(2)
        hands = [
            threading.Thread(target=writer, args=(w, p, told, together))
            for w, p in zip(PEOPLE, plans, strict=True)
        ]
        for one in hands:
            one.start()
        for one in hands:
            one.join(120)
        assert not [e for e in told if isinstance(e, Exception)], told
    done = Counter(told)
    assert "deadlock" not in done, done
    laws(done["weigh"])
    assert done["accept"], done
