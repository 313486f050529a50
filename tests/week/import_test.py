"""An office worker brings in five sheets of the kinds that offices keep: questions, map, writing, mending, undo."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from tests.browser import DESK, PHONE, fits, visitors
from tests.browser import picture as shot
from tests.week.conftest import Office

pytestmark = pytest.mark.browser
TITLES: list[Sequence[Any]] = [
    ["HẠT KIỂM LÂM MƯỜNG TÈ"], ["PHIẾU ĐIỀU TRA ĐỘNG VẬT"], ["Tuyến: T01", "", "Ngày: 15/3/2025"],
    ["Người điều tra: Sùng A Páo"], [], ["TT", "Tên loài", "", "Số lượng"], ["", "Phổ thông", "Khoa học", ""],
    [1, "Khỉ vàng", "Macaca mulatta", "2-3"], [2, "Lợn rừng", "Sus scrofa", 1], ["Tổng cộng", "", "", 4],
    ["", "", "", "Người lập biểu"],
]  # fmt: skip
SHEETS: dict[str, tuple[list[Sequence[Any]], list[tuple[int, int, int, int, str]]]] = {
    "dau-phieu": (TITLES, []),
    "o-gop": ([["Ngày", "Xã", "Loài", "SL"], ["", "", "Khỉ vàng", 2], ["", "", "Lợn rừng", 1],
               ["16/3/2025", "Tà Tổng", "Nai", 1]],
              [(1, 0, 2, 0, "15/3/2025"), (1, 1, 2, 1, "Mù Cả")]),
    "vn2000": ([["Loài", "Ngày gặp", "X", "Y", "SL"], ["Khỉ vàng", "15/3/2025", 2484123, 547001, 3],
                ["Lợn rừng", "16/3/2025", 2484523, 547401, 1], ["Nai", "17/3/2025", 2484923, 47001, 1]], []),
    "ten-dia-phuong": ([["Loài", "Ngày", "Kinh độ", "Vĩ độ"], ["Tu cà đỏ", "15/3/2025", 103.1, 22.3],
                        ["Khỉ vàng", "16/3/2025", 103.2, 22.35], ["?", "17/3/2025", 103.2, 22.36]], []),
    "chi-co-xa": ([["Loài", "Thời điểm thấy lần đầu", "Xã"], ["Khỉ vàng", "15/3/2025", "Mù Cả"],
                   ["Nai", "16/3/2025", "Xã Không Có"]], []),
}  # fmt: skip


@pytest.fixture
def come(chromium: Any, office: Office) -> Iterator[Callable[..., Any]]:
    with visitors(chromium, office.base) as visit:

        def of(size: dict[str, int] = DESK) -> Any:
            page = visit("lan", size)
            page.on("dialog", lambda dialog: dialog.accept())
            return page

        yield of


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[[str], Path]:
    def write(name: str) -> Path:
        rows, merged = SHEETS[name]
        book = xlsxwriter.Workbook(str(tmp_path / f"{name}.xlsx"))
        page = book.add_worksheet("Phiếu")
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if cell != "":
                    page.write(i, j, cell)
        for one in merged:
            page.merge_range(*one)
        book.close()
        return tmp_path / f"{name}.xlsx"

    return write


def upload(page: Any, path: Path) -> None:
    """The file is chosen and checked as it is read."""
    page.goto("/nhap/")
    page.set_input_files("#file", path)
    page.click("main form button:not(.quiet)")
    page.wait_for_selector("h1:has-text('Cách đọc tệp'), h1.data")


def check(page: Any) -> None:
    page.click("button:has-text('Kiểm tra thử')")
    page.wait_for_selector("table caption")


def totals(page: Any) -> list[int]:
    """Added, updated, unchanged, refused, left out."""
    row = page.locator("tr", has=page.locator("th[scope=row]", has_text=re.compile("Cộng|Total"))).first
    return [int(t) for t in row.locator("td b").all_inner_texts()][:5]


def write(page: Any) -> None:
    page.click("button:has-text('Ghi vào sổ')")
    page.wait_for_selector(".tag.done")


def test_a_form_with_titles_gives_its_day_to_every_row(
    come: Callable[..., Any], sheet: Callable[[str], Path]
) -> None:
    page = come()
    upload(page, sheet("dau-phieu"))
    shot(page, "import-1-plan")
    assert page.locator("input[name='constant-0-eventDate']").input_value() == "15/3/2025"
    check(page)
    shot(page, "import-1-checked")
    assert totals(page) == [2, 0, 0, 0, 2]
    assert "Ngày: 15/3/2025" in page.inner_text("main")
    write(page)
    page.evaluate("window.confirm = (asked) => { window.asked = asked; return false; }")  # she thinks again
    page.click("button.danger")
    assert "Hoàn tác cả lần nhập này?" in page.evaluate("window.asked") and page.locator(".tag.done").count()
    page.reload()
    page.click("button.danger")
    page.wait_for_selector("text=Đã rút 2 dòng")
    shot(page, "import-1-undone")
    undone = page.url
    page.click("button:has-text('Sửa cách đọc rồi nhập lại')")
    page.wait_for_selector("h1:has-text('Cách đọc tệp')")
    assert page.locator("input[name='constant-0-eventDate']").input_value() == "15/3/2025"
    check(page)
    assert totals(page) == [2, 0, 0, 0, 2]
    page.goto(undone)
    page.click("a:has-text('Nhập tệp khác')")
    page.wait_for_selector("#file")


def test_merged_cells_place_and_date_the_rows_under_them(
    come: Callable[..., Any], sheet: Callable[[str], Path]
) -> None:
    page = come(PHONE)
    upload(page, sheet("o-gop"))
    assert fits(page)
    shot(page, "import-2-plan-phone")
    check(page)
    assert totals(page) == [3, 0, 0, 0, 0] and fits(page)
    shot(page, "import-2-checked-phone")
    assert "Xã Mù Cả: 2" in page.inner_text("main")


def test_metres_are_asked_for_their_system_drawn_mended_and_written(
    come: Callable[..., Any], sheet: Callable[[str], Path]
) -> None:
    page = come()
    upload(page, sheet("vn2000"))
    check(page)
    assert totals(page)[3] == 3 and "VN-2000, kinh tuyến trục 103°00′" in page.inner_text("main")
    shot(page, "import-3-refused")
    page.click("a:has-text('Sửa cách đọc')")
    page.select_option("select[name=crs-0]", "vn2000-103-3")
    check(page)
    assert totals(page)[:4] == [2, 0, 0, 1]
    assert page.locator("figure.areas circle").count() == 2
    shot(page, "import-3-map")
    page.click("a:has-text('Sửa ngay tại đây')")
    shot(page, "import-3-grid")
    wrong = page.locator("input.wrong").first
    assert wrong.input_value() == "47001"
    wrong.fill("547801")
    page.click("button:has-text('Kiểm tra lại các dòng này')")
    page.wait_for_selector("h1:has-text('Cách đọc tệp')")
    assert page.locator("select[name=crs-0]").input_value() == "vn2000-103-3"
    check(page)
    assert totals(page)[:4] == [1, 0, 0, 0]
    write(page)
    shot(page, "import-3-done")


def test_a_local_name_is_looked_at_and_a_question_mark_refused(
    come: Callable[..., Any], sheet: Callable[[str], Path]
) -> None:
    page = come()
    upload(page, sheet("ten-dia-phuong"))
    check(page)
    assert totals(page)[:4] == [2, 0, 0, 1]
    page.click("a:has-text('Xem các tên chưa khớp')")
    assert "Tu cà đỏ" in page.inner_text("main")
    shot(page, "import-4-names")


def test_a_date_under_an_unknown_header_is_asked_and_communes_are_told(
    come: Callable[..., Any], sheet: Callable[[str], Path]
) -> None:
    page = come()
    upload(page, sheet("chi-co-xa"))
    check(page)
    assert page.locator("#cau-hoi").count() == 1 and page.locator("text=Ghi vào sổ").count() == 0
    shot(page, "import-5-question")
    assert "Xã Không Có" in page.inner_text("main")
    page.locator("#cau-hoi a.button").first.click()
    page.select_option("select[name=term-0] >> nth=1", "eventDate")
    check(page)
    assert page.locator("#cau-hoi").count() == 0 and totals(page)[:4] == [2, 0, 0, 0]
    page.click(".language button")
    page.wait_for_selector("html[lang=en]")
    shot(page, "import-5-english")
