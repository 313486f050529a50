"""What other apps may ask of the evidence."""

from typing import Any

from django.db.models import QuerySet

from baoton.files.models import Evidence
from baoton.kit.access import Actor
from baoton.kit.refs import name_of


def of_record(record: Any) -> "QuerySet[Evidence]":
    """The standing evidence of a record, newest last."""
    about_type, about_id = name_of(record)
    return Evidence.objects.filter(about_type=about_type, about_id=about_id, withdrawn__isnull=True).order_by(
        "id"
    )


def panel(actor: Actor, record: Any) -> dict[str, Any]:
    """What the record page shows of its evidence; whoever sees the record sees that there is some."""
    precise = bool(getattr(record, "door_precise", True))
    return {
        "rows": list(of_record(record)),
        "precise": precise,
        "record": record,
        "may_add": precise and bool(actor.scopes("files.evidence.create")),
    }
