"""Sessions, seeing as another, forgotten passwords, the log, the set-up page."""

import io
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from tests.accounts.cases import GOOD, account, inside, text

from baoton.kit import office
from baoton.kit.access import System
from baoton.kit.models import AuditEvent, ImportBatch
from baoton.people import actions, links
from baoton.people.models import Grant, OneTimeLink, Person

pytestmark = pytest.mark.django_db


def test_sessions_are_seen_and_one_is_ended_alone(sung: Person, quan: Person) -> None:
    here, phone = Client(), Client(headers={"user-agent": "Mozilla/5.0 (Linux; Android 14) Chrome/130"})
    for browser in (here, phone):
        browser.post("/dang-nhap/", {"username": "sung", "password": GOOD})
    phone.get("/")
    shown = here.get("/toi/")
    assert "Chrome · Android" in text(shown) and len(shown.context["sessions"]) == 2
    lost = next(s for s in shown.context["sessions"] if "Android" in s.device)
    here.post(f"/toi/phien/{lost.digest}/")
    assert phone.get("/toi/").status_code == 302 and here.get("/toi/").status_code == 200
    admin = inside(quan)
    (left,) = admin.get(f"/quan-tri/nguoi-dung/{sung.pk}/").context["sessions"]
    admin.post(f"/quan-tri/nguoi-dung/{sung.pk}/phien/{left.digest}/", {"reason": "máy chung"})
    assert here.get("/toi/").status_code == 302
    assert AuditEvent.objects.filter(verb="people.person.end_sessions").count() == 1


def test_the_list_of_sessions_holds_no_key_that_opens_one(sung: Person, tmp_path: Path) -> None:
    browser = inside(sung)
    browser.get("/toi/")
    held = b"".join(p.read_bytes() for p in tmp_path.glob("open-sessions*"))
    assert (
        browser.session["open_session"].encode() not in held
        and browser.session.session_key.encode() not in held
    )


def test_an_administrator_sees_as_another_and_can_do_nothing_in_his_place(quan: Person, sung: Person) -> None:
    browser = inside(quan)
    browser.post(f"/quan-tri/nguoi-dung/{sung.pk}/xem-nhu/")
    page = browser.get("/")
    assert "Đang xem như" in text(page) and page.context["user"].pk == sung.pk
    for path in ("/quan-tri/nguoi-dung/", "/toi/", "/nhap/", "/viec-nen/", "/api/collections"):
        assert browser.get(path).status_code == 403, path
    before = AuditEvent.objects.count()
    for path in ("/so/outreach-session/moi/", "/quan-tri/nguoi-dung/moi/", "/toi/mat-khau/"):
        assert browser.post(path, {"title": "x"}).status_code == 403, path
    assert AuditEvent.objects.count() == before
    browser.post("/quan-tri/xem-nhu/thoi/")
    assert browser.get("/").context["user"].pk == quan.pk
    told = list(AuditEvent.objects.order_by("id").values_list("verb", "actor_id", "object_id"))
    assert told == [
        ("people.person.view_as", str(quan.pk), sung.pk), ("people.person.viewed", str(quan.pk), sung.pk)
    ]  # fmt: skip


def test_seeing_as_another_ends_when_the_right_to_it_ends(quan: Person, sung: Person) -> None:
    browser = inside(quan)
    browser.post(f"/quan-tri/nguoi-dung/{sung.pk}/xem-nhu/")
    Grant.objects.filter(person=quan).delete()
    assert browser.get("/").context["user"].pk == quan.pk


def test_true_places_are_lent_to_nobody(quan: Person) -> None:
    officer = account("lan", "officer")
    assert officer.scopes("observations.occurrence.see_precise")
    officer.viewer = quan
    assert officer.scopes("observations.occurrence.see") and not officer.scopes(
        "observations.occurrence.see_precise"
    )
    assert not quan.scopes("observations.occurrence.see") and officer.actor_id == str(quan.pk)
    admin = account("khac", "admin")
    admin.viewer = quan
    assert not admin.scopes("people.person.see") and not admin.scopes("audit.see")


def test_a_forgotten_password_is_answered_alike_and_mailed_once(sung: Person) -> None:
    assert "chưa gửi được thư" in text(Client().get("/quen-mat-khau/"))
    office.tell({"mail_host": "smtp.example", "mail_from": "bt@example.vn"})
    Person.objects.filter(pk=sung.pk).update(email="sung@example.vn")
    told = {
        text(Client().post("/quen-mat-khau/", {"name": n}))
        for n in ("sung", "SUNG@example.vn", "khong-co", "")
    }
    assert len({re.sub(r'value="[^"]*"', "", one) for one in told}) == 1
    assert [m.to for m in mail.outbox] == [["sung@example.vn"]] * 2
    (old, newest) = (re.search(r"/vao/[\w-]+/", str(m.body)) for m in mail.outbox)
    assert old and newest and Client().get(old.group()).status_code == 404
    Client().post(newest.group(), {"password": "rừng già Mường Tè", "again": "rừng già Mường Tè"})
    sung.refresh_from_db()
    assert sung.check_password("rừng già Mường Tè")


def test_a_link_by_mail_does_not_pass_the_second_factor(sung: Person) -> None:
    from baoton.people import second

    second.begun(sung)
    second.confirm(sung)
    token = links.make(OneTimeLink.Kind.RESET, sung)
    browser = Client()
    page = browser.post(f"/vao/{token}/", {"password": "rừng già Mường Tè", "again": "rừng già Mường Tè"})
    assert page["Location"] == "/dang-nhap/" and browser.get("/toi/").status_code == 302


def test_the_log_is_narrowed_by_person_book_verb_record_and_day(quan: Person, sung: Person) -> None:
    actions.close(quan, sung, "nghỉ việc")
    actions.reopen(quan, sung, "trở lại")
    actions.change_body(System(), "vien", "Viện Sinh thái")
    browser, address, today = inside(quan), "/quan-tri/nhat-ky/", timezone.localdate()

    def found(asked: str) -> int:
        return len(browser.get(f"{address}?{asked}").context["events"])

    assert found("") == 3
    assert found(f"who={quan.pk}") == 2 and found("who=system") == 1
    assert found("book=people.organisation") == 1 and found("verb=people.person.close") == 1
    assert found(f"record={sung.pk}") == 2
    assert found(f"since={today}&until={today}") == 3 and found(f"until={today - timedelta(days=1)}") == 0
    for wrong in ("since=hom-qua", "record=x", "before=1"):
        assert browser.get(f"{address}?{wrong}").status_code == 404
    page = text(browser.get(address))
    assert f"/quan-tri/nguoi-dung/{sung.pk}/" in page and "people.person" not in re.sub(
        r'value="[^"]*"', "", page
    )


def test_the_set_up_page_keeps_a_mail_password_out_of_database_and_page(quan: Person, tmp_path: Path) -> None:
    browser = inside(quan)
    given = {
        "mail_host": "smtp.example", "mail_port": "587", "mail_user": "bt", "mail_password": "bi-mat-9",
        "mail_tls": "starttls", "mail_from": "bt@example.vn",
    }  # fmt: skip
    browser.post("/quan-tri/cai-dat/thu/", given)
    assert "bi-mat-9" not in text(browser.get("/quan-tri/cai-dat/")) + str(list(AuditEvent.objects.values()))
    assert office.told()["mail_password"] == "bi-mat-9" and office.path().stat().st_mode & 0o077 == 0
    browser.post("/quan-tri/cai-dat/thu/", {**given, "mail_port": "465", "mail_password": "••••••••"})
    assert (office.told()["mail_password"], office.told()["mail_port"]) == ("bi-mat-9", "465")
    for wrong in ({"mail_port": "x"}, {"mail_from": "khong"}, {"mail_host": ""}, {"mail_tls": "la"}):
        browser.post("/quan-tri/cai-dat/thu/", {**given, **wrong})
    assert office.told()["mail_port"] == "465"


@pytest.mark.parametrize("step", ["co-quan", "dia-chi", "thu-dia-chi", "thu", "gui-thu"])
def test_only_an_administrator_sets_up(quan: Person, sung: Person, step: str) -> None:
    assert inside(sung).post(f"/quan-tri/cai-dat/{step}/", {}).status_code == 403
    assert inside(sung).get("/quan-tri/cai-dat/").status_code == 403
    assert inside(quan).post("/quan-tri/cai-dat/khong-co/", {}).status_code == 404


def test_a_boundary_file_is_brought_in_from_the_set_up_page(
    communes: None, quan: Person, settings: Any
) -> None:
    from baoton.places.models import Unit

    settings.BLOB_DIR = settings.VAR / "blobs"
    browser = inside(quan)
    start = "/nhap/?target=places.boundary"
    assert start in text(browser.get("/quan-tri/cai-dat/")) and browser.get(start).status_code == 200
    ring = [[[102.6, 22.5], [102.8, 22.5], [102.8, 22.7], [102.6, 22.7], [102.6, 22.5]]]
    shape = {"type": "Polygon", "coordinates": ring}
    feature = {"type": "Feature", "properties": {"ma": "03451", "ten": "Mù Cả"}, "geometry": shape}
    upload = io.BytesIO(json.dumps({"type": "FeatureCollection", "features": [feature]}).encode())
    upload.name = "ranh-gioi.geojson"
    browser.post("/nhap/", {"file": upload, "target": "places.boundary"}, follow=True)
    batch = ImportBatch.objects.get()
    browser.post(f"/nhap/{batch.pk}/ghi/", follow=True)
    batch.refresh_from_db()
    assert Unit.objects.get(pk="12/03451").shape == "official", (batch.state, batch.counts, batch.warnings)
