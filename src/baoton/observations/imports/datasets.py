"""The dataset that a file's rows belong to: found by its code, made with the first rows that come in.

A code is its body's own: two bodies may each have a set of that code. One that the actor may not see is as if it were
not there, so that no answer tells of it.
"""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from baoton.kit.access import Public, Scope
from baoton.kit.importing.commit import Commit
from baoton.kit.importing.run import Run
from baoton.kit.keyed import source_id
from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Dataset

if TYPE_CHECKING:
    from django.db.models import QuerySet


def find(run: Run) -> None:
    """The run knows the id of its dataset, new or old; nothing is written."""
    if run.dataset_id is None:
        own = source_id("dataset", f"{run.organisation or run.actor.actor_id}\x1f{run.plan.dataset}")
        named = Dataset.objects.filter(code=run.plan.dataset)
        known = named.filter(organisation=run.organisation).first() if run.organisation else None
        known = known or named.filter(pk=own).first() or _seen(run, named)
        run.held["dataset_known"] = known is not None
        run.dataset_id = (known.pk if known else own).hex
        run.closed = known is not None and known.pk != own and not _may_write(run, known)


def _seen(run: Run, named: "QuerySet[Dataset]") -> Dataset | None:
    """The set of that code of another body, where the actor may see it; nobody's where several are."""
    door = REGISTERS["observations.dataset"].door(run.actor)
    found = list(named.filter(pk__in=door.rows().values("pk"))[:2])
    return found[0] if len(found) == 1 else None


def _may_write(run: Run, dataset: Dataset) -> bool:
    """The dataset is the actor's body's, or the actor may import for any body anywhere."""
    if dataset.organisation and dataset.organisation == run.organisation:
        return True
    return any(Scope() in run.actor.scopes(t.verb) for t in run.targets)


def owner(code: str) -> str | None:
    """The body whose published dataset of that code is; None where everybody knows of none."""
    rows = REGISTERS["observations.dataset"].door(Public()).rows().filter(code=code)
    found: str | None = rows.values_list("organisation", flat=True).first()
    return found


def stand(commit: Commit) -> None:
    """The dataset exists, with what the file says of itself; one that an undo withdrew stands again."""
    run = commit.run
    if run.held.get("dataset_stands"):
        return
    run.held["dataset_stands"], key = True, str(run.dataset_id)
    told: dict[str, Any] = {
        k: str(v) for k, v in run.source.metadata.items() if v and isinstance(v, str | list | dict)
    }
    _dataset, made = Dataset.objects.get_or_create(
        id=key,
        defaults={
            "code": run.plan.dataset,
            "title": run.plan.title[:400] or run.plan.dataset,
            "licence": str(run.source.metadata.get("licence") or "")[:200],
            "citation": str(run.source.metadata.get("citation") or ""),
            "metadata": told,
            "organisation": run.organisation,
            "batch": run.batch_id,
        },
    )
    if not made:
        Dataset.objects.filter(pk=key, withdrawn__isnull=False).update(withdrawn=None)


def gone(batch_id: str, ids: Any = None) -> None:
    """A dataset that an undone import had made, and that nothing stands in, is withdrawn too."""
    for dataset in Dataset.objects.filter(batch=batch_id, withdrawn__isnull=True):
        standing = any(
            getattr(dataset, name).filter(withdrawn__isnull=True).exists()
            for name in ("events", "occurrences", "measurements")
        )
        if not standing:
            Dataset.objects.filter(pk=dataset.pk).update(withdrawn=timezone.now())
