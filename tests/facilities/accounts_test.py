"""An owner's account in one step: by whom, for whom, and what it reaches."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.facilities.cases import MU_CA, SYSTEM, TA_TONG, act, book, facility, owner, stock
from tests.facilities.pages_test import signed_in

from baoton.facilities.actions import accounts
from baoton.facilities.models import Entry, Facility, Owner, Stock
from baoton.kit.access import Denied
from baoton.kit.models import AuditEvent
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.people.actions import give
from baoton.people.models import Grant, Organisation, Person
from baoton.people.queries import organisation_choices

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]


@pytest.fixture
def place(province: None) -> Facility:
    held = stock(facility())
    act("stock", held, "opening", kind="dam", amount=4, note="kiểm đếm")
    return Facility.objects.get(pk=held.facility_id)


def ranger() -> Person:
    return Person.objects.get(username="dung")


def test_a_ranger_makes_it_from_the_facilitys_page_and_the_owner_comes_in_by_the_printed_link(
    place: Facility,
) -> None:
    browser = signed_in("dung")
    address = f"/co-so/{place.pk}/tai-khoan/"
    assert address in browser.get(book("facility").url(place)).content.decode()
    assert "Chủ Trại Nậm Kè" in browser.get(address).content.decode()
    answer = browser.post(address, {"name": "Vàng A Pao"})
    slip = answer.content.decode()
    assert "no-store" in answer["Cache-Control"] and "<svg" in slip
    person = Person.objects.get(organisation__private=True)
    assert person.username in slip
    link = re.search(r"/vao/[\w-]+/", slip)
    assert link
    grant = Grant.objects.get(person=person)
    assert (grant.role, grant.organisation, grant.area_path) == ("keeper", person.organisation_id, "")
    own = Client()
    own.post(link[0], {"password": "lon-rung-mua-xuan-7", "again": "lon-rung-mua-xuan-7"})
    page = own.get("/", follow=True)
    assert page.redirect_chain[-1][0] == "/co-so-cua-toi/" and "Trại Nậm Kè" in page.content.decode()
    event = AuditEvent.objects.get(verb=accounts.ACCOUNT)
    assert event.actor_name == str(ranger()) and event.object_id == place.owner_id
    assert AuditEvent.objects.get(verb="people.grant.give", object_id=person.pk).actor_name == str(ranger())
    assert browser.post(link[0]).status_code in {404, 429}, "the link opens once"


def test_all_books_and_lines_of_the_owner_follow_and_he_writes_into_them(place: Facility) -> None:
    second = facility("Trại thứ hai", owner=place.owner, area=TA_TONG)
    stock(second)
    person, _token = accounts.open_account(ranger(), place, "Vàng A Pao")
    actor: Any = Person.objects.get(pk=person.pk)
    seen = book("facility").door(actor).rows()
    assert set(seen.values_list("name", flat=True)) == {"Trại Nậm Kè", "Trại thứ hai"}
    held = Stock.objects.get(facility=place)
    act("stock", held, "born", actor, day=date(2026, 3, 2), kind="unsexed", amount=3)
    assert set(Entry.objects.values_list("organisation", flat=True)) == {person.organisation_id}
    third = facility("Trại thứ ba", owner=place.owner)
    assert Facility.objects.get(pk=third.pk).organisation == person.organisation_id


def test_one_owner_never_has_two_bodies_or_two_accounts(place: Facility) -> None:
    twice = write.create(
        book("owner"),
        SYSTEM,
        Owner(name="Chu Trai Nam Ke", kind="household", identity="0123 4567.8901", area_path=MU_CA),
    )
    assert twice.identity == place.owner.identity == "012345678901"
    other = facility("Trại viết hai lần", owner=twice)
    person, _token = accounts.open_account(ranger(), place, "Vàng A Pao")
    for one in (place, other):
        with pytest.raises(NotNow, match="đã có tài khoản"):
            accounts.open_account(ranger(), Facility.objects.get(pk=one.pk), "Vàng A Pao")
    assert Organisation.objects.filter(private=True).count() == 1
    assert Facility.objects.get(pk=other.pk).organisation == person.organisation_id
    assert Person.objects.filter(organisation=person.organisation_id).count() == 1


def test_an_owner_whose_facility_has_a_body_of_its_own_already_keeps_that_one(place: Facility) -> None:
    Organisation.objects.create(code="co_so_1", name="Cơ sở Nậm Kè")
    Facility.objects.filter(pk=place.pk).update(organisation="co_so_1")
    gone = Person.objects.create(username="chu_cu", organisation_id="co_so_1", is_active=False)
    give(SYSTEM, gone, "keeper", organisation="co_so_1")
    person, _token = accounts.open_account(ranger(), Facility.objects.get(pk=place.pk), "Vàng A Pao")
    assert person.organisation_id == "co_so_1"


def test_owners_without_an_identity_number_are_never_taken_for_one(province: None) -> None:
    blank = [
        write.create(
            book("owner"), SYSTEM, Owner(name="Vàng A Pao", kind="person", area_path=MU_CA, identity=i)
        )
        for i in ("", "", "12")
    ]
    assert [len(accounts.same(o)) for o in blank] == [1, 1, 1]


@pytest.mark.parametrize("name", ["sung", "minh", "thu", "pao"])
def test_nobody_else_makes_an_account_for_an_owner(place: Facility, name: str) -> None:
    person = Person.objects.get(username=name)
    answer = signed_in(name).post(f"/co-so/{place.pk}/tai-khoan/", {"name": "Kẻ Khác"})
    assert answer.status_code in {403, 404} and not Organisation.objects.filter(private=True).exists()
    with pytest.raises(Denied):
        accounts.open_account(person, place, "Kẻ Khác")
    assert not Person.objects.filter(first_name="Khác").exists()


def test_a_ranger_of_one_commune_makes_none_for_an_owner_of_another(place: Facility) -> None:
    far = Person.objects.create(username="xa_khac", organisation_id="kiem_lam")
    give(SYSTEM, far, "ranger", area_path=TA_TONG)
    with pytest.raises(Denied):
        accounts.open_account(Person.objects.get(pk=far.pk), place, "Vàng A Pao")
    assert not Organisation.objects.filter(private=True).exists()


def test_a_lost_link_is_made_anew_until_the_owner_came_in_and_opens_nobody_elses_account(
    place: Facility,
) -> None:
    person, token = accounts.open_account(ranger(), place, "Vàng A Pao")
    browser = signed_in("dung")
    again = browser.post(f"/co-so/{place.pk}/tai-khoan/", {"again": str(person.pk)}).content.decode()
    assert token not in again and "/vao/" in again
    assert Client().get(f"/vao/{token}/").status_code == 404, "the first link is dead"
    colleague = Person.objects.get(username="lan")
    browser.post(f"/co-so/{place.pk}/tai-khoan/", {"again": str(colleague.pk)})
    with pytest.raises(NotNow):
        accounts.fresh_link(ranger(), place, colleague)
    person.set_password("lon-rung-mua-xuan-7")
    person.save()
    with pytest.raises(NotNow, match="đã vào"):
        accounts.fresh_link(ranger(), place, Person.objects.get(pk=person.pk))


def test_owners_bodies_are_offered_nowhere_as_an_office(place: Facility) -> None:
    person, _token = accounts.open_account(ranger(), place, "Vàng A Pao")
    assert person.organisation_id not in dict(organisation_choices())
    assert owner("Khác").pk and person.organisation.private
