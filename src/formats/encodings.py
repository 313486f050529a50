"""Which encoding a text file is in, said with its reason, and the file rewritten as UTF-8 where it is not."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from formats import legacy, syllables

BLOCK = 1 << 22
SAMPLE = 40_000
NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 (BOM)",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1258": "Windows-1258",
    "tcvn3": "TCVN3 (ABC)",
    "vni": "VNI",
    "cp1252": "Windows-1252",
}


@dataclass(frozen=True)
class Survey:
    """What one pass over the bytes of a file tells; `plain` files may be read by the fast reader."""

    encoding: str
    sure: bool
    size: int
    newlines: int
    ends_with_newline: bool
    carriage_only: bool
    nuls: int
    blank_lines: bool
    quotes_span_lines: bool
    stray_returns: bool
    returns: bool
    valid: bool

    @property
    def plain(self) -> bool:
        """Every line is one record: no quote spans lines, no NUL, no lone carriage return, no blank line."""
        return not (self.nuls or self.blank_lines or self.quotes_span_lines or self.stray_returns)


def survey(path: Path, encoding: str | None = None) -> Survey:
    """One pass: the encoding (a given one is believed), the lines, and everything that makes a file odd."""
    with path.open("rb") as file:
        head = file.read(4096)
    found = encoding or _by_mark(head)
    sure = found is not None
    utf8 = _Utf8() if found in (None, "utf-8", "utf-8-sig") else None
    newlines = nuls = lone = size = parity = 0
    blank = span = returns = False
    tail = b""
    for block in _blocks(path):
        if utf8 is not None:
            utf8.take(block)
        size += len(block)
        newlines += block.count(b"\n")
        nuls += block.count(b"\0") if b"\0" in block else 0
        returns = returns or b"\r" in block
        lone += _lone_returns(block, tail)
        seam = tail + block[:2]
        blank = blank or b"\n\n" in block or b"\n\n" in seam
        blank = blank or (returns and (b"\n\r\n" in block or b"\n\r\n" in seam))
        if not span:
            span, parity = _quotes_odd_at_newline(block, parity)
        tail = block[-2:]
    valid = utf8 is None or utf8.complete
    if found is None:
        found, sure = ("utf-8", True) if valid else guess(_odd_part(path))
    blank = blank or head.lstrip(codecs.BOM_UTF8).startswith((b"\n", b"\r\n"))
    return Survey(
        found, sure, size, newlines, tail.endswith((b"\n", b"\r")), newlines == 0 and lone > 0,
        nuls, blank, span, lone > 0, returns, valid,
    )  # fmt: skip


class _Utf8:
    """Whether the bytes given so far are UTF-8, a letter cut between two blocks counted as one."""

    def __init__(self) -> None:
        self._valid, self._rest = True, b""

    @property
    def complete(self) -> bool:
        """True when everything given was UTF-8 and no letter is left half."""
        return self._valid and not self._rest

    def take(self, block: bytes) -> None:
        """Check the next bytes with the columnar library's fast test."""
        if not self._valid:
            return
        data = self._rest + block if self._rest else block
        end = len(data)
        for back in range(1, min(4, end) + 1):
            byte = data[-back]
            if byte >= 0xC0:  # the first byte of a letter: whole only if all its bytes are here
                wanted = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
                end = end - back if wanted > back else end
                break
            if byte < 0x80:
                break
        self._rest = data[end:]
        offsets = pa.py_buffer(np.array([0, end], dtype=np.int32))
        try:
            pa.Array.from_buffers(pa.string(), 1, [None, offsets, pa.py_buffer(data)]).validate(full=True)
        except pa.ArrowInvalid:
            self._valid = False


def as_utf8(path: Path, found: Survey, target: Path) -> int:
    """The file in UTF-8 without a mark, one line feed a line; returns how many bytes had no letter."""
    unread = 0
    with target.open("w", encoding="utf-8", newline="") as out:
        for text in _decoded(path, found.encoding):
            unread += text.count("\ufffd")
            out.write(text.replace("\r", "\n") if found.carriage_only else text)
    return unread


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    """The text of the file in pieces that end with a line, so that no letter is cut in two."""
    if encoding in ("tcvn3", "vni", "cp1258"):
        rest = b""
        for block in _blocks(path):
            cut = (rest + block).rfind(b"\n") + 1
            joined = rest + block
            rest = joined[cut:]
            yield legacy.decode(joined[:cut], encoding)
        yield legacy.decode(rest, encoding)
        return
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)(errors="replace")
    first = True
    for block in _blocks(path):
        text = decoder.decode(block)
        yield text.lstrip("\ufeff") if first else text
        first = False
    yield decoder.decode(b"", final=True)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def _by_mark(head: bytes) -> str | None:
    """The encoding a byte order mark states, or UTF-16 without one seen by its zero bytes."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    first, second = head[::2].count(b"\0"), head[1::2].count(b"\0")
    zeros = len(head) >= 8 and b"\0" in head[:4] and first + second > len(head) // 4
    if zeros and min(first, second) * 10 < max(first, second):
        return "utf-16-be" if first > second else "utf-16-le"
    return None


def _odd_part(path: Path) -> bytes:
    """Some lines of the file that hold bytes beyond ASCII."""
    kept, size = [], 0
    for block in _blocks(path):
        if block.isascii():
            continue
        for line in block.split(b"\n"):
            if not line.isascii():
                kept.append(line[:2_000])
                size += len(kept[-1])
                if size > SAMPLE:
                    return b"\n".join(kept)
    return b"\n".join(kept)


def _lone_returns(block: bytes, tail: bytes) -> int:
    """Carriage returns not followed by a line feed (one at the very end of a block waits for the next)."""
    before = int(tail.endswith(b"\r") and not block.startswith(b"\n"))
    if b"\r" not in block:
        return before
    returns = block.count(b"\r")
    return before + returns - block.count(b"\r\n") - int(block.endswith(b"\r"))


def _quotes_odd_at_newline(block: bytes, parity: int) -> tuple[bool, int]:
    """Whether some line ends inside an open double quote, and the parity of quotes carried on."""
    if b'"' not in block:
        return parity == 1 and b"\n" in block, parity
    data = np.frombuffer(block, dtype=np.uint8)
    quotes = np.flatnonzero(data == 34)
    before = np.searchsorted(quotes, np.flatnonzero(data == 10))
    return bool(((before + parity) & 1).any()), (parity + len(quotes)) & 1


def guess(sample: bytes) -> tuple[str, bool]:
    """The older encoding in which accented words are Vietnamese; Windows-1252, unsure, if none is."""
    scores = {e: syllables.share(legacy.decode(sample, e)) for e in ("cp1258", "tcvn3", "vni")}
    best = max(scores, key=lambda e: scores[e])
    if scores[best] >= 0.6:
        return best, True
    return "cp1252", False
