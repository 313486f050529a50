"""A name as people write it in a cell: made readable, split in words, and read as one taxon or as a doubt."""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from baoton.kit.text import fold
from formats.syllables import is_syllable

# Letters of other scripts that look like Latin ones.
ALIKE = str.maketrans("АВЕЅІЈКМНОРСТУХаеѕіјорсухԁԛԝɡıΑΒΕΖΗΙΚΜΝΟΡΤΥΧαινορυχ",
                      "ABESIJKMHOPCTYXaesijopcyxdqwgiABEZHIKMNOPTYXaivopux")  # fmt: skip
HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
TAGS = re.compile(r"</?[A-Za-z][^<>]{0,200}>|\{\\\w+\s?|\[/?[a-z]{1,4}\]")
MISREAD = re.compile("[ÃÂÄÅÆáº»¼½¾]{1}[\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]")
WORD = re.compile(r"[^\W\d_]+")
NUMBERED = re.compile(r"^\s*(?:[-–•*+#>]+\s*|[(\[]?\d{1,4}[.):/\]-]\s*|\(?[a-zA-ZđĐ]\)\s+)+")
BINOMIAL = re.compile(r"\b([A-Z][a-z]{2,}(?:-[a-z]+)?)\s+(?:\([A-Z][a-z]+\)\s+)?([a-z]{3,}(?:-[a-z]+)*)\b")
SHORT = re.compile(r"^([A-Z][a-z]{0,3})\.\s*([a-z]{3,}(?:-[a-z]+)*)\b(.*)$")
CALLED = frozenset({"con", "loài", "cây", "chim", "cá", "thú", "loại", "giống", "đàn", "cá thể", "khóm"})
AUTHOR_WORDS = frozenset({"and", "auct", "non", "nec", "sensu", "ined", "emend", "apud"})
SECOND = re.compile(
    r"(?:[&,;/+|]|\b(?:hoặc|hay|or|và|and|cùng|with|vs|et)\b)\s*\(?[A-Z](?:[a-z]*\s+|[a-z]{0,3}\.\s*)([a-z]{3,})\b"
)
BESIDE = re.compile(r"\s*[/&+]\s*[a-z]{4,}\W*$|\s*[&+]\s*[A-Z][a-z]{3,}\W*$")
UNSURE = re.compile(
    r"[?¿×]|(?:^|\s)[x]\s+[A-Z]?[a-z]|(?-i:\b(?:non|nec|not)\s+[A-Z(])|\bs\.\s?l\b|\blai\b(?!\s+châu)|"
    r"\b(?:cf|aff|nr|gr|grp|agg|group|complex|auct|auctt|sensu|misapplied|hybrid|nhóm|phức|gần|có thể|có lẽ|"
    r"chưa chắc|chưa rõ|nghi|probable|probably|possibly|maybe|không phải)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=65_536)
def plain(text: str) -> str:
    """The text as an eye reads it: entities, tags, hidden signs, look-alike letters and misread bytes undone."""
    if MISREAD.search(text):
        text = _reread(text)
    if "&" in text or "%" in text:
        text = unquote(html.unescape(html.unescape(text)))
    text = unicodedata.normalize("NFKC", HIDDEN.sub("", TAGS.sub(" ", text)).replace("_", " "))
    if (not text.isascii() and any(c in text for c in "ԁԛԝɡı")) or re.search("[\u0370-\u04ff]", text):
        text = text.translate(ALIKE)
    return " ".join(text.split())


def _reread(text: str) -> str:
    """UTF-8 that was read as Windows-1252 or Latin-1, read again; the text itself where it was not."""
    for codec in ("cp1252", "latin-1"):
        try:
            return text.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
    return text


def words(text: str) -> list[str]:
    """The words of readable text in lower case, with their tones, without signs and figures."""
    return WORD.findall(unicodedata.normalize("NFC", text.lower()))


@lru_cache(maxsize=262_144)
def bare(word: str) -> str:
    """A word without tones and with `i` for `y`, so that "Kỳ", "kì" and "ky" are one."""
    return fold(word).replace("y", "i")


@dataclass(frozen=True)
class Reading:
    """What a cell says: its text, the Latin in it, a shortened genus with its epithet, what else is there."""

    text: str
    latin: tuple[str, ...]
    short: tuple[str, str] | None
    called: str
    doubt: bool


@lru_cache(maxsize=65_536)
def read(written: str) -> Reading:
    """The cell without numbering, marks and markup; `doubt` where it does not name exactly one taxon for sure."""
    text = NUMBERED.sub("", plain(written)).strip(" .,;:-–\"'“”")
    short = SHORT.match(text)
    found = list(BINOMIAL.finditer(text))
    doubt = bool(UNSURE.search(text)) or _second(text, found)
    outside = text
    for hit in found:
        outside = outside.replace(hit.group(0), " ")
    called = re.sub(r"[()\[\]{}/|,;:–-]+", " ", outside if found else text)
    latin = tuple(dict.fromkeys(f"{h.group(1)} {h.group(2)}" for h in found))
    if latin and text.isascii() and all(is_syllable(w) for w in words(text)):
        called = text  # "Khi vang" is written as a Latin name is
    return Reading(
        text, latin, (short.group(1), short.group(2)) if short else None, vernacular(called), doubt
    )


def _second(text: str, found: list[re.Match[str]]) -> bool:
    """Whether a second taxon stands in the cell."""
    if len({(h.group(1), h.group(2)) for h in found if h.group(2) not in AUTHOR_WORDS}) > 1:
        return True
    if any(BESIDE.match(text, h.end()) for h in found):
        return True
    after = SECOND.search(text)
    return (
        after is not None and after.group(1) not in AUTHOR_WORDS and after.group(1) not in {"al", "ex", "in"}
    )


def vernacular(text: str) -> str:
    """The words of a common name in lower case without "con", "loài", "cây" before it."""
    said = words(text)
    while len(said) > 1 and said[0] in CALLED and not (said[0] in {"chim", "cá", "cây"} and len(said) < 3):
        said = said[1:]
    return " ".join(said)
