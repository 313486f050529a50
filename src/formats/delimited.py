"""Text tables: fast where the file is plain, careful where it is not, the same rows either way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from formats.encodings import Survey
from formats.records import records
from formats.source import EXTRA, ROW, Findings, Table, text_schema

BLOCK = 2 << 20  # the reader runs up to 32 blocks ahead, so this bounds its memory


@dataclass(frozen=True)
class Layout:
    """Where the data of a UTF-8 text table begin and how they are cut into cells."""

    path: Path
    delimiter: str
    quote: str | None
    start: int
    rows_before: int
    columns: list[str]
    survey: Survey
    defaults: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)

    @property
    def fast(self) -> bool:
        """Whether the columnar reader cuts this file exactly as the careful one does."""
        lines_are_records = (
            self.survey.plain
            if self.quote == '"'
            else self.quote is None and replace(self.survey, quotes_span_lines=False).plain
        )
        return lines_are_records and len(self.delimiter) == 1 and len(self.columns) > 1


def table(layout: Layout, name: str, opening: Findings) -> Table:
    """The table of that layout, every column text and every blank cell null."""
    columns = layout.columns + list(layout.constants)
    schema = text_schema(columns, extra=True)

    def read(rows: int, findings: Findings) -> Iterator[pa.RecordBatch]:
        sent = 0
        if layout.fast:
            try:
                for batch in _fast(layout, rows):
                    kept = _finished(batch, layout, schema, sent + layout.rows_before, findings, name)
                    sent += batch.num_rows
                    if kept.num_rows:
                        yield kept
                return
            except pa.ArrowInvalid:
                pass  # a ragged row or the like: the careful reader goes on from the first row not yet given
        yield from _careful(layout, schema, rows, sent, findings, name)

    lines = layout.survey.newlines + (not layout.survey.ends_with_newline and layout.survey.size > 0)
    counted = max(0, lines - layout.rows_before) if layout.fast else None
    kinds = dict.fromkeys(columns, "text")
    return Table(name, columns, schema, read, kinds=kinds, counted=counted, opening=opening)


def _fast(layout: Layout, rows: int) -> Iterator[pa.RecordBatch]:
    """Raw columns in blocks; raises ArrowInvalid at the first block it cannot cut."""
    with pa.OSFile(str(layout.path), "rb") as file:
        file.seek(layout.start)
        reader = pacsv.open_csv(
            file,
            read_options=pacsv.ReadOptions(column_names=layout.columns, block_size=BLOCK),
            parse_options=pacsv.ParseOptions(
                delimiter=layout.delimiter,
                quote_char=layout.quote or False,
                double_quote=layout.quote is not None,
                escape_char=False,
                newlines_in_values=False,
                ignore_empty_lines=False,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(layout.columns, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                check_utf8=False,
            ),
        )
        for batch in reader:
            for at in range(0, batch.num_rows, rows):
                yield batch.slice(at, rows)


def _careful(
    layout: Layout, schema: pa.Schema, rows: int, skip: int, findings: Findings, where: str
) -> Iterator[pa.RecordBatch]:
    """The rows after the first `skip`, padded or with their surplus kept aside, each oddity counted."""
    width = len(layout.columns)
    numbers: list[int] = []
    cells: list[list[str]] = []
    extras: list[str | None] = []

    def batch() -> pa.RecordBatch:
        columns = [pa.array(c, pa.string()) for c in zip(*cells, strict=True)]
        columns = [pc.if_else(pc.equal(c, ""), pa.scalar(None, pa.string()), c) for c in columns]
        raw = pa.record_batch(columns, names=layout.columns)
        return _shaped(raw, layout, schema, pa.array(numbers, pa.int64()), pa.array(extras, pa.string()))

    found = records(
        layout.path,
        layout.start,
        layout.delimiter,
        layout.quote,
        findings,
        where,
        layout.rows_before,
        nuls=layout.survey.nuls > 0,
    )
    for row, record in _apart(found, layout, findings, where):
        if skip:
            skip -= 1
            continue
        extra = None
        if len(record) != width:
            extra = _fit(record, width, findings, where, row)
        if not any(record) and extra is None:
            _blank(findings, where, 1, row)
            continue
        numbers.append(row)
        cells.append(record)
        extras.append(extra)
        if len(cells) >= rows:
            yield batch()
            numbers, cells, extras = [], [], []
    if cells:
        yield batch()


def _apart(
    found: Iterator[tuple[int, list[str]]], layout: Layout, findings: Findings, where: str
) -> Iterator[tuple[int, list[str]]]:
    """Records that a lone carriage return joined, where each part alone is as wide as the header; rows count on."""
    width, more = len(layout.columns), 0
    for row, record in found:
        parts = _cut(record) if len(record) > width and layout.survey.stray_returns else []
        if len(parts) < 2 or any(len(p) != width for p in parts):
            yield row + more, record
            continue
        findings.add(
            "lone_return",
            "Hai dòng chỉ cách nhau bằng dấu xuống dòng kiểu Mac cũ (CR); được tách ra.",
            "Two rows are parted by a lone carriage return only; they are read as two.",
            where=where,
            row=row + more,
            count=len(parts) - 1,
        )
        for part in parts:
            yield row + more, part
            more += 1
        more -= 1


def _cut(record: list[str]) -> list[list[str]]:
    """The cells of a record cut at carriage returns into records."""
    parts: list[list[str]] = [[]]
    for cell in record:
        first, *rest = cell.split("\r")
        parts[-1].append(first)
        parts.extend([piece] for piece in rest)
    return parts


def _fit(record: list[str], width: int, findings: Findings, where: str, row: int) -> str | None:
    """The record made exactly as wide as the header; filled cells beyond it are returned as a JSON list."""
    if len(record) < width:
        findings.add(
            "short_row",
            "Dòng có ít ô hơn tiêu đề; các ô thiếu để trống.",
            "A row has fewer cells than the header; the missing ones are blank.",
            "Xem lại dấu phân cách ở dòng này.",
            where=where,
            row=row,
        )
        record.extend([""] * (width - len(record)))
        return None
    surplus = record[width:]
    del record[width:]
    if not any(surplus):
        return None
    findings.add(
        "long_row",
        "Dòng có nhiều ô hơn tiêu đề; không rõ ô nào thuộc cột nào.",
        "A row has more cells than the header; the surplus is kept in the column _extra.",
        "Có thể một ô chứa dấu phân cách mà không đặt trong ngoặc kép.",
        where=where,
        row=row,
    )
    return json.dumps(surplus, ensure_ascii=False)


def _finished(
    raw: pa.RecordBatch, layout: Layout, schema: pa.Schema, before: int, findings: Findings, where: str
) -> pa.RecordBatch:
    """The block with row numbers, without the rows that hold nothing."""
    numbers = pa.array(np.arange(before + 1, before + 1 + raw.num_rows, dtype=np.int64))
    empty = None
    for column in raw.columns:
        if column.null_count == 0:
            empty = None
            break
        nulls = pc.is_null(column)
        empty = nulls if empty is None else pc.and_(empty, nulls)
        if not pc.any(empty).as_py():
            empty = None
            break
    if empty is not None:
        rows = numbers.filter(empty)
        _blank(findings, where, len(rows), rows[0].as_py())
        keep = pc.invert(empty)
        raw, numbers = raw.filter(keep), numbers.filter(keep)
    return _shaped(raw, layout, schema, numbers, pa.nulls(raw.num_rows, pa.string()))


def _blank(findings: Findings, where: str, count: int, row: int) -> None:
    findings.add(
        "blank_row",
        "Dòng chỉ có dấu phân cách, không có dữ liệu; được bỏ qua.",
        "A row holds separators and no data; it is passed over.",
        where=where,
        row=row,
        count=count,
    )


def _shaped(
    raw: pa.RecordBatch, layout: Layout, schema: pa.Schema, numbers: pa.Array, extra: pa.Array
) -> pa.RecordBatch:
    """The raw columns with defaults in their blanks and constants beside them, in the order of the schema."""
    values = {ROW: numbers, EXTRA: extra}
    for name, column in zip(layout.columns, raw.columns, strict=True):
        default = layout.defaults.get(name)
        values[name] = column if default is None else pc.fill_null(column, default)
    for name, constant in layout.constants.items():
        values[name] = pa.repeat(pa.scalar(constant, pa.string()), raw.num_rows)
    return pa.record_batch([values[f.name] for f in schema], schema=schema)
