"""Work that takes too long is stopped: waiting, computing, or inside a statement of the database."""

import time
from collections.abc import Callable
from contextlib import nullcontext, suppress

import pytest
from django.db import connection

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
    with pytest.raises(limits.TooLong), limits.limited("thử", 0.3) as span:
        work()
    assert span.fired and ended == []


class TellsLate:
    """The lock of the watch; it tells the thread to stop just when the thread is on its way out."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self.tell, self.told = tell, False

    def __enter__(self) -> None:
        if not self.told:
            self.told = True
            self.tell()

    def __exit__(self, *error: object) -> None:
        return None


@pytest.mark.parametrize("error", [None, ValueError("đang ghi dở"), KeyboardInterrupt()])
def test_work_told_to_stop_on_its_way_out_is_watched_no_longer(
    error: BaseException | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Left among what is watched, it would end the whole process a grace later."""
    said = pytest.raises(type(error)) if error else nullcontext()
    with said, limits.limited("thử", 1000) as span:
        late = TellsLate(lambda: limits._raise_in(span.thread, limits.TooLong))
        monkeypatch.setattr(limits, "_lock", late)
        if error:
            raise error
    monkeypatch.undo()
    assert late.told and span not in limits._spans


def test_what_stops_the_work_around_is_not_lost_by_the_work_within() -> None:
    steps = []
    with pytest.raises(limits.TooLong), limits.limited("ngoài", 1000) as outer:
        with limits.limited("trong", 1000) as inner, suppress(limits.TooLong):
            outer.fired = True
            limits._raise_in(outer.thread, limits.TooLong)
            time.sleep(0.01)
        steps.append("sau")
    assert steps == [] and not inner.fired and not limits._spans & {outer, inner}


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
