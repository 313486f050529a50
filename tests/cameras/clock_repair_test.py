"""A clock that ran wrong is put right over a whole deployment, with its evidence, and back again to the last column."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from tests.cameras import package

from baoton.cameras.models import Answer, Deployment, Media, Repair, Sequence
from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.kit.kinds.moment import told
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.observations.models import Event, Occurrence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
MODELS = (Media, Sequence, Answer, Occurrence)
HOUR = 3_600_000
BASE = 1_772_402_400_000
"""2 March 2026, 05:00 in Vietnam."""


def state() -> dict[str, list[tuple[Any, ...]]]:
    """Every column of every row, but the two that a further writing always moves."""
    return {m.__name__: sorted(m.objects.values_list(), key=str) for m in MODELS}


def repair(code: str, shift: int, **more: Any) -> Deployment:
    answers = {
        "shown": BASE,
        "truth": BASE + shift,
        "evidence": "watch",
        "reason": "ảnh đồng hồ lúc đặt máy",
        **more,
    }
    one = Deployment.objects.get(code=code)
    stored: Deployment = write.act(REGISTERS["cameras.deployment"], System(), one, "repair", answers)
    return stored


def undo(one: Repair) -> None:
    write.act(REGISTERS["cameras.repair"], System(), one, "undo", {"reason": "ghi nhầm"})


def taken(code: str) -> list[str]:
    return [
        told(t)
        for t in Media.objects.filter(deployment__code=code)
        .order_by("media_id")
        .values_list("taken", flat=True)
    ]


def test_every_time_of_the_deployment_moves_and_no_other(tmp_path: Path) -> None:
    run_file(System(), package.write(tmp_path))
    assert taken("d1")[0] == "02/03/2026 05:00:00"
    other = taken("d2")
    repair("d1", -6 * HOUR)
    assert taken("d1")[:2] == ["01/03/2026 23:00:00", "01/03/2026 23:00:20"] and taken("d2") == other
    seen = Occurrence.objects.get()
    assert str(seen.day_start) == "2026-03-01" and seen.event_date.startswith("2026-03-01T23:00:00+07:00")
    said = Answer.objects.get(answer_id="o1")
    assert said.sequence is not None and said.started == said.sequence.started
    assert str(said.sequence.day) == "2026-03-01"  # and counts in the figures of that day
    one = Repair.objects.get()
    assert (one.shift_ms, one.evidence, one.reason) == (-6 * HOUR, "watch", "ảnh đồng hồ lúc đặt máy")
    assert Deployment.objects.get(code="d1").shift_ms == -6 * HOUR


def test_it_is_undone_to_the_last_column(tmp_path: Path) -> None:
    path = package.write(tmp_path)
    run_file(System(), path)
    before = state()
    days = ("event_date", "day_start", "day_end", "year", "sort_day")
    seen = Occurrence.objects.values_list(*days).get()
    visit = Event.objects.values_list("event_date", "day_start", "day_end").get(event_id="d1")
    ends = Deployment.objects.values_list("started", "ended", "nights", "shift_ms").get(code="d1")
    repair("d1", 366 * 24 * HOUR, ends=True)
    assert state() != before
    assert Deployment.objects.get(code="d1").started == ends[0] + 366 * 24 * HOUR
    undo(Repair.objects.get())
    after = state()
    for name in ("Media", "Sequence", "Answer"):
        assert after[name] == before[name], name
    assert Occurrence.objects.values_list(*days).get() == seen
    assert Event.objects.values_list("event_date", "day_start", "day_end").get(event_id="d1") == visit
    assert Deployment.objects.values_list("started", "ended", "nights", "shift_ms").get(code="d1") == ends
    assert run_file(System(), path).counts["total"]["unchanged"] == 15


def test_the_last_repair_is_taken_back_first_and_new_pictures_stay_as_they_came(tmp_path: Path) -> None:
    run_file(System(), package.write(tmp_path))
    first = taken("d1")
    repair("d1", HOUR)
    head = package.DEPLOYMENTS.splitlines()[0] + "\n"
    late = package.MEDIA_HEAD + "n1,d1,2026-03-20T05:00:00+07:00,d1/N.JPG,false,image/jpeg,\n"
    run_file(
        System(),
        package.write(
            tmp_path, "sau.zip", deployments=head, media=late, observations=package.OBSERVATION_HEAD
        ),
    )
    repair("d1", 2 * HOUR)
    one, two = Repair.objects.order_by("id")
    with pytest.raises(NotNow):
        undo(one)
    undo(two)
    undo(Repair.objects.get(pk=one.pk))
    assert taken("d1") == [*first, "20/03/2026 05:00:00"]
    assert not Media.objects.filter(last_repair__isnull=False).exists()


def test_an_import_again_does_not_bring_the_wrong_hour_back(tmp_path: Path) -> None:
    path = package.write(tmp_path)
    run_file(System(), path)
    repair("d1", HOUR)
    run_file(System(), path)
    assert taken("d1")[0] == "02/03/2026 06:00:00"


@pytest.mark.parametrize(
    "answers", [{"truth": BASE}, {"truth": None}, {"truth": BASE + 15_000 * 24 * HOUR * 2}]
)
def test_a_repair_of_nothing_or_of_a_lifetime_is_refused(answers: dict[str, Any], tmp_path: Path) -> None:
    run_file(System(), package.write(tmp_path))
    with pytest.raises(ValidationError):
        repair("d1", HOUR, **answers)
    assert not Repair.objects.exists()


def test_night_pictures_by_day_tell_that_the_clock_is_wrong(tmp_path: Path) -> None:
    from baoton.cameras.queries import clock_check

    lines = []
    for n in range(40):
        hour = (n * 3) % 24
        night = hour < 5 or hour >= 19
        wrong = (hour + 12) % 24
        exif = '"{""Flash"": ""Fired""}"' if night else '"{""Flash"": ""No""}"'
        lines.append(
            f"k{n},d1,2026-03-{2 + n // 8:02d}T{wrong:02d}:00:00+07:00,d1/K{n}.JPG,false,image/jpeg,{exif}\n"
        )
    run_file(
        System(),
        package.write(
            tmp_path, media=package.MEDIA_HEAD + "".join(lines), observations=package.OBSERVATION_HEAD
        ),
    )
    found = clock_check(Deployment.objects.get(code="d1"))
    assert found is not None and found["off"] and abs(float(found["hours"].replace(",", "."))) > 9
    repair("d1", 12 * HOUR, evidence="sun")
    again = clock_check(Deployment.objects.get(code="d1"))
    assert again is not None and not again["off"]
