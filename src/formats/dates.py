"""Columns of dates as people write them: each cell read, and what the cells together tell of each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from formats.date_text import ISO, Habits, Said, read

__all__ = ["ISO", "Dates", "Evidence", "parse"]


@dataclass(frozen=True)
class Dates:
    """First and last day (NaT where not read), ISO 8601, time of day, precision, doubt, of each cell.

    `ambiguous` cells have a day and a month that may change places; `orders` is "dmy" or "mdy" where a cell
    makes a date in that order only, else "".
    """

    start: np.ndarray
    end: np.ndarray
    iso: list[str | None]
    start_time: list[str | None]
    precision: list[str]
    codes: list[str | None]
    ambiguous: np.ndarray
    orders: list[str]


def parse(
    texts: Iterable[str | None] | pa.Array,
    order: str = "dmy",
    today: dt.date | None = None,
    since_1904: bool = False,
) -> Dates:
    """Each text read; `order` ("dmy" or "mdy") decides 03/04/2020, which `ambiguous` still says."""
    if order not in ("dmy", "mdy"):
        raise ValueError('the order of day and month is "dmy" or "mdy"')
    column = pa.array(texts, pa.string()) if not isinstance(texts, pa.Array) else texts
    encoded = column.dictionary_encode()
    habits = Habits(order, since_1904, today or dt.date.today())
    blank = [t is None or not t.strip() for t in encoded.dictionary.to_pylist()] + [True]
    found: list[Said | None] = [
        None if empty else read(t, habits)
        for t, empty in zip(encoded.dictionary.to_pylist(), blank, strict=False)
    ]
    found.append(None)  # what a null points at
    at = pc.fill_null(encoded.indices, len(found) - 1).to_numpy(zero_copy_only=False)

    def spread(values: Sequence[Any], dtype: Any) -> np.ndarray:
        whole = np.empty(len(values), dtype)
        whole[:] = values
        return np.asarray(whole[at])

    codes = [
        None if empty else "unreadable" if f is None else f.code
        for f, empty in zip(found, blank, strict=True)
    ]
    return Dates(
        spread([np.datetime64(f.start if f else "NaT") for f in found], "datetime64[D]"),
        spread([np.datetime64(f.end if f else "NaT") for f in found], "datetime64[D]"),
        spread([f.iso if f else None for f in found], object).tolist(),
        spread([f.time if f else None for f in found], object).tolist(),
        spread([f.precision if f else "" for f in found], object).tolist(),
        spread(codes, object).tolist(),
        spread([bool(f and f.ambiguous) for f in found], bool),
        spread([f.order if f else "" for f in found], object).tolist(),
    )


@dataclass
class Evidence:
    """What a column's cells, read as one, say of how it writes dates; gathered batch by batch."""

    day_first: int = 0
    month_first: int = 0
    ambiguous: int = 0
    buddhist: int = 0
    other_years: int = 0
    oldest: int = 9999
    day_first_cell: str = ""
    month_first_cell: str = ""

    def take(self, texts: Sequence[str | None], dates: Dates) -> None:
        """Count these cells; `dates` are the same cells read."""
        for text, only, doubtful, code, start in zip(
            texts, dates.orders, dates.ambiguous, dates.codes, dates.start, strict=True
        ):
            if only == "dmy":
                self.day_first += 1
                self.day_first_cell = self.day_first_cell or str(text)
            elif only == "mdy":
                self.month_first += 1
                self.month_first_cell = self.month_first_cell or str(text)
            self.ambiguous += bool(doubtful)
            if code == "buddhist_era":
                self.buddhist += 1
            elif code != "two_digit_year" and not np.isnat(start):
                self.other_years += code != "short_year"
                self.oldest = min(self.oldest, int(str(start)[:4]))

    @property
    def order(self) -> str:
        """The one order the column proves, "both" where cells contradict each other, "" where none proves any."""
        if self.day_first and self.month_first:
            return "both"
        return "dmy" if self.day_first else "mdy" if self.month_first else ""
