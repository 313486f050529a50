"""`bbox` and `datetime` of OGC API Features: what they ask of the rows a reader may know, or what is wrong."""

import math
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from baoton.kit.reading.door import Door
from baoton.kit.reading.filters import BadFilter, Period, near_box
from baoton.kit.reading.register import Register

OPEN = {"", ".."}


def box(text: str) -> tuple[float, float, float, float]:
    """West, south, east, north of 4 or 6 numbers; west may lie beyond east across the antimeridian."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise BadFilter(_("bbox viết như 102.3,21.6,104.0,22.9: tây, nam, đông, bắc.")) from error
    if len(numbers) == 6:
        numbers = [numbers[i] for i in (0, 1, 3, 4)]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise BadFilter(_("bbox có bốn hoặc sáu số: tây, nam, (thấp,) đông, bắc(, cao)."))
    west, south, east, north = numbers
    if not (-90 <= south <= north <= 90 and -180 <= west <= 180 and -180 <= east <= 180):
        raise BadFilter(_("bbox ngoài giới hạn, hoặc nam lớn hơn bắc."))
    return west, south, east, north


def in_box(door: Door, text: str) -> Q:
    """Rows whose place, as the reader may know it, meets the box; rows without a place do not."""
    if not hasattr(door.model, "shown_x"):
        return Q(pk__in=[])
    west, south, east, north = box(text)

    def meets(low: str, high: str) -> Q:
        along = Q(**{f"{high}_x__gte": west}), Q(**{f"{low}_x__lte": east})
        across = along[0] & along[1] if west <= east else along[0] | along[1]
        return across & Q(**{f"{low}_y__lte": north, f"{high}_y__gte": south})

    true, shown = meets("min", "max"), meets("shown", "shown")
    near = near_box(door, west, south, east, north) if west <= east else Q()
    return near & door.where(true, (Q(disclosure=0) & true) | (~Q(disclosure=0) & shown))


def days(text: str) -> tuple[date | None, date | None]:
    """The first and the last day of an instant or an interval; None where it is open."""
    first, slash, last = text.partition("/")
    if not slash:
        one = _day(text)
        return one, one
    start = None if first in OPEN else _day(first)
    end = None if last in OPEN else _day(last)
    if start and end and start > end:
        raise BadFilter(_("datetime: ngày cuối trước ngày đầu."))
    return start, end


def _day(text: str) -> date:
    """The day of an RFC 3339 date or moment, in the time of the province."""
    try:
        moment = parse_datetime(text.replace(" ", "+")) if "T" in text.upper() else None
        day = parse_date(text) if moment is None and len(text) == 10 else None
    except ValueError:
        moment, day = None, None
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        return timezone.localtime(moment).date()
    if day is None:
        raise BadFilter(
            _(
                "datetime viết như 2026-01-31, 2026-01-31T08:00:00+07:00, 2026-01-01/2026-12-31, ../2026-12-31."
            )
        )
    return day


def in_time(register: Register, door: Door, text: str) -> Q:
    """Rows whose day or span meets the time asked; rows without a day do not."""
    first, last = days(text)
    span: tuple[str, str] | None = getattr(register.model, "span", None)
    if span is not None:
        q = Q(**{f"{span[0]}__isnull": False})
        q &= Q(**{f"{span[1]}__gte": first}) if first else Q()
        return q & (Q(**{f"{span[0]}__lte": last}) if last else Q())
    period = next((f for f in register.filters if isinstance(f, Period)), None)
    if period is None:
        return Q(pk__in=[])
    column = period.column or period.name
    if first is None and last is None:
        return Q(**{f"{column}__isnull": False})
    return period.q(f"{first or ''}..{last or ''}", door)
