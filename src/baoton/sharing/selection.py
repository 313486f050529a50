"""What goes into one archive: the rows an actor may read under the filters asked, and how each is named."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from baoton.kit.access import Actor
from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Dataset, Measurement, Occurrence, Status

OCCURRENCE, EVENT, DATASET = "observations.occurrence", "observations.event", "observations.dataset"


class TwiceNamed(ValueError):
    """Two datasets of one archive use the same id: each must be exported by itself."""


@dataclass(frozen=True)
class Selection:
    """The opened rows of both registers for one actor; `linked` occurrences stand in an event he may read.

    `datasets` are those he may know of: rows of others come without the name of theirs.
    """

    actor: Actor
    datasets: list[Dataset]
    events: "QuerySet[Any]"
    linked: "QuerySet[Any]"
    loose: "QuerySet[Any]"
    asked: Mapping[str, str]

    def measurements(self) -> "QuerySet[Measurement]":
        """Measurements of the selected rows whose place is told in full; those of the others are withheld."""
        open_ = Q(door_precise=True)
        seen = self.linked.filter(open_).values("pk")
        visited = self.events.filter(open_).values("pk")
        rows = Measurement.objects.filter(withdrawn__isnull=True)
        return rows.filter(Q(occurrence__in=seen) | Q(occurrence__isnull=True, event__in=visited))

    def measured_loose(self) -> "QuerySet[Measurement]":
        seen = self.loose.filter(door_precise=True).values("pk")
        return Measurement.objects.filter(withdrawn__isnull=True, occurrence__in=seen)

    def event_names(self, keys: Iterable[UUID]) -> dict[UUID, str]:
        """The ids of the given events as this actor may know them; one he may not read is not there."""
        door = REGISTERS[EVENT].door(self.actor)
        rows = door.open(door.rows()).filter(pk__in=list(keys)).values_list("pk", "door_event_id")
        return {pk: name or str(pk) for pk, name in rows}

    @property
    def mixed(self) -> bool:
        """Whether verified and unverified occurrences stand side by side, so that each must say which it is."""
        both = (self.linked, self.loose)
        return (
            len({s for rows in both for s in rows.order_by().values_list("status", flat=True).distinct()}) > 1
        )


def select(actor: Actor, asked: Mapping[str, str], datasets: Iterable[Dataset] | None = None) -> Selection:
    """The rows of an archive. Refused records stay out unless asked for; a masked row carries its shown place."""
    book, visits = REGISTERS[OCCURRENCE], REGISTERS[EVENT]
    door, event_door = book.door(actor), visits.door(actor)
    rows = door.open(book.filtered(door, asked))
    events = event_door.open(event_door.rows())
    if datasets is not None:
        rows, events = rows.filter(dataset__in=datasets), events.filter(dataset__in=datasets)
    if "status" not in asked:
        rows, events = rows.exclude(status=Status.REFUSED), events.exclude(status=Status.REFUSED)
    readable = event_door.rows().filter(pk=OuterRef("event_id"))
    if "status" not in asked:
        readable = readable.exclude(status=Status.REFUSED)
    linked, loose = rows.filter(Exists(readable)), rows.filter(~Exists(readable))
    events = events.filter(_wanted(asked, visits, event_door, linked))
    used = set(rows.order_by().values_list("dataset_id", flat=True).distinct())
    used |= set(events.order_by().values_list("dataset_id", flat=True).distinct())
    chosen = list(REGISTERS[DATASET].door(actor).rows().filter(pk__in=used).order_by("code"))
    if len(used) > 1:
        _once(rows, "door_occurrence_id")
        _once(events, "door_event_id")
    return Selection(actor, chosen, events, linked, loose, asked)


def _wanted(asked: Mapping[str, str], visits: Any, door: Any, linked: "QuerySet[Any]") -> Q:
    """Events that answer to the filters themselves, where these are questions to an event, and all those used."""
    known = {f.name for f in visits.filters}
    used = Q(pk__in=linked.order_by().values("event_id"))
    given = {k: v for k, v in asked.items() if v.strip()}
    if set(given) <= known:
        return used | Q(pk__in=visits.filtered(door, given).order_by().values("pk"))
    return used


def _once(rows: "QuerySet[Any]", column: str) -> None:
    named = rows.exclude(**{column: ""}).order_by()
    twice = named.values(column).annotate(n=Count("pk")).filter(n__gt=1).values_list(column, flat=True)
    found = next(iter(twice.order_by(column)[:1]), None)
    if found:
        raise TwiceNamed(
            _("Mã “%(id)s” có ở hơn một bộ dữ liệu; hãy xuất từng bộ (điều kiện dataset).") % {"id": found}
        )


__all__ = ["Occurrence", "Selection", "TwiceNamed", "select"]
