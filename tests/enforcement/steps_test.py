"""A case goes its way step by step; each step that the law of its day does not allow is refused in a sentence."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from baoton.enforcement.actions import DECIDING, SENDING, SESSION
from baoton.enforcement.models import Act, Case, Item, Person
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import clock, write
from baoton.kit.writing.refusal import NotNow

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
MU_CA = "12/03451"
BOOK = "enforcement.case"


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


NEW, OLD = "146/2026/NĐ-CP", "35/2019/NĐ-CP"


@pytest.fixture
def dung(person: Callable[[str], Any]) -> Any:
    return person("dung")


def opened(actor: Any, who: str = "person", value: int | None = 2_000_000, **more: Any) -> Case:
    """A case of one offender and one ordinary animal."""
    values = {"title": "Giữ thú rừng", "day": date(2026, 7, 1), "area_path": MU_CA} | more
    case: Case = write.create(REGISTERS[BOOK], actor, Case(**values))
    put = write.create
    put(REGISTERS["enforcement.act"], actor, Act(case=case, act="keeping"))
    put(REGISTERS["enforcement.person"], actor, Person(case=case, name="Giàng A Tủa", kind=who))
    goods = Item(
        case=case, name="chồn", kind="animal", group="ordinary", state="alive", number=1, value=value
    )
    put(REGISTERS["enforcement.item"], actor, goods)
    return case


def do(actor: Any, case: Case, verb: str, **said: Any) -> Case:
    """The case after one verb."""
    write.act(REGISTERS[BOOK], actor, case, verb, said)
    case.refresh_from_db()
    return case


def minuted(actor: Any, on: date = date(2026, 7, 10), **more: Any) -> Case:
    return do(actor, opened(actor, **more), "minute", on=on)


def decided(actor: Any, case: Case, on: date = date(2026, 7, 16), **said: Any) -> Case:
    words = {
        "office": "district_or_mobile_head", "signer": "Lò Văn Chung", "instrument": NEW, "fine": 3_000_000,
    }  # fmt: skip
    return do(actor, case, "decide", on=on, **(words | said))


def why(error: pytest.ExceptionInfo[Any]) -> str:
    return " ".join(error.value.messages) if isinstance(error.value, ValidationError) else str(error.value)


def test_a_fine_goes_from_the_minute_to_the_last_payment(dung: Any) -> None:
    case = minuted(dung)
    running = clock.opened(case.pk, DECIDING)
    assert running is not None and running.days == 7 and running.due == date(2026, 7, 21)
    decided(dung, case)
    assert (case.status, case.fine, case.decided) == ("decided", 3_000_000, date(2026, 7, 16))
    assert case.number.startswith("01/") and clock.opened(case.pk, DECIDING) is None
    do(dung, case, "serve", on=date(2026, 7, 17))
    with pytest.raises(NotNow, match="chưa nộp đủ"):
        do(dung, case, "close", reason="xong")
    do(dung, case, "pay", on=date(2026, 7, 20), amount=1_000_000)
    assert (case.status, case.paid) == ("served", 1_000_000)
    with pytest.raises(ValidationError) as error:
        do(dung, case, "pay", on=date(2026, 7, 21), amount=2_000_001)
    assert "Còn phải nộp 2.000.000 đồng" in why(error)
    do(dung, case, "pay", on=date(2026, 7, 21), amount=2_000_000)
    assert (case.status, case.paid) == ("paid", 3_000_000)
    assert do(dung, case, "close", reason="xong").status == "closed"


@pytest.mark.parametrize(
    ("office", "most"),
    [
        ("ranger", 25), ("station_head", 100), ("district_or_mobile_head", 150), ("sub_department_head", 250),
        ("commune_chairman", 250), ("province_chairman", 500),
    ],
)  # fmt: skip
def test_each_office_fines_up_to_its_limit_and_not_a_dong_more(dung: Any, office: str, most: int) -> None:
    case = minuted(dung)
    with pytest.raises(ValidationError) as error:
        decided(dung, case, office=office, fine=most * 1_000_000 + 1)
    assert "vượt thẩm quyền" in why(error) and f"{most}.000.000 đồng" in why(error)
    case.refresh_from_db()
    assert (case.status, case.number, case.fine) == ("minuted", "", None)
    assert decided(dung, case, office=office, fine=most * 1_000_000).number.startswith("01/")


def test_an_organisation_is_fined_up_to_twice_as_much(dung: Any) -> None:
    case = minuted(dung, who="organisation")
    with pytest.raises(ValidationError):
        decided(dung, case, office="ranger", fine=50_000_001)
    assert decided(dung, case, office="ranger", fine=50_000_000).status == "decided"


def test_goods_above_the_limit_of_the_office_are_not_confiscated_by_it(dung: Any) -> None:
    case = minuted(dung, value=50_000_001)
    said = {"office": "ranger", "fine": 1_000_000, "confiscates": True}
    do(dung, case, "hear", on=date(2026, 7, 11), hearing_note="không yêu cầu giải trình")
    with pytest.raises(ValidationError) as error:
        decided(dung, case, **said)
    assert "50.000.000 đồng" in why(error)
    assert decided(dung, case, **(said | {"office": "sub_department_head"})).status == "decided"


def test_goods_without_a_value_are_said_not_to_be_judged(dung: Any) -> None:
    case = minuted(dung, value=None)
    told = decided(dung, case, office="ranger", confiscates=True).unread
    assert "chưa định giá" in told


def test_a_decree_that_no_longer_holds_is_refused(dung: Any) -> None:
    case = minuted(dung)
    with pytest.raises(ValidationError) as error:
        decided(dung, case, instrument=OLD)
    assert f"{OLD} không có hiệu lực ngày 01/07/2026" in why(error)


def test_a_later_decree_is_taken_for_an_older_act_only_with_the_word_that_it_must_be_milder(
    dung: Any,
) -> None:
    case = minuted(dung, day=date(2026, 6, 1))
    assert "nhẹ hơn" in decided(dung, case).unread


def test_what_no_decree_says_of_powers_before_its_day_is_said_and_not_guessed(dung: Any) -> None:
    case = minuted(dung, day=date(2026, 5, 1), on=date(2026, 5, 4))
    assert clock.opened(case.pk, DECIDING) is None
    told = decided(dung, case, on=date(2026, 5, 10), instrument=OLD, fine=900_000_000).unread
    assert "Chưa có căn cứ về mức phạt tối đa" in told


def test_a_case_without_a_day_asks_which_law(dung: Any) -> None:
    case = minuted(dung, day=None)
    with pytest.raises(NotNow, match="chưa biết áp dụng văn bản nào"):
        decided(dung, case)


def test_nothing_lies_in_the_future_or_before_the_act(dung: Any) -> None:
    with pytest.raises(ValidationError, match="chưa tới"):
        opened(dung, day=tomorrow())
    case = opened(dung)
    for on, word in ((tomorrow(), "chưa tới"), (date(2026, 6, 30), "trước ngày xảy ra hành vi")):
        with pytest.raises(ValidationError, match=word):
            do(dung, case, "minute", on=on)
    do(dung, case, "minute", on=date(2026, 7, 10))
    with pytest.raises(ValidationError, match="trước ngày lập biên bản"):
        decided(dung, case, on=date(2026, 7, 9))


def test_who_may_be_heard_is_heard_before_the_decision_or_lets_his_days_pass(dung: Any) -> None:
    case = minuted(dung, value=30_000_000)
    with pytest.raises(NotNow, match="còn quyền xin giải trình đến hết ngày 14/07/2026"):
        decided(dung, case, on=date(2026, 7, 14))
    do(dung, case, "ask_hearing", on=date(2026, 7, 13))
    assert case.status == "hearing" and clock.opened(case.pk, SESSION) is not None
    with pytest.raises(NotNow):
        decided(dung, case)
    do(dung, case, "hear", on=date(2026, 7, 14), hearing_note="đã trình bày hoàn cảnh")
    assert clock.opened(case.pk, SESSION) is None
    assert decided(dung, case, on=date(2026, 7, 14), fine=26_000_000).status == "decided"


def test_a_complex_case_has_its_month_and_one_month_more(dung: Any) -> None:
    case = minuted(dung)
    for until in (date(2026, 8, 10), date(2026, 9, 10)):
        do(dung, case, "extend", on=date(2026, 7, 20), reason="nhiều người vi phạm")
        running = clock.opened(case.pk, DECIDING)
        assert running is not None and running.due == until
    with pytest.raises(NotNow, match="hai lần"):
        do(dung, case, "extend", on=date(2026, 7, 21), reason="nữa")


def test_a_crime_goes_to_the_police_and_comes_back_or_is_judged(dung: Any) -> None:
    case = minuted(dung)
    do(dung, case, "find_crime", on=date(2026, 7, 13), reason="loài ưu tiên bảo vệ")
    running = clock.opened(case.pk, SENDING)
    assert running is not None and running.due == date(2026, 7, 15)
    do(dung, case, "transfer", on=date(2026, 7, 15), sent_to="Công an tỉnh", reason="dấu hiệu tội phạm")
    assert (case.status, case.sent, clock.opened(case.pk, SENDING)) == (
        "transferred",
        date(2026, 7, 15),
        None,
    )
    do(dung, case, "come_back", on=date(2026, 7, 20), reason="chưa đủ căn cứ")
    assert case.status == "minuted"
    do(dung, case, "transfer", on=date(2026, 7, 22), sent_to="Viện kiểm sát", reason="bổ sung chứng cứ")
    do(dung, case, "accept", on=date(2026, 7, 23))
    do(dung, case, "judge", outcome="Toà tuyên phạt 12 tháng tù")
    assert do(dung, case, "close", reason="có bản án").status == "closed"


def test_a_suspended_case_goes_on_from_where_it_stood(dung: Any) -> None:
    case = minuted(dung)
    do(dung, case, "suspend", reason="chờ giám định")
    with pytest.raises(NotNow):
        decided(dung, case)
    assert do(dung, case, "resume", reason="đã có kết quả").status == "minuted"
    assert decided(dung, case).status == "decided"


def test_a_case_without_offender_is_not_decided_and_one_without_violation_ends(dung: Any) -> None:
    case = opened(dung)
    one = case.persons.get()
    write.withdraw(REGISTERS["enforcement.person"], dung, one, "ghi nhầm")
    do(dung, case, "minute", on=date(2026, 7, 10))
    with pytest.raises(NotNow, match="Chưa ghi người vi phạm"):
        decided(dung, case)
    other = opened(dung)
    assert do(dung, other, "clear", reason="có giấy tờ hợp pháp").status == "clean"
    assert do(dung, other, "close", reason="không vi phạm").status == "closed"
