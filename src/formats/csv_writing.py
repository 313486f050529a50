"""A table written as csv that Excel opens with its letters right and no cell run as a formula.

A text cell that begins with "=", "+", "-", "@", a tab or a carriage return and is not a number is written
with an apostrophe before it, which spreadsheet programs show as text. `guard=False` writes cells exactly as
they are, for exchange between programs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from formats.rendering import text
from formats.source import EXTRA, ROW, WKB, FormatError

READERS_OWN = (ROW, EXTRA, WKB)
_RISKY = r"^[=+@\t\r-]"
_NUMBER = r"^[-+]?\d+([.,]\d+)*([eE][-+]?\d+)?$"


def write_csv(
    path: Path | str | IO[bytes],
    batches: Iterable[pa.RecordBatch],
    *,
    bom: bool = True,
    delimiter: str = ",",
    guard: bool = True,
) -> int:
    """Every row written, and their number; the reader's own columns (`_row` and so on) are left out."""
    with _binary(path) as file:
        if bom:
            file.write(b"\xef\xbb\xbf")
        return write_rows(file, batches, delimiter=delimiter, guard=guard)


def write_rows(
    file: IO[bytes], batches: Iterable[pa.RecordBatch], *, delimiter: str = ",", guard: bool = True
) -> int:
    """The header and the rows as UTF-8, and the number of rows; an empty stream has no header to write."""
    written = 0
    writer = None
    schema: pa.Schema | None = None
    options = pacsv.WriteOptions(include_header=True, delimiter=delimiter, quoting_style="needed")
    for batch in batches:
        kept = [n for n in batch.schema.names if n not in READERS_OWN]
        if writer is None:
            schema = pa.schema([pa.field(n, pa.string()) for n in kept])
            writer = pacsv.CSVWriter(file, schema, write_options=options)
        elif schema is not None and kept != schema.names:
            raise FormatError(
                "columns_changed",
                "Các phần của bảng không cùng cột; không ghi được.",
                f"The columns of a batch differ from the first: {kept} and {schema.names}.",
            )
        columns = [text(batch.column(n)) for n in kept]
        if guard:
            columns = [_guarded(c) for c in columns]
        writer.write_batch(pa.record_batch(columns, schema=schema))
        written += batch.num_rows
    if writer is not None:
        writer.close()
    return written


def _guarded(column: pa.Array) -> pa.Array:
    """Cells a spreadsheet would run as a formula, made text."""
    risky = pc.match_substring_regex(column, _RISKY)
    if not pc.any(risky).as_py():
        return column
    risky = pc.and_(risky, pc.invert(pc.match_substring_regex(column, _NUMBER)))
    return pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)


@contextmanager
def _binary(path: Path | str | IO[bytes]) -> Iterator[IO[bytes]]:
    if isinstance(path, Path | str):
        with Path(path).open("wb") as file:
            yield file
    else:
        yield path
