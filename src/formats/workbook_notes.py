"""The last sheet of a workbook of ours: texts too long for a cell, in parts; they go back where they belong."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from python_calamine import CalamineWorkbook

from formats.xlsx_writing import CUT, NOTED, NOTES

Texts = dict[tuple[int, int], str]


def whole_texts(workbook: CalamineWorkbook) -> dict[str, Texts] | None:
    """By sheet the full text of each cell (row and column from 0) that was cut; None where there are no such notes."""
    if NOTES not in workbook.sheet_names:
        return None
    rows = workbook.get_sheet_by_name(NOTES).to_python()
    if not rows or tuple(rows[0][: len(NOTED)]) != NOTED:
        return None
    found: dict[str, Texts] = defaultdict(lambda: defaultdict(str))
    for sheet, cell, _part, text in (r[:4] for r in rows[1:]):
        if at := re.fullmatch(r"([A-Z]{1,3})(\d+)", str(cell)):
            column = 0
            for letter in at[1]:
                column = column * 26 + ord(letter) - ord("A") + 1
            found[str(sheet)][int(at[2]) - 1, column - 1] += str(text)
    return found


def put_back(rows: list[list[Any]], texts: Texts) -> None:
    """The cells that were cut hold their whole text again."""
    for (row, column), text in texts.items():
        if row < len(rows) and column < len(rows[row]) and str(rows[row][column]).endswith(CUT):
            rows[row][column] = text
