"""How a sheet is laid out by people: a header on two rows, rows of numbers or units under it, tables side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence

from formats import dwc

_NUMBERED = re.compile(r"\(?\s*(\d{1,2}|[A-ZĐ])\s*\)?(?:\s*=.*)?")
_UNIT = re.compile(
    r"(?i)\(.{1,25}\)|\[.{1,25}\]|m|km|cm|mm|ha|m2|m²|%|°|°c|độ|độ thập phân|con|cá thể|cây|đàn|người|"
    r"d{1,2}[/.-]m{1,2}[/.-]y{2,4}|m{1,2}[/.-]d{1,2}[/.-]y{2,4}|y{4}-m{2}-d{2}|hh[:h]mm(?:[:]ss)?"
)
Row = Sequence[str]


def under_header(head: Sequence[Row], header: int) -> int:
    """How many rows right under the header (its index in `head`) hold column numbers or units, and no data."""
    taken = 0
    for at in (header + 1, header + 2):
        cells = [c.strip() for c in head[at] if c.strip()] if at < len(head) else []
        if not cells or not (_is_units(cells) or (_is_numbers(cells) and _worded(head, at))):
            break
        taken += 1
    return taken


def _worded(head: Sequence[Row], at: int) -> bool:
    """Whether the numbers stand over words, as column numbers do and data of a table of numbers does not."""
    if any("(" in c for c in head[at]):
        return True
    after = next((row for row in head[at + 1 :] if any(row)), [])
    return any(
        c.strip() and i < len(after) and re.search(r"[^\W\d_]{2}", after[i]) for i, c in enumerate(head[at])
    )


def _is_numbers(cells: list[str]) -> bool:
    """1, 2, 3 …; (1), (2), (3) …; A, B, 1, 2 …: each one more than the one before."""
    found = [_NUMBERED.fullmatch(c) for c in cells]
    if len(cells) < 3 or not all(found):
        return False
    said = [m[1] for m in found if m is not None]
    letters = [c for c in said if not c.isdigit()]
    numbers = [int(c) for c in said if c.isdigit()]
    if said[: len(letters)] != letters or letters != list("ABCDEĐGHIKLMNOPQRSTUVXY")[: len(letters)]:
        plain = [chr(ord("A") + i) for i in range(len(letters))]
        if letters != plain or said[: len(letters)] != letters:
            return False
    return numbers == list(range(1, len(numbers) + 1))


def _is_units(cells: list[str]) -> bool:
    return all(_UNIT.fullmatch(c) for c in cells)


def second_row(head: Sequence[Row], header: int, width: int) -> bool:
    """Whether the row under the header names the columns of a group whose heading was not merged.

    "Tọa độ | (blank)" over "X | Y": some cell stands under a blank heading beside one under the group's own.
    """
    if header + 2 >= len(head):
        return False
    above, below = (_padded(head[header + k], width) for k in (0, 1))
    filled = [i for i in range(width) if below[i]]
    if len(filled) < 2 or any(re.search(r"\d{2}", below[i]) or len(below[i]) > 30 for i in filled):
        return False
    grouped = [i for i in filled if not above[i] and i and (below[i - 1] or not above[i - 1])]
    if not grouped or not any(above[i] for i in filled):
        return False
    after = _padded(head[header + 2], width)
    blank = [i for i in range(width) if not below[i] and above[i]]
    if not any(after[i] for i in blank) and blank:
        return False
    return any(dwc.propose([below[i]])[0].term for i in filled)


def grouped(above: Row, below: Row, width: int) -> list[str]:
    """The headings of both rows joined: a group's name goes over the blank headings to its right."""
    one, two = _padded(above, width), _padded(below, width)
    for i in range(1, width):
        if not one[i] and two[i] and (two[i - 1] or not one[i - 1]):
            one[i] = one[i - 1]
    return [f"{a} / {b}" if a and b else a or b for a, b in zip(one, two, strict=True)]


def side_by_side(header: Row, filled: Sequence[bool]) -> list[tuple[int, int]]:
    """The column ranges of tables that stand side by side; one range where there is but one table.

    `filled` says of each column whether any cell of it holds something. A second table begins where headings
    come again: after an empty column, or where the first headings are repeated in their order.
    """
    names = [dwc.accented(h) for h in header]
    starts = [0]
    for i in range(1, len(names)):
        left = [n for n in names[starts[-1] : i] if n]
        right = [n for n in names[i:] if n]
        again = [n for n in right if n in left]
        apart = not names[i - 1] and not filled[i - 1]
        repeated = bool(names[i]) and len(left) >= 2 and names[i : i + 2] == left[:2]
        if names[i] and ((apart and len(again) >= 2) or repeated):
            starts.append(i)
    ends = [*starts[1:], len(names)]
    return list(zip(starts, ends, strict=True))


def _padded(row: Row, width: int) -> list[str]:
    return [row[i].strip() if i < len(row) else "" for i in range(width)]
