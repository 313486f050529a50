"""Columns that no field takes, kept as they came: one JSON object a row, blanks left out."""

import json
from collections.abc import Mapping

import polars as pl

ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"} | {
    chr(i): f"\\u{i:04x}" for i in range(32) if chr(i) not in "\n\r\t"
}
ODD = r'[\x00-\x1f"\\]'


def json_of(columns: Mapping[str, pl.Series], n: int) -> pl.Series:
    """The object of each row as text; `{}` where nothing is left over."""
    parts = []
    for name, series in columns.items():
        if series.null_count() == n:
            continue
        text = series
        if text.str.contains(ODD).any():
            text = text.str.replace_many(list(ESCAPES), list(ESCAPES.values()))
        start = json.dumps(name, ensure_ascii=False) + ':"'
        parts.append((pl.lit(start) + pl.lit(text) + pl.lit('"')).alias(name))
    if not parts:
        return pl.Series("extra", ["{}"]).new_from_index(0, n)
    frame = pl.select(parts)
    return frame.select(
        pl.lit("{") + pl.concat_str(pl.all(), separator=",", ignore_nulls=True) + pl.lit("}")
    ).to_series()
