"""How a document is issued: a number from the register of its body, the file frozen, a row that keeps both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import rulebook
from baoton.facilities.models import Application, Campaign, Document, Facility, Inspection
from baoton.kit.paper.paper import Paper
from baoton.kit.writing import outbox
from baoton.kit.writing.serial import Serial

RANGERS = "kiem_lam"
PROVINCE = "ubnd_tinh"


def number_of(kind: str, body: str, on: date, record: Any) -> str:
    """The next number of the body's series of the year, in the form the rulebook gives its symbol."""
    symbol = rulebook.format_code("document", on=on, serial=1, type=kind, issuer=body).text.split("/", 1)[1]
    taken = Serial(kind, f"{{n:02d}}/{symbol}").take(body, on.year, record._meta.label_lower, record.pk)
    return taken.text


@dataclass(frozen=True)
class Filed:
    """One kind of document of one body: `sheet` is its template, `series` its kind in the register of numbers.

    With `names` the record bears the document's number.
    """

    kind: str
    sheet: Paper
    series: str
    body: str = RANGERS
    names: bool = False

    def issue(self, record: Any, number: str, on: Any) -> str:
        """The document is issued and kept for good; the hash under which it lies."""
        number = number_of(self.series, self.body, on, record)
        sha256 = self.sheet.issue(record, number, on)
        if self.names:
            record.number = number
        held = record if isinstance(record, Document) else Document(area_path=record.area_path)
        held.kind, held.number, held.day, held.paper = self.kind, number, on, sha256
        for model, name in (
            (Facility, "facility"),
            (Application, "application"),
            (Inspection, "inspection"),
            (Campaign, "campaign"),
        ):
            if isinstance(record, model):
                setattr(held, f"{name}_id", record.pk)
        facility = record if isinstance(record, Facility) else getattr(record, "facility", None)
        held.facility = facility
        held.organisation = record.organisation if facility is None else facility.organisation
        with outbox.changing(Document, [held.pk]):
            held.save(force_insert=True)
        return sha256


@dataclass(frozen=True)
class Several:
    """Documents issued one after the other; the record keeps the first."""

    papers: Sequence[Filed]

    def issue(self, record: Any, number: str, on: Any) -> str:
        issued = [one.issue(record, number, on) for one in self.papers]
        return issued[0]


__all__ = ["PROVINCE", "RANGERS", "Filed", "Several", "number_of"]
