"""A workbook that holds several books, one a sheet, as an office keeps them: each row finds its own book."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from tests.facilities.cases import act, facility, stock
from tests.facilities.excel_test import brought, filled

from baoton.facilities.models import Stock
from baoton.facilities.queries import balances_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]


def bound(*forms: bytes) -> bytes:
    """The sheets of several workbooks in one."""
    whole = Workbook()
    whole.remove(whole.active)
    for form in forms:
        one: Any = load_workbook(BytesIO(form)).active
        sheet = whole.create_sheet(one.title)
        for cells in one.iter_rows():
            for cell in cells:
                if cell.value is not None:
                    sheet.cell(cell.row, cell.column, cell.value)
        for span in one.merged_cells.ranges:
            sheet.merge_cells(str(span))
    out = BytesIO()
    whole.save(out)
    return out.getvalue()


def opened(name: str, males: int) -> Stock:
    at = stock(facility(f"Trại {name}"), name, since=date(2026, 1, 5))
    return act("stock", at, "opening", kind="male", amount=males, note="kiểm kê tháng 1")


def day(n: int) -> date:
    return date(2026, 2, n)


def test_two_books_on_two_sheets_each_take_their_rows(tmp_path: Path) -> None:
    one, two = opened("Paradoxurus hermaphroditus", 10), opened("Prionailurus bengalensis", 10)
    data = bound(
        filled(one, {"day": day(2), "unsexed": 3, "why": "sinh", "total": 13, "=unsexed": 3}),
        filled(two, {"day": day(3), "unsexed": 2, "why": "sinh", "total": 12, "=unsexed": 2}),
    )
    _batch, told = brought(tmp_path, data)

    assert [o for o, _m in told] == ["created", "created"], told
    assert balances_on(one)["unsexed"] == 3 and balances_on(two)["unsexed"] == 2


def test_a_sheet_that_names_no_book_is_refused_row_by_row_and_notes_are_left_out(tmp_path: Path) -> None:
    one, two = opened("Paradoxurus hermaphroditus", 10), opened("Prionailurus bengalensis", 10)
    named = load_workbook(BytesIO(filled(two, {"day": day(5), "-male": 1, "why": "chết", "total": 9})))
    named.active.title = "Tháng 2"
    again = BytesIO()
    named.save(again)
    first = filled(one, {"day": day(2), "unsexed": 3, "why": "sinh", "total": 13, "=unsexed": 3})
    whole = load_workbook(BytesIO(bound(first, again.getvalue())))
    notes = whole.create_sheet("Ghi chú")
    for line in (["ngày", "người trực", "việc"], ["2/2/2026", "Pao", "dọn chuồng"]):
        notes.append(line)
    out = BytesIO()
    whole.save(out)
    batch, told = brought(tmp_path, out.getvalue())
    assert sorted(o for o, _m in told) == ["created", "refused", "refused"], told
    assert "Tên trang tính không chỉ sổ nào" in told[0][1]
    left = {t["table"]: t["why"] for t in batch.plan["tables"] if not t["target"]}
    assert list(left) == ["Ghi chú"] and left["Ghi chú"], left
    assert sorted(o for o, _m in brought(tmp_path, out.getvalue())[1]) == ["refused", "refused", "unchanged"]
