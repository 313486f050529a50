"""Answers made comparable: opened where they are packed, without what is random or merely the hour."""

import gzip
import io
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.worlds.asking import Answer

CHANGING = (
    re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"'),
    re.compile(rb'"X-CSRFToken": ?"[^"]*"'),
)
DIGEST = re.compile(rb"[0-9a-f]{12,}")
CLOCK = {"docProps/core.xml", "gpkg_contents"}


def parts(name: str, body: bytes) -> Iterator[tuple[str, bytes]]:
    """The bytes, or what is packed in them, each under its name."""
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as pack:
            for inner in sorted(pack.namelist()):
                if inner not in CLOCK:
                    yield from parts(f"{name}!{inner}", pack.read(inner))
    elif body[:2] == b"\x1f\x8b":
        yield from parts(f"{name}!", gzip.decompress(body))
    elif body[:15] == b"SQLite format 3":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.gpkg"
            path.write_bytes(body)
            base = sqlite3.connect(path)
            for (table,) in base.execute("select name from sqlite_master where type='table'").fetchall():
                if table not in CLOCK:
                    lines = base.execute(f'select * from "{table}"').fetchall()
                    yield f"{name}!{table}", repr(lines).encode()
    else:
        yield name, body


def canonical(answer: Answer, known: dict[bytes, bytes]) -> dict[str, bytes]:
    """Each part of an answer without its tokens; `known` are digests that may differ, with what stands for them."""
    found = {"status": str(answer.status).encode(), "headers": repr(answer.headers).encode()}
    found |= dict(parts("body", answer.body))
    for name, body in found.items():
        for pattern in CHANGING:
            body = pattern.sub(b"", body)
        found[name] = DIGEST.sub(lambda one: known.get(one[0], one[0]), body)
    return found


def difference(one: dict[str, bytes], other: dict[str, bytes]) -> str:
    """Where two answers part, with a little around it; empty where they are equal."""
    for name in sorted({*one, *other}):
        a, b = one.get(name, b"<none>"), other.get(name, b"<none>")
        if a == b:
            continue
        at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
        around = slice(max(0, at - 90), at + 110)
        return f"{name} at {at}:\n    {a[around]!r}\n    {b[around]!r}"
    return ""
