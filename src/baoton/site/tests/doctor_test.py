"""What an administrator can get wrong is told, each with how to mend it; a sound installation is left in peace."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from baoton.kit import worker
from baoton.kit.access import System
from baoton.kit.models import AuditEvent, Job
from baoton.kit.writing import audit
from baoton.site import doctor

pytestmark = pytest.mark.django_db
SOUND = {
    "SESSION_COOKIE_SECURE": True, "DEBUG": False, "ALLOWED_HOSTS": ["baoton.laichau.gov.vn"],
    "TWO_FACTOR": "required", "SESSION_COOKIE_AGE": 12 * 3600,
}  # fmt: skip


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    tmp_path.chmod(0o700)
    settings.VAR = tmp_path


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("DEBUG", True, "BAOTON_DEBUG"),
        ("ALLOWED_HOSTS", ["*"], "BAOTON_HOSTS"),
        ("ALLOWED_HOSTS", ["localhost"], "BAOTON_HOSTS"),
        ("TWO_FACTOR", "offered", "BAOTON_TWO_FACTOR"),
        ("SESSION_COOKIE_AGE", 30 * 86400, "BAOTON_SESSION_HOURS"),
        ("SESSION_COOKIE_SECURE", False, "BAOTON_HTTPS"),
    ],
)
def test_a_wrong_setting_is_named(settings: Any, name: str, value: Any, word: str) -> None:
    for key, sound in SOUND.items():
        setattr(settings, key, sound)
    assert doctor.served_openly() == ""
    setattr(settings, name, value)
    assert word in doctor.served_openly()


def test_debug_is_told_on_ones_own_machine_too(settings: Any) -> None:
    settings.DEBUG = True
    assert "BAOTON_DEBUG" in doctor.debug_on()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o666])
def test_a_file_that_others_may_read_is_named_wherever_it_lies(tmp_path: Path, mode: int) -> None:
    deep = tmp_path / "blobs" / "ab"
    deep.mkdir(parents=True)
    (tmp_path / "blobs").chmod(0o700)
    deep.chmod(0o700)
    (deep / "abc").write_text("x")
    (deep / "abc").chmod(0o600)
    assert doctor.file_modes() == ""
    (deep / "abc").chmod(mode)
    assert "chmod" in doctor.file_modes()


def test_events_that_nobody_seals_are_told() -> None:
    event = audit.write(System(), "thử.việc")
    assert doctor.unsealed() == ""
    AuditEvent.objects.filter(pk=event.pk).update(at=timezone.now() - timedelta(minutes=5))
    assert "verify-audit" in doctor.unsealed()


def test_jobs_without_a_worker_are_told() -> None:
    assert doctor.background() == ""
    Job.objects.create(kind="thử", label="x", actor_id="system", actor_name="x")
    assert "baoton work" in doctor.background()
    with worker.alone("worker"):
        breath = worker.Breath()
        breath.tell()
        assert doctor.background() == ""


def test_a_worker_that_does_not_breathe_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with worker.alone("worker"):
        worker.Breath().tell()
        monkeypatch.setattr(worker, "SILENT_AFTER", -1.0)
        assert "không trả lời" in doctor.background()


def test_a_job_left_running_is_told() -> None:
    Job.objects.create(kind="thử", label="x", actor_id="system", actor_name="x", state=Job.State.RUNNING)
    assert "baoton work" in doctor.lost_jobs()


def test_a_cut_log_is_told() -> None:
    assert "nhật ký" in doctor.audit_chain().lower()


def test_it_tells_that_places_were_not_weighed_again() -> None:
    assert doctor.not_settled_again() == ""
    Job.objects.create(
        kind="observations.disclosure",
        label="x",
        state=Job.State.FAILED,
        message="hỏng",
        ended=timezone.now(),
    )
    assert "mức công bố vị trí" in doctor.not_settled_again()
