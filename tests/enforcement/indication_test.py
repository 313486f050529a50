"""What the tables suggest for a case in the database, and where each missing fact is entered."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from baoton.enforcement.indication import facts_of, indication
from baoton.enforcement.models import Act, Case, Circumstances, Item, Person, Tool
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
MU_CA = "12/03451"


@pytest.fixture
def dung(person: Callable[[str], Any]) -> Any:
    return person("dung")


def case(actor: Any, acts: tuple[str, ...] = ("hunting",), **more: Any) -> Case:
    values = {"title": "Bẫy thú", "day": date(2026, 7, 1), "area_path": MU_CA} | more
    made: Case = write.create(REGISTERS["enforcement.case"], actor, Case(**values))
    for act in acts:
        write.create(REGISTERS["enforcement.act"], actor, Act(case=made, act=act))
    return made


def put(actor: Any, name: str, row: Any) -> Any:
    return write.create(REGISTERS[f"enforcement.{name}"], actor, row)


def gibbon(actor: Any, one: Case, **more: Any) -> Any:
    values = {"name": "Nomascus concolor", "state": "dead", "number": 1} | more
    return put(actor, "item", Item(case=one, **values))


def test_the_group_is_that_of_the_species_on_the_day_of_the_act(dung: Any) -> None:
    one = case(dung)
    gibbon(dung, one)
    (item,) = facts_of(one)[0].items
    assert (item.group, item.klass, item.kind, item.sort) == ("priority", "mammal", "animal", "other")
    told = indication(dung, one)
    assert (
        told.crimes[0].basis.startswith("Bộ luật Hình sự, Điều 244")
        and "chưa đối chiếu" in told.crimes[0].sure
    )


def test_a_case_without_a_day_asks_which_law_and_leads_to_where_it_is_written(dung: Any) -> None:
    one = case(dung, day=None)
    gibbon(dung, one)
    told = indication(dung, one)
    assert told.nothing and told.asks[0].said == "ngày xảy ra hành vi"
    assert told.asks[0].address == reverse("record-edit", args=["enforcement-case", one.pk])


def test_an_act_to_come_is_refused(dung: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        case(dung, day=date.today() + timedelta(days=2))
    assert "day" in refused.value.message_dict


def test_each_missing_fact_leads_to_its_own_form(dung: Any) -> None:
    one = case(dung)
    muntjac = put(
        dung, "item", Item(case=one, name="thịt thú", kind="animal", group="IIB", state="dead", number=1)
    )
    asks = {a.said: a.address for a in indication(dung, one).asks}
    assert asks["trị giá (tang vật “thịt thú”)"] == reverse(
        "record-edit", args=["enforcement-item", muntjac.pk]
    )
    new = reverse("record-new", args=["enforcement-circumstances"])
    assert any(address.startswith(f"{new}?case={one.pk}#id_gain") for address in asks.values())
    row = put(dung, "circumstances", Circumstances(case=one, gain=0, previous="none"))
    write.edit(REGISTERS["enforcement.item"], dung, muntjac, {"value": 12_000_000})
    told = indication(dung, one)
    assert "thu lợi bất chính" not in {a.said for a in told.asks}
    edit = reverse("record-edit", args=["enforcement-circumstances", row.pk])
    assert any(a.address.startswith(edit) for a in told.unknown)


def test_the_offender_and_the_vehicle_come_from_the_books(dung: Any) -> None:
    one = case(dung)
    put(dung, "person", Person(case=one, name="Giàng A Lử", kind="person"))
    put(dung, "tool", Tool(case=one, kind="vehicle", name="xe máy", value=9_000_000))
    put(dung, "tool", Tool(case=one, kind="tool", name="bẫy kẹp", number=7))
    facts, _rows = facts_of(one)
    assert (facts.offender, facts.vehicle_value, facts.tools) == ("person", 9_000_000, 7)
    put(dung, "tool", Tool(case=one, kind="vehicle", name="xe tải"))
    assert facts_of(one)[0].vehicle_value is None, "one vehicle has no value yet"
    put(dung, "person", Person(case=one, name="Công ty X", kind="organisation"))
    assert facts_of(one)[0].offender is None


def test_two_items_of_one_name_are_told_apart(dung: Any) -> None:
    one = case(dung)
    gibbon(dung, one)
    gibbon(dung, one, number=2)
    assert [name for name, _lines in indication(dung, one).each] == [
        "Nomascus concolor",
        "Nomascus concolor (2)",
    ]


def test_the_page_suggests_to_its_own_body_and_is_not_there_for_others(
    dung: Any, person: Callable[[str], Any]
) -> None:
    from tests.enforcement.sharing_test import lend

    one = case(dung)
    gibbon(dung, one)
    browser = Client()
    browser.force_login(dung)
    address = reverse("case-indication", args=[one.pk])
    shown = browser.get(address).content.decode()
    assert "Gợi ý" in shown and "Điều 244" in shown and "người có thẩm quyền" in shown
    lend(dung, one, "canh_sat_moi_truong", {"facts", "items"})
    browser.force_login(person("minh"))
    assert browser.get(address).status_code == 404
    assert (
        "Gợi ý áp dụng"
        not in browser.get(reverse("record", args=["enforcement-case", one.pk])).content.decode()
    )
