"""Books that several files try things on."""

from datetime import date

import pytest
from tests.facilities.cases import act, facility, stock

from baoton.facilities.models import Stock


@pytest.fixture
def civets(province: None) -> Stock:
    """Two sires and four dams."""
    held = stock(facility(), capacity=40)
    held = act("stock", held, "opening", kind="sire", amount=2, note="kiểm đếm ngày 5/1/2026")
    return act("stock", held, "opening", kind="dam", amount=4, note="kiểm đếm ngày 5/1/2026")


@pytest.fixture
def herd(province: None) -> Stock:
    """Four males and six females, none taken for breeding."""
    at = stock(facility(), since=date(2026, 1, 5))
    act("stock", at, "opening", kind="male", amount=4, note="kiểm kê tháng 1")
    act("stock", at, "opening", kind="female", amount=6, note="kiểm kê tháng 1")
    return at
