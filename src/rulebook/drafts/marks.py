"""The marks by which such papers are divided: parts, Roman numbers, numbers, letters, dashes."""

import re
from dataclasses import dataclass

ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
WORDS = {
    "nhất": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip
PART, UPPER, ROMAN_, NUMBER, LETTER, DASH, PLUS = "part", "upper", "roman", "number", "letter", "dash", "plus"
NAMED = "named"
_PART = re.compile(r"^ph[ầâ]n\s+(?:thứ\s+)?(\w+)\s*[.:–-]?\s*(.*)$", re.I)
_NAMED = re.compile(
    r"^(chương|mục tiêu|mục|(?:nhóm )?(?:nhiệm vụ|giải pháp)|nội dung|hợp phần|(?:tiểu )?dự án|hoạt động)"
    r"\s+(?:số\s+)?([IVXLC]{1,6}|\d{1,2})(?:\s*[.:–-]\s*(\S.*)|\s*[.:]?)$",
    re.I,
)
_ROMAN = re.compile(r"^([IVXLC]{1,6})\s*(?:[.)/:]|[-–](?=\s))\s*(\S.*)$")
_UPPER = re.compile(r"^([A-ZĐ])\s*[./)]\s*(\S.*)$")
_NUMBER = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){1,3})\s*[.)]?\s+(\D.*)$")
_PLAIN = re.compile(r"^(\d{1,2})\s*[.)/]\s*([^\d\s].*)$")
_LETTER = re.compile(r"^([a-zđ])\s*[.)]\s*(\S.*)$")
_DASH = re.compile(r"^[-–—•▪●*]\s*(\S.*)$")
_PLUS = re.compile(r"^[+○◦✓]\s*(\S.*)$")
ALPHABET = "abcdđefghijklmnopqrstuvwxyz"
PLAIN_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands before a heading or bullet: its kind, how deep among numbers, its place, as it is written.

    One that is named (“Nhiệm vụ 1:”) has its `name`, and lies just below the heading `above` it, whatever that is.
    """

    kind: str
    depth: int
    number: int
    written: str
    words: str
    name: str = ""
    above: tuple[int, ...] = (0,)

    @property
    def level(self) -> tuple[int, ...]:
        """Outer marks come first; dashes and pluses hold nothing but what is deeper."""
        if self.kind == NAMED:
            return (*self.above, 1)
        order = {PART: 0, UPPER: 1, ROMAN_: 2, NUMBER: 3, LETTER: 4, DASH: 5, PLUS: 6}
        return order[self.kind], self.depth


def mark_of(text: str, upper_before: int = 0) -> Mark | None:
    """The mark a paragraph begins with; `upper_before` is the place of the capital letter that came last.

    `I.`, `V.`, `C.` are Roman unless they follow the capital before them (H., then I.).
    """
    if found := _PART.match(text):
        number = WORDS.get(found[1].lower()) or roman(found[1].upper()) or _int(found[1])
        if number:
            return Mark(PART, 0, number, f"P{number}", found[2].strip())
    if found := _NAMED.match(text):
        number = roman(found[2].upper()) or _int(found[2])
        if number and found[1].lower() == "chương":
            return Mark(PART, 1, number, f"C{number}", (found[3] or "").strip())
        if number:
            return Mark(NAMED, 0, number, found[2], (found[3] or "").strip(), found[1].lower())
    if found := _UPPER.match(text):
        place = ALPHABET.find(found[1].lower()) + 1
        plain = PLAIN_LETTERS.find(found[1].lower()) + 1
        if found[1] not in ROMAN or (upper_before and upper_before + 1 in (place, plain)):
            return Mark(UPPER, 0, place, found[1], found[2].strip())
    if (found := _ROMAN.match(text)) and roman(found[1]):
        return Mark(ROMAN_, 0, roman(found[1]), found[1], found[2].strip())
    if found := _NUMBER.match(text):
        parts = found[1].split(".")
        return Mark(NUMBER, len(parts), int(parts[-1]), found[1], found[2].strip())
    if found := _PLAIN.match(text):
        return Mark(NUMBER, 1, int(found[1]), found[1], found[2].strip())
    if found := _LETTER.match(text):
        return Mark(LETTER, 0, ALPHABET.find(found[1]) + 1, found[1], found[2].strip())
    if found := _DASH.match(text):
        return Mark(DASH, 0, 0, "", found[1].strip())
    if found := _PLUS.match(text):
        return Mark(PLUS, 0, 0, "", found[1].strip())
    return None


def roman(text: str) -> int:
    """The number a Roman numeral says; 0 for what is none."""
    if not re.fullmatch(r"(XL|L?X{0,3})(IX|IV|V?I{0,3})", text) or not text:
        return 0
    values = [ROMAN[letter] for letter in text]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))


def _int(text: str) -> int:
    return int(text) if text.isdigit() else 0
