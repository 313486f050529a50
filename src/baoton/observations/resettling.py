"""Records stored under an older rule or an older law stand as today's asks, and so does whatever betrays them.

A write weighs what it touches, and a law that changes withholds the records of its species at once (`taxa.guard`).
What neither of them sees is weighed here, every night and at `baoton init`: records stored before a rule was made or
widened, names that no taxon stands for, and laws that begin or end by their date alone.
"""

import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.kit import jobs
from baoton.kit.access import System
from baoton.kit.importing import slices
from baoton.kit.writing import audit
from baoton.observations.actions import resettle
from baoton.observations.disclosure import (
    ASKED,
    PART,
    STANDING,
    betrayers,
    moves,
    occurrences,
    own_guards,
    parts,
    sources_of,
)
from baoton.observations.models import Event, Occurrence
from baoton.observations.outings import everybody_waits
from baoton.taxa.actions import follow_the_law

AT_ONCE = 5_000
MOST, HELD = 100, 0.25
"""Rows that move in one transaction at most, and how many seconds it should hold others up who write: where rows are
dear to move (much stands on them, the machine is busy), fewer of them move at a time."""
FIRST = 10


@jobs.nightly("observations.disclosure", gettext_lazy("Xét lại mức công bố vị trí"))
def every_night(progress: jobs.Progress) -> str:
    """The law of today is asked for every taxon, then the rule of today for every record."""
    follow_the_law()
    moved = settle_again(progress)
    told = _("%(n)d bản ghi đổi mức công bố vị trí") % {"n": moved} if moved else _("không có gì phải đổi")
    progress(1, 1, told)
    return ""


def settle_again(progress: jobs.Progress | None = None) -> int:
    """Every record and visit stands as guarded as today's rule asks; how many rows moved.

    It is done in slices, each a transaction of its own, so that nobody who writes waits for the whole. What names
    itself guarded is raised first: neighbours are weighed by the guarded records that stand.
    """
    progress = progress or jobs.Progress()
    named, raised = [], []
    for rows in _standing():
        for row, asked in zip(rows, own_guards(rows), strict=True):
            if asked.level:
                named.append(row["pk"])
                if row["disclosure"] < asked.level:
                    raised.append(row["pk"])
    moved = sum(_slice(set(part), set()) for part in parts(raised))
    visited = set(Event.objects.filter(disclosure__gt=0, **STANDING).values_list("pk", flat=True))
    seen = set(Occurrence.objects.filter(disclosure__gt=0, **STANDING).values_list("pk", flat=True))
    for part in parts(named):
        near = _betraying(part)
        seen |= near[0]
        visited |= near[1]
    total, done = len(seen) + len(visited), 0
    for part in parts(sorted(visited)):
        moved += _slice(set(), set(part))
        done += len(part)
        progress(done, total)
    for part in parts(sorted(seen)):
        moved += _slice(set(part), set())
        done += len(part)
        progress(done, total)
    if moved:
        audit.write(System(), "taxa.guard", register="observations.occurrence", new={"moved": moved})
    return moved


def _standing() -> Iterator[list[dict[str, Any]]]:
    """All standing occurrences by what they are named, some thousands at a time."""
    last: UUID | None = None
    rows = Occurrence.objects.filter(**STANDING).order_by("pk")
    while True:
        some = rows.filter(pk__gt=last) if last else rows
        found = list(some.values("pk", "disclosure", "guarded_for", *ASKED)[:AT_ONCE])
        if not found:
            return
        yield found
        last = found[-1]["pk"]


def _betraying(named: Any) -> tuple[set[UUID], set[UUID]]:
    """The occurrences and events that are of one outing with the records that are named guarded."""
    rows = occurrences([Q(pk__in=named)])
    sources = sources_of(rows, own_guards(rows))
    visits = {row["event_id"] for row in rows if row["event_id"] is not None}
    return set(betrayers(Occurrence, sources)), visits | set(betrayers(Event, sources))


def _slice(seen: set[UUID], visited: set[UUID]) -> int:
    """One slice stands as it must. It is weighed while others write; only what must move is weighed again while nobody
    else weighs a place, as few rows at a time as others can bear; a night in which nothing moves keeps nobody waiting.
    After each others have their turn: one who waits for SQLite would else find it taken again and again."""
    assert len(seen) + len(visited) <= PART
    moved, many = 0, FIRST
    for model, guards in moves(seen, visited).items():
        keys = list(guards)
        while keys:
            part, keys = set(keys[:many]), keys[many:]
            with transaction.atomic():
                everybody_waits()
                began = time.monotonic()
                moved += resettle(*((set(), part) if model is Event else (part, set())))
            many = bearable(len(part), time.monotonic() - began)
            slices.pause()
    return moved


def bearable(rows: int, took: float) -> int:
    """How many rows the next transaction may move, after so many took so long."""
    return max(1, min(MOST, 2 * rows, int(rows * HELD / max(took, 0.001))))
