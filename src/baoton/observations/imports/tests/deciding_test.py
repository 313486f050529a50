"""What a person decides of a name: who may, whose it is, who sees it, and what it lowers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from baoton.kit.access import System
from baoton.kit.importing import run_file
from baoton.kit.models import AuditEvent, ImportBatch
from baoton.kit.place import Disclosure
from baoton.observations.disclosure import own_levels
from baoton.observations.models import Occurrence
from baoton.people.models import Grant, Organisation, Person
from baoton.taxa.actions import decide_name, load
from baoton.taxa.models import NameDecision, Taxon
from baoton.taxa.queries import match

pytestmark = pytest.mark.django_db
Csv = Callable[..., Path]
WORD = "Cây sâm đất"
ROW = {"Tên khoa học": WORD, "Ngày": "2026-03-01", "Kinh độ": "103.1", "Vĩ độ": "22.3"}


def person(name: str, body: str, role: str = "officer") -> Person:
    organisation, _new = Organisation.objects.get_or_create(code=body, defaults={"name": body})
    made = Person.objects.create_user(name, password="x", organisation=organisation)
    Grant.objects.create(person=made, role=role)
    return made


@pytest.fixture
def alder(settings: Any) -> Taxon:
    settings.JOBS_INLINE = True
    load()
    return Taxon.objects.get(scientific_name="Alnus nepalensis")


def brought(who: Person, path: Path) -> tuple[Client, ImportBatch]:
    client = Client()
    client.force_login(who)
    with path.open("rb") as file:
        client.post("/nhap/", {"file": file}, follow=True)
    batch = ImportBatch.objects.get()
    client.post(f"/nhap/{batch.pk}/kiem-tra/", follow=True)
    return client, batch


def decides(client: Client, batch: ImportBatch) -> int:
    given = {"written": [WORD], "meant": [""], "exact": ["Alnus nepalensis"]}
    return client.post(f"/nhap/{batch.pk}/xem-lai/names/", given, follow=True).status_code


def test_what_one_body_decides_means_nothing_in_another(alder: Taxon, csv: Csv) -> None:
    lan, mai = person("lan", "so-a"), person("mai", "so-b")
    decides(*brought(lan, csv([ROW])))
    one = NameDecision.objects.get()
    assert (one.organisation, one.taxon) == ("so-a", alder)
    run_file(lan, csv([ROW], "a.csv"))
    run_file(mai, csv([ROW], "b.csv"))
    seen = {o.organisation: (o.taxon, o.disclosure) for o in Occurrence.objects.all()}
    assert seen["so-a"] == (alder, Disclosure.AS_IS)
    assert seen["so-b"][0] is None and seen["so-b"][1] > Disclosure.AS_IS


def test_the_page_of_another_body_does_not_show_it(alder: Taxon, csv: Csv) -> None:
    decide_name(person("lan", "so-a"), "Cây lạ quá", alder)
    row = {**ROW, "Tên khoa học": "Cây lạ quá"}
    client, batch = brought(person("mai", "so-b"), csv([row]))
    assert "Alnus nepalensis" not in client.get(f"/nhap/{batch.pk}/xem-lai/names/").content.decode()


def test_a_body_may_decide_otherwise_than_the_programme(alder: Taxon) -> None:
    decide_name(System(), WORD, alder)
    decide_name(person("lan", "so-a"), WORD, None)
    assert [match([WORD], body)[0].taxon_id for body in ("", "so-a", "so-b")] == [alder.pk, None, alder.pk]


def test_levels_of_standing_records_follow_the_decision_of_their_own_body(alder: Taxon) -> None:
    decide_name(person("lan", "so-a"), WORD, alder)
    levels = own_levels([(None, WORD, "", {}, body) for body in ("so-a", "so-b", "")])
    assert levels[0] == Disclosure.AS_IS and levels[1] > 0 and levels[2] > 0


def test_each_decision_is_an_event_of_the_log_with_its_body(alder: Taxon) -> None:
    lan = person("lan", "so-a")
    decide_name(lan, WORD, alder)
    decide_name(lan, WORD, None)
    first, second = AuditEvent.objects.filter(verb="taxa.decide").order_by("pk")
    assert first.new == {"taxon": str(alder.pk), "organisation": "so-a"} and not (first.old or {}).get(
        "taxon"
    )
    assert second.old["taxon"] == str(alder.pk) and second.new["taxon"] is None


def test_whoever_may_not_decide_changes_nothing_by_any_door(alder: Taxon, csv: Csv) -> None:
    lan, vang = person("lan", "so-a"), person("vang", "so-a", "ranger")
    client, batch = brought(lan, csv([ROW]))
    client.force_login(vang)
    assert decides(client, batch) in (403, 404)
    client.logout()
    assert decides(client, batch) != 500
    assert not NameDecision.objects.exists()
