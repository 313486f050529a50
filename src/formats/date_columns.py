"""A column of dates read as one: how its cells write dates, which may be two days, years moved to a century."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

import polars as pl

from formats import dates, dwc

REAL = r"^\d{4}-\d{2}-\d{2}(T|$)"
MANY = 2  # so many real dates, none after the 12th, are hardly chance (one in seven)
NEAR = 31
_YEAR = r"(?:y{1,4}|n{2,4}|a{2,4}|nam|year)"
_STATED = {
    "dmy": re.compile(rf"\b(?:d{{1,2}}|ngay|day) ?(?:m{{1,2}}|thang|month) ?{_YEAR}\b"),
    "mdy": re.compile(rf"\b(?:m{{1,2}}|thang|month) ?(?:d{{1,2}}|ngay|day) ?{_YEAR}\b"),
}
CENTURIES = ("1900", "2000", "pivot")


def read(texts: pl.Series, order: str, since_1904: bool = False) -> pl.DataFrame:
    """Each text with start, end, code, precision, iso, ambiguous and `only`, the sole order that makes a date of it."""
    found = dates.parse(texts.to_list(), order=order, since_1904=since_1904)
    return pl.DataFrame(
        {
            "text": texts,
            "start": pl.Series(found.start).cast(pl.Date),
            "end": pl.Series(found.end).cast(pl.Date),
            "code": pl.Series(found.codes, dtype=pl.String),
            "precision": pl.Series(found.precision, dtype=pl.String),
            "iso": pl.Series(found.iso, dtype=pl.String),
            "ambiguous": pl.Series(found.ambiguous, dtype=pl.Boolean),
            "only": pl.Series(found.orders, dtype=pl.String),
        }
    )


@dataclass
class Habits:
    """How one column writes its dates, found once for a whole file. `order` is "" until its cells are asked."""

    order: str = ""
    evidence: dates.Evidence = field(default_factory=dates.Evidence)
    real_days: int = 0
    """cells that are real dates of a workbook and could have day and month changed places"""
    real_sure: int = 0
    stated: str = ""
    """the order that the column's header states: "Ngày (mm/dd/yyyy)\""""
    texts: tuple[dt.date, dt.date] | None = None
    """the first and last day that the texts of one order tell"""

    @property
    def settled(self) -> str:
        """The order that cells and header agree on; "both" where anything contradicts, "" where nothing tells."""
        proved = self.evidence.order
        if proved and self.stated and proved != self.stated:
            return "both"
        return proved or self.stated

    @property
    def swapped(self) -> bool:
        """Texts of one order only, beside real dates that all could be swapped: the workbook may have read the
        others the other way."""
        return bool(self.real_days) and not self.real_sure and self.evidence.order in ("dmy", "mdy")

    def doubtful(self, start: pl.Series) -> pl.Series:
        """Real dates nearer the texts with day and month changed places, or as near and too many to be chance."""
        if not self.swapped or self.texts is None:
            return pl.Series([False]).new_from_index(0, len(start))
        first, last = (t + dt.timedelta(days=by) for t, by in zip(self.texts, (-NEAR, NEAR), strict=True))
        turned = pl.date(pl.col("d").dt.year(), pl.col("d").dt.day(), pl.col("d").dt.month())
        table = pl.DataFrame({"d": start.set(~_may_swap(start.to_frame("start")), None)})
        inside = table.select(here=pl.col("d").is_between(first, last), there=turned.is_between(first, last))
        many = self.real_days >= MANY
        return (inside["there"] & (~inside["here"] | many)).fill_null(False)

    def take(self, cells: pl.Series, mixed: bool, since_1904: bool) -> None:
        """Ask these cells too; in a `mixed` column some are real dates of a workbook and some texts."""
        found = dates.parse(cells.to_list(), since_1904=since_1904)
        self.evidence.take(cells.to_list(), found)
        if not mixed:
            return
        start = pl.Series(found.start).cast(pl.Date)
        days = pl.DataFrame({"start": start}).filter(cells.str.contains(REAL))
        self.real_days += int(_may_swap(days).sum())
        self.real_sure += int((days["start"].dt.day() > 12).sum())
        told = start.filter(pl.Series(found.orders) != "")
        if len(told):
            known = [*told.to_list(), *(self.texts or ())]
            self.texts = (min(known), max(known))


def stated_order(header: str) -> str:
    """The order of day and month that a header spells out: "dmy", "mdy", or "" where it says nothing."""
    plain = dwc.plain(header)
    return next((order for order, words in _STATED.items() if words.search(plain)), "")


def _may_swap(found: pl.DataFrame) -> pl.Series:
    day, month = found["start"].dt.day(), found["start"].dt.month()
    return ((day <= 12) & (day != month)).fill_null(False)


def in_century(found: pl.DataFrame, short: pl.Series, chosen: str) -> pl.DataFrame:
    """The `short` rows in the chosen century ("pivot": the one they were read in), those ahead of today marked so."""
    year = pl.col("start").dt.year()
    move = (pl.lit(0) if chosen == "pivot" else int(chosen) + year % 100 - year).cast(pl.Int32)
    moved = moved_years(found.with_columns(_by=move), short, pl.col("_by")).drop("_by")
    ahead = short & (moved["start"] > dt.date.today()).fill_null(False)
    return moved.with_columns(
        code=pl.when(ahead).then(pl.lit("future")).when(short).then(pl.lit("century")).otherwise("code")
    )


def moved_years(found: pl.DataFrame, where: pl.Series, by: pl.Expr) -> pl.DataFrame:
    """The rows' days some years later; their words in ISO 8601 with them."""
    days = [
        pl.when(where).then(pl.col(c).dt.offset_by(pl.format("{}y", by))).otherwise(c).alias(c)
        for c in ("start", "end")
    ]
    moved = found.with_columns(days)
    tail = pl.col("iso").str.slice(4)
    whole = pl.when(where & (pl.col("precision") != "range")).then(
        pl.concat_str(pl.col("start").dt.strftime("%Y"), tail)
    )
    spans = pl.when(where).then(
        pl.concat_str(
            pl.col("start").dt.strftime("%Y-%m-%d"), pl.lit("/"), pl.col("end").dt.strftime("%Y-%m-%d")
        )
    )
    return moved.with_columns(iso=pl.coalesce(whole, spans, "iso"))
