"""Scientific names compared by how they are spelt; it proposes and guards, and never decides."""

import re
from collections import defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher

from baoton.kit.text import fold
from rulebook import NotAScientificName
from rulebook.names import parse

CLOSE = 0.85
_ENDING = re.compile(r"(?:iensis|ensis|ii|us|um|is|ae|a|e|i|er|ra|rum)$")


def key_of(text: str) -> str:
    """The name without author and rank marks, folded; the folded text itself where it is no such name."""
    try:
        return fold(parse(text).key)
    except NotAScientificName:
        return fold(text)


def likeness(one: str, two: str) -> float:
    """How alike two keys are spelt, from 0 to 1; a Latin ending that differs counts little."""
    a, b = stemmed(one), stemmed(two)
    return max(SequenceMatcher(None, one, two).ratio(), SequenceMatcher(None, a, b).ratio() - 0.02)


def stemmed(key: str) -> str:
    """The key with the Latin ending of each epithet taken off: `aonyx cinerea` becomes `aonyx cinere`."""
    genus, *epithets = key.split() or [""]
    return " ".join([genus, *(_ENDING.sub("", e) for e in epithets)])


def slips(word: str) -> set[str]:
    """The word and every text it becomes by losing one letter: two words one slip apart share one."""
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}


class Spellings:
    """A set of names that finds the one a misspelt name is nearest to."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = {key_of(name): name for name in sorted(names)}
        self._by_genus: dict[str, set[str]] = defaultdict(set)
        self._by_epithet: dict[str, set[str]] = defaultdict(set)
        for key in self.names:
            genus, *epithets = key.split()
            for slip in slips(genus):
                self._by_genus[slip].add(key)
            if epithets:
                for slip in slips(stemmed(key).split()[1]):
                    self._by_epithet[slip].add(key)

    def nearest(self, written: str) -> str | None:
        """The name spelt almost, but not exactly, as written; None where none is close."""
        key = key_of(written)
        words = key.split()
        if not words or key in self.names:
            return None
        near = {k for slip in slips(words[0]) for k in self._by_genus.get(slip, ())}
        if len(words) > 1:
            near |= {k for slip in slips(stemmed(key).split()[1]) for k in self._by_epithet.get(slip, ())}
        ranked = sorted(((likeness(key, k), k) for k in near), reverse=True)
        return self.names[ranked[0][1]] if ranked and ranked[0][0] >= CLOSE else None
