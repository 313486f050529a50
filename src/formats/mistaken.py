"""Letters taken for others (TCVN3 or VNI for Western, UTF-8 read twice): told, put right when asked or sure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa

from formats import legacy, twice_read
from formats.encodings import NAMES
from formats.source import ROW, Findings, FormatError, Table

SAMPLE_ROWS = 500
TWICE = "utf8-twice"


def check(table: Table, findings: Findings, asked: str | None) -> None:
    """Convert the table's text when asked or when sure, else warn where its first rows look mistaken."""
    if asked in ("tcvn3", "vni"):
        _convert(table, lambda text: legacy.decode_text(text, asked))
        return
    if asked == TWICE:
        _convert(table, twice_read.mended)
        return
    sample = table.sample(SAMPLE_ROWS)
    cells = {c: [c, *(v for v in sample.column(c).to_pylist() if v)] for c in table.columns}
    if asked != "as-is" and _read_twice(table, cells, findings):
        return
    for column, texts in cells.items():
        found = legacy.suspect(texts)
        if found:
            findings.add(
                "looks_" + found,
                f"Chữ trong cột “{column}” có vẻ gõ bằng phông {NAMES[found]}, chưa phải Unicode.",
                f"The text of column {column!r} looks typed in a {NAMES[found]} font, not Unicode.",
                f"Chọn chuyển mã {NAMES[found]} khi nhập, rồi xem lại các tên.",
                where=f"{table.name}:{column}",
            )


def _read_twice(table: Table, cells: dict[str, list[str]], findings: Findings) -> bool:
    """Whether the table was UTF-8 read twice and is put right; where letters were lost it is refused whole."""
    verdict = twice_read.verdict(t for texts in cells.values() for t in texts)
    if verdict == "lost":
        example = next(t for texts in cells.values() for t in texts if twice_read.looks(t))
        raise FormatError(
            "utf8_twice",
            f"Chữ trong bảng “{table.name}” đã hỏng: UTF-8 bị một chương trình đọc nhầm rồi lưu lại, mất một số "
            f"chữ (ví dụ “{example[:60]}”).",
            f"The text of {table.name!r} was UTF-8 read as Western and saved again, and letters were lost.",
            "Lấy lại tệp gốc và lưu dạng CSV UTF-8 hoặc .xlsx; hoặc chọn bảng mã “UTF-8 bị đọc hai lần” để đọc "
            "phần còn lại.",
            table.name,
        )
    if verdict == "whole":
        _convert(table, twice_read.mended)
        findings.add(
            "utf8_twice_mended",
            "Chữ của bảng là UTF-8 bị đọc nhầm rồi lưu lại; không mất chữ nào và đã được sửa lại.",
            "The text was UTF-8 read as Western and saved again; no letter was lost and it was put right.",
            "Xem lại vài dòng trước khi ghi.",
            where=table.name,
        )
        return True
    if verdict == "few":
        for column, texts in cells.items():
            hurt = sum(map(twice_read.looks, texts))
            if hurt:
                findings.add(
                    "looks_utf8_twice",
                    f"Một số ô của cột “{column}” có vẻ là UTF-8 bị đọc hai lần; được giữ nguyên.",
                    f"Some cells of column {column!r} look like UTF-8 read twice; they are kept as they are.",
                    "Sửa các ô này trong tệp gốc, hoặc chọn bảng mã “UTF-8 bị đọc hai lần”.",
                    where=f"{table.name}:{column}",
                    count=hurt,
                )
    return False


def _convert(table: Table, mend: Callable[[str], str]) -> None:
    """Every text cell and the column names put right."""
    inner = table.read
    names = {c: mend(c) for c in table.columns}
    table.columns = [names[c] for c in table.columns]
    table.kinds = {names[c]: k for c, k in table.kinds.items()}
    table.schema = pa.schema([f.with_name(names.get(f.name, f.name)) for f in table.schema])
    schema = table.schema

    def read(rows: int, findings: Findings) -> Iterator[pa.RecordBatch]:
        for batch in inner(rows, findings):
            columns = [
                pa.array([None if v is None else mend(v) for v in c.to_pylist()], c.type)
                if pa.types.is_string(c.type) and f.name != ROW
                else c
                for c, f in zip(batch.columns, schema, strict=True)
            ]
            yield pa.record_batch(columns, schema=schema)

    table.read = read
