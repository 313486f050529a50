"""Many squares asked in one test find the rows that each square, said alone, finds."""

import random
from datetime import date

import pytest
from django.db.models import Q

from baoton.observations.models import Dataset, Event
from baoton.observations.spans import InSpans

pytestmark = pytest.mark.django_db


def alone(low: int, high: int, first: int, last: int) -> Q:
    """One range of cells and its days, in the words of the database's own layer."""
    days = Q(sort_day__lte=last)
    if first:
        days &= Q(sort_day__gte=first) | Q(day_end__gte=date.fromordinal(first)) | Q(sort_day=0)
    return Q(cell__gte=low, cell__lte=high) & days


def test_many_squares_find_what_each_of_them_finds() -> None:
    rng, dataset = random.Random(1), Dataset.objects.create(code="x", title="x")
    begin = date(2026, 5, 1).toordinal()
    rows = []
    for n in range(300):
        day = rng.choice([0, *range(begin, begin + 20)])
        end = date.fromordinal(day + rng.randrange(5)) if day and rng.random() < 0.4 else None
        cell = rng.choice([None, *range(1, 60)])
        rows.append(Event(dataset=dataset, event_id=str(n), cell=cell, sort_day=day, day_end=end))
    Event.objects.bulk_create(rows)
    spans = {}
    for low in range(1, 60, 3):
        first = rng.choice([0, *range(begin, begin + 20)])
        spans[low, low + rng.randrange(4)] = (first, (first or begin) + rng.randrange(6))
    by_one = set()
    for cells, days in spans.items():
        by_one |= set(Event.objects.filter(alone(*cells, *days)).values_list("pk", flat=True))
    together = Event.objects.filter(Q(InSpans(spans)) & Q(withdrawn__isnull=True))
    assert 20 < len(by_one) < 250
    assert set(together.values_list("pk", flat=True)) == by_one
