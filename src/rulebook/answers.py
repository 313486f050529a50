"""What a legal status is made of: the entries that speak of a taxon and the one that decides."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from rulebook.certainty import Certainty
from rulebook.lists import Entry, ListInfo
from rulebook.matching import How

Origin = Literal["wild", "propagated"]


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that names the taxon; `set_aside` says why it does not count, empty when it does."""

    entry: Entry
    info: ListInfo
    name: str
    how: How
    certainty: Certainty
    why: str
    set_aside: str

    @property
    def instrument(self) -> str:
        """The legal instrument the entry was read in."""
        return self.entry.list

    @property
    def group(self) -> str:
        """The code of the group: priority, IA, IB, IIA, IIB, I, II or invasive."""
        return self.entry.group


@dataclass(frozen=True, slots=True)
class LegalStatus:
    """What the lists say of a taxon, true for every day from `start` to `end`."""

    names: tuple[str, ...]
    origin: Origin | None
    purpose: str | None
    place: str
    start: date | None
    end: date | None
    hits: tuple[Hit, ...]
    deciding: Hit | None
    certainty: Certainty
    sentence: str
    sentence_en: str
    gaps: tuple[str, ...]
    """What the rulebook does not hold and which could change the answer, in Vietnamese."""
    consequence: str | None
    """What the purpose meets in the group, an indication for a person to decide; None when none is known."""

    @property
    def group(self) -> str | None:
        """The group that decides; None when no list names the taxon."""
        return self.deciding.group if self.deciding else None

    @property
    def listed(self) -> bool:
        """True when an entry decides. False is not a verdict of safety: see `certainty` and `gaps`."""
        return self.deciding is not None

    @property
    def verified(self) -> bool:
        """True when the answer may be stated as the law."""
        return self.certainty == "read"

    @property
    def groups(self) -> tuple[str, ...]:
        """Every group that holds, strictest first, each once."""
        return tuple(dict.fromkeys(h.group for h in self.hits if not h.set_aside))
