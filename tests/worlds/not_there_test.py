"""A key that is hidden from whoever asks is answered as one that is not there: the same words, by the same work.

How long an answer takes is told by what is asked of the database for it; so the statements are compared, not the
clock: their number, their order and their shape.
"""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import hashers
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.worlds.two_worlds_test import WHOLE, installation, stop_the_clocks

from baoton.files.models import Evidence
from baoton.kit.access import Public
from baoton.kit.models import ImportBatch, Job
from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Dataset
from baoton.people.models import Person
from baoton.reporting.models import Report

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NOBODY = UUID("01990000-0000-7000-8000-00000000dead")
ASKERS = ("", "sung", "hoa", "minh")
VALUES = re.compile(r"'(?:[^']|'')*'|\b[0-9a-f]{32}\b|\b\d+(?:\.\d+)?\b")


@pytest.fixture(scope="module")
def planted(
    year: Any, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[dict[str, Any]]:
    """One of the two worlds stands, with everything in it that is hidden."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        stop_the_clocks(patch)
        with transaction.atomic():
            world = installation(0, tmp_path_factory.mktemp("planted"), patch)
            yield {"world": world}
            transaction.set_rollback(True)


def _name(verb: Any) -> str:
    return str(getattr(verb, "name", verb))


def doors(slug: str, key: Any) -> Iterator[tuple[str, str]]:
    """Every address that leads to one record of a book, with the way it is asked."""
    base, register = f"/so/{slug}/{key}/", REGISTERS[slug.replace("-", ".", 1)]
    yield from (("get", path) for path in (
        base, f"{base}sua/", f"{base}tep/paper", f"{base}van-ban.docx", f"{base}van-ban.pdf", f"/vi-sao/{slug}/{key}/",
        f"/api/collections/{slug}/items/{key}",
    ))  # fmt: skip
    yield from (("post", f"{base}lam/{verb}/") for verb in map(_name, register.verbs))
    yield from (("post", f"{base}{part}/") for part in ("sua", "y-kien", "minh-chung"))


def others() -> Iterator[tuple[str, Any, list[str]]]:
    """What lies in no book: jobs, files brought in, pictures, reports, packs of surveys."""
    yield "job", Job.objects, ["/viec-nen/{}/", "/viec-nen/{}/lai/", "/viec-nen/{}/dung/"]
    parts = ("", "ket-qua.csv", "tep-goc", "cach-doc/", "gia-tri/", "bi-tu-choi.xlsx", "sua-dong/", "ghi/")
    yield "import", ImportBatch.objects, [f"/nhap/{{}}/{part}" for part in parts]
    yield "evidence", Evidence.objects, ["/minh-chung/{}/tep", "/minh-chung/{}/tep?original=1"]
    yield "report", Report.objects, ["/bao-cao/{}.docx", "/bao-cao/{}.xlsx", "/bao-cao/{}/"]
    yield "survey", Dataset.objects, ["/du-lieu-mo/{}/dot.zip", "/du-lieu-mo/{}/le.zip?mine=1"]
    yield "person", Person.objects, ["/quan-tri/nguoi-dung/{}/", "/quan-tri/nguoi-dung/{}/xem-nhu/"]


def asked(browser: Client, method: str, path: str, key: Any) -> tuple[int, str, list[str]]:
    """The status, the words without the key that was asked, and the shape of every statement."""
    with CaptureQueriesContext(connection) as log, transaction.atomic():
        answer: Any = getattr(browser, method)(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    words = re.sub(
        r'csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": ?"[^"]*"', "", body.decode("utf-8", "replace")
    )
    words += str(answer.get("Location", "")) + str(answer.get("Content-Length", "").strip())
    for written in (str(key), UUID(str(key)).hex):
        words = words.replace(written, "KEY")
    return (
        answer.status_code,
        words,
        [VALUES.sub("?", q["sql"]) for q in log.captured_queries if "SAVEPOINT" not in q["sql"]],
    )


def signed_in(name: str) -> tuple[Client, Any]:
    browser, actor = Client(), Public()
    if not name:
        return browser, actor
    person = Person.objects.get(username=name)
    browser.force_login(person)
    browser.get("/toi/")
    return browser, person


def parted(browser: Client, method: str, path: str, hidden: Any) -> str:
    """How the two answers part; empty where nothing tells them apart."""
    one, none = (asked(browser, method, path.format(key), key) for key in (hidden, NOBODY))
    if one == none or (path.startswith("/minh-chung/") and one[:2] == none[:2]):
        return ""  # the key of a picture is drawn by chance and told on its record's page alone
    at = next((a for a, b in zip(one[2], none[2], strict=False) if a != b), "")
    return (
        f"{method} {path}: {one[0]} with {len(one[2])} statements, {none[0]} with {len(none[2])}: {at[:300]}"
    )


@pytest.mark.parametrize("name", ASKERS)
def test_a_hidden_record_is_answered_as_one_that_is_not_there(planted: dict[str, Any], name: str) -> None:
    browser, actor = signed_in(name)
    tried, wrong = 0, []
    for register in REGISTERS.values():
        seen = register.door(actor).rows().values("pk")
        hidden = register.model._default_manager.exclude(pk__in=seen).values_list("pk", flat=True)[
            : 2 if WHOLE else 1
        ]
        for key in hidden if isinstance(register.model._meta.pk.to_python(str(NOBODY)), UUID) else ():
            for method, path in doors(register.slug, "{}"):
                tried += 1
                wrong.append(parted(browser, method, path, key))
    assert tried > 60, tried
    assert not [w for w in wrong if w], "\n".join(w for w in wrong if w)


@pytest.mark.parametrize("name", ASKERS)
def test_what_lies_in_no_book_is_answered_as_if_it_were_not_there(planted: dict[str, Any], name: str) -> None:
    """Jobs, files brought in, pictures and accounts of others; what is told to the asker is not asked."""
    browser, actor = signed_in(name)
    tried, wrong = 0, []
    seen = REGISTERS["observations.dataset"].door(actor).rows().values("pk")
    hidden = {"person": {"username": name}, "survey": {"pk__in": seen}}
    for what, rows, paths in others():
        for key in (
            rows.exclude(**hidden.get(what, {"pk": NOBODY})).order_by("-pk").values_list("pk", flat=True)[:6]
        ):
            for path in paths:
                method = "post" if path.rstrip("/").endswith(("lai", "dung", "ghi", "xem-nhu")) else "get"
                if asked(browser, method, path.format(key), key)[0] in (200, 304):
                    continue
                tried += 1
                wrong.append(parted(browser, method, path, key))
    assert tried > 20, tried
    assert not [w for w in wrong if w], "\n".join(w for w in wrong if w)


def test_an_unknown_name_costs_as_much_as_a_known_one(planted: dict[str, Any], monkeypatch: Any) -> None:
    """One password is worked out for each try, whether or not there is such an account, open or closed."""
    Person.objects.filter(username="pao").update(is_active=False)
    Person.objects.filter(username="sung").update(password=hashers.make_password(None))
    worked: list[str] = []
    hasher = hashers.get_hasher()
    monkeypatch.setattr(
        type(hasher), "encode", lambda self, password, salt, *more: worked.append(password) or "x"
    )
    asked_with(Client(), "ai-đó")  # what is read once and remembered
    told = {}
    for name in ("lan", "pao", "sung", "không-ai"):
        worked.clear()
        _status, words, statements = asked_with(Client(), name)
        told[name] = (words.replace(f'"{name}"', "NAME"), len(worked), statements)
    for name, (words, hashed, statements) in told.items():
        assert hashed == 1, name
        assert (words, statements) == (told["không-ai"][0], told["không-ai"][2]), name


def asked_with(browser: Client, name: str) -> tuple[int, str, list[str]]:
    """What signing in with a wrong password answers."""
    with CaptureQueriesContext(connection) as log, transaction.atomic():
        answer: Any = browser.post("/dang-nhap/", {"username": name, "password": "sai"})
        transaction.set_rollback(True)
    words = re.sub(r'csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": ?"[^"]*"', "", answer.content.decode())
    return answer.status_code, words, [
        VALUES.sub("?", q["sql"]) for q in log.captured_queries if "SAVEPOINT" not in q["sql"]
    ]  # fmt: skip
