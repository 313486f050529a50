"""Vietnamese text made comparable: with or without diacritics, in any case."""

import unicodedata

_D = str.maketrans({"đ": "d", "Đ": "D"})


def fold(text: str) -> str:
    """The text in lower case without diacritics and with single spaces: `Vượn đen` becomes `vuon den`."""
    bare = unicodedata.normalize("NFD", text.translate(_D))
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).lower().split())


def tidy(text: str) -> str:
    """The same words in NFC, without leading, trailing, doubled or invisible spaces."""
    text = (
        unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\u200b", "").replace("\ufeff", "")
    )
    return " ".join(text.split())
