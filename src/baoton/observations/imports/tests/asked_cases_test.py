"""The cases of names, keys, tables and children: each small file ends as `EXPECTED.md` beside it says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.observations.imports.tests.conftest import outcomes
from baoton.observations.models import Event, Occurrence
from baoton.taxa.actions import load

pytestmark = [pytest.mark.django_db, pytest.mark.outside, pytest.mark.once]


@pytest.fixture
def brought(shared: Path) -> Callable[..., list[dict[str, Any]]]:
    """Writes a case into the books, the list of taxa loaded, and gives the outcome of every row."""
    load()

    def bring(name: str, dataset: str = "d", **mapping: Any) -> list[dict[str, Any]]:
        return outcomes(run_file(System(), shared / "cases" / "import" / name, None, dataset, mapping))

    return bring


Bring = Callable[..., list[dict[str, Any]]]


def ends(lines: list[dict[str, Any]]) -> list[str]:
    return [x["rule"] or x["outcome"] for x in lines]


def test_every_way_of_writing_a_gibbon_is_withheld(brought: Bring) -> None:
    assert ends(brought("name_forms_leak.csv")) == ["created"] * 8
    assert set(Occurrence.objects.values_list("disclosure", flat=True)) == {2}


def test_a_short_epithet_stops_no_file(brought: Bring) -> None:
    assert ends(brought("name_crash_short_epithet.csv")) == ["created"] * 4
    unmatched = Occurrence.objects.filter(taxon__isnull=True).values_list("occurrence_id", flat=True)
    assert sorted(unmatched) == ["n2", "n3", "n4"]


def test_an_id_of_a_taxon_is_no_key(brought: Bring) -> None:
    assert ends(brought("inat_taxon_id.csv")) == ["created"] * 4
    one = Occurrence.objects.get(occurrence_id="9001")
    assert (one.event_date, one.coordinate_uncertainty_m) == ("2024-03-07", 5)


def test_two_months_of_inaturalist_are_two_records(brought: Bring) -> None:
    brought("01a_inat_key_first.csv")
    assert ends(brought("01b_inat_key_second.csv")) == ["created"]
    assert Occurrence.objects.count() == 2


def test_the_default_export_of_inaturalist_is_whole(brought: Bring) -> None:
    assert ends(brought("01c_inat_default_columns.csv")) == ["created"] * 3
    one = Occurrence.objects.get(occurrence_id="101")
    assert (one.recorded_by, one.locality, one.associated_media, one.coordinate_uncertainty_m, one.event_date) == (
        "an", "Mu Ca", "https://x/101.jpg", 12, "2023-03-01")  # fmt: skip


def test_hybrids_and_two_taxa_match_nothing(brought: Bring) -> None:
    brought("names_hybrid_or_two.csv")
    assert not Occurrence.objects.filter(taxon__isnull=False).exists()


def test_two_columns_of_one_term_lose_no_cell(brought: Bring) -> None:
    given = {
        "Tên khoa học": "scientificName",
        "Species": "scientificName",
        "Ngày": "eventDate",
        "Date": "eventDate",
    }
    assert ends(brought("02_two_columns_one_term.csv", columns=given)) == ["created"]
    one = Occurrence.objects.get()
    assert one.scientific_name == "Nomascus concolor" and one.extra["Species"] == "Macaca arctoides"
    assert {one.extra.get("Ngày"), one.extra.get("Date")} & {"12/05/2024", "2023-01-01"}


def test_a_genus_is_not_doubled(brought: Bring) -> None:
    brought("05_genus_and_binomial.csv")
    assert sorted(Occurrence.objects.values_list("scientific_name", flat=True)) == [
        "Macaca arctoides", "Nomascus concolor"]  # fmt: skip


def test_headings_totals_and_signatures_of_a_sheet_are_left_out(brought: Bring) -> None:
    lines = brought("07_vn_section_rows.xlsx")
    assert [x["row"] for x in lines if x["outcome"] == "left_out"] == [5, 6, 9, 11, 13, 14]
    assert Occurrence.objects.count() == 3
    assert not Occurrence.objects.filter(vernacular_name="nt").exists()


@pytest.mark.parametrize("name", ["10c_boundary.geojson", "10e_species_and_year_only.csv"])
def test_a_boundary_or_a_trade_table_is_asked_about(name: str, brought: Bring) -> None:
    assert {x["outcome"] for x in brought(name)} == {"left_out"}
    assert not Event.objects.exists() and not Occurrence.objects.exists()


def test_trees_are_no_survey_events(brought: Bring) -> None:
    brought("10a_vn_tree_headers.csv")
    assert not Event.objects.exists()
    assert sorted(Occurrence.objects.values_list("scientific_name", "event_date")) == [
        ("Cáng lò", "2024-05-12"), ("Vối thuốc", "2024-05-12")]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "day"),
    [("headers_smart.csv", "2024-03-02"), ("headers_earthranger.csv", "2024-03-07"),
     ("17a_date_time_header.csv", "2024-05-13")],
)  # fmt: skip
def test_the_date_of_a_known_program_is_read(name: str, day: str, brought: Bring) -> None:
    brought(name)
    assert [str(d) for d in Occurrence.objects.values_list("day_start", flat=True)] == [day]


def test_a_column_added_to_a_file_without_ids_is_told_and_may_be_recognised(
    brought: Bring, shared: Path
) -> None:
    brought("20a_no_id_first.csv")
    path = shared / "cases" / "import" / "20b_no_id_column_added.csv"
    batch = run_file(System(), path, None, "d", dry=True)
    assert [w["count"] for w in batch.warnings if w["code"] == "equals_standing"] == [2]
    assert ends(brought("20b_no_id_column_added.csv", recognise=True)) == ["unchanged", "unchanged"]
    assert Occurrence.objects.count() == 2


@pytest.mark.parametrize(("name", "dates"), [
    ("23_kobo_repeat.xlsx", ["2024-05-12", "2024-05-12", "2024-05-13"]),
    ("kobo_repeat.xlsx", ["2024-05-01", "2024-05-01", "2024-05-02"]),
])  # fmt: skip
def test_children_of_a_form_take_date_and_place_of_their_parent(
    name: str, dates: list[str], brought: Bring
) -> None:
    brought(name)
    seen = list(Occurrence.objects.order_by("day_start", "scientific_name"))
    assert [str(o.day_start) for o in seen] == dates
    assert all(o.event_id and o.min_x == o.event.min_x for o in seen)
    assert Event.objects.count() == 2


def test_a_camera_package_brings_deployments_and_animals(brought: Bring) -> None:
    brought("camtrap_dp.zip")
    visits = Event.objects.order_by("event_id")
    assert [(e.event_id, e.day_start and str(e.day_start), e.day_end and str(e.day_end)) for e in visits] == [
        ("dep1", "2024-03-01", "2024-03-31"), ("dep2", "2024-03-01", "2024-03-31"), ("dep3", None, None)]  # fmt: skip
    seen = Occurrence.objects.order_by("occurrence_id")
    assert [o.occurrence_id for o in seen] == ["o1", "o4", "o5"]
    assert [bool(o.day_start) for o in seen] == [True, True, False]
    assert seen[0].associated_media == "https://example.org/m1.jpg"


def test_media_of_an_archive_are_written_into_their_records(brought: Bring) -> None:
    assert ends(brought("29_multimedia.zip")) == ["created", "joined"]
    assert Occurrence.objects.get().associated_media == "https://x/9001.jpg"
