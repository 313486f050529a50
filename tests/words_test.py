"""Each language is whole: no Vietnamese in the English pages but names and records, no English in the others."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client

import baoton
from baoton.assessment.models import SpeciesStatus
from baoton.kit.models import ImportBatch
from baoton.kit.reading.register import REGISTERS
from baoton.observations.models import Occurrence
from baoton.people.simulate import CAST
from baoton.places.models import Unit
from baoton.plan.models import Work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("year"), pytest.mark.once]
NAMES = [c.username for c in CAST if c.username != "hien"]  # her pages are those of Lan
READERS = ["lan", "công chúng", "quan", *(n for n in NAMES if n not in {"lan", "quan"})]
"""Who opens a page first reads it for all: the office, whoever is not known, the administrator, then the others."""
VIETNAMESE = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")
ENGLISH = re.compile(
    r"\b(the|and|of|with|from|until|save|search|download|filter|delete|add|edit|page|row|rows|name|date|value|"
    r"dataset|taxon|start|required|choose|unknown|none|true|false)\b",
    re.IGNORECASE,
)
DATA = "//*[@lang]|//*[contains(concat(' ', @class, ' '), ' data ')]"
NOT_CHROME = f"//script|//style|//code|//title|//option|//textarea|{DATA}"
SPOKEN = ("title", "placeholder", "aria-label", "alt")


def pages(browser: Client, met: set[str] | None = None) -> Iterator[tuple[str, str]]:
    """Every page that the menu offers this reader, and one page of each further kind, but those already `met`."""
    opened = browser.get("/")
    addresses = [address for group in opened.context["menu"] for _label, address, _here in group.lines]
    addresses += ["/", "/toi/", "/dang-nhap/", "/khong-co/", "/ke-hoach/van-ban/", "/dia-ban/cu-moi/"]
    addresses += ["/bao-cao/2026/so-lieu/"] + [f"/ke-hoach/nhiem-vu/{n}/" for n in range(1, 6)]
    for book, record in [
        ("observations.occurrence", Occurrence.objects.filter(disclosure__gt=0).first()),
        ("observations.occurrence", Occurrence.objects.filter(status="draft").first()),
        ("plan.work", Work.objects.first()),
        ("assessment.status", SpeciesStatus.objects.first()),
    ]:
        assert record is not None
        register = REGISTERS[book]
        addresses += [register.url(record), f"/vi-sao/{register.slug}/{record.pk}/"]
        addresses += [f"{register.url()}tu-dien/", f"{register.url()}moi/", f"{register.url(record)}sua/"]
        if getattr(record, "taxon_id", None):
            addresses.append(f"/loai/{record.taxon_id}/")
    for address in dict.fromkeys(addresses):
        if met is not None and address in met:
            continue
        answer = browser.get(address)
        if met is not None and answer.status_code == 200:
            met.add(address)
        if answer.status_code in {200, 403, 404} and answer["Content-Type"].startswith("text/html"):
            yield address, answer.content.decode()


def texts(page: str, but: str) -> Iterator[str]:
    """The sentences a reader meets, spoken attributes among them, leaving out what the path names."""
    tree = lxml.html.fromstring(page)
    for element in tree.xpath(but):
        if element.tag != "html" and element.getparent() is not None:
            element.drop_tree()
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for text in (element.text, element.tail, *(element.get(name) for name in SPOKEN)):
            if text and text.strip():
                yield " ".join(text.split())


@pytest.fixture
def as_(person: Callable[[str], Any]) -> Callable[[str, str], Client]:
    """A browser in which this person reads in this language; `công chúng` is nobody."""

    def of(name: str, language: str) -> Client:
        fresh = Client()
        if name != "công chúng":
            fresh.force_login(person(name))
        fresh.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return fresh

    return of


def names() -> re.Pattern[str]:
    """The names that stay as they are in any language."""
    places = {unit for unit in Unit.objects.values_list("name", flat=True) if VIETNAMESE.search(unit)}
    known = sorted(places | {"Bảo Tồn", "Lai Châu", "Mường Tè"}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, known)))


def test_english_pages_are_english_but_for_names_and_records(as_: Callable[[str, str], Client]) -> None:
    proper = names()
    met: set[str] = set()
    found = {
        f"{name} {address}: {text}"
        for name in READERS
        for address, page in pages(as_(name, "en"), met)
        for text in texts(page, NOT_CHROME)
        if VIETNAMESE.search(proper.sub("", text))
    }
    assert not found, "\n".join(sorted(found))
    assert len(met) > 80


@pytest.mark.parametrize("name", ["lan", "sung", "công chúng"])
def test_no_sentence_of_the_catalogue_stays_vietnamese_even_among_records(
    as_: Callable[[str, str], Client], name: str
) -> None:
    books = Path(baoton.__file__).parent.glob("*/locale/en/LC_MESSAGES/django.po")
    read = [m.id for path in books for m in read_po(path.open("rb"))]
    known = {one for one in read if isinstance(one, str) and VIETNAMESE.search(one)}
    found = {
        f"{address}: {text}"
        for address, page in pages(as_(name, "en"))
        for text in texts(page, "//script|//style|//*[@lang]")
        if text in known and text != "Bảo Tồn"
    }
    assert not found, "\n".join(sorted(found))


def test_vietnamese_pages_hold_no_english_in_their_frame(as_: Callable[[str, str], Client]) -> None:
    met: set[str] = set()
    found = {
        f"{name} {address}: {text}"
        for name in READERS
        for address, page in pages(as_(name, "vi"), met)
        for text in texts(page, NOT_CHROME)
        if ENGLISH.search(re.sub("“[^”]*”", "", text))
    }
    assert not found, "\n".join(sorted(found))
    assert len(met) > 80


def test_the_import_wizard_speaks_english_too(as_: Callable[[str, str], Client], tmp_path: Path) -> None:
    browser, path = as_("lan", "en"), tmp_path / "survey.csv"
    path.write_text(
        "occurrenceID,scientificName,decimalLatitude,decimalLongitude,eventDate,basisOfRecord,field note\n"
        "w1,Macaca mulatta,22.1,103.1,2026-03-01,HumanObservation,gần suối\n"
        "w2,Macaca mulatta,95,103.1,ngày nào đó,nhìn thấy,\n",
        encoding="utf-8",
    )
    with path.open("rb") as file:
        plan = browser.post("/nhap/", {"file": file}, follow=True)
    batch = ImportBatch.objects.get(file_name="survey.csv")
    columns = list(batch.plan["tables"][0]["columns"])
    terms = [batch.plan["tables"][0]["columns"][c] for c in columns]
    given = {"dataset": "survey", "title": "Survey", "column-0": columns, "term-0": terms}
    given |= {"target-0": "observations.occurrence", "crs-0": "wgs84", "order-0": "dmy"}
    outcome, proper = browser.post(f"/nhap/{batch.pk}/cach-doc/", given, follow=True), names()
    values = browser.get(f"/nhap/{batch.pk}/gia-tri/")
    found = {
        text
        for answer in (plan, outcome, values)
        for text in texts(answer.content.decode(), NOT_CHROME)
        if VIETNAMESE.search(proper.sub("", text))
    }
    assert not found, "\n".join(sorted(found))
