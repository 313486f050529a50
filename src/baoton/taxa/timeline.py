"""The legal status of a taxon over time as bars, one row a list, for the eye and for a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import get_language

from rulebook import LegalStatus
from rulebook.certainty import SAID, SAID_EN, Certainty
from rulebook.lists import groups

BEGIN = date(2013, 1, 1)


@dataclass
class Bar:
    """From a day to a day one list put the taxon in one group; `open_end` means until today and on."""

    group: str
    short: str
    start: date
    end: date
    open_end: bool
    certainty: str
    said: str
    left: float = 0.0
    width: float = 0.0


@dataclass(frozen=True)
class Row:
    """One list and its bars, oldest first."""

    instrument: str
    title: str
    bars: list[Bar]


@dataclass(frozen=True)
class Timeline:
    """Rows over the years from `first` to `last`; `ticks` are (year, position in percent)."""

    rows: list[Row]
    ticks: list[tuple[int, float]]
    now: float


def said(mark: Certainty) -> str:
    """How sure, in the reader's language."""
    return (SAID_EN if get_language() == "en" else SAID)[mark]


def timeline(told: Sequence[LegalStatus], today: date) -> Timeline:
    """Every entry that spoke of the taxon, as bars; what was set aside by a closer entry is left out."""
    first, last = BEGIN, date(today.year + 2, 1, 1)
    days = (last - first).days

    def at(day: date) -> float:
        return round(100 * min(max((day - first).days / days, 0), 1), 2)

    rows: dict[tuple[str, str], Row] = {}
    for status in told:
        start = max(status.start or first, first)
        end = min(status.end or last, last)
        for hit in status.hits:
            if hit.set_aside or end <= first:
                continue
            key = (hit.instrument, hit.info.title)
            row = rows.setdefault(key, Row(hit.instrument, hit.info.title, []))
            previous = row.bars[-1] if row.bars else None
            same = previous and (previous.group, previous.certainty) == (hit.group, hit.certainty)
            if previous and same and previous.end >= start - timedelta(days=1):
                previous.end, previous.open_end = max(previous.end, end), status.end is None
                continue
            group = groups()[hit.group]
            short = group.en if get_language() == "en" else group.short
            mark = hit.certainty
            row.bars.append(Bar(hit.group, short, start, end, status.end is None, mark, said(mark)))
    for row in rows.values():
        for bar in row.bars:
            bar.left, bar.width = at(bar.start), round(at(bar.end) - at(bar.start), 2)
    ticks = [(year, at(date(year, 1, 1))) for year in range(first.year + 1, last.year + 1, 2)]
    return Timeline(sorted(rows.values(), key=lambda r: r.bars[0].start), ticks, at(today))
