"""What the headers and titles of a table tell beyond the meaning of single columns: its system, its start and end."""

import re

import numpy as np
import polars as pl

from baoton.kit.importing.plan import TablePlan
from baoton.observations.imports.trying import MOST, in_country
from formats import Table, dates, datum_names, dwc
from rulebook.country import load_country

FIRST = 500
PLACES = {
    "decimalLongitude",
    "decimalLatitude",
    "verbatimLongitude",
    "verbatimLatitude",
    "verbatimCoordinates",
}
_WHEN = r"(?:ngay |thoi gian |gio )?"
_START = re.compile(
    rf"{_WHEN}(?:bat dau|khoi hanh)(?: .*)?|tu ngay|(?:.* )?start(?: ?(?:date|time|ed))*|date ?start|(?:date )?from|"
    r"begin(?: ?date)?|fecha ?inicio|debut|date debut"
)
_END = re.compile(
    rf"{_WHEN}ket thuc(?: .*)?|den ngay|(?:.* )?end(?: ?(?:date|time|ed))*|date ?end|(?:date )?to|"
    r"finish(?: ?date)?|fecha ?fin|fin|date fin"
)


def propose(plan: TablePlan, table: Table) -> None:
    """The plan has the system that headers or titles state and, where no column is the date, the start and the end."""
    plan.extent = _extent(plan, table)
    if not plan.crs and "_wkb" not in table.schema.names:
        plan.crs = _system(plan, table)
    _day_column(plan, table)
    if "eventDate" not in plan.columns.values():
        _span(plan, table)


def _extent(plan: TablePlan, table: Table) -> list[float] | None:
    """The country where most of the first coordinates lie in it (swapped ones then stand out), else no limit."""
    terms = {t: c for c, t in plan.columns.items()}
    columns = [terms.get("decimalLongitude"), terms.get("decimalLatitude")]
    if None in columns:
        return None
    sample = table.sample(FIRST)
    cells = [pl.Series(sample.column(c).to_pylist(), dtype=pl.String) for c in columns]
    texts = [c.str.replace_all(",", ".", literal=True) for c in cells]
    lon, lat = (t.cast(pl.Float64, strict=False).to_numpy() for t in texts)
    given = np.isfinite(lon) & np.isfinite(lat)
    inside = in_country(lon[given], lat[given])
    return list(load_country().extent) if given.any() and inside.mean() >= MOST else None


def _day_column(plan: TablePlan, table: Table) -> None:
    """A column headed "Ngày" beside "Tháng" and "Năm" is the day of the month where its cells are small numbers."""
    terms = {t: c for c, t in plan.columns.items()}
    column = terms.get("eventDate")
    if column is None or "day" in terms or not {"month", "year"} <= set(terms):
        return
    cells = [v.strip() for v in table.sample(FIRST).column(column).to_pylist() if v and re.search(r"\d", v)]
    days = sum(
        bool(re.fullmatch(r"(?:0?[1-9]|[12]\d|3[01])(?:\.0+)?(?:\s*[-–,&]\s*\d{1,2})?", c)) for c in cells
    )
    if days > MOST * len(cells):
        plan.columns[column] = "day"


def _system(plan: TablePlan, table: Table) -> str:
    headers = [c for c, term in plan.columns.items() if term in PLACES]
    for words in (*headers, *table.metadata.get("titles", ())):
        found = datum_names.named(words) if headers else None
        if found is not None:
            return found.code
    return ""


def _span(plan: TablePlan, table: Table) -> None:
    """A start and an end column together are the span of a visit; a start alone is its date."""
    free = [c for c in table.columns if plan.columns.get(c) in (None, "eventTime", "startDate", "endDate")]
    start = next((c for c in free if _START.fullmatch(_plain(c)) and _days(table, c)), None)
    end = next((c for c in free if c != start and _END.fullmatch(_plain(c)) and _days(table, c)), None)
    if start is not None:
        plan.columns[start] = "startDate"
        if end is not None:
            plan.columns[end] = "endDate"


def _plain(header: str) -> str:
    return dwc.plain(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header.split("/")[-1]))


def _days(table: Table, column: str) -> bool:
    """Whether the column's first cells are days and no mere times of day."""
    cells = [v for v in table.sample(50).column(column).to_pylist() if v]
    read = dates.parse(cells)
    return bool(cells) and sum(c != "unreadable" for c in read.codes) * 2 > len(cells)
