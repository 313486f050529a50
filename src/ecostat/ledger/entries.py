"""The lines of a breeding ledger."""

import datetime
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from ecostat import gates
from ecostat.errors import EcostatError
from ecostat.gates.numbers import is_missing

MANY = 100_000  # animals, as many as any one line could move

Kind = Literal["opening", "in", "birth", "out", "death", "count"]
_KINDS: Final = ("opening", "in", "birth", "out", "death", "count")


@dataclass(frozen=True)
class Entry:
    """One line: so many animals came, were born, left, died or were counted in a month.

    `month`: a date, or months from any start; `number` None where it cannot be read; `sex` and `age_months`
    None where the ledger does not say; `note` is kept as it came.
    """

    month: int | datetime.date | np.datetime64
    kind: Kind
    number: int | None
    sex: Literal["f", "m"] | None = None
    age_months: float | None = None
    note: str = ""

    def __post_init__(self) -> None:
        gates.choice("kind", self.kind, _KINDS)
        if self.number is not None:
            gates.keep(self, number=gates.whole("number", self.number, low=0, high=MANY))
        gates.choice("sex", self.sex, (None, "f", "m"))
        if self.age_months is not None:
            gates.keep(self, age_months=gates.number("age_months", self.age_months, low=0))
        if not isinstance(self.month, np.datetime64 | datetime.date):
            month = gates.whole(
                "month", self.month, low=-60_000, high=60_000
            )  # 202601 is no number of months
            gates.keep(self, month=month)
        elif is_missing(self.month):
            raise EcostatError("month: a ledger line has no date")

    @property
    def at(self) -> int:
        """The month as a whole number."""
        if isinstance(self.month, np.datetime64):
            return int(self.month.astype("datetime64[M]").astype(int))
        if isinstance(self.month, datetime.date):
            return (self.month.year - 1970) * 12 + self.month.month - 1
        return int(self.month)

    @property
    def spoken(self) -> str:
        """The month as a person reads it."""
        if isinstance(self.month, np.datetime64 | datetime.date):
            return f"{1970 + self.at // 12}-{self.at % 12 + 1:02d}"
        return f"month {self.at}"
