"""A workbook opened: every sheet a table, real types rendered as text without loss, odd cells told."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from formats import (
    dwc,
    layout,
    mistaken,
    sheet_dates,
    sniffing,
    title_values,
    unpacking,
    workbook_notes,
    workbook_parts,
)
from formats.rendering import render
from formats.source import ROW, Findings, FormatError, Source, Table, text_schema, unique_names
from formats.workbook_parts import SheetParts
from formats.xlsx_writing import NOTES

HEAD = 60
_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
_AMBIGUOUS = re.compile(r"(0?[1-9]|1[0-2])[/.-](0?[1-9]|1[0-2])[/.-]\d{2,4}")


def open_workbook(path: Path, hint: Mapping[str, Any], source: Source) -> None:
    """Fill the source with a table for each sheet that holds anything; empty ones are told."""
    unpacking.check(path)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        parts = workbook_parts.read(path, workbook.sheet_names)
    except FormatError:
        raise
    except BaseException as error:  # the reader's panics are no Exception
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise FormatError(
            "bad_workbook",
            f"Không mở được tệp Excel “{path.name}”: tệp hỏng hoặc có mật khẩu.",
            f"The workbook cannot be opened (damaged or protected by a password): {error}",
            "Mở tệp bằng Excel, bỏ mật khẩu, lưu lại dạng .xlsx.",
        ) from error
    hidden = {s.name for s in workbook.sheets_metadata if "Visible" not in str(s.visible).split(".")[-1][:7]}
    texts = workbook_notes.whole_texts(workbook)
    for name in workbook.sheet_names:
        if name == NOTES and texts is not None:
            continue
        sheet = _sheet(workbook, name)
        own = parts.sheets.get(name, SheetParts())
        tables = _tables(sheet, hint, own, (texts or {}).get(name, {})) if sheet is not None else []
        if not tables:
            source.findings.add(
                "empty_sheet", f"Trang tính “{name}” trống.", f"The sheet {name!r} is empty.", where=name
            )
            continue
        known = {"since_1904": parts.since_1904, "hidden": name in hidden}
        for one in tables:
            one.metadata |= {k: v for k, v in known.items() if v}
        table = tables[0]
        if name in hidden:
            table.opening.add(
                "hidden_sheet",
                f"Trang tính “{name}” đang bị ẩn; để lại, trừ khi chọn một sổ cho nó.",
                f"The sheet {name!r} is hidden; it is left out unless a register is chosen for it.",
                where=name,
            )
        if own.without_value:
            table.opening.add(
                "formula_without_value",
                "Ô công thức chưa có kết quả lưu sẵn; đọc ra ô trống.",
                "A formula cell holds no stored result; it reads as blank.",
                "Mở tệp bằng Excel và lưu lại để công thức được tính.",
                where=name,
                count=own.without_value,
            )
        source.tables.extend(tables)
    if parts.since_1904:
        source.findings.add(
            "since_1904",
            "Sổ Excel đếm ngày từ năm 1904 (Excel trên máy Mac cũ); ngày được đọc theo đó.",
            "The workbook counts days from 1904 (old Excel for Mac); days are read so.",
        )


def _sheet(workbook: CalamineWorkbook, name: str) -> CalamineSheet | None:
    try:
        return workbook.get_sheet_by_name(name)
    except CalamineError:
        return None  # a chart or macro sheet
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise FormatError(
                "bad_workbook",
                f"Không đọc được trang tính “{name}”: tệp Excel hỏng.",
                f"The sheet {name!r} cannot be read: the workbook is damaged.",
                "Mở tệp bằng Excel, lưu lại dạng .xlsx.",
                name,
            ) from error
        raise


def _tables(
    sheet: CalamineSheet, hint: Mapping[str, Any], own: SheetParts, texts: workbook_notes.Texts
) -> list[Table]:
    """The sheet's tables whose headers were found, usually one; none where no cell holds anything."""
    if sheet.total_height * sheet.total_width > workbook_parts.CELLS:
        raise workbook_parts.too_far(sheet.name, sheet.total_height, sheet.total_width)
    rows = sheet.to_python(skip_empty_area=False)
    workbook_notes.put_back(rows, texts)
    for (row, column), error in own.errors.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = error
    for (row, column), figures in own.zeros.items():
        number = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
        if isinstance(number, int | float):
            rows[row][column] = f"{int(number):0{figures}d}"
    findings = Findings()
    sheet_dates.as_shown(rows, own.shown, findings, sheet.name)
    merged = sheet.merged_cell_ranges or []
    tables = []
    for number, (left, right) in enumerate(_ranges(rows, merged, hint)):
        name = sheet.name if not number else f"{sheet.name} ({number + 1})"
        part = [row[left:right] for row in rows] if number or right < 1 << 14 else rows
        inside = [
            ((a, c - left), (b, d - left)) for (a, c), (b, d) in merged if left <= c < right or not right
        ]
        hidden = SheetParts(hidden=own.hidden, filtered=own.filtered,
                            hidden_columns={c - left for c in own.hidden_columns if left <= c < right})  # fmt: skip
        if table := table_of(name, part, inside, hint, hidden):
            table.opening.restore(findings.all())
            findings = Findings()
            tables.append(table)
    return tables


def _ranges(rows: list[list[Any]], merged: list[Any], hint: Mapping[str, Any]) -> list[tuple[int, int]]:
    """The columns of each of the tables that stand side by side in a sheet."""
    width = max((i + 1 for r in rows for i, c in enumerate(r) if _filled(c)), default=0)
    head = [[render(c) or "" for c in r[:width]] for r in rows[:HEAD]]
    asked = hint.get("header_row")
    header = sniffing.header_row(head) if asked is None else (asked - 1 if asked else None)
    if header is None or header >= len(head):
        return [(0, 1 << 14)]
    written, last = _header(head, header, merged, width)
    filled = [any(_filled(r[i]) for r in rows[last + 1 :] if i < len(r)) for i in range(width)]
    found = layout.side_by_side(written, filled)
    return found if len(found) > 1 else [(0, 1 << 14)]


def table_of(
    name: str,
    rows: list[list[Any]],
    merged: list[Any],
    hint: Mapping[str, Any],
    own: SheetParts | None = None,
) -> Table | None:
    """Rows of cells, with the ranges of merged ones, as a table whose header was found; None where all is blank."""
    while rows and not any(_filled(c) for c in rows[-1]):
        rows.pop()
    width = max((i + 1 for r in rows for i, c in enumerate(r) if _filled(c)), default=0)
    if not width:
        return None
    findings = Findings()
    head = [[render(c) or "" for c in r[:width]] for r in rows[:HEAD]]
    asked = hint.get("header_row")
    header = sniffing.header_row(head) if asked is None else (asked - 1 if asked else None)
    if header is None or header >= len(rows):
        findings.add(
            "no_header",
            "Không thấy dòng tiêu đề; các cột được gọi theo số thứ tự.",
            "No header row was found; columns are called by their numbers.",
            "Chỉ ra dòng tiêu đề, hoặc thêm dòng tiêu đề vào trang tính.",
            where=name,
        )
        columns, last = [f"column {i}" for i in range(1, width + 1)], -1
    else:
        written, last = _header(head, header, merged, width)
        columns = unique_names(written, findings, name)
        if under := layout.under_header(head, last):
            last += under
            findings.add(
                "header_numbers",
                f"Dưới tiêu đề có {under} dòng đánh số cột hoặc ghi đơn vị; không đọc thành dữ liệu.",
                f"{under} rows of column numbers or units stand under the header; they are not read as data.",
                where=name,
            )
        if header > 0:
            findings.add(
                "title_rows",
                f"Có {header} dòng phía trên dòng tiêu đề (dòng {header + 1}); chỉ lấy “Ngày: …”, “Xã: …” ghi ở đó.",
                f"{header} rows stand above the header (row {header + 1}); they are not read as data.",
                where=name,
            )
    _fill_down(rows, merged, last, columns, findings, name)
    wanted = hint.get("hidden") == "read"
    unseen, aside = sheet_dates.hidden(rows, last, own or SheetParts(), columns, findings, name, wanted)
    data = rows[last + 1 :]
    if not wanted:
        data = [[] if n in unseen else r for n, r in enumerate(data, last + 1)]
    places = [i for i in range(len(columns)) if wanted or i not in aside]
    kinds = {c: _kind(r[i] for r in data if r) for i, c in enumerate(columns)}
    _look(data, columns, kinds, findings, name, last + 2)
    columns = [columns[i] for i in places]
    kinds = {c: kinds[c] for c in columns}
    schema = text_schema(columns)

    def read(size: int, _: Findings) -> Iterator[pa.RecordBatch]:
        numbered = [(n, r) for n, r in enumerate(data, last + 2) if any(_filled(c) for c in r[:width])]
        for at in range(0, len(numbered), size):
            part = numbered[at : at + size]
            values: dict[str, Any] = {ROW: [n for n, _ in part]}
            for i, column in zip(places, columns, strict=True):
                values[column] = [render(r[i]) for _, r in part]
            yield pa.record_batch([pa.array(values[f.name], f.type) for f in schema], schema=schema)

    counted = sum(any(_filled(c) for c in r[:width]) for r in data)
    table = Table(name, columns, schema, read, kinds=kinds, counted=counted, opening=findings)
    table.metadata = {
        "header_row": last + 1 or None,
        "titles": [" ".join(filter(None, r)) for r in head[: header or 0] if any(r)],
        **({"said": s} if (s := title_values.said(head[: header or 0])) else {}),
    }
    mistaken.check(table, findings, hint.get("text_encoding"))
    table.terms = dwc.exact_terms(table.columns)
    table.row_type = dwc.guess_row_type(table.terms.values())
    return table


def _fill_down(
    rows: list[list[Any]], merged: list[Any], last: int, columns: list[str], findings: Findings, sheet: str
) -> None:
    """Cells merged downwards hold their value in every row they cover, which is told."""
    for (top, left), (bottom, _) in merged:
        if top <= last or bottom == top or left >= len(columns) or top >= len(rows):
            continue
        value = rows[top][left] if left < len(rows[top]) else None
        if not _filled(value):
            continue
        for row in range(top + 1, min(bottom + 1, len(rows))):
            if left < len(rows[row]) and not _filled(rows[row][left]):
                rows[row][left] = value
                findings.add(
                    "merged_filled",
                    "Ô gộp xuống nhiều dòng; các dòng dưới lấy cùng giá trị.",
                    "A cell is merged over several rows; the rows below take its value.",
                    where=f"{sheet}:{columns[left]}",
                    row=row + 1,
                )


def _filled(cell: Any) -> bool:
    return cell is not None and cell != "" and not (isinstance(cell, str) and not cell.strip())


def _kind(cells: Iterator[Any]) -> str:
    """The one kind of a column's cells, "number" for whole and broken ones together, else "mixed"."""
    found = {_kind_of(c) for c in cells if _filled(c) and c not in _ERRORS}
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


def _header(head: list[list[str]], row: int, merged: list[Any], width: int) -> tuple[list[str], int]:
    """The header's cells over all its rows, and the last row it takes."""
    written, last = _merged_header(head, row, merged, width)
    if last == row and layout.second_row(head, row, width):
        return layout.grouped(head[row], head[row + 1], width), row + 1
    return written, last


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
                    f"{vi} ({cell}); được coi là ô trống.",
                    f"{en} ({cell}); it is taken as blank.",
                    "Sửa công thức trong tệp gốc.",
                    where=where,
                    row=number,
                )
                row[columns.index(column)] = None
            elif kinds[column] == "mixed" and _AMBIGUOUS.fullmatch(cell.strip()):
                findings.add(
                    "ambiguous_date",
                    "Ngày gõ dạng chữ bên cạnh ngày thật, đọc được theo hai cách (ngày/tháng hay tháng/ngày).",
                    "A date typed as text beside real dates reads two ways (day/month or month/day).",
                    "Viết như 2025-03-04, hoặc chọn thứ tự ngày, tháng khi nhập.",
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
