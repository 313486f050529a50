"""Rows that a reader has taken out of a document, as a table of text with places beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import shapely

from formats.source import Findings, Table, text_schema, unique_names

Row = dict[str, Any]
PLACE = "_place"
"""The key under which a row carries its geometry (a shapely shape, or None)."""


def words(value: Any) -> str | None:
    """A value as text: numbers as written, lists and objects as JSON, nothing as None."""
    if value is None or value == "" or value == [] or value == {}:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def place(lon: Any, lat: Any) -> Any:
    """A point, or None where the pair is missing, is no number, is 0, 0 or lies off the globe."""
    try:
        x, y = float(lon), float(lat)
    except (TypeError, ValueError):
        return None
    on_globe = -180 <= x <= 180 and -90 <= y <= 90
    return shapely.Point(x, y) if on_globe and (x, y) != (0, 0) else None


def table_of(
    name: str, first: Sequence[str], rows: Sequence[Row], *, shaped: bool = True, at: Sequence[int] = ()
) -> Table:
    """A table whose columns are `first` and then every other key that occurs, in the order met.

    A column of `first` that no row fills is left out. Rows without a place are told, not left out. `at` is where each
    row stands in the file that it came from, where that is not its own place here.
    """
    found = Findings()
    met = dict.fromkeys(key for row in rows for key, value in row.items() if _shown(key, value))
    keys = [key for key in dict.fromkeys([*first, *met]) if key in met and key != PLACE]
    columns = unique_names(keys, found, name)
    schema = text_schema(columns, wkb=shaped)

    def read(count: int, findings: Findings) -> Iterator[pa.RecordBatch]:
        for start in range(0, len(rows), count):
            some = rows[start : start + count]
            numbers = at[start : start + count] if at else range(start + 1, start + len(some) + 1)
            values: list[pa.Array] = [pa.array(numbers, pa.int64())]
            values += [pa.array([words(row.get(key)) for row in some], pa.string()) for key in keys]
            if shaped:
                values.append(_places(some, start, findings, name))
            yield pa.record_batch(values, schema=schema)

    table = Table(name, columns, schema, read, counted=len(rows), opening=found)
    table.kinds = dict.fromkeys(columns, "text")
    table.metadata = {"crs": "EPSG:4326", "system": ""} if shaped else {}
    return table


def _shown(key: str, value: Any) -> bool:
    """True when the key holds something to show."""
    return key != PLACE and words(value) is not None


def _places(rows: Sequence[Mapping[str, Any]], before: int, findings: Findings, name: str) -> pa.Array:
    out: list[bytes | None] = []
    for number, row in enumerate(rows, before + 1):
        shape = row.get(PLACE)
        if shape is None:
            findings.add(
                "null_geometry",
                "Dòng không có vị trí dùng được.",
                "A row has no usable place.",
                where=name,
                row=number,
            )
        out.append(None if shape is None else shapely.to_wkb(shape))
    return pa.array(out, pa.binary())
