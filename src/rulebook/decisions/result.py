"""What the tables say of a case: an indication with its reasons, never a decision."""

from dataclasses import dataclass
from datetime import date

from rulebook.certainty import Certainty, weakest
from rulebook.decisions.facts import Facts
from rulebook.decisions.judging import Missing
from rulebook.decisions.tables import Row, Table


@dataclass(frozen=True, slots=True)
class Fired:
    """A row that holds. `fine` is for this offender, in đồng; None when the row sets none or it is not known."""

    row: Row
    table: Table
    fine: tuple[int, int] | None
    additional: tuple[str, ...]
    remedies: tuple[str, ...]
    used: tuple[str, ...]
    items: tuple[int, ...]
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Open:
    """Rows of a table that could not be judged for the same reason: facts missing, or law not read.

    `table` is None where a missing fact keeps every table from being asked.
    """

    table: Table | None
    rows: tuple[Row, ...]
    missing: tuple[Missing, ...]
    unread: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The law of the day of the act beside that of the day of decision. `milder` is None when it cannot be told."""

    old: Table
    old_fine: tuple[int, int] | None
    new: tuple[Table, ...]
    new_rows: tuple[Fired, ...]
    new_fine: tuple[int, int] | None
    milder: str | None
    """`old`, `new` or `equal`."""
    why: str


@dataclass(frozen=True, slots=True)
class Limitation:
    """The last day a fine may be decided; `expired` is None when that cannot be said, and `why` says why."""

    until: date | None
    expired: bool | None
    why: str
    basis: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Office:
    """Whether an office may fine and seize this much; None when that cannot be said."""

    office: str
    may_fine: bool | None
    may_seize: bool | None
    fine_limit: int | None
    seizure_limit: int | None
    """None is without limit."""
    basis: str
    certainty: Certainty

    @property
    def competent(self) -> bool | None:
        """True when both lie in its power, False when one does not, None when it cannot be said."""
        both = (self.may_fine, self.may_seize)
        return False if False in both else None if None in both else True


@dataclass(frozen=True, slots=True)
class Hearing:
    """Whether the offender may ask to be heard; None when it cannot be said."""

    due: bool | None
    why: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Decision:
    """The indication for one case. Rows are told heaviest first; what could not be judged is in `open`."""

    facts: Facts
    administrative: tuple[Fired, ...]
    criminal: tuple[Fired, ...]
    circumstances: tuple[Fired, ...]
    open: tuple[Open, ...]
    gaps: tuple[str, ...]
    comparisons: tuple[Comparison, ...]
    limitation: Limitation | None
    offices: tuple[Office, ...]
    hearing: Hearing | None

    @property
    def rows(self) -> tuple[str, ...]:
        """The names of the rows that hold."""
        return tuple(f.row.id for f in (*self.administrative, *self.criminal, *self.circumstances))

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Every fact that would let another row be judged, each once."""
        return tuple(dict.fromkeys(m for one in self.open for m in one.missing))

    @property
    def unread(self) -> tuple[str, ...]:
        """What of the law was not read and touches this case."""
        return tuple(dict.fromkeys(one.unread for one in self.open if one.unread))

    @property
    def heaviest(self) -> dict[str, Fired]:
        """For each article the row that weighs most: items of several groups meet several rows of it."""
        found: dict[str, Fired] = {}
        for one in (*self.criminal, *self.administrative):
            found.setdefault(one.table.id, one)
        return found

    @property
    def paragraph(self) -> dict[str, int]:
        """The highest paragraph met of each article of the Penal Code."""
        return {f.table.id: f.row.paragraph for f in reversed(self.criminal) if f.row.paragraph is not None}

    @property
    def certainty(self) -> Certainty:
        """As sure as the least sure row that holds."""
        return weakest(f.certainty for f in (*self.administrative, *self.criminal))

    @property
    def verified(self) -> bool:
        """True when every row that holds was read in the text and nothing is left open."""
        return self.certainty == "read" and not self.open and not self.gaps
