"""How one file is to be read: which table goes where, what each column means, what makes a row the same row again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from baoton.kit.importing.target import TARGETS, Target

OURS = "Bảo Tồn"
"""The program that wrote a file of ours (`TablePlan.known`)."""
PROGRAM = "program"
"""Stands there for a table of which a program says what its rows are (`Suits.programs`)."""


@dataclass
class TablePlan:
    """The reading of one table; `target` is empty where the table is left out, and `why` says why.

    `known` names the program that wrote it; `left_out` are rows that are no data: column, values, reason.
    `unread` are columns that seem to hold a date or a place and are taken for nothing. `joins` says what a table
    without a target gives to the others: from its column `value`, by its column `by`, to their `term` and `to`.
    `spare` columns only fill the blanks of their terms, and are kept nowhere by themselves.
    `titled` are the constants that stand above the table, each term with the heading it has there.
    """

    table: str
    target: str = ""
    why: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    key: list[str] = field(default_factory=list)
    crs: str = ""
    date_order: str = ""
    short_years: str = ""
    extent: list[float] | None = None
    id_column: str | None = None
    core_id_column: str | None = None
    known: str = ""
    left_out: list[tuple[str, list[str], str]] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)
    joins: dict[str, str] = field(default_factory=dict)
    titled: dict[str, str] = field(default_factory=dict)
    spare: dict[str, str] = field(default_factory=dict)

    def terms(self) -> set[str]:
        return set(self.columns.values()) | set(self.constants)

    def key_space(self, plan: "Plan", target: Target, dataset_id: str | None) -> str:
        """Within what a source id is unique: the dataset, else the file's own code, else the register itself."""
        if target.dataset.held and dataset_id is not None:
            return dataset_id
        return plan.dataset if target.key.term else target.name


@dataclass
class Plan:
    """The reading of a whole file into one dataset; `overwrite` lets it win over hand edits.

    `recognise` takes a row without an id for the standing record of the same name, day and place. `accepted` are
    the questions that a person answered with "as it is" (see `questions`).
    """

    dataset: str = ""
    title: str = ""
    tables: list[TablePlan] = field(default_factory=list)
    overwrite: bool = False
    recognise: bool = False
    accepted: list[str] = field(default_factory=list)
    hint: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Plan":
        given = {f.name: data[f.name] for f in fields(cls) if f.name in data and f.name != "tables"}
        return cls(**given, tables=[TablePlan(**t) for t in data.get("tables", [])])

    def ordered(self) -> list[TablePlan]:
        """The tables in the order they must be read: what others point at comes first."""
        return sorted(self.tables, key=lambda t: TARGETS[t.target].suits.rank if t.target else 99)
