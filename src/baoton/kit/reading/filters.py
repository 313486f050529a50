"""The filters a register declares; each reads as part of a sentence and is served by an index."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Protocol
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.kit.access import in_area, under
from baoton.kit.cells import LEVEL, cover
from baoton.kit.kinds.words import Text, as_text
from baoton.kit.reading import periods
from baoton.kit.reading.door import Door
from baoton.kit.record import Record
from baoton.kit.text import fold

MOST_WORDS, LONGEST_SEARCH = 20, 300


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

    def reads(self, value: str, door: Door) -> str:
        """The value as the sentence says it to this reader."""
        return value

    def choices(self, door: Door) -> Iterable[tuple[str, Text]]:
        """The values a reader may choose from; none where it is typed."""
        return ()

    def groups(self, door: Door) -> Iterable[tuple[Text, Iterable[tuple[str, Text]]]]:
        """The choices under headings; an empty heading is none."""
        return [("", self.choices(door))]


@dataclass(frozen=True)
class Choice(Filter):
    """One of few values of a column; `options` are pairs, or a function that reads them."""

    options: Sequence[tuple[Any, Text]] | Callable[[], Iterable[tuple[Any, Text]]] = ()
    column: str = ""
    widget: ClassVar[str] = "select"

    def known(self) -> dict[str, tuple[Any, Text]]:
        found = self.options() if callable(self.options) else self.options
        return {str(v): (v, label) for v, label in found}

    def q(self, value: str, door: Door) -> Q:
        known = self.known()
        if value not in known:
            raise BadFilter(_("“%(value)s” không có trong danh sách.") % {"value": value})
        return Q(**{self.column or self.name: known[value][0]})

    def reads(self, value: str, door: Door) -> str:
        return str(self.known().get(value, (value, value))[1])

    def choices(self, door: Door) -> Iterable[tuple[str, Text]]:
        return [(key, label) for key, (_value, label) in self.known().items()]


class Linked(Protocol):
    """What a filter asks of a link: the rows a reader may link to, as he may know them."""

    @property
    def book(self) -> Any: ...

    def shown(self, actor: Any) -> Any: ...


@dataclass(frozen=True)
class Related(Filter):
    """Rows that point at one row of another book; a row that the reader may not see is never named.

    `options_of` lists the rows where another table than a book holds them; `suggest` is the address of a
    type-ahead list.
    """

    column: str = ""
    options_of: Callable[[], Iterable[tuple[str, Text]]] | None = None
    link: Linked | None = None
    suggest: str = ""

    MANY: ClassVar[int] = 300

    @property
    def widget(self) -> str:  # type: ignore[override]
        return "suggest" if self.suggest else "select"

    def q(self, value: str, door: Door) -> Q:
        if self.link is None:
            return Q(**{self.column or self.name: value})
        try:
            key = UUID(value)
        except ValueError as error:
            raise BadFilter(_("“%(value)s” không phải mã của một bản ghi.") % {"value": value}) from error
        return Q(**{self.column or self.name: key})

    def reads(self, value: str, door: Door) -> str:
        if self.link is None:
            return str(dict(self.choices(door)).get(value, value))
        try:
            found = self.link.shown(door.actor).filter(pk=UUID(value)).first()
        except ValueError:
            return value
        return value if found is None else str(found)

    def choices(self, door: Door) -> Iterable[tuple[str, Text]]:
        if self.options_of is not None:
            return self.options_of()
        if self.link is None or self.suggest:
            return ()
        rows = self.link.shown(door.actor)
        if len(rows.order_by().values_list("pk", flat=True)[: self.MANY + 1]) > self.MANY:
            return ()  # nobody chooses from so many: the page of each leads to the list with it chosen
        return [(str(r.pk), str(r)) for r in self.link.book.joined(rows)]


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
        if not located:
            return under(value)
        return door.where(in_area(value, door.model), in_area(value, door.model, "shown_area_path"))

    def reads(self, value: str, door: Door) -> str:
        return str(dict(self.choices(door)).get(value, value))

    def choices(self, door: Door) -> Iterable[tuple[str, Text]]:
        return self.options_of()

    def groups(self, door: Door) -> Iterable[tuple[Text, Iterable[tuple[str, Text]]]]:
        now: list[tuple[str, Text]] = []
        former: list[tuple[str, Text]] = []
        for path, name in self.choices(door):
            (former if self.is_former(path) else now).append((path, name))
        return [(_("Hiện nay"), now), (_("Đơn vị cũ, tính theo nơi lúc ghi nhận"), former)]


@dataclass(frozen=True)
class Period(Filter):
    """Rows from a day to a day, as people write it (`11/2026`, `quý 3`) or machines (`2026-01-01..2026-06-30`)."""

    column: str = ""
    widget: ClassVar[str] = "period"

    def ends(self, value: str) -> tuple[date | None, date | None]:
        try:
            return periods.read(value, timezone.localdate())
        except (ValueError, OverflowError) as error:
            told = _(
                "Không hiểu “%(value)s”. Viết như 2026, 11/2026, quý 3/2026, 01/11–15/11/2026 hoặc tháng trước."
            )
            raise BadFilter(told % {"value": value[:60]}) from error

    def q(self, value: str, door: Door) -> Q:
        first, last = self.ends(value)
        column, q = self.column or self.name, Q()
        ordinal = door.model.ordinals.get(column) if issubclass(door.model, Record) else None
        for day, test in ((first, "gte"), (last, "lte")):
            if day:
                q &= Q(**{f"{column}__{test}": day})
            if day and ordinal:  # the same again, by the column that has the index
                q &= Q(**{f"{ordinal}__{test}": day.toordinal()})
        return q

    def reads(self, value: str, door: Door) -> str:
        first, last = self.ends(value)
        if first and last:
            return _("từ %(a)s đến %(b)s") % {"a": as_text(first), "b": as_text(last)}
        return _("từ %(a)s") % {"a": as_text(first)} if first else _("đến %(b)s") % {"b": as_text(last)}


def near_box(door: Door, west: float, south: float, east: float, north: float) -> Q:
    """What an index of cells tells of the located rows in a box: all of them and some more.

    Lines and polygons stand at other levels of the key than points and are all let pass. The ranges are few: a
    database would rather read the whole table than very many.
    """
    q = Q(cell__lt=LEVEL << 46)
    for span in cover(west, south, east, north, most=6):
        q |= Q() if door.none_precise else Q(cell__range=span)
        q |= Q() if door.all_precise else Q(shown_cell__range=span)
    return q


@dataclass(frozen=True)
class Box(Filter):
    """Rows in a frame drawn on the map, west, south, east, north in degrees; by the place the reader may know."""

    widget: ClassVar[str] = "kept"

    def sides(self, value: str) -> tuple[float, float, float, float]:
        try:
            west, south, east, north = (float(v) for v in value.split(","))
        except ValueError as error:
            raise BadFilter(_("Khung trên bản đồ hỏng; vẽ lại khung.")) from error
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise BadFilter(_("Khung trên bản đồ hỏng; vẽ lại khung."))
        return west, south, east, north

    def q(self, value: str, door: Door) -> Q:
        west, south, east, north = self.sides(value)
        true = Q(min_x__lte=east, max_x__gte=west, min_y__lte=north, max_y__gte=south)
        shown = Q(shown_x__gte=west, shown_x__lte=east, shown_y__gte=south, shown_y__lte=north)
        exactly = door.where(true, (Q(disclosure=0) & true) | (Q(disclosure__gt=0) & shown))
        return near_box(door, west, south, east, north) & exactly

    def reads(self, value: str, door: Door) -> str:
        west, south, east, north = self.sides(value)
        return f"{south:.3f}–{north:.3f}, {west:.3f}–{east:.3f}"


@dataclass(frozen=True)
class Search(Filter):
    """Rows whose folded text holds every word, with or without diacritics; a big register finds through another."""

    column: str = "search_text"
    find: Callable[[str], Q] | None = None
    widget: ClassVar[str] = "search"

    def q(self, value: str, door: Door) -> Q:
        words = fold(value).split()
        if len(words) > MOST_WORDS or len(value) > LONGEST_SEARCH:
            raise BadFilter(_("Tìm nhiều nhất %(n)d từ; rút ngắn rồi tìm lại.") % {"n": MOST_WORDS})
        if self.find is not None:
            return self.find(value)
        q = Q()
        for word in words:
            q &= Q(**{f"{self.column}__contains": word})
        return q

    def reads(self, value: str, door: Door) -> str:
        return f"“{value}”"


def negated(test: Q) -> Q:
    """The rows that the test does not hold for; whether a column is empty is said so that an index answers."""
    child = test.children[0] if len(test.children) == 1 and not test.negated else None
    if isinstance(child, tuple) and child[0].endswith("__isnull"):
        return Q(**{child[0]: not child[1]})
    return ~test


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
        return self.test if value == "1" else negated(self.test)

    def reads(self, value: str, door: Door) -> str:
        return str(self.yes if value == "1" else self.no)

    def choices(self, door: Door) -> Iterable[tuple[str, Text]]:
        return [("1", self.yes), ("0", self.no)]


@dataclass(frozen=True)
class Standing(Period):
    """Rows that stood at the end of a day or a period: begun by then, and not yet ended."""

    until: str = ""

    def q(self, value: str, door: Door) -> Q:
        last = self.ends(value)[1] or timezone.localdate()
        ended = Q(**{f"{self.until}__isnull": True}) | Q(**{f"{self.until}__gt": last})
        return Q(**{f"{self.column}__lte": last}) & ended

    def reads(self, value: str, door: Door) -> str:
        return as_text(self.ends(value)[1] or timezone.localdate())


@dataclass(frozen=True)
class Held(Filter):
    """Rows that have a file, or have none, as the reader may know: of a guarded record it is not told."""

    column: str = ""
    widget: ClassVar[str] = "select"

    def q(self, value: str, door: Door) -> Q:
        if value not in {"1", "0"}:
            raise BadFilter(_("Chọn có hoặc không."))
        has = Q(**{f"{self.column}__isnull": False})
        if hasattr(door.model, "shown_area_path"):
            has = door.where(has, Q(disclosure=0) & has)
        return has if value == "1" else ~has

    def reads(self, value: str, door: Door) -> str:
        return str(dict(self.choices(door)).get(value, value))

    def choices(self, door: Door) -> Iterable[tuple[str, Text]]:
        return [("1", _("có tệp")), ("0", _("chưa có tệp"))]
