"""Work that takes too long is stopped: waiting, computing, or inside a statement of the database."""

import time
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection

from baoton.kit import jobs, limits
from baoton.kit.access import System
from baoton.kit.models import Job

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000000000) SELECT max(i) FROM n"


ended: list[str] = []


def wait() -> None:
    for _i in range(100_000):
        time.sleep(0.01)
    ended.append("wait")


def compute() -> None:
    n = 0
    while n < 10**12:
        n += 1
    ended.append("compute")


def ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(ENDLESS)
        ended.append("database")


@pytest.mark.django_db
@pytest.mark.parametrize("work", [wait, compute, ask_database])
def test_it_stops_what_takes_too_long_before_its_end(work: Callable[[], None]) -> None:
    """Each of the works would take hours; it is stopped from outside and never comes to its last line."""
    connection.ensure_connection()
    ended.clear()
    with limits.limited("thử", 0.3) as span, pytest.raises((limits.TooLong, OperationalError)):
        work()
    assert span.fired and ended == []


def test_work_that_ends_in_time_is_left_alone() -> None:
    with limits.limited("thử", 5) as span:
        pass
    limits.check(now=time.monotonic() + 100)
    assert not span.fired


def test_a_process_whose_work_does_not_stop_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    codes: list[int] = []
    monkeypatch.setattr(limits, "end_process", codes.append)
    monkeypatch.setattr(limits, "_raise_in", lambda thread, error: None)
    with limits.limited("thử", 1000):
        limits.check(now=time.monotonic() + 1001)
        assert codes == []
        limits.check(now=time.monotonic() + 1001 + limits.GRACE)
    assert codes == [limits.STUCK]


@pytest.mark.django_db
def test_a_job_that_takes_too_long_is_told_as_failed(
    settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.JOB_MINUTES", 0.005)
    monkeypatch.setattr("django.conf.settings.JOBS_INLINE", True)
    monkeypatch.setitem(jobs.KINDS, "thử.lâu", lambda progress: wait() or "")
    job = jobs.ask(System(), "thử.lâu", "việc lâu")
    assert job.state == Job.State.FAILED
    assert "quá 0.005 phút" in job.message
