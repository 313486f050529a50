"""Finding again: days as people write them, any order, own columns, kept views, honest words, Back."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.week.conftest import PHONE, Office, number
from tests.week.desk_test import DRAFTS

pytestmark = pytest.mark.browser
BOOK = "/so/observations-occurrence/"


def test_an_officer_finds_by_month_sorts_chooses_columns_and_keeps_the_view(
    office: Office, open_as: Callable[..., Any]
) -> None:
    keys = office.python(DRAFTS.partition('print(survey("bulk"')[0].replace('"keys"', '"find"')).splitlines()[
        -1
    ]
    lan = open_as("lan")
    lan.page.goto(f"{BOOK}?dataset={keys}&when=")
    assert "when=" not in lan.page.url
    lan.page.fill("[name=when]", "tháng 10/2026")
    lan.page.keyboard.press("Enter")
    lan.page.wait_for_url("**when=**")
    lan.page.locator("#list .sentence", has_text="từ 01/10/2026 đến 31/10/2026").wait_for()
    assert "status=" not in lan.page.url and "area=" not in lan.page.url and "q=" not in lan.page.url
    assert number(lan.page.inner_text("#list .sentence")) == 20
    for written, first, last, n in (("10/2026", "01/10/2026", "31/10/2026", 20),
                                    ("quý 3/2026", "01/07/2026", "30/09/2026", 0),
                                    ("05/10–08/10/2026", "05/10/2026", "08/10/2026", 4)):  # fmt: skip
        lan.page.fill("[name=when]", written)
        lan.page.keyboard.press("Enter")
        lan.page.locator("#list .sentence", has_text=f"từ {first} đến {last}").wait_for()
        assert number(lan.page.inner_text("#list .sentence")) == n, written
    last = lan.page.evaluate("new Date(new Date().setDate(0)).toLocaleDateString('en-GB')")
    lan.page.fill("[name=when]", "tháng trước")
    lan.page.keyboard.press("Enter")
    lan.page.locator("#list .sentence", has_text=f"đến {last}").wait_for()
    lan.page.fill("[name=when]", "10/2026")
    lan.page.keyboard.press("Enter")
    lan.page.locator("#list .sentence", has_text="từ 01/10/2026").wait_for()
    lan.click("#list thead a:has-text('Tên ghi trong nguồn')")
    names = lan.page.locator("#list tbody tr td:nth-child(2)").all_inner_texts()
    assert names == sorted(names) and len(set(names)) > 3
    lan.click("#list thead a:has-text('Tên ghi trong nguồn')")
    names = lan.page.locator("#list tbody tr td:nth-child(2)").all_inner_texts()
    assert names == sorted(names, reverse=True)
    lan.click(".list-tools summary:has-text('Cột')")
    lan.page.uncheck("input[name=cols][value=taxon_group]")
    lan.page.check("input[name=cols][value=recorded_by]")
    lan.click("text=Hiện các cột này")
    heads = lan.page.inner_text("#list thead")
    assert "Người ghi nhận" in heads and "Nhóm loài" not in heads
    lan.picture("list-columns")
    lan.click(".list-tools summary:has-text('Cách xem')")
    lan.page.fill("form[data-keep] input[name=name]", "Tháng 10 của tôi")
    lan.page.check("form[data-keep] input[name=shared]")
    lan.click("form[data-keep] button")
    lan.page.goto(BOOK)
    lan.click(".list-tools summary:has-text('Cách xem')")
    lan.click("text=Tháng 10 của tôi")
    assert "Người ghi nhận" in lan.page.inner_text("#list thead")
    here = lan.page.url
    lan.page.locator("#list tbody a").first.click()
    lan.page.wait_for_selector("dl.facts")
    lan.page.go_back()
    assert lan.page.url == here and "Người ghi nhận" in lan.page.inner_text("#list thead")
    sung = open_as("sung")
    sung.page.goto(BOOK)
    assert "Tháng 10 của tôi" not in sung.page.content()
    khoa = open_as("khoa", PHONE)  # of the same body
    khoa.page.goto(BOOK)
    khoa.click(".language button")
    khoa.page.wait_for_selector("html[lang=en]")
    assert "former units too" in khoa.page.inner_text(
        "form.filters"
    ) and "đơn vị" not in khoa.page.inner_text("main")
    khoa.click(".list-tools summary:has-text('View')")
    khoa.click("text=Tháng 10 của tôi")
    khoa.page.wait_for_url("**when=**")
    assert "from 01/10/2026 to 31/10/2026" in khoa.page.inner_text("#list .sentence") and khoa.fits


def test_a_wrong_filter_says_so_and_never_that_there_is_nothing(
    office: Office, open_as: Callable[..., Any]
) -> None:
    lan = open_as("lan")
    lan.page.goto(f"{BOOK}?when=hôm+kia")
    text = lan.page.inner_text("#list")
    assert "Không hiểu “hôm kia”" in text and "quý 3/2026" in text
    assert "0 dòng" not in text and "chưa có dòng nào" not in text
    lan.page.set_viewport_size(PHONE)
    lan.click(".language button")
    lan.page.wait_for_selector("html[lang=en]")
    told = lan.page.inner_text("#list")
    assert "“hôm kia”" in told and "0 rows" not in told and "Không hiểu" not in told and lan.fits


def test_the_map_comes_back_where_it_was(office: Office, open_as: Callable[..., Any]) -> None:
    lan = open_as("lan")
    lan.page.goto("/ban-do/")
    lan.page.wait_for_selector("[data-ready=yes]")
    lan.page.evaluate("document.querySelector('[data-map]').map.jumpTo({center: [102.5, 22.4], zoom: 11})")
    lan.page.wait_for_url("**#map=11/22.4/102.5")
    lan.page.goto("/ke-hoach/")
    lan.page.go_back()
    lan.page.wait_for_selector("[data-ready=yes]")
    assert abs(lan.page.evaluate("document.querySelector('[data-map]').map.getZoom()") - 11) < 0.01
