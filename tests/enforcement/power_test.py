"""Goods worth more than the office that seized them may take are a piece of work for the body that keeps them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

import rulebook.decisions.fines
from baoton.custody import actions as custody
from baoton.enforcement.models import Case, Item
from baoton.enforcement.power import PASSING
from baoton.kit.models import Clock
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
MU_CA = "12/03451"


@pytest.fixture
def dung(person: Callable[[str], Any]) -> Any:
    return person("dung")


def case_with(dung: Any, *values: int | None) -> tuple[Case, list[Item]]:
    """A case whose goods of these values are all in custody."""
    words = {"title": "Giữ cầy", "day": date(2026, 7, 1), "area_path": MU_CA}
    case = write.create(REGISTERS["enforcement.case"], dung, Case(**words))
    made = []
    for n, value in enumerate(values):
        goods = Item(case=case, name=f"cầy {n}", kind="animal", state="dead", number=1, value=value)
        one = write.create(REGISTERS["enforcement.item"], dung, goods)
        write.act(REGISTERS["enforcement.item"], dung, one, "seize", {"on": timezone.localdate()})
        one.refresh_from_db()
        made.append(one)
    return case, made


def named(dung: Any, case: Case, office: str) -> None:
    said = {"on": timezone.localdate(), "seizing_office": office}
    write.act(REGISTERS["enforcement.case"], dung, case, "name_office", said)


def waiting() -> list[Any]:
    """The lots on which the work waits."""
    return list(Clock.objects.filter(name=PASSING, stopped__isnull=True).values_list("record", flat=True))


def page(client: Client, dung: Any, record: Any, book: str = "enforcement.case") -> str:
    client.force_login(dung)
    return client.get(REGISTERS[book].url(record)).content.decode()


def test_goods_above_the_power_of_a_ranger_wait_once_until_a_higher_office_has_them(
    client: Client, dung: Any
) -> None:
    case, goods = case_with(dung, 50_000_000, 1)
    assert not waiting() and "Chưa ghi chức danh quyết định tạm giữ" in page(client, dung, case)
    named(dung, case, "ranger")
    assert waiting() == [goods[1].lot_id]
    told = page(client, dung, case)
    assert "quá 50.000.000 đồng là mức kiểm lâm viên đang thi hành công vụ được tịch thu" in told
    assert "Hạn chuyển:" in told and "theo nguồn thứ cấp" in told
    assert PASSING.capitalize() in page(client, dung, goods[1].lot, "custody.lot")
    assert f"{goods[1].lot.number}" in client.get("/").content.decode()
    named(dung, case, "station_head")
    assert not waiting() and "trong mức 200.000.000 đồng" in page(client, dung, case)


def test_the_limit_itself_is_within_the_power_and_a_new_value_is_looked_at(dung: Any) -> None:
    case, goods = case_with(dung, 50_000_000)
    named(dung, case, "ranger")
    assert not waiting()
    write.edit(REGISTERS["enforcement.item"], dung, goods[0], {"value": 50_000_001})
    assert waiting() == [goods[0].lot_id]
    goods[0].lot.refresh_from_db()
    custody.step(dung, goods[0].lot, "give_back", when=timezone.localdate(), reason="Quyết định trả lại số 4")
    assert not waiting()


def test_a_decided_case_waits_for_nobody_and_what_has_no_value_is_said(client: Client, dung: Any) -> None:
    case, _goods = case_with(dung, None, 3_000_000)
    named(dung, case, "ranger")
    told = page(client, dung, case)
    assert not waiting() and "phần chưa định giá chưa đối chiếu được" in told and "cầy 0" in told
    other, _more = case_with(dung, 60_000_000)
    named(dung, other, "ranger")
    assert len(waiting()) == 1
    write.act(REGISTERS["enforcement.case"], dung, other, "clear", {"reason": "có giấy tờ hợp pháp"})
    assert not waiting()


def test_a_limit_that_nobody_read_is_said_and_raises_nothing(
    client: Client, dung: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, _goods = case_with(dung, 900_000_000)
    real = rulebook.decisions.fines.value_on
    monkeypatch.setattr("baoton.enforcement.power.value_on", lambda name, day: real(name, date(2026, 1, 1)))
    named(dung, case, "ranger")
    assert not waiting()
    told = page(client, dung, case)
    assert "Chưa đọc văn bản nào nêu mức tịch thu" in told and "theo nguồn" not in told


def test_another_body_that_is_lent_the_facts_alone_learns_no_value(
    client: Client, dung: Any, person: Callable[[str], Any]
) -> None:
    from baoton.enforcement.models import Grant

    case, _goods = case_with(dung, 60_000_000)
    named(dung, case, "ranger")
    lent = Grant(
        case=case, body="canh_sat_moi_truong", facts=True, purpose="phối hợp", until=date(2027, 6, 1)
    )
    write.create(REGISTERS["enforcement.grant"], dung, lent)
    told = page(client, person("minh"), case)
    assert case.title in told and "tham-quyen" not in told and "60.000.000" not in told
