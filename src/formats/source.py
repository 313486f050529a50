"""What every file becomes: a source with tables, each a stream of Arrow batches, and what was noticed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

ROW = "_row"
EXTRA = "_extra"
WKB = "_wkb"
ROWS_SHOWN = 20
COLUMNS = 4_000
HEADER_CELL = 2_000


class FormatError(Exception):
    """A file that cannot be read: a code, what is wrong in Vietnamese and English, how to mend it."""

    def __init__(self, code: str, vi: str, en: str, suggestion: str = "", where: str = "") -> None:
        super().__init__(vi)
        self.code, self.vi, self.en, self.suggestion, self.where = code, vi, en, suggestion, where


@dataclass(frozen=True)
class Warning:
    """One thing noticed in a file; `count` says how often, `rows` the first places it was seen."""

    code: str
    where: str
    vi: str
    en: str
    suggestion: str = ""
    count: int = 1
    rows: tuple[int, ...] = ()


class Findings:
    """Warnings gathered by code and place, so that a million odd rows stay one sentence with a count."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Warning] = {}
        self._counts: dict[tuple[str, str], int] = {}
        self._rows: dict[tuple[str, str], list[int]] = {}

    def add(
        self,
        code: str,
        vi: str,
        en: str,
        suggestion: str = "",
        *,
        where: str = "",
        row: int | None = None,
        count: int = 1,
    ) -> None:
        """Count the finding, keeping the first rows it was seen on."""
        key = (code, where)
        if key not in self._found:
            self._found[key] = Warning(code, where, vi, en, suggestion)
            self._counts[key], self._rows[key] = 0, []
        self._counts[key] += count
        if row is not None and len(self._rows[key]) < ROWS_SHOWN:
            self._rows[key].append(row)

    def restore(self, warnings: Iterable[Warning]) -> None:
        """Take over findings gathered elsewhere, with their counts and rows."""
        for one in warnings:
            key = (one.code, one.where)
            self._found[key], self._counts[key], self._rows[key] = one, one.count, list(one.rows)

    def clear(self) -> None:
        """Forget everything, before a table is read again from its start."""
        self._found.clear()

    def all(self) -> tuple[Warning, ...]:
        """Every finding, in the order first seen."""
        return tuple(
            replace(w, count=self._counts[k], rows=tuple(self._rows[k])) for k, w in self._found.items()
        )


Reader = Callable[[int, Findings], Iterator[pa.RecordBatch]]


@dataclass
class Table:
    """One table of a file; reading it again starts again from its first row."""

    name: str
    columns: list[str]
    schema: pa.Schema
    read: Reader = field(repr=False)
    row_type: str | None = None
    terms: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    id_column: str | None = None
    core_id_column: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    counted: int | None = None
    opening: Findings = field(default_factory=Findings, repr=False)
    reading: Findings = field(default_factory=Findings, repr=False)
    head: Callable[[int], Iterator[pa.RecordBatch]] | None = field(default=None, repr=False)

    @property
    def row_type_name(self) -> str:
        """The last part of the row type: "Occurrence" for the full identifier, "" where none is known."""
        return re.split(r"[/#]", self.row_type)[-1] if self.row_type else ""

    @property
    def warnings(self) -> tuple[Warning, ...]:
        """What opening noticed and what reading has noticed so far."""
        return self.opening.all() + self.reading.all()

    def batches(self, rows: int = 50_000) -> Iterator[pa.RecordBatch]:
        """The table from its first row, at most `rows` rows at a time, every batch with the same schema."""
        self.reading.clear()
        seen = 0
        for batch in self.read(rows, self.reading):
            seen += batch.num_rows
            yield batch
        self.counted = seen

    def count(self) -> int | None:
        """The number of rows where it is known, else None; exact once the table was read to its end."""
        return self.counted

    def sample(self, n: int = 20) -> pa.Table:
        """The first rows; what they hold of oddities is not kept as a warning of the table."""
        for batch in self.head(n) if self.head is not None else self.read(n, Findings()):
            return pa.Table.from_batches([batch.slice(0, n)], schema=self.schema)
        return self.schema.empty_table()


@dataclass
class Source:
    """An opened file: its kind, its tables (a Darwin Core core first), its metadata and its warnings."""

    kind: str
    path: Path
    tables: list[Table]
    metadata: dict[str, Any] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings, repr=False)
    unpacked: list[TemporaryDirectory[str]] = field(default_factory=list, repr=False)

    @property
    def warnings(self) -> tuple[Warning, ...]:
        """What was noticed about the file and about each of its tables."""
        return self.findings.all() + tuple(w for table in self.tables for w in table.warnings)

    def table(self, name: str) -> Table:
        """The table of that name, or whose row type ends in it."""
        for table in self.tables:
            if name in (table.name, table.row_type_name):
                return table
        names = ", ".join(t.name for t in self.tables)
        raise FormatError(
            "no_such_table",
            f"Tệp không có bảng “{name}”. Các bảng hiện có: {names}.",
            f"The file has no table {name!r}; it has: {names}.",
        )

    def close(self) -> None:
        """Remove the unpacked copies; the tables can no longer be read."""
        for folder in self.unpacked:
            folder.cleanup()

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def text_schema(columns: list[str], *, extra: bool = False, wkb: bool = False) -> pa.Schema:
    """The schema of every table here: the row number, the columns as text, then what the kind adds."""
    fields = [pa.field(ROW, pa.int64())] + [pa.field(c, pa.string()) for c in columns]
    if extra:
        fields.append(pa.field(EXTRA, pa.string()))
    if wkb:
        fields.append(pa.field(WKB, pa.binary()))
    return pa.schema(fields)


def unique_names(headers: list[str], findings: Findings, where: str) -> list[str]:
    """Header cells made into names that do not clash: "x", "x (2)", and "column 3" where a cell was empty."""
    if len(headers) > COLUMNS:
        raise FormatError(
            "too_many_columns",
            f"Bảng “{where}” có {len(headers)} cột, nhiều hơn mức đọc được ({COLUMNS}).",
            f"The table {where!r} has {len(headers)} columns, more than the {COLUMNS} that are read.",
            "Bỏ các cột thừa, hoặc kiểm tra lại dấu phân cách của tệp.",
            where,
        )
    long = max((len(h) for h in headers), default=0)
    if long > HEADER_CELL:
        raise FormatError(
            "header_too_long",
            f"Dòng tiêu đề của “{where}” có ô dài {long} ký tự; đây không phải tên cột.",
            f"The header of {where!r} has a cell of {long} characters; that is no name of a column.",
            "Chỉ ra đúng dòng tiêu đề, hoặc sửa dòng tiêu đề trong tệp.",
            where,
        )
    names: list[str] = []
    taken = {ROW, EXTRA, WKB}
    for index, header in enumerate(headers, 1):
        base = " ".join(header.split())
        if not base:
            base = f"column {index}"
            findings.add(
                "empty_header",
                "Cột không có tên ở dòng tiêu đề; được gọi theo số thứ tự.",
                "A column has no name in the header row; it is called by its number.",
                "Đặt tên cho cột nếu cột có dữ liệu.",
                where=where,
            )
        name, n = base, 2
        while name in taken:
            name, n = f"{base} ({n})", n + 1
        if n > 2:
            findings.add(
                "duplicate_header",
                f"Tên cột “{base}” có nhiều lần; cột sau được gọi là “{name}”.",
                f"The column name {base!r} occurs more than once; the later one is called {name!r}.",
                where=f"{where}:{base}" if where else base,
            )
        taken.add(name)
        names.append(name)
    return names
