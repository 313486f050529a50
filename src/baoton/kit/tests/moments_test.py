"""A moment leaves the system in the province's time, with its offset; a day stays a day."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ImproperlyConfigured

from baoton.kit.kinds.moment import Moment
from baoton.kit.models import AuditEvent
from baoton.kit.reading.exporting import plain


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (datetime(2026, 3, 1, 20, 30, tzinfo=UTC), "2026-03-02T03:30:00+07:00"),
        (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), "2027-01-01T00:00:00+07:00"),
        (date(2026, 3, 1), "2026-03-01"),
    ],
)
def test_a_moment_is_told_in_the_provinces_time(value: date, told: str) -> None:
    assert plain(value) == told


def test_a_field_of_a_moment_on_a_column_of_dates_is_no_register() -> None:
    with pytest.raises(ImproperlyConfigured, match="milliseconds"):
        Moment("at").bound(AuditEvent)
