"""A big file is written in slices, so that others wait for none longer than a moment.

Each slice is a transaction; the batch says how many rows stand. Until all do, the batch is unfinished and the door
shows none of its rows. Killed in between, it can go on (what stands is recognised as its own) or be undone whole.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl
from django.db import transaction
from django.db.models import IntegerField

from baoton.kit.importing import database
from baoton.kit.importing.stage import Stage
from baoton.kit.importing.target import Target
from baoton.kit.reading.register import of_model

AT_ONCE = 2_000
"""So many rows are one transaction: they take less than a moment."""
ROWS = {"sqlite": 500, "postgresql": 25_000}
SECONDS = 0.6
PAUSE = 0.11
LOG_PAGES = 16_000
"""How long SQLite's log grows (64 MB) before it is carried over: each page then once for many slices."""
"""Whoever waits for SQLite asks again every 0.1 s: in a pause this long everybody gets a turn."""


@dataclass(frozen=True)
class Rows:
    """Some rows of one target: to insert (`before` is None), or to update with how they stood."""

    target: Target
    frame: pl.DataFrame
    before: pl.DataFrame | None = None


def parts(stage: Stage, rows: int, whole: Callable[[Target, pl.DataFrame], pl.DataFrame]) -> Iterator[Rows]:
    """The staged rows in the order in which they must be written, so many at a time; new ones made `whole`.

    New rows of a table come in the order of its book: most indexes begin with a column of few values and go on with
    that order, so they grow at a few places instead of everywhere.
    """
    for target, frame in stage.in_order("created", order_of, whole):
        for start in range(0, len(frame), rows):
            yield Rows(target, frame[start : start + rows])
    for (target, frame), (_same, before) in zip(stage.read("updated"), stage.read("before"), strict=True):
        for start in range(0, len(frame), rows):
            yield Rows(target, frame[start : start + rows], before[start : start + rows])


def order_of(target: Target) -> str:
    """The number by which the book of the table stands in order; empty where it is none."""
    book = of_model(target.model)
    name = book.order[0].lstrip("-") if book is not None else ""
    field = database.fields_of(target.model).get(name)
    return name if isinstance(field, IntegerField) and not field.null else ""


def size() -> int:
    """How many rows go to the database in one statement."""
    return ROWS["postgresql" if database.postgres() else "sqlite"]


class Turn:
    """The time of one slice: over when others have waited long enough."""

    def __init__(self) -> None:
        self.until = time.monotonic() + SECONDS

    @property
    def over(self) -> bool:
        return time.monotonic() >= self.until


def pause() -> None:
    """Between two slices others write; no transaction is open."""
    if not database.postgres() and not transaction.get_connection().in_atomic_block:
        time.sleep(PAUSE)
