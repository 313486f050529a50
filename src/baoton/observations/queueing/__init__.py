"""The order in which records are verified: each waiting record keeps a number of its risk and its worth.

It is written with the record, in the same transaction; a big file has its rows numbered by a job, and every night all
that wait are numbered anew, for what is verified meanwhile changes what is strange.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from baoton.files.models import Evidence
from baoton.kit import jobs
from baoton.kit.access import System
from baoton.kit.models import Job
from baoton.kit.writing.bulk import update_rows
from baoton.observations.doubts.known import once, together
from baoton.observations.models import Occurrence, Status
from baoton.observations.queries import doubts, notes, priority

WAITING = (Status.DRAFT, Status.ONCE)
OF_PRIORITY, OF_DOUBT, OF_NOTE = 100, 20, 8
"""A priority species comes before any other; then the more doubts, then what is worth knowing."""
PART = 2_000
JOB = "observations.order"


def worth(record: Occurrence) -> int:
    """How soon the record should be looked at: 0 is an ordinary record that nothing doubts."""
    taxon = record.taxon
    rare = taxon is not None and once(("priority", taxon.pk), lambda: priority(taxon))
    return OF_PRIORITY * bool(rare) + OF_DOUBT * len(doubts(record)) + OF_NOTE * len(notes(record))


def settle(keys: Sequence[Any]) -> int:
    """The numbers of these records are as the rules say now; how many moved."""
    moved = 0
    for start in range(0, len(keys), PART):
        rows = list(Occurrence.objects.filter(pk__in=keys[start : start + PART]).select_related("taxon"))
        waiting = [r for r in rows if r.status in WAITING and r.withdrawn is None]
        with together(waiting):
            now = {r.pk: worth(r) if r.status in WAITING and r.withdrawn is None else 0 for r in rows}
        fresh = [(r.pk, now[r.pk]) for r in rows if r.worth != now[r.pk]]
        if fresh:
            update_rows(Occurrence, ("worth",), fresh)
        moved += len(fresh)
    return moved


def follow(label: str, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> None:
    """What was written is numbered at once; where very many rows changed, a job numbers them."""
    if label == Evidence._meta.label_lower:
        about = {
            row["about_id"] for row in (*before, *after) if row["about_type"] == Occurrence._meta.label_lower
        }
        settle([key for key in about if key])
        return
    if label != Occurrence._meta.label_lower:
        return
    if after:
        settle([row["id"] for row in after])
    elif not before:
        transaction.on_commit(_ask)


def _ask() -> None:
    if not Job.objects.filter(kind=JOB, state=Job.State.WAITING).exists():
        jobs.ask(System(), JOB, str(_("Xếp thứ tự ghi nhận chờ xác minh")))


@jobs.nightly(JOB, _("Xếp thứ tự ghi nhận chờ xác minh"))
def number(progress: jobs.Progress) -> str:
    """Every waiting record is numbered anew."""
    keys = list(_waiting().values_list("pk", flat=True))
    for start in range(0, len(keys), PART):
        with transaction.atomic():
            settle(keys[start : start + PART])
        progress(min(start + PART, len(keys)), len(keys))
    return ""


def _waiting() -> Any:
    return Occurrence.objects.filter(status__in=WAITING, withdrawn__isnull=True).order_by("taxon_id", "id")
