"""An administrative unit, today's and former ones; which units there are, an app above tells once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import polars as pl
from django import forms
from django.utils.translation import gettext as _

from baoton.kit.access import Actor
from baoton.kit.kinds import cells
from baoton.kit.kinds.base import Kind
from baoton.kit.kinds.words import Text

if TYPE_CHECKING:
    from baoton.kit.reading.filters import Filter


class Units(Protocol):
    """What the machine must be told of the country it runs in."""

    def choices(self) -> Iterable[tuple[str, Text]]: ...

    def is_former(self, path: str) -> bool: ...

    def name(self, path: str) -> str: ...

    def address(self, path: str) -> str:
        """The page of a unit of today; empty where it has none."""
        ...

    def shares(self, shapes: Sequence[Any]) -> list[list[tuple[str, float, float]]]:
        """For each shape the units of today it lies in: path, share of it, and its part in m², m or points."""
        ...


class NoUnits:
    """Nobody told yet: no unit is known."""

    def choices(self) -> Iterable[tuple[str, Text]]:
        return ()

    def is_former(self, path: str) -> bool:
        return False

    def name(self, path: str) -> str:
        return path

    def address(self, path: str) -> str:
        return ""

    def shares(self, shapes: Sequence[Any]) -> list[list[tuple[str, float, float]]]:
        return [[] for _shape in shapes]


_known: list[Units] = [NoUnits()]


def tell_units(units: Units) -> None:
    """The units of the installation are these; called once, at start."""
    _known[0] = units


def units() -> Units:
    return _known[0]


@dataclass(frozen=True, eq=False)
class Area(Kind):
    """A commune of today, by name or code; a former one is refused with the units that took its place."""

    word: ClassVar[str] = "area"
    few: ClassVar[bool] = True

    def options(self) -> list[tuple[str, Text]]:
        return [(p, t) for p, t in units().choices() if not units().is_former(p)]

    @property
    def listed(self) -> tuple[tuple[Any, Text], ...]:
        return ()

    def read(self, text: pl.Series, tell: cells.Tell, actor: Actor) -> pl.Series:
        known: dict[str, set[str]] = {}
        for path, label in self.options():
            words = str(label).split(" (")[0]
            spelt = cells.fold(pl.Series([words, " ".join(words.split()[1:]), path, path.split("/")[-1]]))
            for one in spelt.to_list():
                known.setdefault(one, set()).add(path)
        exact = {path: path for path, _label in self.options()}
        folded = cells.fold(text)
        single = {k: min(v) for k, v in known.items() if len(v) == 1}
        found = folded.replace_strict(single, default=None, return_dtype=pl.String)
        found = text.replace_strict(exact, default=found, return_dtype=pl.String)
        twice = folded.is_in([k for k, v in known.items() if len(v) > 1]).fill_null(False) & found.is_null()
        told = _("Tên này của nhiều đơn vị; ghi mã xã, phường thay cho tên.")
        tell.refuse(twice, "ambiguous_area", told)
        unknown = text.is_not_null() & found.is_null() & ~twice
        tell.refuse(unknown, "unknown_area", _("Không có xã, phường này; ghi đúng tên hoặc mã."))
        return found

    def text(self, record: Any) -> str:
        return str(self.said(record)) if self.said is not None else units().name(self.value(record) or "")

    def address(self, record: Any) -> str:
        return units().address(self.value(record) or "")

    def widget(self, actor: Actor, record: Any) -> forms.Widget:
        return forms.Select(choices=[("", "—"), *self.options()])

    def filter(self, key: str) -> "Filter":
        from baoton.kit.reading import filters

        return filters.Area(key, _lazy_area(), units().choices, lambda path: units().is_former(path))

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


def only_area(actor: Actor, verb: str) -> str:
    """The one commune in which the actor holds the verb, or an empty text: what a new form fills in."""
    paths = {s.area_path for s in actor.scopes(verb)}
    return paths.pop() if len(paths) == 1 else ""


def _lazy_area() -> Text:
    from django.utils.translation import gettext_lazy

    return gettext_lazy("địa bàn")
