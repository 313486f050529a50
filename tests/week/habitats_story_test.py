"""Habitats in a browser: two maps and what changed, an area from its outline to its dossier, a planting accepted, fish
let go, a fire bulletin and a hotspot, an infestation treated; each by whoever has the role."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import numpy as np
import pyogrio
import pytest
import shapely
from tests.week.conftest import Hand, Office

pytestmark = pytest.mark.browser
SIDE, COMMUNE = 0.005, "Xã Mù Cả"
MAP = "document.querySelector('[data-draw]').drawing.map"
WEATHER = """date,temperature_13h,humidity_13h,wind_13h,rain_24h_mm
2025-07-16,24.58,84.9,0.32,18.5
2025-07-17,27.3,70.1,1.2,0
2025-07-18,,,,1.74
2025-07-19,24.9,88.2,1.1,21.6
2025-07-20,29.1,61.5,0.9,0
"""
PLACE = """
from baoton.places.queries import outlines
at = outlines()["12/03451"].representative_point()
print(at.x, at.y)
"""
MAPS = {"2025": ("TXB", "TXN", "DT2", "TXB"), "2026": ("TXB", "TXB", "TXP", "DT1")}
FIRMS = "latitude,longitude,bright_ti4,acq_date,acq_time,satellite,instrument,confidence,frp,daynight\n"


class Ground:
    """Squares about a place well inside the commune."""

    def __init__(self, office: Office) -> None:
        self.x, self.y = (float(n) for n in office.python(PLACE).split())

    def square(self, x: float, y: float) -> Any:
        return shapely.box(
            *(v for dx in (0, 1) for v in (self.x + (x + dx) * SIDE, self.y + (y + dx) * SIDE))
        )

    def map_file(self, folder: Path, year: str) -> Path:
        """Four parcels as a forest status writes them."""
        shapes = [self.square(x, y) for y in (-2, -1) for x in (-2, -1)]
        columns = [[f"L{n}" for n in range(4)], MAPS[year], ["PH"] * 4]
        data = [*(np.array(c, dtype=object) for c in columns), np.full(4, 28.0)]
        path = folder / f"rung-{year}.gpkg"
        pyogrio.raw.write(
            path, shapely.to_wkb(np.array(shapes)), data, ["malo", "ldlr", "mdsd", "dtich"], geometry_type="Polygon",
            crs="EPSG:4326",
        )  # fmt: skip
        return path


def fill(hand: Hand, /, **values: str) -> None:
    """The boxes of a form by name: a list takes the line that holds the words."""
    for fold in hand.page.locator("form.form details.fold:not([open]) > summary").all():
        fold.click()
    for name, value in values.items():
        box = hand.page.locator(f"main form.form [name={name}]")
        if box.evaluate("b => b.tagName") == "SELECT":
            chosen = box.locator("option", has_text=value).first.get_attribute("value")
            box.select_option(chosen)
        else:
            box.fill(value)


def save(hand: Hand, **values: str) -> None:
    """The form is filled and sent; its record is there."""
    fill(hand, **values)
    hand.page.click("main form.form button:has-text('Lưu')")
    told = hand.page.locator("p.message.error[role=alert], .field .error, dl.facts").first
    told.wait_for()
    assert hand.page.locator("dl.facts").count(), hand.page.inner_text("main")


def act(hand: Hand, words: str, **answers: str) -> str:
    """A verb of the record is done with what it asks; what the page says after."""
    form = hand.page.locator("form.verb", has=hand.page.locator(f"button:text-is('{words}')"))
    fold = hand.page.locator(f"details.verb:not([open]) > summary:text-is('{words}')")
    if fold.count():
        fold.click()
    for name, value in answers.items():
        form.locator(f"[name$=-{name}]").fill(value)
    form.locator(f"button:text-is('{words}')").click()
    hand.page.wait_for_selector("dl.facts")
    return str(hand.page.inner_text("main"))


def paste(hand: Hand, shape: Any) -> None:
    """The shape goes into its box, as where no script draws a map."""
    for fold in hand.page.locator("form.form details.fold:not([open]) > summary").all():
        fold.click()
    hand.page.fill("[name=shape]", shapely.to_geojson(shape))


def tap(hand: Hand, ground: Ground, corners: Any) -> None:
    """The corners are clicked on the drawing map, and Enter closes the outline."""
    hand.page.wait_for_selector("[data-draw][data-ready=yes]")
    hand.page.evaluate(f"at => {MAP}.jumpTo({{center: at, zoom: 12}})", [ground.x, ground.y])
    hand.page.click("[data-do=polygon]")
    canvas = hand.page.locator("[data-draw] canvas.maplibregl-canvas")
    canvas.scroll_into_view_if_needed()
    for lon, lat in corners:
        at = hand.page.evaluate(f"at => {MAP}.project(at)", [lon, lat])
        canvas.click(position={"x": at["x"], "y": at["y"]})
    canvas.press("Enter")
    hand.page.locator("[data-measure]", has_text=" ha").wait_for()


def word(hand: Hand, selector: str) -> str:
    """The Word file behind a link, opened: its paragraphs and its tables."""
    with hand.page.expect_download() as sent:
        hand.page.click(selector)
    opened = docx.Document(BytesIO(Path(sent.value.path()).read_bytes()))
    cells = [c.text for t in opened.tables for r in t.rows for c in r.cells]
    return "\n".join([*(p.text for p in opened.paragraphs), *cells])


def bring(hand: Hand, path: Path, **same: str) -> str:
    """A file is read, checked and written by the import's three pages; what the last one says."""
    page = hand.page
    page.set_input_files("input[type=file]", str(path))
    page.click("button:has-text('Tải lên và xem')")
    for name, value in same.items():
        page.fill(f"input[name=constant-0-{name}]", value)
    page.click("button:has-text('Kiểm tra thử')")
    page.wait_for_selector("text=Đây là kết quả kiểm tra thử")
    page.click("button:has-text('Ghi vào sổ')")
    page.wait_for_selector("button:has-text('Hoàn tác cả lần nhập')")
    return str(page.inner_text("main"))


def start(hand: Hand, book: str, what: str) -> None:
    """The book is opened and its button to add is clicked."""
    hand.page.goto(f"/so/{book}/")
    hand.page.click(f"main a:has-text('Thêm {what}') >> nth=0")


def two_maps(hand: Hand, ground: Ground, folder: Path) -> None:
    """Two years of the map are loaded and published, and what became of each hectare is told."""
    page = hand.page
    for year, until in (("2025", "2025-12-31"), ("2026", "")):
        start(hand, "habitats-version", "bản đồ rừng")
        save(hand, title=f"Hiện trạng {year}", source="giả định", valid_from=f"{year}-01-01", valid_to=until)
        mine = page.url
        page.click("a:has-text('Nạp lô từ tệp bản đồ')")
        assert f"Hiện trạng {year}" in bring(hand, ground.map_file(folder, year))
        page.goto(mine)
        assert "4 lô, 113,97 ha" in page.inner_text("main")
        act(hand, "Công bố bản đồ")
    start(hand, "habitats-comparison", "so sánh")
    save(hand, before="2025", after="2026")
    told = act(hand, "Tính so sánh")
    assert "Thành rừng 28,49 ha, mất rừng 28,49 ha" in told, told
    hand.page.click("a:has-text('Xem ma trận và che phủ')")
    told = page.inner_text("main")
    assert "rừng nghèo" in told and "đất trống" in told
    hand.picture("habitats-changes")


def an_area(lan: Hand, at_map: Hand, sung: Hand, ground: Ground, folder: Path) -> None:
    """An option is drawn, the commune holds its meeting, the opinion is answered, the whole dossier printed."""
    page = lan.page
    start(lan, "habitats-proposal", "đề xuất")
    words = dict.fromkeys(("why", "nature", "people", "programme", "money"), "giả định để thử")
    save(lan, title="Mường Tè (giả định)", kind="khu dự trữ", day="2026-02-10", invented="có", **words)
    area = page.url
    for verb in ("Bắt đầu điều tra hiện trạng", "Bắt đầu lập dự án"):
        act(lan, verb)
    page.click("a:has-text('Thêm phương án ranh giới')")
    save(lan, name="Phương án A", chosen="có")
    option = page.url
    at_map.page.goto(option)
    at_map.page.click("a:has-text('Thêm phân khu')")
    fill(at_map, kind="nghiêm ngặt")
    corners = ((-2, -2), (0, -2), (0, 0), (-2, 0))
    tap(at_map, ground, [(ground.x + dx * SIDE, ground.y + dy * SIDE) for dx, dy in corners])
    save(at_map)
    page.click("a:has-text('Thêm phân khu')")
    fill(lan, kind="phục hồi")
    paste(lan, ground.square(0.2, -1))
    save(lan)
    page.goto(option)
    told = page.inner_text("main")
    assert "28,49 ha" in told and "ít nhất 5.000 ha" in told and "không đạt" in told and "chưa rõ" in told
    lan.picture("habitats-option")
    page.goto(area)
    act(lan, "Bắt đầu lấy ý kiến")
    page.click("a:has-text('Thêm cuộc lấy ý kiến')")
    save(lan, area_path=COMMUNE, village="bản Ma Ký", invited_on="2026-05-04", invited="40")

    sung.page.goto("/so/habitats-consultation/")
    sung.page.click("main tbody a >> nth=0")
    sung.page.click("main .head a:has-text('Sửa')")
    save(sung, day="2026-05-18", attended="36", agreed="30", against="1", conditional="4", silent="1")
    sung.page.click("dl.facts a:has-text('Mường Tè (giả định)')")
    assert "36 người dự: 30 đồng ý" in sung.page.inner_text("main")
    sung.page.go_back()
    sung.page.click("a:has-text('Thêm ý kiến về khu')")
    save(sung, side="không đồng ý", text="Nương cũ nằm trong ranh giới.")
    page.goto(area)
    assert "1 ý kiến chưa được trả lời" in page.inner_text("main")
    page.click("main tbody a:has-text('Mù Cả')")
    page.click("main tbody a:has-text('không đồng ý')")
    page.click("main .head a:has-text('Sửa')")
    save(lan, answer="Đã vẽ lại ranh giới, để nương ngoài khu.")
    page.goto(area)
    assert "Hồ sơ đã đủ các phần" in page.inner_text("main")
    dossier(lan)
    told = act(lan, "Chốt hồ sơ đủ")
    assert "hồ sơ đủ, đang kiểm tra" in told
    lan.picture("habitats-dossier")


def dossier(lan: Hand) -> None:
    """Every paper opens, says that the boundary is invented, and holds its part of what was entered."""
    holds = {
        "tờ trình": "36 người dự", "dự án": "Chương 11", "tổng hợp ý kiến": "để nương ngoài khu",
        "biên bản thẩm định": "hội đồng", "dự thảo quyết định": "VN-2000",
    }  # fmt: skip
    for name, inside in holds.items():
        text = word(lan, f"main a:has-text('{name}')")
        assert "RANH GIỚI GIẢ ĐỊNH" in text and inside in text, (name, text[:3000])
    with lan.page.expect_download() as sent:
        lan.page.click("main a:has-text('bản đồ (PDF)')")
    assert Path(sent.value.path()).read_bytes().startswith(b"%PDF")


def a_planting(dung: Hand, lan: Hand, ground: Ground) -> None:
    """A planting is planned, approved, done, its trees counted in plots that the machine laid, and accepted."""
    page = dung.page
    start(dung, "habitats-work", "công trình")
    fill(dung, name="Trồng tống quá sủ", kind="trồng cây bản địa", year="2026", area_path=COMMUNE)
    paste(dung, ground.square(2, 2))
    save(dung)
    mine = page.url
    page.click("a:has-text('Thêm loài trồng')")
    save(
        dung, taxon="Alnus nepalensis", count="500", density="1100", source="Vườn ươm xã", certificate="NG 1"
    )
    lan.page.goto(mine)
    act(lan, "Duyệt công trình và loài trồng", despite="theo đề án giả định")
    page.goto(mine)
    act(dung, "Ghi đã làm xong", on="2026-03-01")
    act(dung, "Rút vị trí các ô theo dõi", plots="2")
    for n, alive in ((1, "44"), (2, "36")):
        page.goto(mine)
        page.locator("section.panel", has_text="Ô theo dõi cây").locator("tbody a").nth(n - 1).click()
        page.click("a:has-text('Thêm lần đếm cây sống')")
        save(dung, planting="Tống quá sủ", day="2026-06-01", planted="50", alive=alive)
    page.goto(mine)
    assert "80 % (71–87 %)" in page.inner_text("main")
    page.click("a:has-text('Thêm biên bản nghiệm thu')")
    save(dung, day="2026-06-05", outcome="đạt", basis="hợp đồng", members="xã, kiểm lâm")
    assert "đã ký" in act(dung, "Ký biên bản nghiệm thu")
    minutes = word(dung, "a:has-text('Tải văn bản (Word)')")
    assert "Trồng tống quá sủ" in minutes and "80" in minutes
    dung.picture("habitats-accepted")


def fish(dung: Hand, lan: Hand, ground: Ground) -> None:
    """A stream is restocked: tilapia is not approved, carp is, let go, and looked for after."""
    page = dung.page
    start(dung, "waters-body", "thuỷ vực")
    fill(dung, name="Suối thử", kind="suối")
    paste(dung, shapely.LineString([(ground.x, ground.y), (ground.x + 0.01, ground.y)]))
    save(dung)
    start(dung, "waters-release", "đợt thả cá")
    told = {
        "water": "Suối thử",
        "count": "500",
        "planned": "2026-09-01",
        "source": "Trại cá",
        "quarantine": "KD-01",
    }
    save(dung, taxon="Oreochromis niloticus", **told)
    lan.page.goto(page.url)
    assert "không có tự nhiên ở Việt Nam" in lan.page.inner_text("main")
    assert "Hãy ghi lý do nếu vẫn duyệt" in act(lan, "Duyệt loài và số lượng")
    assert "không duyệt" in act(lan, "Không duyệt", reason="loài ngoại lai")
    start(dung, "waters-release", "đợt thả cá")
    save(dung, taxon="Cyprinus carpio", **told)
    mine = page.url
    lan.page.goto(mine)
    act(lan, "Duyệt loài và số lượng", despite="cá bản địa, theo kế hoạch giả định")
    page.goto(mine)
    act(dung, "Ghi đã thả cá", on="2026-09-02", attended="xã, thôn")
    page.click("a:has-text('Thêm lần kiểm tra')")
    save(dung, day="2026-10-01", method="lưới", hours="2", caught="6")
    page.goto(mine)
    told_ = page.inner_text("main")
    assert "đã thả" in told_ and "3" in told_
    dung.picture("habitats-fish")


def fire(dung: Hand, with_files: Hand, sung: Hand, ground: Ground, folder: Path) -> None:
    """The weather comes in, a bulletin goes out; hotspots become an alert that the commune answers."""
    page = dung.page
    start(dung, "fire-station", "trạm")
    save(dung, name="Trạm thử", code="TT", longitude=f"{ground.x:.5f}", latitude=f"{ground.y:.5f}")
    page.click("a:has-text('Thêm xã của trạm')")
    save(dung, area_path=COMMUNE)
    with_files.page.goto("/nhap/?target=fire.weather")
    days = folder / "thoi-tiet.csv"
    days.write_text(WEATHER)
    bring(with_files, days, station="TT")
    start(dung, "fire-bulletin", "bản tin")
    save(dung, day="2025-07-20", until="2025-07-22", advice="Không đốt nương khi gió to.")
    page.click("button:has-text('Phát bản tin')")
    page.wait_for_selector("a:has-text('Tải văn bản (Word)')")
    assert "Trạm thử" in word(dung, "a:has-text('Tải văn bản (Word)')")
    dung.picture("habitats-bulletin")
    spots = folder / "firms.csv"
    rows = [f"{ground.y + d:.4f},{ground.x:.4f},330,2026-11-20,0612,N,VIIRS,n,5,D\n" for d in (0, 0.003)]
    spots.write_text(FIRMS + "".join(rows))
    with_files.page.goto("/nhap/?target=fire.hotspot")
    bring(with_files, spots)
    sung.page.goto("/chay-rung/")
    sung.page.click("main ul a >> nth=0")
    assert "cháy thật" in act(sung, "Cháy thật", note="cháy cỏ khoảng 0,5 ha, đã dập")
    sung.picture("habitats-alert")


def an_infestation(dung: Hand, ground: Ground) -> None:
    """Lantana is found, drawn, cut, and looked for again."""
    page = dung.page
    start(dung, "invasive-site", "điểm có loài ngoại lai")
    fill(dung, taxon="Lantana camara", name="Bãi ven suối", day="2026-05-01", source="tuần tra")
    paste(dung, ground.square(4, 0))
    save(dung)
    mine = page.url
    page.click("a:has-text('Thêm lần xử lý')")
    save(dung, day="2026-05-10", method="nhổ", hectares="5", who="Tổ bảo vệ rừng", follow_up="2026-07-10")
    page.goto(mine)
    page.click("a:has-text('Thêm lần điều tra')")
    save(dung, found="không", day="2026-07-10", searched_ha="5")
    page.goto(mine)
    told = page.inner_text("main")
    assert "Cây ngũ sắc" in told and "Tổ bảo vệ rừng" in told
    dung.picture("habitats-weed")


def test_habitats_from_two_maps_to_a_dossier_a_planting_fish_fire_and_weeds(
    office: Office, open_as: Callable[..., Any], tmp_path: Path
) -> None:
    ground, files, at_map = Ground(office), open_as("dung"), open_as("lan")
    plain = {"java_script_enabled": False}  # no map is drawn, no script helps: the pages must do without
    dung, lan, sung = (open_as(name, **plain) for name in ("dung", "lan", "sung"))
    two_maps(files, ground, tmp_path)
    an_area(lan, at_map, sung, ground, tmp_path)
    a_planting(dung, lan, ground)
    fish(dung, lan, ground)
    fire(dung, files, sung, ground, tmp_path)
    an_infestation(dung, ground)
