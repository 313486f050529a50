"""How values read on a page of a Vietnamese office: 31/12/2026, 1.234,5, có and không."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

Text = str | Promise
ISO_DAY = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d(?::?\d\d)?)?(?![\d:+-]))?"
)


def as_text(value: Any) -> str:
    """A value as office paper writes it; an unknown one is an empty text, never a zero."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, datetime):
        return formats.date_format(value, "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, int):
        if -1000 < value < 1000:
            return str(value)  # nothing to group
        return formats.number_format(value, use_l10n=True, force_grouping=True)
    if isinstance(value, float | Decimal):
        short: Any = round(value, 4)
        return formats.number_format(short, use_l10n=True, force_grouping=True)
    return str(value)


def spoken(text: str) -> str:
    """An ISO 8601 day, time or period as office paper writes it; what is written otherwise stays as it is."""
    return _spoken(text, get_language())


@lru_cache(4_096)
def _spoken(text: str, language: str | None) -> str:
    def day(match: re.Match[str]) -> str:
        on, at, zone = match.groups()
        try:
            if not at:
                return as_text(date.fromisoformat(on))
            moment = datetime.fromisoformat(f"{on}T{at}{zone or ''}")
            return as_text(timezone.localtime(moment) if moment.tzinfo else moment)
        except ValueError:
            return match.group(0)

    return " – ".join(ISO_DAY.sub(day, part) for part in text.split("/")) if ISO_DAY.match(text) else text


def masked(text: str) -> str:
    """The end of a number by which whoever knows it recognises it."""
    return f"•••{text[-3:]}" if len(text) > 5 else "•••" if text else ""
