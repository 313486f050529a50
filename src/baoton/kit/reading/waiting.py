"""What is due over all books, as one reader may know it: for the first page and for whoever tells people of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F

from baoton.kit.access import Actor
from baoton.kit.models import Clock
from baoton.kit.reading import terms
from baoton.kit.reading.asking import readable
from baoton.kit.reading.register import Register, all_registers


@dataclass(frozen=True)
class Waiting:
    """One record with the clock that falls due first."""

    register: Register
    record: Any
    clock: Clock
    words: str
    late: bool

    @property
    def address(self) -> str:
        return self.register.url(self.record)


def waiting(actor: Actor, until: date, today: date, most: int = 50) -> Sequence[Waiting]:
    """The first records over all books whose clock falls due by a day, the earliest first."""
    found: list[Waiting] = []
    due = Clock.objects.filter(stopped__isnull=True, due__lte=until)
    timed = set(due.order_by().values_list("register", flat=True).distinct())  # most books have nothing due
    for book in all_registers():
        if not book.timed or book.model._meta.label_lower not in timed or not readable(book, actor):
            continue
        rows = book.opened(book.door(actor)).filter(door_due__lte=until).order_by(F("door_due"), "id")
        for record in rows[:most]:
            one = terms.of_row(record)
            if one is not None:
                found.append(Waiting(book, record, one, terms.words(one, today), terms.late(one, today)))
    return sorted(found, key=lambda w: (w.clock.due or terms.NEVER, str(w.record.pk)))[:most]
