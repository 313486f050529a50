"""The Vietnamese encodings older than Unicode: TCVN3 (ABC fonts), VNI and Windows-1258, read and written.

TCVN3 is the 8-bit code of the standard TCVN 5712:1993 as the ".Vn" fonts use it; VNI is the two-byte code of
the "VNI-" fonts (a letter, then a mark); Windows-1258 writes the tone as a combining mark.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from formats.syllables import share

# 0xB0-0xB4 are tones on their own: a toned capital is written as the capital and a tone
_TCVN3_BYTES = {
    0xA1: "Ă", 0xA2: "Â", 0xA3: "Ê", 0xA4: "Ô", 0xA5: "Ơ", 0xA6: "Ư", 0xA7: "Đ",
    0xA8: "ă", 0xA9: "â", 0xAA: "ê", 0xAB: "ô", 0xAC: "ơ", 0xAD: "ư", 0xAE: "đ",
    0xB0: "\u0300", 0xB1: "\u0309", 0xB2: "\u0303", 0xB3: "\u0301", 0xB4: "\u0323",
    0xB5: "à", 0xB6: "ả", 0xB7: "ã", 0xB8: "á", 0xB9: "ạ",
    0xBB: "ằ", 0xBC: "ẳ", 0xBD: "ẵ", 0xBE: "ắ", 0xC6: "ặ",
    0xC7: "ầ", 0xC8: "ẩ", 0xC9: "ẫ", 0xCA: "ấ", 0xCB: "ậ",
    0xCC: "è", 0xCE: "ẻ", 0xCF: "ẽ", 0xD0: "é", 0xD1: "ẹ",
    0xD2: "ề", 0xD3: "ể", 0xD4: "ễ", 0xD5: "ế", 0xD6: "ệ",
    0xD7: "ì", 0xD8: "ỉ", 0xDC: "ĩ", 0xDD: "í", 0xDE: "ị",
    0xDF: "ò", 0xE1: "ỏ", 0xE2: "õ", 0xE3: "ó", 0xE4: "ọ",
    0xE5: "ồ", 0xE6: "ổ", 0xE7: "ỗ", 0xE8: "ố", 0xE9: "ộ",
    0xEA: "ờ", 0xEB: "ở", 0xEC: "ỡ", 0xED: "ớ", 0xEE: "ợ",
    0xEF: "ù", 0xF1: "ủ", 0xF2: "ũ", 0xF3: "ú", 0xF4: "ụ",
    0xF5: "ừ", 0xF6: "ử", 0xF7: "ữ", 0xF8: "ứ", 0xF9: "ự",
    0xFA: "ỳ", 0xFB: "ỷ", 0xFC: "ỹ", 0xFD: "ý", 0xFE: "ỵ",
}  # fmt: skip
_TONES = {"\u0301": 0xF9, "\u0300": 0xF8, "\u0309": 0xFB, "\u0303": 0xF5, "\u0323": 0xEF}
_BREVE = {"": 0xEA, "\u0301": 0xE9, "\u0300": 0xE8, "\u0309": 0xFA, "\u0303": 0xFC, "\u0323": 0xEB}
_CIRCUMFLEX = {"": 0xE2, "\u0301": 0xE1, "\u0300": 0xE0, "\u0309": 0xE5, "\u0303": 0xE3, "\u0323": 0xE4}
_VNI_SINGLE = {
    "đ": 0xF1,
    "ơ": 0xF4,
    "ư": 0xF6,
    "í": 0xED,
    "ì": 0xEC,
    "ỉ": 0xE6,
    "ĩ": 0xF3,
    "ị": 0xF2,
    "ỵ": 0xEE,
}
VIETNAMESE = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"


def _vni_pairs() -> dict[str, bytes]:
    """Every Vietnamese letter as VNI writes it: one byte, or a letter and a mark."""
    pairs = {letter: bytes([code]) for letter, code in _VNI_SINGLE.items()}
    for vowel in "aeouy":
        for tone, code in _TONES.items():
            pairs.setdefault(unicodedata.normalize("NFC", vowel + tone), vowel.encode() + bytes([code]))
    for vowel in "ơư":
        for tone, code in _TONES.items():
            pairs[unicodedata.normalize("NFC", vowel + tone)] = pairs[vowel] + bytes([code])
    for base, mark, codes in (
        ("a", "\u0306", _BREVE),
        ("a", "\u0302", _CIRCUMFLEX),
        ("e", "\u0302", _CIRCUMFLEX),
        ("o", "\u0302", _CIRCUMFLEX),
    ):
        for tone, code in codes.items():
            pairs[unicodedata.normalize("NFC", base + mark + tone)] = base.encode() + bytes([code])
    upper = {
        k.upper(): bytes(b - 0x20 if b >= 0xE0 or 0x61 <= b <= 0x7A else b for b in v)
        for k, v in pairs.items()
    }
    return pairs | upper


_VNI = _vni_pairs()
_VNI_BY_BYTES = {code.decode("latin-1"): letter for letter, code in _VNI.items()}
_VNI_BY_BYTES |= {  # a small letter under a capital's mark, or the reverse, is met in real text
    letter + mark.decode("latin-1"): unicodedata.normalize("NFC", letter + tone)
    for letter in "AEOUYaeouy"
    for tone, code in _TONES.items()
    for mark in (bytes([code]), bytes([code - 0x20]))
    if (letter + mark.decode("latin-1")) not in _VNI_BY_BYTES
}
_TCVN3_FROM = {letter: code for code, letter in _TCVN3_BYTES.items()}


def decode(data: bytes, encoding: str) -> str:
    """The bytes as composed Unicode text; `encoding` is "tcvn3", "vni" or any codec Python knows."""
    if encoding in ("tcvn3", "vni"):
        return _from_latin(data.decode("latin-1"), encoding)
    text = data.decode(encoding, errors="replace")
    return unicodedata.normalize("NFC", text) if encoding == "cp1258" else text


def decode_text(text: str, encoding: str) -> str:
    """Text that a program took for Western, put right: "L©m nghiÖp" in TCVN3 is "Lâm nghiệp"."""
    return _from_latin(text.translate(_WESTERN_TO_BYTES), encoding)


def encode(text: str, encoding: str) -> bytes:
    """The text in the older encoding; a letter it does not have raises UnicodeEncodeError."""
    out = bytearray()
    for position, letter in enumerate(unicodedata.normalize("NFC", text)):
        code = _encoded(letter, encoding)
        if code is None:
            raise UnicodeEncodeError(encoding, text, position, position + 1, "no such letter")
        out += code
    return bytes(out)


def _encoded(letter: str, encoding: str) -> bytes | None:
    if letter < "\x80":
        return letter.encode()
    if encoding == "vni":
        return _VNI.get(letter)
    if encoding == "tcvn3":
        if letter in _TCVN3_FROM:
            return bytes([_TCVN3_FROM[letter]])
        base, tone = _split_tone(letter)
        first = _encoded(base, encoding) if base != letter else None
        return first + bytes([_TCVN3_FROM[tone]]) if first and tone else None
    try:
        return letter.encode(encoding)
    except UnicodeEncodeError:
        base, tone = _split_tone(letter)
        try:
            return base.encode(encoding) + tone.encode(encoding) if tone else None
        except UnicodeEncodeError:
            return None


def _split_tone(letter: str) -> tuple[str, str]:
    """The letter without its tone, and the tone as a combining mark ("" where it has none)."""
    parts = unicodedata.normalize("NFD", letter)
    tone = next((p for p in parts if p in _TONES), "")
    return unicodedata.normalize("NFC", parts.replace(tone, "") if tone else parts), tone


def _from_latin(text: str, encoding: str) -> str:
    if encoding == "tcvn3":
        return unicodedata.normalize("NFC", text.translate(_TCVN3_BYTES))
    out: list[str] = []
    i = 0
    while i < len(text):
        for width in (2, 1):
            letter = _VNI_BY_BYTES.get(text[i : i + width])
            if letter is not None and len(text[i : i + width]) == width:
                out.append(letter)
                i += width
                break
        else:
            out.append(text[i])
            i += 1
    return "".join(out)


_WESTERN_TO_BYTES = {
    ord(bytes([code]).decode("cp1252", errors="replace")): code for code in range(0x80, 0xA0) if code not in
    (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}  # fmt: skip


def suspect(texts: Iterable[str]) -> str | None:
    """ "tcvn3" or "vni" where Unicode text reads as Vietnamese only after it is put right, else None."""
    joined = unicodedata.normalize("NFC", " ".join(t for t in texts if t and not t.isascii()))
    if not joined or any(c in "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỷỹỵăđơư" for c in joined.lower()):
        return None
    scores = {e: share(decode_text(joined, e)) for e in ("tcvn3", "vni")}
    best = max(scores, key=lambda e: scores[e])
    return best if scores[best] >= 0.75 and scores[best] > share(joined) + 0.3 else None
