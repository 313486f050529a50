"""Counts, measures, yes and no, and money in whole đồng."""

from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl
from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from baoton.kit.access import Actor
from baoton.kit.kinds import cells
from baoton.kit.kinds.base import Kind
from baoton.kit.kinds.words import Text, as_text


@dataclass(frozen=True, eq=False)
class Number(Kind):
    """A measure; `least` and `most` bound it, `unit` stands beside it."""

    least: float | None = None
    most: float | None = None
    unit: Text = ""

    word: ClassVar[str] = "number"
    numeric: ClassVar[bool] = True

    def text(self, record: Any) -> str:
        """Hectares have two digits wherever they stand, unless they are so few that two would say none."""
        value = None if self.said or not self.of_ground else self.value(record)
        if not isinstance(value, float) or 0 < abs(value) < 0.005:
            return super().text(record)
        return str(number_format(round(value, 2), 2, use_l10n=True, force_grouping=True))

    @property
    def of_ground(self) -> bool:
        """Whether its model calls it hectares."""
        last = (self.source or self.name).rpartition(".")[2]
        return last == "hectares" or last.endswith(("_ha", "hectares_once"))

    def read(self, text: pl.Series, tell: cells.Tell, actor: Actor) -> pl.Series:
        return cells.within(cells.numbers(text, tell), tell, self.least, self.most)

    def widget(self, actor: Actor, record: Any) -> forms.Widget:
        return forms.TextInput(attrs={"inputmode": "decimal", "size": 12})

    def schema(self) -> dict[str, Any]:
        return {"type": "number"}


@dataclass(frozen=True, eq=False)
class Count(Number):
    """A whole number, never negative unless said."""

    least: float | None = 0

    word: ClassVar[str] = "integer"

    def read(self, text: pl.Series, tell: cells.Tell, actor: Actor) -> pl.Series:
        return cells.within(cells.integers(text, tell), tell, self.least, self.most)

    def widget(self, actor: Actor, record: Any) -> forms.Widget:
        return forms.TextInput(attrs={"inputmode": "numeric", "size": 12})

    def schema(self) -> dict[str, Any]:
        return {"type": "integer"}


@dataclass(frozen=True, eq=False)
class Money(Count):
    """Whole đồng; no fraction, no float."""

    word: ClassVar[str] = "money"
    biggest: ClassVar[int] = 2**53

    def read(self, text: pl.Series, tell: cells.Tell, actor: Actor) -> pl.Series:
        bare = text.str.replace(r"(?i)\s*(đồng|đ|vnd|vnđ)\.?$", "")
        return cells.within(cells.integers(bare, tell, self.biggest), tell, self.least, self.most)

    def text(self, record: Any) -> str:
        value = self.value(record)
        return "" if value is None else f"{as_text(value)} đ"


@dataclass(frozen=True, eq=False)
class YesNo(Kind):
    """Yes, no, or not known."""

    word: ClassVar[str] = "boolean"

    def read(self, text: pl.Series, tell: cells.Tell, actor: Actor) -> pl.Series:
        return cells.booleans(text, tell)

    def widget(self, actor: Actor, record: Any) -> forms.Widget:
        return forms.Select(choices=[("", "—"), ("true", _("có")), ("false", _("không"))])

    def written(self, record: Any) -> dict[str, Any]:
        value = getattr(record, self.attname)
        return {self.name: "" if value is None else "true" if value else "false"}

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}
