"""Accounts from a list: each row has one outcome, and slips are printed."""

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from tests.accounts.cases import GOOD, account, inside, text

from baoton.people import roster
from baoton.people.models import Person

pytestmark = pytest.mark.django_db


def book(
    *rows: tuple[Any, ...], heads: tuple[str, ...] = ("Họ và tên", "Cơ quan", "Vai trò", "Xã, phường")
) -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    assert made.active is not None
    for row in (heads, *rows):
        made.active.append(row)
    made.save(out)
    return out.getvalue()


def judged(tmp_path: Path, *rows: tuple[Any, ...]) -> list[roster.Line]:
    path = tmp_path / "ds.xlsx"
    path.write_bytes(book(*rows))
    return roster.read(path)


def test_each_row_of_a_list_is_new_known_or_refused_with_the_reason(
    tmp_path: Path, communes: None, sung: Person
) -> None:
    Person.objects.filter(pk=sung.pk).update(last_name="Giàng A", first_name="Sùng")
    found = judged(
        tmp_path,
        ("Lò Văn Pao", "UBND xã Mù Cả", "Cán bộ xã", "Mù Cả"),
        ("giang a sung", "", "commune", "xã Mù Cả"),
        ("Vàng A Chu", "", "Cán bộ xã", ""),
        ("Vàng A Chu", "Sở Xây dựng", "Cán bộ Sở NN&MT", ""),
        ("Vàng A Chu", "Sở NN&MT", "giám đốc", ""),
        ("Pao", "Sở NN&MT", "Cán bộ Sở NN&MT", ""),
        ("Lò Văn  Pao", "ubnd_03451", "commune", "03451"),
        (None, None, None, None),
    )
    assert [o.outcome for o in found] == [
        "new",
        "known",
        "refused",
        "refused",
        "refused",
        "refused",
        "refused",
    ]
    assert found[0].area == "12/03451" and found[0].row == 2
    words = ("cần ghi xã", "Sở Xây dựng", "Không có vai trò", "đủ họ và tên", "Trùng")
    assert all(word in o.why for word, o in zip(words, found[2:], strict=True))


def test_a_list_becomes_accounts_with_slips_and_a_second_time_changes_nothing(
    communes: None, quan: Person
) -> None:
    browser = inside(quan)
    row = ("Vàng A Pao", "", "Cán bộ xã", "Mù Cả")

    upload = io.BytesIO(book(row))
    upload.name = "ds.xlsx"
    held = browser.post("/quan-tri/nguoi-dung/danh-sach/", {"file": upload}).context["held"]
    assert Person.objects.count() == 1
    browser.post("/quan-tri/nguoi-dung/danh-sach/", {"held": held, "reason": "CV 12"})
    pao = Person.objects.get(username="paova")
    assert [(g.role, g.area_path, g.reason) for g in pao.grants.all()] == [("commune", "12/03451", "CV 12")]
    assert list(Person.objects.waiting()) == [pao]
    page = text(browser.post("/quan-tri/nguoi-dung/phieu/"))
    (address,) = re.findall(r"http://bao-ton\.example(/vao/[\w-]+/)", page)
    assert "paova" in page and "<svg" in page
    assert Client().post(address, {"password": GOOD, "again": GOOD})["Location"] == "/"
    assert not Person.objects.waiting().exists()
    upload = io.BytesIO(book(row))
    upload.name = "ds.xlsx"
    again = browser.post("/quan-tri/nguoi-dung/danh-sach/", {"file": upload})
    assert again.context["known"] == 1 and not again.context["held"]


def test_a_preview_of_somebody_else_is_not_written(communes: None, quan: Person) -> None:
    upload = io.BytesIO(book(("Vàng A Pao", "", "Cán bộ xã", "Mù Cả")))
    upload.name = "ds.xlsx"
    held = inside(quan).post("/quan-tri/nguoi-dung/danh-sach/", {"file": upload}).context["held"]
    other = account("khac", "admin")
    inside(other).post("/quan-tri/nguoi-dung/danh-sach/", {"held": held})
    inside(other).post("/quan-tri/nguoi-dung/danh-sach/", {"held": held[:-2] + "xx"})
    assert not Person.objects.filter(username="paova").exists()


@pytest.mark.parametrize("rows", [(("a", "b"),), ()])
def test_a_list_without_its_columns_is_refused_as_a_whole(tmp_path: Path, rows: Any) -> None:
    path = tmp_path / "ds.xlsx"
    path.write_bytes(book(*rows, heads=("Tên loài", "Số lượng")))
    with pytest.raises(roster.Refused, match="tệp mẫu"):
        roster.read(path)
