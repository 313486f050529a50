"""How much of a place may be shown because of the species that stands there: decided here and nowhere else.

A species of a group of SENSITIVE is shown by its square of GRID_DEG degrees, the few of `withheld.csv` not
at all: a choice of the programme, not of the law, each with its reason. Subspecies, synonyms and spellings
close to a protected name inherit; a genus does from its listed members.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from importlib.resources import files

import numpy as np
from django.utils import timezone
from numpy.typing import ArrayLike, NDArray

from baoton.kit.place import Disclosure
from baoton.kit.text import fold
from baoton.places.queries import GRID_DEG
from baoton.taxa.lexicon import Level as Weight
from baoton.taxa.lexicon import Lexicon, local_words
from baoton.taxa.spelling import key_of
from baoton.taxa.written import words
from rulebook import NotAScientificName
from rulebook import legal_status as status_of
from rulebook.backbone import taxa as seed
from rulebook.lists import all_entries, groups
from rulebook.matching import index
from rulebook.names import parse

SENSITIVE = frozenset({"priority", "IA", "IB"})
Level = tuple[int, str]
OPEN: Level = (int(Disclosure.AS_IS), "")


def levels(sensitivity: ArrayLike) -> NDArray[np.int8]:
    """The disclosure of each record from its taxon's sensitivity, shape (n,); None and NaN count as 0."""
    given = np.atleast_1d(np.asarray(sensitivity, object))
    known = np.array([0 if s is None or s != s else s for s in given], np.int8)
    return np.clip(known, Disclosure.AS_IS, Disclosure.WITHHELD)


@lru_cache(maxsize=1)
def withheld() -> Mapping[str, str]:
    """Names whose places nobody without the right is told anything of, each with its reason."""
    text = (files("baoton.taxa") / "withheld.csv").read_text(encoding="utf-8")
    return {row["scientific_name"]: row["reason_vi"] for row in csv.DictReader(text.splitlines())}


def level_of(names: Sequence[str], within: Iterable[str] = (), on: date | None = None) -> Level:
    """The level and the reason for a taxon given by its accepted name and synonyms."""
    return _level_of(tuple(names), tuple(within), on or timezone.localdate())


@lru_cache(maxsize=65_536)
def _level_of(names: tuple[str, ...], within: tuple[str, ...], on: date) -> Level:
    parsed = []
    for text in names:
        try:
            parsed.append(parse(text))
        except NotAScientificName:
            continue
    for name in parsed:
        for known in (name.key, name.binomial, name.genus):
            if known in withheld():
                return int(Disclosure.WITHHELD), withheld()[known]
    try:
        status = status_of(names, on=on, within=within)
    except NotAScientificName:
        return OPEN
    strict = [g for g in status.groups if g in SENSITIVE]
    if strict:
        hit = next(h for h in status.hits if not h.set_aside and h.group == strict[0])
        return int(Disclosure.GENERALISED), f"{groups()[strict[0]].vi} ({hit.instrument})"
    for name in parsed[:1]:
        if not name.species or name.doubtful:
            for known, reason in withheld().items():
                if known.split()[0] == name.genus:
                    return int(Disclosure.WITHHELD), reason
            members = [e for e in index().members.get(name.genus, ()) if e.group in SENSITIVE]
            if members:
                return int(
                    Disclosure.GENERALISED
                ), f"chi {name.genus} có loài {groups()[members[0].group].vi}"
    return OPEN


Row = tuple[str, str, str, int]


def level_of_name(written: str, rows: Iterable[Row] = (), on: date | None = None) -> Weight:
    """How guarded a written name is, before anybody decided what it means.

    Whatever may mean a guarded taxon by any of its words is guarded: in Latin, shortened, misspelt, with a
    second taxon, in Vietnamese or English. `rows` are names the list of taxa guards beside those of the law:
    scientific name, Vietnamese names, English names, level.
    """
    return weigh(written, tuple(rows), on or timezone.localdate())


@lru_cache(maxsize=65_536)
def weigh(written: str, rows: tuple[Row, ...], on: date) -> Weight:
    """`level_of_name` for rows and a day that are given."""
    own = level_of([written], (), on) if written.strip() else OPEN
    told = lexicon(rows, on).weigh(written)
    return told if told.level >= own[0] else Weight(*own, True)


@lru_cache(maxsize=8)
def lexicon(rows: tuple[Row, ...], on: date) -> Lexicon:
    """The words of everything that the law, the seed and the list of taxa guard on a day."""
    latin: dict[str, Level] = {}
    called: dict[str, Level] = {}
    open_latin: set[str] = set()
    open_called: set[str] = set()
    groups_: dict[str, Level] = {}
    for names, vernaculars, within in _told():
        level = level_of(names, within, on)
        for name in names:
            key = key_of(name)
            if level[0]:
                latin[key] = max(level, latin.get(key, OPEN))
                latin[" ".join(key.split()[:2])] = max(level, latin.get(" ".join(key.split()[:2]), OPEN))
            else:
                open_latin.add(key)
        for word in vernaculars:
            if level[0]:
                called[word] = max(level, called.get(word, OPEN))
            else:
                open_called.add(word)
        if level[0]:
            groups_ |= {fold(w): max(level, groups_.get(fold(w), OPEN)) for w in within[:1] if w}
    for name, vi, en, at in rows:
        level = (at, f"danh lục: {name}")
        latin[key_of(name)] = max(level, latin.get(key_of(name), OPEN))
        for word in _called(f"{vi};{en}"):
            called[word] = max(level, called.get(word, OPEN))
    told = ((word, level_of([name], (), on)) for word, name in local_words())
    local = {word: level for word, level in told if level[0]}
    genera: dict[str, Level] = {}
    for key, level in latin.items():
        genus = key.split()[0]
        genera[genus] = max(
            level_of([genus.capitalize()], (), on),
            min(level, genera.get(genus, level)),
            genera.get(genus, OPEN),
        )
    known = {k.split()[0] for k in open_latin} | set(genera)
    return Lexicon(
        {k: v for k, v in latin.items() if " " in k},
        genera, groups_, called, frozenset(open_latin - set(latin)), frozenset(open_called - set(called)),
        frozenset(known), local,
    )  # fmt: skip


Told = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


@lru_cache(maxsize=1)
def _told() -> tuple[Told, ...]:
    """Names, common names and family and order of everything the law and the seed speak of."""
    found: list[Told] = [
        (e.names, _called(e.vietnamese_name), ()) for e in all_entries() if e.rank not in {"breed", "virus"}
    ]
    found += [
        (t.names, _called(";".join(t.vietnamese_names)), tuple(g for g in (t.family, t.order) if g))
        for t in seed()
    ]
    found += [((name,), (), ()) for name in withheld()]
    return tuple(found)


def _called(text: str) -> tuple[str, ...]:
    """Common names in a text that separates them by semicolons, in words."""
    return tuple(" ".join(words(n)) for n in text.split(";") if words(n))


def in_english(why: str) -> str:
    """A stored reason in English; what has no English stays as it is."""
    if why in withheld().values():
        text = (files("baoton.taxa") / "withheld.csv").read_text(encoding="utf-8")
        return next(r["reason_en"] for r in csv.DictReader(text.splitlines()) if r["reason_vi"] == why)
    for group in groups().values():
        if why.startswith(group.vi):
            return group.en + why.removeprefix(group.vi)
    return why


__all__ = ["GRID_DEG", "in_english", "level_of", "level_of_name", "levels", "withheld"]
