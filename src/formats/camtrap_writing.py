"""A package of camera traps written as Camtrap DP 1.0.2: one zip with its description and three tables."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from formats.camtrap_terms import COLUMNS, TABLES
from formats.csv_writing import write_rows

VERSION = "1.0.2"
RAW = f"https://raw.githubusercontent.com/tdwg/camtrap-dp/{VERSION}"


def write_package(
    path: Path | str | IO[bytes], tables: Mapping[str, Iterable[pa.RecordBatch]], about: Mapping[str, Any]
) -> dict[str, int]:
    """The zip is written table by table and in constant memory; how many rows each table has.

    `tables`: batches of text columns under the names of 1.0, for each of deployments, media and observations; a column
    that is not of 1.0 is an error of the programmer. `about`: what the description says beside its resources.
    """
    counted: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in TABLES:
            with archive.open(f"{name}.csv", "w", force_zip64=True) as out:
                counted[name] = write_rows(out, _whole(name, tables[name]), guard=False)
        archive.writestr("datapackage.json", json.dumps(described(about), ensure_ascii=False, indent=2))
    return counted


def described(about: Mapping[str, Any]) -> dict[str, Any]:
    """The description of a package as the profile of 1.0.2 asks for it."""
    resources = [
        {
            "name": name, "path": f"{name}.csv", "profile": "tabular-data-resource", "format": "csv",
            "mediatype": "text/csv", "encoding": "utf-8", "schema": f"{RAW}/{name}-table-schema.json",
        }
        for name in TABLES
    ]  # fmt: skip
    return {"resources": resources, "profile": f"{RAW}/camtrap-dp-profile.json", **about}


def _whole(name: str, batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
    """Each batch with every column of 1.0 in its order; a table without a row still has its header."""
    schema = pa.schema([pa.field(c, pa.string()) for c in COLUMNS[name]])
    some = False
    for batch in batches:
        if strange := set(batch.schema.names) - set(COLUMNS[name]):
            raise ValueError(f"{name} has no columns {sorted(strange)} in Camtrap DP {VERSION}")
        some = True
        have = set(batch.schema.names)
        yield pa.record_batch(
            [batch.column(c) if c in have else pa.nulls(batch.num_rows, pa.string()) for c in COLUMNS[name]],
            schema=schema,
        )
    if not some:
        yield pa.record_batch([pa.array([], pa.string()) for _c in COLUMNS[name]], schema=schema)
