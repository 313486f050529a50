"""Which former commune a record's own words name, where the map alone tells only the district."""

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from baoton.kit.text import fold
from baoton.places.units import Book

KINDS = r"(?:xa|phuong|thi tran|tt|x|p)\.? "
Texts = NDArray[np.object_]


def former_units(now: Texts, then: Texts, words: Sequence[str], units: Book) -> Texts:
    """The former unit of each record, sharpened to the former commune where the words name exactly one.

    Only communes that went into the commune of today are listened for, and only within the district the
    map gave, where it gave one.
    """
    sharper = then.copy()
    for i in np.flatnonzero(now != "").tolist():
        if not words[i]:
            continue
        path = named(now[i], words[i], units)
        if path and (then[i] == "" or path == then[i] or path.startswith(f"{then[i]}/")):
            sharper[i] = path
    return sharper


def named(now: str, text: str, units: Book) -> str:
    """The one former commune of `now` that the text names; empty when none or several.

    A name that the commune of today carries too says nothing of the time before, unless the text also
    names the district, since districts ended with the mergers.
    """
    folded = fold(text)
    found = set()
    for path in units.made_of.get(now, ()):
        name, district = units.plain[path], units.plain.get(path.rsplit("/", 1)[0], "")
        if not _said(name).search(folded):
            continue
        if name == units.plain.get(now) and not (district and _district(district).search(folded)):
            continue
        found.add(path)
    return found.pop() if len(found) == 1 else ""


@lru_cache(maxsize=4096)
def _said(name: str) -> re.Pattern[str]:
    """A commune said with its kind before the name."""
    return re.compile(rf"\b{KINDS}{re.escape(name)}\b")


@lru_cache(maxsize=64)
def _district(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:huyen|h|thanh pho|tp|thi xa|tx)\.? {re.escape(name)}\b")
