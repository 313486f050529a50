"""A book as the official form has it: what stood, each movement on its own row, what stands after it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _t

from baoton.facilities.models import Entry, Stock
from baoton.facilities.queries import labels

CARRIED_WORD = "số dư mang sang"
MARKS_HEADING = _t("số hiệu đánh dấu")
SIDES = {"have": _t("hiện có"), "came": _t("tăng"), "went": _t("giảm")}
MOVEMENTS = dict(Entry.Movement.choices)


@dataclass
class Line:
    """One row: the day, what came and went by class, what stands after it, why, and who verified."""

    day: Any
    movement: str
    came: Counter[str] = field(default_factory=Counter)
    went: Counter[str] = field(default_factory=Counter)
    held: dict[str, int] = field(default_factory=dict)
    note: str = ""
    verified: str = ""


def lines(stock: Stock) -> Iterator[Line]:
    """The rows of the form in the order of days; a change of class is one row, other movements are never merged."""
    held: Counter[str] = Counter()
    row: Line | None = None
    for e in Entry.objects.filter(book=stock, withdrawn__isnull=True).order_by("day", "position"):
        note = " · ".join(filter(None, (str(MOVEMENTS[e.movement]), e.partner, e.paper, e.note)))
        if row is None or not (_open(row) and (row.day, row.note) == (e.day, note)):
            if row is not None:
                yield row
            row = Line(e.day, e.movement, note=note)
        held[e.kind] += e.amount
        (row.came if e.amount > 0 else row.went)[e.kind] += abs(e.amount)
        row.held = dict(held)
        row.verified = f"{e.verified_by} {e.verified_on:%d/%m/%Y}" if e.verified_on else ""
    if row is not None:
        yield row


def _open(row: Line) -> bool:
    """Whether a change of class still lacks its other side: as many came as went when it is whole."""
    return row.movement == Entry.Movement.GREW and row.came.total() != row.went.total()


def heading(side: str, kind: str) -> str:
    """What heads the column of one class on one side of the form."""
    return f"{SIDES[side]}: {labels()[kind].replace(': ', ' ')}"
