"""Answers to the public are remembered, and never a moment too long."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.write import create, edit, withdraw
from baoton.observations.models import Dataset, Occurrence
from baoton.people.models import Organisation, Person
from baoton.places.actions import load as load_places
from baoton.site import remembering
from baoton.taxa.actions import load as load_taxa
from baoton.taxa.models import Taxon

pytestmark = pytest.mark.django_db(transaction=True)
BOOK = "observations.occurrence"
LIST, ITEMS = "/so/observations-occurrence/", "/api/collections/observations-occurrence/items"


@pytest.fixture(autouse=True)
def remembering_on(
    settings: Any, nothing_remembered: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    settings.REMEMBER_ANSWERS, settings.JOBS_INLINE = True, True
    monkeypatch.setattr(remembering, "ANSWERS", remembering.Remembered())
    yield


@pytest.fixture
def row(db: None) -> Occurrence:
    load_places()
    load_taxa()
    common = Taxon.objects.filter(sensitivity=0, rank="species").first()
    one = Occurrence(taxon=common, dataset=Dataset.objects.create(code="d", title="d"), day_start=date(2026, 5, 2),
                     status="verified", locality="Khe Nước Trong", individual_count=3)  # fmt: skip
    one.put_point(102.9, 22.4)
    saved: Occurrence = create(REGISTERS[BOOK], System(), one)
    return saved


def asked(visitor: Client, path: str) -> tuple[bytes, int]:
    from django.db import connection

    with CaptureQueriesContext(connection) as queries:
        answer: Any = visitor.get(path)
    assert answer.status_code == 200, path
    return answer.content, len(queries)


@pytest.mark.parametrize(
    "path", [LIST, ITEMS, "/", "/ke-hoach/", "/ban-do/", "/tiles/observations-occurrence/9/402/223.mvt"]
)
def test_the_second_visitor_costs_one_question_to_the_database(row: Occurrence, path: str) -> None:
    first, many = asked(Client(), path)
    second, one = asked(Client(), path)
    assert first == second and many > 1 and one == 1


def changes(row: Occurrence, how: str) -> None:
    secret = Taxon.objects.filter(sensitivity=2, rank="species").first()
    assert secret is not None
    if how == "withdrawn":
        withdraw(REGISTERS[BOOK], System(), row, "nhầm")
    elif how == "guarded":
        edit(REGISTERS[BOOK], System(), row, {"taxon": secret.pk, "scientific_name": secret.scientific_name})
    elif how == "betrayed":
        other = Occurrence(taxon=secret, dataset=row.dataset, day_start=row.day_start)
        other.put_point(102.9, 22.4001)
        create(REGISTERS[BOOK], System(), other)
    else:
        edit(REGISTERS[BOOK], System(), row, {"locality": "nơi khác"})


@pytest.mark.parametrize("how", ["withdrawn", "guarded", "betrayed", "edited"])
@pytest.mark.parametrize("path", [ITEMS, f"{LIST}{{}}/"])
def test_what_changed_is_answered_anew_at_once(row: Occurrence, path: str, how: str) -> None:
    path, visitor = path.format(row.pk), Client()
    before, _n = asked(visitor, path)
    assert "Khe Nước Trong" in before.decode()
    changes(row, how)
    assert "Khe Nước Trong" not in visitor.get(path).content.decode()


def test_whoever_signed_in_gets_an_answer_of_his_own(row: Occurrence) -> None:
    asked(Client(), LIST)
    one = Person.objects.create_user(
        "nguoi-rieng-774", password="x", organisation=Organisation.objects.create(code="so", name="Sở")
    )
    own = Client()
    own.force_login(one)
    told, many = asked(own, LIST)
    assert "nguoi-rieng-774" in told.decode() and many > 1
    assert "nguoi-rieng-774" not in asked(Client(), LIST)[0].decode()


def test_each_language_is_remembered_by_itself(row: Occurrence) -> None:
    asked(Client(), LIST)
    other = Client()
    other.cookies["django_language"] = "en"
    assert b'lang="en"' in asked(other, LIST)[0] and b'lang="vi"' in asked(Client(), LIST)[0]


def test_a_page_with_a_form_for_its_reader_alone_is_never_remembered(row: Occurrence) -> None:
    known = Client()
    known.get("/dang-nhap/")
    known.get(LIST)
    known.get("/dang-nhap/")
    tokens = {Client().get("/dang-nhap/").content.split(b"csrfmiddlewaretoken")[1][:90] for _i in range(2)}
    assert len(tokens) == 2


def test_no_more_is_remembered_than_may_be() -> None:
    small = remembering.Remembered(most=1000)
    for i in range(50):
        small.put(i, 0, b"x" * 100, {})
    assert small.size <= 1000 and small.get(49, 0) and small.get(0, 0) is None
    assert small.get(49, 1) is None
