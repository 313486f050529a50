"""Names of months in the languages that files come in, put into a form the reader of dates knows."""

from __future__ import annotations

import re
import unicodedata

_NAMES = (
    "jan january janv janvier ene enero januar",
    "feb february fev fevr fevrier febrero februar",
    "mar march mars marzo maerz marz",
    "apr april avr avril abr abril",
    "may mai mayo",
    "jun june juin junio juni",
    "jul july juil juillet julio juli",
    "aug august aout ago agosto",
    "sep sept september septembre septiembre setiembre",
    "oct october octobre octubre okt oktober",
    "nov november novembre noviembre",
    "dec december decembre dic diciembre dez dezember",
)
_NUMBERS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
_SPOKEN = {
    "giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8,
    "chín": 9, "mười một": 11, "mười hai": 12, "mười": 10, "chạp": 12,
}  # fmt: skip
_ROMAN = {
    r: n for n, r in enumerate(["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"], 1)
}
_VIETNAMESE = re.compile(rf"\b(?:tháng|thg|th)\.?\s*(\d{{1,2}}|{'|'.join(_SPOKEN)})(?!\w)", re.I)
_WORD = re.compile(r"[^\W\d_]{3,}\.?")
_ROMAN_BETWEEN = re.compile(r"(?<![^\d\s./-])([IVX]{1,4})(?=[\s./-]+\d)|(?<=\d[./-])([ivx]{1,4})(?=[./-]\d)")
MONTH = r"@(\d{1,2})@"


def marked(text: str) -> str:
    """The text with each month's name as "@7@": "15-Thg7-2025", "15.VII.2025" and "Jul 15" alike."""
    text = _VIETNAMESE.sub(lambda m: f" @{_SPOKEN.get(m[1].lower()) or int(m[1])}@ ", text)
    text = _WORD.sub(_named, text)
    text = _ROMAN_BETWEEN.sub(lambda m: f"@{_ROMAN[m[0].upper()]}@" if m[0].upper() in _ROMAN else m[0], text)
    return " ".join(text.split())


def _named(found: re.Match[str]) -> str:
    bare = unicodedata.normalize("NFD", found[0].rstrip(".").lower())
    number = _NUMBERS.get("".join(c for c in bare if not unicodedata.combining(c)))
    return f"@{number}@" if number else found[0]


def number(text: str) -> int | None:
    """The month that a cell of months means: "3", "03", "tháng 3", "T3", "Ba", "III", "Mar"; None where none."""
    plain = " ".join(text.split())
    if found := re.fullmatch(r"(?:tháng|thg|th|t)?\.?\s*(\d{1,2})", plain, re.I):
        return int(found[1]) if 1 <= int(found[1]) <= 12 else None
    if plain.upper() in _ROMAN:
        return _ROMAN[plain.upper()]
    spoken = re.sub(r"^tháng\s+", "", plain.lower())
    if spoken in _SPOKEN:
        return _SPOKEN[spoken]
    found = re.fullmatch(r"@(\d{1,2})@", _named(m) if (m := _WORD.fullmatch(plain)) else "")
    return int(found[1]) if found else None
