"""Why a record is looked at twice: each rule says its reason with the evidence, and is silent where all is well."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from baoton.files.models import Evidence
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.refs import name_of
from baoton.kit.writing import write
from baoton.observations.actions import verify
from baoton.observations.models import Occurrence
from baoton.observations.queries import doubts, judged_singly, notes
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
V = REGISTERS["observations.occurrence"]
COMMON, DAY = "Sus scrofa", date(2026, 9, 1)


def seen(name: str = COMMON, day: date = DAY, **more: Any) -> Occurrence:
    row = Occurrence(
        taxon=Taxon.objects.filter(scientific_name=name).first(), scientific_name=name, day_start=day, **more
    )
    row.put_point(102.44, 22.44)
    made: Occurrence = write.create(V, System(), row)
    return made


def photo(record: Occurrence, lon: float, lat: float, day: date) -> None:
    about_type, about_id = name_of(record)
    row = Evidence(
        kind=Evidence.Kind.PHOTO, title="anh.jpg", sha256="0" * 64, size=1, about_type=about_type, about_id=about_id,
        taken=datetime(day.year, day.month, day.day, 8, tzinfo=UTC),
    )  # fmt: skip
    row.put_point(lon, lat)
    row.save(force_insert=True)


def test_an_ordinary_record_with_its_photo_is_doubted_by_nothing() -> None:
    record = seen(individual_count=4)
    photo(record, 102.441, 22.441, DAY)
    assert doubts(record) == []


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"name": "Con vật lạ"}, "chưa khớp"),
        ({"individual_count": 20_000}, "20000 cá thể"),
        ({"individual_count": 0}, "số cá thể là 0"),
        ({"coordinate_uncertainty_m": 9_000}, "9000 m"),
        ({"day": timezone.localdate() + timedelta(days=40)}, "chưa đến"),
    ],
)
def test_what_does_not_fit_is_said_in_words(more: dict[str, Any], told: str) -> None:
    record = seen(**more)
    assert any(told in one for one in doubts(record)) and told in judged_singly(record)


def test_a_photo_taken_elsewhere_or_on_another_day_is_said_in_metres_and_days() -> None:
    record = seen()
    photo(record, 102.50, 22.44, DAY - timedelta(days=3))
    told = "; ".join(doubts(record))
    assert "cách vị trí ghi nhận 61" in told and "29/08/2026" in told


def test_a_photo_tells_nothing_of_a_place_to_who_may_not_know_it() -> None:
    record = seen()
    photo(record, 102.50, 22.44, DAY)
    record.masked = True
    assert doubts(record) == []


def test_the_first_of_a_commune_and_a_priority_species_without_photo_are_pointed_out_and_bar_nothing() -> (
    None
):
    first = seen()
    assert "lần đầu loài này" in notes(first)[0] and judged_singly(first) == ""
    verify(System(), first)
    assert notes(seen(day=DAY + timedelta(days=9))) == []
    assert notes(seen("Nomascus concolor")) == ["loài ưu tiên mà không có ảnh"]
