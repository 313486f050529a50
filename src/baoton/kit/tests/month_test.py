"""A month read from an address: its days, its weeks, what lies beside it; what is no month is not found."""

from datetime import date

import pytest
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone

from baoton.kit.reading.month import Month

pytestmark = pytest.mark.once


def asked(said: str) -> Month:
    return Month.asked(RequestFactory().get("/", {"thang": said}))


def test_a_leap_february_has_its_days_and_whole_weeks() -> None:
    month = asked("2028-02")
    assert (month.first, month.last, len(month.days)) == (date(2028, 2, 1), date(2028, 2, 29), 29)
    assert (month.before, month.after) == (date(2028, 1, 31), date(2028, 3, 1))
    assert month.weeks[0][0] == date(2028, 1, 31) and {len(week) for week in month.weeks} == {7}


def test_without_a_word_it_is_this_month() -> None:
    today = timezone.localdate()
    assert today in asked("").days


@pytest.mark.parametrize(
    "said", ["2026", "2026-13", "2026-0", "a-b", "2026-11-02", "0001-01", "9999-12", "99999-1"]
)
def test_what_is_no_month_is_not_found(said: str) -> None:
    with pytest.raises(Http404):
        asked(said)
