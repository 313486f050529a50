"""The filters a register declares; each reads as part of a sentence and is served by an index."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext as _

from baoton.kit.access import under
from baoton.kit.reading.columns import Text, as_text
from baoton.kit.reading.door import Door
from baoton.kit.text import fold


class BadFilter(ValueError):
    """The value in the address cannot be used; the message says what would do."""


@dataclass(frozen=True)
class Filter:
    """A question a list answers: `name` is its key in the address, `label` its word in the sentence."""

    name: str
    label: Text
    widget: ClassVar[str] = "text"

    def q(self, value: str, door: Door) -> Q:
        """The rows that answer to the value."""
        raise NotImplementedError

    def reads(self, value: str) -> str:
        """The value as the sentence says it."""
        return value

    def choices(self) -> Iterable[tuple[str, Text]]:
        return ()

    def groups(self) -> Iterable[tuple[Text, Iterable[tuple[str, Text]]]]:
        """The choices under headings; an empty heading is none."""
        return [("", self.choices())]


@dataclass(frozen=True)
class Choice(Filter):
    """One of few values of a column."""

    options: Sequence[tuple[Any, Text]] = ()
    column: str = ""
    widget: ClassVar[str] = "select"

    def q(self, value: str, door: Door) -> Q:
        known = {str(v): v for v, _label in self.options}
        if value not in known:
            raise BadFilter(_("“%(value)s” không có trong danh sách.") % {"value": value})
        return Q(**{self.column or self.name: known[value]})

    def reads(self, value: str) -> str:
        return str({str(v): label for v, label in self.options}.get(value, value))

    def choices(self) -> Iterable[tuple[str, Text]]:
        return [(str(v), label) for v, label in self.options]


@dataclass(frozen=True)
class Related(Filter):
    """Rows that point at one row of another table, chosen from a list the declaration gives."""

    column: str = ""
    options_of: Callable[[], Iterable[tuple[str, Text]]] | None = None
    name_of: Callable[[str], str] | None = None
    suggest: str = ""

    @property
    def widget(self) -> str:  # type: ignore[override]
        return "select" if self.options_of else "suggest"

    def q(self, value: str, door: Door) -> Q:
        return Q(**{self.column or self.name: value})

    def reads(self, value: str) -> str:
        if self.name_of:
            return self.name_of(value)
        return str(dict(self.choices()).get(value, value))

    def choices(self) -> Iterable[tuple[str, Text]]:
        return self.options_of() if self.options_of else ()


@dataclass(frozen=True)
class Area(Filter):
    """Rows of a commune today, or of a former unit at the time; by the place the reader may know."""

    options_of: Callable[[], Iterable[tuple[str, Text]]] = tuple
    is_former: Callable[[str], bool] = staticmethod(lambda path: False)  # noqa: RUF009
    widget: ClassVar[str] = "select"

    def q(self, value: str, door: Door) -> Q:
        located = hasattr(door.model, "shown_area_path")
        if self.is_former(value):
            if not located:
                return Q(pk__in=[])
            then = Q(area_path_then=value) | Q(area_path_then__startswith=f"{value}/")
            return door.where(then, Q(disclosure=0) & then)
        return door.where(under(value), under(value, "shown_area_path")) if located else under(value)

    def reads(self, value: str) -> str:
        return str(dict(self.choices()).get(value, value))

    def choices(self) -> Iterable[tuple[str, Text]]:
        return self.options_of()

    def groups(self) -> Iterable[tuple[Text, Iterable[tuple[str, Text]]]]:
        now: list[tuple[str, Text]] = []
        former: list[tuple[str, Text]] = []
        for path, name in self.choices():
            (former if self.is_former(path) else now).append((path, name))
        return [(_("Hiện nay"), now), (_("Đơn vị cũ, tính theo nơi lúc ghi nhận"), former)]


@dataclass(frozen=True)
class Period(Filter):
    """Rows from a day to a day, written `2026-01-01..2026-12-31`; either end may be left open; `2026` is the year."""

    column: str = ""
    widget: ClassVar[str] = "period"

    def ends(self, value: str) -> tuple[date | None, date | None]:
        try:
            if value.isdigit() and len(value) == 4:
                return date(int(value), 1, 1), date(int(value), 12, 31)
            first, _dots, last = value.partition("..")
            return (
                date.fromisoformat(first) if first else None,
                date.fromisoformat(last) if last else None,
            )
        except ValueError as error:
            raise BadFilter(_("Khoảng thời gian viết như 2026-01-01..2026-12-31.")) from error

    def q(self, value: str, door: Door) -> Q:
        first, last = self.ends(value)
        column, q = self.column or self.name, Q()
        if first:
            q &= Q(**{f"{column}__gte": first})
        if last:
            q &= Q(**{f"{column}__lte": last})
        return q

    def reads(self, value: str) -> str:
        first, last = self.ends(value)
        if first and last:
            return _("từ %(a)s đến %(b)s") % {"a": as_text(first), "b": as_text(last)}
        return _("từ %(a)s") % {"a": as_text(first)} if first else _("đến %(b)s") % {"b": as_text(last)}


@dataclass(frozen=True)
class Search(Filter):
    """Rows whose folded text holds every word, with or without diacritics; a big register finds through another."""

    column: str = "search_text"
    find: Callable[[str], Q] | None = None
    widget: ClassVar[str] = "search"

    def q(self, value: str, door: Door) -> Q:
        if self.find is not None:
            return self.find(value)
        q = Q()
        for word in fold(value).split():
            q &= Q(**{f"{self.column}__contains": word})
        return q

    def reads(self, value: str) -> str:
        return f"“{value}”"


@dataclass(frozen=True)
class Flag(Filter):
    """Rows for which a stated test holds or not."""

    test: Q = Q()  # noqa: RUF009
    yes: Text = ""
    no: Text = ""
    widget: ClassVar[str] = "select"

    def q(self, value: str, door: Door) -> Q:
        if value not in {"1", "0"}:
            raise BadFilter(_("Chọn có hoặc không."))
        return self.test if value == "1" else ~self.test

    def reads(self, value: str) -> str:
        return str(self.yes if value == "1" else self.no)

    def choices(self) -> Iterable[tuple[str, Text]]:
        return [("1", self.yes), ("0", self.no)]
