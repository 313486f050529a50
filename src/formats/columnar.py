"""Parquet and Feather files: a table of text with its geometry; those of EarthRanger also as patrols."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet

from formats import dwc, earthranger
from formats.source import ROW, WKB, Findings, FormatError, Source, Table, text_schema, unique_names

MAGIC = {b"PAR1": "parquet", b"ARRO": "feather"}
SUFFIXES = {".parquet", ".geoparquet", ".feather", ".arrow"}


def kind(start: bytes) -> str:
    """Which kind of file the first bytes tell, "" for none."""
    return MAGIC.get(start[:4], "")


def open_columnar(path: Path, source: Source) -> None:
    """Fill the source with the one table of the file; raises FormatError where it cannot be read."""
    try:
        whole = _read(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise FormatError(
            "cut_file",
            f"“{path.name}” bị cắt hoặc hỏng; chưa đọc gì từ tệp này.",
            f"{path.name} is cut or broken; nothing was read from it: {error}",
            "Tải lại tệp từ nơi xuất rồi thử lại.",
        ) from error
    names = [n for n in whole.column_names if not n.startswith("__index_level")]
    whole = whole.select(names)
    if not earthranger.open_columns(whole, source):
        source.kind = "columnar"
        source.tables.append(_table(path.stem, whole))


def _read(path: Path) -> pa.Table:
    with path.open("rb") as file:
        found = kind(file.read(8))
    return pyarrow.parquet.read_table(path) if found == "parquet" else pyarrow.feather.read_table(path)


def _table(name: str, whole: pa.Table) -> Table:
    findings = Findings()
    shaped = "geometry" in whole.column_names and pa.types.is_binary(whole.schema.field("geometry").type)
    told = [n for n in whole.column_names if n != "geometry" or not shaped]
    columns = unique_names(told, findings, name)
    schema = text_schema(columns, wkb=shaped)

    def read(rows: int, _found: Findings) -> Iterator[pa.RecordBatch]:
        before = 0
        for batch in whole.to_batches(max_chunksize=rows):
            numbers = pa.array(range(before + 1, before + 1 + batch.num_rows), pa.int64())
            values: dict[str, Any] = {ROW: numbers}
            for given, column in zip(told, columns, strict=True):
                values[column] = pa.array([written(v) for v in batch.column(given).to_pylist()], pa.string())
            if shaped:
                values[WKB] = batch.column("geometry").cast(pa.binary())
            before += batch.num_rows
            yield pa.record_batch([values[f.name] for f in schema], schema=schema)

    table = Table(name, columns, schema, read, counted=whole.num_rows, opening=findings)
    table.kinds = dict.fromkeys(columns, "text")
    table.terms = dwc.exact_terms(columns)
    table.row_type = dwc.guess_row_type(table.terms.values())
    table.metadata = {"crs": "EPSG:4326", "system": ""} if shaped else {}
    return table


def written(value: Any) -> str | None:
    """A value as text: times as ISO, lists and structures as JSON, bytes not at all."""
    if value is None or isinstance(value, bytes) or value in ("", [], {}):
        return None
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
