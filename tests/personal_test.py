"""Whatever a register knows of a person: no list, order, file, search, feed, history or log has it whole."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.facilities.cases import MU_CA, SYSTEM, owner, taxon

from baoton.enforcement.models import Case
from baoton.enforcement.models import Person as CasePerson
from baoton.facilities.models import Planted
from baoton.kit.kinds import Count
from baoton.kit.models import AuditEvent
from baoton.kit.reading.register import REGISTERS, Register
from baoton.kit.writing import outbox, write
from baoton.people.models import Person
from baoton.rescue.models import Animal
from baoton.tips.actions import receive
from baoton.tips.models import Sender, Tip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]
FIRST, SECOND = "0912345671", "0987001122"
NUMBERS = re.compile(r"phone|identity|e?mail|contact|(^|_)tel|address")
KEPT: dict[str, list[Any]] = {n: [k for k in r.fields if k.personal] for n, r in REGISTERS.items()}
BOOKS = [n for n, kinds in KEPT.items() if kinds]


def test_every_column_that_is_named_like_a_persons_number_is_declared_personal() -> None:
    for name, register in REGISTERS.items():
        named = {f.attname for f in register.model._meta.concrete_fields if NUMBERS.search(f.attname)}
        assert named <= {k.attname for k in KEPT[name]}, name
    assert {"facilities.owner", "facilities.planted"} <= set(BOOKS)


@pytest.fixture
def edited() -> dict[str, Any]:
    """A row of each such book whose personal data were mended once."""
    made = {
        "facilities.owner": owner(area=MU_CA),
        "facilities.planted": write.create(
            REGISTERS["facilities.planted"], SYSTEM,
            Planted(grower="Lý A Sử", area_path=MU_CA, taxon=taxon("Panax vietnamensis"), year=2020, amount=4),
        ),
        "rescue.animal": write.create(
            REGISTERS["rescue.animal"], SYSTEM, Animal(written="Khỉ vàng", area_path=MU_CA, told_on=date(2026, 3, 2))
        ),
        "tips.sender": write.create(
            REGISTERS["tips.sender"], SYSTEM,
            Sender(contact="gặp ở chợ", tip=receive(Tip(kind="snare", what="bẫy", area_path=MU_CA), "k")[0]),
        ),
    }  # fmt: skip
    case = write.create(
        REGISTERS["enforcement.case"], SYSTEM, Case(title="Bẫy thú", area_path=MU_CA, organisation="kiem_lam")
    )
    made["enforcement.person"] = write.create(
        REGISTERS["enforcement.person"], SYSTEM, CasePerson(case=case, name="Lý A Sử")
    )
    assert set(made) == set(BOOKS), "a new book with personal data is tried here too"
    for name, record in made.items():
        for value in (FIRST, SECOND):
            told = {k.name: 1900 + int(value[-2:]) if isinstance(k, Count) else value for k in KEPT[name]}
            made[name] = write.edit(REGISTERS[name], SYSTEM, record, told)
    outbox.drain()
    return made


def doors(book: Register, record: Any) -> list[str]:
    base, names = book.url(), [k.name for k in KEPT[book.name]]
    columns = "&".join(f"cols={n}" for n in names)
    return [
        base, f"{base}?{columns}", *(f"{base}?sort={sign}{n}&{columns}" for n in names for sign in ("", "-")),
        f"{base}?q={SECOND}", f"{base}goi-y/?q={SECOND[-6:]}", f"/tim/?q={SECOND}", f"/tim/goi-y/?q={SECOND}",
        *(f"{base}xuat.{kind}?{columns}" for kind in ("csv", "xlsx", "geojson", "gpkg")),
        f"/api/collections/{book.slug}/items?limit=1000", f"/api/collections/{book.slug}/items/{record.pk}",
        "/api/changes?since=2020-01-01", f"/nhat-ky/?record={record.pk}", f"/nhat-ky/?book={book.name}",
    ]  # fmt: skip


def told(browser: Client, address: str) -> str:
    answer = browser.get(address)
    got = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return re.sub(r"(?:[?&]|&amp;)q=[^\"&]*|value=\"[^\"]*\"|“[^”]*”", "", got.decode("utf-8", "replace"))


@pytest.mark.parametrize("name", BOOKS)
def test_no_reader_is_told_the_whole_of_it_but_by_the_page_whose_opening_is_kept(
    name: str, edited: dict[str, Any]
) -> None:
    book, record = REGISTERS[name], edited[name]
    people = list(Person.objects.filter(is_active=True))
    assert len(people) > 8
    for person in people:
        browser = Client()
        browser.force_login(person)
        for address in doors(book, record):
            text = told(browser, address)
            assert FIRST not in text and SECOND not in text, (person.username, address)
        page = told(browser, book.url(record))
        assert FIRST not in page, "the old number stands in no history"
        opened = AuditEvent.objects.filter(verb=f"{name}.see", actor_id=str(person.pk)).exists()
        assert SECOND not in page or opened, person.username


@pytest.mark.parametrize("name", BOOKS)
def test_a_history_says_that_it_changed_and_how_the_new_number_ends(
    name: str, edited: dict[str, Any]
) -> None:
    browser = Client()
    browser.force_login(Person.objects.get(username="dung"))
    page = told(browser, REGISTERS[name].url(edited[name]))
    assert "•••671" in page and "•••122" in page


@pytest.mark.parametrize("name", BOOKS)
def test_it_is_offered_neither_as_a_column_nor_as_an_order(name: str) -> None:
    from baoton.kit.pages.list import choosable

    for kind in KEPT[name]:
        assert not choosable(kind) and REGISTERS[name].sort_of(kind.name) is None
        assert kind not in REGISTERS[name].filed and kind.filter("x") is None
