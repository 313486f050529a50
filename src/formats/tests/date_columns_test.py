"""A column of dates read as one."""

import polars as pl

from formats import date_columns
from formats.date_columns import Habits


def test_a_cell_possible_in_one_order_only_speaks_for_the_column() -> None:
    habits = Habits()
    habits.take(pl.Series(["04/21/2015", "03/04/2015"]), mixed=False, since_1904=False)
    assert habits.evidence.order == "mdy"


def test_real_dates_that_all_could_be_turned_are_doubtful_beside_texts_of_one_order() -> None:
    cells = pl.Series(["2015-03-04", "2015-05-04", "2015-06-04", "13/04/2015", "28/04/2015"])
    habits = Habits()
    habits.take(cells, mixed=True, since_1904=False)
    assert habits.swapped
    start = date_columns.read(cells, "dmy")["start"]
    assert habits.doubtful(start).to_list() == [True, True, True, False, False]


def test_two_digit_years_move_with_their_words() -> None:
    found = date_columns.read(pl.Series(["3/5/98"]), "dmy")
    moved = date_columns.in_century(found, pl.Series([True]), "1900")
    assert moved["start"].dt.year().to_list() == [1998]
    assert moved["iso"][0].startswith("1998")
    assert date_columns.in_century(found, pl.Series([True]), "2000")["code"].to_list() == ["future"]
