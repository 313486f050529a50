"""What changed between two texts, word by word: what stayed, what was taken out, what was put in."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

SAME, OUT, IN = "same", "out", "in"
Piece = tuple[str, str]
MOST = 4_000
"""Longer texts are held against each other line by line: by words that would take too long."""
NEAR = 8
WORDS, LINES = re.compile(r"\S+\s*|\s+"), re.compile(r"[^\n]*\n|[^\n]+")


def changed(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """The first text with what was taken out of it, the second with what was put in; each in pieces, in order."""
    if before and after and not alike(before, after):
        return [(OUT, before)], [(IN, after)]
    old, new = WORDS.findall(before), WORDS.findall(after)
    if max(len(old), len(new)) > MOST:
        old, new = LINES.findall(before), LINES.findall(after)
    left: list[Piece] = []
    right: list[Piece] = []
    plain = [word.rstrip() for word in old], [word.rstrip() for word in new]
    for what, a, b, c, d in SequenceMatcher(None, *plain, autojunk=False).get_opcodes():
        add(left, SAME if what == "equal" else OUT, old[a:b])
        add(right, SAME if what == "equal" else IN, new[c:d])
    return left, right


def add(pieces: list[Piece], what: str, words: Sequence[str]) -> None:
    """The words as one piece; the space after what is marked stands outside its mark."""
    text = "".join(words)
    bare = text if what == SAME else text.rstrip()
    pieces += [piece for piece in ((what, bare), (SAME, text[len(bare) :])) if piece[1]]


def lines_up(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, str]]:
    """Paragraphs beside each other: equal ones, then those that replaced one another in their order."""
    told: list[tuple[str, str]] = []
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old, new = before[a:b], after[c:d]
        told += zip(old, new, strict=True) if what == "equal" else paired(old, new)
    return told


def paired(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, str]]:
    """Those that are nearly the same beside each other; what lies between two such pairs, in its order."""
    told: list[tuple[str, str]] = []
    done = [0, 0]
    for i, text in enumerate(old):
        near = next((j for j in range(done[1], min(done[1] + NEAR, len(new))) if alike(text, new[j])), None)
        if near is not None:
            told += zip_longest(old[done[0] : i], new[done[1] : near], fillvalue="")
            told.append((text, new[near]))
            done = [i + 1, near + 1]
    return told + list(zip_longest(old[done[0] :], new[done[1] :], fillvalue=""))


def alike(a: str, b: str) -> bool:
    """Whether half of the words are the same, so that one text is the other reworded."""
    one = SequenceMatcher(None, a.split(), b.split(), autojunk=False)
    return one.real_quick_ratio() > 0.5 and one.quick_ratio() > 0.5 and one.ratio() > 0.5
