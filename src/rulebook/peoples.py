"""The peoples of the country as the State's own list names them: what a language may be called on a form."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from rulebook.certainty import Certainty, certainty
from rulebook.dated import Period
from rulebook.reading import folder, read_csv

MAJORITY = "01"


@dataclass(frozen=True, slots=True)
class People:
    """One people of the list: its code there, its name, other spellings of it, and when the row holds."""

    code: str
    name: str
    also: tuple[str, ...]
    period: Period
    source: str
    certainty: Certainty

    @property
    def minority(self) -> bool:
        """Whether its language is an ethnic one: any but that of the majority."""
        return self.code != MAJORITY


@cache
def _rows() -> tuple[People, ...]:
    return tuple(
        People(
            row["code"],
            row["name"],
            tuple(filter(None, row["also"].split(";"))),
            Period.of(row["from"], row["to"]),
            row["source"],
            certainty(row["certainty"]),
        )
        for row in read_csv(folder("vn", "peoples.csv"))
    )


def peoples(on: date) -> tuple[People, ...]:
    """The peoples that the list names on a day, in its order."""
    return tuple(one for one in _rows() if one.period.holds(on))
