"""Whatever index finds them, the rows of a list are the same and in the same order."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import Q

from baoton.kit.access import Public, System
from baoton.kit.reading import listing, walk
from baoton.kit.reading.filters import negated
from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Dataset, Occurrence
from baoton.taxa.models import Taxon

pytestmark = pytest.mark.django_db
N = 90


@pytest.fixture
def book() -> Any:
    """A book of ninety records over thirty days and three places, every third of a taxon, some without a day."""
    dataset = Dataset.objects.create(code="w", title="w")
    taxon = Taxon.objects.create(
        scientific_name="Macaca mulatta", key="macaca mulatta", search_text="khi vang"
    )
    for i in range(N):
        day = date(2026, 1, 1) + timedelta(days=i % 30) if i % 10 else None
        record = Occurrence(
            dataset=dataset,
            occurrence_id=str(i),
            scientific_name="Macaca mulatta",
            taxon=None if i % 3 else taxon,
            status="verified" if i % 2 else "draft",
            day_start=day,
            sort_day=day.toordinal() if day else 0,
        )
        record.put_point(102.4 + i % 3 / 10, 22.4)
        record.shown_x, record.shown_y, record.shown_cell = record.min_x, record.min_y, record.cell
        record.save()
    return REGISTERS["observations.occurrence"]


def keys(book: Any, actor: Any, asked: dict[str, str], answer: int | None) -> list[Any]:
    door = book.door(actor)
    return walk.first(book.in_order(book.joined(door.open(book.filtered(door, asked)))), 200, answer)


@pytest.mark.parametrize("actor", [System(), Public()], ids=["system", "public"])
@pytest.mark.parametrize(
    "asked", [{}, {"q": "khi"}, {"status": "verified"}, {"named": "0"}, {"when": "1/2026"}]
)
def test_rows_and_order_are_the_same_however_many_are_said_to_answer(
    book: Any, actor: Any, asked: dict[str, str]
) -> None:
    plain = keys(book, actor, asked, None)
    assert plain
    for answer in (1, walk.SOON, walk.SOON + 1, walk.MANY, walk.MANY + 1):
        assert keys(book, actor, asked, answer) == plain


def test_pages_follow_one_another_to_the_end_when_rows_were_counted(book: Any) -> None:
    door, seen, cursor = book.door(System()), [], ""
    rows = book.filtered(door, {"named": "0"})
    while True:
        page = listing.page(book, book.joined(door.open(rows)), cursor, 7, counted=listing.count(rows))
        seen += [r.pk for r in page.records]
        if page.following is None:
            break
        cursor = page.following
    assert seen == keys(book, System(), {"named": "0"}, None) and len(seen) == 60


def test_a_list_of_nothing_is_empty(book: Any) -> None:
    door = book.door(System())
    rows = book.filtered(door, {"q": "voi"})
    assert listing.page(book, book.joined(door.open(rows)), counted=listing.count(rows)).records == []


@pytest.mark.parametrize(
    ("asked", "n"), [("2026", 81), ("2/1/2026", 3), ("..2026-01-05", 12), ("2026-01-28..", 9)]
)
def test_a_period_finds_the_rows_of_its_days_alone(book: Any, asked: str, n: int) -> None:
    door = book.door(System())
    found = book.filtered(door, {"when": asked})
    assert found.count() == n
    first, last = next(f for f in book.filters if f.name == "when").ends(asked)
    told = Occurrence.objects.all()
    told = told.filter(day_start__gte=first) if first else told
    told = told.filter(day_start__lte=last) if last else told
    assert set(found.values_list("pk")) == set(told.values_list("pk"))


@pytest.mark.parametrize(
    ("box", "n"),
    [
        ("102.4,22.4,102.4,22.4", 30),
        ("102.3,22.3,102.55,22.5", 60),
        ("-180,-90,180,90", N),
        ("102.41,22.3,102.45,22.5", 0),
    ],
)
def test_a_frame_on_the_map_finds_what_lies_in_it(book: Any, box: str, n: int) -> None:
    door = book.door(System())
    assert book.filtered(door, {"box": box}).count() == n


def test_what_a_flag_denies_is_everything_else(book: Any) -> None:
    for test in (
        Q(taxon__isnull=False),
        Q(taxon__isnull=True),
        Q(status="draft"),
        Q(taxon__isnull=False, status="draft"),
    ):
        yes = set(Occurrence.objects.filter(test).values_list("pk"))
        no = set(Occurrence.objects.filter(negated(test)).values_list("pk"))
        assert not yes & no and len(yes | no) == N
