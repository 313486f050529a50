"""What was stored under an older rule, or before a law began by its date, is as guarded as today asks."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from baoton.kit import jobs
from baoton.kit.access import System
from baoton.kit.models import AuditEvent, Job
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.write import create
from baoton.observations.models import Dataset, Event, Occurrence
from baoton.observations.resettling import bearable, settle_again
from baoton.places.actions import load as load_places
from baoton.taxa.actions import load as load_taxa
from baoton.taxa.disclosure import level_of
from baoton.taxa.models import Taxon

pytestmark = pytest.mark.django_db
DAY, AT, M = date(2026, 5, 2), (102.9012, 22.4107), 1 / 111_320
BEFORE_THE_LAW = date(2005, 1, 1)


@pytest.fixture(autouse=True)
def loaded(db: None, tmp_path: Path, settings: Any) -> None:
    settings.BLOB_DIR, settings.JOBS_INLINE = tmp_path / "blobs", True
    load_places()
    load_taxa()
    Dataset.objects.create(code="d", title="d")


def seen(name: str, north: float = 0.0, **more: Any) -> Occurrence:
    taxon = Taxon.objects.filter(scientific_name=name, accepted=None).first()
    given = {"day_start": DAY, "recorded_by": "Lò Văn Dũng", "scientific_name": name, "taxon": taxon}
    row = Occurrence(dataset=Dataset.objects.get(), **{**given, **more})
    row.put_point(AT[0], AT[1] + north * M)
    saved: Occurrence = create(REGISTERS["observations.occurrence"], System(), row)
    return saved


def visit(name: str, **more: Any) -> Event:
    row = Event(dataset=Dataset.objects.get(), event_id=name, day_start=DAY, **more)
    row.put_point(*AT)
    saved: Event = create(REGISTERS["observations.event"], System(), row)
    return saved


ORDINARY, GUARDED = "Macaca mulatta", "Nomascus concolor"
OPEN = {"disclosure": 0, "guarded_for": "", "shown_x": F("min_x"), "shown_y": F("min_y")}


def as_stored_before_the_rule(*rows: Any) -> None:
    for row in rows:
        type(row).objects.filter(pk=row.pk).update(**OPEN)


def level(row: Any) -> int:
    row.refresh_from_db()
    assert (row.shown_x is None) == (row.disclosure == 2)
    return int(row.disclosure)


def alone() -> list[Any]:
    return [seen(GUARDED)]


def beside() -> list[Any]:
    return [seen(ORDINARY, 15), seen(GUARDED), seen(ORDINARY, -300)]


def named_alone() -> list[Any]:
    return [seen("Vượn đen tuyền", taxon=None)]


def named_in_a_column() -> list[Any]:
    return [seen("Macaca sp. ignota", taxon=None, extra={"previousIdentifications": GUARDED})]


def of_a_family() -> list[Any]:
    site = visit("a")
    deployment = visit("b", parent=site)
    sequence = visit("c", parent=deployment)
    return [seen(GUARDED, event=sequence), seen(ORDINARY, event=sequence), site, deployment, sequence]


WAYS = [alone, beside, named_alone, named_in_a_column, of_a_family]


@pytest.mark.parametrize("way", WAYS, ids=lambda w: w.__name__)
def test_what_an_older_rule_left_open_is_guarded(way: Callable[[], list[Any]]) -> None:
    rows = way()
    asked = [level(row) for row in rows]
    assert all(asked)
    as_stored_before_the_rule(*rows)
    assert settle_again() == len(rows)
    assert [level(row) for row in rows] == asked
    assert AuditEvent.objects.filter(verb="taxa.guard", register="observations.occurrence").count() == 1
    assert settle_again() == 0, "a second time nothing is left to move"


def test_only_the_neighbour_was_left_open() -> None:
    near, guarded, far = seen(ORDINARY, 40), seen(GUARDED), seen(ORDINARY, 4000)
    as_stored_before_the_rule(near)
    assert settle_again() == 1
    assert (level(near), level(guarded), level(far)) == (2, 2, 0)


def test_what_is_guarded_for_nothing_any_more_is_opened() -> None:
    row = seen(ORDINARY)
    Occurrence.objects.filter(pk=row.pk).update(
        disclosure=2, shown_x=None, shown_y=None, guarded_for="mammal"
    )
    assert settle_again() == 1
    row.refresh_from_db()
    assert row.disclosure == 0 and row.shown_x == row.min_x


def test_many_rows_are_settled_in_slices_with_the_same_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The neighbour may be weighed in a slice before the one that it betrays."""
    monkeypatch.setattr("baoton.observations.disclosure.PART", 2)
    monkeypatch.setattr("baoton.observations.resettling.AT_ONCE", 3)
    rows = [seen(ORDINARY if n % 3 else GUARDED, 3 * n) for n in range(9)]
    as_stored_before_the_rule(*rows)
    assert settle_again() == 9
    assert {level(row) for row in rows} == {2}


def test_a_night_in_which_nothing_moves_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [seen(ORDINARY if n else GUARDED, 3 * n) for n in range(4)]
    held: list[int] = []
    monkeypatch.setattr("baoton.observations.resettling.everybody_waits", lambda: held.append(1))
    assert settle_again() == 0 and not held
    as_stored_before_the_rule(*rows)
    assert settle_again() == 4 and held


def test_rows_that_are_dear_to_move_are_moved_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long one takes, others who write have their turn after each small part, and the end is the same."""
    assert bearable(10, 0.01) == 20 and bearable(100, 0.01) == 100
    assert bearable(100, 5.0) == 5 and bearable(5, 9.0) == 1 and bearable(1, 60.0) == 1
    rows = [seen(ORDINARY if n else GUARDED, 3 * n) for n in range(13)]
    turns: list[int] = []
    monkeypatch.setattr("baoton.observations.resettling.slices.pause", lambda: turns.append(1))
    as_stored_before_the_rule(*rows)
    assert settle_again() == 13
    assert len(turns) == 3, "the guarded one, ten, and the other two"


def on(day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *a, **k: day)


def test_a_law_that_begins_by_its_date_alone_guards_old_records_the_next_night(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    today = timezone.localdate()
    name = new_in_law(today)
    with monkeypatch.context() as before:
        on(BEFORE_THE_LAW, before)
        load_taxa()
        jobs.ask_nightly()
        row, near = seen(name), seen(ORDINARY, 20)
        nameless = seen(f"cf. {name}", 900, taxon=None)
        assert [level(r) for r in (row, near, nameless)] == [0, 0, 0]
    Job.objects.all().delete()
    jobs.ask_nightly()
    assert Job.objects.get(kind="observations.disclosure").state == Job.State.DONE
    assert level(row) == level(near) == level_of([name], on=today)[0] > 0
    assert level(nameless) > 0


def new_in_law(today: date) -> str:
    """A species that today's law guards and an older one did not."""
    for taxon in Taxon.objects.filter(sensitivity=1, rank="species", accepted=None, withdrawn=None):
        if not level_of([taxon.scientific_name], on=BEFORE_THE_LAW)[0]:
            return taxon.scientific_name
    raise AssertionError("no species is new in the law")
