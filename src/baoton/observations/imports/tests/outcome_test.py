"""Every row of a file ends in exactly one stated outcome."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baoton.kit.access import Denied, Public, System
from baoton.kit.importing import run_file
from baoton.kit.models import ImportBatch
from baoton.observations.imports.tests.conftest import outcomes
from baoton.observations.models import Event, Measurement, Occurrence
from baoton.taxa.actions import load

pytestmark = pytest.mark.django_db
Csv = Callable[..., Path]
GOOD = {
    "occurrenceID": "o1", "scientificName": "Manis pentadactyla", "decimalLongitude": "103.1",
    "decimalLatitude": "22.3", "eventDate": "2026-03-01",
}  # fmt: skip
NASTY = st.sampled_from(
    [None, "", " ", "0", "22.3", "103,1", "200", "-91", "abc", "NA", "2026-03-01", "31/02/2020", "1/2/99",
     "2020-05-01/2020-04-01", "45000", "Manis pentadactyla", "Vượn  đen", "a\u0323", "1.234", "1,234", "-3",
     "x" * 400, 'he said "no"\n', "\x1f", "absent", "có"]
)  # fmt: skip
COLUMNS = ("occurrenceID", "eventID", "scientificName", "decimalLongitude", "decimalLatitude", "eventDate",
           "individualCount", "occurrenceStatus", "basisOfRecord", "habitat")  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS, NASTY)), min_size=1, max_size=12))
def test_each_row_is_created_updated_unchanged_or_refused_and_nothing_else(
    rows: list[dict[str, Any]], tmp_path: Path
) -> None:
    path = tmp_path / f"{uuid4().hex}.csv"
    pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String)).write_csv(path)
    for _again in range(2):
        batch = run_file(System(), path)
        if batch.state == ImportBatch.State.FAILED:
            assert batch.counts["error"]["code"] in {"no_rows", "no_header", "empty"}, batch.counts
            return
        lines = outcomes(batch)
        total = batch.counts["total"]
        assert len({(x["table"], x["row"]) for x in lines}) == len(lines) == total["rows"]
        assert total["rows"] == sum(total[o] for o in ("created", "updated", "unchanged", "refused"))
        assert all(x["message"] and x["rule"] for x in lines if x["outcome"] == "refused")
        assert all(x["id"] for x in lines if x["outcome"] != "refused")
    assert total["created"] == total["updated"] == 0
    code = batch.dataset
    assert Occurrence.objects.filter(dataset__code=code).count() == total["unchanged"]


def test_a_second_import_of_the_same_file_changes_nothing(csv: Csv) -> None:
    path = csv([{**GOOD, "habitat": "rừng"}, {**GOOD, "occurrenceID": "o2", "habitat": None}])
    assert run_file(System(), path).counts["total"]["created"] == 2
    again = run_file(System(), path).counts["total"]
    assert (again["unchanged"], again["created"], again["updated"]) == (2, 0, 0)
    assert set(Occurrence.objects.values_list("revision", flat=True)) == {1}


def test_a_changed_cell_updates_its_row_and_the_file_says_from_what_to_what(csv: Csv) -> None:
    run_file(System(), csv([GOOD, {**GOOD, "occurrenceID": "o2"}]))
    batch = run_file(System(), csv([{**GOOD, "eventDate": "2026-03-02"}, {**GOOD, "occurrenceID": "o2"}]))
    assert [x["outcome"] for x in outcomes(batch)] == ["updated", "unchanged"]
    assert "2026-03-01 → 2026-03-02" in outcomes(batch)[0]["message"]
    assert str(Occurrence.objects.get(occurrence_id="o1").day_start) == "2026-03-02"


def test_a_file_without_ids_is_the_same_file_again_even_with_equal_rows(csv: Csv) -> None:
    row = {k: v for k, v in GOOD.items() if k != "occurrenceID"}
    first = run_file(System(), csv([row, row, {**row, "eventDate": "2025"}]))
    assert first.counts["total"]["created"] == 3
    assert "không có cột mã" in first.counts["keyed"]["khao-sat"]
    assert run_file(System(), csv([row, row, {**row, "eventDate": "2025"}])).counts["total"]["unchanged"] == 3


def test_named_columns_make_the_key(csv: Csv) -> None:
    row = {"scientificName": "Manis pentadactyla", "individualCount": "1", "eventDate": "2026-03-01"}
    rows = [{"ô": "A1", **row}, {"ô": "A2", **row}]
    mapping = {"key": ["ô"]}
    run_file(System(), csv(rows), mapping=mapping)
    rows[0]["individualCount"] = "5"
    total = run_file(System(), csv(rows), mapping=mapping).counts["total"]
    assert (total["updated"], total["unchanged"]) == (1, 1)


def test_the_second_row_of_one_id_is_refused_and_names_the_first(csv: Csv) -> None:
    batch = run_file(System(), csv([GOOD, {**GOOD, "eventDate": "2025"}]))
    assert [x["outcome"] for x in outcomes(batch)] == ["created", "refused"]
    assert "dòng 2" in outcomes(batch)[1]["message"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"decimalLongitude": "0", "decimalLatitude": "0"}, "zero_zero"),
        ({"decimalLatitude": None}, "missing_half"),
        ({"decimalLongitude": "22.3", "decimalLatitude": "103.1"}, "swapped"),
        ({"decimalLatitude": "-22.3"}, "sign_lost"),
        ({"decimalLatitude": "95"}, "out_of_range"),
        ({"decimalLatitude": "hai mươi"}, "unreadable_coordinate"),
        ({"eventDate": "hôm qua"}, "unreadable_date"),
        ({"eventDate": "2020-05-01/2020-04-01"}, "reversed"),
        ({"eventDate": "2199-05-01"}, "future"),
        ({"basisOfRecord": "nhìn thấy"}, "unknown_value"),
        ({"individualCount": "-2"}, "negative"),
        ({"individualCount": "3", "occurrenceStatus": "absent"}, "contradiction"),
        ({"scientificName": None}, "missing"),
        ({"sex": "x" * 50}, "too_long"),
    ],
)
def test_a_bad_cell_refuses_its_row_with_the_cell_the_rule_and_the_cure(
    csv: Csv, change: dict[str, Any], rule: str
) -> None:
    whole = {**GOOD, "basisOfRecord": None, "individualCount": None, "occurrenceStatus": None, "sex": None}
    good = [{**whole, "occurrenceID": f"g{i}"} for i in range(9)]
    batch = run_file(System(), csv([*good, {**whole, **change}]))
    lines = outcomes(batch)
    assert [x["outcome"] for x in lines] == ["created"] * 9 + ["refused"]
    assert lines[-1]["rule"] == rule
    assert lines[-1]["column"] and lines[-1]["message"]
    assert lines[-1]["row"] == 11


def test_a_swapped_pair_is_told_how_it_should_be(csv: Csv) -> None:
    rows = [{**GOOD, "occurrenceID": f"g{i}"} for i in range(9)]
    bad = {**GOOD, "decimalLongitude": "22.3", "decimalLatitude": "103.1"}
    assert "kinh độ 103.1, vĩ độ 22.3" in outcomes(run_file(System(), csv([*rows, bad])))[-1]["message"]


def test_no_coordinates_and_an_unknown_name_are_no_fault(csv: Csv) -> None:
    load()
    batch = run_file(System(), csv([{**GOOD, "decimalLongitude": None, "decimalLatitude": None,
                                     "scientificName": "Nomascus inventus"}]))  # fmt: skip
    one = Occurrence.objects.get()
    assert (one.taxon, one.scientific_name, one.geom, one.area_path) == (None, "Nomascus inventus", None, "")
    assert batch.counts["review_sha256"]


def test_a_synonym_is_kept_as_written_and_filed_under_the_accepted_name(csv: Csv) -> None:
    load()
    run_file(System(), csv([{**GOOD, "scientificName": "Aonyx cinerea"}]))
    one = Occurrence.objects.get()
    assert one.scientific_name == "Aonyx cinerea" and one.taxon is not None
    assert one.taxon.scientific_name == "Aonyx cinereus" and one.taxon_group == "mammal"


def test_terms_without_a_column_are_kept_as_they_came(csv: Csv) -> None:
    run_file(System(), csv([{**GOOD, "habitat": ' rừng "già"\n ', "Cột lạ": "1", "trống": None}]))
    assert Occurrence.objects.get().extra == {"habitat": ' rừng "già"\n ', "Cột lạ": "1"}


def test_words_for_unknown_are_blank_and_a_vietnamese_date_is_kept_beside_its_meaning(csv: Csv) -> None:
    batch = run_file(
        System(), csv([{**GOOD, "coordinateUncertaintyInMeters": "unknown", "eventDate": "15/3/2026"}])
    )
    one = Occurrence.objects.get()
    assert one.coordinate_uncertainty_m is None
    assert (one.event_date, one.extra["verbatimEventDate"]) == ("2026-03-15", "15/3/2026")
    assert "read_as_blank" in {w["code"] for w in batch.warnings}


def test_vn2000_metres_become_degrees(csv: Csv) -> None:
    rows = [{"Tên khoa học": "Manis pentadactyla", "X": "510306.1", "Y": "2466000.2"}]
    run_file(System(), csv(rows), mapping={"crs": "vn2000-103-3"})
    one = Occurrence.objects.get()
    assert one.min_x == pytest.approx(103.1, abs=0.01) and one.min_y == pytest.approx(22.29, abs=0.01)
    assert one.extra["verbatimLongitude"] == "510306.1"


def _folder(tmp_path: Path, **tables: list[dict[str, Any]]) -> Path:
    folder = tmp_path / "goi"
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        pl.DataFrame(rows, infer_schema_length=None).write_csv(folder / f"{name}.csv")
    return folder


def test_rows_point_at_each_other_and_a_pointer_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    events = [
        {"eventID": "e1", "eventDate": "2026-03-01", "decimalLongitude": "103.1", "decimalLatitude": "22.3"},
        {"eventID": "e2", "eventDate": "???", "decimalLongitude": "103.1", "decimalLatitude": "22.3"},
    ]
    seen = [{"occurrenceID": f"o{i}", "eventID": e, "scientificName": "Manis pentadactyla"}
            for i, e in enumerate(["e1", "e2", "e9", None])]  # fmt: skip
    facts = [
        {"occurrenceID": o, "measurementType": "dài", "measurementValue": "3"}
        for o in ("o0", "o1", "o7", None)
    ]
    batch = run_file(System(), _folder(tmp_path, event=events, occ=seen, facts=facts))
    told = {(x["table"], x["row"]): (x["outcome"], x["rule"]) for x in outcomes(batch)}
    assert told["occ", 2] == ("created", None) and told["occ", 5] == ("created", None)
    assert told["occ", 3] == ("refused", "points_at_refused")
    assert told["occ", 4] == ("refused", "points_nowhere")
    assert [told["facts", r][1] for r in (2, 3, 4, 5)] == [
        None,
        "points_at_refused",
        "points_nowhere",
        "about_nothing",
    ]
    one = Occurrence.objects.get(occurrence_id="o0")
    assert one.event is not None and one.event.event_id == "e1"
    assert (one.min_x, str(one.day_start)) == (103.1, "2026-03-01")
    assert Measurement.objects.get().occurrence == one


def test_an_event_and_what_was_seen_there_give_away_the_same(tmp_path: Path) -> None:
    load()
    events = [{"eventID": f"e{i}", "decimalLongitude": x, "decimalLatitude": "22.345", "eventDate": "2026"}
              for i, x in ((1, "103.123"), (2, "103.323"))]  # fmt: skip
    names = [("e1", "Manis pentadactyla"), ("e1", "Passer montanus"), ("e2", "Passer montanus")]
    seen = [{"occurrenceID": f"o{i}", "eventID": e, "scientificName": n} for i, (e, n) in enumerate(names)]
    folder = _folder(tmp_path, event=events, occ=seen)
    batch = run_file(System(), folder)
    assert batch.counts["total"]["created"] == 5, batch.counts
    levels = dict(Event.objects.values_list("event_id", "disclosure"))
    assert levels["e1"] > 0 and levels["e2"] == 0
    rows = {o.occurrence_id: o for o in Occurrence.objects.all()}
    assert rows["o0"].disclosure == rows["o1"].disclosure == levels["e1"] and rows["o2"].disclosure == 0
    assert rows["o1"].shown_x != rows["o1"].min_x


def test_a_table_nobody_takes_is_left_out_and_said_so(tmp_path: Path) -> None:
    batch = run_file(System(), _folder(tmp_path, occ=[GOOD], notes=[{"a": "1"}, {"a": "2"}]))
    assert batch.counts["tables"]["notes"]["left_out"] == 2
    assert batch.counts["total"]["rows"] == 3


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"\x00\x01\x02\x03" * 40])
def test_a_file_that_cannot_be_read_says_why_and_stands_as_failed(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "hong.zip"
    path.write_bytes(data)
    batch = run_file(System(), path)
    assert batch.state == ImportBatch.State.FAILED
    assert batch.counts["error"]["vi"]
    assert not Occurrence.objects.exists()


def test_whoever_holds_no_right_brings_nothing_in(csv: Csv) -> None:
    with pytest.raises(Denied):
        run_file(Public(), csv([GOOD]))
    assert not Occurrence.objects.exists()
