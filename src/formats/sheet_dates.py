"""What the eye sees of a sheet and its reader does not: dates shown without a part, hidden rows and columns."""

from __future__ import annotations

import datetime as dt
from typing import Any

from formats.source import Findings
from formats.workbook_parts import SheetParts

_YEARS = range(1900, 2101)
_EPOCH = dt.datetime(1899, 12, 30)


def as_shown(
    rows: list[list[Any]], shown: dict[tuple[int, int], str], findings: Findings, sheet: str
) -> None:
    """Dates whose day is never shown and is the first mean the whole month; small numbers shown as dates are told."""
    for number, row in enumerate(rows):
        for at, cell in enumerate(row):
            if not isinstance(cell, dt.date) or (isinstance(cell, dt.datetime) and cell.time() != dt.time()):
                continue
            form = shown.get((number, at), "")
            if _small(cell):
                serial = (dt.datetime(cell.year, cell.month, cell.day) - _EPOCH).days
                row[at] = f"{cell:%Y-%m-%d} (= {serial - (serial < 61)})"
                findings.add(
                    "small_serial",
                    "Ô ngày của Excel giữ một số nhỏ hoặc một năm (gõ 2025 vào ô định dạng ngày hiện 17/07/1905); "
                    "không đọc thành ngày.",
                    "A date cell of the workbook holds a small number or a year typed into it; it is read as no date.",
                    "Gõ lại ngày trong tệp gốc; nếu đúng là ngày xưa, viết dạng chữ 1905-07-17.",
                    where=sheet,
                    row=number + 1,
                )
            elif form == "month" and cell.day == 1:
                row[at] = f"{cell:%Y-%m}"
                _told_part(findings, sheet, number, "tháng và năm", "the month and the year")
            elif form == "year" and (cell.day, cell.month) == (1, 1):
                row[at] = f"{cell:%Y}"
                _told_part(findings, sheet, number, "năm", "the year")
            elif form == "no_year":
                findings.add(
                    "year_not_shown",
                    "Ô ngày không hiện năm; năm trong ô do Excel tự điền lúc gõ, hãy kiểm tra.",
                    "A date cell shows no year; the year in it was filled in by Excel when it was typed.",
                    where=sheet,
                    row=number + 1,
                )


def _small(cell: dt.date) -> bool:
    """Days of 1900, and those whose number is a year of today: what a number typed into a date cell becomes."""
    serial = (dt.date(cell.year, cell.month, cell.day) - _EPOCH.date()).days
    return cell.year in (1899, 1900) or serial in _YEARS


def _told_part(findings: Findings, sheet: str, row: int, vi: str, en: str) -> None:
    findings.add(
        "part_of_date",
        f"Ô ngày chỉ hiện {vi}; được đọc đúng như thế, không thêm ngày 1.",
        f"A date cell shows only {en}; it is read so, without a first day of its own.",
        where=sheet,
        row=row + 1,
    )


def hidden(
    rows: list[list[Any]],
    last: int,
    own: SheetParts,
    columns: list[str],
    findings: Findings,
    sheet: str,
    read: bool,
) -> tuple[set[int], set[int]]:
    """The hidden rows of data and the hidden columns that hold something, both from 0; each is told."""
    found = {n for n in own.hidden if last < n < len(rows) and any(c not in (None, "") for c in rows[n])}
    for row in sorted(found):
        why = " (bộ lọc đang bật)" if own.filtered else ""
        findings.add(
            "hidden_rows",
            f"Có dòng đang bị ẩn{why}; " + ("được đọc như đã chọn." if read else "để lại, không đọc."),
            "Hidden rows " + ("are read as chosen." if read else "are left out."),
            "" if read else "Bỏ ẩn (bỏ bộ lọc) rồi lưu lại, hoặc chọn đọc cả dòng, cột ẩn ở mục mở tệp.",
            where=sheet,
            row=row + 1,
        )
    unseen = set()
    for at in sorted(own.hidden_columns):
        filled = at < len(columns) and any(at < len(r) and r[at] not in (None, "") for r in rows[last + 1 :])
        if filled:
            unseen.add(at)
            findings.add(
                "hidden_columns",
                f"Cột “{columns[at]}” đang bị ẩn; "
                + ("được đọc như đã chọn." if read else "để lại, không đọc."),
                f"The column {columns[at]!r} is hidden; it is "
                + ("read as chosen." if read else "left out."),
                "" if read else "Bỏ ẩn rồi lưu lại, hoặc chọn đọc cả dòng, cột ẩn ở mục mở tệp.",
                where=f"{sheet}:{columns[at]}",
            )
    return found, unseen
