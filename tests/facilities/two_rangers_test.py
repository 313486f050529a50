"""Two rangers grant at the same moment: one code holds, and the other is told why his does not."""

import threading
from typing import Any

import pytest
from django.db import connection, connections
from tests.facilities.books_test import DAY
from tests.facilities.cases import act, facility, stock
from tests.facilities.dossiers_test import walked

from baoton.facilities.models import Code, Facility
from baoton.kit.writing.refusal import NotNow
from baoton.people.actions import load as load_people
from baoton.places.actions import load as load_places
from baoton.taxa.actions import load as load_taxa


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
@pytest.mark.parametrize("dossiers", [1, 2])
def test_two_rangers_who_grant_at_once_give_one_code_that_holds(
    transactional_db: None, dossiers: int
) -> None:
    load_places()
    load_people("lai_chau")
    load_taxa()
    at = facility()
    stock(at)
    waiting = [walked(at, DAY) for _n in range(dossiers)]
    told: list[Any] = []
    together = threading.Barrier(2)

    def grant(one: Any) -> None:
        try:
            together.wait(30)
            told.append(act("application", one, "grant"))
        except Exception as error:
            told.append(error)
        finally:
            connections.close_all()

    hands = [threading.Thread(target=grant, args=(waiting[n % dossiers],)) for n in (0, 1)]
    for one in hands:
        one.start()
    for one in hands:
        one.join(60)
    wrong = [e for e in told if isinstance(e, Exception)]
    assert all(isinstance(e, NotNow) for e in wrong) and len(wrong) == 2 - dossiers, told
    assert Code.objects.filter(until__isnull=True).count() == 1 and Code.objects.count() == dossiers
    assert Facility.objects.get(pk=at.pk).code == Code.objects.get(until__isnull=True).text
