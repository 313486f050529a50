"""New rows come out of the stage in the order of their book, each once, whatever the file's order."""

import random

import polars as pl
import pytest

from baoton.kit.importing import slices, stage
from baoton.kit.importing.target import Target, by_name

VISITS, SEEN = "observations.event", "observations.occurrence"


def keep(target: Target, frame: pl.DataFrame) -> pl.DataFrame:
    return frame


def test_the_books_with_a_day_come_in_its_order_and_others_as_they_were_read() -> None:
    assert slices.order_of(by_name(SEEN)) == slices.order_of(by_name(VISITS)) == "sort_day"
    assert slices.order_of(by_name("outreach.session")) == ""


@pytest.mark.parametrize("band", [7, 25_000])
def test_rows_dealt_out_into_bands_are_each_written_once_in_order(
    band: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "BAND", band)
    rng, held = random.Random(1), stage.Stage()
    given: dict[str, list[tuple[int, str]]] = {VISITS: [], SEEN: []}
    for name in (VISITS, VISITS, SEEN, SEEN, SEEN):
        rows = [(rng.choice([0, 0, 5, *range(40)]), f"{rng.randrange(10**9):09d}") for _ in range(20)]
        given[name] += rows
        frame = pl.DataFrame(rows, schema=["sort_day", "id"], orient="row")
        more = pl.lit(None).alias("remarks") if len(given[name]) == 20 else pl.lit("x").alias("remarks")
        held.add(by_name(name), created=frame.with_columns(more))
    found: dict[str, list[tuple[int, str]]] = {}
    for target, frame in held.in_order("created", slices.order_of, keep):
        found.setdefault(target.name, []).extend(frame.select("sort_day", "id").rows())
    held.close()
    assert list(found) == [VISITS, SEEN]
    assert found == {name: sorted(rows) for name, rows in given.items()}


def test_a_table_without_the_order_in_every_part_is_written_as_it_was_read() -> None:
    held = stage.Stage()
    held.add(by_name(SEEN), created=pl.DataFrame({"id": ["b", "a"], "sort_day": [2, 1]}))
    held.add(by_name(SEEN), created=pl.DataFrame({"id": ["d", "c"]}))
    found = [frame["id"].to_list() for _t, frame in held.in_order("created", slices.order_of, keep)]
    held.close()
    assert found == [["b", "a"], ["d", "c"]]
