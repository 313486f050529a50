"""Long work in the background: one row per job in the database, one line per job in huey's own queue file.

No broker is needed. Progress, cancel and the result go through the row, so a page can show them and a
restart finds what waits.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, close_old_connections, transaction
from django.db import Error as AnyDatabaseError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from huey import SqliteHuey

from baoton.kit import hindered, worker
from baoton.kit.access import Actor, System
from baoton.kit.ids import new_id
from baoton.kit.limits import TooLong, limited
from baoton.kit.models import AuditEvent, Job
from baoton.kit.writing import audit, heads

EVERY_CHORE = 5.0
log = logging.getLogger("baoton.jobs")


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


@dataclass(frozen=True)
class Truth:
    """How a job really ended that could not say so itself: its work may have stood before the process was lost."""

    state: str
    message: str = ""
    url: str = ""


Work = Callable[[Progress], str]
KINDS: dict[str, Work] = {}
LOST: dict[str, Callable[[Job], Truth | None]] = {}
AT_START: list[Callable[[], None]] = []


def kind(name: str) -> Callable[[Work], Work]:
    """The decorated function does the jobs of this kind; it returns the address of its result page."""

    def register(work: Work) -> Work:
        KINDS[name] = work
        return work

    return register


NIGHT = 2  # o'clock
NIGHT_TRIES, NIGHT_REST = 3, timedelta(minutes=10)
NIGHTLY: dict[str, str | Promise] = {}
CHORES: list[Callable[[], object]] = [lambda: ask_nightly()]


def chore(work: Callable[[], object]) -> Callable[[], object]:
    """The decorated work is done by the worker every few seconds: no row, no page, safe to run once too often."""
    CHORES.append(work)
    return work


def nightly(name: str, label: str | Promise) -> Callable[[Work], Work]:
    """The decorated job is asked by the worker once a night, or in the morning where the machine slept."""

    def register(work: Work) -> Work:
        NIGHTLY[name] = label
        return kind(name)(work)

    return register


def ask_nightly() -> None:
    """Every nightly job that was not asked since two in the morning is; one that failed is asked again twice, after a
    while, for what hinders a night (a full disk, a database that was away) is often over soon."""
    since = timezone.localtime().replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    since -= timedelta(days=since > timezone.localtime())
    for name, label in NIGHTLY.items():
        tonight = Job.objects.filter(kind=name, asked__gte=since)
        failed = list(tonight.filter(state=Job.State.FAILED).values_list("ended", flat=True))
        if tonight.count() > len(failed) or len(failed) >= NIGHT_TRIES:
            continue
        if all(ended is not None and ended < timezone.now() - NIGHT_REST for ended in failed):
            ask(System(), name, str(label))


def lost(*names: str) -> Callable[[Callable[[Job], Truth | None]], Callable[[Job], Truth | None]]:
    """The decorated function sets right what an unfinished job of these kinds left behind, in the same transaction
    that ends the job; it answers how the job ended where the work itself stands."""

    def register(look: Callable[[Job], Truth | None]) -> Callable[[Job], Truth | None]:
        LOST.update(dict.fromkeys(names, look))
        return look

    return register


def at_start(work: Callable[[], None]) -> Callable[[], None]:
    """The decorated function sets right, when the worker begins, what others left behind."""
    AT_START.append(work)
    return work


def ask(actor: Actor, name: str, label: str, key: UUID | None = None, **arguments: Any) -> Job:
    """A job of this kind waits; it is done at once where `JOBS_INLINE` says so, else in the background."""
    job = Job.objects.create(
        id=key or new_id(),
        kind=name,
        label=label[:300],
        actor_id=actor.actor_id,
        actor_name=actor.actor_name,
        arguments=arguments,
        language=get_language() or "",
    )
    if settings.JOBS_INLINE:
        run(job.pk)
        job.refresh_from_db()
    else:
        transaction.on_commit(lambda: queue()[1](str(job.pk)))
    return job


def run(pk: UUID | str) -> None:
    """The waiting job stands as done, failed (with the reason) or cancelled; any other is left alone.

    It speaks the language of whoever asked for it.
    """
    rows = Job.objects.filter(pk=pk)
    if not rows.filter(state=Job.State.WAITING).update(state=Job.State.RUNNING, started=timezone.now()):
        return
    job = rows.get()
    with override(job.language or get_language()):
        _do(job, rows)


def _do(job: Job, rows: QuerySet[Job]) -> None:
    seconds = float(settings.JOB_MINUTES) * 60
    try:
        with limited(f"job {job.kind} {job.pk}", seconds):
            url = KINDS[job.kind](Progress(job)) or ""
    except Cancelled:
        end(job, Job.State.CANCELLED, _("Đã dừng theo yêu cầu."))
    except TooLong:
        end(job, Job.State.FAILED, too_long())
    except Exception as error:
        log.exception("job %s %s failed", job.kind, job.pk)
        hindered.connect_anew()
        end(job, Job.State.FAILED, sentence(error))
    else:
        rows.update(state=Job.State.DONE, message="", result_url=url, ended=timezone.now())


def too_long() -> str:
    return _("Việc chạy quá %(n)s phút nên đã bị dừng; phần đang ghi dở không được giữ.") % {
        "n": settings.JOB_MINUTES
    }


def sentence(error: Exception) -> str:
    """What a person reads of an error: its own words where we wrote them, else that the log holds more."""
    if hindered.by_machine(error):
        return hindered.sentence()
    if isinstance(error, AnyDatabaseError) or not str(error):
        return _("Có lỗi của máy chủ; việc chưa xong. Chi tiết nằm trong nhật ký máy chủ.")
    return str(error)


def end(job: Job, state: str, message: str) -> None:
    """The unfinished job is told as it truly ended, and what it left behind is set right."""
    with transaction.atomic():
        look = LOST.get(job.kind)
        truth = (look(job) if look else None) or Truth(state, message)
        Job.objects.filter(pk=job.pk).update(
            state=truth.state, message=truth.message, result_url=truth.url, ended=timezone.now()
        )


def end_orphans() -> int:
    """Jobs that a lost worker left running are told as they ended; how many. Only for the one worker alive."""
    return _end(list(Job.objects.filter(state=Job.State.RUNNING)))


def _end(orphans: list[Job]) -> int:
    for job in orphans:
        took = timezone.now() - (job.started or job.asked)
        late = took.total_seconds() >= float(settings.JOB_MINUTES) * 60
        told = too_long() if late else _("Máy chủ đã dừng giữa chừng; việc chưa xong, hãy chạy lại.")
        end(job, Job.State.FAILED, told)
        log.warning("job %s %s was left running by a lost worker", job.kind, job.pk)
    return len(orphans)


LOST_AFTER = 20.0


@cache
def queue() -> tuple[SqliteHuey, Callable[[str], Any]]:
    """The queue and the call that puts one job into it."""
    huey = SqliteHuey("baoton", filename=str(settings.JOBS_FILE), results=False)

    @huey.task(name="baoton-job")  # type: ignore[untyped-decorator]
    def work(pk: str) -> None:
        close_old_connections()
        breath.on(pk)
        try:
            run(pk)
        finally:
            breath.off()
            close_old_connections()

    return huey, work


breath = worker.Breath()


def consume() -> None:
    """Works jobs off until told to stop; a second worker of a data folder stands by until the first is gone."""
    with worker.alone("worker") as mine:
        if mine:
            return _consume()
    log.warning("another worker has this data folder; standing by")
    with worker.alone("worker", wait=True):
        _consume()


def _consume() -> None:
    end_orphans()
    for work in AT_START:
        work()
    huey, put = queue()
    huey.flush()
    for pk in Job.objects.filter(state=Job.State.WAITING).order_by("asked").values_list("pk", flat=True):
        put(str(pk))
    breath.start()
    threading.Thread(target=_chores, name="chores", daemon=True).start()
    try:
        huey.create_consumer(workers=1, periodic=False, initial_delay=0.1, max_delay=1).run()
    finally:
        with suppress(OSError):
            breath.stop()


def pick_up() -> int:
    """Jobs whose end could not be written (a full disk, a database that was away) are told as they ended, and those
    whose line in the queue was lost wait in it again; how many. Only for the one worker alive."""
    working = breath.job
    running = Job.objects.filter(state=Job.State.RUNNING)
    lost = [job for job in running if str(job.pk) not in {working, breath.job}]
    found = _end([job for job in lost if running.filter(pk=job.pk).exists()])
    huey, put = queue()
    if breath.job or huey.pending_count():
        return found
    since = timezone.now() - timedelta(seconds=LOST_AFTER)
    for pk in Job.objects.filter(state=Job.State.WAITING, asked__lt=since).values_list("pk", flat=True):
        put(str(pk))  # a job is claimed once, so a second line does no harm
        found += 1
    return found


def _chores() -> None:
    while True:
        time.sleep(EVERY_CHORE)
        do_chores()


def do_chores() -> None:
    """What was lost is picked up; events that wait are sealed; once a day the newest head is sent where it was asked
    for; then what the domains declared. One that fails is told in the log and hinders no other."""
    chores: list[Callable[[], object]] = [close_old_connections, pick_up, _seal, heads.mail, *CHORES]
    for work in chores:
        try:
            work()
        except (DatabaseError, OSError):
            log.warning("a chore could not be done; it is tried again", exc_info=True)
        except Exception:
            log.exception("a chore failed; it is tried again")


def _seal() -> None:
    if AuditEvent.objects.filter(seq__isnull=True).exists():
        audit.seal_soon()
