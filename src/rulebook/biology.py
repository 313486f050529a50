"""What a species can do at best: litters, ages, seasons, each value with its source, its day and how sure it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from rulebook.certainty import Certainty, certainty
from rulebook.reading import folder, read_yaml

VALUES = (
    "litter_max",
    "litter_interval_months",
    "first_litter_months",
    "gestation_months",
    "longevity_years",
    "season",
    "female_share",
    "needs_male",
    "harvest_years",
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where one value was found and how sure it is."""

    source: str
    certainty: Certainty
    note: str


@dataclass(frozen=True, slots=True)
class Biology:
    """The widest values known of a species; None where none is known, and then nothing is judged by it.

    `season` are the months in which young are born; an empty one says that they are born in any month.
    `female_share` are the least and the greatest share of females that chance leaves among the young; `needs_male`
    is untrue where females keep sperm for years or bear alone; `harvest_years` pass between planting and harvest.
    """

    species: str
    since: date
    litter_max: int | None
    litter_interval_months: float | None
    first_litter_months: float | None
    gestation_months: float | None
    longevity_years: float | None
    season: tuple[int, ...] | None
    female_share: tuple[float, float] | None
    needs_male: bool
    harvest_years: float | None
    sources: Mapping[str, Source]

    @property
    def breeds(self) -> bool:
        """Whether all is known that a bound on births needs."""
        needed = (
            self.litter_max,
            self.litter_interval_months,
            self.first_litter_months,
            self.gestation_months,
        )
        return None not in needed


@lru_cache(maxsize=1)
def biologies() -> dict[str, tuple[Biology, ...]]:
    """Everything the rulebook knows, by scientific name, the latest knowledge first."""
    found: dict[str, list[Biology]] = {}
    for raw in read_yaml(folder("vn", "biology.yaml")):
        one = read(raw)
        found.setdefault(one.species, []).append(one)
    return {name: tuple(sorted(rows, key=lambda b: b.since, reverse=True)) for name, rows in found.items()}


def read(raw: Mapping[str, Any]) -> Biology:
    """One species as the file tells it; `ValueError` says what it tells wrongly.

    A value stands alone, and then the species' own `certainty` and `source` hold for it, or with its own beside it.
    """
    strange = set(raw) - {*VALUES, "species", "from", "certainty", "source", "note"}
    if strange:
        raise ValueError(f"{raw.get('species')}: unknown {', '.join(sorted(strange))}")
    common = {"certainty": raw["certainty"], "source": raw.get("source", ""), "note": raw.get("note", "")}
    values: dict[str, Any] = {}
    sources: dict[str, Source] = {}
    for name in VALUES:
        told = raw.get(name)
        mine = {**common, "note": "", **told} if isinstance(told, dict) else {**common, "value": told}
        values[name] = mine["value"]
        if mine["value"] is not None:
            sources[name] = Source(mine["source"], certainty(mine["certainty"]), mine["note"])
            if sources[name].certainty in {"read", "secondary"} and not mine["source"]:
                raise ValueError(f"{raw['species']}: {name} was read, but not where")
    values["needs_male"] = values["needs_male"] is not False
    for name in ("season", "female_share"):
        values[name] = None if values[name] is None else tuple(values[name])
    if values["season"] and not set(values["season"]) <= set(range(1, 13)):
        raise ValueError(f"{raw['species']}: season holds months 1 to 12")
    return Biology(species=raw["species"], since=raw["from"], sources=sources, **values)


def biology(species: str, on: date | None = None) -> Biology | None:
    """What is known of the species of that scientific name, on a day or by now; None where nothing is."""
    rows = biologies().get(species, ())
    return next((b for b in rows if on is None or b.since <= on), None)
