"""What other apps may ask of the evidence."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from baoton.files.models import Evidence
from baoton.kit.access import Actor, may
from baoton.kit.reading.register import Panel
from baoton.kit.refs import name_of, register_of


def of_record(record: Any) -> "QuerySet[Evidence]":
    """The standing evidence of a record, newest last."""
    about_type, about_id = name_of(record)
    return Evidence.objects.filter(about_type=about_type, about_id=about_id, withdrawn__isnull=True).order_by(
        "id"
    )


def of_records(about_type: str, keys: "Sequence[UUID]") -> "QuerySet[Evidence]":
    """The standing evidence of several records of one book, oldest first."""
    rows = Evidence.objects.filter(about_type=about_type, about_id__in=keys, withdrawn__isnull=True)
    return rows.order_by("id")


def may_have_originals(actor: Actor, record: Any) -> bool:
    """Whether the reader may have the file as it came, with all that a camera wrote into it: place, time, owner.

    A right to see the record precisely is asked even where the record stands open: its photo may have been taken
    elsewhere than the record says.
    """
    book = register_of(record._meta.label_lower)
    if book is None or not getattr(record, "door_precise", True):
        return False
    verb = f"{book.name}.see_precise" if book.located else f"{book.name}.see"
    return may(actor, verb, record)


def panel(actor: Actor, record: Any) -> dict[str, Any]:
    """What the record page shows of its evidence; whoever sees the record sees that there is some."""
    precise = bool(getattr(record, "door_precise", True))
    return {
        "rows": list(of_record(record)),
        "precise": precise,
        "originals": may_have_originals(actor, record),
        "record": record,
        "may_add": precise and bool(actor.scopes("files.evidence.create")),
    }


ATTACHMENTS = Panel("files/panel.html", panel)
