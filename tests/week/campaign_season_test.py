"""A season in a browser: a campaign designed, its workbook out and back, what it tells reviewed, the species' file."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from tests.week.conftest import Hand, Office, number

from formats import opening

pytestmark = pytest.mark.browser
SPECIES, NAME, SITES = "Sus scrofa", "Lợn rừng ở điểm đếm", 4
DESIGN = {"#id_name": NAME, "#id_question": "Lợn rừng có ở bao nhiêu phần xã?", "#id_day_start": "2026-03-01",
          "#id_day_end": "2026-05-31", "#id_cost_site": "500000", "#id_cost_visit": "300000", "#id_budget": "9000000",
          "#id_visits_each": "1"}  # fmt: skip
COMPUTE = """
from django.utils import timezone
from baoton.assessment.actions import compute
from baoton.kit.writing.outbox import drain
from baoton.taxa.models import Taxon
one = Taxon.objects.get(scientific_name="Sus scrofa")
compute(timezone.localdate(), [one])
drain()
print(one.pk)
"""


def counted(sent: Path, path: Path) -> None:
    """The campaign's own workbook as a team brings it home: every point counted, pigs heard at three of four."""
    book = openpyxl.load_workbook(io.BytesIO(sent.read_bytes()))
    visits, rows = book.worksheets[0], book.worksheets[1]
    heads = {c.value: c.column for c in visits[1]}
    codes = [visits.cell(r, heads["Mã điểm"]).value for r in range(2, SITES + 2)]
    for n in range(SITES):
        told = {
            "Ngày": f"{10 + n}/3/2026",
            "Người điều tra": "Pao",
            "Giờ bắt đầu": "06:00",
            "Số phút đếm": 20,
        }
        for head, value in told.items():
            column = next(c for h, c in heads.items() if str(h).startswith(head))
            visits.cell(n + 2, column, value)
    heads = {c.value: c.column for c in rows[1]}
    for n, code in enumerate(codes[:3]):
        told = {"Mã điểm": code, "Lượt": 1, "Loài": SPECIES, "Gặp bằng cách nào": "nghe tiếng", "Số cá thể": 2,
                "Khoảng cách đến con vật": 40}  # fmt: skip
        for head, value in told.items():
            column = next(c for h, c in heads.items() if str(h).startswith(head))
            rows.cell(n + 2, column, value)
    book.save(path)


def test_a_season_from_design_to_the_page_of_the_species(
    office: Office, open_as: Callable[..., Any], tmp_path: Path
) -> None:
    dung: Hand = open_as("dung")
    dung.page.goto("/so/surveys-campaign/moi/")
    for box in dung.page.locator("details.fold summary").all():
        box.click()
    for box, value in DESIGN.items():
        dung.type(box, value)
    for box, words in (("#id_area_path", "Mù Cả"), ("#id_protocol", "Điểm đếm")):
        option = dung.page.locator(f"{box} option", has_text=words).first
        dung.choose(box, option.get_attribute("value"))
    dung.click("main form.form button:has-text('Lưu')")
    dung.page.wait_for_selector("dl.facts")
    dung.click("a:has-text('Thiết kế')")
    assert "rẻ nhất" in dung.page.inner_text("main")
    dung.type("input[name=sites]", str(SITES))
    dung.type("input[name=reserve]", "1")
    dung.click("button:has-text('Rút mẫu')")
    dung.page.wait_for_selector("text=Đã rút 5 điểm")
    dung.picture("season-design")
    with dung.page.expect_download() as sent:
        dung.click("a:has-text('Tệp Excel để điền')")
    counted(Path(sent.value.path()), tmp_path / "ve.xlsx")
    design = dung.page.url
    dung.click(".crumbs + * a:has-text('Mở bản ghi'), a:has-text('Mở bản ghi')")
    dung.type("#id_agree-reason", "đủ")
    dung.click("button:has-text('Duyệt chiến dịch')")
    dung.page.goto(design)
    dung.click("a:has-text('Gửi kết quả')")
    dung.page.set_input_files("input[type=file]", str(tmp_path / "ve.xlsx"))
    dung.click("button:has-text('Kiểm tra tệp')")
    dung.page.wait_for_selector("text=sẽ thêm mới")
    facts = dung.page.inner_text("dl.facts").split("\n")
    assert facts[facts.index("bị từ chối") + 1] == "0", dung.page.inner_text("main")
    dung.picture("season-checked")
    dung.click("button:has-text('Ghi vào sổ')")
    dung.page.wait_for_selector("text=Lấy lại lần gửi này")

    lan: Hand = open_as("lan")
    lan.page.goto("/duyet-loat/")
    lan.click(f"main a:has-text('{NAME}')")
    assert number(lan.page.inner_text("p.sentence b")) == 3, lan.page.inner_text("main")
    lan.press("1")
    lan.page.wait_for_selector("text=Đã xác minh")
    key = office.python(COMPUTE)
    lan.page.goto(f"/loai/{key}/")
    lan.picture("season-species")
    told = lan.page.inner_text("main")
    assert "Tình trạng" in told and "3 ghi nhận" in told
    with lan.page.expect_download() as paper:
        lan.click("main a:has-text('Hồ sơ loài (Word)')")
    opened = docx.Document(io.BytesIO(Path(paper.value.path()).read_bytes()))
    cells = [c.text for t in opened.tables for r in t.rows for c in r.cells]
    words = "\n".join([*(p.text for p in opened.paragraphs), *cells])
    assert SPECIES in words and "chưa thông qua" in words.lower(), words[:2000]

    lan.page.goto(f"/so/assessment-status/?q={SPECIES}")
    lan.click(f"#list tbody a:has-text('{SPECIES}')")
    lan.choose("#id_adopt-category", "LC")
    lan.page.fill("#id_adopt-reason", "Biên bản số 15, hội đồng ngày 25/11/2026")
    minutes = {"name": "bb15.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 x"}
    lan.page.set_input_files("#id_adopt-scan", minutes)
    lan.click("form.verb[action*='adopt'] button")
    assert "đã thông qua" in lan.page.inner_text(".head")
    lan.page.goto("/du-lieu-mo/")
    mine = lan.page.locator("section.panel", has_text=NAME).locator("a[href*='dot.zip?mine=1']")
    with lan.page.expect_download() as archive:
        mine.click()
    source = opening.open(Path(archive.value.path()))
    told = {table.name: table.count() for table in source.tables}
    source.close()
    assert (told["event"], told["occurrence"]) == (4, 3)
