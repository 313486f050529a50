"""A record of a priority species counts after two persons, through whatever door it is verified."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from baoton.kit import importing, office
from baoton.kit.access import System
from baoton.kit.models import AuditEvent
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.observations.actions import accept_alike, refuse, return_to_draft, verify
from baoton.observations.models import Event, Occurrence, Status
from baoton.observations.queries import verified
from baoton.people.actions import give
from baoton.people.models import Person
from baoton.taxa.models import Taxon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
V = REGISTERS["observations.occurrence"]
PRIORITY, COMMON = "Nomascus concolor", "Sus scrofa"


@pytest.fixture
def officers(db: None) -> tuple[Any, Any]:
    """Lan and her colleague, both of whom may verify."""
    return Person.objects.get(username="lan"), Person.objects.get(username="hien")


def seen(by: Any, name: str = PRIORITY, **more: Any) -> Occurrence:
    row = Occurrence(taxon=Taxon.objects.get(scientific_name=name), day_start=date(2026, 9, 1), **more)
    row.put_point(102.44, 22.44)
    made: Occurrence = write.create(V, by, row)
    return made


def browser_of(person: Any) -> Client:
    browser = Client()
    browser.force_login(Person.objects.get(pk=person.pk))
    return browser


def judge(browser: Client, record: Occurrence, verb: str = "verify", **given: str) -> str:
    page = browser.post(f"{V.url(record)}lam/{verb}/", {"reason": "ảnh rõ", **given}, follow=True)
    return str(page.content.decode())


def state(record: Occurrence) -> str:
    return str(Occurrence.objects.get(pk=record.pk).status)


def test_the_first_person_leaves_it_waiting_and_the_second_makes_it_count(officers: Any) -> None:
    lan, ha = officers
    dung = Person.objects.get(username="dung")
    record = seen(dung)
    assert "chờ người thứ hai" in judge(browser_of(lan), record) or state(record) == Status.ONCE
    assert state(record) == Status.ONCE and not verified().filter(pk=record.pk).exists()
    page = browser_of(ha).get(V.url(record)).content.decode()
    assert "Vũ Thị Lan" in page and "bạn xác minh được" in page
    again = judge(browser_of(lan), record)
    assert state(record) == Status.ONCE and "cần một người khác" in again
    assert "Đã xác minh." in judge(browser_of(ha), record)
    assert verified().filter(pk=record.pk).exists()
    told = AuditEvent.objects.filter(object_id=record.pk, verb="observations.occurrence.verify")
    assert {(e.actor_name, e.note) for e in told} == {("Vũ Thị Lan", "ảnh rõ"), (ha.actor_name, "ảnh rõ")}


def test_a_common_species_needs_one_person(officers: Any) -> None:
    record = seen(officers[0], COMMON)
    judge(browser_of(officers[0]), record)
    assert state(record) == Status.VERIFIED


def test_whoever_sent_it_may_be_the_first_and_never_the_second(officers: Any) -> None:
    lan, ha = officers
    record = seen(lan)
    verify(ha, record, "rõ")
    with pytest.raises(NotNow, match="người gửi"):
        verify(lan, record, "rõ")
    other = seen(lan)
    verify(lan, other, "rõ")
    verify(ha, other, "rõ")
    assert (state(record), state(other)) == (Status.ONCE, Status.VERIFIED)


def test_who_imported_the_file_is_its_sender(officers: Any, tmp_path: Path) -> None:
    lan, ha = officers
    path = tmp_path / "a.csv"
    path.write_text(
        "occurrenceID,scientificName,eventDate,decimalLatitude,decimalLongitude,identificationVerificationStatus,status\n"
        f"a1,{PRIORITY},2026-09-01,22.44,102.44,verified,verified\n",
        encoding="utf-8",
    )
    importing.run_file(lan, path, target="observations.occurrence", dataset="thu-hai-nguoi")
    record = Occurrence.objects.get(occurrence_id="a1")
    assert record.status == Status.DRAFT and not record.first_verifier
    verify(ha, record, "rõ")
    with pytest.raises(NotNow, match="người gửi"):
        verify(lan, record, "rõ")


def test_an_import_that_changes_it_begins_anew_and_its_undo_gives_back_what_stood(
    officers: Any, tmp_path: Path
) -> None:
    lan, ha = officers
    path, head = (
        tmp_path / "a.csv",
        "occurrenceID,scientificName,eventDate,decimalLatitude,decimalLongitude,individualCount\n",
    )
    path.write_text(f"{head}a1,{PRIORITY},2026-09-01,22.44,102.44,2\n", encoding="utf-8")
    importing.run_file(System(), path, target="observations.occurrence", dataset="thu-hai-nguoi")
    record = Occurrence.objects.get(occurrence_id="a1")
    verify(lan, record, "rõ")
    path.write_text(f"{head}a1,{PRIORITY},2026-09-01,22.44,102.44,9\n", encoding="utf-8")
    more = {"target": "observations.occurrence", "dataset": "thu-hai-nguoi", "mapping": {"overwrite": True}}
    again = importing.run_file(System(), path, **more)
    record.refresh_from_db()
    assert (record.status, record.individual_count, record.first_verifier) == (Status.DRAFT, 9, "")
    importing.undo(System(), again)
    record.refresh_from_db()
    assert (record.status, record.individual_count, record.first_verifier_name) == (
        Status.ONCE,
        2,
        "Vũ Thị Lan",
    )
    importing.run_file(System(), path, **more)
    verify(ha, record, "rõ")
    assert state(record) == Status.ONCE


def test_no_selection_and_no_series_passes(officers: Any) -> None:
    lan, ha = officers
    record = seen(ha)
    for person in (lan, ha):
        page = browser_of(person).post(
            f"{V.url()}cung-lam/verify/", {"pick": [str(record.pk)], "verify-reason": "nhanh"}
        )
        assert "xem từng bản ghi" in page.content.decode()
        assert accept_alike(person, [record.pk]) == (0, 1)
        browser_of(person).post("/duyet-loat/", {"key": [str(record.pk)]})
    assert state(record) == Status.DRAFT


def test_the_desk_leads_to_the_next_and_shows_what_waits_for_the_second(officers: Any) -> None:
    lan, ha = officers
    record = seen(Person.objects.get(username="dung"))
    desk = "/so/observations-occurrence/ban-lam-viec/?status="
    browser_of(lan).post(f"{V.url(record)}lam/verify/", {"verify-reason": "rõ", "next": f"{desk}draft"})
    page = browser_of(ha).get(f"{desk}draft")
    seen(Person.objects.get(username="dung"))
    page = browser_of(ha).get(f"{desk}draft")
    assert "?status=draft&amp;protected=1" in page.content.decode()
    assert browser_of(ha).get(f"{desk}draft&protected=1").status_code == 200
    assert page.context.get("record") is None or page.context["record"].pk != record.pk
    assert "1 ghi nhận chờ người thứ hai" in browser_of(ha).get("/").content.decode()
    page = browser_of(ha).get(f"{desk}once")
    assert page.context["record"].pk == record.pk and "Vũ Thị Lan" in page.content.decode()


def test_sent_back_or_refused_it_begins_anew(officers: Any) -> None:
    lan, ha = officers
    record = seen(Person.objects.get(username="dung"))
    verify(lan, record, "rõ")
    return_to_draft(lan, record, "xem lại")
    verify(lan, record, "rõ")
    assert state(record) == Status.ONCE
    refuse(ha, record, "ảnh mờ")
    return_to_draft(lan, record, "đã có ảnh khác")
    verify(ha, record, "rõ")
    assert state(record) == Status.ONCE


def test_what_the_first_looked_at_stays_until_the_second_has_looked(officers: Any) -> None:
    lan, ha = officers
    record = seen(Person.objects.get(username="dung"), individual_count=2)
    verify(lan, record, "rõ")
    with pytest.raises(ValidationError, match="chờ người thứ hai"):
        write.edit(V, ha, record, {"individual_count": 9})
    write.edit(V, ha, record, {"remarks": "gặp lúc sáng"})
    verify(ha, record, "rõ")
    assert state(record) == Status.VERIFIED


def test_a_verified_common_record_does_not_become_a_priority_species_unseen(officers: Any) -> None:
    lan, _ha = officers
    record = seen(lan, COMMON)
    verify(lan, record, "rõ")
    with pytest.raises(ValidationError, match="loài ưu tiên"):
        write.edit(V, lan, record, {"taxon": Taxon.objects.get(scientific_name=PRIORITY).pk})
    with pytest.raises(ValidationError, match="hai người"):
        write.write(V, lan, "edit", seen(lan), lambda r: setattr(r, "status", Status.VERIFIED))


def test_the_visit_waits_with_it(officers: Any) -> None:
    lan, ha = officers
    dung = Person.objects.get(username="dung")
    visit = write.create(
        REGISTERS["observations.event"], dung, Event(day_start=date(2026, 9, 1), area_path="12/03451")
    )
    record = seen(dung, event=visit)
    verify(lan, record, "rõ")
    assert Event.objects.get(pk=visit.pk).status == Status.DRAFT
    verify(ha, record, "rõ")
    assert Event.objects.get(pk=visit.pk).status == Status.VERIFIED


def test_a_twin_taken_back_stands_where_it_stood(officers: Any) -> None:
    lan, ha = officers
    one, other = seen(Person.objects.get(username="dung")), seen(Person.objects.get(username="dung"))
    verify(lan, one, "rõ")
    write.act(V, lan, one, "same", {"other": other, "reason": "trùng"})
    write.act(V, lan, one, "unsame", {"reason": "không trùng"})
    assert state(one) == Status.ONCE
    write.act(V, lan, one, "same", {"other": other, "reason": "trùng"})
    with pytest.raises(ValidationError, match="bỏ ghi trùng"):
        write.edit(V, lan, one, {"individual_count": 9})
    write.act(V, lan, one, "unsame", {"reason": "không trùng"})
    verify(ha, one, "rõ")
    write.act(V, lan, one, "same", {"other": other, "reason": "trùng"})
    write.act(V, lan, one, "unsame", {"reason": "không trùng"})
    assert state(one) == Status.VERIFIED


def test_an_administrator_says_from_when(officers: Any, as_admin: Callable[[], Client]) -> None:
    lan, _ha = officers
    record, browser = seen(lan), as_admin()
    try:
        browser.post("/quan-tri/cai-dat/xac-minh/", {"ask": "no"})
        assert "một người xác minh là đủ" in browser.get("/quan-tri/cai-dat/").content.decode()
        verify(lan, record, "rõ")
        assert state(record) == Status.VERIFIED
        browser.post("/quan-tri/cai-dat/xac-minh/", {"ask": "yes", "from": "2099-01-01"})
        assert "áp dụng từ 01/01/2099" in browser.get("/quan-tri/cai-dat/").content.decode()
        later = seen(lan)
        verify(lan, later, "rõ")
        assert state(later) == Status.VERIFIED
        assert AuditEvent.objects.filter(verb="people.setup").count() == 2
        assert browser_of(lan).post("/quan-tri/cai-dat/xac-minh/", {"ask": "no"}).status_code in (403, 404)
    finally:
        office.path().unlink(missing_ok=True)


@pytest.fixture
def as_admin(db: None) -> Callable[[], Client]:
    def made() -> Client:
        person = Person.objects.create(username="quan-tri-hai", organisation_id="so_nnmt")
        give(System(), person, "admin")
        return browser_of(person)

    return made
