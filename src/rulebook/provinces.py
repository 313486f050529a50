"""A province as the rulebook knows it: its units with their times, its bodies, its report."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from rulebook.certainty import Certainty, certainty
from rulebook.dated import Period
from rulebook.errors import UnknownName
from rulebook.reading import folder, home, read_csv, read_yaml

Level = Literal["commune", "district"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A commune, ward, township or district for as long as it exists."""

    code: str
    name: str
    kind: str
    path: str
    """The area path a grant or a record holds: 12/03388 since 01/7/2025, 12/107/03451 before."""
    level: Level
    area_km2: float | None
    district: str
    """The district's code for a unit of before 01/7/2025; empty since."""
    former_districts: tuple[str, ...]
    period: Period
    source: str
    certainty: Certainty

    @property
    def full_name(self) -> str:
        """The name with its kind, e.g. Xã Mù Cả."""
        return f"{self.kind[:1].upper()}{self.kind[1:]} {self.name}"


@dataclass(frozen=True, slots=True)
class Merge:
    """An old unit went into a new one."""

    old_code: str
    new_code: str
    how: Literal["whole", "unchanged"]
    on: date
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Schematic:
    """Facts measured of a commune, rounded: enough for a schematic map, not a boundary."""

    code: str
    lon: float
    lat: float
    area_km2: float
    neighbours: tuple[str, ...]
    source: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation that acts in the programme; `head` is what its head is called where documents say so.

    `takes_work` is false of one to which the lead body gives no work: those above it, and names of many bodies.
    """

    key: str
    name: str
    short: str
    en: str
    parent: str
    source: str
    certainty: Certainty
    head: str = ""
    takes_work: bool = True


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A section of the yearly report, the tasks it tells of and the figures it holds."""

    number: int
    key: str
    vi: str
    en: str
    tasks: tuple[int, ...]
    counts: tuple[str, ...]


@dataclass(frozen=True)
class Province:
    """Everything in a province's folder but its plans and parameters."""

    key: str
    code: str
    name: str
    name_en: str
    facts: dict[str, dict[str, Any]]
    """Further facts, each with value, source and certainty."""
    communes: tuple[Unit, ...]
    districts: tuple[Unit, ...]
    merges: tuple[Merge, ...]
    schematic: tuple[Schematic, ...]
    bodies: tuple[Body, ...]
    report_title: str
    report_certainty: Certainty
    report: tuple[ReportSection, ...]

    @property
    def plan(self) -> str:
        """The number of the plan whose programme this is."""
        return str(self.facts["plan"]["value"])

    @property
    def districts_until(self) -> date | None:
        """The last day of the districts; None where the province's units did not change."""
        day: date | None = self.facts.get("districts_until", {}).get("value")
        return day

    def body(self, key: str) -> Body:
        """The body with this key."""
        for body in self.bodies:
            if body.key == key:
                return body
        raise UnknownName(f"Bộ quy định của {self.name} không có cơ quan “{key}”.")


def _unit(row: dict[str, str], level: Level) -> Unit:
    return Unit(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        path=row["path"],
        level=level,
        area_km2=float(row["area_km2"]) if row.get("area_km2") else None,
        district=row.get("district", ""),
        former_districts=tuple(c for c in row.get("former_districts", "").split(";") if c),
        period=Period.of(row["valid_from"], row["valid_to"]),
        source=row["source"],
        certainty=certainty(row["certainty"]),
    )


def _schematic(row: dict[str, str]) -> Schematic:
    return Schematic(
        code=row["code"],
        lon=float(row["lon"]),
        lat=float(row["lat"]),
        area_km2=float(row["area_km2"]),
        neighbours=tuple(row["neighbours"].split(";")),
        source=row["source"],
        certainty=certainty(row["certainty"]),
    )


def _merge(row: dict[str, str]) -> Merge:
    how: Literal["whole", "unchanged"] = "unchanged" if row["how"] == "unchanged" else "whole"
    on = date.fromisoformat(row["on"])
    return Merge(row["old_code"], row["new_code"], how, on, certainty(row["certainty"]))


def _named(items: Iterable[dict[str, Any]]) -> tuple[Body, ...]:
    return tuple(Body(**{**item, "certainty": certainty(item["certainty"])}) for item in items)


def load_province(key: str | None = None) -> Province:
    """The province kept in `vn/<key>/`; ours where none is named."""
    return _load(key or home())


@lru_cache(maxsize=8)
def _load(key: str) -> Province:
    place = folder("vn", key)
    if not key.isidentifier() or not place.joinpath("province.yaml").is_file():
        raise UnknownName(f"Bộ quy định không có tỉnh “{key}”.")
    about = read_yaml(place.joinpath("province.yaml"))
    report = read_yaml(place.joinpath("report.yaml"))
    named = ("key", "code", "name", "name_en")
    communes = [_unit(row, "commune") for row in read_csv(place.joinpath("units.csv"))]
    communes += [_unit(row, "commune") for row in read_csv(place.joinpath("units_former.csv"))]
    sections = (
        ReportSection(s["number"], s["key"], s["vi"], s["en"], tuple(s["tasks"]), tuple(s["counts"]))
        for s in report["sections"]
    )
    return Province(
        **{name: about[name] for name in named},
        facts={name: fact for name, fact in about.items() if name not in named},
        communes=tuple(communes),
        districts=tuple(_unit(row, "district") for row in read_csv(place.joinpath("districts.csv"))),
        merges=tuple(_merge(row) for row in read_csv(place.joinpath("merges.csv"))),
        schematic=tuple(_schematic(row) for row in read_csv(place.joinpath("schematic.csv"))),
        bodies=_named(read_yaml(place.joinpath("bodies.yaml"))["bodies"]),
        report_title=report["title"],
        report_certainty=certainty(report["certainty"]),
        report=tuple(sections),
    )
