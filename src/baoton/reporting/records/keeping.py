"""Which records each figure of a report counted, kept beside it as one packed file.

The file is a zip of columns. For each book the keys and revisions of every record that any figure counted, in key
order; for each figure one bit a record. So figures of one book share their keys, and a million records take about
11 bytes each, once. Older reports keep a line a record and are read as well.
"""

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from baoton.kit import blobs
from baoton.kit.access import Anybody
from baoton.kit.reading.register import REGISTERS
from baoton.reporting.queries import Told

MOST = 1_000_000
"""A figure of more records is kept without them: its page then opens today's and says so."""
GZIP = b"\x1f\x8b"
KEY = "S32"
Keys = NDArray[np.bytes_]
Numbers = NDArray[np.uint32]


@dataclass(frozen=True)
class Counted:
    """The records that a figure counted: their keys in order, 32 hex digits each, and their revisions of that day."""

    keys: Keys
    revisions: Numbers

    def __len__(self) -> int:
        return len(self.keys)

    def part(self, start: int, stop: int) -> dict[UUID, int]:
        """Some of them, by their place in the order."""
        found = zip(self.keys[start:stop], self.revisions[start:stop], strict=True)
        return {UUID(hex=key.decode()): int(n) for key, n in found}

    @cached_property
    def every(self) -> dict[UUID, int]:
        return self.part(0, len(self))


def key_of(one: Told) -> str:
    """Figures that ask alike share their records."""
    return f"{one.register}?{urlencode(sorted(one.query.items()))}"


def keep(told: Iterable[Told]) -> str:
    """The records of the figures lie in one kept file; its hash."""
    return pack(rows(one for one in told if one.count and one.count <= MOST))


def rows(told: Iterable[Told]) -> dict[str, dict[str, Counted]]:
    """The records that each figure counts now, by book and by what is asked of it."""
    books: dict[str, dict[str, Counted]] = {}
    for one in told:
        figures, key = books.setdefault(one.register, {}), key_of(one)
        if key not in figures:
            figures[key] = _rows(one)
    return books


def pack(books: Mapping[str, Mapping[str, Counted]]) -> str:
    """These records lie in one kept file; its hash."""
    columns: dict[str, NDArray[Any]] = {}
    for name, figures in books.items():
        keys = np.concatenate([f.keys for f in figures.values()])
        every, first = np.unique(keys, return_index=True)
        columns[f"{name}.keys"] = _columns(every)
        columns[f"{name}.revisions"] = np.concatenate([f.revisions for f in figures.values()])[first]
        for key, figure in figures.items():
            held = np.zeros(len(every), bool)
            held[np.searchsorted(every, figure.keys)] = True
            columns[_digest(key)] = np.packbits(held)
    packed = BytesIO()
    save: Any = np.savez_compressed  # its stub takes the names of columns for options
    save(packed, **columns)
    return blobs.store([packed.getvalue()], "application/zip").sha256


def _digest(key: str) -> str:
    return f"figure.{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def _columns(keys: Keys) -> NDArray[np.uint8]:
    """The keys as 16 bytes each, one column a byte: what changes little from key to key lies together."""
    raw = bytes.fromhex(b"".join(keys.tolist()).decode())
    return np.frombuffer(raw, np.uint8).reshape(-1, 16).T.copy()


def _rows(one: Told) -> Counted:
    book = REGISTERS[one.register]
    rows = book.filtered(book.door(Anybody()), one.query).order_by("id").values_list("id", "revision")
    keys, revisions = bytearray(), []
    for pk, revision in rows.iterator(20_000):
        keys += pk.hex.encode()
        revisions.append(revision)
    return Counted(np.frombuffer(bytes(keys), KEY), np.array(revisions, np.uint32))


def counted(sha256: str, one: Told) -> Counted | None:
    """The records a figure counted, from the file of that hash; None where they were not kept."""
    if not sha256 or not blobs.intact(sha256):
        return None
    path = blobs.path_of(sha256)
    with path.open("rb") as file:
        old = file.read(2) == GZIP
    if old:
        return _of_lines(path, key_of(one))
    with np.load(path, allow_pickle=False) as columns:
        name = _digest(key_of(one))
        if name not in columns:
            return None
        every = columns[f"{one.register}.keys"]
        held = np.unpackbits(columns[name], count=every.shape[1]).astype(bool)
        raw = np.ascontiguousarray(every.T[held]).tobytes().hex().encode()
        return Counted(np.frombuffer(raw, KEY), columns[f"{one.register}.revisions"][held])


def _of_lines(path: Any, key: str) -> Counted | None:
    """The same from a file of lines."""
    found: list[tuple[bytes, int]] | None = None
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#"):
                if found is not None:
                    break
                found = [] if line.rstrip("\n") == f"#{key}" else None
            elif found is not None:
                pk, _space, revision = line.partition(" ")
                found.append((pk.encode(), int(revision)))
    if found is None:
        return None
    return Counted(np.array([k for k, _n in found], KEY), np.array([n for _k, n in found], np.uint32))
