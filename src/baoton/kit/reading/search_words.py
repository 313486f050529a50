"""Words as both databases' text indexes can hold them, and what is asked of the indexes, best first.

An index gets letters a–z and digits alone, so that SQLite and PostgreSQL cut words alike; a letter beyond them is
written by its code. Every row also carries the word of its book, so that a search in one book reads that alone.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from baoton.kit.text import fold

WORD = re.compile(r"[^\W_]+")
APART = " xqx "  # stands between two texts of a record, so that no phrase runs from one into the other
WHOLE_BELOW = 3  # a shorter word among others is never taken for the beginning of a word


def coded(word: str) -> str:
    """The word in a–z and digits: `tê` becomes `txeax`."""
    return "".join(c if c.isascii() else f"x{ord(c):x}x" for c in word)


def words(text: str) -> list[tuple[str, str]]:
    """Each word of a text, with its tones and without, both coded."""
    found = WORD.findall(unicodedata.normalize("NFC", text).lower())
    return [(coded(word), coded(fold(word))) for word in found if fold(word)]


def book_word(register: str) -> str:
    """The word that every row of a book carries."""
    return "xqx" + re.sub(r"[^a-z0-9]", "x", register.lower())


def written(register: str, texts: Iterable[str]) -> tuple[str, str, int]:
    """What the index keeps of a record's texts: with tones, without, and how many words there are."""
    parts = [found for text in dict.fromkeys(texts) if (found := words(text))]
    head = book_word(register) + APART
    toned = APART.join(" ".join(w[0] for w in part) for part in parts)
    plain = APART.join(" ".join(w[1] for w in part) for part in parts)
    return head + toned, head + plain, sum(map(len, parts))


@dataclass(frozen=True)
class Tier:
    """One question to the index: in the words with or without tones, one after the other or in any order.

    `begins` says for each word whether a longer word that begins so answers too.
    """

    column: str
    words: Sequence[str]
    begins: Sequence[bool]
    phrase: bool

    def fts5(self, register: str) -> str:
        """The question as SQLite's FTS5 reads it."""
        if self.phrase:
            asked = f'"{" ".join(self.words)}"{" *" if self.begins[-1] else ""}'
        else:
            each = zip(self.words, self.begins, strict=True)
            asked = " AND ".join(f'"{w}"{" *" if b else ""}' for w, b in each)
        return f'{self.column} : ("{book_word(register)}" AND {asked})'

    def tsquery(self, register: str) -> str:
        """The question as PostgreSQL's `to_tsquery` reads it."""
        each = zip(self.words, self.begins, strict=True)
        asked = (" <-> " if self.phrase else " & ").join(f"{w}{':*' if b else ''}" for w, b in each)
        return f"{book_word(register)} & ({asked})"


def tiers(text: str) -> list[Tier]:
    """The questions, best first: whole words with their tones, without, in any order; then beginnings of words.

    A word that is asked twice is only found twice in a row, so `tê tê` finds nothing that merely begins with te.
    """
    asked = words(text)
    if not asked:
        return []
    toned, plain = [w[0] for w in asked], [w[1] for w in asked]
    whole = [False] * len(asked)
    several = len(set(plain)) == len(plain) > 1
    told = [Tier("toned", toned, whole, True), Tier("plain", plain, whole, True)]
    if several:
        told.append(Tier("plain", plain, whole, False))
    if len(plain[-1]) > 1:
        last = [*whole[:-1], True]
        told += [Tier("toned", toned, last, True), Tier("plain", plain, last, True)]
    if several:
        told.append(Tier("plain", plain, [len(w) >= WHOLE_BELOW for w in plain], False))
    return told
