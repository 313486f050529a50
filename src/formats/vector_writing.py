"""Tables with geometry written as GeoJSON and GeoPackage, in longitude and latitude (WGS84)."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyogrio
import shapely

from formats.csv_writing import READERS_OWN, _binary
from formats.rendering import render
from formats.source import WKB


def write_geojson(
    path: Path | str | IO[bytes], batches: Iterable[pa.RecordBatch], geometry: str = WKB
) -> int:
    """One feature a row, written as they come; a row without geometry is a feature with null geometry."""
    written = 0
    with _binary(path) as file:
        file.write(b'{"type":"FeatureCollection","features":[')
        for batch in batches:
            shapes = shapely.from_wkb(np.array(batch.column(geometry).to_pylist(), dtype=object))
            drawn = shapely.to_geojson(shapes)
            kept = [n for n in batch.schema.names if n not in READERS_OWN and n != geometry]
            rows = pa.RecordBatch.from_arrays([batch.column(n) for n in kept], names=kept).to_pylist()
            if not kept:
                rows = [{}] * batch.num_rows
            for shape, row in zip(drawn, rows, strict=True):
                values = json.dumps({k: _plain(v) for k, v in row.items()}, ensure_ascii=False)
                feature = f'{{"type":"Feature","geometry":{shape or "null"},"properties":{values}}}'
                file.write(("," if written else "").encode() + b"\n" + feature.encode())
                written += 1
        file.write(b"\n]}\n")
    return written


def write_gpkg(
    path: Path | str, layers: Mapping[str, Iterable[pa.RecordBatch]], geometry: str = WKB
) -> dict[str, int]:
    """Each layer's rows streamed into one GeoPackage; the number written of each."""
    path = Path(path)
    path.unlink(missing_ok=True)
    counts: dict[str, int] = {}
    for name, batches in layers.items():
        stream = iter(batches)
        first = next(stream, None)
        if first is None:
            counts[name] = 0
            continue
        schema = _trimmed(first, geometry).schema
        counts[name] = 0

        def counted(whole: Iterable[pa.RecordBatch], name: str = name) -> Iterator[pa.RecordBatch]:
            for batch in whole:
                counts[name] += batch.num_rows
                yield _trimmed(batch, geometry)

        reader = pa.RecordBatchReader.from_batches(schema, counted(chain([first], stream)))
        pyogrio.write_arrow(
            reader,
            path,
            layer=name,
            driver="GPKG",
            geometry_name=geometry if geometry in schema.names else None,
            geometry_type="Unknown" if geometry in schema.names else None,
            crs="EPSG:4326" if geometry in schema.names else None,
        )
    return counts


def _trimmed(batch: pa.RecordBatch, geometry: str) -> pa.RecordBatch:
    """The batch without the columns the reader added, its geometry kept."""
    return batch.select([n for n in batch.schema.names if n == geometry or n not in READERS_OWN])


def _plain(value: Any) -> Any:
    """A value JSON has a form for; others as text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, list | dict) else render(value)
