"""A new office: an installation made from nothing by `baoton init`, its people, and a browser they work in."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser import PHONE, Hand, visitors
from tests.installation import Installation, installations, prepared

__all__ = ["PHONE", "Hand", "Office", "number"]
Office = Installation


@pytest.fixture(scope="session")
def office(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """`baoton init` on an empty folder, the people of the office, and the server."""
    for site in installations(prepared(tmp_path_factory, "init")):
        site.python("from baoton.people.simulate import cast; cast()")
        site.serve()
        yield site


@pytest.fixture
def open_as(chromium: Any, office: Office) -> Iterator[Callable[..., Hand]]:
    """A person at a page, signed in by name; what the page tells of errors fails the test."""
    with visitors(chromium, office.base) as page:
        yield lambda *given, **more: Hand(page(*given, **more))


def number(text: str) -> int:
    """The first whole number of a text."""
    found = re.search(r"\d[\d.]*", text)
    assert found, text
    return int(found.group().replace(".", ""))


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture taken in Mù Cả, whose camera wrote the place and the day."""
    from PIL import ExifTags, Image

    picture = Image.new("RGB", (640, 480), "#356a3b")
    tags = Image.Exif()
    gps = tags.get_ifd(ExifTags.IFD.GPSInfo)
    for at, side, value in ((2, "N", 22.43), (4, "E", 102.45)):
        minutes = (value - int(value)) * 60
        gps[at - 1], gps[at] = side, (int(value), int(minutes), round((minutes - int(minutes)) * 60, 3))
    tags.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:11:20 08:30:00"
    path = tmp_path_factory.mktemp("photos") / "mu-ca.jpg"
    picture.save(path, exif=tags)
    return path


SPECIES = """
from datetime import date
from baoton.assessment.actions import compute
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.outbox import drain
from baoton.observations.actions import verify
from baoton.observations.models import Dataset, Occurrence
from baoton.outreach.models import Session
from baoton.taxa.models import Taxon
book = REGISTERS["observations.occurrence"]
data, _ = Dataset.objects.get_or_create(code="trang", defaults={"title": "Điều tra trang"})
for n, name in enumerate(["Macaca mulatta"] * 4 + ["Nomascus concolor"] * 2 + ["Lantana camara"]):
    row = Occurrence(dataset=data, taxon=Taxon.objects.get(scientific_name=name), day_start=date(2026, 9, 1 + n))
    row.put_point(102.44 + n / 300, 22.44 - n / 400)
    verify(System(), write.create(book, System(), row), "đã xem")
write.create(REGISTERS["outreach.session"], System(), Session(title="Họp bản Ma Ký", kind="meeting",
    day=date(2026, 9, 3), area_path="12/03451", organisation="ubnd_03451", participants=30))
compute(date(2026, 12, 31))
drain()
"""


@pytest.fixture(scope="session")
def species(office: Office) -> Office:
    office.python(SPECIES)
    return office


FACILITIES = """
from datetime import date, timedelta
from django.utils import timezone
from tests.facilities.cases import SYSTEM, act, book, facility, stock
from baoton.facilities.models import Application, Campaign, Code, Facility, Inspection, Stock
from baoton.kit.writing import write
from baoton.people.actions import give
from baoton.people.models import Organisation, Person
from baoton.people.simulate import PASSWORD
today = timezone.localdate()
at = facility(); held = stock(at); held = act("stock", held, "opening", kind="dam", amount=4, note="kiểm đếm")
for _ in range(19):
    held = act("stock", held, "born", day=today, kind="unsexed", amount=1)
Code.objects.create(facility=at, text="IIB-LCH-0042", group="IIB", since=date(2026, 2, 2))
Organisation.objects.create(code="co_so_1", name="Cơ sở Nậm Kè", area_path="12/03451")
Facility.objects.filter(pk=at.pk).update(code="IIB-LCH-0042", code_from=date(2026, 2, 2), organisation="co_so_1")
Stock.objects.filter(pk=held.pk).update(organisation="co_so_1")
dossier = write.create(book("application"), SYSTEM, Application(facility=at, kind="reissue", organisation="kiem_lam"))
campaign = write.create(book("campaign"), SYSTEM, Campaign(name="Đợt cuối năm", begins=today,
    ends=today + timedelta(60), organisation="kiem_lam", teams="Đoàn 1: Lò Văn Dũng"))
visit = write.create(book("inspection"), SYSTEM,
    Inspection(facility=at, kind="planned", day=today, organisation="kiem_lam"))
keeper = Person.objects.create_user("chutrai", password=PASSWORD, organisation_id="co_so_1", first_name="Pao")
give(SYSTEM, keeper, "keeper", organisation="co_so_1")
for name, one in (("facility", at), ("stock", held), ("application", dossier), ("campaign", campaign),
                  ("inspection", visit)):
    print(book(name).url(one))
print(f"/kiem-tra/{visit.pk}/")
"""


@pytest.fixture(scope="session")
def places(species: Office) -> list[str]:
    """A coded facility with its book, dossier, campaign and visit, and its owner's account: their pages."""
    return species.python(FACILITIES).splitlines()[-6:]
