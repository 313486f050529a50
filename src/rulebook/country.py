"""What may be taken for granted of the whole country when files are read: where it lies, which systems it uses."""

from dataclasses import dataclass
from functools import cache

from rulebook.certainty import certainty
from rulebook.reading import folder, read_yaml

Extent = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Country:
    """`extent` is west, south, east, north in degrees of WGS84; `likely_systems` are codes, the likeliest first."""

    extent: Extent
    likely_systems: tuple[str, ...]
    code: str = ""


@cache
def load_country() -> Country:
    """The country kept in `vn/country.yaml`; each fact there has its source and how sure it is."""
    told = read_yaml(folder("vn", "country.yaml"))
    for fact in told.values():
        certainty(fact["certainty"])
    west, south, east, north = (float(side) for side in told["extent"]["value"])
    return Country(
        (west, south, east, north), tuple(told["likely_systems"]["value"]), str(told["code"]["value"])
    )
