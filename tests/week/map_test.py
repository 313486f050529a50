"""The map: a glow when far, names that can be read, a popup that says what is there, a place found, a frame drawn."""

import io
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from PIL import Image
from playwright.sync_api import TimeoutError
from tests.week.conftest import PHONE, Hand, Office, number

pytestmark = pytest.mark.browser
MAP = "document.querySelector('[data-map]').map"


@pytest.fixture(scope="session")
def ground(species: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Records, and what an administrator brings: heights of the province and a road."""
    folder = tmp_path_factory.mktemp("ground")
    side = 200
    y, x = np.mgrid[0:side, 0:side]
    heights = 1500 + 900 * np.sin(x / 9) * np.cos(y / 11)
    head = f"ncols {side}\nnrows {side}\nxllcorner 102.2\nyllcorner 21.5\ncellsize 0.01\nnodata_value -9999\n"
    (folder / "cao.asc").write_text(head + "\n".join(" ".join(f"{v:.0f}" for v in row) for row in heights))
    road = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"QL12"},"geometry":'
    )
    road += '{"type":"LineString","coordinates":[[103.1,22.1],[103.4,22.5]]}}]}'
    (folder / "duong.geojson").write_text(road)
    laid = [("relief", "cao.asc"), ("roads", "duong.geojson")]
    commands = "".join(
        f"assert main(['ground', {what!r}, {str(folder / name)!r}]) == 0\n" for what, name in laid
    )
    species.python(f"from baoton.site.command import main\n{commands}")
    return species


def test_an_officer_reads_the_map_finds_a_commune_and_draws_a_frame(
    ground: Office, open_as: Callable[..., Any]
) -> None:
    lan = open_as("lan")
    lan.page.goto("/ban-do/")
    lan.page.wait_for_selector("[data-ready=yes]")
    lan.page.locator("[data-said]", has_text="bản ghi trong khung nhìn").wait_for(
        state="attached", timeout=90000
    )
    assert lan.page.locator(".map-legend label:has-text('địa hình')").is_visible()
    assert lan.page.locator(".map-legend label:has-text('đường')").is_visible()
    names = f"() => {MAP}.queryRenderedFeatures({{layers: ['seat']}}).map(one => one.properties.name)"
    assert len(set(lan.page.evaluate(names))) > 5
    lan.page.uncheck("[data-layer=seat]")
    assert lan.page.evaluate(f"() => {MAP}.getLayoutProperty('seat', 'visibility')") == "none"
    lan.page.check("[data-layer=seat]")
    assert (
        lan.page.evaluate(f"() => {MAP}.getLayer('heat').maxzoom") <= 9
    )  # far away a glow, no numbers over names
    image = Image.open(io.BytesIO(lan.page.locator("[data-map] canvas").screenshot())).convert("RGB")
    assert len(image.getcolors(1 << 24) or []) > 20  # ground, communes, rivers, the glow of records
    lan.picture("map-far")
    lan.page.fill("[data-find]", "mu ca")
    lan.press("Enter")
    lan.page.wait_for_function("() => location.hash.startsWith('#map=11/')")
    drawn = f"() => {MAP}.areTilesLoaded() && {MAP}.queryRenderedFeatures({{layers: ['one', 'many']}}).length"
    for zoom in (14, 13.9, 14):  # on a crowded machine a tile may fail; whoever looks moves the map again
        lan.page.evaluate(f"() => {MAP}.jumpTo({{center: [102.44, 22.44], zoom: {zoom}}})")
        lan.page.locator("[data-said]", has_text="bản ghi").wait_for(state="attached")
        with suppress(TimeoutError):
            lan.page.wait_for_function(drawn, timeout=40000)
            break
    assert lan.page.evaluate(drawn)
    lan.page.evaluate("() => document.querySelector('.map canvas').focus()")
    lan.press("Enter")
    told = lan.page.locator(".maplibregl-popup-content")
    told.wait_for()
    assert (
        "Khỉ vàng" in told.inner_text() and "2026" in told.inner_text() and "đã xác minh" in told.inner_text()
    )
    lan.picture("map-popup")
    record = told.locator("a[href*='/so/observations-occurrence/']").first.get_attribute("href")
    assert lan.page.request.get(record).status == 200
    lan.page.uncheck("[data-layer=seat]")
    lan.click("[data-frame]")
    box = lan.page.locator(".map canvas").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    lan.page.mouse.move(middle[0] - 60, middle[1] - 60)
    lan.page.mouse.down()
    lan.page.mouse.move(middle[0] + 60, middle[1] + 60)
    lan.page.mouse.up()
    lan.page.wait_for_url("**box=**")
    lan.page.click("text=Xem các bản ghi này dưới dạng bảng")
    assert "khung trên bản đồ" in lan.page.inner_text("#list .sentence").lower()
    assert 1 <= number(lan.page.inner_text("#list .sentence")) < 6


VILLAGES = (
    ("Tên bản", "Xã, phường", "Kinh độ", "Vĩ độ"),
    ("Bản Tó Khò", "Mù Cả", 102.44, 22.44),
    ("Bản Nậm Ma", "Mù Cả", 102.46, 22.47),
    ("Bản Nậm Ma", "Tà Tổng", 102.75, 22.3),
    ("Bản Mò Su", "Mù Cả", None, None),
)


def seek(hand: Hand, name: str) -> None:
    """Types a name into the box of the map and leaves it."""
    hand.page.fill("[data-find]", name)
    hand.press("Enter")


def open_map(hand: Hand) -> None:
    hand.page.goto("/ban-do/")
    hand.page.wait_for_selector("[data-ready=yes]")


def test_villages_are_found_once_an_administrator_brought_them_and_before_that_it_is_said(
    office: Office, open_as: Callable[..., Any], tmp_path: Path
) -> None:
    sung = open_as("sung", PHONE)
    open_map(sung)
    seek(sung, "to kho")
    told = sung.page.inner_text("#map-found")
    assert "Không có xã, phường, bản nào" in told and "chưa có danh sách bản" in told and sung.fits
    book, path = openpyxl.Workbook(), tmp_path / "ban.xlsx"
    assert book.active is not None
    for row in VILLAGES:
        book.active.append(row)
    book.save(path)
    quan = open_as("quan")
    quan.page.goto("/quan-tri/cai-dat/")
    quan.click("text=Nạp danh sách bản")
    quan.page.set_input_files("#file", str(path))
    quan.page.click("main form button")
    quan.page.wait_for_url("**/cach-doc/")
    quan.page.click("main form .acts button")
    quan.page.wait_for_selector("text=Chưa ghi gì vào sổ", timeout=60000)
    quan.page.click("button:has-text('Ghi vào sổ')")
    quan.page.wait_for_selector("text=Hoàn tác cả lần nhập", timeout=60000)
    quan.page.goto("/quan-tri/cai-dat/")
    assert "4 bản" in quan.page.inner_text("#ban")
    open_map(sung)
    seek(sung, "to kho")
    sung.page.wait_for_function("() => location.hash.startsWith('#map=13/22.44/102.44')")
    sung.picture("map-village-phone")
    seek(sung, "Nậm Ma")
    assert "Nhiều nơi mang tên này" in sung.page.inner_text("#map-found")
    assert sung.page.locator("#map-found button").count() >= 2 and sung.fits
    sung.click("#map-found button:has-text('Tà Tổng')")
    sung.page.wait_for_function("() => location.hash.startsWith('#map=13/22.3/102.75')")
    seek(sung, "mò su")
    sung.page.locator("#map-found", has_text="chưa có toạ độ").wait_for()
    seek(sung, "ma qua")
    told = sung.page.inner_text("#map-found")
    assert "Không có xã, phường, bản nào" in told and "danh sách" not in told
    visitor = open_as()
    open_map(visitor)
    assert visitor.page.locator(".map-legend label:has-text('các bản')").is_visible()


def test_a_frame_tells_nothing_of_a_hidden_place(ground: Office, open_as: Callable[..., Any]) -> None:
    visitor = open_as()
    for frame in ("102.45,22.42,102.46,22.44", "102.3,22.2,102.7,22.7", "100,20,106,24"):
        visitor.page.goto(f"/so/observations-occurrence/?box={frame}")
        assert "Nomascus" not in visitor.page.inner_text("#list")


def test_a_file_that_is_no_height_is_refused_in_words(ground: Office, tmp_path: Path) -> None:
    (tmp_path / "cao.asc").write_text("không phải độ cao")
    command = [sys.executable, "-m", "baoton.site.command", "ground", "relief", str(tmp_path / "cao.asc")]
    laid = subprocess.run(command, env=ground.env, capture_output=True, text=True)
    assert laid.returncode == 1 and "tệp .asc phải mở đầu bằng các dòng “ncols …”" in laid.stderr
