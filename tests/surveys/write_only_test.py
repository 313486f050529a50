"""A contract botanist's account writes into the one campaign it is named for until its day, and reads nothing else."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.surveys.results_test import campaign
from tests.surveys.telephone_test import call, central, submission

from baoton.kit.access import Public, System
from baoton.kit.models import ImportBatch
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.people.models import Grant, Organisation, Person
from baoton.surveys import actions
from baoton.surveys.models import Campaign, Contributor, Visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]


@pytest.fixture
def mai() -> Person:
    person = Person.objects.create(
        username="mai", last_name="Mai", organisation=Organisation.objects.get(pk="kiem_lam")
    )
    Grant.objects.create(person=person, role="contributor", area_path="12")
    return person


def named(one: Campaign, person: Person, days: int = 30) -> Contributor:
    made: Contributor = write.create(
        REGISTERS["surveys.contributor"],
        System(),
        Contributor(campaign=one, person=person, until=timezone.localdate() + timedelta(days=days)),
    )
    return made


def signed(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_she_sends_into_her_campaign_and_takes_it_back(mai: Person, tmp_path: Path) -> None:
    one = campaign()
    named(one, mai)
    her = signed(mai)
    assert one.name in her.get("/dieu-tra/gui/").content.decode()
    path = central(one, tmp_path / "bt.zip", [submission("D001", "uuid:1")], [call("uuid:1")])
    upload = SimpleUploadedFile("bt.zip", path.read_bytes())
    page = her.post(f"/dieu-tra/{one.pk}/ket-qua/", {"file": upload}, follow=True)
    address = page.redirect_chain[-1][0]
    assert "Ghi vào sổ" in page.content.decode()
    her.post(address, {"do": "write"})
    assert Visit.objects.filter(campaign=one, withdrawn__isnull=True).count() == 1
    assert ImportBatch.objects.get().actor_id == mai.actor_id
    for kind in ("excel", "odk", "phieu", "gpx"):
        assert her.get(f"/dieu-tra/{one.pk}/tep/{kind}/").status_code == 200
    her.post(address, {"do": "undo"})
    assert not Visit.objects.filter(withdrawn__isnull=True).exists()


def test_no_book_shows_her_more_than_it_shows_anybody(mai: Person, tmp_path: Path) -> None:
    one = campaign()
    named(one, mai)
    path = central(one, tmp_path / "bt.zip", [submission("D001", "uuid:1")], [call("uuid:1")])
    actions.take_in(mai, one, path, "bt.zip", dry=False)
    her = signed(mai)
    for name, book in REGISTERS.items():
        hers = set(book.door(mai).rows().values_list("pk", flat=True))
        assert hers <= set(book.door(Public()).rows().values_list("pk", flat=True)), name
        for record in book.model._default_manager.all()[:3]:
            if record.pk not in hers:
                assert her.get(book.url(record)).status_code in {302, 403, 404}, (name, record)


def test_other_pages_of_her_campaign_and_all_of_others_are_closed(mai: Person) -> None:
    one, other = campaign(), campaign(name="Khác")
    named(one, mai)
    her = signed(mai)
    for page in ("thiet-ke", "tien-do"):
        assert her.get(f"/dieu-tra/{one.pk}/{page}/").status_code in {403, 404}
    assert her.post(f"/dieu-tra/{one.pk}/rut-mau/").status_code in {403, 404}
    for page in ("ket-qua", "ket-qua/phieu", "tep/excel", "tep/gpx", "thiet-ke", "tien-do"):
        assert her.get(f"/dieu-tra/{other.pk}/{page}/").status_code in {403, 404}, page
    for page in ("/nhap/", "/quan-tri/nguoi-dung/", "/dieu-hanh/"):
        assert her.get(page).status_code in {302, 403, 404}, page
    assert other.name not in her.get("/dieu-tra/gui/").content.decode()


def test_a_batch_of_hers_opens_in_no_other_campaign_and_to_no_other_sender(
    mai: Person, tmp_path: Path
) -> None:
    one = campaign()
    named(one, mai)
    path = central(one, tmp_path / "bt.zip", [submission("D001", "uuid:1")], [call("uuid:1")])
    batch = actions.take_in(mai, one, path, "bt.zip")
    lan = Person.objects.create(username="hue", last_name="Huệ")
    Grant.objects.create(person=lan, role="contributor", area_path="12")
    named(one, lan)
    assert signed(lan).get(f"/dieu-tra/{one.pk}/ket-qua/{batch.pk}/").status_code == 404
    assert signed(lan).get(f"/nhap/{batch.pk}/ket-qua.xlsx").status_code == 404


def test_after_her_day_or_when_the_campaign_ends_she_sends_nothing(mai: Person) -> None:
    one = campaign()
    named(one, mai, days=-1)
    assert signed(mai).get(f"/dieu-tra/{one.pk}/ket-qua/").status_code in {403, 404}
    Contributor.objects.update(until=timezone.localdate())
    assert signed(mai).get(f"/dieu-tra/{one.pk}/ket-qua/").status_code == 200
    write.act(REGISTERS["surveys.campaign"], System(), one, "finish", {"reason": "hết mùa"})
    assert signed(mai).get(f"/dieu-tra/{one.pk}/ket-qua/").status_code in {403, 404}
