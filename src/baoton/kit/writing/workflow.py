"""States and the verbs that lead from one to the next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from baoton.kit.record import Record


@dataclass(frozen=True)
class Step:
    """From a state, by a verb, to a state; the guard returns the reason why not, or an empty text."""

    source: str
    verb: str
    target: str
    guard: Callable[[Any], str] | None = None


class NotNow(ValueError):
    """The verb does not lead on from the present state; the message says which states it leaves from."""


@dataclass(frozen=True)
class Workflow:
    """The whole table of one record's states, kept in the column `column`."""

    steps: Sequence[Step]
    column: str = "status"

    def open_verbs(self, record: Record) -> list[str]:
        """The verbs that lead on from where the record stands, guards considered."""
        here = getattr(record, self.column)
        return [s.verb for s in self.steps if s.source == here and not (s.guard and s.guard(record))]

    def move(self, record: Record, verb: str) -> None:
        """The record stands in the state the verb leads to, or `NotNow` says why it cannot."""
        here = getattr(record, self.column)
        for step in self.steps:
            if step.source == here and step.verb == verb:
                reason = step.guard(record) if step.guard else ""
                if reason:
                    raise NotNow(reason)
                setattr(record, self.column, step.target)
                return
        allowed = ", ".join(sorted({s.source for s in self.steps if s.verb == verb}))
        raise NotNow(
            _("Đang ở trạng thái “%(here)s”; việc này chỉ làm được từ: %(allowed)s.")
            % {"here": here, "allowed": allowed}
        )
