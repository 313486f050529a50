"""A scientific name as people write it, reduced to what law compares: genus, species, lower epithet."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from rulebook.errors import NotAScientificName

RANK_MARKS = {
    "subsp.": "subspecies",
    "ssp.": "subspecies",
    "subsp": "subspecies",
    "ssp": "subspecies",
    "var.": "variety",
    "var": "variety",
    "f.": "form",
    "fo.": "form",
}
OPEN_MARKS = {"sp.", "sp", "spp.", "spp", "cf.", "cf", "aff.", "aff", "indet.", "indet"}
AUTHOR_WORDS = {
    "ex",
    "et",
    "in",
    "and",
    "de",
    "van",
    "von",
    "der",
    "den",
    "da",
    "la",
    "le",
    "du",
    "auct.",
    "al.",
}
_GENUS = re.compile(r"[A-Z][a-z]+(?:-[A-Za-z][a-z]+)?")
_EPITHET = re.compile(r"[a-z][a-z-]+")


class Name(NamedTuple):
    """A parsed name: empty `species` means the name stops at a genus (or a family, an order)."""

    genus: str
    species: str
    infra: str
    doubtful: bool
    """True for "cf.", "aff.", "sp.": the specimen was not determined for certain."""

    @property
    def key(self) -> str:
        """The name without rank marks and authors, so that `var.` and trinomials compare equal."""
        return " ".join(part for part in self if isinstance(part, str) and part)

    @property
    def binomial(self) -> str:
        """Genus and species; just the genus when that is all there is."""
        return f"{self.genus} {self.species}".strip()


@lru_cache(maxsize=65_536)
def parse(text: str) -> Name:
    """Genus, species and lower epithet of a name, with or without authorship and rank marks."""
    clean = unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("_", " ").replace("×", " ")
    if clean == clean.upper():
        clean = clean.capitalize()
    words = re.sub(r"\([^)]*\)", " ", clean).split()
    if not words or not _GENUS.fullmatch(words[0][:1].upper() + words[0][1:].lower()):
        raise NotAScientificName(f"“{text}” không phải là tên khoa học: cần bắt đầu bằng tên chi.")
    genus = words[0][:1].upper() + words[0][1:].lower()
    species, infra, doubtful, marked, after_author = "", "", False, False, False
    for word, following in zip(words[1:], [*words[2:], ""], strict=False):
        low = word.lower()
        if low in OPEN_MARKS:
            doubtful = doubtful or not low.startswith("spp")
        elif low in RANK_MARKS and species and _EPITHET.fullmatch(following):
            marked = True
        elif _EPITHET.fullmatch(word) and word not in AUTHOR_WORDS:
            if not species:
                species = word
            elif not infra and (marked or not after_author):
                infra = word
        else:
            after_author = True
    return Name(genus, species, infra, doubtful)
