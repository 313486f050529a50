"""Clocks and numbers: what a law counts, no two officers may count apart."""

import threading
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rulebook
from baoton.kit.models import Clock, Counter, Number
from baoton.kit.writing import clock, serial
from baoton.kit.writing.refusal import NotNow
from rulebook.workdays import working_days_between

SERIES = serial.Serial("QĐ", "{n:02d}/{kind}-{body}")


class Thing:
    """Anything with a key."""

    def __init__(self) -> None:
        self.pk = uuid.uuid4()
        self.organisation, self.area_path = "kiem_lam", "12/03451"


# — clocks —


@pytest.mark.django_db
def test_tet_is_not_counted() -> None:
    one = clock.start("x.y", Thing(), "thẩm định", 15, date(2026, 2, 10))
    assert one.due == rulebook.add_working_days(date(2026, 2, 10), 15)
    assert one.due is not None and one.due - date(2026, 2, 10) > timedelta(days=21)


@pytest.mark.django_db
def test_what_waits_for_the_owner_is_not_counted() -> None:
    thing = Thing()
    clock.start("x.y", thing, "thẩm định", 3, date(2026, 3, 2))
    clock.pause(thing, "thẩm định", date(2026, 3, 3), "thiếu giấy")
    assert clock.opened(thing.pk, "thẩm định").due is None  # type: ignore[union-attr]
    assert not clock.due(date(2030, 1, 1)).exists()
    one = clock.resume(thing, "thẩm định", date(2026, 4, 1))
    assert one.due == rulebook.add_working_days(date(2026, 4, 1), 2)
    assert clock.left(one, date(2026, 4, 1)).days == 2
    assert clock.left(one, date(2026, 4, 30)).late


@pytest.mark.django_db
def test_one_clock_of_a_name_runs_at_a_time() -> None:
    thing = Thing()
    clock.start("x.y", thing, "a", 3, date(2026, 3, 2))
    with pytest.raises(NotNow):
        clock.start("x.y", thing, "a", 3, date(2026, 3, 3))
    with pytest.raises(NotNow):
        clock.resume(thing, "a", date(2026, 3, 3))
    clock.stop(thing, "a", date(2026, 3, 4))
    with pytest.raises(NotNow):
        clock.pause(thing, "a", date(2026, 3, 5))
    assert clock.start("x.y", thing, "a", 3, date(2026, 3, 6)).due


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.integers(1, 20), steps=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30)), max_size=5))
def test_pauses_neither_give_nor_take_a_working_day(days: int, steps: list[tuple[int, int]]) -> None:
    thing, on = Thing(), date(2026, 3, 2)
    clock.start("x.y", thing, "a", days, on)
    used = 0
    for run, rest in steps:
        stopped = on + timedelta(days=run)
        used += working_days_between(on, stopped)
        clock.pause(thing, "a", stopped)
        on = stopped + timedelta(days=rest)
        clock.resume(thing, "a", on)
    one = clock.opened(thing.pk, "a")
    assert one is not None and one.used == used
    assert clock.left(one, on).days == days - used
    if used <= days and one.due is not None:
        assert working_days_between(on, one.due) == days - used
    Clock.objects.all().delete()


# — numbers —


@pytest.mark.django_db
def test_numbers_run_from_one_without_a_hole_for_each_body_and_year() -> None:
    told = [SERIES.take("kl", 2026).text for _i in range(3)] + [SERIES.take("kl", 2027).text]
    assert told == ["01/QĐ-KL", "02/QĐ-KL", "03/QĐ-KL", "01/QĐ-KL"]


@pytest.mark.django_db
def test_work_that_fails_gives_its_number_back() -> None:
    SERIES.take("kl", 2026)
    with pytest.raises(RuntimeError), transaction.atomic():
        SERIES.take("kl", 2026)
        raise RuntimeError
    assert SERIES.take("kl", 2026).n == 2
    assert serial.holes("kl", "QĐ", 2026) == []


@pytest.mark.django_db
def test_a_cancelled_number_stays_and_is_not_given_again() -> None:
    one = SERIES.take("kl", 2026)
    with pytest.raises(NotNow):
        serial.cancel(one, " ")
    assert serial.cancel(one, "ghi sai tên").reason == "ghi sai tên"
    with pytest.raises(NotNow):
        serial.cancel(one, "lần nữa")
    assert SERIES.take("kl", 2026).n == 2 and Number.objects.count() == 2


def at_once(work: Any, many: int = 6) -> list[Any]:
    """The work done by several writers at the same time: what each got, or the error."""
    told: list[Any] = []

    def run(i: int) -> None:
        try:
            told.append(work(i))
        except Exception as error:
            told.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(many)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return told


@pytest.mark.django_db(transaction=True)
def test_two_writers_never_get_one_number() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("in tests SQLite is one connection in memory; its writers wait for one another anyway")
    told = at_once(lambda i: SERIES.take("kl", 2026).n)
    assert sorted(told) == [1, 2, 3, 4, 5, 6]
    assert Counter.objects.get().last == 6
