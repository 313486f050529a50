"""What a species can do at best: litters, ages, seasons, each with its source and how sure it is."""

from dataclasses import dataclass
from functools import lru_cache

from rulebook.certainty import Certainty, certainty
from rulebook.reading import folder, read_yaml


@dataclass(frozen=True, slots=True)
class Biology:
    """The widest values known of a species; `season` are the months in which young are born, empty when any."""

    species: str
    litter_max: int
    litter_interval_months: float
    first_litter_months: float
    gestation_months: float
    longevity_years: float
    season: tuple[int, ...]
    certainty: Certainty
    source: str
    note: str


@lru_cache(maxsize=1)
def biologies() -> dict[str, Biology]:
    """Every species the rulebook knows something of, by scientific name."""
    found = {}
    for raw in read_yaml(folder("vn", "biology.yaml")):
        item = {**raw, "season": tuple(raw.get("season", ())), "certainty": certainty(raw["certainty"])}
        found[item["species"]] = Biology(**item)
    return found


def biology(species: str) -> Biology | None:
    """What is known of the species of that scientific name; None where nothing is, and then nothing is judged."""
    return biologies().get(species)
