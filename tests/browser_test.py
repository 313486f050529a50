"""A real browser on a real installation: the ways the cast takes, with no error told and nothing fetched elsewhere."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser import PHONE, fits, picture, visitors
from tests.installation import installations, prepared

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A small province loaded, simulated and served by the same commands an office uses."""
    for site in installations(prepared(tmp_path_factory, "demo", "--records", "1500")):
        site.serve()
        yield site.base


@pytest.fixture
def open_as(chromium: Any, address: str) -> Iterator[Callable[..., Any]]:
    """A page in which this person is logged in; what it tells of errors or fetches elsewhere fails the test."""
    with visitors(chromium, address) as page:
        yield page


def test_a_figure_of_the_plan_opens_exactly_its_records(open_as: Callable[..., Any]) -> None:
    page = open_as("lan")
    page.click("nav.side a[href='/ke-hoach/']")
    figure = page.locator("#nv1 a.figure").first
    shown = figure.inner_text().replace(".", "")
    figure.click()
    assert page.locator("#list .sentence b").first.inner_text().replace(".", "") == shown
    assert page.locator("#list tbody tr").count() > 0


def test_a_filter_changes_rows_sentence_address_and_downloads_without_a_new_page(
    open_as: Callable[..., Any],
) -> None:
    page = open_as("lan")
    page.goto("/so/observations-occurrence/")
    page.evaluate("window.same = true")
    page.select_option("select[name=group]", "bird")
    page.wait_for_url("**group=bird**")
    page.locator("#list .sentence", has_text="chim").wait_for()
    assert page.evaluate("window.same") is True
    groups = set(page.locator("#list tbody td:nth-child(4)").all_inner_texts())
    assert groups == {"chim"}
    assert "group=bird" in page.locator("#outs a[href*='xuat.csv']").get_attribute("href")


def test_the_reader_chooses_the_language_and_stays_on_the_page(open_as: Callable[..., Any]) -> None:
    page = open_as()
    page.goto("/so/taxa-taxon/?q=vuon")
    page.click(".language button")
    page.wait_for_selector("html[lang=en]")
    assert page.url.endswith("/so/taxa-taxon/?q=vuon") and "Species checklist" in page.inner_text("h1")


def test_a_phone_has_a_menu_and_pages_that_fit(open_as: Callable[..., Any]) -> None:
    page = open_as("sung", PHONE)
    button = page.locator("[data-menu]")
    assert not page.locator("nav.side").is_visible() and button.get_attribute("aria-expanded") == "false"
    button.click()
    assert page.locator("nav.side").is_visible() and button.get_attribute("aria-expanded") == "true"
    session = page.locator("a[href='/so/outreach-session/']")
    group = page.locator("nav.side details", has=session)
    if not group.locator("a").first.is_visible():
        group.locator("summary").click()
    group.locator("a[href='/so/outreach-session/']").click()
    assert fits(page)
    page.locator("#list tbody a").first.click()
    page.wait_for_selector("dl.facts")
    assert fits(page)
    for path in ("/", "/ke-hoach/", "/so/outreach-session/moi/", "/ban-do/", "/dia-ban/", "/nhap/", "/toi/"):
        page.goto(path)
        assert fits(page), path


def tap(page: Any, dx: float, dy: float) -> None:
    box = page.locator(".draw .map canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2 + dx, box["y"] + box["height"] / 2 + dy)
    page.wait_for_timeout(120)


def at_the_border(page: Any) -> None:
    """The drawing map stands where three communes meet, near enough to draw a parcel."""
    page.wait_for_selector("[data-draw][data-ready]")
    page.locator(".draw .map canvas").scroll_into_view_if_needed()
    page.evaluate(
        "document.querySelector('[data-draw]').drawing.map.jumpTo({center: [103.1, 22.3], zoom: 13})"
    )


def corner(page: Any) -> tuple[float, float]:
    """Where the third corner of the drawn polygon stands on the screen."""
    return tuple(  # type: ignore[return-value]
        page.evaluate("""() => { const d = document.querySelector('[data-draw]').drawing;
        const p = d.map.project(d.features()[0].geometry.coordinates[0][2]);
        const b = d.map.getCanvas().getBoundingClientRect(); return [b.left + p.x, b.top + p.y]; }""")
    )


def test_a_polygon_is_drawn_measured_saved_and_one_corner_moved(open_as: Callable[..., Any]) -> None:
    page = open_as("lan")
    page.goto("/so/observations-event/moi/")
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    page.fill("[name=event_id]", "lô-vẽ")
    page.fill("[name=event_type]", "ô điều tra vẽ tay")
    page.select_option("[name=dataset]", index=1)
    page.fill("[name=day_start]", "2026-11-20")
    at_the_border(page)
    page.click("[data-do=polygon]")
    for dx, dy in ((-140, -90), (140, -90), (140, 90), (-140, 90)):
        tap(page, dx, dy)
    drawn = page.inner_text("[data-measure]")
    assert re.search(r"Diện tích khoảng [\d.,]+ ha", drawn)
    page.click("[data-do=done]")
    page.click("main form.card > .acts button")
    page.wait_for_selector("dl.facts")
    stored = re.search(r"([\d.,]+) ha", page.inner_text("dl.facts"))
    assert stored and stored[1] in drawn, (stored, drawn)  # what was told while drawing is what is kept
    assert "Nằm trong:" in page.inner_text("main") and "vùng" in page.inner_text("[data-legend]")
    page.click("text=Sửa")
    page.wait_for_selector("[data-draw][data-ready]")
    page.locator(".draw .map canvas").scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    x, y = corner(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 10, y + 5, steps=3)
    page.mouse.move(x + 40, y + 20, steps=4)
    page.mouse.up()
    page.wait_for_timeout(200)
    moved = page.inner_text("[data-measure]")
    assert moved != drawn
    page.click("main form.card > .acts button")
    page.wait_for_selector("dl.facts")
    again = re.search(r"([\d.,]+) ha", page.inner_text("dl.facts"))
    assert again and again[1] in moved and again[1] != stored[1]
    page.goto("/so/observations-event/?status=draft")
    assert "ô điều tra vẽ tay" in page.inner_text("#list")


def test_a_line_is_drawn_with_keys_alone_and_stays_a_line(open_as: Callable[..., Any]) -> None:
    page = open_as("lan")
    page.goto("/so/observations-event/moi/")
    at_the_border(page)
    page.click("[data-do=linestring]")
    page.focus(".draw .map canvas")
    for key in (" ", "ArrowRight", " ", "ArrowDown", " "):
        page.keyboard.press(key)
        page.wait_for_timeout(50)
        page.wait_for_function("() => !document.querySelector('[data-draw]').drawing.map.isMoving()")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert "LineString" in page.input_value("[name=shape]") and "km" in page.inner_text("[data-measure]")
    page.click("[data-corners] summary")
    first = page.locator("[data-corners] input").first
    first.fill("22,31 103,09")
    first.press("Tab")
    assert "[103.09,22.31]" in page.input_value("[name=shape]") and "LineString" in page.input_value(
        "[name=shape]"
    )
    page.fill("[name=longitude]", "103,2")
    page.fill("[name=latitude]", "22,4")
    page.fill("[name=shape]", "")
    page.locator("[name=shape]").dispatch_event("change")
    assert "22,4" in page.inner_text("[data-measure]")


def test_a_phone_gives_its_own_place_and_reads_a_track(open_as: Callable[..., Any], tmp_path: Path) -> None:
    page = open_as("lan", PHONE)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": 103.2, "latitude": 22.4, "accuracy": 12})
    page.goto("/so/observations-event/moi/")
    at_the_border(page)
    page.click("[data-do=point]")
    page.click("[data-do=gps]")
    page.locator("[data-told]", has_text="± 12 m").wait_for()
    assert page.input_value("[name=longitude]") == "103.200000" and fits(page)
    track = tmp_path / "tuyen.gpx"
    legs = "".join(f'<trkpt lat="22.{n}" lon="103.{n}"/>' for n in (30, 31, 33))
    head = '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
    track.write_text(f"{head}<trk><name>Tuyến 1</name><trkseg>{legs}</trkseg></trk></gpx>", "utf-8")
    page.set_input_files("[name=shape_file]", str(track))
    page.locator("[data-told]", has_text="Tuyến 1").wait_for()
    assert "LineString" in page.input_value("[name=shape]") and page.input_value("[name=longitude]") == ""


def test_every_page_of_the_menus_has_labels_headings_and_no_error(open_as: Callable[..., Any]) -> None:
    seen: set[str] = set()
    for name in ("lan", "", "sung", "quan"):
        page = open_as(name)
        page.goto("/")
        links = page.eval_on_selector_all("nav.side a", "all => all.map(a => a.getAttribute('href'))")
        for path in ["/", *(one for one in links if one not in seen)]:
            answer = page.goto(path)
            assert answer.status == 200, path
            assert page.locator("h1").count() == 1, path
            assert page.evaluate(UNNAMED) == [], path
            assert page.evaluate(JUMPS) == [], path
            assert fits(page), path
        seen |= set(links)


UNNAMED = """() => [...document.querySelectorAll('input:not([type=hidden]),select,textarea,button,a[href]')]
  .filter(e => !(e.labels?.length || e.getAttribute('aria-label') || e.textContent.trim() || e.title
    || e.querySelector?.('img[alt]:not([alt=""])'))).map(e => e.outerHTML.slice(0, 120))"""
JUMPS = """() => { let at = 0; const wrong = []; for (const h of 
  document.querySelectorAll('main h1,main h2,main h3,main h4')) {
  const n = +h.tagName[1]; if (n > at + 1) wrong.push(h.innerText); at = n; } return wrong; }"""


def test_a_villager_without_a_script_sends_a_tip_and_reads_what_the_officer_answers(
    open_as: Callable[..., Any], tmp_path: Path
) -> None:
    from PIL import Image

    photo = tmp_path / "IMG_0012.jpg"
    Image.effect_noise((640, 480), 60).convert("RGB").save(photo)
    small = {"width": 360, "height": 740}
    phone = open_as(size=small, java_script_enabled=False)
    phone.goto("/bao-tin/")
    picture(phone, "tip-phone-vi")
    phone.locator(".chip", has_text="Bẫy, dây phanh").click()
    phone.fill("#id_what", "Nhiều dây phanh trên lối mòn lên đầu suối")
    phone.set_input_files("#id_photos", photo)
    phone.select_option("#id_area_path", label="Xã Mù Cả")
    phone.fill("#id_locality", "bản Xi Nế")
    phone.click(".send button")
    code = phone.locator(".receipt .code").inner_text()
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{4}(-[2-9A-HJKMNP-Z]{4}){2}", code)
    assert phone.locator(".said", has_text="Số ảnh đã nhận: 1").count() == 1
    picture(phone, "tip-receipt-vi")
    officer = open_as("dung")
    officer.goto("/")
    picture(officer, "tip-home-desk")
    officer.goto("/so/tips-tip/?status=new&answered=0&channel=web&area=12/03451&q=&when=tháng này")
    officer.locator("#list tbody a").first.click()
    picture(officer, "tip-record-desk")
    officer.locator("button", has_text="Cử tuần tra ngày mai").click()
    officer.locator(".tag.patrol").first.wait_for()
    picture(officer, "tip-patrol-desk")
    phone.locator("button", has_text="Xem tin của tôi").click()
    assert "Tổ tuần tra sẽ đến" in phone.locator(".answer").inner_text()
    phone.fill("#id_text", "Cảm ơn, đi lối suối nhé")
    phone.locator("button", has_text="Gửi lời nhắn").click()
    phone.locator(".talk .sender").wait_for()
    assert phone.locator(".talk .sender").count() == 1 and phone.locator(".state.patrol").count() == 1
    picture(phone, "tip-state-vi")
    for size, name in ((small, "phone"), ({"width": 1366, "height": 768}, "desk")):
        page = open_as(size=size)
        for address, kind in (("/bao-tin/", "send"), ("/bao-tin/tra-loi/", "look")):
            page.goto(address)
            if kind == "send":
                page.locator("[data-map] summary").first.click()
                page.locator(".draw canvas").first.wait_for()
            assert fits(page)
            picture(page, f"tip-{kind}-{name}")
