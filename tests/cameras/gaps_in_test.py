"""Stretches without work that a file brings are read as those a hand wrote: one that cannot be read is refused, and
the visit of the camera tells the same effort as the camera."""

from pathlib import Path

import pytest
from tests.cameras import package

from baoton.cameras.models import Deployment
from baoton.cameras.queries import on_deployment
from baoton.kit.access import System
from baoton.kit.importing import run_file

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("province")]


def with_gaps(gaps: str) -> str:
    head, first, second = package.DEPLOYMENTS.splitlines()
    return f"{head},gaps\n{first},{gaps}\n{second},\n"


@pytest.mark.parametrize("gaps", ["2026-03-05/", "2026-13-01/2026-13-09", "tuần đầu"])
def test_a_stretch_that_cannot_be_read_is_refused_with_its_camera(gaps: str, tmp_path: Path) -> None:
    batch = run_file(System(), package.write(tmp_path, deployments=with_gaps(gaps)))
    assert not Deployment.objects.filter(code="d1").exists() and Deployment.objects.filter(code="d2").exists()
    assert batch.counts["total"]["refused"] > 0


@pytest.mark.parametrize(
    ("gaps", "nights"),
    [
        ("2026-03-05/2026-03-15; 2026-03-10/2026-03-20", 15.0),
        ("2026-02-01/2026-03-05;2026-03-29/2026-04-20", None),
    ],
)
def test_camera_and_visit_tell_one_effort(gaps: str, nights: float | None, tmp_path: Path) -> None:
    run_file(System(), package.write(tmp_path, deployments=with_gaps(gaps)))
    one = Deployment.objects.get(code="d1")
    assert one.visit is not None and one.visit.sample_size_value == one.nights
    assert nights is None or one.nights == nights
    assert on_deployment(System(), one)["gaps"]
