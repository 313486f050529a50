"""The lines of a breeding ledger."""

import datetime
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from ecostat.errors import EcostatError

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
        if self.kind not in _KINDS:
            raise EcostatError(f"a ledger line is one of {', '.join(_KINDS)}, not {self.kind!r}")
        if self.number is not None and (self.number < 0 or self.number != int(self.number)):
            raise EcostatError(f"a ledger counts whole animals, not {self.number}")
        if self.sex not in (None, "f", "m"):
            raise EcostatError(f'sex is "f", "m" or None, not {self.sex!r}')
        if self.age_months is not None and not self.age_months >= 0:
            raise EcostatError(f"an age cannot be {self.age_months} months")

    @property
    def at(self) -> int:
        """The month as a whole number."""
        if isinstance(self.month, np.datetime64):
            if np.isnat(self.month):
                raise EcostatError("a ledger line has no date")
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
