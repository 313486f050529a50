"""Who may do what with accounts and rights, and what a leaver hands over."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from tests.accounts.cases import GOOD, account, inside, text

from baoton.kit.access import Scope, System
from baoton.kit.models import AuditEvent, ImportBatch
from baoton.kit.writing.refusal import NotNow
from baoton.people import actions, viewing
from baoton.people.models import Person

pytestmark = pytest.mark.django_db


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
