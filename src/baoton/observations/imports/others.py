"""Columns no term takes, which our archives carry as one JSON object a row: they come back as the columns they were."""

import json

import polars as pl

from baoton.kit.importing.chunk import Chunk

TERM = "dynamicProperties"


def unpack(chunk: Chunk) -> None:
    """Objects whose values are all text become columns again; any other text stays as it came."""
    packed = chunk.extra.get(TERM)
    if packed is None or packed.null_count() == chunk.n:
        return
    rows = [_object(text) for text in packed.to_list()]
    names = list(dict.fromkeys(name for row in rows if row for name in row))
    whole = [text if row is None else None for text, row in zip(packed.to_list(), rows, strict=True)]
    chunk.extra[TERM] = pl.Series(TERM, whole, dtype=pl.String)
    for name in names:
        cells = pl.Series(name, [row.get(name) if row else None for row in rows], dtype=pl.String)
        own = chunk.extra.get(name)
        chunk.extra[name] = cells if own is None else own.fill_null(cells)


def _object(text: str | None) -> dict[str, str] | None:
    """The object of a text whose values are all text, else None."""
    if not text or not text.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return None
    good = isinstance(found, dict) and all(isinstance(v, str) for v in found.values())
    return found if good else None
