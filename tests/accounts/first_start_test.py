"""The first administrator, one-time links, and the command line."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from tests.accounts.cases import GOOD, text

from baoton.kit.access import System
from baoton.kit.models import AuditEvent
from baoton.people import actions, links
from baoton.people.models import OneTimeLink, Person

pytestmark = pytest.mark.django_db


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
