"""Work finds its people: who has it, how late it is, what proves it, and the next year."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.week.conftest import PHONE, Office

pytestmark = pytest.mark.browser

WORKS = """
from datetime import date
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.plan.models import Work
from baoton.plan.queries import task_node
from django.utils import timezone
from datetime import timedelta
today = timezone.localdate()
book = REGISTERS["plan.work"]
def add(about, title, who, area, due, **more):
    write.create(book, System(), Work(title=title, task=task_node(about), responsible=who, organisation=who,
        area_path=area, due=due, must_show="Biên bản họp các bản", **more))
if not Work.objects.exists():
    add("special_use_forest", "Rà soát ranh giới", "so_nnmt", "12", today - timedelta(days=90), status="done",
        finished=today - timedelta(days=95))
    add("special_use_forest", "Lấy ý kiến cộng đồng xã Mù Cả", "ubnd_03451", "12", today - timedelta(days=12))
    add("special_use_forest", "Lấy ý kiến cộng đồng xã Tà Tổng", "ubnd_03463", "12", today - timedelta(days=7))
    add("special_use_forest", "Trình quyết định thành lập", "so_nnmt", "12", date(today.year, 12, 31))
    quarter = (today.month - 1) // 3
    for who, area in (("ubnd_03451", "12/03451"), ("ubnd_03463", "12/03463")):
        add("outreach", f"Tuyên truyền quý {quarter + 1}", who, area, date(today.year, 3 * quarter + 3, 28))
"""


@pytest.fixture(scope="session")
def works(office: Office) -> Office:
    """The work a department gave out for the year."""
    office.python(WORKS)
    return office


def test_a_commune_sees_the_late_work_given_to_it_though_it_lies_on_the_whole_province(
    works: Office, open_as: Callable[..., Any]
) -> None:
    sung = open_as("sung")
    mine = sung.page.locator("section.card", has_text="Việc của cơ quan tôi").first.inner_text()
    assert "Lấy ý kiến cộng đồng xã Mù Cả" in mine and "trễ 12 ngày" in mine and "UBND xã Mù Cả" in mine
    assert "Tà Tổng" not in sung.page.inner_text("main")
    sung.picture("home-commune")
    sung.click("text=Lấy ý kiến cộng đồng xã Mù Cả")
    sung.page.set_input_files("input[name=files]", {"name": "bien-ban.pdf", "mimeType": "application/pdf",
                                                    "buffer": b"%PDF-1.4 bien ban"})  # fmt: skip
    sung.click("text=Tải lên")
    sung.click("details.verb:has(#id_finish-result) > summary")
    sung.page.fill("#id_finish-result", "Đã họp 9 bản")
    sung.click("form.verb[action*='finish'] button")
    assert "đã xong" in sung.page.inner_text(".head")


def test_the_road_to_the_forest_says_who_holds_it_since_when_and_what_was_signed(
    works: Office, open_as: Callable[..., Any]
) -> None:
    lan = open_as("lan")
    lan.page.goto("/ke-hoach/khu-rung-muong-te/")
    text = lan.page.inner_text("main")
    assert "UBND xã Mù Cả, xã Tà Tổng" in text
    assert "“Quyết định thành lập khu rừng đặc dụng Mường Tè.”" in text
    here = lan.page.inner_text("ol.road li.here")
    assert "Lấy ý kiến cộng đồng xã Tà Tổng" in here and "trễ 7 ngày" in here and "UBND xã Tà Tổng" in here
    assert "bien-ban.pdf" in lan.page.inner_text("ol.road")
    lan.picture("road")
    lan.page.goto("/ke-hoach/?year=2027")
    assert "Tuyên truyền" in lan.page.inner_text("main")


def test_a_session_with_photo_and_list_closes_the_quarter(
    works: Office, open_as: Callable[..., Any], photo: Path
) -> None:
    sung = open_as("sung", PHONE)
    sung.page.goto("/so/outreach-session/moi/")
    assert sung.fits
    sung.page.fill("#id_title", "Không săn bắt động vật hoang dã")
    sung.choose("#id_kind", "meeting")
    sung.page.fill("#id_participants", "42")
    sung.page.set_input_files("#id_photos", str(photo))
    sung.page.set_input_files("#id_attendance", {"name": "danh-sach.jpg", "mimeType": "image/jpeg",
                                                 "buffer": photo.read_bytes()})  # fmt: skip
    sung.picture("session-form-phone")
    sung.click("main form.form button:has-text('Lưu')")
    sung.page.wait_for_selector("dl.facts")
    sung.page.goto("/so/plan-work/?q=&status=done")
    sung.page.goto("/so/plan-work/?status=done")
    assert "Tuyên truyền quý" in sung.page.inner_text("#list")
    sung.page.click("#list tbody a:has-text('Tuyên truyền quý')")
    assert "42 người dự" in sung.page.inner_text("main")
    assert "Không săn bắt động vật hoang dã" in sung.page.inner_text("main")
    sung.picture("work-closed-phone")


def test_a_year_of_work_is_copied_and_brought_in_from_excel(
    works: Office, open_as: Callable[..., Any], tmp_path: Path
) -> None:
    import openpyxl

    lan = open_as("lan")
    year = lan.page.evaluate("new Date().getFullYear()")
    lan.page.goto("/ke-hoach/")
    lan.click("text=Chép việc sang năm sau")
    lan.click("main form button")
    assert "Đã chép 6 việc" in lan.page.inner_text(".message")
    lan.page.goto(f"/ke-hoach/chep-nam/?year={year}")
    lan.click("main form button")
    assert "Đã chép 0 việc" in lan.page.inner_text(".message") and "6 việc đã có" in lan.page.inner_text(
        ".message"
    )
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Việc", "Nhiệm vụ", "Cơ quan chịu trách nhiệm", "Xã, phường", "Hạn", "Kết quả phải có"])
    communes = works.python(
        "from baoton.places.queries import commune_choices\nfor p, n in commune_choices(): print(n)"
    ).splitlines()
    for n in range(152):
        name = communes[n % len(communes)]
        sheet.append([f"Tuyên truyền đợt {n // 38 + 1}", "1. Tuyên truyền, giáo dục", f"UBND {name}", name,
                      f"{28}/{(n // 38 + 1) * 3:02d}/{year + 2}", "Ảnh, danh sách dự"])  # fmt: skip
    path = tmp_path / "viec.xlsx"
    book.save(path)
    lan.page.goto("/nhap/?target=plan.work")
    lan.page.set_input_files("#file", str(path))
    lan.page.click("main form button")
    lan.page.wait_for_url("**/cach-doc/")
    lan.picture("import-work-plan")
    lan.page.click("main form .acts button")
    lan.page.wait_for_selector("text=Chưa ghi gì vào sổ", timeout=60000)
    assert "152" in lan.page.locator("main table").first.inner_text()
    lan.page.click("button:has-text('Ghi vào sổ')")
    lan.page.wait_for_selector("text=Hoàn tác cả lần nhập", timeout=60000)
    lan.page.goto(f"/so/plan-work/?due={year + 2}")
    assert "152" in lan.page.inner_text("#list .sentence")
