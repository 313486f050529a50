"""UTF-8 that a program took for Western and saved again ("TÃªn loÃ i"): found, put right where nothing was lost."""

from __future__ import annotations

import re
from collections.abc import Iterable

from formats import syllables

# what UTF-8's Vietnamese letters become when each byte is read as a Western letter
_SIGNS = re.compile(
    r"Ã[\u0080-\u00bf\u0152-\u0178\u02c6-\u02dc\u2013-\u2122€ƒ]|á[º»]|"
    r"[ÄÅ][\u0080-\u00bf\u2013-\u2122‘ƒ¨©]|Æ[°¡\u00a0]|"
    r"â€[\u2013-\u2122\u0080-\u00bfœ]"
)
_SOUND = re.compile("[\u1ea0-\u1ef9ơưăđƠƯĂĐ]")  # letters a second reading never leaves
_UNDEFINED = {0x81, 0x8D, 0x8F, 0x90, 0x9D}
_BYTES = {
    (bytes([b]).decode("latin-1") if b in _UNDEFINED else bytes([b]).decode("cp1252")): b for b in range(256)
} | {chr(b): b for b in range(256)}


def looks(text: str) -> bool:
    """Whether the text holds the pairs of letters that only a second reading makes."""
    return _SIGNS.search(text) is not None and _SOUND.search(text) is None


def undone(text: str) -> str | None:
    """The text as it was meant; None where letters were lost on the way, or where it is nothing of the kind."""
    try:
        return bytes(_BYTES[c] for c in text).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return None


def mended(text: str) -> str:
    """The text as it was meant where that can be told, word by word where not in one piece."""
    if not looks(text):
        return text
    whole = undone(text)
    if whole is not None:
        return whole
    return "".join(undone(part) or part if looks(part) else part for part in re.split(r"(\s+)", text))


def verdict(texts: Iterable[str]) -> str:
    """ "" for healthy text, "few" where some cells are hurt, "whole" where all can be mended, else "lost"."""
    odd = [t for t in texts if t and not t.isascii()]
    hurt = [t for t in odd if looks(t)]
    if not hurt:
        return ""
    if len(hurt) < 2 or len(hurt) * 2 < len(odd):
        return "few"
    meant = [undone(t) for t in hurt]
    whole = [m for m in meant if m is not None]
    if len(whole) < len(hurt):
        return "lost"
    return "whole" if syllables.share(" ".join(whole)) >= 0.5 else "few"
