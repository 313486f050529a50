"""The life of a facility told in pages: asked for, checked, coded, kept, doubted, inspected, mended, reported.

The tests go on from each other in order; the book is kept by the buttons of its page and by Excel.
"""

import re
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.browser import PHONE, fits, picture, visitors
from tests.installation import Installation, installations, prepared

pytestmark = pytest.mark.browser
TODAY = date.today()
CIVET = "Paradoxurus hermaphroditus"
MAKE = f"""
from datetime import date, timedelta
from baoton.facilities.models import Facility, Owner, Stock
from baoton.kit.access import System
from baoton.kit.reading.register import REGISTERS as R
from baoton.kit.writing import write
from baoton.people.actions import give
from baoton.people.models import Organisation, Person
from baoton.people.simulate import cast
from baoton.taxa.models import Taxon
cast()
civet = Taxon.objects.get(scientific_name="{CIVET}", accepted__isnull=True)
day = date.today() - timedelta(400)
def make(name, area, body):
    owner = write.create(R["facilities.owner"], System(), Owner(name="Chủ " + name, kind="household", area_path=area))
    at = write.create(R["facilities.facility"], System(), Facility(name=name, kind="breeding", owner=owner,
        area_path=area, village="bản Nậm Kè", organisation=body))
    held = write.create(R["facilities.stock"], System(), Stock(facility=at, taxon=civet, form="breeding", purpose="T",
        capacity=120, since=day))
    return at, held
for code, name in (("co_so_a", "Cơ sở Nậm Kè"), ("co_so_b", "Cơ sở Tà Tổng")):
    Organisation.objects.create(code=code, name=name)
make("Trại Nậm Kè", "12/03451", "co_so_a")
at, held = make("Trại Tà Tổng", "12/03463", "co_so_b")
from baoton.facilities.actions import dossiers
dossiers.give_code(at, day)
for n, body in (("chu_a", "co_so_a"), ("chu_b", "co_so_b")):
    person = Person.objects.create_user(n, password="baoton-demo", organisation_id=body, first_name=n)
    give(System(), person, "keeper", organisation=body)
"""


@pytest.fixture(scope="module")
def office(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with its cast, two facilities, one of them coded, and an account for each owner."""
    for site in installations(prepared(tmp_path_factory, "init")):
        site.python(MAKE)
        site.serve()
        yield site


@pytest.fixture
def come(chromium: Any, office: Installation) -> Iterator[Callable[..., Any]]:
    with visitors(chromium, office.base) as page:
        yield page


def found(page: Any, slug: str, text: str) -> str:
    """The page of the record of a list that a text names."""
    page.goto(f"/so/{slug}/")
    page.locator("#list tbody tr", has_text=text).first.locator("a").first.click()
    page.wait_for_selector("dl.facts")
    return str(page.url)


def do(page: Any, verb: str, **answers: Any) -> None:
    """One verb of the record's page with its answers; what the page says after it must be no error."""
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    form = page.locator(f"form.verb[action$='/lam/{verb}/']")
    for name, value in answers.items():
        box = form.locator(f"[name='{verb}-{name}']")
        if box.evaluate("e => e.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value.isoformat() if isinstance(value, date) else str(value))
    form.locator("button").last.click()
    page.wait_for_selector(".message")
    assert not page.locator(".message.error").count(), page.inner_text(".message.error")


def test_a_dossier_goes_from_the_desk_to_the_code(come: Callable[..., Any]) -> None:
    page = come("dung")
    found(page, "facilities-facility", "Trại Nậm Kè")
    page.click("a[href*='/so/facilities-application/moi/?facility=']")
    page.select_option("[name=kind]", "grant")
    page.click("main form.form button:has-text('Lưu')")
    page.wait_for_load_state()
    assert page.locator("dl.facts").count(), page.inner_text("main")
    do(page, "accept", on=TODAY)
    assert "còn 15 ngày làm việc" in page.inner_text("main")
    assert "Còn thiếu: Đơn đề nghị cấp mã số" in page.inner_text("#giay-to")
    for box in page.locator("#giay-to input[name=paper]").all()[:2]:
        box.check()
    page.click("#giay-to button")
    page.wait_for_selector(".message")
    assert "Còn thiếu: Giấy tờ về nguồn gốc giống." in page.inner_text("#giay-to")
    picture(page, "dossier")
    do(page, "ask_supplement", missing="giấy tờ về nguồn gốc giống", on=TODAY)
    assert "tạm dừng" in page.inner_text("main")
    do(page, "supplement", on=TODAY, papers="hợp đồng mua giống")
    do(page, "schedule_check", check_day=TODAY)
    do(
        page,
        "record_check",
        check_day=TODAY,
        check_team="Lò Văn Dũng",
        check_result="fit",
        check_note="chuồng đạt",
    )
    do(page, "propose", proposal="đủ điều kiện")
    do(page, "grant", on=TODAY)
    papers = page.locator("section.panel", has_text="Văn bản đã phát hành").inner_text()
    for one in ("01/GTN-CCKL", "01/TB-CCKL", "01/BB-CCKL", "01/QĐ-CCKL", "01/GCN-CCKL"):
        assert one in papers, one
    picture(page, "dossier-granted")
    found(page, "facilities-facility", "Trại Nậm Kè")
    code = re.search(r"IIB-\w+-\d+", page.inner_text("dl.facts"))
    assert code
    public = come()
    public.goto(f"/ma-so/{code[0]}/")
    assert "đang có hiệu lực" in public.inner_text("main") and "Chủ" not in public.inner_text("main")
    picture(public, "public-card")


def from_excel(page: Any, path: Path) -> None:
    """The ledger from Excel: the prefilled form is filled in and goes through the wizard; a wrong row says why."""
    address = page.get_attribute("a:has-text('Tải mẫu Excel để ghi')", "href")
    path.write_bytes(page.request.get(address).body())
    book = openpyxl.load_workbook(path)
    sheet = book.active
    top = next(r for r in range(8, 99) if sheet.cell(r, 1).value is None)
    assert sheet.cell(top - 1, 18).value == "số dư mang sang" and sheet.cell(top - 1, 2).value == 6
    rows = ((200, 12, 8, "sinh"), (190, 17, 1, "chết · BB 01"), (180, 17, 90, "bán · ông Tủa"))
    for n, (ago, column, amount, why) in enumerate(rows, top):
        sheet.cell(n, 1, TODAY - timedelta(ago))
        sheet.cell(n, column, amount)
        sheet.cell(n, 18, why)
    book.save(path)
    page.goto("/nhap/?target=facilities.entry")
    page.set_input_files("#file", str(path))
    page.click("main button:has-text('Tải lên và xem')")
    page.click("button:has-text('Kiểm tra thử, chưa ghi')")
    page.wait_for_selector("button:has-text('Ghi vào sổ')", timeout=60_000)
    told = page.inner_text("main")
    assert "sẽ thiếu 83" in told, told
    picture(page, "ledger-from-excel")
    page.click("button:has-text('Ghi vào sổ')")
    page.wait_for_selector("button:has-text('Hoàn tác')", timeout=60_000)


def test_the_owner_keeps_the_book_and_gives_to_the_neighbour_who_accepts(
    come: Callable[..., Any], tmp_path: Path
) -> None:
    page = come("chu_a")
    mine = found(page, "facilities-stock", "Trại Nậm Kè")
    do(page, "opening", kind="sire", amount=2, note="kiểm đếm cùng kiểm lâm")
    do(page, "opening", kind="dam", amount=4, note="kiểm đếm cùng kiểm lâm")
    from_excel(page, tmp_path / "so.xlsx")
    page.goto(mine)
    neighbour = come("dung")
    found(neighbour, "facilities-facility", "Trại Tà Tổng")
    theirs = re.search(r"IIB-\w+-\d+", neighbour.inner_text("dl.facts"))
    assert theirs
    page.goto(mine)
    do(page, "give", day=TODAY, code=theirs[0], kind="unsexed", amount=3, paper="BBBG 01")
    assert "10" in page.locator("section.panel", has_text="Số dư của sổ").inner_text()
    other = come("chu_b")
    found(other, "facilities-transfer", "chờ bên nhận")
    do(other, "accept")
    found(other, "facilities-stock", "Trại Tà Tổng")
    assert "3" in other.locator("section.panel", has_text="Số dư của sổ").inner_text()
    page.goto(mine)
    do(page, "born", day=TODAY - timedelta(2), kind="unsexed", amount=60)


def test_births_no_mother_can_have_borne_are_flagged_and_open_a_visit(come: Callable[..., Any]) -> None:
    page = come("dung")
    until = time.monotonic() + 120
    while True:
        page.goto("/so/facilities-signal/?status=open")
        if page.locator("#list tbody tr", has_text="sinh nhiều hơn").count() or time.monotonic() > until:
            break
        page.wait_for_timeout(500)
    page.locator("#list tbody tr", has_text="sinh nhiều hơn").locator("a").first.click()
    page.wait_for_selector("dl.facts")
    assert "60" in page.inner_text("dl.facts")
    picture(page, "signal")
    do(page, "look", day=TODAY, team="Lò Văn Dũng")


def test_the_team_inspects_with_a_phone_makes_the_minute_and_closes_the_finding(
    come: Callable[..., Any], tmp_path: Path
) -> None:
    from PIL import Image

    page = come("dung", PHONE)
    visit = found(page, "facilities-inspection", "Trại Nậm Kè")
    page.click("a:has-text('Trang kiểm tra')")
    page.click("button[name=begin]")
    page.wait_for_selector("fieldset.point")
    assert fits(page)
    for n, state in enumerate(("yes", "yes", "no", "yes", "yes", "none", "yes")):
        page.check(f"input[name=point{n}][value={state}]")
    page.fill("input[name=note2]", "ghi sinh 60 con trong một ngày")
    labels = page.locator(".field label").all_inner_texts()
    assert any("sổ: 64" in one for one in labels), labels
    for field in page.locator(".field", has_text="sổ: ").all():
        held = int(re.search(r"sổ: (\d+)", field.inner_text())[1])  # type: ignore[index]
        field.locator("input").fill("9" if held == 64 else str(held))
    Image.new("RGB", (320, 240), "#356a3b").save(tmp_path / "chuong.jpg")
    page.set_input_files("#photos", str(tmp_path / "chuong.jpg"))
    page.fill("#w0", "sổ ghi sinh không đúng thực tế")
    picture(page, "visit-phone")
    page.click("button[name=keep]")
    page.wait_for_selector(".message")
    assert "Ảnh (1)" in page.inner_text("main")
    page.fill("#summary", "đếm được ít hơn sổ 55 con")
    page.click("button[name=end]")
    page.wait_for_selector("dl.facts")
    text = page.inner_text("main")
    assert "Đếm được 9, sổ ghi 64" in text and "02/BB-CCKL" in text
    assert page.request.get(f"{visit}van-ban.docx").status == 200
    for _ in range(2):
        page.goto("/so/facilities-finding/?status=open")
        page.locator("#list tbody a").first.click()
        page.wait_for_selector("dl.facts")
        do(page, "close", closed_on=TODAY, how="đã đảo dòng ghi nhầm")
    page.goto("/so/facilities-finding/?status=open")
    assert not page.locator("#list tbody a").count()
    picture(page, "findings")


def test_the_year_is_told_in_the_report(come: Callable[..., Any], office: Installation) -> None:
    office.python(
        f"from baoton.plan import figures; figures.compute([{TODAY.year}])"
    )  # what every night does
    page = come("lan")
    page.goto(f"/bao-cao/{TODAY.year}/so-lieu/")
    cells = [r.locator("td").all_inner_texts() for r in page.locator("tr:has(td)").all()]
    rows = {r[0]: r[1] for r in cells if len(r) > 1}
    assert rows["Cuộc kiểm tra cơ sở đã xong"] == "1" and rows["Tồn tại đã khắc phục"] == "2", rows
    assert rows["Mã số cơ sở cấp trong năm"] in {"1", "2"}
    picture(page, "report")
