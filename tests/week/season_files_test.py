"""A season's files in a browser: what goes out to the field, what comes home, what is wrong mended, what it tells."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.cameras.package_out_test import accepted
from tests.surveys.results_test import written
from tests.surveys.season_test import CAMERAS, KM, LINES, MACAQUE, PER_KM2, WEEKS, cameras, strewn
from tests.surveys.telephone_test import call, packed, submission
from tests.week.conftest import Hand, Office, number

pytestmark = [pytest.mark.browser, pytest.mark.outside]
AGREED = """
from datetime import date
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.outbox import drain
from baoton.places.queries import commune_choices
from baoton.surveys import actions
from baoton.surveys.design.sample import Wanted
from baoton.surveys.models import Campaign, Protocol
from baoton.taxa.models import Taxon
area = next(p for p, name in commune_choices() if name.endswith("Mù Cả"))
for name, code, species, wanted in (
    ("Khỉ vàng trên tuyến", "tuyen_khoang_cach", "Macaca mulatta", Wanted(sites=%d, reserve=2, shape="line", size=%d)),
    ("Vượn ở điểm nghe", "diem_nghe_vuon", "Nomascus concolor", Wanted(sites=4, reserve=1)),
):
    one = write.create(REGISTERS["surveys.campaign"], System(), Campaign(
        name=name, question="Còn bao nhiêu?", area_path=area, day_start=date(2026, 2, 1), day_end=date(2026, 5, 31),
        organisation="kiem_lam", protocol=Protocol.objects.get(code=code, status="used"),
        taxon=Taxon.objects.get(scientific_name=species)))
    actions.draw_sample(System(), one, wanted)
    one.refresh_from_db()
    one = write.act(REGISTERS["surveys.campaign"], System(), one, "agree", {"reason": "đủ"})
    sites = one.sites.filter(status="planned").order_by("position")
    print(one.pk, one.protocol_id, *sites.values_list("code", flat=True))
drain()
"""
REVIEWED = """
from datetime import date
from baoton.assessment.actions import compute
from baoton.cameras.models import Sequence
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.outbox import drain
from baoton.observations.actions import verify
from baoton.observations.models import Occurrence
from baoton.taxa.models import Taxon
for one in Sequence.objects.filter(status="waiting"):
    write.act(REGISTERS["cameras.sequence"], System(), one, "animal", {"name": "Macaca mulatta", "count": 1})
for one in Occurrence.objects.filter(status="draft", dataset__code__startswith="DT-", occurrence_status="present"):
    verify(System(), one, "đã xem")
one = Taxon.objects.get(scientific_name="Macaca mulatta")
compute(date(2026, 12, 31), [one])
drain()
print(one.pk)
"""


def fetched(hand: Hand, words: str) -> bytes:
    with hand.page.expect_download() as sent:
        hand.page.click(f"a:has-text('{words}')")
    return Path(sent.value.path()).read_bytes()


def sent_home(hand: Hand, campaign: str, path: Path) -> str:
    """A file of results is checked, none of it refused, and written; what the page told before."""
    hand.page.goto(f"/dieu-tra/{campaign}/ket-qua/")
    hand.page.set_input_files("input[type=file]", str(path))
    hand.click("button:has-text('Kiểm tra tệp')")
    hand.page.wait_for_selector("text=sẽ thêm mới")
    facts = hand.page.inner_text("dl.facts").split("\n")
    assert facts[facts.index("bị từ chối") + 1] == "0", hand.page.inner_text("main")
    hand.click("button:has-text('Ghi vào sổ')")
    hand.page.wait_for_selector("text=Lấy lại lần gửi này")
    return facts[facts.index("sẽ thêm mới") + 1]


def brought_in(hand: Hand, path: Path, **meant: str) -> list[str]:
    """A file goes through the pages of the import; how many rows were added, changed, left, refused, left out."""
    hand.page.goto("/nhap/")
    hand.page.set_input_files("#file", str(path))
    hand.click("main form button:not(.quiet)")
    hand.page.wait_for_selector("h1:has-text('Cách đọc tệp'), h1.data")
    if meant:  # a table that no book takes by itself: the book is chosen, then what its columns mean
        hand.choose("select[name=target-0]", "observations.occurrence")
        hand.click("button:has-text('Kiểm tra thử')")
        hand.page.wait_for_selector("text=Đã chọn sổ cho bảng")
    for column, term in meant.items():
        row = hand.page.locator("tr", has=hand.page.locator(f"input[value='{column}'][name^=column]"))
        row.locator("select").select_option(term)
    hand.click("button:has-text('Kiểm tra thử')")
    hand.page.wait_for_selector("table caption")
    total = hand.page.locator("tr", has=hand.page.locator("th[scope=row]", has_text="Cộng")).first
    hand.click("button:has-text('Ghi vào sổ')")
    hand.page.wait_for_selector("text=Hoàn tác")
    return [b.inner_text() for b in total.locator("b").all()]


def test_files_of_a_season_go_out_come_home_and_tell(
    office: Office, open_as: Callable[..., Any], shared: Path, tmp_path: Path
) -> None:
    lines, posts = (row.split() for row in office.python(AGREED % (LINES, KM * 1000)).splitlines()[-2:])
    dung: Hand = open_as("dung")
    dung.page.goto(f"/dieu-tra/{posts[0]}/thiet-ke/")
    form = openpyxl.load_workbook(io.BytesIO(fetched(dung, "Biểu điện thoại")))
    assert {"survey", "choices", "settings"} <= set(form.sheetnames)
    assert fetched(dung, "Điểm cho máy định vị").decode().count("<wpt") >= 4
    dung.page.goto(f"/dieu-tra/{lines[0]}/thiet-ke/")
    route = fetched(dung, "Điểm cho máy định vị").decode()
    visits, rows = strewn(lines[2:])
    path = written(fetched(dung, "Tệp Excel để điền"), tmp_path / "tuyen.xlsx", visits, rows)
    assert number(sent_home(dung, lines[0], path)) == LINES + len(rows)
    kobo = packed(
        posts[1],
        tmp_path / "kobo.zip",
        [submission(posts[2], "uuid:1")],
        [call("uuid:1"), call("uuid:1", huong="300")],
    )
    assert number(sent_home(dung, posts[0], kobo)) == 3

    # the walk's own places: one of them is where and when a macaque of the first line was written down
    assert brought_in(dung, cameras(tmp_path))[3] == "0"
    ends = [tuple(map(float, p)) for p in re.findall(r'<rtept lat="([\d.]+)" lon="([\d.]+)"', route)[:2]]
    (lat, lon) = ((a + b) / 2 for a, b in zip(*ends, strict=True))
    gpx = tmp_path / "di-tuyen.gpx"
    gpx.write_text(
        '<?xml version="1.0"?><gpx version="1.1" creator="may" xmlns="http://www.topografix.com/GPX/1/1">'
        f'<wpt lat="{lat:.6f}" lon="{lon:.6f}"><time>2026-03-01T02:10:00Z</time><name>{MACAQUE}</name></wpt></gpx>'
    )
    assert brought_in(dung, gpx, name="scientificName")[0] == "1"

    # the clock that stood a year behind
    dung.page.goto("/so/cameras-deployment/?q=c0")
    dung.click("#list tbody a:has-text('c0')")
    for box, told in (
        ("shown", "01/03/2025 00:00:00"),
        ("truth", "01/03/2026 00:00:00"),
        ("reason", "ảnh đồng hồ"),
    ):
        dung.type(f"#id_repair-{box}", told)
    dung.choose("#id_repair-evidence", "watch")
    dung.choose("#id_repair-ends", "true")
    dung.click("form.verb[action*='repair'] button")
    dung.page.wait_for_selector("text=Chỉnh đồng hồ máy")
    dung.picture("season-clock")
    assert "01/03/2026" in dung.page.inner_text("dl.facts") and "01/03/2025" not in dung.page.inner_text(
        "dl.facts"
    )
    key = office.python(REVIEWED)

    lan: Hand = open_as("lan")
    lan.page.goto("/trung-lap/?nam=2026")
    lan.picture("season-twins")
    lan.page.locator("a:has-text('So hai bản')").first.click()
    assert "09:10" in lan.page.inner_text("main table"), "what a GPS wrote in UTC is told by the clock here"
    lan.picture("season-twin")
    lan.page.locator("button:has-text('Bản này trùng; giữ bản kia')").last.click()
    lan.page.wait_for_selector("h1:has-text('Ghi nhận có thể trùng')")

    lan.page.goto(f"/loai/{key}/")
    lan.picture("season-numbers")
    told = lan.page.inner_text("main")
    low, high = re.search(r"con/km²\s+([\d,]+) – ([\d,]+)", told).groups()  # type: ignore[union-attr]
    assert float(low.replace(",", ".")) < PER_KM2 < float(high.replace(",", ".")), told
    assert "mọi lần gặp vào cùng một giờ" in told
    assert "Phần nơi có loài" in told and "hạng có thể từ" in told

    # the cameras' package, as the official schemas want it
    lan.page.goto("/so/cameras-deployment/")
    with zipfile.ZipFile(io.BytesIO(fetched(lan, "Camtrap DP"))) as archive:
        package = json.loads(archive.read("datapackage.json"))
        got = {
            r["name"]: list(csv.DictReader(io.StringIO(archive.read(r["path"]).decode())))
            for r in package["resources"]
        }
    accepted(got, shared / "data" / "camtrap")
    assert len(got["deployments"]) == CAMERAS and len(got["media"]) >= WEEKS
    assert min(r["eventStart"] for r in got["observations"]) > "2026"
