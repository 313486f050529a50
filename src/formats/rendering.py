"""Values of any type as text that loses nothing."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from formats import legacy


def render(cell: Any) -> str | None:
    """A cell as text that loses nothing: whole numbers without ".0", dates as ISO, blank as null."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, dt.timedelta):
        seconds = cell.total_seconds()
        return f"PT{seconds:.0f}S" if seconds == int(seconds) else f"PT{seconds}S"
    return str(cell)


def text(column: pa.Array, encoding: str | None = None) -> pa.Array:
    """A column of any type as text; blank text is null. Latin text may be read as an older encoding."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return text(column.dictionary_decode(), encoding)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        words = column.cast(pa.string())
        if encoding is not None:
            decoded = [
                None if v is None else legacy.decode(v.encode("latin-1"), encoding) for v in words.to_pylist()
            ]
            words = pa.array(decoded, pa.string())
        return pc.if_else(pc.equal(words, ""), pa.scalar(None, pa.string()), words)
    if pa.types.is_integer(kind) or pa.types.is_date32(kind):
        return column.cast(pa.string())
    return pa.array([_one(v) for v in column.to_pylist()], pa.string())


def _one(value: Any) -> str | None:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, bytes):
        return value.hex()
    return render(value)
