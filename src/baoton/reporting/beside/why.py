"""Why a figure differs between two reports: which records were added, corrected, withdrawn, or count elsewhere now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.utils.translation import gettext as _

from baoton.kit.access import has
from baoton.kit.models import AuditEvent, ImportBatch
from baoton.kit.reading.register import Register
from baoton.reporting.queries import number
from baoton.reporting.records.keeping import Counted

PART = 10_000


@dataclass(frozen=True)
class Why:
    """How many records: `added` since, counted newly that stood before (`came`), of which nobody knows (`unsure`);
    `corrected`; `withdrawn`; no longer counted though they stand (`left`)."""

    added: int = 0
    came: int = 0
    unsure: int = 0
    corrected: int = 0
    withdrawn: int = 0
    left: int = 0

    @property
    def words(self) -> str:
        """The reasons as one line; empty where no record differs."""
        told = (
            (self.added, _("thêm mới %(n)s")),
            (self.came, _("đã có, nay mới được tính %(n)s")),
            (self.unsure, _("thêm mới hoặc nay mới được tính %(n)s")),
            (self.corrected, _("sửa %(n)s")),
            (self.withdrawn, _("rút %(n)s")),
            (self.left, _("vẫn còn nhưng không tính vào đây nữa %(n)s")),
        )
        return "; ".join(text % {"n": number(n)} for n, text in told if n)


def why(book: Register, before: Counted, after: Counted, made: tuple[datetime, datetime]) -> Why:
    """The reasons between two reports of the same days, place and theme, made at these moments."""
    fresh = np.setdiff1d(after.keys, before.keys)
    gone = np.setdiff1d(before.keys, after.keys)
    _same, a, b = np.intersect1d(before.keys, after.keys, return_indices=True)
    added = came = unsure = withdrawn = 0
    for some in parts(fresh):
        stood, known = _stood(book, some, made[0])
        came += len(stood)
        added += len(known - stood)
        unsure += len(set(some) - stood - known)
    for some in parts(gone):
        rows = book.model._default_manager.filter(pk__in=some, withdrawn__lte=made[1])
        withdrawn += rows.count()
    corrected = int((before.revisions[a] != after.revisions[b]).sum())
    return Why(added, came, unsure, corrected, withdrawn, len(gone) - withdrawn)


def parts(keys: Any) -> Iterator[list[UUID]]:
    for i in range(0, len(keys), PART):
        yield [UUID(hex=key.decode()) for key in keys[i : i + PART]]


def _stood(book: Register, keys: Sequence[UUID], at: datetime) -> tuple[set[UUID], set[UUID]]:
    """Those of the records that stood at that moment, and those of which it is known when they came."""
    came: dict[UUID, datetime] = {
        key: datetime.fromtimestamp((key.int >> 80) / 1000, UTC) for key in keys if key.version == 7
    }
    rest = [key for key in keys if key not in came]
    if rest and has(book.model, "batch"):
        found = dict(book.model._default_manager.filter(pk__in=rest).values_list("pk", "batch"))
        batches = dict(
            ImportBatch.objects.filter(pk__in={b for b in found.values() if b}).values_list("pk", "uploaded")
        )
        came |= {key: batches[batch] for key, batch in found.items() if batch in batches}
    rest = [key for key in rest if key not in came]
    events = AuditEvent.objects.filter(object_id__in=rest).order_by("-at").values_list("object_id", "at")
    came |= {key: when for key, when in events if key is not None} if rest else {}
    return {key for key, when in came.items() if when <= at}, set(came)
