"""No page type of facilities, reports to tap, desks and maps has a serious fault of accessibility."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from tests.browser import DESK, PHONE
from tests.week.conftest import Office
from tests.week.pages_test import species  # noqa: F401

pytestmark = pytest.mark.browser
AXE = Path(settings.VENDOR_DIR).parent / "vendor-tests" / "axe-core" / "axe.min.js"
SERIOUS = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
  .filter(v => ['serious', 'critical'].includes(v.impact))
  .map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | ')}`)"""
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
FURTHER = {
    "": ("/ma-so/IIB-LCH-0042/", "/loai/", "/dia-ban/03451/phieu/", "/dia-ban/03451/ap-phich/"),
    "dung": ("/so/facilities-facility/", "/so/facilities-stock/", "/so/facilities-campaign/moi/",
             "/so/facilities-facility/moi/", "/kiem-tra/ke-hoach/", "/thong-ke-noi-trong/", "/mau-van-ban/"),
    "chutrai": ("/", "/co-so-cua-toi/"),
    "lan": ("/so/observations-occurrence/ban-lam-viec/?status=draft", "/duyet-loat/", "/bao-nhanh/", "/ban-do/",
            "/so/places-village/"),
}  # fmt: skip


@pytest.fixture(scope="module")
def places(species: Office) -> list[str]:  # noqa: F811
    """A coded facility with its book, dossier, campaign and visit, and its owner's account: their pages."""
    return species.python(FACILITIES).splitlines()[-6:]


@pytest.mark.parametrize("name", sorted(FURTHER))
def test_axe_finds_no_serious_fault_on_the_pages_of_facilities_and_of_reports(
    places: list[str], open_as: Callable[..., Any], name: str
) -> None:
    if not AXE.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("axe-core is fetched by scripts/fetch_frontend.py, and CI=true")
        pytest.skip("axe-core was not fetched: scripts/fetch_frontend.py var/vendor-tests tests")
    phone = name in {"", "chutrai"}
    page, source, found = open_as(name, PHONE if phone else DESK).page, AXE.read_text("utf-8"), []
    paths = [*FURTHER[name], *(places if name == "dung" else ())]
    if name == "":
        page.goto("/so/taxa-taxon/?q=khỉ vàng")
        paths[1] = page.locator("#list tbody a").first.get_attribute("href")
    for path in paths:
        answer = page.goto(path)
        assert answer.status == 200, path
        page.evaluate(source)
        found += [f"{path}: {one}" for one in page.evaluate(SERIOUS)]
    if name == "dung":
        page.set_viewport_size(PHONE)
        page.goto(places[-1])
        page.evaluate(source)
        found += [f"phone {places[-1]}: {one}" for one in page.evaluate(SERIOUS)]
    assert not found, "\n".join(found)
