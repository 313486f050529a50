"""A column of a register: what it is called, how it reads on a page, how it goes into a file."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _

Text = str | Promise
ISO_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(?![\d:+-]))?")


@dataclass(frozen=True)
class Column:
    """One column; `source` is the path from the record (`taxon.scientific_name`), `show` overrides how it reads.

    `fetch` names the relation to join, so that a list costs one query. `term` is its name in files.
    """

    name: str
    label: Text = ""
    source: str = ""
    show: Callable[[Any], Any] | None = None
    fetch: str = ""
    numeric: bool = False
    italic: bool = False
    term: str = ""

    def value(self, record: Any) -> Any:
        """The value itself, for files."""
        here = record
        for part in (self.source or self.name).split("."):
            if here is None:
                return None
            here = getattr(here, part)
        return here

    def text(self, record: Any) -> str:
        """The value as a page shows it; an unknown one is an empty text, never a zero."""
        if self.show is not None:
            return str(self.show(record))
        display = getattr(record, f"get_{self.name}_display", None)
        return str(display()) if display else as_text(self.value(record))

    def heading(self, model: type[Model]) -> Text:
        """The label given here, else the one the model gives its field."""
        if self.label:
            return self.label
        field: Any = model._meta.get_field(self.name)
        return str(field.verbose_name)


def as_text(value: Any) -> str:
    """A value as Vietnamese office paper writes it: 31/12/2026, 1.234,5."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, datetime):
        return formats.date_format(value, "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, int):
        return formats.number_format(value, use_l10n=True, force_grouping=True)
    if isinstance(value, float | Decimal):
        short: Any = round(value, 4)
        return formats.number_format(short, use_l10n=True, force_grouping=True)
    return str(value)


def spoken(text: str) -> str:
    """An ISO 8601 day, time or period as office paper writes it; what is written otherwise stays as it is."""

    def day(match: re.Match[str]) -> str:
        on, at = match.groups()
        try:
            return as_text(datetime.fromisoformat(f"{on}T{at}") if at else date.fromisoformat(on))
        except ValueError:
            return match.group(0)

    return " – ".join(ISO_DAY.sub(day, part) for part in text.split("/")) if ISO_DAY.match(text) else text
