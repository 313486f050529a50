"""Numbers that a protocol asks leave as measurements and facts, and come back unchanged."""

from datetime import date
from pathlib import Path

import pytest
from tests.surveys.results_test import campaign, filled

from baoton.kit import importing
from baoton.kit.access import System
from baoton.observations.models import Measurement, Occurrence
from baoton.sharing.actions import write_archive
from baoton.sharing.tests.archive_test import again, read
from baoton.surveys import actions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
PLOT = {"Ngày": date(2026, 3, 10), "Người điều tra": "Pao", "Diện tích ô (m²)": 500, "Độ dốc (độ)": 25}
ROW = {"Lượt": 1, "Loài": "Schima wallichii"}
TREE = {"Lớp": "cây gỗ", "Đường kính ngang ngực (cm)": 31.5, "Chiều cao vút ngọn (m)": 18}
YOUNG = {"Lớp": "tái sinh", "Số cây tái sinh": 4, "Chiều cao vút ngọn (m)": 2}
TOLD = [("Chiều cao vút ngọn", "18", "m"), ("Đường kính ngang ngực", "31.5", "cm"), ("Độ dốc", "25", "độ")]


def standing() -> list[tuple[str, str, str]]:
    rows = Measurement.objects.filter(withdrawn__isnull=True, dataset__code__startswith="DT-")
    return sorted((m.measurement_type, m.measurement_value, m.measurement_unit) for m in rows)


def test_numbers_of_a_protocol_are_measurements_that_travel_there_and_back(tmp_path: Path) -> None:
    one = campaign("o_tieu_chuan", "")
    code = one.sites.get(position=1).code
    path = filled(one, tmp_path / "a.xlsx", [PLOT], [ROW | TREE | {"Mã điểm": code}])
    first = actions.take_in(System(), one, path, path.name, dry=False)
    assert first.counts["total"]["created"] == 2, actions.refusals(first)
    assert standing() == TOLD

    write_archive(System(), tmp_path / "ra.zip", {"dataset": str(one.dataset_id)})
    sent = read(tmp_path / "ra.zip", "ExtendedMeasurementOrFact")
    of_tree = Occurrence.objects.get().occurrence_id
    assert {(r["measurementType"], r["occurrenceID"]) for r in sent} == {
        ("Độ dốc", None), ("Đường kính ngang ngực", of_tree), ("Chiều cao vút ngọn", of_tree)}  # fmt: skip
    assert {(r["measurementMethod"], r["eventID"]) for r in sent} == {
        (str(one.protocol), f"{one.code}/{code}/1")
    }
    assert set(again(tmp_path / "ra.zip", one.code)["extendedmeasurementorfact"]) == {"unchanged"}
    there = importing.run_file(System(), tmp_path / "ra.zip", dataset="noi-khac")
    assert not there.counts["total"]["refused"] and Measurement.objects.count() == 6

    # answers mended and added, and taken back again; then the whole file
    more = {"Độ dốc (độ)": 0, "Độ tàn che": 0.7}
    path = filled(one, tmp_path / "b.xlsx", [PLOT | more], [ROW | TREE | {"Mã điểm": code}])
    mended = actions.take_in(System(), one, path, path.name, dry=False)
    assert standing() == [*TOLD[:2], ("Độ dốc", "0", "độ"), ("Độ tàn che", "0.7", "")], actions.refusals(
        mended
    )
    actions.take_back(System(), one, mended)
    assert standing() == TOLD
    actions.take_back(System(), one, first)
    assert standing() == []
