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


@pytest.mark.django_db
def test_a_column_says_of_each_record_what_it_says_of_it_alone() -> None:
    for book in REGISTERS.values():
        for kind in book.shown:
            column = kind.column
            if column is None or column.is_relation or not kind.few:
                continue
            keys: list[Any] = [*dict(kind.options()), "", None, "lạ"] * 2
            records = [book.model(**{kind.attname: key}) for key in keys]
            assert kind.texts(records) == [kind.text(record) for record in records], (book.name, kind.name)


def test_a_choice_holds_no_markup_and_the_chosen_one_is_marked() -> None:
    told = lines.options([(EVIL, [(EVIL, EVIL)]), ("", [("a", "A"), ("b", "B")])], "b")
    assert "<script" not in told and 'onclick="' not in told
    assert told.endswith('<option value="a">A</option><option value="b" selected>B</option>')


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["observations.occurrence", "observations.event"])
def test_a_list_costs_as_many_queries_for_fifty_rows_as_for_one(name: str, client: Any) -> None:
    from django.db import connection

    from baoton.observations.models import Dataset, Event, Occurrence

    def cost() -> int:
        client.get(book.url())
        with CaptureQueriesContext(connection) as seen:
            assert client.get(book.url()).status_code == 200
        return len(seen)

    def add(first: int, last: int) -> None:
        model, key = (
            (Occurrence, "occurrence_id") if name == "observations.occurrence" else (Event, "event_id")
        )
        some = [model(dataset=dataset, status="verified", **{key: str(i)}) for i in range(first, last)]
        model.objects.bulk_create(some)

    book, dataset = REGISTERS[name], Dataset.objects.create(code="a", title="a")
    add(0, 1)
    one = cost()
    add(1, 60)
    assert cost() <= one
