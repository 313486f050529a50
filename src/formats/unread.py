"""Columns that nobody took although they seem to hold a day, a place or a count: by their cells and headers."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from formats import coordinates, dates, dwc, pairs
from formats.source import Table

FIRST = 200
DATE_HEAD = re.compile(
    r"\b(?:ngay|date|dates|fecha|datum|jour|timestamp|datetime|thoi diem|thoi gian|when|nam|year|annee)\b"
)
NO_DATE_HEAD = re.compile(r"\b(?:sinh|so ngay|phut|giay|birth|days|minutes|duration|nam sinh|cap phep|in)\b")
PLACE_HEAD = re.compile(
    r"\b(?:toa do|kinh do|vi do|kinh tuyen|vi tuyen|kd|vd|lat|lats|lon|long|lng|latitude|longitude|easting|northing|"
    r"coord|coords|coordinate|coordinates|utm|vn ?2000|wkt|geom|geometry|geopoint|bac|dong|north|east|[xy]\d?|gps)\b"
)
COUNT_HEAD = re.compile(
    r"\b(?:so luong|sl|so con|so ca the|so cay|tong so|ca the|duc|cai|con non|truong thanh|individuals?|count|"
    r"abundance|males?|females?|juveniles?|adults?|number of|how many)\b"
)
PAIR = re.compile(r"^\W*-?\d{1,3}[.,°º]\d+.*[,;\s].*\d{1,3}[.,°º]\d+")
DRAWN = re.compile(r"(?i)^\s*(?:SRID=\d+;)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*Z?M?\s*\(")
DEGREES = re.compile(r"\d\s*[°º˚]|^\s*[NSEWBĐDT]\s*\d{1,3}[.,]\d|\d[.,]\d+\s*°?\s*[NSEWBĐT]\s*$")
NUMBER = re.compile(r"^\s*[-+−]?\d{1,3}(?:[ .,]?\d{3})*(?:[.,]\d+)?\s*$|^\s*[-+−]?\d+(?:[.,]\d+)?\s*$")
MOST = 0.6


def columns(table: Table, meant: Mapping[str, str], key: Collection[str]) -> dict[str, str]:
    """The columns that no term takes and that seem to hold a "date", a "place" or, where none is read, a "count".

    `meant` is the term of each column; one that stands there under its own name is kept knowingly and never told.
    """
    free = [c for c in table.columns if meant.get(c) in {None, "", "eventTime"} and c not in key]
    free = [c for c in free if c not in table.terms or meant.get(c) == "eventTime"]
    if not free:
        return {}
    sample, found = table.sample(FIRST), {}
    for column in free:
        cells = [v for v in sample.column(column).to_pylist() if v and v.strip()]
        if cells and (kind := _kind(column, cells, table.kinds.get(column, "text"))):
            found[column] = kind
        elif (
            cells
            and not {"individualCount", "organismQuantity"} & set(meant.values())
            and _counts(column, cells)
        ):
            found[column] = "count"
    return found


def _counts(header: str, cells: list[str]) -> bool:
    """Whole numbers under a header that speaks of how many."""
    numbers = sum(bool(re.fullmatch(r"\s*\d{1,6}(?:[.,]0+)?\s*", c)) for c in cells)
    return bool(COUNT_HEAD.search(dwc.plain(header))) and numbers > MOST * len(cells)


def _kind(header: str, cells: list[str], kind: str) -> str:
    head = dwc.plain(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header))
    if kind in {"date", "datetime"} or _days(cells, head):
        return "date"
    return "place" if _place(cells, head) else ""


def _days(cells: list[str], head: str) -> bool:
    """Most cells are whole days, or the header speaks of a date and they read as years, months or days."""
    read = dates.parse(cells)
    pairs_ = list(zip(read.precision, cells, strict=True))
    whole = sum(p not in {"", "year", "month"} and any(s in t for s in "-/. ,") for p, t in pairs_)
    if whole > MOST * len(cells):
        return True
    if not DATE_HEAD.search(head) or NO_DATE_HEAD.search(head):
        return False
    told = sum(bool(p) for p, _ in pairs_)
    worded = sum(bool(re.search(r"[^\W\d_]{2}", t)) and bool(re.search(r"\d", t)) for _, t in pairs_)
    return told + worded > MOST * len(cells)


def _place(cells: list[str], head: str) -> bool:
    """Most cells are pairs, shapes or degrees in words, or the header speaks of a place and they are such numbers."""

    def most(test: re.Pattern[str]) -> bool:
        return sum(bool(test.search(c)) for c in cells) > MOST * len(cells)

    if most(PAIR) or most(DRAWN) or most(DEGREES):
        return True
    if sum(s not in (None, "") for s in pairs.parse(cells).systems) > MOST * len(cells):
        return True
    numbers = [v for v in map(_number, cells) if v is not None]
    if len(numbers) <= MOST * len(cells):
        return False
    if PLACE_HEAD.search(head) and (
        _sized(numbers, cells) or re.search(r"\b(?:kd|vd|kinh do|vi do)\b", head)
    ):
        return True
    return _in_metres(numbers)


def _number(cell: str) -> float | None:
    if not NUMBER.match(cell):
        return None
    value = coordinates.parse([cell], axis="lon").values[0]
    return None if value is None or value != value else float(value)


def _sized(numbers: list[float], cells: list[str]) -> bool:
    """Numbers as coordinates have them: broken degrees, or metres of a zone."""
    broken = sum(
        abs(n) <= 180 and bool(re.search(r"[.,]\d", c)) for n, c in zip(numbers, cells, strict=False)
    )
    metres = sum(abs(n) >= 10_000 for n in numbers)
    return broken + metres > MOST * len(numbers)


def _in_metres(numbers: list[float]) -> bool:
    """Northings of the country, whatever the column is called."""
    north = sum(800_000 <= n <= 2_700_000 for n in numbers)
    return north > MOST * len(numbers) and len(set(numbers)) > 0.5 * len(numbers)
