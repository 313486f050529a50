"""Long work speaks the language of whoever asked for it, though another process does it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext, override

from baoton.kit import jobs
from baoton.kit.access import System
from baoton.kit.models import Job

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "said"), [("en", "Stopped as asked."), ("vi", "Đã dừng theo yêu cầu.")])
def test_a_job_speaks_the_language_of_whoever_asked(
    language: str, said: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.JOBS_INLINE = False

    def stops(progress: jobs.Progress) -> str:
        raise jobs.Cancelled

    monkeypatch.setitem(jobs.KINDS, "thử", stops)
    with override(language):
        job = jobs.ask(System(), "thử", "thử")
    with override("vi"):
        jobs.run(job.pk)
        assert gettext("Đã dừng theo yêu cầu.") == "Đã dừng theo yêu cầu."
    assert Job.objects.get(pk=job.pk).message == said


def test_a_chore_that_fails_hinders_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    done = []

    def broken() -> None:
        raise ValueError("hỏng")

    monkeypatch.setattr(jobs, "CHORES", [broken, lambda: done.append("sau")])
    jobs.do_chores()
    jobs.do_chores()
    assert done == ["sau", "sau"]


def test_a_night_that_was_hindered_is_asked_again_after_a_while_and_not_for_ever(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []

    def hindered(progress: jobs.Progress) -> str:
        done.append(1)
        raise OperationalError("database or disk is full")

    settings.JOBS_INLINE = True
    monkeypatch.setattr(jobs, "NIGHTLY", {"đêm": "đêm"})
    monkeypatch.setitem(jobs.KINDS, "đêm", hindered)
    asked = []
    for _try in range(5):
        jobs.ask_nightly()
        jobs.ask_nightly()  # a moment later: it rests
        asked.append(len(done))
        Job.objects.update(ended=timezone.now() - timedelta(minutes=11))
    assert asked == [1, 2, 3, 3, 3]
    Job.objects.order_by("asked").first().delete()  # type: ignore[union-attr]
    monkeypatch.setitem(jobs.KINDS, "đêm", lambda progress: "")
    jobs.ask_nightly()
    assert Job.objects.latest("asked").state == Job.State.DONE
    jobs.ask_nightly()
    assert Job.objects.count() == 3
