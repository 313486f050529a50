"""Bodies that act together: checks of today and before, operations that end with a result."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from baoton.enforcement.models import Case
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.outreach.models import Session
from baoton.patrols.models import Patrol
from baoton.together.models import Check, Joined, Operation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province")]
CHECK, OPERATION = REGISTERS["together.check"], REGISTERS["together.operation"]


def looked(actor: Any, **more: Any) -> Check:
    values = {"kind": "market", "place": "Chợ Mường Tè", "day": timezone.localdate(), "looked": "quầy thịt"}
    made: Check = write.create(CHECK, actor, Check(**(values | {"found": "nothing"} | more)))
    return made


def test_a_check_of_a_day_to_come_or_a_doubt_without_words_is_refused(person: Callable[[str], Any]) -> None:
    dung = person("dung")
    with pytest.raises(ValidationError, match="chưa đến"):
        looked(dung, day=timezone.localdate() + timedelta(days=1))
    with pytest.raises(ValidationError, match="kể rõ"):
        looked(dung, found="doubt")
    assert looked(dung).area_path == "12"


def test_an_operation_ends_with_a_result_and_never_before_it_began(person: Callable[[str], Any]) -> None:
    dung, today = person("dung"), timezone.localdate()
    values = {"title": "Đợt cao điểm", "day": today, "bodies": "Kiểm lâm; Công an"}
    with pytest.raises(ValidationError, match="trước ngày bắt đầu"):
        write.create(OPERATION, dung, Operation(**values, until=today - timedelta(days=1)))
    made = write.create(OPERATION, dung, Operation(**values))
    with pytest.raises(ValidationError):
        write.act(OPERATION, dung, made, "finish")
    assert write.act(OPERATION, dung, made, "finish", {"result": "Xem 12 quán"}).status == "done"


def test_market_control_adds_what_it_looked_at_and_finance_reads_nothing(
    person: Callable[[str], Any],
) -> None:
    thu = person("thu")
    made = looked(thu)
    page = Client()
    page.force_login(thu)
    assert "Chợ Mường Tè" in page.get(CHECK.url(made)).content.decode()
    page.force_login(person("hoa"))
    assert page.get(CHECK.url(made)).status_code in {403, 404}
    with pytest.raises(PermissionDenied):
        looked(person("hoa"))


def browser(who: Any) -> Client:
    page = Client()
    page.force_login(who)
    return page


def month(who: Any, asked: str = "2026-10") -> Any:
    return browser(who).get("/phoi-hop/lich/", {"thang": asked})


def test_the_month_shows_operations_on_each_of_their_days_with_checks_and_trainings(
    person: Callable[[str], Any],
) -> None:
    dung, day = person("dung"), date(2026, 10, 30)
    values = {"title": "Đợt cao điểm", "bodies": "Kiểm lâm; Công an"}
    write.create(OPERATION, dung, Operation(**values, day=day, until=day + timedelta(days=4)))
    looked(dung, day=day, found="doubt", what="Có bày thịt rừng")
    taught = {"kind": "training", "title": "Nhận dạng loài", "day": day, "area_path": "12/03451"}
    for more in ({}, {"kind": "meeting", "title": "Họp bản Mù Cả"}):
        write.create(REGISTERS["outreach.session"], person("sung"), Session(**(taught | more)))
    told = month(dung).content.decode()
    assert told.count('title="Đợt cao điểm"') == 2  # the 30th and the 31st
    assert month(dung, "2026-11").content.decode().count('title="Đợt cao điểm"') == 3
    assert "chợ: Chợ Mường Tè" in told and "1 lượt kiểm tra có dấu hiệu vi phạm" in told
    assert "Nhận dạng loài" in told and "Họp bản Mù Cả" not in told
    assert "/phoi-hop/lich/" in browser(dung).get(OPERATION.url()).content.decode()


def test_a_month_that_is_none_is_not_found_and_who_reads_no_operation_reads_no_month(
    person: Callable[[str], Any],
) -> None:
    for wrong in ("2026-13", "x", "0-1", "99999-1", "2026", "1-1", "9999-12"):
        assert month(person("dung"), wrong).status_code == 404
    assert month(person("hoa")).status_code in {403, 404}


def test_a_commune_reads_in_the_month_what_is_of_its_own_area(person: Callable[[str], Any]) -> None:
    day = date(2026, 10, 12)
    looked(person("dung"), day=day, place="Chợ xã bên", area_path="12/03433")
    looked(person("dung"), day=day, place="Chợ Mù Cả", area_path="12/03451")
    told = month(person("sung")).content.decode()
    assert "Chợ Mù Cả" in told and "Chợ xã bên" not in told


@pytest.mark.once
def test_an_operation_lists_its_patrols_and_only_those_cases_that_the_reader_may_see(
    person: Callable[[str], Any],
) -> None:
    dung, thu, today = person("dung"), person("thu"), timezone.localdate()
    made = write.create(
        OPERATION, dung, Operation(title="Đợt cao điểm", day=today, bodies="Kiểm lâm; Công an")
    )
    walked = write.create(REGISTERS["patrols.patrol"], dung, Patrol(day_start=today, area_path="12/03451"))
    write.create(REGISTERS["together.joined"], dung, Joined(operation=made, patrol=walked))
    with pytest.raises(ValidationError, match="đã có trong đợt phối hợp"):
        write.create(REGISTERS["together.joined"], dung, Joined(operation=made, patrol=walked))
    case = write.create(
        REGISTERS["enforcement.case"],
        dung,
        Case(title="Bày bán thịt thú rừng", day=today, operation=made, area_path="12/03451"),
    )
    own, other = Client(), Client()
    own.force_login(dung)
    other.force_login(thu)
    told = own.get(OPERATION.url(made)).content.decode()
    assert walked.code in told and case.code in told
    told = other.get(OPERATION.url(made)).content.decode()
    assert "Đợt cao điểm" in told and case.code not in told and "thịt thú rừng" not in told
