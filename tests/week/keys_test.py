"""Tab from the opened page to what one came for: the work comes before the menu, and a list has its own short way."""

from collections.abc import Callable

import pytest
from tests.week.conftest import PHONE, Hand
from tests.week.pages_test import species  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("species")]
FORM = "main form input:not([type=hidden]), main form select"
ROW = "#list tbody a"
HALF = {  # half of the Tabs it took while the menu stood before the content
    "lan": (
        ("/", "main a", 17),
        ("/so/observations-occurrence/", "main input[name=q]", 21),
        ("/so/observations-occurrence/moi/", FORM, 18),
        ("/nhap/", "input[type=file]", 17),
        ("/bao-cao/", "main select", 17),
        ("/dieu-hanh/", "main a", 17),
        ("/tim/?q=vuon", "main a[href^='/so/'], main a[href^='/loai/']", 18),
        ("/ban-do/", "main [data-find]", 19),
    ),
    "sung": (
        ("/", "main a", 14),
        ("/bao-nhanh/", "main form button, main form input:not([type=hidden])", 14),
    ),
    "quan": (
        ("/quan-tri/cai-dat/", "main a, main button", 10),
        ("/quan-tri/nhat-ky/", "main form input, main form select", 10),
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


@pytest.mark.parametrize("name", sorted(HALF))
def test_the_way_to_the_work_is_half_as_long(open_as: Callable[..., Hand], name: str) -> None:
    hand = open_as(name)
    for path, wanted, most in HALF[name]:
        assert tabs(hand, path, wanted, most) <= most, path


def test_a_list_opens_its_first_row_in_a_handful_of_keys(open_as: Callable[..., Hand]) -> None:
    lan = open_as("lan")
    assert tabs(lan, "/so/observations-occurrence/", ROW, 6, over=2) <= 6
    lan.press("Enter")
    lan.page.wait_for_selector("dl.facts")
    assert tabs(open_as("quan"), "/quan-tri/nguoi-dung/", "main table a", 5, over=2) <= 5


def test_the_menu_is_one_key_away_and_takes_the_focus_on_a_phone(open_as: Callable[..., Hand]) -> None:
    sung = open_as("sung", PHONE)
    sung.page.goto("/")
    sung.click("[data-menu]")
    sung.press("Tab")
    assert sung.page.evaluate("Boolean(document.activeElement.closest('#side'))")
    assert sung.fits
