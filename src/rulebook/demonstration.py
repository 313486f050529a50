"""The invented people and work with which a province's programme is shown; none of it is a fact."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from rulebook.errors import UnknownName
from rulebook.reading import folder, read_yaml


@dataclass(frozen=True, slots=True)
class Member:
    """One account of the demonstration: who, of which body, in which role, over which area path."""

    username: str
    family: str
    given: str
    body: str
    title: str
    role: str
    area: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of work: the task of the plan it serves, who does it, what must be shown when it is done."""

    task: int
    title: str
    body: str
    shows: str


@dataclass(frozen=True, slots=True)
class Beside:
    """An invented plan beside the programme's own: its words, its annex, what its tasks are about, work on them."""

    text: str
    annex: tuple[tuple[str, ...], ...]
    topics: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Demonstration:
    """The year is drawn with this seed up to the day `until`."""

    until: date
    seed: int
    cast: tuple[Member, ...]
    steps: tuple[Step, ...]
    beside: Beside | None = None


@cache
def load_demonstration(province: str) -> Demonstration:
    """The demonstration kept in `vn/<province>/demonstration.yaml`; one without a cast where the province has none."""
    file = folder("vn", province, "demonstration.yaml")
    if not province.isidentifier() or not folder("vn", province, "province.yaml").is_file():
        raise UnknownName(f"Bộ quy định không có tỉnh “{province}”.")
    if not file.is_file():
        return Demonstration(date(2026, 1, 1), 0, (), ())
    told = read_yaml(file)
    return Demonstration(
        told["until"],
        told["seed"],
        tuple(Member(**one) for one in told["cast"]),
        tuple(Step(**one) for one in told["steps"]),
        _beside(told["beside"]) if told.get("beside") else None,
    )


def _beside(told: dict[str, Any]) -> Beside:
    annex = tuple(tuple(row) for row in told["annex"])
    return Beside(told["text"], annex, tuple(told["topics"]), tuple(Step(**one) for one in told["steps"]))
