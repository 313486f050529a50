"""One import is done once: by a double click, in two tabs, or after its worker was lost."""

import errno
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError
from django.test import Client
from django.utils import timezone

from baoton.kit import jobs, worker
from baoton.kit.importing.commit import Commit
from baoton.kit.importing.files import lock_of
from baoton.kit.importing.run import Run
from baoton.kit.importing.work import free_lost_batches
from baoton.kit.models import ImportBatch, Job
from baoton.observations.imports.tests.wizard_test import GOOD, lan, plan_form, upload
from baoton.observations.models import Occurrence

__all__ = ["lan"]
pytestmark = pytest.mark.django_db
Csv = Callable[..., Path]
ROWS = [{**GOOD, "Ký hiệu riêng": f"o{i}", "basisOfRecord": None} for i in range(5)]
State = ImportBatch.State


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def batch(lan: Client, csv: Csv, settings: Any) -> ImportBatch:
    """A checked file of five rows; from now on jobs wait to be worked off."""
    upload(lan, csv(ROWS))
    made = ImportBatch.objects.get()
    lan.post(f"/nhap/{made.pk}/cach-doc/", plan_form(made, **{"Ký hiệu riêng": "occurrenceID"}))
    settings.JOBS_INLINE = False
    made.refresh_from_db()
    assert made.state == State.CHECKED
    return made


def work_off() -> None:
    for pk in Job.objects.filter(state=Job.State.WAITING).order_by("asked").values_list("pk", flat=True):
        jobs.run(pk)


def standing() -> int:
    return Occurrence.objects.filter(withdrawn__isnull=True).count()


def test_a_double_click_writes_once_and_keeps_the_undo(lan: Client, batch: ImportBatch) -> None:
    first = lan.post(f"/nhap/{batch.pk}/ghi/")
    second = lan.post(f"/nhap/{batch.pk}/ghi/")
    assert first["Location"] == second["Location"]
    work_off()
    batch.refresh_from_db()
    assert batch.state == State.DONE and batch.counts["total"]["created"] == 5 and standing() == 5
    third = lan.post(f"/nhap/{batch.pk}/ghi/")
    work_off()
    batch.refresh_from_db()
    assert third.status_code == 302 and batch.counts["total"]["created"] == 5
    lan.post(f"/nhap/{batch.pk}/hoan-tac/")
    lan.post(f"/nhap/{batch.pk}/hoan-tac/")
    work_off()
    batch.refresh_from_db()
    assert batch.state == State.UNDONE and standing() == 0
    assert batch.counts["undone"]["withdrawn"] == 5


@pytest.mark.parametrize("other", ["cach-doc", "gia-tri", "kiem-tra"])
def test_another_tab_cannot_reopen_a_file_that_is_being_written(
    lan: Client, batch: ImportBatch, other: str
) -> None:
    form = plan_form(batch, **{"Ký hiệu riêng": "occurrenceID"})
    lan.post(f"/nhap/{batch.pk}/ghi/")
    lan.post(f"/nhap/{batch.pk}/{other}/", form if other == "cach-doc" else {})
    work_off()
    batch.refresh_from_db()
    assert batch.state == State.DONE and batch.counts["total"]["created"] == 5 and standing() == 5


def test_two_workers_with_two_jobs_of_one_file_write_it_once(lan: Client, batch: ImportBatch) -> None:
    lan.post(f"/nhap/{batch.pk}/ghi/")
    job = Job.objects.latest("asked")
    other = Job.objects.create(
        kind="import.write", label="lần hai", actor_id=job.actor_id, actor_name="", arguments=job.arguments
    )
    jobs.run(other.pk)
    jobs.run(job.pk)
    batch.refresh_from_db()
    other.refresh_from_db()
    assert other.state == Job.State.FAILED and "đang chạy hoặc đã ghi rồi" in other.message
    assert batch.state == State.DONE and batch.counts["total"]["created"] == 5


def lost_in(batch: ImportBatch, kind: str) -> Job:
    """A job of the batch as a killed worker leaves it."""
    job = Job.objects.filter(kind=kind).latest("asked")
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, started=timezone.now() - timedelta(minutes=1)
    )
    return job


def test_a_file_whose_worker_was_lost_before_writing_is_checked_again_and_can_be_written(
    lan: Client, batch: ImportBatch
) -> None:
    lan.post(f"/nhap/{batch.pk}/ghi/")
    job = lost_in(batch, "import.write")
    assert jobs.end_orphans() == 1
    job.refresh_from_db()
    batch.refresh_from_db()
    assert job.state == Job.State.FAILED and "dừng giữa chừng" in job.message
    assert batch.state == State.CHECKED and standing() == 0
    lan.post(f"/nhap/{batch.pk}/ghi/")
    work_off()
    batch.refresh_from_db()
    assert batch.state == State.DONE and standing() == 5


def test_a_job_whose_worker_was_lost_after_its_rows_stood_is_told_as_done(
    lan: Client, batch: ImportBatch
) -> None:
    lan.post(f"/nhap/{batch.pk}/ghi/")
    work_off()
    job = lost_in(batch, "import.write")
    jobs.end_orphans()
    job.refresh_from_db()
    assert job.state == Job.State.DONE and str(batch.pk) in job.result_url


def test_an_undo_whose_worker_was_lost_can_be_asked_again(lan: Client, batch: ImportBatch) -> None:
    lan.post(f"/nhap/{batch.pk}/ghi/")
    work_off()
    lan.post(f"/nhap/{batch.pk}/hoan-tac/")
    lost_in(batch, "import.undo")
    jobs.end_orphans()
    batch.refresh_from_db()
    assert batch.state == State.DONE and standing() == 5
    lan.post(f"/nhap/{batch.pk}/hoan-tac/")
    work_off()
    assert standing() == 0


def test_whoever_asks_an_undo_while_the_writing_job_ends_is_led_to_that_job(
    lan: Client, batch: ImportBatch
) -> None:
    lan.post(f"/nhap/{batch.pk}/ghi/")
    work_off()
    job = lost_in(batch, "import.write")
    assert lan.post(f"/nhap/{batch.pk}/hoan-tac/")["Location"] == f"/viec-nen/{job.pk}/"
    assert standing() == 5


def test_the_page_of_a_running_job_goes_on_by_itself_without_scripts_and_stands_still_at_its_end(
    lan: Client, batch: ImportBatch
) -> None:
    asks = '<noscript><meta http-equiv="refresh"'
    lan.post(f"/nhap/{batch.pk}/ghi/")
    job = Job.objects.get(kind="import.write")
    assert asks in lan.get(f"/viec-nen/{job.pk}/").content.decode()
    work_off()
    assert lan.get(f"/viec-nen/{job.pk}/").status_code == 302
    Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED)
    assert asks not in lan.get(f"/viec-nen/{job.pk}/").content.decode()


def test_a_killed_command_leaves_its_file_free_and_a_living_one_keeps_it(batch: ImportBatch) -> None:
    ImportBatch.objects.filter(pk=batch.pk).update(state=State.RUNNING)
    with worker.alone(lock_of(batch)):
        free_lost_batches()
        batch.refresh_from_db()
        assert batch.state == State.RUNNING
    free_lost_batches()
    batch.refresh_from_db()
    assert batch.state == State.CHECKED


def test_a_file_that_waits_for_its_job_is_not_taken_for_lost(lan: Client, batch: ImportBatch) -> None:
    lan.post(f"/nhap/{batch.pk}/ghi/")
    free_lost_batches()
    batch.refresh_from_db()
    assert batch.state == State.RUNNING


def test_a_job_whose_end_could_not_be_written_is_picked_up_by_the_living_worker(
    lan: Client, batch: ImportBatch
) -> None:
    lan.post(f"/nhap/{batch.pk}/ghi/")
    job = lost_in(batch, "import.write")
    jobs.breath.on(str(job.pk))
    try:
        assert jobs.pick_up() == 0, "what the worker works on is not lost"
    finally:
        jobs.breath.off()
    assert jobs.pick_up() == 1
    batch.refresh_from_db()
    assert batch.state == State.CHECKED and standing() == 0


def test_a_job_whose_line_in_the_queue_was_lost_waits_in_it_again(lan: Client, batch: ImportBatch) -> None:
    lan.post(f"/nhap/{batch.pk}/ghi/")
    huey, _put = jobs.queue()
    huey.flush()
    assert jobs.pick_up() == 0, "a job asked a moment ago is on its way"
    Job.objects.filter(state=Job.State.WAITING).update(asked=timezone.now() - timedelta(minutes=1))
    assert jobs.pick_up() == 1 and huey.pending_count() == 1
    huey.flush()


HINDRANCES = [
    OperationalError("the connection is closed"),
    OperationalError("database or disk is full"),
    InterfaceError("connection already closed"),
    OSError(errno.ENOSPC, "No space left on device"),
    MemoryError(),
]


@pytest.mark.parametrize("hindrance", HINDRANCES, ids=[str(one) for one in HINDRANCES])
@pytest.mark.parametrize("verb", ["kiem-tra", "ghi"])
def test_a_file_that_the_machine_hindered_is_not_to_blame_and_can_be_asked_for_again(
    lan: Client, batch: ImportBatch, monkeypatch: pytest.MonkeyPatch, hindrance: Exception, verb: str
) -> None:
    def hinder(*_given: Any) -> None:
        raise hindrance

    with monkeypatch.context() as patch:
        patch.setattr(
            Run if verb == "kiem-tra" else Commit, "check" if verb == "kiem-tra" else "write", hinder
        )
        lan.post(f"/nhap/{batch.pk}/{verb}/")
        work_off()
    job = Job.objects.latest("asked")
    batch.refresh_from_db()
    assert job.state == Job.State.FAILED and "Máy chủ gặp trở ngại" in job.message
    assert batch.state == State.CHECKED and "error" not in batch.counts
    lan.post(f"/nhap/{batch.pk}/ghi/")
    work_off()
    batch.refresh_from_db()
    assert batch.state == State.DONE and standing() == 5


def test_a_file_that_failed_can_be_checked_again_from_its_page(
    lan: Client, batch: ImportBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*_given: Any) -> None:
        raise ValueError("hỏng")

    with monkeypatch.context() as patch:
        patch.setattr(Run, "check", wrong)
        lan.post(f"/nhap/{batch.pk}/kiem-tra/")
        work_off()
    batch.refresh_from_db()
    page = lan.get(f"/nhap/{batch.pk}/").content.decode()
    assert batch.state == State.FAILED and f"/nhap/{batch.pk}/kiem-tra/" in page
    lan.post(f"/nhap/{batch.pk}/kiem-tra/")
    work_off()
    batch.refresh_from_db()
    assert batch.state == State.CHECKED and "error" not in batch.counts


def test_a_file_that_could_not_be_read_when_it_came_is_read_again(
    lan: Client, csv: Csv, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/tmp/x")

    with monkeypatch.context() as patch:
        patch.setattr("baoton.kit.importing.files.propose", full)
        upload(lan, csv(ROWS))
    made = ImportBatch.objects.get()
    page = lan.get(f"/nhap/{made.pk}/").content.decode()
    assert made.state == State.FAILED and "Máy chủ gặp trở ngại" in page and "/tmp/x" not in page
    assert lan.post(f"/nhap/{made.pk}/kiem-tra/")["Location"].endswith("/cach-doc/")
    made.refresh_from_db()
    assert made.state == State.UPLOADED and made.plan["tables"]


def test_what_the_database_says_of_a_row_is_for_the_log_alone(
    lan: Client, batch: ImportBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_given: Any) -> None:
        raise IntegrityError("duplicate key DETAIL: Key (occurrence_id)=(BIMAT) already exists")

    monkeypatch.setattr(Run, "check", refused)
    lan.post(f"/nhap/{batch.pk}/kiem-tra/")
    work_off()
    batch.refresh_from_db()
    assert batch.state == State.FAILED and "BIMAT" not in str(batch.counts)
    assert "BIMAT" not in str(Job.objects.latest("asked").message)
