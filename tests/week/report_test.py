"""What a person enters stays his: found again whatever its blur, mended while a draft, in a few taps on a phone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.week.conftest import PHONE, Office

pytestmark = pytest.mark.browser
SECRET = "Nomascus concolor"


def test_a_commune_officer_reports_a_guarded_animal_and_keeps_it(
    office: Office, open_as: Callable[..., Any], photo: Path
) -> None:
    sung = open_as("sung")
    sung.page.goto("/so/observations-occurrence/moi/")
    order = sung.page.eval_on_selector_all(
        "form.form > .field:not(details .field) :is(input,select,textarea)", "all => all.map(e => e.name)"
    )
    assert order[:4] == ["day_start", "taxon", "individual_count", "photos"]
    assert sung.page.input_value("#id_area_path") == "12/03451"
    assert not sung.page.locator("#id_dataset").is_visible()
    sung.page.type("#id_taxon", "vuon den tuyen", delay=5)
    sung.page.wait_for_selector(".choices li")
    sung.picture("species-type-ahead")
    sung.press("Enter")
    assert sung.page.input_value("#id_taxon") == SECRET
    sung.page.fill("#id_individual_count", "4")
    sung.page.set_input_files("#id_photos", str(photo))
    sung.picture("occurrence-form")
    sung.click("main form.form button:has-text('Lưu')")
    sung.page.wait_for_selector("dl.facts")
    text = sung.page.inner_text("main")
    assert "22.43000, 102.45000" in text and "Xã Mù Cả" in text
    assert sung.page.locator("ul.evidence img").count() == 1
    sung.picture("own-record")
    mine = sung.page.url
    sung.page.goto("/so/observations-occurrence/?status=draft")
    assert SECRET in sung.page.inner_text("#list")
    sung.page.goto(mine)
    sung.click("a:has-text('Sửa')")
    sung.page.fill("#id_individual_count", "5")
    sung.click("main form.form button:has-text('Lưu')")
    assert "5" in sung.page.inner_text("dl.facts")
    pao = open_as("pao")
    assert pao.page.request.get(mine).status == 404
    pao.page.goto("/so/observations-occurrence/?status=draft")
    assert SECRET not in pao.page.inner_text("#list")
    lan = open_as("lan")
    lan.page.goto(mine)
    lan.page.fill("#id_verify-reason", "đã xem ảnh")
    lan.click("form.verb[action*='verify'] button")
    sung.page.goto(mine)
    assert "22.43000, 102.45000" in sung.page.inner_text("main")
    assert not sung.page.locator("a:has-text('Sửa')").count()
    assert "22.43000" not in pao.page.request.get(mine).text()


def test_a_phone_reports_in_three_taps(office: Office, open_as: Callable[..., Any]) -> None:
    more = {"geolocation": {"longitude": 102.44, "latitude": 22.44}, "permissions": ["geolocation"]}
    sung = open_as("sung", PHONE, **more)
    sung.click("main a:has-text('Báo nhanh')")
    assert sung.fits
    sung.page.wait_for_function("document.querySelector('[name=latitude]').value !== ''")
    sung.click(".chip >> nth=0")
    sung.picture("quick-phone")
    sung.click(".send button")
    sung.page.wait_for_selector("dl.facts")
    assert sung.clicks == 3
    assert "22.44000, 102.44000" in sung.page.inner_text("main")
    sung.page.goto("/bao-nhanh/")
    sung.click("text=Dây phanh")
    sung.page.fill("#id_count", "12")
    sung.choose("#id_done", "removed")
    sung.click("main form.form button:has-text('Lưu')")
    assert "đã tháo" in sung.page.inner_text("dl.facts")
    sung.picture("snare-phone")
    pao = open_as("pao")
    pao.page.goto("/so/patrols-sign/")
    assert "dây phanh" not in pao.page.inner_text("#list")


def test_former_units_wait_behind_a_switch(office: Office, open_as: Callable[..., Any]) -> None:
    lan = open_as("lan")
    lan.page.goto("/so/observations-occurrence/")
    few = lan.page.locator("select[name=area] option").count()
    lan.page.check(".behind input")
    assert lan.page.locator("select[name=area] option").count() > few + 50
