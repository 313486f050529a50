"""A row that names its commune lies in it; a commune against the coordinates, or one nobody knows, is told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.observations.disclosure import settle
from baoton.observations.models import Occurrence
from baoton.places import actions
from baoton.taxa.actions import load

pytestmark = pytest.mark.django_db
Csv = Callable[..., Path]
ROW = {"occurrenceID": "a", "scientificName": "Macaca mulatta", "eventDate": "2024-03-01"}


@pytest.fixture(autouse=True)
def units(db: None) -> None:
    actions.load()
    load()


def told(csv: Csv, *rows: dict[str, Any]) -> set[str]:
    batch = run_file(System(), csv([{**ROW, "occurrenceID": f"a{i}"} | r for i, r in enumerate(rows)]))
    assert batch.state == "done", batch.counts
    return {w["code"] for w in batch.warnings}


def test_a_row_without_coordinates_lies_in_the_commune_it_names(csv: Csv) -> None:
    notes = told(csv, {"Xã": "xã Mù Cả"}, {"Xã": "Nậm Manh"})
    one, two = Occurrence.objects.order_by("occurrence_id")
    assert (one.area_path, one.area_path_then, one.shown_area_path) == (
        "12/03451",
        "12/107/03451",
        "12/03451",
    )
    assert (two.area_path, two.area_path_then) == ("12/03434", "12/112/03474")
    assert "placed_by_commune" in notes and one.geom is None


def test_it_stays_there_when_the_record_is_settled_again(csv: Csv) -> None:
    told(csv, {"Xã": "Mù Cả"})
    one = Occurrence.objects.get()
    settle([one])
    assert (one.area_path, one.shown_area_path) == ("12/03451", "12/03451")


def test_of_a_guarded_species_only_the_province_is_told(csv: Csv) -> None:
    told(csv, {"Xã": "Mù Cả", "scientificName": "Nomascus concolor"})
    one = Occurrence.objects.get()
    assert (one.area_path, one.shown_area_path) == ("12/03451", "12")


@pytest.mark.parametrize(("row", "code"), [
    ({"Xã": "Quảng Bình"}, "commune_unknown"), ({"Xã": "Hồ Thầu", "Tỉnh": "Hà Giang"}, "commune_elsewhere"),
])  # fmt: skip
def test_a_commune_nobody_knows_is_told_and_places_nothing(row: dict[str, str], code: str, csv: Csv) -> None:
    assert code in told(csv, row)
    assert Occurrence.objects.get().area_path == ""


def test_coordinates_in_another_commune_are_told(csv: Csv) -> None:
    at = actions.Unit.objects.get(path="12/03388")
    notes = told(csv, {"Xã": "Mù Cả", "decimalLongitude": at.lon, "decimalLatitude": at.lat})
    assert "commune_against_place" in notes and Occurrence.objects.get().area_path == "12/03388"
