"""Links that apps above put beside a book or a record; the machine itself knows none of their pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from baoton.kit.access import Actor
from baoton.kit.kinds.words import Text
from baoton.kit.reading.register import Register


@dataclass(frozen=True)
class Beside:
    """A link's words and where it leads."""

    label: Text
    address: str


Lead = Callable[[Actor, Register, Any], Beside | None]
LEADS: list[Lead] = []


def beside(lead: Lead) -> Lead:
    """The lead is asked for every book (record None) and record; called in an app's `ready`."""
    if lead not in LEADS:
        LEADS.append(lead)
    return lead


def links(actor: Actor, register: Register, record: Any = None) -> list[Beside]:
    """What apps above offer beside this book or record."""
    return [told for lead in LEADS if (told := lead(actor, register, record)) is not None]
