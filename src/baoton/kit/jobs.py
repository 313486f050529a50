"""Long work in the background: one row per job in the database, one line per job in huey's own queue file.

No broker is needed. Progress, cancel and the result go through the row, so a page can show them and a
restart finds what waits.
"""

import traceback
from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import close_old_connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from huey import SqliteHuey

from baoton.kit.access import Actor
from baoton.kit.models import Job


class Cancelled(Exception):
    """Somebody asked the job to stop, and it stopped between two steps with nothing half-written."""


class Progress:
    """What a running job tells and asks: how far it is, and whether to stop."""

    def __init__(self, job: Job | None = None) -> None:
        self.job = job

    def __call__(self, done: int, total: int | None = None, step: str = "") -> None:
        """The row shows how far the job is; raises `Cancelled` if somebody asked it to stop."""
        if self.job is None:
            return
        Job.objects.filter(pk=self.job.pk).update(done=done, total=total, step=step[:200])
        if Job.objects.filter(pk=self.job.pk, cancel_asked=True).exists():
            raise Cancelled


Work = Callable[[Progress], str]
KINDS: dict[str, Work] = {}


def kind(name: str) -> Callable[[Work], Work]:
    """The decorated function does the jobs of this kind; it returns the address of its result page."""

    def register(work: Work) -> Work:
        KINDS[name] = work
        return work

    return register


def ask(actor: Actor, name: str, label: str, **arguments: Any) -> Job:
    """A job of this kind waits; it is done at once where `JOBS_INLINE` says so, else in the background."""
    job = Job.objects.create(
        kind=name, label=label, actor_id=actor.actor_id, actor_name=actor.actor_name, arguments=arguments
    )
    if settings.JOBS_INLINE:
        run(job.pk)
        job.refresh_from_db()
    else:
        transaction.on_commit(lambda: queue()[1](str(job.pk)))
    return job


def run(pk: UUID | str) -> None:
    """The waiting job stands as done, failed (with the reason) or cancelled; any other is left alone."""
    rows = Job.objects.filter(pk=pk)
    if not rows.filter(state=Job.State.WAITING).update(state=Job.State.RUNNING, started=timezone.now()):
        return
    job = rows.get()
    state, message, url = Job.State.DONE, "", ""
    try:
        url = KINDS[job.kind](Progress(job)) or ""
    except Cancelled:
        state, message = Job.State.CANCELLED, _("Đã dừng theo yêu cầu.")
    except Exception as error:
        state, message = Job.State.FAILED, str(error) or traceback.format_exc(limit=1)
    rows.update(state=state, message=message, result_url=url, ended=timezone.now())


@cache
def queue() -> tuple[SqliteHuey, Callable[[str], Any]]:
    """The queue and the call that puts one job into it."""
    huey = SqliteHuey("baoton", filename=str(settings.JOBS_FILE), results=False)

    @huey.task(name="baoton-job")  # type: ignore[untyped-decorator]
    def work(pk: str) -> None:
        close_old_connections()
        run(pk)
        close_old_connections()

    return huey, work


def consume() -> None:
    """Works jobs off until told to stop; jobs that a stopped worker left running are told as failed."""
    Job.objects.filter(state=Job.State.RUNNING).update(
        state=Job.State.FAILED, message="Máy chủ đã dừng giữa chừng; hãy chạy lại.", ended=timezone.now()
    )
    huey, put = queue()
    huey.flush()
    for pk in Job.objects.filter(state=Job.State.WAITING).order_by("asked").values_list("pk", flat=True):
        put(str(pk))
    huey.create_consumer(workers=1, periodic=False, initial_delay=0.1, max_delay=1).run()
