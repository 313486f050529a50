"""Whether the bands of a table meet: no amount between two of them, none in both."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from rulebook.decisions.facts import WHOLE
from rulebook.decisions.tables import Band, Row, Table


def _next_start(measure: str, band: Band) -> tuple:
    if band.high is None:
        return (None, True)
    if measure in WHOLE and band.high_counts:
        return (band.high + 1, True)
    return (band.high, not band.high_counts)


def uneven(table: Table) -> Iterator[tuple[str, str, str]]:
    """Each place where two bands of a fine leave a gap or overlap: row, `gap` or `overlap`, sentence."""
    ladders: dict[tuple, list[tuple[Band, Row]]] = defaultdict(list)
    for row in table.rows:
        if table.kind != "administrative" or len(row.bands) != 1 or row.unread:
            continue
        measure, band = row.bands[0]
        ladders[(measure, row.when, row.acts, row.period.start)].append((band, row))
    for (measure, *_), steps in ladders.items():
        for (lower, _row), (upper, row) in pairwise(sorted(steps, key=lambda s: s[0].low)):
            expected = _next_start(measure, lower)
            if expected == (upper.low, upper.low_counts):
                continue
            gap = lower.high is not None and expected[0] < upper.low
            kind, told = ("gap", "để hở") if gap else ("overlap", "chồng lên nhau")
            yield row.id, kind, f"Hai khung liền nhau {told} ở mức {upper.low:f}."
        for (_, lower_row), (_, row) in pairwise(sorted(steps, key=lambda s: s[0].low)):
            if lower_row.fine and row.fine and row.fine < lower_row.fine:
                yield row.id, "milder", "Khung của mức cao hơn lại nhẹ hơn khung của mức thấp hơn."
