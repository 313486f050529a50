"""A day."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl
from django import forms
from django.utils import timezone

from baoton.kit.access import Actor
from baoton.kit.kinds import cells
from baoton.kit.kinds.base import Kind

if TYPE_CHECKING:
    from baoton.kit.reading.filters import Filter


@dataclass(frozen=True, eq=False)
class Day(Kind):
    """One day, written as offices write it; `today` fills a new form in."""

    today: bool = False

    word: ClassVar[str] = "day"

    def read(self, text: pl.Series, tell: cells.Tell, actor: Actor) -> pl.Series:
        return cells.days(text, tell)

    def widget(self, actor: Actor, record: Any) -> forms.Widget:
        return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def written(self, record: Any) -> dict[str, Any]:
        value = getattr(record, self.attname)
        fresh = record._state.adding and self.today
        return {self.name: timezone.localdate() if value is None and fresh else value}

    def fresh(self) -> dict[str, Any]:
        return {self.name: timezone.localdate()} if self.today else {}

    def filter(self, key: str) -> "Filter":
        from baoton.kit.reading.filters import Period

        return Period(key, self.heading, self.name)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}
