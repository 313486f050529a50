"""One of few values: those of the model, or those a list gives."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl
from django import forms

from baoton.kit.access import Actor
from baoton.kit.kinds import cells
from baoton.kit.kinds.base import CellField, Kind
from baoton.kit.kinds.words import Text

if TYPE_CHECKING:
    from baoton.kit.reading.filters import Filter


@dataclass(frozen=True, eq=False)
class Choice(Kind):
    """A coded value; `among` gives the values where the model does not (a list, or a function that reads one)."""

    among: Sequence[tuple[Any, Text]] | Callable[[], Iterable[tuple[Any, Text]]] = ()

    word: ClassVar[str] = "code"
    few: ClassVar[bool] = True

    def options(self) -> Sequence[tuple[Any, Text]]:
        if callable(self.among):
            return list(self.among())
        return list(self.among or getattr(self.column, "choices", None) or ())

    @property
    def listed(self) -> Sequence[tuple[Any, Text]]:
        return () if callable(self.among) else self.options()

    def spelt(self) -> dict[str, Any]:
        """Folded spelling → stored value, for keys and labels alike."""
        known = self.options()
        words = pl.Series([*(str(k) for k, _t in known), *(str(t) for _k, t in known)], dtype=pl.String)
        return dict(zip(cells.fold(words).to_list(), [str(k) for k, _t in known] * 2, strict=True))

    def read(self, text: pl.Series, tell: cells.Tell, actor: Actor) -> pl.Series:
        exact = {str(k): str(k) for k, _t in self.options()}
        strange = text.filter(~text.is_in(list(exact)) & text.is_not_null())
        if not len(strange):
            return text
        labels = [str(label) for _k, label in self.options()]
        return cells.codes(text.replace_strict(exact, default=text), tell, self.spelt(), labels)

    def text(self, record: Any) -> str:
        if self.said is not None or not self.among or self.source:
            return super().text(record)
        value = getattr(record, self.attname)
        known = {str(k): t for k, t in self.options()}
        return "" if value in (None, "") else str(known.get(str(value), value))

    def style(self, record: Any) -> str:
        return f"tag {self.value(record)}" if self.name == "status" else ""

    def form_fields(self, actor: Actor, record: Any) -> Mapping[str, forms.Field]:
        stored = str(getattr(record, self.attname, "") or "")
        return {self.name: CellField(self, actor, self.widget(actor, record), kept=stored)}

    def widget(self, actor: Actor, record: Any) -> forms.Widget:
        known: list[tuple[Any, Text]] = [(str(k), t) for k, t in self.options()]
        stored = str(getattr(record, self.attname, "") or "")
        if stored and stored not in dict(known):  # a value that came from a file stays among the choices
            known.append((stored, stored))
        return forms.Select(choices=known if self.needed and stored else [("", "—"), *known])

    @property
    def path(self) -> str:
        return "" if self.column is not None and self.column.is_relation else super().path

    def value(self, record: Any) -> Any:
        """What a file holds: the stored value, or the label of a row of a table that is no book."""
        return (
            self.text(record)
            if self.column is not None and self.column.is_relation
            else super().value(record)
        )

    def filter(self, key: str) -> "Filter":
        from baoton.kit.reading import filters

        if self.column is not None and self.column.is_relation:
            return filters.Related(key, self.heading, self.attname, self.options)
        return filters.Choice(key, self.heading, self.options, self.attname)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": [str(k) for k, _t in self.options()]}
