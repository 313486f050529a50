"""The legal lists, one entry per name as printed, and what is known of each list as a whole."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from rulebook.certainty import Certainty, certainty
from rulebook.dated import Period
from rulebook.errors import BadData
from rulebook.reading import entries, folder, read_csv, read_yaml

System = Literal["priority", "forest", "aquatic", "invasive"]
Condition = Literal["", "wild", "propagated"]
RANKS = ("species", "subspecies", "variety", "genus", "family", "order", "breed", "virus")


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of one list, under one group and condition."""

    list: str
    annex: str
    number: str
    name_as_printed: str
    also_printed: tuple[str, ...]
    scientific_name: str
    vietnamese_name: str
    rank: str
    group: str
    condition: str
    excepted: tuple[str, ...]
    period: Period
    source: str
    certainty: Certainty
    note: str

    @property
    def names(self) -> tuple[str, ...]:
        """Every scientific name the entry was printed with."""
        return (self.scientific_name, *self.also_printed)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of protection; a smaller level is stricter."""

    code: str
    level: int
    system: System
    vi: str
    en: str
    short: str


@dataclass(frozen=True, slots=True)
class ListInfo:
    """A list as a whole: when it is the law in force and what about it is not known."""

    id: str
    system: System
    title: str
    period: Period
    dates_certainty: Certainty
    complete: bool
    carried_on: str
    why: str
    missing: str
    place: str
    order: int

    def answers(self, day: date) -> bool:
        """True while in force, and afterwards when nothing newer could be read."""
        return self.period.holds(day) or self.carried(day)

    def carried(self, day: date) -> bool:
        """True when the list answers in place of a successor that could not be read."""
        return bool(self.carried_on) and self.period.end is not None and day > self.period.end


@dataclass(frozen=True, slots=True)
class NotHeld:
    """A time for which a list was in force that the rulebook does not hold."""

    system: System
    period: Period
    why: str


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a purpose meets in a group, as an indication."""

    purpose: str
    groups: tuple[str, ...]
    origin: str
    vi: str
    certainty: Certainty
    source: str


def _entry(row: dict[str, str]) -> Entry:
    return Entry(
        list=row["list"],
        annex=row["annex"],
        number=row["entry"],
        name_as_printed=row["name_as_printed"],
        also_printed=tuple(n for n in row["also_printed"].split(";") if n),
        scientific_name=row["scientific_name"],
        vietnamese_name=row["vietnamese_name"],
        rank=row["rank"],
        group=row["group"],
        condition=row["condition"],
        excepted=tuple(n for n in row["excepted"].split(";") if n),
        period=Period.of(row["from"], row["to"]),
        source=row["source"],
        certainty=certainty(row["certainty"]),
        note=row["note"],
    )


@lru_cache(maxsize=1)
def all_entries() -> tuple[Entry, ...]:
    """Every entry of every list, in the order of the files."""
    found: list[Entry] = []
    for file in entries(folder("vn", "lists"), ".csv"):
        for number, row in enumerate(read_csv(file), start=2):
            try:
                found.append(_entry(row))
            except (KeyError, ValueError) as error:
                raise BadData(f"Tệp {file.name}, dòng {number}: {error}") from error
    return tuple(found)


@lru_cache(maxsize=1)
def catalogue() -> tuple[ListInfo, ...]:
    """Every list the rulebook holds."""
    return tuple(
        ListInfo(
            id=item["id"],
            system=item["system"],
            title=item["title"],
            period=Period.of(item["from"], item["to"]),
            dates_certainty=certainty(item["dates_certainty"]),
            complete=item["complete"],
            carried_on=item.get("carried_on", ""),
            why=item.get("why", ""),
            missing=item.get("missing", ""),
            place=item.get("place", ""),
            order=order,
        )
        for order, item in enumerate(read_yaml(folder("vn", "lists", "lists.yaml"))["lists"])
    )


@lru_cache(maxsize=1)
def not_held() -> tuple[NotHeld, ...]:
    """The times for which a list existed that the rulebook does not hold."""
    items = read_yaml(folder("vn", "lists", "lists.yaml"))["not_held"]
    return tuple(NotHeld(i["system"], Period.of(i["from"], i["to"]), i["why"]) for i in items)


@lru_cache(maxsize=1)
def groups() -> dict[str, Group]:
    """The groups by code, strictest first."""
    items = read_yaml(folder("vn", "lists", "groups.yaml"))["groups"]
    return {item["code"]: Group(**item) for item in sorted(items, key=lambda item: item["level"])}


@lru_cache(maxsize=1)
def consequences() -> tuple[Consequence, ...]:
    """What purposes meet in groups."""
    items = read_yaml(folder("vn", "lists", "groups.yaml"))["purposes"]
    return tuple(
        Consequence(
            i["purpose"], tuple(i["groups"]), i["origin"], i["vi"], certainty(i["certainty"]), i["source"]
        )
        for i in items
    )
