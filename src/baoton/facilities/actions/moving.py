"""What follows where and what a facility is: its books, lines, codes, dossiers and visits lie where it lies."""

from collections.abc import Mapping, Sequence
from typing import Any

from baoton.facilities.models import (
    Application,
    Code,
    Entry,
    Finding,
    Individual,
    Inspection,
    Mark,
    Notice,
    Stock,
)
from baoton.kit.writing import outbox
from baoton.kit.writing.outbox import followed_by

OF = (
    (Stock, "facility"), (Code, "facility"), (Application, "facility"), (Inspection, "facility"), (Notice, "facility"),
    (Entry, "book__facility"), (Individual, "stock__facility"), (Mark, "individual__stock__facility"),
    (Finding, "inspection__facility"),
)  # fmt: skip


@followed_by
def follow(label: str, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> None:
    """A facility that moved to another commune takes everything of it along; a code is counted with its kind."""
    if label != "facilities.facility":
        return
    stood = {row["id"]: row for row in before}
    for row in after:
        was = stood.get(row["id"])
        if was is None:
            continue
        if was["area_path"] != row["area_path"]:
            for model, way in OF:
                _stand(model, {way: row["id"]}, area_path=row["area_path"])
        if was["kind"] != row["kind"]:
            _stand(Code, {"facility": row["id"]}, kind=row["kind"])


def _stand(model: Any, which: Mapping[str, Any], **columns: Any) -> None:
    keys = list(model.objects.filter(**which).exclude(**columns).values_list("pk", flat=True))
    if keys:
        with outbox.changing(model, keys):
            model.objects.filter(pk__in=keys).update(**columns)


__all__ = ["follow"]
