"""What stands in the calendar of one reader: terms, work, surveys, meetings, patrols, closed seasons, each through its
own door; and the days on which no office works."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, ForeignKey, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.kit.access import OF_ONE_BODY, Actor
from baoton.kit.place import Disclosure, Located
from baoton.kit.reading.asking import readable
from baoton.kit.reading.register import REGISTERS, Register
from baoton.kit.reading.waiting import waiting
from baoton.plan.queries import OPEN
from baoton.together.views import events
from rulebook import workdays
from rulebook.errors import NoCalendar

MOST = 1000
"""Rows of one book in one span."""


@dataclass(frozen=True)
class Dated:
    """A book whose rows stand in the calendar from one column's day to another's."""

    kind: str
    book: str
    first: str
    last: str = ""
    which: Q = Q()  # noqa: RUF009
    said: Callable[[Any], str] = str


SURVEY, SITE, PATROL, MEETING, SEASON = "survey", "site", "patrol", "meeting", "season"
WORK, CLOCK, JOINT = "work", "clock", "joint"
KINDS: dict[str, str | Promise] = {
    CLOCK: gettext_lazy("thời hạn theo luật"), WORK: gettext_lazy("việc đến hạn"), MEETING: gettext_lazy("cuộc họp"),
    SURVEY: gettext_lazy("chiến dịch điều tra"), SITE: gettext_lazy("điểm điều tra phải đi"),
    PATROL: gettext_lazy("tuần tra"), JOINT: gettext_lazy("phối hợp, tập huấn"),
    SEASON: gettext_lazy("kỳ cấm khai thác thuỷ sản"),
}  # fmt: skip
COLOURS = {CLOCK: "draft", WORK: "planned", MEETING: "check", SURVEY: "training", SITE: "training",
           PATROL: "done", JOINT: "done", SEASON: "draft"}  # fmt: skip
BOOKS = (
    Dated(MEETING, "plan.meeting", "day"),
    Dated(SURVEY, "surveys.campaign", "day_start", "day_end", ~Q(status="cancelled")),
    Dated(SITE, "surveys.site", "due", which=Q(status="planned", visited=0)),
    Dated(
        PATROL,
        "patrols.patrol",
        "day_start",
        "day_end",
        ~Q(status="cancelled"),
        lambda p: p.code or p.objective or "—",
    ),
    Dated(SEASON, "waters.season", "since", "until", said=lambda season: str(season.ground)),
)


@dataclass(frozen=True)
class Entry:
    """One thing of the calendar.

    `plain` are the words that may leave the system: they name no record of a guarded place and none of a book in which
    each record belongs to one body.
    """

    key: str
    kind: str
    first: date
    last: date
    words: str
    plain: str
    address: str
    late: bool = False

    @property
    def colour(self) -> str:
        return "late" if self.late else COLOURS[self.kind]


def entries(actor: Actor, first: date, last: date, today: date, all_work: bool = False) -> list[Entry]:
    """What falls between two days for this reader, earliest first; work of his own body alone unless all is asked."""
    told = [*_clocks(actor, first, last, today), *_work(actor, first, last, today, all_work)]
    for one in BOOKS:
        told += _dated(one, actor, first, last)
    for e in events(actor, first, last):
        told.append(
            Entry(f"joint-{e.address.strip('/').rpartition('/')[2]}", JOINT, e.first, e.last, e.words,
                  str(KINDS[JOINT]), e.address)
        )  # fmt: skip
    return sorted(told, key=lambda e: (e.first, list(KINDS).index(e.kind), e.words))


def crowded(found: Sequence[Entry]) -> list[str]:
    """The kinds of which there may be more than are told: those that reach the most of one book."""
    return [str(name) for kind, name in KINDS.items() if sum(e.kind == kind for e in found) >= MOST]


def _clocks(actor: Actor, first: date, last: date, today: date) -> Iterator[Entry]:
    for one in waiting(actor, last, today, MOST):
        due = one.clock.due
        if due is None or due < first:
            continue
        words = f"{one.record}: {one.clock.word}"
        plain = f"{one.register.one}: {one.clock.word}" if guarded(one.register, one.record) else words
        yield Entry(f"clock-{one.record.pk}", CLOCK, due, due, words, plain, one.address, one.late)


def _work(actor: Actor, first: date, last: date, today: date, all_work: bool) -> Iterator[Entry]:
    book = REGISTERS["plan.work"]
    own = getattr(actor, "organisation_id", "") or ""
    if not readable(book, actor) or not (own or all_work):
        return
    rows = book.door(actor).rows().filter(status__in=OPEN, due__range=(first, last))
    rows = rows if all_work else rows.filter(responsible=own)
    for one in rows.order_by("due", "id")[:MOST]:
        yield Entry(
            f"work-{one.pk}", WORK, one.due, one.due, str(one), str(one), book.url(one), one.due < today
        )


def _dated(one: Dated, actor: Actor, first: date, last: date) -> Iterator[Entry]:
    book = REGISTERS[one.book]
    if not readable(book, actor):
        return
    began, ended = one.first, one.last or one.first
    span = Q(**{f"{began}__lte": last}) & (
        Q(**{f"{ended}__gte": first}) | Q(**{f"{ended}__isnull": True, f"{began}__gte": first})
    )
    door = book.door(actor)
    asked = door.rows().filter(span & one.which)
    links = [f.name for f in _located_links(book)]
    rows = door.open(asked.select_related(*links) if links else asked)
    for record in rows.order_by(F(began), "id")[:MOST]:
        start = getattr(record, began)
        until = getattr(record, ended) or start
        kind = str(KINDS[one.kind])
        words = f"{kind[:1].upper()}{kind[1:]}: {one.said(record)}"
        plain = kind if guarded(book, record) else words
        yield Entry(f"{one.kind}-{record.pk}", one.kind, start, until, words, plain, book.url(record))


def _located_links(book: Register) -> list[Any]:
    fields = book.model._meta.concrete_fields
    return [
        f
        for f in fields
        if isinstance(f, ForeignKey)
        and isinstance(f.related_model, type)
        and issubclass(f.related_model, Located)
    ]


def guarded(book: Register, record: Any) -> bool:
    """Whether the record's words stay inside: a place of it or under it is guarded, or it belongs to one body."""
    if book.name in OF_ONE_BODY or getattr(record, "disclosure", Disclosure.AS_IS) != Disclosure.AS_IS:
        return True
    linked = (getattr(record, f.name) for f in _located_links(book))
    return any(one is not None and one.disclosure != Disclosure.AS_IS for one in linked)


@dataclass(frozen=True)
class Off:
    """The days off between two days by name, and what is not known of them, a sentence each."""

    names: dict[date, str]
    unknown: list[str]
    remembered: bool


def off(first: date, last: date) -> Off:
    """Holidays as the rulebook has them; a year that it does not have is said, never guessed."""
    names: dict[date, str] = {}
    unknown: list[str] = []
    remembered = False
    for year in range(first.year, last.year + 1):
        try:
            known = workdays.calendar(year)
        except NoCalendar as error:
            unknown.append(str(error))
            continue
        names |= {day: name for day, name in known.holidays.items() if first <= day <= last}
        remembered = remembered or known.certainty != "read"
        unknown += workdays.doubts(max(first, date(year, 1, 1)), min(last, date(year, 12, 31)))
    return Off(names, unknown, remembered)


def said_of(day: date, days_off: Off) -> str:
    """That a due day is no working day: its holiday, or the end of the week; empty where offices work or none knows."""
    try:
        works = workdays.is_working_day(day)
    except NoCalendar:
        return ""
    if works:
        return ""
    name = days_off.names.get(day)
    return _("rơi vào ngày nghỉ: %(name)s") % {"name": name} if name else _("rơi vào ngày cuối tuần")
