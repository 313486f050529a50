"""TCVN3 or VNI letters taken for Western ones: found and told, put right when asked."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from formats import legacy
from formats.encodings import NAMES
from formats.source import ROW, Findings, Table

SAMPLE_ROWS = 500


def check(table: Table, findings: Findings, asked: str | None) -> None:
    """Convert the table's text when asked, else warn where its first rows look mistaken."""
    if asked in ("tcvn3", "vni"):
        _convert(table, asked)
        return
    suspects = []
    sample = table.sample(SAMPLE_ROWS)
    for column in table.columns:
        found = legacy.suspect([column, *(v for v in sample.column(column).to_pylist() if v)])
        if found:
            suspects.append((column, found))
    for column, found in suspects:
        findings.add(
            "looks_" + found,
            f"Chữ trong cột “{column}” có vẻ gõ bằng phông {NAMES[found]}, chưa phải Unicode.",
            f"The text of column {column!r} looks typed in a {NAMES[found]} font, not Unicode.",
            f"Chọn chuyển mã {NAMES[found]} khi nhập, rồi xem lại các tên.",
            where=f"{table.name}:{column}",
        )


def _convert(table: Table, encoding: str) -> None:
    """Every text cell and the column names read as the older encoding."""
    inner = table.read
    names = {c: legacy.decode_text(c, encoding) for c in table.columns}
    table.columns = [names[c] for c in table.columns]
    table.kinds = {names[c]: k for c, k in table.kinds.items()}
    table.schema = pa.schema([f.with_name(names.get(f.name, f.name)) for f in table.schema])
    schema = table.schema

    def read(rows: int, findings: Findings) -> Iterator[pa.RecordBatch]:
        for batch in inner(rows, findings):
            columns = [
                pa.array(
                    [None if v is None else legacy.decode_text(v, encoding) for v in c.to_pylist()], c.type
                )
                if pa.types.is_string(c.type) and f.name != ROW
                else c
                for c, f in zip(batch.columns, schema, strict=True)
            ]
            yield pa.record_batch(columns, schema=schema)

    table.read = read
