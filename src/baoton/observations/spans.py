"""Rows in any of many squares, each on days of its own, asked in one test: the text of it is written out once.

The same test said as some hundred `Q` objects is what most of the nightly weighing went into, before the database
was asked anything.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import BooleanField, F, Func

Spans = Mapping[tuple[int, int], tuple[int, int]]


class InSpans(Func):
    """True for a row whose cell lies in a range while its days (0: not known) overlap that range's days.

    `spans` is, for each range of cells (low, high), its first and last day as ordinals; a first day of 0 is unknown.
    """

    conditional = True
    output_field = BooleanField()

    def __init__(self, spans: Spans) -> None:
        super().__init__(F("cell"), F("sort_day"), F("day_end"))
        self.spans = tuple((*cells, *days) for cells, days in spans.items())

    def as_sql(
        self, compiler: Any, connection: Any, *_more: Any, **_other: Any
    ) -> tuple[str, tuple[Any, ...]]:
        cell, day, end = (compiler.compile(one)[0] for one in self.source_expressions)
        whole, late = f"{cell} >= %s AND {cell} <= %s", f"{day} <= %s"
        early = f"({day} >= %s OR {end} >= %s OR {day} = 0)"
        words: list[str] = []
        given: list[Any] = []
        for low, high, first, last in self.spans:
            words.append(f"({whole} AND {late} AND {early})" if first else f"({whole} AND {late})")
            given += [low, high, last]
            if first:
                given += [first, connection.ops.adapt_datefield_value(date.fromordinal(first))]
        return f"({' OR '.join(words)})", tuple(given)
