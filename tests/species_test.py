"""The pages of places and species: what they tell, to whom they draw it, and what they say is missing."""

import json
from datetime import date
from typing import Any

import pytest
import shapely
from django.test import Client

from baoton.assessment.actions import compute
from baoton.observations.models import Dataset, Occurrence, Status
from baoton.people.models import Grant, Organisation, Person
from baoton.places.actions import load as load_places
from baoton.places.models import Unit
from baoton.taxa.actions import load as load_taxa
from baoton.taxa.models import Taxon
from baoton.taxa.queries import history
from baoton.taxa.timeline import timeline

pytestmark = pytest.mark.django_db
OTTER = "Aonyx cinereus"


@pytest.fixture(autouse=True)
def books(db: None) -> None:
    load_places()
    load_taxa()


@pytest.fixture
def lan(client: Client) -> Client:
    body = Organisation.objects.create(code="so", name="Sở NN&MT")
    person = Person.objects.create_user("lan", password="x", organisation=body)
    Grant.objects.create(person=person, role="officer", area_path="12")
    client.force_login(person)
    return client


def record(name: str, *places: tuple[float, float], status: str = Status.VERIFIED) -> Taxon:
    from baoton.observations.disclosure import settle

    dataset = Dataset.objects.get_or_create(code="t", title="t")[0]
    taxon = Taxon.objects.get(scientific_name=name)
    for i, (x, y) in enumerate(places):
        one = Occurrence(
            dataset=dataset,
            occurrence_id=f"{name}{i}{status}",
            taxon=taxon,
            scientific_name=name,
            day_start=date(2026, 3, 1),
            year=2026,
            status=status,
        )
        one.put_point(x, y)
        settle([one])
        one.save()
    return taxon


def overlay(page: str) -> list[dict[str, Any]]:
    if 'id="map-overlay"' not in page:
        return []
    return json.loads(
        page.split('<script id="map-overlay" type="application/json">')[1].split("</script>")[0]
    )


def test_the_species_page_tells_names_law_and_which_entry_decided(client: Client) -> None:
    page = client.get(f"/loai/{Taxon.objects.get(scientific_name=OTTER).pk}/").content.decode()
    for part in (
        OTTER,
        "Aonyx cinerea",
        "Rái cá vuốt bé",
        "27/2025/TT-BNNMT",
        "Mustelidae",
        "chưa đối chiếu",
    ):
        assert part in page, part
    assert "chưa có dòng nào bạn được xem" in page


def test_a_synonym_leads_to_its_accepted_taxon(client: Client) -> None:
    synonym, accepted = (Taxon.objects.get(scientific_name=n) for n in ("Aonyx cinerea", OTTER))
    assert client.get(f"/loai/{synonym.pk}/")["Location"] == f"/loai/{accepted.pk}/"
    assert client.get("/loai/00000000-0000-0000-0000-000000000000/").status_code == 404


def test_extent_and_cells_are_drawn_only_for_whoever_may_know_every_place(lan: Client) -> None:
    taxon = record(OTTER, (102.461, 22.481), (102.612, 22.333), (103.021, 22.355))
    compute(date(2026, 12, 31))
    seen = overlay(lan.get(f"/loai/{taxon.pk}/").content.decode())
    assert {o["kind"] for o in seen} == {"hull", "cells"}
    assert shapely.from_geojson(json.dumps(seen[0]["geometry"])).area > 0
    page = Client().get(f"/loai/{taxon.pk}/").content.decode()
    assert overlay(page) == []
    assert "không vẽ ra" in page
    for secret in ("102.461", "22.481", "102.612", "103.021"):
        assert secret not in page


def test_an_open_species_shows_its_extent_to_everybody(client: Client) -> None:
    taxon = record("Macaca mulatta", (102.461, 22.481), (102.612, 22.333), (103.021, 22.355))
    compute(date(2026, 12, 31))
    assert {o["kind"] for o in overlay(client.get(f"/loai/{taxon.pk}/").content.decode())} == {
        "hull",
        "cells",
    }


def test_unknown_extents_say_so_and_are_never_zero(client: Client) -> None:
    taxon = record("Macaca mulatta", (102.461, 22.481))
    compute(date(2026, 12, 31))
    page = client.get(f"/loai/{taxon.pk}/").content.decode()
    assert "chưa có số liệu" in page
    assert "ít hơn 3 vị trí" in page


def test_the_timeline_shows_each_list_once_and_marks_what_is_carried_on() -> None:
    told = timeline(history(Taxon.objects.get(scientific_name=OTTER)), date(2026, 6, 1))
    assert [r.instrument for r in told.rows] == sorted(
        (r.instrument for r in told.rows), key=[r.instrument for r in told.rows].index
    )
    now = [r for r in told.rows if r.instrument == "27/2025/TT-BNNMT" and r.bars[0].group == "priority"]
    assert [(b.certainty, b.open_end) for b in now[0].bars] == [("read", False), ("unverified", True)]
    for row in told.rows:
        for bar in row.bars:
            assert 0 <= bar.left <= bar.left + bar.width <= 100.01


@pytest.mark.parametrize("language", ["vi", "en"])
def test_pages_answer_in_both_languages(client: Client, language: str) -> None:
    client.cookies["django_language"] = language
    for address in ("/ban-do/", "/dia-ban/", "/dia-ban/cu-moi/?q=muong+te", "/ban-do/?group=xyz"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert f'<html lang="{language}">' in answer.content.decode(), address


def test_old_units_are_found_without_diacritics(client: Client) -> None:
    page = client.get("/dia-ban/cu-moi/?q=ho+thau").content.decode()
    assert "Xã Hồ Thầu" in page
    assert "Xã Tả Lèng" in page
    assert "Xã Mù Cả" not in page


def test_the_base_map_is_drawn_from_our_books_and_says_it_is_schematic(client: Client) -> None:
    answer = client.get("/ban-do/nen.json")
    told = json.loads(answer.content)
    kinds = [f["properties"]["what"] for f in told["features"]]
    assert (kinds.count("commune"), kinds.count("seat"), kinds.count("edge")) == (38, 38, 1)
    assert kinds.count("river") == 3
    assert told["schematic"] is True
    assert client.get("/ban-do/nen.json", headers={"if-none-match": answer["ETag"]}).status_code == 304
    Unit.objects.filter(valid_to=None).update(shape="official")
    Unit.objects.get(path="12/03451").save()
    assert json.loads(client.get("/ban-do/nen.json").content)["schematic"] is False


def test_typing_a_name_suggests_accepted_taxa(client: Client) -> None:
    told = client.get("/loai/goi-y.json?q=rai ca vuot").json()
    assert [t["name"] for t in told] == [f"{OTTER} (Rái cá vuốt bé)"]
    assert client.get("/loai/goi-y.json").json() == []


@pytest.mark.once
def test_names_offered_while_typing_stand_by_nearness_of_the_match_and_not_by_the_alphabet() -> None:
    from baoton.taxa.queries import suggest

    for n, (latin, vi) in enumerate(
        [
            ("Aaa maior", "khướu vượn lớn"),
            ("Zzz vera", "quý hiếm xyz"),
            ("Mmm media", "quý hiếm xyzt"),
            ("Bbb alba", ""),
        ]
    ):
        Taxon.objects.create(
            scientific_name=latin, vernacular_vi=vi, key=latin.lower(), source_key=f"t{n}",
            search_text=f"{latin} {vi} quy hiem xyz".lower() if n else "aaa maior con quy hiem xyzzz",
        )  # fmt: skip
    names = [name.split(" (")[0] for _pk, name in suggest("quý hiếm xyz")]
    assert names[:2] == ["Zzz vera", "Mmm media"] and set(names[2:]) == {"Aaa maior", "Bbb alba"}
