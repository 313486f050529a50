"""A first week told by the people who live it, on an installation made from nothing: no demonstration, no short cuts.

The tests go on from each other in order: Quân sets up, the others come in by their slips and begin to work.
"""

import io
import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from tests.browser import DESK, PHONE, fits, visitors
from tests.browser import picture as shot
from tests.installation import Installation, prepared
from tests.letters import post

pytestmark = pytest.mark.browser

GOOD = "suối Nậm Ma mùa lũ"
AXE = Path(settings.VENDOR_DIR).parent / "vendor-tests" / "axe-core" / "axe.min.js"
LIST = (
    ("Họ và tên", "Cơ quan", "Vai trò", "Xã, phường", "Chức vụ", "Điện thoại"),
    ("Vũ Thị Lan", "so_nnmt", "Cán bộ Sở NN&MT", "", "Chuyên viên", ""),
    ("Lê Văn Thành", "so_nnmt", "Lãnh đạo", "", "Phó giám đốc", ""),
    ("Vàng A Pao", "", "Cán bộ xã", "Mù Cả", "Công chức", "0912 345 678"),
    ("Không Vai Trò", "so_nnmt", "giám sát", "", "", ""),
)


ROLES = ("ranger", "police", "market", "finance", "surveyor")  # an owner has a page of his own


class Office(Installation):
    """The installation, the first link it printed, the slips that were handed out."""

    first = ""
    slips: dict[str, str]


@pytest.fixture(scope="module")
def office(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """`baoton init` on an empty folder, then `baoton serve`: what an administrator types, and nothing else."""
    folder = prepared(tmp_path_factory, "init")
    link = re.search(r"http://[^/]+(/vao/[\w-]+/)", (folder / "printed.txt").read_text(encoding="utf-8"))
    assert link
    site = Office(folder)
    site.first, site.slips = link.group(1), {}
    try:
        site.serve()
        yield site
    finally:
        site.stop()
        site.kill("python")


@pytest.fixture
def come(chromium: Any, office: Office) -> Iterator[Callable[..., Any]]:
    """A page of somebody who signs in as a person does; errors told by the page fail the test."""
    with visitors(chromium, office.base, password=GOOD, refusals=True) as visit:

        def of(name: str = "", size: dict[str, int] = DESK) -> Any:
            page = visit(name, size)
            page.on("dialog", lambda dialog: dialog.accept())
            return page

        yield of


def test_quan_follows_the_link_and_is_the_first_administrator(
    come: Callable[..., Any], office: Office
) -> None:
    page = come()
    page.goto(office.first)
    page.fill("#id_last_name", "Hoàng Thị")
    page.fill("#id_first_name", "Quân")
    page.select_option("#id_organisation_id", "so_nnmt")
    page.fill("#id_username", "quan")
    shot(page, "01-first-link")
    page.fill("#id_password", "ngắn quá")
    page.fill("#id_again", "ngắn quá")
    page.click("main form button")
    page.wait_for_selector("[role=alert]")
    assert "ít nhất 12 ký tự" in page.inner_text("[role=alert]")
    page.fill("#id_password", GOOD)
    page.fill("#id_again", GOOD)
    page.click("main form button")
    page.wait_for_url("**/quan-tri/cai-dat/")
    shot(page, "02-set-up")
    assert "1. Cơ quan của bạn xong" in " ".join(page.inner_text("#co-quan").split())
    dead = come()
    dead.goto(office.first)
    assert "không còn mở được" in dead.inner_text("h1")


def test_quan_makes_accounts_from_a_list_and_prints_slips(
    come: Callable[..., Any], office: Office, tmp_path: Path
) -> None:
    book, path = openpyxl.Workbook(), tmp_path / "danh-sach.xlsx"
    assert book.active is not None
    for row in LIST:
        book.active.append(row)
    book.save(path)
    page = come("quan")
    page.goto("/quan-tri/cai-dat/")
    page.click("text=Thêm từ danh sách Excel")
    page.set_input_files("input[type=file]", str(path))
    page.click("button:has-text('Xem trước')")
    page.wait_for_selector("text=Tạo 3 tài khoản")
    assert "Không có vai trò này" in page.inner_text("main table")
    shot(page, "03-list")
    page.click("button:has-text('Tạo 3 tài khoản')")
    page.wait_for_selector("text=Đã tạo 3 tài khoản")
    shot(page, "04-people")
    page.click("button:has-text('In phiếu cho 3 người')")
    page.wait_for_selector(".slip")
    shot(page, "05-slips")
    for slip in page.locator(".slip").all():
        name = slip.locator("p code").first.inner_text()
        office.slips[name] = slip.locator("code.data").inner_text().removeprefix(office.base)
    assert set(office.slips) == {"lanvt", "thanhlv", "paova"}


def test_the_public_address_is_tested_and_said(come: Callable[..., Any], office: Office) -> None:
    page = come("quan")
    page.goto("/quan-tri/cai-dat/")
    page.fill("input[name=address]", office.base)
    page.click("button:has-text('Lưu và thử')")
    page.wait_for_selector(".message")
    assert "Địa chỉ mở được" in page.inner_text(".message")
    page.fill("input[name=address]", "http://127.0.0.1:9")
    page.click("button:has-text('Lưu và thử')")
    page.wait_for_selector(".message.warning")
    assert "không mở được" in page.inner_text(".message.warning")
    page.fill("input[name=address]", office.base)
    page.click("button:has-text('Lưu và thử')")
    page.wait_for_selector(".message")


def test_quan_tells_how_mail_goes_and_a_letter_arrives(come: Callable[..., Any]) -> None:
    page = come("quan")
    page.goto("/quan-tri/cai-dat/")
    with post() as server:
        page.fill("#thu input[name=mail_host]", "127.0.0.1")
        page.fill("#thu input[name=mail_port]", "1")
        page.select_option("#thu select[name=mail_tls]", "none")
        page.fill("#thu input[name=mail_from]", "baoton@example.vn")
        page.click("#thu button:has-text('Lưu')")
        page.wait_for_selector(".message.success")
        page.fill("#thu input[name=to]", "quan@example.vn")
        page.click("#thu button:has-text('Gửi thử')")
        page.wait_for_selector(".message.error")
        assert "Chưa gửi được" in page.inner_text(".message.error") and not server.letters
        page.fill("#thu input[name=mail_port]", str(server.port))
        page.click("#thu button:has-text('Lưu')")
        page.wait_for_selector(".message.success")
        page.fill("#thu input[name=to]", "quan@example.vn")
        page.click("#thu button:has-text('Gửi thử')")
        page.wait_for_selector("text=Đã gửi một thư tới quan@example.vn")
        (letter,) = server.letters
        assert (letter["To"], letter["From"]) == ("quan@example.vn", "baoton@example.vn")
    assert "xong" in page.inner_text("#thu h2")


def test_quan_brings_the_boundary_of_a_commune_from_the_set_up_page(
    come: Callable[..., Any], tmp_path: Path
) -> None:
    ring = [[102.3, 22.3], [102.6, 22.3], [102.6, 22.6], [102.3, 22.6], [102.3, 22.3]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"ma": "03451", "ten": "Mù Cả"}, "geometry": shape}
    path = tmp_path / "ranh-gioi.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    page = come("quan", PHONE)
    page.goto("/quan-tri/cai-dat/")
    assert fits(page)
    page.click("#ranh-gioi a")
    page.set_input_files("#file", str(path))
    page.click("main form button")
    page.wait_for_url("**/cach-doc/")
    page.click("main form .acts button")
    page.wait_for_selector("text=Chưa ghi gì vào sổ", timeout=60000)
    assert fits(page)
    page.click("button:has-text('Ghi vào sổ')")
    page.wait_for_selector("text=Hoàn tác cả lần nhập", timeout=60000)
    page.goto("/so/places-boundary/")
    assert "Mù Cả" in page.inner_text("#list")


@pytest.mark.parametrize("name", ["lanvt", "thanhlv"])
def test_they_come_in_by_their_slips_and_read_what_comes_first(
    come: Callable[..., Any], office: Office, name: str
) -> None:
    page = come()
    page.goto(office.slips[name])
    page.fill("#id_password", GOOD)
    page.fill("#id_again", GOOD)
    page.click("main form button")
    page.wait_for_selector(".who")
    assert "chưa giao việc nào" in page.inner_text(".first").lower()
    shot(page, f"06-home-{name}")


def test_pao_comes_in_on_his_telephone(come: Callable[..., Any], office: Office) -> None:
    page = come("", PHONE)
    page.goto(office.slips["paova"])
    assert fits(page)
    page.fill("#id_password", GOOD)
    page.fill("#id_again", GOOD)
    shot(page, "07-phone-slip")
    page.click("main form button")
    page.wait_for_selector(".who")
    assert "Cán bộ Sở NN&MT" in page.inner_text(".first")  # who assigns work
    for path in ("/", "/so/plan-work/", "/so/outreach-session/", "/toi/"):
        page.goto(path)
        assert fits(page), path


@pytest.fixture(scope="module")
def others(office: Office) -> None:
    """One person of each further role, in the week in which nothing was entered yet."""
    office.python(
        "from baoton.kit.access import System\n"
        "from baoton.people.actions import give\n"
        "from baoton.people.models import Person\n"
        f"for role in {ROLES}:\n"
        f"    one = Person.objects.create_user('moi_' + role, password='{GOOD}', first_name=role,\n"
        "        organisation_id='so_nnmt')\n"
        "    give(System(), one, role)"
    )


@pytest.mark.usefixtures("others")
@pytest.mark.parametrize("role", ROLES)
def test_no_role_meets_a_dead_end_while_nothing_is_entered(come: Callable[..., Any], role: str) -> None:
    page = come(f"moi_{role}", PHONE if role == "ranger" else DESK)
    first = page.inner_text(".first")
    assert "chưa giao việc nào" in first.lower() or "chưa có" in first.lower()
    assert ";" in first or page.locator(".first a.button").count()  # who does it, or where to
    shot(page, f"18-first-home-{role}")
    for path in page.eval_on_selector_all("nav.side a", "all => all.map(a => a.getAttribute('href'))"):
        if not path.startswith("/so/"):
            continue
        assert page.goto(path).status == 200 and fits(page), path
        if not page.locator("#rows a:not(.button)").count():
            told = page.inner_text("#rows")
            assert "Dòng đầu tiên" in told or "do hệ thống lập" in told, path


def test_an_empty_book_says_how_its_first_row_comes_in(come: Callable[..., Any]) -> None:
    page = come("lanvt")
    page.goto("/so/outreach-session/")
    told = page.inner_text("#list tbody")
    assert "Dòng đầu tiên: thêm từng dòng" in told and "Cán bộ xã" in told
    shot(page, "08-empty-book")


def test_lan_gives_work_and_pao_sees_it_on_his_telephone_with_state_and_day(come: Callable[..., Any]) -> None:
    lan = come("lanvt")
    for title, days in (("Họp bản Mò Su", -9), ("Họp bản Tó Khò", 5)):
        lan.goto("/so/plan-work/moi/")
        lan.fill("#id_title", title)
        lan.select_option("#id_task", index=1)
        lan.select_option("#id_responsible", "ubnd_03451")
        lan.select_option("#id_area_path", "12/03451")
        lan.fill("#id_due", (date.today() + timedelta(days=days)).isoformat())
        lan.fill("#id_must_show", "Biên bản")
        lan.click("main form button:has-text('Lưu')")
        lan.wait_for_selector(".message")
    pao = come("paova", PHONE)
    pao.goto("/so/plan-work/?late=1")
    row = pao.locator("#list tbody tr").first
    shot(pao, "09-phone-work")
    for words in ("chưa bắt đầu", f"{date.today() - timedelta(days=9):%d/%m/%Y}"):
        box = row.locator("td", has_text=words).last.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"], words
    assert row.locator("td[data-head='Hạn']").count() == 1 and fits(pao)


def test_after_an_action_the_page_says_what_happened_and_keeps_the_focus(come: Callable[..., Any]) -> None:
    page = come("lanvt")
    page.goto("/so/plan-work/?late=1")
    page.click("#list tbody a")
    page.click("form.verb[action*='start'] button")
    page.wait_for_selector(".message")
    assert page.inner_text(".message") == "Đã bắt đầu."
    assert page.evaluate("document.activeElement.className").startswith("message")
    assert "chưa bắt đầu → đang làm" in page.inner_text("ol.history")


def test_thanh_sees_what_is_late_takes_the_meeting_along_and_reminds(
    come: Callable[..., Any], tmp_path: Path
) -> None:
    page = come("thanhlv")
    page.goto("/dieu-hanh/")
    assert "UBND xã Mù Cả" in page.inner_text("main") and page.locator(".shades path.some").count() == 1
    shot(page, "10-leaders")
    page.check("input[name=body][value=ubnd_03451]")
    page.click("button:has-text('Lập công văn đôn đốc')")
    page.wait_for_selector("text=Đã ban hành 1 công văn")
    page.click("#list tbody a")
    with page.expect_download() as got:
        page.click("text=Tải văn bản (Word)")
    held = io.BytesIO(Path(got.value.path()).read_bytes())
    from docx import Document

    cells = [c.text for t in Document(held).tables for row in t.rows for c in row.cells]
    assert "Họp bản Mò Su" in cells and "9" in cells
    page.goto("/dieu-hanh/giao-ban/")
    assert "Vàng A Pao 0912 345 678" in page.input_value("#plain")
    shot(page, "11-monday")
    page.emulate_media(media="print")
    assert page.locator(".one-sheet").is_visible() and not page.locator("#plain").is_visible()


TWO_YEARS = """
from datetime import date
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS as R
from baoton.kit.writing import write
from baoton.outreach.models import Session
from baoton.plan import figures
from baoton.plan.models import Work
from baoton.plan.queries import task_node
this = date.today().year
for year, done, more, sessions in ((this - 1, 3, 1, 2), (this, 5, 1, 3)):
    for n in range(done + more):
        write.create(R["plan.work"], System(), Work(title=f"Tuần tra đợt {n + 1}", task=task_node("outreach"),
            responsible="so_nnmt", organisation="so_nnmt", area_path="12", due=date(year, 1, 20 + n), must_show="x",
            status="done" if n < done else "planned", finished=date(year, 1, 20) if n < done else None))
    for n in range(sessions):
        write.create(R["outreach.session"], System(), Session(title=f"Họp bản {n}", kind="meeting",
            day=date(year, 1, 1), area_path="12/03451", organisation="ubnd_03451", participants=20))
figures.compute([this - 1, this])
"""


def words_of(document: Any) -> str:
    """All that a Word file says: its paragraphs and its tables."""
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_lan_writes_the_report_with_last_year_and_target_and_asks_for_what_is_missing(
    come: Callable[..., Any], office: Office
) -> None:
    from docx import Document

    office.python(TWO_YEARS)
    page, year = come("lanvt"), date.today().year
    page.goto("/so/plan-target/moi/")
    page.select_option("#id_indicator", "outreach.sessions")
    page.fill("#id_year", str(year))
    page.fill("#id_value", "4")
    page.click("main form button:has-text('Lưu')")
    page.wait_for_selector(".message")
    page.goto(f"/bao-cao/{year}/so-lieu/")
    page.click("button:has-text('Hỏi các cơ quan')")
    page.wait_for_selector(".message")
    assert "yêu cầu số liệu" in page.inner_text(".message")
    asked = page.locator("section", has_text="Cơ quan nắm số liệu").locator("tbody tr").all_inner_texts()
    assert asked and not any("chưa hỏi" in one for one in asked)
    shot(page, "12-figures")
    page.goto("/bao-cao/")
    for part in ("6t", "9t", "q1"):
        assert page.locator(f"select[name=period] option[value='{year}-{part}']").count(), part
    page.select_option("select[name=period]", str(year))
    page.click("button:has-text('Lập báo cáo')")
    page.wait_for_selector("a[href$='.docx']", timeout=60000)
    with page.expect_download() as got:
        page.click("a[href$='.docx']")
    assert re.fullmatch(rf"bao-cao-{year}-{year}\d{{4}}-\d{{4}}\.docx", got.value.suggested_filename)
    paper = Document(io.BytesIO(Path(got.value.path()).read_bytes()))
    told, body = words_of(paper), "\n".join(p.text for p in paper.paragraphs)
    assert "Đã hoàn thành 5/8 việc (62,5 %); cùng kỳ năm trước 3/4 việc (75,0 %)." in body
    said = (
        "3 buổi, bằng 75,0 % chỉ tiêu năm (4 buổi), chưa đạt; tăng 50,0 % so với cùng kỳ năm trước (2 buổi) ["
    )
    assert said in body
    assert "http" not in body.partition("Phụ lục")[0] and "Nguồn số liệu" in body
    assert "Sổ “" in told and len(paper.inline_shapes) >= 1  # the sources and their picture for a telephone
    assert "chưa có số liệu" not in body and not [a for a in asked if a.split("\t")[0] in body]
    page.click(".language button")
    page.wait_for_selector("html[lang=en]")
    assert "Yearly report" in page.inner_text("h1") or "report" in page.inner_text("h1").lower()


def test_quan_sees_as_pao_read_only_and_the_log_holds_it(come: Callable[..., Any]) -> None:
    page = come("quan")
    page.goto("/quan-tri/nguoi-dung/?q=pao")
    page.click("main table a")
    shot(page, "13-account")
    page.click("button:has-text('Xem như người này')")
    page.wait_for_selector(".viewing")
    page.goto("/so/plan-work/")
    assert "Họp bản Mò Su" in page.inner_text("#list")
    shot(page, "14-viewing-as")
    page.click("button:has-text('Thôi xem')")
    page.wait_for_url("**/quan-tri/nguoi-dung/**")
    page.goto("/quan-tri/nhat-ky/?verb=people.person.view_as")
    assert "Xem như người khác" in page.inner_text("main table") and "Vàng A Pao" in page.inner_text(
        "main table"
    )
    shot(page, "15-log")


def test_quan_ends_a_lost_telephone_and_lan_hands_over(come: Callable[..., Any]) -> None:
    pao, quan = come("paova", PHONE), come("quan")
    quan.goto("/quan-tri/nguoi-dung/?q=pao")
    quan.click("main table a")
    while quan.locator("form[action*='/phien/'] button").count():
        quan.locator("form[action*='/phien/'] button").first.click()
        quan.wait_for_selector(".message")
    pao.goto("/toi/")
    assert "dang-nhap" in pao.url
    quan.goto("/quan-tri/nguoi-dung/?q=lanvt")
    quan.click("main table a")
    quan.click("text=Bàn giao")
    quan.select_option("#heir", label="Lê Văn Thành · Sở Nông nghiệp và Môi trường")
    quan.fill("#reason", "chuyển công tác")
    quan.uncheck("input[name=shut]")
    shot(quan, "16-hand-over")
    quan.click("main form button")
    quan.wait_for_selector("text=Đã bàn giao")
    assert "Cán bộ Sở NN&MT" in quan.inner_text("main")


def test_the_main_pages_speak_english_too(come: Callable[..., Any]) -> None:
    page = come("quan")
    page.click(".language button")
    page.wait_for_selector("html[lang=en]")
    for path, words in (
        ("/quan-tri/cai-dat/", "Set-up"),
        ("/quan-tri/nguoi-dung/", "People and rights"),
        ("/quan-tri/nhat-ky/", "Log"),
    ):
        page.goto(path)
        assert words.lower() in page.inner_text("h1").lower(), page.inner_text("h1")
    shot(page, "17-english")


TYPES = {
    "": ("/", "/dang-nhap/", "/quen-mat-khau/", "/ke-hoach/", "/ban-do/", "/so/taxa-taxon/", "/du-lieu-mo/",
         "/dia-ban/"),
    "lanvt": ("/", "/so/plan-work/", "/so/plan-work/moi/", "/nhap/", "/bao-cao/", "/dieu-hanh/", "/dieu-hanh/giao-ban/",
              "/so/observations-occurrence/moi/", "/so/taxa-taxon/tu-dien/", "/tim/?q=vuon", "/toi/", "/toi/mat-khau/",
              "/ke-hoach/nhiem-vu/2/"),
    "quan": ("/quan-tri/cai-dat/", "/quan-tri/nguoi-dung/", "/quan-tri/nguoi-dung/moi/", "/quan-tri/co-quan/",
             "/quan-tri/nguoi-dung/danh-sach/", "/quan-tri/nhat-ky/"),
}  # fmt: skip
SERIOUS = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
  .filter(v => ['serious', 'critical'].includes(v.impact))
  .map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | ')}`)"""


@pytest.mark.parametrize("name", sorted(TYPES))
def test_axe_finds_no_serious_fault_on_any_page_type(come: Callable[..., Any], name: str) -> None:
    if not AXE.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("axe-core is fetched by scripts/fetch_frontend.py, and CI=true")
        pytest.skip("axe-core was not fetched: scripts/fetch_frontend.py var/vendor-tests tests")
    page, source, found = come(name), AXE.read_text(encoding="utf-8"), []
    paths = list(TYPES[name])
    if name == "lanvt":
        page.goto("/so/plan-work/")
        paths.append(page.locator("#list tbody a").first.get_attribute("href"))
    for path in paths:
        page.goto(path)
        page.evaluate(source)
        found += [f"{path}: {one}" for one in page.evaluate(SERIOUS)]
    assert not found, "\n".join(found)
