"""Which entries of the legal lists speak about a taxon, before any date or origin is considered."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from rulebook.backbone import Higher, higher
from rulebook.errors import NotAScientificName
from rulebook.lists import Entry, all_entries
from rulebook.names import Name, parse

How = Literal["name", "synonym", "species", "part", "genus", "family", "order", "breed", "breed_of"]

CLOSENESS: dict[How, int] = {
    "breed": 6,
    "name": 5,
    "synonym": 5,
    "species": 4,
    "part": 3,
    "genus": 2,
    "family": 1,
    "order": 0,
    "breed_of": -1,
}
"""How closely an entry names the taxon; within one list the closest entries speak for it."""


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that speaks about the taxon, through which name and how."""

    entry: Entry
    name: str
    how: How


@dataclass
class Index:
    """Every way into the lists, built once."""

    exact: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    parts: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    wide: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    breeds: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    breeds_of: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    members: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))


def breed_key(text: str) -> str:
    """The name of a breed without the word for “breed”, so that spellings compare equal."""
    words = text.split(";")[0].casefold().split()
    return " ".join(words[1:] if words and words[0] in ("giống", "gióng", "loài") else words)


@lru_cache(maxsize=1)
def index() -> Index:
    """The lists by name: built at the first question, kept afterwards."""
    found = Index()
    for entry in all_entries():
        if entry.rank == "breed":
            found.breeds[breed_key(entry.vietnamese_name)].append(entry)
            found.breeds_of[entry.scientific_name].append(entry)
            continue
        if entry.rank == "virus":
            found.breeds[entry.scientific_name.casefold()].append(entry)
            continue
        for text in entry.names:
            name = parse(text)
            if not name.species:
                found.wide[name.genus].append(entry)
                continue
            found.exact[name.key].append(entry)
            found.members[name.genus].append(entry)
            if name.infra:
                found.parts[name.binomial].append(entry)
    return found


def ranks_above(names: Iterable[Name], within: Iterable[str]) -> tuple[Higher | None, list[str]]:
    """What the seed knows of the genus, and every family and order the taxon is said to be in."""
    known = next((higher()[n.genus] for n in names if n.genus in higher()), None)
    groups = list(within)
    if known:
        groups += [known.family, known.order]
    return known, [g for g in dict.fromkeys(groups) if g]


def matches(texts: tuple[str, ...], above: Iterable[str]) -> list[Match]:
    """Every entry that speaks about a taxon with these names, the closest way first, each entry once."""
    lists = index()
    found: list[Match] = []
    for place, text in enumerate(texts):
        found += [Match(e, text, "breed") for e in lists.breeds.get(breed_key(text), ())]
        try:
            name = parse(text)
        except NotAScientificName:
            continue
        own: How = "synonym" if place else "name"
        if name.species:
            found += [Match(e, text, own) for e in lists.exact.get(name.key, ())]
            found += [Match(e, text, "breed_of") for e in lists.breeds_of.get(name.binomial, ())]
        if name.infra:
            found += [Match(e, text, "species") for e in lists.exact.get(name.binomial, ())]
        elif name.species:
            found += [Match(e, text, "part") for e in lists.parts.get(name.binomial, ())]
        found += [Match(e, text, "genus") for e in lists.wide.get(name.genus, ())]
    for group in above:
        found += [
            Match(e, texts[0], "order" if e.rank == "order" else "family") for e in lists.wide.get(group, ())
        ]
    found.sort(key=lambda m: -CLOSENESS[m.how])
    once: dict[int, Match] = {}
    for match in found:
        once.setdefault(id(match.entry), match)
    return list(once.values())
