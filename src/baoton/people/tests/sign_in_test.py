"""Signing in: slowed down after failures, with a second factor, and ended when the account is closed."""

import re
import time
from pathlib import Path
from typing import Any

import pyotp
import pytest
from django.test import Client

from baoton.kit.models import AuditEvent
from baoton.people import actions, second, throttle
from baoton.people.models import Grant, Organisation, Person, SecondFactor

pytestmark = pytest.mark.django_db
RIGHT = "rừng già Mường Tè"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The hour that the throttle and the telephone read; tests move it."""
    now = [time.time()]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return now


def account(name: str, role: str) -> Person:
    body, _new = Organisation.objects.get_or_create(code="so", name="Sở NN&MT")
    person = Person.objects.create_user(name, password=RIGHT, organisation=body, first_name=name.title())
    Grant.objects.create(person=person, role=role)
    return person


@pytest.fixture
def lan() -> Person:
    return account("lan", "officer")


@pytest.fixture
def quan() -> Person:
    return account("quan", "admin")


def give(browser: Client, password: str, name: str = "lan", address: str = "10.0.0.1") -> Any:
    return browser.post("/dang-nhap/", {"username": name, "password": password}, REMOTE_ADDR=address)


def inside(browser: Client) -> bool:
    return browser.get("/toi/").status_code == 200


def test_the_right_password_opens_and_leads_on(lan: Person) -> None:
    browser = Client()
    page = browser.post(
        "/dang-nhap/?next=/ke-hoach/", {"username": "lan", "password": RIGHT, "next": "/ke-hoach/"}
    )
    assert page["Location"] == "/ke-hoach/" and inside(browser)


@pytest.mark.parametrize(
    "away", ["https://xau.example/", "//xau.example", "javascript:alert(1)", "\\\\xau.example"]
)
def test_nobody_is_led_elsewhere(lan: Person, away: str) -> None:
    page = Client().post("/dang-nhap/", {"username": "lan", "password": RIGHT, "next": away})
    assert page["Location"] == "/"


def test_an_account_tried_in_vain_must_wait_longer_each_time(lan: Person, clock: list[float]) -> None:
    browser = Client()
    for i in range(5):
        assert give(browser, "sai", address=f"10.0.1.{i}").status_code == 200
    stopped = give(browser, RIGHT, address="10.0.2.1")
    assert stopped.status_code == 429 and "Đợi 15 giây" in stopped.content.decode()
    assert stopped["Retry-After"] == "15" and not inside(browser)
    clock[0] += 16
    assert give(browser, "sai").status_code == 200
    assert "Đợi 30 giây" in give(browser, RIGHT).content.decode()
    clock[0] += 31
    assert give(browser, RIGHT).status_code == 302 and inside(browser)


def test_an_unknown_name_is_answered_like_a_known_one(lan: Person, clock: list[float]) -> None:
    told = []
    for name in ("lan", "khong-co"):
        browser = Client()
        pages = [give(browser, "sai", name, f"10.0.3.{i}") for i in range(6)]
        told.append(
            [(p.status_code, re.sub(r"\S*csrf\S*|value=\"[^\"]*\"", "", p.content.decode())) for p in pages]
        )
    assert told[0] == told[1]


@pytest.mark.parametrize("name", ["LAN", " lan ", "Lan"])
def test_writing_the_name_otherwise_is_the_same_account(lan: Person, clock: list[float], name: str) -> None:
    for i in range(5):
        give(Client(), "sai", address=f"10.0.1.{i}")
    assert give(Client(), "sai", name, "10.0.9.9").status_code == 429


def test_an_address_that_tries_many_accounts_must_wait(lan: Person, clock: list[float]) -> None:
    for i in range(30):
        give(Client(), "sai", f"ai-{i}")
    assert give(Client(), RIGHT).status_code == 429
    assert give(Client(), RIGHT, address="10.0.0.2").status_code == 302


def test_a_forged_header_does_not_change_the_address(lan: Person, clock: list[float], settings: Any) -> None:
    for i in range(30):
        data = {"username": f"ai-{i}", "password": "sai"}
        Client().post("/dang-nhap/", data, REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=f"1.2.3.{i}")
    assert give(Client(), RIGHT).status_code == 429
    settings.PROXIES = 1
    forged = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "9.9.9.9, 203.0.113.7"}
    assert throttle.address(Client().get("/song", **forged).wsgi_request) == "203.0.113.7"


def test_nobody_waits_for_ever_even_when_the_clock_is_set_back(lan: Person, clock: list[float]) -> None:
    for i in range(60):
        give(Client(), "sai", address=f"10.1.{i}.1")
        clock[0] += 901
    clock[0] -= 7200
    assert (
        throttle.wait([(key, 5) for key, _free in throttle.keys(Client().get("/").wsgi_request, "lan")])
        <= 900
    )


def test_the_file_of_tries_names_nobody(lan: Person, tmp_path: Path) -> None:
    give(Client(), "sai", address="203.0.113.77")
    held = (tmp_path / "signin.sqlite3").read_bytes() + b"".join(
        p.read_bytes() for p in tmp_path.glob("signin*-wal")
    )
    assert b"203.0.113" not in held and b"lan" not in held


def with_factor(person: Person) -> tuple[pyotp.TOTP, list[str]]:
    factor = second.begun(person)
    return pyotp.TOTP(factor.secret), second.confirm(person)


def test_with_a_second_factor_the_password_alone_opens_nothing(lan: Person, clock: list[float]) -> None:
    digits, _codes = with_factor(lan)
    browser = Client()
    assert give(browser, RIGHT)["Location"] == "/dang-nhap/ma/"
    assert not inside(browser)
    assert "không đúng" in browser.post("/dang-nhap/ma/", {"code": "000000"}).content.decode()
    assert browser.post("/dang-nhap/ma/", {"code": digits.at(clock[0])}).status_code == 302
    assert inside(browser)


def test_the_same_digits_open_once(lan: Person, clock: list[float]) -> None:
    digits, _codes = with_factor(lan)
    for expected in (302, 200):
        browser = Client()
        give(browser, RIGHT)
        assert browser.post("/dang-nhap/ma/", {"code": digits.at(clock[0])}).status_code == expected


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "²²²²²²", "abcdef", "٠٠٠٠٠٠", "\x00" * 6, "9" * 400]
)
def test_odd_digits_are_refused(lan: Person, code: str) -> None:
    with_factor(lan)
    browser = Client()
    give(browser, RIGHT)
    assert browser.post("/dang-nhap/ma/", {"code": code}).status_code == 200 and not inside(browser)


def test_a_recovery_code_opens_once(lan: Person) -> None:
    _digits, codes = with_factor(lan)
    assert len(set(codes)) == 10
    for expected in (302, 200):
        browser = Client()
        give(browser, RIGHT)
        assert browser.post("/dang-nhap/ma/", {"code": codes[3].upper()}).status_code == expected
    assert len(SecondFactor.objects.get().codes) == 9
    assert codes[3] not in str(SecondFactor.objects.values().get())


def test_guessing_digits_is_slowed_down(lan: Person, clock: list[float]) -> None:
    digits, _codes = with_factor(lan)
    browser = Client()
    give(browser, RIGHT)
    for _i in range(5):
        browser.post("/dang-nhap/ma/", {"code": "000000"})
    assert browser.post("/dang-nhap/ma/", {"code": digits.at(clock[0])}).status_code == 429


def test_the_second_step_is_open_for_five_minutes_only(lan: Person, clock: list[float]) -> None:
    digits, _codes = with_factor(lan)
    browser = Client()
    give(browser, RIGHT)
    clock[0] += 301
    assert browser.post("/dang-nhap/ma/", {"code": digits.at(clock[0])})["Location"] == "/dang-nhap/"
    assert not inside(browser)


def test_officers_and_administrators_must_have_one_where_it_is_required(
    lan: Person, settings: Any, clock: list[float]
) -> None:
    settings.TWO_FACTOR = "required"
    browser, ranger = Client(), Client()
    account("dung", "ranger")
    give(browser, RIGHT)
    give(ranger, RIGHT, "dung")
    assert browser.get("/so/observations-occurrence/")["Location"] == "/toi/lop-hai/"
    assert browser.get("/api/collections")["Location"] == "/toi/lop-hai/"
    assert ranger.get("/toi/").status_code == 200
    page = browser.get("/toi/lop-hai/").content.decode()
    secret = SecondFactor.objects.get(person=lan).secret
    assert secret in page and "<svg" in page
    shown = browser.post("/toi/lop-hai/", {"code": pyotp.TOTP(secret).at(clock[0])}).content.decode()
    assert len(re.findall(r"\b[2-9a-z]{5}-[2-9a-z]{5}\b", shown)) == 10
    assert inside(browser)
    assert secret not in browser.get("/toi/lop-hai/", follow=True).content.decode()


def test_the_second_factor_is_taken_off_with_password_and_code_only(lan: Person, clock: list[float]) -> None:
    digits, codes = with_factor(lan)
    browser = Client()
    browser.force_login(lan)
    browser.post("/toi/lop-hai/bo/", {"password": "sai", "code": digits.at(clock[0])})
    browser.post("/toi/lop-hai/bo/", {"password": RIGHT, "code": "000000"})
    assert SecondFactor.objects.exists()
    browser.post("/toi/lop-hai/bo/", {"password": RIGHT, "code": codes[0]})
    assert not SecondFactor.objects.exists() and inside(browser)


@pytest.mark.parametrize(
    ("fresh", "why"),
    [
        ("ngắn", "12"),
        ("123456789012345", "số"),
        ("password1234", "phổ biến"),
        (RIGHT, "trùng"),
        ("lanlan-lan-l", ""),
    ],
)
def test_a_weak_or_old_password_is_refused(lan: Person, fresh: str, why: str) -> None:
    Person.objects.filter(pk=lan.pk).update(last_name="lanlan-lan-l")
    browser = Client()
    browser.force_login(lan)
    form = {"old_password": RIGHT, "new_password1": fresh, "new_password2": fresh}
    page = browser.post("/toi/mat-khau/", form)
    lan.refresh_from_db()
    assert page.status_code == 200 and why in page.content.decode() and lan.check_password(RIGHT)


def test_a_changed_password_ends_the_other_sessions(lan: Person) -> None:
    here, there = Client(), Client()
    give(here, RIGHT)
    give(there, RIGHT)
    fresh = "suối Nậm Ma mùa lũ"
    here.post("/toi/mat-khau/", {"old_password": RIGHT, "new_password1": fresh, "new_password2": fresh})
    assert inside(here) and not inside(there)
    assert give(Client(), RIGHT).status_code == 200 and give(Client(), fresh).status_code == 302


def test_closing_an_account_ends_its_sessions_for_good(lan: Person, quan: Person) -> None:
    theirs, admin = Client(), Client()
    give(theirs, RIGHT)
    admin.force_login(quan)
    assert inside(theirs)
    admin.post(f"/quan-tri/nguoi-dung/{lan.pk}/khoa/", {"reason": "nghỉ việc"})
    assert not inside(theirs) and give(Client(), RIGHT).status_code == 200
    admin.post(f"/quan-tri/nguoi-dung/{lan.pk}/mo/", {"reason": "trở lại"})
    assert not inside(theirs) and give(Client(), RIGHT).status_code == 302
    verbs = list(AuditEvent.objects.order_by("id").values_list("verb", "note"))
    assert verbs == [("people.person.close", "nghỉ việc"), ("people.person.open", "trở lại")]


def test_a_reset_gives_a_fresh_password_once_and_ends_everything(lan: Person, quan: Person) -> None:
    with_factor(lan)
    theirs, admin = Client(), Client()
    theirs.force_login(lan)
    admin.force_login(quan)
    page = admin.post(f"/quan-tri/nguoi-dung/{lan.pk}/dat-lai/", {"reason": "quên"}).content.decode()
    (fresh,) = re.findall(r"\b[2-9a-z]{5}(?:-[2-9a-z]{5}){3}\b", page)
    assert not inside(theirs) and give(Client(), fresh)["Location"] == "/"
    assert fresh not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize("verb", ["khoa", "mo", "dat-lai"])
def test_only_an_administrator_does_that_and_not_to_himself(lan: Person, quan: Person, verb: str) -> None:
    officer, admin = Client(), Client()
    officer.force_login(lan)
    admin.force_login(quan)
    assert officer.post(f"/quan-tri/nguoi-dung/{quan.pk}/{verb}/", {}).status_code == 403
    admin.post(f"/quan-tri/nguoi-dung/{quan.pk}/{verb}/", {})
    quan.refresh_from_db()
    assert quan.is_active and quan.check_password(RIGHT) and inside(admin)


def test_signing_in_writes_nothing_into_the_database(
    lan: Person, django_assert_num_queries: Any, settings: Any
) -> None:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as told:
        assert give(Client(), RIGHT).status_code == 302
    assert not [q["sql"] for q in told if not q["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]


def test_the_pages_are_whole_in_english_too(lan: Person, quan: Person) -> None:
    browser = Client()
    browser.cookies["django_language"] = "en"
    assert "Log in" in browser.get("/dang-nhap/").content.decode()
    browser.force_login(lan)
    for path, words in (
        ("/toi/mat-khau/", "Change password"),
        ("/toi/lop-hai/", "Second factor"),
        ("/toi/", "End the other sessions"),
    ):
        assert words in browser.get(path).content.decode(), path


def test_sessions_have_an_end(settings: Any) -> None:
    assert settings.SESSION_COOKIE_AGE == 12 * 3600


def test_actions_need_their_right(lan: Person, quan: Person) -> None:
    from django.core.exceptions import PermissionDenied

    for work in (actions.close, actions.reopen, actions.reset):
        with pytest.raises(PermissionDenied):
            work(lan, quan, "")
