"""Figures that follow other rows: animals as they were seized, a planned area as it is chosen, forest cover."""

from typing import Any

import pytest
from tests.custody.cases import act, lot, of
from tests.habitats.founding_test import book, made, option  # noqa: F401  a fixture of that story
from tests.habitats.ground import square

from baoton.habitats.models import Option, Zone
from baoton.kit.access import System
from baoton.kit.writing import write
from baoton.kit.writing.outbox import READERS, settle
from baoton.plan import figures
from baoton.plan.models import IndicatorValue
from baoton.plan.queries import INDICATORS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province"), pytest.mark.once]


def told(name: str, year: int) -> Any:
    """The figure of the province as it is kept; the nightly count must agree."""
    settle(READERS["figures"], INDICATORS[name].book)
    assert not figures.differences([INDICATORS[name]])
    return IndicatorValue.objects.get(indicator=name, year=year, area_path="").value


def test_animals_count_as_seized_whatever_becomes_of_them() -> None:
    dung = of("dung")
    one = lot(dung, kind="alive", written="Rùa", count=5, kg=None)
    figures.compute([one.day.year])
    assert told("custody.seized", one.day.year) == 5
    act(dung, one, "split", pieces=2, reason="nuôi riêng")
    one.refresh_from_db()
    act(dung, one, "die", reason="bệnh")
    lot(dung, kind="dead", written="Cầy", count=2)
    lot(dung, kind="tool", written="bẫy", count=40)
    lot(dung, kind="alive", written="cá, chưa đếm", count=None)
    assert told("custody.seized", one.day.year) == 7


def test_the_planned_area_follows_what_is_chosen_and_drawn(option: Option) -> None:  # noqa: F811
    figures.compute([2026])
    ha = sum(z.hectares or 0 for z in option.zones.exclude(kind="buffer"))
    assert told("habitats.proposed", 2026) == pytest.approx(ha, abs=0.001)
    more = made(Zone, "zone", square(3, 0), option=option, kind="service")
    grown = ha + (more.hectares or 0)
    assert told("habitats.proposed", 2026) == pytest.approx(grown, abs=0.001)
    write.withdraw(book("zone"), System(), more, "vẽ nhầm")
    assert told("habitats.proposed", 2026) == pytest.approx(ha, abs=0.001)
    option.refresh_from_db()
    write.edit(book("option"), System(), option, {"chosen": False})
    assert told("habitats.proposed", 2026) is None
