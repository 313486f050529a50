"""Dates as people write them."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import dates

TODAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "start", "end", "precision", "code"),
    [
        ("2020-01-31", "2020-01-31", "2020-01-31", "day", None),
        ("2020-01", "2020-01-01", "2020-01-31", "month", None),
        ("2020", "2020-01-01", "2020-12-31", "year", None),
        ("năm 2020", "2020-01-01", "2020-12-31", "year", None),
        ("31/01/2020", "2020-01-31", "2020-01-31", "day", None),
        ("05/05/2020", "2020-05-05", "2020-05-05", "day", None),
        ("03/04/2020", "2020-04-03", "2020-04-03", "day", "ambiguous"),
        ("01/31/2020", "2020-01-31", "2020-01-31", "day", "other_order"),
        ("1-2-20", "2020-02-01", "2020-02-01", "day", "ambiguous"),
        ("15-Sep-17", "2017-09-15", "2017-09-15", "day", "two_digit_year"),
        ("5/2020", "2020-05-01", "2020-05-31", "month", None),
        ("tháng 5 năm 2023", "2023-05-01", "2023-05-31", "month", None),
        ("Ngày 3 tháng 4 năm 2020", "2020-04-03", "2020-04-03", "day", None),
        ("43861", "2020-01-31", "2020-01-31", "day", "excel_serial"),
        ("20200131", "2020-01-31", "2020-01-31", "day", None),
        ("2020-01/2020-02", "2020-01-01", "2020-02-29", "range", None),
        ("2020-01-05/07", "2020-01-05", "2020-01-07", "range", None),
        ("2020-01-05/2020-03-07", "2020-01-05", "2020-03-07", "range", None),
        ("2018/2019", "2018-01-01", "2019-12-31", "range", None),
        ("13/03/2024 - 15/03/2024", "2024-03-13", "2024-03-15", "range", None),
        ("2019-12-31/2019-01-01", "2019-01-01", "2019-12-31", "range", "reversed"),
        ("2027-01-01", "2027-01-01", "2027-01-01", "day", "future"),
    ],
)
def test_a_date_is_read(text: str, start: str, end: str, precision: str, code: str | None) -> None:
    read = dates.parse([text], today=TODAY)
    assert (str(read.start[0]), str(read.end[0]), read.precision[0], read.codes[0]) == (
        start,
        end,
        precision,
        code,
    )


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2020-05-30T04:57:37+02:00", "04:57:37+02:00"),
        ("2020-05-30 04:57", "04:57"),
        ("30/05/2020 7h30", "7:30"),
        ("43861.5", "12:00:00"),
    ],
)
def test_the_time_is_kept_as_written(text: str, time: str) -> None:
    read = dates.parse([text])
    assert read.start_time == [time] and read.precision == ["instant"]


@pytest.mark.parametrize(
    "text", ["30/02/2020", "2020-13-01", "hôm qua", "12", "2020-01-01T25:10", "31/04/2021"]
)
def test_what_is_no_date_is_told(text: str) -> None:
    read = dates.parse([text])
    assert np.isnat(read.start[0]) and read.codes == ["unreadable"] and read.precision == [""]


def test_blank_is_blank_and_an_empty_column_is_empty() -> None:
    read = dates.parse([None, "", " "])
    assert np.isnat(read.start).all() and read.codes == [None, None, None]
    assert len(dates.parse([]).start) == 0


def test_the_american_order_can_be_asked() -> None:
    assert str(dates.parse(["03/04/2020"], order="mdy").start[0]) == "2020-03-04"
    with pytest.raises(ValueError, match="dmy"):
        dates.parse([], order="ymd")


@given(st.lists(st.dates(dt.date(1900, 1, 1), dt.date(2026, 1, 1)), max_size=20))
def test_every_day_comes_back_in_three_ways(days: list[dt.date]) -> None:
    for form in ("{:%Y-%m-%d}", "{:%d/%m/%Y}", "ngày {:%d} tháng {:%m} năm {:%Y}"):
        read = dates.parse([form.format(*[d] * 3) for d in days])
        assert [d.item() for d in read.start] == days and [d.item() for d in read.end] == days
