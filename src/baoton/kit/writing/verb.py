"""A verb: what may be done to a record, spelt the same in the register, in the table of roles and in the audit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from baoton.kit.access import Actor
from baoton.kit.kinds.base import Kind
from baoton.kit.writing import clock
from baoton.kit.writing.refusal import NotNow
from baoton.kit.writing.serial import Serial

Text = str | Promise
Do = Callable[[Actor, Any, Mapping[str, Any]], None]


@dataclass(frozen=True)
class Action:
    """A right somebody may hold, as the one table of roles and the audit log spell it."""

    verb: str
    label: Text


ACTIONS: dict[str, Action] = {}


def declare(verb: str, label: Text) -> Action:
    """The verb is known to the table of roles; declaring it twice with another word is a programmer's error."""
    known = ACTIONS.get(verb)
    if known is not None and str(known.label) != str(label):
        raise ValueError(f"verb {verb} is declared twice")
    ACTIONS[verb] = Action(verb, label)
    return ACTIONS[verb]


class Issued(Protocol):
    """A document that can be issued for a record (`kit.paper.Paper`)."""

    def issue(self, record: Any, number: str, on: Any) -> str: ...


@dataclass(frozen=True)
class Timer:
    """A clock that a verb starts: its name and how many working days, fixed or told by the record and the day.

    Where the record tells None, no law gives a term and no clock runs.
    """

    name: str
    days: int | Callable[[Any, date], int | None]

    def start(self, register: str, record: Any, on: date) -> None:
        days = self.days(record, on) if callable(self.days) else self.days
        if days is None:
            return
        clock.start(register, record, self.name, days, on)


@dataclass(frozen=True, eq=False)
class Verb:
    """One verb of a register.

    `path` leads from states to a state (`{"planned": "doing"}`; empty where the verb moves nothing). `asks` are
    the answers it wants, as kinds: one named after a column of the record fills it, `reason` goes into the
    audit, any other reaches `do`, which does the rest of the work on the locked record. `guard` says in a
    sentence why it cannot be done yet, or an empty text. `alike` says it may run on a selection at once, and
    `singly` why a record may not be among others there, or an empty text; `quick` are answers that a desk offers on
    a key. One that `takes_back` is offered at a desk for the record judged just before.
    `starts`, `pauses`, `resumes` and `stops` name clocks; `number` is the series from which the record takes
    a number, kept in its column `number` where it has one; `paper` is the document it issues, kept for good
    under the hash that stands in the record's column `paper`. `done` says what happened, without its full stop,
    where “đã” before the label would not, or what of the record says it.
    """

    name: str
    label: Text
    path: Mapping[str, str] = field(default_factory=dict)
    asks: Sequence[Kind] = ()
    do: Do | None = None
    guard: Callable[[Any], Text] | None = None
    alike: bool = False
    singly: Callable[[Any], Text] | None = None
    quick: Callable[[Any], Sequence[Mapping[str, Text]]] | None = None
    danger: bool = False
    takes_back: bool = False
    state: str = "status"
    starts: Timer | None = None
    pauses: str = ""
    resumes: str = ""
    stops: str = ""
    number: Serial | None = None
    paper: Issued | None = None
    done: Text | Callable[[Any], Text] = ""

    def said(self, record: Any) -> str:
        """What happened, for the message after it: its own sentence, else the verb with “đã” before it."""
        done = self.done(record) if callable(self.done) else self.done
        return f"{done}." if done else _("Đã %(what)s.") % {"what": self.label}

    def open(self, record: Any) -> bool:
        """Whether the path leads on from where the record stands and nothing guards it."""
        if self.path and getattr(record, self.state) not in self.path:
            return False
        return not (self.guard and self.guard(record))

    def run(self, actor: Actor, record: Any, answers: Mapping[str, Any]) -> None:
        """The record has moved along the path and carries the answers; `NotNow` or `ValidationError` say why not."""
        if self.path and getattr(record, self.state) not in self.path:
            raise NotNow(self._from_where(record))
        if self.guard and (why := self.guard(record)):
            raise NotNow(str(why))
        columns = {f.name for f in record._meta.concrete_fields}
        for kind in self.asks:
            value = answers.get(kind.name)
            if value in (None, "") and kind.required:
                raise ValidationError({kind.name: _("Cần ghi “%(what)s”.") % {"what": kind.heading}})
            if kind.name in columns and value not in (None, ""):
                kind.bound(type(record)).put(record, value)  # a link fills the column of its key
        if self.path:
            setattr(record, self.state, self.path[getattr(record, self.state)])
        if self.do is not None:
            self.do(actor, record, answers)
        self._clocks(record, answers.get("on") or timezone.localdate(), str(answers.get("reason") or ""))
        if self.number is not None:
            taken = self.number.take(record.organisation, timezone.localdate().year, _book(record), record.pk)
            if "number" in columns:
                record.number = taken.text
        if self.paper is not None:
            record.paper = self.paper.issue(record, getattr(record, "number", ""), timezone.localdate())

    def _clocks(self, record: Any, on: date, note: str) -> None:
        if self.stops and clock.opened(record.pk, self.stops):
            clock.stop(record, self.stops, on)
        if self.pauses and clock.opened(record.pk, self.pauses):
            clock.pause(record, self.pauses, on, note)
        if self.resumes and clock.opened(record.pk, self.resumes):
            clock.resume(record, self.resumes, on)
        if self.starts is not None:
            self.starts.start(_book(record), record, on)

    def _from_where(self, record: Any) -> str:
        states = dict(record._meta.get_field(self.state).flatchoices)
        here = getattr(record, self.state)
        allowed = ", ".join(f"“{states.get(s, s)}”" for s in self.path)
        told = _("Đang ở trạng thái “%(here)s”; việc này chỉ làm được từ: %(allowed)s.")
        return told % {"here": states.get(here, here), "allowed": allowed}


def _book(record: Any) -> str:
    return str(record._meta.label_lower)
