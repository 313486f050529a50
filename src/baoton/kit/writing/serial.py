"""Numbers of documents: one series a body, kind and year, without a hole.

A number is taken under the lock of its series in the caller's own transaction: if that is rolled back the number
was never given. A cancelled number stays in the register, cancelled.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import rulebook
from baoton.kit.models import Counter, Number
from baoton.kit.writing.refusal import NotNow
from rulebook.errors import RulebookError


@dataclass(frozen=True)
class Serial:
    """How numbers of one kind of document are written: `form` knows `n`, `year`, `kind`, `body` and `symbol`.

    `symbol` gives the symbol of a body where its code is not what stands on paper.
    """

    kind: str
    form: str = "{n:02d}/{kind}-{body}"
    symbol: Callable[[str], str] = str.upper

    def take(self, body: str, year: int, register: str = "", record: Any = None) -> Number:
        """The next number of the body's series in that year."""
        with transaction.atomic():
            Counter.objects.get_or_create(body=body, kind=self.kind, year=year)
            series = Counter.objects.select_for_update().get(body=body, kind=self.kind, year=year)
            series.last += 1
            series.save(update_fields=["last"])
            text = self.form.format(
                n=series.last, year=year, kind=self.kind, body=body.upper(), symbol=self.symbol(body)
            )
            return Number.objects.create(
                body=body,
                kind=self.kind,
                year=year,
                n=series.last,
                text=text,
                register=register,
                record=record,
            )


def number_of(kind: str, body: str, record: Any, on: date) -> str:
    """The next number of the body's series of the year; its symbol as the rulebook writes it, where it does."""
    issuer = "UBND" if body.startswith("ubnd_") else body
    try:
        written = rulebook.format_code("document", on=on, serial=1, type=kind, issuer=issuer).text
        form = f"{{n:02d}}/{written.split('/', 1)[1]}"
    except RulebookError:
        form = f"{{n:02d}}/{kind}"
    return Serial(kind, form).take(body, on.year, record._meta.label_lower, record.pk).text


def cancel(number: Number, reason: str) -> Number:
    """The number stays and says that it was cancelled, and why."""
    with transaction.atomic():
        stored = Number.objects.select_for_update().get(pk=number.pk)
        if not reason.strip():
            raise NotNow(_("Ghi lý do huỷ số."))
        if stored.cancelled is not None:
            raise NotNow(_("Số %(text)s đã huỷ trước đó.") % {"text": stored.text})
        stored.cancelled, stored.reason = timezone.now(), reason
        stored.save(update_fields=["cancelled", "reason"])
    return stored


def holes(body: str, kind: str, year: int) -> list[int]:
    """The numbers missing from a series: none, unless somebody wrote past this module."""
    have = set(Number.objects.filter(body=body, kind=kind, year=year).values_list("n", flat=True))
    last = Counter.objects.filter(body=body, kind=kind, year=year).values_list("last", flat=True).first() or 0
    return sorted(set(range(1, last + 1)) - have)
