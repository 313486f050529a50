"""Rows and choices are written out by hand, so every value in them is escaped by hand too."""

from html import unescape
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from baoton.kit.pages import lines
from baoton.kit.reading.register import REGISTERS
from baoton.outreach.models import Session

EVIL = "<script>alert('x')</script>\" onclick=\"y & {} {0}"


@pytest.mark.django_db
def test_a_row_holds_no_markup_of_a_record() -> None:
    book = REGISTERS["outreach.session"]
    record = Session()
    for name in (k.name for k in book.shown if k.word == "text"):
        setattr(record, name, EVIL)
    told = lines.rows(book, [record], pick=True)
    assert "<script" not in told and 'onclick="' not in told
    assert EVIL in unescape(told) and str(record.pk) in told


def test_a_choice_holds_no_markup_and_the_chosen_one_is_marked() -> None:
    told = lines.options([(EVIL, [(EVIL, EVIL)]), ("", [("a", "A"), ("b", "B")])], "b")
    assert "<script" not in told and 'onclick="' not in told
    assert told.endswith('<option value="a">A</option><option value="b" selected>B</option>')


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["observations.occurrence", "observations.event"])
def test_a_list_costs_as_many_queries_for_fifty_rows_as_for_none(name: str, client: Any) -> None:
    from django.db import connection

    from baoton.observations.models import Dataset, Event, Occurrence

    def cost() -> int:
        client.get(book.url())
        with CaptureQueriesContext(connection) as seen:
            assert client.get(book.url()).status_code == 200
        return len(seen)

    book = REGISTERS[name]
    none = cost()
    dataset = Dataset.objects.create(code="a", title="a")
    many = {"dataset": dataset, "status": "verified"}
    if name == "observations.occurrence":
        Occurrence.objects.bulk_create(Occurrence(occurrence_id=str(i), **many) for i in range(60))
    elif name == "observations.event":
        Event.objects.bulk_create(Event(event_id=str(i), **many) for i in range(60))
    assert cost() <= none + 2
