"""The dataset that a file's rows belong to: found by its code, made with the first rows that come in."""

from typing import Any

from django.utils import timezone

from baoton.kit.access import Scope
from baoton.kit.importing.commit import Commit
from baoton.kit.importing.run import Run
from baoton.kit.keyed import source_id
from baoton.observations.models import Dataset


def find(run: Run) -> None:
    """The run knows the id of its dataset, new or old; nothing is written."""
    if run.dataset_id is None:
        known = Dataset.objects.filter(code=run.plan.dataset).first()
        run.held["dataset_known"] = known is not None
        run.dataset_id = known.pk.hex if known else source_id("dataset", run.plan.dataset).hex
        run.closed = known is not None and not _may_write(run, known)


def _may_write(run: Run, dataset: Dataset) -> bool:
    """The dataset is the actor's body's, or the actor may import for any body anywhere."""
    if dataset.organisation and dataset.organisation == run.organisation:
        return True
    return any(Scope() in run.actor.scopes(t.verb) for t in run.targets)


def owner(code: str) -> str | None:
    """The body whose dataset of that code is; None where there is none."""
    return Dataset.objects.filter(code=code).values_list("organisation", flat=True).first()


def stand(commit: Commit) -> None:
    """The dataset exists, with what the file says of itself; one that an undo withdrew stands again."""
    run = commit.run
    if run.held.get("dataset_stands"):
        return
    run.held["dataset_stands"] = True
    told: dict[str, Any] = {
        k: str(v) for k, v in run.source.metadata.items() if v and isinstance(v, str | list | dict)
    }
    _dataset, made = Dataset.objects.get_or_create(
        code=run.plan.dataset,
        defaults={
            "id": run.dataset_id,
            "title": run.plan.title[:400] or run.plan.dataset,
            "licence": str(run.source.metadata.get("licence") or "")[:200],
            "citation": str(run.source.metadata.get("citation") or ""),
            "metadata": told,
            "organisation": run.organisation,
            "batch": run.batch_id,
        },
    )
    if not made:
        Dataset.objects.filter(code=run.plan.dataset, withdrawn__isnull=False).update(withdrawn=None)


def gone(batch_id: str, ids: Any = None) -> None:
    """A dataset that an undone import had made, and that nothing stands in, is withdrawn too."""
    for dataset in Dataset.objects.filter(batch=batch_id, withdrawn__isnull=True):
        standing = any(
            getattr(dataset, name).filter(withdrawn__isnull=True).exists()
            for name in ("events", "occurrences", "measurements")
        )
        if not standing:
            Dataset.objects.filter(pk=dataset.pk).update(withdrawn=timezone.now())
