"""Both sides of every threshold of the decision tables, as the file beside them says."""

import csv
from collections import Counter
from decimal import Decimal

import pytest

from rulebook.decisions import tables
from rulebook.decisions.edges import HEAD, edges, holds, sample
from rulebook.reading import folder

TEXT = folder("vn", "decisions", "edges.csv").read_text(encoding="utf-8")
LINES = list(csv.DictReader(TEXT.splitlines()))
ROWS = {row.id: row for table in tables().values() for row in table.rows}


def named(line: dict[str, str]) -> tuple[str, str, Decimal, Decimal]:
    return line["row"], line["measure"], Decimal(line["before"]), Decimal(line["after"])


def test_every_threshold_of_every_table_stands_in_the_file_once() -> None:
    assert TEXT.startswith(HEAD)
    there = {(e.row.id, e.measure, e.before, e.after) for t in tables().values() for e in edges(t)}
    written = Counter(named(line) for line in LINES)
    assert {line: n for line, n in written.items() if n > 1} == {}
    assert sorted(set(written) - there) == [], "thresholds that no table has"
    assert sorted(there - set(written)) == [], "python -m rulebook.decisions.edges TABLE prints the lines"


@pytest.mark.parametrize("table", sorted({line["row"].partition(".")[0] for line in LINES}))
def test_what_holds_on_either_side_is_what_the_file_says(table: str) -> None:
    wrong = []
    for line in LINES:
        if line["row"].partition(".")[0] == table:
            row, measure, before, after = ROWS[line["row"]], line["measure"], line["before"], line["after"]
            found = [holds(sample(row, measure, Decimal(amount))) for amount in (before, after)]
            if found != [line["holds_before"], line["holds_after"]]:
                wrong.append((line, found))
    assert not wrong


def test_no_threshold_leaves_everything_as_it_was() -> None:
    """From 300 million, 150 m² and so on something else holds, or it cannot be said for want of a fact."""
    same = [line for line in LINES if line["holds_before"] == line["holds_after"]]
    assert [line["row"] for line in same if line["holds_before"]] == []
