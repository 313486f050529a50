"""Deadlines run in working days; what the calendar does not know it refuses."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rulebook
from rulebook.workdays import calendar, doubts

DAYS = st.dates(date(2026, 1, 1), date(2026, 11, 1))


def test_one_working_day_after_friday_is_monday() -> None:
    assert rulebook.add_working_days(date(2026, 3, 6), 1) == date(2026, 3, 9)


def test_a_stray_animal_received_before_tet_is_handed_over_after_it() -> None:
    assert rulebook.add_working_days(date(2026, 2, 13), 1) == date(2026, 2, 23)


def test_hung_kings_on_a_sunday_is_taken_on_monday() -> None:
    assert calendar(2026).holidays[date(2026, 4, 27)] == "nghỉ bù Giỗ Tổ Hùng Vương"
    assert rulebook.add_working_days(date(2026, 4, 24), 1) == date(2026, 4, 28)


def test_a_swapped_saturday_is_worked() -> None:
    assert rulebook.is_working_day(date(2026, 8, 22))
    assert not rulebook.is_working_day(date(2026, 8, 31))


def test_the_four_fixed_days_are_off_every_year() -> None:
    for year in (2026, 2027):
        for month, day in ((1, 1), (4, 30), (5, 1), (9, 2)):
            assert not rulebook.is_working_day(date(year, month, day))


def test_it_says_which_calendar_is_missing() -> None:
    with pytest.raises(rulebook.NoCalendar, match="Chưa có lịch nghỉ năm 2028"):
        rulebook.add_working_days(date(2027, 12, 30), 5)
    with pytest.raises(rulebook.NoCalendar, match="Tết Nguyên đán"):
        rulebook.add_working_days(date(2027, 1, 29), 3)


def test_a_day_in_doubt_is_counted_and_said() -> None:
    assert rulebook.is_working_day(date(2026, 11, 24))
    assert "24/11" in doubts(date(2026, 11, 20), date(2026, 11, 27))[0]
    assert doubts(date(2026, 3, 1), date(2026, 3, 9)) == ()


def test_no_days_is_the_same_day_and_a_negative_count_is_refused() -> None:
    assert rulebook.add_working_days(date(2026, 3, 7), 0) == date(2026, 3, 7)
    with pytest.raises(ValueError, match="không được âm"):
        rulebook.add_working_days(date(2026, 3, 7), -1)


@given(day=DAYS, count=st.integers(1, 30))
def test_the_last_day_is_worked_and_the_count_comes_back(day: date, count: int) -> None:
    last = rulebook.add_working_days(day, count)
    assert rulebook.is_working_day(last)
    assert rulebook.working_days_between(day, last) == count
    assert rulebook.working_days_between(last, day) == -count
    assert last - day >= timedelta(days=count) or any(day < d <= last for d in calendar(2026).worked)
