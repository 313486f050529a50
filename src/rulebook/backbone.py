"""The taxa a province starts with: accepted names, synonyms, Vietnamese names, higher groups."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rulebook.certainty import Certainty, certainty
from rulebook.errors import BadData
from rulebook.reading import entries, folder, read_csv


class Higher(NamedTuple):
    """Where a genus stands."""

    kingdom: str
    phylum: str
    klass: str
    order: str
    family: str


@dataclass(frozen=True, slots=True)
class Taxon:
    """One accepted taxon of the seed."""

    scientific_name: str
    authorship: str
    vietnamese_names: tuple[str, ...]
    kingdom: str
    phylum: str
    klass: str
    order: str
    family: str
    genus: str
    rank: str
    synonyms: tuple[str, ...]
    expected: str
    """known | likely | unknown | absent: an estimate, which survey records overwrite."""
    expected_certainty: Certainty
    sensitive: bool
    """True when the place of a record may not be shown: priority species, IA, IB."""
    flagship: bool
    source: str
    certainty: Certainty
    note: str

    @property
    def names(self) -> tuple[str, ...]:
        """Accepted name and synonyms, as `legal_status` takes them."""
        return (self.scientific_name, *self.synonyms)


def _taxon(row: dict[str, str]) -> Taxon:
    return Taxon(
        scientific_name=row["scientific_name"],
        authorship=row["authorship"],
        vietnamese_names=tuple(n for n in row["vietnamese_names"].split(";") if n),
        kingdom=row["kingdom"],
        phylum=row["phylum"],
        klass=row["class"],
        order=row["order"],
        family=row["family"],
        genus=row["genus"],
        rank=row["rank"],
        synonyms=tuple(n for n in row["synonyms"].split(";") if n),
        expected=row["expected_in_lai_chau"],
        expected_certainty=certainty(row["expected_certainty"]),
        sensitive=row["sensitive"] == "yes",
        flagship=row["flagship"] == "yes",
        source=row["source"],
        certainty=certainty(row["certainty"]),
        note=row["note"],
    )


@lru_cache(maxsize=1)
def taxa() -> tuple[Taxon, ...]:
    """Every taxon of the seed."""
    found: list[Taxon] = []
    for file in entries(folder("vn", "taxa"), ".csv"):
        for number, row in enumerate(read_csv(file), start=2):
            try:
                found.append(_taxon(row))
            except (KeyError, ValueError) as error:
                raise BadData(f"Tệp {file.name}, dòng {number}: {error}") from error
    return tuple(found)


@lru_cache(maxsize=1)
def higher() -> dict[str, Higher]:
    """The higher groups of each genus the seed knows."""
    return {t.genus: Higher(t.kingdom, t.phylum, t.klass, t.order, t.family) for t in taxa() if t.genus}
