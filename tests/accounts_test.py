"""Accounts and rights on pages: the first administrator, lists, links, hand-over, sessions, seeing as another."""

import io
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from baoton.kit import office
from baoton.kit.access import Scope, System
from baoton.kit.models import AuditEvent, ImportBatch
from baoton.kit.writing.refusal import NotNow
from baoton.people import actions, links, roster, viewing
from baoton.people.models import Grant, OneTimeLink, Organisation, Person

pytestmark = pytest.mark.django_db
GOOD = "suối Nậm Ma mùa lũ"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.VAR, settings.JOBS_INLINE, settings.SITE_ADDRESS = tmp_path, True, "http://bao-ton.example"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def bodies(db: None) -> None:
    Organisation.objects.create(code="so_nnmt", name="Sở NN&MT", area_path="12")
    Organisation.objects.create(code="ubnd_03451", name="UBND xã Mù Cả", area_path="12/03451")


def account(name: str, role: str, area: str = "", body: str = "so_nnmt", password: str = GOOD) -> Person:
    person = Person.objects.create_user(
        name, password=password, organisation_id=body, first_name=name.title()
    )
    if role:
        Grant.objects.create(person=person, role=role, area_path=area)
    return person


@pytest.fixture
def quan() -> Person:
    return account("quan", "admin")


@pytest.fixture
def sung() -> Person:
    return account("sung", "commune", "12/03451", "ubnd_03451")


def inside(person: Person) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def text(answer: Any) -> str:
    return answer.content.decode()  # type: ignore[no-any-return]


FIRST = {
    "last_name": "Hoàng Thị", "first_name": "Quân", "organisation_id": "so_nnmt", "username": "quan",
    "password": GOOD, "again": GOOD,
}  # fmt: skip


def test_the_first_link_makes_the_first_administrator_and_opens_once() -> None:
    token = links.first()
    browser, address = Client(), f"/vao/{token}/"
    assert "Quản trị đầu tiên" in text(browser.get(address))
    assert browser.post(address, FIRST)["Location"] == "/quan-tri/cai-dat/"
    quan = Person.objects.administrators().get()
    assert str(quan) == "Hoàng Thị Quân" and quan.check_password(GOOD) and not quan.is_superuser
    assert browser.get("/toi/").status_code == 200
    again = Client().post(address, {**FIRST, "username": "ke-khac"})
    assert again.status_code == 404 and Person.objects.count() == 1
    verbs = list(AuditEvent.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["people.person.add", "people.grant.give", "people.person.password"]
    assert links.first() == ""


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"password": "ngắn", "again": "ngắn"}, "ít nhất 12 ký tự"),
        ({"again": "khác hẳn mật khẩu"}, "không giống nhau"),
        ({"first_name": ""}, "bắt buộc"),
        ({"organisation_id": ""}, "bắt buộc"),
        ({"username": "có dấu cách"}, "tên đăng nhập"),
    ],
)
def test_what_was_typed_wrong_leaves_the_link_open(other: dict[str, str], told: str) -> None:
    address = f"/vao/{links.first()}/"
    page = Client().post(address, {**FIRST, **other})
    assert page.status_code == 200 and told.lower() in text(page).lower()
    assert not Person.objects.exists() and Client().post(address, FIRST).status_code == 302


@pytest.mark.parametrize("spoil", ["late", "used", "cut", "closed"])
def test_a_link_that_is_late_used_cut_or_of_a_closed_account_opens_nothing(sung: Person, spoil: str) -> None:
    token = links.make(OneTimeLink.Kind.RESET, sung)
    if spoil == "late":
        OneTimeLink.objects.update(until=timezone.now() - timedelta(seconds=1))
    if spoil == "used":
        OneTimeLink.objects.update(used=timezone.now())
    if spoil == "closed":
        Person.objects.filter(pk=sung.pk).update(is_active=False)
    page = Client().post(
        f"/vao/{token[:-1] if spoil == 'cut' else token}/", {"password": "x" * 20, "again": "x" * 20}
    )
    sung.refresh_from_db()
    assert page.status_code == 404 and "xin người quản trị" in text(page) and sung.check_password(GOOD)


def test_a_link_is_nowhere_in_the_database(sung: Person, quan: Person) -> None:
    token = actions.invite(quan, sung)
    assert token not in str(list(OneTimeLink.objects.values())) + str(list(AuditEvent.objects.values()))


def test_djangos_own_door_makes_no_half_user() -> None:
    with pytest.raises(ValidationError, match="baoton admin"):
        Person.objects.create_superuser("boss", "a@b.vn", "x" * 20)
    assert not Person.objects.exists()


def test_the_command_line_makes_and_restores_an_administrator(quan: Person) -> None:
    actions.close(System(), quan, "thử")
    values = {"last_name": "", "first_name": "Lan", "organisation_id": "so_nnmt"}
    for name in ("lan", "quan"):
        assert actions.administrator(name, "rừng già Mường Tè", values).check_password("rừng già Mường Tè")
    assert {p.username for p in Person.objects.administrators()} == {"lan", "quan"}
    with pytest.raises(ValidationError):
        actions.administrator("ke", "ngắn", values)
    assert not Person.objects.filter(username="ke").exists()


def book(
    *rows: tuple[Any, ...], heads: tuple[str, ...] = ("Họ và tên", "Cơ quan", "Vai trò", "Xã, phường")
) -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    assert made.active is not None
    for row in (heads, *rows):
        made.active.append(row)
    made.save(out)
    return out.getvalue()


@pytest.fixture
def communes() -> None:
    from baoton.places.actions import load

    load()


def judged(tmp_path: Path, *rows: tuple[Any, ...]) -> list[roster.Line]:
    path = tmp_path / "ds.xlsx"
    path.write_bytes(book(*rows))
    return roster.read(path)


def test_each_row_of_a_list_is_new_known_or_refused_with_the_reason(
    tmp_path: Path, communes: None, sung: Person
) -> None:
    Person.objects.filter(pk=sung.pk).update(last_name="Giàng A", first_name="Sùng")
    found = judged(
        tmp_path,
        ("Lò Văn Pao", "UBND xã Mù Cả", "Cán bộ xã", "Mù Cả"),
        ("giang a sung", "", "commune", "xã Mù Cả"),
        ("Vàng A Chu", "", "Cán bộ xã", ""),
        ("Vàng A Chu", "Sở Xây dựng", "Cán bộ Sở NN&MT", ""),
        ("Vàng A Chu", "Sở NN&MT", "giám đốc", ""),
        ("Pao", "Sở NN&MT", "Cán bộ Sở NN&MT", ""),
        ("Lò Văn  Pao", "ubnd_03451", "commune", "03451"),
        (None, None, None, None),
    )
    assert [o.outcome for o in found] == [
        "new",
        "known",
        "refused",
        "refused",
        "refused",
        "refused",
        "refused",
    ]
    assert found[0].area == "12/03451" and found[0].row == 2
    words = ("cần ghi xã", "Sở Xây dựng", "Không có vai trò", "đủ họ và tên", "Trùng")
    assert all(word in o.why for word, o in zip(words, found[2:], strict=True))


def test_a_list_becomes_accounts_with_slips_and_a_second_time_changes_nothing(
    communes: None, quan: Person
) -> None:
    browser = inside(quan)
    row = ("Vàng A Pao", "", "Cán bộ xã", "Mù Cả")

    upload = io.BytesIO(book(row))
    upload.name = "ds.xlsx"
    held = browser.post("/quan-tri/nguoi-dung/danh-sach/", {"file": upload}).context["held"]
    assert Person.objects.count() == 1
    browser.post("/quan-tri/nguoi-dung/danh-sach/", {"held": held, "reason": "CV 12"})
    pao = Person.objects.get(username="paova")
    assert [(g.role, g.area_path, g.reason) for g in pao.grants.all()] == [("commune", "12/03451", "CV 12")]
    assert list(Person.objects.waiting()) == [pao]
    page = text(browser.post("/quan-tri/nguoi-dung/phieu/"))
    (address,) = re.findall(r"http://bao-ton\.example(/vao/[\w-]+/)", page)
    assert "paova" in page and "<svg" in page
    assert Client().post(address, {"password": GOOD, "again": GOOD})["Location"] == "/"
    assert not Person.objects.waiting().exists()
    upload = io.BytesIO(book(row))
    upload.name = "ds.xlsx"
    again = browser.post("/quan-tri/nguoi-dung/danh-sach/", {"file": upload})
    assert again.context["known"] == 1 and not again.context["held"]


def test_a_preview_of_somebody_else_is_not_written(communes: None, quan: Person) -> None:
    upload = io.BytesIO(book(("Vàng A Pao", "", "Cán bộ xã", "Mù Cả")))
    upload.name = "ds.xlsx"
    held = inside(quan).post("/quan-tri/nguoi-dung/danh-sach/", {"file": upload}).context["held"]
    other = account("khac", "admin")
    inside(other).post("/quan-tri/nguoi-dung/danh-sach/", {"held": held})
    inside(other).post("/quan-tri/nguoi-dung/danh-sach/", {"held": held[:-2] + "xx"})
    assert not Person.objects.filter(username="paova").exists()


@pytest.mark.parametrize("rows", [(("a", "b"),), ()])
def test_a_list_without_its_columns_is_refused_as_a_whole(tmp_path: Path, rows: Any) -> None:
    path = tmp_path / "ds.xlsx"
    path.write_bytes(book(*rows, heads=("Tên loài", "Số lượng")))
    with pytest.raises(roster.Refused, match="tệp mẫu"):
        roster.read(path)


PAGES = ("", "moi/", "danh-sach/", "danh-sach/mau.xlsx")


@pytest.mark.parametrize("path", PAGES)
def test_only_an_administrator_opens_the_pages_of_people(quan: Person, sung: Person, path: str) -> None:
    address = f"/quan-tri/nguoi-dung/{path}"
    assert inside(quan).get(address).status_code == 200
    assert inside(sung).get(address).status_code == 403
    assert Client().get(address).status_code == 302


ACTS = (
    "sua",
    "cap-quyen",
    "khoa",
    "mo",
    "dat-lai",
    "lien-ket",
    "het-phien",
    "ban-giao",
    "xem-nhu",
    "phien/abc",
)


@pytest.mark.parametrize("act", ACTS)
def test_nobody_else_does_anything_with_an_account(quan: Person, sung: Person, act: str) -> None:
    before = AuditEvent.objects.count()
    data = {"reason": "x", "g-role": "admin", "g-reason": "x", "heir": str(sung.pk)}
    assert inside(sung).post(f"/quan-tri/nguoi-dung/{quan.pk}/{act}/", data).status_code == 403
    assert AuditEvent.objects.count() == before and Person.objects.get(pk=quan.pk).is_active


def test_an_account_is_added_changed_and_given_rights_on_pages_and_all_is_in_the_log(quan: Person) -> None:
    browser = inside(quan)
    given = {"last_name": "Lò Văn", "first_name": "Dũng", "organisation_id": "so_nnmt", "g-role": "ranger"}
    page = text(
        browser.post("/quan-tri/nguoi-dung/moi/", {**given, "g-reason": "QĐ 5", "g-until": "2030-01-01"})
    )
    dung = Person.objects.get(username="dunglv")
    assert "http://bao-ton.example/vao/" in page and not dung.has_usable_password()
    address = f"/quan-tri/nguoi-dung/{dung.pk}/"
    browser.post(f"{address}sua/", {**given, "title": "Hạt trưởng", "phone": "0912 000 111"})
    dung.refresh_from_db()
    assert (dung.title, dung.phone) == ("Hạt trưởng", "0912 000 111")
    browser.post(f"{address}cap-quyen/", {"g-role": "commune", "g-reason": "kiêm nhiệm"})
    grant = dung.grants.get(role="commune")
    browser.post(f"{address}quyen/{grant.pk}/thu-hoi/", {"reason": "hết kiêm nhiệm"})
    assert not dung.grants.filter(role="commune").exists()
    events = list(AuditEvent.objects.filter(object_id=dung.pk).order_by("id").values_list("verb", flat=True))
    grant_verbs = ["people.grant.give", "people.grant.end"]
    assert events == [
        "people.person.add", "people.grant.give", "people.person.invite", "people.person.change", *grant_verbs
    ]  # fmt: skip
    shown = text(browser.get(address))
    assert "Hết kiêm nhiệm" in shown or "hết kiêm nhiệm" in shown


@pytest.mark.parametrize(
    ("held", "given", "right"),
    [
        (Scope(), Scope("12/03451"), True),
        (Scope("12"), Scope("12/03451"), True),
        (Scope("12/03451"), Scope("12/03451"), True),
        (Scope("12/03451"), Scope("12/03463"), False),
        (Scope("12/0345"), Scope("12/03451"), False),
        (Scope("12/03451"), Scope(), False),
        (Scope("12", "a"), Scope("12", "a"), True),
        (Scope("12", "a"), Scope("12"), False),
        (Scope("12", "", "plant"), Scope("12", "", "bird"), False),
        (Scope("12", "", "plant"), Scope("12/03451", "a", "plant"), True),
    ],
)
def test_rights_are_given_only_within_ones_own_reach(held: Scope, given: Scope, right: bool) -> None:
    assert actions.covers(held, given) is right


def test_an_administrator_of_one_commune_reaches_its_people_alone(quan: Person, sung: Person) -> None:
    local = account("noi-bo", "admin", "12/03451", "ubnd_03451")
    browser = inside(local)
    assert {p.username for p, *_rest in browser.get("/quan-tri/nguoi-dung/").context["lines"]} == {
        "noi-bo",
        "sung",
    }
    assert browser.get(f"/quan-tri/nguoi-dung/{quan.pk}/").status_code == 403
    for work in (actions.close, actions.reset, actions.end_sessions, actions.invite):
        with pytest.raises(PermissionDenied):
            work(local, quan, "x")
    with pytest.raises(NotNow):
        actions.give(local, sung, "officer", reason="x")
    with pytest.raises(NotNow):
        actions.end(local, quan.grants.get(), "x")
    assert not viewing.may_view(local, quan) and viewing.may_view(local, sung)


def test_a_local_administrator_does_not_get_into_a_wider_account(quan: Person) -> None:
    local = account("noi-bo", "admin", "12/03451", "ubnd_03451")
    wide = account("rong", "officer", "", "ubnd_03451")
    for work in (lambda: actions.invite(local, wide), lambda: actions.reset(local, wide, "x")):
        with pytest.raises(NotNow, match="rộng hơn"):
            work()
    page = inside(local).post(f"/quan-tri/nguoi-dung/{wide.pk}/sua/", {
        "first_name": "Rộng", "organisation_id": "ubnd_03451", "email": "cua-toi@example.vn"
    })  # fmt: skip
    wide.refresh_from_db()
    assert page.status_code == 200 and wide.email == "" and wide.check_password(GOOD)
    assert actions.invite(quan, wide)


def test_half_users_and_a_missing_administrator_are_told(quan: Person) -> None:
    from baoton.site.doctor import half_users, no_administrator

    assert half_users() == "" == no_administrator()
    Person.objects.create(username="nua-voi", first_name="N")
    assert "nua-voi" in half_users()
    actions.close(System(), quan, "x")
    assert "baoton admin" in no_administrator()


def test_nobody_gives_or_ends_rights_of_his_own(quan: Person) -> None:
    with pytest.raises(NotNow):
        actions.give(quan, quan, "officer", reason="x")
    with pytest.raises(NotNow):
        actions.end(quan, quan.grants.get(), "x")


def test_a_leaver_hands_over_rights_and_open_imports_and_is_closed(quan: Person, sung: Person) -> None:
    heir = account("pao", "", body="ubnd_03451")
    mine = {
        "target": "x",
        "file_name": "a.csv",
        "sha256": "0" * 64,
        "actor_id": str(sung.pk),
        "actor_name": "Sung",
    }
    open_, done = (ImportBatch.objects.create(state=s, **mine) for s in ("checked", "done"))
    browser, address = inside(quan), f"/quan-tri/nguoi-dung/{sung.pk}/ban-giao/"
    assert browser.post(address, {"heir": "", "reason": "x"}).status_code == 200
    browser.post(address, {"heir": str(heir.pk), "reason": "chuyển công tác", "grants": "on", "shut": "on"})
    sung.refresh_from_db()
    open_.refresh_from_db()
    done.refresh_from_db()
    assert not sung.is_active and [g.area_path for g in heir.grants.all()] == ["12/03451"]
    assert (open_.actor_id, done.actor_id) == (str(heir.pk), str(sung.pk))
    event = AuditEvent.objects.get(verb="people.person.hand_over")
    assert event.new and event.note == "chuyển công tác"


def test_drafts_of_a_leaver_are_the_heirs_and_verified_records_stay(quan: Person, sung: Person) -> None:
    from baoton.observations.models import Dataset, Occurrence

    heir = account("pao", "", body="ubnd_03451")
    dataset = Dataset.objects.create(code="tay", title="Ghi tay")
    draft, settled = (
        Occurrence.objects.create(
            dataset=dataset,
            occurrence_id=status,
            scientific_name="Macaca mulatta",
            status=status,
            reporter=str(sung.pk),
        )
        for status in ("draft", "verified")
    )
    told = actions.hand_over(quan, sung, heir, "nghỉ", grants=False, shut=False)
    draft.refresh_from_db()
    settled.refresh_from_db()
    assert (draft.reporter, settled.reporter) == (str(heir.pk), str(sung.pk)) and 1 in told.values()


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
