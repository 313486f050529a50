"""Line → commitment → payment → cost per result, as Hoa and Lan do it through pages and files."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document
from openpyxl import Workbook

from baoton.funding.actions import load
from baoton.funding.models import (
    Change,
    Closing,
    Commitment,
    Gift,
    Line,
    Movement,
    Payment,
    Receipt,
    SourceName,
)
from baoton.funding.queries import costs
from baoton.kit import blobs
from baoton.kit.importing import run_file
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import ledger, outbox, write
from baoton.kit.writing.refusal import NotNow
from baoton.outreach.models import Session
from baoton.plan import figures
from baoton.plan.models import IndicatorValue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
TODAY = timezone.localdate()
YEAR = TODAY.year
NEW = {one: f"/so/funding-{one}/moi/" for one in ("line", "change", "commitment", "payment")}
VND = {"allot": 100_000_000, "contract": 40_000_000}


@pytest.fixture
def hoa(person: Callable[[str], Any]) -> Client:
    load()
    client = Client()
    client.force_login(person("hoa"))
    return client


def send(client: Client, book: str, **said: Any) -> str:
    """The form of a new record is sent; what the page then says."""
    page = client.post(NEW[book], said, follow=True).content.decode()
    told = re.findall(r'class="(?:errorlist|message)[^>]*>(.*?)</(?:ul|p|div)>', page, re.DOTALL)
    return html.unescape(" ".join(told))


def line(client: Client, code: str = "T-1", year: int = YEAR, **more: Any) -> Line:
    said = {"code": code, "year": year, "source": "Ngân sách nhà nước (thường xuyên)", "body": "so_nnmt",
            "title": "Tuyên truyền", "planned": "120.000.000", **more}  # fmt: skip
    page = send(client, "line", **said)
    assert "Đã lưu" in page, page
    return Line.objects.get(code=code)


def allot(client: Client, code: str, amount: int, **more: Any) -> str:
    said = {
        "kind": "allot",
        "line": code,
        "amount": amount,
        "number": "12/QĐ",
        "day": f"02/01/{YEAR}",
        **more,
    }
    return send(client, "change", **said)


def pay(client: Client, number: str, amount: int, **more: Any) -> str:
    said = {"number": number, "day": f"{TODAY:%d/%m/%Y}", "line": "T-1", "payee": "Cửa hàng in", "amount": amount,
            "what": "in tờ rơi", **more}  # fmt: skip
    return send(client, "payment", **said)


def test_from_a_line_to_what_a_session_cost(hoa: Client, person: Callable[[str], Any]) -> None:
    figures.compute([YEAR])
    made = line(hoa)
    assert "Không đủ tiền" in pay(hoa, "C0", 1)  # nothing is allotted yet
    assert "Đã lưu" in allot(hoa, "T-1", VND["allot"])
    said = {"line": "T-1", "number": "05/HĐ", "day": f"05/01/{YEAR}", "payee": "Cửa hàng in", "what": "in tờ rơi",
            "amount": "40.000.000"}  # fmt: skip
    assert "Đã lưu" in send(hoa, "commitment", **said)
    made.refresh_from_db()
    assert (made.allotted, made.committed, made.free) == (VND["allot"], VND["contract"], 60_000_000)

    assert "Đã lưu" in pay(hoa, "C1", 30_000_000, commitment="05/HĐ")
    assert "một chứng từ không chi hai lần" in pay(hoa, " c1 ", 5, payee="cửa  hàng IN")
    over = pay(hoa, "C2", 11_000_000, commitment="05/HĐ")
    assert "Hợp đồng 05/HĐ trị giá 40.000.000 đ, sẽ chi quá 1.000.000 đ." in over or "Không đủ tiền" in over
    assert "T-1: 60.000.000 đ" in pay(hoa, "C3", 60_000_001)
    assert not Payment.objects.exclude(number="C1").exists()

    contract = Commitment.objects.get()
    hoa.post(f"/so/funding-commitment/{contract.pk}/lam/close/", {"close-closed_on": f"{TODAY:%d/%m/%Y}"})
    contract.refresh_from_db(), made.refresh_from_db()
    assert (contract.status, contract.paid, contract.released) == ("closed", 30_000_000, 10_000_000)
    assert (made.committed, made.paid, made.free) == (0, 30_000_000, 70_000_000)

    sung = person("sung")
    book = REGISTERS["outreach.session"]
    sessions = [
        write.create(
            book, sung, Session(title=f"Họp {n}", kind="meeting", day=TODAY, area_path="12/03451", participants=40)
        )
        for n in (1, 2)
    ]  # fmt: skip
    page = f"/kinh-phi/cua/outreach-session/{sessions[0].pk}/"
    assert (
        "chỉ còn 30.000.000 đ" in hoa.post(page, {"payment": "C1", "amount": "31.000.000"}).content.decode()
    )
    told = hoa.post(page, {"payment": "C1", "amount": "20.000.000"}, follow=True).content.decode()
    assert "Đã gắn chứng từ" in told and "20.000.000" in told
    assert "Họp 1" in hoa.get(f"/so/funding-payment/{Payment.objects.get().pk}/").content.decode()
    assert page in hoa.get(f"/so/outreach-session/{sessions[0].pk}/").content.decode()

    by = {one.indicator.name: one for one in costs(person("hoa"), YEAR)}
    assert (
        by["outreach.sessions"].each,
        by["outreach.sessions"].records,
        by["outreach.sessions"].of_all,
    ) == (20_000_000, 1, 2)
    assert by["outreach.participants"].each == 500_000
    year = hoa.get("/kinh-phi/").content.decode()
    assert "20.000.000" in year and "1 trên 2 bản ghi" in year
    outbox.drain()
    figure = IndicatorValue.objects.get(indicator="funding.paid", year=YEAR, area_path="")
    assert figure.value == 30_000_000
    assert (
        IndicatorValue.objects.get(indicator="funding.allotted", year=YEAR, area_path="").value
        == VND["allot"]
    )
    assert not ledger.differences(Movement)


def test_a_changed_and_a_withdrawn_voucher_give_back_exactly_what_they_took(
    hoa: Client, person: Callable[[str], Any]
) -> None:
    made = line(hoa)
    allot(hoa, "T-1", 50)
    pay(hoa, "C1", 20)
    one, book = Payment.objects.get(), REGISTERS["funding.payment"]
    write.edit(book, person("hoa"), one, {"amount": 35})
    made.refresh_from_db()
    assert (made.paid, made.free) == (35, 15)
    with pytest.raises(NotNow, match="Không đủ tiền"):
        write.edit(book, person("hoa"), one, {"amount": 51})
    write.withdraw(book, person("hoa"), one, "ghi nhầm")
    made.refresh_from_db()
    assert (made.paid, made.free) == (0, 50)
    with pytest.raises(NotNow, match="còn tiền đã giao"):
        write.withdraw(REGISTERS["funding.line"], person("hoa"), made, "thử")
    assert not ledger.differences(Movement)


def test_money_moved_between_lines_leaves_one_and_enters_the_other(hoa: Client) -> None:
    one, two = line(hoa), line(hoa, "T-2")
    allot(hoa, "T-1", 100)
    move = {"kind": "transfer", "to": "T-2"}
    assert "Điều chuyển, chuyển nguồn thì ghi dòng nhận." in allot(hoa, "T-1", 30, kind="transfer")
    assert "Đã lưu" in allot(hoa, "T-1", 30, **move)
    assert "Không đủ tiền" in allot(hoa, "T-1", 71, **move)
    one.refresh_from_db(), two.refresh_from_db()
    assert (one.free, two.free, one.adjusted, two.adjusted) == (70, 30, -30, 30)


def test_a_closed_year_takes_nothing_and_says_so_in_one_sentence(hoa: Client) -> None:
    line(hoa)
    allot(hoa, "T-1", 100)
    hoa.post("/so/funding-closing/moi/", {"year": YEAR, "day": f"{TODAY:%d/%m/%Y}"})
    page = pay(hoa, "C1", 5)
    assert (
        f"Sổ năm {YEAR} đã khoá ngày" in page and "đề nghị mở lại sổ" in page and not Payment.objects.exists()
    )
    shut = Closing.objects.get()
    hoa.post(f"/so/funding-closing/{shut.pk}/lam/reopen/", {"reopen-reason": "bút toán sót"})
    assert "Đã lưu" in pay(hoa, "C1", 5)
    assert "Đã khoá sổ" not in hoa.get("/kinh-phi/").content.decode()


def test_what_is_left_is_carried_into_the_same_work_of_the_next_year(hoa: Client) -> None:
    made = line(hoa, year=YEAR)
    allot(hoa, "T-1", 100)
    pay(hoa, "C1", 40)
    said = {"carry-decision": "99/QĐ", "carry-on": f"{TODAY:%d/%m/%Y}"}
    hoa.post(f"/so/funding-line/{made.pk}/lam/carry/", said, follow=True)
    made.refresh_from_db()
    after = Line.objects.get(year=YEAR + 1)
    assert (made.free, made.whole, after.free, after.title) == (0, 40, 60, made.title)
    assert Change.objects.get(kind="carry").to == after


def test_a_source_keeps_its_lines_under_the_name_another_year_gave_it(
    hoa: Client, tmp_path: Path, person: Any
) -> None:
    one = line(hoa)
    SourceName.objects.create(source=one.source, name="Ngân sách địa phương (cũ)", since=2020, until=YEAR - 1)
    rows = [["Mã dòng", "Năm", "Nguồn vốn", "Đơn vị sử dụng", "Nội dung chi", "Dự kiến"],
            ["T-0", YEAR - 1, "Ngân sách địa phương (cũ)", "so_nnmt", "Tập huấn", 9_000_000_000]]  # fmt: skip
    outcome = run_file(person("hoa"), sheet(tmp_path, rows), "funding.line")
    assert outcome.counts["total"]["created"] == 1, outcome.counts
    old = Line.objects.get(code="T-0")
    assert old.source == one.source and old.planned == 9_000_000_000


def sheet(folder: Path, rows: list[list[Any]]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    path = folder / "bang.xlsx"
    book.save(path)
    return path


def test_the_office_sheet_of_vouchers_is_held_against_the_line_row_by_row(
    hoa: Client, tmp_path: Path, person: Callable[[str], Any]
) -> None:
    made = line(hoa)
    allot(hoa, "T-1", 100_000)
    head = ["Số chứng từ", "Ngày chi", "Dòng", "Người nhận", "Số tiền", "Chi cho việc gì"]
    day = TODAY - timedelta(days=1)
    rows = [head, ["A1", day, "T-1", "An", "60.000", "thuê xe"], ["A2", day, "T-1", "An", 50_000, "thuê xe"],
            ["A3", day, "T-1", "An", 40_000, "thuê xe"], ["A1", day, "T-1", "an", 10, "lặp lại"]]  # fmt: skip
    path = sheet(tmp_path, rows)
    for _again in range(2):  # the same sheet once more changes nothing
        run_file(person("hoa"), path, "funding.payment")
        made.refresh_from_db()
        assert (sorted(Payment.objects.values_list("number", flat=True)), made.paid) == (
            ["A1", "A3"],
            100_000,
        )
    assert not ledger.differences(Movement)


def test_a_gift_in_kind_without_a_value_is_unknown_and_not_nothing(
    hoa: Client, person: Callable[[str], Any]
) -> None:
    made = line(hoa)
    gift = Gift.objects.create(
        donor="Quỹ A", kind="goods", what="20 bẫy ảnh", day=TODAY, source=made.source, area_path="12"
    )
    book = REGISTERS["funding.receipt"]
    write.create(book, person("hoa"), Receipt(gift=gift, day=TODAY, what="10 bẫy", number="1/BB"))
    page = hoa.get("/kinh-phi/").content.decode()
    assert page.count("chưa định giá") == 2
    write.create(
        book, person("hoa"), Receipt(gift=gift, day=TODAY, what="tiền", number="2/BB", value=70, line=made)
    )
    made.refresh_from_db()
    assert made.free == 70 and "1 lần chưa định giá" in hoa.get("/kinh-phi/").content.decode()


def test_the_request_paper_holds_every_line_of_its_year(hoa: Client, person: Callable[[str], Any]) -> None:
    line(hoa), line(hoa, "T-2", title="Tập huấn")
    hoa.post("/so/funding-request/moi/", {"year": YEAR, "reason": "Điều tra chưa có kinh phí."}, follow=True)
    one = REGISTERS["funding.request"].model.objects.get()
    assert one.total == 240_000_000
    hoa.post(f"/so/funding-request/{one.pk}/lam/issue/", {}, follow=True)
    one.refresh_from_db()
    words = Document(str(blobs.path_of(one.paper)))
    text = "\n".join(p.text for p in words.paragraphs) + str(
        [c.text for t in words.tables for r in t.rows for c in r.cells]
    )
    assert (
        one.number and "240.000.000 đồng" in text and "T-2" in text and "Điều tra chưa có kinh phí." in text
    )


def test_bad_days_and_years_are_told_in_one_sentence(hoa: Client) -> None:
    line(hoa)
    allot(hoa, "T-1", 100)
    tomorrow = f"{TODAY + timedelta(days=2):%d/%m/%Y}"
    assert "Ngày chi này chưa đến." in pay(hoa, "C1", 5, day=tomorrow)
    old = pay(hoa, "C1", 5, day=f"31/12/{YEAR - 1}")
    assert f"tiền năm {YEAR}: ngày chi từ 01/01/{YEAR} đến 31/01/{YEAR + 1}" in old
    said = {"source": "Nguồn khác", "body": "so_nnmt", "title": "x", "planned": 1}
    assert "Năm ngân sách viết đủ bốn chữ số" in send(hoa, "line", year=26, **said)
    assert "lớn hơn 0" in pay(hoa, "C1", 0) and not Payment.objects.exists()


def test_a_commune_reads_its_own_lines_alone_and_writes_none(
    hoa: Client, person: Callable[[str], Any]
) -> None:
    line(hoa), line(hoa, "T-9", body="ubnd_03451", title="Tiền của xã")
    sung = Client()
    sung.force_login(person("sung"))
    page = sung.get("/so/funding-line/").content.decode()
    assert "Tiền của xã" in page and "T-1" not in page
    assert sung.get(NEW["payment"]).status_code == 403 and sung.get("/kinh-phi/").status_code == 200
    assert Client().get("/kinh-phi/").status_code == 302
