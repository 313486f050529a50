"""A big file is written in slices: others come in between, a kill leaves the truth, and nobody sees half of it."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from baoton.kit.access import System
from baoton.kit.importing import files, run_file, slices, undo
from baoton.kit.importing.undo import CannotUndo
from baoton.kit.importing.work import free_lost_batches
from baoton.kit.jobs import Cancelled, Progress
from baoton.kit.models import AuditEvent, ImportBatch, ImportBefore
from baoton.kit.reading.register import REGISTERS
from baoton.observations.imports.tests.conftest import outcomes
from baoton.observations.models import Dataset, Occurrence
from baoton.places.actions import load as load_places

pytestmark = pytest.mark.django_db(transaction=True)
Csv = Callable[..., Path]
N = 12
State = ImportBatch.State


class Killed(BaseException):
    """Stands for kill -9: nothing of the programme hears it."""


@pytest.fixture(autouse=True)
def small(db: None, tmp_path: Path, settings: Any, monkeypatch: Any) -> None:
    """Every row is a slice of its own."""
    settings.VAR = tmp_path
    load_places()
    monkeypatch.setattr(slices, "AT_ONCE", 0)
    monkeypatch.setattr(slices, "ROWS", {"sqlite": 1, "postgresql": 1})
    monkeypatch.setattr(slices, "SECONDS", 0)
    monkeypatch.setattr(slices, "pause", lambda: None)


def rows(n: int = N, **more: Any) -> list[dict[str, Any]]:
    return [
        {"occurrenceID": f"o{i}", "scientificName": "Macaca mulatta", "decimalLongitude": f"102.{50 + i}",
         "decimalLatitude": "22.5", "eventDate": "2026-03-01", "recordedBy": "Sùng", **more}
        for i in range(n)
    ]  # fmt: skip


def seen() -> int:
    book = REGISTERS["observations.occurrence"]
    return book.opened(book.door(System())).count()


def standing() -> int:
    return Occurrence.objects.filter(withdrawn__isnull=True).count()


def between(monkeypatch: Any, after: int, work: Callable[[], None]) -> None:
    """The work is done once, between two slices, when so many have been written."""
    turns: list[int] = []

    def pause() -> None:
        turns.append(1)
        if len(turns) == after:
            work()

    monkeypatch.setattr(slices, "pause", pause)


def kill() -> None:
    raise Killed


def killed(path: Path, monkeypatch: Any, after: int = 5) -> ImportBatch:
    """An import whose process was killed after so many slices, as the next start finds it."""
    with monkeypatch.context() as patch:
        between(patch, after, kill)
        with pytest.raises(Killed):
            run_file(System(), path)
    free_lost_batches()
    return ImportBatch.objects.get()


def test_between_two_slices_others_write_and_nobody_is_shown_what_stands_so_far(
    csv: Csv, monkeypatch: Any
) -> None:
    told: dict[str, Any] = {}

    def work() -> None:
        told["open"] = connection.in_atomic_block
        with transaction.atomic():
            Dataset.objects.create(code="khac", title="Khác")
        told["stands"], told["seen"] = standing(), seen()
        told["state"] = ImportBatch.objects.get().state

    between(monkeypatch, 4, work)
    batch = run_file(System(), csv(rows()))
    assert told == {"open": False, "stands": 4, "seen": 0, "state": State.RUNNING}
    assert (batch.state, batch.written, standing(), seen()) == (State.DONE, N, N, N)
    assert Dataset.objects.filter(code="khac").exists()


@pytest.mark.parametrize("after", [1, 5, N])
def test_killed_between_slices_it_is_told_as_half_written_and_shown_to_nobody(
    csv: Csv, monkeypatch: Any, after: int
) -> None:
    batch = killed(csv(rows()), monkeypatch, after)
    assert (batch.state, batch.written, standing(), seen()) == (State.HALF, after, after, 0)


@pytest.mark.parametrize("after", [1, 5, N])
def test_a_half_written_import_goes_on_to_the_same_end(csv: Csv, monkeypatch: Any, after: int) -> None:
    batch = killed(csv(rows()), monkeypatch, after)
    batch = files.execute(System(), batch)
    assert (batch.state, standing(), seen()) == (State.DONE, N, N)
    assert batch.counts["total"]["created"] == batch.counts["total"]["rows"] == N
    assert [row["outcome"] for row in outcomes(batch)] == ["created"] * N
    batch = undo(System(), batch)
    assert (batch.state, standing()) == (State.UNDONE, 0)
    assert batch.counts["undone"] == {"withdrawn": N, "restored": 0, "stayed": 0}


@pytest.mark.parametrize("after", [1, 5, N])
def test_a_half_written_import_is_undone_whole(csv: Csv, monkeypatch: Any, after: int) -> None:
    batch = undo(System(), killed(csv(rows()), monkeypatch, after))
    assert (batch.state, standing()) == (State.UNDONE, 0)
    assert batch.counts["undone"]["withdrawn"] == after
    assert not Dataset.objects.filter(withdrawn__isnull=True).exists()
    assert run_file(System(), csv(rows())).counts["total"]["created"] == N


def test_changed_rows_go_on_and_back_with_their_history(csv: Csv, monkeypatch: Any) -> None:
    first = run_file(System(), csv(rows()))
    changed = csv(rows(recordedBy="Pao"))
    with monkeypatch.context() as patch:
        between(patch, 5, kill)
        with pytest.raises(Killed):
            run_file(System(), changed)
    free_lost_batches()
    batch = ImportBatch.objects.exclude(pk=first.pk).get()
    assert batch.state == State.HALF and ImportBefore.objects.filter(batch=batch).count() == 5
    batch = files.execute(System(), batch)
    assert batch.counts["total"]["updated"] == N
    assert set(Occurrence.objects.values_list("recorded_by", flat=True)) == {"Pao"}
    assert AuditEvent.objects.filter(register="observations.occurrence").count() == N
    batch = undo(System(), batch)
    assert batch.counts["undone"] == {"withdrawn": 0, "restored": N, "stayed": 0}
    assert set(Occurrence.objects.values_list("recorded_by", flat=True)) == {"Sùng"}


def test_an_undo_killed_in_the_middle_is_asked_again_and_ends_whole(csv: Csv, monkeypatch: Any) -> None:
    module = sys.modules["baoton.kit.importing.undo"]
    batch = run_file(System(), csv(rows()))
    with monkeypatch.context() as patch:
        patch.setattr(module, "SLICE", 2)
        patch.setattr(module, "PART", 2)
        between(patch, 3, kill)
        with pytest.raises(Killed):
            undo(System(), batch)
    batch.refresh_from_db()
    assert (batch.state, standing(), seen()) == (State.HALF, N - 6, 0)
    batch = undo(System(), batch)
    assert (batch.state, standing()) == (State.UNDONE, 0)
    assert batch.counts["undone"] == {"withdrawn": N, "restored": 0, "stayed": 0}
    with pytest.raises(CannotUndo):
        undo(System(), batch)


def test_given_up_or_failing_in_the_middle_it_leaves_nothing(csv: Csv, monkeypatch: Any) -> None:
    def give_up() -> None:
        raise Cancelled

    def fail() -> None:
        raise OSError("đĩa đầy")

    with monkeypatch.context() as patch:
        between(patch, 5, give_up)
        with pytest.raises(Cancelled):
            run_file(System(), csv(rows()))
    one = ImportBatch.objects.get()
    assert (one.state, one.written, standing()) == (State.CANCELLED, 0, 0)
    with monkeypatch.context() as patch:
        between(patch, 5, fail)
        other = run_file(System(), csv(rows()))
    assert (other.state, other.written, standing()) == (State.FAILED, 0, 0)
    assert "đĩa đầy" in other.counts["error"]["vi"]


def test_a_second_importer_of_the_same_rows_is_told_to_wait(csv: Csv, monkeypatch: Any) -> None:
    path, told = csv(rows()), {}

    def second() -> None:
        told["batch"] = run_file(System(), path)

    between(monkeypatch, 5, second)
    first = run_file(System(), path)
    lost = told["batch"]
    assert {row["rule"] for row in outcomes(lost) if row["outcome"] == "refused"} == {"being_written"}
    assert (lost.state, lost.counts["total"]["created"], lost.counts["total"]["refused"]) == (
        State.DONE,
        N - 5,
        5,
    )
    assert first.state == State.FAILED and "cùng mã" in first.counts["error"]["vi"]
    assert standing() == seen() == N - 5


def test_whoever_loses_a_race_for_a_key_hears_it_in_a_sentence_and_leaves_nothing(
    csv: Csv, monkeypatch: Any
) -> None:
    path = csv(rows())

    def faster() -> None:
        known = Occurrence.objects.first()
        assert known is not None
        Occurrence.objects.create(
            dataset_id=known.dataset_id, occurrence_id=f"o{N - 1}", scientific_name="Nai"
        )

    between(monkeypatch, 5, faster)
    batch = run_file(System(), path)
    assert (batch.state, standing()) == (State.FAILED, 1)
    assert "cùng mã" in batch.counts["error"]["vi"]


def test_progress_tells_how_many_rows_stand(csv: Csv, monkeypatch: Any) -> None:
    told: list[int] = []

    class Told(Progress):
        def __call__(self, done: int, total: int | None = None, step: str = "") -> None:
            if "ghi" in step:
                told.append(done)

    run_file(System(), csv(rows()), progress=Told())
    assert told == [0, *range(1, N + 1)]
