"""No page type of facilities, reports to tap, desks and maps has a serious fault of accessibility."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from tests.browser import DESK, PHONE

pytestmark = pytest.mark.browser
AXE = Path(settings.VENDOR_DIR).parent / "vendor-tests" / "axe-core" / "axe.min.js"
SERIOUS = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
  .filter(v => ['serious', 'critical'].includes(v.impact))
  .map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | ')}`)"""
FURTHER = {
    "": ("/ma-so/IIB-LCH-0042/", "/loai/", "/dia-ban/03451/phieu/", "/dia-ban/03451/ap-phich/"),
    "dung": ("/so/facilities-facility/", "/so/facilities-stock/", "/so/facilities-campaign/moi/",
             "/so/facilities-facility/moi/", "/kiem-tra/ke-hoach/", "/thong-ke-noi-trong/", "/mau-van-ban/"),
    "chutrai": ("/", "/co-so-cua-toi/"),
    "lan": ("/so/observations-occurrence/ban-lam-viec/?status=draft", "/duyet-loat/", "/bao-nhanh/", "/ban-do/",
            "/so/places-village/"),
}  # fmt: skip


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
