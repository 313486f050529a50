"""What nobody sees in an .xls or .ods workbook: hidden rows and columns, and the epoch it counts its days from."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import iterparse

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAST = 0xFFFFFFF0  # from here on a sector number is a mark, no sector
MOST = 16_384  # of columns, and of repeated blank rows that are counted
_T = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
Unseen = tuple[set[int], set[int], bool]
"""The rows and the columns that nobody sees, both from 0, and whether a filter is on."""


def of_ods(path: Path) -> dict[str, Unseen]:
    """The unseen parts of each sheet of an OpenDocument workbook."""
    with zipfile.ZipFile(path) as book, book.open("content.xml") as file:
        return dict(_ods_sheets(file))


def _ods_sheets(file: IO[bytes]) -> Iterator[tuple[str, Unseen]]:
    name, rows, columns, filtered, row, column, folded = "", set[int](), set[int](), False, 0, 0, 0
    for when, node in iterparse(file, events=("start", "end")):
        tag = node.tag.removeprefix(_T)
        if when == "start" and tag == "table":
            name, rows, columns, filtered, row, column = node.get(f"{_T}name", ""), set(), set(), False, 0, 0
        elif tag in ("table-row-group", "table-column-group") and node.get(f"{_T}display") == "false":
            folded += 1 if when == "start" else -1
        elif when == "end" and tag == "table":
            yield name, (rows, columns, filtered)
        elif when == "end" and tag == "table-row":
            times = int(node.get(f"{_T}number-rows-repeated", "1"))
            seen = node.get(f"{_T}visibility", "visible")
            if seen != "visible" or folded:
                rows |= set(range(row, row + min(times, MOST)))
                filtered |= seen == "filter"
            row += times
            node.clear()
        elif when == "end" and tag == "table-column":
            times = int(node.get(f"{_T}number-columns-repeated", "1"))
            if node.get(f"{_T}visibility", "visible") != "visible" or folded:
                columns |= set(range(column, min(column + times, MOST)))
            column += times


def is_xls(path: Path) -> bool:
    """Whether the file is one of the old binary kind."""
    with path.open("rb") as file:
        return file.read(8) == SIGNATURE


def of_xls(path: Path) -> tuple[dict[str, Unseen], bool]:
    """The unseen parts of each sheet of a binary workbook, and whether it counts its days from 1904.

    A book that is not laid out as expected tells nothing; whether it can be read at all, its reader says.
    """
    try:
        return _of_stream(_stream(path.read_bytes()))
    except (struct.error, IndexError, ValueError, UnicodeError):
        return {}, False


def _stream(data: bytes) -> bytes:
    """The workbook's own stream inside the compound file."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    small = 1 << struct.unpack_from("<H", data, 32)[0]
    first_dir, cutoff, first_mini = (struct.unpack_from("<I", data, at)[0] for at in (48, 56, 60))

    def sector(n: int) -> bytes:
        return data[(n + 1) * size : (n + 2) * size]

    heads = list(struct.unpack_from("<109I", data, 76))
    more = struct.unpack_from("<I", data, 68)[0]
    for _ in range(len(data) // size):
        if more >= LAST:
            break
        part = struct.unpack(f"<{size // 4}I", sector(more))
        heads, more = [*heads, *part[:-1]], part[-1]
    table = [n for h in heads if h < LAST for n in struct.unpack(f"<{size // 4}I", sector(h))]

    def chain(start: int, links: list[int]) -> Iterator[int]:
        for _ in range(len(links) + 1):
            if start >= LAST:
                return
            yield start
            start = links[start]

    folder = b"".join(sector(n) for n in chain(first_dir, table))
    found: dict[str, tuple[int, int]] = {}
    for at in range(0, len(folder) - 127, 128):
        length = struct.unpack_from("<H", folder, at + 64)[0]
        name = folder[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        found.setdefault(name, struct.unpack_from("<II", folder, at + 116))
    start, length = found.get("Workbook") or found["Book"] if {"Workbook", "Book"} & set(found) else (LAST, 0)
    if length >= cutoff:
        return b"".join(sector(n) for n in chain(start, table))[:length]
    mini = [n for s in chain(first_mini, table) for n in struct.unpack(f"<{size // 4}I", sector(s))]
    inner = b"".join(sector(n) for n in chain(found["Root Entry"][0], table))
    return b"".join(inner[n * small : (n + 1) * small] for n in chain(start, mini))[:length]


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Kind and body of each record from there to the end of its part."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        if kind == 0x0A:
            return
        at += 4 + length


def _of_stream(stream: bytes) -> tuple[dict[str, Unseen], bool]:
    sheets: list[tuple[str, int]] = []
    since_1904, new = False, True
    for kind, body in _records(stream, 0):
        if kind == 0x809:
            new = struct.unpack_from("<H", body)[0] >= 0x600
        elif kind == 0x22:
            since_1904 = struct.unpack_from("<H", body)[0] == 1
        elif kind == 0x85:
            sheets.append((_name(body[6:], new), struct.unpack_from("<I", body)[0]))
    return {name: _of_sheet(stream, at) for name, at in sheets}, since_1904


def _name(body: bytes, new: bool) -> str:
    length = body[0]
    if not new:
        return body[1 : 1 + length].decode("cp1252", "replace")
    wide = body[1] & 1
    return body[2 : 2 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1")


def _of_sheet(stream: bytes, at: int) -> Unseen:
    rows, columns, filtered = set[int](), set[int](), False
    for kind, body in _records(stream, at):
        if kind == 0x208 and len(body) >= 16 and struct.unpack_from("<H", body, 12)[0] & 0x20:
            rows.add(struct.unpack_from("<H", body)[0])
        elif kind == 0x7D:
            first, last, _width, _form, options = struct.unpack_from("<5H", body)
            if options & 1:
                columns |= set(range(first, min(last + 1, MOST)))
        elif kind == 0x9B:
            filtered = True
    return rows, columns, filtered
