"""Dates as people write them."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats import dates

TODAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "iso", "code"),
    [
        ("2020-01-31", "2020-01-31", None),
        ("2020-1-3", "2020-01-03", None),
        ("2020/01/31", "2020-01-31", None),
        ("２０２０-01-31", "2020-01-31", None),
        ("2020-01", "2020-01", None),
        ("2020", "2020", None),
        ("năm 2020", "2020", None),
        ("31/01/2020", "2020-01-31", None),
        ("05/05/2020", "2020-05-05", None),
        ("01/31/2020", "2020-01-31", "other_order"),
        ("1-2-20", "2020-02-01", "two_digit_year"),
        ("15/3/25", "2025-03-15", "two_digit_year"),
        ("15-Sep-17", "2017-09-15", "short_year"),
        ("T3/2025", "2025-03", None),
        ("T.3-2025", "2025-03", None),
        ("Sáng 15/3/2025", "2025-03-15", None),
        ("chiều ngày 15/3/2025", "2025-03-15", None),
        ("buổi tối, 15/3/2025", "2025-03-15", None),
        ("15/03/2025 (sáng)", "2025-03-15", None),
        ("15/03/2025, chiều", "2025-03-15", None),
        ("Đêm 15 tháng 3 năm 2025", "2025-03-15", None),
        ("7-Aug-22", "2022-08-07", "short_year"),
        ("Aug 7, 2022", "2022-08-07", None),
        ("March 15th, 2025", "2025-03-15", None),
        ("Sat Mar 15 2025", "2025-03-15", None),
        ("Tue Apr 01 00:00:00 CET 1930", "1930-04-01", None),
        ("24-Dec-26", "1926-12-24", "short_year"),
        ("24/12/26", "1926-12-24", "two_digit_year"),
        ("15 de marzo de 2025", "2025-03-15", None),
        ("15 août 2025", "2025-08-15", None),
        ("15-Thg3-2025", "2025-03-15", None),
        ("15 Thg 3, 2025", "2025-03-15", None),
        ("15.VII.2014", "2014-07-15", None),
        ("V.1967", "1967-05", None),
        ("5/2020", "2020-05", None),
        ("tháng 5 năm 2023", "2023-05", None),
        ("Ngày 15/3/2025", "2025-03-15", None),
        ("Ngày 3 tháng 4 năm 2020", "2020-04-03", None),
        ("15 tháng ba năm 2025", "2025-03-15", None),
        ("15 tháng năm năm 2025", "2025-05-15", None),
        ("Thứ Bảy, 15/3/2025", "2025-03-15", None),
        ("43861", "2020-01-31", "excel_serial"),
        ("20200131", "2020-01-31", None),
        ("15032025", "2025-03-15", None),
        ("15/3/2568", "2025-03-15", "buddhist_era"),
        ("2568", "2025", "buddhist_era"),
        ("0001-01-01", "0001-01-01", "too_old"),
        ("2027-01-01", "2027-01-01", "future"),
        ("05/06/2042", "2042-06-05", "future"),
    ],
)
def test_a_day_is_read_and_told_in_iso_8601(text: str, iso: str, code: str | None) -> None:
    read = dates.parse([text], today=TODAY)
    assert (read.iso[0], read.codes[0]) == (iso, code)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2020-01/2020-02", "2020-01/2020-02"),
        ("tháng 3-5/2025", "2025-03/2025-05"),
        ("tháng 3 - 5 năm 2025", "2025-03/2025-05"),
        ("tháng 3–tháng 5/2025", "2025-03/2025-05"),
        ("từ tháng 3 đến tháng 5 năm 2025", "2025-03/2025-05"),
        ("từ tháng 3 đến hết tháng 5/2025", "2025-03/2025-05"),
        ("T3-T5/2025", "2025-03/2025-05"),
        ("thg 11 - 12.2024", "2024-11/2024-12"),
        ("2020-01-05/07", "2020-01-05/07"),
        ("2018/2019", "2018/2019"),
        ("2008-2010", "2008/2010"),
        ("13/03/2024 - 15/03/2024", "2024-03-13/2024-03-15"),
        ("15/6/2008-17/6/2008", "2008-06-15/2008-06-17"),
        ("15-17/6/2008", "2008-06-15/2008-06-17"),
        ("15–17/6/2008", "2008-06-15/2008-06-17"),
        ("28/6-2/7/2008", "2008-06-28/2008-07-02"),
        ("từ 15/6/2008 đến 17/6/2008", "2008-06-15/2008-06-17"),
        ("từ ngày 15/6 đến ngày 17/6/2008", "2008-06-15/2008-06-17"),
        ("15-17 tháng 6 năm 2008", "2008-06-15/2008-06-17"),
        ("15-17.VI.2008", "2008-06-15/2008-06-17"),
        ("từ tháng 3 đến tháng 5 năm 2024", "2024-03/2024-05"),
        ("6/2008-8/2008", "2008-06/2008-08"),
        ("2018-05-19T06:00/18:00", "2018-05-19T06:00/18:00"),
        ("2024-03-01T07:00:00/2024-03-02T08:00:00", "2024-03-01T07:00:00/2024-03-02T08:00:00"),
        ("2025-03-15 07:00 - 09:00", "2025-03-15T07:00/2025-03-15T09:00"),
    ],
)
def test_a_span_is_read_and_told_in_iso_8601(text: str, iso: str) -> None:
    read = dates.parse([text], today=TODAY)
    assert (read.iso[0], read.precision[0], read.codes[0]) == (iso, "range", None)
    assert dates.ISO.fullmatch(iso)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2020-05-30T04:57:37+02:00", "04:57:37+02:00"),
        ("2015-07-09 10:51:48+07", "10:51:48+07:00"),
        ("2020-05-30 04:57", "04:57"),
        ("2023-03-01 02:00:00 UTC", "02:00:00Z"),
        ("30/05/2020 7h30", "07:30"),
        ("15/07/2015 10h51", "10:51"),
        ("10h30 ngày 15/7/2015", "10:30"),
        ("15/7/2015 lúc 10 giờ 5 phút", "10:05"),
        ("15/07/2015 3:05:00 CH", "15:05:00"),
        ("15/07/2015 12:05 SA", "00:05"),
        ("7/15/2015 3:05:00 PM", "15:05:00"),
        ("15 Mar 2025 12:30 p.m.", "12:30"),
        ("43861.5", "12:00:00"),
    ],
)
def test_the_time_is_kept(text: str, time: str) -> None:
    read = dates.parse([text])
    assert read.start_time == [time] and read.precision == ["instant"]
    assert "T" in str(read.iso[0]) and dates.ISO.fullmatch(str(read.iso[0]))


@pytest.mark.parametrize(
    "text",
    ["30/02/2020", "2020-13-01", "hôm qua", "12", "2020-01-01T25:10", "31/04/2021", "mùa mưa 2023", "10-May",
     "3-4/2008", "15/3/2025 7:75", "15-20", "Thg3"],
)  # fmt: skip
def test_what_is_no_date_is_told(text: str) -> None:
    read = dates.parse([text])
    assert np.isnat(read.start[0]) and read.codes == ["unreadable"] and read.precision == [""]


def test_a_span_that_ends_before_it_starts_is_told() -> None:
    for text in ("2019-12-31/2019-01-01", "17/6/2008 - 15/6/2008", "2020-01-01T10:00/09:00"):
        assert dates.parse([text]).codes == ["reversed"], text


def test_blank_is_blank_and_an_empty_column_is_empty() -> None:
    read = dates.parse([None, "", " "])
    assert np.isnat(read.start).all() and read.codes == [None, None, None]
    assert len(dates.parse([]).start) == 0


def test_what_may_be_two_days_is_told_and_hides_nothing() -> None:
    read = dates.parse(["03/04/2020", "3/4/20", "05/06/2042", "31/01/2020", "01/31/2020"], today=TODAY)
    assert read.ambiguous.tolist() == [True, True, True, False, False]
    assert read.codes == [None, "two_digit_year", "future", None, "other_order"]
    assert read.orders == ["", "", "", "dmy", "mdy"]


def test_the_american_order_can_be_asked() -> None:
    assert str(dates.parse(["03/04/2020"], order="mdy").start[0]) == "2020-03-04"
    with pytest.raises(ValueError, match="dmy"):
        dates.parse([], order="ymd")


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["3/7/2010", "4/21/2015"], "mdy"),
        (["3/7/2010", "21/4/2015"], "dmy"),
        (["15/3/25", "12/31/99"], "both"),
        (["3/7/2010", "4/5/2015"], ""),
        (["2010-03-07", "7/5/2015 14:00"], ""),
        (["15-17/6/2008", "3/4/2008"], "dmy"),
    ],
)
def test_a_column_proves_its_order(cells: list[str], order: str) -> None:
    evidence = dates.Evidence()
    evidence.take(cells, dates.parse(cells))
    assert evidence.order == order


def test_a_book_of_1904_counts_its_days_from_there() -> None:
    assert dates.parse(["40788"], since_1904=True).iso == ["2015-09-03"]


@given(st.lists(st.dates(dt.date(1900, 1, 1), dt.date(2026, 1, 1)), max_size=20))
def test_every_day_comes_back_in_six_ways(days: list[dt.date]) -> None:
    for form in ("{:%Y-%m-%d}", "{:%d/%m/%Y}", "ngày {:%d} tháng {:%m} năm {:%Y}", "{:%d-Thg%m-%Y}",
                 "{:%d %B %Y}", "{:%Y%m%d}"):  # fmt: skip
        read = dates.parse([form.format(*[d] * 3) for d in days])
        assert [d.item() for d in read.start] == days and [d.item() for d in read.end] == days
        assert read.iso == [d.isoformat() for d in days]


@given(st.text(alphabet="0123456789/-.: Tthángnăm@VIXPMCHSA+Z", max_size=24))
def test_no_text_makes_the_reader_fall_over(text: str) -> None:
    read = dates.parse([text])
    assert (read.iso[0] is None) == np.isnat(read.start[0])
    if read.iso[0] is not None and read.codes[0] != "too_old":
        again = dates.parse([read.iso[0]])
        assert again.start[0] == read.start[0] and again.end[0] == read.end[0]
