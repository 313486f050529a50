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
from baoton.taxa.spelling import Spellings
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


def level_of_name(written: str, on: date | None = None) -> Level:
    """The level for a name that no list of taxa knows: what the law says of it, or of a name spelt almost so.

    A misspelt protected name must not open its place; the record stays guarded until a person decides.
    """
    day = on or timezone.localdate()
    own = _own(written, day)
    if own[0] == Disclosure.WITHHELD:
        return own
    near = near_protected(written)
    if near is None:
        return own
    level, why = level_of([near], (), day)
    return max(own, (level, f"gần giống tên {near}: {why}"), key=lambda found: found[0])


def _own(written: str, day: date) -> Level:
    latin = _vernacular().get(fold(written))
    if latin is not None:
        return level_of([latin], (), day)
    return level_of([written], (), day) if written.strip() else OPEN


@lru_cache(maxsize=65_536)
def near_protected(written: str) -> str | None:
    """The protected name that a written one is almost spelt as, or None."""
    return _guarded().nearest(written)


@lru_cache(maxsize=1)
def _guarded() -> Spellings:
    """Every scientific name of a sensitive group or withheld taxon, with its synonyms in the seed."""
    names = {n for e in all_entries() if e.group in SENSITIVE and e.rank != "breed" for n in e.names}
    names |= set(withheld())
    names |= {n for t in seed() for n in t.names if t.sensitive or names & set(t.names)}
    return Spellings(names)


@lru_cache(maxsize=1)
def _vernacular() -> Mapping[str, str]:
    """Vietnamese names of guarded taxa, folded, to a scientific name."""
    found = {}
    for entry in all_entries():
        if entry.group in SENSITIVE and entry.rank != "breed":
            found.update({fold(n): entry.scientific_name for n in entry.vietnamese_name.split(";") if n})
    for taxon in seed():
        if taxon.sensitive:
            found.update({fold(n): taxon.scientific_name for n in taxon.vietnamese_names})
    return found


def in_english(why: str) -> str:
    """A stored reason in English; what has no English stays as it is."""
    if why in withheld().values():
        text = (files("baoton.taxa") / "withheld.csv").read_text(encoding="utf-8")
        return next(r["reason_en"] for r in csv.DictReader(text.splitlines()) if r["reason_vi"] == why)
    for group in groups().values():
        if why.startswith(group.vi):
            return group.en + why.removeprefix(group.vi)
    return why


__all__ = ["GRID_DEG", "in_english", "level_of", "level_of_name", "levels", "near_protected", "withheld"]
