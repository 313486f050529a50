"""Without a place in figures: a commune or a village, a tap on the map, the short forms of a patrol, a photo later."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.week.conftest import PHONE, Hand, Office

from baoton.kit.ids import source_id

pytestmark = pytest.mark.browser
FORM, SAVE = "/so/observations-occurrence/moi/", "main form.form button:has-text('Lưu')"


def unfold(hand: Hand) -> None:
    hand.page.evaluate("document.querySelectorAll('main details').forEach(fold => fold.open = true)")


def test_a_village_will_do_and_the_finder_adds_a_photo_to_the_guarded_animal_later(
    office: Office, open_as: Callable[..., Hand], photo: Path
) -> None:
    sung = open_as("sung", PHONE)
    sung.page.goto(FORM)
    assert sung.page.locator("#id_area_path option:checked").inner_text() == "Xã Mù Cả" and sung.fits
    sung.page.fill("#id_taxon", "Nomascus concolor")
    unfold(sung)
    sung.page.fill("#id_locality", "bản Tó Khò, đầu suối")
    sung.page.locator("#id_taxon").press("Escape")
    sung.click(SAVE)
    sung.page.wait_for_selector("dl.facts")
    mine, facts = sung.page.url, sung.page.inner_text("dl.facts")
    assert "Xã Mù Cả" in facts and "bản Tó Khò, đầu suối" in facts
    assert "chưa có vị trí để hiển thị" in sung.page.inner_text("main")
    sung.picture("village-will-do-phone")
    sung.page.set_input_files("input[name=files]", str(photo))
    sung.click("text=Tải lên")
    sung.page.wait_for_selector("ul.evidence img")
    assert "chờ xác minh" in sung.page.inner_text(".head")
    pao = open_as("pao")
    assert pao.page.request.get(mine).status == 404
    assert pao.page.request.get(f"{mine}sua/").status == 404


def test_a_tap_on_the_map_is_the_place(office: Office, open_as: Callable[..., Hand]) -> None:
    sung = open_as("sung", PHONE, has_touch=True)
    sung.page.goto(FORM)
    sung.page.fill("#id_taxon", "Macaca mulatta")
    sung.page.locator("#id_taxon").press("Escape")
    unfold(sung)
    sung.page.wait_for_selector("[data-draw][data-ready]")
    canvas = sung.page.locator(".draw .map canvas")
    canvas.scroll_into_view_if_needed()
    sung.page.evaluate(
        "document.querySelector('[data-draw]').drawing.map.jumpTo({center: [102.45, 22.43], zoom: 13})"
    )
    box = canvas.bounding_box()
    assert box is not None
    sung.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    sung.page.wait_for_function("() => document.querySelector('[name=longitude]').value !== ''")
    assert sung.page.input_value("[name=longitude]").startswith("102.4")
    sung.picture("map-tap-phone")
    sung.click(SAVE)
    sung.page.wait_for_selector("dl.facts")
    assert "22.4" in sung.page.inner_text("main") and "102.4" in sung.page.inner_text("main") and sung.fits


def test_a_patrol_reports_a_trap_and_looks_after_a_camera_in_short_forms(
    office: Office, open_as: Callable[..., Hand], photo: Path
) -> None:
    sung = open_as("sung", PHONE)
    for kind, done, told in (
        ("Bẫy khác", "reported", "đã báo"),
        ("Kiểm tra bẫy ảnh", "changed", "đã thay pin"),
    ):
        sung.page.goto("/bao-nhanh/")
        sung.click(f"main a:has-text('{kind}')")
        assert sung.page.locator("#id_kind option:checked").inner_text().lower().startswith(kind.lower())
        asked = sung.page.eval_on_selector_all(
            "form.form > .field:not(details .field) :is(input,select,textarea)", "all => all.map(e => e.name)"
        )
        assert asked[:5] == ["kind", "day", "count", "done", "photos"] and "what" not in asked and sung.fits
        sung.page.fill("#id_count", "2")
        sung.choose("#id_done", done)
        sung.page.set_input_files("#id_photos", str(photo))
        sung.click(SAVE)
        sung.page.wait_for_selector("dl.facts")
        assert told in sung.page.inner_text("dl.facts") and "Xã Mù Cả" in sung.page.inner_text("dl.facts")
    sung.page.goto(f"/so/patrols-sign/?kind={source_id('patrols.sign_kind', 'camera')}")
    assert "kiểm tra bẫy ảnh" in sung.page.inner_text("#list").lower()
    sung.click(".language button")
    sung.page.wait_for_selector("html[lang=en]")
    assert "camera" in sung.page.inner_text("#list").lower() and "bẫy" not in sung.page.inner_text("#list")
    sung.page.goto(f"/so/patrols-sign/moi/?kind={source_id('patrols.sign_kind', 'trap')}")
    assert (
        "trap" in sung.page.inner_text("#id_kind") and "bẫy" not in sung.page.inner_text("main") and sung.fits
    )
