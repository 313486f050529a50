"""The background jobs of an import: check it, write it, take it back."""

from django.contrib.auth import get_user_model
from django.urls import reverse

from baoton.kit import jobs, worker
from baoton.kit.access import Actor, System
from baoton.kit.importing.files import execute, lock_of, release
from baoton.kit.importing.undo import undo
from baoton.kit.models import ImportBatch, Job


def actor_of(job: Job) -> Actor:
    """Whoever asked for the job, with the grants of today."""
    if job.actor_id == System().actor_id:
        return System()
    return get_user_model()._default_manager.get(pk=job.actor_id)


def _batch(progress: jobs.Progress) -> tuple[Actor, ImportBatch]:
    assert progress.job is not None
    batch = ImportBatch.objects.get(pk=progress.job.arguments["batch"])
    return actor_of(progress.job), batch


@jobs.kind("import.check")
def check(progress: jobs.Progress) -> str:
    actor, batch = _batch(progress)
    execute(actor, batch, dry=True, progress=progress)
    return reverse("import-batch", args=[batch.pk])


@jobs.kind("import.write")
def write(progress: jobs.Progress) -> str:
    actor, batch = _batch(progress)
    execute(actor, batch, progress=progress)
    return reverse("import-batch", args=[batch.pk])


@jobs.kind("import.undo")
def take_back(progress: jobs.Progress) -> str:
    actor, batch = _batch(progress)
    undo(actor, batch)
    return reverse("import-batch", args=[batch.pk])


@jobs.lost("import.check", "import.write", "import.undo")
def truth(job: Job) -> jobs.Truth | None:
    """How an import's job that could not say so ended: done where its rows stand, else the batch is free again."""
    batch = ImportBatch.objects.select_for_update().filter(pk=job.arguments["batch"]).first()
    if batch is None:
        return None
    State = ImportBatch.State
    done = {"import.write": State.DONE, "import.undo": State.UNDONE, "import.check": State.CHECKED}[job.kind]
    if (
        batch.job_id == job.pk
        and batch.state == done
        and batch.ended
        and batch.ended >= (job.started or job.asked)
    ):
        return jobs.Truth(Job.State.DONE, "", reverse("import-batch", args=[batch.pk]))
    if batch.job_id == job.pk:
        release(batch)
    return None


@jobs.at_start
def free_lost_batches() -> None:
    """A batch at work that nobody works on, and no job waits for, is free again: its command was killed."""
    waiting = Job.objects.filter(state__in=[Job.State.WAITING, Job.State.RUNNING]).values("pk")
    at_work = ImportBatch.objects.filter(state=ImportBatch.State.RUNNING).exclude(job_id__in=waiting)
    for batch in at_work:
        if not worker.held(lock_of(batch)):
            release(batch)
