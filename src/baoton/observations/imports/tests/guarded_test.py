"""A guarded name in any column, through any door, keeps its place guarded."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.kit.place import Disclosure
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.write import create, edit
from baoton.observations.actions import verify
from baoton.observations.models import Dataset, Event, Occurrence
from baoton.people.models import Grant, Organisation, Person
from baoton.places.actions import load as load_places
from baoton.taxa.actions import decide_name
from baoton.taxa.actions import load as load_taxa
from baoton.taxa.models import Taxon

pytestmark = pytest.mark.django_db
Csv = Callable[..., Path]
ROW = {"scientificName": "Macaca mulatta", "decimalLongitude": "103.1", "decimalLatitude": "22.3",
       "eventDate": "2026-03-01"}  # fmt: skip
WRITTEN = [
    {"scientificName": "Vượn đen tuyền (Nomascus concolor)"}, {"scientificName": "N. concolor"},
    {"scientificName": "Con vượn đen tuyền"}, {"scientificName": "Macaca mulatta & Nomascus concolor"},
    {"vernacularName": "Vượn đen tuyền"}, {"previousIdentifications": "Nomascus concolor"},
    {"Tên loài (VN)": "vượn đen"}, {"genus": "Nomascus", "specificEpithet": "concolor"},
    {"associatedTaxa": "prey of: Panthera tigris"}, {"Species_old": "P. tigris"},
]  # fmt: skip


@pytest.fixture(autouse=True)
def loaded(db: None) -> None:
    load_places()
    load_taxa()


@pytest.mark.parametrize("cells", WRITTEN)
def test_a_guarded_name_in_any_column_of_a_file_withholds_the_place(cells: dict[str, str], csv: Csv) -> None:
    run_file(System(), csv([{**ROW, **cells}]))
    one = Occurrence.objects.get()
    assert (one.disclosure, one.shown_x, one.shown_cell) == (Disclosure.WITHHELD, None, None)


@pytest.mark.parametrize("cells", WRITTEN)
def test_it_stays_withheld_when_verified_and_edited(cells: dict[str, str], csv: Csv) -> None:
    run_file(System(), csv([{**ROW, **cells}]))
    one = Occurrence.objects.get()
    verify(System(), one, reason="đã nghe thấy")
    one.refresh_from_db()
    edit(REGISTERS["observations.occurrence"], System(), one, {"individual_count": 3})
    one.refresh_from_db()
    assert one.disclosure == Disclosure.WITHHELD


@pytest.mark.parametrize("cells", WRITTEN[:5])
def test_the_visit_of_such_a_record_is_withheld_too(cells: dict[str, str]) -> None:
    dataset = Dataset.objects.create(code="d", title="d")
    visit = Event(dataset=dataset, event_id="e", day_start=date(2026, 3, 1))
    visit.put_point(103.1, 22.3)
    create(REGISTERS["observations.event"], System(), visit)
    seen = Occurrence(
        dataset=dataset, event=visit, scientific_name=cells.get("scientificName", "Macaca mulatta")
    )
    seen.vernacular_name = cells.get("vernacularName", "")
    seen.put_point(103.1, 22.3)
    create(REGISTERS["observations.occurrence"], System(), seen)
    assert Event.objects.get().disclosure == Disclosure.WITHHELD


def test_a_linked_open_taxon_does_not_open_a_guarded_name_written_beside_it(csv: Csv) -> None:
    run_file(System(), csv([ROW]))
    one = Occurrence.objects.get()
    assert one.disclosure == Disclosure.AS_IS
    edit(REGISTERS["observations.occurrence"], System(), one, {"scientific_name": "Nomascus concolor"})
    one.refresh_from_db()
    assert one.disclosure == Disclosure.WITHHELD


def test_a_person_may_say_that_a_word_means_something_else(csv: Csv) -> None:
    row: dict[str, Any] = {**ROW, "scientificName": "Cây sâm đất"}
    run_file(System(), csv([row]))
    assert Occurrence.objects.get().disclosure > Disclosure.AS_IS
    decide_name(System(), "Cây sâm đất", Taxon.objects.get(scientific_name="Alnus nepalensis"))
    run_file(System(), csv([row], "lan-hai.csv"))
    assert Occurrence.objects.filter(disclosure=Disclosure.AS_IS).count() == 1


def test_an_ordinary_species_with_its_own_genus_and_family_stays_open(csv: Csv) -> None:
    run_file(System(), csv([{**ROW, "genus": "Macaca", "specificEpithet": "mulatta", "family": "Cercopithecidae",
                             "vernacularName": "Khỉ vàng", "Tên loài": "Khỉ vàng"}]))  # fmt: skip
    assert Occurrence.objects.get().disclosure == Disclosure.AS_IS


@pytest.mark.parametrize(
    "name", ["Loài A", "sp. A", "Cá i", "A", "i", "aa e", "Cây us", "Nấm ae", "?x", "X. y", "Bọ a"]
)
def test_a_short_second_word_stops_no_file_and_no_form(name: str, csv: Csv) -> None:
    batch = run_file(System(), csv([ROW, {**ROW, "scientificName": name}]))
    assert batch.counts["total"]["created"] == 2, batch.counts
    one = Occurrence.objects.exclude(scientific_name="Macaca mulatta").get()
    assert one.taxon_id is None
    edit(REGISTERS["observations.occurrence"], System(), one, {"remarks": "xem lại"})


@pytest.mark.parametrize("name", ["Loài A", "sp. A", "Cá i", "a", "Vượn đen tuyền (N. concolor)"])
def test_the_form_for_a_new_record_takes_any_name(name: str, client: Any) -> None:
    org = Organisation.objects.create(code="so", name="Sở NN&MT")
    lan = Person.objects.create_user("lan", password="x", organisation=org)
    Grant.objects.create(person=lan, role="officer")
    client.force_login(lan)
    dataset = Dataset.objects.create(code="d", title="d")
    given = {"dataset": str(dataset.pk), "scientific_name": name, "day_start": "01/03/2026", "lon": "103.1",
             "lat": "22.3", "occurrence_status": "present", "basis_of_record": "HumanObservation"}  # fmt: skip
    answer = client.post(f"{REGISTERS['observations.occurrence'].url()}moi/", given)
    assert answer.status_code == 302
    assert Occurrence.objects.get().scientific_name == name
