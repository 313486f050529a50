"""How Vietnamese a text is: the share of its accented words that are well-formed Vietnamese syllables."""

from __future__ import annotations

import re
import unicodedata

_TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"
_ONSET = "(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x)?"
_NUCLEUS = (
    "(?:iêu|yêu|ươi|ươu|uôi|uyê|uya|oai|oay|oao|oeo|uây|uêu|uyu|ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|"
    "ôi|ơi|oo|ua|uâ|uê|ui|uô|uơ|uy|ưa|ươ|ưi|ưu|yê|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y)"
)
_CODA = "(?:ch|ng|nh|c|m|n|p|t)?"
_SYLLABLE = re.compile(_ONSET + _NUCLEUS + _CODA)
_WORD = re.compile(r"[^\W\d_]+")


def is_syllable(word: str) -> bool:
    """True for a word spelt as one Vietnamese syllable with at most one tone, capitals in their place."""
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    parts = unicodedata.normalize("NFD", word.lower())
    if sum(p in _TONE_MARKS for p in parts) > 1:
        return False
    toneless = unicodedata.normalize("NFC", "".join(p for p in parts if p not in _TONE_MARKS))
    return _SYLLABLE.fullmatch(toneless) is not None


def share(text: str) -> float:
    """The part of the non-ASCII words that are Vietnamese syllables; a sign among letters counts against."""
    tokens = [t for t in re.split(r"[\s\d.,;:!?()\[\]\"'/\-–_|]+", text) if t and not t.isascii()]
    if not tokens:
        return 0.0
    return sum(bool(_WORD.fullmatch(t)) and is_syllable(t) for t in tokens) / len(tokens)
