"""Tab from the opened page to what one came for: the work comes before the menu, and a list has its own short way."""

from collections.abc import Callable

import pytest
from tests.week.conftest import PHONE, Hand

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("species")]
FORM = "main form input:not([type=hidden]), main form select"
ROW = "#rows a"
DOING = "#doing :is(input:not([type=hidden]), textarea, select, button, summary)"
BEFORE = {  # Tabs it took while the menu stood before the content and every button was a stop of its own
    "lan": (
        ("/", "main a", 35),
        ("/so/observations-occurrence/", "main input[name=q]", 42),
        ("/so/observations-occurrence/", ROW, 58),
        ("/so/plan-work/", ROW, 55),
        ("/so/observations-occurrence/moi/", FORM, 36),
        ("/nhap/", "input[type=file]", 35),
        ("/bao-cao/", "main select", 35),
        ("/dieu-hanh/", "main a", 35),
        ("/tim/?q=vuon", "main a[href^='/so/'], main a[href^='/loai/']", 37),
        ("/ban-do/", "main [data-find]", 39),
        ("/so/observations-occurrence/ban-lam-viec/?status=draft", "main :is(a, button)", 37),
    ),
    "sung": (
        ("/", "main a", 29),
        ("/bao-nhanh/", "main form button, main form input:not([type=hidden])", 29),
    ),
    "quan": (
        ("/quan-tri/nguoi-dung/", ROW, 28),
        ("/quan-tri/cai-dat/", "main a, main button", 21),
        ("/quan-tri/nhat-ky/", "main form input, main form select", 21),
    ),
}


def tabs(hand: Hand, path: str, wanted: str, most: int, over: int = 0) -> int:
    """How many keys lead from the opened page to the first thing wanted; `over` picks the nth of the short ways."""
    hand.page.goto(path)
    at = (
        "wanted => Boolean(document.activeElement?.closest('main') && document.activeElement.matches(wanted))"
    )
    if hand.page.evaluate(at, wanted):
        return 0
    before = hand.keys
    for key in [*["Tab"] * over, "Enter"] if over else []:
        hand.press(key)
    while hand.keys - before <= most:
        hand.press("Tab")
        if hand.page.evaluate(at, wanted):
            break
    return hand.keys - before


@pytest.mark.parametrize("name", sorted(BEFORE))
def test_the_way_to_the_work_is_half_as_long(open_as: Callable[..., Hand], name: str) -> None:
    hand = open_as(name)
    for path, wanted, before in BEFORE[name]:
        now = tabs(hand, path, wanted, before // 2)
        hand.tell(f"{path} {wanted}: {now} Tabs, before {before}")
        assert now <= before // 2, path


def test_the_way_to_the_first_button_of_a_facilitys_book_is_half_as_long(
    places: list[str], open_as: Callable[..., Hand]
) -> None:
    dung = open_as("dung")
    now = tabs(dung, places[1], DOING, 32)
    dung.tell(f"{places[1]} {DOING}: {now} Tabs, before 64")
    assert now <= 32
    dung.page.focus("section.panel tbody a >> nth=0")
    rows = "document.activeElement.closest('tr')?.rowIndex ?? 0"
    first = dung.page.evaluate(rows)
    dung.press("ArrowDown")
    assert dung.page.evaluate(rows) >= first  # every line is still at hand
    assert tabs(dung, places[1], DOING, 6, over=2) <= 6


def test_a_list_opens_its_first_row_in_a_handful_of_keys(open_as: Callable[..., Hand]) -> None:
    lan = open_as("lan")
    assert tabs(lan, "/so/observations-occurrence/", ROW, 6, over=2) <= 6
    lan.press("Enter")
    lan.page.wait_for_selector("dl.facts")
    assert tabs(lan, lan.page.url, DOING, 6, over=2) <= 6
    assert tabs(open_as("quan"), "/quan-tri/nguoi-dung/", ROW, 5, over=2) <= 5


def test_letters_and_arrows_walk_the_rows_tick_them_and_reach_the_filter(
    open_as: Callable[..., Hand],
) -> None:
    lan = open_as("lan")
    lan.page.goto("/so/observations-occurrence/")
    here = "document.activeElement.closest('tr')?.rowIndex ?? 0"
    seen = []
    for key in ("j", "j", "ArrowDown", "k", "Tab", "Shift+Tab"):
        lan.press(key)
        seen.append(lan.page.evaluate(here))
    assert seen == [1, 2, 3, 2, 3, 2]  # Tab too meets each row once
    lan.press("x")
    assert lan.page.locator("#rows input:checked").count() == 1
    lan.press("/")
    assert lan.page.evaluate("document.activeElement.name") == "q"
    lan.page.keyboard.type("jx/")
    assert lan.page.input_value("main input[name=q]") == "jx/"
    lan.page.fill("main input[name=q]", "")
    lan.page.focus("#list thead a")
    head = "document.activeElement.closest('th').cellIndex"
    first = lan.page.evaluate(head)
    lan.press("ArrowRight")
    assert lan.page.evaluate(head) > first
    lan.press("Enter")
    lan.page.wait_for_url("**sort=**")
    lan.press("j")
    lan.press("Enter")
    lan.page.wait_for_selector("dl.facts")


def test_the_menu_is_one_key_away_and_takes_the_focus_on_a_phone(open_as: Callable[..., Hand]) -> None:
    sung = open_as("sung", PHONE)
    sung.page.goto("/")
    sung.click("[data-menu]")
    sung.press("Tab")
    assert sung.page.evaluate("Boolean(document.activeElement.closest('#side'))")
    assert sung.fits
