"""From what lies below to a case and on into custody: opened on its page, seized in one step."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from baoton.custody.queries import chain, verify
from baoton.enforcement.models import Case, Item
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.tips.models import Tip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
MU_CA = "12/03451"


@pytest.fixture
def dung(person: Callable[[str], Any]) -> Any:
    return person("dung")


@pytest.fixture
def item(dung: Any) -> Item:
    values = {"title": "Giữ cầy", "day": date(2026, 7, 1), "area_path": MU_CA}
    case = write.create(REGISTERS["enforcement.case"], dung, Case(**values))
    goods = Item(case=case, name="cầy vòi hương", kind="animal", state="dead", number=2, kg=7.25)
    made: Item = write.create(REGISTERS["enforcement.item"], dung, goods)
    return made


def seize(dung: Any, item: Item, **more: Any) -> Item:
    said = {"on": timezone.localdate(), "place": "Kho Hạt", "seal": "NP-7"} | more
    write.act(REGISTERS["enforcement.item"], dung, item, "seize", said)
    item.refresh_from_db()
    return item


def test_a_seized_item_has_a_whole_chain_that_names_its_case_and_weighs_what_it_weighed(
    dung: Any, item: Item
) -> None:
    lot = seize(dung, item).lot
    assert lot is not None and lot.origin == item.case.code and lot.organisation == item.organisation
    assert (lot.kind, lot.count, str(lot.kg), lot.place, lot.seal) == ("dead", 2, "7.250", "Kho Hạt", "NP-7")
    assert [s.kind for s in chain(lot)] == ["seized"] and verify(lot).whole


def test_an_item_is_seized_once_and_not_before_the_act_or_in_days_to_come(dung: Any, item: Item) -> None:
    for day in (date(2026, 6, 30), timezone.localdate() + timedelta(days=1)):
        with pytest.raises(ValidationError):
            seize(dung, item, on=day)
    seize(dung, item)
    with pytest.raises(NotNow, match="đã có chuỗi"):
        seize(dung, item)


def test_a_tip_is_opened_as_a_case_that_names_it(client: Client, dung: Any) -> None:
    tip = write.create(REGISTERS["tips.tip"], dung, Tip(kind="snare", what="Có bẫy", area_path=MU_CA))
    client.force_login(dung)
    page = client.get(REGISTERS["tips.tip"].url(tip)).content.decode()
    address = f"/so/enforcement-case/moi/?tip={tip.pk}"
    assert escape(f"{address}&source=tip") in page
    form = client.get(address, {"tip": str(tip.pk), "source": "tip"}).content.decode()
    assert str(tip.pk) in form or tip.code in form
    case = write.create(REGISTERS["enforcement.case"], dung, Case(title="Bẫy", tip=tip, area_path=MU_CA))
    assert case.source == "tip"


def told_tip(dung: Any, **more: Any) -> Tip:
    tip: Tip = write.create(
        REGISTERS["tips.tip"], dung, Tip(kind="snare", what="bẫy ở suối", area_path=MU_CA, **more)
    )
    return tip


def test_a_case_opened_from_a_tip_tells_its_sender_so(dung: Any) -> None:
    tip = told_tip(dung)
    case = write.create(REGISTERS["enforcement.case"], dung, Case(title="Đặt bẫy", tip=tip, area_path=MU_CA))
    tip.refresh_from_db()
    assert (tip.status, tip.case_code) == ("case", case.code) and "lập vụ việc" in tip.answer


def test_a_case_of_the_patrol_that_a_tip_sent_out_names_the_tip_too(dung: Any) -> None:
    book, tip = REGISTERS["tips.tip"], told_tip(dung)
    write.act(book, dung, tip, "patrol", {})
    tip.refresh_from_db()
    opened = Case(title="Đặt bẫy", patrol=tip.patrol, area_path=MU_CA)
    case = write.create(REGISTERS["enforcement.case"], dung, opened)
    tip.refresh_from_db()
    assert case.tip == tip and tip.status == "case"


def test_a_tip_that_was_closed_before_keeps_its_answer(dung: Any) -> None:
    tip = told_tip(dung)
    write.act(REGISTERS["tips.tip"], dung, tip, "nothing", {"answer": "Không thấy gì"})
    write.create(REGISTERS["enforcement.case"], dung, Case(title="Đặt bẫy", tip=tip, area_path=MU_CA))
    tip.refresh_from_db()
    assert (tip.status, tip.answer) == ("nothing", "Không thấy gì")
