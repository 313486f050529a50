"""A workbook opened: every sheet a table, real types rendered as text without loss, odd cells told."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from formats import dwc, mistaken, sniffing
from formats.rendering import render
from formats.source import ROW, Findings, FormatError, Source, Table, text_schema, unique_names

HEAD = 60
_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}
_NO_VALUE = (b"</f></c>", b"</f><v/></c>", b"</f><v></v></c>", b"</f><v /></c>")
_AMBIGUOUS = re.compile(r"(0?[1-9]|1[0-2])[/.-](0?[1-9]|1[0-2])[/.-]\d{2,4}")


def open_workbook(path: Path, hint: Mapping[str, Any], source: Source) -> None:
    """Fill the source with a table for each sheet that holds anything; empty ones are told."""
    try:
        workbook = CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError) as error:
        raise FormatError(
            "bad_workbook",
            f"Không mở được tệp Excel “{path.name}”: tệp hỏng hoặc có mật khẩu.",
            f"The workbook cannot be opened (damaged or protected by a password): {error}",
            "Mở tệp bằng Excel, bỏ mật khẩu, lưu lại dạng .xlsx.",
        ) from error
    hidden = {s.name for s in workbook.sheets_metadata if "Visible" not in str(s.visible).split(".")[-1][:7]}
    lost = _lost_cells(path, workbook.sheet_names, source.findings)
    for name in workbook.sheet_names:
        sheet = _sheet(workbook, name)
        table = _table(sheet, hint, lost.get(name, {})) if sheet is not None else None
        if table is None:
            source.findings.add(
                "empty_sheet", f"Trang tính “{name}” trống.", f"The sheet {name!r} is empty.", where=name
            )
            continue
        if name in hidden:
            table.opening.add(
                "hidden_sheet",
                f"Trang tính “{name}” đang bị ẩn.",
                f"The sheet {name!r} is hidden.",
                where=name,
            )
        source.tables.append(table)


def _sheet(workbook: CalamineWorkbook, name: str) -> CalamineSheet | None:
    try:
        return workbook.get_sheet_by_name(name)
    except CalamineError:
        return None  # a chart or macro sheet


def _table(sheet: CalamineSheet, hint: Mapping[str, Any], lost: dict[tuple[int, int], str]) -> Table | None:
    """The sheet as a table whose header was found; None where no cell holds anything."""
    rows = sheet.to_python(skip_empty_area=False)
    for (row, column), error in lost.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = error
    while rows and not any(_filled(c) for c in rows[-1]):
        rows.pop()
    width = max((i + 1 for r in rows for i, c in enumerate(r) if _filled(c)), default=0)
    if not width:
        return None
    findings = Findings()
    merged = sheet.merged_cell_ranges or []
    head = [[render(c) or "" for c in r[:width]] for r in rows[:HEAD]]
    asked = hint.get("header_row")
    header = sniffing.header_row(head) if asked is None else (asked - 1 if asked else None)
    if header is None or header >= len(rows):
        findings.add(
            "no_header",
            "Không thấy dòng tiêu đề; các cột được gọi theo số thứ tự.",
            "No header row was found; columns are called by their numbers.",
            "Chỉ ra dòng tiêu đề, hoặc thêm dòng tiêu đề vào trang tính.",
            where=sheet.name,
        )
        columns, last = [f"column {i}" for i in range(1, width + 1)], -1
    else:
        written, last = _merged_header(head, header, merged, width)
        columns = unique_names(written, findings, sheet.name)
        if header > 0:
            findings.add(
                "title_rows",
                f"Có {header} dòng phía trên dòng tiêu đề (dòng {header + 1}); không đọc thành dữ liệu.",
                f"{header} rows stand above the header (row {header + 1}); they are not read as data.",
                where=sheet.name,
            )
    data = rows[last + 1 :]
    kinds = {c: _kind(r[i] for r in data) for i, c in enumerate(columns)}
    _look(data, columns, kinds, findings, sheet.name, last + 2)
    schema = text_schema(columns)

    def read(size: int, _: Findings) -> Iterator[pa.RecordBatch]:
        numbered = [(n, r) for n, r in enumerate(data, last + 2) if any(_filled(c) for c in r[:width])]
        for at in range(0, len(numbered), size):
            part = numbered[at : at + size]
            values: dict[str, Any] = {ROW: [n for n, _ in part]}
            for i, column in enumerate(columns):
                values[column] = [render(r[i]) for _, r in part]
            yield pa.record_batch([pa.array(values[f.name], f.type) for f in schema], schema=schema)

    counted = sum(any(_filled(c) for c in r[:width]) for r in data)
    table = Table(sheet.name, columns, schema, read, kinds=kinds, counted=counted, opening=findings)
    table.terms = dwc.exact_terms(columns)
    table.row_type = dwc.guess_row_type(table.terms.values())
    table.metadata = {
        "header_row": last + 1 or None,
        "titles": [" ".join(filter(None, r)) for r in head[: header or 0] if any(r)],
    }
    mistaken.check(table, findings, hint.get("text_encoding"))
    return table


def _filled(cell: Any) -> bool:
    return cell is not None and cell != "" and not (isinstance(cell, str) and not cell.strip())


def _kind(cells: Iterator[Any]) -> str:
    """The one kind of a column's cells, "number" for whole and broken ones together, else "mixed"."""
    found = {_kind_of(c) for c in cells if _filled(c)}
    if len(found) == 1:
        return found.pop()
    if found <= {"integer", "number"} and found:
        return "number"
    if found == {"date", "datetime"}:
        return "datetime"
    return "mixed" if found else "text"


def _kind_of(cell: Any) -> str:
    if isinstance(cell, bool):
        return "boolean"
    if isinstance(cell, int) or (isinstance(cell, float) and cell.is_integer()):
        return "integer"
    if isinstance(cell, float):
        return "number"
    if isinstance(cell, dt.datetime):
        return "datetime"
    if isinstance(cell, dt.date):
        return "date"
    return "time" if isinstance(cell, dt.time | dt.timedelta) else "text"


def _merged_header(head: list[list[str]], row: int, merged: list[Any], width: int) -> tuple[list[str], int]:
    """The header's cells, a cell merged over several joined to those under it, and the last row it takes."""
    spans = [m for m in merged if m[0][0] == row]
    wide = [m for m in spans if m[1][1] > m[0][1]]
    depth = max([m[1][0] for m in spans], default=row)
    if wide and depth == row:
        depth = row + 1
    cells = [head[row][i] if i < len(head[row]) else "" for i in range(width)]
    for (_, left), (_, right) in [(m[0], m[1]) for m in wide]:
        for i in range(left, min(right + 1, width)):
            cells[i] = cells[left]
    for below in range(row + 1, min(depth + 1, len(head))):
        for i in range(width):
            text = head[below][i].strip() if i < len(head[below]) else ""
            if text:
                cells[i] = f"{cells[i].strip()} / {text}" if cells[i].strip() else text
    return cells, depth


def _look(
    data: list[list[Any]],
    columns: list[str],
    kinds: dict[str, str],
    findings: Findings,
    sheet: str,
    first: int,
) -> None:
    """Warn of error cells, numbers typed as text, dates beside text, and dates that read two ways."""
    for number, row in enumerate(data, first):
        for column, cell in zip(columns, row, strict=False):
            if not isinstance(cell, str) or not cell:
                continue
            where = f"{sheet}:{column}"
            if cell in _ERRORS:
                vi, en = "Ô báo lỗi công thức", "A cell holds a formula error"
                findings.add(
                    "error_cell",
                    f"{vi} ({cell}); được giữ nguyên văn.",
                    f"{en} ({cell}); it is kept as written.",
                    "Sửa công thức trong tệp gốc.",
                    where=where,
                    row=number,
                )
            elif kinds[column] == "mixed" and _AMBIGUOUS.fullmatch(cell.strip()):
                findings.add(
                    "ambiguous_date",
                    "Ngày gõ dạng chữ, đọc được theo hai cách (ngày/tháng hay tháng/ngày).",
                    "A date typed as text reads two ways (day/month or month/day).",
                    "Xem lại các ngày này sau khi nhập; hệ thống hiểu là ngày/tháng/năm.",
                    where=where,
                    row=number,
                )
            elif kinds[column] == "mixed" and re.fullmatch(r"[-+]?\d+([.,]\d+)?", cell.strip()):
                findings.add(
                    "number_as_text",
                    "Số được gõ dạng chữ trong cột có số.",
                    "A number is typed as text in a column of numbers.",
                    where=where,
                    row=number,
                )


def _lost_cells(path: Path, names: list[str], findings: Findings) -> dict[str, dict[tuple[int, int], str]]:
    """Error cells by sheet, which the reader gives as blank: found in the workbook's own XML."""
    if not zipfile.is_zipfile(path):
        return {}
    out: dict[str, dict[tuple[int, int], str]] = {}
    cell = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*?t="e"[^>]*>.*?<v>([^<]*)</v>', re.S)
    with zipfile.ZipFile(path) as book:
        for name, part in zip(names, _parts(book, names), strict=False):
            data = book.read(part) if part in book.namelist() else b""
            blank = sum(data.count(end) for end in _NO_VALUE)
            if blank:
                findings.add(
                    "formula_without_value",
                    "Ô công thức chưa có kết quả lưu sẵn; đọc ra ô trống.",
                    "A formula cell holds no stored result; it reads as blank.",
                    "Mở tệp bằng Excel và lưu lại để công thức được tính.",
                    where=name,
                    count=blank,
                )
            if b't="e"' in data:
                out[name] = {
                    (int(m[2]) - 1, _column_number(m[1].decode())): m[3].decode() for m in cell.finditer(data)
                }
    return out


def _parts(book: zipfile.ZipFile, names: list[str]) -> list[str]:
    """The path of each sheet's XML inside the workbook, in the workbook's order."""
    try:
        workbook = book.read("xl/workbook.xml").decode("utf-8", "replace")
        relations = book.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    except KeyError:
        return []
    targets = {}
    for relation in re.findall(r"<Relationship\b[^>]*>", relations):
        ident, target = re.search(r'\bId="([^"]+)"', relation), re.search(r'\bTarget="([^"]+)"', relation)
        if ident and target:
            path = target[1]
            targets[ident[1]] = path.lstrip("/") if path.startswith("/") else "xl/" + path
    ids = re.findall(r'<sheet\b[^>]*\br:id="([^"]+)"', workbook)
    return [targets.get(i, "") for i in ids]


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
