"""A register that could not be shown is refused where it is declared, not on the first page somebody opens."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from baoton.kit.reading.register import REGISTERS, Register
from baoton.plan.models import Work

pytestmark = pytest.mark.once


def test_a_book_without_a_field_is_no_book() -> None:
    with pytest.raises(ImproperlyConfigured, match="no field"):
        Register(name="kit.nothing", model=Work, label="Sổ trống", one="dòng", settle=lambda *a: None)
    assert "kit.nothing" not in REGISTERS
