"""What stands on a record, and where somebody is named; always through the record's own door."""

from dataclasses import dataclass
from typing import Any

from baoton.kit import lent
from baoton.kit.access import Actor, Public, may
from baoton.kit.reading.register import Panel
from baoton.kit.refs import name_of, register_of, resolve
from baoton.people.models import Person
from baoton.remarks.models import Mention, Remark

AT_HOME, HINTS = 8, 6


def known(actor: Actor, about_type: str, about_id: Any) -> Any:
    """The record as a signed-in person may know it with its true place, else None: words may tell the place."""
    if isinstance(actor, Public):
        return None
    record = resolve(actor, about_type, about_id)
    if record is None or not lent.may_read(actor, record, lent.REMARKS):
        return None
    return record if getattr(record, "door_precise", True) else None


def panel(actor: Actor, record: Any) -> dict[str, Any]:
    """What the page of a record shows of its remarks: nothing to the public or where the true place is not known."""
    about_type, about_id = name_of(record)
    open_ = not isinstance(actor, Public) and bool(getattr(record, "door_precise", True))
    open_ = open_ and lent.may_read(actor, record, lent.REMARKS)
    if not open_:
        return {"open": False}
    rows = Remark.objects.filter(about_type=about_type, about_id=about_id, withdrawn__isnull=True).order_by(
        "id"
    )
    own = getattr(actor, "organisation_id", "") or ""
    near = Person.objects.filter(is_active=True, organisation_id=own) if own else Person.objects.none()
    return {
        "open": True,
        "rows": [(one, one.author_id == actor.actor_id) for one in rows],
        "record": record,
        "may_add": may(actor, "remarks.remark.create"),
        "near": [p for p in near.order_by("username")[: HINTS + 1] if p.actor_id != actor.actor_id][:HINTS],
    }


@dataclass(frozen=True)
class Named:
    """One remark in which somebody is named, with the record it stands on."""

    mention: Mention
    record: Any
    address: str


def named(actor: Actor, most: int = AT_HOME) -> list[Named]:
    """Where the person is named and has not read it yet, newest first: only on records he may still see."""
    if not isinstance(actor, Person):
        return []
    rows = Mention.objects.filter(person=actor, read__isnull=True, remark__withdrawn__isnull=True)
    found = []
    for one in rows.select_related("remark").order_by("-id")[: most * 4]:
        record = known(actor, one.remark.about_type, one.remark.about_id)
        book = register_of(one.remark.about_type)
        if record is not None and book is not None:
            found.append(Named(one, record, f"{book.url(record)}#y-kien"))
    return found[:most]


REMARKS = Panel("remarks/panel.html", panel)
