"""What is not known is said to be so: flashes, effort, deployments left out of a package, names a first person gave."""

from pathlib import Path

import polars as pl
import pytest
from django.core.exceptions import ValidationError
from tests.cameras import package
from tests.cameras.package_out_test import told
from tests.cameras.rates_test import START, boar, camera, said
from tests.cameras.review_test import act, guarded, waiting

from baoton.cameras.actions import offered
from baoton.cameras.imports import flashed
from baoton.cameras.models import Deployment, Sequence
from baoton.cameras.queries import of_species, package_of
from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("province")]
__all__ = ["boar", "waiting"]
FLASHES = {
    None: None, "": None, '{"ISO": 400}': None, '{"FlashpixVersion": "0100"}': None, '{"Flash": "Fired"}': True,
    '{"Flash": "Auto, Fired"}': True, '{"Flash": "Off, Did not fire"}': False, '{"Flash": "No Flash"}': False,
    '{"Flash": "Auto, Did not fire"}': False, '{"Flash": 25, "ISO": 1}': True, '{"Flash": 16}': False,
    "Flash=1": True, "Flash: ?": None,
}  # fmt: skip


@pytest.mark.parametrize("exif", FLASHES)
def test_a_picture_that_says_nothing_of_a_flash_is_no_picture_by_day(exif: str | None) -> None:
    assert flashed(pl.Series([exif], dtype=pl.String)).to_list() == [FLASHES[exif]]


def test_a_second_person_is_not_offered_what_the_first_said(waiting: list[Sequence], person: object) -> None:
    name = guarded()
    act(person("lan"), waiting[0], "animal", name=name)  # type: ignore[operator]
    assert offered(Sequence.objects.get(pk=waiting[0].pk)) == []
    assert offered(waiting[1]) == [{"name": name}]


def test_a_package_says_how_many_deployments_stayed_out_and_is_none_without_any(tmp_path: Path) -> None:
    run_file(System(), package.write(tmp_path))
    Deployment.objects.filter(code="d2").update(ended=None)
    door = REGISTERS["cameras.deployment"].door(System())
    counted = package_of(System(), door.open(), tmp_path / "ra.zip", "Bẫy ảnh")
    assert counted["deployments"] == 1 and "1 đợt đặt máy" in told(tmp_path / "ra.zip")["description"]
    with pytest.raises(ValidationError):
        package_of(System(), door.open(door.rows().filter(code="d2")), tmp_path / "không.zip", "Bẫy ảnh")


def test_cameras_without_an_end_are_counted_beside_the_effort(boar: Taxon) -> None:
    write.create(REGISTERS["cameras.deployment"], System(), Deployment(code="x", started=START))
    assert of_species(System(), boar) == {"unknown": 1}
    said(camera("a"), boar, 600)
    shown = of_species(System(), boar)
    assert (shown["cameras"], shown["unknown"]) == (1, 1)


def test_a_model_at_its_limit_tells_no_figure(boar: Taxon) -> None:
    for i in range(12):
        said(camera(f"c{i}"), boar, *(float(w * 7 * 1440 + 60) for w in range(4)))
    shown = of_species(System(), boar)["occupancy"]
    assert shown["naive"] == 100 and shown["psi"] is None and "100%" in shown["why"]
