"""Two accountants at once on PostgreSQL: no đồng is spent twice.

In a file of its own: what another test of a file keeps open in a transaction, a second connection does not see.
"""

import random
import threading
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections
from tests.funding.balance_test import FIRST, REFUSED, deed, laws, lines

from baoton.funding.models import Change
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.places.actions import load as load_places


def hand(seed: int, together: threading.Barrier, told: list[Any]) -> None:
    draw = random.Random(seed)
    try:
        for _step in range(25):
            together.wait(60)
            try:
                deed(draw, FIRST)
                told.append("done")
            except REFUSED:
                continue
            except DatabaseError as error:
                told.append("deadlock" if "deadlock" in str(error) else error)
    except Exception as error:
        told.append(error)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
def test_two_accountants_at_once_spend_no_dong_twice(transactional_db: None) -> None:
    load_places()
    for one in lines():
        row = Change(kind="allot", line=one, day=FIRST, amount=200, number="1")
        write.create(REGISTERS["funding.change"], System(), row)
    told: list[Any] = []
    together = threading.Barrier(2)
    hands = [threading.Thread(target=hand, args=(seed, together, told)) for seed in (11, 12)]
    for thread in hands:
        thread.start()
    for thread in hands:
        thread.join(120)
    assert not [e for e in told if e != "done"] and told.count("done") > 8, told
    laws()
