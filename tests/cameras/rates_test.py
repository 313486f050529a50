"""What cameras tell of a species: effort without gaps, independent events, rates, occupancy, or why there is none."""

from typing import Any

import numpy as np
import pytest

from baoton.cameras.actions.sequences import DAY_MS
from baoton.cameras.models import Answer, Deployment
from baoton.cameras.queries.rates import histories, of_species, seen_by
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("province")]
START = 1_772_298_000_000
"""1 March 2026, 00:00 in Vietnam."""
MINUTE = 60_000


def camera(code: str, days: int = 28, **more: Any) -> Deployment:
    fresh = Deployment(code=code, started=START, ended=START + days * DAY_MS, **more)
    fresh.put_point(102.4, 22.4)
    made: Deployment = write.create(REGISTERS["cameras.deployment"], System(), fresh)
    return made


def said(one: Deployment, taxon: Taxon, *minutes: float, **more: Any) -> None:
    for m in minutes:
        Answer.objects.create(
            answer_id=f"{one.code}-{m}", deployment=one, started=int(START + m * MINUTE), kind="animal", taxon=taxon,
            scientific_name=taxon.scientific_name, **more,
        )  # fmt: skip


@pytest.fixture
def boar(db: None) -> Taxon:
    return Taxon.objects.filter(rank="species", status="accepted").order_by("scientific_name")[0]


def test_days_in_which_a_camera_did_not_work_are_no_effort() -> None:
    assert camera("a").nights == 28
    assert camera("b", gaps="2026-03-10/2026-03-15; 2026-03-14/2026-03-20").nights == 18
    assert camera("c", gaps="2026-03-27/2026-05-01").nights == 26


def test_events_half_an_hour_apart_count_and_machines_do_not(boar: Taxon) -> None:
    one = camera("a")
    said(one, boar, 600, 610, 629, 631, 700)
    said(one, boar, 2000, method="machine")
    (row,) = seen_by(one)
    assert row["events"] == 3  # at 600, 631 and 700 minutes
    assert row["rate"]["rate"] == "10,71" and row["rate"]["exact"] == "True"


def test_a_camera_without_an_end_tells_no_rate(boar: Taxon) -> None:
    fresh = Deployment(code="x", started=START)
    one = write.create(REGISTERS["cameras.deployment"], System(), fresh)
    said(one, boar, 600)
    (row,) = seen_by(one)
    assert one.nights is None and row["rate"] is None


def test_a_week_with_a_gap_is_not_surveyed(boar: Taxon) -> None:
    one = camera("a", gaps="2026-03-10/2026-03-12")
    y = histories([one], np.array([START + 3 * DAY_MS]), np.array([0]))
    assert y.tolist()[0][0] == 1.0 and np.isnan(y[0, 1]) and y[0, 2:].tolist() == [0.0, 0.0]


def test_few_cameras_tell_what_was_seen_and_why_no_model(boar: Taxon) -> None:
    for code in "abc":
        said(camera(code), boar, 600)
    told = of_species(System(), boar)
    assert (told["cameras"], told["events"], told["with"]) == (3, 3, 3)
    assert told["occupancy"]["naive"] == 100 and told["occupancy"]["psi"] is None and told["occupancy"]["why"]
    assert told["activity"]["level"] is None and told["activity"]["why"]


def test_many_cameras_have_a_model_that_finds_the_truth(boar: Taxon) -> None:
    """Sixty cameras, present at 60 %, met in a week with a chance of one half: the interval holds the truth."""
    rng = np.random.default_rng(5)
    for i in range(60):
        one = camera(f"c{i}")
        if rng.random() < 0.6:
            said(
                one,
                boar,
                *(float(w * 7 * 1440 + rng.integers(0, 7 * 1440)) for w in range(4) if rng.random() < 0.5),
            )
    told = of_species(System(), boar)["occupancy"]
    assert told["low"] <= 60 <= told["high"] and told["psi"] >= told["naive"]
    assert of_species(System(), boar)["activity"]["level"] is not None
