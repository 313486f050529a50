"""One page for a species, one for a commune: everything known of it, linked both ways, and no door opened."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.week.conftest import PHONE, Office

pytestmark = pytest.mark.browser


def test_the_list_of_species_opens_a_page_with_all_that_is_known(
    species: Office, open_as: Callable[..., Any]
) -> None:
    lan = open_as("lan")
    lan.page.goto("/so/taxa-taxon/?q=khỉ vàng")
    lan.click("#list tbody a >> nth=0")
    text = lan.page.inner_text("main")
    for part in (
        "Macaca mulatta",
        "Tình trạng pháp lý hôm nay",
        "Khi gặp loài này",
        "Tình trạng trong tỉnh",
        "Ghi nhận loài",
    ):
        assert part in text, part
    assert "thiếu" in text and "\nDD" not in text
    lan.picture("species")
    lan.click("a.figure")
    lan.choose("select[name=status]", "verified")
    lan.page.wait_for_url("**status=verified**")
    lan.page.locator("#list .sentence", has_text="đã xác minh").wait_for()
    lan.click("#list tbody a >> nth=0")
    lan.page.wait_for_selector("dl.facts")
    lan.picture("record-linked")
    assert lan.page.locator("dl.facts a[href^='/loai/']").count() >= 1
    lan.click("dl.facts a:has-text('Điều tra trang')")
    lan.click("a:has-text('Ghi nhận loài: ')")
    assert "Điều tra trang" in lan.page.inner_text("#list .sentence")


def test_a_commune_has_its_sheet_and_a_public_edition_that_tells_no_more(
    species: Office, open_as: Callable[..., Any]
) -> None:
    sung = open_as("sung", PHONE)
    sung.page.goto("/dia-ban/03451/phieu/")
    assert sung.fits and "Họp bản Ma Ký" in sung.page.inner_text("main")
    sung.picture("commune-phone")
    lan = open_as("lan")
    lan.page.goto("/dia-ban/")
    lan.click("a:has-text('Xã Mù Cả')")
    text = lan.page.inner_text("main")
    assert "Vượn đen tuyền" in text and "Macaca mulatta" in text and "Nhóm IIB" in text
    lan.picture("commune")
    lan.click("text=Bản công khai")
    assert "Vượn đen tuyền" not in lan.page.inner_text("main")
    visitor = open_as()
    visitor.page.goto("/dia-ban/03451/phieu/")
    assert "Vượn đen tuyền" not in visitor.page.content() and "Nomascus" not in visitor.page.content()
    visitor.click("text=Áp phích để in")
    assert "Khỉ vàng" in visitor.page.inner_text(".poster") and "Vượn" not in visitor.page.content()
    assert "Lantana" not in visitor.page.inner_text(".poster")  # invasive, not protected
    visitor.picture("poster")


def test_an_officer_adopts_a_status_with_minutes_and_takes_it_back(
    species: Office, open_as: Callable[..., Any]
) -> None:
    lan = open_as("lan")
    lan.page.goto("/so/assessment-status/")
    assert "31/12/" not in lan.page.inner_text("#list tbody")
    lan.click("#list tbody a:has-text('Macaca')")
    text = lan.page.inner_text("main")
    assert "Hạng nào có căn cứ" in text and "số cá thể trưởng thành" in text
    lan.picture("status")
    lan.page.fill("#id_adopt-reason", "Biên bản số 12, hội đồng ngày 20/11/2026")
    lan.click("form.verb[action*='adopt'] button")
    assert lan.page.locator(".message.error").count() == 1
    lan.choose("#id_adopt-category", "LC")
    lan.page.fill("#id_adopt-reason", "Biên bản số 12, hội đồng ngày 20/11/2026")
    lan.page.set_input_files(
        "#id_adopt-scan", {"name": "bb12.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 x"}
    )
    lan.click("form.verb[action*='adopt'] button")
    assert "đã thông qua" in lan.page.inner_text(".head") and "bb12.pdf" in lan.page.inner_text("main")
    lan.click("form.verb[action*='take_back'] button")
    assert lan.page.locator(".message.error").count() == 1
    lan.page.fill("#id_take_back-reason", "Nhầm loài")
    lan.click("form.verb[action*='take_back'] button")
    assert "chờ thông qua" in lan.page.inner_text(".head") and "Nhầm loài" in lan.page.inner_text("main")


def test_the_pages_speak_english(species: Office, open_as: Callable[..., Any]) -> None:
    lan = open_as("lan", PHONE)
    lan.page.goto("/")
    lan.click(".language button")
    told = {
        "/dia-ban/03451/phieu/": "Commune sheet",
        "/bao-nhanh/": "Which species",
        "/duyet-loat/": "together",
        "/ban-do/": "commune names",
        "/so/observations-occurrence/moi/": "Add",
        "/so/plan-work/": "Work items",
        "/ke-hoach/": "Plan",
        "/dieu-hanh/": "late",
        "/dieu-hanh/giao-ban/": "Meeting",
        "/bao-cao/": "report",
    }
    for path, words in told.items():
        lan.page.goto(path)
        assert words in lan.page.inner_text("main"), path
        assert lan.fits, path
