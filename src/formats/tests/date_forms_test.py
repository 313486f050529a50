"""Dates as offices, cameras and phones write them, beyond the common ways."""

import pytest

from formats import clock_text, month_names
from formats.date_text import Habits, read


@pytest.mark.parametrize(("text", "iso"), [
    ("15/3/2025.", "2025-03-15"), ("2025:03:15 10:51:22", "2025-03-15T10:51:22"), ("15\\3\\2025", "2025-03-15"),
    ("15_3_2025", "2025-03-15"), ("2025_03_15", "2025-03-15"), ("15.iii.2025", "2025-03-15"),
    ("2025年3月15日", "2025-03-15"), ("2025年3月", "2025-03"), ("15,16/3/2025", "2025-03-15/2025-03-16"),
    ("15/3 và 16/3/2025", "2025-03-15/2025-03-16"), ("15÷17/3/2025", "2025-03-15/2025-03-17"),
    ("15 & 16 March 2025", "2025-03-15/2025-03-16"), ("15/3/2025; 16/3/2025", "2025-03-15/2025-03-16"),
    ("Mar 15-17, 2025", "2025-03-15/2025-03-17"), ("T11/2024-T2/2025", "2024-11/2025-02"),
    ("Quý I/2025", "2025-01/2025-03"), ("quý 2 năm 2025", "2025-04/2025-06"), ("Q4/2024", "2024-10/2024-12"),
    ("2025Q1", "2025-01/2025-03"), ("đầu tháng 3/2025", "2025-03"), ("cuối năm 2024", "2024"),
    ("early March 2025", "2025-03"), ("8h-10h 22/3/2025", "2025-03-22T08:00/2025-03-22T10:00"),
    ("22/3/2025 8h00-10h30", "2025-03-22T08:00/2025-03-22T10:30"),
    ("từ 8h đến 10h ngày 22/3/2025", "2025-03-22T08:00/2025-03-22T10:00"),
    ("22/3/2025 (8:00 - 10:30)", "2025-03-22T08:00/2025-03-22T10:30"),
])  # fmt: skip
def test_a_less_common_form_is_read(text: str, iso: str) -> None:
    found = read(text, Habits())
    assert found is not None and (found.iso, found.code) == (iso, None)


@pytest.mark.parametrize("text", [
    "khoảng 2024", "~2024", "1990s", "trước 2010", "sau 15/3/2025", "Mùa khô 2025", "150325", "3-5/2025", "Mar-25",
    "15-Mar", "31/4/2025", "4/5/2025 25:10", "1742004000", "15/3/2025 âm lịch", "đầu mùa mưa",
])  # fmt: skip
def test_what_may_mean_several_days_or_none_is_not_read(text: str) -> None:
    assert read(text, Habits()) is None


def test_hours_that_end_before_they_begin_are_told() -> None:
    found = read("22/3/2025 10h-8h", Habits())
    assert found is not None and found.code == "reversed"


@pytest.mark.parametrize(("text", "month"), [
    ("3", 3), ("03", 3), ("T3", 3), ("tháng 11", 11), ("Ba", 3), ("Mười hai", 12), ("III", 3), ("Mar", 3),
    ("mars", 3), ("Thg 4", 4), ("13", None), ("0", None), ("xuân", None),
])  # fmt: skip
def test_a_cell_of_months_is_a_number(text: str, month: int | None) -> None:
    assert month_names.number(text) == month


@pytest.mark.parametrize(("text", "time"), [
    ("7h30", "07:30"), ("14:05", "14:05"), ("0.3125", "07:30"), ("0,5", "12:00"), ("7:30 CH", "19:30"),
    ("8h-10h30", "08:00/10:30"), ("08:00 - 09:15", "08:00/09:15"), ("25:00", None), ("sáng", None), ("7.30", None),
])  # fmt: skip
def test_a_cell_of_times_is_iso_or_left(text: str, time: str | None) -> None:
    assert clock_text.of_day(text) == time
