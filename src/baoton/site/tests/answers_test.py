"""Every answer has its number, HEAD is answered, a long request is stopped, an error is told with its number."""

import logging
import re
import time
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from baoton.kit.models import ImportBatch, unfinished
from baoton.people.models import Person
from baoton.site import log, views

NUMBER = re.compile(r"[2-9A-Z]{5}-[2-9A-Z]{5}")
PHONE = "0912345678"
pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def breaking(monkeypatch: pytest.MonkeyPatch, work: Any) -> None:
    monkeypatch.setattr("baoton.site.views.Person.objects.exists", work, raising=False)


def test_every_answer_carries_its_number(visitor: Client) -> None:
    first, second = visitor.get("/"), visitor.get("/khong-co/")
    assert NUMBER.fullmatch(first["X-Request-ID"]) and NUMBER.fullmatch(second["X-Request-ID"])
    assert first["X-Request-ID"] != second["X-Request-ID"]


@pytest.mark.parametrize(
    "path", ["/", "/ban-do/", "/du-lieu-mo/", "/api/", "/song", "/api/changes?since=2026-01-01"]
)
def test_head_is_answered_as_get_without_a_body(visitor: Client, path: str) -> None:
    got, told = visitor.get(path), visitor.head(path)
    assert (told.status_code, told["Content-Type"]) == (got.status_code, got["Content-Type"])
    assert b"".join(told) == b""


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(log.Line())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def lines() -> Any:
    handler = Lines()
    logging.getLogger().addHandler(handler)
    yield handler.lines
    logging.getLogger().removeHandler(handler)


def test_an_error_shows_the_number_under_which_the_log_holds_its_traceback(
    visitor: Client, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: Any) -> Any:
        raise ZeroDivisionError("chia cho không")

    monkeypatch.setattr(views.worker, "state", broken)
    answer = visitor.get("/song")
    number = answer["X-Request-ID"]
    assert answer.status_code == 500 and number in answer.content.decode()
    told = "\n".join(lines)
    assert number in told and "ZeroDivisionError" in told and "in health" in told


def test_the_log_names_who_asked_by_key_and_keeps_no_row_of_a_person(
    visitor: Client, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import IntegrityError

    from baoton.people.models import Person

    person = Person.objects.create_user("lan", password="x", last_name="Vũ Thị", first_name="Lan")
    visitor.force_login(person)

    def broken(*_given: Any) -> Any:
        raise IntegrityError(f"duplicate key\nDETAIL: Key (phone)=({PHONE}) already exists.")

    monkeypatch.setattr(views.worker, "state", broken)
    visitor.get(f"/song?q={PHONE}")
    told = "\n".join(lines)
    assert str(person.pk) in told and "IntegrityError" in told
    assert PHONE not in told and "Vũ Thị" not in told


def test_a_request_that_takes_too_long_is_stopped_and_says_so(
    visitor: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_given: Any) -> HttpResponse:
        while True:
            time.sleep(0.01)

    monkeypatch.setattr(views.worker, "state", slow)
    settings.REQUEST_SECONDS = 0.3
    answer = visitor.get("/song")
    assert answer.status_code == 503
    assert answer["X-Request-ID"] in answer.content.decode()


@pytest.mark.parametrize("path", ["/", "/so/observations-occurrence/", "/ban-do/"])
def test_a_page_asks_once_which_imports_are_half_written(visitor: Client, path: str) -> None:
    Person.objects.create_user("ai", password="x")
    visitor.force_login(Person.objects.get(username="ai"))
    with CaptureQueriesContext(connection) as log_:
        assert visitor.get(path).status_code == 200
    assert len([q for q in log_ if "kit_importbatch" in q["sql"] and "state" in q["sql"]]) <= 1


def test_the_next_page_asks_anew(visitor: Client) -> None:
    visitor.get("/so/observations-occurrence/")
    batch = ImportBatch.objects.create(target="x", file_name="x", sha256="x", state="half", written=1)
    assert unfinished() == (batch.pk,)
