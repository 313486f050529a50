"""The background jobs of an import: check it, write it, take it back."""

from django.contrib.auth import get_user_model
from django.urls import reverse

from baoton.kit import jobs
from baoton.kit.access import Actor, System
from baoton.kit.importing.files import execute
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
    ImportBatch.objects.filter(pk=batch.pk).update(job_id=progress.job.pk)
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
