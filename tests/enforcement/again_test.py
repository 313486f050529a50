"""Who stood in a case before and goods counted twice are told to whoever may read both, and to nobody else."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from baoton.enforcement import queries
from baoton.enforcement.models import Act, Case, Grant, Item, Person, Tool
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import clock, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
MU_CA = "12/03451"


def made(actor: Any, model: Any, **values: Any) -> Any:
    return write.create(REGISTERS[model._meta.label_lower], actor, model(**values))


def case(actor: Any, title: str = "Giữ cầy") -> Case:
    one: Case = made(actor, Case, title=title, day=date(2026, 7, 1), area_path=MU_CA)
    return one


def page(actor: Any, record: Case) -> str:
    browser = Client()
    browser.force_login(actor)
    return browser.get(REGISTERS["enforcement.case"].url(record)).content.decode()


def test_an_offender_is_found_again_by_his_number_however_it_was_typed(person: Callable[[str], Any]) -> None:
    dung = person("dung")
    first, second = case(dung, "Vụ trước"), case(dung, "Vụ sau")
    made(dung, Person, case=first, name="Lý A", identity="012 345-678.901")
    made(dung, Person, case=second, name="Ly Văn A", identity="012345678901", born=1980)
    assert [c["name"] for c in queries.again(dung, second)["people"][0]["cases"]] == [str(first)]
    shown = page(dung, second)
    assert "cùng số định danh" in shown and "Vụ trước" in shown
    made(dung, Person, case=case(dung), name="Lý A", identity="", born=None)
    made(dung, Person, case=case(dung), name="chứng kiến", identity="012345678901", role="witness")
    assert len(queries.again(dung, second)["people"][0]["cases"]) == 1


def test_a_warning_tells_another_body_nothing_that_it_may_not_read(person: Callable[[str], Any]) -> None:
    dung, sung = person("dung"), person("sung")
    theirs, ours = case(dung, "Vụ của kiểm lâm"), case(sung, "Vụ của xã")
    made(dung, Person, case=theirs, name="Lý A", identity="012345678901")
    made(dung, Item, case=theirs, name="cầy", mark="TAI 07")
    made(sung, Person, case=ours, name="Lý A", identity="012345678901")
    made(sung, Item, case=ours, name="cầy", mark="tai-07")
    assert "Cần xem lại" not in page(sung, ours)
    today = timezone.localdate()
    lent = {"persons": True, "items": False, "facts": False, "documents": False}
    made(dung, Grant, case=theirs, body="ubnd_03451", purpose="phối hợp", since=today, until=today, **lent)
    shown = page(sung, ours)
    assert "cùng số định danh" in shown and "không được xem nội dung" in shown
    assert "Vụ của kiểm lâm" not in shown and "tính hai lần" not in shown


def test_goods_with_one_mark_are_told_as_counted_twice_until_a_case_has_ended(
    person: Callable[[str], Any],
) -> None:
    dung = person("dung")
    one, other = case(dung, "Vụ một"), case(dung, "Vụ hai")
    made(dung, Item, case=one, name="khỉ đực", mark="VN-12")
    made(dung, Item, case=one, name="khỉ", mark="vn 12")
    made(dung, Tool, case=one, name="xe máy", kind="vehicle", mark="25B1-123.45")
    made(dung, Tool, case=other, name="xe Wave", kind="vehicle", mark="25b1 12345")
    assert [(t["name"], t["here"]) for t in queries.again(dung, one)["twice"]] == [
        ("khỉ đực", ["khỉ"]), ("khỉ", ["khỉ đực"]), ("xe máy", []),
    ]  # fmt: skip
    write.act(REGISTERS["enforcement.case"], dung, other, "clear", {"reason": "không vi phạm"})
    assert "xe máy" not in [t["name"] for t in queries.again(dung, one)["twice"]]
    assert "tính hai lần" in page(dung, one)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("14:30", "14:30"), ("7h", "07:00"), ("7 giờ 5", None), ("14h05", "14:05"), ("7 giờ", "07:00")],
)
def test_the_hour_of_an_act_is_read_as_people_write_it(
    typed: str, kept: str | None, person: Callable[[str], Any]
) -> None:
    if kept is None:
        with pytest.raises(ValidationError, match="14:30"):
            made(person("dung"), Act, case=case(person("dung")), act="hunting", hour=typed)
        return
    assert made(person("dung"), Act, case=case(person("dung")), act="hunting", hour=typed).hour == kept


def test_nobody_is_born_in_a_year_to_come(person: Callable[[str], Any]) -> None:
    with pytest.raises(ValidationError, match="Năm sinh"):
        made(person("dung"), Person, case=case(person("dung")), name="A", born=2100)


@pytest.mark.parametrize(("remote", "days"), [(None, 2), (False, 2), (True, 3)])
def test_a_case_of_a_remote_place_has_a_day_more_to_be_passed_upward(
    remote: bool | None, days: int, person: Callable[[str], Any]
) -> None:
    from baoton.enforcement.actions import SENDING

    dung = person("dung")
    record = case(dung)
    said = {"on": timezone.localdate(), "reason": "nhóm IB", "remote": remote}
    write.act(REGISTERS["enforcement.case"], dung, record, "find_crime", said)
    assert clock.opened(record.pk, SENDING).days == days  # type: ignore[union-attr]


def test_what_is_not_listed_is_counted_and_the_book_says_why_a_figure_may_open_fewer_rows(
    person: Callable[[str], Any],
) -> None:
    dung = person("dung")
    here = case(dung)
    made(dung, Item, case=here, name="cầy", mark="A1")
    for n in range(queries.MOST + 2):
        made(dung, Item, case=case(dung, f"Vụ {n}"), name="cầy", mark="A1")
    assert "và 2 vụ việc khác nữa" in page(dung, here)
    browser = Client()
    browser.force_login(dung)
    assert (
        "mở từ đó có thể thấy ít dòng hơn"
        in browser.get(REGISTERS["enforcement.case"].url()).content.decode()
    )
