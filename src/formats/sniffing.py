"""The delimiter of a text table and the row its header stands on, found in its first lines."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Sequence

from formats import title_values

DELIMITERS = "\t;|,"
HEADER_WITHIN = 20
_NUMBER = re.compile(r"[-+]?[\d.,\s]*\d[\d.,\s]*([eE][-+]?\d+)?%?")
_YEAR = re.compile(r"(19|20)\d\d")
_SAYING = re.compile(r"[^\W\d_][^:]{1,40}:\s*\S*\d")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?([T ].*)?")


def delimiter(lines: Sequence[str]) -> str:
    """The separator under which most lines have the same number of cells and some header reads as words."""
    best, best_score = ",", 0.0
    for candidate in DELIMITERS:
        rows = [r for r in csv.reader(lines, delimiter=candidate) if any(r)]
        titles = []
        while len(rows) > 1 and len(rows[0]) == 1:
            titles.append(rows.pop(0)[0])  # a title above the header has no separator
        if not rows:
            continue
        width, times = Counter(map(len, rows)).most_common(1)[0]
        if width < 2:
            continue
        first = next(r for r in rows if len(r) == width)
        near = sum(abs(len(r) - width) <= 1 for r in rows)
        cut_by_another = any(
            t.count(d) >= max(2, width - 1) for t in titles for d in DELIMITERS if d != candidate
        )
        score = (times + near) / (2 * len(rows)) + 0.5 * (_value_share(first) <= 0.2)
        score += 0.1 * math.log2(min(width, 64)) - 0.5 * cut_by_another
        if score > best_score:
            best, best_score = candidate, score
    return best


def header_row(rows: Sequence[Sequence[str]]) -> int | None:
    """The index of the first row that is as full as the table is and holds words; None where no row does."""
    fullest = max((_filled(r) for r in rows[:HEADER_WITHIN]), default=0)
    enough = max(min(2, fullest), fullest * 0.5)
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        if fullest and _filled(row) >= enough and _value_share(row) <= 0.2 and not _says(row):
            return index
    return None


def _says(row: Sequence[str]) -> bool:
    """Whether most cells hold a heading with its value ("Tuyến: T01", "Ngày: 15/3/2025"), as above a form's table."""
    cells = [c.strip() for c in row if c.strip()]
    if 2 * 2 * sum(c.endswith(":") for c in cells) >= len(cells) > 0:  # each with the cell after it
        return True
    return 2 * sum(bool(_SAYING.match(c)) or bool(title_values.said([[c]])) for c in cells) >= len(cells) > 0


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _value_share(row: Sequence[str]) -> float:
    """The part of the filled cells that are numbers or dates (a year alone may head a column)."""
    cells = [c.strip() for c in row if c.strip()]
    if not cells:
        return 1.0
    values = sum(not _YEAR.fullmatch(c) and bool(_NUMBER.fullmatch(c) or _DATE.fullmatch(c)) for c in cells)
    return values / len(cells)
