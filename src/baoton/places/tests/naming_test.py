"""A commune told in words, as the sheets of the province write it."""

from datetime import date

import pytest

from baoton.places import actions
from baoton.places.naming import commune, shown

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def units(db: None) -> None:
    actions.load()


BEFORE, AFTER = date(2024, 3, 1), date(2025, 9, 1)


@pytest.mark.parametrize("text", [
    "Mù Cả", "xã Mù Cả", "Xã Mù Cả", "Mu Ca", "MÙ CẢ", "x. Mù Cả", "x.Mù Cả", " Mù  Cả ", "Xã Mù Cả.", "03451",
    "Mù Cả, huyện Mường Tè", "Mù Cả - Mường Tè", "Mù Cả (Mường Tè)",
])  # fmt: skip
def test_one_commune_is_known_by_every_way_of_writing_it(text: str) -> None:
    assert commune(text).now == "12/03451" and commune(text, on=AFTER).now == "12/03451"
    assert commune(text, on=BEFORE).then == "12/107/03451"


@pytest.mark.parametrize(("text", "now", "then"), [
    ("Nậm Manh", "12/03434", "12/112/03474"), ("TT. Mường Tè", "12/03433", "12/107/03433"),
    ("Nậm Chà", "12/03472", "12/112/03473"), ("Nậm Cha", "12/03517", "12/108/03526"),
    ("Hồ Thầu", "12/03405", "12/106/03406"), ("Xã Hua Bum, huyện Nậm Nhùn", "12/03460", "12/112/03460"),
])  # fmt: skip
def test_a_former_commune_lies_in_the_one_it_went_into(text: str, now: str, then: str) -> None:
    told = commune(text)
    assert (told.now, told.then, told.code) == (now, then, "")


@pytest.mark.parametrize(("said", "code"), [
    (("Quảng Bình",), "unknown"), (("Xã X",), "unknown"), (("123 km",), "unknown"),
    (("Hồ Thầu", "Hoàng Su Phì", "Hà Giang"), "elsewhere"), (("Mường Nhé", "", "Điện Biên"), "elsewhere"),
    (("Hồ Thầu", "Hoàng Su Phì"), "elsewhere"),
])  # fmt: skip
def test_a_commune_that_is_not_ours_is_placed_nowhere(said: tuple[str, ...], code: str) -> None:
    assert (commune(*said).now, commune(*said).code) == ("", code)


def test_a_blank_cell_says_nothing() -> None:
    assert commune("").code == "" and commune(" ", "Mường Tè").code == ""


def test_of_a_guarded_record_only_the_province_is_told() -> None:
    assert (shown("12/03451", 0), shown("12/03451", 1), shown("12/03451", 2)) == ("12/03451", "12", "12")
