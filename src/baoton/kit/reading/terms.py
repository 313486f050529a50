"""The running clocks of a book's records on its pages: a field, a filter and an order that come with the clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from django.db.models import DateField, F, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.kit.kinds.base import Kind
from baoton.kit.kinds.words import Text, as_text
from baoton.kit.models import Clock
from baoton.kit.reading.door import Door
from baoton.kit.reading.filters import BadFilter, Filter
from baoton.kit.writing import clock

SOON = 14
NEVER = date(9999, 12, 31)
FIELD = "clock"
_COLUMNS = ("id", "name", "days", "used", "since", "paused", "stopped", "due", "note")


def with_clock(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """The rows with `door_clock`, the open clock that falls due first, and `door_due`, its day."""
    first = _open(rows.model).order_by(F("due").asc(nulls_last=True), "pk")
    told = JSONObject(**{c: c for c in _COLUMNS})
    return rows.annotate(
        door_clock=Subquery(first.values(told=told)[:1]),
        door_due=Subquery(first.values("due")[:1], output_field=DateField()),
    )


def by_due(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """The rows in the order in which they fall due; those without a day come last."""
    due = Subquery(_open(rows.model).order_by("due").values("due")[:1], output_field=DateField())
    return rows.annotate(door_sort=Coalesce(due, Value(NEVER))).order_by("door_sort", "id")


def _open(model: type[Model]) -> "QuerySet[Clock]":
    return Clock.objects.filter(register=model._meta.label_lower, record=OuterRef("pk"), stopped__isnull=True)


def words(one: Clock, on: date) -> str:
    """How a clock stands on a day, as the office says it."""
    left = clock.left(one, on)
    if one.stopped is not None:
        return _("xong %(day)s, dùng %(used)d/%(days)d ngày làm việc") % {
            "day": as_text(one.stopped), "used": one.used, "days": one.days,
        }  # fmt: skip
    if left.paused:
        rest = _("tạm dừng từ %(day)s, còn %(n)d ngày làm việc") % {
            "day": as_text(one.paused), "n": left.days or 0,
        }  # fmt: skip
        return f"{rest}: {one.note}" if one.note else rest
    if left.days is None:
        return _("%(n)d ngày làm việc; chưa có lịch nghỉ của năm để tính hạn") % {"n": one.days}
    if left.days < 0:
        return _("quá hạn %(n)d ngày làm việc") % {"n": -left.days}
    return _("đến hạn hôm nay") if not left.days else _("còn %(n)d ngày làm việc") % {"n": left.days}


def late(one: Clock, on: date) -> bool:
    return one.stopped is None and one.due is not None and one.due < on


def of_record(record: Any) -> list[tuple[Clock, str, bool]]:
    """Every clock of a record with how it stands today and whether it is late; the open ones first."""
    today = timezone.localdate()
    rows = clock.of_record(record.pk).order_by(F("stopped").desc(nulls_first=True), "-began", "-pk")
    return [(one, words(one, today), late(one, today)) for one in rows]


def of_row(record: Any) -> Clock | None:
    """The clock that came with a row of `with_clock`."""
    told = getattr(record, "door_clock", None)
    if not told:
        return None
    days = {
        c: told[c] and date.fromisoformat(str(told[c])[:10]) for c in ("since", "paused", "stopped", "due")
    }
    return Clock(**{**told, **days})


@dataclass(frozen=True, eq=False)
class Term(Kind):
    """What is due on the record: a book whose verbs start a clock has it without a word."""

    word: ClassVar[str] = "day"

    @property
    def heading(self) -> Text:
        return gettext_lazy("thời hạn")

    path = ""  # only the record as an object tells it

    def value(self, record: Any) -> date | None:
        """The day it falls due; nothing while the clock is paused, stopped or not to be told."""
        found: date | None = getattr(record, "door_due", None)
        return found

    def text(self, record: Any) -> str:
        one = of_row(record)
        return "" if one is None else f"{one.name}: {words(one, timezone.localdate())}"

    def style(self, record: Any) -> str:
        one = of_row(record)
        return "tag late" if one is not None and late(one, timezone.localdate()) else ""

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True)
class Due(Filter):
    """Records whose clock is late, falls due soon, is paused or runs."""

    widget: ClassVar[str] = "select"

    def q(self, value: str, door: Door) -> Q:
        today = timezone.localdate()
        tests = {
            "late": Q(due__lt=today),
            "soon": Q(due__range=(today, today + timedelta(days=SOON))),
            "paused": Q(paused__isnull=False),
            "open": Q(),
        }
        if value not in tests:
            raise BadFilter(_("“%(value)s” không có trong danh sách.") % {"value": value})
        book = door.model._meta.label_lower
        open_ = Clock.objects.filter(tests[value], register=book, stopped__isnull=True)
        return Q(pk__in=open_.values("record"))

    def reads(self, value: str, door: Door) -> str:
        return str(dict(self.choices(door)).get(value, value))

    def choices(self, door: Door) -> Iterable[tuple[str, Text]]:
        soon = _("đến hạn trong %(n)d ngày") % {"n": SOON}
        return [("late", _("quá hạn")), ("soon", soon), ("paused", _("tạm dừng")), ("open", _("đang tính"))]
