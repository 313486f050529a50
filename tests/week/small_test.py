"""Small but daily: asked before a record goes, the focus where it was, paper with bars and maps, HEAD answered."""

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.week.conftest import PHONE, Hand, Office

pytestmark = pytest.mark.browser
DRAFT = """
from datetime import date
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.observations.models import Dataset, Occurrence
from baoton.taxa.models import Taxon
book = REGISTERS["observations.occurrence"]
data, _ = Dataset.objects.get_or_create(code="nho", defaults={"title": "Sổ tay"})
row = Occurrence(dataset=data, taxon=Taxon.objects.get(scientific_name="Macaca mulatta"), day_start=date(2026, 9, 2))
row.put_point(102.44, 22.44)
print(book.url(write.create(book, System(), row)))
"""


def test_nothing_is_withdrawn_before_it_was_asked_and_the_focus_stays_at_hand(
    office: Office, open_as: Callable[..., Hand]
) -> None:
    address = office.python(DRAFT).splitlines()[-1]
    lan = open_as("lan")
    lan.page.goto(address)
    asked: list[str] = []
    lan.page.once("dialog", lambda one: (asked.append(one.message), one.dismiss()))
    withdraw = "form.verb[action*='withdraw']"
    lan.page.fill(f"{withdraw} input[name=reason]", "nhập trùng")
    lan.click(f"{withdraw} button")
    assert asked == ["Rút bản ghi này? Nó sẽ không còn được tính ở đâu nữa."]
    assert lan.page.locator("dl.facts").count() and lan.page.input_value(f"{withdraw} input[name=reason]")
    lan.click("form.verb[action*='refuse'] button")
    lan.page.wait_for_selector(".message.error")
    assert lan.page.evaluate("document.activeElement.matches('form.verb[action*=refuse] button')")
    lan.page.fill("#id_verify-reason", "đã xem ảnh")
    lan.click("form.verb[action*='verify'] button")
    lan.page.wait_for_selector(".message.success")
    assert lan.page.inner_text(".message") == "Đã xác minh." and "đã xác minh" in lan.page.inner_text(".head")
    assert "Vũ Thị Lan" in lan.page.locator("ol.history li").first.inner_text()
    assert lan.page.evaluate("document.activeElement.matches('.message')")
    lan.page.once("dialog", lambda one: one.accept())
    lan.page.fill(f"{withdraw} input[name=reason]", "nhập trùng")
    lan.click(f"{withdraw} button")
    lan.page.wait_for_selector("main > .message")
    assert "Đã rút" in lan.page.inner_text("main > .message")
    lan.page.goto("/so/observations-occurrence/?dataset=&q=khỉ vàng&status=draft")
    assert address not in lan.page.content()


def paper(page: Any, path: str, folder: Path) -> tuple[str, Image.Image]:
    """What a page is once printed: its words, and its first sheet as a picture."""
    page.goto(path)
    if page.locator("[data-map]").count():
        page.wait_for_selector("[data-map][data-ready]")
    file = folder / "trang.pdf"
    page.pdf(path=str(file), format="A4", prefer_css_page_size=True)
    words = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
    )
    shot = subprocess.run(
        ["pdftoppm", "-png", "-r", "50", "-l", "1", str(file)], capture_output=True, check=True
    )
    return words.stdout, Image.open(io.BytesIO(shot.stdout)).convert("RGB")


def test_legal_bars_maps_sheets_and_the_meeting_are_on_paper(
    species: Office, open_as: Callable[..., Hand], tmp_path: Path
) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler is not on this machine")
    lan = open_as("lan")
    lan.page.goto("/so/taxa-taxon/?q=khỉ vàng")
    animal = lan.page.get_attribute("#list tbody a", "href") or ""
    words, sheet = paper(lan.page, animal, tmp_path)
    assert "Macaca mulatta" in words and "Theo thời gian" in words and "Đăng xuất" not in words
    lan.page.emulate_media(media="print")
    bars = lan.page.locator(".timeline .span")
    assert bars.count() and all((b.bounding_box() or {"width": 0})["width"] > 0 for b in bars.all())
    assert bars.first.evaluate("e => getComputedStyle(e).printColorAdjust") == "exact"
    assert (
        lan.page.locator("[data-map] canvas").is_visible() and not lan.page.locator("nav.side").is_visible()
    )
    lan.page.emulate_media(media="screen")
    assert len(sheet.getcolors(1 << 24) or []) > 100  # bars, words and the map, no blank sheet
    for path, told in (("/dia-ban/03451/phieu/", "Mù Cả"), ("/dieu-hanh/giao-ban/", "Giao ban")):
        words, sheet = paper(lan.page, path, tmp_path)
        assert told.lower() in words.lower() and "Trình đơn" not in words, path
        assert len(sheet.getcolors(1 << 24) or []) > 8, path


def test_every_page_of_the_menus_answers_head_and_tells_commands_to_administrators_alone(
    office: Office, open_as: Callable[..., Hand]
) -> None:
    for name in ("", "sung", "quan"):
        one = open_as(name, PHONE)
        one.page.goto("/")
        paths = one.page.eval_on_selector_all("nav.side a", "all => all.map(a => a.getAttribute('href'))")
        assert paths
        for path in [*paths, "/", "/song", "/dang-nhap/", "/khong-co/"]:
            got, head = one.page.request.get(path), one.page.request.head(path)
            assert (head.status, head.body()) == (got.status, b""), path
            if name != "quan":
                assert "baoton import" not in got.text(), path
