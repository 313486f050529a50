"""How sure we are of a statement of law, from the best to the worst."""

from collections.abc import Iterable
from typing import Literal, get_args

Certainty = Literal["read", "secondary", "remembered", "unverified", "unsure"]

LEVELS: tuple[Certainty, ...] = get_args(Certainty)

SAID = {
    "read": "đã đọc trong văn bản",
    "secondary": "theo nguồn thứ cấp, chưa đối chiếu văn bản",
    "remembered": "theo quy định trước đây, chưa đối chiếu văn bản hiện hành",
    "unverified": "chưa đối chiếu với văn bản đang có hiệu lực",
    "unsure": "chưa chắc chắn",
}

SAID_EN = {
    "read": "read in the text itself",
    "secondary": "from a secondary source, not checked against the text",
    "remembered": "by earlier rules, not checked against the text in force",
    "unverified": "not checked against the text in force",
    "unsure": "not certain",
}


def certainty(text: object) -> Certainty:
    """The mark itself if it is one of the five, else a ValueError."""
    for level in LEVELS:
        if text == level:
            return level
    raise ValueError(f"{text!r} is not one of {', '.join(LEVELS)}")


def weakest(marks: Iterable[Certainty]) -> Certainty:
    """The least sure of the marks; a chain of statements is as sure as its weakest link."""
    return max(marks, key=LEVELS.index, default="read")
