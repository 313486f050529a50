"""The two sides of every threshold of a table: what holds just before it and what holds from it on.

`vn/decisions/edges.csv` says it for each, and a test compares, so that no number of a table changes unnoticed.
`python -m rulebook.decisions.edges nd146_24` prints the lines of one table as they stand now.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rulebook.decisions.deciding import decide
from rulebook.decisions.facts import ITEM_CHOICES, ITEM_MEASURES, Facts, Item
from rulebook.decisions.tables import Row, Table, settled, tables

FINE_STEP = {"kg": Decimal("0.001"), "wood_m3": Decimal("0.001")}
USUAL = {"group": "IB", "class": "mammal", "state": "dead", "sort": "other"}
"""Of an animal of which the row asks nothing else."""
HEAD = "row,measure,before,holds_before,after,holds_after"


@dataclass(frozen=True, slots=True)
class Edge:
    """One threshold of a row: an amount on either side of it."""

    row: Row
    measure: str
    before: Decimal
    after: Decimal


def edges(table: Table) -> Iterator[Edge]:
    """Each threshold of the rows that were read; where two rows or two versions meet at one, it is given once."""
    seen = set()
    for row in {one.id: one for one in table.rows}.values():  # of several versions the last
        day = day_of(row)
        for measure, told in row.bands if not row.unread else ():
            band, step = settled(told, day), FINE_STEP.get(measure, Decimal(1))
            for amount, counts in ((band.low, band.low_counts), (band.high, not band.high_counts)):
                if measure == "items" or amount is None or (amount == 0 and counts):
                    continue
                pair = (amount - step, amount) if counts else (amount, amount + step)
                if (row.acts, row.when, measure, pair) not in seen:
                    seen.add((row.acts, row.when, measure, pair))
                    yield Edge(row, measure, *pair)


def day_of(row: Row) -> date:
    """A day on which the row is law: its last, else the first of July 2026."""
    return row.period.end or max(date(2026, 7, 1), row.period.start or date(2026, 7, 1))


def sample(row: Row, measure: str, amount: Decimal) -> Facts:
    """The fewest facts under which the row is asked: its own conditions, and the amount."""
    of_item = {n: v[-1] for n, v in row.when if n in ITEM_CHOICES}
    of_case = {n: v[-1] for n, v in row.when if n not in ITEM_CHOICES}
    for other, band in row.bands:
        if other not in (measure, "items"):
            (of_item if other in ITEM_MEASURES else of_case)[other] = settled(band, day_of(row)).low
    (of_item if measure in ITEM_MEASURES else of_case)[measure] = amount
    if of_item.get("kind") == "animal":
        of_item = {**USUAL, **of_item}
    asks_items = bool(of_item) or any(n == "items" for n, _ in row.bands)
    item = Item(**{"klass" if n == "class" else n: v for n, v in of_item.items()})
    acts = frozenset(sorted(row.acts or ())[-1:])
    return Facts(day=day_of(row), acts=acts, items=(item,) if asks_items else (), **of_case)


def holds(facts: Facts) -> str:
    """The rows that hold, as the file writes them: fines by row, crimes by article and paragraph."""
    told = decide(facts)
    rows = sorted({one.row.id for one in (*told.administrative, *told.circumstances) if one.row.bands})
    return " ".join([*rows, *(f"{name}:{n}" for name, n in sorted(told.paragraph.items()))])


def lines(table: Table) -> Iterator[str]:
    """The lines of one table as they stand."""
    for one in edges(table):
        before, after = (holds(sample(one.row, one.measure, a)) for a in (one.before, one.after))
        yield f"{one.row.id},{one.measure},{one.before:f},{before},{one.after:f},{after}"


if __name__ == "__main__":
    told = [line for name in sys.argv[1:] or sorted(tables()) for line in lines(tables()[name])]
    sys.stdout.write("\n".join([HEAD, *told, ""]))
