"""Small files that once were read wrong: each ends as `EXPECTED.md` beside them says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import transaction

from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.kit.models import ImportBatch
from baoton.observations.imports.tests.conftest import outcomes
from baoton.observations.models import Event, Occurrence
from baoton.taxa.actions import load
from formats import crs

pytestmark = [pytest.mark.django_db, pytest.mark.outside, pytest.mark.once]


class Seen:
    """What became of one file: its rows in order, what was told, and the records it made."""

    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch
        self.lines = outcomes(batch) if batch.outcome_sha256 else []
        self.notes = {w["code"] for w in batch.warnings}

    @property
    def ends(self) -> list[str]:
        """Of each row its outcome, or the rule that refused it."""
        return [x["rule"] or x["outcome"] for x in self.lines]

    def record(self, key: str) -> Occurrence:
        return Occurrence.objects.get(occurrence_id=key)

    def of_rows(self) -> list[Occurrence | None]:
        """The record of each row in the file's order; None for a refused one."""
        known = {str(o.pk): o for o in Occurrence.objects.all()}
        return [known.get(str(_uuid(x["id"]))) if x["outcome"] != "refused" else None for x in self.lines]


def _uuid(text: str) -> Any:
    from uuid import UUID

    return UUID(text)


Check = Callable[[Seen], None]
CASES: dict[str, tuple[dict[str, Any], Check]] = {}


def case(name: str, **mapping: Any) -> Callable[[Check], Check]:
    """The file of that name, read with that mapping, and what must be true of it."""

    def kept(check: Check) -> Check:
        CASES[name] = (mapping, check)
        return check

    return kept


def near(record: Occurrence | None, x: float, y: float, by: float = 2e-5) -> bool:
    assert record is not None and record.min_x is not None and record.min_y is not None
    return abs(record.min_x - x) < by and abs(record.min_y - y) < by


# dates


@case("dates_us_order.csv")
def _(seen: Seen) -> None:
    assert seen.ends == ["created"] * 10
    assert all(o.occurrence_id == f"true-{o.event_date}" for o in Occurrence.objects.all())
    assert "month_first" in seen.notes


@case("dates_two_digit_year.csv")
def _(seen: Seen) -> None:
    assert seen.ends == ["two_digit_year"] * 3 + ["ambiguous_date"]


@case("dates_ymd_conflict.csv")
def _(seen: Seen) -> None:
    assert seen.ends == ["created", "date_contradiction"]
    assert seen.record("c1").event_date == "2014-07-05"


@case("dates_non_iso_stored.csv")
def _(seen: Seen) -> None:
    assert seen.ends == ["created", "created", "too_old", "created"]
    dates = [seen.record(k).event_date for k in ("i1", "i2", "i4")]
    assert dates == ["2025-03-15", "2025-03-15", "2015-07-15T10:51"]


@case("dates_refused_forms.csv")
def _(seen: Seen) -> None:
    assert seen.ends == ["created"] * 12
    assert [seen.record(f"f{i}").event_date for i in range(1, 13)] == [
        "2015-07-09T10:51:48+07", "2018-05-19T06:00/18:00", "2008-06-15/2008-06-17", "2008-06-15/2008-06-17",
        "2008-06-15/2008-06-17", "2015-07-15T15:05:00", "2015-07-15T15:05:00", "2025-03-15", "2014-07-15",
        "2015-07-15T10:30", "2025-03-15", "2025-03-15",
    ]  # fmt: skip


@case("04_future_ambiguous.csv")
def _(seen: Seen) -> None:
    assert seen.ends == ["future"] * 4


@case("15_smart.csv", columns={"Waypoint Date": "eventDate"})
def _(seen: Seen) -> None:
    first = seen.of_rows()[0]
    assert first is not None and first.event_date == "2022-08-07"


@case("26_verbatim_date_only.csv")
def _(seen: Seen) -> None:
    assert seen.ends == ["created"] * 3
    one, two, three = (seen.record(k) for k in "123")
    assert (one.event_date, one.extra["verbatimEventDate"]) == ("", "mùa mưa 2023")
    assert (two.event_date, three.event_date) == ("1967-05", "2024-05-12")
    assert {"date_in_words", "date_from_words"} <= seen.notes


@case("serial_in_1904_book.xlsx")
def _(seen: Seen) -> None:
    assert "created" in seen.ends and "2015-09-03" in {o.event_date for o in Occurrence.objects.all()}


# damaged sheets


@case("ragged_shift.csv")
def _(seen: Seen) -> None:
    assert seen.ends == ["created", "created", "created", "long_row"]


@case("mojibake_to_events.csv")
def _(seen: Seen) -> None:
    assert seen.batch.state == "failed" and seen.batch.counts["error"]["code"] == "utf8_twice"


@case("nfd_told_tcvn3.csv")
def _(seen: Seen) -> None:
    assert seen.ends == ["created", "created"] and "looks_tcvn3" not in seen.notes
    assert seen.record("v1").locality == "Bản Nậm Pục, xã Mù Cả"


@case("merged_down.xlsx")
def _(seen: Seen) -> None:
    assert seen.ends == ["created"] * 3 and "merged_filled" in seen.notes
    assert {(o.event_date, o.min_x, o.min_y) for o in Occurrence.objects.all()} == {
        ("2025-03-15", 103.4, 22.4)
    }


@case("24_merged_down.xlsx")
def _(seen: Seen) -> None:
    assert seen.ends == ["created"] * 4
    rows = [o for o in seen.of_rows() if o]
    assert [next(v for v in o.extra.values() if v.startswith("T")) for o in rows] == ["T1", "T1", "T1", "T2"]
    assert [o.scientific_name for o in rows][1] == "Nomascus concolor"


@case("error_cell_as_name.xlsx")
def _(seen: Seen) -> None:
    by_key = {x["row"]: x for x in seen.lines}
    assert by_key[8]["rule"] == "missing" and "error_cell" in seen.notes
    assert not Occurrence.objects.filter(scientific_name="#N/A").exists()


@case("11a_NA_codes.csv")
def _(seen: Seen) -> None:
    assert seen.ends == ["created", "missing", "created"]
    one = seen.record("a1")
    assert (one.sex, one.recorded_by, one.locality) == ("", "", "")
    assert one.event_date == "2020-01-02" and "read_as_blank" in seen.notes


# places


@case("proj_xy_vietnamese.csv", crs="vn2000-103-3")
def _(seen: Seen) -> None:
    (one,) = seen.of_rows()
    assert near(one, 103.4553, 22.4523, 0.005) and "x_is_north" in seen.notes


@case("datum_ignored.csv")
def _(seen: Seen) -> None:
    assert seen.ends == ["created", "created"]
    assert near(seen.record("q1"), *_shifted("vn2000")) and near(seen.record("q2"), *_shifted("EPSG:4131"))
    assert seen.record("q1").extra["verbatimSRS"] == "VN-2000"
    assert not near(seen.record("q1"), 103.4567, 22.4567, 0.001)


def _shifted(code: str, x: float = 103.4567, y: float = 22.4567) -> tuple[float, float]:
    lon, lat = crs.to_lonlat(np.array([x]), np.array([y]), code)
    return float(lon[0]), float(lat[0])


@case("18_datum.csv")
def _(seen: Seen) -> None:
    rows = seen.of_rows()
    assert near(rows[0], *_shifted("vn2000", 103.1, 22.1)) and near(
        rows[1], *_shifted("EPSG:4131", 103.1, 22.1)
    )
    assert near(rows[2], 103.1, 22.1)


@case("09_country_against_coordinates.csv")
def _(seen: Seen) -> None:
    assert seen.ends == ["sign_lost", "sign_lost", "created", "swapped"]
    assert "-92.6" in seen.lines[0]["message"]


@case("25_half_zero.csv")
def _(seen: Seen) -> None:
    assert seen.ends == ["half_zero", "half_zero", "out_of_range", "created"]
    assert [x["column"] for x in seen.lines[:3]] == ["Vĩ độ", "Kinh độ", "Kinh độ"]
    assert [x["value"] for x in seen.lines[:3]] == ["0", "0", "-390.5"]


@case("31_wrong_crs.csv", crs="vn2000-103-3")
def _(seen: Seen) -> None:
    assert seen.ends == ["easting_out_of_zone", "created"]


@case("33_shapefile_without_prj.zip", crs="vn2000-103-3")
def _(seen: Seen) -> None:
    assert set(seen.ends) == {"created"}
    assert all(102 < (p.min_x or 0) < 104 and 21 < (p.min_y or 0) < 23 for p in placed())


@case("35_indian1960_lai_chau.zip")
def _(seen: Seen) -> None:
    assert set(seen.ends) == {"created"} and all(near(p, 102.40, 22.40, 5e-5) for p in placed())


def placed() -> list[Any]:
    return [*Occurrence.objects.all(), *Event.objects.all()]


@case("12_xy_attributes.geojson")
def _(seen: Seen) -> None:
    assert set(seen.ends) == {"created"}


@case("16a_one_coordinate_column.csv")
def _(seen: Seen) -> None:
    rows = seen.of_rows()
    assert near(rows[0], 103.4567, 22.1234) and near(rows[1], 103 + 27.4 / 60, 22 + 7.4 / 60)
    assert near(rows[2], *_shifted("utm48n", 341_234, 2_449_876))


@case("16b_point_x.csv")
def _(seen: Seen) -> None:
    assert near(seen.of_rows()[0], 102.4, 22.4)


@case("16d_verbatim_beside_decimal.csv")
def _(seen: Seen) -> None:
    assert seen.ends == ["created"] * 3
    assert near(seen.record("1"), 102.4, 22.4) and near(seen.record("2"), 102.4, 22.4)
    assert seen.record("2").event_date == "2024-05-12" and seen.record("3").min_x is None
    assert seen.record("3").extra["verbatimEventDate"] == "mùa mưa 2023"


@case("coords_one_column.csv")
def _(seen: Seen) -> None:
    assert near(seen.of_rows()[0], 103.4, 22.4)


@case("21_polygon_plots.geojson")
def _(seen: Seen) -> None:
    assert set(seen.ends) == {"created"}


# counts and uncertainty


@case("13_counts.csv")
def _(seen: Seen) -> None:
    assert [i for i, e in enumerate(seen.ends) if e != "created"] == [11]
    counts = [o and (o.individual_count, o.extra.get("verbatimIndividualCount")) for o in seen.of_rows()]
    assert counts == [
        (2, "2-3"), (None, "~10"), (5, ">5"), (None, "X"), (None, "nhiều"), (5, "5 con"), (10, "10+"),
        (None, "khoảng 20"), (None, "3,5"), (1200, None), (0, None), None, (None, "2 đực, 1 cái"), (4, "≥4"),
        (12, None), (None, None),
    ]  # fmt: skip


@case("27_uncertainty.csv")
def _(seen: Seen) -> None:
    assert seen.ends == ["created", "created", "negative", "created", "created", "too_big"]
    read = [o.coordinate_uncertainty_m for o in seen.of_rows() if o]
    assert read == [5, 5, 10, 10]


@case("uncertainty_negative.csv")
def _(seen: Seen) -> None:
    assert seen.ends == ["negative", "created"] and "uncertainty_zero" in seen.notes
    assert seen.record("u2").coordinate_uncertainty_m is None


@pytest.mark.parametrize("name", CASES)
def test_a_file_ends_as_it_should(name: str, shared: Path, tmp_path: Path, settings: Any) -> None:
    mapping, check = CASES[name]
    with transaction.atomic():
        load()
        check(Seen(run_file(System(), shared / "cases" / "import" / name, mapping=mapping)))
        transaction.set_rollback(True)
