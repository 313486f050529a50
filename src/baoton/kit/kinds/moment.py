"""A moment: a day with its hour, kept as milliseconds since 1970 (UTC), read and shown by the clock of the country."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

import polars as pl
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.db.models import IntegerField, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from baoton.kit.access import Actor
from baoton.kit.kinds import cells
from baoton.kit.kinds.base import Kind
from formats import instants

SHOWN = "%d/%m/%Y %H:%M:%S"


@dataclass(frozen=True, eq=False)
class Moment(Kind):
    """One moment, such as 05/03/2026 06:30 or 2026-03-05T06:30:00+07:00; without a zone it is of the country's."""

    word: ClassVar[str] = "moment"

    def bound(self, model: type[Model]) -> Self:
        found = super().bound(model)
        if found.column is not None and not isinstance(found.column, IntegerField):
            raise ImproperlyConfigured(
                f"{model._meta.label}.{self.name} keeps a moment, so milliseconds, not a date"
            )
        return found

    def read(self, text: pl.Series, tell: cells.Tell, actor: Actor) -> pl.Series:
        text = cells.without_words(text, tell)
        value = instants.milliseconds(text, zone_minutes())
        told = _("Không phải một thời điểm; ghi như 05/03/2026 06:30 hoặc 2026-03-05T06:30:00+07:00.")
        tell.refuse((text.is_not_null() & value.is_null()).fill_null(False), "not_a_moment", told)
        return value

    def widget(self, actor: Actor, record: Any) -> forms.Widget:
        return forms.TextInput(attrs={"size": 20, "placeholder": "05/03/2026 06:30"})

    def written(self, record: Any) -> dict[str, Any]:
        return {self.name: told(getattr(record, self.attname))}

    def value(self, record: Any) -> Any:
        held = super().value(record)
        return None if held is None else clock(held).isoformat()

    def text(self, record: Any) -> str:
        return told(getattr(record, self.attname)) if not self.source else told(super().value(record))

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}


def zone_minutes() -> int:
    """How many minutes the country's clock is before Greenwich."""
    offset = timezone.localtime(datetime(2026, 1, 1, tzinfo=UTC)).utcoffset()
    return 0 if offset is None else round(offset.total_seconds() / 60)


def now() -> int:
    """This moment as it is kept."""
    return round(timezone.now().timestamp() * 1000)


def clock(ms: int) -> datetime:
    """The moment by the country's clock."""
    return timezone.localtime(datetime.fromtimestamp(ms / 1000, UTC))


def told(ms: int | None) -> str:
    """The moment as a page shows it; nothing for none."""
    return "" if ms is None else clock(ms).strftime(SHOWN)
