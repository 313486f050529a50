"""Names and ranks as they are spelt: scientific names compared, which proposes and guards and never decides; ranks."""

import re
from difflib import SequenceMatcher

import polars as pl
from django.utils.translation import gettext_lazy as _

from baoton.kit.kinds import cells
from baoton.kit.text import fold
from rulebook import NotAScientificName
from rulebook.names import parse

CLOSE = 0.85
_ENDING = re.compile(r"(?:iensis|ensis|ii|us|um|is|ae|a|e|i|er|ra|rum)$")
RANKS = (
    ("kingdom", _("giới")), ("phylum", _("ngành")), ("class", _("lớp")), ("order", _("bộ")), ("family", _("họ")),
    ("genus", _("chi")), ("species", _("loài")), ("subspecies", _("phân loài")), ("variety", _("thứ")),
    ("form", _("dạng")),
)  # fmt: skip
VIETNAMESE = {
    "giới": "kingdom", "ngành": "phylum", "lớp": "class", "bộ": "order", "họ": "family", "chi": "genus",
    "loài": "species", "phân loài": "subspecies", "thứ": "variety", "dạng": "form",
}  # fmt: skip


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
    """The key with the Latin ending of each epithet taken off: `aonyx cinerea` becomes `aonyx cinere`.

    An epithet keeps at least three letters, so that "loai a" stays two words.
    """
    genus, *epithets = key.split() or [""]
    return " ".join([genus, *(_stem(e) for e in epithets)])


def _stem(epithet: str) -> str:
    short = _ENDING.sub("", epithet)
    return short if len(short) > 2 else epithet


def slips(word: str) -> set[str]:
    """The word and every text it becomes by losing one letter: two words one slip apart share one."""
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}


def rank_of(written: pl.Series) -> pl.Series:
    """Ranks as files write them, in Vietnamese or English, as they are stored; another one stays as it is written."""
    words = [*VIETNAMESE, *VIETNAMESE.values()]
    known = dict(zip(cells.fold(pl.Series(words)).to_list(), [*VIETNAMESE.values()] * 2, strict=True))
    said = cells.fold(written).replace_strict(known, default=None, return_dtype=pl.String)
    return said.fill_null(written)
